"""How the command line is used in a terminal, in a pipe and in scripts."""

import contextlib
import csv
import io
import json
import os
import pty
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from small_encoder import SmallEncoder

from index.encoding.encoder import Encoder
from index.local.build import build
from index.opening import address_of, collections
from qa.command.cli import main
from qa.command.output.formats import table
from qa.command.output.streams import coloured
from source.errors import UserError
from source.library import ESSAYS

TEXT = (ESSAYS / "soviet-union-korean-war.txt").read_bytes().decode()
ASKED = "When was the armistice?"
UNANSWERED = "Who was mayor of Paris in 1950?"

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    def run(*arguments: object) -> tuple[int, str, str]:
        try:
            status = main([str(argument) for argument in arguments])
        except SystemExit as stopped:
            status = int(stopped.code or 0)
        printed = capsys.readouterr()
        return status, printed.out, printed.err

    return run


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> Callable[[bytes], None]:
    """Put something on standard input."""
    return lambda data: monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))


@pytest.fixture
def library(tmp_path: Path, encoder: Encoder) -> Path:
    """Where an index of two small essays lies."""
    (tmp_path / "essays").mkdir()
    head = "---\ntitle: Bees\nauthor: A. Keeper\ndate: 1953\n---\n\n"
    text = f"{head}The queen of the bees lays eggs in the summer.\n\n## Wax\n\nWax is soft.\r\n\r\nEnd.\n"
    (tmp_path / "essays" / "bees.md").write_bytes(text.encode())
    (tmp_path / "essays" / "sea.txt").write_text("On the Sea\n\nCod are caught; wax is soft.\n", encoding="utf-8")
    build(tmp_path / "essays", tmp_path / "index", encoder=encoder)
    return tmp_path / "index"


def test_a_question_can_come_by_standard_input(run: Run, typed: Callable[[bytes], None], essay_location: Path) -> None:
    typed(f"{ASKED}\n".encode())
    assert run("ask", "-", "--index", essay_location) == run("ask", ASKED, "--index", essay_location)


@pytest.mark.parametrize(
    ("data", "message"),
    [(b" \n", "The question is empty"), (b"\xff", "no UTF-8 (byte 0)"), (b"x" * 1_000_001, "longer than 1,000,000")],
)
def test_what_is_no_question_on_standard_input_is_one_sentence(
    run: Run, typed: Callable[[bytes], None], essay_location: Path, data: bytes, message: str
) -> None:
    typed(data)
    status, out, err = run("ask", "-", "--index", essay_location)
    assert (status, out, err.count("\n")) == (1, "", 1)
    assert message in err


def test_what_stands_nearest_is_quoted_if_asked_for(run: Run, essay_location: Path) -> None:
    asked = ("ask", UNANSWERED, "-k", 2, "--index", essay_location)
    assert run(*asked)[1] == "The essays do not say.\n"
    status, out, _ = run(*asked, "--nearest", "--marks")
    first, second, *quotes = out.removesuffix("\n").split("\n\n")
    assert (status, first, second) == (3, "The essays do not say.", "What stands nearest:")
    known = json.loads(run(*asked, "--json")[1])["quotes"]
    assert [quote.split("\n— ")[0] for quote in quotes] == [quote["text"] for quote in known]


