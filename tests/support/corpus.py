"""The same essay in every format, written the way word processors, browsers and e-book makers do."""

import html
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import docx
from printed import print_essay

from source.document import Document


def blocks(document: Document) -> Iterator[tuple[str, str]]:
    """("title" | "h1" | "h2" | "p" | "li", text) in order; a passage's list items one by one."""
    yield "title", document.title
    headings = [heading for heading in document.headings if heading.level > 0]
    for passage in document.passages:
        while headings and headings[0].start < passage.start:
            heading = headings.pop(0)
            yield f"h{heading.level}", heading.title
        for line in document.text[passage.start : passage.end].splitlines():
            words = line.strip()
            if words:
                item = words[0] in "•-*"
                yield ("li", words.lstrip("•-* ")) if item else ("p", words)


def write_docx(document: Document, path: Path) -> None:
    word = docx.Document()
    word.core_properties.title = document.title
    word.core_properties.author = "A. N. Author"
    for kind, text in blocks(document):
        if kind == "li":
            word.add_paragraph(text, style="List Bullet")
        elif kind == "p":
            word.add_paragraph(text)
        else:
            word.add_heading(text, 0 if kind == "title" else int(kind[1]))
    word.save(str(path))


def write_html(document: Document, path: Path) -> None:
    """A page as a browser saves it, with what stands around the essay."""
    around = "<a href='/'>Home</a> <a href='/news'>News</a> <a href='/about'>About us</a>"
    related = "<aside><h2>Related articles</h2><ul><li><a href='/1'>Ten tanks you should know</a></ul></aside>"
    page = (
        f"<!DOCTYPE html><html lang=en><head><meta charset=utf-8><title>{html.escape(document.title)} | Site</title>"
        f"<meta name=author content='A. N. Author'></head><body><header><nav>{around}</nav></header>"
        f"<div class='cookie-banner'>We use cookies. <button>Accept</button></div>"
        f"<main><article>{_markup(document)}</article>{related}</main>"
        f"<footer><p>Copyright 2020 The Site. All rights reserved. {around}</p></footer></body></html>"
    )
    path.write_text(page, encoding="utf-8")


def _markup(document: Document) -> str:
    parts, listed = [], False
    for kind, text in blocks(document):
        if (kind == "li") != listed:
            parts.append("<ul>" if not listed else "</ul>")
            listed = not listed
        name = "h1" if kind == "title" else f"h{int(kind[1]) + 1}" if kind[0] == "h" else kind
        parts.append(f"<{name}>{html.escape(text)}</{name}>")
    return "\n".join([*parts, "</ul>" if listed else ""])


