"""Full-text search: the words of a question, BM25 in SQLite's FTS5, and exact phrases."""

from __future__ import annotations

import re
import sqlite3
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence

from index.words.folding import fold
from index.words.stems import stems

# What FTS5 does with terms: it parts them at spaces.
TOKENIZER = "unicode61 remove_diacritics 0 categories 'L* M* N* Co'"
# Words of the title and headings count this much of a word in the text.
CONTEXT_WEIGHT = 0.5

STOP_WORDS = frozenset(
    "a about above after again against all also am an and any are aren as at be because been before being below "
    "between both but by can cannot could couldn d did didn do does doesn doing don done down during each few for "
    "from further had hadn has hasn have haven having he her here hers herself him himself his how i if in into is "
    "isn it its itself just ll m me might more most much must mustn my myself no nor not now of off on once one only "
    "or other our ours ourselves out over own please re s same shall she should shouldn so some such t tell than that "
    "the their theirs them themselves then there these they this those through to too under until up upon us ve very "
    "was wasn we were weren what when where which while who whom whose why will with won would wouldn you your yours "
    "yourself yourselves".split()
)

# Scripts that are written without spaces: Thai and Lao, Japanese, Chinese.
_UNSPACED = r"\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_UNSPACED_RUN = re.compile(f"[{_UNSPACED}]")
# Signs that are part of the letter before them: accents, points of Hebrew and Arabic, vowels of the scripts of India.
_MARKS = (
    r"\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed"
    r"\u0900-\u0963\u0971-\u0df3\u0f71-\u0f84\u102b-\u103e\u17b4-\u17d3"
)
# A word, or a run of signs of a script without spaces.
WORD = re.compile(rf"[{_UNSPACED}]+|[^\W_{_UNSPACED}]+(?:[{_MARKS}]+[^\W_{_UNSPACED}]*)*")
# Bytes of full text that SQLite gathers before it writes them: sixteen times its default is twice as fast.
_GATHERED = 1 << 24
# So many different words are counted in memory before they are written.
_COUNTED = 500_000
_PHRASE = re.compile(r'"([^"]*)"')


def folded(text: str) -> str:
    """`text` folded as the words of the index are, capitals kept; the same length."""
    return fold(text)


def words(text: str) -> list[str]:
    """The words of `text`, small and folded, in order, as `Index.frequencies` counts them.

    Where a script has no spaces, each two neighbouring signs are a word.
    """
    found: list[str] = []
    for run in WORD.findall(fold(text).lower()):
        pairs = len(run) > 1 and _UNSPACED_RUN.match(run)
        found += [run[i : i + 2] for i in range(len(run) - 1)] if pairs else [run]
    return found


def content_words(text: str) -> list[str]:
    """The words of `text` that carry meaning, each once, in order."""
    return [word for word in dict.fromkeys(words(text)) if word not in STOP_WORDS]


def phrases(question: str) -> tuple[str, ...]:
    """The phrases in double quotation marks, straight or curly, that hold a word at all.

    Punctuation at a phrase's end belongs to the question ('Who said "so be it?"').
    """
    found = (phrase.rstrip(" .,;:!?") for phrase in _PHRASE.findall(fold(question)))
    return tuple(phrase for phrase in found if WORD.search(phrase))


def holds(text: str, phrase: str) -> list[tuple[int, int]]:
    """Where `text` holds `phrase`: capitals, kinds of quotation marks and line breaks do not matter."""
    parts = fold(phrase).split()
    if not parts:
        return []
    # A phrase begins and ends with whole words, where words are told apart by spaces.
    before = r"(?<!\w)" if _spaces_words(parts[0][0]) else ""
    after = r"(?!\w)" if _spaces_words(parts[-1][-1]) else ""
    pattern = re.compile(before + r"\s+".join(map(re.escape, parts)) + after, re.IGNORECASE)
    return [found.span() for found in pattern.finditer(fold(text))]


def _spaces_words(sign: str) -> bool:
    return sign.isalnum() and not _UNSPACED_RUN.match(sign)


