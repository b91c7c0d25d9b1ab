"""The retriever of LangChain, with LangChain."""

import asyncio

import pytest
from adapted import ASKED, ELSEWHERE, check
from langchain_core.retrievers import BaseRetriever
from langchain_core.runnables import RunnableLambda

from qa.adapters.langchain import QuothRetriever
from source.errors import BadQuestion


def test_what_answers_is_given_with_all_that_is_known_of_it(location: str) -> None:
    retriever = QuothRetriever(index=location)
    assert isinstance(retriever, BaseRetriever)
    (found,) = retriever.invoke(ASKED)
    check(location, found.id, found.page_content, found.metadata["score"], found.metadata)
    assert asyncio.run(retriever.ainvoke(ASKED)) == [found]
    joined = retriever | RunnableLambda(lambda passages: [one.metadata["link"] for one in passages])
    assert joined.batch([ASKED, ELSEWHERE]) == [[found.metadata["link"]], []]


def test_what_stands_nearest_is_given_where_it_is_asked_for(location: str) -> None:
    assert QuothRetriever(index=location).invoke(ELSEWHERE) == []
    nearest = QuothRetriever(index=location, nearest=True, k=1).invoke(ELSEWHERE)
    assert [one.metadata["verdict"] for one in nearest] == ["none"]
    assert QuothRetriever(index=location, documents=["sea.txt"]).invoke(ASKED) == []


def test_what_cannot_be_asked_is_told(location: str) -> None:
    with pytest.raises(BadQuestion, match="The question is empty"):
        QuothRetriever(index=location).invoke(" ")
