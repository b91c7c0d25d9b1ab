"""Questions about an essay itself are answered from what is known of it, and never by what stands under its title."""

from pathlib import Path

import docx
import pytest
from small_encoder import SmallEncoder

from index.local.build import build
from index.memory import MemoryIndex
from qa.about.asking import asking
from qa.answer import Answer
from qa.retriever import Retriever
from source.document import Document
from source.library import read_library

LAMPS = """---
title: The Lamps of Orne
author: Ida Brandt
date: 1931-02-07
---
# The Lamps of Orne

## Oil

The first lamps of Orne burned whale oil. A boy lit them at dusk.

## Gas

Gas came to Orne in 1862. The council wrote the order to close the oil store.
"""
BOOK = """The Project Gutenberg eBook of The Long Ford, by Nils Aker

Title: The Long Ford

Author: Nils Aker

Release Date: May 5, 2011 [eBook #88888]

*** START OF THE PROJECT GUTENBERG EBOOK THE LONG FORD ***

THE LONG FORD

by Nils Aker

CHAPTER I.

We came to the ford in the last week of the rains, and found it closed to carts of any kind.

*** END OF THE PROJECT GUTENBERG EBOOK THE LONG FORD ***
"""
BARE = "On Salt\n\nSalt was taken from the sea in wide pans. The pans of Orne were of lead.\n"


def over(folder: Path, *names: str) -> Retriever:
    """A retriever over the essays of these names."""
    texts = {"lamps.md": LAMPS, "ford.txt": BOOK, "salt.txt": BARE}
    for name in names:
        if name.endswith(".docx"):
            word = docx.Document()
            word.core_properties.title, word.core_properties.author = "The Quiet Weir", "Eva Lund"
            word.add_paragraph("The weir was built of larch, and it was never mended in all its years.")
            word.save(str(folder / name))
        else:
            (folder / name).write_text(texts[name], encoding="utf-8")
    held = [one for one in read_library(folder) if isinstance(one, Document)]
    return Retriever(MemoryIndex(held, SmallEncoder()), SmallEncoder())


@pytest.fixture(scope="module")
def lamps(tmp_path_factory: pytest.TempPathFactory) -> Retriever:
    """A retriever over one essay with front matter."""
    return over(tmp_path_factory.mktemp("lamps"), "lamps.md")


def known(answer: Answer) -> list[tuple[str, str]]:
    for quote in answer:
        assert quote.text == quote.document.text[quote.start : quote.end]
        assert all(quote.start <= span.start < span.end <= quote.end for span in quote.highlights)
        assert quote.highlights
    return [(one.what, one.value) for one in answer.about]


@pytest.mark.parametrize(
    ("question", "value", "line"),
    [
        ("Who wrote The Lamps of Orne?", "Ida Brandt", "author: Ida Brandt"),
        ("Who is the author?", "Ida Brandt", "author: Ida Brandt"),
        ("Who wrote this essay?", "Ida Brandt", "author: Ida Brandt"),
        ("who wrote it", "Ida Brandt", "author: Ida Brandt"),
        ("Can you tell me who wrote this?", "Ida Brandt", "author: Ida Brandt"),
        ("Who wrote the essay about the lamps?", "Ida Brandt", "author: Ida Brandt"),
        ("Who is the author of “The Lamps of Orne”?", "Ida Brandt", "author: Ida Brandt"),
        ("By whom was the essay written?", "Ida Brandt", "author: Ida Brandt"),
        ("Who was this text written by?", "Ida Brandt", "author: Ida Brandt"),
        ("What's the name of the author?", "Ida Brandt", "author: Ida Brandt"),
        ("Whose essay is this?", "Ida Brandt", "author: Ida Brandt"),
        ("Wer hat diesen Text geschrieben?", "Ida Brandt", "author: Ida Brandt"),
        ("Qui a écrit cet essai ?", "Ida Brandt", "author: Ida Brandt"),
        ("¿Quién escribió este ensayo?", "Ida Brandt", "author: Ida Brandt"),
        ("When was The Lamps of Orne written?", "1931-02-07", "date: 1931-02-07"),
        ("When was this essay first published?", "1931-02-07", "date: 1931-02-07"),
        ("In what year was the essay written?", "1931-02-07", "date: 1931-02-07"),
        ("When did Ida Brandt write this?", "1931-02-07", "date: 1931-02-07"),
        ("When did the author write it?", "1931-02-07", "date: 1931-02-07"),
        ("What is the date of the essay?", "1931-02-07", "date: 1931-02-07"),
        ("Wann wurde der Aufsatz geschrieben?", "1931-02-07", "date: 1931-02-07"),
        ("Quand cet essai a-t-il été écrit ?", "1931-02-07", "date: 1931-02-07"),
        ("¿Cuándo se escribió este texto?", "1931-02-07", "date: 1931-02-07"),
        ("What is the title?", "The Lamps of Orne", "# The Lamps of Orne"),
        ("What is the title of the essay by Ida Brandt?", "The Lamps of Orne", "# The Lamps of Orne"),
        ("What is this essay called?", "The Lamps of Orne", "# The Lamps of Orne"),
        ("What did Ida Brandt write?", "The Lamps of Orne", "# The Lamps of Orne"),
        ("Which essay was written by Brandt?", "The Lamps of Orne", "# The Lamps of Orne"),
        ("Wie lautet der Titel?", "The Lamps of Orne", "# The Lamps of Orne"),
        ("Quel est le titre du texte ?", "The Lamps of Orne", "# The Lamps of Orne"),
        ("¿Cuál es el título?", "The Lamps of Orne", "# The Lamps of Orne"),
    ],
)
def test_what_the_text_says_of_itself_is_quoted_where_it_says_so(lamps, question, value, line):
    answer = lamps.answer(question)
    assert answer.verdict == "answers"
    assert [one for _, one in known(answer)] == [value]
    assert [quote.text for quote in answer] == [line]
    assert answer.quotes[0].marked[0] in (value, line)
    assert answer.about[0].read == ("title line" if line.startswith("#") else "front matter")


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Who wrote The Quiet Weir?", ("author", "Eva Lund")),
        ("Who is the author of this document?", ("author", "Eva Lund")),
        ("What is the title of the text?", ("title", "The Quiet Weir")),
    ],
)
def test_what_only_the_files_properties_say_has_no_quote(tmp_path, question, expected):
    answer = over(tmp_path, "weir.docx").answer(question)
    assert (answer.verdict, known(answer), answer.quotes) == ("answers", [expected], ())
    assert answer.about[0].read == "properties of the Word file"
    assert answer.json()["about"][0]["value"] == expected[1]


