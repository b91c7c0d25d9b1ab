"""The component of Haystack, with Haystack."""

from pathlib import Path

from adapted import ASKED, ELSEWHERE, check
from haystack import Pipeline
from haystack.components.builders import PromptBuilder

from qa.adapters.haystack import QuothRetriever


def test_what_answers_is_given_with_all_that_is_known_of_it(location: str) -> None:
    (found,) = QuothRetriever(location).run(ASKED)["documents"]
    check(location, found.id, found.content, found.score, found.meta)


def test_what_stands_nearest_is_given_where_it_is_asked_for(location: str) -> None:
    assert QuothRetriever(location).run(ELSEWHERE) == {"documents": []}
    nearest = QuothRetriever(location, nearest=True).run(ELSEWHERE, top_k=1)["documents"]
    assert [one.meta["verdict"] for one in nearest] == ["none"]
    assert QuothRetriever(location, documents=["sea.txt"]).run(ASKED) == {"documents": []}


def test_a_pipeline_that_was_written_is_read_again(location: str) -> None:
    pipeline = Pipeline()
    pipeline.add_component("quoth", QuothRetriever(Path(location), top_k=3))
    template = "{% for one in documents %}{{ one.content }} ({{ one.meta.link }}){% endfor %}"
    pipeline.add_component("prompt", PromptBuilder(template, required_variables=["documents"]))
    pipeline.connect("quoth.documents", "prompt.documents")
    again = Pipeline.loads(pipeline.dumps(), allowed_modules=["qa.adapters.haystack"])
    assert again.get_component("quoth").top_k == 3
    assert "27 July 1953" in again.run({"quoth": {"query": ASKED}})["prompt"]["prompt"]
