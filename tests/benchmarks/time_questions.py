"""How long a question takes over many passages, and whether "none" still means none there.

    python tests/benchmarks/time_questions.py PASSAGES SET...

Each SET is a folder as `quoth eval` reads it. An index of at least PASSAGES passages is made of
their documents; where they are too few, the paragraphs are used again with their sentences in
another order. Then questions of the sets are asked, and questions that are about something else.
"""

import itertools
import json
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from index.build import build
from index.encoder import load_encoder
from qa.evaluate import questions
from qa.retriever import Retriever
from source.document import Document
from source.library import read_library

TESTS = Path(__file__).parents[1]


def main() -> None:
    wanted, sets = int(sys.argv[1]), [Path(folder) for folder in sys.argv[2:]]
    encoder = load_encoder()
    with tempfile.TemporaryDirectory() as work:
        folder = Path(work) / "essays"
        folder.mkdir()
        count = 0
        for i, (text, passages) in enumerate(texts(sets)):
            if count >= wanted:
                break
            (folder / f"{i:06d}.txt").write_text(text, encoding="utf-8")
            count += passages
        started = time.perf_counter()
        snapshot, report = build(folder, Path(work) / "index", encoder=encoder)
        seconds = time.perf_counter() - started
        size = sum(path.stat().st_size for path in snapshot.folder.iterdir())
        print(f"{report}; {report.passages / seconds:.0f} passages/s, {size / report.passages:.0f} bytes a passage")
        ask(Retriever(snapshot, encoder), sets)


def texts(sets: list[Path]) -> Iterator[tuple[str, int]]:
    """The documents of the sets, then again and again with the sentences of each paragraph shuffled."""
    documents = [d for s in sets for d in read_library(s / "documents") if isinstance(d, Document)]
    for turn in itertools.count():
        for document in documents:
            paragraphs = [[document.text[s.start : s.end] for s in p.sentences] for p in document.passages]
            for sentences in paragraphs if turn else []:
                random.Random(turn).shuffle(sentences)
            body = "\n\n".join(" ".join(sentence.split("\n\n")[0] for sentence in p) for p in paragraphs)
            yield f"{document.title}\n\n{body}\n", len(paragraphs)


def ask(retriever: Retriever, sets: list[Path]) -> None:
    asked = [q.question for s in sets for q in questions(s, 60) if q.answerable]
    files = [TESTS / name for name in ("essay_questions.jsonl", "offtopic_questions.jsonl")]
    lines = [line for path in files for line in path.read_text(encoding="utf-8").splitlines()]
    foreign = [json.loads(line)["question"] for line in lines]
    retriever.answer(asked[0])
    times, statuses = [], []
    for question in asked:
        started = time.perf_counter()
        statuses.append(retriever.answer(question).status)
        times.append((time.perf_counter() - started) * 1000)
    p50, p95 = np.quantile(times, [0.5, 0.95])
    refused = np.mean([retriever.answer(question).status == "none" for question in foreign])
    print(
        f"{len(asked)} questions: p50 {p50:.1f} ms, p95 {p95:.1f} ms; {np.mean(np.array(statuses) == 'none'):.3f} none"
    )
    print(f"{len(foreign)} questions about something else: {refused:.3f} none")


if __name__ == "__main__":
    main()
