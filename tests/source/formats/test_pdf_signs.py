"""Signs of a PDF: letters that take two codes, and those that the file says no letter for."""

from pathlib import Path

import pytest
from signs import Signs, write_signs

from source.document import Document
from source.errors import UnreadableFile
from source.formats.readers import read_here


def printed(tmp_path: Path, *lines: str) -> Document:
    signs = [Signs(72, 100 + 14 * i, line) for i, line in enumerate(lines)]
    return read_here(write_signs(tmp_path / "a.pdf", signs).read_bytes(), "a.pdf")


@pytest.mark.parametrize("letter", ["\U0001d465", "\U0001f41d", "\U00020bb7", "\U0001d7da"])
def test_a_letter_beyond_the_first_plane_is_kept(letter: str, tmp_path: Path) -> None:
    document = printed(tmp_path, f"The head {letter} of the water is small.", f"It is called {letter}{letter} as well.")
    assert document.text == f"The head {letter} of the water is small. It is called {letter}{letter} as well."
    assert document.unread == ()


@pytest.mark.parametrize("sign", ["\x01", "\x1a", "\u0378", "\ufffd"])
def test_a_sign_without_a_letter_is_shown_and_told(sign: str, tmp_path: Path) -> None:
    document = printed(tmp_path, f"The first o{sign}ce of the mill.", "It burned.")
    assert document.text == "The first o\ufffdce of the mill. It burned."
    assert document.unread == ("page 1: 1 sign of which the file says no letter, shown as \ufffd",)


def test_a_page_of_shapes_alone_is_a_picture(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="hold no text"):
        printed(tmp_path, "\x01\x03\x04 \x05\x06\x07", "\x0e\x0f\x10")
