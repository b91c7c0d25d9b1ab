"""EPUB → Document: the chapters of an e-book in reading order."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Container, Mapping
from urllib.parse import unquote

from lxml import etree

from source.document import Document, Reason
from source.errors import UnreadableFile
from source.formats.archive import Archive, attribute, child, local, xml
from source.formats.html.elements import flat, heading_text, write
from source.formats.html.notes import note_links
from source.formats.html.reader import decoded_page, parsed
from source.structure.extracted.draft import Draft, extractor
from source.text.encodings import decoded

_PAGES = ("application/xhtml+xml", "text/html")
_OBFUSCATED = ("http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC")  # fonts, not locked
# Parts that are about the book, not of it: by their type, or by the name of their file and their heading.
_ABOUT_TYPES = {
    "cover": Reason.METADATA, "titlepage": Reason.METADATA, "halftitlepage": Reason.METADATA,
    "imprint": Reason.METADATA, "colophon": Reason.METADATA, "copyright-page": Reason.LICENCE,
    "copyright": Reason.LICENCE, "toc": Reason.CONTENTS, "landmarks": Reason.CONTENTS, "loi": Reason.CONTENTS,
    "lot": Reason.CONTENTS, "nav": Reason.CONTENTS, "page-list": Reason.CONTENTS, "title-page": Reason.METADATA,
}  # fmt: skip
_ABOUT = re.compile(r"cover|toc|nav|copyright|colophon|title-?page|imprint", re.IGNORECASE)
_ABOUT_HEADING = re.compile(
    r"(?:imprint|colophon|(?:un)?copyright(?: (?:page|notice))?|(?:table of )?contents|about this (?:book|edition))\.?",
    re.IGNORECASE,
)
_SHORT, _LONGEST_ABOUT = 400, 6000  # signs: a longer part of such a name may be a chapter after all
# A short part with two of these is an imprint; one that is links to this degree a table of contents.
_RIGHTS = re.compile(r"all rights reserved|\bISBN\b|©|\bpublished by\b|\bprinted in\b", re.IGNORECASE)
_LONGEST_IMPRINT, _FEWEST_LINKS, _LINKED = 1500, 2, 0.6
# Parts that are of the book, but no chapters.
_UNCOUNTED = frozenset(
    "frontmatter backmatter preface foreword introduction dedication epigraph prologue epilogue afterword "
    "acknowledgments appendix glossary bibliography index endnotes footnotes rearnotes part volume division".split()
)


def read_epub(data: bytes, name: str) -> Document:
    """The document in an .epub file; its chapters are its locators.

    Raises UnreadableFile, with the reason, if it is damaged, encrypted or holds no text.
    """
    with Archive(data) as archive:
        path = _package(archive)
        package = xml(archive.read(path), path)
        parts = _spine(package, posixpath.dirname(path))
        _refuse_locked(archive, {one for one, _ in parts} | {path})
        bodies = [(part, types, _body(archive.read(part))) for part, types in parts]
    notes = _notes({path: body for path, _, body in bodies})
    draft = Draft()
    read = [
        (part, body, types | _types(body), _about(part, types, body)) for part, types, body in bodies if flat(body, {})
    ]
    headed = any(_heading(body) for _, body, _, reason in read if not reason)
    whole = all(reason for *_, reason in read)  # a book is not only about itself, whatever its parts say
    chapter = 0
    for part, body, types, reason in read:
        if reason and not whole:
            draft.aside(flat(body, {}), reason)
            continue
        title = _heading(body)[:60]
        # A few words above the first chapter of a book whose chapters have headings: a dedication, a motto.
        above = headed and not title and not chapter and len(flat(body, {})) <= _SHORT
        counted = not types & _UNCOUNTED and not above
        chapter += counted
        draft.locator(f"chapter {chapter}" + (f": {title}" if title else "") if counted else title)
        write(draft, body, notes[part])
    values = _metadata(package)
    return draft.document(
        name,
        extractor("lxml"),
        title=values.get("title", ""),
        author=values.get("creator", ""),
        date=values.get("date", "")[:10],
        trusted=bool(values.get("title")),
    )


def _notes(bodies: Mapping[str, etree._Element]) -> dict[str, dict[str, str]]:
    """The footnotes of each part by id, with the marks that lead to them from any part."""
    notes: dict[str, dict[str, str]] = {path: {} for path in bodies}
    for path, body in bodies.items():
        for (file, anchor), mark in note_links(body):
            target = posixpath.normpath(posixpath.join(posixpath.dirname(path), unquote(file))) if file else path
            notes.get(target, {}).setdefault(anchor, mark)
    return notes


def _refuse_locked(archive: Archive, parts: Container[str]) -> None:
    """Raise UnreadableFile if any of `parts` is encrypted; that fonts are obfuscated locks nothing."""
    if "META-INF/encryption.xml" not in archive:
        return
    for element in xml(archive.read("META-INF/encryption.xml"), "META-INF/encryption.xml").iter("{*}EncryptedData"):
        algorithm = next((attribute(one, "Algorithm") for one in element.iter("{*}EncryptionMethod")), "")
        files = [unquote(attribute(one, "URI")).lstrip("/") for one in element.iter("{*}CipherReference")]
        if algorithm not in _OBFUSCATED and (not files or any(posixpath.normpath(file) in parts for file in files)):
            raise UnreadableFile("protected against copying (DRM); only its owner's reader can open it")


def _heading(body: etree._Element) -> str:
    """The first heading of a part, as it stands in the text."""
    return next((text for one in body.iter("hgroup", "h1", "h2", "h3") if (text := heading_text(one))), "")


def _types(body: etree._Element) -> set[str]:
    """What a part says it is: itself, or the one element that holds all of it."""
    types = set(attribute(body, "type").split())
    only = [one for one in body if isinstance(one.tag, str)]
    while len(only) == 1 and local(only[0]) in ("section", "div", "article", "nav"):
        types |= {*attribute(only[0], "type").split(), *(only[0].get("role") or "").replace("doc-", "").split()}
        only = [one for one in only[0] if isinstance(one.tag, str)]
    return types


def _about(path: str, guide: set[str], body: etree._Element) -> Reason | None:
    """Why a part is about the book rather than of it; None if it is of the book.

    The package's `guide` often names the first page of what it means: it is believed of short parts.
    """
    text, title = flat(body, {}), _heading(body)
    types = _types(body) | (guide if len(text) <= _SHORT else set())
    for kind in sorted(types & _ABOUT_TYPES.keys()):
        if len(text) <= _LONGEST_ABOUT:
            return _ABOUT_TYPES[kind]
    links = sum(len(flat(one, {})) for one in body.iter("a"))
    if len(list(body.iter("a"))) >= _FEWEST_LINKS and links >= _LINKED * len(text):
        return Reason.CONTENTS
    if len(text) <= _LONGEST_IMPRINT and len({found.lower() for found in _RIGHTS.findall(text)}) > 1:
        return Reason.LICENCE
    named = _ABOUT.search(posixpath.basename(path))
    if named is None or len(text) > (_LONGEST_ABOUT if _ABOUT_HEADING.fullmatch(title) else _SHORT):
        return None
    return _ABOUT_TYPES.get(named[0].lower(), Reason.METADATA)


def _body(data: bytes) -> etree._Element:
    root = parsed(decoded_page(data, lambda data: decoded(data)[0])[1])
    return next(root.iter("body"), root)


def _package(archive: Archive) -> str:
    """The name of the file that lists the parts of the book."""
    if "META-INF/container.xml" not in archive:
        raise UnreadableFile("no e-book: its part META-INF/container.xml is missing")
    container = xml(archive.read("META-INF/container.xml"), "META-INF/container.xml")
    for element in container.iter("{*}rootfile"):
        return attribute(element, "full-path")
    raise UnreadableFile("no e-book: META-INF/container.xml names no package")


def _spine(package: etree._Element, folder: str) -> list[tuple[str, set[str]]]:
    """The parts in reading order, each with its types; what is not in the main line comes last."""
    items = {attribute(item, "id"): item for item in package.iter("{*}item")}
    guide = {
        posixpath.normpath(attribute(one, "href").split("#")[0]): attribute(one, "type")
        for one in package.iter("{*}reference")
    }
    spine = child(package, "spine")
    parts: list[tuple[str, set[str]]] = []
    beside: list[tuple[str, set[str]]] = []
    for reference in spine if spine is not None else ():
        item = items.get(attribute(reference, "idref"))
        if item is None or local(reference) != "itemref" or attribute(item, "media-type") not in _PAGES:
            continue
        href = unquote(attribute(item, "href").split("#")[0])
        types = {guide.get(posixpath.normpath(href), "")} - {"text", ""}
        if "nav" in attribute(item, "properties").split():
            types.add("toc")
        found = posixpath.normpath(posixpath.join(folder, href)), types
        if attribute(reference, "linear") == "no":
            beside.append((found[0], types | {"backmatter"}))
        else:
            parts.append(found)
    if not parts:
        raise UnreadableFile("no e-book: its package names no chapters")
    return parts + beside


def _metadata(package: etree._Element) -> dict[str, str]:
    metadata = child(package, "metadata")
    values: dict[str, str] = {}
    for element in metadata if metadata is not None else ():
        values.setdefault(local(element), " ".join((element.text or "").split()))
    return values
