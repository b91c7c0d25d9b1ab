"""Which sentences of a given text answer a question: no index, the text is its own small corpus."""

from __future__ import annotations

import numpy as np

from index.encoding.encoder import Encoder, encode_passages
from index.protocol import Stored, Tokens
from index.words import lexical
from qa.ranking.confidence import evidence, judged
from qa.ranking.marks import features, marks
from qa.ranking.scoring import Passage, covering_order, matches, order_scores, read_passage, read_question, word_weights
from qa.retriever import KEEP, checked, holding
from source.document import Document, Span
from source.structure.blocks import plain_blocks, structured


def highlights(encoder: Encoder, question: str, text: str) -> list[Span]:
    """The sentences of `text` that answer `question`, as characters of `text`, in order; [] if none does.

    Raises ValueError if the question is empty.
    """
    question = checked(question, 1)
    document = structured(Document("", text, ""), plain_blocks(text))
    phrases = lexical.phrases(question)
    chosen = _holding(document, phrases) if phrases else _answering(encoder, question, document)
    sentences = [document.passages[i].sentences[j] for i, j in sorted(chosen)]
    return [Span(sentence.start, sentence.end) for sentence in sentences]


def _holding(document: Document, phrases: tuple[str, ...]) -> list[tuple[int, int]]:
    """Passage and sentence of each place where a phrase stands literally."""
    return [(i, j) for i, stored in enumerate(_stored(document)) for j in holding(stored, phrases)]


def _answering(encoder: Encoder, question: str, document: Document) -> list[tuple[int, int]]:
    """Passage and sentence of each sentence that answers."""
    if not document.passages:
        return []
    bare = lexical.folded(question).replace('"', " ")
    encoded = encoder.encode([bare], question=True)[0]
    read = read_question(bare, encoded, encoded.tokens)
    stored = _stored(document)
    passages: list[Passage] = []
    for one, vectors in zip(stored, encode_passages(encoder, [(s.context, s.text) for s in stored]), strict=True):
        tokens = Tokens(vectors.tokens, np.maximum(vectors.spans, 0))
        passages.append(read_passage(one, tokens, float((vectors.vectors @ encoded.vector).max()), 0.0))
    weights = word_weights(read, {}, 0)
    found = matches(read, passages)
    scores = order_scores(read, weights, found, passages, len(passages))
    order, worth = covering_order(weights, found, passages, scores, len(passages))
    falling = sorted(scores.tolist(), reverse=True)
    best = order[0]
    values = evidence(read, passages[best], found[best], falling, passages, 0.0)
    if judged(read, values).status == "none":
        return []
    kept = [i for i, value in zip(order, worth, strict=True) if value >= worth[0] - KEEP]
    return [
        (i, j)
        for i in kept
        for j in marks(
            features(read, weights, found[i], stored[i].text, passages[i].sentences, falling[0] - float(scores[i]))
        )
    ]


def _stored(document: Document) -> list[Stored]:
    return [
        Stored("", document.title, passage, document.text[passage.start : passage.end], document.context(passage))
        for passage in document.passages
    ]
