"""Which lines of plain text are headings, and of which level."""

from __future__ import annotations

import re
from dataclasses import replace

from source.structure.blocks import Blocks, Kind
from source.structure.lines import ends_sentence, without_notes
from source.text.breaks import BULLETS, COUNTED

WIKI_HEADING = re.compile(r"((?:=[ ]?){1,6})\s*([^=\s].*?)\s*(?:=[ ]?){1,6}$")
NUMBERED = re.compile(
    r"(?:(?:chapter|part|section|book)\s+)?((?:\d+\.)*\d+|(?-i:[IVXLC]+)(?=[.):]))[.):]?\s+\S", re.IGNORECASE
)
# What large works are divided into, the largest first; each with its words in the languages of Europe.
_LARGE = (
    "volume|vol|book|part|act|tome|livre|partie|acte|buch|band|teil|akt|aufzug|libro|parte|acto|atto|boek|deel|del|bok"
    "|книга|часть|том|действие|część|księga"
)
_MIDDLE = (
    "chapter|chap|canto|letter|stave|lecture|kapitel|chapitre|cap[ií]tulo|capitolo|kapittel|hoofdstuk|глава|rozdział"
    "|chant|gesang|scene|sc[eè]ne|szene|auftritt|escena|scena|brief|lettre|appendix|anhang|annexe|явление|сцена"
)
_SMALL = "section|abschnitt|article|artikel|secci[oó]n|sezione|§"
_ORDINALS = (
    "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|first|second|third|fourth|fifth|sixth|seventh"
    "|eighth|ninth|tenth|last|the\\s+(?:first|second|third|fourth|fifth|sixth|last)|eins|zwei|drei|erste[rs]?"
    "|zweite[rs]?|dritte[rs]?|vierte[rs]?|fünfte[rs]?|premier|première|deuxième|second|troisième|quatrième|primero?"
    "|primera|segund[oa]|tercer[oa]?|prim[oa]|second[oa]|terz[oa]|первая|вторая|третья|первый|второй|третий"
)
_NUMBER = rf"(?:\d{{1,3}}|[IVXLC]{{1,8}}|(?:{_ORDINALS}))"
_DIVISION = tuple(
    re.compile(
        rf"(?:(?:{words})\.?\s+(?P<number>{_NUMBER})|(?:{_ORDINALS}|\d{{1,3}}\.)\s+(?:{words}))"
        r"(?P<rest>(?![\w'’]).*)",
        re.IGNORECASE,
    )
    for words in (_LARGE, _MIDDLE, _SMALL)
)
_DIVISION_CHINESE = re.compile(r"第\s?[0-9０-９一二三四五六七八九十百零〇]{1,6}\s?[章回节節卷部幕場场編編篇].{0,40}")
_SEPARATED = re.compile(r"\s*(?:[.:,;)\]]|--?|[—–]|\.\s?[—–-]{1,2})\s*")
_FIRST = re.compile(r"(?:1|I|A)(?:\.1)*[.)]\s+\S|I\.?$")  # begins what is counted, and is no title
_NUMERAL = re.compile(r"[IVXLC]{1,7}\.?|\d{1,3}\.?|§\s?\d{1,3}\.?|(?:1[0-9]|20)\d\d")
# Parts of a book that have a name and no number.
_SECTION = (
    r"(?:preface|foreword|introduction|prologue|epilogue|conclusion|appendix|postscript|afterword|notes|footnotes"
    r"|bibliography|glossary|index|abstract|summary|vorwort|einleitung|nachwort|schluss|anhang|préface|avant-propos"
    r"|épilogue|prólogo|introducción|epílogo|prefazione|introduzione|предисловие|введение|заключение|эпилог)"
)
_SECTIONS = re.compile(rf"{_SECTION}\.|(?:foot|end)notes:", re.IGNORECASE)
# What closes a book heads nothing, though notes may stand below it.
_LAST_WORDS = re.compile(r"(?:the\s+end|fin|finis|ende)[.!]?", re.IGNORECASE)
_COLUMN = re.compile(r" {2,}|\t\s*")
_OPENING = re.compile(rf"{_SECTION}\.?", re.IGNORECASE)
_CLOSED = '.!?:;,…”"»。！？：；，'
_MINOR_WORDS = frozenset(
    "and between but during for from into nor over per since than the under until upon versus via with within "
    "without after against before among through van von der den del des della".split()
)
_NEVER_FIRST = f"-–—\\/<>&|~;,·{BULLETS}"  # of an item, an option, a command, a sign, what somebody says
_LONGEST, _MOST_WORDS = 100, 14
# A line of a sentence, with a note's mark behind it, has at least so many words.
_FEWEST_OF_SENTENCE = 3


def looks_like_heading(words: str) -> bool:
    """Whether a line of its own is short, starts with a capital and does not end like a sentence."""
    short = len(words) <= _LONGEST and len(words.split()) <= _MOST_WORDS
    aside = words.startswith(("[", "|", "! ", ":")) or (words[0] == "(" and words[-1] == ")")  # or a table's row
    if not short or aside or words[0].islower() or words[0] in _NEVER_FIRST or not any(c.isalpha() for c in words):
        return False
    bare = without_notes(words)
    noted = bool(re.search(r"\d[\])}]?$|[¹²³⁰⁴-⁹†‡*]$", words[len(bare) :])) and bare != words
    if noted and len(bare.split()) >= _FEWEST_OF_SENTENCE and not is_title_case(bare):
        return False
    last = words.rstrip(")]}'’*_")[-1:]
    if _LAST_WORDS.fullmatch(words) or _is_row(words):
        return False
    return last not in _CLOSED + "—–-" and not ends_sentence(words)


