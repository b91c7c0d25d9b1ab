"""The worker's end: a process that opens files, reads them, and answers with documents in pieces."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from queue import SimpleQueue
from time import process_time
from typing import BinaryIO

from source.errors import UnreadableFile, UserError
from source.files import Content, Held, OnDisk, check_name, is_lock, opened, sha256
from source.formats.archive import LARGEST_WHOLE, Archive, Budget, within
from source.formats.readers import check_suffix, read_content
from source.worker.wire import SECONDS_PER_MEGABYTE, Frame, Job, Kind, packed, said, send

# The least time that a timer counts; one that is set to none counts nothing.
_TICK = 1e-6  # seconds
# What no reader of files needs, by the names of Python's audit events.
_FORBIDDEN = ("socket.", "subprocess.", "os.system", "os.exec", "os.fork", "os.posix_spawn", "os.spawn", "ftplib.")


def serve(memory: int) -> None:
    """Answer jobs on standard input until it ends; what the worker's process runs, in `memory` bytes."""
    with contextlib.suppress(ImportError, ValueError, OSError):  # where the system has no such limit
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    jobs, out = _streams()
    sys.addaudithook(_refuse)
    waiting: SimpleQueue[Job] = SimpleQueue()
    threading.Thread(target=_take, args=(jobs, waiting), daemon=True).start()
    _flushed(out, said(Kind.READY))
    while True:
        for frame in _frames(waiting.get()):
            send(out, frame)
            if frame[0] in (Kind.BEGIN, Kind.EXHAUSTED):  # who waits knows what for
                out.flush()
            if frame[0] is Kind.EXHAUSTED:
                return  # what is left of the memory may be too little for the next file
        _flushed(out, said(Kind.DONE))


def _streams() -> tuple[BinaryIO, BinaryIO]:
    """The wire; what a library prints goes to standard error, and it finds nothing on standard input."""
    jobs, out = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    return jobs, out


def _take(jobs: BinaryIO, waiting: SimpleQueue[Job]) -> None:
    """Put jobs into `waiting` as they come; without a main process to answer there is nothing to do."""
    status = 1
    try:
        while True:
            waiting.put(Job.received(jobs))
    except EOFError:
        status = 0
    except MemoryError:
        sys.stderr.write("there is no memory for its bytes\n")
    finally:
        os._exit(status)


def _refuse(event: str, _arguments: object) -> None:
    if event.startswith(_FORBIDDEN):
        raise PermissionError(f"{event} in the process that reads files")


def _flushed(out: BinaryIO, frame: Frame) -> None:
    send(out, frame)
    out.flush()


def _frames(job: Job) -> Iterator[Frame]:
    """What answers a job."""
    started = process_time()
    _computes_within(job.seconds)
    try:
        yield from _members(job, started) if job.archive else _file(job, started)
    except UnreadableFile as error:
        yield said(Kind.REFUSED, str(error))
    except MemoryError:
        yield said(Kind.EXHAUSTED)
    finally:
        _computes_within(None)


def _file(job: Job, started: float) -> Iterator[Frame]:
    check_name(job.name)
    check_suffix(job.name)
    if job.data is not None:
        yield from _document(job, started, job.name, len(job.data), partial(Held, job.data))
        return
    with opened(Path(job.path), Path(job.root) if job.root else None) as file:
        if not job.member:
            yield from _document(job, started, job.name, os.fstat(file.fileno()).st_size, partial(OnDisk, file))
            return
        with Archive(file) as archive:
            content = partial(_member, archive, job.member)
            yield from _document(job, started, job.name, archive.size(job.member), content)


def _member(archive: Archive, name: str) -> Held:
    return Held(archive.read(name))


def _members(job: Job, started: float) -> Iterator[Frame]:
    """What answers for each member of an archive, in the order of their names."""
    check_name(job.name)
    budget = Budget(LARGEST_WHOLE if job.left is None else job.left)
    with opened(Path(job.path), Path(job.root) if job.root else None) as file, Archive(file) as archive:
        for member in [one for one in archive.names if not is_lock(one)][job.after :]:
            with within(budget):
                content = partial(_member, archive, member)
                yield from _document(job, started, f"{job.name}/{member}", archive.size(member), content)


def _document(job: Job, started: float, name: str, size: int, given: Callable[[], Content]) -> Iterator[Frame]:
    """What answers for one file called `name`, whose `size` bytes are `given`."""
    yield said(Kind.BEGIN, name, size, process_time() - started)
    _computes_within(job.seconds + SECONDS_PER_MEGABYTE * size / 1e6)
    try:
        check_name(name)
        check_suffix(name)
        content = given()
        if name in job.known and sha256(content) == job.known[name]:
            yield said(Kind.UNCHANGED)
            return
        frames = packed(read_content(content, name))  # nothing else holds the document
        del content
    except UnreadableFile as error:
        yield said(Kind.REFUSED, str(error))
    except UserError as error:
        yield said(Kind.FAILED, str(error))
    except MemoryError:
        yield said(Kind.EXHAUSTED)
    except RecursionError:
        yield said(Kind.REFUSED, "given up: its parts are nested too deeply")
    except Exception as error:  # whatever a library raises over a hostile file
        yield said(Kind.REFUSED, " ".join(f"damaged: {type(error).__name__}: {error}".split())[:200])
    else:
        _computes_within(None)  # how long the main process takes is not this one's affair
        yield from frames


def _computes_within(seconds: float | None) -> None:
    """End this process once it has used so many seconds of a processor from now on.

    It ends with SIGPROF. Time that others have the processor, and that the main process lets it wait, does not count.
    """
    if hasattr(signal, "ITIMER_PROF"):
        signal.setitimer(signal.ITIMER_PROF, 0.0 if seconds is None else max(seconds, _TICK))
