"""How long a question takes over a collection in Milvus Lite, beside the same passages in an index on disk.

    python tests/run_milvus.py tests/benchmarks/time_milvus.py BENCH [--passages N]... [--questions N] [--work FOLDER]

BENCH is the folder of the question sets; see large_library.py for what the passages are. Each question is asked of
both in turn; a row, a JSON object, has the milliseconds of each, with the parts in which it asks the index, and what
the processor computed of them for this process and for the server. N questions are taken of each of four sets. What
is built stays in FOLDER.
"""

import argparse
import json
import tempfile
import time
from collections.abc import Mapping, Sequence
from functools import cache, partial
from pathlib import Path

import numpy as np
from large_library import REAL, SETS, RecordedEncoder, SyntheticEncoder, sentences, write_library
from milvus_beside import beside, lite_server
from milvus_server import LiteServer
from timed import Timed

from index.encoding.encoder import Encoder
from index.encoding.loading import load_encoder
from index.protocol import Index
from qa.evaluation.evaluate import questions
from qa.ranking.minilm_reader import load_reader
from qa.ranking.reader import Reader
from qa.retriever import Retriever

SIZES = (10_000, 100_000)
PARTS = ("nearest", "matching", "word_scores", "frequencies", "passages", "tokens", "vectors", "document", "standing")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("bench", type=Path)
    parser.add_argument("--passages", type=int, action="append")
    parser.add_argument("--questions", type=int, default=60)
    parser.add_argument("--work", type=Path, default=Path(tempfile.gettempdir()) / "quoth-time-milvus")
    options = parser.parse_args()
    real = load_encoder()
    texts = [q.question for name in SETS for q in questions(options.bench / name, options.questions) if q.answerable]
    with lite_server(options.work) as server:
        for passages in options.passages or SIZES:
            name = f"passages-{passages}"
            essays = options.work / name / "essays"
            if not essays.exists():
                write_library(essays, options.bench, passages)
            encoder = cache(partial(encoder_of, passages, real, options.bench, options.work))
            both = beside(essays, name, options.work, server, encoder)
            for reader, some in ((None, texts), (load_reader(), texts[::4])):
                for kind, row in asked(both.indexes, real, reader, some, server).items():
                    what = {"passages": both.indexes[kind].statistics.passages, "index": kind, "reader": bool(reader)}
                    print(json.dumps({**what, "built_in": both.seconds.get(kind), **row}), flush=True)


def encoder_of(passages: int, real: Encoder, bench: Path, work: Path) -> Encoder:
    """What reads so many passages."""
    if passages <= REAL:
        return RecordedEncoder(real, work / "read-passages")
    return SyntheticEncoder(real, sentences(bench), work / "read-sentences")


def asked(
    indexes: Mapping[str, Index], encoder: Encoder, reader: Reader | None, texts: Sequence[str], server: LiteServer
) -> dict[str, dict[str, object]]:
    """Milliseconds a question, by index."""
    timed = {kind: Timed(index, {part: part for part in PARTS}) for kind, index in indexes.items()}
    retrievers = {kind: Retriever(one, encoder, reader=reader) for kind, one in timed.items()}  # type: ignore[arg-type]
    times: dict[str, list[float]] = {kind: [] for kind in indexes}
    own, served = dict.fromkeys(indexes, 0.0), dict.fromkeys(indexes, 0.0)
    for warm in (False, True):  # what the first time reads of words is at hand the second time
        for text in texts:
            for kind, retriever in retrievers.items():
                started, before, computed = time.perf_counter(), time.process_time(), server.computed()
                retriever.answer(text)
                if warm:
                    times[kind].append(1000 * (time.perf_counter() - started))
                    own[kind] += time.process_time() - before
                    served[kind] += server.computed() - computed
        if not warm:
            for one in timed.values():
                one.seconds.clear()
    per = 1000 / len(texts)
    return {
        kind: {
            "questions": len(texts),
            **{f"p{q}": round(float(np.percentile(times[kind], q)), 1) for q in (50, 95)},
            "processor": round(per * own[kind], 1),
            "of_the_server": round(per * served[kind], 1),
            "parts": {part: round(per * seconds, 1) for part, seconds in timed[kind].seconds.items()},
        }
        for kind in indexes
    }


if __name__ == "__main__":
    main()
