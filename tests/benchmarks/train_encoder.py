"""Tune the encoder's layers and projection for late interaction, from the published weights.

    python tests/benchmarks/train_encoder.py TRAINING BENCH OUT [--device cuda] [--epochs N]

TRAINING and BENCH are those of `training/questions.py`. OUT gets `encoder.safetensors`: the layers by their published
names, `projection` (384, 128) and `importance` (384,), what a question token's state adds to its weight; and every
ten minutes `state.pt`, from which the same command goes on. On two cores an epoch takes 50 minutes, on one large
GPU less than one. The same seed on the same machine gives the same weights. `ship_encoder.py` makes of them what the
product reads.

A step is 96 questions against the passages that answer them and others of the same essays.
"""

import random
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import save_file
from torch import Tensor, nn
from torch.nn import functional
from training.network import DIMENSION, Network, mixed, padded, published, rounded_up
from training.questions import NONE, TITLE, LearningSet, Question, learning_sets
from training.steps import command_line, take_steps

from index.encoding.default_model import PublishedEncoder
from index.encoding.projection import shipped_projection
from qa.ranking.scoring import DEFAULT

# Learning rates of the layers, of importance and scales, of the projection; the share of steps until they are reached.
RATES, WARM = (4e-5, 1e-3, 1e-4), 0.06
# Questions in a step, those about one essay that stand together, and passages beside those that answer.
BATCH, TOGETHER, BESIDE = 96, 8, 64
# Texts that go through the network together.
ABREAST = 32
# Logs of what multiplies the score, the cosine and a sentence's score, to begin with.
SCALES = (3.2, 3.0, 2.5)
Batch = tuple[str, list[int]]


def first_projection() -> Tensor:
    projection = shipped_projection(PublishedEncoder.fingerprint)
    if projection is None:
        raise SystemExit("No projection ships for the default model; fit one with fit_projection.py.")
    return torch.tensor(np.asarray(projection.components, np.float32))


class Encoder(nn.Module):
    """The network with the projection of its tokens."""

    def __init__(self) -> None:
        super().__init__()
        self.network, self.projection = Network(published()), nn.Parameter(first_projection())
        self.importance = nn.Parameter(torch.zeros(DIMENSION))
        self.scales = nn.Parameter(torch.tensor(SCALES))

    def read(self, rows: Sequence[Sequence[int]]) -> tuple[Tensor, Tensor, Tensor]:
        """States (n, length, 384), projected unit vectors (n, length, 128) and pooled ones (n, 384) of texts."""
        states = self._states(rows)
        there = padded([[1] * len(row) for row in rows], 0, self.importance.device.type)[..., None]
        pooled = (states * there).sum(1) / there.sum(1)
        return states, functional.normalize(states @ self.projection, dim=-1), functional.normalize(pooled, dim=-1)

    def _states(self, rows: Sequence[Sequence[int]]) -> Tensor:
        """Last states (n, length, 384); texts of like length go through the network together, in few shapes, since
        every new shape costs memory that is kept and padding costs time."""
        device = self.importance.device.type
        order = sorted(range(len(rows)), key=lambda i: len(rows[i]))
        longest, parts = rounded_up(len(rows[order[-1]])), []
        for first in range(0, len(order), ABREAST):
            some = [rows[i] for i in order[first : first + ABREAST]]
            some += [some[-1]] * (ABREAST - len(some))
            with mixed(device):
                states = self.network(padded(some, 0, device)).float()
            parts.append(functional.pad(states, (0, 0, 0, longest - states.shape[1])))
        return torch.cat(parts)[torch.tensor(order, device=device).argsort()]

    def weigh(self, states: Tensor, rarity: Tensor) -> Tensor:
        """The weights (n, length) of a question's tokens, which sum to 1."""
        weights = rarity * torch.exp((states @ self.importance).clamp(-3, 3))
        return weights / weights.sum(1, keepdim=True).clamp_min(1e-6)

    def trained(self) -> dict[str, Tensor]:
        """The layers by their published names, `projection` and `importance`."""
        others = {"projection": self.projection.detach().cpu(), "importance": self.importance.detach().cpu()}
        return {name: value.contiguous() for name, value in {**self.network.trained(), **others}.items()}


