"""What is wrong with what a program sent, in one sentence."""

from collections.abc import Mapping, Sequence
from typing import Any

_MOST = 3  # faults
_LONGEST = 1000  # characters


def sentence(faults: Sequence[Mapping[str, Any]], below: int = 0) -> str:
    """The first of pydantic's `faults`, each with the name of its field; of the names' parts the first `below` are
    not told."""
    named = ["{}: {}".format(".".join(map(str, one["loc"][below:])) or "body", one["msg"]) for one in faults]
    return "; ".join(named[:_MOST])[:_LONGEST] + "."
