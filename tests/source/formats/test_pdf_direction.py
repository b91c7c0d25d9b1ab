"""Right-to-left text of a PDF, in whatever order its signs stand in the file."""

from collections.abc import Callable
from pathlib import Path

import pytest
from signs import Signs, write_signs

from source.formats.readers import read_here

HEBREW = ["הטחנה על הנהר נבנתה בשנת 1802 על ידי שני", "אחים מן החוף. היא נשרפה בשנת 1844."]
ARABIC = ["كان في القرية نهر كبير. بنى الإخوة", "الطاحونة سنة 1802."]
MIXED = ['הספר "The Mill" נמכר ב-2.50 דולר (ראו לעיל)', "בכל שבוע ושבוע, 12/3/1802, ליד הים."]
SHARES = ["הכפר שילם 40% מן המחיר, ועוד $12 בכל שנה", "על השער, והכנסייה שילמה 9%."]
RIGHT = 500.0


def _visual(line: str) -> list[tuple[float, str]]:
    """Each sign of a right-to-left line with the place where it begins, in the order in which it is read."""
    signs: list[tuple[float, str]] = []
    at, i = RIGHT, 0
    while i < len(line):
        run = i
        while run < len(line) and (line[run].isascii() and (line[run].isalnum() or line[run] in "%$")):
            run += 1
            while run + 1 < len(line) and line[run] in " ./" and line[run + 1].isascii() and line[run + 1].isalnum():
                run += 1
        if run == i:
            at -= 5 if line[i] != " " else 7
            signs.append((at, line[i]))
            i += 1
            continue
        at -= 5 * (run - i)
        signs += [(at + 5 * k, sign) for k, sign in enumerate(line[i:run])]
        i = run
    return signs


def logical(line: str, y: float) -> list[Signs]:
    """Sign by sign, as it is read."""
    return [Signs(x, y, sign) for x, sign in _visual(line) if sign != " "]


def visual(line: str, y: float) -> list[Signs]:
    """Sign by sign, from left to right."""
    return sorted(logical(line, y), key=lambda one: one.x)


def words(line: str, y: float) -> list[Signs]:
    """The words in the order in which they are read, the signs of each from left to right."""
    signs, word, found = _visual(line), [], []
    for x, sign in [*signs, (0.0, " ")]:
        if sign == " ":
            found += sorted(word, key=lambda one: one.x)
            word = []
        else:
            word.append(Signs(x, y, sign))
    return found


ORDERS: dict[str, Callable[[str, float], list[Signs]]] = {"logical": logical, "visual": visual, "words": words}


@pytest.mark.parametrize("lines", [HEBREW, ARABIC, MIXED, SHARES], ids=["Hebrew", "Arabic", "mixed", "shares"])
@pytest.mark.parametrize("order", ORDERS)
def test_right_to_left_lines_are_read_as_people_read_them(order: str, lines: list[str], tmp_path: Path) -> None:
    page = [one for i, line in enumerate(lines) for one in ORDERS[order](line, 100 + 12 * i)]
    document = read_here(write_signs(tmp_path / "a.pdf", page).read_bytes(), "a.pdf")
    assert [document.text[p.start : p.end] for p in document.passages] == [" ".join(lines)]


def test_columns_are_read_from_the_right(tmp_path: Path) -> None:
    line = "הטחנה על הנהר נבנתה כאן"
    right = [one for i in range(6) for one in logical(f"{line} {10 + i}", 100 + 12 * i)]
    left = [Signs(one.x - 200, one.y, one.text) for i in range(6) for one in logical(f"{line} {20 + i}", 100 + 12 * i)]
    document = read_here(write_signs(tmp_path / "a.pdf", [*left, *right]).read_bytes(), "a.pdf")
    assert [word for word in document.text.split() if word.isdigit()] == [
        str(n) for n in (*range(10, 16), *range(20, 26))
    ]


def test_a_hebrew_word_in_an_english_line_is_turned_alone(tmp_path: Path) -> None:
    page = [
        Signs(50, 100, "They wrote"), *(Signs(105 + 5 * i, 100, sign) for i, sign in enumerate(reversed("שלום"))),
        Signs(132, 100, "on the door of the mill in 1802."),
    ]  # fmt: skip
    document = read_here(write_signs(tmp_path / "a.pdf", page).read_bytes(), "a.pdf")
    assert document.text == "They wrote שלום on the door of the mill in 1802."
