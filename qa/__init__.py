"""Ask a set of essays: `retrieve` quotes the passages that answer, `highlight` marks a given text."""

import index  # noqa: F401  # first: it tells the numerical libraries how many threads to use
from qa.answer import Answer, Pair, Place, Quote, Receipt
from qa.retrieve import highlight, retrieve
from source.document import Document, Span
from source.errors import UserError

__all__ = ["Answer", "Document", "Pair", "Place", "Quote", "Receipt", "Span", "UserError", "highlight", "retrieve"]
