"""The conversation as HTML: questions, answers and quotation cards, from values alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from index.words.lexical import STOP_WORDS
from qa.answer import Answer, Pair, Quote
from qa.conversation import Turn
from qa.page.html.markup import address, counted, escaped, keeps_lines, marked, shown
from source.document import Span

# From these scores on a quote is called strong, and fair; from the last on its bar is full.
STRONG, FAIR, FULL = 0.52, 0.42, 0.8
# So many passages are shown under a question; the others stay folded.
_SHOWN = {"found": 5, "related": 2, "none": 0}
# When the essays do not say, so many of the nearest passages can be unfolded.
_NEAREST = 2
_NEAREST_WHY = {
    "none": "No passage speaks of what was asked closely enough to be called an answer. "
    "What stands nearest, so that you can judge for yourself:",
    "withheld": "No other passage answers. What stands nearest, so that you can judge for yourself:",
}

Strength = Literal["strong", "fair", "weak"]


def strength_in_words(score: float) -> Strength:
    """How well a quote with this score answers, in a word."""
    return "strong" if score >= STRONG else "fair" if score >= FAIR else "weak"


def citation(quote: Quote) -> str:
    """Where a quote stands, as a line to put under it."""
    by = ", ".join(part for part in (quote.document.author, quote.document.date) if part)
    path = " › ".join(part for part in (quote.title, quote.heading) if part)
    locator = quote.place.locator
    return (
        f"{by + ', ' if by else ''}{path}, {locator + ', ' if locator else ''}"
        f"¶ {quote.paragraph} of {len(quote.document.passages)}"
    )


def status_line(answer: Answer) -> str:
    """What the answer is, in words: what a screen reader announces."""
    if answer.verdict == "withheld":
        return "What would answer is withheld: its essay no longer says what was indexed"
    if answer.status == "none" or not answer.quotes:
        return "The essays do not say"
    if answer.status == "related":
        return "Nothing answers outright; these come closest"
    quotes = _answering(answer)
    essays = len({quote.document.name for quote in quotes})
    verb = "answers" if len(quotes) == 1 else "answer"
    return f"{counted(len(quotes), 'passage')} {verb}, in {counted(essays, 'essay')}"


def _answering(answer: Answer) -> tuple[Quote, ...]:
    """The quotes that are shown at once."""
    if answer.status != "found":
        return answer.quotes[: _SHOWN[answer.status]]
    fair = [quote for quote in answer.quotes[: _SHOWN["found"]] if strength_in_words(quote.score) != "weak"]
    return tuple(fair) or answer.quotes[:1]


def conversation(turns: Sequence[Turn], *, examples: Sequence[str] = (), desk: str = "", notice: str = "") -> str:
    """The whole conversation, the newest question first; `examples` are offered while there is none.

    `notice` is said instead of the newest answer's status.
    """
    said = notice or (turn_status(turns[-1]) if turns else "")
    announced = f'<p role="status" class="{"notice" if notice else "unseen"}">{shown(said)}</p>'
    if not turns:
        buttons = "".join(
            f'<li><button type="button" class="example" data-ask="{escaped(example)}">{shown(example)}</button></li>'
            for example in examples
        )
        offer = f'<ul class="examples" aria-label="Examples">{buttons}</ul>' if examples else ""
        return announced + offer
    newest = len(turns) - 1
    parts = [_turn(turns[i], i, is_newest=i == newest, desk=desk) for i in range(newest, -1, -1)]
    asked, query = escaped(turns[-1].asked), escaped(turns[-1].understood)
    return f'{announced}<div class="turns" data-asked="{asked}" data-query="{query}">{"".join(parts)}</div>{_after()}'


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
    lead, rest = _divided(turn)
    marks = {
        name: tuple(s for q in lead + rest if q.document.name == name for s in q.highlights)
        for name in {q.document.name for q in lead + rest}
    }
    cards = [
        card(quote, f"{number}-{at}", at, desk=desk, marks=marks[quote.document.name])
        for at, quote in enumerate(lead + rest, 1)
    ]
    folded = ""
    if rest:
        none = turn.kind == "asked" and turn.answer.status == "none"
        summary = "Show what comes closest" if none else f"Show {counted(len(rest), 'more passage')}"
        reason = f"<p>{_NEAREST_WHY[turn.answer.verdict]}</p>" if none else ""
        kind = "rest nearest" if none else "rest"
        folded = f'<details class="{kind}"><summary>{summary}</summary>{reason}{"".join(cards[len(lead) :])}</details>'
    reasons = [*filter(None, [turn.answer.unchecked]), *turn.answer.withheld]
    withheld = "".join(f'<p class="withheld">{shown(reason)}</p>' for reason in reasons)
    return (
        f'<details class="turn" data-turn="{number}"{" open" if is_newest else ""}>'
        f'<summary><h2 dir="auto">{shown(turn.asked)}</h2>'
        f'<span class="status {turn.answer.status}">{shown(turn_status(turn))}</span></summary>'
        f"{_understood(turn, number)}{_among(turn)}{withheld}{''.join(cards[: len(lead)])}{folded}</details>"
    )


def _divided(turn: Turn) -> tuple[tuple[Quote, ...], tuple[Quote, ...]]:
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


def card(quote: Quote, name: str, number: int, *, desk: str = "", marks: Sequence[Span] = ()) -> str:
    """A quotation, where it stands, how surely it answers, and what can be done with it.

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
    return (
        f'<article class="card" id="q{name}" aria-labelledby="q{name}-title" tabindex="-1">'
        f'<header><h3 id="q{name}-title" dir="auto"><span class="number">{number}</span> '
        f"{shown(quote.heading or quote.title)}</h3>{_where(quote)}</header>"
        f'<blockquote cite="{link}" class="{lines}" lang="{language}" dir="auto">{text}</blockquote>'
        f'<footer>{_meter(quote.score)}<a href="{link}" data-open>Read in the essay</a>'
        f'<button type="button" data-copy="{escaped(copied(quote))}">Copy with citation</button>'
        f'<button type="button" data-like="{name}">More like this</button></footer>'
        f"{_why(quote)}{_also(quote, desk)}</article>"
    )


