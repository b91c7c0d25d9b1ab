"""What is repeated without end takes time as it is long: shown by limits and by counting, not by the clock."""

import io
import re
import zipfile
from collections import Counter
from collections.abc import Iterator

import pytest
from hostile import PATTERNS

from source.document import Document
from source.errors import UnreadableFile
from source.formats.front_matter import with_front_matter
from source.formats.markdown_blocks import block_tokens, title_of
from source.text import windows
from source.worker.process import Worker
from source.worker.wire import Job

MARKS = ["`", "``` ", '"', "'", "“", "“a ", "«", "‘", "„", "(", "(a ", "[", "[[", "![", "「", "{", "A. ", "“A. ", "a"]


def test_the_table_is_long() -> None:
    assert len(PATTERNS) >= 84


@pytest.mark.parametrize("mark", MARKS)
def test_what_the_library_is_given_grows_with_the_text(mark: str, monkeypatch: pytest.MonkeyPatch) -> None:
    given: Counter[int] = Counter()
    library = windows.get_sentence_boundaries

    def counted(language: str, text: str) -> object:
        given[size] += len(text)
        assert len(text) <= windows.LONGEST_WINDOW
        return library(language, text)

    monkeypatch.setattr(windows, "get_sentence_boundaries", counted)
    for size in (20_000, 40_000):
        text = ("A sentence stands here. " + mark * size)[:size]
        ends = [end for _, end in windows.boundaries(text, "en")]
        assert ends == sorted(set(ends))
        assert ends[-1] == size
    assert given[40_000] <= 2.2 * given[20_000] <= 2.2 * 5 * 20_000


def test_a_sentence_longer_than_a_window_is_one() -> None:
    long = "This goes on " + "and on, " * 3000 + "and ends."
    text = f"A sentence. {long} Another one."
    found = [text[start:end].strip() for start, end in windows.boundaries(text, "en")]
    assert found == ["A sentence.", long, "Another one."]


def test_a_long_paragraph_is_divided_as_it_is_in_short_ones() -> None:
    one = "The Soviet Union sent tanks (T-34, vol. 2). “Who approved it? Stalin did.” Dr. Who was in the U.S. then. "
    short = [one[start:end] for start, end in windows.boundaries(one, "en")]
    long = one * 100
    assert [long[start:end] for start, end in windows.boundaries(long, "en")] == short * 100


def test_nothing_inside_a_line_of_markdown_is_parsed_but_a_short_heading() -> None:
    references: dict[str, object] = {}
    ((tokens, _),) = block_tokens("# The *war* of [the tanks][1]\n\nA *text*.\n\n[1]: http://x\n", 0, references)
    assert [token.children for token in tokens if token.type == "inline"] == [[], []]
    assert title_of(tokens[1].content, references) == "The war of the tanks"
    long = "![" * 5000
    assert title_of(long, {}) == long


@pytest.mark.parametrize("value", ["[" * 201, "{" * 201, "a, " * 7000, "- a\n" * 6000], ids=lambda value: value[:3])
def test_front_matter_beyond_its_limits_is_text(value: str) -> None:
    text = f"---\ntitle: A\nx: {value}\n---\nA text stands here."
    assert with_front_matter(text, "a.txt")[1:] == ([], 0)
    within = re.sub(r"x: .*(?=\n---)", "x: [a, b]", text, flags=re.DOTALL)
    assert with_front_matter(within, "a.txt")[0].title == "A"


@pytest.fixture(scope="module")
def worker() -> Iterator[Worker]:
    worker = Worker(seconds=20)  # for 2,000 repetitions; what grows faster than the text would take minutes
    yield worker
    worker.stop()


@pytest.mark.parametrize("kind", sorted({name.split("'")[0].split('"')[0].strip() for name in PATTERNS}))
def test_everything_repeated_is_read_within_the_time_of_a_worker(kind: str, worker: Worker) -> None:
    for name, pattern in PATTERNS.items():
        if name.startswith(kind):
            try:
                document = worker.read(Job(f"a{pattern.suffix}", data=pattern.data(2000)))
            except UnreadableFile as error:
                assert "took longer" not in str(error), name  # noqa: PT017
            else:
                assert isinstance(document, Document)


def test_styles_each_based_on_the_next_are_read_within_the_time_of_a_worker(worker: Worker) -> None:
    space, count = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"', 8_000
    styles = "".join(
        f'<w:style w:styleId="s{number}"><w:basedOn w:val="s{number + 1}"/></w:style>' for number in range(count)
    )
    paragraphs = "".join(
        f'<w:p><w:pPr><w:pStyle w:val="s{number}"/></w:pPr><w:r><w:t>One.</w:t></w:r></w:p>' for number in range(count)
    )
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("word/styles.xml", f"<w:styles {space}>{styles}</w:styles>")
        archive.writestr("word/document.xml", f"<w:document {space}><w:body>{paragraphs}</w:body></w:document>")
    assert len(worker.read(Job("a.docx", data=file.getvalue())).passages) == count
