"""The module `quoth`: what a program builds, opens and asks, and what it is told when it asks amiss."""

import asyncio
import json
import subprocess
import sys
from pathlib import Path
from typing import get_type_hints

import pytest
import quoth

from index.encoding.encoder import Encoder
from index.local.build import build
from qa import typed
from source.library import ESSAYS

TANKS = "What tanks did the Soviet Union supply?"
FOREIGN = "How do I bake sourdough bread with rye flour?"


def test_what_is_built_can_be_opened_and_asked(tmp_path: Path) -> None:
    (tmp_path / "essays").mkdir()
    (tmp_path / "essays" / "bees.txt").write_text(
        "The queen lays two thousand eggs a day.\n\nThe drones do not work.\n"
    )
    told: list[tuple[int, int]] = []
    built = quoth.build(tmp_path / "essays", index=tmp_path / "index", progress=lambda *of: told.append(of))
    assert (built.documents, built.passages) == (1, 2)
    assert told[-1] == (2, 2)
    with quoth.open(str(tmp_path / "index")) as essays:
        assert [(one.name, one.passages) for one in essays.documents] == [("bees.txt", 2)]
        answer = essays.ask("How many eggs does the queen lay?")
        assert answer
        assert next(iter(answer)).text == "The queen lays two thousand eggs a day."
        assert essays.read("bees.txt").text.startswith("The queen")
        assert [one.verdict for one in essays.check("The drones do not work.")] == ["verbatim"]
        assert essays.nearest("What do drones do?", k=1)[0].text == "The drones do not work."
        with pytest.raises(quoth.NoDocument, match=r"no document 'bee\.txt'; the nearest is 'bees\.txt'"):
            essays.read("bee.txt")
    with pytest.raises(quoth.UserError, match="are closed"):
        essays.ask("How many eggs?")
    with pytest.raises(quoth.UserError, match="are closed"), essays:
        pass


def test_the_forms_to_await_say_the_same(essay_location: Path) -> None:
    async def asked() -> None:
        async with quoth.open(essay_location) as essays:
            answers = await asyncio.gather(essays.ask_async(TANKS), essays.ask_async(FOREIGN, k=2))
            assert [one.json() for one in answers] == [essays.ask(TANKS).json(), essays.ask(FOREIGN, k=2).json()]
            many = await essays.ask_many_async([TANKS, FOREIGN], k=2)
            assert [one.json() for one in many] == [one.json() for one in essays.ask_many([TANKS, FOREIGN], k=2)]
            (nearest,) = await essays.nearest_async("tanks", k=1)
            assert nearest.json() == essays.nearest("tanks", k=1)[0].json()
            document = await essays.read_async(essays.documents[0].name)
            sentence = document.text[document.passages[3].sentences[0].start : document.passages[3].sentences[0].end]
            assert (await essays.check_async(sentence)).right

    asyncio.run(asked())


def test_an_answer_that_is_none_gives_nothing_and_is_false(essay_location: Path) -> None:
    with quoth.open(essay_location) as essays:
        none, found = essays.ask(FOREIGN), essays.ask(TANKS)
    assert (none.verdict, list(none), len(none), bool(none)) == ("none", [], 0, False)
    assert none.nearest == none.quotes != ()
    assert len(none.json()["quotes"]) == len(none.quotes)
    assert found
    assert list(found) == list(found.quotes)
    assert found.nearest == ()


def test_what_is_shown_is_short_and_escaped(tmp_path: Path, encoder: Encoder) -> None:
    (tmp_path / "essays").mkdir()
    said = "The <b>queen</b> & her court lay \u202etwo thousand eggs a day, as every beekeeper will tell you. "
    (tmp_path / "essays" / "bees.txt").write_text(said * 40)
    build(tmp_path / "essays", tmp_path / "index", encoder=encoder)
    with quoth.open(tmp_path / "index") as essays:
        answer = essays.ask('"<b>queen</b>" & ' + "eggs " * 200)
        report = essays.check("The <b>queen</b> & her court lay nothing")
        shown = [answer, answer.quotes[0], report, report.findings[0], essays]
    assert all(len(repr(one)) < 200 and "\n" not in repr(one) for one in shown), shown
    for one in (answer, answer.quotes[0], report):
        markup = one._repr_html_()
        assert "&lt;b&gt;queen&lt;/b&gt; &amp;" in markup
        assert "<b>queen" not in markup
        assert "\u202e" not in markup
    assert "<mark>The &lt;b&gt;queen" in answer._repr_html_()


