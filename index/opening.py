"""An address → the index there: a path is that of one on this machine, a scheme (`NAME://…`) is that of another kind.

Addresses stay text: a `Path` would make `NAME:/…` of `NAME://…`.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Protocol

from index.generation import Sink
from index.protocol import Index, Origin
from source.errors import UserError

MEANT = "QUOTH_INDEX"
COLLECTION = "@"


class Kind(Protocol):
    """A kind of index, by the addresses of which the functions below are answered: a module of these functions."""

    def open_index(self, address: str) -> Index: ...
    def current(self, address: str) -> str: ...
    def origin(self, address: str) -> Origin: ...
    def sink(self, address: str) -> Sink: ...


def address_of(index: Path | str | None = None) -> str:
    """The address of an index that is given as a path or an address; where it is None, the one that is meant.

    That is what the environment variable QUOTH_INDEX says, or the user's own index. The text `@NAME` is the
    address of the user's collection of that name. Raises UserError if no collection can be called so.
    """
    from index.local.location import collection, default_location

    given = os.environ.get(MEANT) or default_location() if index is None else index
    if isinstance(given, str) and given.startswith(COLLECTION):
        return str(collection(given.removeprefix(COLLECTION)))
    if "\0" in str(given):
        raise UserError(f"The address of an index is {str(given)!r}; give one without a NUL character.")
    return str(given)


def is_named(index: Path | str | None) -> bool:
    """Whether somebody named the index that is given so, here or in QUOTH_INDEX."""
    return index is not None or bool(os.environ.get(MEANT))


def collections() -> dict[str, str]:
    """The user's collections: the address of each by its name, such as `@poems`, in order."""
    from index.local.location import collection_names

    return {f"{COLLECTION}{name}": address_of(f"{COLLECTION}{name}") for name in collection_names()}


def open_index(address: Path | str) -> Index:
    """The current generation of the index at `address`.

    Raises NoIndex if there is none, DamagedIndex if it is not as it was written or has another format.
    """
    return _kind(address).open_index(str(address))


def current(address: Path | str) -> str:
    """The name of the current generation at `address`. Raises NoIndex if there is none, DamagedIndex."""
    return _kind(address).current(str(address))


def origin(address: Path | str) -> Origin:
    """What the index at `address` was built from, whatever its format is and else is wrong with it.

    Raises NoIndex if there is none, DamagedIndex if it does not say.
    """
    return _kind(address).origin(str(address))


def sink(address: Path | str) -> Sink:
    """What takes a new generation of the index at `address`, which may be its first."""
    return _kind(address).sink(str(address))


def _kind(address: Path | str) -> Kind:
    scheme, mark, _ = str(address).partition("://")
    if mark and scheme in ("milvus", "milvus+https"):
        import index.milvus.kind

        return index.milvus.kind
    if mark:
        shown = re.sub("://.*@", "://…@", str(address), flags=re.DOTALL)  # there may be a password
        raise UserError(f"No kind of index is called {scheme!r} (in {shown!r}); give the path of a folder.")
    import index.local.kind

    return index.local.kind