def by_sentence(asked: Tensor, weights: Tensor, tokens: Tensor, sentence: Tensor) -> tuple[Tensor, Tensor]:
    """The match, -1 where there is no such sentence, and the focus (b, n, s) of the sentences of passages (n, p, d),
    whose tokens are in the sentences (n, p), for questions (b, q, d); the title's tokens help every sentence."""
    cosines, most = torch.einsum("bqd,npd->bnqp", asked, tokens), int(sentence.max()) + 1
    row = torch.where(sentence >= 0, sentence, torch.where(sentence == TITLE, most, most + 1))
    best = torch.zeros(*cosines.shape[:3], most + 2, device=cosines.device)
    best = best.scatter_reduce(3, row[None, :, None].expand_as(cosines), cosines, "amax")
    each = torch.maximum(best[..., :most], best[..., most : most + 1])
    ones = torch.ones_like(row, dtype=torch.float)
    count = torch.zeros(len(tokens), most + 2, device=cosines.device).scatter_add_(1, row, ones)[:, :most]
    power = torch.einsum("bnqs,bq->bns", each**2, weights).masked_fill((count == 0)[None], -1.0)
    partner = cosines.masked_fill(~(weights > 0)[:, None, :, None], 0).amax(2).clamp_min(0)
    focus = torch.zeros(len(asked), len(tokens), most + 2, device=cosines.device)
    focus = focus.scatter_add_(2, row[None].expand_as(partner), partner)[..., :most] / count.clamp_min(1)
    return power, focus


def scored(
    asked: Tensor, weights: Tensor, pooled: Tensor, tokens: Tensor, passages: Tensor, sentence: Tensor
) -> tuple[Tensor, Tensor]:
    """The order's evidence without BM25, of questions (b, q, d) against passages (n, p, d) whose tokens are in the
    sentences (n, p) → score and pooled cosine (b, n).

    Tokens are packed, without what pads them. Which token and which sentence is best is found without gradients, one
    passage at a time; only the cosines of the best are learnt from.
    """
    asking, number = weights > 0, (weights > 0).nonzero()[:, 0]
    weight, there = weights[asking][:, None], sentence != NONE
    cosines, passage = asked[asking] @ tokens[there].T, there.nonzero()[:, 0]
    anywhere, inside, own = [], [], []
    with torch.no_grad():
        ends = there.sum(1).cumsum(0).tolist()
        for start, end, row in zip([0, *ends], ends, sentence, strict=False):
            best = _best_tokens(cosines[:, start:end], row[row != NONE], number, weight, len(asked))
            anywhere.append(best[0] + start)
            inside.append(best[1] + start)
            own.append(best[2])
    question = torch.zeros(len(asked), device=asked.device)
    match, top = (
        question[:, None]
        .expand(-1, len(tokens))
        .index_add(0, number, cosines.gather(1, torch.stack(at, 1)).clamp_min(0) ** 2 * weight)
        for at in (anywhere, inside)
    )
    partner = (
        question[:, None]
        .expand(-1, cosines.shape[1])
        .scatter_reduce(0, number[:, None].expand_as(cosines), cosines, "amax")
    )
    counted = torch.cat(own, 1).float()
    nothing = torch.zeros(len(asked), len(tokens), device=asked.device)
    focus = nothing.index_add(1, passage, partner * counted) / nothing.index_add(1, passage, counted).clamp_min(1)
    cosine = pooled @ passages.T
    score = DEFAULT.match * match + DEFAULT.sentence * top + DEFAULT.focus * focus
    score = score + DEFAULT.cosine * cosine.clamp_min(0)
    return score / (DEFAULT.match + DEFAULT.sentence + DEFAULT.focus + DEFAULT.cosine), cosine


