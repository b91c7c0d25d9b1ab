"""Reading in a process of its own: a file that would take too long, or too much, costs only itself.

The libraries that take formats apart are large, and some are written in C. A worker reads for the
main process; it may use so much memory and time, and is started anew when it had to be stopped.
What goes between the two is a line of JSON.
"""

from __future__ import annotations

import atexit
import base64
import contextlib
import json
import subprocess
import sys
import threading
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from queue import Empty, Queue
from typing import Any

from source.document import Document, Furniture, Heading, Locator, Passage, Reason, Sentence
from source.errors import UnreadableFile

MEMORY = 2_000_000_000  # bytes of address space
SECONDS, SECONDS_PER_MEGABYTE = 60.0, 2.0
_HERE = Path(__file__).parents[2]


class Worker:
    """A process that reads files, one at a time; safe to use from many threads."""

    def __init__(self, seconds: float = SECONDS, memory: int = MEMORY) -> None:
        self._seconds = seconds
        self._memory = memory
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None

    def read(self, data: bytes, name: str) -> Document:
        """The document in these bytes of a file called `name`, as `source.formats.readers.read_data` gives it.

        Raises UnreadableFile with the reader's reason, or with the limit that was passed.
        """
        allowed = self._seconds + SECONDS_PER_MEGABYTE * len(data) / 1e6
        request = json.dumps({"name": name, "data": base64.b64encode(data).decode("ascii")}).encode("ascii")
        with self._lock:
            answer = self._answer(request, allowed)
        if "reason" in answer:
            raise UnreadableFile(answer["reason"])
        return unpacked(answer)

    def stop(self) -> None:
        """End the process."""
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
            self._process = None

    def _answer(self, request: bytes, allowed: float) -> dict[str, Any]:
        if self._process is None or self._process.poll() is not None:
            self._process = self._started()
        process, lines = self._process, Queue[bytes]()
        thread = threading.Thread(target=_converse, args=(process, request, lines), daemon=True)
        thread.start()
        try:
            line = lines.get(timeout=allowed)
        except Empty:
            self.stop()
            raise UnreadableFile(f"given up: reading it took longer than {allowed:.0f} s") from None
        except BaseException:
            self.stop()  # what it would still say belongs to no question
            raise
        finally:
            thread.join(timeout=1)
        if not line:
            self.stop()
            raise UnreadableFile("given up: the reader broke down on it; the file is damaged or made to do harm")
        answer: dict[str, Any] = json.loads(line)
        return answer

    def _started(self) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-c", f"from source.worker.process import serve; serve({self._memory})"]
        # The worker finds this very package, however the main process found it.
        return subprocess.Popen(  # noqa: S603 (no shell, our own code)
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd=_HERE
        )


def _converse(process: subprocess.Popen[bytes], request: bytes, lines: Queue[bytes]) -> None:
    """Put the worker's answer to `request` into `lines`; b"" if it died."""
    assert process.stdin is not None  # noqa: S101 (for the type checker)
    assert process.stdout is not None  # noqa: S101
    try:
        process.stdin.write(request + b"\n")
        process.stdin.flush()
        lines.put(process.stdout.readline())
    except (OSError, ValueError):
        lines.put(b"")


def serve(memory: int) -> None:
    """Answer requests on standard input until it ends; what the worker's process runs."""
    with contextlib.suppress(ImportError, ValueError, OSError):  # where the system has no such limit
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    out = sys.stdout.buffer
    sys.stdout = sys.stderr
    for line in sys.stdin.buffer:
        out.write(json.dumps(_read(line)).encode("ascii") + b"\n")
        out.flush()


def _read(line: bytes) -> dict[str, Any]:
    from source.formats.readers import read_here

    request = json.loads(line)
    try:
        return packed(read_here(base64.b64decode(request["data"]), request["name"]))
    except UnreadableFile as error:
        return {"reason": str(error)}
    except MemoryError:
        return {"reason": "given up: reading it needs too much memory"}
    except RecursionError:
        return {"reason": "given up: its parts are nested too deeply"}
    except Exception as error:  # whatever a library raises over a hostile file
        return {"reason": f"damaged: {type(error).__name__}: {error}"[:200]}


def packed(document: Document) -> dict[str, Any]:
    """`document` as values of JSON."""
    return asdict(document)


def unpacked(values: Mapping[str, Any]) -> Document:
    """The document that `packed` made."""
    passages = (
        Passage(
            **{
                **one,
                "headings": tuple(one["headings"]),
                "sentences": tuple(Sentence(**mark) for mark in one["sentences"]),
            }
        )
        for one in values["passages"]
    )
    return Document(
        **{
            **values,
            "headings": tuple(Heading(**one) for one in values["headings"]),
            "passages": tuple(passages),
            "furniture": tuple(Furniture(**{**one, "reason": Reason(one["reason"])}) for one in values["furniture"]),
            "locators": tuple(Locator(**one) for one in values["locators"]),
            "unread": tuple(values["unread"]),
        }
    )


WORKER = Worker()
atexit.register(WORKER.stop)
