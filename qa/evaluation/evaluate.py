"""Measure answers on questions with known answers: sets of questions, runs, their comparison.

A set is a folder: `documents/` with essays and `questions.jsonl`, a JSON object a line:

    {"id": "1", "question": "…", "answerable": true, "need": "any",
     "spans": [{"document": "name without suffix", "start": 10, "end": 42}]}

`need` says what counts: "any" one of the spans is enough, "all" every span is wanted, "document"
only documents are judged (`documents`: {name: grade}). Offsets count characters.
"""

from __future__ import annotations

import hashlib
import random
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import platformdirs

from qa.answer import Verdict
from qa.evaluation.judge import QUOTES, Judge, LabelledQuestion, Outcome, without_suffix
from qa.evaluation.measures import MEASURES, measured
from qa.evaluation.runs import Run
from qa.ranking.scoring import Settings
from source.document import Span
from source.errors import UserError
from source.given import given
from source.strict_json import loads

if TYPE_CHECKING:
    from index.encoding.encoder import Encoder
    from index.protocol import Index
    from qa.retriever import Retriever

QUESTIONS = "questions.jsonl"
NO_READER = "no reader"
# What each part of the ranking is worth: the settings without it, or with nothing else.
ABLATIONS = {
    "words only": Settings(match=0, sentence=0, focus=0, cosine=0, words=1, coverage=0),
    "meaning only": Settings(match=0, sentence=0, focus=0, cosine=1, words=0, coverage=0),
    "words + meaning": Settings(match=0, sentence=0, focus=0, cosine=1, words=2, coverage=0),
    "match only": Settings(sentence=0, focus=0, cosine=0, words=0, coverage=0),
    "no sentence": Settings(sentence=0),
    "no focus": Settings(focus=0),
    "no meaning": Settings(cosine=0),
    "no words": Settings(words=0),
    "no headings": Settings(headings=False),
    "no coverage": Settings(coverage=0),
    "no marks' model": Settings(marking=False),
    "no logit in order": Settings(logit=0, logit_later=0),
    NO_READER: Settings(),
}
# So many questions of other sets are put to a set that does not answer them.
FOREIGN = 200


def questions(folder: Path, limit: int | None = None) -> list[LabelledQuestion]:
    """The questions of a set, or an even random sample of `limit` of them, always the same.

    Raises UserError that names the file and line if a question cannot be read.
    """
    path = folder / QUESTIONS
    found = []
    with given(path, "The questions of a set (questions.jsonl beside documents/)") as file:
        for number, line in enumerate(file, 1):
            try:
                found.append(_asked(loads(line), number))
            except (ValueError, KeyError, TypeError, AttributeError) as error:
                raise UserError(f"{path}, line {number} is no question of a set: {error!r}") from error
    if limit is not None and limit < len(found):
        chosen = sorted(random.Random(0).sample(range(len(found)), limit))  # noqa: S311 (no secret)
        found = [found[i] for i in chosen]
    return found


def _asked(values: Mapping[str, object], number: int) -> LabelledQuestion:
    spans = values.get("spans") or []
    grades = values.get("documents") or {}
    need = str(values.get("need", "any"))
    if need not in QUOTES or not isinstance(spans, list) or not isinstance(grades, dict):
        raise ValueError(f"need is {need!r}")
    return LabelledQuestion(
        str(values.get("id", number)),
        str(values["question"]),
        bool(values.get("answerable", True)),
        need,
        tuple((without_suffix(str(span["document"])), Span(int(span["start"]), int(span["end"]))) for span in spans),
        {without_suffix(str(name)): int(grade) for name, grade in grades.items()},
        number,
    )


def evaluate(
    folder: Path,
    retriever: Retriever,
    *,
    limit: int | None = None,
    foreign: Sequence[LabelledQuestion] = (),
    progress: Callable[[int, int], None] = lambda _done, _total: None,
) -> Run:
    """Ask all questions of the set in `folder`, and the `foreign` ones, which nothing there answers."""
    asked = questions(folder, limit)
    judge = Judge(retriever.index)
    outcomes: list[Outcome] = []
    for i, one in enumerate(asked):
        progress(i, len(asked) + len(foreign))
        started = time.perf_counter()
        answer = retriever.answer(one.question, QUOTES[one.need])
        outcomes.append(judge.outcome(one, answer, (time.perf_counter() - started) * 1000))
    verdicts: list[Verdict] = []
    for i, one in enumerate(foreign):
        progress(len(asked) + i, len(asked) + len(foreign))
        verdicts.append(retriever.answer(one.question, 1).verdict)
    return Run(folder.name, measured(asked, outcomes, verdicts), tuple(outcomes))


def cached_index(folder: Path, encoder: Encoder, progress: Callable[[int, int], None]) -> Index:
    """An index of the documents of a set, in the user's cache: what was embedded before is taken over."""
    from index.build import build
    from index.opening import sink

    place = hashlib.sha256(str(folder.resolve()).encode("utf-8", "surrogateescape")).hexdigest()[:16]
    location = platformdirs.user_cache_path("quoth") / "eval" / f"{folder.name}-{place}"
    return build(folder / "documents", sink(location), encoder=encoder, progress=progress)[0]


def foreign_questions(sets: Mapping[Path, Sequence[LabelledQuestion]], folder: Path) -> list[LabelledQuestion]:
    """Up to `FOREIGN` answerable questions of the other sets, as many of each, always the same.

    Sets with a document's name in common (translations, say) are about the same: none of theirs is taken.
    """
    own = _documents(folder)
    others = [[one for one in asked if one.answerable] for other, asked in sets.items() if not own & _documents(other)]
    share = FOREIGN // max(len(others), 1)
    return [
        one
        for asked in others
        for one in random.Random(0).sample(asked, min(share, len(asked)))  # noqa: S311 (no secret)
    ]


def _documents(folder: Path) -> set[str]:
    documents = folder / "documents"
    return {without_suffix(path.relative_to(documents).as_posix()) for path in documents.rglob("*") if path.is_file()}


def table(runs: Sequence[Run]) -> str:
    """The measures as lines of text: a row a measure, a column a run."""
    names = [name for name in [*MEASURES, "ms"] if any(name in run.measures for run in runs)]
    width = max(len(name) for name in names)
    lines = [" " * width + "".join(f"  {run.name:>8}" for run in runs)]
    for name in names:
        cells = (f"{run.measures[name]:.3f}" if name in run.measures else "" for run in runs)
        padded = (f"  {cell:>{max(len(run.name), 8)}}" for cell, run in zip(cells, runs, strict=True))
        lines.append(f"{name:<{width}}" + "".join(padded))
    return "\n".join(lines)


def diagram(run: Run) -> str:
    """The reliability diagram as lines of text: for each tenth of confidence, how often answers were right."""
    bars = (f"  said {c:.2f}  right {r:.2f}  {'█' * round(20 * r):<20} {n}" for c, r, n in run.reliability)
    return "\n".join([f"{run.name}:", *bars])
