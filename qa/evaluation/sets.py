"""Question sets against their documents: whether a set is sound, and the making of one from texts that answer.

Who writes a set knows the words that answer, not where they stand; a line of a draft is

    {"question": "…", "answers": ["words of a document", …], "document": "name, if only there"}

or `{"question": "…", "answerable": false}`; what else it says (`id`, `need`) is kept.
"""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path

from index.protocol import Index
from qa.evaluation.judge import QUOTES, LabelledQuestion, without_suffix
from qa.quotations.search import Library, occurrences
from source.document import Span
from source.errors import UserError

# So many problems of a set are told at once.
_MOST_TOLD = 10
_LONGEST_NAMED = 60


def check_set(path: Path, asked: Sequence[LabelledQuestion], index: Index) -> None:
    """Raise UserError that names the lines if questions of the set in `path` name documents or places that are none."""
    found = list(_problems(asked, index))
    if found:
        more = f"; and {len(found) - _MOST_TOLD} more" if len(found) > _MOST_TOLD else ""
        raise UserError(f"{path} does not fit its documents: {'; '.join(found[:_MOST_TOLD])}{more}.")


def _problems(asked: Sequence[LabelledQuestion], index: Index) -> Iterator[str]:
    names = {without_suffix(entry.name): entry.name for entry in index.entries}
    length = lru_cache(maxsize=None)(lambda name: len(index.document(names[name]).text))
    for one in asked:
        for name in dict.fromkeys([*(name for name, _ in one.spans), *one.grades]):
            if name not in names:
                yield f"line {one.line}: there is no document {_shown(name)}{_nearest(name, names)}"
        for name, span in one.spans:
            if name in names and not 0 <= span.start < span.end <= length(name):
                place = f"{span.start}–{span.end}"
                yield f"line {one.line}: {place} is no place in {_shown(name)}, which has {length(name):,} characters"


def _nearest(name: str, names: Iterable[str]) -> str:
    near = difflib.get_close_matches(name, list(names), 1, 0.5)
    return f" (the nearest is {near[0]!r})" if near else ""


def drafted(values: object, index: Index) -> dict[str, object]:
    """A line of a set from one of a draft: with the spans of what answers. Raises UserError, with the reason."""
    if not isinstance(values, dict) or not isinstance(values.get("question"), str) or not values["question"].strip():
        raise UserError('it has no "question"')
    answers, document = values.get("answers", []), values.get("document")
    if not isinstance(answers, list) or not all(isinstance(one, str) and one.strip() for one in answers):
        raise UserError('"answers" is no list of texts')
    if str(values.get("need", "any")) not in QUOTES:
        raise UserError(f'"need" is {json.dumps(values["need"])[:_LONGEST_NAMED]}; it can be {", ".join(QUOTES)}')
    if bool(answers) is (values.get("answerable") is False):
        raise UserError('give the "answers" of the essays, or "answerable": false')
    kept = {name: value for name, value in values.items() if name not in ("answers", "document")}
    if not answers:
        return kept
    library, within = Library(index), _named(document, index)
    spans = [span for text in answers for span in _spans(text, library, within)]
    return {**kept, "answerable": True, "spans": spans}


def _named(document: object, index: Index) -> list[str] | None:
    """The documents that answers are looked for in, None for all."""
    if document is None:
        return None
    found = [entry.name for entry in index.entries if document in (entry.name, without_suffix(entry.name))]
    if not found:
        near = _nearest(str(document), [entry.name for entry in index.entries])
        raise UserError(f"there is no document {_shown(str(document))}{near}")
    return found


def _spans(text: str, library: Library, documents: list[str] | None) -> list[dict[str, object]]:
    """Every place that says `text`, letter for letter or but for spaces, capitals and marks."""
    found = occurrences(library, text, documents)
    places = [one for one in found if one.verbatim] or found
    if not places:
        raise UserError(f"no document says {_shown(text)}; `quoth check --text` tells what they say")
    known = dict.fromkeys((one.region.document.name, one.span) for one in places)
    return [_span(name, span) for name, span in sorted(known, key=lambda place: (place[0], place[1].start))]


def _span(name: str, span: Span) -> dict[str, object]:
    return {"document": without_suffix(name), "start": span.start, "end": span.end}


def _shown(text: str) -> str:
    line = " ".join(text.split())
    return repr(line if len(line) <= _LONGEST_NAMED else line[:_LONGEST_NAMED] + " …")
