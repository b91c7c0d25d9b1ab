"""`milvus://HOST:PORT/COLLECTION` → where a collection lies, and how its vectors are to be searched."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import SplitResult, parse_qsl, urlsplit

from source.errors import UserError

SCHEMES = {"milvus": "http", "milvus+https": "https"}
KINDS = ("FLAT", "IVF_FLAT", "HNSW")
_PORT = 19530
_COLLECTION = re.compile("[A-Za-z_][A-Za-z0-9_]{0,199}")


@dataclass(frozen=True, slots=True)
class Address:
    """A collection by its whole `text`; `kind` is how its vectors are to be searched, "" if nobody said."""

    text: str
    uri: str
    host: str
    collection: str
    kind: str

    @classmethod
    def of(cls, text: str) -> Address:
        """Take an address apart. Raises UserError that says what is wrong with it."""
        try:
            parts = urlsplit(text)
            host, port = parts.hostname or "", parts.port or _PORT
        except ValueError as error:
            raise UserError(f"{text!r} is no address ({error}); write milvus://HOST:{_PORT}/COLLECTION.") from error
        if not host or parts.fragment:
            raise UserError(f"{text!r} names no server; write milvus://HOST:{_PORT}/COLLECTION.")
        if parts.username is not None or parts.password is not None:
            raise UserError("The address of a collection holds no name or password; give its token in MILVUS_TOKEN.")
        collection = parts.path.strip("/")
        if not _COLLECTION.fullmatch(collection):
            raise UserError(
                f"{collection!r} is no name of a collection (in {text!r}): letters, digits and _, no digit first."
            )
        shown = f"[{host}]" if ":" in host else host
        return cls(text, f"{SCHEMES[parts.scheme]}://{shown}:{port}", f"{shown}:{port}", collection, _kind(parts, text))


def _kind(parts: SplitResult, text: str) -> str:
    options = dict(parse_qsl(parts.query, keep_blank_values=True))
    kind = options.pop("index", "")
    if options or kind not in ("", *KINDS):
        raise UserError(f"{text!r}: behind the collection may stand ?index= and one of {', '.join(KINDS)}.")
    return kind
