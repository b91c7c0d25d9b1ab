"""Questions and passages as tokens: what both trainings learn from.

TRAINING is a folder with `passages.jsonl.xz` and `questions.jsonl` (its README tells their form), BENCH one of
question sets, of which squad, without the six articles of `unseen_sets.SIX`, and squad-more are learnt from too.
"""

import json
import lzma
import random
import re
from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from unseen_sets import SIX

from index.encoding.encoder import Encoded
from index.encoding.minilm import WINDOW, rarity, tokenizer
from index.words import lexical
from index.words.folding import fold
from qa.ranking.scoring import read_question, word_weights
from source.document import Document
from source.library import read_library

# The number of a token that is in no sentence: of title and headings, and of the model's own.
TITLE, NONE = -1, -2
_LONGEST_QUESTION = 62  # tokens
# What is exchanged to make a near miss of an answered question, each for another of its kind: names that do not begin
# a sentence, years, other numbers.
_EXCHANGED = (
    re.compile(r"(?<=[a-z,;] )[A-Z][\w'’-]*(?: [A-Z][\w'’-]*)*"),
    re.compile(r"\b1\d{3}\b|\b20\d\d\b"),
    re.compile(r"(?<![\d.,])\d{1,3}(?:[.,]\d+)*(?![\d.,])"),
)
# Or a word for its opposite, or what is asserted for its denial.
_OPPOSITES = (
    "first last, largest smallest, highest lowest, oldest youngest, most least, best worst, biggest smallest, more "
    "less, before after, early late, earlier later, increase decrease, increased decreased, rise fall, north south, "
    "northern southern, east west, eastern western, northeast southwest, northwest southeast, male female, men women, "
    "father mother, son daughter, brother sister, king queen, win lose, won lost, begin end, began ended, start stop, "
    "started stopped, open close, opened closed, longest shortest, positive negative, major minor, high low, higher "
    "lower, large small, larger smaller, strong weak, stronger weaker, old new, rich poor, success failure, above "
    "below, upper lower, inside outside, maximum minimum, accept reject, accepted rejected, support oppose, supported "
    "opposed, allow forbid, allowed forbidden, common rare, majority minority, hot cold, buy sell, bought sold, "
    "arrive leave, arrived left, ancient modern, private public, rural urban, enemy ally"
)
_OPPOSITE = {one: other for pair in _OPPOSITES.split(", ") for one, other in (pair.split(), reversed(pair.split()))}
_WORD = re.compile(r"(?<![\w'’-])[a-z]+(?![\w'’-])")
_DENIALS = 0.15
_ASSERTS = re.compile(r"(?<![\w'’-])(?:is|are|was|were|do|does|did|has|have|had|could|would)(?![\w'’-])")


@dataclass(frozen=True)
class Passage:
    """A passage of `document`: its tokens, and the number of the sentence each is in."""

    document: str
    ids: Sequence[int]
    sentence: Sequence[int]


@dataclass(frozen=True)
class Question:
    """A question: its tokens and their weights; the passages that answer, each with the numbers of the sentences
    that do; or the one that only looks as if it did. `words` are the places of the answer's tokens in the first
    passage that answers; `made_of` is the answered question that this near miss was made of, by its number."""

    ids: Sequence[int]
    weights: Sequence[float]
    answering: Sequence[tuple[int, Sequence[int]]]
    near: int | None
    words: Sequence[int]
    text: str
    made_of: int | None = None


@dataclass(frozen=True)
class Asked:
    """A question of a set that is being read; `spans` are the answer's characters in the first passage that answers."""

    text: str
    answering: Sequence[tuple[int, Sequence[int]]]
    near: int | None = None
    spans: Sequence[tuple[int, int]] = ()
    made_of: int | None = None


