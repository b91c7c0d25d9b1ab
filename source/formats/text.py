"""Plain text → Document."""

from __future__ import annotations

from source.document import Document
from source.formats.front_matter import with_front_matter
from source.structure.blocks import plain_blocks, structured


def read_text(text: str, name: str) -> Document:
    """Plain text, with or without YAML front matter."""
    document, front, start = with_front_matter(text, name)
    return structured(document, front + plain_blocks(text, start))
