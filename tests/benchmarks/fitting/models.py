"""The small models of marks and confidence, fitted to the evidence, and judged on sets left out."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

import numpy as np
from fitting.evidence import SEEN, Found, Row
from sklearn.linear_model import LogisticRegression

from qa.answer import Verdict
from qa.evaluation.measures import auroc, calibration_error
from qa.ranking.confidence import Model, verdict
from qa.ranking.fitted import Logistic
from qa.ranking.marks import FEATURES, READ

# The features of each model, and what is added where a reader has read.
TOPIC = ("sentence", "cosine", "mean", "literal", "lead")
TOPIC_READ = ("sentence", "cosine", "literal", "unknown", "logit")
ANSWER = ("cosine", "margin", "scattered", "negative", "negated", "number_missing")
ANSWER_READ = ("logit", "logit_word", "literal", "logit_mean", "logit_second")
# Near misses weigh as much as what they imitate, so that telling them apart is learnt, foreign questions
# little, as the topic tells them; the probabilities are then scaled to the shares expected in use.
SHARES = {"answerable": 3.5, "near": 4.0, "far": 0.3}
PRIOR = {"answerable": 0.75, "near": 0.15, "far": 0.1}
# What the reader has seen counts for so much less: there it is surer than it is of other questions.
SEEN_WEIGHT = 0.3
# Sets of one kind are left out together: what is learnt of one is told of the other.
FAMILIES = {"natural-unseen": "natural", "natural-rest": "natural", "squad-six": "squad", "squad-more": "squad"}

Side = Callable[[Row], Found | None]


@dataclass(frozen=True)
class Fitted:
    """A topic, an answer and their scaling, without thresholds."""

    topic: Logistic
    answer: Logistic
    scale: float
    shift: float

    def topics(self, found: Sequence[Found]) -> np.ndarray:
        return self.topic.probabilities(table(found, self.topic.features))

    def confidences(self, found: Sequence[Found]) -> np.ndarray:
        return 1 / (1 + np.exp(-(self.scale * self.logits(found) + self.shift)))

    def logits(self, found: Sequence[Found]) -> np.ndarray:
        answer = self.answer.probabilities(table(found, self.answer.features))
        both = np.clip(self.topics(found) * answer, 1e-6, 1 - 1e-6)
        return np.log(both / (1 - both))


def table(found: Sequence[Found], names: Sequence[str]) -> np.ndarray:
    values = [one.evidence.named() for one in found]
    return np.asarray([[own[name] for name in names] for own in values], np.float32)


def logistic(names: tuple[str, ...], x: np.ndarray, y: np.ndarray, w: np.ndarray, strength: float = 100.0) -> Logistic:
    """A logistic regression, little regularised, fitted to standardised features."""
    mean = np.average(x, 0, w)
    deviation = np.sqrt(np.average((x - mean) ** 2, 0, w)) + 1e-9
    fitted = LogisticRegression(C=strength, max_iter=5000).fit((x - mean) / deviation, y, sample_weight=w / w.mean())
    coefficients = fitted.coef_[0] / deviation
    return Logistic(names, tuple(map(float, coefficients)), float(fitted.intercept_[0] - coefficients @ mean))


def weights(rows: Sequence[Row], shares: dict[str, float]) -> np.ndarray:
    """A weight a row: each kind has the share given, each set of a kind by the root of its size."""
    groups: dict[tuple[str, str, str], list[int]] = {}
    for i, row in enumerate(rows):
        groups.setdefault((row.kind, row.corpus, row.asked), []).append(i)
    found = np.zeros(len(rows))
    for (_, corpus, asked), own in groups.items():
        found[own] = len(own) ** -0.5 * (SEEN_WEIGHT if asked in SEEN or corpus in SEEN else 1.0)
    for kind, share in shares.items():
        own = np.asarray([row.kind == kind for row in rows])
        found[own] *= share / max(found[own].sum(), 1e-9)
    return found


def fit_confidence(rows: Sequence[Row], side: Side, topic: tuple[str, ...], answer: tuple[str, ...]) -> Fitted:
    rows = [row for row in rows if side(row)]
    found = [side(row) for row in rows]
    far = np.asarray([row.kind == "far" for row in rows])
    right = np.asarray([one.right for one in found], float)
    speaks = weights(rows, {"answerable": 0.75, "near": 0.25, "far": 1.0})
    topics = logistic(topic, table(found, topic), (~far).astype(float), speaks)
    answers = logistic(answer, table(found, answer), right, weights(rows, SHARES))
    part = Fitted(topics, answers, 1.0, 0.0)
    scaling = logistic(("z",), part.logits(found)[:, None], right, weights(rows, PRIOR))
    return Fitted(topics, answers, scaling.coefficients[0], scaling.intercept)


@dataclass(frozen=True)
class LeftOut:
    """A row judged by models that have seen neither its documents nor its questions."""

    row: Row
    found: Found
    topic: float
    confidence: float


def family(name: str) -> str:
    return "squad" if name.startswith("alone/") else FAMILIES.get(name, name)


def left_out(
    rows: Sequence[Row], side: Side, topic: tuple[str, ...], answer: tuple[str, ...]
) -> dict[str, list[LeftOut]]:
    """What is asked of each family of sets, judged with its documents and its questions left out."""
    judged = {}
    for name in dict.fromkeys(family(row.corpus) for row in rows):
        own = [row for row in rows if family(row.corpus) == name and side(row)]
        kept = [row for row in rows if name not in (family(row.corpus), family(row.asked))]
        fitted = fit_confidence(kept, side, topic, answer)
        found = [side(row) for row in own]
        chances = zip(own, found, fitted.topics(found), fitted.confidences(found), strict=True)
        judged[name] = [LeftOut(row, one, float(t), float(p)) for row, one, t, p in chances]
    return judged


def verdicts(judged: Sequence[LeftOut], model: Model) -> list[Verdict]:
    return [verdict(one.row.question, one.topic, one.confidence, one.found.evidence, model) for one in judged]


def report(judged: dict[str, list[LeftOut]], model: Model) -> str:
    """For each set the shares of verdicts on its kinds of questions, and how far they can be trusted."""
    lines = [f"{'left out':26s} kind          n  answers    may  close   none"]
    for own in judged.values():
        pairs = [(one.row.corpus.split("/")[0], one.row.asked) for one in own]
        for pair in dict.fromkeys(p for p, one in zip(pairs, own, strict=True) if one.row.kind != "far"):
            lines += _lines(" ".join(pair), [one for one, p in zip(own, pairs, strict=True) if p == pair], model)
        lines += _lines("foreign", [one for one in own if one.row.kind == "far"], model)
    every = [one for own in judged.values() for one in own]
    said = [one.found.right for one, v in zip(every, verdicts(every, model), strict=True) if v == "answers"]
    if said:
        lines.append(f"of {len(said)} that say *answers*, {np.mean(said):.3f} do")
    return "\n".join(lines)


def _lines(name: str, own: Sequence[LeftOut], model: Model) -> list[str]:
    lines = []
    for kind in ("answerable", "near", "far"):
        part = [one for one in own if one.row.kind == kind]
        if not part:
            continue
        said = verdicts(part, model)
        shares = "".join(
            f"{said.count(verdict) / len(said):7.3f}" for verdict in ("answers", "may_answer", "close", "none")
        )
        line = f"{name:26s} {kind:10s} {len(part):4d} {shares}"
        if kind == "answerable":
            sure = [one.found.right for one, verdict in zip(part, said, strict=True) if verdict == "answers"]
            error = calibration_error([(one.confidence, one.found.right) for one in part])
            line += f"   right {np.mean(sure) if sure else 0:.3f}   {error:.3f}"
            if near := [one.confidence for one in own if one.row.kind == "near"]:
                line += f"   {auroc([one.confidence for one in part], near):.3f}"
        lines.append(line)
    return lines


def fit_marks(rows: Sequence[Row], side: Side, *, read: bool, without: Collection[str] = ()) -> Logistic:
    """Which sentences answer, learnt on the first five passages of answerable questions."""
    names = (*FEATURES, *READ) if read else FEATURES
    x, y, w = [], [], []
    for row in rows:
        found = side(row)
        if found is None or row.kind != "answerable" or row.asked in without:
            continue
        for features, answers in found.sentences:
            if features.shape[1] == len(names):
                x.append(features)
                y.append(answers)
                w.append(np.full(len(answers), (SEEN_WEIGHT if row.asked in SEEN else 1.0) / len(answers)))
    return logistic(names, np.concatenate(x), np.concatenate(y), np.concatenate(w))


def marks_report(rows: Sequence[Row], side: Side, *, read: bool) -> str:
    """Of right first passages, how often the likeliest sentence answers, with the set left out."""
    lines = []
    for name in dict.fromkeys(family(row.asked) for row in rows):
        own = [side(row) for row in rows if family(row.asked) == name]
        own = [found for found in own if found and found.right and found.sentences]
        if own:
            without = {row.asked for row in rows if family(row.asked) == name}
            chances = fit_marks(rows, side, read=read, without=without)
            hits = [bool(y[int(np.argmax(chances.probabilities(x)))]) for x, y in (one.sentences[0] for one in own)]
            lines.append(f"{name:12s} likeliest sentence answers {np.mean(hits):.3f} of {len(hits)}")
    return "\n".join(lines)