def test_an_answer_as_csv_and_as_markdown_holds_the_quotation(run: Run, essay_location: Path) -> None:
    asked = ("ask", ASKED, "-k", 2, "--index", essay_location)
    known = json.loads(run(*asked, "--json")[1])
    assert run(*asked, "--format", "json")[1] == run(*asked, "--json")[1]
    rows = list(csv.DictReader(io.StringIO(run(*asked, "--format", "csv")[1], newline="")))
    assert [row["text"] for row in rows] == [quote["text"] for quote in known["quotes"]]
    assert [TEXT[int(row["start"]) : int(row["end"])] for row in rows] == [row["text"] for row in rows]
    assert {row["verdict"] for row in rows} == {"answers"}
    markdown = run(*asked, "--format", "markdown")[1]
    assert markdown.startswith(f"## {ASKED}\n\n> ")
    assert "<mark>Following the armistice in 1953" in markdown
    unmarked = run(*asked, "--format", "markdown", "--no-marks")[1]
    assert unmarked == markdown.replace("<mark>", "").replace("</mark>", "")
    for quote in known["quotes"]:
        assert f"> {quote['text']}\n" in unmarked
    (row,) = csv.DictReader(io.StringIO(run("ask", UNANSWERED, "--format", "csv", "--index", essay_location)[1]))
    assert (row["verdict"], row["text"]) == ("none", "")


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"])
def test_no_cell_of_a_table_is_a_formula(run: Run, essay_location: Path, tmp_path: Path, sign: str) -> None:
    formula = f'{sign}HYPERLINK("http://x";"y")'
    (row,) = csv.DictReader(io.StringIO(table([{"title": formula, "score": -1.5}], ("title", "score")), newline=""))
    assert row == {"title": f"'{formula}", "score": "-1.5"}
    (tmp_path / "q.jsonl").write_text(json.dumps({"id": formula}), encoding="utf-8")
    batch = ("ask", "--batch", tmp_path / "q.jsonl", "--index", essay_location, "--format")
    assert next(csv.DictReader(io.StringIO(run(*batch, "csv")[1], newline="")))["id"] == f"'{formula}"
    assert json.loads(run(*batch, "json")[1])["id"] == formula


@pytest.mark.parametrize("form", ["csv", "markdown", "text", "json"])
def test_a_batch_in_every_format(run: Run, essay_location: Path, tmp_path: Path, form: str) -> None:
    lines = [json.dumps({"id": 1, "question": ASKED}), "{", json.dumps({"id": "b", "question": UNANSWERED})]
    (tmp_path / "q.jsonl").write_text("\n".join(lines), encoding="utf-8")
    status, out, err = run("ask", "--batch", tmp_path / "q.jsonl", "-k", 1, "--format", form, "--index", essay_location)
    assert status == 1
    assert err.startswith(f"{tmp_path / 'q.jsonl'}, line 2 is not JSON: ")
    assert out.index("armistice in 1953") < (out.index("not JSON") if form in ("csv", "json") else len(out))
    if form == "csv":
        rows = list(csv.DictReader(io.StringIO(out)))
        assert [(row["id"], row["verdict"]) for row in rows] == [("1", "answers"), ("", ""), ("b", "none")]
    elif form == "json":
        assert [json.loads(line)["id"] for line in out.splitlines()] == [1, None, "b"]
    else:
        assert out.index(ASKED) < out.index("armistice in 1953") < out.index(UNANSWERED)


def test_the_index_can_be_named_in_the_environment(
    run: Run, library: Path, essay_location: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QUOTH_INDEX", str(library))
    assert "bees.md" in run("list")[1]
    assert "soviet-union" in run("list", "--index", essay_location)[1]
    monkeypatch.setenv("QUOTH_INDEX", str(library / "nowhere"))
    assert "There is no index at " in run("ask", "x")[2]
    monkeypatch.setenv("QUOTH_INDEX", "")
    assert address_of() == address_of(None) != ""


def test_a_collection_is_named_built_listed_and_asked(
    run: Run, library: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "home"))
    assert collections() == {}
    assert run("list", "--index", "@bees")[2].endswith("build one with: quoth index FOLDER --index @bees\n")
    build(tmp_path / "essays", Path(address_of("@bees")), encoder=SmallEncoder())
    (found,) = json.loads(run("list", "--collections", "--format", "json")[1])
    assert found == {"collection": "@bees", "essays": str(tmp_path / "essays"), "address": address_of("@bees")}
    monkeypatch.setenv("QUOTH_INDEX", "@bees")
    assert run("list") == run("list", "--index", library)


@pytest.mark.parametrize("name", ["", "../x", "a/b", ".hidden", "-q", "x" * 65, "a b", "\0"])
def test_what_cannot_name_a_collection_is_one_sentence(run: Run, name: str) -> None:
    with pytest.raises(UserError, match="No collection can be called"):
        address_of(f"@{name}")
    status, out, err = run("list", "--index", f"@{name}")
    assert (status, out, err.count("\n")) == (1, "", 1)


