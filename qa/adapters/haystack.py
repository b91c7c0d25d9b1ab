"""Quoth as a component of Haystack; needs `pip install 'quoth[haystack]'`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from qa.adapters.found import found

try:
    from haystack import Document, component, default_from_dict, default_to_dict
except ImportError as error:
    raise ImportError("The package haystack-ai is not installed; run: pip install 'quoth[haystack]'") from error


@component
class QuothRetriever:
    """Gives the passages that answer, letter for letter; none if the essays do not say."""

    def __init__(
        self,
        index: Path | str | None = None,
        top_k: int = 5,
        documents: list[str] | None = None,
        *,
        nearest: bool = False,
        reader: bool = True,
    ) -> None:
        """`index` is a path or an address (default: the user's index), `top_k` the most passages.

        `documents` are the names of those to ask (default: all). With `nearest`, what stands nearest is
        given where the essays do not say; the `verdict` in the metadata tells. Without the `reader` answers
        come sooner.
        """
        # A pipeline can be written with plain values only.
        self.index = str(index) if isinstance(index, Path) else index
        self.top_k, self.documents = top_k, documents
        self.nearest, self.reader = nearest, reader

    @component.output_types(documents=list[Document])
    def run(self, query: str, top_k: int | None = None) -> dict[str, list[Document]]:
        """The passages that answer `query`."""
        passages = found(
            query,
            self.top_k if top_k is None else top_k,
            index=self.index,
            documents=self.documents,
            nearest=self.nearest,
            reader=self.reader,
        )
        made = [Document(id=one.name, content=one.text, meta=dict(one.metadata), score=one.score) for one in passages]
        return {"documents": made}

    def to_dict(self) -> dict[str, Any]:
        """What a pipeline is written with."""
        given = {name: getattr(self, name) for name in ("index", "top_k", "documents", "nearest", "reader")}
        written: dict[str, Any] = default_to_dict(self, **given)
        return written

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> QuothRetriever:
        """As it was written."""
        made: QuothRetriever = default_from_dict(cls, data)
        return made
