"""An address → the index there: a path is that of one on this machine, a scheme (`NAME://…`) is that of another kind.

Addresses stay text: a `Path` would make `NAME:/…` of `NAME://…`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from index.protocol import Index, Origin, Sink
from source.errors import UserError


class Kind(Protocol):
    """A kind of index, by the addresses of which the functions below are answered: a module of these functions."""

    def open_index(self, address: str) -> Index: ...
    def current(self, address: str) -> str: ...
    def origin(self, address: str) -> Origin: ...
    def sink(self, address: str) -> Sink: ...


def address_of(index: Path | str | None = None) -> str:
    """The address of an index that is given as a path or an address; of the user's own if it is None."""
    if index is None:
        from index.local.location import default_location

        return str(default_location())
    return str(index)


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
    if mark:
        raise UserError(f"No kind of index is called {scheme!r} (in {str(address)!r}); give the path of a folder.")
    import index.local.kind

    return index.local.kind
