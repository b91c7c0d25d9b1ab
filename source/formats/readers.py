"""A file → a Document: one reader a format."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path, PurePosixPath

import yaml
from markdown_it import MarkdownIt

from source.document import Document, Span
from source.errors import UnreadableFile
from source.files import SourceFile
from source.structure.blocks import Block, Kind, joined_lists, plain_blocks, structured, trimmed
from source.text.encodings import decoded

Reader = Callable[[bytes, str], Document]  # the file's bytes and the document's name

_FRONT_MATTER = re.compile(r"\A---[ \t]*\r?\n(.*?)^(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z)", re.DOTALL | re.MULTILINE)

# How YAML writes that there is no value.
_NOTHING = ("", "~", "null", "Null", "NULL")


def read(path: Path, name: str) -> Document:
    """The document in the file `path`, called `name`.

    Raises UnreadableFile, with the reason, if the file is no essay in a known format.
    """
    check_suffix(name)
    return read_data(SourceFile(path).data(), name)


def read_data(data: bytes, name: str) -> Document:
    """The document in these bytes of a file called `name`, as `read` gives it.

    Formats without plain text of their own are read in a process of its own, with limits.
    """
    check_suffix(name)
    if PurePosixPath(name).suffix.lower() in PLAIN:
        return read_here(data, name)
    from source.worker.process import WORKER

    return WORKER.read(data, name)


def read_here(data: bytes, name: str) -> Document:
    """As `read_data`, in this process."""
    document = READERS[PurePosixPath(name).suffix.lower()](data, name)
    document = document if document.file_sha256 else replace(document, file_sha256=hashlib.sha256(data).hexdigest())
    if not document.text.strip():
        raise UnreadableFile("empty")
    return document


def check_suffix(name: str) -> None:
    """Raise UnreadableFile if no reader is known for the suffix of `name`."""
    suffix = PurePosixPath(name).suffix
    if suffix.lower() not in READERS:
        raise UnreadableFile(f"unknown kind of file ({suffix or 'no suffix'}); known are {', '.join(READERS)}")


def read_text(text: str, name: str) -> Document:
    """Plain text, with or without YAML front matter."""
    document, front, start = _with_front_matter(text, name)
    return structured(document, front + plain_blocks(text, start))


def read_markdown(text: str, name: str) -> Document:
    """Markdown (CommonMark with tables), with or without YAML front matter; the source is the text."""
    document, front, start = _with_front_matter(text, name)
    return structured(document, front + joined_lists(text, _markdown_blocks(text, start)))


def _text(read_decoded: Callable[[str, str], Document]) -> Reader:
    """The reader of a format whose file is its text."""

    def reader(data: bytes, name: str) -> Document:
        text, encoding = decoded(data)
        return replace(read_decoded(text, name), encoding=encoding)

    return reader


def _html(data: bytes, name: str) -> Document:
    from source.formats.html.reader import read_html

    return _extracted(data, read_html(data, name, lambda data: decoded(data)[0]))


def _extracted(data: bytes, document: Document) -> Document:
    """`document`, whose text is not its file's, with the file's own hash: it tells whether the file changed."""
    return replace(document, file_sha256=hashlib.sha256(data).hexdigest())


def _docx(data: bytes, name: str) -> Document:
    from source.formats.word.reader import read_docx

    return _extracted(data, read_docx(data, name))


def _odt(data: bytes, name: str) -> Document:
    from source.formats.odt import read_odt

    return _extracted(data, read_odt(data, name))


def _rtf(data: bytes, name: str) -> Document:
    from source.formats.rtf.reader import read_rtf

    return _extracted(data, read_rtf(data, name))


def _epub(data: bytes, name: str) -> Document:
    from source.formats.epub import read_epub

    return _extracted(data, read_epub(data, name))


def _pdf(data: bytes, name: str) -> Document:
    from source.formats.pdf.reader import read_pdf

    return _extracted(data, read_pdf(data, name))


PLAIN = (".txt", ".md", ".markdown")  # the file is its own text
# The modules of extracted formats are imported when the first such file is read.
READERS: Mapping[str, Reader] = {
    ".txt": _text(read_text),
    ".md": _text(read_markdown),
    ".markdown": _text(read_markdown),
    ".html": _html,
    ".htm": _html,
    ".xhtml": _html,
    ".docx": _docx,
    ".odt": _odt,
    ".rtf": _rtf,
    ".epub": _epub,
    ".pdf": _pdf,
}


def _with_front_matter(text: str, name: str) -> tuple[Document, list[Block], int]:
    """The document with its metadata, the front matter as furniture, and where the essay starts."""
    found = _FRONT_MATTER.match(text)
    if found is None:
        return Document(name, text, ""), [], 0
    try:
        # Values stay as they are written: nothing is made a date or a number, and none can be wrong.
        values = yaml.load(found.group(1), yaml.BaseLoader)  # noqa: S506 - this loader makes texts alone
    except (yaml.YAMLError, RecursionError):
        values = None
    if not isinstance(values, dict):  # a rule at the top of the essay, not front matter
        return Document(name, text, ""), [], 0
    title, author, date = (_plain(values.get(key)) for key in ("title", "author", "date"))
    span = trimmed(text, *found.span())
    return Document(name, text, title, author, date), [Block(span.start, span.end, Kind.FURNITURE)], found.end()


def _plain(value: object) -> str:
    """A value of the front matter as one line of text: lists of authors are joined by commas."""
    values = value if isinstance(value, list) else [value]
    return ", ".join(" ".join(v.split()) for v in values if isinstance(v, str) and v not in _NOTHING)


def _markdown_blocks(text: str, start: int) -> list[Block]:
    """The blocks of Markdown: markdown-it says on which lines each stands."""
    # markdown-it counts lines by "\n" after turning "\r\n" and "\r" into it.
    ends = [found.end() for found in re.finditer(r"\r\n|\r|\n", text[start:])]
    starts = [start, *(start + end for end in ends), len(text)]
    blocks: list[Block] = []
    tokens = MarkdownIt("commonmark").enable("table").parse(text[start:].replace("\0", " "))
    for i, token in enumerate(tokens):
        if token.level or token.map is None:
            continue
        span = trimmed(text, starts[token.map[0]], starts[min(token.map[1], len(starts) - 1)])
        if span.start == span.end:
            continue
        if token.type == "heading_open":
            title = "".join(c.content for c in tokens[i + 1].children or () if c.type in ("text", "code_inline"))
            blocks.append(Block(span.start, span.end, Kind.HEADING, int(token.tag[1]), title.strip()))
        else:
            blocks.append(Block(span.start, span.end, _markdown_kind(token.type)))
    return _with_gaps(text, start, blocks)


def _markdown_kind(token_type: str) -> Kind:
    if token_type in ("bullet_list_open", "ordered_list_open"):
        return Kind.LIST
    return Kind.FURNITURE if token_type in ("hr", "html_block") else Kind.TEXT


def _with_gaps(text: str, start: int, blocks: list[Block]) -> list[Block]:
    """`blocks` and, as furniture, what stands between them (link definitions have no token)."""
    whole: list[Block] = []
    at = start
    for block in [*blocks, Block(len(text), len(text), Kind.FURNITURE)]:
        gap: Span = trimmed(text, at, block.start)
        if gap.start < gap.end:
            whole.append(Block(gap.start, gap.end, Kind.FURNITURE))
        if block.start < block.end:
            whole.append(block)
        at = block.end
    return whole
