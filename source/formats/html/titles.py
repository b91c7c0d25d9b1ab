"""The title of a saved page: its main heading, unless that is the banner of its site."""

from __future__ import annotations

import re
from collections.abc import Mapping

from lxml import etree

from source.formats.archive import local
from source.formats.html.gutenberg import title_and_author

_TITLES = ("og:title", "dc.title", "citation_title", "twitter:title")
_TITLED = frozenset("title MsoTitle".split())  # paragraphs that editors write a title as
_WORD = re.compile(r"[^\W_]+")
_PARTS = re.compile(r"\s+[|–—·•»:-]+\s+|\s*\|\s*")


def main_title(
    root: etree._Element, body: etree._Element, metadata: Mapping[str, str]
) -> tuple[etree._Element | None, str]:
    """The page's main heading, None if it has none of its own, and the page's title."""
    headings = [one for one in body.iter("h1") if _text(one)]
    titles = [one for one in body.iter("p", "h1") if _text(one) and (local(one) == "h1" or _is_called_title(one))]
    if titles and local(titles[0]) == "p" and sum(map(_is_called_title, titles)) == 1:
        return titles[0], _text(titles[0])
    said = _said(root, metadata)
    if len(headings) > 1:
        inner = [one for one in headings if _in_article(one)]
        headings = inner if len(inner) == 1 else []
    if len(headings) == 1 and _is_title(headings[0], said, metadata.get("og:site_name", "")):
        return headings[0], _text(headings[0])
    site = metadata.get("og:site_name", "")
    if said and not any(key in metadata for key in _TITLES):
        ending = rf"\s*[-–—|·:]\s*{re.escape(site)}$" if site else r"\s+\|\s+[^|]*$"
        return None, re.sub(ending, "", said[0])
    return None, said[0] if said else ""


def _said(root: etree._Element, metadata: Mapping[str, str]) -> list[str]:
    """The titles that the page's head gives, the surest first."""
    head = next(root.iter("head"), root)
    found = [metadata[key] for key in _TITLES if key in metadata]
    return [*found, *filter(None, (title_and_author(_text(one))[0] for one in head.iter("title")))]


def _is_title(heading: etree._Element, said: list[str], site: str) -> bool:
    """Whether a page's only main heading is its title: it stands in the article, or the page's head says it too."""
    own = set(_WORD.findall(_text(heading).casefold()))
    if not said or not own:
        return True
    if own == set(_WORD.findall(site.casefold())):
        return False
    whole = [set(_WORD.findall(title.casefold())) for title in said]
    if _in_article(heading):
        return any(own & words for words in whole) or all(not words for words in whole)
    first = [set(_WORD.findall(_PARTS.split(title)[0].casefold())) for title in said]
    return any(words and len(own & words) >= len(words) / 2 for words in [*whole[:-1], *first])


def _is_called_title(element: etree._Element) -> bool:
    return local(element) == "p" and not _TITLED.isdisjoint((element.get("class") or "").split())


def _in_article(element: etree._Element) -> bool:
    return any(local(one) in ("article", "main") or one.get("role") == "main" for one in element.iterancestors())


def _text(element: etree._Element) -> str:
    return " ".join("".join(map(str, element.itertext())).split())
