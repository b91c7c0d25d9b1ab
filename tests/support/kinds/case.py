"""An input, and what is right of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from source.document import Reason

# What each kind of fault was, by its number.
KINDS = {
    1: "question instead of answer",
    2: "pdf line becomes table row",
    3: "introduced by colon cut off",
    4: "md html block never quoted",
    5: "sentence with note mark is heading",
    6: "title of untitled markdown",
    7: "pdf larger text lost as heading",
    8: "questions about the document",
    9: "compare and list get one side",
    10: "plain text headings missed",
    11: "signatures become headings",
    12: "epub obfuscated fonts refused",
    13: "epub hgroup title and front matter",
    14: "verse lines each a passage",
    15: "key value table read by header",
    16: "docx automatic numbers",
    17: "docx drop cap",
    18: "one bad byte makes mojibake",
    19: "pdf right to left",
    20: "ligatures soft hyphens numbers",
    21: "marks begin or end at markup",
    22: "answer in next sentence not marked",
    23: "lines without full stop one sentence",
    24: "indented paragraphs run together",
    25: "empty line inside a sentence",
    26: "saved page title notes comments",
    27: "related shows unrelated",
    28: "pdf box beside text",
    29: "renamed file the essays do not say",
    30: "famous sentence not a candidate",
    31: "real plain text dictionary",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What is right of the answer to a question: what the first quote holds, and what is marked in it.

    `known` is the value that is answered from what is known of the document, `also` what another quote holds, and
    `never` what no quote holds.
    """

    quoted: str = ""
    marked: str = ""
    known: str = ""
    also: str = ""
    never: str = ""
    verdicts: tuple[str, ...] = ("answers", "may_answer")


@dataclass(frozen=True, slots=True)
class Case:
    """An input of a kind, and what is right of it: all that is given holds.

    `places` are the headings that passages stand under, by a part of the passage; `furniture` the reasons, by a part
    of what is left out. `refused` is what a reader says that does not read it.
    """

    kind: int
    name: str
    file: str
    data: bytes = field(repr=False)
    title: str | None = None
    author: str | None = None
    date: str | None = None
    headings: tuple[str, ...] | None = None
    passages: tuple[str, ...] | None = None
    sentences: tuple[str, ...] | None = None
    places: Mapping[str, str] = field(default_factory=dict)
    locators: Mapping[str, str] = field(default_factory=dict)
    furniture: Mapping[str, Reason] = field(default_factory=dict)
    inserted: tuple[str, ...] | None = None
    asked: Mapping[str, Asked] = field(default_factory=dict)
    refused: str = ""

    def __str__(self) -> str:
        return f"{self.kind:02} {KINDS[self.kind]}: {self.name}"
