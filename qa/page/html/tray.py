"""The kept quotations as HTML on the page, and as Markdown and HTML to take away."""

from __future__ import annotations

from collections.abc import Sequence

from index.protocol import Index
from qa.answer import Place
from qa.page.html.essay import template
from qa.page.html.marking import address, counted, escaped, marked, shown
from qa.page.html.reading import layers_of, reading_of, taken
from qa.page.html.references import offered, since
from qa.quotations.kept import LONGEST_NOTE, Kept, changed
from qa.quotations.markdown import block, keeps_lines, plain
from source.document import Document, Span


def tray(quotations: Sequence[Kept], index: Index, desk: str = "", notice: str = "") -> str:
    """The kept quotations, each with its place and note, in the reader's order; `notice` is said above."""
    said = f'<p role="status" class="notice">{shown(notice)}</p>' if notice else ""
    if not quotations:
        return said
    said += f'<p class="notice">{shown(index.unchecked)}</p>' if index.unchecked else ""
    items = "".join(_item(at, one, len(quotations), index, desk) for at, one in enumerate(quotations))
    own = (("kept-markdown", "Markdown"), ("kept-html", "HTML"), ("kept-json", "JSON"))
    formats = (*own, *((act, name) for act, (name, _, _) in offered().items()))
    exports = " ".join(f'<button type="button" data-act="{act}">{name}</button>' for act, name in formats)
    return (
        f'{said}<section class="tray" aria-labelledby="tray-title"><h2 id="tray-title">Kept quotations '
        f'<span class="number">{len(quotations)}</span></h2><ol>{items}</ol>'
        f'<p class="exports">Export: {exports}</p></section>'
    )


def _item(at: int, one: Kept, count: int, index: Index, desk: str) -> str:
    link = escaped(address(one.place, [Span(one.place.start, one.place.end)], desk))
    lines = "lines" if keeps_lines(one.text) else "prose"
    why = changed(one, index)
    words = shown(one.text) if why else _words(index.document(one.place.document), one.place)
    warning = f'<p class="changed">{shown(since(why))}</p>' if why else ""
    named = f'aria-describedby="k{at}-place"'
    up, down = (" disabled" if at == 0 else ""), (" disabled" if at == count - 1 else "")
    return (
        f'<li data-kept="{one.name}"><blockquote class="{lines}" dir="auto">{words}</blockquote>{warning}'
        f'<p class="where" id="k{at}-place"><a href="{link}" data-open>{shown(place_of(one))}</a></p>'
        f'<label>Note <textarea rows="1" maxlength="{LONGEST_NOTE}" data-note {named}>{escaped(one.note)}</textarea>'
        f'</label><p class="buttons"><button type="button" data-move="-1" {named}{up}>Up</button>'
        f'<button type="button" data-move="1" {named}{down}>Down</button>'
        f'<button type="button" data-drop {named}>Remove</button></p></li>'
    )


def _words(document: Document, place: Place) -> str:
    """What a kept quotation says, as it is read; letters that the file does not have are told apart."""
    span = Span(place.start, place.end)
    read = reading_of(document, span)
    words = marked(document.text, span, (), layers=layers_of(document, span, read), cells=read.rows)
    return f'<div class="rows">{words}</div>' if read.rows else words


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


def as_html(quotations: Sequence[Kept], index: Index) -> str:
    """The kept quotations as a page of their own, which needs nothing else."""
    parts = [f"<p><strong>{shown(index.unchecked)}</strong></p>"] if index.unchecked else []
    for one in quotations:
        why = changed(one, index)
        place = one.place
        locator = f"{place.document}, {place.start}–{place.end}"
        parts.append(
            f'<figure><blockquote style="white-space:pre-wrap" dir="auto">{shown(_taken(one, why, index))}</blockquote>'
            f"<figcaption>— {shown(place_of(one))} ({shown(locator)})</figcaption>"
            + (f"<p><strong>{shown(since(why))}</strong></p>" if why else "")
            + (f"<p>{shown(one.note)}</p>" if one.note.strip() else "")
            + "</figure>"
        )
    title = counted(len(quotations), "kept quotation")
    return template("kept.html").substitute(title=title, quotations="\n".join(parts))
