"""The texts of a new snapshot while it is built: documents are added or kept, in the order of the library."""

from __future__ import annotations

import json
from array import array
from collections.abc import Iterable
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import numpy as np

from index.local.files import schema
from index.local.files.names import ADDED, TEXT
from index.local.merging import Listed, Texts, merge
from index.local.snapshot import Snapshot
from index.local.writing import DocumentWriter
from index.numbers import DocumentNumber
from index.report import LeftOut
from source.document import Document


class TextWriter:
    """Writes the files of a new snapshot in `folder` that hold text.

    What is added is written at once, what is kept is taken over from the snapshot before, `last`, in `finish`.
    """

    def __init__(self, folder: Path, last: Snapshot | None = None) -> None:
        self._folder = folder
        self._last = last
        self._added = DocumentWriter(folder / ADDED)
        self._lay = last.order.by_document() if last else np.zeros((0, 3), np.int64)
        self._kept, self._table = bytearray(), array("q")  # see `Listed`
        self._opened = ExitStack()

    def add(self, document: Document) -> None:
        """Store the next document, which is new."""
        self._table.extend((self._added.documents, self._added.passages, len(document.passages)))
        self._kept.append(False)
        self._added.add(document)

    def keep(self, number: DocumentNumber) -> None:
        """Take over the document with this number in the last snapshot, with all that belongs to it, as the next."""
        self._table.extend(self._lay[number].tolist())
        self._kept.append(True)

    def finish(self) -> Texts:
        """Take over what is kept and make all of it searchable: after this no document can be added."""
        listed = Listed(np.frombuffer(self._kept, np.bool_), np.asarray(self._table, np.int64).reshape(-1, 3))
        texts = merge(self._folder, listed, self._added.finish(), self._last)
        self._connection = self._opened.enter_context(closing(schema.connect(self._folder / TEXT)))
        self._places = {document: place for place, document in enumerate(texts.order.documents)}
        before = self._last.manifest.counts["sentences"] if self._last and listed.kept.any() else 0
        sentences = before - texts.sentences + self._added.sentences
        self.counts = {"documents": len(listed.kept), "passages": len(texts.order.slots), "sentences": sentences}
        return texts

    def keys(self, slots: Iterable[int]) -> list[bytes]:
        """The keys of the passages that lie there."""
        return [
            self._connection.execute("SELECT key FROM passage WHERE id = ?", (slot,)).fetchone()[0] for slot in slots
        ]

    def texts(self, slots: Iterable[int]) -> list[tuple[str, str]]:
        """The passages that lie there as (title and headings, text)."""
        query = "SELECT context, text FROM passage WHERE id = ?"
        return [self._connection.execute(query, (slot,)).fetchone() for slot in slots]

    def decoded(self) -> list[tuple[str, str]]:
        """The documents whose files are in another encoding than UTF-8, and that encoding."""
        query = "SELECT id, name, encoding FROM document WHERE encoding != 'utf-8'"
        return [(name, encoding) for name, encoding in self._in_order(query)]

    def left_out(self) -> list[LeftOut]:
        """The documents of which more than a little is furniture, that with the most first."""
        found = self._in_order("SELECT id, name, length, furniture FROM document WHERE length(furniture) > 2")
        told = (LeftOut.of(name, length, json.loads(spans)) for name, length, spans in found)
        return sorted((one for one in told if one), key=lambda one: -one.characters)

    def languages(self) -> list[tuple[str, int]]:
        """The languages of the documents and how many are in each, the most frequent first."""
        query = "SELECT language, count(*) FROM document GROUP BY language ORDER BY count(*) DESC, language"
        return [(language, count) for language, count in self._connection.execute(query)]

    def _in_order(self, query: str) -> list[tuple[Any, ...]]:
        """Rows that begin with a document's number, without it, in the order of the library."""
        rows = sorted(self._connection.execute(query), key=lambda row: self._places[row[0]])
        return [row[1:] for row in rows]

    def close(self) -> None:
        """Close the files."""
        self._added.close()
        self._opened.close()
