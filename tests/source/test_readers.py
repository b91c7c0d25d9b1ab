from pathlib import Path

import pytest
from small_encoder import SmallEncoder

from index.local.build import build
from index.verify import verify
from source.document import Document
from source.errors import UnreadableFile, UserError
from source.files import SourceFile
from source.formats.markdown import read_markdown
from source.formats.readers import READERS
from source.formats.text import read_text
from source.library import Skipped, read_library, source_file
from source.reading import read

NO_TEXT = "nor text in a known old encoding; save it as UTF-8"


def texts(document: Document) -> list[str]:
    return [document.text[p.start : p.end] for p in document.passages]


def write(folder: Path, name: str, data: bytes) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def test_the_text_is_decoded_once_and_newlines_stay(tmp_path: Path) -> None:
    data = "\ufeffTitle\r\n\r\nFirst — one.\r\nStill one.\r\n\r\nSecond.".encode()
    document = read(write(tmp_path, "a.txt", data), "a.txt")
    assert document.text == data.decode("utf-8-sig")
    assert texts(document) == ["First — one.\r\nStill one.", "Second."]
    assert [p.line for p in document.passages] == [3, 6]


def test_front_matter_gives_title_author_and_date(tmp_path: Path) -> None:
    data = b'---\ntitle: "On War: a note"\nauthor: [A. One, B. Two]\ndate: 1953-07-27\n---\nHeading\n\nText.\n'
    for name in ("a.txt", "a.md"):
        document = read(write(tmp_path, name, data), name)
        assert (document.title, document.author, document.date) == ("On War: a note", "A. One, B. Two", "1953-07-27")
        assert document.text[document.furniture[0].start : document.furniture[0].end].startswith("---")
        assert "On War" not in "".join(texts(document))


@pytest.mark.parametrize("front", ["---\nnot yaml: [\n---\n", "---\njust words\n---\n", "---\nno end\n"])
def test_what_is_no_front_matter_is_text(front: str) -> None:
    document = read_text(front + "\nTitle\n\nText here.", "a.txt")
    assert texts(document)[-1] == "Text here."
    assert document.author == ""


def test_markdown_blocks_are_spans_of_the_source() -> None:
    text = (
        "# The *Title*\r\n\r\nOne **bold** word. Aims:\r\n\r\n- first\r\n- second\r\n\r\n## Part `x`\n\n"
        "> A quotation.\n\n"
        "| a | b |\n|---|---|\n| 1 | 2 |\n\n---\n\n<!-- hidden -->\n\nLast [link][1].\n\n[1]: http://example.com\n"
    )
    document = read_markdown(text, "a.md")
    assert document.title == "The Title"
    assert texts(document) == [
        "One **bold** word. Aims:\r\n\r\n- first\r\n- second",
        "> A quotation.",
        "| a | b |\n|---|---|\n| 1 | 2 |",
        "Last [link][1].",
    ]
    assert [p.heading for p in document.passages] == ["", "Part x", "Part x", "Part x"]
    assert [text[f.start : f.end] for f in document.furniture] == [
        "---",
        "<!-- hidden -->",
        "[1]: http://example.com",
    ]


def test_markdown_headings_nest() -> None:
    document = read_markdown("# A\n\none\n\n## B\n\ntwo\n\n### C\n\nthree\n\n## D\n\nfour", "a.md")
    assert [p.headings for p in document.passages] == [(), ("B",), ("B", "C"), ("D",)]


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("noise.txt", bytes(range(128, 256)) * 9, f"neither UTF-8 (byte 0) {NO_TEXT}"),
        ("half.txt", "Zug".encode("utf-16")[:-1], "not UTF-16 to its end (byte 6); save it as UTF-8"),
        ("bad.txt", b"\xff\xfe", "empty"),
        ("empty.txt", b"", "empty"),
        ("blank.md", b" \n\n", "empty"),
        ("binary.txt", b"text\0more", "binary (it holds NUL bytes)"),
        ("nul.txt", "a\0b".encode("utf-16"), "binary (it holds NUL signs)"),
        ("picture.png", b"\x89PNG", f"unknown kind of file (.png); known are {', '.join(READERS)}"),
        ("noname", b"text", f"unknown kind of file (no suffix); known are {', '.join(READERS)}"),
    ],
)
def test_a_file_that_is_no_essay_says_why(tmp_path: Path, name: str, data: bytes, reason: str) -> None:
    with pytest.raises(UnreadableFile) as caught:
        read(write(tmp_path, name, data), name)
    assert str(caught.value) == reason


