import gc
import hashlib
import io
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.parse
import weakref
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from small_encoder import SmallEncoder

from index.encoding.loading import load_encoder
from index.local.build import build
from index.local.location import default_location
from index.local.snapshot import Snapshot
from qa.command.cli import guarded, main
from qa.command.options import parser
from qa.command.output.terminal import as_text
from qa.retrieve import retriever
from qa.retriever import Retriever
from source.library import ESSAYS

COMMANDS = (
    *("index", "ask", "serve", "list", "show", "check", "link", "cite", "verify", "doctor", "model"),
    *("eval", "questions", "completion"),
)


def run(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    status = main([str(argument) for argument in arguments])
    printed = capsys.readouterr()
    return status, printed.out, printed.err


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device that is always full is needed")
@pytest.mark.parametrize(
    ("given", "code", "told"),
    [
        ("list >/dev/full", 1, "quoth: What the command reads or writes cannot be read or written: No space left on"),
        ("ask --batch /proc/self/mem", 1, "cannot be read or written: Input/output error."),
        ("list >&-", 0, ""),
        ("list <&-", 0, ""),
        ("list 2>&-", 0, ""),
        ("nonsense 2>&-", 2, ""),
        ("ask - <&-", 1, "The question is empty"),
    ],
)
def test_streams_that_are_full_or_closed_are_no_traceback(
    essay_location: Path, given: str, code: int, told: str
) -> None:
    environment = {**os.environ, "QUOTH_INDEX": str(essay_location), "CALLED": sys.executable}
    done = subprocess.run(
        f'"$CALLED" -m qa {given}', shell=True, env=environment, capture_output=True, text=True, timeout=300
    )
    assert (done.returncode, "Traceback" in done.stderr) == (code, False), done.stderr
    assert told in done.stderr
    assert bool(done.stdout) == (given in ("list <&-", "list 2>&-"))


def test_every_command_has_help(capsys: pytest.CaptureFixture[str]) -> None:
    for command in COMMANDS:
        with pytest.raises(SystemExit) as stopped:
            parser().parse_args([command, "--help"])
        assert stopped.value.code == 0
        shown = capsys.readouterr().out
        assert f"usage: quoth {command}" in shown
        assert len(shown.splitlines()) > 5


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["nonsense"],
        ["ask"],
        ["ask", "x", "--batch", "y"],
        ["ask", "-k", "two", "x"],
        ["ask", "-k", "9" * 5000, "x"],
        ["serve", "--port", "9" * 23],
        ["serve", "--port", "-1"],
        ["serve", "--keep-days", "-1"],
        ["serve", "--keep-days", "nan"],
        ["serve", "--keep-mb", "1e99"],
    ],
)
def test_wrong_usage_exits_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    try:
        status = main(arguments)
    except SystemExit as stopped:
        status = int(stopped.code or 0)
    assert status == 2
    assert "quoth" in capsys.readouterr().err


def test_what_is_piped_is_letter_for_letter(capsys: pytest.CaptureFixture[str], essay_location: Path) -> None:
    asked = ("ask", "What tanks did the Soviet Union supply?", "--index", essay_location, "-k", 1)
    status, out, err = run(capsys, *asked)
    assert (status, err) == (0, "")
    quoted, place = out.removesuffix("\n").split("\n— ")
    text = (ESSAYS / "soviet-union-korean-war.txt").read_bytes().decode()
    assert quoted in text
    assert "Notably, the T-34 tank was delivered in large numbers, renowned for its effectiveness" in quoted
    assert place == (
        "The Pivotal Role of the Soviet Union in Global Military History › "
        "Military Involvement in the Conflict › Provision of arms and equipment, ¶ 25, line 67"
    )
    marked = run(capsys, *asked, "--marks")[1].split("\n— ")[0]
    assert marked.translate({ord("▸"): "", ord("◂"): ""}) == quoted
    assert marked.index("▸") < marked.index("T-34") < marked.index("◂")
    assert run(capsys, *asked, "--no-marks")[1] == out


