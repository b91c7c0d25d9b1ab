"""Nothing is lost: every letter of every text of ours stands in a passage, a heading, or furniture with a reason."""

from pathlib import Path

import pytest
from corpus import FORMATS
from reading import nowhere

from source.document import Document, Reason
from source.formats.readers import READERS, read_here
from source.library import ESSAYS, read_library

HERE = Path(__file__).parents[1]
TEXTS = sorted(path for path in HERE.rglob("*") if path.suffix in READERS and path.stat().st_size)


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.relative_to(HERE).as_posix())
def test_every_letter_of_a_file_of_ours_is_somewhere(path: Path) -> None:
    document = read_here(path.read_bytes(), path.name)
    assert nowhere(document) == ""
    assert all(isinstance(one.reason, Reason) for one in document.furniture)


@pytest.mark.parametrize("suffix", FORMATS)
def test_every_letter_of_the_essay_is_somewhere_in_every_format(suffix: str, tmp_path: Path) -> None:
    (essay,) = (one for one in read_library(ESSAYS) if isinstance(one, Document))
    path = tmp_path / f"essay{suffix}"
    FORMATS[suffix](essay, path)
    document = read_here(path.read_bytes(), path.name)
    assert nowhere(document) == ""
    assert sum(one.end - one.start for one in document.furniture) < 0.1 * len(document.text)


def test_the_reasons_are_a_closed_list() -> None:
    assert {reason.value for reason in Reason} == {
        "front matter",
        "metadata",
        "licence",
        "table of contents",
        "navigation",
        "web site around the text",
        "comment",
        "quoted reply",
        "page number or running head",
        "number or time of a cue",
        "link definition",
        "markup",
        "rule",
    }
