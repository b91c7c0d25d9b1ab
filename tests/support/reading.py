"""What tests of reading look at: passages, headings, sentences and furniture as texts."""

from source.document import Document


def passages(document: Document) -> list[str]:
    return [document.text[p.start : p.end] for p in document.passages]


def headings(document: Document) -> list[str]:
    return [heading.title for heading in document.headings if heading.level]


def sentences(document: Document) -> list[str]:
    return [document.text[s.start : s.end] for p in document.passages for s in p.sentences]


def asking(document: Document) -> list[str]:
    return [document.text[s.start : s.end] for p in document.passages for s in p.sentences if s.asks]


def furniture(document: Document) -> list[tuple[str, str]]:
    return [(document.text[f.start : f.end], str(f.reason)) for f in document.furniture]


def nowhere(document: Document) -> str:
    """The letters and digits that stand in no passage, heading or furniture."""
    left = list(document.text)
    for span in (*document.headings, *document.passages, *document.furniture):
        left[span.start : span.end] = " " * (span.end - span.start)
    return "".join(sign for sign in left if sign.isalnum())
