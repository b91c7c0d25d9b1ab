"""Which sentences ask, in any dress, and which only look as if they did."""

import pytest

from source.text.questions import asks


@pytest.mark.parametrize(
    "sentence",
    [
        "Where was the mill?",
        "**When did the mill burn?**",
        "Q: Where was the mill",
        "**Q.** Say where the mill was.",
        "[00:12:04] Q: The mill, then",
        "Question 4: the mill and its owner",
        "Frage: Wo stand die Mühle",
        "¿Dónde estaba el molino?",
        "Πού ήταν ο μύλος;",
        "أين كانت الطاحونة؟",
        "水车在哪里？",
        "“Where is the mill?” asked the carter.",
        "«Où est le moulin?» demanda le charretier.",
        "— Où est le moulin ? demanda le charretier.",
        "Who paid for the mill?[^2]",
        "Who paid for the mill?</summary>",
        "Tell us about the mill.",
        "_Describe the mill as it was then._",
    ],
)
def test_what_asks(sentence: str) -> None:
    assert asks(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "The mill stood by the weir.",
        "A: By the weir.",
        "“By the weir,” said the miller; “where else?”, and laughed at length about the carter.",
        "She explained why; the mill had burned.",
        "Quotas: nine sacks a day.",
        "HOST: Welcome to the mill.",
        "They described the mill.",
        "Was the wheel turned? No, said the miller.",
        "?",
        "",
    ],
)
def test_what_does_not_ask(sentence: str) -> None:
    assert not asks(sentence)
