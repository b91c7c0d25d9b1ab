"""A process that has asked can be divided in two, and both go on asking."""

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from index.local.files.forks import Gate

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


CHURNED = """
import os, signal, sys, threading
from pathlib import Path
from index.local.snapshot import Snapshot

with Snapshot.open(Path(sys.argv[1])) as first, Snapshot.open(Path(sys.argv[1])) as second:
    done = threading.Event()
    def go_on(snapshot):
        while not done.is_set():
            snapshot.frequencies(["war"])
    threads = [threading.Thread(target=go_on, args=[one]) for one in (first, second) * 2]
    for thread in threads:
        thread.start()
    ended = []
    for _ in range(12):
        child = os.fork()
        if not child:
            signal.alarm(60)
            os._exit(0 if second.frequencies(["war"]) else 3)
        ended.append(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
    done.set()
    for thread in threads:
        thread.join()
print(set(ended))
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork there")
def test_children_can_read_that_are_forked_while_others_read(essay_location: Path) -> None:
    run = subprocess.run([sys.executable, "-W", "ignore", "-c", CHURNED, str(essay_location)], capture_output=True)
    assert run.stdout == b"{0}\n", run.stderr


def test_a_process_is_divided_only_while_no_other_thread_is_within_sqlite() -> None:
    gate, within, leave, forked, go_on, entered = Gate(), *(threading.Event() for _ in range(5))

    def reads() -> None:
        with gate.within(), gate.within():
            within.set()
            leave.wait(60)

    def forks() -> None:
        with gate.within():  # its own is no other
            gate.before_fork()
        forked.set()
        go_on.wait(60)
        gate.after_fork()

    def reads_later() -> None:
        with gate.within():
            entered.set()

    threads = [threading.Thread(target=target) for target in (reads, forks, reads_later)]
    threads[0].start()
    assert within.wait(60)
    threads[1].start()
    assert not forked.wait(0.2)
    leave.set()
    assert forked.wait(60)
    threads[2].start()
    assert not entered.wait(0.2)
    go_on.set()
    assert entered.wait(60)
    for thread in threads:
        thread.join()


def test_a_child_is_let_in_whoever_was_within() -> None:
    gate = Gate(patience=0.1)
    other = threading.Thread(target=gate.within().__enter__)
    other.start()
    other.join()
    gate.before_fork()
    gate.after_fork_in_child()
    with gate.within():
        gate.before_fork()
