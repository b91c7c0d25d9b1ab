"""Subtitles (.srt, .vtt) → Document: what is said, its cues joined; their times are places."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass

from source.document import Document, Reason
from source.errors import UnreadableFile
from source.structure.extracted.draft import Draft, extractor
from source.structure.extracted.inserted import inserted

_TIMES = re.compile(
    r"[ \t]*((?:\d{1,3}:)?\d{1,2}:\d{2}[.,]\d{1,3})[ \t]*-->[ \t]*((?:\d{1,3}:)?\d{1,2}:\d{2}[.,]\d{1,3})[^\n]*"
)
_VOICE = re.compile(r"<v(?:\.[^ >\t]*)?[ \t]+([^>]+)>")
_TAG = re.compile(r"</?(?:[a-zA-Z][^<>]*|\d[\d:.]*)>|\{\\[^{}]*\}")
_SPEAKER = re.compile(r"(?:-|–|—|>>+)[ \t]*(?=\S)|[^\W\d_a-z][^\n:.!?]{0,40}:[ \t]")
_ENDED = re.compile(r"[.!?…。！？][\"'”’»)\]]*$")
_BETWEEN_CUES = 3.0  # seconds of silence that end a paragraph
_STOPPED = re.compile(r"[.!?…。！？][\"'”’»)\]]*(?:\s|$)")
# Signs: a paragraph beyond ends with its sentence, or its cue where none ends; beyond the second in any case.
_LONG, _LONGEST = 600, 3000


@dataclass(frozen=True, slots=True)
class _Cue:
    """What is shown from `start` to `end`, in seconds."""

    start: float
    end: float
    lines: tuple[str, ...]


def read_subtitles(text: str, name: str) -> Document:
    """The document in subtitles. Raises UnreadableFile if they have no cue."""
    draft = Draft()
    aside: list[tuple[str, Reason]] = []
    held: list[str] = []
    said = ""
    last: _Cue | None = None
    for cue in _cues(text.replace("\r\n", "\n").replace("\r", "\n"), aside):
        lines = [line for line in cue.lines if last is None or line not in last.lines[-1:]]  # rolled up from before
        for i, line in enumerate(lines):
            silent = last is not None and i == 0 and cue.start - last.end > _BETWEEN_CUES
            full = len(said) > (_LONG if _ENDED.search(said) or not _STOPPED.search(said) else _LONGEST)
            speaker = _SPEAKER.match(line)
            again = speaker is not None and line[0].isalpha() and said.startswith(speaker.group())
            if held and (silent or full or (speaker and not again)):
                draft.paragraph(said, plain=True)
                held = []
            if not held:
                draft.locator(_shown(cue.start))
            held.append(f"\n{line}" if again and held else line)
            said = " ".join(held).replace(" \n", "\n")
        last = cue
    draft.paragraph(said if held else "", plain=True)
    if last is None:
        raise UnreadableFile("no subtitles: it has no cue with a time")
    for beside, reason in aside:
        draft.aside(beside, reason)
    return draft.document(name, extractor())


def _cues(text: str, aside: list[tuple[str, Reason]]) -> Iterator[_Cue]:
    """The cues in order; what is no cue is put into `aside`, and the cues' numbers and times at its end."""
    heads: list[str] = []
    for block in re.split(r"\n[ \t]*\n", text):
        lines = block.strip("\n\ufeff").split("\n")
        at = next((i for i, line in enumerate(lines) if _TIMES.match(line)), None)
        if at is None or at > 1:
            kind = lines[0].split(maxsplit=1)[0] if lines[0].split() else ""
            aside.append((block, Reason.COMMENT if kind == "NOTE" else Reason.MARKUP))
            continue
        times = _TIMES.match(lines[at])
        assert times is not None  # noqa: S101 (found above)
        heads.append("\n".join(lines[: at + 1]))
        shown = tuple(filter(None, (_plain(line) for line in lines[at + 1 :])))
        yield _Cue(_seconds(times[1]), _seconds(times[2]), shown)
    aside.append(("\n".join(heads), Reason.TIME))


def _plain(line: str) -> str:
    """A cue's line without tags, behind the name of the voice that speaks it."""
    line = _VOICE.sub(lambda found: f"{found[1].strip()}{inserted(': ')}", line)
    return " ".join(html.unescape(_TAG.sub("", line)).split())


def _seconds(time: str) -> float:
    seconds = 0.0
    for part in time.replace(",", ".").split(":"):
        seconds = 60 * seconds + float(part)
    return seconds


def _shown(seconds: float) -> str:
    hours, rest = divmod(int(seconds), 3600)
    return f"{hours}:{rest // 60:02}:{rest % 60:02}" if hours else f"{rest // 60}:{rest % 60:02}"
