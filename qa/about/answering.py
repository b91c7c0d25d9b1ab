"""The answer to a question about essays themselves, where there is one."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from index.protocol import Entry, Index
from qa.about.asking import Asking, Known, asking
from qa.about.known import MOST_OPENED, headings, opening, told
from qa.about.which import MOST_TOLD, which
from qa.answer import Answer, Fact, Place, Quote, Receipt, Verdict, withheld_because
from source.proof import STANDS, Standing

# What a sentence holds that says of a work who wrote it, when, or what it is called.
_SAYS = re.compile(
    r"\b(?:wr[io]te|wrote|written|author|publish|compos|penned|print|edition|titled?\b|entitled|called|named"
    r"|geschrieb|verfass|veröffentlich|autor|écri|auteur|publié|escri|publica)|\bby\s+[A-Z]",
)
# From the best to the worst.
_ORDER: tuple[Verdict, ...] = ("answers", "may_answer", "close")


@dataclass(frozen=True, slots=True)
class Meant:
    """What is asked of essays themselves, and which they are: at least one."""

    asked: Asking
    entries: Sequence[Entry]

    def answer(self, question: str, k: int, index: Index) -> Answer | None:
        """What is known of the essays, with up to `k` quotes; None where nothing is, and passages may say it."""
        kind = self.asked.kind
        if kind == "subject" or kind == "summary":
            return _contents(question, "may_answer" if kind == "subject" else "close", k, index, self.entries)
        return _told(question, kind, k, index, self.entries)

    def said_in(self, text: str) -> bool:
        """Whether a passage can say what is asked: one that only stands under the title does not."""
        return _SAYS.search(text) is not None


def meant_by(question: str, index: Index, documents: Collection[str] | None) -> Meant | None:
    """What `question` asks of essays themselves, of `documents` if any are named; None where it asks of none."""
    asked = asking(question)
    entries = which(asked, index, documents) if asked else []
    return Meant(asked, entries) if asked and entries else None


def _told(question: str, kind: Known, k: int, index: Index, entries: Sequence[Entry]) -> Answer | None:
    """What the metadata of the essays say."""
    known = [told(kind, index.document(entry.name)) for entry in entries[:MOST_TOLD]]
    found = [one for one in known if one is not None]
    if not found:
        return None
    standing = [_standing(quote, index) if quote else STANDS for _, quote, _ in found]
    stand = [one for one, now in zip(found, standing, strict=True) if not now.reason]
    verdict: Verdict = min((verdict for *_, verdict in stand), key=_ORDER.index, default="withheld")
    quotes = [quote for _, quote, _ in stand if quote is not None]
    return _answer(question, verdict, quotes[:k], [about for about, *_ in stand], index, standing)


def _contents(question: str, verdict: Verdict, k: int, index: Index, entries: Sequence[Entry]) -> Answer:
    """How the essays begin and what their headings are; of many, their titles. Quoth does not sum up."""
    if len(entries) > MOST_OPENED:
        places = [Place(one.name, one.title, "", 1, 1, 0, 0) for one in entries[:MOST_TOLD]]
        titles = [Fact("title", place.title, "list of essays", place) for place in places]
        return _answer(question, "close", [], titles, index, [])
    essays = [index.document(entry.name) for entry in entries]
    openings = [quote for essay in essays if (quote := opening(essay)) is not None]
    standing = [_standing(quote, index) for quote in openings]
    quotes = [replace(quote, moved=now.moved) for quote, now in zip(openings, standing, strict=True) if not now.reason]
    if not quotes:
        return _answer(question, "withheld" if openings else "none", [], [], index, standing)
    found = [one for essay in essays for one in headings(essay)][:MOST_TOLD]
    return _answer(question, verdict, quotes[:k], found, index, standing)


def _standing(quote: Quote, index: Index) -> Standing:
    return index.standing(quote.document.name, quote.start, quote.end)


def _answer(
    question: str,
    verdict: Verdict,
    quotes: Sequence[Quote],
    about: Sequence[Fact],
    index: Index,
    standing: Sequence[Standing],
) -> Answer:
    withheld = [withheld_because(one.reason) for one in standing if one.reason]
    quoted = sorted({(quote.document.name, quote.document.sha256) for quote in quotes})
    receipt = Receipt(index.name, index.model, index.model_sha256, tuple(quoted))
    reasons = tuple(dict.fromkeys(withheld))
    # No probability was fitted for what is read, not found.
    return Answer(
        question, verdict, None, tuple(quotes), receipt, reasons, len(withheld), index.unchecked, tuple(about)
    )
