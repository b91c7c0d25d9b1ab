"""Train the reader from the published weights: question and passage in one sequence, does the passage answer?

    python tests/benchmarks/train_reader.py TRAINING BENCH OUT [--device cuda] [--steps N] [--others N] [--from FILE]

TRAINING and BENCH are those of `training/questions.py`. OUT gets `reader.safetensors` in the form that
`qa/ranking/minilm_reader.py` reads (the layers in fp16, by their published names, and the heads), and every ten
minutes `state.pt`, from which the same command goes on. What ships is checked by its SHA-256: other weights need
theirs there, and the numbers fitted again (`fit_models.py`). On two cores a pass over the questions takes about
two hours, on one large GPU minutes. The same seed on the same machine gives the same weights.

It is scored as the encoder is, by late interaction, here between states that have seen each other, plus linear
heads: with a head alone the first five hundred steps teach nothing. A step is 32 answered questions, each with its
passage and others that the product puts on top and a near miss made of it (a name, a number or a word exchanged, its
verb denied), and near misses that were written, in proportion. --from goes on from weights that were trained before.
"""

import random
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file, save_file
from torch import Tensor, nn
from torch.nn import functional
from training.network import DIMENSION, Network, mixed, padded, published
from training.questions import NONE, TITLE, LearningSet, Passage, Question, learning_sets
from training.steps import command_line, take_steps

from index.encoding.encoder import encode_passages, unit
from index.encoding.loading import load_encoder
from index.encoding.projection import shipped_projection
from index.words.folding import fold
from qa.ranking.scoring import DEFAULT, strength

# Widths of the heads: of the first token; of a sentence's mean beside the first token; of each token.
HEADS = {"cls": DIMENSION, "sent": 2 * DIMENSION, "tok": DIMENSION}
# The gain of late interaction with the passage and with a sentence, to begin with.
GAIN = (12.0, 10.0)
# Learning rates of the layers, of the heads, and of the gain; steps until they are reached; their end's share.
RATES, WARM, END = (7e-5, 1e-3, 1e-2), 100, 0.02
# What is trained already is trained on at this share of the rates, reached in a fifth of the steps.
GO_ON = 0.6
# The longest sequence and question in it, tokens; tokens in one pass.
SEQUENCE, QUESTION, TOKENS = 300, 48, 5000
# Passages nearest to a question by pooled vector, and those of them best by late interaction to draw others from.
CANDIDATES, BEST = 30, 6
BATCH = 32


