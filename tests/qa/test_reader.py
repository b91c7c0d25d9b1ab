"""The reader: what it computes beside the same network in torch; long passages, threads, weights."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.numpy import load_file
from torch.nn import functional
from transformers import BertModel

from index.encoding.pinned import published_folder
from index.local.snapshot import Snapshot
from index.protocol import Stored
from qa.ranking.minilm_reader import WEIGHTS, MiniLMReader, heads, load_reader, logits
from qa.ranking.reader import UNREAD, Reading
from source.document import Document
from source.errors import UserError
from source.structure.passages import structured
from source.structure.plain import plain_blocks

QUESTIONS = (
    "What tanks did the Soviet Union supply?",
    "When was the armistice?",
    "which jets fought in the air war",
    "How did Moscow help Kim Il-sung stay in power?",
    "What is the boiling point of water?",
)


def stored(text: str, title: str = "") -> list[Stored]:
    document = structured(Document("essay.txt", text, title), plain_blocks(text))
    return [
        Stored("essay.txt", title, passage, text[passage.start : passage.end], document.context(passage))
        for passage in document.passages
    ]


@pytest.fixture(scope="module")
def reader() -> MiniLMReader:
    return load_reader()


@pytest.fixture(scope="module")
def passages(essay_index: Snapshot) -> list[Stored]:
    return essay_index.passages(range(10, 34))


@cache
def trained() -> dict[str, torch.Tensor]:
    return {name: torch.tensor(value.astype(np.float32)) for name, value in load_file(WEIGHTS.path).items()}


@cache
def network() -> BertModel:
    """The published network with the reader's layers, in torch and 32-bit fractions."""
    bert = BertModel.from_pretrained(published_folder(), add_pooling_layer=False).eval()
    missing = bert.load_state_dict({name: value for name, value in trained().items() if "layer" in name}, strict=False)
    layers = {name: trained()[f"embeddings.LayerNorm.{name}"] for name in ("weight", "bias")}
    bert.embeddings.LayerNorm.load_state_dict(layers)
    assert not missing.unexpected_keys
    return bert


def by_torch(states: torch.Tensor, lead: int, number: torch.Tensor, rarity: torch.Tensor) -> tuple[float, list[float]]:
    """The logits of a sequence's states (L, d), as they were trained: sentence numbers (L,), -1 title, -2 none."""
    w = trained()
    most = int(number.max()) + 1
    own = functional.one_hot(torch.where(number >= 0, number, most), most + 1)[:, :most].float()
    h = functional.normalize(states, dim=-1)
    weights = rarity * torch.exp((states[:lead] @ w["imp"]).clamp(-3, 3))
    weights = weights / weights.sum()
    cosines = h[:lead] @ h.T
    best = torch.stack([cosines[:, number == i].clamp_min(0).amax(1) for i in range(most)], 1)
    if (number == -1).any():
        best = torch.maximum(best, cosines[:, number == -1].clamp_min(0).amax(1)[:, None])
    best = best**2
    whole, each = (best.amax(1) * weights).sum(), (best * weights[:, None]).sum(0)
    mean = own.T @ states / own.sum(0)[:, None]
    seen = torch.cat([mean, states[:1].expand_as(mean)], 1)
    sentences = seen @ w["sent.w"][0] + w["sent.b"] + w["gain"][1] * (each - 0.5)
    passage = states[0] @ w["cls.w"][0] + w["cls.b"][0] + w["gain"][0] * (whole - 0.5)
    return float(passage), sentences.tolist()


def both(reader: MiniLMReader, question: str, one: Stored) -> tuple[Reading, Reading, tuple[float, list[float]]]:
    """A short passage read by the shipped reader, by its heads over torch's states, and by torch alone."""
    (read,) = reader.read(question, {}, 0, [one])
    asked = reader._asked(question, {}, 0)
    (piece,) = reader._pieces(asked, one)
    lead = len(asked.ids)
    with torch.no_grad():
        ids = torch.tensor([[*asked.ids, *piece.ids, asked.ids[-1]]])
        states = network()(ids).last_hidden_state[0]
        number = torch.tensor([*[-2] * lead, *piece.sentence.tolist(), -2])
        expected = by_torch(states, lead, number, torch.tensor(asked.weights))
    h, w = states.numpy(), {name: value.numpy() for name, value in trained().items()}
    exact = logits(heads(w), h[:lead], asked.weights, h[lead:-1], piece.sentence, piece.spans)
    return read, exact, expected


