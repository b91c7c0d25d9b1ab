"""The shape of the code: imports point back along source → index → qa, and start-up stays light."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import qa

ROOT = Path(__file__).parents[1]
FILES = [path for layer in ("source", "index", "qa") for path in sorted((ROOT / layer).glob("**/*.py"))]
FORBIDDEN = {"source": {"index", "qa", "numpy", "faiss", "torch"}, "index": {"qa"}, "qa": set()}


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} imports relatively"
            yield node.module or ""


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_imports_point_back(path: Path) -> None:
    found = {name.split(".")[0] for name in imports(path)}
    assert not found & FORBIDDEN[path.relative_to(ROOT).parts[0]]
    assert "gradio" not in found or path.name == "widgets.py"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_only_the_command_line_prints(path: Path) -> None:
    calls = [node.func for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Call)]
    prints = [call for call in calls if isinstance(call, ast.Name) and call.id == "print"]
    assert not prints or path.name == "cli.py"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_nothing_is_pickled(path: Path) -> None:
    assert not {"pickle", "shelve", "joblib", "dill"} & {name.split(".")[0] for name in imports(path)}
    assert "allow_pickle" not in path.read_text(encoding="utf-8")


def test_importing_qa_loads_neither_torch_nor_gradio() -> None:
    script = (
        "import sys, qa, qa.command.cli; "
        "print([m for m in ('torch', 'gradio', 'transformers', 'faiss') if m in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


def test_an_answer_needs_neither_torch_nor_gradio(essay_location: Path) -> None:
    script = (
        "import sys, qa.command.cli; qa.command.cli.main(['ask', 'What tanks were sent?', '--index', sys.argv[1]]);"
        "heavy = {'torch', 'transformers', 'sentence_transformers', 'sklearn', 'scipy', 'pandas', 'gradio'};"
        "print(sorted(heavy & {name.split('.')[0] for name in sys.modules}), file=sys.stderr)"
    )
    run = subprocess.run([sys.executable, "-c", script, essay_location], capture_output=True, text=True, check=True)
    assert run.stderr.strip() == "[]"
    assert "T-34" in run.stdout


def test_the_exports_are_exactly_these() -> None:
    assert set(qa.__all__) == {
        "Answer",
        "Document",
        "Pair",
        "Place",
        "Quote",
        "Receipt",
        "Span",
        "UserError",
        "highlight",
        "retrieve",
    }
    assert all(getattr(qa, name).__doc__ for name in qa.__all__)


def test_the_top_level_is_what_was_agreed() -> None:
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    visible = {name.split("/")[0] for name in tracked if not name.startswith(".")}
    assert visible == {"qa", "index", "source", "tests", "pyproject.toml", "README.md", "LICENSE"}
