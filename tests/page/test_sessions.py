"""What is a reader's stays the reader's: kept, restored, bounded, and cut out of the essays again."""

import hashlib
import json
import re
import sqlite3
import stat
from pathlib import Path

import pytest
from browsing import served, until
from markdown_it import MarkdownIt

from index.local.build import build
from qa.page import desk
from qa.page.desk import Session
from qa.page.guard.door import Access
from qa.page.guard.limits import Limits
from qa.page.html import cards, references, tray
from qa.page.server.site import Site
from qa.page.server.uploads import Upload
from qa.page.sessions.clock import Clock
from qa.page.sessions.readers import Readers, default_folder
from qa.page.sessions.saved import as_text, from_text
from qa.quotations import kept
from qa.retrieve import retriever
from qa.retriever import Retriever
from source.errors import BadQuestion, UserError

KEYS = [sign * 32 for sign in "0123456789"]
LAMPS = "# On Lamps\n\nA lamp wants oil. It is lit at dusk. *Nobody* sleeps.\n\nThe rock is cold & <dark> in winter.\n"
BOATS = "# On Boats\n\nA boat wants tar every second year.\n"


@pytest.fixture
def library(tmp_path, encoder) -> Retriever:
    (tmp_path / "essays").mkdir()
    (tmp_path / "essays" / "lamps.md").write_text(LAMPS, encoding="utf-8")
    (tmp_path / "essays" / "boats.md").write_text(BOATS, encoding="utf-8")
    build(tmp_path / "essays", tmp_path / "index", encoder=encoder)
    return retriever(tmp_path / "index")


def asked(library: Retriever, *questions: str) -> Session:
    session = Session()
    for question in questions:
        session = desk.ask(session, library, question)
    return session


def test_a_session_is_the_same_after_it_was_saved(library):
    session = desk.choose(asked(library, "When is a lamp lit?", "Who painted it?"), library.index, ["boats.md"])
    session = desk.keep(session, kept.kept(library.index.document("lamps.md"), 14, 20))
    session = desk.note(session, session.kept[0].name, "mine")
    session = desk.ask(desk.clear(session), library, "What does a boat want?")
    again = from_text(as_text(session), library.index)
    assert again == session
    assert again.cleared is not None
    assert [turn.asked for turn in desk.undo(again).turns] == [
        "When is a lamp lit?",
        "Who painted it?",
        "What does a boat want?",
    ]


def test_turns_keep_their_numbers_when_the_oldest_go(library):
    session = asked(library, *(f"When is lamp {number} lit?" for number in range(desk.MOST_TURNS + 2)))
    session = from_text(as_text(session), library.index)
    assert (session.first, len(session.turns)) == (2, desk.MOST_TURNS)
    assert session.turn(1) is None
    assert session.turn(desk.MOST_TURNS + 2) is None
    assert [session.turn(number).asked for number in (2, 51)] == ["When is lamp 2 lit?", "When is lamp 51 lit?"]
    assert desk.like(session, library, 3, 1).turns[-1].answer.question == " ".join(
        session.turns[1].answer.quotes[0].marked
    )
    with pytest.raises(BadQuestion, match="no longer on the page"):
        desk.like(session, library, 1, 1)
    assert desk.revise(session, library, 51, "Who lit it?").turns[-1].understood == "Who lit it?"
    assert len(desk.revise(session, library, 51, "Who lit it?").turns) == desk.MOST_TURNS
    markup = cards.conversation(session.turns, first=session.first)
    assert [int(number) for number in re.findall(r'data-turn="(\d+)" data-query', markup)] == [*range(51, 1, -1)]
    back = desk.undo(desk.ask(desk.clear(session), library, "Who painted it?"))
    assert (back.first, [turn.asked for turn in back.turns[-2:]]) == (3, ["When is lamp 51 lit?", "Who painted it?"])


