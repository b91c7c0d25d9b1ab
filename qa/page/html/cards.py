"""The conversation as HTML: questions, answers and quotation cards, from values alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from index.words.lexical import STOP_WORDS
from qa.answer import Answer, Pair, Quote, Verdict
from qa.conversation import Turn
from qa.page.desk import Reply
from qa.page.html.markup import address, counted, escaped, marked, shown
from qa.quotations.markdown import keeps_lines
from source.document import Span

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
# What stands above passages that do not answer, on the page, on paper and in what is exported.
CLOSEST = "Closest, not an answer"
_FURTHER = "related"
# What the word on a card means.
_MEANS = {
    "answers": "Answers: of passages that are called so, few do not answer",
    "may answer": "May answer: it speaks of what was asked and probably answers; read it to be sure",
    "close": "Close: it speaks of what was asked and does not seem to answer",
    "far": "Far: it is only what stands nearest",
    _FURTHER: "Related: it comes close behind the first passage and was not judged by itself",
    "like it": "Like it: what it says is near to the passage it is compared with",
}
_ORDINALS = (
    "",
    *"first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth "
    "fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth".split(),
)
_TENS = {2: "twenty", 3: "thirty", 4: "forty", 5: "fifty", 6: "sixty", 7: "seventy", 8: "eighty", 9: "ninety"}
_RETRIEVERS = {"meaning": "by meaning", "words": "by shared words", "phrase": "by the words in quotation marks"}


def citation(quote: Quote) -> str:
    """Where a quote stands, as a line to put under it."""
    by = ", ".join(part for part in (quote.document.author, quote.document.date) if part)
    path = " › ".join(part for part in (quote.title, quote.heading) if part)
    locator = quote.place.locator
    return f"{by + ', ' if by else ''}{path}, {locator + ', ' if locator else ''}{_counted_at(quote)}"


def _counted_at(quote: Quote) -> str:
    """The paragraph of a quote among all; the line of one that is no paragraph."""
    return f"¶ {quote.paragraph} of {len(quote.document.passages)}" if quote.paragraph else f"line {quote.line}"


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
    examples: Sequence[str] = (),
    desk: str = "",
    notice: str = "",
    chosen: Sequence[tuple[str, str]] = (),
    undo: bool = False,
) -> str:
    """The whole conversation, the newest question first; `examples` are offered while there is none.

    `notice` is said instead of the newest answer's status; `chosen` are name and title of the essays
    that are asked, where not all are; with `undo` there is a conversation to go back to.
    """
    said = notice or (turn_status(turns[-1]) if turns else "")
    announced = f'<p role="status" class="{"notice" if notice else "unseen"}">{shown(said)}</p>{_limit(chosen)}'
    restore = '<button type="button" data-act="undo">Undo: back to the conversation before</button>'
    back = f'<p class="after">{restore}</p>' if undo else ""
    if not turns:
        buttons = "".join(
            f'<li><button type="button" class="example" data-ask="{escaped(example)}">{shown(example)}</button></li>'
            for example in examples
        )
        offer = f'<ul class="examples" aria-label="Examples">{buttons}</ul>' if examples else ""
        return announced + back + offer
    newest = len(turns) - 1
    parts = [_turn(turns[i], i, is_newest=i == newest, desk=desk) for i in range(newest, -1, -1)]
    asked, query = escaped(turns[-1].asked), escaped(turns[-1].understood)
    turns_ = f'<div class="turns" data-asked="{asked}" data-query="{query}">{"".join(parts)}</div>'
    return f"{announced}{turns_}{_after()}{back}"


def _limit(chosen: Sequence[tuple[str, str]]) -> str:
    """The essays that are asked, where not all are, each to be taken off."""
    if not chosen:
        return ""
    chips = "".join(
        f'<span class="chip" dir="auto">{shown(title)} <button type="button" data-unchoose="{escaped(name)}" '
        f'aria-label="Do not limit to {escaped(title)}">×</button></span>'
        for name, title in chosen
    )
    return f'<p class="limit">Asking only {chips}</p>'


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


def _after() -> str:
    return (
        '<p class="after"><button type="button" data-act="clear">New conversation</button>'
        '<span class="exports">Export: <button type="button" data-act="markdown">Markdown</button> '
        '<button type="button" data-act="json">JSON</button></span>'
        '<button type="button" data-act="print">Print</button></p>'
    )


def _turn(turn: Turn, number: int, *, is_newest: bool, desk: str) -> str:
    lead, rest = divided(turn)
    marks = {
        name: tuple(s for q in lead + rest if q.document.name == name for s in q.highlights)
        for name in {q.document.name for q in lead + rest}
    }
    cards = [
        card(quote, f"{number}-{at}", at, word=word_of(turn, at), desk=desk, marks=marks[quote.document.name])
        for at, quote in enumerate(lead + rest, 1)
    ]
    folded = ""
    if rest:
        summary = "Show what comes closest" if not lead else f"Show {counted(len(rest), 'more passage')}"
        heading = "" if lead or answered(turn) else f'<p class="closest">{CLOSEST}</p>'
        folded = f'<details class="rest"><summary>{summary}</summary>{heading}{"".join(cards[len(lead) :])}</details>'
    reasons = [*filter(None, [turn.answer.unchecked]), *turn.answer.withheld]
    rebuild = (
        ' <button type="button" class="step" data-rebuild>Rebuild the index</button>' if turn.answer.withheld else ""
    )
    withheld = "".join(f'<p class="withheld">{shown(reason)}</p>' for reason in reasons) + rebuild
    closest = f'<p class="closest">{CLOSEST}</p>' if lead and not answered(turn) else ""
    return (
        f'<details class="turn {verdict_of(turn)}" data-turn="{number}" '
        f'data-query="{escaped(turn.understood)}" data-asked="{escaped(turn.asked)}"{" open" if is_newest else ""}>'
        f'<summary><h2 dir="auto">{shown(turn.asked)}</h2>{_status(turn)}</summary>'
        f"{_understood(turn, number)}{_among(turn)}{_reason(turn, desk)}{withheld}{closest}"
        f"{''.join(cards[: len(lead)])}{folded}</details>"
    )


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
    return WORDS[turn.answer.verdict].lower() if at == 1 else _FURTHER


def _status(turn: Turn) -> str:
    word, colon, more = turn_status(turn).partition(": ")
    return f'<span class="status"><strong>{shown(word)}</strong>{shown(colon + more)}</span>'


def _reason(turn: Turn, desk: str) -> str:
    """Why there is no outright answer, the next step, and what can be read instead."""
    why = turn.reason if isinstance(turn, Reply) else None
    if why is None:
        return ""
    step = f" {shown(why.hint)}" if why.hint else ""
    if why.label:
        everywhere = " data-everywhere" if why.everywhere else ""
        step += (
            f' <button type="button" class="step" data-ask="{escaped(why.question)}"{everywhere}>'
            f"{shown(why.label)}</button>"
        )
    items = "".join(
        f'<li><a href="{escaped(address(place, [], desk))}" data-open>{shown(place.heading or place.title)}</a></li>'
        for place in why.contents
    )
    contents = f'<ul class="contents">{items}</ul>' if items else ""
    return f'<div class="reason"><p>{shown(why.why)}{step}</p>{contents}</div>'


def divided(turn: Turn) -> tuple[tuple[Quote, ...], tuple[Quote, ...]]:
    """A turn's quotes: those shown at once, and those that stay folded."""
    quotes = turn.answer.quotes
    if turn.kind == "like":
        return quotes, ()
    if turn.answer.status == "none":
        return (), quotes[:_NEAREST]
    lead = _answering(turn.answer)
    return lead, tuple(quote for quote in quotes if quote not in lead)


