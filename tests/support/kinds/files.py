"""Files as programs write them: e-books, Word, OpenDocument, RTF."""

from __future__ import annotations

import html
import io
import zipfile
from collections.abc import Mapping

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_OASIS = "urn:oasis:names:tc:opendocument:xmlns"
_ODF = " ".join(
    f'xmlns:{name}="{_OASIS}:{name}:1.0"' for name in ("office", "text", "table", "style", "meta", "drawing")
)
_DC = 'xmlns:dc="http://purl.org/dc/elements/1.1/"'


def zipped(files: Mapping[str, str | bytes]) -> bytes:
    """An archive of these files."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return file.getvalue()


def epub(
    *parts: tuple[str, str], title: str = "The Mill", author: str = "", more: Mapping[str, str] | None = None
) -> bytes:
    """An EPUB of parts given as (name, body), with `more` files."""
    items = "".join(
        f"<item id='i{i}' href='{name}' media-type='application/xhtml+xml'/>" for i, (name, _) in enumerate(parts)
    )
    spine = "".join(f"<itemref idref='i{i}'/>" for i in range(len(parts)))
    creator = f"<dc:creator>{author}</dc:creator>" if author else ""
    return zipped(
        {
            "mimetype": "application/epub+zip",
            "META-INF/container.xml": "<container><rootfiles><rootfile full-path='E/a.opf'/></rootfiles></container>",
            "E/a.opf": (
                f"<package {_DC}><metadata><dc:title>{title}</dc:title>{creator}</metadata>"
                f"<manifest>{items}</manifest><spine>{spine}</spine></package>"
            ),
            **{
                f"E/{name}": f"<html xmlns:epub='http://www.idpf.org/2007/ops'><body>{body}</body></html>"
                for name, body in parts
            },
            **(more or {}),
        }
    )


def docx(*paragraphs: str, title: str = "", author: str = "", **parts: str) -> bytes:
    """A Word file of these elements; `parts` are further files of its folder by name."""
    files = {
        "word/document.xml": f"<w:document {W}><w:body>{''.join(paragraphs)}</w:body></w:document>",
        **{f"word/{name}.xml": data for name, data in parts.items()},
    }
    if title or author:
        files["docProps/core.xml"] = (
            '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"'
            f" {_DC}><dc:title>{title}</dc:title><dc:creator>{author}</dc:creator></cp:coreProperties>"
        )
    return zipped(files)


def p(text: str, properties: str = "", run: str = "") -> str:
    """A paragraph of Word."""
    words = html.escape(text)
    return (
        f"<w:p><w:pPr>{properties}</w:pPr><w:r><w:rPr>{run}</w:rPr><w:t xml:space='preserve'>{words}</w:t></w:r></w:p>"
    )


def item(text: str, level: int = 0, number: int = 1) -> str:
    """An item of one of Word's lists."""
    return p(text, f"<w:numPr><w:ilvl w:val='{level}'/><w:numId w:val='{number}'/></w:numPr>")


def numbering(*levels: tuple[str, int, str]) -> str:
    """A numbering of Word, its levels given as (format, start, text)."""
    parts = (
        f"<w:lvl w:ilvl='{i}'><w:start w:val='{start}'/><w:numFmt w:val='{form}'/><w:lvlText w:val='{text}'/></w:lvl>"
        for i, (form, start, text) in enumerate(levels)
    )
    return (
        f"<w:numbering {W}><w:abstractNum w:abstractNumId='0'>{''.join(parts)}</w:abstractNum>"
        "<w:num w:numId='1'><w:abstractNumId w:val='0'/></w:num></w:numbering>"
    )


def table(*rows: tuple[str, ...]) -> str:
    """A table of Word."""
    return "<w:tbl>" + "".join(f"<w:tr>{''.join(map(_cell, row))}</w:tr>" for row in rows) + "</w:tbl>"


def _cell(text: str) -> str:
    return f"<w:tc>{p(text)}</w:tc>"


def odt(body: str, styles: str = "", *, title: str = "", author: str = "") -> bytes:
    """An OpenDocument text."""
    return zipped(
        {
            "mimetype": "application/vnd.oasis.opendocument.text",
            "content.xml": (
                f"<office:document-content {_ODF}><office:automatic-styles>{styles}</office:automatic-styles>"
                f"<office:body><office:text>{body}</office:text></office:body></office:document-content>"
            ),
            "meta.xml": (
                f"<office:document-meta {_ODF} {_DC}><office:meta><dc:title>{title}</dc:title>"
                f"<meta:initial-creator>{author}</meta:initial-creator></office:meta></office:document-meta>"
            ),
        }
    )


def rtf(body: str) -> bytes:
    """Rich text."""
    return rf"{{\rtf1\ansi\ansicpg1252\uc1{{\fonttbl{{\f0 Times;}}}}{body}}}".encode("ascii")
