"""Files that readers send: taken under a secret of their own, counted, and gone when they were added or an hour later.

Gradio's own route for them keeps what breaks off, counts nothing, and tells where it keeps them.
"""

from __future__ import annotations

import contextlib
import secrets
import shutil
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from qa.page.guard.limits import Limits, client_of
from qa.page.server.uploads import LARGEST, MOST_FILES, plain_name
from source.errors import UserError


@dataclass(frozen=True, slots=True)
class _Held:
    client: str
    path: Path
    size: int
    since: float


class Uploads:
    """The files that were sent and are not added yet, in `folder`; safe to use from many threads."""

    def __init__(self, folder: Path, limits: Limits, clock: Callable[[], float] = time.monotonic) -> None:
        self._folder, self._limits, self._clock = folder, limits, clock
        self._held: dict[str, _Held] = {}
        self._coming: Counter[str] = Counter()
        self._lock = threading.Lock()

    @contextlib.contextmanager
    def coming(self, client: str, size: int) -> Iterator[None]:
        """Keep room for `size` bytes that `client` sends. Raises UserError if there is none."""
        self.expire()
        with self._lock:
            of_all = sum(held.size for held in self._held.values()) + self._coming.total()
            own = sum(held.size for held in self._held.values() if held.client == client) + self._coming[client]
            if own + size > self._limits.upload_bytes_of_one:
                raise UserError("You have sent many files that are not added yet; add them, or try again in an hour.")
            if of_all + size > self._limits.upload_bytes:
                raise UserError("Too many files are being sent just now; try again later.")
            self._coming[client] += size
        try:
            yield
        finally:
            with self._lock:
                self._coming[client] -= size
                self._coming += Counter()  # those who send nothing are not kept

    def store(self, client: str, files: Sequence[UploadFile]) -> list[str]:
        """Keep `files` and return the name of each, which only who sent it knows.

        Raises UserError if one is too large, OSError if there is no room; then none is kept.
        """
        names: list[str] = []
        try:
            for file in files:
                name = plain_name(file.filename or "") or "file"
                if (file.size or 0) > LARGEST:
                    size = f"{(file.size or 0) / 1e6:.0f} MB"
                    raise UserError(f"{name}: {size}; at most {LARGEST // 1_000_000} MB are taken.")
                names.append(self._keep(client, name, file))
        except BaseException:
            for kept in names:
                self.drop(kept)
            raise
        return names

    def _keep(self, client: str, name: str, file: UploadFile) -> str:
        secret = secrets.token_urlsafe(16)
        path = self._folder / secret / name
        path.parent.mkdir(parents=True, mode=0o700)
        try:
            with path.open("xb") as target:
                shutil.copyfileobj(file.file, target)
        except OSError:
            shutil.rmtree(path.parent, ignore_errors=True)
            raise
        with self._lock:
            self._held[secret] = _Held(client, path, file.size or 0, self._clock())
        return f"{secret}/{name}"

    def path(self, name: str) -> Path | None:
        """Where the file is that was kept as `name`; None if there is none."""
        held = self._held.get(name.partition("/")[0])
        return held.path if held and name.partition("/")[2] == held.path.name else None

    def drop(self, name: str) -> None:
        """Throw a file away, and its folder."""
        with self._lock:
            held = self._held.pop(name.partition("/")[0], None)
        if held:
            shutil.rmtree(held.path.parent, ignore_errors=True)

    def added(self, path: Path) -> None:
        """Throw the file at `path` away: it was added."""
        self.drop(f"{path.parent.name}/{path.name}")

    def expire(self) -> None:
        """Throw away what nobody has added for too long."""
        now = self._clock()
        for secret, held in list(self._held.items()):
            if now - held.since > self._limits.upload_seconds:
                self.drop(secret)


async def receive(request: Request, uploads: Uploads) -> Response:
    """Take the files of an upload and answer with the names they were given."""
    client = client_of(request.client.host if request.client else None)
    try:
        with uploads.coming(client, int(request.headers["content-length"])):
            async with request.form(max_files=2 * MOST_FILES, max_fields=10) as form:
                files = [file for file in form.getlist("files") if isinstance(file, UploadFile)]
                return JSONResponse(await run_in_threadpool(uploads.store, client, files))
    except UserError as error:
        return PlainTextResponse(str(error), 413)
    except OSError as error:
        return PlainTextResponse(f"The files cannot be kept: {error.strerror}.", 507)
    except ClientDisconnect:
        return PlainTextResponse("The files did not come to their end.", 408)
