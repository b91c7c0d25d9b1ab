"""Formulas and large letters of HTML, which pages hold once for eyes and once for machines."""

from __future__ import annotations

from lxml import etree

from source.formats.archive import local

# What repeats a formula that stands beside it, by its class.
_AGAIN = frozenset("katex-html MJX_Assistive_MathML MathJax_Preview".split())
SAID = frozenset("sr-only visually-hidden screen-reader-text screenreader-text".split())


def is_repeated(element: etree._Element) -> bool:
    """Whether an element shows what is said beside it as well: a formula, or the letters of a word."""
    classes = (element.get("class") or "").split()
    if not _AGAIN.isdisjoint(classes):
        return True
    after = element.getnext() if element.get("aria-hidden") == "true" and not (element.tail or "").strip() else None
    if after is None or SAID.isdisjoint((after.get("class") or "").split()):
        return False
    shown, said = ("".join("".join(map(str, one.itertext())).split()) for one in (element, after))
    return shown in said


def is_power(element: etree._Element) -> bool:
    """Whether an element of MathML is raised."""
    around = element.getparent()
    return around is not None and local(around) == "msup" and element is around[-1]


def is_divisor(element: etree._Element) -> bool:
    """Whether an element of MathML is the lower part of a fraction."""
    around = element.getparent()
    return around is not None and local(around) == "mfrac" and element is around[-1]
