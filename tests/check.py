"""All checks in one command, the same for people and for CI: lint, formatting, types, tests.

    python tests/check.py [PYTEST ARGUMENTS]

Needs `pip install -e ".[dev]"`. The page is tested in Chromium: QUOTH_CHROMIUM, or the one on the
PATH, or else one that is installed here with the system's packages or with Playwright.
"""

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
    ["pytest", *sys.argv[1:]],
)


def main() -> int:
    find_chromium()
    failed = []
    for check in CHECKS:
        print(f"== {' '.join(check)}", flush=True)
        if subprocess.run([sys.executable, "-m", *check], cwd=ROOT).returncode:
            failed.append(check[0] if check[0] != "ruff" else " ".join(check[:2]))
    print(f"failed: {', '.join(failed)}" if failed else "all checks passed")
    return 1 if failed else 0


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
