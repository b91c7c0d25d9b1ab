"""A tree of HTML elements → the parts of a Draft; saved pages and e-books share it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from lxml import etree

from source.formats.archive import attribute, local
from source.formats.html.tables import rows_of
from source.structure.draft import BULLET, Draft, numeral

_SKIPPED = frozenset(
    "script style template noscript iframe object embed select textarea button svg canvas audio video head title rt "
    "rp datalist map".split()
)
_BLOCKS = frozenset(
    "address article aside blockquote body caption center dd details dialog div dl dt fieldset figcaption figure "
    "footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu nav ol p pre search section summary "
    "table tbody td tfoot th thead tr ul".split()
)
_WHITE = re.compile(r"[ \t\n\r\f]+")
_EMPTY_LINES = re.compile(r"[ \t]*\n[ \t]*\n\s*")
_VERSE = re.compile(r"\b(?:poem|poetry|verse|stanza)\b", re.IGNORECASE)
# Signs of links that lead back from a footnote, or to the heading they stand at.
_RETURNS = frozenset("↩ ↩︎ ↑ ⏎ ^ ⇑ ↵ ⤴ ¶ # § 🔗".split())
_RAISED = str.maketrans("0123456789+-−=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿ")
_MARK = re.compile(r"[\[(]?(\d{1,4}|[a-zA-Z]{1,3}|[*†‡§¶]{1,4})[\])]?")
_WORD_BEFORE = re.compile(r"[^\W\d_]{3,}[.,;:!?…]?[\"'”’»]?$|[.,;:!?…”’»\"']$")


def note_targets(root: etree._Element) -> dict[str, str]:
    """The footnotes that marks in the text lead to: id → mark."""
    targets: dict[str, str] = {}
    for link in root.iter("{*}a"):
        if mark := _note_mark(link):
            targets.setdefault((link.get("href") or "").rpartition("#")[2], mark)
    return targets


def _note_mark(link: etree._Element) -> str:
    """The mark of a footnote if `link` is one: a raised number or sign that leads to another place."""
    if "#" not in (link.get("href") or ""):
        return ""
    around = link.getparent()
    raised = around is not None and local(around) == "sup"
    raised = raised or (len(link) == 1 and local(link[0]) == "sup" and not (link.text or "").strip())
    kind = f"{link.get('role') or ''} {attribute(link, 'type')} {link.get('class') or ''}"
    if not raised and "noteref" not in kind and "footnote-ref" not in kind:
        return ""
    found = _MARK.fullmatch("".join(map(str, link.itertext())).strip())
    return found[1] if found else ""


def superscript(before: str, raised: str) -> str:
    """What raised characters after `before` become: a footnote's mark [1], a power x², or 1st as it is."""
    words = raised.strip()
    mark = _MARK.fullmatch(words)
    if words.startswith("["):
        return raised
    if mark and not words.isalpha() and _WORD_BEFORE.search(before):
        return f"[{mark[1]}]"
    changed = raised.translate(_RAISED)
    return raised if any(c.isalpha() and c != "ⁿ" for c in changed) else changed


@dataclass(slots=True)
class _Frame:
    """What the text inside an element becomes; `count` and `style` are those of a numbered list."""

    element: etree._Element
    kind: Literal["heading", "list", "item", "group", "note"]
    group: int = 0
    level: int = 0
    marker: str = ""
    count: int = 0
    style: str = ""


