"""Whether a collection in Milvus answers whole sets of questions as the index on disk does, quote by quote.

    python tests/run_milvus.py tests/benchmarks/compare_milvus.py BENCH [SET]... [--work FOLDER] [--limit N] [--read N]

BENCH is the folder of the question sets. All questions of each set, or up to so many, are asked without the reader,
and some of them with it. A row, a JSON object, says how many answers had the same verdict, and the same quotes with the
same marks in the same order, the largest difference of two confidences, and what `quoth eval` says of each index. What
is built stays in FOLDER.
"""

import argparse
import json
import tempfile
from collections.abc import Sequence
from pathlib import Path

from large_library import RecordedEncoder
from milvus_beside import LOCAL, beside, lite_server
from natural_set import make as make_natural

from index.encoding.encoder import Encoder
from index.encoding.loading import load_encoder
from index.protocol import Index
from qa.answer import Answer
from qa.evaluation.evaluate import evaluate
from qa.ranking.minilm_reader import load_reader
from qa.ranking.reader import Reader
from qa.retriever import Retriever

SETS = ("squad", "natural", "hotpot", "cranfield")
KINDS = ("FLAT", "IVF_FLAT")


class Kept:
    """Passes questions on to `retriever` and keeps the answers."""

    def __init__(self, retriever: Retriever) -> None:
        self._retriever = retriever
        self.index = retriever.index
        self.answers: list[Answer] = []

    def answer(self, question: str, k: int) -> Answer:
        self.answers.append(self._retriever.answer(question, k))
        return self.answers[-1]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("bench", type=Path)
    parser.add_argument("sets", nargs="*", metavar="SET", default=SETS)
    parser.add_argument("--work", type=Path, default=Path(tempfile.gettempdir()) / "quoth-compare-milvus")
    parser.add_argument("--limit", type=int, metavar="N")
    parser.add_argument("--read", type=int, default=100, metavar="N")
    options = parser.parse_args()
    encoder = load_encoder()
    recorded = RecordedEncoder(encoder, options.work / "read-passages")
    with lite_server(options.work) as server:
        for name in options.sets:
            natural = name == "natural"
            folder = make_natural(options.bench, options.work / "natural-set") if natural else options.bench / name
            both = beside(folder / "documents", name, options.work, server, lambda: recorded, KINDS)
            for reader, limit in ((None, options.limit), (load_reader(), options.read)):
                runs = {kind: asked(folder, index, encoder, reader, limit) for kind, index in both.indexes.items()}
                for kind in KINDS:
                    compared = beside_each_other(runs[LOCAL][1], runs[kind][1])
                    measures = {"local": runs[LOCAL][0], "milvus": runs[kind][0]}
                    row = {"set": name, "kind": kind, "reader": reader is not None, **compared, **measures}
                    print(json.dumps(row), flush=True)


def asked(
    folder: Path, index: Index, encoder: Encoder, reader: Reader | None, limit: int | None
) -> tuple[dict[str, float], Sequence[Answer]]:
    """What `quoth eval` says of an index, without its times, and the answers."""
    kept = Kept(Retriever(index, encoder, reader=reader))
    run = evaluate(folder, kept, limit=limit)  # type: ignore[arg-type]
    return {name: value for name, value in run.measures.items() if not name.startswith("ms")}, kept.answers


def beside_each_other(local: Sequence[Answer], milvus: Sequence[Answer]) -> dict[str, float]:
    """How alike two lists of answers are."""
    pairs = list(zip(local, milvus, strict=True))
    apart = [abs(one.confidence - other.confidence) for one, other in pairs]
    return {
        "questions": len(pairs),
        "same_quotes": sum(quoted(one) == quoted(other) for one, other in pairs),
        "same_first": sum(quoted(one)[:1] == quoted(other)[:1] for one, other in pairs),
        "same_verdict": sum(one.verdict == other.verdict for one, other in pairs),
        "confidence_apart": max(apart),
    }


def quoted(answer: Answer) -> list[tuple[str, int, int, tuple[str, ...]]]:
    """What is quoted, in order, and what is marked of it."""
    return [(one.document.name, one.start, one.end, tuple(one.marked)) for one in answer.quotes]


if __name__ == "__main__":
    main()