def _is_row(words: str) -> bool:
    """Whether a line stands in three columns or more, rather than being spaced out: "Boat   1901   1902"."""
    cells = _COLUMN.split(words)
    return len(cells) > 2 and any(len(cell.strip()) > 1 and cell.count(" ") < len(cell) // 2 for cell in cells)


def is_division(words: str) -> bool:
    """Whether a line of its own names a part of a book or play: "CHAPTER II.", "SCENE I. A mill.", "PREFACE."."""
    return (
        bool(words)
        and not _LAST_WORDS.fullmatch(words)
        and (
            division_rank(words) > 0
            or _NUMERAL.fullmatch(words) is not None
            or _SECTIONS.fullmatch(words) is not None
            or _is_capitals(words)
        )
    )


def is_counted(title: str) -> bool:
    """Whether a heading is the first of several that are counted, or names a part: it is no title of the whole."""
    return division_rank(title) > 0 or _FIRST.match(title) is not None


def division_rank(words: str) -> int:
    """1 for a volume, book, part or act, 2 for a chapter or scene, 3 for a section; 0 for what is none of these."""
    if len(words) > _LONGEST:
        return 0
    if _DIVISION_CHINESE.fullmatch(words):
        return 2
    for rank, pattern in enumerate(_DIVISION, 1):
        found = pattern.fullmatch(words)
        if found and (not found["rest"].strip(" .:") if words[0].islower() else _names(found)):
            return rank
    return 0


def _names(found: re.Match[str]) -> bool:
    """Whether what stands behind a division's number is nothing, or its title, rather than a sentence."""
    rest = found["rest"]
    if not rest.strip(" .:—–-"):
        return True
    separated = _SEPARATED.match(rest)
    title = rest[separated.end() :] if separated else rest.strip()
    if not title or title[0].islower() or len(title.split()) > _MOST_WORDS:
        return False
    if separated and separated.group().strip() not in ",;":
        return not re.search(r"[.!?]\s+[^\W\d_]{2,}.*\s.*[.!?]$", title) or title.isupper()
    return not ends_sentence(title)


def number_only(words: str) -> bool:
    """Whether a line is a division's number and nothing more: its title may stand below."""
    found = next((one for pattern in _DIVISION if (one := pattern.fullmatch(words))), None)
    return bool(found and not found["rest"].strip(" .:—–-")) or bool(re.fullmatch(r"[IVXLC]{1,7}\.?", words))


def _is_capitals(words: str) -> bool:
    """Whether a line is a heading as old books have it: several words, all capitals, with a full stop."""
    letters = [part for part in words.split() if len(part) > 2]
    return words.isupper() and words.endswith(".") and 2 <= len(letters) <= 10 and words.count(".") == 1


def leveled(blocks: Blocks) -> None:
    """Give headings without markup their levels: by what they divide, their numbers ("2.1"), else by their capitals.

    An essay that writes its sections In Title Case and some headings in sentence case means the
    latter as sub-sections. A first line that looks like a heading is the title, level 0.
    """
    top = next((i for i, b in enumerate(blocks) if b.kind is not Kind.FURNITURE), None)
    title = None if top is None or is_counted(blocks[top].title) else top
    if title is not None and _OPENING.fullmatch(blocks[title].title):
        title = title if sum(b.kind is Kind.HEADING for b in blocks) == 1 else None
    headings = {i: b for i, b in enumerate(blocks) if b.kind is Kind.HEADING and b.level == 0 and i != title}
    body = headings.values()
    ranks = sorted({rank for b in body if (rank := division_rank(b.title))})
    plain = [b for b in body if not division_rank(b.title) and not NUMBERED.match(b.title)]
    mixed = len({is_title_case(b.title) for b in plain}) == 2
    capitals = any(b.title.isupper() for b in body if division_rank(b.title))
    for i, b in headings.items():
        number = NUMBERED.match(b.title)
        if rank := division_rank(b.title):
            level = ranks.index(rank) + 1
        elif counted := COUNTED.match(b.title):
            level = len(ranks) + (2 if "（" in counted.group() else 1)
        elif number:
            level = len(ranks) + number.group(1).count(".") + 1
        elif ranks and capitals and b.title.isupper():
            level = 1
        else:
            level = len(ranks) + (2 if mixed and not is_title_case(b.title) else 1)
        blocks[i] = replace(b, level=level)


def is_title_case(title: str) -> bool:
    """Whether all words of `title` that matter begin with a capital."""
    words = [word for word in re.findall(r"[^\W\d_]+", title)[1:] if len(word) > 2]
    return all(not word[0].islower() or word in _MINOR_WORDS for word in words)


def only_above_text(blocks: Blocks) -> None:
    """Make short lines with nothing under them text (a signature, a last word): they are no headings."""
    for i in range(len(blocks) - 1, -1, -1):
        block = blocks[i]
        if block.kind in (Kind.TEXT, Kind.LIST):
            return
        if block.kind is Kind.HEADING:
            blocks[i] = replace(block, kind=Kind.TEXT, level=0, title="")
