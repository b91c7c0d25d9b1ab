"""What stands above an essay and says what it is: front matter of YAML or TOML, the properties of a page of Logseq."""

from __future__ import annotations

import re
import tomllib
from datetime import date

import yaml

from source.document import Document, Reason
from source.structure.blocks import Block, Kind, trimmed
from source.text.halves import whole_letters

_FRONT_MATTER = re.compile(
    r"\A(?:---[ \t]*\r?\n(?P<yaml>.*?)^(?:---|\.\.\.)|\+\+\+[ \t]*\r?\n(?P<toml>.*?)^\+\+\+"
    # Of Pandoc: title, authors, date. Of MultiMarkdown: labels, the title's first.
    r"|(?P<percent>%[ \t][^\r\n]*(?:\r?\n%[ \t]?[^\r\n]*){0,2})(?=\r?\n|\Z)"
    r"|(?P<labels>[Tt]itle:[ \t]+\S[^\r\n]*(?:\r?\n[A-Za-z][\w -]{1,20}:[ \t]+\S[^\r\n]*)+)(?=\r?\n[ \t]*\r?\n)"
    r"|(?P<properties>(?:[a-z][\w-]*::[ \t][^\r\n]*(?:\r?\n|\Z))+))[ \t]*(?:\r?\n|\Z)",
    re.DOTALL | re.MULTILINE,
)
_LABELLED = re.compile(r"^([A-Za-z][\w -]{1,20}):[ \t]+(.*?)[ \t]*\r?$", re.MULTILINE)
_MARKDOWN = (".md", ".markdown", ".mdx")
_MOMENT = re.compile(r"(?<=^\d{4}-\d\d-\d\d)[T ]\d\d:.*")
_PROPERTY = re.compile(r"^([a-z][\w-]*)::[ \t]+(.*?)[ \t]*\r?$", re.MULTILINE)
# Longer, or with more brackets, it is none: the parser's time and depth grow faster than either.
_LONGEST, _MOST_BRACKETS = 20_000, 200
# How YAML writes that there is no value.
_NOTHING = ("", "~", "null", "Null", "NULL")


def with_front_matter(text: str, name: str) -> tuple[Document, list[Block], int]:
    """The document with its metadata, the front matter as furniture, and where the essay starts."""
    found = _FRONT_MATTER.match(text)
    if found and (found["percent"] or found["labels"]) and not name.lower().endswith(_MARKDOWN):
        found = None
    values = _values(found) if found else None
    if found is None or not isinstance(values, dict):  # a rule at the top of the essay, not front matter
        return Document(name, text, ""), [], 0
    title, author = _plain(values.get("title")), _plain(values.get("author") or values.get("authors"))
    day = _MOMENT.sub("", _plain(values.get("date")))
    span = trimmed(text, *found.span())
    front = Block(span.start, span.end, Kind.FURNITURE, reason=Reason.FRONT_MATTER)
    return Document(name, text, title, author, day), [front], found.end()


def _values(found: re.Match[str]) -> object:
    """What front matter says; None where it is none."""
    if found["percent"] is not None:
        lines = (line.lstrip("% \t") for line in found["percent"].splitlines())
        return dict(zip(("title", "author", "date"), lines, strict=False))
    if found["labels"] is not None:
        return {key.lower(): value for key, value in _LABELLED.findall(found["labels"])}
    if found["properties"] is not None:
        return dict(_PROPERTY.findall(found["properties"]))
    written = found["yaml"] if found["yaml"] is not None else found["toml"]
    if len(written) > _LONGEST or sum(map(written.count, "[{")) > _MOST_BRACKETS:
        return None
    try:
        if found["yaml"] is None:
            return tomllib.loads(written.replace("\r\n", "\n"))
        # Values stay as they are written: nothing is made a date or a number, and none can be wrong.
        return yaml.load(written, yaml.BaseLoader)  # noqa: S506 - this loader makes texts alone
    except (yaml.YAMLError, ValueError, OverflowError, RecursionError):  # beyond their own, what numbers are too large
        return None


def _plain(value: object) -> str:
    """A value of the front matter as one line of text: lists of authors are joined by commas."""
    values = value if isinstance(value, list) else [value]
    texts = [str(v)[:10] if isinstance(v, date) else v for v in values]
    line = ", ".join(" ".join(v.split()) for v in texts if isinstance(v, str) and v not in _NOTHING)
    return whole_letters(line)  # YAML may write a letter as two halves: "\ud83d\ude00"
