"""A worker for each core of a Ray: whoever dies costs a batch, which is given to another."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

from index.embedding import begun
from index.encoding.encoder import Encoder
from index.generation import Generation, Progress
from index.ray.worker import RayWorker, Task, Writer
from index.reading import reading
from source.errors import UserError
from source.library import Item, library_files, parts
from source.selection import Selection

# Files and passages that a worker is given at a time; so many passages are sorted by length before.
_FILES, _BATCH, _WINDOW = 64, 64, 1024
# Answers that may wait for an earlier one, for each worker; and how often a batch over which workers die is given.
_AHEAD, _TRIES = 4, 3
_STOPPED = 30.0  # seconds in which workers end
# Ray's types are of no use here.
Untyped = Any


@runtime_checkable
class Divisible(Protocol):
    """A generation of which other processes can write passages, too."""

    @property
    def writer(self) -> Writer: ...

    def given(self, numbers: Iterable[int]) -> list[bytes]:
        """What the writer needs of each of these passages; `Generation.store` leaves them out."""
        ...

    def wrote(self, sums: Untyped) -> None:
        """Count what the writer said of passages."""
        ...


@dataclass(slots=True)
class _Call:
    """What a worker is asked for, and its `answer` when it is `ended`."""

    method: str
    arguments: tuple[Any, ...]
    tries: int = 0
    answer: Any = None
    ended: bool = False


class RayWorkers:
    """As many workers as a Ray has cores: see `index.build.Workers`."""

    def __init__(self, ray: Untyped) -> None:
        self._ray = ray
        self._kind = ray.remote(RayWorker).options(num_cpus=1, max_restarts=0, max_task_retries=0)
        self._idle: list[Untyped] = []
        self._busy: dict[Untyped, tuple[Untyped, _Call]] = {}
        self._count = max(1, int(ray.cluster_resources().get("CPU", 1)))
        for _ in range(self._count):
            self._start()

    def read(self, folder: Path, known: Mapping[str, str], selection: Selection) -> Iterator[Item]:
        """See `source.library.read_library`."""
        files, closed = library_files(folder, selection)
        calls = (_Call("read", (folder, some, held)) for some, held in parts(files, known, _FILES))
        for items in self._answers(calls):
            yield from items
        yield from closed

    def embed(self, new: Generation, passages: int, encoder: Encoder, progress: Progress) -> tuple[int, int]:
        """See `index.embedding.embed`; the workers write what they have read."""
        assert isinstance(new, Divisible)  # noqa: S101 (for the type checker)
        projection = begun(new, passages, encoder)
        task = self._ray.put(Task(encoder.model, encoder.fingerprint, projection, new.writer))
        embedded = truncated = kept = 0

        def calls() -> Iterator[_Call]:
            nonlocal kept
            for start in range(0, passages, _WINDOW):
                end = min(start + _WINDOW, passages)
                missing = new.missing(start, end)
                new.store(start, end, {})
                kept += end - start - len(missing)
                given = sorted(new.given(missing), key=len)
                yield from (_Call("embed", (given[at : at + _BATCH], task)) for at in range(0, len(given), _BATCH))

        progress(0, passages)
        try:
            for sums, count, unread in self._answers(calls()):
                new.wrote(sums)
                embedded += count
                truncated += unread
                progress(kept + embedded, passages)
        except BaseException:
            self._stop()  # before what they wrote is taken away
            raise
        progress(passages, passages)
        return embedded, truncated

    def _answers(self, calls: Iterable[_Call]) -> Iterator[Untyped]:
        """What the workers answer, in the order of the calls. Raises UserError as they do."""
        calls = iter(calls)
        line: deque[_Call] = deque()
        again: list[_Call] = []
        more = True
        while more or line:
            while self._idle and (again or (more and len(line) < _AHEAD * self._count)):
                call = again.pop() if again else next(calls, None)
                if call is None:
                    more = False
                    break
                if not call.tries:
                    line.append(call)
                self._give(self._idle.pop(), call)
            if more or line:
                again += self._ended()
            while line and line[0].ended:
                yield line.popleft().answer

    def _start(self, tries: int = 0) -> None:
        """Have another worker, which is idle when it has begun."""
        self._give(self._kind.remote(), _Call("begin", (reading(),), tries))

    def _give(self, worker: Untyped, call: _Call) -> None:
        call.tries += 1
        self._busy[getattr(worker, call.method).remote(*call.arguments)] = worker, call

    def _ended(self) -> list[_Call]:
        """Wait until a call has ended; the calls that are to be given to another worker, as theirs has died."""
        again: list[_Call] = []
        errors = self._ray.exceptions
        ended, _ = self._ray.wait(list(self._busy), num_returns=1)
        for reference in ended:
            worker, call = self._busy.pop(reference)
            try:
                refused, call.answer = self._ray.get(reference)
            except (errors.RayActorError, errors.ObjectLostError) as error:
                if call.tries >= _TRIES:
                    raise UserError(f"Workers of Ray die one after the other ({short(error)}).") from error
                begins = call.method == "begin"
                again += [] if begins else [call]
                self._start(call.tries if begins else 0)
                continue
            except errors.RayError as error:
                raise UserError(f"A worker of Ray cannot do its part ({short(error)}).") from error
            if refused:
                raise UserError(refused)
            call.ended = True
            self._idle.append(worker)
        return again

    def _stop(self) -> None:
        """End all workers, and wait until they have ended."""
        for worker in [*self._idle, *(worker for worker, _ in self._busy.values())]:
            self._ray.kill(worker)
        if self._busy:
            self._ray.wait(list(self._busy), num_returns=len(self._busy), timeout=_STOPPED)


def short(error: BaseException) -> str:
    """What an error says, in one line."""
    line = " ".join(str(error).split())
    return line if len(line) <= 200 else f"{line[:200]}…"