def test_essays_are_listed_in_every_format(run: Run, library: Path) -> None:
    listed = ("list", "--index", library)
    known = json.loads(run(*listed, "--format", "json")[1])
    assert [(one["document"], one["title"], one["author"], one["date"]) for one in known] == [
        ("bees.md", "Bees", "A. Keeper", "1953"),
        ("sea.txt", "On the Sea", "", ""),
    ]
    rows = list(csv.DictReader(io.StringIO(run(*listed, "--format", "csv")[1])))
    assert [{name: str(value) for name, value in one.items()} for one in known] == rows
    assert "| bees.md | Bees | A. Keeper | 1953 | en | 3 |" in run(*listed, "--format", "markdown")[1]
    assert run(*listed)[1].splitlines()[0].split() == ["bees.md", "Bees", "A.", "Keeper", "1953", "en", "3"]


def test_an_essay_is_shown_letter_for_letter(run: Run, library: Path) -> None:
    text = (library.parent / "essays" / "bees.md").read_bytes().decode()
    shown = ("show", "bees.md", "--index", library)
    assert run(*shown) == (0, f"{text}\n", "")
    assert run(*shown[:2], "2", *shown[2:])[1] == "Wax is soft.\n"
    values = json.loads(run(*shown[:2], "2-3", "--json", *shown[2:])[1])
    assert values["text"] == "Wax is soft.\r\n\r\nEnd." == text[values["start"] : values["end"]]
    assert [(one["paragraph"], one["heading"]) for one in values["passages"]] == [(2, "Wax"), (3, "Wax")]
    assert run(*shown, "--outline")[1] == "    Wax  (¶ 2)\n"
    (library.parent / "essays" / "bees.md").write_text("All is new.", encoding="utf-8")
    status, out, err = run(*shown)
    assert (status, out) == (0, f"{text}\n")
    assert err.startswith("This is the essay as it was indexed: bees.md has changed since it was indexed")


@pytest.mark.parametrize(
    ("arguments", "status", "message"),
    [
        (["bee.md"], 1, "The index holds no document 'bee.md'; the nearest is 'bees.md'."),
        (["bees.md", "4"], 1, "bees.md has passages 1 to 3; 4 is none of them."),
        (["bees.md", "3-2"], 1, "bees.md has passages 1 to 3; 3-2 is none of them."),
        (["bees.md", "0"], 1, "0 is none of them"),
        (["bees.md", "x"], 2, "'x' is no place"),
    ],
)
def test_what_cannot_be_shown_is_said(run: Run, library: Path, arguments: list[str], status: int, message: str) -> None:
    got, out, err = run("show", *arguments, "--index", library)
    assert (got, out) == (status, "")
    assert message in err


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such pipes")
@pytest.mark.parametrize(
    "command",
    [
        ["ask", "--batch", "PIPE", "--index", "INDEX"],
        ["check", "--kept", "PIPE", "--index", "INDEX"],
        ["check", "DRAFT", "--index", "INDEX"],
        ["index", "--kept", "PIPE", "--index", "INDEX"],
        ["questions", "PIPE", "--index", "INDEX"],
        ["eval", "SET"],
        ["eval", "SET", "--compare", "PIPE"],
    ],
)
def test_a_pipe_that_nobody_writes_to_is_one_sentence(
    run: Run, library: Path, tmp_path: Path, command: list[str]
) -> None:
    pipe, draft = tmp_path / "set" / "questions.jsonl", tmp_path / "draft.md"
    pipe.parent.mkdir()
    for path in (pipe, draft):
        os.mkfifo(path)
    places = {"PIPE": pipe, "INDEX": library, "SET": pipe.parent, "DRAFT": draft}
    for special in (pipe, Path("/dev/zero")) if "PIPE" in command else (pipe,):
        status, out, err = run(*[{**places, "PIPE": special}.get(word, word) for word in command])
        assert (status, out, err.count("\n")) == (1, "", 1)
        assert "' cannot be read: it is no file but a pipe, socket or device" in err