class Reader(nn.Module):
    """What `qa.ranking.minilm_reader.logits` computes, for many sequences at once."""

    def __init__(self) -> None:
        super().__init__()
        self.network = Network(published())
        for name, width in HEADS.items():
            head = nn.Linear(width, 1)
            nn.init.normal_(head.weight, std=0.02)
            nn.init.zeros_(head.bias)
            self.add_module(name, head)
        self.importance = nn.Parameter(torch.zeros(DIMENSION))
        self.gain = nn.Parameter(torch.tensor(GAIN))

    def forward(self, ids: Tensor, sentence: Tensor, rarity: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """Token numbers and numbers of their sentences (n, length), weights of the question's tokens (n, q) →
        logits of the passage (n,), of its sentences (n, s), which of these there are, logits of tokens (n, length)."""
        with mixed(ids.device.type):
            states = self.network(ids)
        states, most = states.float(), max(1, int(sentence.max()) + 1)
        own = functional.one_hot(torch.where(sentence >= 0, sentence, most), most + 1)[..., :most].float()
        count, first = own.sum(1), states[:, 0]
        whole, each = self._late(states, sentence, rarity, most)
        means = (own.transpose(1, 2) @ states) / count.clamp_min(1)[..., None]
        beside = torch.cat([means, first[:, None].expand_as(means)], -1)
        sentences = self.sent(beside)[..., 0] + self.gain[1] * (each - 0.5)
        answers = self.cls(first)[:, 0] + self.gain[0] * (whole - 0.5)
        return answers, sentences, count > 0, self.tok(states)[..., 0]

    def _late(self, states: Tensor, sentence: Tensor, rarity: Tensor, most: int) -> tuple[Tensor, Tensor]:
        """Squares of the best cosines of the question's tokens, weighed → of the passage (n,), of sentences (n, s)."""
        unit, asked = functional.normalize(states, dim=-1), rarity.shape[1]
        row = torch.where(sentence >= 0, sentence, torch.where(sentence == TITLE, most, most + 1))
        weights = rarity * torch.exp((states[:, :asked] @ self.importance).clamp(-3, 3))
        weights = weights / weights.sum(1, keepdim=True).clamp_min(1e-6)
        cosines = unit[:, :asked] @ unit.transpose(1, 2)
        best = torch.zeros(*cosines.shape[:2], most + 2, device=states.device)
        best = best.scatter_reduce(2, row[:, None].expand_as(cosines), cosines, "amax")
        best = torch.maximum(best[..., :most], best[..., most : most + 1]) ** 2
        return (best.amax(2) * weights).sum(1), (best * weights[..., None]).sum(1)

    def weights(self) -> dict[str, Tensor]:
        """What ships, by name."""
        found = {name: value.half().contiguous() for name, value in self.network.trained().items()}
        for name in HEADS:
            head = getattr(self, name)
            found |= {f"{name}.w": head.weight.detach().cpu(), f"{name}.b": head.bias.detach().cpu()}
        return {**found, "imp": self.importance.detach().cpu(), "gain": self.gain.detach().cpu()}

    @torch.no_grad()
    def take(self, weights: Mapping[str, Tensor]) -> None:
        """Go on from what `weights` gave."""
        self.network = Network({**published(), **{name: value.float() for name, value in weights.items()}})
        for name in HEADS:
            getattr(self, name).weight.copy_(weights[f"{name}.w"].reshape(1, -1))
            getattr(self, name).bias.copy_(weights[f"{name}.b"].reshape(1))
        self.importance.copy_(weights["imp"])
        self.gain.copy_(weights["gain"])


@dataclass(frozen=True)
class Pair:
    """A question and a passage in one sequence; `lead` tokens are the question's. `answers` is 1 if the passage
    does, `weight` what it counts for."""

    ids: Sequence[int]
    sentence: Sequence[int]
    lead: int
    rarity: Sequence[float]
    answers: float
    weight: float
    sentences: Sequence[int] = ()
    words: Sequence[int] = ()


def sequence(question: Question, passage: Passage, answers: float, weight: float) -> Pair:
    end = question.ids[-1]
    asked = list(question.ids) if len(question.ids) <= QUESTION else [*question.ids[: QUESTION - 1], end]
    ids = [*asked, *passage.ids[1:]][:SEQUENCE]
    sentence = [*[NONE] * len(asked), *passage.sentence[1:]][:SEQUENCE]
    rarity = [*question.weights[: len(asked) - 1], 0.0]
    return Pair(ids, sentence, len(asked), rarity, answers, weight)


def neighbours(one: LearningSet, answered: Sequence[int]) -> dict[int, list[int]]:
    """For each of these questions the passages that the product puts on top, but those that answer.

    Of the passages that answer any of them.
    By the default encoder's pooled vectors and late interaction, as `qa.ranking` weighs them, without BM25.
    """
    if not answered:
        return {}
    encoder = load_encoder()
    projection = shipped_projection(encoder.fingerprint)
    assert projection is not None
    used = sorted({n for i in answered for n, _ in one.questions[i].answering})
    vectors, tokens = [], []
    for at in range(0, len(used), 256):
        for read in encode_passages(encoder, [one.texts[n] for n in used[at : at + 256]]):
            vectors.append(unit(read.vectors.mean(0)))
            tokens.append(projection.project(read.tokens).astype(np.float16))
    pooled = np.stack(vectors)
    found: dict[int, list[int]] = {}
    for at in range(0, len(answered), 256):
        some = answered[at : at + 256]
        texts = [fold(one.questions[i].text).replace('"', " ") for i in some]
        for i, asked in zip(some, encoder.encode(texts, question=True), strict=True):
            question, cosines = one.questions[i], pooled @ asked.vector
            own = {number for number, _ in question.answering}
            near = [k for k in np.argsort(-cosines)[:CANDIDATES].tolist() if used[k] not in own]
            words = projection.project(asked.tokens)[: len(question.ids) - 2]
            weights = np.asarray(question.weights[1 : len(words) + 1], np.float32)
            score = {}
            for k in near:
                best = strength((words @ tokens[k].T.astype(np.float32)).clip(0).max(1))
                score[k] = (DEFAULT.match + DEFAULT.sentence) * float(best @ weights) + DEFAULT.cosine * cosines[k]
            found[i] = [used[k] for k in sorted(near, key=lambda k: -score[k])[:BEST]]
    return found


def losses(reader: Reader, rows: Sequence[Pair], lists: Sequence[Sequence[int]], total: Mapping[str, float]) -> Tensor:
    """The sum of the losses of some rows, each divided by its count in the whole step.

    `lists` are the rows of one answered question each, the one that answers first.
    """
    device = reader.gain.device.type
    ids, sentence = padded([r.ids for r in rows], 0, device), padded([r.sentence for r in rows], NONE, device)
    rarity = torch.zeros(len(rows), max(r.lead for r in rows), device=device)
    for i, row in enumerate(rows):
        rarity[i, : row.lead] = torch.tensor(row.rarity, device=device)
    logits, by_sentence, there, by_token = reader(ids, sentence, rarity)
    answers, weight = (torch.tensor([getattr(r, name) for r in rows], device=device) for name in ("answers", "weight"))
    cross = functional.binary_cross_entropy_with_logits
    loss = (cross(logits, answers, reduction="none") * weight).sum() / total["weight"]
    for one in lists:
        loss = loss - 0.5 * logits[list(one)].log_softmax(0)[0] / total["lists"]
    marked, words, within = torch.zeros_like(by_sentence), torch.zeros_like(by_token), torch.zeros_like(by_token)
    for i, row in enumerate(rows):
        marked[i, [k for k in row.sentences if k < marked.shape[1]]] = 1
        if row.words:
            within[i] = (sentence[i] >= 0).float()
            words[i, [k for k in row.words if k < words.shape[1]]] = 1
    loss = loss + 0.5 * (cross(by_sentence, marked, reduction="none") * there).sum() / total["sentences"]
    rare = torch.tensor(4.0, device=device)  # few words of a passage are the answer's
    token = cross(by_token, words, reduction="none", pos_weight=rare)
    return loss + 2 * (token * within).sum() / total["tokens"] * total["with_words"] / total["lists"]


class Plan:
    """Which questions come in which step: all answered ones in turn, each with a near miss made of it, and near misses
    that were written, in proportion."""

    def __init__(self, sets: Mapping[str, LearningSet], steps: int, others: int, seed: int, batch: int = BATCH) -> None:
        self._sets, self._others, self._seed, self._batch = sets, others, seed, batch
        every = [(name, i, q) for name, one in sets.items() for i, q in enumerate(one.questions)]
        draw = random.Random(seed)
        self._answered = [one for one in every if one[2].answering]
        self._near = [one for one in every if one[2].near is not None and one[2].made_of is None]
        self._made = defaultdict(list)
        for name, _, question in every:
            if question.made_of is not None:
                self._made[name, question.made_of].append(question)
        draw.shuffle(self._answered)
        draw.shuffle(self._near)
        wanted = self._answered[: steps * batch]
        self._nearest = {
            name: neighbours(one, sorted(i for own, i, _ in wanted if own == name)) if others else {}
            for name, one in sets.items()
        }

    def step(self, number: int) -> list[list[Pair]]:
        """The groups of rows of a step: a question with the passage that answers and others, or a near miss."""
        draw = random.Random(f"{self._seed} {number}")
        first, last = number * self._batch, (number + 1) * self._batch
        groups = []
        for k in range(first, last):
            name, i, question = self._answered[k % len(self._answered)]
            groups.append(self._group(draw, name, i, question))
            if made := self._made[name, i]:
                groups.append(self._miss(name, draw.choice(made)))
        share = len(self._near) / len(self._answered)
        for k in range(int(first * share), int(last * share)):
            name, _, question = self._near[k % len(self._near)]
            groups.append(self._miss(name, question))
        return groups

    def _miss(self, name: str, question: Question) -> list[Pair]:
        assert question.near is not None
        return [sequence(question, self._sets[name].passages[question.near], 0.0, 1.0)]

    def _group(self, draw: random.Random, name: str, i: int, question: Question) -> list[Pair]:
        passages = self._sets[name].passages
        number, marked = draw.choice(question.answering)
        good = sequence(question, passages[number], 1.0, 1.0)
        words = [at - 1 + good.lead for at in question.words] if number == question.answering[0][0] else []
        nearest = self._nearest[name].get(i, ())
        drawn = draw.sample(nearest, min(self._others, len(nearest)))
        others = [sequence(question, passages[n], 0.0, 0.5 / self._others) for n in drawn]
        return [replace(good, sentences=marked, words=words), *others]


def parts(groups: Sequence[Sequence[Pair]]) -> list[list[Sequence[Pair]]]:
    """The groups of a step in parts of sequences of like length, none of too many tokens."""

    def width(group: Sequence[Pair]) -> int:
        return max(len(row.ids) for row in group)

    found: list[list[Sequence[Pair]]] = []
    rows = 0
    for group in sorted(groups, key=width):
        rows += len(group)
        if not found or rows * width(group) > TOKENS:
            found.append([])
            rows = len(group)
        found[-1].append(group)
    return found


def one_step(reader: Reader, groups: Sequence[Sequence[Pair]]) -> float:
    """The loss of a step, with its gradients added."""
    rows = [row for group in groups for row in group]
    total = {
        "weight": sum(row.weight for row in rows),
        "lists": float(sum(len(group) > 1 for group in groups)) or 1.0,
        "sentences": float(sum(len(row.sentences) for row in rows)) or 1.0,
        "tokens": float(sum(sum(k >= 0 for k in row.sentence) for row in rows if row.words)) or 1.0,
        "with_words": float(sum(bool(row.words) for row in rows)),
    }
    whole = 0.0
    for part in parts(groups):
        own, lists = [], []
        for group in part:
            if len(group) > 1:
                lists.append(range(len(own), len(own) + len(group)))
            own += group
        loss = losses(reader, own, lists, total)
        loss.backward()
        whole += loss.item()
    return whole


def train(
    plan: Plan, out: Path, steps: int, device: str, seed: int, trained: Path | None = None, frozen: int = 0
) -> Path:
    """Train for so many steps, from the published weights or those that `train` wrote, going on from `out`/state.pt
    where there is one; the weights' path. The `frozen` lowest layers stay as they are."""
    torch.manual_seed(seed)
    reader = Reader()
    if trained:
        reader.take(load_file(trained))
    reader.to(device).train()
    for layer in (reader.network.first, *reader.network.layers[:frozen]) if frozen else ():
        layer.requires_grad_(False)
    body = [p for p in reader.network.parameters() if p.requires_grad]
    heads = [p for name in HEADS for p in getattr(reader, name).parameters()] + [reader.importance]
    groups = (
        (RATES[0], {"params": body, "weight_decay": 0.01}),
        (RATES[1], {"params": heads, "weight_decay": 0.0}),
        (RATES[2], {"params": [reader.gain], "weight_decay": 0.0}),
    )
    most, warm = (GO_ON, WARM // 5) if trained else (1.0, WARM)
    take_steps(
        reader,
        groups,
        [*body, *heads],
        out,
        steps,
        lambda step: most * min(1, (step + 1) / warm) * max(END, 1 - step / steps),
        lambda step: one_step(reader, plan.step(step)),
    )
    save_file(reader.weights(), out / "reader.safetensors")
    return out / "reader.safetensors"


def main() -> None:
    parser = command_line(__doc__ or "", seed=7)
    parser.add_argument("--steps", type=int, default=953)
    parser.add_argument("--others", type=int, default=1, help="passages beside the one that answers")
    parser.add_argument("--from", dest="trained", type=Path, help="weights to go on from")
    parser.add_argument("--batch", type=int, default=BATCH, help="answered questions of a step")
    parser.add_argument("--frozen", type=int, default=0, help="lowest layers that stay as they are")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    sets = learning_sets(options.training, options.bench)
    for one in sets.values():
        one.ask(one.exchanged(options.seed))
    plan = Plan(sets, options.steps, options.others, options.seed, options.batch)
    print(train(plan, options.out, options.steps, options.device, options.seed, options.trained, options.frozen))


if __name__ == "__main__":
    main()
