"""Markup as a browser shows it, and quotes of an essay at hand."""

import re
from html.parser import HTMLParser
from pathlib import Path

from qa.answer import Quote
from source.document import Document, Span
from source.files import Held
from source.formats.readers import READERS


class Text(HTMLParser):
    """What a browser shows of markup, and the tags and attributes that are in it."""

    def __init__(self, markup: str) -> None:
        super().__init__(convert_charrefs=True)
        self.text = ""
        self.tags: list[str] = []
        self.attributes: list[str] = []
        self.feed(str(markup))  # whatever is put into Markup is escaped
        self.close()

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [name for name, _ in attributes]

    def handle_data(self, data: str) -> None:
        self.text += data


def document(text: str, name: str = "hostile.md") -> Document:
    return READERS[Path(name).suffix](Held(text.encode()), name)


def quotes_of(essay: Document, **more: object) -> list[Quote]:
    return [
        Quote(
            essay,
            essay.text[p.start : p.end],
            essay.title,
            p.heading,
            p.number,
            p.line,
            p.start,
            p.end,
            0.5,
            (Span(p.sentences[0].start, p.sentences[0].end),),
            **more,
        )
        for p in essay.passages
    ]


def quotation(markup: str) -> str:
    return Text(re.search(r"<blockquote[^>]*>(.*?)</blockquote>", markup, re.DOTALL)[1]).text
