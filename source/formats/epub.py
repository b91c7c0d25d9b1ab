"""EPUB → Document: the chapters of an e-book in reading order."""

from __future__ import annotations

import posixpath
import re
from urllib.parse import unquote

from lxml import etree

from source.document import Document
from source.errors import UnreadableFile
from source.formats.archive import Archive, attribute, child, local, xml
from source.formats.html.elements import Walker, note_targets
from source.formats.html.reader import decoded_page, parsed
from source.structure.draft import Draft, extractor
from source.text.encodings import decoded

_PAGES = ("application/xhtml+xml", "text/html")
# Parts that are about the book, not of it.
_ABOUT = re.compile(r"cover|toc|nav|copyright|colophon|titlepage|imprint", re.IGNORECASE)
_SHORT = 400  # signs: a longer part of such a name may be a chapter after all


def read_epub(data: bytes, name: str) -> Document:
    """The document in an .epub file; its chapters are its locators.

    Raises UnreadableFile, with the reason, if it is damaged, encrypted or holds no text.
    """
    with Archive(data) as archive:
        if "META-INF/encryption.xml" in archive and b"EncryptedData" in archive.read("META-INF/encryption.xml"):
            raise UnreadableFile("protected against copying (DRM); only its owner's reader can open it")
        path = _package(archive)
        package = xml(archive.read(path), path)
        draft = Draft()
        chapter = 0
        for part in _spine(package, posixpath.dirname(path)):
            root = parsed(decoded_page(archive.read(part), lambda data: decoded(data)[0])[1])
            body = next(root.iter("body"), root)
            text = " ".join("".join(map(str, body.itertext())).split())
            if not text or (_ABOUT.search(posixpath.basename(part)) and len(text) < _SHORT):
                continue
            chapter += 1
            title = next(
                (heading for heading in body.iter("h1", "h2") if "".join(map(str, heading.itertext())).strip()), None
            )
            words = " ".join("".join(map(str, title.itertext())).split()) if title is not None else ""
            draft.locator(f"chapter {chapter}" + (f": {words[:60]}" if words else ""))
            Walker(draft, note_targets(body)).walk(body)
    values = _metadata(package)
    return draft.document(
        name,
        extractor("lxml"),
        title=values.get("title", ""),
        author=values.get("creator", ""),
        date=values.get("date", "")[:10],
        trusted=bool(values.get("title")),
    )


def _package(archive: Archive) -> str:
    """The name of the file that lists the parts of the book."""
    if "META-INF/container.xml" not in archive:
        raise UnreadableFile("no e-book: its part META-INF/container.xml is missing")
    container = xml(archive.read("META-INF/container.xml"), "META-INF/container.xml")
    for element in container.iter("{*}rootfile"):
        return attribute(element, "full-path")
    raise UnreadableFile("no e-book: META-INF/container.xml names no package")


def _spine(package: etree._Element, folder: str) -> list[str]:
    """The names of the parts in reading order, without the table of contents and what is not in the main line."""
    items = {attribute(item, "id"): item for item in package.iter("{*}item")}
    spine = child(package, "spine")
    parts = []
    for reference in spine if spine is not None else ():
        item = items.get(attribute(reference, "idref"))
        if item is None or local(reference) != "itemref":
            continue
        left_out = attribute(reference, "linear") == "no" or "nav" in attribute(item, "properties").split()
        if attribute(item, "media-type") in _PAGES and not left_out:
            parts.append(posixpath.normpath(posixpath.join(folder, unquote(attribute(item, "href").split("#")[0]))))
    if not parts:
        raise UnreadableFile("no e-book: its package names no chapters")
    return parts


def _metadata(package: etree._Element) -> dict[str, str]:
    metadata = child(package, "metadata")
    values: dict[str, str] = {}
    for element in metadata if metadata is not None else ():
        values.setdefault(local(element), " ".join((element.text or "").split()))
    return values
