"""A folder of texts of a given number of paragraphs, the same for all peers, with questions about them.

Real paragraphs come first, as Quoth's own reader cuts them. Where they are too few, their
sentences are combined across paragraphs, so that every paragraph is distinct; sentences of the
set that the questions are about are left out of that, so that only the real one is right.
"""

from __future__ import annotations

import itertools
import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from peers.texts import read_paragraphs

from source.document import Document
from source.library import read_library

ASKED, OTHERS = "squad", ("squad-more", "cranfield", "hotpot", "chroma")
_PARAGRAPHS_A_FILE = 25
_ENDS = (".", "!", "?")
_SHORTEST = 80  # characters; what is shorter is a heading or a fragment
# The sentence that the changed paragraph gains; nothing else in the corpus speaks of it.
ADDED = "A purple giraffe named Ottokar conducted the harbour orchestra at midnight."


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A real paragraph on one line; `start` and `end` are its characters in the document of the set."""

    document: str
    start: int
    end: int
    text: str
    sentences: tuple[str, ...]


def write(folder: Path, bench: Path, wanted: int, questions: int) -> None:
    """Write `wanted` paragraphs as `folder/documents/*.txt`, and `questions.jsonl` and `sources.json` beside them.

    A paragraph's id is `<file>#<number in the file, from 1>`. Of each question the ids of the
    right paragraphs are kept; of each varied paragraph, the ids of those that gave its sentences.
    """
    asked = _real(bench / ASKED)
    others = [paragraph for name in OTHERS for paragraph in _real(bench / name)]
    random.Random(0).shuffle(others)
    # At least half of a small corpus are paragraphs that nobody asks about.
    real = asked[: wanted // 2]
    real += others[: wanted - len(real)]
    random.Random(1).shuffle(real)
    varied = list(itertools.islice(_varied(others), wanted - len(real)))
    texts = [paragraph.text for paragraph in real] + [text for text, _ in varied]
    documents = folder / "documents"
    documents.mkdir(parents=True)
    ids: list[str] = []
    for start in range(0, len(texts), _PARAGRAPHS_A_FILE):
        # A name without words, so that no tool can learn anything from it.
        name = f"{start // _PARAGRAPHS_A_FILE:06d}.txt"
        part = texts[start : start + _PARAGRAPHS_A_FILE]
        (documents / name).write_text("\n\n".join(part) + "\n", encoding="utf-8")
        ids += [f"{name}#{number}" for number in range(1, len(part) + 1)]
    _check(documents, dict(zip(ids, texts, strict=True)))
    places = {id(paragraph): place for paragraph, place in zip(real, ids, strict=False)}
    sources = [[places[id(paragraph)] for paragraph in given] for _, given in varied]
    (folder / "sources.json").write_text(json.dumps(sources), encoding="utf-8")
    lines = [json.dumps(line) for line in _questions(bench / ASKED, real, ids, questions)]
    (folder / "questions.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")


def change(folder: Path) -> str:
    """Add a sentence to one paragraph in the middle of the corpus; the paragraph's id."""
    paths = sorted((folder / "documents").iterdir())
    path = paths[len(paths) // 2]
    parts = path.read_text(encoding="utf-8").rstrip("\n").split("\n\n")
    number = len(parts) // 2
    parts[number] += " " + ADDED
    path.write_text("\n\n".join(parts) + "\n", encoding="utf-8")
    return f"{path.name}#{number + 1}"


def _real(folder: Path) -> list[Paragraph]:
    """The paragraphs of a set, each on one line, that are prose and read back as one paragraph."""
    found: list[Paragraph] = []
    known: set[str] = set()
    for document in read_library(folder / "documents"):
        for passage in document.passages if isinstance(document, Document) else ():
            said = document.text[passage.start : passage.end]
            text = " ".join(said.split())
            # Below what is no whole sentence, Quoth takes a paragraph without a capital for the rest of it.
            whole = _SHORTEST <= len(text) <= 2900 and text.rstrip("\"'”)")[-1:] in _ENDS and text[0].isalnum()
            if not whole or text in known or "\n\n" in said or text[0].isdigit():
                continue
            known.add(text)
            sentences = tuple(" ".join(document.text[s.start : s.end].split()) for s in passage.sentences)
            found.append(Paragraph(Path(document.name).stem, passage.start, passage.end, text, sentences))
    return found


def _varied(paragraphs: list[Paragraph]) -> Iterator[tuple[str, list[Paragraph]]]:
    """Without end: distinct paragraphs of sentences of different ones, and the paragraphs they are from."""
    chance = random.Random(2)
    known: set[str] = set()
    while True:
        given = chance.sample(paragraphs, chance.randint(3, 6))
        text = " ".join(chance.choice(paragraph.sentences) for paragraph in given)
        if text not in known and len(text) <= 2900 and text[0].isalpha() and text[-1] in ".!?":
            known.add(text)
            yield text, given


def _questions(folder: Path, real: list[Paragraph], ids: list[str], wanted: int) -> list[dict[str, object]]:
    """Up to `wanted` answerable questions about the corpus, each with the ids of the paragraphs that answer."""
    places: dict[str, list[tuple[int, int, str]]] = {}
    for paragraph, place in zip(real, ids, strict=False):
        places.setdefault(paragraph.document, []).append((paragraph.start, paragraph.end, place))
    found: list[dict[str, object]] = []
    for line in (folder / "questions.jsonl").read_text(encoding="utf-8").splitlines():
        values = json.loads(line)
        right = {
            place
            for span in values["spans"]
            for start, end, place in places.get(span["document"], [])
            if start <= span["start"] and span["end"] <= end
        }
        if values["answerable"] and right:
            found.append({"question": values["question"], "right": sorted(right)})
    random.Random(3).shuffle(found)
    return found[:wanted]


def _check(documents: Path, texts: dict[str, str]) -> None:
    """Raise ValueError unless Quoth's reader and a split at empty lines both give exactly these paragraphs."""
    read = {
        f"{document.name}#{passage.number}": document.text[passage.start : passage.end]
        for document in read_library(documents)
        if isinstance(document, Document)
        for passage in document.passages
    }
    if read != texts or dict(read_paragraphs(documents)) != texts:
        wrong = [place for place in texts if read.get(place) != texts[place]]
        raise ValueError(f"{len(wrong)} paragraphs are read otherwise than they were written: {wrong[:5]}")
