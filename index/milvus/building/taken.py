"""What a new generation takes over from the one before: vectors of passages of which the model would read the same."""

from __future__ import annotations

from collections.abc import Mapping

from index.encoding.encoder import Encoder
from index.encoding.projection import shipped_projection
from index.milvus.building.writing import Waiting
from index.milvus.index import MilvusIndex
from index.milvus.reading import Held
from index.milvus.tables import PART_BITS
from index.numbers import PassageNumber


def has_same_vectors(last: MilvusIndex, encoder: Encoder) -> bool:
    """Whether vectors of the generation `last` are those that a build with `encoder` would make."""
    shipped = shipped_projection(encoder.fingerprint)
    return (
        last.model_sha256 == encoder.fingerprint
        and last.manifest.settings["window"] == encoder.window
        and last.manifest.counts["truncated"] == 0
        and last.statistics.passages > 0
        and (shipped is None or last.projection.equals(shipped))
    )


def taken_over(last: MilvusIndex, waiting: Mapping[int, Waiting]) -> dict[int, Held]:
    """The passages of the generation `last` that say what those that are `waiting` do, by the numbers of these."""
    keys = sorted({one.key for one in waiting.values()})
    tables, generation = last.tables, last.manifest.generation
    condition = f"key in {keys} and born <= {generation} and gone > {generation}"
    rows = tables.where(tables.passages, condition, ["id", "document", "key"], "Strong")
    at = {int(row["key"]): last.directory.number(row["document"], row["id"] >> PART_BITS) for row in rows}
    wanted = {number: found for number, one in waiting.items() if (found := at.get(one.key)) is not None}
    held = last.whole([PassageNumber(found) for found in wanted.values()])
    same = zip(wanted, held, strict=True)
    return {n: one for n, one in same if (one.stored.context, one.stored.text) == waiting[n].texts}
