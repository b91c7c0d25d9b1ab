"""Questions written for the reader's training, put to their own passages: make the set `written` in FOLDER.

    python tests/benchmarks/written_set.py TRAINING FOLDER

TRAINING holds `passages.jsonl.xz` and `questions.jsonl`, what `train_reader.py` learns from. Of each of its
sources some documents are laid, whole, and of the questions about them as many answered ones as near misses.
The reader has seen these; what it says of them is surer than it is of others.
"""

import argparse
import collections
import json
import lzma
import random
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

# Of each source so many passages, and so many questions of each kind.
PASSAGES, QUESTIONS = 150, 45


def make(training: Path, folder: Path) -> Path:
    """Lay the set in `folder`; `folder` again."""
    (folder / "documents").mkdir(parents=True, exist_ok=True)
    draw = random.Random(3)
    documents: dict[str, list[dict[str, Any]]] = collections.defaultdict(list)
    with lzma.open(training / "passages.jsonl.xz", "rt", encoding="utf-8") as file:
        for line in file:
            passage = json.loads(line)
            documents[passage["document"]].append(passage)
    asked = collections.defaultdict(list)
    for line in (training / "questions.jsonl").read_text("utf-8").splitlines():
        question = json.loads(line)
        asked[question["passage"]].append(question)
    lines = []
    for source in sorted({own[0]["source"] for own in documents.values()}):
        names = sorted(name for name, own in documents.items() if own[0]["source"] == source)
        places, questions = _laid(draw.sample(names, len(names)), documents, asked, folder)
        for answered in (True, False):
            kind = [one for one in questions if (one["sentences"] is not None) == answered]
            lines += [_line(one, places) for one in draw.sample(kind, min(QUESTIONS, len(kind)))]
    numbered = (json.dumps({"id": f"written-{i}", **line}) for i, line in enumerate(lines))
    (folder / "questions.jsonl").write_text("".join(f"{line}\n" for line in numbered), encoding="utf-8")
    return folder


Places = dict[int, tuple[str, int, Mapping[str, Any]]]


def _laid(
    names: Sequence[str],
    documents: Mapping[str, Sequence[Mapping[str, Any]]],
    asked: Mapping[int, Sequence[dict[str, Any]]],
    folder: Path,
) -> tuple[Places, list[dict[str, Any]]]:
    """Write documents as Markdown until they hold enough passages; where each passage stands, and its questions."""
    places: Places = {}
    questions: list[dict[str, Any]] = []
    for document in names:
        name, heading = re.sub(r"[^\w-]", "_", document), ""
        text = f"# {documents[document][0]['title']}\n\n"
        for passage in documents[document]:
            if passage["heading"] not in ("", heading):
                heading = passage["heading"]
                text += f"## {heading}\n\n"
            places[passage["id"]] = (name, len(text), passage)
            questions += asked.get(passage["id"], ())
            text += f"{passage['text']}\n\n"
        (folder / "documents" / f"{name}.md").write_text(text, encoding="utf-8", newline="")
        if len(places) >= PASSAGES:
            break
    return places, questions


def _line(question: Mapping[str, Any], places: Places) -> dict[str, object]:
    name, start, passage = places[question["passage"]]
    sentences = [passage["sentences"][i] for i in question["sentences"] or ()]
    spans = [{"document": name, "start": start + first, "end": start + last} for first, last in sentences]
    return {"question": question["question"], "answerable": bool(spans), "need": "any", "spans": spans}


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("training", type=Path)
    parser.add_argument("folder", type=Path)
    options = parser.parse_args()
    print(make(options.training, options.folder))
