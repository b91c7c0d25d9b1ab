"""What a reader's session holds, and how a question changes it: the page without its widgets."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

from qa.answer import Quote
from qa.conversation import Turn, understand
from qa.page.reasons import Reason, reason
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
    """A turn of the page: why it has no outright answer, and what can be done next."""

    reason: Reason | None = None


@dataclass(frozen=True, slots=True)
class Session:
    """A reader's conversation; `own` names the reader's own essays, "" where there are none."""

    turns: tuple[Turn, ...] = ()
    own: str = ""

    def with_turn(self, turn: Turn) -> Session:
        """The session after another turn."""
        return replace(self, turns=(*self.turns, turn)[-MOST_TURNS:])


def ask(
    session: Session,
    retriever: Retriever,
    question: str,
    documents: Collection[str] = (),
    *,
    literally: bool = False,
    understood: str = "",
) -> Session:
    """The session after `question`, which is understood from the conversation unless `literally` or `understood`.

    Only `documents` are asked, if any are named. Raises BadQuestion if the question is empty.
    """
    asked = clipped(question)
    if not asked:
        raise BadQuestion("Type a question first.")
    meant = understand(asked, () if literally or understood else session.turns)
    text = clipped(understood) or meant.text
    among = tuple(documents)
    if not meant.more:
        answer, why = reason(text, retriever.answer(text, QUOTES, among or None), retriever, among)
        return session.with_turn(Reply(asked, text, answer, "asked", among, why))
    seen = {_place(quote) for turn in session.turns if turn.understood == text for quote in turn.answer.quotes}
    answer = retriever.answer(text, _LISTED + len(seen), among or None)
    fresh = tuple(quote for quote in answer.quotes if _place(quote) not in seen)[:QUOTES]
    return session.with_turn(Turn(asked, text, replace(answer, quotes=fresh), "more", among))


def revise(
    session: Session, retriever: Retriever, turn: int, understood: str, documents: Collection[str] = ()
) -> Session:
    """The session after turn `turn` (from 0) was asked again as `understood`; literally if that is empty.

    The newest turn is replaced; an older one is asked as a new turn. Raises BadQuestion if there is no such turn.
    """
    if not 0 <= turn < len(session.turns):
        raise BadQuestion("That question is no longer on the page; ask it again.")
    before = replace(session, turns=session.turns[:-1]) if turn == len(session.turns) - 1 else session
    asked = session.turns[turn].asked
    return ask(before, retriever, asked, documents, literally=True, understood=understood)


def like(session: Session, retriever: Retriever, turn: int, number: int, documents: Collection[str] = ()) -> Session:
    """The session after "More like this" on quote `number` (from 1) of turn `turn` (from 0).

    Raises BadQuestion if there is no such quote.
    """
    if not (0 <= turn < len(session.turns) and 0 < number <= len(session.turns[turn].answer.quotes)):
        raise BadQuestion("That passage is no longer on the page; ask again.")
    quote = session.turns[turn].answer.quotes[number - 1]
    sentences = " ".join(" ".join(quote.marked).split()).translate(dict.fromkeys(map(ord, '"“”„«»')))
    answer = retriever.answer(clipped(sentences) or quote.title, _LISTED, list(documents) or None)
    others = tuple(one for one in answer.quotes if _place(one) != _place(quote))[:QUOTES]
    asked = f"More like ¶ {quote.paragraph} of {quote.title}"
    return session.with_turn(Turn(asked, sentences, replace(answer, quotes=others), "like", tuple(documents)))


def clipped(question: str) -> str:
    """`question` on one line, not longer than a question may be."""
    return " ".join(question.split())[:LONGEST_TYPED].strip()


def _place(quote: Quote) -> tuple[str, int, int]:
    return quote.document.name, quote.start, quote.end
