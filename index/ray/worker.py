"""What a worker does, in a process of its own with one core; each file is read in one more, as everywhere."""

from __future__ import annotations

import socket
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from index.embedding import packed_passages
from index.encoding.loading import load_encoder
from index.encoding.projection import Projection
from index.generation import Packed
from index.reading import reading
from source.errors import UserError
from source.library import File, read_files


class Writer(Protocol):
    """Writes passages of a generation from any process it is handed to."""

    def texts(self, passages: Sequence[bytes]) -> list[tuple[str, str]]:
        """Title and headings, and text, of passages that were `given`."""
        ...

    def write(self, passages: Sequence[bytes], fresh: Sequence[Packed]) -> object:
        """Write passages, again if need be; what the generation is to be told of it."""
        ...


@dataclass(frozen=True, slots=True)
class Task:
    """What a worker needs to know to embed passages."""

    model: str
    fingerprint: str
    projection: Projection
    writer: Writer


# What could be put right and why, "" where there is nothing; and the answer.
Answer = tuple[str, Any]


class RayWorker:
    """What a worker does: each method gives its answer, or a sentence for the user."""

    def begin(self, version: str) -> Answer:
        """Be ready to read as the process does that builds."""
        same = version == reading()
        return ("" if same else f"The worker on {_here()} has another version of Quoth; install the same there."), None

    def read(self, folder: Path, files: Sequence[File], known: Mapping[str, str]) -> Answer:
        """Read these files of a library."""
        try:
            return "", list(read_files(folder, files, known))
        except UserError as error:
            return f"The worker on {_here()} could not read: {error}", None

    def embed(self, passages: Sequence[bytes], task: Task) -> Answer:
        """Read passages with the model and write them; what the writer says, how many, and how many not whole."""
        try:
            encoder = load_encoder(task.model)
            if encoder.fingerprint != task.fingerprint:
                raise UserError(f"its model {task.model!r} has other weights.")
            fresh, unread = packed_passages(encoder, task.projection, task.writer.texts(passages))
            return "", (task.writer.write(passages, fresh), len(passages), unread)
        except UserError as error:
            return f"The worker on {_here()} could not embed: {error}", None


def _here() -> str:
    return socket.gethostname()
