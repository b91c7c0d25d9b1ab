"""What the page shows before the first question, as HTML."""

from __future__ import annotations

from collections.abc import Sequence

from qa.page.html.beginnings import Beginning, Opening
from qa.page.html.marking import address, counted, escaped, shown


def start(begin: Beginning, desk: str = "") -> str:
    """What the library holds, how its essays begin, and questions to begin with."""
    holds = f"{counted(begin.essays, 'essay')}, {counted(begin.passages, 'passage')}"
    if not begin.openings:
        return _examples(begin.questions)
    items = "".join(_opening(opening, desk) for opening in begin.openings)
    more = begin.essays - len(begin.openings)
    rest = f'<p class="hint">and {counted(more, "essay")} more, in the list of essays</p>' if more > 0 else ""
    return (
        f'<section class="start" aria-labelledby="holds"><h2 id="holds">{holds}</h2>{_examples(begin.questions)}'
        f'<ul class="openings" aria-label="How the essays begin">{items}</ul>{rest}</section>'
    )


def _examples(questions: Sequence[str]) -> str:
    buttons = "".join(
        f'<li><button type="button" class="example" dir="auto" data-ask="{escaped(one)}">{shown(one)}</button></li>'
        for one in questions
    )
    return f'<ul class="examples" aria-label="To begin with">{buttons}</ul>' if questions else ""


def _opening(opening: Opening, desk: str) -> str:
    link = escaped(address(opening.place, [], desk))
    sentence = f"<p>{shown(opening.sentence)}</p>" if opening.sentence else ""
    return f'<li dir="auto"><a href="{link}" data-read>{shown(opening.place.title)}</a>{sentence}</li>'