def create(connection: sqlite3.Connection) -> None:
    """Make the full-text table and the table of words, both empty."""
    connection.execute(
        f"CREATE VIRTUAL TABLE full_text USING fts5(context, text, content='', tokenize=\"{TOKENIZER}\")"
    )
    connection.execute("INSERT INTO full_text (full_text, rank) VALUES ('hashsize', ?)", (_GATHERED,))
    connection.execute("CREATE VIRTUAL TABLE vocabulary USING fts5vocab('full_text', 'row')")
    connection.execute("CREATE TABLE word (word TEXT PRIMARY KEY, passages INTEGER NOT NULL) WITHOUT ROWID")


def add(connection: sqlite3.Connection, passages: Iterable[tuple[int, str, str]]) -> None:
    """Index passages given as (number, terms of title and headings, terms of the text), parted by spaces."""
    connection.executemany("INSERT INTO full_text (rowid, context, text) VALUES (?, ?, ?)", passages)


def add_stored(connection: sqlite3.Connection, first: int) -> None:
    """Index the passages of the table `passage` from number `first` on."""
    connection.execute(
        "INSERT INTO full_text (rowid, context, text) "
        "SELECT id, context_terms, terms FROM main.passage WHERE id >= ? ORDER BY id",
        (first,),
    )


def optimize(connection: sqlite3.Connection) -> None:
    """Bring the full text into the form that is searched fastest."""
    connection.execute("INSERT INTO full_text (full_text) VALUES ('optimize')")


class WordCounts:
    """In how many passages each word stands: counted in memory, written when it has become much."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()

    def count(self, connection: sqlite3.Connection, found: Iterable[str], by: int) -> None:
        """Count the words of one passage `by` 1, or -1 to take it away."""
        for word in set(found):
            self._counts[word] += by
        if len(self._counts) > _COUNTED:
            self.write(connection)

    def write(self, connection: sqlite3.Connection) -> None:
        """Add what was counted to the table of words."""
        connection.executemany(
            "INSERT INTO word VALUES (?, ?) ON CONFLICT (word) DO UPDATE SET passages = passages + excluded.passages",
            sorted(self._counts.items()),
        )
        connection.execute("DELETE FROM word WHERE passages = 0")
        self._counts.clear()


def scores(
    connection: sqlite3.Connection, terms: Sequence[str], documents: Collection[int] | None
) -> Iterator[tuple[int, float]]:
    """All passages that hold any of `terms`, in their order, with their BM25 (higher is better)."""
    query = " OR ".join(_quoted(term) for term in terms)
    return connection.execute(
        f"SELECT rowid, -bm25(full_text, ?, 1.0) FROM full_text WHERE full_text MATCH ? {_among(documents)}",
        (CONTEXT_WEIGHT, query),
    )


def passages_holding(connection: sqlite3.Connection, terms: Iterable[str]) -> dict[str, int]:
    """In how many passages each of `terms` stands, but for those that stand in none."""
    query = "SELECT term, doc FROM vocabulary WHERE term = ?"
    return dict(row for term in terms for row in connection.execute(query, (term,)))


def search_phrases(
    connection: sqlite3.Connection,
    wanted: Sequence[str],
    languages: Collection[str],
    k: int,
    documents: Collection[int] | None,
) -> list[tuple[int, float]]:
    """Passages whose text holds the words of every phrase in order, stems alike: a superset of the literal."""
    forms = ({" ".join(stems(words(phrase), language)) for language in languages} for phrase in wanted)
    query = " AND ".join(f"text : ({' OR '.join(map(_quoted, sorted(each)))})" for each in forms)
    found = connection.execute(
        f"SELECT rowid, -bm25(full_text, ?, 1.0) AS score FROM full_text WHERE full_text MATCH ? {_among(documents)} "
        "ORDER BY score DESC, rowid LIMIT ?",
        (CONTEXT_WEIGHT, query, k),
    )
    return [(int(number), float(score)) for number, score in found]


def _quoted(term: str) -> str:
    return '"' + term.replace('"', '""') + '"'


def _among(documents: Collection[int] | None) -> str:
    """The condition that a passage is one of `documents`."""
    if documents is None:
        return ""
    return f"AND rowid IN (SELECT id FROM passage WHERE document IN ({','.join(map(str, map(int, documents)))}))"
