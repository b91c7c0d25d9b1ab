"""Bytes → text: UTF-8, UTF-16, UTF-32, or the one of the old encodings in which the text makes sense.

Nothing is replaced: what cannot be decoded to its last byte is refused, and UTF-8 with a stray byte is not
taken for something else.
"""

from __future__ import annotations

import codecs
import hashlib
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator

from charset_normalizer import from_bytes

from source.errors import UnreadableFile
from source.files import Content
from source.text.growing import GrowingText

# Byte order marks, the longer before those they begin with.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# What essays were written in before UTF-8; of two that fit alike the more frequent is taken.
_OLD = (
    "cp1252", "cp1251", "koi8_r", "cp1250", "iso8859_2", "cp866", "iso8859_5", "mac_roman", "cp932", "euc_jp",
    "gb18030", "big5", "cp949", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "cp1258", "tis_620",
)  # fmt: skip
_SAMPLE = 65536  # bytes from which an old encoding is told
_MESS = 0.2  # more of it than this is no text, as charset-normalizer counts
# In a wrong encoding words hold signs or capitals where letters should be: "fŠhrt", "Zwi¹zek".
_WITHIN = re.compile(r"(?<=[^\W\d_A-Z])(?:[^\x00-\x7f\w’‘“”–—…\xad\xa0]|(?=[^\x00-\x7f])[^\W\d_a-z])(?=[^\W\d_A-Z])")
# UTF-8 with stray bytes has at least so many right letters beyond ASCII, and so many times the strays.
_FEWEST_RIGHT, _SURELY = 2, 2
_STRAY = re.compile("[\udc80-\udcff]+")
_MOJIBAKE = re.compile(rb"\xc3[\x80-\xbf]|\xc2[\xa0-\xbf]|\xe2\x80[\x90-\xbf]")
_FIRST_EAST_ASIAN = "\u2e80"
_MOST_BROKEN = 1 / 200  # words


def decoded(data: bytes) -> tuple[str, str]:
    """The text in `data`, without its byte order mark, newlines as they are; and its encoding.

    Raises UnreadableFile if `data` is not text in any known encoding.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _strict(data, encoding), encoding.removesuffix("-sig")
    if b"\0" in data:
        encoding = _wide(data)
        return _strict(data, encoding), encoding
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError as error:
        if _is_damaged(data):
            line = data.count(b"\n", 0, error.start) + 1
            raise UnreadableFile(
                f"UTF-8 but for byte {error.start:,} (0x{data[error.start]:02X}, line {line:,}); "
                "put that letter right and save it as UTF-8"
            ) from error
        found = _old(data)
        if found is None:
            raise UnreadableFile(
                f"neither UTF-8 (byte {error.start}) nor text in a known old encoding; save it as UTF-8"
            ) from error
        return found


def text_in(content: Content) -> tuple[str, str, str]:
    """The text of a file and its encoding, as `decoded` gives them, and the SHA-256 of the file.

    Of a file in UTF-8 nothing is held but the text.
    """
    digest = hashlib.sha256()
    text = _utf8(_heard(content.pieces(), digest.update))
    if text is not None:
        return text, "utf-8", digest.hexdigest()
    data = content.whole()
    return *decoded(data), hashlib.sha256(data).hexdigest()


def _heard(data: Iterable[bytes], hears: Callable[[bytes], object]) -> Iterator[bytes]:
    """The pieces of `data`, of each of which `hears` is told."""
    for piece in data:
        hears(piece)
        yield piece


def _utf8(data: Iterable[bytes]) -> str | None:
    """The text in the pieces of `data`; None if it is none in UTF-8."""
    decoder = codecs.getincrementaldecoder("utf-8-sig")()
    text = GrowingText()
    try:
        for piece in data:
            if b"\0" in piece:
                return None
            text.add(decoder.decode(piece))
        text.add(decoder.decode(b"", final=True))
    except UnicodeDecodeError:
        return None
    return text.whole()


def _is_damaged(data: bytes) -> bool:
    """Whether `data` is UTF-8 with some bytes that are not: no text in an old encoding looks like that."""
    right = strays = 0
    decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
    for at in range(0, len(data), _SAMPLE):
        piece = decoder.decode(data[at : at + _SAMPLE], final=at + _SAMPLE >= len(data))
        others = len(piece) - len(piece.encode("ascii", "ignore"))
        wrong = sum(map(len, _STRAY.findall(piece)))
        right, strays = right + others - wrong, strays + wrong
    if right >= max(_FEWEST_RIGHT, _SURELY * strays):
        return True
    # Two files joined, one of each kind: read in an old encoding, letters of UTF-8 become such pairs.
    pairs = sum(1 for _ in _MOJIBAKE.finditer(data))
    return right >= max(_FEWEST_RIGHT, strays / _SURELY) and pairs >= right / 2


def _strict(data: bytes, encoding: str) -> str:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise UnreadableFile(f"not {encoding.upper()} to its end (byte {error.start}); save it as UTF-8") from error
    if "\0" in text:
        raise UnreadableFile("binary (it holds NUL signs)")
    return text


def _wide(data: bytes) -> str:
    """UTF-16 without a mark, if every second byte of Latin text is 0. Raises UnreadableFile for other NUL bytes."""
    low, high = data[:_SAMPLE:2].count(0), data[1:_SAMPLE:2].count(0)
    half = min(len(data), _SAMPLE) / 2
    if len(data) % 2 == 0 and max(low, high) > 0.3 * half and min(low, high) < 0.05 * half:
        return "utf-16-le" if high > low else "utf-16-be"
    raise UnreadableFile("binary (it holds NUL bytes)")


def _old(data: bytes) -> tuple[str, str] | None:
    """The text and its old encoding, or None if in none it makes sense to its end."""
    sample = data[:_SAMPLE]
    if len(data) > _SAMPLE:  # not to end inside a letter of several bytes
        sample = sample[: max(sample.rfind(b"\n"), sample.rfind(b" ")) + 1] or sample
    for encoding in _candidates(sample):
        try:
            return data.decode(encoding), encoding
        except UnicodeDecodeError:
            continue
    return None


def _candidates(sample: bytes) -> Iterator[str]:
    """The old encodings in which `sample` makes sense, the likeliest first."""
    found = list(from_bytes(sample, cp_isolation=list(_OLD), threshold=_MESS))
    least = min((match.chaos for match in found), default=0.0)
    ranked = []
    for match in found:
        for name in {match.encoding, *match.could_be_from_charset} & set(_OLD):
            text = sample.decode(name, "ignore")
            broken = sum(map(_is_broken, _WITHIN.findall(text)))
            if broken <= _MOST_BROKEN * len(text.split()) + 1:
                # Coherence is how well the letters' frequencies are those of a language.
                ranked.append((broken, match.chaos > least + 0.02, -round(match.coherence * 8), _OLD.index(name), name))
    yield from (name for *_, name in sorted(ranked))


def _is_broken(sign: str) -> bool:
    return sign < _FIRST_EAST_ASIAN and unicodedata.category(sign) not in ("Ll", "Lo", "Mn", "Mc")
