"""`quoth check` and `quoth link` on the command line: what they print, and their exit status."""

import csv
import io
import json
import shutil
from pathlib import Path

import docx
import pytest
from small_encoder import SmallEncoder

from index.build import build
from index.opening import sink
from qa.command.cli import main
from qa.command.commands.kept import kept_before, kept_touched
from qa.command.output.streams import Out

RIGHT = "They write “Cod are caught in winter off the northern shore” (On the Sea)."
WRONG = "They write “Cod are caught in summer off the northern shore” (On the Sea)."


def run(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    status = main([str(argument) for argument in arguments])
    printed = capsys.readouterr()
    return status, printed.out, printed.err


@pytest.mark.parametrize(("text", "status"), [(RIGHT, 0), (WRONG, 3)])
@pytest.mark.parametrize("kind", ["md", "txt", "html", "docx"])
def test_a_draft_in_every_format(
    capsys: pytest.CaptureFixture[str], address: str, tmp_path: Path, text: str, status: int, kind: str
) -> None:
    path = tmp_path / f"draft.{kind}"
    if kind == "docx":
        word = docx.Document()
        word.add_paragraph(text)
        word.save(str(path))
    else:
        path.write_text(f"<html><body><p>{text}</p></body></html>" if kind == "html" else text, encoding="utf-8")
    got, out, err = run(capsys, "check", path, "--index", address)
    assert (got, err) == (status, "")
    assert ("[-winter-] {+summer+}" in out) is (status == 3)
    assert out.endswith(f"1 quotation: 1 {'altered' if status else 'verbatim'}\n")


def test_a_draft_from_standard_input_as_json(
    capsys: pytest.CaptureFixture[str], address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(f"{RIGHT}\n\n{WRONG} And “so.\n".encode())))
    status, out, err = run(capsys, "check", "-", "--json", "--index", address)
    report = json.loads(out)
    assert (status, err) == (3, "draft.md:3: a quotation begins here that is never closed\n")
    assert [(one["verdict"], one["line"]) for one in report["quotations"]] == [("verbatim", 1), ("altered", 3)]
    assert report["quotations"][0]["places"][0]["text"] == "Cod are caught in winter off the northern shore"
    assert {"kind": "changed", "quoted": "summer", "original": "winter"} in report["quotations"][1]["differences"]


@pytest.mark.parametrize(
    ("now", "status", "said"),
    [
        ("Bees live in hives. They swarm.\n\nMore.", 0, ""),
        ("More.\n\nBees live in hives. They swarm.", 0, ""),
        ("Bees live in trees. They swarm.", 3, "bees.txt has changed since it was indexed\n"),
        (None, 3, "bees.txt can no longer be read\n"),
        ("all is gone", 0, "The essays themselves cannot be read; this is what they said on "),
    ],
)
def test_an_essay_that_no_longer_says_so_is_named(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, now: str | None, status: int, said: str
) -> None:
    folder, place = tmp_path / "essays", tmp_path / "index"
    folder.mkdir()
    for name, text in (("bees.txt", "Bees live in hives. They swarm."), ("wasps.txt", "Wasps sting.")):
        (folder / name).write_text(text, encoding="utf-8")
    build(folder, sink(str(place)), encoder=SmallEncoder())
    if now is None:
        (folder / "bees.txt").unlink()
    elif now == "all is gone":
        shutil.rmtree(folder)
    else:
        (folder / "bees.txt").write_text(now, encoding="utf-8")
    page = tmp_path / "report.html"
    got, out, err = run(capsys, "check", "--text", "Bees live in hives", "--html", page, "--json", "--index", place)
    assert (got, json.loads(out)["quotations"][0]["verdict"]) == (status, "verbatim")
    assert err.startswith(said) if said else err == ""
    assert err.strip() in page.read_text(encoding="utf-8")
    assert "".join(json.loads(out)["stale"]) + json.loads(out)["unchecked"] == err.strip()


