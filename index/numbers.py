"""Numbers that count different things are of different types."""

from __future__ import annotations

from typing import NewType

# From 0 in the order of the library: what is asked of an index and told by it.
PassageNumber = NewType("PassageNumber", int)
# Where a document and a passage lie in the files of an index; they stay there while others come and go.
DocumentNumber = NewType("DocumentNumber", int)
Slot = NewType("Slot", int)
