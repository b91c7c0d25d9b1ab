"""The conversation as HTML: questions, answers and quotation cards, from values alone."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from hashlib import blake2b
from types import MappingProxyType

from qa.answer import Answer, Quote, Verdict
from qa.conversation import Turn
from qa.markup.escaping import Markup, shown
from qa.page.desk import Reply
from qa.page.html.beginnings import Beginning
from qa.page.html.card import FURTHER, card
from qa.page.html.marking import address, counted
from qa.page.html.start import start

# A passage of an answer that scores less stays folded: it is there to be looked at, not to be read first.
_SHOWN_FROM = 0.42
# So many passages are shown under a question; the others stay folded.
_SHOWN = {"found": 5, "related": 2, "none": 0}
# When the essays do not say, so many of the nearest passages can be unfolded.
_NEAREST = 2
# What a verdict says of the first passage, and of all that is quoted with it.
WORDS: Mapping[Verdict, str] = {
    "answers": "Answers",
    "may_answer": "May answer",
    "close": "Close, but no answer",
    "none": "Not in these essays",
    "withheld": "Withheld",
}
_AFTER = Markup(
    '<p class="after"><button type="button" data-act="clear">New conversation</button>'
    '<span class="exports">Export: <button type="button" data-act="markdown">Markdown</button> '
    '<button type="button" data-act="json">JSON</button></span>'
    '<button type="button" data-act="print">Print</button></p>'
)
_UNDO = Markup(
    '<p class="after"><button type="button" data-act="undo">Undo: back to the conversation before</button></p>'
)
_REBUILD = Markup(' <button type="button" class="step" data-rebuild>Rebuild the index</button>')
# What stands above passages that do not answer, on the page, on paper and in what is exported.
CLOSEST = "Closest, not an answer"
_CLOSEST = Markup('<p class="closest">{}</p>').format(CLOSEST)


def status_line(answer: Answer) -> str:
    """What the answer is, in words: what a screen reader announces."""
    word = WORDS[answer.verdict]
    if answer.verdict == "withheld":
        return f"{word}: its essay no longer says what was indexed"
    if answer.status != "found" or not answer.quotes:
        return word
    quotes = _answering(answer)
    essays = counted(len({quote.document.name for quote in quotes}), "essay")
    first = "the first of " if len(quotes) > 1 else ""
    return f"{word}: {first}{counted(len(quotes), 'passage')}, in {essays}"


def _answering(answer: Answer) -> tuple[Quote, ...]:
    """The quotes that are shown at once."""
    shown_ = answer.quotes[: _SHOWN[answer.status]]
    if answer.status != "found":
        return shown_
    return tuple(quote for at, quote in enumerate(shown_) if at == 0 or quote.score >= _SHOWN_FROM)


def conversation(
    turns: Sequence[Turn],
    *,
    first: int = 0,
    begin: Beginning | None = None,
    desk: str = "",
    notice: str = "",
    chosen: Sequence[str] = (),
    titles: Mapping[str, str] = MappingProxyType({}),
    undo: bool = False,
    seen: Collection[str] = (),
) -> Markup:
    """The whole conversation, the newest question first; what there is to `begin` with while there is none.

    The turns are numbered from `first`; of those that are `seen`, the look alone is given, as `attach.js` has them.
    `notice` is said instead of the newest answer's status; `chosen` are the names of the essays that are
    asked, where not all are, `titles` what they are called; with `undo` there is a conversation to go back to.
    """
    said = notice or (turn_status(turns[-1]) if turns else "")
    announced = Markup('<p role="status" class="{}">{}</p>{}').format(
        "notice" if notice else "unseen", shown(said), _limit(chosen, titles)
    )
    if not turns:
        return announced + (_UNDO if undo else "") + (start(begin, desk) if begin else "")
    newest = first + len(turns) - 1
    looks = [_look(turn, newest - at, desk, titles) for at, turn in enumerate(reversed(turns))]
    parts = [_turn(look, inside, seen, is_newest=not at) for at, (look, inside) in enumerate(looks)]
    return Markup('{}<p class="printed"></p><div class="turns" data-asked="{}" data-query="{}">{}</div>{}{}').format(
        announced,
        turns[-1].asked,
        turns[-1].understood,
        Markup("").join(parts),
        _AFTER,
        _UNDO if undo else "",
    )


def _limit(chosen: Sequence[str], titles: Mapping[str, str]) -> Markup:
    """The essays that are asked, where not all are and they are still there, each to be taken off."""
    chip = Markup(
        '<span class="chip" dir="auto">{} <button type="button" data-unchoose="{}" aria-label="Do not limit to {}">×'
        "</button></span>"
    )
    there = [name for name in chosen if name in titles]
    chips = Markup("").join(chip.format(shown(titles[name]), name, titles[name]) for name in there)
    return Markup('<p class="limit">Asking only {}</p>').format(chips) if chips else Markup("")


def turn_status(turn: Turn) -> str:
    """The status line of a turn."""
    if turn.kind == "like":
        return (
            f"{counted(len(turn.answer.quotes), 'passage')} like it"
            if turn.answer.quotes
            else "No other passage is like it"
        )
    if turn.kind == "more" and not turn.answer.quotes:
        return "There is no more than what was quoted already"
    return status_line(turn.answer)


def _turn(look: str, inside: Markup, seen: Collection[str], *, is_newest: bool) -> Markup:
    if look in seen:
        return Markup('<details data-look="{}"></details>').format(look)
    return Markup('<details data-look="{}"{}{}</details>').format(look, " open" if is_newest else "", inside)


def _look(turn: Turn, number: int, desk: str, titles: Mapping[str, str]) -> tuple[str, Markup]:
    """What tells how a turn looks from all others, and what it is made of; made once for a turn of the page."""
    made = turn.made if isinstance(turn, Reply) else {}
    if (number, desk) not in made:
        inside = Markup(' class="turn {}" data-turn="{}" data-query="{}" data-asked="{}">{}').format(
            verdict_of(turn), number, turn.understood, turn.asked, _made(turn, number, desk, titles)
        )
        made[number, desk] = blake2b(inside.encode(), digest_size=8).hexdigest(), inside
    found: tuple[str, Markup] = made[number, desk]
    return found


def _made(turn: Turn, number: int, desk: str, titles: Mapping[str, str]) -> Markup:
    lead, rest = divided(turn)
    cards = _cards(turn, number, desk)
    closest = Markup("") if answered(turn) else _CLOSEST
    folded = Markup('<details class="rest"><summary>{}</summary>{}{}</details>').format(
        f"Show {counted(len(rest), 'more passage')}" if lead else "Show what comes closest",
        "" if lead else closest,
        Markup("").join(cards[len(lead) :]),
    )
    return Markup('<summary><h2 dir="auto">{}</h2>{}</summary>{}{}{}').format(
        shown(turn.asked),
        _status(turn),
        _said(turn, number, desk, titles),
        Markup("").join([closest, *cards[: len(lead)]]) if lead else "",
        folded if rest else "",
    )


def _cards(turn: Turn, number: int, desk: str) -> list[Markup]:
    """The cards of a turn's quotes: of those shown at once, then of those that stay folded."""
    lead, rest = divided(turn)
    quotes = lead + rest
    names = [quote.document.name for quote in quotes]
    marks = {name: tuple(s for q in quotes if q.document.name == name for s in q.highlights) for name in names}
    alike = _alike(quotes)
    return [
        card(
            quote,
            f"{number}-{at + 1}",
            word=word_of(turn, at + 1),
            desk=desk,
            marks=marks[names[at]],
            file=quote.title in alike,
            same=at not in (0, len(lead)) and names[at] == names[at - 1],
        )
        for at, quote in enumerate(quotes)
    ]


