"""Quotations are found by their marks, whatever kind they are, and nothing else is taken for one."""

from pathlib import Path

import docx
import pytest

from qa.quotations.drafts import marks
from qa.quotations.drafts.draft import LONGEST_DRAFT, MOST_QUOTATIONS, quotations, single
from qa.quotations.drafts.marks import LONGEST
from source.document import Document, Passage, Span
from source.errors import UserError
from source.reading import read_data


def found(text: str, name: str = "draft.md") -> list[str]:
    return [one.text for one in quotations(read_data(text.encode(), name)).found]


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ('He said "it was cold" and left.', ["it was cold"]),
        ("He said “it was cold” and left.", ["it was cold"]),
        ("He said ‘it was cold’ and left.", ["it was cold"]),
        ("He said 'it was cold' and left.", ["it was cold"]),
        ("Er sagte: „Es war kalt“, und ging.", ["Es war kalt"]),
        ("Er sagte: ‚Es war kalt‘, und ging.", ["Es war kalt"]),
        ("Er sagte: »Es war kalt«, und ging.", ["Es war kalt"]),
        ("Il dit : « Il faisait froid », et partit.", [" Il faisait froid "]),
        ("Il dit : ‹Il faisait froid›, et partit.", ["Il faisait froid"]),
        ("Powiedział: „Było zimno” i wyszedł.", ["Było zimno"]),
        ("Han sade: ”Det var kallt” och gick.", ["Det var kallt"]),
        ("彼は「寒かった」と言った。", ["寒かった"]),
        ("彼は『寒かった』と言った。", ["寒かった"]),
        ('He said "it was \'very\' cold," and "I left."', ["it was 'very' cold,", "I left."]),
        ("He said “it was ‘very “very” cold’ then” and left.", ["it was ‘very “very” cold’ then"]),
        ("„Er sagte: ‚Nein, nie‘ und ging“, heißt es.", ["Er sagte: ‚Nein, nie‘ und ging"]),
        ("(“It was cold.”)—“And dark.”", ["It was cold.", "And dark."]),
        ("It's the soldiers' own; don't ask about the '90s or ’tis.", []),
        ("He wrote that 'the soldiers' guns were old' and left.", ["the soldiers' guns were old"]),
        ("She didn’t say ‘it isn’t so’ twice.", ["it isn’t so"]),
        ("A 6\" pipe and a 5' board.", []),
        ('The code `print("x")` and <a href="x.html">this</a>.', []),
        ('```\nsay("this is code")\n```\n\nHe said "it was cold".', ["it was cold"]),
        ('“…” and "?" are no quotations.', []),
        ('```say("so")``` He said "it was cold" and ``print("`x`")``.', ["it was cold"]),
        ('A lone `` tick. He said "it was cold", `say("so")`.', ["it was cold"]),
        ("“It was cold.”“It was dark.”", ["It was cold.", "It was dark."]),
        ('“It was cold.”"It was dark."', ["It was cold.", "It was dark."]),
        ("He said“it was cold”and left.", ["it was cold"]),
        ("他说：“天气冷。”然后“天很黑”，走了。", ["天气冷。", "天很黑"]),
        ("他说“天气很冷”然后走了。他说‘天很黑’然后走了。", ["天气很冷", "天很黑"]),
        ('他说"天气很冷"然后走了。', ["天气很冷"]),
        ("그는 “날씨가 춥다”고 했고 ‘어둡다’고 했다.", ["날씨가 춥다", "어둡다"]),
        ('그는 "날씨가 춥다"고 했다.', ["날씨가 춥다"]),
        ('\u202b"It was cold"\u202c and \u200e“dark”.', ["It was cold", "dark"]),
        (r"He said \"it was cold\" and left.", ["it was cold"]),
        ("¿“Hacía frío”? ¡'Hacía frío'!", ["Hacía frío", "Hacía frío"]),
    ],
)
def test_each_kind_of_mark(text: str, quoted: list[str]) -> None:
    assert found(text) == quoted


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ('"It was cold.\n\n"It was dark," he said.', ['It was cold.\n\n"It was dark,']),
        ("“It was cold.\n\n“It was dark,” he said.", ["It was cold.\n\n“It was dark,"]),
        ("«It was cold.\n\nIt was dark», he said.", ["It was cold.\n\nIt was dark"]),
        ("It was “cold.\n\nIt was dark” then.", ["cold.\n\nIt was dark"]),
    ],
)
def test_over_several_paragraphs(text: str, quoted: list[str]) -> None:
    assert found(text) == quoted


def test_what_is_never_closed_is_told_with_its_line_and_hides_nothing() -> None:
    draft = read_data(b'One.\n\nHe said "it was cold.\n\nShe said "it was dark" there.\n', "draft.md")
    told = quotations(draft)
    assert [one.text for one in told.found] == ["it was dark"]
    assert told.unclosed == (3,)


def test_every_quotation_is_a_slice_of_the_draft_on_its_line() -> None:
    text = (
        "A title\n\nIt was “cold and\ndark” there, and\n'very windy at sea'.\n\n"
        "> The sea\n> is deep.\n\n«Fin et fini».\n"
    )
    draft = read_data(text.encode(), "draft.md")
    told = quotations(draft).found
    assert [draft.text[one.start : one.end] for one in told] == [one.text for one in told]
    assert [one.line for one in told] == [3, 5, 7, 10]
    assert [one.block for one in told] == [False, False, True, False]