def test_one_quotation(capsys: pytest.CaptureFixture[str], address: str) -> None:
    status, out, _ = run(capsys, "check", "--text", "“Nobody had counted the boats”", "--index", address)
    assert status == 0
    assert out.startswith("verbatim\n  “Nobody had counted the boats”\n    — On the Sea, ¶ 1, line 3 (sea.txt, ")
    status, out, _ = run(capsys, "check", "--text", "Nobody had", "--document", "oak.md", "--index", address)
    assert (status, out.splitlines()[0]) == (3, "stands elsewhere than the draft says")
    assert run(capsys, "check", "--text", "Nobody ever flew to the moon", "--index", address)[0] == 3


@pytest.mark.parametrize(
    "arguments", [[], ["a.md", "--text", "b"], ["none.md"], ["--text", "…"], ["--kept", "none.json"]]
)
def test_what_cannot_be_checked_is_one_sentence(
    capsys: pytest.CaptureFixture[str], address: str, arguments: list[str]
) -> None:
    status, out, err = run(capsys, "check", *arguments, "--index", address)
    assert (status, out, err.count("\n")) == (1, "", 1)


def test_the_page_shows_the_draft_as_text(capsys: pytest.CaptureFixture[str], address: str, tmp_path: Path) -> None:
    draft = tmp_path / "draft.txt"
    draft.write_text(f"<script>alert(1)</script> & \u202e{RIGHT}\n\n{WRONG}\n", encoding="utf-8")
    page = tmp_path / "report.html"
    assert run(capsys, "check", draft, "--html", page, "--index", address)[0] == 3
    shown = page.read_text(encoding="utf-8")
    assert "<script" not in shown
    assert "\u202e" not in shown
    assert shown.count("<mark ") == 2
    assert (
        '<mark class="wrong" id="q2"><a href="#f2">Cod are caught in summer off the northern shore</a></mark>' in shown
    )
    assert "<del>winter</del> <ins>summer</ins>" in shown
    assert run(capsys, "check", draft, "--html", tmp_path / "no" / "report.html", "--index", address)[0] == 1


def test_a_file_that_is_there_is_written_over_only_when_that_is_said(
    capsys: pytest.CaptureFixture[str], address: str, tmp_path: Path
) -> None:
    mine = tmp_path / "mine.html"
    check = ("check", "--text", "Cod are caught", "--html", mine, "--index", address)
    cite = ("cite", "--text", "Cod are caught", "--output", mine, "--index", address)
    measure = ("eval", tmp_path, "--json", mine)
    for command in (check, cite, measure):
        mine.write_text("years of work", encoding="utf-8")
        status, out, err = run(capsys, *command)
        assert (status, out) == (1, "")
        assert err == f"quoth: There is a file {str(mine)!r} already; name another, or write over it with --force.\n"
        assert mine.read_text(encoding="utf-8") == "years of work"
    for command in (check, cite):
        assert run(capsys, *command, "--force")[0] == 0
        assert "Cod are caught" in mine.read_text(encoding="utf-8")
        mine.write_text("", encoding="utf-8")  # as mktemp makes it
        assert run(capsys, *command)[0] == 0


def test_what_would_steer_the_terminal_is_shown_as_signs(capsys: pytest.CaptureFixture[str], address: str) -> None:
    out = run(capsys, "check", "--text", "Cod are \x1b[31m caught in \u202e winter", "--index", address)[1]
    assert "\x1b" not in out
    assert "\u202e" not in out


def test_links_are_made_and_opened(capsys: pytest.CaptureFixture[str], address: str) -> None:
    status, made, _ = run(capsys, "link", "--make", "It is not lit any more.", "--index", address)
    assert (status, made[:11]) == (0, "/q/sea.txt?")
    status, out, _ = run(capsys, "link", f"http://localhost:7860{made.strip()}", "--index", address)
    assert status == 0
    assert out.startswith("unchanged: “It is not lit any more.”\n    — On the Sea, ¶ 3, line 7 (sea.txt, ")
    status, out, _ = run(capsys, "link", made.strip(), "--json", "--index", address)
    assert (status, json.loads(out)["state"]) == (0, "unchanged")
    assert run(capsys, "link", "--make", "It is lit any more.", "--index", address)[0] == 1
    assert run(capsys, "link", "http://localhost/q/x", "--index", address)[0] == 1


