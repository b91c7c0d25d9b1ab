"""All checks in one command, the same for people and for CI: lint, formatting, types, tests.

    python tests/check.py [PYTEST ARGUMENTS]

What fails is run once more by itself, unless it is much: a browser on a busy machine may take longer than any
patience. What fails again has failed; what does not is named, and is worth a look.

Needs `pip install -e ".[dev]"`. The page is tested in Chromium: QUOTH_CHROMIUM, or the one on the
PATH, or else one that is installed here with the system's packages or with Playwright.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
CHECKS = (
    ["ruff", "check", "."],
    ["ruff", "format", "--check", "."],
    ["mypy"],
)
FAILED = ROOT / ".pytest_cache" / "v" / "cache" / "lastfailed"
# So many failed tests are run again; more are no accident.
FEW = 5
# All tests: those of a file by one process, which share what they made, on two to four cores.
DIVIDED = ("-n", "logical", "--maxprocesses", "4", "--dist", "loadfile")


def main() -> int:
    find_chromium()
    failed = [" ".join(check[: 1 + (check[0] == "ruff")]) for check in CHECKS if not passes(*check)]
    failed += [] if tests_pass() else ["pytest"]
    # An index over Milvus, in an environment of its own; where there is no Milvus for the system, nowhere.
    if not sys.argv[1:] and sys.platform != "win32" and not any(runs("tests/run_milvus.py") for _ in range(2)):
        failed.append("run_milvus")
    print(f"failed: {', '.join(failed)}" if failed else "all checks passed")
    return 1 if failed else 0


def passes(*check: str) -> bool:
    return runs("-m", *check)


def runs(*arguments: str) -> bool:
    print(f"== {' '.join(arguments).removeprefix('-m ')}", flush=True)
    return not subprocess.run([sys.executable, *arguments], cwd=ROOT).returncode


def tests_pass() -> bool:
    if passes("pytest", *(sys.argv[1:] or DIVIDED)):
        return True
    first = json.loads(FAILED.read_text("utf-8")) if FAILED.exists() else {}
    again = ["pytest", *sys.argv[1:], "--last-failed", "--last-failed-no-failures=none"]
    if not 0 < len(first) <= FEW or not passes(*again):
        return False
    print("\n".join(["passed when run again:", *first]))
    return True


def find_chromium() -> None:
    """Install Chromium if there is none: Debian's package as root, else Playwright's own build."""
    names = ("chromium", "chromium-browser", "google-chrome")
    if os.environ.get("QUOTH_CHROMIUM") or any(shutil.which(name) for name in names):
        return
    if shutil.which("apt-get") and hasattr(os, "geteuid") and os.geteuid() == 0:
        packages = ["chromium", "fonts-dejavu-core", "fonts-liberation"]
        commands = [["apt-get", "update", "-qq"], ["apt-get", "install", "-qqy", "--no-install-recommends", *packages]]
    else:
        commands = [[sys.executable, "-m", "playwright", "install", "chromium"]]
    for command in commands:
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


if __name__ == "__main__":
    sys.exit(main())