def test_a_folder_is_read_in_order_and_bad_files_are_listed(tmp_path: Path) -> None:
    for name, data in {
        "b.txt": b"B\n\nText.",
        "a/z.md": b"# Z\n\nText.",
        "a.txt": b"A\n\nText.",
        ".hidden/x.txt": b"X",
        "a/.secret.txt": b"X",
        "bad.txt": bytes(range(128, 256)) * 9,
    }.items():
        write(tmp_path, name, data)
    (tmp_path / "dir.txt").mkdir()
    (tmp_path / "loop").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "gone.txt").symlink_to(tmp_path / "nowhere")
    found = list(read_library(tmp_path))
    assert [one.name for one in found if isinstance(one, Document)] == ["a.txt", "a/z.md", "b.txt"]
    assert {str(one) for one in found if isinstance(one, Skipped)} == {
        ".hidden/x.txt: hidden",
        "a/.secret.txt: hidden",
        f"bad.txt: neither UTF-8 (byte 0) {NO_TEXT}",
        "gone.txt: cannot be read: No such file or directory",
    }


def test_a_single_file_is_a_library_of_one(tmp_path: Path) -> None:
    path = write(tmp_path, "one.txt", b"Title\n\nText.")
    (document,) = read_library(path)
    assert document.name == "one.txt"
    assert source_file(path, "one.txt") == SourceFile(path)
    assert source_file(tmp_path, "one.txt") == SourceFile(path)


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"There is no folder '.*nowhere'; give the folder that holds the essays"):
        list(read_library(tmp_path / "nowhere"))


def test_an_old_encoding_is_reported_as_long_as_the_file_has_it(tmp_path: Path) -> None:
    text = "Die Führung in Moskau lieferte Panzer. Später übte sie Einfluß aus, für Öl und Erz. " * 3
    write(tmp_path / "essays", "alt.txt", text.encode("cp1252"))
    for _ in range(2):  # the second time the file is not read again
        snapshot, report = build(tmp_path / "essays", tmp_path / "index", encoder=SmallEncoder())
        assert report.decoded == (("alt.txt", "cp1252"),)
        assert snapshot.document("alt.txt").text == text
    assert list(verify(snapshot)) == []


@pytest.mark.parametrize(
    "value",
    [
        "1953-00-27",  # found by fuzzing: PyYAML makes a date of it
        "9" * 5000,
        "!!int x",
        "!!binary =",
        "!!float 1e999999",
        "!!python/object:os.system x",
        "1:99:99",
        "2001-12-14t21:59:43.10-99:99",
        "[" * 5000,
        "&a [*a]",
        '"\\U00110000"',
        '"\\UFFFFFFFF"',
    ],
)
def test_no_value_of_the_front_matter_stops_the_reading(value: str) -> None:
    document = read_text(f"---\ntitle: T\ndate: {value}\n---\nHeading\n\nText here.", "a.txt")
    assert texts(document)[-1] == "Text here."


def test_the_front_matter_is_taken_as_it_is_written() -> None:
    front = "---\ntitle: 007\nauthor: [No, 1e3, ~, [x]]\ndate: 2001-1-1\n---\n"
    document = read_text(front + "Heading\n\nText here.", "a.txt")
    assert (document.title, document.author, document.date) == ("007", "No, 1e3", "2001-1-1")


def test_halves_of_letters_in_the_front_matter_are_joined() -> None:
    document = read_text('---\ntitle: "Bees \\ud83d\\udc1d"\nauthor: "A\\ud83d B"\n---\nText is here.', "a.txt")
    assert (document.title, document.author) == ("Bees \U0001f41d", "A\ufffd B")


def test_front_matter_that_grows_without_end_is_not_followed() -> None:
    levels = "\n".join(f"l{i}: &l{i} [{', '.join([f'*l{i - 1}'] * 10)}]" for i in range(1, 20))
    document = read_text(f"---\nl0: &l0 lol\n{levels}\nauthor: *l19\n---\nHeading\n\nText here.", "a.txt")
    assert (document.author, texts(document)) == ("", ["Text here."])
