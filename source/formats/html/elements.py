"""A tree of HTML elements → the parts of a Draft; saved pages and e-books share it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from lxml import etree

from source.document import Reason
from source.formats.archive import attribute, local
from source.formats.html.formulas import is_divisor, is_power, is_repeated
from source.formats.html.gutenberg import is_licence
from source.formats.html.initials import drawn_initial
from source.formats.html.notes import link_mark, noted, stands_beside
from source.formats.html.tables import rows_of
from source.formats.html.verse import holds_verse, verse_lines
from source.formats.notes import lowered, note_mark, superscript
from source.structure.extracted.draft import BULLET, LONGEST_SHOWN, Draft, numeral
from source.structure.extracted.inserted import bare, inserted

_SKIPPED = frozenset(
    "script style template noscript iframe object embed select textarea button svg canvas audio video head title rt "
    "rp datalist map annotation annotation-xml".split()
)
_BLOCKS = frozenset(
    "address article aside blockquote body caption center dd details dialog div dl dt fieldset figcaption figure "
    "footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu nav ol p pre search section summary "
    "table tbody td tfoot th thead tr ul".split()
)
_WHITE = re.compile(r"[ \t\n\r\f]+")
_EMPTY_LINES = re.compile(r"[ \t]*\n[ \t]*\n\s*")
# Class names of the numbers of pages and lines.
_NUMBERS = re.compile(
    r"(?:^|\s)(?:pagenum\S*|page-?number|pageno|ln|lnum|line-?num(?:ber)?s?|lineno|verse-?num(?:ber)?)(?:$|\s)",
    re.IGNORECASE,
)
_ORDINAL = re.compile(r"(?:\w+ )?(?:\d+|[ivxlcdm]+)\.?", re.IGNORECASE)
# Class names of buttons that open what stands below them.
_OPENS = re.compile(r"accordion|collaps|faq|question|disclosure|expander", re.IGNORECASE)
# Signs of links that lead back from a footnote, or to the heading they stand at.
_RETURNS = frozenset("↩ ↩︎ ↑ ⏎ ^ ⇑ ↵ ⤴ ¶ # § 🔗".split())


@dataclass(slots=True)
class _Frame:
    """What the text inside an element becomes; `count`, `step` and `style` are those of a numbered list."""

    element: etree._Element
    kind: Literal["heading", "list", "item", "group", "terms", "note", "details"]
    group: int = 0
    level: int = 0
    marker: str = ""
    count: int = 0
    step: int = 1
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
        self._means = False  # whether what comes next says what the term above it means
        self.numbers: list[str] = []  # of pages and lines, which stand within the text

    def walk(self, root: etree._Element) -> None:
        """Hand over everything under `root`, however deep: no call stands for a level."""
        walk = etree.iterwalk(root, events=("start", "end"))
        skipped: etree._Element | None = None
        for event, element in walk:
            if event == "start":
                if element is not root and (self._skips(element) or self._takes_whole(element)):
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
        if name == "button" and _opens(element):
            return False
        if (
            is_repeated(element)
            or name in _SKIPPED
            or "pagebreak" in f"{attribute(element, 'type')} {element.get('role') or ''}"
        ):
            return True
        if name == "label":
            return "margin-toggle" in (element.get("class") or "").split()
        if name not in ("a", "span"):
            return False
        if _NUMBERS.search(element.get("class") or ""):
            self.numbers.append("".join(map(str, element.itertext())).strip())
            return True
        words = "".join(map(str, element.itertext())).strip()
        return name == "a" and (
            (words in _RETURNS and not link_mark(element)) or self._begins_note(words, element.tail)
        )

    def _begins_note(self, words: str, tail: str | None) -> bool:
        """Whether the words of a link are the mark of the note that begins with it, and no number with a full stop."""
        counted = (tail or "").lstrip()[:1] in (".", ")", "]", ":")
        top = self._frames[-1] if self._frames else None
        fresh = top is not None and top.kind == "note" and not "".join(self._buffer).strip()
        return fresh and top is not None and words.strip("[]().") == top.marker and not counted

    def _takes_whole(self, element: etree._Element) -> bool:
        """Hand over an element that is one thing, if it is: a table, a heading in parts, lines of verse, a sidenote."""
        name = local(element)
        if is_licence(element):
            self._draft.aside(flat(element, self._notes, self.numbers), Reason.LICENCE)
            return True
        if name == "p" and _is_comment(element):
            self._draft.aside(flat(element, self._notes, self.numbers), Reason.COMMENT)
            return True
        if name == "table":
            return self._table(element)
        if name in ("hgroup", "header"):
            return self.heading_group(element)
        if name in ("div", "blockquote", "section", "p"):
            return self._verse(element)
        if stands_beside(element):
            self._draft.note("", flat(element, self._notes, self.numbers))
            return True
        return False

    def heading_group(self, group: etree._Element) -> bool:
        """Hand over a heading whose number, title and subtitle are elements of their own."""
        parts = [one for one in group if isinstance(one.tag, str)]
        level = next((level for one in parts if (level := _level(one, local(one)))), 0)
        titled = local(group) == "hgroup" or any("title" in attribute(one, "type") for one in parts)
        inside = all(_level(one, local(one)) or local(one) == "p" for one in parts)
        if not (level and titled and inside):
            return False
        texts = [text for one in parts if (text := flat(one, self._notes, self.numbers))]
        if not texts:
            return False
        self._flush()
        whole = texts[0]
        for text in texts[1:]:
            between = ". " if _ORDINAL.fullmatch(bare(whole)) else ": "
            whole += (" " if bare(whole)[-1] in ".:;!?" else inserted(between)) + text
        self._draft.heading(whole, level)
        return True

    def _verse(self, element: etree._Element) -> bool:
        """Lines of verse, each a block: one paragraph."""
        lines = verse_lines(element, _plain_texts)
        if not lines or any(self._notes.get(one.get("id") or "") for one in lines) or _text_between(element):
            return False
        if len(lines) < sum(isinstance(one.tag, str) for one in element):
            return False
        self._flush()
        texts = [text for one in lines for text in _texts(one, self._notes, self.numbers)]
        self._draft.paragraph("\n".join(texts), self._frames[-1].group if self._frames else 0)
        return True

    def _start(self, element: etree._Element) -> None:
        name = local(element)
        if name in _BLOCKS:
            self._flush()
            self._open(element, name)
        elif name == "br":
            self._break()
        elif name == "img":
            self._add(drawn_initial(element))
        elif name in ("b", "strong"):
            self._strong += 1
        elif name == "q":
            self._buffer.append("“")
        elif name == "sup" or is_power(element) or (name == "a" and link_mark(element)):
            self._raised.append((element, len(self._buffer)))
        if is_divisor(element):
            self._buffer.append(inserted("/"))

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
        elif mark := noted(element, self._notes):
            self._frames.append(_Frame(element, "note", self._draft.new_group(), marker=mark))
        elif name in ("ul", "ol", "menu"):
            step = -1 if element.get("reversed") is not None else 1
            count = _number(element.get("start"), 1 if step > 0 else len(element.findall("li"))) - step
            style = (element.get("type") or "1") if name == "ol" else ""
            inside = any(frame.kind == "item" for frame in self._frames)
            group = group if inside and group else self._draft.new_group()
            self._frames.append(_Frame(element, "list", group, count=count, step=step, style=style))
        elif name == "details":
            self._frames.append(_Frame(element, "details", self._draft.new_group(), count=2))
        elif name == "li":
            self._frames.append(self._item(element))
        elif name in ("dl", "dt", "dd"):
            self._define(element, name, top)
        elif name == "blockquote" or (name == "div" and holds_verse(element, _plain_texts)):
            group = group or self._draft.new_group(quotation=name == "blockquote")
            self._frames.append(_Frame(element, "group", group))

    def _define(self, element: etree._Element, name: str, top: _Frame | None) -> None:
        """A term and what it means are a passage, or all of them where they are few and introduced."""
        before = element.getprevious()
        begins = name == "dt" and (before is None or local(before) != "dt")
        self._means = name == "dd" and before is not None and local(before) == "dt"
        if name == "dl":
            group = top.group if top is not None else 0
            few = self._draft.introduces and len("".join(map(str, element.itertext()))) <= LONGEST_SHOWN
            kind: Literal["group", "terms"] = "group" if group or few else "terms"
            self._frames.append(_Frame(element, kind, group or self._draft.new_group()))
        elif begins and top is not None and top.kind == "terms":
            top.group = self._draft.new_group()

    def _item(self, element: etree._Element) -> _Frame:
        lists = [frame for frame in self._frames if frame.kind == "list"]
        if not lists:
            return _Frame(element, "item", self._draft.new_group(), marker=BULLET)
        around = lists[-1]
        around.count = _number(element.get("value"), around.count + around.step)
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
            before = "" if is_power(element) else before
            mark = link_mark(element) if name == "a" else ""
            self._buffer[at:] = [note_mark(mark) if mark else superscript(before, raised)]

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
        elif top.kind == "details":  # what is shown of it, and the first of what is not
            top.count -= 1
            self._draft.paragraph(words, top.group if top.count >= 0 else 0)
        elif top.kind == "note" and top.marker:
            shown = lowered(bare(words)).lstrip("[(").startswith(top.marker)
            self._draft.paragraph(words if shown else f"{note_mark(top.marker)} {words}", top.group)
            top.marker = ""
        else:
            self._draft.paragraph(words, top.group, close=self._means)
            self._means = False

    def _table(self, table: etree._Element) -> bool:
        """Hand over a table of data, row by row; False for one that only lays out a page."""
        found = rows_of(table, lambda cell: flat(cell, self._notes, self.numbers))
        if found is None:
            return False
        self._flush()
        caption = next((flat(one, self._notes, self.numbers) for one in table.iterchildren("{*}caption")), "")
        self._draft.table(*found, caption)
        return True


def write(draft: Draft, root: etree._Element, notes: Mapping[str, str]) -> None:
    """Hand over everything under `root`; the numbers of pages and lines within it stand at the end."""
    walker = Walker(draft, notes)
    walker.walk(root)
    draft.aside(" ".join(walker.numbers), Reason.PAGE)


def flat(element: etree._Element, notes: Mapping[str, str], numbers: list[str] | None = None) -> str:
    """The text of an element on one line; `numbers` gets those of pages and lines within it."""
    return " ".join(" ".join(_texts(element, notes, [] if numbers is None else numbers)).split())


def _texts(element: etree._Element, notes: Mapping[str, str], numbers: list[str]) -> list[str]:
    """The texts of the blocks in an element; `numbers` gets those of pages and lines within it."""
    draft = Draft()
    walker = Walker(draft, notes)
    walker.walk(element)
    numbers += walker.numbers
    draft.end_section()
    return draft.texts


def heading_text(heading: etree._Element) -> str:
    """The text of a heading, or of a group of its parts, on one line."""
    draft = Draft()
    walker = Walker(draft)
    if local(heading) != "hgroup" or not walker.heading_group(heading):
        walker.walk(heading)
    return bare(" ".join(" ".join(draft.texts).split()))


def _plain_texts(element: etree._Element) -> list[str]:
    return [bare(text) for text in _texts(element, {}, [])]


def _opens(button: etree._Element) -> bool:
    """Whether a button holds the heading or the question of what it opens."""
    if _OPENS.search(button.get("class") or "") or "".join(map(str, button.itertext())).strip().endswith("?"):
        return True
    return any(local(one) in ("dt", "summary") or _level(one, local(one)) for one in button.iterancestors())


def _is_comment(paragraph: etree._Element) -> bool:
    """Whether a paragraph is a comment of Google Docs, which begins with a link back to what it is on."""
    link = paragraph[0] if len(paragraph) else paragraph
    return (link.get("href") or "").startswith("#cmnt_ref")


def _text_between(element: etree._Element) -> bool:
    """Whether an element has text of its own beside the elements in it."""
    return bool((element.text or "").strip() or any((one.tail or "").strip() for one in element))


def _level(element: etree._Element, name: str) -> int:
    """The level of a heading, from 1; 0 for what is none."""
    if len(name) == 2 and name[0] == "h" and name[1].isdigit():
        return int(name[1])
    return _number(attribute(element, "aria-level"), 2) if element.get("role") == "heading" else 0


def _number(value: str | None, otherwise: int) -> int:
    words = (value or "").strip()
    return int(words) if re.fullmatch(r"-?[0-9]{1,6}", words) else otherwise
