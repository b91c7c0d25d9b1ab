"""What a reader's session holds, and how a question changes it: the page without its widgets."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from index.protocol import Index
from qa.about.asking import asks_for_contents
from qa.answer import Quote
from qa.conversation import Turn, on_topic, understand
from qa.page.reasons import Explanation, reason
from qa.quotations.kept import LONGEST_NOTE, MOST_KEPT, Kept
from qa.retriever import Retriever
from source.errors import BadQuestion

# So many quotes are asked for; a longer question and more turns than these are cut.
QUOTES = 5
LONGEST_TYPED = 500
MOST_TURNS = 50
# Where a list of passages is wanted, not the answer alone, so many are looked through.
_LISTED = 20


@dataclass(frozen=True, slots=True)
class Reply(Turn):
    """A turn of the page: why it has no outright answer, and what can be done next.

    Of one that was `saved` with more than can be quoted now, that is kept: its essays may be back later.
    """

    reason: Explanation | None = None
    saved: Mapping[str, Any] | None = field(default=None, compare=False, repr=False)
    # What was made of it, to be shown or saved, by what it was made for: it never changes, and goes with the turn.
    made: dict[Hashable, Any] = field(default_factory=dict, init=False, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Session:
    """What is a reader's: the conversation, the essays that are asked (all if none is chosen), kept quotations.

    `own` names the reader's own essays, "" where there are none; `cleared` is the conversation before this one.
    `first` is the number of the first turn: each keeps its own when the oldest goes.
    """

    turns: tuple[Reply, ...] = ()
    first: int = 0
    chosen: tuple[str, ...] = ()
    own: str = ""
    kept: tuple[Kept, ...] = ()
    cleared: Session | None = None

    def with_turn(self, turn: Reply) -> Session:
        """The session after another turn."""
        return self.with_turns(self.first, (*self.turns, turn))

    def with_turns(self, first: int, turns: tuple[Reply, ...]) -> Session:
        """The session with the newest of these `turns`, which are numbered from `first`."""
        return replace(self, turns=turns[-MOST_TURNS:], first=first + max(len(turns) - MOST_TURNS, 0))

    def turn(self, number: int) -> Reply | None:
        """The turn of that number; None where it is no longer, or not yet, on the page."""
        at = number - self.first
        return self.turns[at] if 0 <= at < len(self.turns) else None


def ask(
    session: Session,
    retriever: Retriever,
    question: str,
    *,
    everywhere: bool = False,
    literally: bool = False,
    understood: str = "",
) -> Session:
    """The session after `question`, which is understood from the conversation unless `literally` or `understood`.

    Only the chosen essays are asked, unless `everywhere`. Raises BadQuestion if the question is empty.
    """
    asked = clipped(question)
    if not asked:
        raise BadQuestion("Type a question first.")
    alone = literally or bool(understood) or asks_for_contents(asked)
    meant = understand(asked, () if alone else session.turns)
    text = clipped(understood) or meant.text
    among = () if everywhere else among_of(session, retriever.index)
    if not meant.more:
        topic = "" if understood else meant.topic
        found = on_topic(retriever.answer(text, QUOTES, among or None), topic)
        answer, why = reason(text, found, retriever, among)
        return session.with_turn(Reply(asked, text, answer, "asked", among, why))
    seen = {_place(quote) for turn in session.turns if turn.understood == text for quote in turn.answer.quotes}
    answer = retriever.answer(text, _LISTED + len(seen), among or None)
    fresh = tuple(quote for quote in answer.quotes if _place(quote) not in seen)[:QUOTES]
    return session.with_turn(Reply(asked, text, replace(answer, quotes=fresh), "more", among))


def revise(session: Session, retriever: Retriever, turn: int, understood: str) -> Session:
    """The session after turn number `turn` was asked again as `understood`; literally if that is empty.

    The newest turn is replaced; an older one is asked as a new turn. Raises BadQuestion if there is no such turn.
    """
    again = session.turn(turn)
    if again is None:
        raise BadQuestion("That question is no longer on the page; ask it again.")
    before = replace(session, turns=session.turns[:-1]) if again is session.turns[-1] else session
    return ask(before, retriever, again.asked, literally=True, understood=understood)


def like(session: Session, retriever: Retriever, turn: int, number: int) -> Session:
    """The session after "More like this" on quote `number` (from 1) of turn number `turn`.

    Raises BadQuestion if there is no such quote.
    """
    quote = quote_of(session, turn, number)
    among = among_of(session, retriever.index)
    sentences = " ".join(" ".join(quote.marked).split()).translate(dict.fromkeys(map(ord, '"“”„«»')))
    answer = retriever.answer(clipped(sentences) or quote.title, _LISTED, among or None)
    others = tuple(one for one in answer.quotes if _place(one) != _place(quote))[:QUOTES]
    asked = f"More like ¶ {quote.paragraph} of {quote.title}"
    return session.with_turn(Reply(asked, sentences, replace(answer, quotes=others), "like", among))


def choose(session: Session, index: Index, names: Collection[str]) -> Session:
    """The session in which only essays of these names are asked; all if there are none of them."""
    wanted = set(names)
    return replace(session, chosen=tuple(entry.name for entry in index.entries if entry.name in wanted))


def among_of(session: Session, index: Index) -> tuple[str, ...]:
    """The chosen essays that are still there."""
    return choose(session, index, session.chosen).chosen if session.chosen else ()


def clear(session: Session) -> Session:
    """A new conversation, of all essays; the one before can be taken back."""
    before = Session(session.turns, session.first, session.chosen) if session.turns else session.cleared
    return replace(session, turns=(), first=0, chosen=(), cleared=before)


def undo(session: Session) -> Session:
    """The conversation before the new one, and what was asked since."""
    if session.cleared is None:
        return session
    before = session.cleared
    whole = session.with_turns(before.first, (*before.turns, *session.turns))
    return replace(whole, chosen=session.chosen or before.chosen, cleared=None)


def keep(session: Session, quotation: Kept) -> Session:
    """The session with another quotation kept. Raises BadQuestion if there are too many."""
    if any(one.name == quotation.name for one in session.kept):
        return session
    if len(session.kept) >= MOST_KEPT:
        raise BadQuestion(f"{MOST_KEPT} quotations are kept already; export them and remove some.")
    return replace(session, kept=(*session.kept, quotation))


def note(session: Session, name: str, text: str) -> Session:
    """The session with a note on the kept quotation `name`. Raises BadQuestion if there is none."""
    at = _kept(session, name)
    noted = replace(session.kept[at], note=text[:LONGEST_NOTE])
    return replace(session, kept=(*session.kept[:at], noted, *session.kept[at + 1 :]))


def move(session: Session, name: str, by: int) -> Session:
    """The session with the kept quotation `name` moved `by` places. Raises BadQuestion if there is none."""
    at = _kept(session, name)
    rest = [*session.kept[:at], *session.kept[at + 1 :]]
    rest.insert(min(max(at + by, 0), len(rest)), session.kept[at])
    return replace(session, kept=tuple(rest))


def drop(session: Session, name: str) -> Session:
    """The session without the kept quotation `name`. Raises BadQuestion if there is none."""
    at = _kept(session, name)
    return replace(session, kept=(*session.kept[:at], *session.kept[at + 1 :]))


def quote_of(session: Session, turn: int, number: int) -> Quote:
    """The quote `number` (from 1) of turn number `turn`. Raises BadQuestion if there is no such quote."""
    of = session.turn(turn)
    if of is None or not 0 < number <= len(of.answer.quotes):
        raise BadQuestion("That passage is no longer on the page; ask again.")
    return of.answer.quotes[number - 1]


def _kept(session: Session, name: str) -> int:
    """At which place the kept quotation `name` is: by its name, as another may have been moved or removed since."""
    for at, one in enumerate(session.kept):
        if one.name == name:
            return at
    raise BadQuestion("That quotation is no longer among those you keep.")


def clipped(question: str) -> str:
    """`question` on one line, not longer than a question may be."""
    return " ".join(question.split())[:LONGEST_TYPED].strip()


def _place(quote: Quote) -> tuple[str, int, int]:
    return quote.document.name, quote.start, quote.end
