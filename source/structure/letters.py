"""Letters, and names under quotations: a greeting belongs to what is below it, closing and names to what is above."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from source.document import Reason
from source.structure.blocks import Block, Blocks, Kind
from source.structure.grouping import Group, followed
from source.structure.headings import is_title_case
from source.text.credits import DAY
from source.text.letters import CAPITAL

# What letters close with, alone or before a name.
_CLOSING = re.compile(
    r"(?:(?:in haste|with (?:all )?(?:my |much |best |kind )?(?:love|regards?|wishes|respect)|believe me"
    r"|i (?:am|remain)|ever|always|as ever|very|yours?)\b[^.!?]{0,60}"
    r"|sincerely(?: yours)?|faithfully(?: yours)?|love|cheers|regards"
    r"|(?:best|kind|warm(?:est)?) (?:regards|wishes)"
    r"|(?:mit|beste|viele|liebe|herzliche) [^.!?]{0,40}gr(?:ü|ue)(?:ß|ss)en?\b.{0,20}|hochachtungsvoll"
    r"|(?:dein|euer|eure)e?\b.{0,40}|ihre?(?: sehr)? ergebene[rs]?.{0,20}|cordialement|bien à (?:vous|toi)"
    r"|je (?:vous |t['’])embrasse|atentamente|saludos(?: cordiales)?|un abrazo|cordiali saluti|(?:med )?venn?lig hilsen"
    r"|med vänliga? hälsning(?:ar)?|met vriendelijke groet(?:en)?|с уважением|искренне ваш)[,.]?",
    re.IGNORECASE,
)
# What stands below the name: enclosures, copies.
_ENCLOSED = re.compile(
    r"(?:encl?s?|enclosures?|cc|bcc|anlagen?|p\.\s?j|pi[eè]ces? jointes?|bijlagen?|adjuntos?|allegat[io]|vedlegg"
    r"|bilag(?:a|or)?)\b\.?(?:\s?\(\d\))?:?(?:\s.{1,60})?",
    re.IGNORECASE,
)
_INITIALS = re.compile(r"(?:[^\W\d_]\.\s?){1,4}")
# What a letter opens with; other words do where a comma stands behind them.
_DEAR = re.compile(
    r"(?:(?:my|mein|mon|ma|min|mi) )?(?:dear(?:est)?|lieb(?:er?|ste[rn]?)|sehr geehrter?|werter?|ch[eè]re?s?"
    r"|querid[oa]s?|estimad[oa]s?|car[oa]|kjære|kære|käre|bäste|lieve|geachte|дорог(?:ой|ая)|уважаем(?:ый|ая))\b",
    re.IGNORECASE,
)
# A place and a day without a year.
_PLACED = re.compile(r"[^\W\d_][^,\d]{1,40},\s(?:[^,]*\d|\w*(?:day|tag)\b).{0,20}")
# Under a quotation one dash is enough.
_QUOTED_BY = re.compile(rf"(?:-\s+|~\s?)(?P<name>[{CAPITAL}][^?!]{{1,80}})")
_ATTRIBUTION = re.compile(rf"(?:[—–―]|--+)\s*[{CAPITAL}][^?!]{{1,80}}")
# The title of what is quoted: in italics, quotation marks or brackets.
_SOURCE = re.compile(r"_[^_]{2,48}_\.?|\(.{2,48}\)|[\"“][^\"“”]{2,40}[\"”](?:,?\s(?:\(.{2,30}\)|\d{4}))?")
_ARTICLES = frozenset(
    "the a an on of to in at for from with how why what when der die das ein eine le la les un une el los las il lo "
    "gli chapter part book canto song letter act scene appendix anhang annexe".split()
)
_MARKS = "*_#> \t\\"  # of Markdown, around a line
_SALUTATION = 60  # characters at most
_LONGEST_NAME, _MOST_WORDS, _MOST_LINES = 50, 5, 4
_OWN = (Kind.TEXT, Kind.LIST)


def closes(words: str) -> bool:
    """Whether a line is what a letter closes with, above the name."""
    return len(words) <= _SALUTATION and _CLOSING.fullmatch(words) is not None


def greets(words: str) -> bool:
    """Whether a line is the first of a letter, "My dear Brother,"."""
    opens = words[-1] in ",，" or (words[-1] in "!:" and _DEAR.match(words) is not None)
    return 1 < len(words) <= _SALUTATION and opens and words[0].isupper()


def heads_letter(words: str, below: str) -> bool:
    """Whether a line is the place and the day of a letter, above its greeting."""
    return _is_dated(words) and greets(below)


def _is_dated(words: str) -> bool:
    return DAY.search(words) is not None or _PLACED.fullmatch(words) is not None


def signs(lines: Sequence[str]) -> bool:
    """Whether lines under a letter's closing are a name, and at most what its bearer is and where."""
    short = all(len(line) <= _LONGEST_NAME and len(line.split()) <= _MOST_WORDS for line in lines)
    open_ended = all(line[-1] not in "?!:;,，" for line in lines)
    return 0 < len(lines) <= _MOST_LINES and short and open_ended and is_name(lines[0].rstrip("."))


def encloses(words: str) -> bool:
    """Whether a line below a letter's name says what is enclosed, and who gets a copy."""
    return _ENCLOSED.fullmatch(words) is not None


