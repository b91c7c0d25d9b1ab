"""An editable install is seen by Python and by mypy, as a plain one is."""

import os
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SCRIPT = """
import quoth

with quoth.open("index") as essays:
    for quote in essays.ask("What?"):
        reveal_type(quote.start)
    reveal_type(essays.ask("What?").json()["quotes"][0]["marked"])
    reveal_type(essays.read("a.txt").text)
    essays.ask("What?", k="5")
"""


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Python of its own in which nothing but the checkout is installed, to be edited."""
    folder = tmp_path_factory.mktemp("editable")
    script = "import sys; from hatchling.build import build_editable; print(build_editable(sys.argv[1]))"
    subprocess.run([sys.executable, "-c", script, folder], cwd=ROOT, check=True, capture_output=True)
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder / "venv"], check=True)
    executable = folder / "venv" / ("Scripts" if os.name == "nt" else "bin") / "python"
    packages = next(folder.glob("venv/**/site-packages"))
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as file:  # which is all that it takes to install it
        file.extractall(packages)
    return executable


def test_mypy_sees_it(python: Path, tmp_path: Path) -> None:
    (tmp_path / "script.py").write_text(SCRIPT)
    command = [sys.executable, "-m", "mypy", "--strict", "--python-executable", python, "script.py"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    found = [line.removeprefix("script.py:") for line in done.stdout.splitlines()]
    assert found[:3] == [
        '6: note: Revealed type is "int"',
        '7: note: Revealed type is "list[str]"',
        '8: note: Revealed type is "str"',
    ]
    assert '9: error: Argument "k" to "ask" of "Essays" has incompatible type "str"; expected "int"' in found[3]
    assert found[4:] == ["Found 1 error in 1 file (checked 1 source file)"], done.stdout + done.stderr


def test_python_sees_the_checkout(python: Path, tmp_path: Path) -> None:
    script = "import quoth, qa, index, source; print(quoth.__version__, qa.__file__, index.__file__, source.__file__)"
    others = {**os.environ, "PYTHONPATH": os.pathsep.join([sysconfig.get_path("purelib"), *sys.path[1:]])}
    others["PYTHONPATH"] = os.pathsep.join(one for one in others["PYTHONPATH"].split(os.pathsep) if one != str(ROOT))
    done = subprocess.run([python, "-c", script], cwd=tmp_path, env=others, capture_output=True, text=True)
    version, *files = done.stdout.split()
    assert version, done.stderr
    assert [Path(file) for file in files] == [ROOT / name / "__init__.py" for name in ("qa", "index", "source")]


def test_what_is_installed_here_is_the_checkouts_own() -> None:
    import quoth

    installed = Path(quoth.__file__).parent
    for path in (ROOT / "qa" / "quoth").iterdir():
        if path.is_file():
            assert (installed / path.name).read_bytes() == path.read_bytes(), "run `pip install -e .` again"
