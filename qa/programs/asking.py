"""Questions and quotations of programs, and their answers as JSON's values."""

from __future__ import annotations

import importlib.metadata
from collections.abc import Collection
from pathlib import Path
from typing import Literal

from index.protocol import Index
from qa.asked import Mode
from qa.quotations import check
from qa.quotations.drafts.draft import quotations, single
from qa.quotations.drafts.marks import MARK
from qa.retrieve import retriever
from qa.typed import AnswerJSON, HealthJSON, ReportJSON
from source.errors import BadQuestion, UnreadableFile
from source.reading import read_data

# So many quotations of a draft are checked at a time.
MOST_QUOTATIONS = 500
# So many quotation marks and apostrophes may be sent: to see what each opens, up to 200 behind it are looked at.
MOST_MARKS = 10_000

Format = Literal["markdown", "html", "text"]
_SUFFIX: dict[Format, str] = {"markdown": "md", "html": "html", "text": "txt"}


def ask(
    address: Path | str,
    question: str,
    k: int = 5,
    documents: Collection[str] | None = None,
    mode: Mode | None = None,
    *,
    reader: bool = True,
) -> AnswerJSON:
    """The answer of the index at `address`, as the command line prints it. Raises BadQuestion, NoDocument."""
    return retriever(address, reader=reader).answer(question, k, documents, mode).json()


def check_text(index: Index, text: str, documents: Collection[str] | None = None) -> ReportJSON:
    """The report on one quotation. Raises BadQuestion if it is empty or has too many marks, NoDocument."""
    if not text.strip():
        raise BadQuestion("The quotation is empty; send what is to be checked.")
    _check_marks("quotation", text)
    return check.check_quotation(single(text), index, documents).json()


def check_draft(
    index: Index, draft: str, written: Format, documents: Collection[str] | None = None, *, all_marked: bool = False
) -> ReportJSON:
    """The report on the quotations of a draft.

    Raises UnreadableFile, NoDocument, BadQuestion if there are too many of them or of quotation marks.
    """
    data = draft.encode("utf-8", "surrogatepass")
    try:
        read = read_data(data, f"draft.{_SUFFIX[written]}")
    except UnreadableFile as error:
        raise UnreadableFile(f"The draft cannot be read: {error}.") from error
    _check_marks("draft", read.text)
    if (count := len(quotations(read).found)) > MOST_QUOTATIONS:
        raise BadQuestion(f"The draft has {count:,} quotations; send at most {MOST_QUOTATIONS} at a time.")
    return check.check_draft(read, index, documents, all_marked=all_marked).json()


def _check_marks(what: str, text: str) -> None:
    if (count := len(MARK.findall(text))) > MOST_MARKS:
        raise BadQuestion(f"The {what} has {count:,} quotation marks; send at most {MOST_MARKS:,} at a time.")


def health(index: Index) -> HealthJSON:
    """That Quoth answers, and from what."""
    counts = index.about.counts
    return {
        "status": "ok",
        "version": importlib.metadata.version("quoth"),
        "index": index.name,
        "documents": counts.documents,
        "passages": counts.passages,
    }
