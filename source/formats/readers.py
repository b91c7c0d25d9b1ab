"""A file → a Document: one reader a format."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import PurePosixPath

from source.document import Document
from source.errors import UnreadableFile
from source.files import Content, Held
from source.text.halves import has_whole_letters

Reader = Callable[[Content, str], Document]  # the file's bytes and the document's name


def read_here(data: bytes, name: str) -> Document:
    """The document in these bytes of a file called `name`, read in this process, without limits of time or memory.

    Raises UnreadableFile, with the reason, if they are no essay in the format that the name says.
    """
    return read_content(Held(data), name)


def read_content(content: Content, name: str) -> Document:
    """As `read_here`; of a file in which its text stands itself, nothing but that text is held while it is read."""
    document = READERS[PurePosixPath(name).suffix.lower()](content, name)
    if not document.text or document.text.isspace():
        raise UnreadableFile("empty")
    _check_letters(document)
    return document


def _check_letters(document: Document) -> None:
    """Raise UnreadableFile if `document` holds half a letter: no index could store it."""
    texts = (document.text, document.title, document.author, document.date, *document.unread)
    if not all(map(has_whole_letters, texts)):
        raise UnreadableFile("holds half of a letter (a lone surrogate); save it again")


def check_suffix(name: str) -> None:
    """Raise UnreadableFile if no reader is known for the suffix of `name`."""
    suffix = PurePosixPath(name).suffix
    if suffix.lower() in SAVE_AS:
        raise UnreadableFile(SAVE_AS[suffix.lower()])
    if suffix.lower() not in READERS:
        raise UnreadableFile(f"unknown kind of file ({suffix or 'no suffix'}); known are {', '.join(READERS)}")


def _read_decoded(content: Content, name: str, read_text: Callable[[str, str], Document]) -> Document:
    """A document whose file is its text, once it is decoded."""
    from source.text.encodings import text_in

    text, encoding, digest = text_in(content)
    return replace(read_text(text, name), encoding=encoding, file_sha256=digest)


def _text(content: Content, name: str) -> Document:
    from source.formats.text import read_text

    return _read_decoded(content, name, read_text)


def _markdown(content: Content, name: str) -> Document:
    from source.formats.markdown import read_markdown

    return _read_decoded(content, name, read_markdown)


def _mdx(content: Content, name: str) -> Document:
    from source.formats.mdx import read_mdx

    return _read_decoded(content, name, read_mdx)


def _subtitles(content: Content, name: str) -> Document:
    from source.formats.subtitles import read_subtitles

    return _read_decoded(content, name, read_subtitles)


def _extracted(content: Content, name: str, read_data: Callable[[bytes, str], Document]) -> Document:
    """A document whose text is not its file's, with the file's own hash: it tells whether the file changed."""
    data = content.whole()
    return replace(read_data(data, name), file_sha256=hashlib.sha256(data).hexdigest())


def _html(content: Content, name: str) -> Document:
    from source.formats.html.reader import read_html
    from source.text.encodings import decoded

    return _extracted(content, name, lambda data, name: read_html(data, name, lambda data: decoded(data)[0]))


def _docx(content: Content, name: str) -> Document:
    from source.formats.word.reader import read_docx

    return _extracted(content, name, read_docx)


def _odt(content: Content, name: str) -> Document:
    from source.formats.odt import read_odt

    return _extracted(content, name, read_odt)


def _rtf(content: Content, name: str) -> Document:
    from source.formats.rtf.reader import read_rtf

    return _extracted(content, name, read_rtf)


def _epub(content: Content, name: str) -> Document:
    from source.formats.epub import read_epub

    return _extracted(content, name, read_epub)


def _pdf(content: Content, name: str) -> Document:
    from source.formats.pdf.reader import read_pdf

    return _extracted(content, name, read_pdf)


def _mail(content: Content, name: str) -> Document:
    from source.formats.mail import read_mail

    return _extracted(content, name, read_mail)


PLAIN = (".txt", ".text", ".md", ".markdown", ".mdx")  # the file is its own text
# The modules of a format are imported when the first such file is read: whoever asks reads none.
READERS: Mapping[str, Reader] = {
    ".txt": _text,
    ".text": _text,
    ".md": _markdown,
    ".markdown": _markdown,
    ".mdx": _mdx,
    ".html": _html,
    ".htm": _html,
    ".xhtml": _html,
    ".docx": _docx,
    ".odt": _odt,
    ".rtf": _rtf,
    ".epub": _epub,
    ".pdf": _pdf,
    ".eml": _mail,
    ".srt": _subtitles,
    ".vtt": _subtitles,
}
# What to save a file as that cannot be read, by its suffix.
SAVE_AS: Mapping[str, str] = {
    ".doc": "an old Word file; save it as .docx",
    ".dot": "an old Word file; save it as .docx",
    ".wpd": "a WordPerfect file; save it as .docx or .odt",
    ".wps": "a Works file; save it as .docx or .rtf",
    ".pages": "a Pages file; export it as .docx, .epub or .pdf",
    ".odp": "a presentation; export it as .pdf",
    ".ppt": "a presentation; export it as .pdf",
    ".pptx": "a presentation; export it as .pdf",
    ".key": "a presentation; export it as .pdf",
    ".ods": "a table of numbers; save what it says as .txt or .docx",
    ".xls": "a table of numbers; save what it says as .txt or .docx",
    ".xlsx": "a table of numbers; save what it says as .txt or .docx",
    ".mobi": "a Kindle book; convert it to .epub",
    ".azw": "a Kindle book; convert it to .epub",
    ".azw3": "a Kindle book; convert it to .epub",
    ".mht": "a web archive; save the page as .html",
    ".mhtml": "a web archive; save the page as .html",
    ".webarchive": "a web archive; save the page as .html",
    ".msg": "a mail of Outlook; save it as .eml or .txt",
    ".djvu": "scanned pages; export them as .pdf with recognised text",
    ".tex": "a TeX source; print it to .pdf",
    ".gdoc": "a link to a document of Google; download it as .docx",
}