def _best_tokens(
    cosines: Tensor, row: Tensor, number: Tensor, weight: Tensor, count: int
) -> tuple[Tensor, Tensor, Tensor]:
    """Of cosines (t, p) of the tokens of `count` questions, `number` (t) and `weight` (t, 1), with a passage's tokens
    in the sentences `row` (p): the best token (t), the best in the question's best sentence or the title (t), and
    which tokens are in that sentence (count, p)."""
    most = int(row.max()) + 1
    kind = torch.where(row == TITLE, most, row)
    best = torch.zeros(len(cosines), most + 1, device=cosines.device)
    best = best.scatter_reduce(1, kind.expand_as(cosines), cosines, "amax")
    each = torch.maximum(best[:, :most], best[:, most:]) ** 2 * weight
    at = torch.zeros(count, most, device=cosines.device).index_add(0, number, each).argmax(1)
    own = row == at[:, None]
    outside = ~(own | (row == TITLE))
    return cosines.argmax(1), cosines.masked_fill(outside[number], -2.0).argmax(1), own


def batches(sets: Mapping[str, LearningSet], draw: random.Random) -> list[Batch]:
    """Batches of questions of one set, in which those about one essay stand together."""
    found: list[Batch] = []
    for name, one in sets.items():
        by_essay: dict[str, list[int]] = defaultdict(list)
        for i, question in enumerate(one.questions):
            if question.answering:
                by_essay[one.passages[question.answering[0][0]].document].append(i)
        groups = []
        for own in by_essay.values():
            draw.shuffle(own)
            groups += [own[at : at + TOGETHER] for at in range(0, len(own), TOGETHER)]
        draw.shuffle(groups)
        flat = [i for group in groups for i in group]
        cut = [flat[at : at + BATCH] for at in range(0, len(flat), BATCH)]
        found += [(name, part) for part in cut if len(part) > BATCH // 2 or len(cut) == 1]
    draw.shuffle(found)
    return found


def batch_loss(encoder: Encoder, one: LearningSet, asked: Sequence[int], draw: random.Random) -> Tensor:
    """The loss of some questions of a set, and of near misses over the same passages."""
    questions = [one.questions[i] for i in asked]
    gold = [question.answering[0][0] for question in questions]
    passages = _passages(one, gold, draw)
    at = {number: i for i, number in enumerate(passages)}
    missed: dict[int, list[Question]] = defaultdict(list)
    for question in one.questions:
        if question.near in set(gold):
            missed[question.near].append(question)
    near = [(at[number], draw.choice(own)) for number, own in sorted(missed.items())]
    rows = [*questions, *(question for _, question in near)]
    device = encoder.importance.device
    states, tokens, pooled = encoder.read([row.ids for row in rows])
    _, passage_tokens, passage_pooled = encoder.read([one.passages[i].ids for i in passages])
    rarity = torch.zeros(states.shape[:2], device=device)
    for i, row in enumerate(rows):
        rarity[i, : len(row.weights)] = torch.tensor(row.weights, device=device)
    sentence = padded([one.passages[i].sentence for i in passages], NONE, device.type)
    weights = encoder.weigh(states, rarity)
    total, cosine = scored(tokens, weights, pooled, passage_tokens, passage_pooled, sentence)
    n, right = len(questions), torch.tensor([at[number] for number in gold], device=device)
    also = torch.zeros(n, len(passages), dtype=torch.bool, device=device)  # those that answer too are no mistake
    for i, question in enumerate(questions):
        also[i, [at[number] for number, _ in question.answering[1:] if number in at]] = True
    scale = encoder.scales.exp()
    loss = functional.cross_entropy((total[:n] * scale[0]).masked_fill(also, -1e4), right)
    loss = loss + 0.3 * functional.cross_entropy((cosine[:n] * scale[1]).masked_fill(also, -1e4), right)
    loss = loss + 0.5 * _marks_loss(questions, weights, tokens, passage_tokens[right], sentence[right], scale[2])
    above = [
        total[n + j, k] - total[i, k] for j, (k, _) in enumerate(near) for i in (right == k).nonzero()[:2, 0].tolist()
    ]
    return loss + 0.5 * functional.softplus(torch.stack(above) * 20).mean() if above else loss


def _passages(one: LearningSet, gold: Sequence[int], draw: random.Random) -> list[int]:
    """The passages that answer, and others of the same essays."""
    own, essays = set(gold), {one.passages[number].document for number in gold}
    others = [i for i, passage in enumerate(one.passages) if passage.document in essays and i not in own]
    return [*dict.fromkeys(gold), *draw.sample(others, min(BESIDE, len(others)))]


def _marks_loss(
    questions: Sequence[Question], weights: Tensor, asked: Tensor, tokens: Tensor, sentence: Tensor, scale: Tensor
) -> Tensor:
    """How unlikely the sentences that answer are among all of the question's passage, by match and focus."""
    pairs = [
        by_sentence(asked[i : i + 1], weights[i : i + 1], tokens[i : i + 1], sentence[i : i + 1])
        for i in range(len(questions))
    ]
    longest = max(power.shape[2] for power, _ in pairs)
    padding = [(0, longest - power.shape[2]) for power, _ in pairs]
    power = torch.cat([functional.pad(p[0][0], wide, value=-1.0) for p, wide in zip(pairs, padding, strict=True)])
    focus = torch.cat([functional.pad(p[1][0], wide) for p, wide in zip(pairs, padding, strict=True)])
    there = power >= 0
    scores = ((power + 0.3 * focus) * scale).masked_fill(~there, -1e4)
    marked = torch.zeros_like(scores)
    for i, question in enumerate(questions):
        marked[i, [k for k in question.answering[0][1] if k < marked.shape[1]]] = 1
    marked = marked * there
    told = (marked.sum(1) > 0) & (there.sum(1) > 1)
    if not told.any():
        return scores.sum() * 0
    answering = scores[told].masked_fill(marked[told] == 0, -1e4).logsumexp(1)
    return (scores[told].logsumexp(1) - answering).mean()


def train(sets: Mapping[str, LearningSet], out: Path, epochs: int, device: str, seed: int) -> Path:
    """Train for so many epochs, going on from `out`/state.pt where there is one; the weights' path."""
    torch.manual_seed(seed)
    draw = random.Random(seed)
    encoder = Encoder().to(device).train()
    plan = [batch for _ in range(epochs) for batch in batches(sets, draw)]
    body = list(encoder.network.parameters())
    groups = (
        (RATES[0], {"params": body, "weight_decay": 0.01}),
        (RATES[1], {"params": [encoder.importance, encoder.scales], "weight_decay": 0.0}),
        (RATES[2], {"params": [encoder.projection], "weight_decay": 0.0}),
    )

    def learn(step: int) -> float:
        name, asked = plan[step]
        loss = batch_loss(encoder, sets[name], asked, random.Random(f"{seed} {step}"))
        loss.backward()
        return loss.item()

    clipped = [*body, encoder.projection, encoder.importance]
    steps, warm = len(plan), WARM * len(plan)
    take_steps(encoder, groups, clipped, out, steps, lambda step: min(1, (step + 1) / warm) * (1 - step / steps), learn)
    save_file(encoder.trained(), out / "encoder.safetensors")
    return out / "encoder.safetensors"


def main() -> None:
    parser = command_line(__doc__ or "", seed=1)
    parser.add_argument("--epochs", type=int, default=1)
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    sets = learning_sets(options.training, options.bench)
    print(train(sets, options.out, options.epochs, options.device, options.seed))


if __name__ == "__main__":
    main()
