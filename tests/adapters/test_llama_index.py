"""The retriever of LlamaIndex, with LlamaIndex."""

import asyncio

from adapted import ASKED, ELSEWHERE, check
from llama_index.core.base.base_retriever import BaseRetriever
from llama_index.core.llms import MockLLM
from llama_index.core.query_engine import RetrieverQueryEngine
from llama_index.core.response_synthesizers import get_response_synthesizer
from llama_index.core.schema import MetadataMode

from qa.adapters.llama_index import QuothRetriever


def test_what_answers_is_given_with_all_that_is_known_of_it(location: str) -> None:
    retriever = QuothRetriever(location)
    assert isinstance(retriever, BaseRetriever)
    (found,) = retriever.retrieve(ASKED)
    check(location, found.node.node_id, found.node.text, found.score, found.node.metadata)
    shown = found.node.get_content(MetadataMode.LLM)
    assert "author: A. Writer" in shown
    assert "link" not in shown
    assert [one.node.node_id for one in asyncio.run(retriever.aretrieve(ASKED))] == [found.node.node_id]


def test_what_stands_nearest_is_given_where_it_is_asked_for(location: str) -> None:
    assert QuothRetriever(location).retrieve(ELSEWHERE) == []
    nearest = QuothRetriever(location, nearest=True, k=1).retrieve(ELSEWHERE)
    assert [one.node.metadata["verdict"] for one in nearest] == ["none"]
    assert QuothRetriever(location, documents=["sea.txt"]).retrieve(ASKED) == []


def test_a_query_engine_names_its_sources(location: str) -> None:
    synthesizer = get_response_synthesizer(llm=MockLLM())
    engine = RetrieverQueryEngine(QuothRetriever(location), response_synthesizer=synthesizer)
    assert [one.node.metadata["document"] for one in engine.query(ASKED).source_nodes] == ["war.md"]
