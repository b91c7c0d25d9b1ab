"""A generation in Milvus while it is built: see `index.generation.Generation`.

New rows are born in a generation that nobody asks for yet, and the row of its manifest comes last: before that a reader
sees nothing of it, and after that all. What is no more is marked only then: to write a row anew is no single step for
Milvus, and a server that is killed meanwhile may lose it.
"""

from __future__ import annotations

import base64
import datetime
import secrets
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np

from index.encoding.encoder import Encoder
from index.encoding.projection import Projection
from index.encoding.vectors import unpacked_vectors
from index.generation import Packed
from index.manifest import head
from index.milvus.building.claims import Claim
from index.milvus.building.records import Records
from index.milvus.building.replaced import mark_replaced, sweep
from index.milvus.building.taken import has_same_vectors, taken_over
from index.milvus.building.word_counts import write_counts
from index.milvus.building.writing import Spool, Waiting, Writer, rows
from index.milvus.counts import CountChanges
from index.milvus.directory import STEP, Directory
from index.milvus.index import MilvusIndex
from index.milvus.manifest import FORMAT, Manifest, Sums
from index.milvus.packing import (
    DocumentHead,
    head_of,
    key_of,
    packed,
    packed_data,
    packed_document,
    packed_passage,
)
from index.milvus.reading import KEPT, Held
from index.milvus.tables import EXACT_UP_TO, Row, Tables
from index.protocol import Index
from index.reading import reading
from index.report import Contents, LeftOut
from index.words.scored import Terms
from source.document import Document
from source.errors import UserError
from source.library import Skipped
from source.selection import ALL, Selection

# So many passages are looked for at once by what the model would read of them.
_LOOKED_UP = 512


