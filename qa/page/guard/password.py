"""The user and password that the page asks for."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from source.errors import UserError

_LONGEST = 10_000


def password_in(path: Path | None) -> tuple[str, str] | None:
    """The user and password in the file at `path`, or else in the environment; None if there are none.

    Raises UserError if the file cannot be read, others can read it, or it holds something else.
    """
    try:
        pair = _text(path) if path else os.environ.get("QUOTH_AUTH", "")
        pair.encode()  # what is no text in the environment could be compared with nothing
    except UnicodeError as error:
        raise UserError(f"{str(path) if path else 'QUOTH_AUTH'} is not UTF-8; write it anew.") from error
    except OSError as error:
        raise UserError(f"The password file {str(path)!r} cannot be read: {error.strerror}.") from error
    if not pair and path is None:
        return None
    user, colon, password = pair.partition(":")
    if not (user and colon and password) or "\n" in pair:
        raise UserError(f"{str(path) if path else 'QUOTH_AUTH'} does not hold USER:PASSWORD on one line.")
    return user, password


def _text(path: Path) -> str:
    with path.open(encoding="utf-8") as file:
        mode = os.fstat(file.fileno()).st_mode
        # A pipe (`--auth <(pass quoth)`) is nobody else's to read.
        if os.name == "posix" and stat.S_ISREG(mode) and mode & 0o077:
            raise UserError(f"The password file {str(path)!r} can be read by others; run `chmod 600` on it first.")
        return file.read(_LONGEST).strip()