def test_a_report_is_a_table_for_other_programs(
    capsys: pytest.CaptureFixture[str], address: str, tmp_path: Path
) -> None:
    path = tmp_path / "draft.md"
    path.write_text(f"{RIGHT}\n\n{WRONG}\n\nThey say “Nobody has ever been on the moon of it, or so”.\n", "utf-8")
    status, out, _ = run(capsys, "check", path, "--format", "csv", "--index", address)
    rows = list(csv.DictReader(io.StringIO(out)))
    known = [(row["at"], row["verdict"], row["original"], row["document"]) for row in rows]
    assert (status, known) == (
        3,
        [
            ("1", "verbatim", "Cod are caught in winter off the northern shore", "sea.txt"),
            ("3", "altered", "Cod are caught in winter off the northern shore", "sea.txt"),
            ("5", "absent", "", ""),
        ],
    )
    status, out, _ = run(capsys, "check", path, "--format", "markdown", "--index", address)
    head, rule, first, *_ = out.splitlines()
    assert (head, rule.count("---")) == ("| at | verdict | quotation | original | where |", 5)
    assert first.startswith("| 1 | verbatim | Cod are caught in winter")


def test_a_link_is_a_row_for_other_programs(capsys: pytest.CaptureFixture[str], address: str) -> None:
    made = run(capsys, "link", "--make", "It is not lit any more.", "--index", address)[1].strip()
    (row,) = csv.DictReader(io.StringIO(run(capsys, "link", made, "--format", "csv", "--index", address)[1]))
    assert (row["state"], row["now"], row["document"], row["link"]) == (
        "unchanged",
        "It is not lit any more.",
        "sea.txt",
        made,
    )
    out = run(capsys, "link", made, "--format", "markdown", "--index", address)[1]
    assert out.startswith("| state | quotation | was_in | now | where |\n")


def test_drift_is_a_table(capsys: pytest.CaptureFixture[str], tmp_path: Path, essays: Path) -> None:
    folder, where = tmp_path / "essays", str(tmp_path / "index")
    shutil.copytree(essays, folder)
    build(folder, sink(where), encoder=SmallEncoder())[0].close()
    text = (folder / "sea.txt").read_text(encoding="utf-8")
    words = (
        "Cod are caught in winter",
        "It is not lit any more.",
        "They sang while they worked.",
        "The railway reached",
    )
    kept = [
        {"document": "sea.txt", "start": text.index(one), "end": text.index(one) + len(one), "text": one}
        for one in words
    ]
    path = tmp_path / "quotations.json"
    path.write_text(json.dumps(kept), encoding="utf-8")
    assert run(capsys, "check", "--kept", path, "--index", where)[0] == 0
    before = kept_before(path, where)
    edited = text.replace("not lit any more", "not lit at all any more").replace("They sang while they worked. ", "")
    edited = edited.replace("They sang while they worked.", "").replace("A lighthouse", "A tall lighthouse")
    (folder / "sea.txt").write_text(edited, encoding="utf-8")
    status, out, _ = run(capsys, "check", "--kept", path, "--index", where)
    states = [line.split()[0] for line in out.splitlines()]
    assert (status, states) == (3, ["unchanged", "altered", "gone", "moved"])
    build(folder, sink(where), encoder=SmallEncoder())[0].close()
    said: list[str] = []
    kept_touched(before, where, Out(said.append, said.append, colour=False))
    assert [line.split()[0] for line in said] == ["altered", "gone", "moved", "3"]
    assert said[-1] == "3 of 4 kept quotations were touched"
    status, out, _ = run(capsys, "check", "--kept", path, "--json", "--index", where)
    assert [one["state"] for one in json.loads(out)] == ["unchanged", "altered", "gone", "moved"]
    status, out, _ = run(capsys, "check", "--kept", path, "--format", "csv", "--index", where)
    assert [one["state"] for one in csv.DictReader(io.StringIO(out))] == ["unchanged", "altered", "gone", "moved"]