def is_name(words: str) -> bool:
    """Whether a line is like a name: capitals, no article, no number."""
    parts = words.split()
    return (
        parts[0].lower().strip(".,'’") not in _ARTICLES
        and not any(c.isdigit() for c in words)
        and is_title_case(words)
        and parts[0][:1].isupper()
    )


def with_signatures(groups: Iterable[Group], width: int, base: int) -> Iterator[Group]:
    """`groups` with signatures joined to what stands above, and the head of a letter to what stands below.

    Lines of the text have at most this `width`, and most are set in by `base`.
    """
    last: Group | None = None
    closed = signed = False  # the last group ends with a closing that wants a name, or with that
    for group, after in followed(groups):
        short = len(group.lines) <= _MOST_LINES and not group.sure and group.kind is not Kind.FURNITURE
        if short and last is not None and last.kind in (Kind.TEXT, Kind.LIST):
            closing = closes(group.words_first) and len(group.lines) < _MOST_LINES
            below = signed and all(encloses(line.words) for line in group.lines)
            if closing or below or _signs(group, last, after, width, base, closed=closed):
                last = last.with_lines(group.lines)
                signed = below or closed or len(group.lines) > 1
                closed = closing and len(group.lines) == 1
                continue
        closed = signed = False
        if last is not None and _greets(last) and not last.verse and group.kind is Kind.TEXT:
            last = last.with_lines(group.lines)
            continue
        yield from () if last is None else (last,)
        dated = not group.sure and _is_dated(group.words)
        above = group.kind is Kind.HEADING and after is not None and _greets(after) and dated
        last = replace(group, kind=Kind.TEXT, level=0, title="") if above else group
    yield from () if last is None else (last,)


def _signs(group: Group, last: Group, after: Group | None, width: int, base: int, *, closed: bool) -> bool:
    """Whether `group` is the name of who wrote what stands above it; the text's lines are set in by `base`."""
    words = group.lines[0].words
    if _ATTRIBUTION.fullmatch(words) and len(group.lines) <= 2 and group.gap <= 1:
        return last.verse or last.lines[-1].ended or last.words[-1] in ",:;"
    by = _QUOTED_BY.fullmatch(words) if len(group.lines) == 1 and not group.gap else None
    if by is not None and last.words[-1] in '"”»' and is_name(by["name"].split(",")[0]):
        return True
    if closed and signs([line.words for line in group.lines]):
        return True
    source = _SOURCE.fullmatch(words) is not None
    if len(group.lines) > 1 or len(words) > _LONGEST_NAME or (len(words.split()) > _MOST_WORDS and not source):
        return False
    if _INITIALS.fullmatch(words) and len(words) > 2:
        return True
    if group.kind is not Kind.HEADING and not source:
        return False
    mailed = after is not None and after.kind is Kind.FURNITURE and after.reason is Reason.METADATA  # an earlier mail
    if closed or (last.words[-1] == "," and not last.verse) or (mailed and is_name(words)):
        return True
    if words.isupper() or not (source or is_name(words)):
        return False
    near = after is None or group.gap <= after.gap
    if group.lines[0].indent >= 0.4 * width and group.lines[0].indent > last.lines[-1].indent + 4:
        return near
    indent, above = group.lines[0].indent, last.lines[-1].indent
    set_in = above == indent and after is not None and after.lines[0].indent < indent
    quoted = last.verse or set_in or above > indent >= base
    nearer = after is None or group.gap < after.gap or (group.gap == after.gap and not after.verse)
    return quoted and nearer


def _greets(group: Group) -> bool:
    """Whether a group is the first line of a letter."""
    return len(group.lines) == 1 and group.kind is Kind.TEXT and greets(group.words)


def with_letters(text: str, blocks: Sequence[Block]) -> Blocks:
    """`blocks` with the greeting of a letter joined to what follows, its closing and names to what stands above."""
    joined = Blocks()
    closed = False  # the last block is a closing that wants a name
    for i, block in enumerate(blocks):
        last = joined[-1] if joined else None
        if last is None or last.kind not in _OWN or block.kind not in _OWN:
            joined.append(block)
            closed = False
            continue
        lines = _lines(text, block)
        named = closed and signs(lines)
        closed = bool(lines) and closes(lines[0]) and (len(lines) == 1 or signs(lines[1:]))
        wanted = len(lines) > 1 or (bool(lines) and lines[0][-1] == ",") or _names(text, blocks[i + 1 : i + 2])
        above = _lines(text, last)
        if named or (closed and wanted) or (_is_greeting(above) and block.kind is Kind.TEXT):
            joined[-1] = replace(last, end=block.end, inside=(*last.inside, *block.inside))
        else:
            joined.append(block)
        closed = closed and len(lines) == 1
    return joined


def _is_greeting(lines: Sequence[str]) -> bool:
    return len(lines) == 1 and greets(lines[0]) and "," not in lines[0][:-1]


def _names(text: str, after: Sequence[Block]) -> bool:
    return any(block.kind in _OWN and signs(_lines(text, block)) for block in after)


def _lines(text: str, block: Block) -> list[str]:
    """The lines of a short block without the marks around them; none of a long one."""
    if block.end - block.start > _MOST_LINES * _SALUTATION:
        return []
    lines = (line.strip(_MARKS) for line in text[block.start : block.end].splitlines())
    return [line for line in lines if line]
