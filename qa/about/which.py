"""Which essays a question about an essay means: named by title, by author or subject, chosen, or the only ones."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from pathlib import PurePosixPath

from index.protocol import Entry, Index
from index.words import lexical
from index.words.stems import stems
from qa.about.asking import WORKS, Asking, plain

# Of more essays than these none is meant, where nothing tells them apart.
MOST_TOLD = 30

PRONOUNS = frozenset("it its this that these those they them es das dies ca cela ceci esto eso su".split())
_POINTING = (
    r"(?:this|these|that|those|your|my|our|each|every|all of the(?:se)?|all the(?:se)?|all|dies(?:e[rnsm]?)?|cet(?:te)?"
    r"|ces?|est[aeo]s?)"
)
_THE = r"(?:the|der|die|das|den|dem|des|le|la|les|du|el|los|las|del|de la)"
# What can only mean what Quoth was given, and what an essay may well speak of itself.
_ESSAY = r"(?:essays?|essais?|ensayos?|aufsatz(?:es)?|aufsatze)"
_WORK = (
    rf"(?:texts?|documents?|articles?|pieces?|papers?|books?|novels?|works?|poems?|plays?|reports?|files?|{WORKS}"
    r"|text(?:es)?|dokumente?s?|artikels?|buch(?:es|s)?|textes?|livres?|textos?|documentos?|articulos?|libros?)"
)
_BOOK = re.compile(r"\b(?:book|novel|buch|livre|libro)$")
_OTHER = r"(?:(?:short|whole|entire|uploaded|given|present|shipped|attached) )?"
_POINTED = re.compile(
    rf"(?:(?P<pointing>{_POINTING}) |{_THE} |l')?{_OTHER}(?:(?P<essay>{_ESSAY})|{_WORK})\b(?P<more>.*)"
)
_MORE = re.compile(
    r" (?:(?P<by>by|written by|from|von|par|de|por) |(?P<named>called|titled|entitled|named) "
    r"|(?P<on>about|on|of|concerning|over|uber|sur|sobre) )?(?P<rest>.+)"
)
_MAIN = re.compile(r"[:;]|\s[-–—]\s|,\s+or\b", re.IGNORECASE)
_ARTICLES = frozenset("the a an der die das le la les el los las".split())


def which(asked: Asking, index: Index, documents: Collection[str] | None) -> list[Entry]:
    """The essays that are meant, of `documents` if any are named; none where the question is about no essay."""
    pool = [entry for entry in index.entries if documents is None or entry.name in documents]
    if asked.by:
        if _is_author(asked.by):
            pass
        elif not (pool := [entry for entry in pool if _wrote(asked.by, entry)]):
            return []
    found = _among(asked.of, pool, index)
    return found if len(found) <= MOST_TOLD or documents is not None else []


def points(of: str) -> bool:
    """Whether `of` means an essay by a word for it: "this essay", "the text", not "it"."""
    found = _POINTED.fullmatch(of)
    return found is not None and not found["more"]


def _among(of: str, pool: list[Entry], index: Index) -> list[Entry]:
    bare = of.strip("\"'“”‘’«»„ ")
    if not bare or bare in PRONOUNS:
        return pool
    if named := [entry for entry in pool if _is_title(bare, entry)]:
        return named
    found = _POINTED.fullmatch(bare)
    if found is None:
        return _by(bare, pool)
    if found["more"]:
        return _told_apart(found, pool, index)
    if found["pointing"] or found["essay"]:
        return pool
    # "The book" may be one that an essay speaks of; where none does, it is the essay. An e-book is one.
    spoken_of = any(index.frequencies(lexical.content_words(bare)).values())
    return [one for one in pool if not spoken_of or (one.name.lower().endswith(".epub") and _BOOK.search(bare))]


def _told_apart(found: re.Match[str], pool: list[Entry], index: Index) -> list[Entry]:
    """The essays meant by "the essay by …", "the essay about …", "the novel …"."""
    more = _MORE.fullmatch(found["more"])
    if more is None:
        return []
    rest = more["rest"].strip("\"' ")
    if named := [entry for entry in pool if _is_title(rest, entry)]:
        return named
    if more["by"] and (written := [entry for entry in pool if _wrote(rest, entry)]):
        return written
    if not more["on"]:
        return []
    subject = lexical.content_words(rest)
    titled = [entry for entry in pool if subject and set(_terms(subject)) <= set(_terms(_words(entry.title)))]
    if titled or not found["essay"]:
        return titled
    return pool if len(pool) == 1 and all(index.matching([word], 1) for word in subject) else []


def _by(of: str, pool: Sequence[Entry]) -> list[Entry]:
    """The essay meant by "Walden by Thoreau"."""
    title, by, author = of.rpartition(" by ")
    return [one for one in pool if by and _is_title(title, one) and (_wrote(author, one) or not one.author)]


def _is_title(words: str, entry: Entry) -> bool:
    """Whether `words` are the title of an essay, the part of it before a colon, or the name of its file."""
    wanted = _words(words)
    names = (entry.title, _MAIN.split(entry.title)[0], PurePosixPath(entry.name).stem, entry.name)
    return bool(wanted) and any(wanted == _words(name) for name in names)


def _wrote(name: str, entry: Entry) -> bool:
    """Whether `name`, or a part of it that ends it, is the author of an essay."""
    wanted, author = _words(name), _words(entry.author)
    return bool(wanted) and set(wanted) <= set(author) and any(len(word) > 2 for word in wanted)


def _is_author(name: str) -> bool:
    return bool(re.fullmatch(r"(?:the |its )?(?:author|writer)s?|it|he|she|they", name))


def _words(text: str) -> list[str]:
    """The words of a title, small, without accents and the article before it."""
    found = lexical.words(plain(text))
    return found[1:] if len(found) > 1 and found[0] in _ARTICLES else found


def _terms(words: Sequence[str]) -> list[str]:
    return stems(list(words), "en")