def test_the_date_of_an_edition_is_not_said_to_be_the_works(tmp_path):
    found = over(tmp_path, "ford.txt")
    answer = found.answer("When was The Long Ford written?")
    assert (answer.verdict, [quote.text for quote in answer]) == ("close", ["Release Date: May 5, 2011 [eBook #88888]"])
    answer = found.answer("Who wrote The Long Ford?")
    assert (answer.verdict, [quote.text for quote in answer]) == ("answers", ["Author: Nils Aker"])


@pytest.mark.parametrize("question", ["Who wrote On Salt?", "When was On Salt written?", "Who wrote this essay?"])
def test_what_stands_under_the_title_does_not_say_who_wrote_it(tmp_path, question):
    answer = over(tmp_path, "salt.txt").answer(question)
    assert (answer.verdict, answer.about) == ("none", ())


@pytest.mark.parametrize(
    "question",
    ["What is it about?", "What is The Lamps of Orne about?", "What does this essay deal with?", "Summarise it",
     "Worum geht es?", "De quoi parle ce texte ?", "¿De qué trata?", "Give me a short summary of the essay"],
)  # fmt: skip
def test_what_it_is_about_is_its_opening_and_its_headings(lamps, question):
    answer = lamps.answer(question)
    assert known(answer) == [("heading", "Oil"), ("heading", "Gas")]
    assert [quote.paragraph for quote in answer] == [1]
    assert answer.verdict in ("may_answer", "close")


def test_of_several_essays_each_is_told_unless_one_is_named_or_chosen(tmp_path):
    found = over(tmp_path, "lamps.md", "ford.txt", "salt.txt")
    assert known(found.answer("Who is the author?")) == [("author", "Nils Aker"), ("author", "Ida Brandt")]
    assert known(found.answer("Who is the author?", 5, ["lamps.md"])) == [("author", "Ida Brandt")]
    assert known(found.answer("Who wrote The Long Ford?")) == [("author", "Nils Aker")]
    assert len(found.answer("Who is the author?", 1)) == 1


@pytest.mark.parametrize(
    "question",
    [
        "Who wrote the order to close the oil store?",
        "Who wrote to the council?",
        "Who is the author of the order?",
        "When was the order written?",
        "When did gas come to Orne?",
        "What is the title of the order?",
        "What did the council write?",
        "What is gas about to replace?",
        "Who was the store closed by?",
        "Summarise the order of the council",
        "What is the name of the boy?",
        "When did Napoleon write this essay?",
        "Who wrote the essay about whales by Melville?",
    ],
)
def test_other_questions_are_answered_as_ever(lamps, question):
    answer = lamps.answer(question)
    assert answer.about == ()
    assert all(quote.paragraph for quote in answer)


def test_a_line_that_has_changed_is_withheld(tmp_path):
    (tmp_path / "essays").mkdir()
    path = tmp_path / "essays" / "lamps.md"
    path.write_text(LAMPS, encoding="utf-8")
    index, _ = build(path.parent, tmp_path / "index", encoder=SmallEncoder())
    path.write_text(LAMPS.replace("Ida Brandt", "Ada Brandt"), encoding="utf-8")
    answer = Retriever(index, SmallEncoder()).answer("Who wrote this essay?")
    assert (answer.verdict, answer.quotes, answer.about, answer.withheld_count) == ("withheld", (), (), 1)


@pytest.mark.parametrize("question", ["", "?", "who wrote " * 200, "what is " + "(" * 250, "who is " + "is by " * 40])
def test_no_question_is_too_much(question):
    assert asking(question) is None or len(question) <= 300
