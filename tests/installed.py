"""Ask and serve with an installed Quoth, from a folder that is not the repository's: nothing may be missing.

    python tests/installed.py QUOTH [WHEEL]

QUOTH is the installed command; WHEEL must hold every tracked file of source/, index/ and qa/, and
nothing else. Needs no more than Python itself.
"""

import json
import os
import re
import subprocess
import sys
import tempfile
import urllib.request
import zipfile
from pathlib import Path

ROOT = Path(__file__).parents[1]


def main() -> int:
    quoth = Path(sys.argv[1]).absolute()
    for wheel in sys.argv[2:]:
        compare(Path(wheel))
    with tempfile.TemporaryDirectory() as folder:
        homes = {"XDG_DATA_HOME": f"{folder}/data", "XDG_CACHE_HOME": f"{folder}/cache", "HF_HUB_OFFLINE": "1"}
        environment = {**os.environ, **homes}
        environment.pop("PYTHONPATH", None)
        ask(quoth, folder, environment)
        call(quoth.with_name("python"), folder, environment)
        serve(quoth, folder, environment)
    return 0


def compare(wheel: Path) -> None:
    """The wheel's files beside the tracked ones."""
    tracked = subprocess.run(
        ["git", "ls-files", "source", "index", "qa"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.splitlines()
    with zipfile.ZipFile(wheel) as file:
        held = {name for name in file.namelist() if not name.partition("/")[0].endswith(".dist-info")}
    # The public face and the beginning of the command lie in qa/ and are installed beside it.
    wanted = {re.sub("^qa/quoth", "quoth", name) for name in tracked}
    assert held == wanted, f"not in the wheel: {wanted - held}; not tracked: {held - wanted}"
    print(f"{wheel.name}: {len(held)} files")


def ask(quoth: Path, folder: str, environment: dict[str, str]) -> None:
    """Index the shipped essay, ask it, and prove what is quoted."""

    def said(*arguments: str) -> str:
        command = [str(quoth), *arguments]
        return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=True).stdout

    print(said("index").splitlines()[-1])
    answer = json.loads(said("ask", "What tanks did the Soviet Union supply?", "--json"))
    assert answer["status"] == "found", answer
    assert "T-34" in answer["quotes"][0]["text"], answer
    print(said("verify").strip())
    assert "T-34" in said("ask", "What tanks did the Soviet Union supply?")


def call(python: Path, folder: str, environment: dict[str, str]) -> None:
    """Use it from Python, and be told what hides it."""
    script = (
        "import quoth\nwith quoth.open() as essays:\n"
        "    answer = essays.ask('What tanks did the Soviet Union supply?')\n"
        "    assert answer and 'T-34' in next(iter(answer)).text, answer\n"
        "    print(quoth.__version__, quoth.__file__, essays)"
    )

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run([python, *arguments], cwd=folder, env=environment, capture_output=True, text=True)

    done = run("-c", script)
    assert done.returncode == 0, done.stderr
    print(done.stdout.strip())
    version = done.stdout.split()[0]
    assert run("-m", "quoth", "--version").stdout == f"quoth {version}\n"
    hiding = Path(folder, "index.py")
    hiding.touch()
    assert f"{hiding} hides the package 'index'" in run("-c", "import quoth").stderr
    hiding.unlink()


def serve(quoth: Path, folder: str, environment: dict[str, str]) -> None:
    """Open the page, look at it and what it loads, and ask it as a program does."""
    command = [str(quoth), "serve", "--port", "0"]
    process = subprocess.Popen(command, cwd=folder, env=environment, stderr=subprocess.PIPE, text=True)
    try:
        assert process.stderr is not None
        lines: list[str] = []
        for line in process.stderr:
            lines.append(line)
            if found := re.search(r"answers at (http://\S+)", line):
                break
        else:
            raise AssertionError(f"the page did not open: {''.join(lines)}")
        address = found[1].rstrip("/")
        page = fetched(f"{address}/")
        assert "Quoth" in page, page[:1000]
        asked = json.dumps({"data": ["What tanks did the Soviet Union supply?", 1, None]}).encode()
        event = json.loads(fetched(f"{address}/gradio_api/call/retrieve", asked))["event_id"]
        assert "T-34" in fetched(f"{address}/gradio_api/call/retrieve/{event}")
        print(f"the page: {len(page)} bytes, and it answers")
    finally:
        process.terminate()
        process.communicate(timeout=60)


def fetched(address: str, data: bytes | None = None) -> str:
    request = urllib.request.Request(address, data, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=60) as response:
        return response.read().decode()


if __name__ == "__main__":
    sys.exit(main())
