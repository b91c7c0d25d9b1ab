"""Files that somebody names on the command line: regular ones, of bounded size, so that reading never waits."""

from __future__ import annotations

import io
from pathlib import Path
from typing import IO

from source.errors import UnreadableFile, UserError
from source.files import opened, whole


def given(path: Path, what: str) -> IO[bytes]:
    """The file at `path`, which holds `what` ("The questions"), open for reading.

    Raises UserError if it cannot be read, is larger than `source.files.LARGEST` or no file but a pipe or device.
    """
    try:
        return io.BufferedReader(opened(path))  # type: ignore[type-var]
    except (UnreadableFile, ValueError) as error:
        raise UserError(_sentence(path, what, error)) from error


def given_text(path: Path, what: str, largest: int) -> str:
    """All of the file at `path`, decoded as UTF-8, with or without a byte order mark.

    Raises UserError as `given` does, and if it has more than `largest` bytes or is no UTF-8.
    """
    try:
        with opened(path) as file:
            data = whole(file)
    except (UnreadableFile, ValueError) as error:
        raise UserError(_sentence(path, what, error)) from error
    if len(data) > largest:
        raise UserError(f"{str(path)!r} is larger than {largest >> 20} MB; divide it.")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UserError(_sentence(path, what, f"byte {error.start:,} is no UTF-8; save it as UTF-8")) from error


def _sentence(path: Path, what: str, error: object) -> str:
    reason = str(error).removeprefix("cannot be read: ")
    return f"{what} in {str(path)!r} cannot be read: {reason}."
