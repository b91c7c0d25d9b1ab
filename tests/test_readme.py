"""The examples of the READMEs run, they name every command, and their links lead somewhere."""

import argparse
import json
import re
import shlex
from pathlib import Path

import pytest
from reference import PLACE, reference

from index.encoding.encoder import Encoder
from index.local.build import build
from index.local.location import default_location
from qa.command.options import parser
from source.library import ESSAYS

ROOT = Path(__file__).parents[1]
PATHS = [ROOT / "README.md", *(ROOT / room / "README.md" for room in ("source", "index", "qa", "tests"))]
PATHS += [PLACE, *sorted((ROOT / ".github").glob("*.md"))]
README = "\n".join(path.read_text(encoding="utf-8") for path in PATHS)
COMMANDS = re.findall(r"^    (quoth .*)$", README, re.MULTILINE)


def test_every_command_stands_in_the_readme() -> None:
    (commands,) = (one for one in parser()._actions if isinstance(one, argparse._SubParsersAction))
    assert {shlex.split(command)[1] for command in COMMANDS} == set(commands.choices)


@pytest.mark.parametrize("command", COMMANDS)
def test_the_commands_are_what_the_program_takes(command: str) -> None:
    for part in re.split(r" && | > \S+", command):
        if words := shlex.split(part):
            assert parser().parse_args(words[1:]).command == words[1]


def test_the_python_example_runs(encoder: Encoder, capsys: pytest.CaptureFixture[str]) -> None:
    build(ESSAYS, default_location(), encoder=encoder)
    (example,) = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    exec(compile(example, "README.md", "exec"), {})
    printed = capsys.readouterr().out
    assert printed.startswith("answers\n")
    assert "Notably, the T-34 tank was delivered in large numbers" in printed
    assert "¶ 25, line 67" in printed
    assert printed.endswith("The war began in 1950.\n")


def test_the_example_of_a_question_is_right() -> None:
    (line,) = re.findall(r'^    (\{"id".*\})$', README, re.MULTILINE)
    (span,) = json.loads(line)["spans"]
    text = (ESSAYS / f"{span['document']}.txt").read_bytes().decode()
    assert text[span["start"] : span["end"]] == "1953"


def test_the_screenshot_is_there() -> None:
    for picture in re.findall(r"!\[.*\]\((.*?)\)", PATHS[0].read_text(encoding="utf-8")):
        assert (ROOT / picture).stat().st_size > 10_000


def test_the_reference_says_what_the_code_says() -> None:
    assert PLACE.read_text(encoding="utf-8") == reference(), "run: python tests/make_reference.py"


@pytest.mark.parametrize("path", PATHS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_leads_somewhere(path: Path) -> None:
    for link in re.findall(r"\]\((?!https?:)(.*?)\)", path.read_text(encoding="utf-8")):
        name, _, heading = link.partition("#")
        target = path.parent / name if name else path
        assert target.exists(), link
        heads = re.findall(r"^#+ (.*)$", target.read_text(encoding="utf-8"), re.MULTILINE) if heading else []
        assert not heading or heading in {re.sub(r"[^\w ]", "", one).lower().replace(" ", "-") for one in heads}, link