def test_the_json_is_as_its_types_say(essay_location: Path) -> None:
    def checked(value: object, kind: object) -> None:
        if isinstance(value, dict) and hasattr(kind, "__required_keys__"):
            hints = get_type_hints(kind)
            assert set(value) == set(hints)
            for name, one in value.items():
                checked(one, hints[name])
        elif isinstance(value, list):
            for one in value:
                checked(one, kind.__args__[0])
        elif value is not None and isinstance(kind, type):
            assert type(value) is kind

    with quoth.open(essay_location) as essays:
        for question in (TANKS, FOREIGN, "What is it about?", "Who wrote it?"):
            answer = essays.ask(question)
            checked(answer.json(), typed.AnswerJSON)
            for quote in answer.json()["quotes"]:
                assert quote["marked"] == [
                    quote["text"][span["start"] - quote["start"] : span["end"] - quote["start"]]
                    for span in quote["highlights"]
                ]
        checked(essays.check("advanced weaponry, of which nobody knew anything").json(), typed.ReportJSON)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"documents": "a.txt"}, r"documents is the text 'a\.txt'; name documents in a list: \['a\.txt'\]\."),
        ({"documents": Path("a.txt")}, r"documents is .*Path\('a\.txt'\).*; give a list"),
        ({"documents": [Path("a.txt")]}, r"documents holds .*Path\('a\.txt'\).*; name documents by texts"),
        ({"documents": [None]}, r"documents holds None; name"),
        ({"documents": 3}, r"documents is 3 \(int\); give a list"),
        ({"documents": (one for one in ["a.txt"])}, r"documents is <generator .*; give a list"),
        ({"k": 1.5}, r"k is 1\.5 \(float\); give a whole number"),
        ({"k": True}, r"k is True \(bool\); give a whole number"),
        ({"k": "5"}, r"k is '5' \(str\); give a whole number"),
        ({"k": None}, r"k is None; give a whole number"),
        ({"k": 0}, r"k is 0; ask for at least 1 quote"),
        ({"mode": "all"}, r"mode is 'all'; it can be 'answer' or 'list'"),
        ({"question": None}, r"The question is None; ask with a text"),
        ({"question": Path("a.txt")}, r"The question is .*Path.*; ask with a text"),
        ({"question": b"tanks"}, r"The question is b'tanks' \(bytes\); ask with a text"),
        ({"question": "  "}, r"The question is empty"),
    ],
)
def test_what_cannot_be_asked_is_told_in_a_sentence(essay_location: Path, given: dict, said: str) -> None:
    asked = {"question": "tanks", **given}
    with pytest.raises(quoth.BadQuestion, match=said):
        quoth.retrieve(**asked, index=essay_location)
    with quoth.open(essay_location) as essays, pytest.raises(ValueError, match=said):
        essays.ask(asked.pop("question"), **asked)


