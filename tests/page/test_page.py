"""The markup, without a browser: what is quoted is what the essay says, and nothing of it is markup."""

import html
import json
import random
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from markdown_it import MarkdownIt
from shown import Text, quotation, quotes_of
from shown import document as shown_document

from index.local.snapshot import Snapshot
from index.protocol import Entry
from qa.answer import Answer, Pair, Place, Quote, Receipt
from qa.conversation import Turn
from qa.markup.escaping import Markup, shown
from qa.page import desk
from qa.page.desk import Session
from qa.page.html import panels
from qa.page.html.beginnings import Beginning
from qa.page.html.card import card, copied, found_by, ordinal, telling
from qa.page.html.cards import conversation, status_line
from qa.page.html.essay import essay, essay_page, marks_of, missing_page
from qa.page.html.export import against, as_json, as_markdown
from qa.page.html.marking import address, counted, marked
from qa.page.progress import BuildProgress
from qa.page.server.uploads import LARGEST, MOST_FILES, accepted, bare_name, stored
from qa.quotations.markdown import keeps_lines
from qa.retrieve import retriever
from source.document import Document, Locator, Span
from source.errors import UnreadableFile
from source.proof import Sources

HOSTILE = """# <img src=x onerror=alert(1)> ${alert(2)} {{3}}

First </blockquote><script>alert('4')</script> & "quoted" 'so' `${5}` {{6}}. *Second* __one__ \u202eturned\u202c round.

&lt;b&gt; is not b.\r\nA carriage return stands before this line, and &amp; after it.

1986. It was a year. # no heading
"""


def document(text: str = HOSTILE, name: str = "hostile.md") -> Document:
    return shown_document(text, name)


def answer(verdict: str, quotes: list[Quote], withheld: tuple[str, ...] = ()) -> Answer:
    return Answer("q", verdict, 0.9, tuple(quotes), Receipt("i", "m", "0", ()), withheld, len(withheld))


def test_a_card_shows_the_quote_letter_for_letter():
    for quote in quotes_of(document()):
        markup = card(quote, "0-1")
        assert quotation(markup) == quote.text
        marks = re.findall(r"<mark>(.*?)</mark>", markup, re.DOTALL)
        assert [Text(mark).text for mark in marks] == list(quote.marked)
        shown_ = Text(markup)
        assert not {"script", "img", "b"} & set(shown_.tags)
        assert not [name for name in shown_.attributes if name.startswith("on")]


def test_any_text_survives_marking():
    chance = random.Random(1)
    letters = "ab <>&\"'\r\n\t\u202e\u2069\u00a0é\u0301😀`${}{{}}\\"
    for _ in range(500):
        text = "".join(chance.choices(letters, k=40))
        spans = [Span(*sorted(chance.choices(range(41), k=2))) for _ in range(6)]
        start, end = sorted(chance.choices(range(41), k=2))
        assert Text(marked(text, Span(start, end), spans[:3], spans[3:])).text == text[start:end]


def test_a_text_that_is_put_into_markup_is_shown_as_it_is():
    text = "a <b>&amp;\"'\r{0}%s"
    made = Markup('<p title="{}">{}</p>').format(text, text)
    for markup in (made, text + Markup("<p>"), Markup("<p>") + text, Markup("<p>").join(["", text])):
        assert "&#13;" in markup
        assert Text(markup).tags == ["p"]
        assert Text(markup).text == text
    assert Markup("{}").format(made) == Markup("").join([made]) == Markup("") + made == made


def test_marks_that_only_white_space_divides_are_one():
    assert marked("One. Two. Three.", Span(0, 16), [Span(0, 4), Span(5, 9)]) == "<mark>One. Two.</mark> Three."


def test_characters_that_turn_the_direction_are_shown_and_kept_to_themselves():
    assert shown("a\u202eb") == 'a<span class="control" data-code="U+202E">\u202e</span>b'


def test_a_count_is_said_with_its_word():
    assert (counted(1, "passage"), counted(2000, "passage")) == ("1 passage", "2,000 passages")


