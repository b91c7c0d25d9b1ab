"""Fuzzes the readers and the parsing of questions with atheris, guided by what the bytes reach.

    pip install atheris
    python tests/benchmarks/fuzz.py SECONDS [CORPUS]
    python tests/benchmarks/fuzz.py growth [TIMES] [PART OF A PATTERN'S NAME]

Every input is read as a text file and as Markdown, taken as a question, as a line of a batch and
as front matter; what must hold of any document (tests/source/test_properties.py) is checked. An input that
breaks something is written to `crash-…` in the working folder: make it a test, then mend it. The second
form needs no atheris: it reads what is repeated without end and fails if time grows faster than the
text (`growth.py`).
"""

import contextlib
import sys
from pathlib import Path

sys.path[:0] = [
    str(Path(__file__).parents[2]),
    str(Path(__file__).parents[1] / "source"),
    str(Path(__file__).parents[1] / "support"),
]

if sys.argv[1:2] == ["growth"]:
    from growth import main as growth

    sys.exit(growth(sys.argv[2:]))

try:
    import atheris
except ImportError:
    sys.exit("The fuzzing needs atheris: pip install atheris")

INSTRUMENTED = ["source", "index.words.lexical", "index.words.folding", "qa.command.batch", "yaml", "markdown_it"]
with atheris.instrument_imports(include=INSTRUMENTED):
    from test_properties import holds_together

    from index.words import lexical
    from index.words.folding import fold
    from qa.command.batch import asked
    from source.errors import UnreadableFile, UserError
    from source.formats.markdown import read_markdown
    from source.formats.text import read_text
    from source.text.encodings import decoded

SEEDS = (
    "---\ntitle: 'x'\nauthor: [a, b]\ndate: 1953-07-27\n---\n# Head\n\nText one. Text two:\n\n- a\n- b\n",
    "Title\r\n\r\nDr. Who saw \u201cit\u201d (vol. 3).\r\n\r\n1. one\r\n2. two\r\n\r\nSee also  This",
    "| a | b |\n|---|---|\n| 1 | 2 |\n\n> quote\n\n```\ncode\n```\n\n[x]: http://y\n\n<div>\nhtml\n</div>\n",
    'Who said "so be it"? \u5317\u4eac \u0e2a\u0e27\u0e31\u0e2a\u0e14\u0e35',
    '{"id": 1, "question": "What?"}',
)


def read(text: str) -> None:
    """Both readers and the parsing of questions."""
    holds_together(read_text(text, "a b.txt"), text)
    holds_together(read_markdown(text, "a b.md"), text)
    assert len(fold(text)) == len(text)
    for phrase in lexical.phrases(text):
        assert lexical.WORD.search(phrase)
        lexical.holds(text, phrase)
    lexical.content_words(text)


def one(data: bytes) -> None:
    """One input: as the bytes of a file, and as text that may hold anything."""
    try:
        read(decoded(data)[0])
    except UnreadableFile:
        read(data.decode("utf-8", "surrogateescape"))
    with contextlib.suppress(UserError):
        list(asked([data], "questions"))


def main() -> None:
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    corpus = Path(sys.argv[2] if len(sys.argv) > 2 else "fuzz-corpus")
    corpus.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(SEEDS):
        (corpus / f"seed-{number}").write_text(seed, encoding="utf-8", newline="")
    limits = [f"-max_total_time={sys.argv[1]}", "-max_len=2000", "-timeout=20", "-print_final_stats=1"]
    atheris.Setup([sys.argv[0], *limits, str(corpus)], one)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
