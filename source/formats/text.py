"""Plain text → Document."""

from __future__ import annotations

from dataclasses import replace
from itertools import chain

from source.document import Document
from source.formats.front_matter import with_front_matter
from source.structure.passages import structured
from source.structure.plain import read_plain


def read_text(text: str, name: str) -> Document:
    """Plain text, with or without YAML front matter."""
    document, front, start = with_front_matter(text, name)
    blocks, head = read_plain(text, start)
    document = replace(
        document,
        title=document.title or head.title,
        author=document.author or head.author,
        date=document.date or head.date,
    )
    return structured(document, chain(front, blocks))
