"""The kept quotations as HTML on the page, and as Markdown and HTML to take away."""

from __future__ import annotations

from collections.abc import Sequence

from index.protocol import Index
from qa.answer import Place
from qa.markup.escaping import Markup, shown
from qa.page.html.essay import template
from qa.page.html.marking import address, counted, marked
from qa.page.html.references import offered, since
from qa.page.html.rendering import layers_of, rendering_of, taken
from qa.quotations.kept import LONGEST_NOTE, Kept, changed
from qa.quotations.markdown import block, keeps_lines, plain
from source.document import Document, Span


def tray(quotations: Sequence[Kept], index: Index, desk: str = "", notice: str = "") -> Markup:
    """The kept quotations, each with its place and note, in the reader's order; `notice` is said above."""
    said = Markup('<p role="status" class="notice">{}</p>').format(shown(notice)) if notice else Markup("")
    if not quotations:
        return said
    said += Markup('<p class="notice">{}</p>').format(shown(index.unchecked)) if index.unchecked else ""
    own = (("kept-markdown", "Markdown"), ("kept-html", "HTML"), ("kept-json", "JSON"))
    formats = (*own, *((act, name) for act, (name, _, _) in offered().items()))
    button = Markup('<button type="button" data-act="{}">{}</button>')
    return Markup(
        '{}<section class="tray" aria-labelledby="tray-title"><h2 id="tray-title">Kept quotations '
        '<span class="number">{}</span></h2><ol>{}</ol><p class="exports">Export: {}</p></section>'
    ).format(
        said,
        len(quotations),
        Markup("").join(_item(at, one, len(quotations), index, desk) for at, one in enumerate(quotations)),
        Markup(" ").join(button.format(act, name) for act, name in formats),
    )


def _item(at: int, one: Kept, count: int, index: Index, desk: str) -> Markup:
    why = changed(one, index)
    return Markup(
        '<li data-kept="{}"><blockquote class="{}" dir="auto">{}</blockquote>{}'
        '<p class="where" id="k{at}-place"><a href="{}" data-open>{}</a></p>'
        '<label>Note <textarea rows="1" maxlength="{}" data-note {named}>{}</textarea></label>'
        '<p class="buttons"><button type="button" data-move="-1" {named}{}>Up</button>'
        '<button type="button" data-move="1" {named}{}>Down</button>'
        '<button type="button" data-drop {named}>Remove</button></p></li>'
    ).format(
        one.name,
        "lines" if keeps_lines(one.text) else "prose",
        shown(one.text) if why else _words(index.document(one.place.document), one.place),
        Markup('<p class="changed">{}</p>').format(shown(since(why))) if why else "",
        address(one.place, [Span(one.place.start, one.place.end)], desk),
        shown(place_of(one)),
        LONGEST_NOTE,
        one.note,
        " disabled" if at == 0 else "",
        " disabled" if at == count - 1 else "",
        at=at,
        named=Markup('aria-describedby="k{}-place"').format(at),
    )


def _words(document: Document, place: Place) -> Markup:
    """What a kept quotation says, as it is read; letters that the file does not have are told apart."""
    span = Span(place.start, place.end)
    rendered = rendering_of(document, span)
    words = marked(document.text, span, (), layers=layers_of(document, span, rendered), cells=rendered.rows)
    return Markup('<div class="rows">{}</div>').format(words) if rendered.rows else words


def _taken(one: Kept, why: str, index: Index) -> str:
    """What is taken away of a kept quotation that is as it was, or else what it was when it was kept."""
    if why:
        return one.text
    return taken(index.document(one.place.document), Span(one.place.start, one.place.end), source=True)


def place_of(one: Kept) -> str:
    """Where a kept quotation stands, as a line to put under it."""
    by = ", ".join(part for part in (one.author, one.date) if part)
    return f"{by + ', ' if by else ''}{_where(one.place)}"


def _where(place: Place) -> str:
    path = " › ".join(part for part in (place.title, place.heading) if part)
    paragraph = f"¶ {place.paragraph}" if place.paragraph else f"line {place.line}"
    return f"{path}, {place.locator + ', ' if place.locator else ''}{paragraph}"


def as_markdown(quotations: Sequence[Kept], index: Index) -> str:
    """The kept quotations as Markdown that shows each letter for letter, and what has changed or cannot be checked."""
    parts = [f"# {counted(len(quotations), 'kept quotation')}\n"]
    parts += [f"{plain(index.unchecked)}\n"] if index.unchecked else []
    for one in quotations:
        place = one.place
        why = changed(one, index)
        where = f"{place_of(one)} ({place.document}, {place.start}–{place.end})"
        parts.append(block(_taken(one, why, index), where))
        parts += [f"{plain(since(why))}\n"] if why else []
        parts += [f"{plain(one.note)}\n"] if one.note.strip() else []
    return "\n".join(parts)


def as_html(quotations: Sequence[Kept], index: Index) -> Markup:
    """The kept quotations as a page of their own, which needs nothing else."""
    strong = Markup("<p><strong>{}</strong></p>")
    parts = [strong.format(shown(index.unchecked))] if index.unchecked else []
    for one in quotations:
        why = changed(one, index)
        place = one.place
        parts.append(
            Markup(
                '<figure><blockquote style="white-space:pre-wrap" dir="auto">{}</blockquote>'
                "<figcaption>— {} ({})</figcaption>{}{}</figure>"
            ).format(
                shown(_taken(one, why, index)),
                shown(place_of(one)),
                shown(f"{place.document}, {place.start}–{place.end}"),
                strong.format(shown(since(why))) if why else "",
                Markup("<p>{}</p>").format(shown(one.note)) if one.note.strip() else "",
            )
        )
    title = counted(len(quotations), "kept quotation")
    return template("kept.html").format(title=title, quotations=Markup("\n").join(parts))
