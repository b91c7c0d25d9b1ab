"""Fit the small models of marks and confidence on question sets, and say how well they hold.

    python tests/benchmarks/fit_models.py BENCH TRAINING WORK [--model NAME] [--each N] [--write]

BENCH is a folder of sets in the form that `quoth eval` reads, TRAINING holds what the reader learnt from (see
`written_set.py`), WORK gets the sets, indexes and evidence, and may be used again. What is learnt from: answerable
questions, near misses (which only look as if the essays answered) and foreign questions, with the reader and
without it. All measures are taken with the set in question, its documents and its questions, left out; the
thresholds are set so that no more goes wrong there than `NEAR_ANSWERS` and `FAR_ANSWERS` say. --write puts the fits
for this encoder into `qa/ranking/models/*.json`, beside those for others.
"""

import argparse
import json
import subprocess
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import numpy as np
from fitting.evidence import Row, Sets, gather
from fitting.models import (
    ANSWER,
    ANSWER_READ,
    TOPIC,
    TOPIC_READ,
    Fitted,
    LeftOut,
    Side,
    fit_confidence,
    fit_marks,
    left_out,
    marks_report,
    report,
)

from index.encoding.encoder import DEFAULT_MODEL, Encoder
from index.encoding.loading import load_encoder
from qa.ranking.confidence import Model, can_answer
from qa.ranking.fitted import MODELS, Logistic, model
from qa.ranking.minilm_reader import load_reader
from qa.ranking.scoring import DEFAULT

# Of 100 near misses of the set natural at most so many are said to be answered, of 100 foreign questions, and of
# 100 answerable questions of any set at most so many are denied.
NEAR_ANSWERS, FAR_ANSWERS, DENIED = 0.26, 0.01, 0.06
# "May answer" from this confidence on; where the reader is left out, from the other.
MAY_ANSWER, MAY_ANSWER_UNREAD = 0.4, 0.5
ENOUGH, SHARE = 0.12, 0.4
DATA = (
    "natural, squad, squad-more, chroma, hotpot, cranfield, the shipped essay; questions of the reader's training "
    "over their passages (seen by it, a third of the weight)"
)


def thresholds(judged: dict[str, list[LeftOut]], *, read: bool) -> tuple[float, float, float | None]:
    """The topic's, "may answer"'s and "answers"' thresholds, by what goes wrong on sets left out."""
    every = [one for own in judged.values() for one in own]
    known = defaultdict(list)
    for one in every:
        if one.row.kind == "answerable":
            known[one.row.corpus.split("/")[0]].append(one.topic)
    none_below = min(float(np.quantile(own, DENIED)) for own in known.values())
    if not read:
        return none_below, MAY_ANSWER_UNREAD, None
    natural, far = (
        [_said(one) for one in own if one.row.kind == kind]
        for own, kind in ((judged["natural"], "near"), (every, "far"))
    )
    answers = max(np.quantile(natural, 1 - NEAR_ANSWERS), np.quantile(far, 1 - FAR_ANSWERS))
    return none_below, MAY_ANSWER, float(answers)


def _said(one: LeftOut) -> float:
    """The confidence that can become *answers*."""
    return one.confidence if can_answer(one.row.question, one.found.evidence) else 0.0


def fit_side(rows: Sequence[Row], side: Side, *, read: bool) -> tuple[Model, Logistic]:
    """The models of confidence and marks on one side, with a report of how they do on sets left out."""
    names = (TOPIC_READ, ANSWER_READ) if read else (TOPIC, ANSWER)
    judged = left_out(rows, side, *names)
    fitted: Fitted = fit_confidence(rows, side, *names)
    limits = thresholds(judged, read=read)
    found = Model(fitted.topic, fitted.answer, fitted.scale, fitted.shift, *(_rounded(x) for x in limits))
    print(f"\n{'with the reader' if read else 'without the reader'}: {limits}")
    print(report(judged, found))
    print(marks_report(rows, side, read=read))
    return found, fit_marks(rows, side, read=read)


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)


def written(one: Logistic) -> dict[str, object]:
    coefficients = zip(one.features, one.coefficients, strict=True)
    return {"intercept": round(one.intercept, 4), "coefficients": {name: round(c, 4) for name, c in coefficients}}


def write(fits: Sequence[tuple[str | None, Model, Logistic]], encoder: Encoder) -> None:
    """Put the fits into the JSON files, in place of those for the same encoder."""
    commit = subprocess.run(["git", "rev-parse", "HEAD"], capture_output=True, text=True, check=True).stdout.strip()
    settings = {**asdict(DEFAULT), **{name: model("order")[name] for name in ("words", "reading", "keep")}}
    for name in ("confidence", "marks"):
        values = json.loads((MODELS / f"{name}.json").read_text("utf-8"))
        others = [one for one in values["fits"] if one["encoder_sha256"] != encoder.fingerprint]
        new: list[dict[str, object]] = []
        for reader, confidence, marks in fits:
            own: dict[str, object] = {
                "encoder": encoder.model,
                "encoder_sha256": encoder.fingerprint,
                "reader_sha256": reader,
                "learnt_on": DATA,
                "commit": commit,
                "settings": settings,
            }
            if name == "confidence":
                own |= {"topic": written(confidence.topic), "answer": written(confidence.answer)}
                own["scaling"] = [round(confidence.scale, 4), round(confidence.shift, 4)]
                own |= {k: getattr(confidence, k) for k in ("none_below", "may_answer_from", "answers_from")}
            else:
                own |= {"marks": written(marks), "enough": ENOUGH, "share": SHARE}
            new.append(own)
        values["fits"] = [*new, *others] if encoder.model == DEFAULT_MODEL else [*others, *new]
        (MODELS / f"{name}.json").write_text(json.dumps(values, indent=2, ensure_ascii=False) + "\n", "utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("bench", "training", "work"):
        parser.add_argument(name, type=Path)
    parser.add_argument("--model", default=DEFAULT_MODEL)
    parser.add_argument("--each", type=int, default=300, help="questions of each set and kind")
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    encoder, reader = load_encoder(options.model), load_reader()
    sets = Sets(options.bench, options.training, options.work)
    kept = options.work / f"evidence-{encoder.fingerprint[:16]}-{reader.fingerprint[:16]}-{options.each}"
    rows = gather(sets, options.each, encoder, reader, kept)
    fits = [
        (reader.fingerprint, *fit_side(rows, lambda row: row.read, read=True)),
        (None, *fit_side(rows, lambda row: row.unread, read=False)),
    ]
    if options.write:
        write(fits, encoder)


if __name__ == "__main__":
    main()