@pytest.mark.parametrize(
    ("when", "environment", "shown", "expected"),
    [
        ("auto", {}, True, True),
        ("auto", {}, False, False),
        ("auto", {"TERM": "dumb"}, True, False),
        ("auto", {"NO_COLOR": "1"}, True, False),
        ("auto", {"NO_COLOR": ""}, True, True),
        ("auto", {"FORCE_COLOR": "1"}, False, True),
        ("auto", {"FORCE_COLOR": ""}, False, False),
        ("auto", {"FORCE_COLOR": "1", "TERM": "dumb"}, False, True),
        ("auto", {"FORCE_COLOR": "1", "NO_COLOR": "1"}, True, False),
        ("always", {"NO_COLOR": "1", "TERM": "dumb"}, False, True),
        ("never", {"FORCE_COLOR": "1"}, True, False),
    ],
)
def test_colours_follow_the_conventions(when: str, environment: dict[str, str], shown: bool, expected: bool) -> None:
    assert coloured(when, environment, shown=shown) is expected  # type: ignore[arg-type]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such terminals")
def test_a_terminal_gets_wrapped_and_marked_lines_and_a_dumb_one_no_signs_of_control(essay_location: Path) -> None:
    command = [sys.executable, "-m", "qa", "ask", ASKED, "-k", "1", "--no-reader", "--index", str(essay_location)]

    def printed(**environment: str) -> str:
        ours, theirs = pty.openpty()
        known = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "FORCE_COLOR")}
        with contextlib.closing(os.fdopen(ours, "rb", buffering=0)) as terminal:
            done = subprocess.Popen(
                command, stdout=theirs, stderr=theirs, env={**known, "COLUMNS": "60", "TERM": "xterm", **environment}
            )
            os.close(theirs)
            data = b""
            with contextlib.suppress(OSError):  # nobody writes any more
                while more := terminal.read(10_000):
                    data += more
            done.wait(timeout=120)
        return data.decode()

    coloured, dumb, plain = printed(), printed(TERM="dumb"), printed(NO_COLOR="1")
    assert "\x1b[1;33m" in coloured
    assert dumb == plain
    assert "\x1b" not in dumb
    assert "▸" in dumb
    assert max(map(len, dumb.splitlines())) <= 60


def test_quiet_says_nothing_but_errors_and_verbose_says_more(run: Run, library: Path, essay_location: Path) -> None:
    assert "1 changed" not in run("index", library.parent / "essays", "--index", library, "-q")[2]
    (library.parent / "essays" / "new.txt").write_text("Jays carry acorns.", encoding="utf-8")
    status, out, err = run("index", "--index", library, "-q")
    assert (status, err) == (0, "")
    assert out.startswith("3 documents, ")
    assert run("ask", " ", "--index", library, "-q")[2].startswith("quoth: The question is empty")
    (library.parent / "essays" / "new.txt").rename(library.parent / "essays" / "jays.txt")
    assert "renamed new.txt to jays.txt" in run("index", "--index", library, "-v")[2]
    plain = run("ask", ASKED, "-k", 1, "--index", essay_location)[1]
    more = run("ask", ASKED, "-k", 1, "-v", "--index", essay_location)[1]
    assert more.startswith(plain)
    assert more.removeprefix(plain).startswith("score 0.")
    assert run("ask", "-q", "-v", "x")[0] == 2


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish", "tcsh", "powershell"])
def test_shells_can_complete_commands(run: Run, shell: str, tmp_path: Path) -> None:
    status, out, err = run("completion", shell)
    assert (status, err) == (0, "")
    assert "verify" in out
    assert "collections" in out
    program = {"bash": "bash", "zsh": "zsh", "fish": "fish"}.get(shell)
    if program and shutil.which(program):
        (tmp_path / "completion").write_text(out, encoding="utf-8")
        subprocess.run([program, "-n", str(tmp_path / "completion")], check=True, timeout=60)
    if shell == "bash" and shutil.which("bash"):
        script = (
            f"source {tmp_path / 'completion'}; COMP_WORDS=(quoth ver); COMP_CWORD=1; _shtab_quoth quoth ver quoth; "
            'echo "${COMPREPLY[@]}"'
        )
        done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=True, timeout=60)
        assert done.stdout.split() == ["verify"]


