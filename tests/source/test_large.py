"""Large texts: read in parts as they are read whole, and in little more memory than they take themselves."""

import random
import tracemalloc
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from source.document import Document, Passage, Passages, Reason, Sentence, Span
from source.files import Held, OnDisk, opened
from source.formats.markdown_blocks import References, block_tokens
from source.formats.readers import read_content, read_here
from source.structure.blocks import Block, Blocks, Kind
from source.text.encodings import decoded, text_in
from source.worker.wire import packed, unpacked

WORDS = "The tanks came over the river before dawn and nobody on the other side had seen them coming".split()


def paragraphs(count: int) -> Iterator[list[str]]:
    chance = random.Random(1)
    return ([f"{' '.join(chance.sample(WORDS, 12)).capitalize()}." for _ in range(6)] for _ in range(count))


def prose(count: int) -> str:
    return "\n\n".join("\n".join(lines) for lines in paragraphs(count))


def a_line_each(count: int) -> str:
    return "\n".join(map(" ".join, paragraphs(count)))


def short_paragraphs(count: int) -> str:
    return "\n\n".join(line for lines in paragraphs(count) for line in lines)


def markdown(count: int) -> str:
    return "\n\n".join(" ".join(lines) if i % 40 else "## A part" for i, lines in enumerate(paragraphs(count)))


@pytest.mark.parametrize(
    ("make", "name", "beyond"),
    [(prose, "a.txt", 0), (a_line_each, "a.txt", 0), (short_paragraphs, "a.txt", 0), (markdown, "a.md", 8_000_000)],
)
def test_reading_a_text_takes_little_more_memory_than_it(
    make: Callable[[int], str], name: str, beyond: int, tmp_path: Path
) -> None:
    """`beyond` is what a part takes that is read at a time."""
    read_here(make(20).encode(), name)  # what is loaded at the first text is loaded
    (tmp_path / name).write_text(make(2000))
    tracemalloc.start()
    try:
        with opened(tmp_path / name) as file:
            document = read_content(OnDisk(file), name)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert document.text == make(2000)
    assert peak < 2.2 * len(document.text) + beyond


PIECES = [
    "# a", "## b [x][y]", "Title\n===", "one\ngoes on", "- x", "- y\n  - z", "1. one", "   cont", "    code", "\tcode",
    "```\nq", "```", "~~~\n\nw\n~~~", "<div>", "</div>", "<!-- c", "-->", "<script>", "</script>", "<pre>", "</pre>",
    "> q", "> - q\n> \n> w",
    "| a | b |\n|---|---|\n| 1 | 2 |", "| a | b |", "|---|---|", "[y]: http://a", "[q]:", "/url",
    '[z]: http://b\n"t', 't"', "***", "", "  ", "[^1]: note", "<b>x</b>", "\f",
]  # fmt: skip


def tokens(text: str, size: int) -> tuple[list[tuple[object, ...]], References]:
    references: References = {}
    found: list[tuple[object, ...]] = []
    for some, starts in block_tokens(text, 0, references, size):
        for one in some:
            start, end = one.map or (0, 0)
            stands = text[starts[start] : starts[min(end, len(starts) - 1)]].strip()
            found.append((one.type, one.level, one.tag, one.content, starts[start] if one.map else None, stands))
    return found, references.get("references", {})


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_markdown_read_in_parts_has_the_blocks_and_links_of_the_whole(end: str) -> None:
    chance = random.Random(end)
    for _ in range(300):
        some = (chance.choice(PIECES) + "\n" * chance.choice([1, 1, 2, 2, 3]) for _ in range(chance.randrange(2, 30)))
        text = "".join(some).replace("\n", end)
        whole, links = tokens(text, len(text))
        for size in (1, 5, 30):
            parts, found = tokens(text, size)
            assert parts == whole, text
            assert {name: one["href"] for name, one in found.items()} == {k: one["href"] for k, one in links.items()}


def test_a_heading_far_above_is_called_by_what_its_link_is_defined_as() -> None:
    text = "# The [war][1] there\n\n" + markdown(3000) + "\n\n[1]: http://x\n"
    assert read_here(text.encode(), "a.md").headings[0].title == "The war there"


@pytest.mark.parametrize("encoding", ["ascii", "utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1251", "koi8_r"])
@pytest.mark.parametrize("size", [1, 7, 1000])
def test_a_text_in_pieces_is_decoded_as_it_is_whole(encoding: str, size: int) -> None:
    text = "".join(line.replace("river", "Река, река 😀") for line in prose(4))
    data = text.encode(encoding, "ignore")

    class Pieces(Held):
        def pieces(self) -> Iterator[bytes]:
            return (data[at : at + size] for at in range(0, len(data), size))

    assert text_in(Pieces(data))[:2] == decoded(data)
    assert text_in(Pieces(data))[2] == text_in(Held(data))[2]


def document(passages: Sequence[Passage]) -> Document:
    return Document("a.txt", "Who came? They did. Nobody saw.", "", passages=passages)


PASSAGES = (
    Passage(0, 19, 1, 1, (), (Sentence(0, 9, True), Sentence(10, 19))),
    Passage(20, 31, 2, 3, ("A", "B"), (Sentence(20, 31),)),
    Passage(31, 31, 3, 3, ("A", "B"), ()),
    Passage(31, 31, 4, 3, (), ()),
)


def test_passages_are_what_they_were_made_of() -> None:
    kept = Passages(PASSAGES)
    assert (len(kept), list(kept), kept[-1], kept[1:3]) == (4, list(PASSAGES), PASSAGES[-1], PASSAGES[1:3])
    assert kept == PASSAGES
    assert kept == PASSAGES
    assert hash(kept) == hash(PASSAGES)
    assert kept != PASSAGES[:3]
    assert kept != (*PASSAGES[:3], replace(PASSAGES[3], end=32))
    assert document(kept) == document(PASSAGES)
    assert unpacked(packed(document(kept))) == document(PASSAGES)
    with pytest.raises(IndexError):
        kept[4]


BLOCKS = [
    Block(0, 4, Kind.HEADING, 2, "A title"),
    Block(5, 9, Kind.TEXT, inside=(Span(6, 7),)),
    Block(9, 12, Kind.FURNITURE, reason=Reason.PAGE),
    Block(12, 20, Kind.LIST),
]


def test_blocks_are_what_they_were_made_of_and_can_be_replaced() -> None:
    blocks = Blocks(BLOCKS)
    assert (list(blocks), blocks[-1], blocks[1:3]) == (BLOCKS, BLOCKS[-1], BLOCKS[1:3])
    blocks[-1] = BLOCKS[0]
    blocks[0] = BLOCKS[3]
    assert list(blocks) == [BLOCKS[3], *BLOCKS[1:3], BLOCKS[0]]
    with pytest.raises(IndexError):
        blocks[4]


def test_a_text_that_is_laid_into_a_file_arrives_whole(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    long = replace(document(PASSAGES), text="Who came? 😀 \ud800 They did. " * 300_000)
    assert unpacked(packed(long)) == long
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "nowhere"))  # no file can be made
    assert unpacked(packed(long)) == long