def test_what_the_essays_do_not_say_exits_3(capsys: pytest.CaptureFixture[str], essay_location: Path) -> None:
    status, out, _ = run(capsys, "ask", "Who was mayor of Paris in 1950?", "--index", essay_location)
    assert (status, out) == (3, "The essays do not say.\n")


@pytest.mark.parametrize("gone", ["renamed", "rewritten", "removed"])
def test_an_answer_whose_essay_has_changed_is_withheld_not_denied(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, gone: str
) -> None:
    essays, index = tmp_path / "essays", tmp_path / "index"
    essays.mkdir()
    (essays / "oak.txt").write_text("The oak was felled in 1904 by Per.\n", encoding="utf-8")
    (essays / "sea.txt").write_text("Cod are caught in winter off the northern shore.\n", encoding="utf-8")
    assert run(capsys, "index", essays, "--index", index)[0] == 0
    asked = ("ask", "Who felled the oak?", "--index", index)
    assert run(capsys, *asked)[0] == 0
    if gone == "rewritten":
        (essays / "oak.txt").write_text("The oak was felled in 1905 by Ola.\n", encoding="utf-8")
    else:
        (essays / "oak.txt").rename(essays / "elm.txt" if gone == "renamed" else tmp_path / "oak.txt")
    status, out, err = run(capsys, *asked)
    assert (status, out) == (4, "What would answer is withheld: its essay no longer says what was indexed.\n")
    assert err.count("A quotation is withheld: oak.txt ") == 1
    assert err.endswith(f"; rebuild the index with: quoth index {essays} --index {index}\n")
    status, out, _ = run(capsys, *asked, "--json")
    answer = json.loads(out)
    assert (status, answer["status"], answer["verdict"], answer["withheld_count"]) == (4, "none", "withheld", 1)
    assert [quote["document"] for quote in answer["quotes"]] in ([], ["sea.txt"])
    # What was never there is denied as before.
    assert run(capsys, "ask", "Which planets have rings?", "--index", index)[:2] == (3, "The essays do not say.\n")


def test_any_number_of_quotes_may_be_asked_for(capsys: pytest.CaptureFixture[str], essay_location: Path) -> None:
    asked = ("ask", "When was the armistice?", "--json", "--index", essay_location, "-k")
    status, out, err = run(capsys, *asked, "9" * 23)
    assert (status, err) == (0, "")
    assert out == run(capsys, *asked, "100")[1]
    assert run(capsys, *asked, "-" + "9" * 23)[0] == 1


@pytest.fixture
def open_path() -> Iterator[Path]:
    """A folder that everybody can get into; those above pytest's own are closed again by the next run."""
    with tempfile.TemporaryDirectory(prefix="quoth-test-") as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


@pytest.fixture
def nobody(open_path: Path, essay_location: Path) -> Callable[..., list[tuple[int, str, str]]]:
    """Run commands, one after the other in one process, as a user who may not read everything."""
    if os.name == "nt" or os.geteuid() != 0:
        pytest.skip("only root can be somebody else")
    script = (  # what is imported late may lie where only root can read
        "import contextlib, io, json, os, sys, qa.page.app; from qa.command.cli import main\n"
        "with contextlib.redirect_stdout(io.StringIO()):\n"
        "    for command in (['ask', 'tanks?'], ['verify'], ['doctor']): main([*command, '--index', sys.argv[1]])\n"
        "import index.local.build\n"
        "os.setuid(65534); done = []\n"
        "for command in json.loads(sys.argv[2]):\n"
        "    with contextlib.redirect_stdout(io.StringIO()) as out, contextlib.redirect_stderr(io.StringIO()) as err:\n"
        "        status = main(command)\n"
        "    done.append((status, out.getvalue(), err.getvalue()))\n"
        "print(json.dumps(done))"
    )

    def run(*commands: Sequence[object]) -> list[tuple[int, str, str]]:
        environment = {**os.environ, "XDG_DATA_HOME": str(open_path), "PYTHONPATH": str(Path(__file__).parents[2])}
        asked = json.dumps([[str(word) for word in command] for command in commands])
        command = [sys.executable, "-c", script, str(essay_location), asked]
        done = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=300)
        assert (done.returncode, done.stderr) == (0, "")
        return [(status, out, err) for status, out, err in json.loads(done.stdout)]

    return run


