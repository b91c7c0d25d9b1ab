"""Ask a set of essays; the answer is what they say, letter for letter. The public face of Quoth for programs.

import quoth

quoth.build("my-essays", index="my-index")
with quoth.open("my-index") as essays:
    for quote in essays.ask("What tanks did the Soviet Union supply?"):
        print(quote.text, quote.place)
"""

import importlib.metadata
import importlib.util
from pathlib import Path

# Our packages, and a module by which each is known.
_OURS = {"source": "proof", "index": "protocol", "qa": "retriever"}


def _hidden() -> str:
    """What hides one of our packages: a file of the same name that is found first; "" if nothing does."""
    for name, known_by in _OURS.items():
        spec = importlib.util.find_spec(name)
        places = list(spec.submodule_search_locations or ()) if spec else []
        if spec and not any(Path(place, f"{known_by}.py").is_file() for place in places):
            where = spec.origin or ", ".join(places)
            return f"{where} hides the package {name!r}, which Quoth needs; give it another name."
    return ""


if _reason := _hidden():
    raise ImportError(_reason)

# Only now, as they may be hidden.
from qa import (  # noqa: E402
    Answer,
    Document,
    Finding,
    Pair,
    Place,
    Quote,
    Receipt,
    Report,
    Span,
    UserError,
    check,
    highlight,
    retrieve,
)
from qa.opened import Essays, build, build_async  # noqa: E402
from qa.opened import open_essays as open  # noqa: A004, E402
from source.errors import BadQuestion, DamagedIndex, NoDocument, NoIndex, OtherModel  # noqa: E402

__version__ = importlib.metadata.version("quoth")

__all__ = [
    "Answer",
    "BadQuestion",
    "DamagedIndex",
    "Document",
    "Essays",
    "Finding",
    "NoDocument",
    "NoIndex",
    "OtherModel",
    "Pair",
    "Place",
    "Quote",
    "Receipt",
    "Report",
    "Span",
    "UserError",
    "__version__",
    "build",
    "build_async",
    "check",
    "highlight",
    "open",
    "retrieve",
]