@dataclass
class LearningSet:
    """Passages and questions about them, by number."""

    passages: list[Passage] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    texts: list[tuple[str, str]] = field(default_factory=list)  # title and headings of each passage, and its text
    _places: list[list[tuple[int, int]]] = field(default_factory=list)
    _frequencies: Counter[str] = field(default_factory=Counter)

    def add(self, context: str, text: str, sentences: Sequence[tuple[int, int]], document: str) -> int:
        """Add a passage, cut to the model's window; its number."""
        lead = f"{context}. " if context else ""
        read = tokenizer().encode(fold(lead + text))
        ids = read.ids if len(read.ids) <= WINDOW else [*read.ids[: WINDOW - 1], read.ids[-1]]
        starts = [start for start, _ in sentences]
        spans = [(start - len(lead), end - len(lead)) for start, end in read.offsets[: len(ids)]]
        own = [NONE if end <= start else TITLE if start < 0 else _holding(starts, start) for start, end in spans]
        self.passages.append(Passage(document, ids, own))
        self.texts.append((context, text))
        self._places.append(spans)
        self._frequencies.update(set(lexical.words(f"{context} {text}")))
        return len(self.passages) - 1

    def ask(self, asked: Sequence[Asked]) -> None:
        """Add questions, once all passages are there: a word's weight depends on them."""
        begin, end = tokenizer().encode("").ids
        for one in asked:
            text = fold(one.text).replace('"', " ")
            read = tokenizer().encode(text, add_special_tokens=False)
            ids = read.ids[:_LONGEST_QUESTION]
            none = np.zeros((len(ids), 0), np.float32)
            spans = np.asarray(read.offsets[: len(ids)], np.int32).reshape(-1, 2)
            question = read_question(text, Encoded(none, none, spans, rarity()[ids]), none)
            weights = word_weights(question, self._frequencies, len(self.passages)).tolist()
            words = self._words(one) if one.answering else []
            ids = [begin, *ids, end]
            self.questions.append(
                Question(ids, [0.0, *weights, 0.0], one.answering, one.near, words, one.text, one.made_of)
            )

    def exchanged(self, seed: int) -> list[Asked]:
        """Near misses made of answered questions, about the first passage that answers them.

        A name, year or number is exchanged for another of the same essay that no passage which answers holds, or for
        one in the answer's own sentence, which so gets another's part; a word for its opposite, which they do not
        hold either; or, now and then, an assertion for its denial. At most one of each kind is made of a question.
        """
        draw, essays = random.Random(seed), defaultdict(list)
        for passage, (_, text) in zip(self.passages, self.texts, strict=True):
            essays[passage.document].append(text)
        pools = {name: [sorted(_found(kind, texts)) for kind in _EXCHANGED] for name, texts in essays.items()}
        found = []
        for i, question in enumerate(self.questions):
            if not question.answering:
                continue
            first = question.answering[0][0]
            held = fold(" ".join(part for n, _ in question.answering for part in self.texts[n])).casefold()
            pool = pools[self.passages[first].document]
            ways = [_elsewhere(question.text, pool, held, draw), self._beside(question), _opposite(question.text, held)]
            denied = _denied(question.text) if draw.random() < _DENIALS else []
            found += [Asked(draw.choice(way), (), first, made_of=i) for way in (*ways, denied) if way]
        return found

    def _beside(self, question: Question) -> list[str]:
        """The question with a name, year or number exchanged for another of the one sentence that answers."""
        first, sentences = question.answering[0]
        spans, own = self._places[first], self.passages[first].sentence
        inside = [span for span, number in zip(spans, own, strict=True) if number in sentences]
        if len(sentences) != 1 or not inside or not question.words:
            return []
        start, end = inside[0][0], inside[-1][1]
        words = [spans[k] for k in question.words if k < len(spans)]
        sentence, asked, ways = self.texts[first][1][start:end], fold(question.text).casefold(), []
        for kind in _EXCHANGED:
            others = [
                match.group()
                for match in kind.finditer(sentence)
                if not any(a < start + match.end() and start + match.start() < b for a, b in words)
            ]
            for match in kind.finditer(question.text):
                if match.group() in sentence:
                    ways += [_with(question.text, match, one) for one in others if one.casefold() not in asked]
        return ways

    def _words(self, one: Asked) -> list[int]:
        own = enumerate(self._places[one.answering[0][0]])
        return [i for i, (a, b) in own if b > a >= 0 and any(a < end and b > start for start, end in one.spans)]


def _with(text: str, match: re.Match[str], other: str) -> str:
    return text[: match.start()] + other + text[match.end() :]