class MilvusGeneration:
    """The generation that follows `last`, of the essays in `folder`, built under `claim`.

    Those before can be asked for so many seconds after they were replaced as they are `kept`.
    """

    def __init__(
        self,
        tables: Tables,
        claim: Claim,
        last: MilvusIndex | None,
        folder: Path,
        encoder: Encoder,
        *,
        chosen: bool,
        selection: Selection = ALL,
        kept: float = KEPT,
    ) -> None:
        if last and last.manifest.dimension != encoder.dimension:
            raise UserError(
                f"The collection holds vectors of {last.manifest.dimension} numbers, and {encoder.model} makes "
                f"{encoder.dimension}; name another collection with --index."
            )
        self._tables, self._claim, self._folder, self._encoder, self._chosen = tables, claim, folder, encoder, chosen
        self._last, self._selection, self._kept = last, selection, kept
        self.publishing = False
        self._heads = last.heads if last else {}
        self.before: Mapping[str, str] = {head.entry.name: head.entry.sha256 for head in self._heads.values()}
        self._taken = last if last and has_same_vectors(last, encoder) else None
        same = self._taken and self._taken.manifest.settings["reading"] == reading()
        self._known = {head.entry.name: serial for serial, head in self._heads.items()} if same else {}
        self.known: Mapping[str, str] = {name: self._heads[serial].file_sha256 for name, serial in self._known.items()}
        self._unread: dict[str, list[Skipped]] = {}
        for one in last.about.skipped if last and same else ():
            self._unread.setdefault(one.name, []).append(one)
        self._documents: dict[int, DocumentHead] = {}  # by serial, in the order of the library
        self._records = Records(tables, claim.ticket, last.manifest.free if last else 1)
        self._spool = Spool()
        self._changes = CountChanges()
        self._records_gone: list[int] = []
        self._copies: dict[int, Held] = {}
        self._terms = last.manifest.terms if last else 0
        self._sums = last.manifest.sums if last else Sums(total=np.zeros(encoder.dimension))

    def add(self, document: Document) -> None:
        """See `Generation.add`."""
        serial = self._records.serials(1 + len(document.passages))
        stored = packed_document(document)
        head = head_of(document, stored)
        self._documents[serial] = head
        self._records.write({serial: stored}, key=key_of(document.name), head=head.packed())
        for number, passage in enumerate(document.passages, 1):
            kept = packed_passage(serial + number * STEP, document, passage)
            context, text = kept[4], kept[5]
            terms = Terms.of(context, text, document.language)
            self._changes.count(context, text, [*terms[0], *terms[1]], 1)
            self._terms += len(terms[0]) + len(terms[1])
            joined = " ".join(terms[0]), " ".join(terms[1])
            self._spool.add(Waiting(serial + number * STEP, serial, key_of(context, text), kept, *joined))

    def keep(self, name: str) -> Sequence[Skipped]:
        """See `Generation.keep`."""
        serial = self._known[name]
        head = self._documents[serial] = self._heads[serial]
        self._spool.skip(head.entry.passages)
        return self._unread.get(name, [])

    def contents(self) -> Contents:
        """See `Generation.contents`."""
        heads = self._documents.values()
        languages = Counter(head.entry.language for head in heads)
        left_out = (LeftOut.of(head.entry.name, head.length, head.left_out) for head in heads)
        return Contents(
            documents=len(heads),
            passages=len(self._spool),
            sentences=sum(head.sentences for head in heads),
            decoded=tuple((one.entry.name, one.encoding) for one in heads if one.encoding != "utf-8"),
            left_out=tuple(sorted((one for one in left_out if one), key=lambda one: -one.characters)),
            languages=tuple(sorted(languages.items(), key=lambda one: (-one[1], one[0]))),
        )

    @property
    def projection(self) -> Projection | None:
        """See `Generation.projection`."""
        return self._taken.projection if self._taken else None

    def begin(self, projection: Projection) -> None:
        """See `Generation.begin`."""
        self._kind = self._last.manifest.kind if self._last else self._tables.server.address.kind
        self._kind = self._kind or ("FLAT" if len(self._spool) <= EXACT_UP_TO else "HNSW")
        self._tables.create_passages(self._encoder.dimension, self._kind, len(self._spool))
        if self._taken and self._last:
            self._projection = self._last.manifest.projection
            return
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "projection.npz"
            projection.save(path)
            self._projection = self._records.store(packed_data(path.read_bytes()))

    def missing(self, start: int, end: int) -> list[int]:
        """See `Generation.missing`."""
        new = [number for number in range(start, end) if self._spool.holds(number)]
        self._copies = {}
        for first in range(0, len(new), _LOOKED_UP):
            if self._taken:
                waiting = {number: self._spool.read(number) for number in new[first : first + _LOOKED_UP]}
                self._copies |= taken_over(self._taken, waiting)
        return [number for number in new if number not in self._copies]

    def texts(self, numbers: Iterable[int]) -> list[tuple[str, str]]:
        """See `Generation.texts`: those of passages that are new."""
        return [self._spool.read(number).texts for number in numbers if self._spool.holds(number)]

    def store(self, start: int, end: int, fresh: Mapping[int, Packed]) -> None:
        """See `Generation.store`; what is neither taken over nor `fresh` was given away."""
        self._claim.check()
        numbers = (number for number in range(start, end) if number in fresh or number in self._copies)
        self._tables.insert(self._tables.passages, (row for number in numbers for row in self._rows(number, fresh)))

    def _rows(self, number: int, fresh: Mapping[int, Packed]) -> list[Row]:
        if number in fresh:
            vectors, tokens = unpacked_vectors(fresh[number].vectors), fresh[number].tokens
        else:
            vectors, tokens = self._copies[number].vectors, self._copies[number].packed
        return rows(self._spool.read(number), vectors, tokens, self._claim.ticket, self._sums)

    @property
    def writer(self) -> Writer:
        """See `Divisible.writer`."""
        return Writer(self._tables.server.address, self._claim.number, self._claim.ticket)

    def given(self, numbers: Iterable[int]) -> list[bytes]:
        """See `Divisible.given`."""
        return [self._spool.line(number) for number in numbers]

    def wrote(self, sums: Sums) -> None:
        """See `Divisible.wrote`."""
        self._claim.check()
        self._sums.add(sums)

    def publish(self, truncated: int, skipped: Sequence[Skipped]) -> Index:
        """See `Generation.publish`."""
        self._claim.check()
        gone = [serial for serial in self._heads if serial not in self._documents]
        for serial in gone:
            self._count_off(serial)
        contents = self.contents()
        last = self._last.manifest if self._last else None
        words = write_counts(self._records, self._changes, self._last)
        self._records_gone += words.gone
        counts = {"documents": contents.documents, "passages": contents.passages, "sentences": contents.sentences}
        passages = [head.entry.passages for head in self._documents.values()]
        directory = Directory(np.asarray(list(self._documents), np.int64), np.asarray(passages, np.int64))
        projections = [last.projection] if last and last.projection != self._projection else []
        self._records_gone += [last.directory, last.skipped, last.words, last.replaced, *projections] if last else []
        replaced = [[serial, self._heads[serial].entry.passages] for serial in gone], self._records_gone
        now = datetime.datetime.now(datetime.UTC)
        recent = [one for one in last.recent if time.time() - one[1] < self._kept] if last else []
        manifest = Manifest(
            format=FORMAT,
            **head(self._folder, self._encoder, self._selection, chosen=self._chosen),
            name=f"{now:%Y%m%dT%H%M%S.%f}-{secrets.token_hex(3)}",
            generation=self._claim.ticket,
            counts={**counts, "truncated": truncated},
            languages=sorted(code for code, _ in contents.languages),
            kind=self._kind,
            directory=self._records.store(directory.packed()),
            words=words.serial,
            buckets=words.buckets,
            projection=self._projection,
            skipped=self._records.store(packed([[one.name, one.reason] for one in skipped])),
            replaced=self._records.store(packed(replaced)),
            vectors=self._sums.vectors,
            total=base64.b64encode(self._sums.total.tobytes()).decode(),
            terms=self._terms,
            free=self._records.free,
            size=self._sums.size,
            recent=[*recent, *([[last.generation, time.time()]] if last else [])],
        )
        self._claim.check()
        self.publishing = True
        self._tables.insert(self._tables.records, [manifest.row()])
        if last:
            self._tables.delete(self._tables.records, f"id == {-last.generation}")
        built = MilvusIndex(self._tables, manifest)
        mark_replaced(built)
        sweep(self._tables, self._oldest(last))
        return built

    def _count_off(self, serial: int) -> None:
        """Count the words and vectors of a document no more."""
        last = self._last
        if last is None:
            return
        numbers = [
            last.directory.number(serial, serial + i * STEP) for i in range(1, self._heads[serial].entry.passages + 1)
        ]
        for one in last.whole([number for number in numbers if number is not None]):
            context, text = one.stored.context, one.stored.text
            terms = one.terms
            self._changes.count(context, text, [*terms[0], *terms[1]], -1)
            self._terms -= len(terms[0]) + len(terms[1])
            self._sums.count(one.vectors, one.size, -1)

    def _oldest(self, last: Manifest | None) -> int:
        """The first generation that somebody may still ask."""
        kept = [int(one) for one, when in last.recent if time.time() - when < self._kept] if last else []
        return min([*kept, last.generation if last else self._claim.ticket])

    def close(self) -> None:
        """Let go of what lies on this machine."""
        self._spool.close()