def test_what_nobody_may_read_is_one_sentence(
    open_path: Path, nobody: Callable[..., list[tuple[int, str, str]]]
) -> None:
    closed, index = open_path / "closed", open_path / "index"
    (closed / "essays").mkdir(parents=True)
    (closed / "essays" / "bees.txt").write_text("The queen lays two thousand eggs a day.", encoding="utf-8")
    build(closed / "essays", index, encoder=load_encoder())
    for path in (index, *index.rglob("*")):
        os.chown(path, 65534, 65534)
    closed.chmod(0o700)
    ask = ("ask", "How many eggs does the queen lay?", "--index", index)
    answer, *refused = nobody(ask, ("verify", "--index", index), ("index", "--index", index))
    status, out, err = answer
    assert (status, err) == (0, "")
    assert out.startswith("The essays themselves cannot be read; this is what they said on ")
    assert "two thousand" in out
    assert [(status, out, err.count("\n")) for status, out, err in refused] == [(1, "", 1)] * 2
    assert "cannot be read, so nothing can be verified" in refused[0][2]
    index.rename(closed / "index")
    commands = (["ask", "eggs?"], ["verify"], ["doctor"], ["index"], ["serve"], ["index", closed / "essays"])
    done = nobody(*([*command, "--index", closed / "index"] for command in commands))
    for command, (status, _, err) in zip(commands, done, strict=True):
        assert (status, err.count("\n")) == (1, 1), (command, err)
        assert "Permission denied" in err


@pytest.mark.parametrize("name", ["\udcff", "a\ud800.txt", "\0", "x" * 100_000])
def test_a_name_that_no_document_can_have_is_one_sentence(
    capsys: pytest.CaptureFixture[str], essay_location: Path, name: str
) -> None:
    link = f"/essay/{urllib.parse.quote(name, errors='surrogatepass')}?{{}}"
    words = {"start": 0, "end": 3, "exact": "war", "sha256": hashlib.sha256(b"war").hexdigest()}
    for command in (
        ["ask", "tanks?", "--document", name],
        ["check", "--text", "the war", "--document", name],
        ["link", link.format(urllib.parse.urlencode(words))],
    ):
        status, _, err = run(capsys, *command, "--index", essay_location)
        assert (status, err.count("\n")) in ((1, 1), (3, 0)), (command[0], err[:300])


def test_json_is_the_answer_and_the_same_each_time(
    capsys: pytest.CaptureFixture[str], essay_location: Path, essay_index: Snapshot
) -> None:
    asked = ("ask", "When was the armistice?", "--json", "--index", essay_location)
    status, out, err = run(capsys, *asked)
    assert (status, err) == (0, "")
    answer = json.loads(out)
    assert (answer["status"], answer["question"]) == ("found", "When was the armistice?")
    assert answer["receipt"]["index"] == essay_index.name
    text = (ESSAYS / "soviet-union-korean-war.txt").read_bytes().decode()
    for quote in answer["quotes"]:
        assert {"document", "title", "heading", "paragraph", "line", "start", "end", "text", "score"} <= set(quote)
        assert quote["text"] == text[quote["start"] : quote["end"]]
        assert quote["highlights"]
        for span in quote["highlights"]:
            assert quote["start"] <= span["start"] < span["end"] <= quote["end"]
    assert "1953" in text[slice(*answer["quotes"][0]["highlights"][0].values())]
    assert run(capsys, *asked)[1] == out