def _elsewhere(text: str, pool: Sequence[Sequence[str]], held: str, draw: random.Random) -> list[str]:
    """`text` with a name, year or number exchanged for one of `pool` that is not `held`."""
    return [
        _with(text, match, other)
        for kind, known in zip(_EXCHANGED, pool, strict=True)
        for match in kind.finditer(text)
        for other in draw.sample(known, min(8, len(known)))
        if fold(other).casefold() not in held and other.casefold() not in text.casefold()
    ]


def _opposite(text: str, held: str) -> list[str]:
    """`text` with a word exchanged for its opposite, if that is not `held`."""
    return [
        _with(text, match, other)
        for match in _WORD.finditer(text)
        if (other := _OPPOSITE.get(match.group())) and not re.search(rf"\b{other}\b", held)
    ]


def _denied(text: str) -> list[str]:
    """`text` with its first verb denied: "What wasn't built?"."""
    match = _ASSERTS.search(text)
    return [_with(text, match, f"{match.group()}n't")] if match else []


def _found(kind: re.Pattern[str], texts: Sequence[str]) -> set[str]:
    return {match.group() for text in texts for match in kind.finditer(text)}


def _holding(starts: Sequence[int], at: int) -> int:
    return max(0, int(np.searchsorted(starts, at, "right")) - 1)


def of_bench(folder: Path, without: Collection[str] = ()) -> LearningSet:
    """A set in the form of `quoth eval`, but for the documents named in `without`."""
    found = LearningSet()
    places: dict[str, list[tuple[int, int, int, list[tuple[int, int]]]]] = defaultdict(list)
    for document in read_library(folder / "documents"):
        if not isinstance(document, Document) or (name := Path(document.name).stem) in without:
            continue
        for p in document.passages:
            sentences = [(s.start - p.start, s.end - p.start) for s in p.sentences]
            number = found.add(document.context(p), document.text[p.start : p.end], sentences, name)
            places[name].append((p.start, p.end, number, sentences))
    asked = []
    for line in (folder / "questions.jsonl").read_text("utf-8").splitlines():
        one = json.loads(line)
        answering: dict[int, set[int]] = {}
        spans = []
        for span in one["spans"] if one["answerable"] else ():
            for start, end, number, sentences in places[span["document"]]:
                if start <= span["start"] and span["end"] <= end:
                    first, last = span["start"] - start, span["end"] - start
                    spans.append((number, first, last))
                    answering.setdefault(number, set()).update(_answering(sentences, first, last))
        at = one.get("paragraph") or {"document": "", "start": 0}
        near = [n for start, end, n, _ in places[at["document"]] if start <= at["start"] < end]
        if answering:
            own = [(start, end) for number, start, end in spans if number == next(iter(answering))]
            asked.append(Asked(one["question"], [(n, sorted(held)) for n, held in answering.items()], None, own))
        elif near and not one["answerable"]:
            asked.append(Asked(one["question"], (), near[0]))
    found.ask(asked)
    return found


def _answering(sentences: Sequence[tuple[int, int]], first: int, last: int) -> list[int]:
    """The sentences that hold a span, or of which it is half."""
    return [
        i
        for i, (start, end) in enumerate(sentences)
        if (start <= first and last <= end) or 2 * (min(end, last) - max(start, first)) >= end - start
    ]


def of_training(folder: Path) -> LearningSet:
    """The passages and questions that were written to learn from."""
    found, numbers = LearningSet(), {}
    with lzma.open(folder / "passages.jsonl.xz", "rt", encoding="utf-8") as file:
        for line in file:
            p = json.loads(line)
            context = ". ".join(part for part in (p["title"], p["heading"]) if part)
            numbers[p["id"]] = found.add(context, p["text"], p["sentences"], p["document"])
    asked = []
    for line in (folder / "questions.jsonl").read_text("utf-8").splitlines():
        one = json.loads(line)
        number = numbers[one["passage"]]
        answered = one["sentences"] is not None
        answering = [(number, one["sentences"])] if answered else []
        asked.append(Asked(one["question"], answering, None if answered else number))
    found.ask(asked)
    return found


def learning_sets(training: Path, bench: Path) -> dict[str, LearningSet]:
    """All that is learnt from, by name."""
    return {
        "squad": of_bench(bench / "squad", SIX),
        "squad-more": of_bench(bench / "squad-more"),
        "written": of_training(training),
    }
