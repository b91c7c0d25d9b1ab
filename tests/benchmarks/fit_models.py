"""Fit the small models of marks and confidence on question sets, and say how well they hold.

    python tests/benchmarks/fit_models.py BENCH [--write]

BENCH is a folder of sets in the form that `quoth eval` reads; squad, squad-more, chroma, hotpot and
cranfield are used, the set of `natural_set.py`, and the shipped essay as a small corpus that none of
their questions is about. Marks are learnt on squad-more, chroma, hotpot and natural. Confidence is
learnt on answerable questions, on near misses (unanswerable ones of squad and natural) and on
questions put to a set they are not about; its measures are taken with the set (both its documents and
its questions) left out. --write replaces `qa/ranking/models/*.json`.
"""

import argparse
import itertools
import json
import random
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from natural_set import ESSAYS_OF, make
from sklearn.linear_model import LogisticRegression

from index.encoding.loading import load_encoder
from index.local.build import build
from index.local.snapshot import Snapshot
from qa.evaluation.evaluate import cached_index, questions
from qa.evaluation.measures import Asked, auroc, calibration_error, stem
from qa.ranking.logistic import Logistic
from qa.ranking.marks import FEATURES as MARK_FEATURES
from qa.ranking.marks import features as mark_features
from qa.retriever import Look, Retriever
from source.library import ESSAYS

ANSWERABLE = {"squad": 1200, "squad-more": 1200, "chroma": None, "hotpot": None, "cranfield": None, "natural": None}
NEAR, FAR, TINY = 1000, 100, 60
TOPIC = ("sentence", "cosine", "mean", "literal", "lead")
ANSWER = ("cosine", "margin", "scattered", "negative", "negated", "number_missing")
# Near misses weigh as much as what they imitate, so that telling them apart is learnt, foreign questions
# little, as the topic tells them; the probabilities are then scaled to the shares expected in use.
ANSWER_SHARES = (3.5, 4.0, 0.1)  # answerable, near, far
PRIOR_NEAR, PRIOR_FAR = 0.03, 0.1
NONE_BELOW, FOUND_FROM = 0.43, 0.6
ENOUGH, SHARE = 0.12, 0.4


@dataclass
class Rows:
    """The evidence for the questions of one set put to one corpus."""

    corpus: str
    asked: str
    kind: str  # "answerable", "near" or "far"
    values: list[dict[str, float]] = field(default_factory=list)
    right: list[bool] = field(default_factory=list)
    marks: list[np.ndarray] = field(default_factory=list)
    answers: list[np.ndarray] = field(default_factory=list)

    def x(self, names: tuple[str, ...]) -> np.ndarray:
        return np.asarray([[values[name] for name in names] for values in self.values])

    @property
    def y(self) -> np.ndarray:
        return np.asarray(self.right, float)


def collect(retriever: Retriever, asked: list[Asked], corpus: str, name: str, kind: str) -> Rows:
    rows = Rows(corpus, name, kind)
    for one in asked:
        look = retriever.look(one.question, 5)
        if not look.ranked:
            continue
        rows.values.append(dict(look.values))
        rows.right.append(kind == "answerable" and answers(one, look, 0))
        if kind == "answerable" and one.need != "document":
            for i in range(min(5, len(look.ranked))):
                rows.marks.append(sentence_features(look, i))
                rows.answers.append(sentence_answers(one, look, i))
    print(f"{corpus:28s} {name:12s} {kind:10s} {len(rows.values):5d} right {np.mean(rows.right):.3f}", flush=True)
    return rows


def spans(one: Asked, look: Look, i: int) -> list[tuple[int, int]]:
    stored = look.ranked[i].passage.stored
    return [(span.start, span.end) for name, span in one.spans if name == stem(stored.document)]


def answers(one: Asked, look: Look, i: int) -> bool:
    passage = look.ranked[i].passage.stored.passage
    if one.need == "document":
        return stem(look.ranked[i].passage.stored.document) in one.grades
    return any(passage.start <= start and end <= passage.end for start, end in spans(one, look, i))


def sentence_features(look: Look, i: int) -> np.ndarray:
    best = max(candidate.score for candidate in look.ranked)
    c = look.ranked[i]
    text, sentences = c.passage.stored.text, c.passage.sentences
    return mark_features(look.question, look.weights, c.match, text, sentences, best - c.score)


def sentence_answers(one: Asked, look: Look, i: int) -> np.ndarray:
    """A sentence answers if it holds a span, or half of it is a span."""
    return np.asarray(
        [
            any(
                (s.start <= start and end <= s.end) or 2 * (min(s.end, end) - max(s.start, start)) >= s.end - s.start
                for start, end in spans(one, look, i)
            )
            for s in look.ranked[i].passage.stored.passage.sentences
        ],
        float,
    )


