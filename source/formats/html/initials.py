"""First letters of paragraphs that a page shows as pictures, and says in words."""

from __future__ import annotations

import re

from lxml import etree

_INITIAL = re.compile(r"[\"'“‘«„]?[^\W\d_]")
_BEGINS = re.compile(r"\s*\S")


def drawn_initial(image: etree._Element) -> str:
    """The letter that a picture at the start of a paragraph shows, "" where it shows none or the text holds it, too."""
    letter = (image.get("alt") or "").strip()
    around = image.getparent()
    if around is None or not _INITIAL.fullmatch(letter):
        return ""
    before = (around.text or "") if image.getprevious() is None else "x"
    if before.strip():
        return ""
    behind = image.tail or "".join(map(str, around.itertext()))
    again = behind.lstrip("\"'“‘«„ \n")
    doubled = again[:1] == letter[-1] and again[1:2].islower()
    return "" if doubled or not _BEGINS.match(behind) else letter
