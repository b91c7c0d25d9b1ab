"""Are quotations told right? A seeded corpus of them, from the shipped essay and the sets in BENCH.

    python tests/benchmarks/check_quotations.py BENCH [--each 40] [--seed 1] [--failures]

Of sentences of the essays, some are quoted as they are or in another form, some are changed, put
together from two places, or said to stand where they do not; others are from essays that are kept
out of the library. What they should be called is known; the script prints which share is.
"""

import argparse
import random
import re
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))

from small_encoder import SmallEncoder

from index.build import build
from index.opening import sink
from qa.quotations.drafts.draft import Quotation
from qa.quotations.examiner import Examiner
from qa.quotations.search import Library
from source.document import Document, Passage
from source.library import ESSAYS
from source.reading import read

SETS = ("squad", "squad-more", "chroma", "hotpot", "cranfield")
# Every so many documents of a set are kept out of the library: their sentences are absent.
KEPT_OUT = 8
FEWEST_WORDS = 7


@dataclass(frozen=True)
class Sample:
    """A sentence, its passage and its document."""

    document: Document
    passage: Passage
    text: str


Change = Callable[[str, random.Random], str | None]


def words(text: str) -> list[str]:
    return text.split(" ")


def respaced(text: str, rng: random.Random) -> str | None:
    parts = words(text)
    at = rng.randrange(1, len(parts))
    return " ".join(parts[:at]) + "\n" + "  ".join(parts[at:])


def bracketed(text: str, rng: random.Random) -> str | None:
    return f"[{text[0].swapcase()}]{text[1:]}" if text[0].isalpha() and text[1:2].islower() else None


def other_marks(text: str, rng: random.Random) -> str | None:
    changed = text.translate(str.maketrans({'"': "“", "'": "’", "“": "‘", "”": "’", "’": "'"}))
    return changed if changed != text else None


def other_dashes(text: str, rng: random.Random) -> str | None:
    changed = re.sub("[-–—]", lambda found: {"-": "–", "–": "-", "—": "--"}[found[0]], text)
    return changed if changed != text else None


def divided(text: str, rng: random.Random) -> str | None:
    long = list(re.finditer(r"(?<![\w'’-])[a-z]{8,}(?![\w'’-])", text))
    if not long:
        return None
    at = rng.choice(long).start() + 4
    return f"{text[:at]}-\n{text[at:]}"


def shortened(text: str, rng: random.Random) -> str | None:
    parts = words(text)
    if len(parts) < 14:
        return None
    first = rng.randrange(4, len(parts) - 8)
    last = rng.randrange(first + 1, len(parts) - 4)
    mark = rng.choice(["…", "...", ". . .", "[…]", "[...]"])
    return " ".join([*parts[:first], mark, *parts[last:]])


def comma_inside(text: str, rng: random.Random) -> str | None:
    return text.rstrip(".") + "," if text.endswith(".") else None


def word_changed(text: str, rng: random.Random) -> str | None:
    parts = words(text)
    at = [i for i, one in enumerate(parts) if one.isalpha() and one.islower() and len(one) > 3]
    if not at:
        return None
    i = rng.choice(at)
    parts[i] = rng.choice([one for one in ("greatly", "window", "carried", "former", "their") if one != parts[i]])
    return " ".join(parts)


def number_changed(text: str, rng: random.Random) -> str | None:
    found = list(re.finditer(r"\d", text))
    if not found:
        return None
    at = rng.choice(found).start()
    return text[:at] + str((int(text[at]) + rng.randrange(1, 10)) % 10) + text[at + 1 :] if text[at].isascii() else None


def negated(text: str, rng: random.Random) -> str | None:
    if re.search(r"\b(?:not|never|no)\b ", text):
        return re.sub(r"\b(?:not|never|no)\b ", "", text, count=1)
    found = re.search(r"\b(?:is|was|were|are|has|had|have|did|could|would|will)\b", text)
    return f"{text[: found.end()]} not{text[found.end() :]}" if found else None


