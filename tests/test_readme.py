"""The README's examples run, and it names every command."""

import argparse
import json
import re
import shlex
from pathlib import Path

import pytest

from index.encoding.encoder import Encoder
from index.local.build import build
from index.local.location import default_location
from qa.command.options import parser
from source.library import ESSAYS

README = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
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
    for picture in re.findall(r"!\[.*\]\((.*?)\)", README):
        assert (Path(__file__).parents[1] / picture).stat().st_size > 10_000
