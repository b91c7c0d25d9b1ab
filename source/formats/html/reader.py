"""HTML → Document: the readable part of a saved page, or a plain file whole."""

from __future__ import annotations

import codecs
import contextlib
import re
from collections.abc import Callable
from dataclasses import replace
from itertools import islice

from lxml import etree

from source.document import Document
from source.errors import UnreadableFile
from source.formats.html.described import byline, described
from source.formats.html.elements import write
from source.formats.html.gutenberg import title_and_author
from source.formats.html.notes import note_targets
from source.formats.html.readable import readable
from source.formats.html.titles import main_title
from source.structure.extracted.draft import Draft, extractor

_CHARSET = re.compile(
    rb"<meta[^>]{0,400}?charset\s*=\s*[\"']?\s*([\w.:-]+)|<\?xml[^>]{0,200}?encoding=[\"']([\w.:-]+)", re.IGNORECASE
)
# What the encoding that a page declares is taken for by browsers, by Python's name for it.
_AS_BROWSERS_DO = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "tis-620": "cp874",
}
_ENCODING = re.compile(r"utf-8|iso8859-\d+|cp\d{3,4}|koi8-[rtu]|gb18030|big5(hkscs)?|euc_jp|iso2022_jp|mac-\w+")
_DECLARED_WITHIN = 4096
_SURROGATE = re.compile("[\ud800-\udfff]")
_DAY = re.compile(r"^(\d{4}-\d\d-\d\d)T.*")
_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_LONGEST_NAME = 60
# Class names of the line below a title that says when it was published: of WordPress, Medium, Ghost, Jekyll.
_PUBLISHED = re.compile(
    r"(?:^|\s)(?:dt-published|published|posted-on|(?:entry|post|article)-(?:date|meta(?:-date)?)|pub-?date)(?:$|\s)"
)
_AUTHORS = ("author", "article:author", "dc.creator", "citation_author", "parsely-author")
_DATES = (
    "article:published_time", "date", "dc.date", "dc.date.issued", "citation_publication_date", "pubdate",
    "datepublished",
)  # fmt: skip


def read_html(data: bytes, name: str, decoded: Callable[[bytes], str]) -> Document:
    """The document in an HTML file; `decoded` reads one that neither says its encoding nor is UTF-8."""
    encoding, text = decoded_page(data, decoded)
    root = parsed(text)
    body = next(root.iter("body"), root)
    metadata = _metadata(root)
    notes = note_targets(body)
    heading, title = main_title(root, body, metadata)
    author = next((metadata[key] for key in _AUTHORS if "://" not in metadata.get(key, "://")), "")
    author = author or byline(body, heading)
    part, asides = readable(body, notes, heading)
    draft = Draft()
    if heading is not None and heading.getparent() is None:
        draft.heading(title, 0)
    write(draft, part, notes)
    for text, reason in asides:
        draft.aside(text, reason)
    document = draft.document(
        name,
        extractor("lxml"),
        title=title,
        author=author,
        date=_DAY.sub(r"\1", next((metadata[key] for key in _DATES if key in metadata), "")),
        trusted=heading is None and bool(title),
    )
    return replace(document, encoding=encoding)


def decoded_page(data: bytes, decoded: Callable[[bytes], str]) -> tuple[str, str]:
    """The encoding of a page and its text: by its mark, by what it declares, UTF-8, or as `decoded` finds.

    Raises UnreadableFile, as `decoded` does, if it is no text.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            with contextlib.suppress(UnicodeDecodeError):
                return encoding, data.removeprefix(codecs.BOM_UTF8).decode(encoding)
    declared = _CHARSET.search(data, 0, _DECLARED_WITHIN)
    names = [_known((declared[1] or declared[2]).decode("ascii", "replace"))] if declared else []
    for encoding in [*names, "utf-8"]:
        with contextlib.suppress(UnicodeDecodeError):
            if encoding and b"\0" not in data:
                return encoding, data.decode(encoding)
    return "utf-8", decoded(data)


def parsed(text: str) -> etree._Element:
    """The tree of an HTML page. Raises UnreadableFile if it holds nothing or is nested beyond reason."""
    parser = etree.HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True, no_network=True)
    data = _SURROGATE.sub("\ufffd", text.replace("\0", "")).encode()
    try:
        root = etree.fromstring(data, parser) if data.strip() else None
    except etree.LxmlError as error:
        raise UnreadableFile(f"no readable HTML ({error}); save it again") from error
    if any(entry.type_name == "ERR_RESOURCE_LIMIT" for entry in parser.error_log):
        raise UnreadableFile("its elements are nested too deeply to be a text")
    if root is None:
        raise UnreadableFile("empty")
    return root


def _known(declared: str) -> str:
    """Python's name of a declared encoding, as browsers understand it; "" for none that texts are in."""
    try:
        name = codecs.lookup(declared).name
    except LookupError:
        return ""
    name = _AS_BROWSERS_DO.get(name, name)
    return name if _ENCODING.fullmatch(name) else ""


def _is_published(time: etree._Element) -> bool:
    """Whether a time is the one at which the page was published, as it says itself or its class names do."""
    if time.get("itemprop") == "datePublished" or time.get("pubdate") is not None:
        return True
    return any(_PUBLISHED.search(one.get("class") or "") for one in (time, *islice(time.iterancestors(), 2)))


def _metadata(root: etree._Element) -> dict[str, str]:
    """What the page's <meta> elements say, by their names in small letters; the first of each name."""
    values: dict[str, str] = {}
    for meta in root.iter("meta"):
        key = (meta.get("name") or meta.get("property") or meta.get("itemprop") or "").strip().lower()
        value = " ".join((meta.get("content") or "").split())
        if key and value:
            values.setdefault(key, value)
    authors = [
        one for one in root.iter("a", "span") if "author" in ((one.get("rel") or "") + (one.get("itemprop") or ""))
    ]
    if authors and (name := " ".join("".join(map(str, authors[0].itertext())).split())) and len(name) <= _LONGEST_NAME:
        values.setdefault("author", name)
    for time in root.iter("time"):
        if time.get("datetime") and _is_published(time):
            values.setdefault("datepublished", str(time.get("datetime")))
    if author := title_and_author(" ".join("".join(map(str, root.findtext(".//title") or "")).split()))[1]:
        values.setdefault("author", author)
    for key, value in described(root).items():
        values.setdefault(key, value)
    return values
