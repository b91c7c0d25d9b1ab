"""Ask a set of essays: `retrieve` quotes the passages that answer, `highlight` marks a given text, `check`
says whether quotations are the essays' own words."""

import index  # noqa: F401  # first: it tells the numerical libraries how many threads to use
from qa.answer import Answer, Pair, Place, Quote, Receipt
from qa.quotations.check import check
from qa.quotations.report import Finding, Report
from qa.retrieve import highlight, retrieve
from source.document import Document, Span
from source.errors import UserError

__all__ = [
    "Answer",
    "Document",
    "Finding",
    "Pair",
    "Place",
    "Quote",
    "Receipt",
    "Report",
    "Span",
    "UserError",
    "check",
    "highlight",
    "retrieve",
]
