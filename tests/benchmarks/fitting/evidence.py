"""The evidence that the small models are fitted to: what the product's own code finds for each question of the sets.

Questions are of three kinds: answerable ones, near misses (which only look as if the essays answered) and foreign
ones, put to essays that are about something else. What is found is kept in a folder, a file a unit, so that
fitting can be tried again without asking again.
"""

import json
import pickle
import random
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from natural_set import make as make_natural
from unseen_sets import SIX, make_six, make_unseen
from written_set import make as make_written

from index.encoding.encoder import Encoder
from index.local.build import build
from qa.asked import LIST_FROM
from qa.evaluation.evaluate import cached_index, questions
from qa.evaluation.judge import LabelledQuestion, without_suffix
from qa.ranking.evidence import Evidence
from qa.ranking.look import Candidate, Look
from qa.ranking.marks import features as mark_features
from qa.ranking.marks import reading_features
from qa.ranking.reader import Reader
from qa.retriever import Retriever
from source.document import Span
from source.library import ESSAYS

TESTS = Path(__file__).parents[2]
# Sets whose passages or questions the reader learnt from.
SEEN = ("squad", "squad-more", "natural-rest", "written", "xquad-de", "xquad-es", "xquad-zh")
# So many questions of other sets are put to a corpus, and so many of and to a single essay.
FOREIGN, ALONE = 30, 20
SQUAD = ("squad", "squad-more")


@dataclass(frozen=True)
class Unit:
    """Questions of one set and kind, put to one corpus."""

    corpus: str
    asked: str
    kind: str  # "answerable", "near" or "far"
    questions: Sequence[LabelledQuestion]


@dataclass(frozen=True)
class Found:
    """What was found for one question, with or without the reader.

    `evidence` is that for the first quote, `right` whether that answers. For each of the first five
    quotes stand the features of its sentences, and which of these answer. `scores`, `logits` (nan where
    not read) and `answering` are those of all candidates in their first order.
    """

    evidence: Evidence
    right: bool
    sentences: list[tuple[np.ndarray, np.ndarray]]
    scores: np.ndarray
    logits: np.ndarray
    answering: np.ndarray


@dataclass(frozen=True)
class Row:
    """One question of a unit, asked with the reader and without."""

    corpus: str
    asked: str
    kind: str
    question: str
    read: Found | None
    unread: Found | None


class Sets:
    """The question sets, laid in `work` where they are not in `bench`."""

    def __init__(self, bench: Path, training: Path, work: Path) -> None:
        self.work = work
        names = ("squad", "squad-more", "chroma", "hotpot", "cranfield", "xquad-de", "xquad-es", "xquad-zh")
        self.folders = {name: bench / name for name in names}
        self.folders["natural"] = make_natural(bench, work / "natural")
        self.folders["natural-unseen"] = make_unseen(bench, work / "natural-unseen")
        self.folders["squad-six"] = make_six(bench, work / "squad-six")
        self.folders["written"] = make_written(training, work / "written")
        self.questions = {name: questions(folder) for name, folder in self.folders.items()}
        unseen = {one.question for one in self.questions["natural-unseen"]}
        self.questions["natural-rest"] = [one for one in self.questions["natural"] if one.question not in unseen]
        # Of the whole set only what the reader's training saw.
        own = self.questions["squad"]
        self.questions["squad"] = [one for one in own if not one.spans or one.spans[0][0] not in SIX]

    def answerable(self, name: str, count: int) -> list[LabelledQuestion]:
        return sample([one for one in self.questions[name] if one.answerable], count)

    def near(self, name: str, count: int) -> list[LabelledQuestion]:
        return sample([one for one in self.questions[name] if not one.answerable], count)


def sample(asked: Sequence[LabelledQuestion], count: int) -> list[LabelledQuestion]:
    return list(asked) if count >= len(asked) else random.Random(1).sample(asked, count)


def units(sets: Sets, each: int) -> Iterator[Unit]:
    """All units, those of sets that the training did not see first; `each` questions of a set and kind at most."""
    yield Unit("essay", "essay", "answerable", essay_questions("essay"))
    yield Unit("essay", "offtopic", "far", essay_questions("offtopic"))
    for name in ("natural-unseen", "squad-six", "chroma", "natural-rest", "written", "hotpot", "cranfield", *SQUAD):
        corpus = "natural" if name.startswith("natural") else name
        yield Unit(corpus, name, "answerable", sets.answerable(name, each))
        yield Unit(corpus, name, "near", sets.near(name, each))
    # No questions of textbooks to essays on everything: some of these answer them.
    for corpus, others in {
        "natural": ("hotpot", "cranfield"),
        "squad-six": ("chroma", "hotpot", "squad-more", "cranfield", "written"),
        "essay": ("squad-six", "chroma", "hotpot", "written", "natural-unseen"),
        "chroma": ("squad-six", "hotpot", "cranfield"),
        "hotpot": ("squad-six", "chroma", "cranfield"),
        "cranfield": ("squad-six", "chroma", "hotpot", "written"),
        "written": ("squad-six", "hotpot", "chroma"),
    }.items():
        for name in others:
            yield Unit(corpus, name, "far", sets.answerable(name, FOREIGN))
    for essay_name in SIX:
        for name in ("squad-six", "natural-unseen"):
            own = [one for one in sets.questions[name] if one.answerable and one.spans[0][0] == essay_name]
            yield Unit(f"alone/{essay_name}", name, "answerable", sample(own, ALONE))
        other = [one for one in sets.questions["squad-six"] if one.answerable and one.spans[0][0] != essay_name]
        yield Unit(f"alone/{essay_name}", "squad-six", "far", sample(other, ALONE))


