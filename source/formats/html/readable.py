"""The readable part of a page saved from a browser: without menus, banners, share buttons and links.

A page says by its elements, roles and class names what is not its text. What holds a large part of
all its words is never taken for furniture, and a page that has none of a web site's machinery is
kept whole.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Sequence

from lxml import etree

from source.document import Reason
from source.formats.archive import local
from source.formats.html.elements import flat
from source.formats.html.formulas import SAID, is_repeated

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
    "navbar navbox navigation navigator newsletter noexport noprint onetrust outbrain overlay pager pagination paywall "
    "popup popover promo promotion promotions recirc recommend recommendation recommendations recommended related "
    "share sharebar sharedaddy sharing sidebar signup sitenotice skip skiplink social sponsor sponsored subscribe "
    "subscription taboola tags toast toc toolbar trending upsell widget".split()
)
_CONTAINERS = frozenset({"div", "section", "ul", "ol", "span", "a", "table", "header", "footer", "figure", "details"})
_COMMENTS = frozenset(
    "comment comments disqus replies responses kommentar kommentare kommentarer commentaire commentaires comentario "
    "comentarios commenti reacties".split()
)
# Ids of the parts of a site's page; one that has several is none that somebody wrote by hand.
_PARTS_OF_SITE = frozenset(
    "header footer nav navigation navbar menu sidebar masthead banner comments mw-navigation mw-content-text".split()
)
_AROUND = frozenset("header footer masthead banner".split())
# Ids of sections that say what these are.
_SECTIONS = _COMMENTS | frozenset("respond related newsletter sidebar navigation share".split())
_ARTICLES = frozenset({"article", "main"})
_CONTAINING = frozenset({"div", "section", "ul", "ol"})
_PARTS = frozenset({"blockquote", "figure", "section"})  # that have a footer or an aside of their own
_ASKS = ("form", "button", "input", "iframe")
Aside = tuple[str, Reason]  # text that is no part of the essay, and why
_Lengths = dict[etree._Element, int]
# An element with more than this share of the page's words is its text, whatever it is called.
_TOO_MUCH = 0.4
# A container that consists of links to this degree leads elsewhere.
_LINKS = 0.9
# So does a footer or an aside of an article to this degree.
_LINKS_IN_TEXT = 0.4
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
# Class names of what is shown when the line above it, or its tab, is pressed; and what names it there.
_SHOWN_LATER = re.compile(
    r"accordion|collaps|faq|answer|(?<![a-z])tab-?pane|(?<![a-z])panel|toggle|expand", re.IGNORECASE
)
_OPENED_BY = ("aria-controls", "data-target", "data-bs-target")
_LEADING = frozenset({"nav", "header", "footer", "form", "dialog"})
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)


def readable(
    body: etree._Element, notes: Container[str], title: etree._Element | None
) -> tuple[etree._Element, list[Aside]]:
    """The element under `body` that holds the text to read, and what stands around and in it.

    The latter is taken out of the tree. Elements whose id is in `notes` are footnotes and stay. So does `title`, unless
    it stands outside that element: then it is taken out as well, and is none of what stands around.
    """
    taken: set[etree._Element] = set()
    asides = _without_hidden(body, taken)
    if not _is_site(body):
        return body, asides
    words, links = _lengths(body)
    most = _TOO_MUCH * max(words[body], 1)
    alone = not any(local(one) in _ARTICLES for one in body.iter())
    holding = _holding(body, notes, title)
    for element in _left(list(body.iter(etree.Element)), taken):
        if element is body or words[element] > most or element in holding:
            continue
        if reason := _reason(element, words, links, alone=alone):
            taken.add(element)
            asides.append(taken_out(element, reason))
    root = _root(body)
    words, links = _lengths(root)
    for element in _left(list(root.iter(etree.Element)), taken):
        if local(element) not in _CONTAINING:
            continue
        few = element is root or element in holding or words[element] > most or len(list(element.iter("a"))) < 3
        if not few and links[element] >= _LINKS * words[element]:
            taken.add(element)
            asides.append(taken_out(element, Reason.NAVIGATION))
    if title is not None and root is not body and root not in title.iterancestors():
        taken_out(title, Reason.SITE)
    asides += [taken_out(one, Reason.SITE) for one in _outside(body, root)]
    return root, asides


def _is_site(body: etree._Element) -> bool:
    """Whether a page has anything that only a web site's page has."""
    if any(local(one) in _MACHINERY or one.get("role") in _ROLES for one in body.iter()):
        return True
    return len({own for one in body.iter("div", "ul") if (own := _id(one)) in _PARTS_OF_SITE}) > 1


def _without_hidden(body: etree._Element, taken: set[etree._Element]) -> list[Aside]:
    """What is not shown at all, taken out of the tree and added to `taken`."""
    asides: list[Aside] = []
    opened = {
        name.lstrip("#") for one in body.iter(etree.Element) for key in _OPENED_BY for name in one.get(key, "").split()
    }
    for element in _left(list(body.iter()), taken):
        if _hidden(element) and not _is_opened(element, opened):
            taken.add(element)
            asides.append(taken_out(element, Reason.MARKUP))
    return asides