def test_a_batch_gives_an_answer_a_line_in_order(
    capsys: pytest.CaptureFixture[str], essay_location: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = '{"id": "b", "question": "When was the armistice?"}\n\n{"id": 7, "question": "zxqv?"}\n'
    (tmp_path / "q.jsonl").write_text(lines, encoding="utf-8")
    status, out, _ = run(capsys, "ask", "--batch", tmp_path / "q.jsonl", "--json", "--index", essay_location)
    answers = [json.loads(line) for line in out.splitlines()]
    assert (status, [answer["id"] for answer in answers]) == (0, ["b", 7])
    single = run(capsys, "ask", "When was the armistice?", "--json", "--index", essay_location)[1]
    assert {"id": "b", **json.loads(single)} == answers[0]
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(lines.encode())))
    assert run(capsys, "ask", "--batch", "-", "--json", "--index", essay_location)[1] == out


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("not json", "line 2 is not JSON"),
        ("\udcff", "line 2 is not JSON: 'utf-8' codec can't decode byte 0xff"),
        ("[]", 'line 2 has no "question"; write'),
        ('{"id": 1}', 'line 2 has no "question"; write'),
        ('{"question": " "}', "line 2: the question is empty"),
        ("[" * 100_000, "line 2 is not JSON: it is nested too deeply"),
        (
            '{"question": "x", "id": ' + "[" * 100_000 + "]" * 100_000 + "}",
            "line 2 is not JSON: it is nested too deeply",
        ),
        ('{"question": "x", "id": ' + "[" * 500 + "]" * 500 + "}", "line 2 is not JSON: it is nested too deeply"),
        ('{"question": "x", "id": [[]]}', 'line 2: the "id" is neither text nor a number'),
        ('{"question": "x", "id": NaN}', "line 2 is not JSON: NaN is no number"),
        ('{"question": "x", "id": -1e999}', "line 2 is not JSON: -1e999 is no number"),
        ('{"question": "x", "id": ' + "9" * 5000 + "}", "line 2 is not JSON: Exceeds the limit"),
        ('{"question": "' + "x" * 1_000_000 + '"}', "line 2 is longer than 1,000,000 bytes; divide it"),
    ],
)
def test_a_wrong_line_of_a_batch_is_named_and_does_not_end_it(
    capsys: pytest.CaptureFixture[str], essay_location: Path, tmp_path: Path, line: str, message: str
) -> None:
    (tmp_path / "q.jsonl").write_bytes(
        b'{"question": "armistice"}\n' + line.encode(errors="surrogateescape") + b'\n{"question": "tanks"}\n'
    )
    status, out, err = run(capsys, "ask", "--batch", tmp_path / "q.jsonl", "--index", essay_location)
    answers = [json.loads(answer) for answer in out.splitlines()]
    assert (status, [answer.get("status") for answer in answers]) == (1, ["found", None, "found"])
    assert message in answers[1]["error"]
    assert answers[1]["line"] == 2
    assert err == f"{answers[1]['error']}\n"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["ask", "x", "--index", "NOWHERE"], "There is no index at "),
        (["ask", "--batch", "NOWHERE"], "cannot be read"),
        (["ask", " ", "--index", "INDEX"], "The question is empty"),
        (["ask", "x", "-k", "0", "--index", "INDEX"], "k is 0; ask for at least 1"),
        (["ask", "x", "--document", "soviet.txt", "--index", "INDEX"], "the nearest is 'soviet-union-korean-war.txt'"),
        (["index", "NOWHERE"], "There is no folder "),
        (["index", "--model", "no/such", "--index", "NOWHERE"], "There is no sentence-transformers model 'no/such'"),
        (["verify", "--index", "NOWHERE"], "There is no index at "),
        (["serve", "--host", "0.0.0.0", "--index", "INDEX"], "password"),
        (["serve", "--auth", "NOWHERE", "--index", "INDEX"], "The password file "),
        (["serve", "--auth", "README.md", "--index", "INDEX"], "The password file 'README.md' can be read by others"),
        (["serve", "--port", "1", "--host", "203.0.113.1", "--index", "INDEX"], "password"),
    ],
)
def test_bad_input_gets_one_sentence(
    capsys: pytest.CaptureFixture[str], essay_location: Path, tmp_path: Path, arguments: list[str], message: str
) -> None:
    places = {"NOWHERE": str(tmp_path / "nowhere"), "INDEX": str(essay_location)}
    status, out, err = run(capsys, *[places.get(argument, argument) for argument in arguments])
    assert (status, out) == (1, "")
    assert message in err
    assert len(err.splitlines()) == 1
    assert not (tmp_path / "nowhere").exists()


