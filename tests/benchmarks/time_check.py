"""How long does it take to check a draft against a large library?

    python tests/benchmarks/time_check.py BENCH [--passages 100000] [--quotations 100] [--work FOLDER]

The library is that of `large_library.py`, read by a small encoder, as only exact search and words are asked. The draft
has a hundred words of its own for each quotation; quoted are the words around the meeting of two sentences of a
passage, which stand nowhere else: as they are, shortened, with a word changed, two of them as one, or words that no
essay has. Prints the time of the processor. `--work` keeps the index there for the next time.
"""

import argparse
import random
import sys
import tempfile
import time
from functools import lru_cache
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))

import small_encoder
from large_library import write_library

from index.build import build
from index.opening import open_index, sink
from index.protocol import Index
from qa.quotations.check import check_draft
from source.document import Document
from source.reading import read_data

OWN = "This is what the draft itself says of the matter at hand, in words of its own that nobody quotes. " * 4
WORDS = 12  # on each side of a sentence's end


def quoted(index: Index, rng: random.Random) -> str:
    """The words on both sides of the end of a passage's first sentence."""
    while True:
        document = index.document(rng.choice(index.entries).name)
        passage = rng.choice(document.passages)
        if len(passage.sentences) > 1:
            one, other = (document.text[each.start : each.end].split() for each in passage.sentences[:2])
            return " ".join(one[-WORDS:] + other[:WORDS])


def draft(index: Index, count: int) -> Document:
    """A draft with so many quotations."""
    rng = random.Random(1)
    paragraphs = []
    for number in range(count):
        words = quoted(index, rng).split()
        kinds = (
            words,
            words,
            [*words[:5], "…", *words[-5:]],
            [*words[:5], "window", *words[6:]],
            [*words, *quoted(index, rng).split()],
            f"The moon of Zorgon {number} was never painted by forty green accountants".split(),
        )
        paragraphs.append(f"{OWN}“{' '.join(kinds[number % len(kinds)])}”.")
    return read_data("\n\n".join(paragraphs).encode(), "draft.md")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("bench", type=Path)
    parser.add_argument("--passages", type=int, default=100_000)
    parser.add_argument("--quotations", type=int, default=100)
    parser.add_argument("--work", type=Path)
    options = parser.parse_args()
    small_encoder._vector = lru_cache(500_000)(small_encoder._vector)
    with tempfile.TemporaryDirectory() as made:
        work = options.work or Path(made)
        if not (work / "index").exists():
            write_library(work / "essays", options.bench, options.passages)
            built, made_of = build(work / "essays", sink(work / "index"), encoder=small_encoder.SmallEncoder())
            built.close()
            print(made_of)
        with open_index(work / "index") as index:
            text = draft(index, options.quotations)
            started = time.process_time()
            report = check_draft(text, index)
            spent = time.process_time() - started
            print(f"{report!r}, {len(text.text.split()):,} words: {spent:.1f} s of the processor's time")


if __name__ == "__main__":
    main()