def test_the_status_is_said_in_words():
    one, *others = (replace(quote, score=1.0) for quote in quotes_of(document()))
    assert status_line(answer("answers", [one])) == "Answers: 1 passage, in 1 essay"
    assert status_line(answer("may_answer", [one])) == "May answer: 1 passage, in 1 essay"
    assert status_line(answer("answers", [one, *others])) == "Answers: the first of 3 passages, in 1 essay"
    weaker = [replace(quote, score=0.0) for quote in others]
    assert status_line(answer("answers", [one, *weaker])) == "Answers: 1 passage, in 1 essay"
    assert status_line(answer("close", [one])) == "Close, but no answer"
    assert status_line(answer("none", [one])) == "Not in these essays"
    withheld = status_line(answer("withheld", [], ("A quotation is withheld: x",)))
    assert withheld == "Withheld: its essay no longer says what was indexed"


@pytest.mark.parametrize(
    ("verdict", "words", "closest"),
    [
        ("answers", ["answers", "related", "related"], False),
        ("may_answer", ["may answer", "related", "related"], False),
        ("close", ["close", "close", "close"], True),
        ("none", ["far", "far"], True),
        ("withheld", ["far", "far"], True),
    ],
)
def test_each_passage_has_a_word_and_only_what_does_not_answer_is_headed_so(verdict, words, closest):
    quotes = [replace(quote, score=1.0) for quote in quotes_of(document())]
    turn = Turn("q", "q", answer(verdict, quotes))
    markup = conversation([turn])
    assert re.findall(r'data-word="([^"]*)"', markup) == words
    assert f' class="turn {verdict}" ' in markup
    assert ("Closest, not an answer" in markup) is closest
    written = as_markdown([turn], lambda _: "")
    assert ("### Closest, not an answer" in written) is closest
    assert ("<mark>" in written) is not closest
    assert status_line(turn.answer) in written
    exported = json.loads(as_json([turn], lambda _: ""))["turns"][0]
    assert (exported["said"], exported["answered"]) == (status_line(turn.answer), not closest)


def test_how_a_passage_was_found_is_said_in_words():
    assert found_by((("meaning", 2), ("words", 16))) == "Second of all passages by meaning, sixteenth by shared words."
    assert found_by((("words", 0), ("meaning", 1))) == "Not among the first by shared words, first by meaning."
    said = [ordinal(rank) for rank in (1, 12, 20, 21, 30, 45, 99, 101, 111, 122, 1003)]
    assert said[:5] == ["first", "twelfth", "twentieth", "twenty-first", "thirtieth"]
    assert said[5:] == ["forty-fifth", "ninety-ninth", "101st", "111th", "122nd", "1,003rd"]


def test_nearest_passages_stay_folded_when_the_essays_do_not_say():
    quotes = quotes_of(document(HOSTILE + "\n\nOne more paragraph stands here.\n"))
    markup = conversation([Turn("q", "q", answer("none", quotes))])
    before, folded = markup.split('<details class="rest">')
    assert "card" not in before
    assert folded.count("<article") == 2
    assert "Show what comes closest" in folded


def test_the_newest_question_stands_first_and_is_announced():
    quotes = quotes_of(document())
    markup = conversation(
        [Turn("first?", "first?", answer("answers", quotes)), Turn("and <b>?", "and first?", answer("none", []))]
    )
    assert markup.index("and &lt;b&gt;?") < markup.index("first?</h2>")
    assert '<p role="status" class="unseen">Not in these essays</p>' in markup
    assert ">and first?</textarea>" in markup
    assert conversation([], begin=Beginning(1, 2, (), ("Why?",))).count("data-ask") == 1
    assert "Type a question" in conversation([], notice="Type a question first.")


def test_why_pairs_words_and_tells_ranks():
    essay_ = document()
    passage = essay_.passages[0]
    quote = replace(
        quotes_of(essay_)[0],
        why=(
            Pair("the", "First", passage.start, passage.start + 5, 0.9, 0.01),
            Pair("<year>", "First", passage.start, passage.start + 5, 0.7, 0.4),
        ),
        ranks=(("meaning", 1), ("words", 0)),
    )
    markup = card(quote, "0-1")
    assert quotation(markup) == quote.text
    assert '<span class="paired">First</span>' in markup
    assert "&lt;year&gt;" in markup
    assert "First of all passages by meaning, not among the first by shared words." in markup
    assert [pair.question for pair in telling(quote.why)] == ["<year>"]