def _left(elements: Sequence[etree._Element], taken: set[etree._Element]) -> Iterator[etree._Element]:
    """Those of `elements`, in the order of the page, that stand in none of `taken`, to which others come meanwhile."""
    for element in elements:
        if element.getparent() in taken:
            taken.add(element)
        else:
            yield element


def _outside(body: etree._Element, root: etree._Element) -> list[etree._Element]:
    """The elements under `body` that stand neither in `root` nor around it."""
    around = [root, *root.iterancestors()] if root is not body else []
    around = around[: around.index(body) + 1] if body in around else []
    return [one for parent in reversed(around[1:]) for one in parent if one not in around and isinstance(one.tag, str)]


def _hidden(element: etree._Element) -> bool:
    """Whether an element is not shown; a formula in letters is hidden only because its picture is shown."""
    hidden = element.get("hidden") is not None or bool(_HIDDEN.search(element.get("style") or ""))
    hidden = hidden or _is_said(element)
    return hidden and element.find(".//math") is None


def _is_opened(element: etree._Element, opened: Container[str]) -> bool:
    """Whether an element that is not shown is when its question, heading or tab is pressed, as answers of an FAQ are.

    `opened` are the ids that buttons name.
    """
    if not isinstance(element.tag, str) or local(element) not in _CONTAINING or _named(element) & _WORDS:
        return False
    named = (element.get("id") or "") in opened or _SHOWN_LATER.search(element.get("class") or "") is not None
    later = named or element.get("hidden") == "until-found"
    return later and element.get("role") not in _ROLES and not _stands_in(element, _LEADING)


def _is_said(element: etree._Element) -> bool:
    """Whether an element is for those who do not see the page, and is not what they hear instead of what is shown."""
    before = element.getprevious()
    instead = before is not None and is_repeated(before)
    return local(element) == "span" and not instead and not SAID.isdisjoint((element.get("class") or "").split())


def _reason(element: etree._Element, words: _Lengths, links: _Lengths, *, alone: bool) -> Reason | None:
    """Why an element is furniture, on a page that is `alone` the text, without an article; None if it is text."""
    name = local(element)
    if element.get("role") in _ROLES:
        return Reason.SITE
    named = _named(element)
    if named & _COMMENTS:
        return Reason.COMMENT
    if name == "header":
        # An article's own header has its title, the site's has not.
        return Reason.SITE if not _stands_in(element, _ARTICLES) or named & _WORDS else None
    if name in ("footer", "aside") and ((alone and name == "aside") or _stands_in(element, _ARTICLES | _PARTS)):
        # A text's own footer and asides hold notes, or else links and buttons.
        leads_on = links[element] > _LINKS_IN_TEXT * words[element]
        asks = any(local(one) in _ASKS for one in element.iter())
        return Reason.SITE if leads_on or asks or named & _WORDS else None
    if _id(element) in _AROUND and name == "div":
        return Reason.SITE if alone else None
    if name in _FURNITURE or (name in _CONTAINERS and named & _WORDS):
        return Reason.NAVIGATION if name == "nav" else Reason.SITE
    return None


def _id(element: etree._Element) -> str:
    return (element.get("id") or "").lower()


def _stands_in(element: etree._Element, names: Container[str]) -> bool:
    return any(local(one) in names for one in element.iterancestors())


def _named(element: etree._Element) -> set[str]:
    """The words of an element's class names and id; of a section's id only a whole one, for it may be its heading."""
    name, own = local(element), element.get("id") or ""
    if name not in _CONTAINERS | _FURNITURE:
        return set()
    classes = element.get("class") or ""
    section = name == "section" or "section" in classes.split()
    words = {word.lower() for word in _WORD.findall(classes if section else f"{classes} {own}")}
    return words | ({own.lower()} & _SECTIONS) if section else words


def _holding(body: etree._Element, notes: Container[str], title: etree._Element | None) -> set[etree._Element]:
    """The elements that hold footnotes or the title, and those around them."""
    kept = [title] if title is not None else []
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


def _lengths(root: etree._Element) -> tuple[_Lengths, _Lengths]:
    """How many characters other than white space each element holds, and how many of them in links."""
    words: _Lengths = {}
    links: _Lengths = {}
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


def taken_out(element: etree._Element, reason: Reason) -> Aside:
    """Take an element out of the tree, but leave the text that follows it: its own text, and why."""
    aside = flat(element, {}), reason
    parent = element.getparent()
    if parent is None:
        return aside
    before = element.getprevious()
    tail = element.tail or ""
    if before is not None:
        before.tail = (before.tail or "") + tail
    else:
        parent.text = (parent.text or "") + tail
    parent.remove(element)
    return aside
