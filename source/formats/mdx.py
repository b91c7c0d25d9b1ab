"""MDX → Document: Markdown whose imports, exports and expressions are code, not text."""

from __future__ import annotations

import re
from dataclasses import replace

from source.document import Document, Furniture, Passages, Reason
from source.formats.markdown import read_markdown

_CODE = re.compile(
    r"(?:import\b[^\n]*\bfrom\s*['\"]|import\s*['\"]|export\s+(?:default|const|let|var|function|async|class|\{|\*))"
    r"|\{[^{}]*\}\s*\Z",
)


def read_mdx(text: str, name: str) -> Document:
    """MDX, with or without YAML front matter; the source is the text."""
    document = read_markdown(text, name)
    code = [passage for passage in document.passages if _CODE.match(text, passage.start, passage.end)]
    furniture = [*document.furniture, *(Furniture(one.start, one.end, Reason.MARKUP) for one in code)]
    furniture.sort(key=lambda one: one.start)
    kept = Passages(passage for passage in document.passages if passage not in code)
    return replace(document, passages=kept, furniture=tuple(furniture))