def _understood(turn: Turn, number: int) -> str:
    """The question as understood, where it is not the one asked: to be edited, or reset to the literal one."""
    if turn.kind == "like" or (turn.understood == turn.asked and turn.kind != "more"):
        return ""
    note = ", without what was quoted already" if turn.kind == "more" else ""
    return (
        f'<form class="understood" data-turn="{number}"><label>Understood as{note} '
        f'<textarea name="understood" rows="1" maxlength="500">{escaped(turn.understood)}</textarea></label>'
        '<button type="submit">Ask this</button>'
        '<button type="button" data-act="literal">Ask it literally</button></form>'
    )


def _among(turn: Turn) -> str:
    """Which essays were asked, where not all were."""
    if not turn.documents:
        return ""
    return f'<p class="among">Asked only: {shown(", ".join(turn.documents))}</p>'


def card(
    quote: Quote, name: str, number: int, *, word: str = _FURTHER, desk: str = "", marks: Sequence[Span] = ()
) -> str:
    """A quotation, where it stands, what is said of it in a `word`, and what can be done with it.

    `name` is unique on the page; `marks` are all sentences marked in its essay by the same answer.
    """
    link = escaped(address(quote.place, [*quote.highlights, *(s for s in marks if s not in quote.highlights)], desk))
    text = marked(
        quote.document.text,
        Span(quote.start, quote.end),
        quote.highlights,
        [Span(pair.start, pair.end) for pair in telling(quote.why)],
    )
    lines = "lines" if keeps_lines(quote.text) else "prose"
    language = escaped(quote.document.language)
    titled = f'aria-describedby="q{name}-title"'
    return (
        f'<article class="card" id="q{name}" aria-labelledby="q{name}-title" tabindex="-1" '
        f'data-word="{escaped(word)}">'
        f'<header><h3 id="q{name}-title" dir="auto"><span class="number">{number}</span> '
        f"{shown(quote.heading or quote.title)}</h3>{_where(quote)}</header>"
        f'<blockquote cite="{link}" class="{lines}" lang="{language}" dir="auto">{text}</blockquote>'
        f'<footer><span class="word">{shown(word)}</span><a href="{link}" data-open {titled}>Read in the essay</a>'
        f'<button type="button" data-keep="{name}" {titled}>Keep</button>'
        f'<button type="button" data-copy="{escaped(copied(quote))}" {titled}>Copy with citation</button>'
        f'<button type="button" data-like="{name}" {titled}>More like this</button></footer>'
        f"{_why(quote, word)}{_also(quote, desk)}</article>"
    )