def write_epub(document: Document, path: Path) -> None:
    """Each section a chapter; the title page and the table of contents are parts as well."""
    chapters: list[list[tuple[str, str]]] = [[]]
    for kind, text in blocks(document):
        if kind == "h1":
            chapters.append([])
        chapters[-1].append((kind, text))
    pages = {
        "cover.xhtml": "<p>A cover</p>",
        "nav.xhtml": "<nav><ol><li>Contents</li></ol></nav>",
        **{f"part{number}.xhtml": _page(chapter) for number, chapter in enumerate(chapters)},
    }
    navigation = " properties='nav'"
    items = "".join(
        f"<item id='{name}' href='text/{name}' media-type='application/xhtml+xml'"
        f"{navigation if name.startswith('nav') else ''}/>"
        for name in sorted(pages, reverse=True)
    )
    spine = "".join(f"<itemref idref='{name}'/>" for name in pages)
    package = (
        "<package xmlns='http://www.idpf.org/2007/opf' version='3.0'><metadata xmlns:dc='http://purl.org/dc/elements/1.1/'>"
        f"<dc:title>{html.escape(document.title)}</dc:title><dc:creator>A. N. Author</dc:creator></metadata>"
        f"<manifest>{items}</manifest><spine>{spine}</spine></package>"
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("mimetype", "application/epub+zip", zipfile.ZIP_STORED)
        book.writestr(
            "META-INF/container.xml",
            "<container xmlns='urn:oasis:names:tc:opendocument:xmlns:container'><rootfiles>"
            "<rootfile full-path='OEBPS/book.opf'/></rootfiles></container>",
        )
        book.writestr("OEBPS/book.opf", package)
        for name, body in pages.items():
            book.writestr(
                f"OEBPS/text/{name}",
                f"<html xmlns='http://www.w3.org/1999/xhtml'><head><title/></head><body>{body}</body></html>",
            )


def _page(chapter: list[tuple[str, str]]) -> str:
    parts, listed = [], False
    for kind, text in chapter:
        if (kind == "li") != listed:
            parts.append("<ul>" if not listed else "</ul>")
            listed = not listed
        name = {"title": "h1", "h1": "h2", "h2": "h3"}.get(kind, kind)
        parts.append(f"<{name}>{html.escape(text)}</{name}>")
    return "".join([*parts, "</ul>" if listed else ""])


def write_odt(document: Document, path: Path) -> None:
    parts, listed = [], False
    for kind, text in blocks(document):
        words = html.escape(text)
        if (kind == "li") != listed:
            parts.append("<text:list>" if not listed else "</text:list>")
            listed = not listed
        if kind == "title":
            parts.append(f"<text:p text:style-name='Title'>{words}</text:p>")
        elif kind == "li":
            parts.append(f"<text:list-item><text:p>{words}</text:p></text:list-item>")
        elif kind == "p":
            parts.append(f"<text:p>{words}</text:p>")
        else:
            parts.append(f"<text:h text:outline-level='{kind[1]}'>{words}</text:h>")
    names = " ".join(
        f"xmlns:{name}='urn:oasis:names:tc:opendocument:xmlns:{name}:1.0'"
        for name in ("office", "text", "table", "style")
    )
    content = (
        f"<office:document-content {names}><office:body><office:text>{''.join(parts)}{'</text:list>' if listed else ''}"
        "</office:text></office:body></office:document-content>"
    )
    meta = (
        f"<office:document-meta {names} xmlns:dc='http://purl.org/dc/elements/1.1/'><office:meta>"
        f"<dc:title>{html.escape(document.title)}</dc:title><dc:creator>A. N. Author</dc:creator>"
        "</office:meta></office:document-meta>"
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("mimetype", "application/vnd.oasis.opendocument.text", zipfile.ZIP_STORED)
        file.writestr("content.xml", content)
        file.writestr("meta.xml", meta)


def write_rtf(document: Document, path: Path) -> None:
    """Rich text as Word writes it: headings by style, the bullet of an item in a group of its own."""

    def escaped(text: str) -> str:
        plain = text.replace("\\", "\\\\").replace("{", "\\{").replace("}", "\\}")
        return "".join(c if ord(c) < 128 else f"\\u{ord(c)}?" for c in plain)

    info = rf"{{\info{{\title {escaped(document.title)}}}{{\author A. N. Author}}}}"
    styles = r"{\stylesheet{\s0 Normal;}{\s1 heading 1;}{\s2 heading 2;}{\s9 Title;}}"
    parts = [
        rf"{{\rtf1\ansi\ansicpg1252\uc1{{\fonttbl{{\f0 Arial;}}}}{styles}{info}{{\header\pard A running head\par}}"
    ]
    starts = {"title": r"\s9\b ", "h1": r"\s1\b ", "h2": r"\s2\b ", "p": "", "li": r"{\listtext\f1\'b7\tab}\ls1 "}
    parts += [rf"{{\pard {starts[kind]}{escaped(text)}\par}}" for kind, text in blocks(document)]
    path.write_text("\n".join([*parts, "}"]), encoding="ascii")


def write_markdown(document: Document, path: Path) -> None:
    marks = {"title": "# ", "h1": "## ", "h2": "### ", "li": "- ", "p": ""}
    path.write_text("\n\n".join(f"{marks[kind]}{text}" for kind, text in blocks(document)) + "\n", encoding="utf-8")


FORMATS: dict[str, Callable[[Document, Path], None]] = {
    ".md": write_markdown,
    ".html": write_html,
    ".docx": write_docx,
    ".odt": write_odt,
    ".rtf": write_rtf,
    ".epub": write_epub,
    ".pdf": print_essay,
}