def test_what_changed_is_withheld_when_a_session_comes_back(library, tmp_path, encoder):
    session = asked(library, "When is a lamp lit?")
    assert session.turns[0].answer.status == "found"
    (tmp_path / "essays" / "lamps.md").write_text(LAMPS.replace("dusk", "noon"), encoding="utf-8")
    again = from_text(as_text(session), library.index).turns[0].answer
    assert (again.verdict, [quote.document.name for quote in again.quotes]) == ("withheld", [])
    assert "lamps.md has changed" in again.withheld[0]
    snapshot, _ = build(tmp_path / "essays", tmp_path / "index", encoder=encoder)
    assert "has changed since it was quoted" in from_text(as_text(session), snapshot).turns[0].answer.withheld[0]
    (tmp_path / "essays" / "lamps.md").unlink()
    snapshot, _ = build(tmp_path / "essays", tmp_path / "index", encoder=encoder)
    assert "no longer among" in from_text(as_text(session), snapshot).turns[0].answer.withheld[0]


@pytest.mark.parametrize("away", ["changed", "gone"])
def test_what_cannot_be_quoted_for_a_while_is_not_lost(library, tmp_path, encoder, away):
    """An essay that is away when its reader comes back: what was said of it is there again when the essay is."""
    session = asked(library, "When is a lamp lit?", "What does a boat want?")
    session = desk.clear(session)
    session = desk.ask(session, library, "When is a lamp lit?")
    text, lamps = as_text(session), tmp_path / "essays" / "lamps.md"
    lamps.rename(tmp_path / "away.md")
    if away == "changed":
        lamps.write_text("# On Lamps\n\nGas is lit at noon.\n", encoding="utf-8")
    there, _ = build(tmp_path / "essays", tmp_path / "index", encoder=encoder)
    for _ in range(3):  # as often as it is read and kept meanwhile
        held = from_text(text, there)
        assert held.turns[0].answer.verdict == "withheld"
        assert held.turns[0].answer.withheld_count == 1
        text = as_text(desk.ask(held, retriever(there), "What does a boat want?"))
    (tmp_path / "away.md").rename(lamps)
    there, _ = build(tmp_path / "essays", tmp_path / "index", encoder=encoder)
    again = from_text(text, there)
    assert again.turns[0].answer.quotes[0].marked == session.turns[0].answer.quotes[0].marked
    assert [turn.answer.verdict for turn in again.turns[:1]] == [turn.answer.verdict for turn in session.turns]
    assert [len(turn.answer.quotes) for turn in again.cleared.turns] == [
        len(turn.answer.quotes) for turn in session.cleared.turns
    ]


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"turns": 1}', '{"turns": [{}]}', "[" * 100_000])
def test_what_is_no_session_is_told(library, text):
    with pytest.raises(ValueError, match="no session"):
        from_text(text, library.index)


def readers(tmp_path: Path, **more: object) -> Readers:
    limits = {name: more.pop(name) for name in ("kept_days", "kept_bytes") if name in more}
    return Readers("library", Limits(**limits), tmp_path / "kept", **more)


def test_sessions_are_kept_over_a_restart_for_their_reader_only(library, tmp_path):
    first = readers(tmp_path)
    name = first.name(KEYS[0], "ada")
    session = asked(library, "When is a lamp lit?")
    first.keep(name, session, "a")
    first.close()
    again = readers(tmp_path)
    assert again.session(name, lambda _: library.index) == session
    for other in (again.name(KEYS[1], "ada"), again.name(KEYS[0], "bob"), again.name(KEYS[0])):
        assert again.session(other, lambda _: library.index) == Session()
    assert stat.S_IMODE(again.folder.stat().st_mode) == 0o700
    assert KEYS[0].encode() not in b"".join(path.read_bytes() for path in again.folder.iterdir())
    again.close()


def test_sessions_of_another_library_are_not_shown(library, tmp_path):
    one, other = (Readers(name, Limits(), tmp_path / "kept") for name in ("one", "other"))
    assert one.name(KEYS[0]) != other.name(KEYS[0])
    one.close()
    other.close()


def test_what_nobody_uses_goes_after_its_days(library, tmp_path):
    now, gone = [0.0], []
    here = readers(tmp_path, kept_days=30, clock=Clock(lambda: now[0], lambda: now[0]), gone=gone.append)
    for day, name in ((0, "a"), (29, "b"), (31, "c")):
        now[0] = day * 86_400.0
        here.keep(name, Session(chosen=(name,)), "client")
    assert gone == ["a"]
    assert here.session("a", lambda _: library.index) == Session()
    assert here.session("b", lambda _: library.index).chosen == ("b",)
    here.close()