def test_essays_are_indexed_asked_verified_and_indexed_again(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    essays, index = tmp_path / "my essays", tmp_path / "index"
    essays.mkdir()
    (essays / "bees.md").write_text("# Bees\n\nThe queen lays two thousand eggs a day.", encoding="utf-8")
    (essays / "bees.png").write_bytes(b"\x89PNG")
    status, out, err = run(capsys, "index", essays, "--index", index)
    assert status == 0
    assert out.startswith("1 document, 1 passage, 1 sentence, 0 truncated, 1 skipped, ")
    assert "skipped bees.png: unknown kind of file" in err
    assert "two thousand" in run(capsys, "ask", "How many eggs does the queen lay?", "--index", index)[1]
    assert run(capsys, "verify", "--index", index)[:2] == (
        0,
        "1 documents, 1 passages, 1 sentences: every one says what its file says\n",
    )
    (essays / "bees.md").write_text("# Bees\n\nThe queen lays four thousand eggs a day.", encoding="utf-8")
    status, out, err = run(capsys, "verify", "--index", index)
    assert (status, out) == (1, "bees.md: the file has changed; 1 of 1 passages differ\n")
    assert f'rebuild it: quoth index "{essays}" --index' in err
    status, out, err = run(capsys, "ask", "How many eggs does the queen lay?", "--index", index)
    assert "A quotation is withheld: bees.md has changed since it was indexed" in err
    assert "thousand" not in out
    assert run(capsys, "index", "--index", index)[0] == 0
    assert "four thousand" in run(capsys, "ask", "How many eggs does the queen lay?", "--index", index)[1]


def test_without_an_index_the_shipped_essay_is_asked(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert not default_location().exists()
    status, out, err = run(capsys, "ask", "When was the armistice?", "-k", 1)
    assert status == 0
    assert "armistice in 1953" in " ".join(out.split())
    assert err.startswith("There is no index yet; indexing the essay that comes with Quoth …")


@pytest.mark.parametrize("command", [["quoth"], [sys.executable, "-m", "qa"]])
def test_the_installed_command(command: list[str], essay_location: Path) -> None:
    if command == ["quoth"]:
        command = [str(Path(sys.executable).parent / "quoth")]
    version = subprocess.run([*command, "--version"], capture_output=True, text=True, check=True)
    assert version.stdout.startswith("quoth 0.")
    asked = [*command, "ask", "Who was mayor of Paris in 1950?", "--index", str(essay_location)]
    answer = subprocess.run(asked, capture_output=True, text=True, check=False)
    assert (answer.returncode, answer.stdout, answer.stderr) == (3, "The essays do not say.\n", "")


def test_the_doctor_says_what_is_there(capsys: pytest.CaptureFixture[str], essay_location: Path) -> None:
    status, out, _ = run(capsys, "doctor", "--index", essay_location)
    assert status == 0
    assert "as it ships with Quoth" in out
    assert "as it was published" in out
    assert "1 documents, 62 passages, 0 truncated" in out
    assert run(capsys, "doctor", "--index", essay_location.parent / "nowhere")[0] == 1


def test_a_set_is_measured_and_compared(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    documents = tmp_path / "bees" / "documents"
    documents.mkdir(parents=True)
    text = "Bees\n\nThe queen lays two thousand eggs a day. She lives five years.\n\nWorkers gather nectar."
    (documents / "bees.txt").write_text(text, encoding="utf-8")
    start = text.index("two thousand")
    span = {"document": "bees", "start": start, "end": start + len("two thousand")}
    start = text.index("Workers")
    nectar = {"document": "bees.txt", "start": start, "end": len(text)}
    asked = [
        {"id": "1", "question": "How many eggs does the queen lay?", "need": "any", "spans": [span]},
        {"id": "2", "question": "What do workers gather?", "need": "all", "spans": [nectar]},
        {"id": "3", "question": "bees", "need": "document", "documents": {"bees": 2}},
        {"id": "4", "question": "Who founded Rome?", "answerable": False},
    ]
    lines = "\n".join(json.dumps(one) for one in asked)
    (tmp_path / "bees" / "questions.jsonl").write_text(lines, encoding="utf-8")
    command = ("eval", tmp_path / "bees", "--json", tmp_path / "run.json")
    status, out, _ = run(capsys, *command)
    measures = dict(line.split() for line in out.splitlines()[1:])
    assert status == 0
    assert (measures["hit@1"], measures["mrr@10"], measures["marked@1"]) == ("1.000", "1.000", "1.000")
    assert (measures["recall@5"], measures["ndcg@10"], measures["near_auroc"]) == ("1.000", "1.000", "1.000")
    assert len(json.loads((tmp_path / "run.json").read_text())["runs"][0]["outcomes"]) == 4
    out = run(capsys, *command, "--force", "--compare", tmp_path / "run.json")[1]
    assert "bees: hit@1 better on 0, worse on 0 questions, p = 1.000" in out
    (tmp_path / "bees" / "questions.jsonl").write_text('{"id": 1}', encoding="utf-8")
    status, _, err = run(capsys, "eval", tmp_path / "bees")
    assert status == 1
    assert "questions.jsonl, line 1 is no question of a set: KeyError('question')" in err


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such signals")
@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
@pytest.mark.parametrize(
    ("command", "before", "said"),
    [
        ("index", False, "stopped; there is no index yet."),
        ("index", True, "stopped; the index is whole."),
        ("serve", False, "stopped; there is no index yet."),
    ],
)
def test_a_build_that_is_stopped_says_what_there_is(
    tmp_path: Path, number: int, status: int, command: str, before: bool, said: str
) -> None:
    index = tmp_path / "index"
    if before:
        build(ESSAYS, index, encoder=SmallEncoder())
    there = sorted(index.rglob("*"))
    given = [str(ESSAYS), "--model", "quoth-minilm"] if command == "index" else ["--port", "0"]
    process = subprocess.Popen(
        [sys.executable, "-m", "qa", command, *given, "--index", str(index)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    deadline = time.monotonic() + 120
    while not list(index.glob("snapshots/building-*/tokens-*.bin")):
        assert time.monotonic() < deadline
        time.sleep(0.005)
    process.send_signal(number)
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out, err.splitlines()[-1]) == (status, "", f"quoth: {said}")
    assert len(err.splitlines()) == (2 if command == "serve" else 1)
    assert [path for path in sorted(index.rglob("*")) if path.name not in ("LOCK", "snapshots")] == [
        path for path in there if path.name not in ("LOCK", "snapshots")
    ]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such signals")
@pytest.mark.parametrize("command", [("ask", "When?"), ("serve", "--port", "0")])
@pytest.mark.parametrize("loaded", ["source.errors", "numpy", "qa.answer", "qa.command.cli"])
def test_ctrl_c_while_a_command_begins_is_no_traceback(tmp_path: Path, command: tuple[str, ...], loaded: str) -> None:
    """Whatever was `loaded` last."""
    environment = {**os.environ, "PYTHONPROFILEIMPORTTIME": "1", "XDG_DATA_HOME": str(tmp_path)}
    process = subprocess.Popen(
        [Path(sys.executable).with_name("quoth"), *command],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        env=environment,
        cwd=tmp_path,
    )
    assert process.stderr is not None
    said = []
    for line in process.stderr:
        said.append(line)
        if line.startswith("import time:") and line.rpartition("|")[2].strip() == loaded:
            process.send_signal(signal.SIGINT)
    process.communicate(timeout=60)
    assert process.returncode in (-signal.SIGINT, 130, 1)
    own = [line for line in said if not line.startswith("import time:")]
    assert all(line.startswith("quoth: ") for line in own), own


class _Stopping(io.RawIOBase):
    """Standard input at which somebody presses Ctrl-C."""

    @property
    def buffer(self) -> io.RawIOBase:
        return self

    def read(self, _size: int = -1) -> bytes:
        raise KeyboardInterrupt


@pytest.mark.parametrize("left", ["no index", "index", "damaged"])
@pytest.mark.parametrize("command", ["ask", "check"])
def test_a_command_that_is_stopped_claims_nothing_of_an_index_that_is_not_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], command: str, left: str
) -> None:
    """Whatever the command: what is said is looked at, not taken for granted."""
    if left != "no index":
        build(ESSAYS, tmp_path / "index", encoder=SmallEncoder())
    if left == "damaged":
        (tmp_path / "index" / "CURRENT").write_text("nonsense")
    monkeypatch.setattr(sys, "stdin", _Stopping())
    said = {"no index": "; there is no index yet", "index": "; the index is whole", "damaged": ""}[left]
    assert run(capsys, command, "-", "--index", tmp_path / "index") == (130, "", f"quoth: stopped{said}.\n")


def test_a_damaged_index_is_not_rebuilt_from_the_shipped_essay(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "essays").mkdir()
    (tmp_path / "essays" / "war.md").write_text("# War\n\nThe tanks came.", encoding="utf-8")
    snapshot, _ = build(tmp_path / "essays", tmp_path / "index", encoder=SmallEncoder())
    (snapshot.folder / "manifest.json").write_bytes(b"")
    status, _, err = run(capsys, "index", "--index", tmp_path / "index")
    assert (status, len(err.splitlines())) == (1, 1)
    assert f"rebuild it: quoth index FOLDER --index {tmp_path / 'index'}" in err


@pytest.mark.parametrize("much", [lambda: bytes(1 << 62), lambda: [0] * (1 << 59), lambda: "x" * (1 << 62)])
def test_too_little_memory_is_one_sentence(capsys: pytest.CaptureFixture[str], much: Callable[[], object]) -> None:
    assert guarded(lambda: len(str(much())), lambda: "") == 1
    (said,) = capsys.readouterr().err.splitlines()
    assert said.startswith("quoth: there is not enough memory for this;")


def test_an_essay_cannot_steer_the_terminal(tmp_path: Path) -> None:
    (tmp_path / "war.txt").write_text(
        "War\x1b]0;title\x07\n\nThe \x1b[2J tanks\x07 came\u202e. It was cold.\x9b31m\n", encoding="utf-8"
    )
    snapshot, _ = build(tmp_path / "war.txt", tmp_path / "index", encoder=SmallEncoder())
    answer = Retriever(snapshot, SmallEncoder()).answer('"tanks"')
    assert "\x1b[2J tanks\x07 came\u202e" in answer.quotes[0].text
    for colour in (False, True):
        lines = as_text(answer, 80, colour=colour)
        assert "␛[2J tanks␇ came�" in lines.replace("\x1b[1;33m", "").replace("\x1b[0m", "")
        assert lines.count("\x1b") == (2 if colour else 0)
        assert not set("\x07\x9b\u202e") & set(lines)


def test_indexes_that_are_no_longer_asked_are_let_go(tmp_path: Path, essay_location: Path) -> None:
    for number in range(20):
        shutil.copytree(essay_location, tmp_path / str(number))
        held = weakref.ref(retriever(tmp_path / str(number)).index)
        assert held() is not None
        if not number:
            first = held
    gc.collect()
    assert first() is None
    assert held() is not None


def test_the_model_is_written_for_other_tools(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    status, out, _ = run(capsys, "model", tmp_path / "model")
    assert (status, (tmp_path / "model" / "model.safetensors").exists()) == (0, True)
    assert f'SentenceTransformer("{tmp_path / "model"}") reads it' in out
    status, out, err = run(capsys, "model", tmp_path / "model")
    assert (status, out) == (1, "")
    assert "already; name another folder." in err


def test_of_a_model_that_no_numbers_were_fitted_for_it_is_said_once(
    capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    run(capsys, "model", tmp_path / "model")
    (tmp_path / "bees.txt").write_text("Bees make honey in June.\n", encoding="utf-8")
    at = ("--index", tmp_path / "index")
    run(capsys, "index", tmp_path / "bees.txt", "--model", tmp_path / "model", *at)
    for _ in range(2):
        status, out, _ = run(capsys, "ask", "When do bees make honey?", "--json", *at)
        answer = json.loads(out)
        assert (status, answer["verdict"], answer["confidence"]) == (0, "may_answer", None)
    (said,) = (one.getMessage() for one in caplog.records if one.name == "qa.retrieve")
    assert said.startswith(
        f"No probabilities were fitted for the model {tmp_path / 'model'}: nothing is said to answer"
    )
