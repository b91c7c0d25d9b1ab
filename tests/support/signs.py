"""PDFs whose every sign stands where a test wants it, in any script: each is half as wide as its type is high."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

HEIGHT = 842
_MATRIX = {0: "1 0 0 1", 90: "0 1 -1 0", 180: "-1 0 0 -1", 270: "0 -1 1 0"}


@dataclass(frozen=True)
class Signs:
    """Text whose first sign begins at `x` on the line `y` points below the page's upper edge."""

    x: float
    y: float
    text: str
    size: float = 10
    bold: bool = False
    turned: int = 0  # degrees


def paragraph(
    x: float, y: float, lines: Sequence[str], *, step: float = 12, size: float = 10, bold: bool = False
) -> list[Signs]:
    """Lines one below the other."""
    return [Signs(x, y + i * step, line, size, bold) for i, line in enumerate(lines)]


def write_signs(path: Path, *pages: Sequence[Signs]) -> Path:
    """A PDF of these pages at `path`."""
    path.write_bytes(printed_signs(*pages))
    return path


def printed_signs(*pages: Sequence[Signs]) -> bytes:
    """A PDF of these pages, its signs in the order given."""
    letters = sorted({sign for page in pages for one in page for sign in one.text})
    codes = {sign: code for code, sign in enumerate(letters, 33)}
    assert len(codes) < 220
    mapping = "\n".join(f"<{code:02x}> <{sign.encode('utf-16-be').hex()}>" for sign, code in codes.items())
    cmap = (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /X def /CMapType 2 def\n"
        f"1 begincodespacerange <00> <ff> endcodespacerange {len(codes)} beginbfchar\n{mapping}\nendbfchar\n"
        "endcmap end end"
    )
    widths = " ".join(["500"] * 223)
    fonts = [
        f"<</Type/Font/Subtype/Type1/BaseFont/{name}/FirstChar 33/LastChar 255/Widths[{widths}]/ToUnicode 5 0 R>>"
        for name in ("Helvetica", "Helvetica-Bold")
    ]
    kids = " ".join(f"{6 + 2 * i} 0 R" for i in range(len(pages)))
    objects = [
        "<</Type/Catalog/Pages 2 0 R>>",
        f"<</Type/Pages/Kids[{kids}]/Count {len(pages)}>>",
        *fonts,
        _stream(cmap),
    ]
    for i, page in enumerate(pages):
        objects.append(
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 {HEIGHT}]/Contents {7 + 2 * i} 0 R"
            "/Resources<</Font<</F0 3 0 R/F1 4 0 R>>>>>>"
        )
        objects.append(_stream("\n".join(_shown(one, codes) for one in page)))
    data, offsets = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        offsets.append(len(data))
        data += f"{number} 0 obj{content}endobj\n".encode("ascii")
    table = "".join(f"{offset:010} 00000 n \n" for offset in offsets)
    size = len(objects) + 1
    end = (
        f"xref\n0 {size}\n0000000000 65535 f \n{table}trailer<</Root 1 0 R/Size {size}>>\nstartxref\n{len(data)}\n%%EOF"
    )
    return data + end.encode("ascii")


def _stream(content: str) -> str:
    return f"<</Length {len(content)}>>stream\n{content}\nendstream "


def _shown(one: Signs, codes: dict[str, int]) -> str:
    text = "".join(f"{codes[sign]:02x}" for sign in one.text)
    return f"BT /F{int(one.bold)} {one.size} Tf {_MATRIX[one.turned]} {one.x} {HEIGHT - one.y} Tm <{text}> Tj ET"
