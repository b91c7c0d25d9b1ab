"""What a library shows who has not asked yet: how much it holds, how its essays begin, questions to begin with.

The questions are made from headings and first sentences, by their shape and without a language model.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from index.protocol import Entry, Index
from index.words import lexical
from qa.answer import Place
from qa.page.html.rendering import taken
from source.document import Document
from source.errors import UserError
from source.library import ESSAYS

# Of the essay that ships with Quoth, nothing is made: it is known what can be asked.
EXAMPLES = (
    "What tanks did the Soviet Union supply?",
    "Why did the Soviet Union want Korean seaports?",
    "Did the Soviet Union send its own troops?",
    "What was the Soviet role in the ceasefire?",
)
# So many essays are shown with their beginning, and so many questions; a longer sentence is told up to a space.
_SHOWN = 24
_QUESTIONS = 4
_LONGEST = 180
# So much of an essay is looked at to see how a word is written, and so many of its headings are.
_LOOKED_AT = 20_000
_HEADINGS = 40
# Headings that say nothing of what stands below them.
_EMPTY = frozenset(
    "abstract acknowledgements appendix background bibliography chapter conclusion conclusions contents discussion "
    "epilogue foreword introduction method methods note notes overview part preface prologue references results "
    "section see also summary external links further reading".split()
)
_NUMBERED = re.compile(r"^(?:(?:chapter|part|section|§)\s+)?(?:\d[\d.]*|[IVXLC]+\b)[.:)]?\s+", re.IGNORECASE)
_ABOUT = "What is said about"
_FIRST_WORD = re.compile(r"^(?:The|A|An|This|These|Its?|Our|My|How|On|Of|In)\b")
# "A lighthouse is …", "Ada Lovelace was …": what a first sentence says of its subject.
_SUBJECT = re.compile(
    r"^((?:(?:The|A|An) )?[^\W\d_][\w'’-]*(?: [^\W\d_][\w'’-]*){0,4}) (is|was|are|were) (?:the|an?|one)\b"
)
_NO_SUBJECT = frozenset("i we you he she it they this that these those there here what which who nothing".split())
_JOINED = frozenset("and or but in on at for with from by as to that which who when where".split())


@dataclass(frozen=True, slots=True)
class Opening:
    """An essay, where it can be read, and its first sentence, "" where it has none."""

    place: Place
    sentence: str


@dataclass(frozen=True, slots=True)
class Beginning:
    """What is shown before the first question: of so many essays and passages, how the first of them begin."""

    essays: int
    passages: int
    openings: tuple[Opening, ...]
    questions: tuple[str, ...]


def beginning(index: Index) -> Beginning:
    """What the library in `index` shows before the first question."""
    counts = index.about.counts
    entries = index.entries[:_SHOWN]
    if all(index.sources(entry.name).folder == ESSAYS.resolve() for entry in entries):
        return Beginning(counts.documents, counts.passages, (), EXAMPLES)
    documents = [_document(index, entry.name) for entry in entries]
    openings = tuple(map(_opening, entries, documents))
    return Beginning(counts.documents, counts.passages, openings, _chosen([one for one in documents if one]))


def _document(index: Index, name: str) -> Document | None:
    """A document; None where it is damaged, which is said to who reads it."""
    try:
        return index.document(name)
    except UserError:
        return None


def _opening(entry: Entry, document: Document | None) -> Opening:
    place = Place(entry.name, entry.title or entry.name, "", 0, 1, 0, 0)
    sentences = document.passages[0].sentences if document and document.passages else ()
    text = " ".join(taken(document, sentences[0]).split()) if document and sentences else ""
    return Opening(place, text if len(text) <= _LONGEST else f"{text[:_LONGEST].rsplit(' ', 1)[0]} …")


def _chosen(documents: list[Document]) -> tuple[str, ...]:
    """Up to four questions, of as many essays as there are, spread over all of them."""
    step = max(len(documents) // _QUESTIONS, 1)
    spread = [*documents[::step], *(document for at, document in enumerate(documents) if at % step)]
    each = [list(dict.fromkeys(questions(document))) for document in spread]
    each.sort(key=lambda asked: asked[0].startswith(_ABOUT) if asked else True)  # the plainest questions first
    longest = max(map(len, each), default=0)
    inturn = (asked[at] for at in range(longest) for asked in each if at < len(asked))
    return tuple(dict.fromkeys(inturn))[:_QUESTIONS]


def questions(document: Document) -> Iterator[str]:
    """Questions that `document` answers: what its headings ask, what its first sentence says, what headings name."""
    text = document.text[:_LOOKED_AT]
    headings = [" ".join(one.title.split()) for one in document.headings if one.level][:_HEADINGS]
    telling = [_NUMBERED.sub("", one) for one in headings if _tells(_NUMBERED.sub("", one))]
    yield from (one for one in telling if one.endswith("?"))
    if document.language not in ("", "en"):
        yield from (one for one in telling if not one.endswith("?"))
        return
    if document.passages and document.passages[0].sentences:
        first = document.passages[0].sentences[0]
        yield from _of_subject(" ".join(document.text[first.start : first.end].split()), text)
    if not telling and document.titled and _tells(document.title):
        telling = [document.title.removeprefix("On ")]
    yield from (f"{_ABOUT} {_inside(one, text)}?" for one in telling if one[-1] not in "?!:.…")


def _tells(heading: str) -> bool:
    words = lexical.content_words(heading)
    return 3 <= len(heading) <= 60 and len(heading.split()) <= 8 and bool(words) and not _EMPTY.issuperset(words)


def _of_subject(sentence: str, text: str) -> Iterator[str]:
    found = _SUBJECT.match(sentence)
    words = found[1].lower().split() if found else []
    if found is None or words[0] in _NO_SUBJECT or _JOINED.intersection(words):
        return
    named = not _FIRST_WORD.match(found[1]) and all(word[:1].isupper() for word in found[1].split())
    subject = _inside(found[1], text)
    asks = "Who or what" if named and subject == found[1] and found[2] in ("is", "was") else "What"
    yield f"{asks} {found[2]} {subject}?"


def _inside(name: str, text: str) -> str:
    """`name` as it is written inside a sentence: words that `text` has in small letters, too, are written so."""
    words = name.split()
    if not _FIRST_WORD.match(name) and not _small(words[0], text):
        return name
    return " ".join(word.lower() if at == 0 or _small(word, text) else word for at, word in enumerate(words))


def _small(word: str, text: str) -> bool:
    return bool(re.search(rf"(?<![\w’'-]){re.escape(word.lower())}(?![\w’'-])", text))
