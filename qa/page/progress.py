"""How far a build of the page has come."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class BuildProgress:
    """How far a build has come: passages `done` of `total`; when it has ended, `report` or `failure` says how."""

    done: int = 0
    total: int = 0
    running: bool = False
    report: str = ""
    failure: str = ""
    skipped: tuple[str, ...] = ()
