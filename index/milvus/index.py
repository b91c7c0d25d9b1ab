"""One generation of a collection in Milvus as an `Index`; safe to use from many threads, and from many servers."""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Collection, Mapping, Sequence
from functools import cached_property, lru_cache
from pathlib import Path

import numpy as np

from index.encoding.encoder import Vectors
from index.encoding.projection import Projection
from index.encoding.tokens import unpacked_passages
from index.milvus.manifest import Manifest
from index.milvus.packing import Damaged, DocumentHead, unpacked, unpacked_data, unpacked_document
from index.milvus.reading import Cache, GenerationRows, Held
from index.milvus.tables import MOST, Tables
from index.milvus.words import Words, among_documents
from index.numbers import PassageNumber
from index.protocol import About, Closing, Entry, Hit, Statistics, Stored, Tokens
from index.words.scored import Terms
from source.document import Document
from source.errors import NoDocument, UserError
from source.library import Skipped
from source.proof import Sources, Standing

# Rows asked for beyond the passages that are wanted: several windows of one may be among the nearest.
_MORE = 32
# How many vectors an approximate search compares, at least.
_COMPARED = 256
# Documents that were looked up are remembered, up to so many.
_MOST_FOUND = 4096


class MilvusIndex(Closing):
    """The generation of `manifest` in `tables`: see `index.protocol.Index`."""

    def __init__(self, tables: Tables, manifest: Manifest) -> None:
        self.manifest = manifest
        self.name = manifest.name
        self.model = manifest.model
        self.model_sha256 = manifest.model_sha256
        self._sources = Sources(Path(manifest.source), manifest.built, manifest.selection)
        self.tables = tables
        self._rows = GenerationRows(tables, manifest)
        self.directory = self._rows.directory()
        self._words = Words(self._rows, self.directory)
        mean = manifest.sums.total / max(manifest.vectors, 1)
        counts = manifest.counts["passages"], manifest.vectors
        self.statistics = Statistics(*counts, mean.astype(np.float32), manifest.terms, tuple(manifest.languages))
        self._closed = threading.Event()
        self._document = lru_cache(maxsize=64)(self._read_document)
        self._found: Cache[str, tuple[int, DocumentHead]] = Cache(_MOST_FOUND)

    @property
    def about(self) -> About:
        """See `Index.about`."""
        skipped = [Skipped(*one) for one in self._unpacked(self._rows.record(self.manifest.skipped))]
        return self.manifest.about(self.tables.server.address.text, skipped)

    @property
    def entries(self) -> list[Entry]:
        """See `Index.entries`."""
        return [head.entry for head in self.heads.values()]

    @cached_property
    def heads(self) -> dict[int, DocumentHead]:
        """What is known of each document, by its serial, in the order of the library."""
        return self._heads(self.directory.serials.tolist())

    def _heads(self, serials: Sequence[int]) -> dict[int, DocumentHead]:
        return {serial: self._head(text) for serial, text in self._rows.heads(serials).items()}

    def _head(self, text: str) -> DocumentHead:
        try:
            return DocumentHead.unpacked(text)
        except Damaged as error:
            raise self._rows.damaged() from error

    def document(self, name: str) -> Document:
        """See `Index.document`."""
        self._ready()
        return self._document(name)

    def _read_document(self, name: str) -> Document:
        serial, head = self._look_up([name])[name]
        text = self._rows.record(serial)
        if text[:32] != head.checksum:
            raise self._rows.damaged()
        try:
            return unpacked_document(text)
        except Damaged as error:
            raise self._rows.damaged() from error

    def _look_up(self, names: Collection[str]) -> dict[str, tuple[int, DocumentHead]]:
        """The serials and heads of the documents of these names. Raises NoDocument if there is none of one."""

        def read(missing: list[str]) -> dict[str, tuple[int, DocumentHead]]:
            named = self._rows.named(missing)
            heads = [(serial, self._head(head)) for serial, head in named if serial in self.directory]
            return {head.entry.name: (serial, head) for serial, head in heads if head.entry.name in missing}

        found = self._found.take(names, read)
        for name in names:
            if name not in found:
                raise NoDocument(name, lambda: [entry.name for entry in self.entries])
        return found

    def _among(self, documents: Collection[str] | None) -> str:
        self._ready()
        serials = None if documents is None else [serial for serial, _ in self._look_up(sorted(documents)).values()]
        return among_documents(self._rows.alive, serials)

    def nearest(self, vector: Vectors, k: int, documents: Collection[str] | None = None) -> list[Hit]:
        """See `Index.nearest`."""
        among = self._among(documents)
        if not self.directory.passages or (documents is not None and not documents):
            return []
        wanted = min(k + _MORE, MOST)
        while True:
            options = {"ef": max(_COMPARED, 2 * wanted), "nprobe": 64}
            asked = np.asarray(vector, np.float32).tolist()
            rows = self.tables.search("vector", asked, wanted, among, self._rows.level, **options)
            best: dict[PassageNumber, float] = {}
            for row in rows:
                if (number := self._words.number(row)) is not None:
                    best[number] = max(best.get(number, -np.inf), float(row["score"]))
            if len(best) >= k or len(rows) < wanted or wanted == MOST:
                return sorted((Hit(*hit) for hit in best.items()), key=lambda hit: (-hit.score, hit.passage))[:k]
            wanted = min(2 * wanted, MOST)

    def matching(self, words: Sequence[str], k: int, documents: Collection[str] | None = None) -> list[Hit]:
        """See `Index.matching`."""
        among = self._among(documents)
        return self._words.matching(words, k, among) if documents is None or documents else []

    def word_scores(self, words: Sequence[str], numbers: Sequence[PassageNumber]) -> list[float]:
        """See `Index.word_scores`."""
        return self._words.scores(words, self.terms(numbers))

    def containing(self, phrases: Sequence[str], k: int, documents: Collection[str] | None = None) -> list[Hit]:
        """See `Index.containing`."""
        among = self._among(documents)
        return self._words.containing(phrases, k, among) if documents is None or documents else []

    def following(self, words: Sequence[str], k: int, documents: Collection[str] | None = None) -> list[PassageNumber]:
        """See `Index.following`; of more passages than Milvus gives out at once it looks at so many."""
        among = self._among(documents)
        return self._words.following(words, k, among) if documents is None or documents else []

    def frequencies(self, words: Sequence[str]) -> Mapping[str, int]:
        """See `Index.frequencies`."""
        self._ready()
        return self._words.frequencies(words)

    def term_counts(self, terms: Sequence[str]) -> Mapping[str, int]:
        """See `Index.term_counts`."""
        self._ready()
        return self._words.frequencies(terms, "terms")

    def terms(self, numbers: Sequence[PassageNumber]) -> list[Terms]:
        """See `Index.terms`."""
        return [one.terms for one in self._held(numbers)]

    def passages(self, numbers: Sequence[PassageNumber]) -> list[Stored]:
        """See `Index.passages`."""
        return [one.stored for one in self._held(numbers)]

    def tokens(self, numbers: Sequence[PassageNumber]) -> list[Tokens]:
        """See `Index.tokens`."""
        packed = [one.packed for one in self._held(numbers)]
        return [Tokens(*one) for one in unpacked_passages(self.projection, packed)]

    @cached_property
    def projection(self) -> Projection:
        """What the token vectors were projected with."""
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "projection.npz"
            try:
                path.write_bytes(unpacked_data(self._rows.record(self.manifest.projection)))
            except Damaged as error:
                raise self._rows.damaged() from error
            return Projection.open(path)

    def vectors(self, numbers: Sequence[PassageNumber]) -> Vectors:
        """See `Index.vectors`."""
        read = [one.vectors[0] for one in self._held(numbers)]
        return np.stack(read) if read else np.zeros((0, self.manifest.dimension), np.float32)

    @property
    def unchecked(self) -> str:
        """See `Index.unchecked`: on a server that has no essays what is stored has its checksum, and nothing more."""
        return self._sources.unchecked

    def sources(self, name: str) -> Sources:  # noqa: ARG002 (all were read there)
        """See `Index.sources`."""
        return self._sources

    def standing(self, name: str, start: int, end: int) -> Standing:
        """See `Index.standing`."""
        return self._sources.standing(
            name, start, end, lambda: self._look_up([name])[name][1].file_sha256, lambda: self.document(name)
        )

    def close(self) -> None:
        """See `Index.close`; the connection serves other indexes."""
        self._closed.set()

    @property
    def buckets(self) -> list[int]:
        """The serial of each part of the counts of words, 0 of those that are empty."""
        return self._words.buckets

    @property
    def replaced(self) -> tuple[list[tuple[int, int]], list[int]]:
        """The documents of the generation before that are no more, with how many passages each had, and the records."""
        try:
            documents, records = unpacked(self._rows.record(self.manifest.replaced))
        except Damaged as error:
            raise self._rows.damaged() from error
        return [(serial, count) for serial, count in documents], records

    def record(self, serial: int) -> str:
        """The text of a record."""
        return self._rows.record(serial)

    def whole(self, numbers: Sequence[PassageNumber]) -> list[Held]:
        """The passages with these numbers, as they are kept."""
        return self._held(numbers)

    def _held(self, numbers: Sequence[PassageNumber]) -> list[Held]:
        self._ready()
        return self._rows.passages(self.directory.passages_of(numbers))

    def _ready(self) -> None:
        if self._closed.is_set():
            raise UserError("This index was closed; open it again.")
        self._rows.check()

    def _unpacked(self, text: str) -> list[list[str]]:
        try:
            found: list[list[str]] = unpacked(text)
        except Damaged as error:
            raise self._rows.damaged() from error
        return found