def test_a_citation_goes_with_the_copy():
    quote = quotes_of(replace(document(), author="A. Writer", date="1911"))[0]
    assert copied(quote, source=True).startswith(f"“{quote.text}”\n— A. Writer, 1911, ")
    assert copied(quote).endswith("¶ 1 of 3")
    assert html.escape(copied(quote, source=True)) in card(quote, "0-1")


def test_what_is_marked_is_copied_alone_and_marks_of_markdown_only_as_source():
    first, second, _ = quotes_of(document("A **bold** lamp. It `burns`.\n\nOne.\n\nTwo *a*. Three. Four.\n"))
    assert copied(first).startswith("“A bold lamp. It burns.”\n— ")
    assert copied(first, source=True).startswith("“A **bold** lamp. It `burns`.”\n— ")
    assert copied(first, first.highlights).startswith("“A bold lamp.”\n— ")
    markup = card(first, "0-1")
    assert markup.count("data-copy=") == 2
    assert card(second, "0-1").count("data-copy=") == 1
    apart = quotes_of(document("Two *a*. Three. Four.\n"))[0]
    spans = [Span(0, 8), Span(16, 21)]
    assert copied(apart, spans).startswith("“Two a. […] Four.”")


def test_the_essay_stands_first_and_neighbours_of_one_essay_under_one_title():
    one = [replace(quote, score=1.0, heading="A › B") for quote in quotes_of(document())]
    other = replace(one[2], document=replace(one[2].document, name="other.md"))
    markup = conversation([Turn("q", "q", answer("answers", [one[0], one[1], other]))])
    titles = re.findall(r'<h3 id="q0-(\d)-title" dir="auto"( class=unseen)?>(.*?)</h3>', markup)
    assert [(at, bool(unseen)) for at, unseen, _ in titles] == [("1", False), ("2", True), ("3", False)]
    files = ["hostile.md", "hostile.md", "other.md"]
    assert all(Text(title).text.endswith(file) for (*_, title), file in zip(titles, files, strict=True))
    assert "hostile.md" not in card(one[0], "0-1").split("<header>")[1].split("</header>")[0]
    first = Text(markup.split("<article")[1]).text
    assert first.index("¶ 1 of 3") < first.index("First </blockquote>")
    assert 'dir="auto">A › B</span> › <span class="paragraph">¶ 1 of 3' in markup


def test_letters_that_the_file_does_not_have_are_told_apart_wherever_they_go():
    page = (
        "<h1>Boats</h1><p>They sank often.</p><table><tr><th>Year<th>Tons<tr><td>1874<td>40<tr><td>1875<td>50</table>"
    )
    essay_ = document(page, "boats.html")
    row = quotes_of(essay_)[1]
    assert row.text == "Year: 1874; Tons: 40"
    assert row.highlights == (Span(row.start, row.end),)
    for markup in (card(row, "0-1"), essay(essay_, marks_of(essay_, ""), "/essay/boats.html")):
        assert '<span class="inserted">; </span>' in markup
    assert quotation(card(row, "0-1")) == row.text
    assert copied(row).startswith("“Year[: ]1874[; ]Tons[: ]40”")
    written = as_markdown([Turn("q", "q", answer("answers", [row]))], lambda _: "")
    shown_ = Text(MarkdownIt("commonmark").enable("table").render(written)).text
    assert "Year[: ]1874[; ]Tons[: ]40" in shown_


def test_a_page_number_stands_with_the_quote_and_its_citation() -> None:
    whole = replace(document(), locators=(Locator(0, "page 7"),))
    quote = replace(quotes_of(document())[0], document=whole)
    assert ", page 7, ¶ 1 of 3" in copied(quote)
    assert "page 7" in card(quote, "0-1")


def test_places_that_say_the_same_are_folded():
    quote = replace(quotes_of(document())[0], also=(Place("a b.md", "A <b>", "", 7, 1, 0, 5),))
    assert 'href="/essay/a%20b.md?s=0-5#p7" data-open>A &lt;b&gt;, ¶ 7, line 1</a>' in card(quote, "0-1")


