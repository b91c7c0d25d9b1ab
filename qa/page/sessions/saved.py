"""A reader's session as text, and back: answers are cut out of their essays again, not read from what was saved."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from typing import Any

from index.protocol import Index
from qa.answer import Answer, Fact, Pair, Place, Quote, Receipt, withheld_because
from qa.page.desk import Reply, Session
from qa.page.reasons import Explanation
from qa.quotations import kept
from source.document import Span
from source.errors import UserError
from source.proof import Moved


def as_text(session: Session) -> str:
    """The session as text; that of a turn is made once, as the whole session is saved after each answer."""
    parts = {
        "turns": f"[{','.join(map(_turn_as_text, session.turns))}]",
        "first": _json(session.first),
        "chosen": _json(session.chosen),
        "own": _json(session.own),
        "kept": _json([kept.written(one) for one in session.kept]),
        "cleared": as_text(session.cleared) if session.cleared else "null",
    }
    return f"{{{','.join(f'{_json(name)}:{text}' for name, text in parts.items())}}}"


def _turn_as_text(turn: Reply) -> str:
    if "saved" not in turn.made:
        turn.made["saved"] = _json(_turn(turn))
    found: str = turn.made["saved"]
    return found


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=_values)


def _values(one: Any) -> dict[str, Any]:  # noqa: ANN401 (a dataclass)
    """The values of a dataclass by name; `asdict` copies all that is in them, which took longer than all else."""
    return {field.name: getattr(one, field.name) for field in fields(one)}


def from_text(text: str, index: Index) -> Session:
    """The session that was saved as `text`, over the essays as they are in `index` now.

    What is no longer there word for word is left out of its answer, which says so; it is saved again with the
    session, for when it is there again. Raises ValueError if the text is no session.
    """
    try:
        return _read(json.loads(text), index)
    except (KeyError, ValueError, TypeError, AttributeError, RecursionError) as error:
        raise ValueError(f"no session: {error!r}") from error


def _read(values: Mapping[str, Any], index: Index) -> Session:
    return Session(
        turns=tuple(_turn_of(turn, index) for turn in values["turns"]),
        first=int(values.get("first", 0)),
        chosen=tuple(values["chosen"]),
        own=values["own"],
        kept=tuple(map(kept.read, values["kept"])),
        cleared=_read(values["cleared"], index) if values["cleared"] else None,
    )


def _turn(turn: Reply) -> Mapping[str, Any]:
    if turn.saved is not None:
        return turn.saved
    answer = turn.answer
    return {
        "asked": turn.asked,
        "understood": turn.understood,
        "kind": turn.kind,
        "documents": turn.documents,
        "reason": turn.reason,
        "verdict": answer.verdict,
        "confidence": answer.confidence,
        "withheld": answer.withheld,
        "withheld_count": answer.withheld_count,
        "unchecked": answer.unchecked,
        "receipt": answer.receipt,
        "about": answer.about,
        "quotes": [_quote(quote) for quote in answer.quotes],
    }


def _turn_of(values: Mapping[str, Any], index: Index) -> Reply:
    quotes = [_quote_of(quote, index) for quote in values["quotes"]]
    gone = [one for one in quotes if isinstance(one, str)]
    receipt = values["receipt"]
    answer = Answer(
        values["understood"],
        values["verdict"],
        values["confidence"],
        tuple(one for one in quotes if isinstance(one, Quote)),
        Receipt(**{**receipt, "documents": tuple(tuple(one) for one in receipt["documents"])}),
        tuple(dict.fromkeys([*values["withheld"], *gone])),
        values["withheld_count"] + len(gone),
        values["unchecked"],
        tuple(Fact(**{**one, "place": Place(**one["place"])}) for one in values.get("about", ())),
    )
    if answer.status == "found" and quotes and isinstance(quotes[0], str):
        answer = replace(answer, verdict="withheld")
    why = values["reason"]
    reason = Explanation(**{**why, "contents": tuple(Place(**place) for place in why["contents"])}) if why else None
    asked = values["asked"], values["understood"]
    return Reply(*asked, answer, values["kind"], tuple(values["documents"]), reason, values if gone else None)


def _quote(quote: Quote) -> dict[str, Any]:
    return {
        **quote.place.json(),
        "sha256": quote.document.sha256,
        "score": quote.score,
        "highlights": [(span.start, span.end) for span in quote.highlights],
        "also": [place.json() for place in quote.also],
        "why": quote.why,
        "ranks": quote.ranks,
        "moved": quote.moved,
    }


def _quote_of(values: Mapping[str, Any], index: Index) -> Quote | str:
    """The quote cut out of its document again; why not, where that is another document now."""
    name, start, end = values["document"], values["start"], values["end"]
    try:
        document = index.document(name)
    except UserError:
        return withheld_because(f"{name} is no longer among the essays")
    if document.sha256 != values["sha256"]:
        return withheld_because(f"{name} has changed since it was quoted")
    if reason := index.standing(name, start, end).reason:
        return withheld_because(reason)
    moved: dict[str, int] | None = values["moved"]
    return Quote(
        document,
        document.text[start:end],
        values["title"],
        values["heading"],
        values["paragraph"],
        values["line"],
        start,
        end,
        values["score"],
        tuple(Span(*span) for span in values["highlights"]),
        tuple(Place(**place) for place in values["also"]),
        tuple(Pair(**pair) for pair in values["why"]),
        _ranks(values["ranks"]),
        Moved(**moved) if moved else None,
    )


def _ranks(values: Sequence[Sequence[Any]]) -> tuple[tuple[str, int], ...]:
    return tuple((name, rank) for name, rank in values)