DAY, TODAY = 86_400.0, 1_800_000_000.0


@pytest.mark.parametrize("before", [[], [TODAY - DAY]], ids=["first", "again"])
@pytest.mark.parametrize(
    "said",
    [
        [0.0, TODAY],  # without a battery, until it is told
        [0.0, TODAY, 0.0, TODAY],
        [TODAY, 2 * TODAY, TODAY],  # told wrongly, for a while
        [TODAY, 0.0, TODAY],
        [TODAY, TODAY + 40 * DAY],
        [TODAY, TODAY - 40 * DAY],
    ],
)
def test_a_clock_that_is_set_anew_costs_nobody_anything(tmp_path, said, before):
    """What is kept goes so many days after the last visit, no sooner and no later, whatever the clock says."""
    gone: list[str] = []
    going, wall = 1_000.0, 0.0
    for now in before:  # another process, whose clock was right
        here = readers(tmp_path, clock=Clock(lambda now=now: now, lambda: going))
        here.keep("earlier", Session(chosen=("x",)), "client")
        here.close()
    wall = said[0]
    here = readers(tmp_path, kept_days=30, clock=Clock(lambda: wall, lambda: going), gone=gone.append)
    names = ["earlier"] * len(before)
    for number, now in enumerate(said):
        wall = now
        names.append(f"r{number}")
        here.keep(names[-1], Session(chosen=("x",)), "client")
        going, wall = going + 60, wall + 60
        here.sweep(at_once=True)
    assert gone == []
    assert sorted(name for name in names if here.session(name, lambda _: None).chosen) == sorted(names)
    going, wall = going + 29 * DAY - 1000, wall + 29 * DAY - 1000
    here.sweep(at_once=True)
    assert set(gone) <= {"earlier"}
    going, wall = going + 2 * DAY, wall + 2 * DAY
    here.sweep(at_once=True)
    assert sorted(set(gone)) == sorted(set(names))
    here.close()


def test_what_a_wrong_clock_noted_earlier_does_not_stay_for_ever(tmp_path):
    here = readers(tmp_path, clock=Clock(lambda: 2 * TODAY, lambda: 0.0))
    here.keep("a", Session(chosen=("x",)), "client")
    here.close()
    for now in (TODAY, TODAY + 31 * DAY):
        here = readers(tmp_path, clock=Clock(lambda now=now: now, lambda: 0.0))
        assert here.session("a", lambda _: None).chosen == (("x",) if now == TODAY else ())
        here.close()


def test_a_reader_who_comes_and_only_reads_is_here(essay_location, client):
    """What is kept goes so many days after the last visit, not after the last question."""
    with served(essay_location) as address:
        caller = client(address)
        caller.tell("ask", question="What tanks did the Soviet Union supply?")
        database = sqlite3.connect(default_folder() / "readers-1.sqlite")
        asked = "SELECT max(used) FROM readers WHERE session LIKE '%What tanks%'"
        before = database.execute(asked).fetchone()
        caller.call("load", [caller.key, "", None])
        assert database.execute(asked).fetchone() > before
        database.close()


def test_beyond_the_room_the_oldest_of_who_has_most_goes(tmp_path):
    now, gone = [0.0], []
    here = readers(tmp_path, kept_bytes=4_000, clock=Clock(lambda: now[0], lambda: now[0]), gone=gone.append)
    large = Session(chosen=("x" * 900,))
    for at, (name, client) in enumerate((("a1", "a"), ("b1", "b"), ("b2", "b"), ("b3", "b"), ("c1", "c"))):
        now[0] = at
        here.keep(name, large, client)
    assert gone == ["b1"]
    assert sum(row[0] for row in sqlite3.connect(here.folder / "readers-1.sqlite").execute("SELECT size FROM readers"))
    here.close()


def test_a_damaged_file_is_put_aside_and_a_foreign_folder_not_used(tmp_path):
    (tmp_path / "kept").mkdir(mode=0o700)
    (tmp_path / "kept" / "readers-1.sqlite").write_bytes(b"no database" * 1000)
    here = readers(tmp_path)
    here.keep("a", Session(chosen=("x",)), "a")
    assert (tmp_path / "kept" / "readers-1.sqlite.damaged").exists()
    here.close()
    (tmp_path / "open").mkdir()
    (tmp_path / "open").chmod(0o755)
    with pytest.raises(UserError, match="open to others"):
        Readers("library", Limits(), tmp_path / "open")


