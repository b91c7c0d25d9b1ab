"""What each function of the page takes: a payload is reduced to plain values of these kinds before Gradio sees it.

Gradio looks through payloads for files and addresses, wherever they are nested. What is not named
here never reaches it: a question is a text, a file is one that this server itself took, named by
the secret that it gave out for it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from qa.page.guard.allowed import ID
from source.text.halves import has_whole_letters

Kind = Callable[[object], object]


class Refused(ValueError):
    """A payload is not what the function takes; one sentence says why."""


def _text(longest: int) -> Kind:
    def kind(value: object) -> str:
        if value is None:
            return ""
        if not isinstance(value, str) or not has_whole_letters(value):
            raise Refused("A text is expected.")
        if len(value) > longest:
            raise Refused(f"The text has {len(value)} letters; at most {longest} are taken.")
        return value

    return kind


def _whole(otherwise: int) -> Kind:
    def kind(value: object) -> int:
        if value is None:
            return otherwise
        if not isinstance(value, int) or isinstance(value, bool) or not -(2**31) <= value < 2**31:
            raise Refused("A whole number is expected.")
        return value

    return kind


def _flag(value: object) -> bool:
    return value is True


def _list(what: str) -> Kind:
    def kind(value: object) -> list[str] | None:
        if value is None:
            return None
        names = value if isinstance(value, list) and all(isinstance(name, str) for name in value) else None
        if names is None or not has_whole_letters("".join(names)):
            raise Refused(f"A list of {what} is expected.")
        return names

    return kind


def _key(value: object) -> str:
    """Who asks: 128 bits that the reader's browser made up."""
    if not isinstance(value, str) or not re.fullmatch("[0-9a-f]{32}", value):
        raise Refused("A reader's key is expected: 32 digits from 0 to f.")
    return value


def _files(value: object) -> list[str]:
    """The names that uploads were given; that they are known is looked at by `Calls`."""
    sent = value if isinstance(value, list) else [] if value is None else [value]
    names = [one.get("path") if isinstance(one, dict) else None for one in sent]
    if len(names) > _MOST_FILES or not all(isinstance(name, str) for name in names):
        raise Refused(f"A list of at most {_MOST_FILES} uploaded files is expected.")
    return [name for name in names if isinstance(name, str)]


# Longer questions are cut by those who are asked; these are far too long.
_QUESTION = _text(20_000)
_WORD = _text(40)
_NAME = _text(5_000)
_NAMES = _list("documents' names")
_MOST_FILES = 200


@dataclass(frozen=True, slots=True)
class Call:
    """A function: the kinds of its inputs, of the values of its event, and the most bytes of a payload."""

    inputs: tuple[Kind, ...] = ()
    event: Mapping[str, Kind] | None = None
    longest: int = 2_000
    public: bool = False


_OF = {"key": _key}
_TALK = {**_OF, "seen": _list("turns' looks")}  # what changes the conversation
_TURN = {"turn": _whole(-1)}
_KEPT = {**_OF, "kept": _WORD}

CALLS: Mapping[str, Call] = {
    "load": Call((_key, _QUESTION, _NAMES), longest=1_000_000),
    "watch": Call((_key,)),
    "ask": Call((), {**_TALK, "question": _QUESTION, "everywhere": _flag}, longest=100_000),
    "revise": Call((), {**_TALK, **_TURN, "literally": _flag, "understood": _QUESTION}, longest=100_000),
    "like": Call((), {**_TALK, **_TURN, "quote": _whole(-1)}),
    "clear": Call((), _TALK),
    "undo": Call((), _TALK),
    "save": Call((), {**_OF, "format": _WORD}),
    "choose": Call((), {**_TALK, "names": _NAMES}, longest=1_000_000),
    "keep": Call((), {**_OF, **_TURN, "quote": _whole(-1)}),
    "keep_chosen": Call((), {**_OF, "document": _NAME, "start": _whole(-1), "end": _whole(-1)}, longest=20_000),
    "note": Call((), {**_KEPT, "note": _QUESTION}, longest=100_000),
    "move": Call((), {**_KEPT, "by": _whole(0)}),
    "drop": Call((), _KEPT),
    "rebuild": Call((_key,)),
    "cancel": Call((_key,)),
    "add": Call((_files, _WORD, _key), longest=200_000),
    "retrieve": Call((_QUESTION, _whole(5), _NAMES), longest=250_000, public=True),
}


@dataclass(frozen=True, slots=True)
class Reduced:
    """A payload of nothing but plain values: the function, its session, and the body for Gradio."""

    name: str
    session: str
    body: bytes
    public: bool


class Calls:
    """The functions of one page: `functions` names them by Gradio's numbers, `path_of` finds an upload by its name."""

    def __init__(self, functions: Mapping[int, str], path_of: Callable[[str], Path | None]) -> None:
        self._functions = functions
        self._path_of = path_of

    def reduced(self, body: bytes, session: str = "") -> Reduced:
        """The payload in `body` reduced to what its function takes; a `session` makes it a call of /retrieve.

        Raises Refused.
        """
        sent = _object(body)
        number = sent.get("fn_index") if not session else self._public()
        name = self._functions.get(number, "") if isinstance(number, int) else ""
        if not name:
            raise Refused("There is no such function.")
        call = CALLS[name]
        if len(body) > call.longest:
            raise Refused(f"The payload has {len(body)} bytes; at most {call.longest} are taken here.")
        session = session or _id(sent.get("session_hash"))
        values = {
            "data": self._inputs(call, sent.get("data")),
            "event_data": _event(call, sent.get("event_data")),
            "fn_index": number,
            "trigger_id": _whole(0)(sent.get("trigger_id")) or None,
            "session_hash": session,
        }
        return Reduced(name, session, json.dumps(values).encode(), call.public)

    def _public(self) -> int | None:
        return next((number for number, name in self._functions.items() if CALLS[name].public), None)

    def _inputs(self, call: Call, data: object) -> list[object]:
        if not isinstance(data, list) or len(data) > len(call.inputs):
            raise Refused(f"A list `data` of at most {len(call.inputs)} values is expected.")
        given = [*data, *[None] * (len(call.inputs) - len(data))]
        return [
            [self._file(name) for name in _files(value)] if kind is _files else kind(value)
            for kind, value in zip(call.inputs, given, strict=True)
        ]

    def _file(self, name: str) -> dict[str, object]:
        path = self._path_of(name)
        if path is None:
            raise Refused("A file is no longer here; choose it again.")
        return {"path": str(path), "meta": {"_type": "gradio.FileData"}}


def _object(body: bytes) -> dict[str, object]:
    try:
        sent = json.loads(body)
    except (ValueError, RecursionError):  # UnicodeDecodeError is a ValueError
        raise Refused("A JSON object is expected.") from None
    if not isinstance(sent, dict):
        raise Refused("A JSON object is expected.")
    return sent


def _event(call: Call, sent: object) -> dict[str, object] | None:
    if call.event is None:
        return None
    given = sent if isinstance(sent, dict) else {}
    return {name: kind(given.get(name)) for name, kind in call.event.items()}


def _id(value: object) -> str:
    if not isinstance(value, str) or not re.fullmatch(ID, value):
        raise Refused("A session is expected.")
    return value