def _said(turn: Turn, number: int, desk: str, titles: Mapping[str, str]) -> Markup:
    """What is said of a turn between its status and its passages."""
    reasons = [*filter(None, [turn.answer.unchecked]), *turn.answer.withheld]
    withheld = [Markup('<p class="withheld">{}</p>').format(shown(reason)) for reason in reasons]
    rebuild = [_REBUILD] if turn.answer.withheld else []
    return Markup("").join([_understood(turn, number), _among(turn, titles), _reason(turn, desk), *withheld, *rebuild])


def verdict_of(turn: Turn) -> str:
    """How a turn looks: its verdict; what is like a passage answers nothing, nor is it a *no*."""
    return "like" if turn.kind == "like" else turn.answer.verdict


def answered(turn: Turn) -> bool:
    """Whether the passages of a turn are more than what comes closest."""
    return turn.kind == "like" or turn.answer.status == "found"


def word_of(turn: Turn, at: int) -> str:
    """What is said of the passage `at` (from 1) of a turn in a word."""
    if turn.kind == "like":
        return "like it"
    if not answered(turn):
        return "close" if turn.answer.status == "related" else "far"
    return WORDS[turn.answer.verdict].lower() if at == 1 else FURTHER


def _status(turn: Turn) -> Markup:
    word, colon, more = turn_status(turn).partition(": ")
    return Markup('<span class="status"><strong>{}</strong>{}</span>').format(shown(word), shown(colon + more))


