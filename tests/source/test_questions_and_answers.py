"""A question and its answer are one passage, and the sentence that asks is known as such."""

import pytest
from reading import asking, headings, passages, sentences

from source.formats.markdown import read_markdown
from source.formats.text import read_text

INTRODUCTION = "The quarry at Rossa closed in 1958, and its last foreman still lives beside the gate.\n\n"


@pytest.mark.parametrize(
    ("text", "asked", "answered"),
    [
        ("Q: Who dug it?\n\nA: Two brothers from Lund.\n", "Q: Who dug it?", "A: Two brothers from Lund."),
        ("Q. Who dug it?\nA. Two brothers.\nQ. When?\nA. In May.\n", "Q. Who dug it?", "A. Two brothers."),
        ("Question: Who dug it\n\nAnswer: Two brothers.\n", "Question: Who dug it", "Answer: Two brothers."),
        ("Frage: Wer grub ihn?\n\nAntwort: Zwei Brüder.\n", "Frage: Wer grub ihn?", "Antwort: Zwei Brüder."),
        ("Who dug it?\n\nTwo brothers from Lund.\n", "Who dug it?", "Two brothers from Lund."),
        ("¿Quién la cavó?\n\nDos hermanos de Lund.\n", "¿Quién la cavó?", "Dos hermanos de Lund."),
        ("“Who dug it?” he asked.\n\n“Two men,” I said.\n", "“Who dug it?” he asked.", "“Two men,” I said."),
        ("— Qui ? demanda le curé.\n\n— Deux frères.\n", "— Qui ? demanda le curé.", "Deux frères."),
        ("ANNA: And who dug it?\n\nBERT: Two brothers.\n", "ANNA: And who dug it?", "BERT: Two brothers."),
        ("[10:02] Anna: who dug it?\n[10:03] Bert: two men\n", "[10:02] Anna: who dug it?", "[10:03] Bert: two men"),
        ("Anna: Thank you. Who dug it?\n\nBert: Two brothers.\n", "Who dug it?", "Bert: Two brothers."),
        ("谁挖的？\n\n两个兄弟。\n", "谁挖的？", "两个兄弟。"),
    ],
)  # fmt: skip
def test_in_plain_text(text: str, asked: str, answered: str) -> None:
    document = read_text(INTRODUCTION + text, "a.txt")
    (passage,) = (one for one in document.passages if asked in document.text[one.start : one.end])
    found = {document.text[s.start : s.end].lstrip("—– "): s.asks for s in passage.sentences}
    assert found.pop(asked.lstrip("—– ")) is True
    assert answered.lstrip("—– ") in found
    assert not any(found.values())


@pytest.mark.parametrize(
    ("text", "asked", "answered"),
    [
        ("**Who dug it?**\n\nTwo brothers.\n", "**Who dug it?**", "Two brothers."),
        ("__Who dug it?__\n\nTwo brothers.\n", "__Who dug it?__", "Two brothers."),
        ("**Tell me who dug it.**\n\nTwo brothers.\n", "**Tell me who dug it.**", "Two brothers."),
        ("*Who dug it?*\n\n- Two brothers\n- and their aunt\n", "*Who dug it?*", "Two brothers"),
        ("**Q:** Who dug it?\n\n**A:** Two brothers.\n", "**Q:** Who dug it?", "**A:** Two brothers."),
        ("**Q: Who dug it?**\n**A:** Two brothers.\n", "**Q: Who dug it?**", "**A:** Two brothers."),
        ("Who dug it?\n\n> Two brothers.\n", "Who dug it?", "> Two brothers."),
        ("<details>\n<summary>Who dug it?</summary>\nTwo brothers.\n</details>\n", "Who dug it?", "Two brothers."),
        ("<details><summary><b>Who?</b></summary>\n\nTwo brothers.\n\n</details>\n", "<b>Who?</b>", "Two brothers."),
    ],
)  # fmt: skip
def test_in_markdown(text: str, asked: str, answered: str) -> None:
    document = read_markdown(f"# Rossa\n\n{INTRODUCTION}{text}\nIt was deep.\n", "a.md")
    assert asking(document) == [asked]
    assert any(asked in one and answered in one for one in passages(document))
    assert answered in sentences(document)
    assert passages(document)[-1] == "It was deep."


def test_each_question_of_an_interview_stands_with_its_own_answer() -> None:
    turns = "\n\n".join(f"Q: What was number {n}?\n\nA: Number {n} was stone." for n in range(5))
    document = read_text(f"The Foreman\nAn interview\n\n{turns}", "a.txt")
    assert passages(document) == [f"Q: What was number {n}?\n\nA: Number {n} was stone." for n in range(5)]
    assert document.title == "The Foreman"


@pytest.mark.parametrize("start", ["", "[00:00:{0:02}] ", "(0:{0:02}) ", "{0:02}:10 "])
def test_a_transcript_is_divided_where_somebody_asks(start: str) -> None:
    lines = [f"{start.format(2 * n)}HOST: What of pit {n}?\n{start.format(2 * n + 1)}OLE: It is wet" for n in range(3)]
    document = read_text("\n".join(lines), "a.txt")
    assert passages(document) == lines
    assert len(asking(document)) == 3
    assert len(sentences(document)) == 6


@pytest.mark.parametrize("marker", ["{}. ", "{}) ", "- ", "Q{}: "])
def test_questions_that_are_counted_stand_with_their_own_answers_too(marker: str) -> None:
    pairs = [f"{marker.format(n)}Who dug pit {n}?\n\nA man from Lund dug it." for n in range(1, 4)]
    for document in (read_text("Rossa\n\n" + "\n\n".join(pairs), "a.txt"), read_markdown("\n\n".join(pairs), "a.md")):
        assert passages(document) == pairs
        assert len(asking(document)) == 3


def test_a_question_that_closes_a_paragraph_keeps_its_place() -> None:
    text = "Rossa\n\nThe pit was deep. But who dug it?\n\nThe parish never said.\n\nWho knows?"
    assert passages(read_text(text, "a.txt")) == [
        "The pit was deep. But who dug it?",
        "The parish never said.",
        "Who knows?",
    ]


def test_questions_of_a_poem_are_no_interview() -> None:
    stanza = "Who dug the pit\nin Rossa's wood\nwhere once a lark\nhad sung for good?"
    assert passages(read_text(f"Rossa\n\n{stanza}\n\n{stanza}", "a.txt")) == [stanza, stanza]


def test_a_heading_that_asks_is_no_passage() -> None:
    document = read_markdown("# Rossa\n\n## Who dug it?\n\nTwo brothers.", "a.md")
    assert (headings(document), passages(document)) == (["Who dug it?"], ["Two brothers."])
