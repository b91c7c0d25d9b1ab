"""What the page shows before the first question, as HTML."""

from __future__ import annotations

from collections.abc import Sequence

from qa.markup.escaping import Markup, shown
from qa.page.html.beginnings import Beginning, Opening
from qa.page.html.marking import address, counted


def start(begin: Beginning, desk: str = "") -> Markup:
    """What the library holds, how its essays begin, and questions to begin with."""
    if not begin.openings:
        return _examples(begin.questions)
    more = begin.essays - len(begin.openings)
    rest = Markup('<p class="hint">and {} more, in the list of essays</p>').format(counted(more, "essay"))
    return Markup(
        '<section class="start" aria-labelledby="holds"><h2 id="holds">{}, {}</h2>{}'
        '<ul class="openings" aria-label="How the essays begin">{}</ul>{}</section>'
    ).format(
        counted(begin.essays, "essay"),
        counted(begin.passages, "passage"),
        _examples(begin.questions),
        Markup("").join(_opening(opening, desk) for opening in begin.openings),
        rest if more > 0 else "",
    )


def _examples(questions: Sequence[str]) -> Markup:
    button = Markup('<li><button type="button" class="example" dir="auto" data-ask="{}">{}</button></li>')
    buttons = Markup("").join(button.format(one, shown(one)) for one in questions)
    return Markup('<ul class="examples" aria-label="To begin with">{}</ul>').format(buttons) if buttons else buttons


def _opening(opening: Opening, desk: str) -> Markup:
    sentence = Markup("<p>{}</p>").format(shown(opening.sentence)) if opening.sentence else ""
    return Markup('<li dir="auto"><a href="{}" data-read>{}</a>{}</li>').format(
        address(opening.place, [], desk), shown(opening.place.title), sentence
    )
