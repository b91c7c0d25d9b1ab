"""Rich Text Format → Document.

RTF is a stream of control words, groups and characters. What is no text of the document (fonts,
pictures, deletions) stands in destinations that are passed over; footnotes are held back.
"""

from __future__ import annotations

import codecs
from collections.abc import Callable
from dataclasses import replace

from source.document import Document, Reason
from source.errors import UnreadableFile
from source.formats.notes import note_mark
from source.formats.rtf.blocks import Blocks
from source.formats.rtf.words import (
    CHARSETS,
    DEEPEST,
    KNOWN_STARRED,
    PASSED_OVER,
    SIGNS,
    SYMBOLS,
    TARGETS,
    TOKEN,
    State,
)
from source.structure.extracted.draft import Draft, extractor


def read_rtf(data: bytes, name: str) -> Document:
    """The document in an .rtf file."""
    start = data.find(b"{\\rtf", 0, 1024)
    if start < 0:
        raise UnreadableFile("no RTF: it does not begin with {\\rtf; save it again")
    reader = _Rtf()
    reader.read(data, start)
    return reader.draft.document(name, extractor(), title=reader.info["title"], author=reader.info["author"])


# What stands around the text is furniture.
_AROUND = {"page": Reason.PAGE, "comment": Reason.COMMENT}


class _Rtf:
    """Reads RTF and hands its paragraphs to a Draft."""

    def __init__(self) -> None:
        self.draft = Draft()
        self.info = {"title": "", "author": ""}
        self._stack: list[State] = []
        self._state = State()
        self._bytes = bytearray()
        self._skip = 0
        self._high = 0  # the first half of a character beyond U+FFFF
        self._blocks = Blocks(self.draft)
        self._note: list[str] = []
        self._aside: list[str] = []
        self._marks = 0
        self._ansi = "cp1252"
        self._font = 0
        self._fonts: dict[int, str] = {}
        self._style: tuple[int, list[str], int | None] = (0, [], None)

    def read(self, data: bytes, at: int) -> None:
        """Read the group that begins at byte `at`. Raises UnreadableFile if it does not end."""
        while at < len(data):
            token = TOKEN.match(data, at)
            if token is None:  # nothing else can begin with any byte
                break
            at = token.end()
            if token.lastgroup in ("word", "number"):
                word = token["word"].decode("ascii")
                number = int(token["number"]) if token["number"] else None
                if word == "bin":
                    at += min(max(number or 0, 0), len(data))
                else:
                    self._decode()
                    self._control(word, number)
            elif token["brace"]:
                self._decode()
                self._brace(token["brace"])
                if not self._stack:
                    self._blocks.finish()
                    return
            elif token["hex"]:
                self._characters(bytes.fromhex(token["hex"].decode("ascii")))
            elif token["text"]:
                self._characters(token["text"])
            elif token["symbol"]:
                self._decode()
                self._symbol(token["symbol"])
        raise UnreadableFile("cut off: its end is missing")

    def _brace(self, brace: bytes) -> None:
        self._skip = 0
        if brace == b"{":
            if len(self._stack) >= DEEPEST:
                raise UnreadableFile("its groups are nested too deeply to be a text")
            self._stack.append(self._state)
            self._state = replace(self._state, starred=False)
            return
        ended, self._state = self._state, self._stack.pop()
        if ended.target == "style":
            number, name, level = self._style
            self._blocks.styles[number] = ("".join(name).strip(" ;"), level)
            self._style = (0, [], None)
        elif ended.target == "note" != self._state.target:
            self.draft.note(str(self._marks), "".join(self._note))
            self._note = []
        elif ended.target in _AROUND and ended.target != self._state.target:
            self.draft.aside("".join(self._aside), _AROUND[ended.target])
            self._aside = []

    def _symbol(self, symbol: bytes) -> None:
        if symbol == b"*":
            self._state.starred = True
        elif symbol in b"\r\n":
            self._end_paragraph()
        elif self._skip:
            self._skip -= 1
        else:
            self._write(SYMBOLS.get(symbol, ""))

    def _characters(self, data: bytes) -> None:
        """Keep bytes until something else comes: a character may be made of several."""
        skipped = min(self._skip, len(data))
        self._skip -= skipped
        self._bytes += data[skipped:]

    def _decode(self) -> None:
        if not self._bytes:
            return
        data = bytes(self._bytes)
        self._bytes.clear()
        if not self._state.target:
            return
        try:
            text = data.decode(self._state.encoding)
        except UnicodeDecodeError as error:
            raise UnreadableFile(f"holds bytes that are not {self._state.encoding}; save it again") from error
        self._write(text)

    def _write(self, text: str) -> None:
        """Give text to whom it belongs."""
        if not text or self._state.hidden:
            return
        if self._high:
            self._high = 0
            text = "\ufffd" + text
        target = self._state.target
        if target == "text":
            self._blocks.write(text, bold=self._state.bold, raised=self._state.raised)
        elif target == "note":
            self._note.append(text)
        elif target in _AROUND:
            self._aside.append(text)
        elif target == "marker":
            self._blocks.paragraph.marker.append(text)
        elif target == "style":
            self._style[1].append(text)
        elif target in self.info:
            self.info[target] += text

    def _control(self, word: str, number: int | None) -> None:
        """A control word with its number, None where it has none."""
        if word == "u":
            self._unicode(number or 0)
            return
        self._skip = 0
        if word in SIGNS:
            self._write(SIGNS[word])
        elif word in TARGETS or word in PASSED_OVER:
            self._enter(word)
        elif self._state.starred:
            self._state.starred = False
            self._state.target = self._state.target if word in KNOWN_STARRED else ""
        elif self._state.target == "info" and word in self.info:
            self._state.target = word
        elif action := _ACTIONS.get(word):
            action(self, number)

    def _enter(self, word: str) -> None:
        """Begin a destination; inside one that is passed over only \\ud, the Unicode of \\upr, counts."""
        self._state.starred = False
        target = TARGETS.get(word, "")
        if not self._state.target and word != "ud":
            return
        if target == "note" and self._state.target == "text":
            self._marks += 1
            self._blocks.paragraph.text.append(note_mark(str(self._marks)))
        self._state.target = target
        self._state.hidden = self._state.raised = False

    def _unicode(self, number: int) -> None:
        self._skip = self._state.after_unicode
        code = number % 65536
        if 0xD800 <= code < 0xDC00:
            self._high = code
            return
        if 0xDC00 <= code < 0xE000:
            code = 0x10000 + ((self._high - 0xD800) << 10) + (code - 0xDC00) if self._high else 0xFFFD
            self._high = 0
        self._write(chr(code) if code else "")

    def _use_code_page(self, number: int | None) -> None:
        name = {65001: "utf-8", 10000: "mac_roman", 936: "gbk"}.get(number or 0, f"cp{number}")
        try:
            self._ansi = codecs.lookup(name).name
        except LookupError as error:
            raise UnreadableFile(f"its code page {number} is not known; save it again") from error
        self._state.encoding = self._ansi

    def _use_font(self, number: int | None) -> None:
        if self._state.target == "font":
            self._font = number or 0
        else:
            self._state.encoding = self._fonts.get(number or 0, self._ansi)

    def _font_charset(self, number: int | None) -> None:
        # The character set of "ANSI" fonts is the file's own code page.
        if self._state.target == "font" and number in CHARSETS and number != 0:
            self._fonts[self._font] = CHARSETS[number]

    def _use_style(self, number: int | None) -> None:
        if self._state.target == "style":
            self._style = (number or 0, self._style[1], self._style[2])
        else:
            self._blocks.paragraph.style = number or 0

    def _outline(self, number: int | None) -> None:
        if self._state.target == "style":
            self._style = (self._style[0], self._style[1], number or 0)
        else:
            self._blocks.paragraph.outline = number or 0

    def _plain(self, _number: int | None) -> None:
        state = self._state
        state.bold = state.raised = state.hidden = False
        state.encoding = self._ansi

    def _cell(self, _number: int | None) -> None:
        if self._state.target == "text":
            self._blocks.end_cell()

    def _row(self, _number: int | None) -> None:
        if self._state.target == "text":
            self._blocks.end_row()

    def _end_paragraph(self, _number: int | None = None) -> None:
        if self._state.target == "note":
            self._note.append("\n")
        elif self._state.target in _AROUND:
            self._aside.append("\n")
        elif self._state.target == "text":
            self._blocks.end_paragraph()