class Walker:
    """Hands the blocks of a tree to a Draft; `notes` are the footnotes by id, with their marks."""

    def __init__(self, draft: Draft, notes: Mapping[str, str] | None = None) -> None:
        self._draft = draft
        self._notes = notes or {}
        self._buffer: list[str] = []
        self._raised: list[tuple[etree._Element, int]] = []
        self._frames: list[_Frame] = []
        self._kept_white = 0
        self._strong = 0  # elements of bold type that are open
        self._plain = False  # whether anything gathered is not bold

    def walk(self, root: etree._Element) -> None:
        """Hand over everything under `root`, however deep: no call stands for a level."""
        walk = etree.iterwalk(root, events=("start", "end"))
        skipped: etree._Element | None = None
        for event, element in walk:
            if event == "start":
                if self._skips(element) or (local(element) == "table" and self._table(element)):
                    walk.skip_subtree()
                    skipped = element
                    continue
                self._start(element)
                self._add(element.text)
            else:
                if element is not skipped:
                    self._end(element)
                skipped = None
                if element is not root:
                    self._add(element.tail)
        self._flush()

    def _skips(self, element: etree._Element) -> bool:
        name = local(element)
        if name in _SKIPPED or "pagebreak" in f"{attribute(element, 'type')} {element.get('role') or ''}":
            return True
        if name not in ("a", "span"):
            return False
        if "pagenum" in (element.get("class") or ""):
            return True
        return name == "a" and "".join(map(str, element.itertext())).strip() in _RETURNS and not _note_mark(element)

    def _start(self, element: etree._Element) -> None:
        name = local(element)
        if name in _BLOCKS:
            self._flush()
            self._open(element, name)
        elif name == "br":
            self._break()
        elif name in ("b", "strong"):
            self._strong += 1
        elif name == "q":
            self._buffer.append("“")
        elif name == "sup" or (name == "a" and _note_mark(element)):
            self._raised.append((element, len(self._buffer)))

    def _break(self) -> None:
        """A line break, or, after another one, the end of a paragraph."""
        if not self._kept_white and "".join(self._buffer[-2:]).rstrip(" ").endswith("\n"):
            self._flush()
        else:
            self._buffer.append("\n")

    def _open(self, element: etree._Element, name: str) -> None:
        """Push the frame, if any, that says what becomes of a block's text."""
        top = self._frames[-1] if self._frames else None
        group = top.group if top is not None else 0
        if name in ("pre", "textarea"):
            self._kept_white += 1
        if level := _level(element, name):
            self._frames.append(_Frame(element, "heading", level=level))
        elif mark := self._notes.get(element.get("id") or ""):
            self._frames.append(_Frame(element, "note", self._draft.new_group(), marker=mark))
        elif name in ("ul", "ol", "menu"):
            count = _number(element.get("start"), 1) - 1
            style = (element.get("type") or "1") if name == "ol" else ""
            inside = any(frame.kind == "item" for frame in self._frames)
            group = group if inside and group else self._draft.new_group()
            self._frames.append(_Frame(element, "list", group, count=count, style=style))
        elif name == "li":
            self._frames.append(self._item(element))
        elif name in ("blockquote", "dl") or (name == "div" and _VERSE.search(element.get("class") or "")):
            self._frames.append(_Frame(element, "group", group or self._draft.new_group()))

    def _item(self, element: etree._Element) -> _Frame:
        lists = [frame for frame in self._frames if frame.kind == "list"]
        if not lists:
            return _Frame(element, "item", self._draft.new_group(), marker=BULLET)
        around = lists[-1]
        around.count = _number(element.get("value"), around.count + 1)
        marker = f"{numeral(around.count, around.style)}." if around.style else BULLET
        return _Frame(element, "item", around.group, level=len(lists) - 1, marker=marker)

    def _end(self, element: etree._Element) -> None:
        name = local(element)
        if name in _BLOCKS:
            self._flush()
            if name in ("pre", "textarea"):
                self._kept_white -= 1
            if self._frames and self._frames[-1].element is element:
                self._frames.pop()
        elif name in ("b", "strong"):
            self._strong -= 1
        elif name == "q":
            self._buffer.append("”")
        elif self._raised and self._raised[-1][0] is element:
            at = self._raised.pop()[1]
            before, raised = "".join(self._buffer[max(at - 8, 0) : at]), "".join(self._buffer[at:])
            mark = _note_mark(element) if name == "a" else ""
            self._buffer[at:] = [f"[{mark}]" if mark else superscript(before, raised)]

    def _add(self, text: str | None) -> None:
        if not text:
            return
        self._buffer.append(text if self._kept_white else _WHITE.sub(" ", text))
        self._plain = self._plain or (not self._strong and not text.isspace())

    def _flush(self) -> None:
        """Hand over what was gathered since the last block began or ended."""
        # A mark that is still open is closed by its block: its text must not be taken twice.
        self._raised.clear()
        whole, strong = "".join(self._buffer), not self._plain
        self._buffer.clear()
        self._plain = False
        if not whole.strip():
            return
        for text in [whole] if self._kept_white else _EMPTY_LINES.split(whole):
            words = text.strip() if self._kept_white else re.sub(r" *\n *", "\n", re.sub(" {2,}", " ", text)).strip()
            if words:
                self._hand_over(words, strong=strong)

    def _hand_over(self, words: str, *, strong: bool) -> None:
        top = next((frame for frame in reversed(self._frames) if frame.kind != "list"), None)
        if top is None:
            self._draft.paragraph(words, strong=strong)
        elif top.kind == "heading":
            self._draft.heading(words, top.level)
        elif top.kind == "item":
            self._draft.item(words, top.marker, top.level, top.group)
            top.marker = ""
        elif top.kind == "note" and top.marker:
            bare = words.lstrip("[(").startswith(top.marker)
            self._draft.paragraph(words if bare else f"[{top.marker}] {words}", top.group)
            top.marker = ""
        else:
            self._draft.paragraph(words, top.group)

    def _table(self, table: etree._Element) -> bool:
        """Hand over a table of data, row by row; False for one that only lays out a page."""
        found = rows_of(table, lambda cell: flat(cell, self._notes))
        if found is None:
            return False
        self._flush()
        caption = next((flat(one, self._notes) for one in table.iterchildren("{*}caption")), "")
        self._draft.paragraph(caption)
        self._draft.table(*found)
        return True


def flat(element: etree._Element, notes: Mapping[str, str]) -> str:
    """The text of an element on one line."""
    draft = Draft()
    Walker(draft, notes).walk(element)
    return " ".join(" ".join(draft.texts).split())


def _level(element: etree._Element, name: str) -> int:
    """The level of a heading, from 1; 0 for what is none."""
    if len(name) == 2 and name[0] == "h" and name[1].isdigit():
        return int(name[1])
    return _number(attribute(element, "aria-level"), 2) if element.get("role") == "heading" else 0


def _number(value: str | None, otherwise: int) -> int:
    words = (value or "").strip()
    return int(words) if re.fullmatch(r"-?[0-9]{1,6}", words) else otherwise
