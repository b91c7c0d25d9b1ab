"""Follow-up questions: what "And China?" means after the question before it.

No language model: a follow-up is told by its shape (it begins with "and" or "what about", is
nothing but "Why?", speaks of "it" or "them", asks for "the outcome" of nothing), and takes from
the conversation the words it leaves out. What comes of it is shown to the reader, who can change
it. A question that stands on its own is left as it is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from index.words import lexical
from qa.about.asking import Asking, asking, plain
from qa.about.which import PRONOUNS, points
from qa.answer import Answer
from qa.ranking.sharing import asked_terms, held_terms

Kind = Literal["asked", "more", "like"]

# So many phrases are taken over from the question before.
_MOST_PHRASES = 6
# A fragment of at most so many words that carry meaning is no question of its own.
_FRAGMENT = 4
# A question with so many words of its own that say what it is about is complete, whatever it points to.
_ENOUGH = 3

_PRONOUNS = frozenset(
    "it its itself they them their theirs he him his she her hers this that these those there".split()
)
_DETERMINERS = frozenset("this that these those".split())
_PERSONS = frozenset("he him his she her hers".split())
# What a question of nothing but "Why?" may hold besides words without meaning.
_MEASURES = frozenset("long much many far often soon come exactly precisely".split())
# Verbs that say too little to be taken over.
_FAINT = frozenset(
    "get gets got want wants wanted say says said use uses used make makes made go goes went come comes came take "
    "takes took give gives gave work works worked keep keeps kept mean means meant happen happens happened".split()
)
# Pronouns that may well mean something earlier in the same question: "How did China use its army?"
_POSSESSIVE = frozenset("its their his her theirs hers itself themselves".split())
_ASKING = frozenset("who whom whose what which when where why how".split())
_VERBS = frozenset(
    "is are was were be been am do does did has have had can could will would shall should may might must".split()
)
# "Is there", "there were": the word points nowhere.
_EXISTENCE = re.compile(
    r"\b(?:is|are|was|were|has|have|had|been|be|exist(?:s|ed)?|do|does|did|can|could|will|would|may|might) there\b"
    r"|\bthere(?:'s| (?:is|are|was|were|has|have|had|will|would|may|might|can|could|exist(?:s|ed)?))\b",
    re.IGNORECASE,
)
# "This about Warsaw", "that story of the pilots": what is meant stands behind.
_NAMED_BEHIND = re.compile(
    r"\b(?:this|that|it|all this|all that)\s+(?:\w+\s+)?(?:about|of|on|with|concerning|regarding)\s+(?=\w)",
    re.IGNORECASE,
)
# "What happened then?", "And what happened next?": asks for what came after.
_THEN = re.compile(
    r"(?:and |so )?what (?:happened|came|followed|happens|was|did (?:they|he|she|it|we) do)"
    r" (?:then|next|after(?:wards?| that)?|later)",
    re.IGNORECASE,
)
_BRACKETS = re.compile(r"\s*\([^()]*\)\s*$")
_LEAD = re.compile(r"(?:and|or|but|also|so|then|well|ok(?:ay)?|what about|how about|what of)\b[\s,]*", re.IGNORECASE)
_MORE = re.compile(
    r"(?:and )?(?:(?:tell|show|give) me )?(?:(?:some|any)(?:thing)? )?"
    r"(?:more|what else|anything else|else|go on|continue)"
    r"(?: (?:please|about (?:it|that|this|them)|on (?:it|that|this)|of (?:it|that|this)|passages|quotes|quotations))*",
    re.IGNORECASE,
)
_PREPOSITION = re.compile(
    r"(?:in|on|at|after|before|during|since|until|by|from|for|with|without|under|against|between|to|within)\b",
    re.IGNORECASE,
)
# Nouns that are an outcome, an aim, a part *of* something; without it, of what was spoken about.
_OF_SOMETHING = frozenset(
    "outcome result results reason reasons cause causes consequence consequences effect effects impact purpose goal "
    "goals aim aims role reaction response advantage advantages disadvantage benefit benefits drawback difference "
    "alternative details detail example examples evidence tactics ties terms conditions cost costs price others rest "
    "other same former latter one ones next afterwards instead else more too either otherwise meanwhile".split()
)
_FOCUS = re.compile(
    r"(what|which|how many|how much)\s+((?:[\w-]+\s+){1,2}?)"
    r"(?=(?:did|do|does|was|were|is|are|has|have|had|can|could|will)\b)",
    re.IGNORECASE,
)
_NAME = re.compile(r"(?<![.?!:]\s)(?<!^)\b[A-Z][\w.-]*(?:\s+[A-Z][\w-]*)*|\b[A-Z][\w-]*(?:\s+[A-Z][\w-]*)+")


@dataclass(frozen=True, slots=True)
class Turn:
    """A question as asked and as understood, and its answer.

    `kind` is "more" where what was quoted already is left out, "like" where passages like a
    quoted one were looked for. `documents` are those asked; all if it is empty.
    """

    asked: str
    understood: str
    answer: Answer
    kind: Kind = "asked"
    documents: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Meaning:
    """A question as it is searched for; `more` if what was quoted already is to be left out.

    `topic` is what the question before is asked of instead, "" where it is not.
    """

    text: str
    more: bool = False
    topic: str = ""


def understand(question: str, turns: Sequence[Turn]) -> Meaning:
    """What `question` means after `turns`."""
    if not turns or lexical.phrases(question):
        return Meaning(question)
    before = turns[-1].understood
    bare = question.strip(" .?!")
    words = lexical.words(bare)
    if (about := asking(question)) and (meant := _of_essay(question, about, before)) is not None:
        return Meaning(meant)
    if _MORE.fullmatch(bare):
        return Meaning(before, more=turns[-1].kind != "like")
    if all(word in lexical.STOP_WORDS | _MEASURES for word in words) and set(words) & _ASKING:
        return Meaning(_asked_of(bare, _root(before)))
    lead = _LEAD.match(bare)
    fragment = bare[lead.end() :] if lead else bare
    if fragment and _is_fragment(fragment, led=bool(lead), asks=question.rstrip().endswith("?")):
        return Meaning(_with_topic(fragment, _root(before), led=bool(lead)), topic=fragment)
    if _THEN.fullmatch(bare) or _leans(bare):
        return Meaning(_completed(question, _phrases(_root(before))))
    return Meaning(question)


def on_topic(answer: Answer, topic: str) -> Answer:
    """The answer to a question that was asked of another `topic`: what does not name that does not answer of it."""
    asked = asked_terms(topic)
    if answer.status != "found" or not asked or not answer.quotes:
        return answer
    holding = [bool(asked & held_terms(f"{quote.heading} {quote.text}")) for quote in answer.quotes]
    if holding[0]:
        return answer
    named = tuple(quote for quote, holds in zip(answer.quotes, holding, strict=True) if holds)
    return replace(answer, verdict="close", quotes=named or answer.quotes)


def _of_essay(question: str, about: Asking, before: str) -> str | None:
    """A question about an essay itself as it is meant; None where "it" is what was spoken about.

    "When was it written?" after "Who wrote Walden?" is asked of Walden.
    """
    pronoun = not about.of or about.of in PRONOUNS
    asked_before = asking(before)
    if asked_before and pronoun and asked_before.of and asked_before.of not in PRONOUNS:
        words = re.escape(about.of)
        named = re.search(re.escape(asked_before.of), before, re.IGNORECASE)
        name = named[0] if named else asked_before.of
        return re.sub(rf"\b{words}\b", lambda _: name, question, count=1, flags=re.IGNORECASE) if words else question
    if pronoun and about.kind in ("author", "date") and about.of and not asked_before:
        return None
    return question if pronoun or points(about.of) or not _leans(plain(question)) else None


def _root(before: str) -> str:
    """The question before without what it took over itself, so that chains do not grow."""
    bare = _BRACKETS.sub("", before)
    # "When was that: Which pilots are there?" was asked of what stands behind the colon.
    head, colon, rest = bare.partition(": ")
    if colon and rest and set(lexical.words(head)) <= lexical.STOP_WORDS | _MEASURES:
        bare = rest
    # A question that says nothing without its brackets keeps them.
    return bare if _phrases(bare) and not _leans(bare) else before


def _asked_of(bare: str, before: str) -> str:
    """A question of nothing but "Why?" or "For how long?", asked of the question before."""
    lead = _LEAD.match(bare)
    short = bare[lead.end() :] if lead and lead.end() < len(bare) else bare
    return f"{short[:1].upper()}{short[1:]}: {before}"


def _is_fragment(fragment: str, *, led: bool, asks: bool) -> bool:
    """Whether this is a mere topic: few words that carry meaning, no verb that asks."""
    words = lexical.words(fragment)
    if set(words) & (_ASKING | _VERBS) or not (led or asks):
        return False
    return len(lexical.content_words(fragment)) <= _FRAGMENT


def _with_topic(fragment: str, before: str, *, led: bool) -> str:
    """The question before, asked of another topic."""
    topic = re.sub(r"\b(?:its|their|his|her|this|that|these|those)\b", "the", fragment, flags=re.IGNORECASE)
    if _PREPOSITION.match(topic):
        return f"{before.rstrip(' ?.!')} {topic[:1].lower()}{topic[1:]}?"
    if led:  # otherwise a capital letter may only begin the sentence
        names = list(dict.fromkeys(found[0] for found in _NAME.finditer(before)))
        if len(names) == 1 and topic[:1].isupper():
            return re.sub(rf"(?:\b[Tt]he )?{re.escape(names[0])}", lambda _: topic, before)
        focus = _FOCUS.match(before)
        if focus and not topic[:1].isupper():
            return f"{focus[1]} {topic.removeprefix('the ')} {before[focus.end() :]}"
    return f"{topic[:1].upper()}{topic[1:]}: {before}"


def _leans(bare: str) -> bool:
    """Whether a question speaks of something that it does not name."""
    bare = _NAMED_BEHIND.sub("", _EXISTENCE.sub("", bare))
    found = list(lexical.WORD.finditer(bare))
    words = [one[0].lower() for one in found]
    content = [word for word in lexical.content_words(bare) if word not in _FAINT]
    named = len(content) > _ENOUGH or (len(content) == _ENOUGH and _NAME.search(bare))
    for at, word in enumerate(words):
        if word not in _PRONOUNS or named or (word in _POSSESSIVE and _names_before(bare[: found[at].start()], word)):
            continue
        behind = words[at + 1] if at + 1 < len(words) else ""
        if word == "that" and behind and any(w not in lexical.STOP_WORDS for w in words[:at]):
            continue  # "the countries that fought"
        if word in _DETERMINERS and behind and behind not in lexical.STOP_WORDS and len(content) >= _ENOUGH:
            continue  # "those pilots from Manchuria": enough is said beside
        return True
    last = words[-1] if words else ""
    return last in _OF_SOMETHING and len(lexical.content_words(bare)) <= 2


def _names_before(lead: str, pronoun: str) -> bool:
    """Whether `pronoun` may mean a name in `lead`, before it in the same question."""
    names = [found[0] for found in _NAME.finditer(lead)]
    return any(pronoun not in _PERSONS or not name.endswith("s") for name in names)


def _phrases(question: str) -> list[str]:
    """Runs of words of a question that carry meaning; a name of several words is a run of its own."""
    runs: list[list[str]] = [[]]
    for found in re.finditer(r"[\w’'-]+|[^\w\s]", question):
        word = lexical.words(found[0])[:1]
        if not word or word[0] in lexical.STOP_WORDS or word[0] in _FAINT:
            runs.append([])
            continue
        whole = len(runs[-1]) > 1 and all(part[0].isupper() for part in runs[-1])
        if whole and not found[0][0].isupper():
            runs.append([])
        runs[-1].append(found[0])
    return [" ".join(run) for run in runs if run]


def _completed(question: str, phrases: Sequence[str]) -> str:
    """`question`, and in brackets what it speaks of, as far as it does not say so itself."""
    own = question.lower()
    added = [phrase for phrase in dict.fromkeys(phrases) if phrase.lower() not in own][:_MOST_PHRASES]
    return f"{question} ({', '.join(added)})" if added else question