def _switch(name: str) -> Callable[[_Rtf, int | None], None]:
    """The action of a word that is on, or off with the number 0."""
    return lambda reader, number: setattr(reader._state, name, number != 0)


_Action = Callable[[_Rtf, int | None], None]
_ACTIONS: dict[str, _Action] = {
    "par": _Rtf._end_paragraph,
    "sect": _Rtf._end_paragraph,
    "pard": lambda reader, _: reader._blocks.reset(),
    "plain": _Rtf._plain,
    "cell": _Rtf._cell,
    "nestcell": _Rtf._cell,
    "row": _Rtf._row,
    "nestrow": _Rtf._row,
    "s": _Rtf._use_style,
    "outlinelevel": _Rtf._outline,
    "f": _Rtf._use_font,
    "fcharset": _Rtf._font_charset,
    "ansicpg": _Rtf._use_code_page,
    "mac": lambda reader, _: reader._use_code_page(10000),
    "pc": lambda reader, _: reader._use_code_page(437),
    "pca": lambda reader, _: reader._use_code_page(850),
    "b": _switch("bold"),
    "super": _switch("raised"),
    "nosupersub": lambda reader, _: setattr(reader._state, "raised", False),
    "v": _switch("hidden"),
    "deleted": _switch("hidden"),
    "uc": lambda reader, number: setattr(reader._state, "after_unicode", min(max(number or 0, 0), 8)),
    "intbl": lambda reader, _: setattr(reader._blocks.paragraph, "in_table", True),
    "dropcapli": lambda reader, number: setattr(reader._blocks.paragraph, "initial", bool(number)),
    "trhdr": lambda reader, _: setattr(reader._blocks, "head", True),
    "ls": lambda reader, number: setattr(reader._blocks.paragraph, "list_id", number or 0),
    "ilvl": lambda reader, number: setattr(reader._blocks.paragraph, "level", number or 0),
}