@pytest.mark.parametrize("page", [1, 3, 5])
def test_a_page_that_is_damaged_ends_nothing_but_what_was_kept(tmp_path, page):
    before = readers(tmp_path)
    for number in range(200):
        before.keep(f"{number}", Session(chosen=("x" * 500,)), "a")
    before.close()
    with (tmp_path / "kept" / "readers-1.sqlite").open("r+b") as file:
        file.seek(4096 * page)
        file.write(b"\xa5" * 4096)
    here = readers(tmp_path)
    for number in range(200):
        here.session(f"{number}", lambda _: None)
    here.keep("a", Session(chosen=("y",)), "a")
    assert here.desks() == []
    here.close()
    again = readers(tmp_path)
    assert again.session("a", lambda _: None).chosen == ("y",)
    assert (tmp_path / "kept" / "readers-1.sqlite.damaged").exists()
    again.close()


def test_what_readers_keep_is_not_put_aside_because_it_is_locked(tmp_path, monkeypatch):
    here = readers(tmp_path)
    here.keep("a", Session(chosen=("x",)), "a")
    here.close()
    connect = sqlite3.connect
    other = connect(here.folder / "readers-1.sqlite", isolation_level=None)
    other.execute("PRAGMA journal_mode = DELETE")
    other.execute("BEGIN EXCLUSIVE")
    monkeypatch.setattr(sqlite3, "connect", lambda *given, **more: connect(*given, **{**more, "timeout": 0.1}))
    with pytest.raises(UserError, match=r"cannot be opened: database is locked\.$"):
        readers(tmp_path)
    other.close()
    again = readers(tmp_path)
    assert again.session("a", lambda _: None).chosen == ("x",)
    again.close()


def test_own_essays_are_there_after_a_restart(library, tmp_path, encoder):
    first = Site(tmp_path / "index", Access(), tmp_path / "kept")
    name = first.readers.name(KEYS[0])
    building, refused = first.add_own([Upload("bees.txt", b"Bees hum in May.\n")], name, "a")
    assert refused == []
    until(lambda: not building.progress.running)
    assert building.progress.failure == ""
    assert len(first.snapshot(name).entries) == 3
    first.close()
    second = Site(tmp_path / "index", Access(), tmp_path / "kept")
    assert len(second.snapshot(name).entries) == 3
    assert len(second.snapshot(second.readers.name(KEYS[1])).entries) == 2
    assert second.readers.desks("a")[0][0] == name
    second.forget(name)
    assert len(second.snapshot(name).entries) == 2
    assert list((tmp_path / "kept" / "own").iterdir()) == []
    second.close()


@pytest.mark.parametrize(
    ("chosen", "text"),
    [
        ("is lit", "It is lit at dusk."),
        ("oil. It", "A lamp wants oil. It is lit at dusk."),
        ("sleeps.\n\nThe", "*Nobody* sleeps.\n\nThe rock is cold & <dark> in winter."),
        (LAMPS, LAMPS.split("\n\n", 1)[1].strip()),
    ],
)
def test_whole_sentences_are_kept(library, chosen, text):
    start = LAMPS.index(chosen)
    one = kept.kept(library.index.document("lamps.md"), start, start + len(chosen))
    assert one.text == text
    assert LAMPS[one.place.start : one.place.end] == text
    assert one.sha256 == hashlib.sha256(text.encode()).hexdigest()


@pytest.mark.parametrize(("start", "end"), [(-1, -1), (5, 5), (9, 3), (0, 5), (10_000, 10_010), (-(2**31), 2)])
def test_what_is_no_sentence_is_not_kept(library, start, end):
    with pytest.raises(BadQuestion, match="Choose a sentence"):
        kept.kept(library.index.document("lamps.md"), start, end)


