"""What the steps of one peer over one corpus gave, on disk as each ends, so that they can be taken up again."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection
from pathlib import Path

Values = dict[str, object]


class Kept:
    """The finished steps in the file `path`; those that were made of something else are forgotten.

    The first step makes what the others work on, `made`. Where that is gone, or one of the steps that are `changing`
    it was begun and has not ended, the first step is to be done again, and the others keep what they gave.
    """

    def __init__(self, path: Path, made_of: str, made: Path, changing: Collection[str]) -> None:
        self._path, self._made_of = path, made_of
        self.steps: dict[str, Values] = {}
        self._to_make = True
        values = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
        if values.get("made_of") == made_of:
            self.steps = values["steps"]
            self._to_make = values["begun"] in changing or not made.exists()

    def missing(self, steps: list[str]) -> list[str]:
        """Those of `steps` that are still to be done, in order."""
        missing = [step for step in steps if step not in self.steps]
        return [steps[0], *missing] if missing and self._to_make and missing[0] != steps[0] else missing

    def do(self, step: str, work: Callable[[], Values]) -> None:
        """Do `work` and keep what it gives. What it raises is raised, and the step is still to be done."""
        self._write(begun=step)
        self.steps[step] = work()
        self._to_make = False
        self._write(begun=None)

    def _write(self, begun: str | None) -> None:
        """Replace the file, so that it is never half written."""
        values = {"made_of": self._made_of, "begun": begun, "steps": self.steps}
        self._path.parent.mkdir(parents=True, exist_ok=True)
        beside = self._path.with_suffix(".new")
        beside.write_text(json.dumps(values), encoding="utf-8")
        beside.replace(self._path)
