"""Files made to do harm, by accident or on purpose: each is given up with its reason, or read harmlessly."""

import io
import random
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from corpus import FORMATS
from small_encoder import SmallEncoder

from index.local.build import build
from source.document import Document
from source.formats.readers import PLAIN, READERS
from source.library import ESSAYS, Skipped, read_library
from source.reading import read

ESSAY = read(ESSAYS / "soviet-union-korean-war.txt", "essay.txt")
EXTRACTED = [suffix for suffix in FORMATS if suffix not in PLAIN]
PACKED = [".docx", ".odt", ".epub"]
LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY {chr(98 + i)} "' + f"&{chr(97 + i)};" * 10 + '">' for i in range(12))
    + "]><body>&m;</body>"
).encode()
OUTSIDE = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><body>&e;</body>'
HALVES_MAIL = "Subject: One\nFrom: a@b.c\nContent-Type: text/plain; charset=utf-7\n\nHalf a letter +2AA- is here.\n"
MAIN = {".docx": "word/document.xml", ".odt": "content.xml", ".epub": "META-INF/container.xml"}


def packed(path: Path, members: dict[str, bytes]) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)


def truncated(path: Path) -> None:
    FORMATS[path.suffix](ESSAY, path)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def flipped(path: Path) -> None:
    FORMATS[path.suffix](ESSAY, path)
    data = bytearray(path.read_bytes())
    chance = random.Random(path.suffix)
    for _ in range(40):
        data[chance.randrange(len(data))] ^= 0xFF
    path.write_bytes(data)


def member(path: Path, data: bytes) -> None:
    packed(path, {MAIN[path.suffix]: data})


def locked(path: Path) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(MAIN[path.suffix], b"<x/>")
    data = bytearray(buffer.getvalue())
    for mark in (b"PK\x03\x04", b"PK\x01\x02"):  # say that the member is encrypted
        at = data.find(mark)
        data[at + (6 if mark == b"PK\x03\x04" else 8)] |= 1
    path.write_bytes(data)


HARM: dict[str, Callable[[Path], object]] = {
    **{f"empty{suffix}": Path.touch for suffix in READERS},
    **{f"folder{suffix}": Path.mkdir for suffix in READERS},
    **{f"noise{suffix}": lambda path: path.write_bytes(random.Random(3).randbytes(20_000)) for suffix in READERS},
    **{f"truncated{suffix}": truncated for suffix in EXTRACTED},
    **{f"flipped{suffix}": flipped for suffix in EXTRACTED},
    **{f"other{suffix}": lambda path: path.write_bytes(b"%PDF-1.7 or PK or {\\rtf1, who knows") for suffix in PACKED},
    **{f"laughs{suffix}": lambda path: member(path, LAUGHS) for suffix in PACKED},
    **{f"outside{suffix}": lambda path: member(path, OUTSIDE) for suffix in PACKED},
    **{f"bomb{suffix}": lambda path: member(path, b"<x>" + b" " * 200_000_000) for suffix in PACKED},
    **{f"deep{suffix}": lambda path: member(path, b"<a>" * 100_000) for suffix in PACKED},
    **{f"locked{suffix}": locked for suffix in PACKED},
    **{f"hollow{suffix}": lambda path: packed(path, {"mimetype": b"x"}) for suffix in PACKED},
    "deep.html": lambda path: path.write_bytes(b"<div>" * 200_000 + b"text"),
    "deep.rtf": lambda path: path.write_bytes(b"{\\rtf1 " + b"{" * 200_000 + b"text"),
    "attribute.html": lambda path: path.write_bytes(b"<p title='" + b"x" * 20_000_000 + b"'>text"),
    "old.docx": lambda path: path.write_bytes(bytes.fromhex("d0cf11e0a1b11ae1") + bytes(5000)),
    "surrogates.rtf": lambda path: path.write_bytes(b"{\\rtf1 \\u-10240? lonely \\u-9216? ones}"),
    "halves.md": lambda path: path.write_text('---\ntitle: "\\uD800"\nauthor: "\\uDC00"\n---\n\nText is here.\n'),
    "halves.eml": lambda path: path.write_text(HALVES_MAIL),
    "line.txt": lambda path: path.write_bytes(b"word " * 400_000),
}
# These may be read, as far as they can be.
READABLE = tuple("flipped truncated.html truncated.rtf deep attribute surrogates halves line noise.rtf".split())


def test_the_list_is_long() -> None:
    assert len(HARM) >= 40


@pytest.mark.parametrize("name", HARM)
def test_a_hostile_file_is_given_up_with_its_reason(name: str, tmp_path: Path) -> None:
    HARM[name](tmp_path / name)
    started = time.monotonic()
    found = list(read_library(tmp_path))
    assert time.monotonic() - started < 60  # not a matter of speed: it does not hang
    if name.startswith("folder"):
        assert found == []
        return
    (one,) = found
    if isinstance(one, Document):
        assert name.startswith(READABLE), one.text[:200]
        assert "root:" not in one.text
    else:
        assert isinstance(one, Skipped)
        assert one.reason.strip()
        assert "\n" not in one.reason
        assert "Traceback" not in one.reason


def test_hostile_files_do_not_stop_the_others(tmp_path: Path) -> None:
    skipped = ("noise.docx", "laughs.odt", "bomb.epub", "truncated.pdf", "empty.html")
    (tmp_path / "essays").mkdir()
    for name in (*skipped, "halves.md", "halves.eml"):
        HARM[name](tmp_path / "essays" / name)
    (tmp_path / "essays" / "good.txt").write_text("A good text is here.")
    snapshot, report = build(tmp_path / "essays", tmp_path / "index", encoder=SmallEncoder())
    assert [entry.name for entry in snapshot.entries] == ["good.txt", "halves.eml", "halves.md"]
    assert len(report.skipped) == len(skipped)