def test_lines_are_kept_where_the_author_broke_them():
    assert keeps_lines("The lamp is lit,\n    the night is wide")
    assert keeps_lines("Three things:\n- one\n- two")
    assert not keeps_lines(
        "A paragraph that an editor\nwrapped.".replace("\n", " and went on for long, up to a margin\n")
    )
    assert not keeps_lines("one line")


def test_the_whole_essay_is_shown_with_numbers_and_marks():
    text = "Title Here\n\nOne. Two.\n\nSee also  Another Essay\n\nThree. Four.\n"
    essay_ = document(text, "plain.txt")
    two, four = text.index("Two"), text.index("Four")
    marks = marks_of(essay_, f"{two}-{two + 4},{four}-{four + 5}")
    markup = essay(essay_, marks, "/essay/plain.txt?x=<")
    assert re.findall(r'<mark id="(m\d)">(.*?)</mark>', markup) == [("m1", "Two."), ("m2", "Four.")]
    assert 'id="p1"' in markup
    assert 'class="furniture"' in markup
    assert "x=&lt;#p2" in markup
    assert not marks.stale
    page = essay_page(essay_, marks, "/essay/plain.txt")
    assert "<title>Title Here · Quoth</title>" in page
    assert "&lt;" in missing_page("<", "<")


@pytest.mark.parametrize("wanted", ["0-3", "5-1", "999999-1000000", "a-b", "1", "-4-2"])
def test_only_whole_sentences_are_marked(wanted):
    marks = marks_of(document("Title Here\n\nOne. Two.\n", "plain.txt"), wanted)
    assert marks.spans == ()
    assert marks.stale


def test_an_address_without_marks_is_not_stale():
    assert not marks_of(document(), "").stale
    assert address(Place("a/b?.md", "", "", 3, 1, 0, 1), [Span(1, 2)], "t&") == "/essay/a/b%3F.md?s=1-2&in=t%26#p3"


def test_panels():
    running = panels.progress_panel(BuildProgress(10, 40, running=True))
    assert '<progress aria-label="Building the index" max="40" value="10">' in running
    assert "Reading the essays" in panels.progress_panel(BuildProgress(running=True))
    assert "&lt;x&gt;" in panels.progress_panel(BuildProgress(failure="<x>"))
    done = panels.progress_panel(BuildProgress(report="2 documents", skipped=("a.pdf: unknown",)), ["b.txt: empty"])
    assert "Built: 2 documents" in done
    assert "1 file left out" in done
    assert "b.txt: empty" in done
    assert panels.progress_panel(BuildProgress()) == ""
    entries = [Entry(f"{i}.md", f"Essay <{i}>", "", "", i, "0") for i in range(9)]
    many = panels.essay_list(entries)
    assert many.count('type="checkbox"') == 9
    assert "Find an essay" in many
    assert "&lt;3&gt;" in many
    assert "checkbox" not in panels.essay_list(entries[:1])
    assert "3.md</small>" not in many
    same = [entry._replace(title="Alike") for entry in entries[:2]]
    assert "0.md</small>" in panels.essay_list(same)
    assert "saved in" in panels.adding_note("/library", 30)
    assert "no more essays" in panels.adding_note("", 30)


def test_the_index_panel(essay_index: Snapshot):
    markup = panels.index_panel(essay_index.about, essay_index.name)
    for value in ("1 document, 62 passages", "quoth-minilm", "the essay that comes with Quoth", essay_index.name):
        assert value in markup


def test_sessions(essay_location: Path):
    found = retriever(essay_location)
    session = desk.ask(Session(), found, "What tanks did the Soviet Union supply?")
    like = desk.like(session, found, 0, 1)
    first = session.turns[0].answer.quotes[0]
    assert like.turns[1].kind == "like"
    assert like.turns[1].answer.quotes
    assert first.text not in [quote.text for quote in like.turns[1].answer.quotes]
    more = desk.ask(session, found, "What else?")
    assert more.turns[1].kind == "more"
    assert not {q.start for q in more.turns[1].answer.quotes} & {q.start for q in session.turns[0].answer.quotes}
    follow = desk.ask(session, found, "And fighter planes?")
    assert follow.turns[1].understood == "What fighter planes did the Soviet Union supply?"
    literal = desk.revise(follow, found, 1, "")
    assert [turn.understood for turn in literal.turns] == [session.turns[0].understood, "And fighter planes?"]
    edited = desk.revise(follow, found, 0, "What guns?")
    assert [turn.understood for turn in edited.turns][2] == "What guns?"
    assert len(desk.ask(session, found, "x" * 900).turns[1].asked) == desk.LONGEST_TYPED
    with pytest.raises(ValueError, match="Type a question"):
        desk.ask(session, found, " \n")
    with pytest.raises(ValueError, match="no longer"):
        desk.like(session, found, 0, 9)
    with pytest.raises(ValueError, match="no longer"):
        desk.revise(session, found, 5, "")