def _reason(turn: Turn, desk: str) -> Markup:
    """Why there is no outright answer, the next step, and what can be read instead."""
    why = turn.reason if isinstance(turn, Reply) else None
    if why is None:
        return Markup("")
    step = Markup(" {}").format(shown(why.hint)) if why.hint else Markup("")
    if why.label:
        step += Markup(' <button type="button" class="step" data-ask="{}"{}>{}</button>').format(
            why.question, " data-everywhere" if why.everywhere else "", shown(why.label)
        )
    items = Markup("").join(
        Markup('<li><a href="{}" data-open>{}</a></li>').format(
            address(place, [], desk), shown(place.heading or place.title)
        )
        for place in why.contents
    )
    contents = Markup('<ul class="contents">{}</ul>').format(items) if items else ""
    return Markup('<div class="reason"><p>{}{}</p>{}</div>').format(shown(why.why), step, contents)


def divided(turn: Turn) -> tuple[tuple[Quote, ...], tuple[Quote, ...]]:
    """A turn's quotes: those shown at once, and those that stay folded."""
    quotes = turn.answer.quotes
    if turn.kind == "like":
        return quotes, ()
    if turn.answer.status == "none":
        return (), quotes[:_NEAREST]
    lead = _answering(turn.answer)
    return lead, tuple(quote for quote in quotes if quote not in lead)


def _understood(turn: Turn, number: int) -> Markup:
    """The question as understood, where it is not the one asked: to be edited, or reset to the literal one."""
    if turn.kind == "like" or (turn.understood == turn.asked and turn.kind != "more"):
        return Markup("")
    return Markup(
        '<form class="understood" data-turn="{}"><label>Understood as{} '
        '<textarea name="understood" rows="1" maxlength="500">{}</textarea></label>'
        '<button type="submit">Ask this</button>'
        '<button type="button" data-act="literal">Ask it literally</button></form>'
    ).format(number, ", without what was quoted already" if turn.kind == "more" else "", turn.understood)


def _among(turn: Turn, titles: Mapping[str, str]) -> Markup:
    """Which essays were asked, where not all were."""
    if not turn.documents:
        return Markup("")
    return Markup('<p class="among">Asked only: {}</p>').format(
        shown(", ".join(titles.get(name, name) for name in turn.documents))
    )


def _alike(quotes: Sequence[Quote]) -> set[str]:
    """The titles that more than one of the quoted essays has."""
    titles = [title for title, _ in {(quote.title, quote.document.name) for quote in quotes}]
    return {title for title in titles if titles.count(title) > 1}
