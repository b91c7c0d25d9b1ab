"""Quotations as Markdown that shows them letter for letter."""

from __future__ import annotations

import re

_INDENTED = re.compile(r"[\r\n]+(?:[ \t]{2,}|[ \t]*(?:[-*+•·–]|\d{1,3}[.)])[ \t])\S")
# What has a meaning in Markdown, and what makes addresses links in GitHub's, with backslashes in them.
_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~$&!]|:(?=//)|(?<=www)\.)", re.IGNORECASE)
# Lines shorter than this on average were broken by the author, not by an editor's right margin.
_VERSE_LINE = 45
# Where Markdown ends a line; Python's patterns and `split` know one or more than these.
_LINE_END = re.compile(r"(\r\n|\r|\n)")
# At the start of a line these would begin a list, a heading or a rule.
_LINE_START = re.compile(r"((?:\A|(?<=[\r\n]))[^\S\r\n]*)([-+=]|\d+(?=[.)]))")


def block(text: str, where: str, marked: str | None = None) -> str:
    """`text` as a quotation in Markdown that shows it as it is, with `where` under it; `marked` is it with marks."""
    if marked is None and keeps_lines(text):
        fence = "`" * max(3, 1 + max((len(run) for run in re.findall("`+", text)), default=0))
        body = f"{fence}\n{text}\n{fence}"
    else:
        body = _guarded(marked or escaped_markdown(text))
    # Lines and what parts them, in turn: each letter stays, also those that end a line.
    parts = _LINE_END.split(body)
    parts[::2] = [f"> {line}" if line.strip() else f"> {line}".rstrip(" ") for line in parts[::2]]
    quoted = "".join(parts)
    return f"{quoted}\n>\n> — {plain(where)}\n"


def keeps_lines(text: str) -> bool:
    """Whether the line breaks of `text` are the author's (verse, lists), not those of a right margin."""
    lines = text.strip().splitlines()
    if len(lines) < 2:
        return False
    return bool(_INDENTED.search(text)) or sum(map(len, lines[:-1])) / len(lines[:-1]) < _VERSE_LINE


def escaped_markdown(text: str) -> str:
    """`text` as Markdown that shows exactly it, but for what begins a line."""
    return _SPECIAL.sub(r"\\\1", text)


def plain(text: str) -> str:
    """`text` on one line, as Markdown that shows it as it is."""
    return _guarded(escaped_markdown(" ".join(text.split())))


def _guarded(escaped: str) -> str:
    """Escaped text of which no line begins a list, a heading or a rule."""
    return _LINE_START.sub(
        lambda found: f"{found[1]}{found[2]}\\" if found[2].isdigit() else f"{found[1]}\\{found[2]}", escaped
    )