def essay_questions(name: str) -> list[LabelledQuestion]:
    """The questions put to the shipped essay in the tests, with the places of the texts that answer."""
    (path,) = ESSAYS.iterdir()
    text = path.read_bytes().decode()
    found = []
    for i, line in enumerate((TESTS / f"{name}_questions.jsonl").read_text("utf-8").splitlines()):
        one = json.loads(line)
        places = [
            (match.span(), answer)
            for answer in one.get("answers", ())
            for match in re.finditer(re.escape(answer), text)
        ]
        found.append(
            LabelledQuestion(
                str(i), one["question"], bool(places), "any", tuple((path.stem, Span(*at)) for at, _ in places), {}
            )
        )
    return found


def gather(sets: Sets, each: int, encoder: Encoder, reader: Reader, kept: Path) -> list[Row]:
    """The rows of all units; those of a unit that was asked before are read from `kept`."""
    kept.mkdir(parents=True, exist_ok=True)
    rows: list[Row] = []
    for unit in units(sets, each):
        path = kept / f"{unit.corpus.replace('/', '-')}--{unit.asked}--{unit.kind}.pickle"
        if not path.exists():
            pair = [Retriever(_index(sets, unit.corpus, encoder), encoder, reader=one) for one in (reader, None)]
            path.write_bytes(pickle.dumps(list(asked(unit, *pair))))
            print(f"asked {unit.corpus} {unit.asked} {unit.kind}", flush=True)
        rows += pickle.loads(path.read_bytes())
    return rows


def _index(sets: Sets, corpus: str, encoder: Encoder):
    if corpus == "essay":
        return build(ESSAYS, sets.work / "essay", encoder=encoder)[0]
    if corpus.startswith("alone/"):
        name = corpus.removeprefix("alone/")
        essay = sets.folders["squad-six"] / "documents" / f"{name}.txt"
        return build(essay, sets.work / f"alone-{name}", encoder=encoder)[0]
    return cached_index(sets.folders[corpus], encoder, lambda _done, _total: None)


def asked(unit: Unit, read: Retriever, unread: Retriever) -> Iterable[Row]:
    """What each of both retrievers finds for the questions of `unit`."""
    for one in unit.questions:
        k = LIST_FROM if one.need == "document" else 5
        both = [found(one, retriever.look(one.question, k), unit.kind) for retriever in (read, unread)]
        yield Row(unit.corpus, unit.asked, unit.kind, one.question, *both)


def found(one: LabelledQuestion, look: Look, kind: str) -> Found | None:
    if look.evidence is None:
        return None
    known = kind == "answerable"
    first = sorted(look.ranked, key=lambda candidate: -candidate.first)
    sentences = []
    if known and one.need != "document":
        sentences = [(sentence_features(look, c), sentence_answers(one, c)) for c in look.ranked[:5]]
    return Found(
        look.evidence,
        known and answers(one, look.ranked[0]),
        sentences,
        np.asarray([c.first for c in first]),
        np.asarray([c.reading.answers if c.reading else np.nan for c in first]),
        np.asarray([known and answers(one, c) for c in first]),
    )


def spans(one: LabelledQuestion, candidate: Candidate) -> list[tuple[int, int]]:
    name = without_suffix(candidate.passage.stored.document)
    return [(span.start, span.end) for document, span in one.spans if document == name]


def answers(one: LabelledQuestion, candidate: Candidate) -> bool:
    passage = candidate.passage.stored.passage
    if one.need == "document":
        return without_suffix(candidate.passage.stored.document) in one.grades
    return any(passage.start <= start and end <= passage.end for start, end in spans(one, candidate))


def sentence_features(look: Look, c: Candidate) -> np.ndarray:
    best = max(candidate.score for candidate in look.ranked)
    text, sentences = c.passage.stored.text, c.passage.sentences
    rows = mark_features(look.question, look.weights, c.match, text, sentences, best - c.score)
    return rows if c.reading is None else np.hstack([rows, reading_features(c.reading, sentences)])


def sentence_answers(one: LabelledQuestion, c: Candidate) -> np.ndarray:
    """A sentence answers if it holds a span, or half of it is a span."""
    return np.asarray(
        [
            any(
                (s.start <= start and end <= s.end) or 2 * (min(s.end, end) - max(s.start, start)) >= s.end - s.start
                for start, end in spans(one, c)
            )
            for s in c.passage.stored.passage.sentences
        ],
        float,
    )
