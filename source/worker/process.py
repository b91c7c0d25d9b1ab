"""Reading in a process of its own: a file that would take too long, or too much, costs only itself.

The libraries that take formats apart are large, and some are written in C. A worker opens and reads
files for the main process; it may use so much memory and time, and is started anew when it had to
be stopped. It is asked for many files at once, so that the two work at the same time.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Iterator, Sequence
from pathlib import Path
from queue import Empty, Queue

from source.document import Document
from source.errors import UnreadableFile, UserError
from source.worker.progress import Exhausted, Outcome, Reading
from source.worker.wire import SECONDS, Frame, Job, receive, send

MEMORY = 3_000_000_000  # bytes of address space
_START = 600.0  # seconds, of a machine that has much else to do
_ENDING = 30.0  # seconds, as above
_AHEAD = 32  # frames that are read before they are asked for
_SWOLLEN = 5_000_000  # characters
_LAST_WORDS = 2000  # bytes of standard error that are kept
_HERE = Path(__file__).parents[2]


class Worker:
    """A process that reads files, one at a time; safe to use from many threads."""

    def __init__(self, seconds: float = SECONDS, memory: int = MEMORY) -> None:
        self._seconds = seconds
        self._memory = memory
        self._lock = threading.Lock()
        self._process: Process | None = None
        self._largest = 0  # characters of a text it has read

    @property
    def swollen(self) -> bool:
        """Whether its process holds more memory than one that waits should."""
        return self._largest > _SWOLLEN

    def read(self, job: Job) -> Document:
        """The document in one file.

        Raises UnreadableFile with the reader's reason, or with the limit that was passed.
        """
        ((_, outcome),) = self.answers([job])
        if not isinstance(outcome, Document):
            raise UnreadableFile(outcome or "unchanged")
        return outcome

    def answers(self, jobs: Sequence[Job]) -> Iterator[tuple[str, Outcome]]:
        """The name of each file of these jobs and what it gives, in their order, as they are read.

        Raises UserError if no file can be read.
        """
        waiting = deque(Reading(job, self._seconds) for job in jobs)
        with self._lock:
            try:
                while waiting:
                    for name, outcome in self._until_lost(waiting):
                        self._largest = max(self._largest, len(outcome.text) if isinstance(outcome, Document) else 0)
                        yield name, outcome
            except BaseException:  # what the process would still say belongs to no question
                self.stop()
                raise

    def start(self) -> None:
        """Start the process, if it can be; who asks it first tells if it cannot."""
        with self._lock, contextlib.suppress(UserError):
            self._started()

    def stop(self) -> None:
        """End the process."""
        process, self._process, self._largest = self._process, None, 0
        if process is not None:
            process.end()

    def _until_lost(self, waiting: deque[Reading]) -> Iterator[tuple[str, Outcome]]:
        """What `waiting` gives until all is read, or the process is lost over the first of it."""
        process = self._started()
        process.ask([reading.job for reading in waiting])
        while waiting:
            try:
                yield from waiting[0].answers(process.frame)
            except Empty:
                reason = waiting[0].late()
            except EOFError:
                process.end()
                reason = (
                    waiting[0].late()
                    if process.computed_too_long
                    else f"given up: the reader broke down on it ({process.last_words()}); {_HARM}"
                )
            except Exhausted:
                reason = "given up: reading it needs too much memory"
            except (ValueError, TypeError, LookupError) as error:
                reason = f"given up: the reader's answer makes no sense ({error}); {_HARM}"[:200]
            else:
                waiting.popleft()
                continue
            self.stop()
            yield from waiting[0].lost(reason)
            if waiting[0].over:
                waiting.popleft()
            return

    def _started(self) -> Process:
        if self._process is not None and not self._process.serves():
            self.stop()
        if self._process is None:
            self._process = Process(self._memory)
        return self._process


_HARM = "the file is damaged or made to do harm"


class Process:
    """The process of a worker, with the threads that talk to it."""

    def __init__(self, memory: int) -> None:
        """Start it. Raises UserError if it does not start."""
        self._user = _user()
        # The worker finds this very package, however the main process found it. What is typed on the
        # terminal, Ctrl-C among it, is for the main process, which ends the worker.
        self._popen = subprocess.Popen(  # noqa: S603 (no shell, our own code)
            [sys.executable, "-c", f"from source.worker.serve import serve; serve({memory})"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=_HERE,
            env={**os.environ, "MALLOC_ARENA_MAX": "1"},  # the address space of a second one would count as used
            start_new_session=True,
        )
        self._frames: Queue[Frame | None] = Queue(_AHEAD)
        self._last_words = b""
        self._ended = False
        self._threads = [
            threading.Thread(target=self._listen, daemon=True),
            threading.Thread(target=self._overhear, daemon=True),
        ]
        for thread in self._threads:
            thread.start()
        try:
            self.frame(_START)  # it is ready
        except (Empty, EOFError) as error:
            self.end()
            raise UserError(
                f"The process that reads files does not start ({self.last_words()}); install Quoth again."
            ) from error
        except BaseException:
            self.end()
            raise

    @property
    def pid(self) -> int:
        """Its number."""
        return self._popen.pid

    def serves(self) -> bool:
        """Whether it runs, with the rights that this process has now."""
        return self._popen.poll() is None and self._user == _user()

    def ask(self, jobs: Sequence[Job]) -> None:
        """Send jobs; all that were sent before are done."""
        thread = threading.Thread(target=self._write, args=(jobs,), daemon=True)
        self._threads = [*(one for one in self._threads if one.is_alive()), thread]
        thread.start()

    def frame(self, seconds: float) -> Frame:
        """What it says next. Raises Empty if it says nothing for so long, EOFError if it has ended."""
        frame = self._frames.get(timeout=max(seconds, 0.0)) if seconds > 0 else self._frames.get_nowait()
        if frame is None:
            self._frames.put(None)
            with contextlib.suppress(subprocess.TimeoutExpired):  # why it ended is its own to say
                self._popen.wait(_ENDING)
            raise EOFError
        return frame

    def end(self) -> None:
        """End it, and the threads."""
        if self._ended:
            return
        self._ended = True
        try:
            self._popen.kill()
        except PermissionError:  # this process has fewer rights than when it started the other, which ends by itself
            with contextlib.suppress(OSError):
                self._popen.stdin.close()  # type: ignore[union-attr]
        while self._frames.get() is not None:  # the last that is heard
            pass
        self._popen.wait()
        for thread in self._threads:
            thread.join()
        for stream in (self._popen.stdin, self._popen.stdout, self._popen.stderr):
            with contextlib.suppress(OSError):  # what was not sent is not wanted any more
                stream.close()  # type: ignore[union-attr]

    @property
    def computed_too_long(self) -> bool:
        """Whether it has ended because it used up the time of a processor that it had."""
        return self._popen.returncode == -getattr(signal, "SIGPROF", 0)

    def last_words(self) -> str:
        """How it ended, and the last line of what it wrote to standard error."""
        code = self._popen.returncode
        how = signal.Signals(-code).name if code < 0 and -code in set(signal.Signals) else f"exit status {code}"
        lines = self._last_words.decode("utf-8", "replace").split("\n")
        line = next((words for one in reversed(lines) if (words := " ".join(one.split()))), "")
        return f"{how}: {line[:200]}" if line else how

    def _write(self, jobs: Sequence[Job]) -> None:
        assert self._popen.stdin is not None  # noqa: S101 (for the type checker)
        with contextlib.suppress(OSError, ValueError):  # it has ended: `frame` says so
            for job in jobs:
                for frame in job.frames():
                    send(self._popen.stdin, frame)
                self._popen.stdin.flush()

    def _listen(self) -> None:
        assert self._popen.stdout is not None  # noqa: S101
        with contextlib.suppress(OSError, ValueError, EOFError):
            while True:
                self._frames.put(receive(self._popen.stdout))
        self._frames.put(None)

    def _overhear(self) -> None:
        stderr = self._popen.stderr
        with contextlib.suppress(OSError, ValueError):
            while stderr is not None and (words := stderr.read1(_LAST_WORDS)):  # type: ignore[attr-defined]
                self._last_words = (self._last_words + words)[-_LAST_WORDS:]


def _user() -> int:
    return os.geteuid() if hasattr(os, "geteuid") else 0
