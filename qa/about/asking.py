"""Whether a question is about an essay itself: who wrote it, when, what it is called, what it is about.

Told by its shape, without a language model. Which essay is meant is decided elsewhere: "Who wrote the order
to retreat?" has the shape too, and is about no essay.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from index.words import lexical

Kind = Literal["author", "date", "title", "subject", "summary"]
Known = Literal["author", "date", "title"]

# A longer question has no such shape; the patterns are tried on no more than this.
_LONGEST = 300
_LEAD = re.compile(
    r"(?:(?:and|so|ok|well|please|hello|hi)\b[ ,]*|(?:can|could|would|will|do) you (?:please )?(?:(?:say|know) )?|"
    r"tell me |i (?:want|would like) to know |do we know )+"
)
# Works of a kind that a whole file may be, one or several, besides essays, texts and books.
WORKS = (
    r"(?:(?:treatise|manual|handbook|guide|chronicle|memoir|encyclopa?edia|lexicon|lecture|dissertation)s?"
    r"|stor(?:y|ies)|(?:diction|gloss)ar(?:y|ies)|thes[ei]s)"
)
_ESSAY = rf"(?:(?:essay|text|document|article|piece|paper|book|novel|work)s?|{WORKS})"
_GIVE = r"(?:(?:what|which) (?:is|was) |(?:give|write|provide|show|name)(?: me)? |i (?:want|need) )"
_WRITTEN = r"(?:(?:first|originally) )?(?:written|published|composed|authored|penned|printed|released)"
_SUM = r"(?:summary|overview|outline|synopsis|abstract|gist|recap)"

# Each shape of a question; `of` is the essay that is meant, `by` who is said to have written it.
_SHAPES: Mapping[Kind, tuple[str, ...]] = {
    "author": (
        r"who (?:wrote|authored|penned|composed|has written|is it that wrote) (?P<of>.+)",
        r"who (?:is|was|are|were) (?:the |its )?(?:author|writer)s?(?: (?:of|behind) (?P<of>.+))?",
        r"who (?:is|was) (?P<of>.+?)(?:'s (?:author|writer)| (?:written |authored |penned |composed )?by)",
        r"by whom (?:is|was|were) (?P<of>.+?)(?: (?:written|authored|penned|composed))?",
        rf"{_GIVE}?the (?:name of the )?(?:author|writer)(?:'s name)?(?: of (?P<of>.+))?",
        rf"whose {_ESSAY} (?:is|was) (?P<of>this|that|it)",
        r"wer (?:hat|schrieb|verfasste) (?P<of>.+?)(?: (?:geschrieben|verfasst))?",
        r"wer ist (?:der|die) (?:autor|verfasser|autorin|verfasserin)(?: (?:von )?(?P<of>.+))?",
        r"von wem (?:ist|stammt|wurde) (?P<of>.+?)(?: (?:geschrieben|verfasst))?",
        r"qui a (?:ecrit|redige) (?P<of>.+)",
        r"qui est (?:l'auteure?|l'autrice)(?: (?:d'|de |(?=du ))(?P<of>.+))?",
        r"quien(?:es)? (?:escribio|escribieron|ha escrito) (?P<of>.+)",
        r"quien es (?:el|la) autora?(?: (?:de |(?=del ))(?P<of>.+))?",
    ),
    "date": (
        rf"when (?:is|was|were) (?P<of>.+?) {_WRITTEN}",
        rf"when (?P<of>.+?) (?:is|was|were) {_WRITTEN}",
        r"when did (?P<by>.+?) (?:write|publish|compose|pen) (?P<of>.+)",
        rf"(?:in |on )?(?:what|which) (?:year|month|date|decade|century) (?:is|was|were) (?P<of>.+?) {_WRITTEN}",
        r"(?:from )?(?:what|which) year (?:is|does) (?P<of>.+?)(?: from| date from)?",
        r"(?:what (?:is|was) )?the (?:publication |release )?date of (?:publication of )?(?P<of>.+)",
        r"what (?:is|was) the (?:(?:publication|release) date|date of publication)",
        r"wann (?:wurde|ist|war) (?P<of>.+?) (?:geschrieben|verfasst|veroffentlicht|entstanden|erschienen)",
        r"wann (?:entstand|erschien) (?P<of>.+)",
        r"quand a ete (?:ecrit|redige|publie)e? (?P<of>.+)",
        r"quand (?P<of>.+?) a(?:-t-(?:il|elle))? ete (?:ecrit|redige|publie)e?",
        r"cuando (?:se|fue) (?:escribio|publico|escrit[oa]|publicad[oa]) (?P<of>.+)",
    ),
    "title": (
        r"(?:what is |give me |name )?the (?:full |exact )?title(?: of (?P<of>.+))?",
        r"what is (?P<of>its|this|.+'s) title",
        rf"what is the name of (?P<of>(?:the|this|that) {_ESSAY}\b.*)",
        rf"what is (?P<of>(?:the|this|that) {_ESSAY}\b.*?) (?:called|titled|entitled|named)",
        r"how is (?P<of>.+?) (?:called|titled|entitled)",
        rf"(?:what|which) (?:{_ESSAY} )?(?:did|has|have) (?P<by>.+?) (?:write|written|publish(?:ed)?)",
        rf"(?:what|which) {_ESSAY} (?:is|are|was|were) (?:written )?by (?P<by>.+)",
        rf"what (?:is|are) (?P<of>(?:the )?{_ESSAY} by .+)",
        r"(?:was ist|wie (?:heisst|lautet)) der titel(?: (?:von )?(?P<of>.+))?",
        r"wie heisst (?P<of>(?:der|die|das|dieser|dieses|diese) (?:text|essay|aufsatz|buch|artikel|dokument))",
        r"quel est (?:le|son) titre(?: (?:d'|de |(?=du ))(?P<of>.+))?",
        r"comment s'appelle (?P<of>.+)",
        r"cual es (?:el|su) titulo(?: (?:de |(?=del ))(?P<of>.+))?",
        r"como se (?:llama|titula) (?P<of>.+)",
    ),
    "subject": (
        r"what (?:is|are|was|were) (?P<of>.+?) (?:all |mainly |mostly )?about",
        r"what (?:does|do) (?P<of>.+?) (?:deal with|talk about|discuss|cover|treat)",
        r"what (?:is|are) the (?:main |central |overall )?(?:topic|subject|theme)s?(?: (?:of|in) (?P<of>.+))?",
        r"(?:worum geht(?: es|'s)|wovon handelt)(?: (?:in |bei )?(?P<of>.+))?",
        r"was ist das thema(?: (?:von )?(?P<of>.+))?",
        r"de quoi (?:parle|traite|s'agit)(?:-t-il|-il)?(?: (?:dans )?(?P<of>.+))?",
        r"de que (?:trata|habla)(?: (?P<of>.+))?",
    ),
    "summary": (
        r"(?:summari[sz]e|sum up|recap|condense|outline)(?: (?P<of>.+))?",
        r"sum (?P<of>.+) up",
        rf"{_GIVE}?(?:an? |the )?(?:(?:short|brief|quick|good|concise) )?{_SUM}(?: of (?P<of>.+))?",
        r"tl;?dr",
        r"(?:fasse?|fassen sie) (?P<of>.+) zusammen",
        r"(?:resume[rz]?|fais un resume)(?: (?:de )?(?P<of>.+))?",
    ),
}
_COMPILED = tuple((kind, re.compile(shape)) for kind, shapes in _SHAPES.items() for shape in shapes)


@dataclass(frozen=True, slots=True)
class Asking:
    """What is asked of an essay: its `kind`, and `of` which in the question's words, "" where it names none.

    `by` is who is said to have written it, "" where nobody is; both are small and without accents.
    """

    kind: Kind
    of: str
    by: str = ""


def asking(question: str) -> Asking | None:
    """What `question` asks of an essay itself, if it has that shape."""
    if len(question) > _LONGEST:
        return None
    bare = plain(question)
    bare = bare[lead.end() :] if (lead := _LEAD.match(bare)) else bare
    for kind, shape in _COMPILED:
        if found := shape.fullmatch(bare):
            parts = found.groupdict()
            return Asking(kind, parts.get("of") or "", parts.get("by") or "")
    return None


def asks_for_contents(question: str) -> bool:
    """Whether `question` wants to know what essays are about."""
    asked = asking(question)
    return asked is not None and asked.kind in ("subject", "summary")


def plain(text: str) -> str:
    """`text` small, on one line, without accents and the signs around it; "what's" is "what is"."""
    taken_apart = unicodedata.normalize("NFKD", lexical.folded(text).casefold())
    bare = "".join(sign for sign in taken_apart if not unicodedata.combining(sign))
    bare = re.sub(r"\b(who|what|when|how)'s\b", r"\1 is", " ".join(bare.replace("¿", " ").split()))
    return bare.strip(" .?!,;:…")
