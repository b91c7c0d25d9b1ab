"""A look at a question: the candidates as they are ranked, the evidence for the first, and which are worth quoting."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from index.encoding.encoder import Vectors
from index.numbers import PassageNumber
from index.words import lexical
from qa.answer import Verdict
from qa.ranking.confidence import Judgement
from qa.ranking.evidence import NEAR, Evidence
from qa.ranking.fitted import model
from qa.ranking.reader import Reading
from qa.ranking.scoring import Match, Question, TokenizedPassage
from qa.ranking.sharing import asked_terms, completing, held_terms

# A later quote of a found answer is worth at most this much less than the first.
KEEP = float(model("order")["keep"])
# The other of two things that are asked about may be worth so much less.
BESIDE = 2 * KEEP

# The place of a passage among the hits of each retriever, from 1; 0 where it is not among them.
Ranks = tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A passage that may answer: its number, how it matches, its score and its rank in each retriever.

    `reading` is what a reader says of it, None where none has read it; `first` is its score without.
    """

    number: PassageNumber
    passage: TokenizedPassage
    match: Match
    score: float
    ranks: Ranks
    first: float
    reading: Reading | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as it was read: the weights of its tokens, its literal phrases and its pooled vector beside it.

    `frequencies` tells in how many passages each of its words stands.
    """

    read: Question
    weights: Vectors
    phrases: tuple[str, ...]
    vector: Vectors
    frequencies: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Look:
    """What there is to answer a question with.

    `ranked` are the candidates in the order in which they are quoted, `worth` what each is worth
    at its place; `evidence` is that for the first, None where there is none.
    """

    question: Question
    weights: Vectors
    phrases: tuple[str, ...]
    ranked: tuple[Candidate, ...]
    worth: tuple[float, ...]
    evidence: Evidence | None
    judgement: Judgement


def quotable(look: Look, verdict: Verdict) -> tuple[Candidate, ...]:
    """The candidates that are worth quoting: of an answer both things that are asked about, of what is close what is.

    What stands nearest where nothing answers is whole.
    """
    if look.phrases or verdict in ("none", "withheld"):
        return look.ranked
    if verdict == "close":
        return tuple(one for at, one in enumerate(look.ranked) if at == 0 or _shares(look.question, one))
    first = worthy(look)
    least = look.worth[0] - BESIDE
    others = [one for one, worth in zip(look.ranked, look.worth, strict=True) if one not in first and worth >= least]
    texts = [[one.passage.stored.text for one in some] for some in (first, others)]
    wanted = {others[at].number for at in completing(look.question.text, *texts)}
    return tuple(one for one in look.ranked if one in first or one.number in wanted)


def _shares(question: Question, candidate: Candidate) -> bool:
    """Whether a passage has a word of the question that carries meaning, or one that is near to it."""
    tokens = [at for at, word in enumerate(question.words) if word and word not in lexical.STOP_WORDS]
    if tokens and float(candidate.match.passage[tokens].max()) >= NEAR:
        return True
    return not asked_terms(question.text).isdisjoint(held_terms(candidate.passage.stored.text))


def worthy(look: Look) -> tuple[Candidate, ...]:
    """The candidates that are not worth clearly less than the first."""
    return tuple(one for one, worth in zip(look.ranked, look.worth, strict=True) if worth >= look.worth[0] - KEEP)