def copied(quote: Quote) -> str:
    """What "Copy with citation" puts on the clipboard."""
    return f"“{quote.text}”\n— {citation(quote)}"


def _where(quote: Quote) -> str:
    parts = [f"<cite>{shown(quote.title)}</cite>"] if quote.heading else []
    parts += [shown(part) for part in (quote.document.author, quote.document.date) if part]
    if quote.place.locator:
        parts.append(shown(quote.place.locator))
    parts.append(f'<span class="paragraph">{_counted_at(quote)}</span>')
    parts += [f"now on line {quote.moved.line} of its file"] if quote.moved else []
    return f'<p class="where">{" · ".join(parts)}</p>'


def _why(quote: Quote, word: str) -> str:
    """What the word on a card means, each word of the question beside its best match, and how the passage was found."""
    rows = "".join(map(_pair, telling(quote.why)))
    table = (
        "<table><thead><tr><th>Your word</th><th>How close</th><th>Its word</th></tr></thead>"
        f"<tbody>{rows}</tbody></table>"
        if rows
        else ""
    )
    found = f'<p class="ranks">{shown(found_by(quote.ranks))}</p>' if quote.ranks else ""
    means = f'<p class="means">{shown(_MEANS[word])}.</p>'
    return f'<details class="why"><summary>Why this?</summary>{means}{table}{found}</details>'


def found_by(ranks: Sequence[tuple[str, int]]) -> str:
    """How a passage was found: `Second of all passages by meaning, sixteenth by shared words.`"""
    said = [
        f"{ordinal(rank)}{'' if at else ' of all passages'} {_RETRIEVERS.get(name, name)}"
        if rank
        else f"not among the first {_RETRIEVERS.get(name, name)}"
        for at, (name, rank) in enumerate(ranks)
    ]
    line = ", ".join(said)
    return f"{line[:1].upper()}{line[1:]}."


def ordinal(rank: int) -> str:
    """`first`, `second`, … of a rank from 1; in digits from a hundred on."""
    if rank < len(_ORDINALS):
        return _ORDINALS[rank]
    tens, ones = divmod(rank, 10)
    if tens not in _TENS:
        ending = "th" if tens % 10 == 1 else {1: "st", 2: "nd", 3: "rd"}.get(ones, "th")
        return f"{rank:,}{ending}"
    return f"{_TENS[tens]}-{_ORDINALS[ones]}" if ones else f"{_TENS[tens][:-1]}ieth"


def telling(pairs: Sequence[Pair]) -> list[Pair]:
    """The pairs whose question word carries meaning; all where none does."""
    return [pair for pair in pairs if pair.question.lower() not in STOP_WORDS] or list(pairs)


def _pair(pair: Pair) -> str:
    """A row of two words and the bond between them: as long as they are close, as dark as the word counts."""
    share = min(max(round(100 * pair.similarity), 0), 100)
    weight = min(max(pair.weight * 3, 0.25), 1.0)
    word = "the same" if share >= 90 else "close" if share >= 60 else "loose" if share >= 40 else "hardly"
    bond = f'<span style="width:{share}%"></span><small>{word}</small>'
    return (
        f'<tr style="--weight:{weight:.2f}"><td dir="auto">{shown(pair.question)}</td>'
        f'<td class="bond">{bond}</td><td dir="auto">{shown(pair.passage)}</td></tr>'
    )


def _also(quote: Quote, desk: str) -> str:
    """The places that say the same, folded."""
    if not quote.also:
        return ""
    links = [(escaped(address(place, [Span(place.start, place.end)], desk)), shown(str(place))) for place in quote.also]
    items = "".join(f'<li><a href="{link}" data-open>{place}</a></li>' for link, place in links)
    summary = f"Also in {counted(len(quote.also), 'place')}"
    return f'<details class="also"><summary>{summary}</summary><ul>{items}</ul></details>'
