"""The counts of words that a generation changes, written anew; the others stay where the one before has them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from index.milvus.building.records import Records
from index.milvus.counts import CountChanges, Part, buckets_for, unpacked_part
from index.milvus.index import MilvusIndex
from index.milvus.packing import packed


class WordCounts(NamedTuple):
    """How many `buckets` the counts are divided into, the `serial` of their list, and the records that are `gone`."""

    buckets: int
    serial: int
    gone: list[int]


def write_counts(records: Records, changes: CountChanges, last: MilvusIndex | None) -> WordCounts:
    """Write the counts of words that change from those of the generation `last`."""
    buckets = last.manifest.buckets if last else buckets_for(len(changes))
    serials = last.buckets if last else [0] * buckets

    def before(numbers: Sequence[int]) -> Iterator[Part]:
        for number in numbers:
            yield unpacked_part(last.record(serials[number])) if last and serials[number] else {}

    new = list(serials)
    texts: dict[int, str] = {}
    for number, text in changes.applied(buckets, before):
        new[number] = records.serials(1)
        texts[new[number]] = text
    records.write(texts)
    gone = [old for old, now in zip(serials, new, strict=True) if old and old != now]
    return WordCounts(buckets, records.store(packed(new)), gone)
