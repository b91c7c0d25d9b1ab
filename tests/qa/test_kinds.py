"""The kinds of fault of essays as people have them, by what is answered from inputs of our own."""

from collections.abc import Callable
from pathlib import Path

import pytest
from kinds.case import Asked, Case
from kinds.every import CASES

from index.encoding.encoder import Encoder
from index.local.build import build
from index.memory import MemoryIndex
from qa.ranking.minilm_reader import load_reader
from qa.ranking.reader import Reader
from qa.retriever import Retriever
from source.formats.readers import read_here

ASKED = [(case, question, asked) for case in CASES for question, asked in case.asked.items()]


@pytest.fixture(scope="module")
def reader() -> Reader:
    return load_reader()


@pytest.fixture(scope="module")
def retrievers(encoder: Encoder, reader: Reader) -> Callable[[Case], Retriever]:
    """A retriever over each input, made when it is asked first."""
    made: dict[int, Retriever] = {}

    def retriever(case: Case) -> Retriever:
        if id(case) not in made:
            index = MemoryIndex([read_here(case.data, case.file)], encoder)
            made[id(case)] = Retriever(index, encoder, reader=reader)
        return made[id(case)]

    return retriever


@pytest.mark.parametrize(
    ("case", "question", "asked"), ASKED, ids=[f"{case}, {question}" for case, question, _ in ASKED]
)
def test_it_is_answered(case: Case, question: str, asked: Asked, retrievers: Callable[[Case], Retriever]) -> None:
    answer = retrievers(case).answer(question)
    assert answer.verdict in asked.verdicts
    if answer.verdict == "none":
        return
    assert asked.known in {"", *(fact.value for fact in answer.about)}
    if not (asked.quoted or asked.marked):
        return
    quote = answer.quotes[0]
    assert asked.quoted in quote.text
    assert asked.marked in "\n".join(quote.document.text[span.start : span.end] for span in quote.highlights)
    assert not asked.also or any(asked.also in one.text for one in answer.quotes[1:])
    assert not asked.never or not any(asked.never in one.text for one in answer.quotes)


OAK = "The oak was felled in 1904 by Per.\n"


def moved_into_a_folder(file: Path) -> None:
    (file.parent / "old").mkdir()
    file.rename(file.parent / "old" / file.name)


CHANGES: dict[str, Callable[[Path], object]] = {
    "renamed": lambda file: file.rename(file.with_name("b.txt")),
    "moved into a folder": moved_into_a_folder,
    "removed": Path.unlink,
    "written anew": lambda file: file.write_text("The oak was planted in 1704.\n", encoding="utf-8"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_29_what_has_gone_is_withheld_and_not_denied(
    change: str, encoder: Encoder, reader: Reader, tmp_path: Path
) -> None:
    file = tmp_path / "essays" / "a.txt"
    file.parent.mkdir()
    file.write_text(OAK, encoding="utf-8")
    snapshot, _ = build(file.parent, tmp_path / "index", encoder=encoder)
    with snapshot:
        retriever = Retriever(snapshot, encoder, reader=reader)
        assert retriever.answer("Who felled the oak?").quotes[0].text == OAK.strip()
        CHANGES[change](file)
        answer = retriever.answer("Who felled the oak?")
    assert (answer.verdict, answer.quotes) == ("withheld", ())
    assert answer.withheld
