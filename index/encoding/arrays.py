"""Arrays of bytes, and arrays on disk, read by one thread at a time.

NumPy reads the head of a file with Python's own parser, which in Python 3.11 fails now and then
when two threads are in it ("AST constructor recursion depth mismatch").
"""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Bytes = NDArray[np.uint8]

_READING = threading.Lock()


def load_array(path: Path) -> NDArray[Any]:
    """The array in an .npy file."""
    with _READING:
        array: NDArray[Any] = np.load(path)
    return array


def load_arrays(path: Path) -> dict[str, NDArray[Any]]:
    """The arrays in an .npz file, by name."""
    with _READING, np.load(path) as arrays:
        return {name: arrays[name] for name in arrays.files}
