"""Words and phrases of a generation in Milvus: its full-text search proposes passages, Quoth's BM25 scores them.

Milvus counts the rows of all generations, half-written ones too; the counts used here are those of the generation.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import cached_property, lru_cache

import numpy as np

from index.milvus.counts import bucket, unpacked_part
from index.milvus.directory import Directory
from index.milvus.packing import Damaged, divided, unpacked
from index.milvus.reading import GenerationRows
from index.milvus.tables import MOST, PART_BITS, Row
from index.numbers import PassageNumber
from index.protocol import Hit
from index.words import bm25, lexical
from index.words.scored import Rarities, Terms, norms_of, occurrences
from index.words.stems import stems, terms

# Milvus weighs words a little otherwise: it is asked for so many times as many passages as are wanted, and some more.
_TIMES, _MORE = 4, 40
# Of passages that may hold a phrase so many are read to see whether they do.
_PHRASES = 1000
# So many parts of the counts are kept as they are asked: a question looks into each several times.
_PARTS = 128


class Words:
    """The words of the generation of `rows`, whose passages the `directory` numbers."""

    def __init__(self, rows: GenerationRows, directory: Directory) -> None:
        self._rows = rows
        self._directory = directory
        self._languages = rows.manifest.languages
        mean = rows.manifest.terms / max(directory.passages, 1)
        self._mean = mean or 1.0
        self._part = lru_cache(_PARTS)(unpacked_part)

    def frequencies(self, words: Sequence[str], kind: str = "words") -> dict[str, int]:
        """In how many passages each of `words` stands: as it is written, or as one of the `terms`."""
        manifest = self._rows.manifest
        at = {word: bucket(word, manifest.buckets) for word in words}
        serials = self.buckets
        texts = self._rows.records([serials[one] for one in sorted(set(at.values())) if serials[one]])
        try:
            parts = {serial: self._part(text) for serial, text in texts.items()}
            return {
                word: int(parts[serials[at[word]]][kind].get(word, 0)) if serials[at[word]] else 0 for word in words
            }
        except (Damaged, KeyError) as error:
            raise self._rows.damaged() from error

    @cached_property
    def buckets(self) -> list[int]:
        """The serial of each part of the counts, 0 of those that are empty."""
        try:
            found: list[int] = unpacked(self._rows.record(self._rows.manifest.words))
        except Damaged as error:
            raise self._rows.damaged() from error
        return found

    def matching(self, words: Sequence[str], k: int, among: str) -> list[Hit]:
        """See `Index.matching`; `among` is the condition that a row may be found."""
        rarities = self._rarities(words)
        if not rarities.terms:
            return []
        wanted = " ".join(rarities.terms)
        rows = self._rows.tables.search("sparse", wanted, _TIMES * k + _MORE, among, self._rows.level, fields=["terms"])
        found = self._read(rows)
        scores = rarities.scores(list(found.values()))
        return _best([Hit(number, float(score)) for number, score in zip(found, scores, strict=True) if score > 0], k)

    def scores(self, words: Sequence[str], texts: Sequence[Terms]) -> list[float]:
        """What `matching` would score passages of these terms."""
        return [float(score) for score in self._rarities(words).scores(texts)]

    def _rarities(self, words: Sequence[str]) -> Rarities:
        counts = self.frequencies(terms(words, self._languages), "terms")
        return Rarities.among(self._directory.passages, self._rows.manifest.terms, counts)

    def containing(self, phrases: Sequence[str], k: int, among: str) -> list[Hit]:
        """See `Index.containing`: the best by BM25 of the phrases' stems."""
        forms = [
            list(dict.fromkeys(" ".join(stems(lexical.words(phrase), language)) for language in self._languages))
            for phrase in phrases
        ]
        held = " and ".join(f"({' or '.join(map(_holding, each))})" for each in forms)
        rows = self._proposed(
            f"{among} and {held}", " ".join(form for each in forms for form in each), max(k, _PHRASES)
        )
        found = self._read(rows)
        if not found:
            return []
        distinct = list(dict.fromkeys(form for each in forms for form in each))
        scores = np.zeros(len(found))
        norms = norms_of(list(found.values()), self._mean)
        for form in distinct:
            counts = [occurrences(form.split(" "), text) for _, text in found.values()]
            if any(counts):
                holding = self._rows.tables.count(f"{self._rows.alive} and {_holding(form)}", self._rows.level)
                rarity = bm25.rarity(self._directory.passages, holding)
                scores += bm25.scores(rarity, np.asarray(counts, np.float32), norms)
        numbers = list(found)
        texts = self._rows.passages(self._directory.passages_of(numbers))
        literal = [all(lexical.holds(one.stored.text, phrase) for phrase in phrases) for one in texts]
        hits = zip(numbers, scores, literal, strict=True)
        return _best([Hit(number, float(score)) for number, score, holds in hits if holds], k)

    def _proposed(self, condition: str, words: str, most: int) -> list[Row]:
        """Up to `most` rows of which `condition` is true: the best by Milvus' BM25 where there are more."""
        tables, level = self._rows.tables, self._rows.level
        rows = tables.where(tables.passages, condition, ["id", "document", "terms"], level, limit=min(most + 1, MOST))
        if len(rows) <= most:
            return rows
        return tables.search("sparse", words, most, condition, level, fields=["terms"])

    def following(self, words: Sequence[str], k: int, among: str) -> list[PassageNumber]:
        """See `Index.following`."""
        forms = sorted({" ".join(stems(words, language)) for language in self._languages}) if words else []
        if not forms:
            return []
        tables = self._rows.tables
        held = " or ".join(map(_holding, forms))
        rows = tables.where(tables.passages, f"{among} and ({held})", ["id", "document"], self._rows.level)
        numbers = {number for row in rows if (number := self.number(row)) is not None}
        return sorted(numbers)[:k]

    def number(self, row: Row) -> PassageNumber | None:
        """The number of the passage of a row; None if it is not of this generation."""
        return self._directory.number(int(row["document"]), int(row["id"]) >> PART_BITS)

    def _read(self, rows: Sequence[Row]) -> dict[PassageNumber, Terms]:
        """The terms of the passages of rows, by their numbers."""
        found: dict[PassageNumber, Terms | None] = {}
        for row in rows:
            if (number := self.number(row)) is not None:
                found[number] = divided(row["terms"])
        long = [number for number, one in found.items() if one is None]
        read = self._rows.passages(self._directory.passages_of(long)) if long else []
        again = {number: one.terms for number, one in zip(long, read, strict=True)}
        return {number: one if one is not None else again[number] for number, one in found.items()}


def _holding(form: str) -> str:
    """The condition that the terms of a text hold these, parted by spaces, together and in this order."""
    bare = "".join(sign for sign in form if sign.isalnum() or sign == " " or sign not in "\"'\\%_|")
    return f'terms like "%|% {bare} %"'


def _best(hits: Sequence[Hit], k: int) -> list[Hit]:
    return sorted(hits, key=lambda hit: (-hit.score, hit.passage))[:k]


def among_documents(alive: str, serials: Collection[int] | None) -> str:
    """The condition that a row is alive and of one of these documents."""
    return alive if serials is None else f"{alive} and document in {sorted(serials)}"
