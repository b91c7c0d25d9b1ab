"""Rich Text Format → Document: striprtf takes the text out; paragraphs and bulleted lines are kept."""

from __future__ import annotations

import re

from striprtf.striprtf import rtf_to_text

from source.document import Document
from source.draft import Draft, extractor
from source.errors import UnreadableFile
from source.sentences import LIST_MARKER

_INFO = re.compile(rb"\{\\(title|author) ([^{}\\]{1,300})\}")
_LOCKED = re.compile(rb"\\\*\\(?:passwordhash|protusertbl)")
_BULLETS = re.compile(r"^[\u2022\u00b7\uf0b7*]\s*", re.MULTILINE)


def read_rtf(data: bytes, name: str) -> Document:
    """The document in an .rtf file. Raises UnreadableFile if it is none."""
    if not data.lstrip().startswith(b"{\\rtf"):
        raise UnreadableFile("no RTF: it does not begin as one")
    # RTF is ASCII; what stands in it beyond that is in its code page, cp1252 if it does not say.
    text = (
        rtf_to_text(data.decode("latin-1"), errors="strict")
        .encode("utf-16", "surrogatepass")
        .decode("utf-16", "strict")
    )
    draft = Draft()
    group = 0
    for line in text.splitlines():
        words = _BULLETS.sub("• ", line.replace("|", " ").strip() if line.endswith("|") else line.strip())
        if not words:
            continue
        if LIST_MARKER.match(words):
            group = group or draft.new_group()
            draft.item(words, "", 0, group)
        else:
            group = 0
            draft.paragraph(words)
    info = {found[1].decode(): found[2].decode("latin-1") for found in _INFO.finditer(data[:20_000])}
    return draft.document(name, extractor("striprtf"), title=info.get("title", ""), author=info.get("author", ""))
