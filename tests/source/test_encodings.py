import random

import pytest

from source.errors import UnreadableFile
from source.text.encodings import decoded

GERMAN = (
    "Die Sowjetunion lieferte Panzer und Flugzeuge; später übte sie Einfluß auf die Führung aus. Für Öl zahlte Korea. "
)
FRENCH = "L’Union soviétique a livré des chars à la Corée du Nord ; l’armistice fut signé trois ans après. "
SPANISH = "La Unión Soviética entregó cañones y aviones a Corea del Norte; la guerra duró tres años y acabó sin paz. "
POLISH = "Związek Radziecki dostarczył Korei Północnej czołgi i samoloty. Żołnierze ćwiczyli pod okiem doradców. "
RUSSIAN = "Советский Союз поставил Северной Корее танки, самолёты и артиллерию. Сталин одобрил план весной. "
JAPANESE = "ソビエト連邦は北朝鮮に戦車と航空機を供給した。戦争は六月に始まり、三年後に休戦協定が結ばれた。"
CHINESE = "苏联向朝鲜提供了坦克和飞机。战争于一九五零年六月爆发,三年后双方签订了停战协定。"
TRADITIONAL = "蘇聯向北韓提供了坦克和飛機。戰爭於一九五零年六月爆發,三年後雙方簽訂了停戰協定。"
KOREAN = "소련은 북한에 전차와 항공기를 제공하였다. 전쟁은 유월에 시작되어 삼 년 뒤에 휴전 협정이 체결되었다. "
WRITTEN = [
    (GERMAN, "cp1252"), (GERMAN, "mac_roman"), (GERMAN, "utf-16"), (GERMAN, "utf-16-le"), (GERMAN, "utf-16-be"),
    (GERMAN, "utf-32"), (GERMAN, "utf-8-sig"), (FRENCH, "cp1252"), (FRENCH, "mac_roman"), (SPANISH, "cp1252"),
    (SPANISH, "mac_roman"), (POLISH, "cp1250"), (POLISH, "iso8859_2"), (RUSSIAN, "cp1251"), (RUSSIAN, "koi8_r"),
    (RUSSIAN, "iso8859_5"), (RUSSIAN, "cp866"), (RUSSIAN, "utf-16"), (JAPANESE, "shift_jis"), (JAPANESE, "euc_jp"),
    (CHINESE, "gb18030"), (TRADITIONAL, "big5"), (KOREAN, "euc_kr"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "encoding"), WRITTEN, ids=lambda value: value[:9])
@pytest.mark.parametrize("times", [4, 60])
def test_prose_in_an_old_encoding_is_read(text: str, encoding: str, times: int) -> None:
    whole = text * times
    assert decoded(whole.encode(encoding))[0] == whole


def test_a_long_file_is_decoded_to_its_end() -> None:
    whole = GERMAN * 3000
    text, encoding = decoded(whole.encode("cp1252"))
    assert (text, encoding) == (whole, "cp1252")
    assert decoded((GERMAN.replace("ä", "a").encode("ascii", "ignore") * 9000) + "Größe".encode("cp1252"))[0].endswith(
        "Größe"
    )


def test_newlines_stay_and_utf8_is_tried_first() -> None:
    assert decoded(b"a\r\nb\rc\n") == ("a\r\nb\rc\n", "utf-8")
    assert decoded("Größe".encode()) == ("Größe", "utf-8")


@pytest.mark.parametrize(
    "data",
    [random.Random(seed).randbytes(length) for seed, length in enumerate((50, 500, 5000))]
    + [b"\0" * 50, b"GIF89a\0\0\1", "wide".encode("utf-16") + b"\0", b"\xff\xfe\0\0abc"],
)  # fmt: skip
def test_what_is_no_text_is_refused(data: bytes) -> None:
    with pytest.raises(UnreadableFile, match=r"binary|neither UTF-8|to its end"):
        decoded(data)


STRAYS = {
    "one bad byte": ("The café owner paid forty in Malmö.\n" * 20).encode() + b"na\xefve\n",
    "a bad byte at the beginning": b"\x96 " + ("Größe und Führung, später. " * 3).encode(),
    "a cut end": "Советский Союз поставил танки".encode()[:-1],
    "a letter cut in two": "戦車と航空機。戦争は六月に始まり".encode().replace("空".encode(), "空".encode()[:2]),
    "few letters beyond ASCII": "The café in Malmö was ".encode() + b"na\xefve.",
    "a file joined to one of Windows": GERMAN.encode() + GERMAN.encode("cp1252"),
    "a file of Windows joined to one of UTF-8": FRENCH.encode("cp1252") + FRENCH.encode(),
}


@pytest.mark.parametrize("name", STRAYS)
def test_utf8_with_a_stray_byte_is_refused_with_its_place(name: str) -> None:
    data = STRAYS[name]
    with pytest.raises(UnicodeDecodeError) as caught:
        data.decode("utf-8")
    at = caught.value.start
    line = data[:at].count(b"\n") + 1
    with pytest.raises(UnreadableFile) as refused:
        decoded(data)
    assert str(refused.value) == (
        f"UTF-8 but for byte {at:,} (0x{data[at]:02X}, line {line:,}); put that letter right and save it as UTF-8"
    )


@pytest.mark.parametrize("text", ["« LE CAFÉ » de « L’ÉTÉ »", "Ein Maß für Öl.", "«VÉRITÉ»" * 9])
def test_text_of_windows_is_not_taken_for_damaged_utf8(text: str) -> None:
    assert decoded(text.encode("cp1252"))[0] == text
