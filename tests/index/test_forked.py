"""A process that has asked can be divided in two, and both go on asking."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ASKED = ("What tanks did the Soviet Union supply?", "When was the armistice?", '"the war"')
SCRIPT = """
import json, os, signal, sys, threading
from qa import highlight, retrieve
import index.encoding.loading, qa.retrieve
api = sys.modules["qa.retrieve"]

location, *asked = sys.argv[1:]
def answers():
    return [json.dumps(retrieve(question, index=location).json()) for question in asked]

whole = answers()
done = threading.Event()
def go_on():
    while not done.is_set():
        assert answers() == whole
threads = [threading.Thread(target=go_on) for _ in range(3)]
for thread in threads:
    thread.start()
children = []
for number in range(4):
    if number == 3:  # while locks are held that no thread of the child could give back
        with api._LOCK, index.encoding.loading.ENCODERS.lock:
            child = os.fork()
    else:
        child = os.fork()
    if not child:
        signal.alarm(300)  # a child that waits for ever is ended
        os._exit(0 if answers() == whole and highlight(asked[0], "Tanks\\n\\nThe union supplied tanks.") else 3)
    children.append(child)
ended = [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]
done.set()
for thread in threads:
    thread.join()
assert answers() == whole
print(ended)
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork there")
def test_a_forked_child_can_ask(essay_location: Path) -> None:
    command = [sys.executable, "-W", "ignore", "-c", SCRIPT, str(essay_location), *ASKED]
    run = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert run.stdout == "[0, 0, 0, 0]\n", run.stderr