def test_kept_quotations_are_ordered_noted_and_bounded(library):
    document = library.index.document("lamps.md")
    session = Session()
    for start in (14, 34, 34, 80):
        session = desk.keep(session, kept.kept(document, start, start + 3))
    assert [one.text.split()[0] for one in session.kept] == ["A", "It", "The"]
    first, second, third = session.kept
    assert desk.move(session, third.name, -1).kept == (first, third, second)
    assert desk.move(session, first.name, 99).kept == (second, third, first)
    assert desk.drop(session, second.name).kept == (first, third)
    assert desk.drop(desk.drop(session, first.name), second.name).kept == (third,)
    noted = desk.note(session, first.name, "x" * 9_000)
    assert len(noted.kept[0].note) == kept.LONGEST_NOTE
    assert desk.keep(noted, first) == noted
    for change in (desk.drop, lambda held, one: desk.note(held, one, ""), lambda held, one: desk.move(held, one, 1)):
        with pytest.raises(BadQuestion, match="no longer among"):
            change(desk.drop(session, third.name), third.name)
    with pytest.raises(BadQuestion, match="kept already"):
        desk.keep(Session(kept=(first,) * kept.MOST_KEPT), second)


def test_letters_that_the_file_of_a_kept_quotation_does_not_have_are_told_apart(tmp_path, encoder):
    (tmp_path / "essays").mkdir()
    table = "<table><tr><th>Year<th>Tons<tr><td>1874<td>40<tr><td>1875<td>50</table>"
    (tmp_path / "essays" / "boats.html").write_text(f"<h1>Boats</h1><p>They sank often.</p>{table}", encoding="utf-8")
    index, _ = build(tmp_path / "essays", tmp_path / "index", encoder=encoder)
    row = index.document("boats.html").passages[1]
    one = kept.kept(index.document("boats.html"), row.start, row.end)
    assert '<span class="inserted">; </span>' in tray.tray([one], index)
    for text in (MarkdownIt("commonmark").render(tray.as_markdown([one], index)), tray.as_html([one], index)):
        assert "Year[: ]1874[; ]Tons[: ]40" in text
    index.close()


def test_a_kept_table_is_a_table(tmp_path, encoder):
    (tmp_path / "essays").mkdir()
    (tmp_path / "essays" / "boats.md").write_text("# Boats\n\n| Boat | Tons |\n|---|---|\n| *Ann* | 40 |\n")
    index, _ = build(tmp_path / "essays", tmp_path / "index", encoder=encoder)
    table = index.document("boats.md").passages[0]
    one = kept.kept(index.document("boats.md"), table.start, table.end)
    assert '<td><span class="sign">| *</span><span class="em">Ann</span>' in tray.tray([one], index)
    index.close()


def test_kept_quotations_are_exported_and_what_changed_is_shown_so(library, tmp_path):
    document = library.index.document("lamps.md")
    lamp, rock = kept.kept(document, 14, 60), kept.kept(document, LAMPS.index("rock"), LAMPS.index("rock") + 1)
    quotations = [desk.note(Session(kept=(lamp,)), lamp.name, "see *oil*").kept[0], rock]
    values = json.loads(kept.as_json(quotations, library.index))
    assert values["format"] == 1
    assert [LAMPS[one["start"] : one["end"]] for one in values["quotations"]] == [lamp.text, rock.text]
    assert {one["changed"] for one in values["quotations"]} == {""}
    rendered = MarkdownIt("commonmark").render(tray.as_markdown(quotations, library.index))
    assert "*Nobody* sleeps." in rendered
    assert "see *oil*" in rendered
    assert "&lt;dark&gt;" in tray.as_html(quotations, library.index)
    (tmp_path / "essays" / "lamps.md").write_text(LAMPS.replace("oil", "gas"), encoding="utf-8")
    values = json.loads(kept.as_json(quotations, library.index))
    assert ["has changed" in one["changed"] for one in values["quotations"]] == [True, False]
    for text in (
        tray.as_markdown(quotations, library.index),
        tray.as_html(quotations, library.index),
        tray.tray(quotations, library.index),
    ):
        assert text.count("Changed: lamps.md has changed") == 1
        assert "A lamp wants oil." in text
    (tmp_path / "essays").rename(tmp_path / "away")
    exported = kept.as_json(quotations, library.index), references.files(quotations, library.index)["kept-ris"]()[1]
    shown = (tray.as_markdown, tray.as_html, tray.tray)
    for text in (*exported, *(one(quotations, library.index) for one in shown)):
        assert "The essays themselves cannot be read; this is what they said on" in text
