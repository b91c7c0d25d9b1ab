"""The reader that comes with Quoth: the default model's network with other layers, in ONNX Runtime.

Question and passage stand in one sequence. They are scored as the encoder's are, by late interaction,
here between states that have seen each other, with a linear head beside it for the passage, for each
sentence and for each token. How it was trained: tests/benchmarks/train_reader.py.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.encoding.encoder import CORES, Encoded, Spans, Vectors, unit, windows
from index.encoding.minilm import graph_weights, published_embeddings, rarity, session, tokenizer
from index.encoding.pinned import Weights
from index.once import Once
from index.protocol import Stored
from index.words.folding import fold
from qa.ranking.reader import UNREAD, Reading
from qa.ranking.scoring import read_question, word_weights

WEIGHTS = Weights(
    Path(__file__).parent / "weights" / "reader.safetensors",
    "efff65bbb97cc49d4a2bea592dcf194774714406e7629ca9d12b095ac04a4f60",
    "The reader's",
    "those that ship with Quoth",
    "install Quoth again, or go without: --no-reader, retrieve(…, reader=False)",
)
# The most tokens of a question, of a passage's window and of both with the model's own, as it was trained.
_QUESTION, _WINDOW, _SEQUENCE = 46, 254, 300
# Of a longer passage the first so many windows are read: a passage of prose has four at most.
_MOST_WINDOWS = 12
# What a sentence's state adds to the weight of a token is at most this, as a logarithm.
_MOST_IMPORTANCE = 3.0


@dataclass(frozen=True, slots=True)
class Heads:
    """What turns states into logits: the linear heads of the first token (d,), of a sentence's mean beside
    the first token (2d,) and of each token (d,), with a shift each; `importance` (d,) of a question's token;
    `gain` (2,) of the late interaction with the passage and with a sentence."""

    first: Vectors
    sentence: Vectors
    token: Vectors
    shifts: tuple[float, float, float]
    importance: Vectors
    gain: tuple[float, float]


@dataclass(frozen=True, slots=True)
class _Asked:
    ids: tuple[int, ...]
    weights: Vectors  # of the model's own token and the question's


@dataclass(frozen=True, slots=True)
class _Piece:
    """A window of a passage: its tokens, their characters in the passage, the number of each one's sentence, -1
    for title and headings."""

    ids: tuple[int, ...]
    spans: Spans
    sentence: NDArray[np.int64]


class MiniLMReader:
    """The shipped reader as a `Reader`. Safe to use from many threads."""

    fingerprint = WEIGHTS.sha256

    def __init__(self) -> None:
        """Load the reader. Raises UserError if its weights are missing or not the ones it ships with."""
        trained = WEIGHTS.tensors()
        self._heads = heads(trained)
        self._session = session(graph_weights({**published_embeddings(), **trained}))
        self._tokenizer = tokenizer()
        self._begin, self._end = self._tokenizer.encode("").ids

    def read(
        self, question: str, frequencies: Mapping[str, int], corpus: int, passages: Sequence[Stored]
    ) -> list[Reading]:
        """Read `question` with each of `passages`, as many windows at a time as there are cores; see `Reader.read`."""
        asked = self._asked(question, frequencies, corpus)
        pieces = [(i, piece) for i, passage in enumerate(passages) for piece in self._pieces(asked, passage)]
        if len(pieces) < 2:
            read = [self._reading(asked, piece) for _, piece in pieces]
        else:
            with ThreadPoolExecutor(CORES) as threads:
                read = list(threads.map(lambda piece: self._reading(asked, piece[1]), pieces))
        own: list[list[Reading]] = [[] for _ in passages]
        for (i, _), one in zip(pieces, read, strict=True):
            own[i].append(one)
        return [_joined(one, len(p.passage.sentences)) for one, p in zip(own, passages, strict=True)]

    def _asked(self, question: str, frequencies: Mapping[str, int], corpus: int) -> _Asked:
        encoding = self._tokenizer.encode(fold(question), add_special_tokens=False)
        ids, spans = encoding.ids[:_QUESTION], np.asarray(encoding.offsets[:_QUESTION], np.int32).reshape(-1, 2)
        none = np.zeros((len(ids), 0), np.float32)
        question_read = read_question(question, Encoded(none, none, spans, rarity()[ids]), none)
        weights = word_weights(question_read, frequencies, corpus)
        return _Asked((self._begin, *ids, self._end), np.concatenate([[0.0], weights, [0.0]]).astype(np.float32))

    def _pieces(self, asked: _Asked, stored: Stored) -> list[_Piece]:
        """The windows of a passage, each with its title and headings."""
        room = min(_WINDOW, _SEQUENCE - len(asked.ids) - 1)
        lead, found, _ = windows(self._token_spans, room, stored.context, stored.text)
        starts = np.asarray([s.start - stored.passage.start for s in stored.passage.sentences], np.int64)
        pieces = []
        for start, end in found[:_MOST_WINDOWS]:
            encoding = self._tokenizer.encode(fold(lead + stored.text[start:end]), add_special_tokens=False)
            spans = np.asarray(encoding.offsets, np.int32).reshape(-1, 2)[:room]
            context = spans[:, 0] < len(lead)
            spans = np.where(context[:, None], 0, spans - len(lead) + start).astype(np.int32)
            sentence = np.maximum(np.searchsorted(starts, spans[:, 0], "right") - 1, 0)
            pieces.append(_Piece(tuple(encoding.ids[:room]), spans, np.where(context, -1, sentence)))
        return pieces

    def _token_spans(self, text: str) -> Spans:
        return np.asarray(self._tokenizer.encode(fold(text), add_special_tokens=False).offsets, np.int32).reshape(-1, 2)

    def _reading(self, asked: _Asked, piece: _Piece) -> Reading:
        ids = np.asarray([*asked.ids, *piece.ids, self._end], np.int32)
        places = np.arange(len(ids), dtype=np.int32)
        states = np.asarray(self._session.run(None, {"ids": ids[None], "positions": places})[0], np.float32)[0]
        lead = len(asked.ids)
        passage = states[lead : lead + len(piece.ids)]
        return logits(self._heads, states[:lead], asked.weights, passage, piece.sentence, piece.spans)


def logits(
    heads: Heads,
    question: Vectors,
    rarity: Vectors,
    passage: Vectors,
    sentence: NDArray[np.int64],
    spans: Spans,
) -> Reading:
    """What the last states of a question (q, d) and of a window (m, d) say.

    The question's begin with the model's own token; `rarity` (q,) weighs them. `sentence` (m,) numbers
    the sentence of each of the window's tokens, -1 for title and headings; a sentence without tokens has
    the logit `UNREAD`.
    """
    weights = rarity * np.exp(np.clip(question @ heads.importance, -_MOST_IMPORTANCE, _MOST_IMPORTANCE))
    weights = weights / max(float(weights.sum()), 1e-6)
    cosines = unit(passage) @ unit(question).T
    most = int(sentence.max(initial=0)) + 1
    best = np.zeros((most + 1, len(question)), np.float32)  # the last row is the title's and headings'
    runs = np.flatnonzero(np.diff(sentence, prepend=-2))
    np.maximum.at(best, sentence[runs], np.maximum.reduceat(cosines, runs))
    best = np.maximum(best[:-1], best[-1]) ** 2
    means = np.zeros((most, question.shape[1]), np.float32)
    count = np.bincount(sentence[sentence >= 0], minlength=most)
    np.add.at(means, sentence[sentence >= 0], passage[sentence >= 0])
    means /= np.maximum(count, 1)[:, None]
    first = question[0]
    width = len(first)
    each = means @ heads.sentence[:width] + first @ heads.sentence[width:] + heads.shifts[1]
    each = each + heads.gain[1] * (best @ weights - 0.5)
    whole = float(first @ heads.first) + heads.shifts[0] + heads.gain[0] * (float(best.max(0) @ weights) - 0.5)
    words = passage @ heads.token + heads.shifts[2]
    own = sentence >= 0
    return Reading(whole, np.where(count > 0, each, UNREAD).astype(np.float32), words[own], spans[own])


def _joined(read: Sequence[Reading], sentences: int) -> Reading:
    """The windows of one passage as one: the largest logit of each thing counts."""
    largest = np.full(sentences, UNREAD, np.float32)
    words: dict[tuple[int, int], float] = {}
    for one in read:
        held = len(one.sentences)
        largest[:held] = np.maximum(largest[:held], one.sentences)
        for (start, end), logit in zip(one.spans.tolist(), one.words.tolist(), strict=True):
            words[start, end] = max(logit, words.get((start, end), UNREAD))
    spans = sorted(words)
    return Reading(
        max((one.answers for one in read), default=UNREAD),
        largest,
        np.asarray([words[span] for span in spans], np.float32),
        np.asarray(spans, np.int32).reshape(-1, 2),
    )


def heads(trained: Mapping[str, Vectors]) -> Heads:
    """The heads among the weights of a reader, by the names it was trained with."""
    return Heads(
        trained["cls.w"][0],
        trained["sent.w"][0],
        trained["tok.w"][0],
        (float(trained["cls.b"][0]), float(trained["sent.b"][0]), float(trained["tok.b"][0])),
        trained["imp"],
        (float(trained["gain"][0]), float(trained["gain"][1])),
    )


def load_reader() -> MiniLMReader:
    """The shipped reader, loaded once. Raises UserError if its weights are missing or others."""
    return _READERS("")


_READERS: Once[MiniLMReader] = Once(lambda _: MiniLMReader())