def logistic(names: tuple[str, ...], x: np.ndarray, y: np.ndarray, w: np.ndarray) -> Logistic:
    """A logistic regression, hardly regularised, fitted to standardised features."""
    mean = np.average(x, 0, w)
    deviation = np.sqrt(np.average((x - mean) ** 2, 0, w)) + 1e-9
    fitted = LogisticRegression(C=1000, max_iter=5000).fit((x - mean) / deviation, y, sample_weight=w / w.mean())
    coefficients = fitted.coef_[0] / deviation
    return Logistic(names, tuple(map(float, coefficients)), float(fitted.intercept_[0] - coefficients @ mean))


def fit_topic(data: list[Rows]) -> Logistic:
    """Foreign questions against all others; both sides weigh the same, each set by the root of its size."""
    x, y, w = [], [], []
    for far in (True, False):
        group = [rows for rows in data if (rows.kind == "far") == far]
        total = sum(len(rows.y) ** 0.5 for rows in group)
        for rows in group:
            x.append(rows.x(TOPIC))
            y.append(np.full(len(rows.y), float(not far)))
            w.append(np.full(len(rows.y), len(rows.y) ** -0.5 / total))
    return logistic(TOPIC, np.concatenate(x), np.concatenate(y), np.concatenate(w))


def weighed(data: list[Rows], known: float, near: float, far: float) -> np.ndarray:
    """A weight a row: each kind has the share given, each set of a kind by the root of its size."""
    shares = {"answerable": known, "near": near, "far": far}
    totals = {kind: sum(len(rows.y) ** 0.5 for rows in data if rows.kind == kind) for kind in shares}
    return np.concatenate([np.full(len(r.y), shares[r.kind] / totals[r.kind] * len(r.y) ** -0.5) for r in data])


def fit_confidence(data: list[Rows]) -> tuple[Logistic, Logistic, tuple[float, float]]:
    topic = fit_topic(data)
    big = [rows for rows in data if "/" not in rows.corpus]
    y = np.concatenate([rows.y for rows in big])
    answer = logistic(ANSWER, np.concatenate([rows.x(ANSWER) for rows in big]), y, weighed(big, *ANSWER_SHARES))
    z = np.concatenate([both(topic, answer, rows) for rows in big])[:, None]
    prior = weighed(big, 1 - PRIOR_NEAR - PRIOR_FAR, PRIOR_NEAR, PRIOR_FAR)
    scaling = logistic(("z",), z, y, prior)
    return topic, answer, (scaling.coefficients[0], scaling.intercept)


def both(topic: Logistic, answer: Logistic, rows: Rows) -> np.ndarray:
    p = np.clip(topic.probabilities(rows.x(TOPIC)) * answer.probabilities(rows.x(ANSWER)), 1e-6, 1 - 1e-6)
    return np.log(p / (1 - p))


