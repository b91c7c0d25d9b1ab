"""The shape of the code: imports point back along source → index → qa, and start-up stays light."""

import ast
import re
import subprocess
import sys
from collections import Counter
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


def modules() -> dict[str, set[str]]:
    """Every module and those of ours that it imports, wherever in it."""
    names = {".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path for path in FILES}
    found: dict[str, set[str]] = {}
    for name, path in names.items():
        ours: set[str] = set()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                ours |= {one.name for one in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                ours |= {node.module, *(f"{node.module}.{one.name}" for one in node.names)}
        # Python itself imports the packages around a module.
        found[name] = {one for one in ours & names.keys() if one != name and not name.startswith(f"{one}.")}
    return found


def room(module: str) -> str:
    """The folder of a module; a module that stands beside folders, such as `index.opening`, is a room of its own."""
    path = ROOT.joinpath(*module.split("."))
    folder = path if path.is_dir() else path.parent
    beside = any(one.is_dir() and (one / "__init__.py").is_file() for one in folder.iterdir())
    return module if beside else folder.relative_to(ROOT).as_posix()


def between(edges: dict[str, set[str]]) -> dict[str, set[str]]:
    """Which rooms import which."""
    found: dict[str, set[str]] = {room(module): set() for module in edges}
    for module, others in edges.items():
        found[room(module)] |= {room(other) for other in others} - {room(module)}
    return found


def circle(edges: dict[str, set[str]]) -> list[str]:
    """What imports itself in the end, and by way of what; empty if nothing does."""
    left = {name: set(others) for name, others in edges.items()}
    while free := [name for name, others in left.items() if not others & left.keys()]:
        for name in free:
            del left[name]
    return sorted(left)


def test_a_circle_is_seen() -> None:
    assert circle({"a": {"b"}, "b": {"c"}, "c": set()}) == []
    assert circle({"a": {"b"}, "b": {"c"}, "c": {"b"}, "d": set()}) == ["a", "b", "c"]
    assert between({"index.opening": {"index.local.kind"}, "index.local.kind": {"index.protocol"}}) == {
        "index.opening": {"index.local.kind"},
        "index.local.kind": {"index.protocol"},
    }


def test_nothing_imports_itself_in_the_end() -> None:
    edges = modules()
    assert len(edges) == len(FILES)
    assert "index.protocol" in edges["index.opening"]
    assert circle(edges) == []
    assert circle(between(edges)) == []


@pytest.mark.parametrize(
    ("inside", "only"),
    [
        ("index.local", {"index.opening"}),
        ("index.milvus", {"index.opening"}),
        ("index.opening", {"qa"}),
        ("qa.page", {"qa.command"}),
        ("source.worker", {"source"}),
    ],
)
def test_a_room_is_entered_by_its_door(inside: str, only: set[str]) -> None:
    def within(module: str, places: set[str]) -> bool:
        return any(module == place or module.startswith(f"{place}.") for place in places)

    users = {name for name, others in modules().items() if any(within(other, {inside}) for other in others)}
    assert [name for name in sorted(users) if not within(name, {inside, *only})] == []
    assert [name for name in users if not within(name, {inside})], f"{inside} is entered by nobody"


# What each room may know of the others in its layer; all may know the layers before.
ROOMS = {
    "index/words": set(),
    "index/encoding": {"index.once", "index/words"},
    "index.local": {
        "index.build",
        "index.command",
        "index.generation",
        "index.manifest",
        "index.numbers",
        "index.protocol",
        "index.reading",
        "index.report",
        "index/encoding",
        "index/words",
        "index/local/files",
    },
    "index.milvus": {
        "index.command",
        "index.generation",
        "index.manifest",
        "index.numbers",
        "index.protocol",
        "index.reading",
        "index.report",
        "index/encoding",
        "index/words",
    },
    "index/ray": {"index.embedding", "index.generation", "index.reading", "index/encoding"},
    "index/local/files": {"index.numbers", "index.protocol", "index/encoding", "index/words"},
    "qa.quotations": {"qa.answer", "qa.asked", "qa.typed", "qa.verdicts", "qa/markup"},
    "qa/quotations/drafts": {"qa.answer"},
    "qa/markup": set(),
    "qa/ranking": {"qa.answer"},
    "qa/evaluation": {"qa.answer", "qa.quotations.search", "qa.retriever", "qa/ranking"},
}


def test_each_room_knows_only_what_it_may() -> None:
    edges = modules()
    for name, may in ROOMS.items():
        inside = [module for module in edges if room(module) == name or module.startswith(f"{name}.")]
        assert inside, f"there is no room {name}"
        layer = re.split(r"[./]", name)[0]
        knows = {other for module in inside for other in edges[module] if other.split(".")[0] == layer}
        foreign = {room(other) for other in knows if other not in inside} - {name, layer} - may
        assert {one for one in foreign if not one.startswith(f"{name}.")} == set(), name


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


def test_an_answer_needs_neither_torch_nor_gradio_nor_what_reads_files(essay_location: Path) -> None:
    script = (
        "import sys, qa.command.cli; qa.command.cli.main(['ask', 'What tanks were sent?', '--index', sys.argv[1]]);"
        "heavy = {'torch', 'transformers', 'sentence_transformers', 'sklearn', 'scipy', 'pandas', 'gradio',"
        "'markdown_it', 'yaml', 'charset_normalizer', 'py3langid', 'lxml', 'filelock'};"
        "print(sorted(heavy & {name.split('.')[0] for name in sys.modules}), file=sys.stderr)"
    )
    run = subprocess.run([sys.executable, "-c", script, essay_location], capture_output=True, text=True, check=True)
    assert run.stderr.strip() == "[]"
    assert "T-34" in run.stdout


def test_the_exports_are_exactly_these() -> None:
    assert set(qa.__all__) == {
        "Answer",
        "Document",
        "Finding",
        "Pair",
        "Place",
        "Quote",
        "Receipt",
        "Report",
        "Span",
        "UserError",
        "check",
        "highlight",
        "retrieve",
    }
    assert all(getattr(qa, name).__doc__ for name in qa.__all__)


def test_the_top_level_is_what_was_agreed() -> None:
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    visible = {name.split("/")[0] for name in tracked if not name.startswith(".")}
    assert visible == {"qa", "index", "source", "tests", "pyproject.toml", "README.md", "LICENSE"}


def test_no_folder_has_more_files_than_one_takes_in() -> None:
    counts = Counter(path.parent.relative_to(ROOT).as_posix() for path in FILES if path.name != "__init__.py")
    assert {folder: count for folder, count in counts.items() if count > 14} == {}
