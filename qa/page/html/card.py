"""A quotation as a card: what it says, where it stands, why it was found, and what can be done with it."""

from __future__ import annotations

from collections.abc import Sequence

from index.words.lexical import STOP_WORDS
from qa.answer import Pair, Quote
from qa.markup.escaping import Markup, shown
from qa.page.html.marking import address, counted, joined, marked
from qa.page.html.rendering import layers_of, rendering_of, taken
from qa.quotations.markdown import keeps_lines
from source.document import Span

FURTHER = "related"
# What the word on a card means.
_MEANS = {
    "answers": "Answers: of passages that are called so, few do not answer",
    "may answer": "May answer: it speaks of what was asked and probably answers; read it to be sure",
    "close": "Close: it speaks of what was asked and does not seem to answer",
    "far": "Far: it is only what stands nearest",
    FURTHER: "Related: it comes close behind the first passage and was not judged by itself",
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


def card(
    quote: Quote,
    name: str,
    *,
    word: str = FURTHER,
    desk: str = "",
    marks: Sequence[Span] = (),
    file: bool = False,
    same: bool = False,
) -> Markup:
    """A quotation, where it stands, what is said of it in a `word`, and what can be done with it.

    `name` is unique on the page; `marks` are all sentences marked in its essay by the same answer. Its `file`
    is named where another essay has the same title; one of the `same` essay as the card before shows no title.
    """
    link = address(quote.place, [*quote.highlights, *(s for s in marks if s not in quote.highlights)], desk)
    parts = [
        _head(quote, name, file=file, unseen=same),
        _text(quote, link),
        _where(quote),
        _foot(quote, name, word, link),
        _why(quote, word),
        _also(quote, desk),
    ]
    return Markup(
        '<article class="card{}" id="q{name}" aria-labelledby="q{name}-title q{name}-place" tabindex="-1" '
        'data-word="{}" data-document="{}" data-passage="{}">{}</article>'
    ).format(" same" if same else "", word, quote.document.name, quote.paragraph, Markup("").join(parts), name=name)


def _head(quote: Quote, name: str, *, file: bool, unseen: bool) -> Markup:
    """The title of a quotation's essay, and its `file` beside it or nothing, above where the quotation stands there."""
    stands = Markup('<span class="file">{}</span>').format(shown(quote.document.name)) if file else ""
    heading = Markup('<span dir="auto">{}</span> › ').format(shown(quote.heading)) if quote.heading else ""
    return Markup(
        '<header><h3 id="q{name}-title" dir="auto"{}>{}{}</h3>'
        '<p class="section" id="q{name}-place">{}<span class="paragraph">{}</span></p></header>'
    ).format(" class=unseen" if unseen else "", shown(quote.title), stands, heading, _counted_at(quote), name=name)


def _foot(quote: Quote, name: str, word: str, link: str) -> Markup:
    """What is said of a quotation in a `word`, and what can be done with it: on a phone a row of three, and more."""
    titled = Markup('aria-describedby="q{name}-title q{name}-place"').format(name=name)
    whole, *marked_alone = _copies(quote, titled)
    return Markup(
        '<footer><span class="word">{}</span>'
        '<a href="{}" data-open {titled}>Read<span class="long"> in the essay</span></a>'
        '<button type="button" data-keep="{name}" {titled}>Keep</button>{}'
        '<button type="button" data-more aria-expanded="false" aria-controls="q{name}-more" {titled}>More</button>'
        '<span class="more" id="q{name}-more">{}'
        '<button type="button" data-like="{name}" {titled}>More like this</button></span></footer>'
    ).format(shown(word), link, whole, Markup("").join(marked_alone), name=name, titled=titled)


def _text(quote: Quote, link: str) -> Markup:
    """The passage as it is read, with what answers in it marked; `link` is where it stands."""
    span = Span(quote.start, quote.end)
    rendered = rendering_of(quote.document, span)
    words = [Span(pair.start, pair.end) for pair in telling(quote.why)]
    layers = layers_of(quote.document, span, rendered)
    text = marked(quote.document.text, span, quote.highlights, words, layers=layers, cells=rendered.rows)
    kind = "rows" if rendered.rows else "lines" if keeps_lines(quote.text) else "prose"
    return Markup('<blockquote cite="{}" class="{}" lang="{}" dir="auto">{}</blockquote>').format(
        link, kind, quote.document.language, text
    )


def _copies(quote: Quote, titled: Markup) -> list[Markup]:
    """Buttons that copy the paragraph and, where that is less, the marked sentences alone."""
    whole = [Span(quote.start, quote.end)]
    parts = joined(quote.document.text, sorted(quote.highlights, key=lambda span: span.start))
    buttons = [(Markup('Copy<span class="long"> with citation</span>'), whole)]
    buttons += [(Markup("Copy what is marked"), parts)] if parts and parts != whole else []
    button = Markup('<button type="button" data-copy="{}" data-source="{}" {}>{}</button>')
    return [
        button.format(copied(quote, spans), copied(quote, spans, source=True), titled, label)
        for label, spans in buttons
    ]


def copied(quote: Quote, spans: Sequence[Span] = (), *, source: bool = False) -> str:
    """What is put on the clipboard: the quote, or `spans` of it, as it is read or as its `source` says, and where."""
    text = " […] ".join(taken(quote.document, span, source=source) for span in spans or [Span(quote.start, quote.end)])
    return f"“{text}”\n— {citation(quote)}"


def _where(quote: Quote) -> Markup:
    """Who said it, when, and on which page: what a book puts below a quotation."""
    parts = [shown(part) for part in (quote.document.author, quote.document.date, quote.place.locator) if part]
    parts += [Markup("now on line {} of its file").format(quote.moved.line)] if quote.moved else []
    return Markup('<p class="where">— {}</p>').format(Markup(", ").join(parts)) if parts else Markup("")


def _why(quote: Quote, word: str) -> Markup:
    """What the word on a card means, each word of the question beside its best match, and how the passage was found."""
    rows = Markup("").join(map(_pair, telling(quote.why)))
    table = Markup(
        "<table><thead><tr><th>Your word</th><th>How close</th><th>Its word</th></tr></thead><tbody>{}</tbody></table>"
    )
    found = Markup('<p class="ranks">{}</p>')
    return Markup('<details class="why"><summary>Why this?</summary><p class="means">{}.</p>{}{}</details>').format(
        _MEANS[word],
        table.format(rows) if rows else "",
        found.format(shown(found_by(quote.ranks))) if quote.ranks else "",
    )


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


def _pair(pair: Pair) -> Markup:
    """A row of two words and the bond between them: as long as they are close, as dark as the word counts."""
    share = min(max(round(100 * pair.similarity), 0), 100)
    weight = min(max(pair.weight * 3, 0.25), 1.0)
    word = "the same" if share >= 90 else "close" if share >= 60 else "loose" if share >= 40 else "hardly"
    return Markup(
        '<tr style="--weight:{:.2f}"><td dir="auto">{}</td>'
        '<td class="bond"><span style="width:{}%"></span><small>{}</small></td><td dir="auto">{}</td></tr>'
    ).format(weight, shown(pair.question), share, word, shown(pair.passage))


def _also(quote: Quote, desk: str) -> Markup:
    """The places that say the same, folded."""
    if not quote.also:
        return Markup("")
    items = Markup("").join(
        Markup('<li><a href="{}" data-open>{}</a></li>').format(
            address(place, [Span(place.start, place.end)], desk), shown(str(place))
        )
        for place in quote.also
    )
    return Markup('<details class="also"><summary>Also in {}</summary><ul>{}</ul></details>').format(
        counted(len(quote.also), "place"), items
    )
