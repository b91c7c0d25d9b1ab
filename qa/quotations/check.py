"""Check quotations against the essays: of a draft, or one by itself."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from qa.quotations.drafts.draft import Quotation, quotations, single
from qa.quotations.report import Finding, Report
from source.errors import BadQuestion

if TYPE_CHECKING:
    from index.protocol import Index
    from qa.answer import Place
    from source.document import Document

Progress = Callable[[int, int], None]  # quotations checked so far, of how many


def check(
    draft: Path | str,
    *,
    index: Path | str | Index | None = None,
    documents: Collection[str] | None = None,
    all_marked: bool = False,
) -> Report:
    """What is to be said of each quotation in the file `draft`, or of `draft` itself, where that is text.

    `index` is a path, an address or an open index (default: the user's index); a quotation that
    names no other essay must stand in `documents`, if they are named. Words in quotation marks that
    are no more than two, and titles of essays, are left out unless `all_marked`.

    Raises UserError if the draft cannot be read or is too large, or the index cannot be used.
    """
    from index.opening import address_of, open_index
    from qa.asked import check_documents, check_index

    check_documents(documents)
    if not isinstance(draft, Path | str):
        raise BadQuestion(f"draft is {repr(draft)[:80]}; give the path of a draft, or a quotation as text.")
    if not isinstance(index, Path | str | None):
        check_index(index)
        return _checked(draft, index, documents, all_marked=all_marked)
    with open_index(address_of(index)) as opened:
        return _checked(draft, opened, documents, all_marked=all_marked)


def check_draft(
    draft: Document,
    index: Index,
    documents: Collection[str] | None = None,
    *,
    all_marked: bool = False,
    progress: Progress | None = None,
) -> Report:
    """As `check`, of a draft that was read."""
    from qa.quotations.examiner import Examiner
    from qa.quotations.search import Library

    found = quotations(draft)
    examiner = Examiner(Library(index), documents)
    chosen = [one for one in found.found if all_marked or not (one.short or examiner.is_title(one))]
    findings: list[Finding] = []
    for number, one in enumerate(chosen, 1):
        findings.append(examiner.finding(one))
        if progress:
            progress(number, len(chosen))
    return _report(draft.name, index, findings, found.unclosed, draft.text)


def check_quotation(quotation: Quotation, index: Index, documents: Collection[str] | None = None) -> Report:
    """As `check`, of one quotation by itself."""
    from qa.quotations.examiner import Examiner
    from qa.quotations.search import Library

    finding = Examiner(Library(index), documents).finding(quotation)
    return _report("", index, [finding], (), quotation.text)


def _report(name: str, index: Index, findings: Sequence[Finding], unclosed: tuple[int, ...], text: str) -> Report:
    """The report, with what the sources say today of the places that it names."""
    places = {place for finding in findings for place in finding.places}
    in_order = sorted(places, key=lambda one: (one.document, one.start, one.end))  # each document is read once
    reasons = dict.fromkeys(index.standing(one.document, *_sentences(index, one)).reason for one in in_order)
    return Report(name, index.name, tuple(findings), unclosed, text, tuple(filter(None, reasons)), index.unchecked)


def _sentences(index: Index, place: Place) -> tuple[int, int]:
    """From where to where the sentences go that a place is in: a part of one has no standing of its own."""
    passages = [
        one for one in index.document(place.document).passages if one.start < place.end and one.end > place.start
    ]
    sentences = [one for each in passages for one in each.sentences if one.start < place.end and one.end > place.start]
    starts, ends = [one.start for one in sentences], [one.end for one in sentences]
    return min(starts, default=place.start), max(ends, default=place.end)


def _checked(draft: Path | str, index: Index, documents: Collection[str] | None, *, all_marked: bool) -> Report:
    if isinstance(draft, str):
        return check_quotation(single(draft), index, documents)
    return check_draft(read_draft(draft), index, documents, all_marked=all_marked)


def read_draft(path: Path) -> Document:
    """The draft in the file at `path`. Raises UserError, with its name, if it cannot be read."""
    from source.errors import UnreadableFile, UserError
    from source.reading import read

    try:
        return read(path, path.name)
    except (UnreadableFile, OSError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        reason = str(reason).removeprefix("cannot be read: ")
        raise UserError(f"The draft {str(path)!r} cannot be read: {reason}.") from error
