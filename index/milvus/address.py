"""`milvus://HOST:PORT/COLLECTION` → where a collection lies, and how its vectors are to be searched."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

from source.errors import UserError

SCHEMES = {"milvus": "http", "milvus+https": "https"}
KINDS = ("FLAT", "IVF_FLAT", "HNSW")
_PORT = 19530
_HOST = re.compile(r"[\w.:-]+")  # a name, or numbers
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
        """Take an address apart. Raises UserError that says what is wrong with it, without what may be secret."""
        if "@" in text:  # before all else, as other messages hold the address
            raise UserError("The address of a collection holds no name or password; give its token in MILVUS_TOKEN.")
        bare, _, query = text.partition("?")
        try:
            parts = urlsplit(text)
            host, port = parts.hostname or "", parts.port or _PORT
        except ValueError:
            host, port = "", 0
        if not _HOST.fullmatch(host) or "#" in text:
            raise UserError(
                f"That is no address of a collection; write milvus://HOST:{_PORT}/COLLECTION, a token in MILVUS_TOKEN."
            )
        collection = parts.path.strip("/")
        if not _COLLECTION.fullmatch(collection):
            raise UserError(
                f"{collection!r} is no name of a collection (in {bare!r}): letters, digits and _, no digit first."
            )
        shown = f"[{host}]" if ":" in host else host
        return cls(text, f"{SCHEMES[parts.scheme]}://{shown}:{port}", f"{shown}:{port}", collection, _kind(query, bare))


def _kind(query: str, bare: str) -> str:
    options = dict(parse_qsl(query, keep_blank_values=True))
    kind = options.pop("index", "")
    if options or kind not in ("", *KINDS):
        raise UserError(
            f"{bare!r}: behind the collection may stand ?index= and one of {', '.join(KINDS)}, nothing else."
        )
    return kind