def copied(quote: Quote) -> str:
    """What "Copy with citation" puts on the clipboard."""
    return f"“{quote.text}”\n— {citation(quote)}"


def _where(quote: Quote) -> str:
    parts = [f"<cite>{shown(quote.title)}</cite>"] if quote.heading else []
    parts += [shown(part) for part in (quote.document.author, quote.document.date) if part]
    if quote.place.locator:
        parts.append(shown(quote.place.locator))
    parts.append(f'<span class="paragraph">¶ {quote.paragraph} of {len(quote.document.passages)}</span>')
    parts += [f"now on line {quote.moved.line} of its file"] if quote.moved else []
    return f'<p class="where">{" · ".join(parts)}</p>'


def _meter(score: float) -> str:
    word = strength_in_words(score)
    share = min(max(round(100 * score / FULL), 4), 100)
    return (
        f'<span class="strength"><span class="meter" role="meter" aria-label="Strength" aria-valuemin="0" '
        f'aria-valuemax="100" aria-valuenow="{share}" aria-valuetext="{word}"><span style="width:{share}%"></span>'
        f"</span>{word}</span>"
    )


def _why(quote: Quote) -> str:
    """Each word of the question beside the word of the passage that matched it best, and the retrievers' ranks."""
    if not quote.why and not quote.ranks:
        return ""
    ranks = "; ".join(f"by {name} {f'no. {rank}' if rank else 'not among the first'}" for name, rank in quote.ranks)
    rows = "".join(map(_pair, telling(quote.why)))
    table = (
        "<table><thead><tr><th>Your word</th><th>How close</th><th>Its word</th></tr></thead>"
        f"<tbody>{rows}</tbody></table>"
        if rows
        else ""
    )
    found = f'<p class="ranks">Found {shown(ranks)}.</p>' if ranks else ""
    return f'<details class="why"><summary>Why this?</summary>{table}{found}</details>'


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
