from pathlib import Path

import pytest
from corpus import FORMATS
from data import lines
from printed import bare

from index.encoding.encoder import Encoder
from index.local.build import build
from index.local.snapshot import Snapshot
from index.verify import verify
from qa.retriever import Retriever
from source.document import Reason
from source.library import ESSAYS
from source.reading import read

ESSAY = read(ESSAYS / "soviet-union-korean-war.txt", "essay.txt")


@pytest.mark.parametrize("suffix", FORMATS)
def test_the_essay_is_the_same_in_every_format(
    suffix: str, tmp_path: Path, encoder: Encoder, essay_index: Snapshot
) -> None:
    path = tmp_path / f"essay{suffix}"
    FORMATS[suffix](ESSAY, path)
    found = read(path, path.name)
    assert bare(found.title) == bare(ESSAY.title)
    assert found.author == ("" if suffix == ".md" else "A. N. Author")
    for one, own in zip(found.passages, ESSAY.passages, strict=True):
        assert bare(one.heading) == bare(own.heading)
    assert [bare(found.text[p.start : p.end]) for p in found.passages] == [
        bare(ESSAY.text[p.start : p.end]) for p in ESSAY.passages
    ]
    snapshot, report = build(path, tmp_path / "index", encoder=encoder)
    assert report.skipped == ()
    assert list(verify(snapshot)) == []
    of_text, of_format = Retriever(essay_index, encoder), Retriever(snapshot, encoder)
    agree = []
    for values in lines("essay_questions.jsonl"):
        first, second = (one.answer(values["question"], 1).quotes[0] for one in (of_text, of_format))
        assert second.text == second.document.text[second.start : second.end]
        agree.append(bare(first.marked[0]) == bare(second.marked[0]))
    assert sum(agree) >= 0.95 * len(agree)


def test_chapters_of_a_book_are_places(tmp_path: Path) -> None:
    FORMATS[".epub"](ESSAY, tmp_path / "essay.epub")
    found = read(tmp_path / "essay.epub", "essay.epub")
    assert found.locator(found.passages[0].start).startswith("chapter 1")
    assert found.locator(found.passages[-1].start) == f"chapter 11: {found.passages[-1].headings[0]}"
    assert {found.text[one.start : one.end]: one.reason for one in found.furniture} == {
        "A cover": Reason.METADATA,
        "1. Contents": Reason.CONTENTS,
    }