def name_changed(text: str, rng: random.Random) -> str | None:
    names = list(re.finditer(r"(?<=[a-z] )[A-Z][a-z]{2,}(?![\w'’-])", text))
    if not names:
        return None
    found = rng.choice(names)
    return f"{text[: found.start()]}{rng.choice(['Harold', 'Bulgaria', 'Lisbon'])}{text[found.end() :]}"


def word_dropped(text: str, rng: random.Random) -> str | None:
    parts = words(text)
    i = rng.randrange(1, len(parts) - 2)  # what is dropped at an end is not quoted, and no change
    return " ".join([*parts[:i], *parts[i + 1 :]]) if all(map(str.isalnum, parts[i] + parts[i + 1][:1])) else None


def word_added(text: str, rng: random.Random) -> str | None:
    parts = words(text)
    parts.insert(rng.randrange(1, len(parts) - 1), rng.choice(["very", "allegedly", "almost", "no", "only"]))
    return " ".join(parts)


def words_swapped(text: str, rng: random.Random) -> str | None:
    parts = words(text)
    i = rng.randrange(1, len(parts) - 2)
    if not (parts[i].isalpha() and parts[i + 1].isalpha()) or parts[i].lower() == parts[i + 1].lower():
        return None
    parts[i], parts[i + 1] = parts[i + 1], parts[i]
    return " ".join(parts)


FORMAL: Sequence[Change] = (respaced, bracketed, other_marks, other_dashes, divided, shortened, comma_inside)
ALTERED: Sequence[Change] = (
    word_changed,
    number_changed,
    negated,
    name_changed,
    word_dropped,
    word_added,
    words_swapped,
)


class Corpus:
    """Quotations of essays, and what each should be called."""

    def __init__(self, inside: Sequence[Document], outside: Sequence[Document], seed: int) -> None:
        self._rng = random.Random(seed)
        self._inside, self._outside = inside, outside

    def quotations(self, each: int) -> Iterator[tuple[str, str, Quotation]]:
        """(kind, verdict, quotation), so many of each kind."""
        yield from self._many("verbatim", "verbatim", each * 2, self._whole)
        yield from self._many("clause", "verbatim", each, self._clause)
        for change in FORMAL:
            yield from self._many(change.__name__, "formal", each, lambda change=change: self._changed(change))
        yield from self._many("ellipsis over passages", "formal", each, self._over_passages)
        for change in ALTERED:
            yield from self._many(change.__name__, "altered", each, lambda change=change: self._changed(change))
        yield from self._many("stitched", "stitched", each, lambda: self._stitched(" "))
        yield from self._many("stitched with ellipsis", "stitched", each, lambda: self._stitched(" … "))
        yield from self._many("misplaced", "misplaced", each, self._misplaced)
        yield from self._many("another paragraph", "misplaced", each, self._another_paragraph)
        yield from self._many("absent", "absent", each * 2, self._absent)

    def _many(
        self, kind: str, verdict: str, count: int, make: Callable[[], Quotation | None]
    ) -> Iterator[tuple[str, str, Quotation]]:
        made = 0
        for _ in range(count * 200):
            quotation = make()
            if quotation is not None and made < count:
                made += 1
                yield kind, verdict, quotation
            if made == count:
                return

    def _sample(self, documents: Sequence[Document] | None = None) -> Sample:
        while True:
            document = self._rng.choice(documents or self._inside)
            if not document.passages:
                continue
            passage = self._rng.choice(document.passages)
            sentence = self._rng.choice(passage.sentences)
            text = document.text[sentence.start : sentence.end]
            if len(text.split()) >= FEWEST_WORDS and "\n" not in text and not re.search(r"[*_`]|\.\.\.|…", text):
                return Sample(document, passage, text)

    def _whole(self) -> Quotation:
        return quoted(self._sample().text)

    def _clause(self) -> Quotation:
        parts = words(self._sample().text)
        first = self._rng.randrange(len(parts) - 5)
        return quoted(" ".join(parts[first : first + self._rng.randrange(5, 20)]).strip("()[]{}\"'“”‘’,;:"))

    def _changed(self, change: Change) -> Quotation | None:
        text = self._sample().text
        changed = change(text, self._rng)
        return None if changed is None or changed == text else quoted(changed)

    def _over_passages(self) -> Quotation | None:
        one = self._sample()
        if one.passage.number >= len(one.document.passages):
            return None
        following = one.document.passages[one.passage.number]
        sentence = self._rng.choice(following.sentences)
        other = one.document.text[sentence.start : sentence.end]
        return quoted(f"{one.text} […] {other}") if len(other.split()) >= FEWEST_WORDS else None

    def _stitched(self, between: str) -> Quotation | None:
        one, other = self._sample(), self._sample()
        near = one.document is other.document and abs(one.passage.number - other.passage.number) <= 2
        return None if near or one.text == other.text else quoted(one.text + between + other.text)

    def _misplaced(self) -> Quotation | None:
        one, other = self._sample(), self._sample()
        wrong = one.document is other.document or one.text in other.document.text
        return None if wrong else quoted(one.text, other.document.name)

    def _another_paragraph(self) -> Quotation | None:
        one = self._sample()
        number = self._rng.randrange(1, 200)
        alone = one.document.text.count(one.text) == 1 and number != one.passage.number
        return quoted(one.text, f"{one.document.name}, ¶ {number}") if alone else None

    def _absent(self) -> Quotation | None:
        text = self._sample(self._outside).text
        return None if any(text in document.text for document in self._inside) else quoted(text)


