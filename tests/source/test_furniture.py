"""Nothing is lost: every letter of every text of ours stands in a passage, a heading, or furniture with a reason."""

from array import array
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


@pytest.mark.parametrize(
    ("name", "between"),
    [
        ("a.txt", "The boat went down.\n\n{}\n\nNobody spoke of it again.\n"),
        ("a.html", "<body><p>The boat went down.</p><p>{}</p><p>Nobody spoke of it again.</p></body>"),
        ("a.rtf", r"{{\rtf1\ansi\uc1 The boat went down.\par {}\par Nobody spoke of it again.\par}}"),
    ],
)
def test_a_rule_is_drawn_with_signs_and_an_emoji_is_none(name: str, between: str) -> None:
    """Somebody may answer with nothing but a face."""
    faces = {"😀": True, "🚢 🌊": True, "* * *": False, "———": False}
    for text, quoted in faces.items():
        written = text if name != "a.rtf" else "".join(f"\\u{unit}?" for unit in array("h", text.encode("utf-16-le")))
        document = read_here(between.format(written).encode(), name)
        stands = any(text in document.text[one.start : one.end] for one in document.passages)
        ruled = any(text in document.text[one.start : one.end] for one in document.furniture)
        assert (stands, ruled) == (quoted, not quoted), (name, text)
