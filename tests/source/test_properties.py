"""What holds for every text, however nasty its Unicode."""

import json
import tempfile
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_encoder import SmallEncoder

from index.local.build import build
from index.words import lexical
from index.words.folding import fold
from qa.answer import Answer, Receipt
from qa.conversation import Turn, understand
from qa.retriever import Retriever
from source.document import Document
from source.errors import UserError
from source.formats.markdown import read_markdown
from source.formats.text import read_text
from source.text.breaks import LIST_MARKER
from source.worker.wire import packed, unpacked

settings.register_profile("steady", deadline=None, derandomize=True, max_examples=150)
settings.load_profile("steady")

PIECES = [
    "The Soviet Union sent tanks. ",
    "Who approved it? ",
    "Title",
    "word",
    "a",
    "7",
    "e\u0301",
    "\u0301",
    "ﬁ",
    "Straße",
    "\U0001f469\u200d\U0001f680",
    "\ud800",
    "\udfff",
    "\u00a0",
    "\u00ad",
    "\u200f",
    "\u202e",
    "שלום. ",
    "مرحبا؟ ",
    "\0",
    "\ufeff",
    "\r\n",
    "\r",
    "\n",
    "\n\n",
    "\u2028",
    "\u2029",
    "\x85",
    "\t",
    " ",
    "- ",
    "* item\n",
    "1. ",
    "# ",
    "## Head\n",
    "> ",
    "```\n",
    "---\n",
    "title: x\n",
    "|a|b|\n|-|-|\n",
    "[x]: y\n",
    "<!-- ",
    "&amp;",
    "“",
    "”",
    "。",
    "！",
    "U.S. ",
    "e.g. ",
    "...",
    "…",
    ":",
    "https://a.b/c?d=e ",
    "中文。",
    "ภาษาไทย",
    "x" * 400,
    '"',
    "''",
    "\\",
]
NASTY = st.lists(st.one_of(st.sampled_from(PIECES), st.characters()), max_size=40).map("".join)


def words(text: str) -> str:
    """The letters and digits of `text`, without what joins or marks them."""
    return "".join(c for c in text if c.isalnum())


def holds_together(document: Document, text: str) -> None:
    assert document.text == text
    end = 0
    covered = [(span.start, span.end) for span in (*document.headings, *document.furniture)]
    for number, passage in enumerate(document.passages, 1):
        assert passage.number == number
        assert end <= passage.start < passage.end <= len(text)
        end = passage.end
        covered.append((passage.start, passage.end))
        at = passage.start
        for sentence in passage.sentences:
            assert at <= sentence.start < sentence.end <= passage.end
            gap = text[at : sentence.start + 1].lstrip()  # a marker is one only before something
            assert not words(LIST_MARKER.sub("", gap)[:-1]), gap
            at = sentence.end
        assert passage.sentences
        assert not words(text[at : passage.end])
    at = 0
    for start, stop in sorted(covered):
        assert not words(text[at:start]), "text that is nowhere"
        at = max(at, stop)
    assert not words(text[at:])
    assert unpacked(packed(document)) == document


@given(NASTY)
def test_plain_text_is_divided_without_loss(text: str) -> None:
    holds_together(read_text(text, "a.txt"), text)


@given(NASTY)
def test_markdown_is_divided_without_loss(text: str) -> None:
    holds_together(read_markdown(text, "a.md"), text)


@given(NASTY)
def test_folding_moves_nothing(text: str) -> None:
    assert len(fold(text)) == len(text)
    assert len(lexical.folded(text)) == len(text)
    lexical.words(text)
    lexical.phrases(text)


@given(NASTY, NASTY)
def test_questions_are_understood_or_refused(question: str, before: str) -> None:
    answer = Answer(before, "none", 0.0, (), Receipt("", "", "", ()))
    assert isinstance(understand(question, [Turn(before, before, answer)]).text, str)


@settings(max_examples=40)
@given(st.lists(NASTY, min_size=1, max_size=3), st.lists(NASTY, min_size=1, max_size=3))
def test_quotes_are_slices_and_answers_stay_the_same(texts: list[str], questions: list[str]) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "essays"
        folder.mkdir()
        for number, text in enumerate(texts):
            (folder / f"{number}.md").write_bytes(text.encode("utf-8", "ignore"))
        try:
            snapshot, _ = build(folder, Path(name) / "index", encoder=SmallEncoder())
        except UserError as error:
            assert "There is no essay to index" in str(error)  # noqa: PT017
            return
        retriever = Retriever(snapshot, SmallEncoder())
        for question in questions:
            if not question.strip():
                with pytest.raises(ValueError, match="The question is empty"):
                    retriever.answer(question)
                continue
            answer = retriever.answer(question, 5)
            assert json.dumps(answer.json()).encode() == json.dumps(retriever.answer(question, 5).json()).encode()
            for quote in answer:
                source = (folder / quote.document.name).read_bytes().decode("utf-8-sig")
                assert quote.text == quote.document.text[quote.start : quote.end] == source[quote.start : quote.end]
                assert quote.highlights
                for mark in quote.highlights:
                    assert quote.start <= mark.start < mark.end <= quote.end
                assert not unicodedata.category(quote.text[0]).startswith("Z")
