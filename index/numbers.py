"""Numbers that count different things are of different types: those of documents and passages, from 0 in each index."""

from __future__ import annotations

from typing import NewType

DocumentNumber = NewType("DocumentNumber", int)
PassageNumber = NewType("PassageNumber", int)
