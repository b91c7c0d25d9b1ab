"""Quotations as Markdown that shows them letter for letter."""

from __future__ import annotations

import re

_INDENTED = re.compile(r"[\r\n]+(?:[ \t]{2,}|[ \t]*(?:[-*+•·–]|\d{1,3}[.)])[ \t])\S")
_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~$&!])")
# Lines shorter than this on average were broken by the author, not by an editor's right margin.
_VERSE_LINE = 45
# At the start of a line these would begin a list, a heading or a rule.
_LINE_START = re.compile(r"^(\s*)([-+=]|\d+(?=[.)]))", re.MULTILINE)


def block(text: str, where: str, marked: str | None = None) -> str:
    """`text` as a quotation in Markdown that shows it as it is, with `where` under it; `marked` is it with marks."""
    if marked is None and keeps_lines(text):
        fence = "`" * max(3, 1 + max((len(run) for run in re.findall("`+", text)), default=0))
        body = f"{fence}\n{text}\n{fence}"
    else:
        body = _LINE_START.sub(lambda found: f"{found[1]}{_guarded(found[2])}", marked or escaped_markdown(text))
    quoted = "\n".join(f"> {line}".rstrip(" ") if not line.strip() else f"> {line}" for line in body.split("\n"))
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
    return escaped_markdown(" ".join(text.split()))


def _guarded(start: str) -> str:
    return f"{start}\\" if start.isdigit() else f"\\{start}"
