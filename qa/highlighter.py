"""Which sentences of a given text answer a question: the text is an index of its own."""

from __future__ import annotations

from index.encoding.encoder import Encoder
from index.memory import MemoryIndex
from qa.asked import checked
from qa.ranking.reader import Reader
from qa.retriever import Retriever
from source.document import Document, Span
from source.errors import BadQuestion
from source.structure.passages import structured
from source.structure.plain import plain_blocks


def highlights(encoder: Encoder, reader: Reader, question: str, text: str) -> list[Span]:
    """The sentences of `text` that answer `question`, as characters of `text`, in order; [] if none does.

    Raises BadQuestion if the question is empty, or one of them is no text.
    """
    question = checked(question, 1)
    if not isinstance(text, str):
        raise BadQuestion(f"text is {repr(text)[:80]}; give the text whose sentences are meant.")
    document = structured(Document("", text, ""), plain_blocks(text))
    return Retriever(MemoryIndex([document], encoder), encoder, reader=reader).marked(question)
