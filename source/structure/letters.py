"""Letters: the greeting belongs to what stands below it, closing and names to what stands above, in every format."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from source.structure.blocks import Block, Kind
from source.structure.headings import is_title_case

# What letters close with, alone or before a name.
_CLOSING = re.compile(
    r"(?:(?:in haste|with (?:all )?(?:my |much |best |kind )?(?:love|regards?|wishes|respect)|believe me"
    r"|i (?:am|remain)|ever|always|as ever|very|yours?)\b[^.!?]{0,60}"
    r"|sincerely(?: yours)?|faithfully(?: yours)?|love|cheers|regards"
    r"|(?:best|kind|warm(?:est)?) (?:regards|wishes)"
    r"|(?:mit|beste|viele|liebe|herzliche) [^.!?]{0,40}gr(?:ü|ue)(?:ß|ss)en?\b.{0,20}|hochachtungsvoll"
    r"|(?:dein|euer|eure)e?\b.{0,40}|ihre?(?: sehr)? ergebene[rs]?.{0,20}|cordialement|bien à (?:vous|toi)"
    r"|je vous embrasse|atentamente|saludos(?: cordiales)?|un abrazo|cordiali saluti|(?:med )?venn?lig hilsen"
    r"|med vänliga? hälsning(?:ar)?|met vriendelijke groet(?:en)?|с уважением|искренне ваш)[,.]?",
    re.IGNORECASE,
)
# What stands below the name: enclosures, copies.
_ENCLOSED = re.compile(
    r"(?:encl?s?|enclosures?|cc|bcc|anlagen?|p\.\s?j|pi[eè]ces? jointes?|bijlagen?|adjuntos?|allegat[io]|vedlegg"
    r"|bilag(?:a|or)?)\b\.?(?:\s?\(\d\))?:?(?:\s.{1,60})?",
    re.IGNORECASE,
)
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
    return 1 < len(words) <= _SALUTATION and words[-1] in ",，" and words[0].isupper()


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


def with_letters(text: str, blocks: Sequence[Block]) -> list[Block]:
    """`blocks` with the greeting of a letter joined to what follows, its closing and names to what stands above."""
    joined: list[Block] = []
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
        if named or (closed and wanted) or (len(above) == 1 and greets(above[0]) and block.kind is Kind.TEXT):
            joined[-1] = replace(last, end=block.end, inside=(*last.inside, *block.inside))
        else:
            joined.append(block)
        closed = closed and len(lines) == 1
    return joined


def _names(text: str, after: Sequence[Block]) -> bool:
    return any(block.kind in _OWN and signs(_lines(text, block)) for block in after)


def _lines(text: str, block: Block) -> list[str]:
    """The lines of a short block without the marks around them; none of a long one."""
    if block.end - block.start > _MOST_LINES * _SALUTATION:
        return []
    lines = (line.strip(_MARKS) for line in text[block.start : block.end].splitlines())
    return [line for line in lines if line]