def read_in(folder: Path) -> Callable[[str], Sources]:
    return lambda _name: Sources(folder, "")


def test_exports_are_checked_against_the_source(tmp_path: Path):
    path = tmp_path / "hostile.md"
    path.write_bytes(HOSTILE.encode())
    essay_ = document()
    quotes = quotes_of(essay_)
    turns = [Turn("why *so*?", "why # so?", answer("answers", quotes))]
    check = against(read_in(tmp_path))
    exported = json.loads(as_json(turns, check))["turns"][0]
    assert [quote["text"] for quote in exported["quotes"]] == [quote.text for quote in quotes]
    shown_ = Text(MarkdownIt("commonmark").render(as_markdown(turns, check))).text
    for quote in quotes:
        assert " ".join(quote.text.split()) in " ".join(shown_.split())
    path.write_text(HOSTILE.replace("year", "hour"), encoding="utf-8")
    changed = against(read_in(tmp_path))
    exported = json.loads(as_json(turns, changed))["turns"][0]
    assert len(exported["quotes"]) < len(quotes)
    assert "has changed since it was indexed" in exported["withheld"][0]
    assert "hostile.md has changed" in as_markdown(turns, changed)
    path.unlink()
    assert "can no longer be read" in as_json(turns, against(read_in(tmp_path)))
    assert "withheld: " not in as_json(turns, against(read_in(tmp_path / "gone")))


def test_verse_is_exported_line_by_line(tmp_path: Path):
    text = "A Poem\n\nThe lamp is lit,\n    ```the night``` is wide;\n  *we* wait.\n"
    (tmp_path / "poem.txt").write_text(text, encoding="utf-8")
    quote = quotes_of(document(text, "poem.txt"))[0]
    shown_ = Text(
        MarkdownIt("commonmark").render(
            as_markdown([Turn("q", "q", answer("answers", [quote]))], against(read_in(tmp_path)))
        )
    )
    assert quote.text in shown_.text


def test_uploads_are_taken_by_what_is_in_them(tmp_path: Path):
    good, binary, other = tmp_path / "good.md", tmp_path / "binary.txt", tmp_path / "page.html"
    good.write_text("Words.\n")
    binary.write_bytes(b"a\0b")
    other.write_text("<p>")
    (tmp_path / "empty.txt").write_text(" ")
    (tmp_path / "large.txt").write_bytes(b"a" * (LARGEST + 1))
    taken, refused = accepted([good, binary, other, tmp_path / "empty.txt", tmp_path / "large.txt"])
    assert [upload.name for upload in taken] == ["good.md"]
    assert [reason.split(":")[0] for reason in refused] == ["binary.txt", "page.html", "empty.txt", "large.txt"]
    assert len(accepted([good] * (MOST_FILES + 2))[1]) == 2
    folder = tmp_path / "library"
    folder.mkdir()
    assert stored(taken, folder) == (["good.md"], [])
    assert stored(taken, folder) == ([], ["good.md: it is there already"])
    assert "another essay has this name" in stored([replace(taken[0], data=b"x")], folder)[1][0]
    assert (folder / "good.md").read_text() == "Words.\n"


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("../../etc/a.md", "a.md"),
        ("C:\\x\\b.TXT", "b.TXT"),
        ("a\u202e\n.txt", "a.txt"),
        ("x" * 300 + ".md", "x" * 197 + ".md"),
        ("鳥" * 300 + ".md", "鳥" * 65 + ".md"),
    ],
)
def test_only_base_names_are_kept(given, name):
    assert bare_name(given) == name


@pytest.mark.parametrize("given", [".md", "..", "a.exe", "", "/"])
def test_names_that_are_no_essays(given):
    with pytest.raises(UnreadableFile):
        bare_name(given)
