"""A walk along the source of a line of Markdown, of which the parser has made tokens: where its marks stand."""

from __future__ import annotations

import re
from collections.abc import Callable

from markdown_it.helpers import parseLinkDestination, parseLinkTitle
from markdown_it.token import Token

from source.document import Span

_STYLES = {"em": "em", "strong": "strong", "s": "struck"}
# Tags that say how words look; all others are shown.
_TAG = re.compile(r"</?(?:b|i|em|strong|u|s|sub|sup|small|kbd|br) ?/?>", re.IGNORECASE)
_BREAK = re.compile(r"(?:\\| *)\n *")
_BLANK = re.compile(r"[ \t\n]*")


class Lost(Exception):
    """What the parser made of a text and the text itself do not go together."""


class Found:
    """Marks and styles as they are found."""

    def __init__(self) -> None:
        self.signs: list[Span] = []
        self.styles: dict[str, list[Span]] = {}

    def in_order(self) -> tuple[Span, ...]:
        """The marks, in order."""
        return tuple(sorted((one for one in self.signs if one.start < one.end), key=lambda one: one.start))


class Walk:
    """A walk along the source of a line or paragraph, of which the parser has made tokens."""

    def __init__(self, inline: Token, source: Callable[[int], int], found: Found) -> None:
        self._text = inline.content
        self._source = source
        self._found = found
        self._at = 0
        self._opened: list[int] = []
        for token in inline.children or ():
            self._take(token)
        if self._text[self._at :].strip():
            raise Lost

    def _take(self, token: Token) -> None:
        kind, _, side = token.type.rpartition("_")
        if token.type == "text":
            self._pass(token.content)
        elif token.type == "text_special":
            self._pass(token.markup, hidden=int(token.info == "escape"))
        elif token.type in ("softbreak", "hardbreak"):
            self._pass(_matched(_BREAK, self._text, self._at))
        elif token.type == "html_inline":
            self._pass(token.content, hidden=len(token.content) if _TAG.fullmatch(token.content) else 0)
        elif token.type == "code_inline":
            self._code(token.markup)
        elif token.type == "image":
            self._pass("![" + token.content, hidden=2)
            self._link(bare=False, side="close")
        elif kind == "link":
            self._link(bare=token.markup == "autolink", side=side)
        elif kind in _STYLES:
            self._style(_STYLES[kind], side, token.markup)
        else:
            raise Lost

    def _pass(self, expected: str, hidden: int = 0) -> None:
        """Go past what must stand here; so many letters of it are marks."""
        if not self._text.startswith(expected, self._at):
            raise Lost
        if hidden:
            self._found.signs.append(self._span(self._at, self._at + hidden))
        self._at += len(expected)

    def _span(self, start: int, end: int) -> Span:
        return Span(self._source(start), self._source(end - 1) + 1)

    def _styled(self, style: str, start: int, end: int) -> None:
        if start < end:
            self._found.styles.setdefault(style, []).append(self._span(start, end))

    def _style(self, style: str, side: str, markup: str) -> None:
        if side == "close":
            self._styled(style, self._opened.pop(), self._at)
        self._pass(markup, hidden=len(markup))
        if side == "open":
            self._opened.append(self._at)

    def _code(self, ticks: str) -> None:
        self._pass(ticks, hidden=len(ticks))
        found = re.compile(f"(?<!`){ticks}(?!`)").search(self._text, self._at)
        if not found:
            raise Lost
        self._styled("code", self._at, found.start())
        self._at = found.start()
        self._pass(ticks, hidden=len(ticks))

    def _link(self, *, bare: bool, side: str) -> None:
        if side == "open":
            self._pass("<" if bare else "[", hidden=1)
            return
        end = self._at + 1 if bare else _link_end(self._text, self._at)
        self._pass(">" if bare else "]" + self._text[self._at + 1 : end], hidden=end - self._at)


def _matched(pattern: re.Pattern[str], text: str, at: int) -> str:
    found = pattern.match(text, at)
    if not found:
        raise Lost
    return found[0]


def _link_end(text: str, at: int) -> int:
    """Where a link ends whose words end at `at`, before its closing bracket."""
    at += 1
    if text.startswith("[", at):
        return text.find("]", at) + 1 or at
    if not text.startswith("(", at):
        return at
    at = _matched_end(_BLANK, text, at + 1)
    target = parseLinkDestination(text, at, len(text))
    at = _matched_end(_BLANK, text, target.pos if target.ok else at)
    title = parseLinkTitle(text, at, len(text))
    at = _matched_end(_BLANK, text, title.pos if title.ok else at)
    if not text.startswith(")", at):
        raise Lost
    return at + 1


def _matched_end(pattern: re.Pattern[str], text: str, at: int) -> int:
    return at + len(_matched(pattern, text, at))
