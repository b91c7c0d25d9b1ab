"""What the page is sent with: its style and script, its name and the question box, and for some the essays alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from index.protocol import Entry
from qa.answer import Place
from qa.markup.escaping import Markup, shown
from qa.page.html.essay import template
from qa.page.html.marking import address, counted

# Without JavaScript so many essays are listed.
_MOST_LISTED = 500


def pieces(entries: Sequence[Entry]) -> Mapping[str, Markup]:
    """What stands in the page that Gradio makes, by the tag that it stands before."""
    return {"</head>": template("head.html"), "<gradio-app": _opening(len(entries) > 1), "</body>": _plain(entries)}


def _opening(several: bool) -> Markup:
    """What can be seen and used before the rest of the page is there; `page.js` moves it into its place then."""
    return Markup('<div id="opening" class="opening{}">{}{}</div>').format(
        " several" if several else "", template("masthead.html"), template("ask.html")
    )


def _plain(entries: Sequence[Entry]) -> Markup:
    """What stands in the page for who has no JavaScript: what is needed, and the essays to be read without it."""
    item = Markup('<li><a href="{}" dir="auto">{}</a></li>')
    items = Markup("").join(
        item.format(address(Place(one.name, "", "", 0, 1, 0, 0), []), shown(one.title or one.name))
        for one in entries[:_MOST_LISTED]
    )
    more = len(entries) - _MOST_LISTED
    rest = Markup("<p>and {} more</p>").format(counted(more, "essay")) if more > 0 else ""
    return Markup(
        '<noscript><div class="plain"><h1>Quoth</h1><p>To ask, this page needs JavaScript, which is switched off in '
        "this browser. The essays can be read without it:</p><ul>{}</ul>{}</div></noscript>"
    ).format(items, rest)
