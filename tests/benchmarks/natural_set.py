"""Questions in a reader's own words: make the set `natural` in FOLDER, for `quoth eval` and `fit_models.py`.

    python tests/benchmarks/natural_set.py BENCH FOLDER

The questions of public sets mostly repeat the words of the passage that answers. These, in
`natural_questions.jsonl`, were written for Quoth from the essays alone as somebody asks who has not
read them: plain or clumsy, in everyday words, or as a few keywords; a quarter of them ask for what
the essay leaves out. Their essays are those of the sets squad, squad-more and chroma in the folder
BENCH, all in one library.
"""

import argparse
import shutil
from pathlib import Path

ESSAYS_OF = ("squad", "squad-more", "chroma")


def make(bench: Path, folder: Path) -> Path:
    """Lay the set in `folder`, with the essays that stand in `bench`; `folder` again."""
    documents = folder / "documents"
    documents.mkdir(parents=True, exist_ok=True)
    for name in ESSAYS_OF:
        for essay in (bench / name / "documents").iterdir():
            shutil.copyfile(essay, documents / essay.name)
    shutil.copyfile(Path(__file__).with_name("natural_questions.jsonl"), folder / "questions.jsonl")
    return folder


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("bench", type=Path)
    parser.add_argument("folder", type=Path)
    options = parser.parse_args()
    print(make(options.bench, options.folder))
