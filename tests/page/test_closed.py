"""The page reaches nothing beyond the loopback, whatever it is sent."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

SUPPORT = Path(__file__).parent.parent / "support"


def namespace() -> list[str]:
    """The command that runs another without a network."""
    unshare = shutil.which("unshare")
    for options in (["--net"], ["--map-root-user", "--net"]):
        if unshare and subprocess.run([unshare, *options, "true"], capture_output=True).returncode == 0:
            return [unshare, *options]
    pytest.skip("no network namespace can be made here")


def test_nothing_beyond_the_loopback_is_tried(essay_location):
    """In a process without `CI` in its environment, where some libraries keep quiet."""
    known = {name: value for name, value in os.environ.items() if name not in ("CI", "HF_HUB_OFFLINE")}
    path = os.pathsep.join([str(SUPPORT), str(SUPPORT.parent.parent)])
    run = subprocess.run(
        [*namespace(), sys.executable, str(SUPPORT / "closed.py"), str(essay_location), "1"],
        capture_output=True,
        text=True,
        env={**known, "PYTHONPATH": path},
    )
    assert run.returncode == 0, run.stderr
    noted = json.loads(run.stdout.splitlines()[-1])
    assert noted["attempts"] == []
    assert noted["tried"] > 400


def test_the_libraries_that_serve_the_page_are_told_to_be_quiet():
    code = (
        "import qa.page.widgets, huggingface_hub.constants as hub, gradio.analytics as analytics;"
        "assert hub.HF_HUB_OFFLINE and hub.HF_HUB_DISABLE_TELEMETRY;"
        "assert not analytics.analytics_enabled()"
    )
    known = {name: value for name, value in os.environ.items() if name not in ("CI", "HF_HUB_OFFLINE")}
    run = subprocess.run([sys.executable, "-W", "ignore", "-c", code], capture_output=True, text=True, env=known)
    assert run.returncode == 0, run.stderr
