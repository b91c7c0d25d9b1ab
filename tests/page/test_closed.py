"""The page reaches nothing beyond the loopback, whatever it is sent."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

SUPPORT = Path(__file__).parents[1] / "support"


def test_no_call_makes_the_server_reach_elsewhere(essay_location, tmp_path):
    """In a network of its own, and without `CI` in the environment, where some libraries keep quiet."""
    environment = {name: value for name, value in os.environ.items() if name not in ("CI", "HF_HUB_OFFLINE")}
    environment["PYTHONPATH"] = os.pathsep.join([str(SUPPORT), str(SUPPORT.parents[1])])
    attack = [sys.executable, str(SUPPORT / "naming_addresses.py"), str(essay_location)]
    apart = ["unshare", "--net", "--mount", sys.executable, str(SUPPORT / "offline.py"), str(tmp_path / "result.json")]
    run = subprocess.run([*apart, *attack], capture_output=True, text=True, env=environment)
    if "Operation not permitted" in run.stderr:
        pytest.skip(f"no network of its own can be made here: {run.stderr.strip()[:200]}")
    noted = json.loads((tmp_path / "result.json").read_text())
    assert noted["status"] == 0, noted["err"]
    assert int(noted["out"]) > 400
    assert (noted["names"], noted["no_route"]) == ([], 0)


def test_the_libraries_that_serve_the_page_are_told_to_be_quiet():
    code = (
        "import qa.page.widgets, huggingface_hub.constants as hub, gradio.analytics as analytics;"
        "assert hub.HF_HUB_OFFLINE and hub.HF_HUB_DISABLE_TELEMETRY;"
        "assert not analytics.analytics_enabled()"
    )
    known = {name: value for name, value in os.environ.items() if name not in ("CI", "HF_HUB_OFFLINE")}
    run = subprocess.run([sys.executable, "-W", "ignore", "-c", code], capture_output=True, text=True, env=known)
    assert run.returncode == 0, run.stderr
