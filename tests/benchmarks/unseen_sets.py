"""What the reader's training did not see: make the sets `squad-six` and `natural-unseen` in FOLDER, for `quoth eval`.

    python tests/benchmarks/unseen_sets.py BENCH FOLDER

`squad-six` is the part of the set squad about six articles that no training used. `natural-unseen` puts the
questions of the set natural about these articles and about the essays of the set chroma to the whole library.
"""

import argparse
import json
import shutil
from collections.abc import Iterable
from pathlib import Path

from natural_set import make as make_natural

# The articles of the set squad that training leaves out.
SIX = (
    "computational-complexity-theory",
    "european-union-law",
    "islamism",
    "normans",
    "packet-switching",
    "warsaw",
)


def make(bench: Path, folder: Path) -> tuple[Path, Path]:
    """Lay both sets in `folder`, from the sets that stand in `bench`; their folders."""
    return make_six(bench, folder / "squad-six"), make_unseen(bench, folder / "natural-unseen")


def make_six(bench: Path, folder: Path) -> Path:
    """Lay `squad-six` in `folder`; `folder` again."""
    documents = folder / "documents"
    documents.mkdir(parents=True, exist_ok=True)
    for name in SIX:
        shutil.copyfile(bench / "squad" / "documents" / f"{name}.txt", documents / f"{name}.txt")
    lines = (bench / "squad" / "questions.jsonl").read_text("utf-8").splitlines()
    return _written(folder, (line for line in lines if json.loads(line)["paragraph"]["document"] in SIX))


def make_unseen(bench: Path, folder: Path) -> Path:
    """Lay `natural-unseen` in `folder`; `folder` again. The questions on an essay stand together, near misses last."""
    make_natural(bench, folder)
    unseen = {*SIX, *(path.stem for path in (bench / "chroma" / "documents").iterdir())}
    kept, essay = [], ""
    for line in (folder / "questions.jsonl").read_text("utf-8").splitlines():
        spans = json.loads(line)["spans"]
        essay = spans[0]["document"] if spans else essay
        if essay in unseen:
            kept.append(line)
    return _written(folder, kept)


def _written(folder: Path, lines: Iterable[str]) -> Path:
    (folder / "questions.jsonl").write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return folder


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("bench", type=Path)
    parser.add_argument("folder", type=Path)
    options = parser.parse_args()
    print(*make(options.bench, options.folder), sep="\n")