def report(data: list[Rows]) -> None:
    """Each set judged by models that have seen neither its documents nor its questions."""
    print("\nleft out      wrong refusals  found  right when found  calibration error | far: none  found")
    pooled: list[tuple[float, bool]] = []
    for held in [*ANSWERABLE, "essay", "tiny"]:
        touched = [r for r in data if held in (r.corpus.split("/")[0], r.asked)]
        if held == "tiny":
            touched = [r for r in data if "/" in r.corpus]
        topic, answer, (a, b) = fit_confidence([r for r in data if not any(r is t for t in touched)])
        own = [r for r in touched if r.kind == "answerable" and (held == "tiny" or "/" not in r.corpus)]
        far = [r for r in touched if r.kind == "far" and (held == "tiny" or r.corpus == held)]
        near = [r for r in touched if r.kind == "near"]

        def judged(group: list[Rows]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
            speaks = np.concatenate([topic.probabilities(r.x(TOPIC)) for r in group])  # noqa: B023
            p = np.concatenate([1 / (1 + np.exp(-(a * both(topic, answer, r) + b))) for r in group])  # noqa: B023
            return speaks, p, np.concatenate([r.y for r in group])

        line = f"{held:12s}"
        if own:
            speaks, p, y = judged(own)
            found = (speaks >= NONE_BELOW) & (p >= FOUND_FROM)
            error = calibration_error(list(zip(p.tolist(), (y > 0).tolist(), strict=True)))
            pooled += list(zip(p.tolist(), (y > 0).tolist(), strict=True))
            line += f"{(speaks < NONE_BELOW).mean():14.3f} {found.mean():8.3f} {y[found].mean():14.3f} {error:16.3f}"
        else:
            line += " " * 57
        speaks, p, _ = judged(far)
        line += f"    | {(speaks < NONE_BELOW).mean():8.3f} {((speaks >= NONE_BELOW) & (p >= FOUND_FROM)).mean():8.3f}"
        pooled += [(float(one), False) for one in p]
        if near:
            line += f"   near AUROC {auroc(judged(own)[1].tolist(), judged(near)[1].tolist()):.3f}"
        print(line)
    print(f"calibration error of all these together {calibration_error(pooled):.3f}")


def fit_marks(data: list[Rows]) -> Logistic:
    learnt = [r for r in data if r.marks and r.asked != "squad" and "/" not in r.corpus]
    x = np.concatenate([np.concatenate(r.marks) for r in learnt])
    y = np.concatenate([np.concatenate(r.answers) for r in learnt])
    w = np.concatenate([np.full(sum(map(len, r.answers)), len(r.y) ** 0.5 / sum(map(len, r.answers))) for r in learnt])
    return logistic(MARK_FEATURES, x, y, w)


def gather(bench: Path) -> list[Rows]:
    encoder = load_encoder()
    location = Path.home() / ".cache" / "quoth" / "eval"
    folders = {name: bench / name for name in ANSWERABLE} | {"natural": make(bench, location / "natural")}
    sets = {name: questions(folder) for name, folder in folders.items()}
    answerable = {name: sample([q for q in asked if q.answerable], ANSWERABLE[name]) for name, asked in sets.items()}
    data: list[Rows] = []
    for name in ANSWERABLE:
        retriever = Retriever(cached_index(folders[name], encoder, lambda _done, _total: None), encoder)
        data.append(collect(retriever, answerable[name], name, name, "answerable"))
        if near := sample([q for q in sets[name] if not q.answerable], NEAR):
            data.append(collect(retriever, near, name, name, "near"))
        data += foreign(retriever, answerable, name)
    data += foreign(Retriever(build(ESSAYS, location / "essay", encoder=encoder)[0], encoder), answerable, "essay")
    for name in ("squad", "squad-more"):
        for path in sorted((folders[name] / "documents").iterdir())[:8]:
            snapshot: Snapshot = build(path, location / f"tiny-{path.stem}", encoder=encoder)[0]
            retriever = Retriever(snapshot, encoder)
            own = [q for q in sets[name] if q.answerable and q.spans[0][0] == path.stem]
            other = [q for q in answerable[name] if q.spans[0][0] != path.stem]
            data.append(collect(retriever, sample(own, TINY), f"tiny/{path.stem}", name, "answerable"))
            data.append(collect(retriever, sample(other, TINY), f"tiny/{path.stem}", name, "far"))
    return data


def foreign(retriever: Retriever, answerable: dict[str, list[Asked]], corpus: str) -> list[Rows]:
    related = {"natural": ESSAYS_OF} | dict.fromkeys(ESSAYS_OF, ("natural",))
    others = {name: asked for name, asked in answerable.items() if name not in (corpus, *related.get(corpus, ()))}
    return [collect(retriever, sample(asked, FAR), corpus, name, "far") for name, asked in others.items()]


def sample(asked: list[Asked], count: int | None) -> list[Asked]:
    return asked if count is None or count >= len(asked) else random.Random(1).sample(asked, count)


def written(models: dict[str, Logistic], **others: object) -> str:
    values: dict[str, object] = {
        name: {
            "intercept": round(model.intercept, 4),
            "coefficients": {f: round(c, 4) for f, c in zip(model.features, model.coefficients, strict=True)},
        }
        for name, model in models.items()
    }
    return json.dumps({"version": 1, "made_by": "tests/benchmarks/fit_models.py", **values, **others}, indent=2) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("bench", type=Path)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    data = gather(options.bench)
    report(data)
    topic, answer, scaling = fit_confidence(data)
    marks = fit_marks(data)
    print(*itertools.chain((topic, answer, scaling), (marks,)), sep="\n")
    if not options.write:
        return
    models = Path(__file__).parents[2] / "qa" / "ranking" / "models"
    data_sets = "squad, squad-more, chroma, hotpot, cranfield, natural, the shipped essay; all-MiniLM-L6-v2"
    (models / "confidence.json").write_text(
        written(
            {"topic": topic, "answer": answer},
            learnt_on=data_sets,
            scaling=[round(value, 4) for value in scaling],
            none_below=NONE_BELOW,
            found_from=FOUND_FROM,
        )
    )
    marks_sets = "squad-more, chroma, hotpot, natural; all-MiniLM-L6-v2"
    (models / "marks.json").write_text(written({"marks": marks}, learnt_on=marks_sets, enough=ENOUGH, share=SHARE))


if __name__ == "__main__":
    main()
