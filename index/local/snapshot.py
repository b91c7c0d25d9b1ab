"""The index on disk: immutable snapshots, one of which is current.

INDEX/
  CURRENT                 the current snapshot's name and its manifest's checksum; replaced atomically
  LOCK                    held while a build runs
  snapshots/NAME/
    what `index.local.files.names.TABLE` lists, and the token files

Every file is checked when the index is opened; the .bin files, where they are large, block by
block before anything of a block is used, and again once somebody has written to them. What is read
of documents and passages is compared with its SHA-256 each time.
"""

from __future__ import annotations

import heapq
import sys
import zipfile
from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache
from itertools import islice
from pathlib import Path

from index.encoding.arrays import load_array, load_arrays
from index.encoding.encoder import Vectors
from index.encoding.projection import Projection
from index.encoding.tokens import row_size
from index.local.files import frequent, full_text
from index.local.files.checksums import Blocks, CheckedFile, checksum
from index.local.files.names import (
    APPROXIMATE,
    BLOCKED,
    BLOCKS,
    DIGESTS,
    FILES,
    LENGTHS,
    LIST_STARTS,
    LISTS,
    MANIFEST,
    ORDER,
    PROJECTION,
    STATISTICS,
    TEXT,
    TOKENS,
    VECTORS,
    shared_kind,
)
from index.local.files.order import Numbers, Order
from index.local.files.records import Stock
from index.local.files.rows import Rows
from index.local.files.shared_rows import SharedRows
from index.local.files.storage import TextFile
from index.local.files.token_files import TokenFiles
from index.local.files.vectors import PassageVectors
from index.local.leases import Lease
from index.local.location import check_name, default_location, mending
from index.local.manifest import Manifest, leased
from index.numbers import DocumentNumber, PassageNumber
from index.protocol import About, Closing, Entry, Hit, Statistics, Stored, Tokens
from index.words import lexical, stems
from index.words.scored import Terms
from source.document import Document
from source.errors import DamagedIndex, UserError
from source.proof import Sources, Standing

# Files that are read here and there are checked by blocks as they are read, but for so many bytes of
# them, which are checked when the index is opened.
CHECKED_WHOLE = 256 << 20
# Of phrase matches by stems, so many are read to see whether they hold the phrase literally.
_PHRASE_CANDIDATES = 1000