def test_other_bad_arguments_get_a_sentence(essay_location: Path, tmp_path: Path) -> None:
    with quoth.open(essay_location) as essays:
        with pytest.raises(quoth.BadQuestion, match="questions is the text 'tanks'; give a list"):
            essays.ask_many("tanks")
        for questions in (None, 5):
            with pytest.raises(quoth.BadQuestion, match=r"questions is .*; give a list"):
                essays.ask_many(questions)
        with pytest.raises(quoth.BadQuestion, match="name is 3; give a document's name"):
            essays.read(3)
        with pytest.raises(quoth.BadQuestion, match="draft is None"):
            essays.check(None)
        with pytest.raises(quoth.BadQuestion, match="documents is the text"):
            essays.check("tanks", documents="a.txt")
    with pytest.raises(quoth.NoIndex, match="There is no index at"):
        quoth.open(tmp_path / "nowhere")
    for index in (5, "", b"index"):
        with pytest.raises(quoth.UserError, match=r"index is .*; give the path of an index"):
            quoth.open(index)
    with pytest.raises(quoth.UserError, match=r"index is 5 \(int\); give a path"):
        quoth.retrieve("tanks", index=5)
    with pytest.raises(quoth.UserError, match=r"index is 5 \(int\); give a path"):
        quoth.check("tanks", index=5)
    with pytest.raises(quoth.UserError, match=r"index is '\\x00'; give one without a NUL"):
        quoth.open("\0")
    for patterns in (None, 5, "*.md", b"*.md", {"*.md"}, [None]):
        with pytest.raises(quoth.UserError, match=r"include is .*; give a list of patterns"):
            quoth.build(tmp_path, index=tmp_path / "index", include=patterns)
    for model in (5, b"model", ["model"], ""):
        with pytest.raises(quoth.UserError, match=r"model is .*; give the name"):
            quoth.build(tmp_path, index=tmp_path / "index", model=model)
    with pytest.raises(quoth.BadQuestion, match="text is None; give the text"):
        quoth.highlight("Which tanks?", None)
    with pytest.raises(quoth.UserError, match="folder is None; give the path"):
        quoth.build(None)
    with pytest.raises(quoth.UserError, match="There is no folder"):
        quoth.build(tmp_path / "nowhere", index=tmp_path / "index")


def run(folder: Path, *command: str, **more: str) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": "", "XDG_DATA_HOME": str(folder / "home"), "HF_HUB_OFFLINE": "1", **more}
    return subprocess.run([sys.executable, *command], cwd=folder, env=environment, capture_output=True, text=True)


def test_the_first_question_without_an_index_is_asked_of_the_essay_that_ships(tmp_path: Path) -> None:
    asked = f"import quoth; print(quoth.retrieve({TANKS!r}, k=1).quotes[0].document.name)"
    done = run(tmp_path, "-c", asked)
    assert (done.returncode, done.stdout.strip()) == (0, next(ESSAYS.iterdir()).name), done.stderr
    opened = run(tmp_path, "-c", "import quoth; print(len(quoth.open().documents))")
    assert opened.stdout.strip() == "1", opened.stderr


@pytest.mark.parametrize("name", ["source", "index", "qa"])
def test_what_hides_a_package_is_named(tmp_path: Path, name: str) -> None:
    (tmp_path / "script.py").write_text("import quoth\nprint(quoth.__version__)\n")
    (tmp_path / f"{name}.py").write_text("VALUE = 1\n")
    beside = run(tmp_path, "script.py")
    said = f"ImportError: {tmp_path / name}.py hides the package '{name}', which Quoth needs; give it another name."
    assert beside.stderr.splitlines()[-1] == said
    (tmp_path / f"{name}.py").rename(tmp_path / "other.py")
    (tmp_path / name).mkdir()
    assert run(tmp_path, "script.py").returncode == 0  # a folder that is no package hides nothing
    (tmp_path / name / "__init__.py").touch()
    assert f"{tmp_path / name / '__init__.py'} hides the package" in run(tmp_path, "script.py").stderr


def test_the_module_is_the_command() -> None:
    done = subprocess.run([sys.executable, "-m", "quoth", "--version"], capture_output=True, text=True)
    assert done.stdout == f"quoth {quoth.__version__}\n"


def test_importing_it_loads_nothing_heavy() -> None:
    script = "import sys, json, quoth; print(json.dumps(sorted({name.split('.')[0] for name in sys.modules})))"
    loaded = json.loads(subprocess.run([sys.executable, "-c", script], capture_output=True, text=True).stdout)
    assert not {"torch", "gradio", "transformers", "faiss", "onnxruntime", "fastapi", "pydantic"} & set(loaded)


def test_the_exports_are_exactly_these() -> None:
    names = """Answer BadQuestion DamagedIndex Document Essays Finding NoDocument NoIndex OtherModel Pair Place Quote
        Receipt Report Span UserError __version__ build build_async check highlight open retrieve"""
    assert set(quoth.__all__) == set(names.split())
    assert all(getattr(quoth, name).__doc__ for name in quoth.__all__)