def test_the_heads_compute_what_was_trained(reader: MiniLMReader, passages: list[Stored]) -> None:
    for question in QUESTIONS:
        for one in passages[::6]:
            _, exact, (answers, sentences) = both(reader, question, one)
            assert exact.answers == pytest.approx(answers, abs=2e-3)
            assert exact.sentences.tolist() == pytest.approx(sentences, abs=2e-3)


def test_whole_numbers_read_as_fractions_do(reader: MiniLMReader, passages: list[Stored]) -> None:
    """Over 5 questions and 12 passages: logits within .6 of torch's, .15 in the mean, and the same passage first."""
    apart = []
    for question in QUESTIONS:
        read = [both(reader, question, one) for one in passages[::2]]
        apart += [abs(shipped.answers - expected) for shipped, _, (expected, _) in read]
        best = max(range(len(read)), key=lambda i: read[i][2][0])
        if read[best][2][0] > 0:
            assert max(range(len(read)), key=lambda i: read[i][0].answers) == best, question
    assert (max(apart), np.mean(apart)) < (0.6, 0.15)


def test_a_passage_that_answers_stands_out_and_its_sentence_and_words_with_it(
    reader: MiniLMReader, passages: list[Stored]
) -> None:
    read = reader.read(QUESTIONS[0], {}, 0, passages)
    best = max(range(len(read)), key=lambda i: read[i].answers)
    text = passages[best].text
    assert "T-34" in text
    assert read[best].answers > 0
    words = [
        text[start:end] for (start, end), logit in zip(read[best].spans, read[best].words, strict=True) if logit > 0
    ]
    assert {"T", "34"} <= set(words)
    assert max(one.answers for one in reader.read(QUESTIONS[4], {}, 0, passages)) < -1


def test_an_answer_at_the_end_of_a_long_paragraph_is_read(reader: MiniLMReader) -> None:
    filler = "The harbour was quiet that winter and the fishermen mended their nets by the fire. " * 30
    (long,) = stored(f"{filler}The lighthouse was built in 1887 by two Norwegian brothers.", "The harbour")
    question = "When was the lighthouse built?"
    (read,) = reader.read(question, {}, 0, [long])
    assert read.answers > 1
    assert int(np.argmax(read.sentences)) == len(long.passage.sentences) - 1
    assert long.text[slice(*read.spans[int(np.argmax(read.words))])] == "1887"
    (none,) = reader.read("Who painted the lighthouse red?", {}, 0, [long])
    assert none.answers < read.answers - 2


def test_what_has_no_room_is_left_unread_and_harms_nothing(reader: MiniLMReader) -> None:
    (endless,) = stored("word " * 3990 + "end.")
    (read,) = reader.read("What is the last word? " * 40, {}, 0, [endless])
    assert len(read.spans) < 12 * 254
    assert len(read.sentences) == len(endless.passage.sentences)
    (read,) = reader.read("", {}, 0, stored("A short one."))
    assert np.isfinite(read.answers)
    assert (read.sentences > UNREAD).all()
    assert reader.read("anything", {}, 0, []) == []


def test_a_passage_reads_the_same_alone_among_others_and_in_many_threads(
    reader: MiniLMReader, passages: list[Stored]
) -> None:
    together = reader.read(QUESTIONS[1], {}, 0, passages)
    with ThreadPoolExecutor(8) as threads:
        alone = list(threads.map(lambda one: reader.read(QUESTIONS[1], {}, 0, [one])[0], passages))
    for one, other in zip(together, alone, strict=True):
        assert one.answers == other.answers
        assert np.array_equal(one.sentences, other.sentences)
        assert np.array_equal(one.words, other.words)


def test_other_weights_are_refused_and_missing_ones_are_a_sentence(tmp_path: Path) -> None:
    assert WEIGHTS.checked() == WEIGHTS.path
    changed = bytearray(WEIGHTS.path.read_bytes())
    changed[5000] ^= 1
    (tmp_path / "reader.safetensors").write_bytes(changed)
    with pytest.raises(UserError, match=r"are not those that ship with Quoth: .*; .*--no-reader"):
        replace(WEIGHTS, path=tmp_path / "reader.safetensors").checked()
    with pytest.raises(UserError, match=r"cannot be read: .*--no-reader"):
        replace(WEIGHTS, path=tmp_path / "nowhere.safetensors").checked()
