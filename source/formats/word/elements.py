"""The elements of WordprocessingML: which hold what the author wrote, and in what order."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import takewhile

from lxml import etree

from source.formats.archive import attribute, child, local

# Content that is no text of the document as it stands, or stands in it twice.
_SKIPPED = frozenset(
    {"del", "moveFrom", "instrText", "delText", "Fallback", "pPr", "rPr", "sdtPr", "tblPr", "txbxContent", "rt"}
)
# Elements that are one character each.
# The font Symbol's own place for the letters of Greek.
_SYMBOL = str.maketrans(
    "abcdefghiklmnopqrstuwxyzABCDEFGHIKLMNOPQRSTUWXYZ\xb7",
    "αβχδεφγηικλμνοπθρστυωξψζΑΒΧΔΕΦΓΗΙΚΛΜΝΟΠΘΡΣΤΥΩΞΨΖ•",
)
SIGNS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "\u2011", "softHyphen": "\u00ad"}


def children(parent: etree._Element | None) -> Iterator[etree._Element]:
    """The children of an element, and those inside the wrappers that mark fields, tags and insertions."""
    waiting = list(reversed(parent)) if parent is not None else []
    while waiting:
        element = waiting.pop()
        if local(element) in ("sdt", "sdtContent", "ins", "moveTo", "customXml", "smartTag"):
            waiting += reversed(element)
        else:
            yield element


def block_elements(parent: etree._Element | None) -> Iterator[etree._Element]:
    """The paragraphs and tables of an element, in order."""
    return (one for one in children(parent) if local(one) in ("p", "tbl"))


def table_rows(table: etree._Element) -> Iterator[etree._Element]:
    """The rows of a table but for those that were deleted."""
    return (one for one in children(table) if local(one) == "tr" and child(one, "trPr", "del") is None)


def row_cells(row: etree._Element) -> Iterator[etree._Element]:
    """The cells of a row."""
    return (one for one in children(row) if local(one) == "tc")


def inline_elements(paragraph: etree._Element) -> Iterator[etree._Element]:
    """The elements of a paragraph that stand for characters, in order; "den" stands for the line of a fraction."""
    waiting = list(reversed(paragraph))
    while waiting:
        element = waiting.pop()
        kind = local(element)
        if kind in ("t", "sym", "footnoteReference", "endnoteReference") or kind in SIGNS:
            yield element
        elif kind == "den":
            yield element
            waiting += reversed(element)
        elif kind not in _SKIPPED:
            waiting += reversed(element)


def is_exponent(text: etree._Element) -> bool:
    """Whether text is raised in a formula."""
    around = (local(one) for one in text.iterancestors())
    return "sup" in takewhile(lambda name: name not in ("p", "oMath"), around)


def symbol(sign: etree._Element) -> str:
    """The letter that a sign of the font Symbol stands for, "" of any other font: its signs are pictures."""
    code = attribute(sign, "char")
    if attribute(sign, "font") != "Symbol" or not re.fullmatch("[0-9A-Fa-f]{2,4}", code):
        return ""
    return chr(int(code, 16) & 0xFF).translate(_SYMBOL)


def text_boxes(paragraph: etree._Element) -> Iterator[etree._Element]:
    """The outermost text boxes anchored in a paragraph, each once: its copy for old readers is left out."""
    for box in paragraph.iter("{*}txbxContent"):
        around = [local(one) for one in box.iterancestors()]
        inner = around[: around.index("p")] if "p" in around else around
        if box.getparent() is not None and "Fallback" not in around and "txbxContent" not in inner:
            first = next((one for one in box.iterancestors("{*}p")), None)
            if first is paragraph:
                yield box


def is_on(switch: etree._Element | None, otherwise: bool = False) -> bool:
    """Whether a property that is on by being there is on."""
    if switch is None:
        return otherwise
    return attribute(switch, "val", "true").lower() not in ("0", "false", "off", "none")
