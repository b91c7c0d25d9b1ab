"""The page of a permalink: what has become of the quotation, above its essay as that is today."""

from __future__ import annotations

from collections.abc import Mapping

from qa.page.html.essay import Marks, essay, template
from qa.page.html.marking import escaped, shown
from qa.quotations.difference import Difference
from qa.quotations.links.permalink import Opened, Permalink, State
from source.document import Document, Span

_SAID: Mapping[State, str] = {
    "unchanged": "Unchanged: the essay says this here, letter for letter.",
    "moved": "Moved: the essay says this, letter for letter, but no longer where it stood.",
    "altered": "Altered: the essay no longer says this; what comes nearest is marked.",
    "gone": "Gone: the essays no longer say this, nor anything like it.",
}


def link_page(link: Permalink, found: Opened, document: Document | None, own: str, doubt: str = "") -> str:
    """What has become of a quotation and, unless it is gone, `document`, where it stands now, with it marked.

    `own` is the page's address, `doubt` a sentence on why the essay's file may say something else now.
    """
    title, whole = f"A quotation: {found.state}", _state(link, found)
    if document is None or found.place is None:
        whole = f"<h1>{escaped(title)}</h1>{whole}"
    else:
        title = f"{document.title}: {found.state}"
        whole += essay(document, Marks((Span(found.place.start, found.place.end),), stale=False), own, doubt)
    return template("essay.html").substitute(title=escaped(title), essay=whole)


def _state(link: Permalink, found: Opened) -> str:
    parts = [f'<p class="notice" role="status" data-state="{found.state}">{_SAID[found.state]}</p>']
    if found.state == "altered":
        words = " ".join(_difference(one) for one in found.differences)
        parts.append(f'<blockquote class="quoted" dir="auto">{words}</blockquote>')
    elif found.state == "gone":
        parts.append(f'<blockquote class="quoted" dir="auto">{shown(link.exact)}</blockquote>')
    where = found.place
    if found.state != "unchanged":
        now = f" It stands in {shown(str(where))} now." if found.state == "moved" and where else ""
        was = f"It stood in {shown(link.document)}, characters {link.start} to {link.end}."
        parts.append(f'<p class="where">{was}{now}</p>')
    return f'<section class="essay permalink">{"".join(parts)}</section>'


def _difference(one: Difference) -> str:
    """Words that are the same, or those that were quoted and those that stand there now."""
    if one.kind == "same":
        return shown(one.original)
    gone = f"<del>{shown(one.quoted)}</del>" if one.quoted else ""
    new = f"<ins>{shown(one.original)}</ins>" if one.original else ""
    return f"{gone} {new}".strip()
