"""Why the essays do not answer, and what can be done next: every *no* has one reason and one step."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from index.encoding.encoder import ENGLISH
from index.protocol import Index
from index.words import lexical
from qa.answer import Answer, Place
from qa.retriever import Retriever
from source.text.language import language_of, name_of

# A question with so many words that English leaves out of its searches is English: too short to be told otherwise.
_ENGLISH = 2
# A shorter word is near to too many others.
_SHORTEST = 4
_ALPHABET = "abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why there is no answer, `why`, and the next step: a button with a `label`, or else `hint` in words.

    The button asks `question`, of all essays if `everywhere`. `contents` are places to read at.
    """

    why: str
    hint: str = ""
    label: str = ""
    question: str = ""
    everywhere: bool = False
    contents: tuple[Place, ...] = ()


def reason(
    question: str, answer: Answer, retriever: Retriever, documents: Collection[str] = ()
) -> tuple[Answer, Explanation | None]:
    """The answer as it is to be shown, and why `question` has none outright; None where there is nothing to say.

    Only `documents` were asked, if any are named.
    """
    if answer.verdict == "withheld":
        return answer, Explanation(
            "The passage that would come first is not shown, as its essay no longer says what was indexed.",
            hint="Rebuild the index, then ask again.",
        )
    if answer.about or any(not quote.ranks for quote in answer.quotes):  # told of the essay, not found in it
        return answer, _told(answer)
    if answer.status == "found":
        return answer, _misspelt(question, retriever)
    return answer, next(filter(None, _reasons(question, answer, retriever, documents)))


def _reasons(
    question: str, answer: Answer, retriever: Retriever, documents: Collection[str]
) -> Iterator[Explanation | None]:
    """The reasons there may be, the most telling first."""
    index = retriever.index
    yield _phrase(question, answer, documents)
    if not lexical.content_words(lexical.folded(question)):
        yield Explanation("The question has no word that could be looked for.", hint="Ask with a word of the subject.")
    yield _foreign(question, index)
    yield _misspelt(question, retriever)
    yield _chosen(question, index, documents)
    yield _unknown(question, index)
    if answer.verdict == "close":
        yield Explanation(
            "These passages speak of it and do not say it.", hint="Read on in the essay, or ask in other words."
        )
    yield Explanation(
        "No passage comes near to what was asked.", hint="Ask in other words, or look through the essays."
    )


def _phrase(question: str, answer: Answer, documents: Collection[str]) -> Explanation | None:
    """Words in quotation marks, which a passage must hold."""
    phrases = lexical.phrases(question)
    if not phrases:
        return None
    said = " and ".join(f"“{phrase}”" for phrase in phrases)
    bare = " ".join(lexical.folded(question).replace('"', " ").split())
    where = "the chosen essays" if documents else "these essays"
    together = "word for word" if len(phrases) == 1 else "word for word in one passage"
    held = f"Only passages that hold {said} word for word were asked."
    why = held if answer.quotes else f"{said} stands nowhere in {where}, {together}."
    return Explanation(why, label="Ask without the quotation marks", question=bare)


def _foreign(question: str, index: Index) -> Explanation | None:
    """A language that the model does not read."""
    if index.model not in ENGLISH or sum(word in lexical.STOP_WORDS for word in lexical.words(question)) >= _ENGLISH:
        return None
    language = language_of(question)
    if language in ("", "en"):
        return None
    return Explanation(
        f"The question seems to be in {name_of(language)}, which the model does not read; "
        "only its words were looked for.",
        hint="Ask in English, or index with a model of several languages (README, Languages).",
    )


def _chosen(question: str, index: Index, documents: Collection[str]) -> Explanation | None:
    """A limit to some of the essays."""
    if not documents:
        return None
    count = len(index.entries)
    which = "This essay does" if len(documents) == 1 else f"These {len(documents):,} essays do"
    label = f"Ask all {count:,}"
    return Explanation(f"{which} not say.", label=label, question=question, everywhere=True)


def _misspelt(question: str, retriever: Retriever) -> Explanation | None:
    """A word that stands nowhere and that the model does not know, but for a letter a word of the essays."""
    for word in _nowhere(question, retriever.index):
        written = _nearest(word, retriever.index) if retriever.pieces(word) > 1 else ""
        if written:
            meant = re.sub(rf"\b{re.escape(word)}\b", written, lexical.folded(question), flags=re.IGNORECASE)
            return Explanation(
                f"“{word}” stands nowhere in these essays.", label=f"Did you mean {written}?", question=meant
            )
    return None


def _unknown(question: str, index: Index) -> Explanation | None:
    """Words that stand nowhere, in no form."""
    words = _nowhere(question, index)
    if not words:
        return None
    said = " and ".join(", ".join(f"“{word}”" for word in words).rsplit(", ", 1))
    verb = "stands" if len(words) == 1 else "stand"
    return Explanation(
        f"{said} {verb} nowhere in these essays.", hint="Ask in other words, or look through the essays."
    )


def _nowhere(question: str, index: Index) -> list[str]:
    """The words of `question`, as they are written, that the index has in no form."""
    asked = {written[0]: lexical.words(written[0]) for written in lexical.WORD.finditer(lexical.folded(question))}
    return [
        written
        for written, words in asked.items()
        if not lexical.STOP_WORDS.issuperset(words) and not index.matching(words, 1)
    ]


def _nearest(word: str, index: Index) -> str:
    """The commonest word of the index that is one letter off `word`, as the essays write it; "" if there is none."""
    small = word.lower()
    if len(small) < _SHORTEST or not small.isalpha():
        return ""
    frequencies = index.frequencies(sorted(_one_off(small)))
    best = max(frequencies, key=lambda one: (frequencies[one], one), default="")
    if not frequencies.get(best):
        return ""
    for hit in index.matching([best], 1):
        text = index.passages([hit.passage])[0].text
        for found in lexical.WORD.finditer(text):
            if lexical.words(found[0])[:1] == [best]:
                return found[0]
    return best


def _one_off(word: str) -> set[str]:
    """What is one letter more, less or other than `word`, or has two letters exchanged."""
    halves = [(word[:at], word[at:]) for at in range(len(word) + 1)]
    letters = sorted({*_ALPHABET, *word})
    less = {a + b[1:] for a, b in halves if b}
    turned = {a + b[1] + b[0] + b[2:] for a, b in halves if len(b) > 1}
    other = {a + c + b[1:] for a, b in halves if b for c in letters}
    more = {a + c + b for a, b in halves for c in letters}
    return (less | turned | other | more) - {word}


def _told(answer: Answer) -> Explanation:
    """What is known of the essays themselves: their headings or titles as contents, all else in words."""
    kinds = {one.what for one in answer.about}
    if not kinds <= {"heading", "title"} or (kinds == {"title"} and answer.status == "found"):
        return Explanation(" ".join(f"{one.value}, says the {one.read} of {one.place.title}." for one in answer.about))
    contents = tuple(one.place for one in answer.about)
    said = "Quoth quotes and does not sum up."
    if not answer.quotes:
        return Explanation(said, hint="Choose one of these essays to ask it alone, or read it:", contents=contents)
    what = "This is how the essay begins" if len(answer.quotes) == 1 else "This is how the essays begin"
    hint = "Ask about one of its headings." if contents else "Read it whole."
    return Explanation(f"{said} {what}{', and its headings' if contents else ''}:", hint=hint, contents=contents)