def quoted(text: str, citation: str = "") -> Quotation:
    return Quotation(text, 0, len(text), 1, citation)


def library(bench: Path, folder: Path) -> tuple[list[Document], list[Document]]:
    """The documents that stand in the library in `folder`, made here, and those kept out of it."""
    essays = [path for path in sorted(ESSAYS.iterdir()) if path.suffix == ".txt"]
    inside, outside = list(essays), []
    for name in SETS:
        for number, path in enumerate(sorted((bench / name / "documents").iterdir())):
            (outside if number % KEPT_OUT == 0 else inside).append(path)
    for path in inside:
        (folder / path.name).write_bytes(path.read_bytes())
    kept = {path.name for path in inside}
    known = [read(folder / name, name) for name in sorted(kept)]
    return known, [read(path, path.name) for path in outside if path.name not in kept]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("bench", type=Path)
    parser.add_argument("--each", type=int, default=40)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--failures", action="store_true", help="show what is told wrong")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as work:
        folder = Path(work) / "essays"
        folder.mkdir()
        inside, outside = library(options.bench, folder)
        index, report = build(folder, sink(Path(work) / "index"), encoder=SmallEncoder(), progress=None, chosen=None)
        print(report)
        with index:
            examiner = Examiner(Library(index))
            told: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
            spent, words = 0.0, 0
            for kind, verdict, quotation in Corpus(inside, outside, options.seed).quotations(options.each):
                begun = time.process_time()
                found = examiner.finding(quotation)
                spent += time.process_time() - begun
                words += len(quotation.text.split())
                told[verdict, kind][found.verdict] += 1
                if options.failures and found.verdict != verdict:
                    print(f"\n{kind}: {found.verdict}, not {verdict}: {quotation.text!r} ({quotation.citation})")
                    print(f"  {found.originals}")
    show(told)
    print(f"{words:,} quoted words in {spent:.1f} s of the processor's time")


def show(told: dict[tuple[str, str], Counter[str]]) -> None:
    shares: dict[str, Counter[bool]] = defaultdict(Counter)
    for (verdict, kind), counts in told.items():
        shares[verdict] += Counter({True: counts[verdict], False: counts.total() - counts[verdict]})
        others = ", ".join(f"{count} {one}" for one, count in counts.items() if one != verdict)
        print(f"{verdict:<10} {kind:<24} {counts[verdict]:>4} of {counts.total():>4}  {others}")
    for verdict, right in shares.items():
        print(f"{verdict:<10} {right[True] / right.total():.3f} of {right.total()}")
    hidden = sum(counts["verbatim"] + counts["formal"] for (one, _), counts in told.items() if one == "altered")
    print(f"altered ones called verbatim or formal: {hidden}")


if __name__ == "__main__":
    main()
