"""The readable part of a page saved from a browser: without menus, banners, share buttons and links.

A page says by its elements, roles and class names what is not its text. What holds a large part of
all its words is never taken for furniture, and a page that has none of a web site's machinery is
kept whole.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator

from lxml import etree

from source.formats.archive import local

# Elements that only a web site's page has; one without any of them is a document, kept whole.
_MACHINERY = ("nav", "main", "article", "aside", "form", "button", "iframe", "dialog")
_FURNITURE = frozenset({"nav", "aside", "form", "footer", "header", "dialog", "menu"})
_ROLES = frozenset(
    "navigation banner contentinfo complementary search dialog alertdialog toolbar menu menubar tablist "
    "doc-toc doc-pagelist".split()
)
# Words of class names and ids; they are looked for in containers only, for a heading's id is its text.
_WORDS = frozenset(
    "ad ads adsense advert advertisement adverts alert banner billboard breadcrumb breadcrumbs catlinks comment "
    "comments consent cookie cookies cookiebar disqus editsection gdpr jumplink masthead menu metabar modal nav "
    "navbar navbox navigation navigator newsletter noprint onetrust outbrain overlay pager pagination paywall "
    "popup popover promo promotion promotions recirc recommend recommendation recommendations recommended related "
    "share sharebar sharedaddy sharing sidebar signup sitenotice skip skiplink social sponsor sponsored subscribe "
    "subscription taboola tags toast toc toolbar trending upsell widget".split()
)
_CONTAINERS = frozenset({"div", "section", "ul", "ol", "span", "a", "table", "header", "footer", "figure", "details"})
# An element with more than this share of the page's words is its text, whatever it is called.
_TOO_MUCH = 0.4
# A container that consists of links to this degree leads elsewhere.
_LINKS = 0.9
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)


def readable(body: etree._Element, notes: Container[str]) -> etree._Element:
    """The element under `body` that holds the text to read; what is no part of it is taken out of the tree.

    Elements whose id is in `notes` are footnotes and stay.
    """
    for element in [one for one in body.iter() if _hidden(one)]:
        _remove(element)
    if not any(local(one) in _MACHINERY or one.get("role") in _ROLES for one in body.iter()):
        return body
    words, links = _lengths(body)
    most = _TOO_MUCH * max(words[body], 1)
    holding = _holding(body, notes)
    for element in list(body.iter(etree.Element)):
        if element is not body and words[element] <= most and element not in holding and _is_furniture(element):
            _remove(element)
    root = _root(body)
    words, links = _lengths(root)
    for element in list(root.iter("div", "section", "ul", "ol")):
        few = element is root or element in holding or words[element] > most or len(list(element.iter("a"))) < 3
        if not few and links[element] >= _LINKS * words[element]:
            _remove(element)
    return root


def _hidden(element: etree._Element) -> bool:
    return element.get("hidden") is not None or bool(_HIDDEN.search(element.get("style") or ""))


def _is_furniture(element: etree._Element) -> bool:
    name = local(element)
    if element.get("role") in _ROLES:
        return True
    if name in ("header", "footer"):
        # An article's own header has its title, the site's has not; an article's footer has its notes or none.
        return name == "footer" or not any(local(one) in ("article", "main") for one in element.iterancestors())
    if name in _FURNITURE:
        return True
    if name not in _CONTAINERS:
        return False
    classes = element.get("class") or ""
    named = classes if name == "section" or "section" in classes.split() else f"{classes} {element.get('id') or ''}"
    return any(word.lower() in _WORDS for word in _WORD.findall(named))


def _holding(body: etree._Element, notes: Container[str]) -> set[etree._Element]:
    """The elements that hold footnotes or the page's one main heading, and those around them."""
    headings = list(body.iter("h1"))
    kept = headings if len(headings) == 1 else []
    holding: set[etree._Element] = set()
    for element in [*kept, *(one for one in body.iter(etree.Element) if (one.get("id") or "") in notes)]:
        holding.add(element)
        for around in element.iterancestors():
            if around in holding:
                break
            holding.add(around)
    return holding


def _root(body: etree._Element) -> etree._Element:
    """The article if there is one, else the page's main part, else the whole."""
    words, _ = _lengths(body)
    mains = [one for one in body.iter(etree.Element) if local(one) == "main" or one.get("role") == "main"]
    whole = max(mains, key=lambda one: words[one], default=body)
    if words[whole] < _TOO_MUCH * words[body]:
        whole = body
    texts = [
        one for one in whole.iter(etree.Element) if local(one) == "article" or one.get("itemprop") == "articleBody"
    ]
    outer = [one for one in texts if not any(around in texts for around in one.iterancestors())]
    if len(outer) == 1 and words[outer[0]] >= _TOO_MUCH * words[whole]:
        return outer[0]
    return whole


def _lengths(root: etree._Element) -> tuple[dict[etree._Element, int], dict[etree._Element, int]]:
    """How many characters other than white space each element holds, and how many of them in links."""
    words: dict[etree._Element, int] = {}
    links: dict[etree._Element, int] = {}
    for element in _upwards(root):
        name = local(element)
        own = 0 if name in ("script", "style", "template", "noscript") else _length(element.text)
        words[element] = own + sum(words.get(one, 0) + _length(one.tail) for one in element)
        links[element] = words[element] if name == "a" else sum(links.get(one, 0) for one in element)
    return words, links


def _upwards(root: etree._Element) -> Iterator[etree._Element]:
    """All elements, each after those inside it."""
    for _, element in etree.iterwalk(root, events=("end",)):
        yield element


def _length(text: str | None) -> int:
    return len("".join(text.split())) if text else 0


def _remove(element: etree._Element) -> None:
    """Take an element out of the tree, but leave the text that follows it."""
    parent = element.getparent()
    if parent is None:
        return
    before = element.getprevious()
    tail = element.tail or ""
    if before is not None:
        before.tail = (before.tail or "") + tail
    else:
        parent.text = (parent.text or "") + tail
    parent.remove(element)
