"""Quoth as a retriever of LlamaIndex; needs `pip install 'quoth[llama-index]'`."""

from __future__ import annotations

from collections.abc import Collection
from functools import partial
from pathlib import Path
from typing import Any

from index.protocol import Index
from qa.adapters.found import Found, found

try:
    from llama_index.core.retrievers import BaseRetriever
    from llama_index.core.schema import NodeWithScore, QueryBundle, TextNode
except ImportError as error:
    raise ImportError("The package llama-index-core is not installed; run: pip install 'quoth[llama-index]'") from error

# What a language model is shown of a passage beside its words; the other metadata are for programs.
_SHOWN = {"title", "author", "date", "heading", "page"}


class QuothRetriever(BaseRetriever):
    """Gives the passages that answer, letter for letter; none if the essays do not say."""

    def __init__(
        self,
        index: Path | str | Index | None = None,
        *,
        k: int = 5,
        documents: Collection[str] | None = None,
        nearest: bool = False,
        reader: bool = True,
        **more: Any,  # noqa: ANN401 (what LlamaIndex takes)
    ) -> None:
        """`index` is a path, an address or an open index (default: the user's), `k` the most passages.

        `documents` are the names of those to ask (default: all). With `nearest`, what stands nearest is
        given where the essays do not say; the `verdict` in the metadata tells. Without the `reader` answers
        come sooner. `more` is what every retriever of LlamaIndex takes.
        """
        self._found = partial(found, k=k, index=index, documents=documents, nearest=nearest, reader=reader)
        super().__init__(**more)

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        return [_node(one) for one in self._found(query_bundle.query_str)]


def _node(one: Found) -> NodeWithScore:
    hidden = sorted(one.metadata.keys() - _SHOWN)
    node = TextNode(
        id_=one.name,
        text=one.text,
        metadata=dict(one.metadata),
        excluded_llm_metadata_keys=hidden,
        excluded_embed_metadata_keys=hidden,
    )
    return NodeWithScore(node=node, score=one.score)
