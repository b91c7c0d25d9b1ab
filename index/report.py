"""What a build did, and what would serve the essays better."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from index.encoding.encoder import ENGLISH
from source.library import Skipped
from source.text.language import name_of

# What the default model reads (notes too short for their language to be known are let pass), and a
# model that reads fifty languages.
_READ_BY_DEFAULT = ("", "en")
_MULTILINGUAL = "paraphrase-multilingual-MiniLM-L12-v2"

# To leave out so many characters of a text, or this share of it, is not worth a word.
LITTLE_CHARACTERS, LITTLE = 200, 0.01


@dataclass(frozen=True, slots=True)
class Changes:
    """How the documents differ from those of the last snapshot; `renamed` pairs the old and the new name."""

    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]
    renamed: tuple[tuple[str, str], ...]
    unchanged: int

    @classmethod
    def between(cls, before: Mapping[str, str], after: Mapping[str, str]) -> Changes:
        """The changes between two libraries, given as SHA-256 of the text by name."""
        gone = {name: text for name, text in before.items() if name not in after}
        new = {name: text for name, text in after.items() if name not in before}
        old_names = {text: name for name, text in reversed(gone.items())}
        renamed = []
        for name, text in new.items():
            if text in old_names:
                renamed.append((old_names.pop(text), name))
        moved = {name for pair in renamed for name in pair}
        return cls(
            added=tuple(name for name in new if name not in moved),
            changed=tuple(name for name in after if name in before and before[name] != after[name]),
            removed=tuple(name for name in gone if name not in moved),
            renamed=tuple(renamed),
            unchanged=sum(before.get(name) == text for name, text in after.items()),
        )

    @property
    def names(self) -> list[str]:
        """Each change, by the document's name."""
        return [
            *(f"added {name}" for name in self.added),
            *(f"changed {name}" for name in self.changed),
            *(f"removed {name}" for name in self.removed),
            *(f"renamed {before} to {after}" for before, after in self.renamed),
        ]

    def __str__(self) -> str:
        counts = (
            ("added", len(self.added)),
            ("changed", len(self.changed)),
            ("removed", len(self.removed)),
            ("renamed", len(self.renamed)),
            ("unchanged", self.unchanged),
        )
        return ", ".join(f"{count} {what}" for what, count in counts)


@dataclass(frozen=True, slots=True)
class LeftOut:
    """How many characters of a document are furniture, and why: by reason, the largest first."""

    name: str
    characters: int
    reasons: tuple[tuple[str, int], ...]

    @classmethod
    def of(cls, name: str, length: int, furniture: Iterable[tuple[int, int, str]]) -> LeftOut | None:
        """What was left out of a text of `length` characters, or None if that is little."""
        reasons = Counter[str]()
        for start, end, reason in furniture:
            reasons[reason] += end - start
        characters = reasons.total()
        if characters <= LITTLE_CHARACTERS or characters <= LITTLE * length:
            return None
        return cls(name, characters, tuple(reasons.most_common()))

    def __str__(self) -> str:
        why = ", ".join(f"{reason} {characters:,}" for reason, characters in self.reasons)
        return f"{self.characters:,} characters of {self.name} are not searched: {why}"


@dataclass(frozen=True, slots=True)
class Contents:
    """What a new generation holds; `decoded`, `left_out` and `languages` are as in `BuildReport`."""

    documents: int
    passages: int
    sentences: int
    decoded: tuple[tuple[str, str], ...]
    left_out: tuple[LeftOut, ...]
    languages: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build did.

    `embedded` counts the passages that the model had to read, the others were taken over from the
    last snapshot; `truncated` those of which it could not read every token. `decoded` names the
    documents whose files are in another encoding than UTF-8, and that encoding. `left_out` says of
    which documents more than a little is furniture, the largest part first. `languages` counts
    the documents in each, by ISO 639-1 code, "" where it is not known. `advice` says what would
    serve them better, "" if nothing is known of.
    """

    documents: int
    passages: int
    sentences: int
    embedded: int
    truncated: int
    skipped: tuple[Skipped, ...]
    decoded: tuple[tuple[str, str], ...]
    left_out: tuple[LeftOut, ...]
    languages: tuple[tuple[str, int], ...]
    advice: str
    changes: Changes
    seconds: float

    def __str__(self) -> str:
        counts = [
            _counted(self.documents, "document"),
            _counted(self.passages, "passage"),
            _counted(self.sentences, "sentence"),
        ]
        return f"{', '.join(counts)}, {self.truncated} truncated, {len(self.skipped)} skipped, {self.seconds:.1f} s"

    @property
    def in_languages(self) -> str:
        """How many documents are in which language, in words: `2 in English, 1 in German`."""
        return ", ".join(
            f"{count:,} in {name_of(code)}" if code else f"{count:,} of no known language"
            for code, count in self.languages
        )


def advice(model: str, languages: Iterable[tuple[str, int]]) -> str:
    """What would serve documents in these languages better than `model`; "" if nothing is known of."""
    if model not in ENGLISH or all(language in _READ_BY_DEFAULT for language, _ in languages):
        return ""
    return (
        f"{model} reads English only: in other languages passages are found by their words, not by what they mean. "
        f"A multilingual model reads them: hf download sentence-transformers/{_MULTILINGUAL}, "
        f"then quoth index FOLDER --model {_MULTILINGUAL}"
    )


def _counted(count: int, noun: str) -> str:
    return f"{count:,} {noun}" + ("" if count == 1 else "s")
