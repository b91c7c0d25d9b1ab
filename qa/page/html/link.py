"""The page of a permalink: what has become of the quotation, above its essay as that is today."""

from __future__ import annotations

from collections.abc import Mapping

from qa.markup.escaping import Markup, shown
from qa.page.html.essay import Marks, essay, template
from qa.quotations.difference import Difference
from qa.quotations.links.permalink import Opened, Permalink, State
from source.document import Document, Span

_SAID: Mapping[State, str] = {
    "unchanged": "Unchanged: the essay says this here, letter for letter.",
    "moved": "Moved: the essay says this, letter for letter, but no longer where it stood.",
    "altered": "Altered: the essay no longer says this; what comes nearest is marked.",
    "gone": "Gone: the essays no longer say this, nor anything like it.",
}


def link_page(link: Permalink, found: Opened, document: Document | None, own: str, doubt: str = "") -> Markup:
    """What has become of a quotation and, unless it is gone, `document`, where it stands now, with it marked.

    `own` is the page's address, `doubt` a sentence on why the essay's file may say something else now.
    """
    title, whole = f"A quotation: {found.state}", _state(link, found)
    if document is None or found.place is None:
        whole = Markup("<h1>{}</h1>{}").format(title, whole)
    else:
        title = f"{document.title}: {found.state}"
        whole += essay(document, Marks((Span(found.place.start, found.place.end),), stale=False), own, doubt)
    return template("essay.html").format(title=title, essay=whole)


def _state(link: Permalink, found: Opened) -> Markup:
    parts = [Markup('<p class="notice" role="status" data-state="{}">{}</p>').format(found.state, _SAID[found.state])]
    if found.state == "altered":
        parts.append(_quoted(Markup(" ").join(_difference(one) for one in found.differences)))
    elif found.state == "gone":
        parts.append(_quoted(shown(link.exact)))
    where = found.place
    if found.state != "unchanged":
        was = Markup("It stood in {}, characters {} to {}.").format(shown(link.document), link.start, link.end)
        now = Markup(" It stands in {} now.").format(shown(str(where))) if found.state == "moved" and where else ""
        parts.append(Markup('<p class="where">{}{}</p>').format(was, now))
    return Markup('<section class="essay permalink">{}</section>').format(Markup("").join(parts))


def _quoted(words: Markup) -> Markup:
    return Markup('<blockquote class="quoted" dir="auto">{}</blockquote>').format(words)


def _difference(one: Difference) -> Markup:
    """Words that are the same, or those that were quoted and those that stand there now."""
    if one.kind == "same":
        return shown(one.original)
    gone = [Markup("<del>{}</del>").format(shown(one.quoted))] if one.quoted else []
    new = [Markup("<ins>{}</ins>").format(shown(one.original))] if one.original else []
    return Markup(" ").join([*gone, *new])
