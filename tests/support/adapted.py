"""What an adapter is to give for a passage, whichever framework asks."""

from collections.abc import Mapping

import quoth

from qa.quotations.links.permalink import parsed

ASKED, ELSEWHERE = "When was the armistice signed?", "Who was mayor of Paris?"


def check(location: str, name: str, text: str, score: float, metadata: Mapping[str, object]) -> None:
    """See that this is the passage that answers `ASKED`, with all that is known of it."""
    answer = quoth.retrieve(ASKED, index=location)
    (quote,) = answer.quotes
    assert (text, score) == (quote.text, quote.score)
    assert "27 July 1953" in text
    assert name == f"war.md#{quote.start}-{quote.end}"
    assert quote.document.text[metadata["start"] : metadata["end"]] == text
    link = parsed(metadata["link"])
    assert (link.document, link.exact) == ("war.md", text)
    expected = {
        "document": "war.md",
        "title": "The War",
        "author": "A. Writer",
        "date": "1998",
        "heading": "Its end",
        "paragraph": 1,
        "line": quote.line,
        "page": "",
        "marked": list(quote.marked),
        "verdict": answer.verdict,
        "confidence": answer.confidence,
        "score": quote.score,
    }
    assert {key: metadata[key] for key in expected} == expected
    assert set(metadata) == {*expected, "start", "end", "link"}
