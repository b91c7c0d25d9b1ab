"""What a library shows before the first question: made of its own words, by their shape."""

from pathlib import Path

import pytest

from index.local.build import build
from qa.page.html.beginnings import EXAMPLES, beginning, questions
from qa.page.html.start import start
from source.library import read_library


def asked(folder: Path, text: str, name: str = "essay.md") -> list[str]:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")
    (document,) = read_library(folder)
    return list(questions(document))


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("# On Lamps\n\nIt burns.\n\n## Why are lamps red?\n\nThey warn.\n", ["Why are lamps red?"]),
        ("# On Lamps\n\nA lighthouse is a tower with a lamp.\n", ["What is a lighthouse?"]),
        ("# Towers\n\nLighthouses are the towers of the sea. Most lighthouses burn.\n", ["What are lighthouses?"]),
        ("# Ada\n\nAda Lovelace was a mathematician of the first rank.\n", ["Who or what was Ada Lovelace?"]),
        ("# Lamps\n\nThere was a storm.\n\n## The Oil of Lamps\n\nThe oil burns in lamps.\n", ["the oil of lamps"]),
        ("# Lamps\n\nThis is the end.\n\n## 2.1 Whales of Nantucket\n\nThey swim.\n", ["about Whales of Nantucket?"]),
        ("# Lamps\n\nThey burn.\n\n## Introduction\n\nOil.\n\n## Notes\n\nNone.\n", ["about Lamps?"]),
    ],
)
def test_questions_are_made_of_headings_and_first_sentences(tmp_path, text, wanted):
    made = asked(tmp_path / "essays", text)
    assert len(made) >= len(wanted)
    for one in wanted:
        assert any(one in question for question in made), made
    assert not any(word in question for question in made for word in ("Introduction", "Notes", "There"))


def test_of_another_language_only_its_own_headings_are_asked(tmp_path):
    text = (
        "# Das Dorf\n\nDas Dorf am Fluss ist alt und die Leute sind freundlich.\n\n## Die Mühle am Bach\n\nSie mahlt.\n"
    )
    assert asked(tmp_path / "essays", text) == ["Die Mühle am Bach"]


@pytest.mark.parametrize("text", ["", "\n", "word", "# \n\n#\n", "## ?\n\n?\n", "# On \n\n.\n", "A" * 5_000])
def test_an_essay_that_says_little_is_asked_little(tmp_path, text):
    (tmp_path / "essays").mkdir()
    (tmp_path / "essays" / "essay.md").write_text(text, encoding="utf-8")
    for document in read_library(tmp_path / "essays"):
        if hasattr(document, "passages"):
            assert len(list(questions(document))) <= 1


def test_a_library_tells_what_it_holds_and_how_its_essays_begin(tmp_path, encoder):
    folder = tmp_path / "essays"
    folder.mkdir()
    for number in range(30):
        first = f"Lamp {number} <& its oil {'burn ' * 60}brightly."
        text = f"# On Lamp & Oil {number}\n\n{first} They say so.\n\nIt is cold.\n"
        (folder / f"{number:02}.md").write_text(text, encoding="utf-8")
    index, _ = build(folder, tmp_path / "index", encoder=encoder)
    begin = beginning(index)
    assert (begin.essays, begin.passages, len(begin.openings), len(begin.questions)) == (30, 60, 24, 4)
    first = begin.openings[0].sentence
    assert first.endswith(" …")
    assert index.document("00.md").passages[0].sentences[0].start == index.document("00.md").text.index(first[:30])
    markup = start(begin)
    assert "30 essays, 60 passages" in markup
    assert "and 6 essays more" in markup
    assert "On Lamp &amp; Oil 0</a>" in markup
    assert "Lamp 0 &lt;&amp; its oil" in markup
    index.close()


def test_of_quoths_own_essay_it_is_known_what_can_be_asked(essay_index):
    begin = beginning(essay_index)
    assert begin.questions == EXAMPLES
    assert begin.openings == ()
    assert "essay," not in start(begin)
