"""All inputs of all kinds, in the order of the kinds."""

from kinds import (
    books_and_pages,
    further,
    letters_and_questions,
    markdown_notes,
    plain_text,
    printed_pages,
    talk,
    variants,
    word_processors,
)
from kinds.case import Case

_MODULES = (
    talk,
    printed_pages,
    markdown_notes,
    plain_text,
    letters_and_questions,
    books_and_pages,
    word_processors,
    further,
    variants,
)
CASES: tuple[Case, ...] = tuple(
    sorted(
        (
            case
            for module in _MODULES
            for name, group in vars(module).items()
            if name.isupper() and isinstance(group, tuple) and group and isinstance(group[0], Case)
            for case in group
        ),
        key=lambda case: case.kind,
    )
)
