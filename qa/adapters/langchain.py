"""Quoth as a retriever of LangChain; needs `pip install 'quoth[langchain]'`."""

from __future__ import annotations

from pathlib import Path

from qa.adapters.found import found

try:
    from langchain_core.callbacks import CallbackManagerForRetrieverRun
    from langchain_core.documents import Document
    from langchain_core.retrievers import BaseRetriever
except ImportError as error:
    raise ImportError("The package langchain-core is not installed; run: pip install 'quoth[langchain]'") from error


class QuothRetriever(BaseRetriever):
    """Gives the passages that answer, letter for letter; none if the essays do not say.

    `index` is a path or an address (default: the user's index), `k` the most passages, `documents`
    the names of those to ask (default: all). With `nearest`, what stands nearest is given where the
    essays do not say; the `verdict` in the metadata tells. Without the `reader` answers come sooner.
    """

    index: Path | str | None = None
    k: int = 5
    documents: list[str] | None = None
    nearest: bool = False
    reader: bool = True

    def _get_relevant_documents(
        self,
        query: str,
        *,
        run_manager: CallbackManagerForRetrieverRun,  # noqa: ARG002 (LangChain passes it)
    ) -> list[Document]:
        passages = found(
            query,
            self.k,
            index=self.index,
            documents=self.documents,
            nearest=self.nearest,
            reader=self.reader,
        )
        return [Document(id=one.name, page_content=one.text, metadata=dict(one.metadata)) for one in passages]