class Snapshot(Closing):
    """One immutable, complete index on disk; the local `Index`. Safe to use from many threads."""

    def __init__(
        self, folder: Path, manifest: Manifest, blocks: Mapping[str, Blocks], late: Collection[str], mend: str
    ) -> None:
        self.folder = folder
        self.name = folder.name
        self.manifest = manifest
        self.model = manifest.model
        self.model_sha256 = manifest.model_sha256
        self._mend = mend
        self._sources = Sources(Path(manifest.source), manifest.built, manifest.selection)
        self.stock = Stock(load_arrays(folder / DIGESTS), load_array(folder / LENGTHS))
        self.order = Order.open(folder / ORDER, len(self.stock.lengths))
        self._text = TextFile(folder / TEXT, self.stock.digests, self.order, _damaged(TEXT, mend))
        self._languages = self._text.languages()
        self.projection = Projection.open(folder / PROJECTION)
        self._checked = checked = {
            name: CheckedFile(folder / name, blocks[name], _damaged(name, mend), checked=name not in late)
            for name in manifest.files
            if name.endswith(BLOCKED)
        }
        lists = folder / APPROXIMATE
        self._vectors = PassageVectors(
            self._shared(VECTORS, 2 * manifest.dimension), self.order, lists if lists.exists() else None
        )
        self.token_files = TokenFiles(self._shared(TOKENS, row_size(self.projection)), self.projection)
        words = Rows(checked[LISTS], load_array(folder / LIST_STARTS), frequent.RECORD.itemsize)
        self.frequent_terms = frequent.FrequentTerms(words, self.stock.lengths, self.order)
        self.statistics = Statistics(
            manifest.counts["passages"],
            len(self._vectors),
            load_arrays(folder / STATISTICS)["mean"],
            int(self.stock.lengths[self.order.slots].sum()),
            tuple(self._languages),
        )
        self._lease: Lease | None = None
        self._document = lru_cache(maxsize=128)(self._text.document)
        self._digest = lru_cache(maxsize=4096)(self._text.digest)

    def _shared(self, kind: str, size: int) -> SharedRows:
        files = {name: file for name, file in self._checked.items() if shared_kind(name) == kind}
        return SharedRows(self.folder, kind, files, size)

    @classmethod
    def open(
        cls,
        location: Path | str | None = None,
        *,
        checked_whole: int = CHECKED_WHOLE,
        taken_over: Collection[str] | None = None,
    ) -> Snapshot:
        """Open the current snapshot of the index at `location` (default: `default_location()`).

        Of the `BLOCKED` files, those that do not fit into `checked_whole` bytes are checked as they are read.
        If this process has just written the snapshot and taken the checksums of its files from the disk, only those
        are that were `taken_over` from the one before. Raises NoIndex if there is none, and DamagedIndex if it has
        another format or any of its files is missing or not what was written; the message names the command that
        mends it.
        """
        location = Path(location) if location is not None else default_location()
        check_name(location)
        folder, written, lease = leased(location)
        manifest = Manifest.read(folder / MANIFEST, written, location)
        mend = mending(location, manifest.origin)
        late = _checked(folder, manifest, checked_whole, mend) if taken_over is None else taken_over
        try:
            snapshot = cls(folder, manifest, load_arrays(folder / BLOCKS), late, mend)
        except (OSError, ValueError, LookupError, RuntimeError, zipfile.BadZipFile) as error:
            raise DamagedIndex(f"The index cannot be opened ({error}); rebuild it: {mend}") from error
        snapshot._lease = lease
        return snapshot

    @classmethod
    def usable(cls, location: Path) -> Snapshot | None:
        """The current snapshot of the index at `location`, all checked; None if there is none that can be used."""
        try:
            return cls.open(location, checked_whole=sys.maxsize)
        except UserError:
            return None

    def check(self, name: str, copy: Path | None = None) -> None:
        """Compare a file, or a `copy` of it, with its checksum once more. Raises DamagedIndex if it is another."""
        if checksum(copy or self.folder / name) != self.manifest.files[name]:
            raise DamagedIndex(_damaged(name, self._mend))

    @property
    def about(self) -> About:
        """See `Index.about`."""
        return self.manifest.about(
            self.folder.parent.parent, sum(file.stat().st_size for file in self.folder.iterdir())
        )

    @property
    def entries(self) -> list[Entry]:
        """All documents, in the order of the library."""
        return self._text.entries()

    def nearest(self, vector: Vectors, k: int, documents: Collection[str] | None = None) -> list[Hit]:
        """See `Index.nearest`."""
        return self._vectors.nearest(vector, k, self._among(self._ids(documents)))

    def matching(self, words: Sequence[str], k: int, documents: Collection[str] | None = None) -> list[Hit]:
        """See `Index.matching`."""
        ids = self._ids(documents)
        terms = stems.terms(words, self._languages)
        with self._text.connection() as connection:
            found = self.frequent_terms.search(connection, terms, k, ids, self._among(ids))
        return [Hit(*hit) for hit in found]

    def word_scores(self, words: Sequence[str], numbers: Sequence[PassageNumber]) -> list[float]:
        """See `Index.word_scores`."""
        with self._text.connection() as connection:
            return self.frequent_terms.scores(connection, stems.terms(words, self._languages), numbers)

    def containing(self, phrases: Sequence[str], k: int, documents: Collection[str] | None = None) -> list[Hit]:
        """See `Index.containing`."""
        with self._text.connection() as connection:
            found = full_text.search_phrases(connection, phrases, self._languages, self._ids(documents))
        hits = [Hit(self.order.number(slot), score) for slot, score in found]
        best = sorted(hits, key=lambda hit: (-hit.score, hit.passage))[: max(k, _PHRASE_CANDIDATES)]
        texts = self.passages([hit.passage for hit in best])
        literal = [all(lexical.holds(stored.text, phrase) for phrase in phrases) for stored in texts]
        return [hit for hit, holds in zip(best, literal, strict=True) if holds][:k]

    def following(self, words: Sequence[str], k: int, documents: Collection[str] | None = None) -> list[PassageNumber]:
        """See `Index.following`."""
        ids = self._ids(documents)
        with self._text.connection() as connection:
            found = full_text.passages_following(connection, words, self._languages, ids)
            numbers = (self.order.number(slot) for slot in found)
            return list(islice(numbers, k)) if self.order.straight else heapq.nsmallest(k, numbers)

    def frequencies(self, words: Sequence[str]) -> Mapping[str, int]:
        """See `Index.frequencies`."""
        return self._text.frequencies(words)

    def term_counts(self, terms: Sequence[str]) -> Mapping[str, int]:
        """See `Index.term_counts`."""
        with self._text.connection() as connection:
            return self.frequent_terms.holding(connection, terms)

    def terms(self, numbers: Sequence[PassageNumber]) -> list[Terms]:
        """See `Index.terms`."""
        slots = self.order.at(numbers)
        texts = zip(self._text.passages(slots), self._text.languages_of(slots), strict=True)
        return [Terms.of(one.context, one.text, language) for one, language in texts]

    def passages(self, numbers: Sequence[PassageNumber]) -> list[Stored]:
        """See `Index.passages`."""
        return self._text.passages(self.order.at(numbers))

    def tokens(self, numbers: Sequence[PassageNumber]) -> list[Tokens]:
        """See `Index.tokens`."""
        return self.token_files.tokens(self.order.at(numbers))

    def vectors(self, numbers: Sequence[PassageNumber]) -> Vectors:
        """See `Index.vectors`."""
        return self._vectors.first(numbers)

    @property
    def rows(self) -> SharedRows:
        """The vectors of the passages as they were written."""
        return self._vectors.rows

    def files(self) -> dict[str, tuple[DocumentNumber, str]]:
        """The number of each document, and the SHA-256 of its file, by its name."""
        return self._text.files()

    def keyed(self, keys: Sequence[bytes]) -> list[int]:
        """Where a passage with each of these keys lies, -1 where there is none."""
        return self._text.keyed(keys)

    def document(self, name: str) -> Document:
        """See `Index.document`."""
        return self._document(name)

    @property
    def unchecked(self) -> str:
        """See `Index.unchecked`."""
        return self._sources.unchecked

    def sources(self, name: str) -> Sources:  # noqa: ARG002 (all were read there)
        """See `Index.sources`."""
        return self._sources

    def standing(self, name: str, start: int, end: int) -> Standing:
        """See `Index.standing`."""
        return self._sources.standing(name, start, end, lambda: self._digest(name), lambda: self._document(name))

    def close(self) -> None:
        """See `Index.close`; the snapshot may be removed then. What is dropped without it closes itself."""
        self._text.close()
        for file in self._checked.values():
            file.close()
        if self._lease is not None:
            self._lease.close()

    def _ids(self, documents: Collection[str] | None) -> list[DocumentNumber] | None:
        return None if documents is None else self._text.ids(documents)

    def _among(self, documents: Collection[DocumentNumber] | None) -> Numbers | None:
        """The passages of these documents, None for all."""
        return None if documents is None else self.order.of_documents(documents)


def _checked(folder: Path, manifest: Manifest, checked_whole: int, mend: str) -> list[str]:
    """Compare the files of a snapshot with their checksums; the names of those that are to be checked as they are read.

    Raises DamagedIndex if one is missing or not what was written.
    """
    late = []
    for name in sorted({*FILES, *manifest.files}):
        try:
            size = (folder / name).stat().st_size if name.endswith(BLOCKED) else 0
            if size > checked_whole:
                late.append(name)
            elif checksum(folder / name) != manifest.files.get(name):
                raise DamagedIndex(_damaged(name, mend))
            else:
                checked_whole -= size
        except OSError as error:
            raise DamagedIndex(f"The index lacks its file {name}; rebuild it: {mend}") from error
    return late


def _damaged(name: str, mend: str) -> str:
    return f"The index's file {name} is not as it was written; rebuild it: {mend}"