def test_a_set_that_does_not_fit_its_documents_is_an_error_by_line(run: Run, tmp_path: Path) -> None:
    (tmp_path / "documents").mkdir()
    (tmp_path / "documents" / "bees.txt").write_text("The queen lays eggs.", encoding="utf-8")
    asked = [
        {"question": "a", "spans": [{"document": "bees", "start": 0, "end": 20}]},
        {"question": "b", "spans": [{"document": "beez", "start": 0, "end": 20}]},
        {"question": "c", "spans": [{"document": "bees", "start": 4, "end": 21}]},
        {"question": "d", "spans": [{"document": "bees", "start": 4, "end": 4}]},
        {"question": "e", "need": "document", "documents": {"wasps": 1}},
    ]
    (tmp_path / "questions.jsonl").write_text("\n".join(map(json.dumps, asked)), encoding="utf-8")
    status, out, err = run("eval", tmp_path, "--no-reader")
    assert (status, out, err.count("\n")) == (1, "", 1)
    assert err.removeprefix(f"quoth: {tmp_path / 'questions.jsonl'} does not fit its documents: ") == (
        "line 2: there is no document 'beez' (the nearest is 'bees'); "
        "line 3: 4–21 is no place in 'bees', which has 20 characters; "
        "line 4: 4–4 is no place in 'bees', which has 20 characters; "
        "line 5: there is no document 'wasps'.\n"
    )


def test_a_set_is_made_from_texts_that_answer(run: Run, library: Path, tmp_path: Path) -> None:
    drafts = [
        {"id": "eggs", "question": "What does the queen lay?", "answers": ["lays eggs"], "need": "any"},
        {"question": "What is soft?", "answers": ["wax\n is soft"]},
        {"question": "What is soft in the sea?", "answers": ["wax is soft"], "document": "sea.txt"},
        {"question": "Who founded Rome?", "answerable": False},
        {"question": "Who?", "answers": ["the king lays eggs"]},
        {"question": "Who?", "answers": ["eggs"], "document": "bee"},
        {"question": "Who?"},
        {"question": " ", "answers": ["eggs"]},
        {"question": "Who?", "answers": ["eggs"], "need": "some"},
        {"question": "Who?", "answers": "eggs"},
    ]
    (tmp_path / "draft.jsonl").write_text("\n".join([*map(json.dumps, drafts), "nothing", "[]"]), encoding="utf-8")
    status, out, err = run("questions", tmp_path / "draft.jsonl", "--index", library)
    made = [json.loads(line) for line in out.splitlines()]
    texts = {path.stem: path.read_bytes().decode() for path in (library.parent / "essays").iterdir()}
    spans = [[(span["document"], span["start"], span["end"]) for span in one.get("spans", [])] for one in made]
    found = [[(name, texts[name][start:end]) for name, start, end in each] for each in spans]
    assert status == 1
    assert [one["id"] for one in made] == ["eggs", "2", "3", "4"]
    assert found == [
        [("bees", "lays eggs")],
        [("bees", "Wax is soft"), ("sea", "wax is soft")],
        [("sea", "wax is soft")],
        [],
    ]
    assert made[3] == {"id": "4", "question": "Who founded Rome?", "answerable": False}
    assert [line.removeprefix(f"{tmp_path / 'draft.jsonl'}, ") for line in err.splitlines()] == [
        "line 5: no document says 'the king lays eggs'; `quoth check --text` tells what they say",
        "line 6: there is no document 'bee' (the nearest is 'bees.md')",
        'line 7: give the "answers" of the essays, or "answerable": false',
        'line 8: it has no "question"',
        'line 9: "need" is "some"; it can be any, all, document',
        'line 10: "answers" is no list of texts',
        "line 11: it is not JSON: Expecting value: line 1 column 1 (char 0)",
        'line 12: it has no "question"',
    ]