def test_a_block_quotation_is_one_with_the_source_it_names() -> None:
    text = "They say:\n\n> The sea is deep.\n>\n> It is “cold”.\n> — The Sea, ¶ 3\n\n> [!NOTE]\n> No quotation.\n"
    (one,) = quotations(read_data(text.encode(), "draft.md")).found
    assert one.text == "The sea is deep.\n>\n> It is “cold”."
    assert one.citation == "The Sea, ¶ 3"


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ("<blockquote>It was cold</blockquote>\n", ["It was cold"]),
        (
            'He wrote:\n\n<blockquote cite="x">\n\nIt was *cold*.\n\nIt was dark.\n\n</blockquote>\n\nAnd left.\n',
            ["It was *cold*.\n\nIt was dark."],
        ),
        ("<blockquote>\nIt was cold.\n", []),
    ],
)
def test_markdown_may_write_block_quotations_as_html(text: str, quoted: list[str]) -> None:
    assert found(text) == quoted


def test_word_processors_and_web_pages_say_what_is_quoted(tmp_path: Path) -> None:
    page = (
        "<html><body><p>They say it is “very cold there” in winter, and go on to say this of the sea.</p>"
        "<blockquote><p>The sea is deep.</p><p>It is cold.</p></blockquote>"
        "<blockquote><p>The land is dry.</p></blockquote><p>And so on, they say, for ever.</p></body></html>"
    )
    word = docx.Document()
    word.add_paragraph("They say it is “very cold there” in winter.")
    word.add_paragraph("The sea is deep.", style="Quote")
    word.add_paragraph("It is cold.", style="Quote")
    word.add_paragraph("And so on, they say, for ever.")
    word.save(str(tmp_path / "draft.docx"))
    expected = [("very cold there", False), ("The sea is deep.\n\nIt is cold.", True)]
    for name, data, quoted in (
        ("draft.docx", (tmp_path / "draft.docx").read_bytes(), expected),
        ("draft.html", page.encode(), [*expected, ("The land is dry.", True)]),
    ):
        assert [(one.text, one.block) for one in quotations(read_data(data, name)).found] == quoted


@pytest.mark.parametrize(
    ("text", "citation"),
    [
        ("“It was very cold” (The Sea, ¶ 3).", "The Sea, ¶ 3"),
        ("“It was very cold.” (The Sea)", "The Sea"),
        ("“It was very cold.”[^1]\n\n[^1]: The Sea, p. 3.\n", "The Sea, p. 3."),
        ("“It was very cold”.[2]\n\n[2] The Sea, p. 3.\n", "The Sea, p. 3."),
        ("“It was very cold”²\n\n² The Sea, p. 3.\n", "The Sea, p. 3."),
        ("[“It was very cold”](sea.txt) they say.", "sea.txt"),
        ("In *The Sea* we read “it was very cold”.", "The Sea"),
        ("As sea.txt has it, “it was very cold”.", "sea.txt"),
        ("In *The Land* nothing is. Here, “it was very cold”.", ""),
        ("“It was very cold”, they say (and who knows).", ""),
    ],
)
def test_what_the_draft_says_of_the_place(text: str, citation: str) -> None:
    assert [one.citation for one in quotations(read_data(text.encode(), "draft.md")).found] == [citation]


@pytest.mark.parametrize(("text", "short"), [("“cold”", True), ("“very cold”", True), ("“it was cold”", False)])
def test_one_or_two_words_may_be_no_quotation(text: str, short: bool) -> None:
    (one,) = quotations(read_data(f"It was {text} there.".encode(), "draft.md")).found
    assert one.short is short


def test_a_quotation_by_itself_loses_the_marks_around_it() -> None:
    assert single(" “It was cold.” ").text == "It was cold."
    assert single("“It” was “cold”").text == "“It” was “cold”"
    with pytest.raises(UserError, match="has no words"):
        single(" “…” ")
    assert len(single("a" * LONGEST).text) == LONGEST
    with pytest.raises(UserError, match="has 50,001 characters; check at most 50,000 at once"):
        single("a" * (LONGEST + 1))


def drafted(text: str) -> Document:
    return Document("draft.txt", text, "", passages=(Passage(0, len(text), 1, 1, (), ()),))


@pytest.mark.parametrize(
    "flood",
    ["x".join("`" * length for length in range(1, 770)), "``` `\n" * 50_000, "~~~a\n~~~b" * 30_000, "<a `" * 70_000],
    ids=lambda flood: flood[:5],
)
def test_code_that_never_ends_takes_no_time(flood: str) -> None:
    assert found(f'{flood}\n\n"It was cold."') in (["It was cold."], [])


def test_what_is_too_large_is_refused() -> None:
    assert len(quotations(drafted('"a" ' * MOST_QUOTATIONS)).found) == MOST_QUOTATIONS
    with pytest.raises(UserError, match="has 10,001 quotations"):
        quotations(drafted('"a" ' * (MOST_QUOTATIONS + 1)))
    with pytest.raises(UserError, match="has 5,000,001 characters"):
        quotations(drafted("a" * (LONGEST_DRAFT + 1)))
    with pytest.raises(UserError, match="has 10,001 quotations"):
        quotations(drafted("“a " * (20 * MOST_QUOTATIONS)))
    with pytest.raises(UserError, match=r"line 1: a quotation of 50,001 characters"):
        quotations(drafted("> " + "a" * (LONGEST + 1)))


@pytest.mark.parametrize("flood", ["“a ", "‘a ", "“a ‘b ", "「", "«a ", "“a\n\n"])
def test_a_mark_is_told_by_its_neighbours_once(flood: str, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[int] = []
    opens = marks._opens
    monkeypatch.setattr(marks, "_opens", lambda text, at: told.append(at) or opens(text, at))
    text = flood * 300
    assert list(marks.QuotationMarks(text, [Span(0, len(text))]).quotations()) == []
    assert told == sorted(set(told))
