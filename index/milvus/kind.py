"""The index over Milvus, by its address: see `index.opening`. One builder at a time, who first undoes what one left."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

from index.encoding.encoder import DEFAULT_MODEL, Encoder
from index.milvus.address import Address
from index.milvus.building.claims import Claim
from index.milvus.building.generation import MilvusGeneration
from index.milvus.building.replaced import mark_replaced, undo
from index.milvus.index import MilvusIndex
from index.milvus.manifest import CLAIMS, newest
from index.milvus.reading import KEPT
from index.milvus.server import MilvusServer
from index.milvus.tables import Tables
from index.protocol import Index, Origin
from source.errors import DamagedIndex, NoIndex
from source.selection import ALL, Selection


def open_index(address: str) -> Index:
    """See `index.opening.open_index`."""
    tables = _tables(address)
    return MilvusIndex(tables, newest(tables))


def current(address: str) -> str:
    """See `index.opening.current`."""
    return newest(_tables(address)).name


def origin(address: str) -> Origin:
    """See `index.opening.origin`."""
    return newest(_tables(address)).origin


def sink(address: str) -> MilvusSink:
    """See `index.opening.sink`."""
    return MilvusSink(Address.of(address))


def _tables(address: str) -> Tables:
    return Tables(MilvusServer(Address.of(address)))


class MilvusSink:
    """Takes generations of the index at `address`; what they replace is `kept` for so many seconds."""

    def __init__(self, address: Address, kept: float = KEPT) -> None:
        self._tables = Tables(MilvusServer(address))
        self._kept = kept

    @contextlib.contextmanager
    def generation(
        self,
        folder: Path,
        encoder: Encoder,
        *,
        chosen: bool | None,
        selection: Selection = ALL,
    ) -> Iterator[MilvusGeneration]:
        """See `Sink.generation`."""
        tables = self._tables
        tables.create_records()
        with Claim(tables, self._published()) as claim:
            last = self._last()
            undo(tables, last.manifest.generation if last else 0)
            if last:
                mark_replaced(last)
            if chosen is None:
                same = last is not None and last.model == encoder.model
                chosen = last.manifest.origin.chosen if last and same else encoder.model != DEFAULT_MODEL
            new = MilvusGeneration(
                tables, claim, last, folder, encoder, chosen=chosen, selection=selection, kept=self._kept
            )
            try:
                yield new
            except BaseException:
                if not new.publishing:  # else it may be there: the next builder will see
                    undo(tables, last.manifest.generation if last else 0)
                raise
            finally:
                new.close()

    def _published(self) -> int:
        """The highest generation that was ever published, whatever is wrong with it; 0 if there is none."""
        rows = self._tables.where(self._tables.records, f"id < 0 and id > {CLAIMS}", ["id"], "Strong")
        return max((-int(row["id"]) for row in rows), default=0)

    def _last(self) -> MilvusIndex | None:
        """The current generation; None if there is none that can be read."""
        try:
            return MilvusIndex(self._tables, newest(self._tables))
        except (NoIndex, DamagedIndex):
            if self._tables.exist(self._tables.passages):
                self._tables.server.ask("drop_collection", self._tables.passages)
            return None
