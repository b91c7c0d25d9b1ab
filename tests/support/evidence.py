"""Questions, candidates and answers made by hand, number by number: what ranking and evaluation are told."""

import re
from collections.abc import Mapping, Sequence

import numpy as np

from index.encoding.encoder import Encoded
from index.protocol import Stored, Tokens
from qa.answer import Answer, Quote, Receipt, Verdict
from qa.ranking.scoring import Question, TokenizedPassage, read_passage, read_question
from source.document import Document, Sentence, Span
from source.document import Passage as Paragraph
from source.text.questions import asks

# Passages stand at an offset of their document, so that no test mistakes one for the other.
START = 7


def asked(text: str, tokens: str = "", rarity: Sequence[float] = ()) -> Question:
    """A question; its `tokens` (words and signs where none are given) are at right angles to each other."""
    spans, at = [], 0
    for token in tokens.split() or re.findall(r"\w+|[^\w\s]", text):
        start = text.index(token, at)
        at = start + len(token)
        spans.append((start, at))
    vectors = np.eye(len(spans), dtype=np.float32)
    rare = np.asarray(rarity or [1.0] * len(spans), np.float32)
    encoded = Encoded(vectors.sum(0), vectors, np.asarray(spans, np.int32).reshape(-1, 2), rare)
    return read_question(text, encoded, vectors)


def candidate(
    question: Question,
    text: str,
    cosines: Mapping[str, Sequence[float]],
    *,
    context: str = "",
    document: str = "a.txt",
    cosine: float = 0.0,
    bm25: float = 0.0,
) -> TokenizedPassage:
    """A passage whose words have these `cosines` with the tokens of `question`, and all others none."""
    found = re.finditer(r"[^.?!\s][^.?!]*[.?!]", text)
    sentences = tuple(Sentence(START + f.start(), START + f.end(), asks(f.group())) for f in found)
    paragraph = Paragraph(START, START + len(text), 1, 1, (), sentences)
    words = [(word.group(), word.span()) for word in re.finditer(r"\w+", text)]
    known = [(word, (0, 0)) for word in context.split()] + words
    nothing = [0.0] * len(question.vectors)
    vectors = np.asarray([cosines.get(word, nothing) for word, _ in known], np.float32)
    spans = np.asarray([span for _, span in known], np.int32)
    tokens = Tokens(vectors.reshape(-1, len(nothing)), spans.reshape(-1, 2))
    return read_passage(Stored(document, "", paragraph, text, context), tokens, cosine, bm25)


def quoted(document: Document, text: str, marked: Sequence[str] = ()) -> Quote:
    """The quote of `text`, which stands in `document` once, with the `marked` parts of it."""
    start = document.text.index(text)
    marks = [document.text.index(mark, start) for mark in marked or [text]]
    highlights = tuple(Span(at, at + len(mark)) for at, mark in zip(marks, marked or [text], strict=True))
    return Quote(document, text, document.title, "", 1, 1, start, start + len(text), 1.0, highlights)


def answered(quotes: Sequence[Quote], verdict: Verdict = "answers", confidence: float = 0.5) -> Answer:
    """An answer of `quotes`."""
    return Answer("?", verdict, confidence, tuple(quotes), Receipt("", "", "", ()))
