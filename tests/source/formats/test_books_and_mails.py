"""E-books, mails, subtitles and MDX: what is text in them, what is not, and what is refused."""

import io
import zipfile

import pytest

from source.document import Document, Reason
from source.errors import UnreadableFile
from source.formats.readers import READERS, SAVE_AS, check_suffix, read_here
from source.library import read_library

FROST = "<h2>The Frost</h2><p>The well froze in December.</p>"
THAW = "<h2>The Thaw</h2><p>The ice went out in March.</p>"
FONT = "http://www.idpf.org/2008/embedding", "fonts/a.otf"


def book(
    *parts: tuple[str, str], locked: tuple[tuple[str, str], ...] = (), guide: str = "", linear: str = "yes"
) -> Document:
    """An EPUB of parts given as (name, body); `locked` are the files that are encrypted, and how."""
    items = "".join(
        f"<item id='i{i}' href='{name}' media-type='application/xhtml+xml'/>" for i, (name, _) in enumerate(parts)
    )
    spine = "".join(
        f"<itemref idref='i{i}' linear='{linear if i == len(parts) - 1 else 'yes'}'/>" for i in range(len(parts))
    )
    files = {
        "META-INF/container.xml": "<container><rootfiles><rootfile full-path='E/a.opf'/></rootfiles></container>",
        "E/a.opf": (
            "<package xmlns:dc='http://purl.org/dc/elements/1.1/'><metadata><dc:title>The Mill</dc:title></metadata>"
            f"<manifest>{items}</manifest><spine>{spine}</spine><guide>{guide}</guide></package>"
        ),
        **{
            f"E/{name}": f"<html xmlns:epub='http://www.idpf.org/2007/ops'><body>{body}</body></html>"
            for name, body in parts
        },
    }
    if locked:
        data = "".join(
            f"<e:EncryptedData><e:EncryptionMethod Algorithm='{how}'/><e:CipherData><e:CipherReference URI='E/{name}'/>"
            "</e:CipherData></e:EncryptedData>"
            for how, name in locked
        )
        files["META-INF/encryption.xml"] = (
            f"<encryption xmlns:e='http://www.w3.org/2001/04/xmlenc#'>{data}</encryption>"
        )
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return read_here(file.getvalue(), "a.epub")


def texts(document: Document) -> list[str]:
    return [document.text[p.start : p.end] for p in document.passages]


def furniture(document: Document) -> dict[str, Reason]:
    return {document.text[one.start : one.end]: one.reason for one in document.furniture}


def places(document: Document) -> list[str]:
    return [document.locator(p.start) for p in document.passages]


AES = "http://www.w3.org/2001/04/xmlenc#aes128-cbc"


@pytest.mark.parametrize(
    "locked",
    [
        (FONT,),
        (("http://ns.adobe.com/pdf/enc#RC", "fonts/a.otf"),),
        (FONT, ("http://ns.adobe.com/pdf/enc#RC", "fonts/b.otf")),
        ((AES, "audio/a.mp3"),),
        ((AES, "images/my%20cover.jpg"), FONT),
    ],
)
def test_a_book_whose_fonts_alone_are_obfuscated_is_read(locked: tuple[tuple[str, str], ...]) -> None:
    assert texts(book(("1.xhtml", FROST), locked=locked)) == ["The well froze in December."]


@pytest.mark.parametrize("locked", [((AES, "1.xhtml"),), ((AES, "./1.xhtml"), FONT), ((AES, "a.opf"),)])
def test_a_locked_book_is_refused(locked: tuple[tuple[str, str], ...]) -> None:
    with pytest.raises(UnreadableFile, match="protected against copying"):
        book(("1.xhtml", FROST), locked=locked)


LONG = "<p>This electronic edition was made by volunteers with great care and may be given away to anybody.</p>" * 6


@pytest.mark.parametrize(
    ("name", "body", "reason"),
    [
        ("imprint.xhtml", f"<h2>Imprint</h2>{LONG}", Reason.METADATA),
        ("front.xhtml", f"<section epub:type='imprint'><h2>Of this book</h2>{LONG}</section>", Reason.METADATA),
        ("x.xhtml", f"<section epub:type='frontmatter'><div epub:type='colophon'>{LONG}</div></section>",
         Reason.METADATA),
        ("y.xhtml", f"<section epub:type='copyright-page'><h2>Uncopyright</h2>{LONG}</section>", Reason.LICENCE),
        ("titlepage.xhtml", "<p>The Mill Book</p>", Reason.METADATA),
        ("contents.xhtml", "<nav epub:type='toc'><ol><li><a href='1.xhtml'>The Frost</a></ol></nav>", Reason.CONTENTS),
        ("toc.xhtml", "<h1>Contents</h1><p>The Frost</p>", Reason.CONTENTS),
    ],
)  # fmt: skip
@pytest.mark.parametrize("first", [True, False])
def test_parts_about_a_book_are_furniture_and_count_as_no_chapter(
    name: str, body: str, reason: Reason, first: bool
) -> None:
    parts = [("1.xhtml", FROST), ("2.xhtml", THAW)]
    parts.insert(0 if first else 2, (name, body))
    document = book(*parts)
    assert texts(document) == ["The well froze in December.", "The ice went out in March."]
    assert places(document) == ["chapter 1: The Frost", "chapter 2: The Thaw"]
    assert list(furniture(document).values()) == [reason]


@pytest.mark.parametrize(
    ("name", "body", "place"),
    [
        ("preface.xhtml", "<section epub:type='preface'><h2>Preface</h2><p>It is cold.</p></section>", "Preface"),
        ("p.xhtml", "<section epub:type='dedication'><p>For Anna, who was cold.</p></section>", ""),
        ("d.xhtml", "<p>For Anna, who was cold.</p>", ""),
        ("d.xhtml", "<div><p><i>The frost bites,</i></p><p>and then it thaws.</p></div>", ""),
        ("copyright-wars.xhtml", f"<h2>The copyright wars</h2>{LONG}", "chapter 1: The copyright wars"),
        ("a.xhtml", "<section epub:type='chapter'><h3>Ice</h3><p>It is cold.</p></section>", "chapter 1: Ice"),
    ],
)
def test_parts_of_a_book_are_text_whether_chapters_or_not(name: str, body: str, place: str) -> None:
    document = book((name, body), ("1.xhtml", FROST))
    assert places(document)[0] == place
    assert places(document)[-1] == f"chapter {1 + place.startswith('chapter')}: The Frost"
    assert furniture(document) == {}


def test_short_parts_of_a_book_without_headings_are_chapters() -> None:
    assert places(book(("1.xhtml", "<p>It froze.</p>"), ("2.xhtml", "<p>It thawed.</p>"))) == ["chapter 1", "chapter 2"]


def test_a_book_that_calls_all_of_itself_a_contents_page_is_read() -> None:
    document = book(("1.xhtml", "<p>It is cold here.</p>"), guide="<reference type='toc' href='1.xhtml'/>")
    assert texts(document) == ["It is cold here."]


def test_a_part_beside_the_main_line_is_read_last() -> None:
    document = book(("1.xhtml", FROST), ("2.xhtml", "<h2>Answers</h2><p>It was ice.</p>"), linear="no")
    assert places(document) == ["chapter 1: The Frost", "Answers"]


HEAD = b"From: Ole Berg <ole@example.org>\nTo: anna@example.org\nSubject: =?utf-8?q?The_mill_at_=C3=85s?=\n"
DATE = b"Date: Tue, 04 May 2021 10:00:00 +0200\nMIME-Version: 1.0\n"
PLAIN = HEAD + DATE + b"Content-Type: text/plain; charset=utf-8\n\n"
OWN = ["The mill was built in 1802.", "It burned in 1844."]


def mail(data: bytes) -> Document:
    return read_here(data, "a.eml")


QUOTED = {
    "in one line": "On 3 May 2021 Anna wrote:\n> When was it built?\n> I do not know.",
    "in two lines": "On Mon, 3 May 2021 at 09:00, Anna Lund <anna@example.org>\nwrote:\n\n> When was it built?",
    "without introduction": "> When was it built?\n>> I do not know.",
    "in German": "Am 03.05.2021 um 09:00 schrieb Anna:\n> When was it built?\n>\n> I do not know.",
    "deeply": "Anna <a@b.c> wrote on 3 May:\n>>> When?\n>> Then.\n> When was it built?",
}


@pytest.mark.parametrize("name", QUOTED)
def test_what_a_mail_quotes_is_furniture(name: str) -> None:
    document = mail(PLAIN + f"{OWN[0]}\n\n{QUOTED[name]}\n\n{OWN[1]}\n".encode())
    assert texts(document) == OWN
    assert (document.title, document.author, document.date) == ("The mill at Ås", "Ole Berg", "2021-05-04")
    assert list(furniture(document).values()) == [Reason.METADATA, Reason.REPLY]
    assert furniture(document)[QUOTED[name]] is Reason.REPLY


@pytest.mark.parametrize(
    ("end", "reason"),
    [
        ("-- \nOle Berg\nMill Road 3", Reason.METADATA),
        ("-----Original Message-----\nFrom: Anna\n\nWhen was it built?", Reason.REPLY),
        ("________________________________\nFrom: Anna\nSent: Monday\n\nWhen was it built?", Reason.REPLY),
    ],
)
def test_what_stands_below_a_mail_is_furniture(end: str, reason: Reason) -> None:
    document = mail(PLAIN + "\n\n".join([*OWN, end]).encode())
    assert texts(document) == OWN
    assert furniture(document)[end] is reason


FORWARDED = (
    "---------- Forwarded message ---------\nFrom: Anna Low <a@b.c>\nDate: Mon, 4 Mar 2019\nTo: Ole",
    "Begin forwarded message:\n\nFrom: Anna Low <a@b.c>\nSubject: The mill",
    "-------- Forwarded Message --------\nSubject: \tThe mill\nFrom: \tAnna",
)


@pytest.mark.parametrize("head", FORWARDED)
def test_what_a_mail_sends_on_is_read(head: str) -> None:
    sent = ["The gate is of oak and weighs two tons.", "It was hung in May."]
    below = "-----Original Message-----\nFrom: Ole\nSent: Monday\n\nHow heavy is it?"
    document = mail(PLAIN + "\n\n".join([*OWN, head, *sent, below]).encode())
    assert texts(document) == [*OWN, *sent]
    assert furniture(document)[head] is Reason.METADATA
    assert furniture(document)[below] is Reason.REPLY


def test_a_signature_in_html_is_furniture() -> None:
    body = f"<div>{OWN[0]}</div><div>{OWN[1]}</div><div class='gmail_signature'>Ole Berg<br>Mill Road 3</div>"
    document = mail(HEAD + DATE + f"Content-Type: text/html; charset=utf-8\n\n{body}".encode())
    assert texts(document) == OWN
    assert furniture(document)["Ole Berg Mill Road 3"] is Reason.METADATA


def test_a_mail_in_html_is_read_without_what_it_quotes() -> None:
    body = (
        f"<p>{OWN[0]}</p><blockquote type='cite'><p>When was it built?</p></blockquote><p>{OWN[1]}</p>"
        "<div class='gmail_quote'>On 2 May Anna wrote: Hm.</div>"
    )
    document = mail(HEAD + DATE + f"Content-Type: text/html; charset=utf-8\n\n{body}".encode())
    assert texts(document) == OWN
    assert furniture(document)["When was it built?"] is Reason.REPLY
    assert furniture(document)["On 2 May Anna wrote: Hm."] is Reason.REPLY


def test_attachments_are_named() -> None:
    data = HEAD + DATE + (
        b"Content-Type: multipart/mixed; boundary=x\n\n--x\nContent-Type: text/plain; charset=iso-8859-1\n"
        b"Content-Transfer-Encoding: quoted-printable\n\nThe mill at =C5s was built in 1802.\n--x\n"
        b"Content-Type: application/pdf\nContent-Disposition: attachment; filename=plan.pdf\n\nJVBERi0=\n--x--\n"
    )  # fmt: skip
    document = mail(data)
    assert texts(document) == ["The mill at Ås was built in 1802."]
    assert document.unread == ("attachment plan.pdf: save it as a file",)


def test_of_very_many_attachments_some_are_named() -> None:
    part = b"--x\nContent-Type: application/pdf\nContent-Disposition: attachment; filename=%d.pdf\n\nx\n"
    head = HEAD + DATE + b"Content-Type: multipart/mixed; boundary=x\n\n--x\nContent-Type: text/plain\n\nThe mill.\n"
    for count in (100, 101, 5_000):
        unread = mail(head + b"".join(part % number for number in range(count)) + b"--x--\n").unread
        assert unread[:100] == tuple(f"attachment {number}.pdf: save it as a file" for number in range(100))
        assert unread[100:] == (() if count == 100 else ("more than 100 attachments: save them as files",))


@pytest.mark.parametrize(
    ("data", "reason"), [(b"just words", "no mail"), (HEAD + b"Content-Type: image/png\n\nx", "a mail without text")]
)
def test_what_is_no_mail_is_refused(data: bytes, reason: str) -> None:
    with pytest.raises(UnreadableFile, match=reason):
        mail(data)


SRT = (
    "1\n00:00:01,000 --> 00:00:03,500\n<i>The mill on the lower river</i>\n\n2\n00:00:03,600 --> 00:00:05,000\n"
    "was built in 1802\nby two brothers.\n\n3\n00:01:12,000 --> 00:01:14,000\nIt burned in 1844.\n"
)
VTT = (
    "WEBVTT\n\nNOTE by hand\n\nSTYLE\n::cue {}\n\nintro\n00:01.000 --> 00:03.500 align:start\n"
    "The <c.x>mill</c> on the lower river\n\n00:03.600 --> 00:05.000\nwas built in 1802\n\n00:04.600 --> 00:07.000\n"
    "was built in 1802\nby two brothers.\n\n01:12.000 --> 01:14.000\nIt burned in 1844.\n"
)
MILL = ["The mill on the lower river was built in 1802 by two brothers.", "It burned in 1844."]


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (SRT, "a.srt"), (SRT.replace("\n", "\r\n"), "a.srt"), ("\ufeff" + SRT, "a.srt"), (VTT, "a.vtt"),
        (SRT.replace("1\n00", "{\\an8}\n00", 1).replace("<i>", "{\\an8}").replace("</i>", ""), "a.srt"),
    ],
)  # fmt: skip
def test_cues_are_joined_and_their_times_are_places(data: str, name: str) -> None:
    document = read_here(data.encode(), name)
    assert texts(document) == MILL
    assert places(document) == ["0:01", "1:12"]
    times = [text for text, reason in furniture(document).items() if reason is Reason.TIME]
    assert sum("-->" in line for text in times for line in text.splitlines()) == data.count("-->")


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (("- When did it burn?", "- In 1844."), ["- When did it burn?", "- In 1844."]),
        (("ANNA: When did it burn?", "OLE: In 1844."), ["ANNA: When did it burn?", "OLE: In 1844."]),
        (("<v Anna>When did it burn?", "<v Ole Berg>In 1844."), ["Anna: When did it burn?", "Ole Berg: In 1844."]),
        ((">> When did it burn?", ">> In 1844."), [">> When did it burn?", ">> In 1844."]),
        (("A mill &amp; a weir", "burned."), ["A mill & a weir burned."]),
    ],
)
def test_each_speaker_has_a_paragraph(lines: tuple[str, ...], expected: list[str]) -> None:
    cues = "\n\n".join(f"00:0{i}.000 --> 00:0{i}.900\n{line}" for i, line in enumerate(lines))
    found = texts(read_here(f"WEBVTT\n\n{cues}\n".encode(), "a.vtt"))
    assert "\n\n".join(found).split("\n\n") == expected


def test_code_in_mdx_is_furniture() -> None:
    source = (
        'import X from "./x"\n\nexport const a = 1\n\n# The mill\n\nIt burned.\n\n{/* why? */}\n\nImport duties rose.\n'
    )
    document = read_here(source.encode(), "a.mdx")
    assert document.text == source
    assert texts(document) == ["It burned.", "Import duties rose."]
    assert [p.number for p in document.passages] == [1, 2]
    assert set(furniture(document).values()) == {Reason.MARKUP}
    assert texts(read_here(b"Title\n\nIt burned in 1844.", "a.text")) == ["It burned in 1844."]


@pytest.mark.parametrize("suffix", SAVE_AS)
def test_what_cannot_be_read_says_what_to_save_it_as(suffix: str) -> None:
    with pytest.raises(UnreadableFile, match=r"^an? .*; .*\.(docx|pdf|txt|html|epub)|^scanned pages; .*\.pdf|^a link"):
        check_suffix(f"essay{suffix.upper()}")
    assert suffix not in READERS


def test_the_lock_files_of_word_are_passed_over_in_silence(tmp_path) -> None:
    (tmp_path / "~$essay.docx").write_bytes(b"\x03Ole")
    (tmp_path / "essay.txt").write_text("It burned in 1844.", encoding="utf-8")
    with zipfile.ZipFile(tmp_path / "more.zip", "w") as archive:
        archive.writestr("in/~$other.docx", b"\x03Ole")
        archive.writestr("in/other.txt", "It burned in 1844.")
    assert [one.name for one in read_library(tmp_path)] == ["essay.txt", "more.zip/in/other.txt"]


@pytest.mark.parametrize(("end", "longest"), [("", 700), (".", 1100), (", Mr.", 3100)])
def test_subtitles_without_full_stops_are_parted_all_the_same(end: str, longest: int) -> None:
    first = "it began" if not end else "It began. It went on"
    said = [
        first,
        *(f"and the delta is sinking by {i} millimetres a year{end if i % 9 == 0 else ''}" for i in range(99)),
    ]
    cues = (
        f"0:{i // 30:02}:{i % 30 * 2:02},000 --> 0:{i // 30:02}:{i % 30 * 2 + 2:02},000\n{words}\n"
        for i, words in enumerate(said)
    )
    document = read_here("\n".join(cues).encode(), "a.srt")
    assert len(document.passages) > 1
    assert max(p.end - p.start for p in document.passages) <= longest
    assert " ".join(texts(document)) == " ".join(said)


def test_a_book_whose_program_named_nothing() -> None:
    document = book(
        ("split_000.html", "<p>THE MILL</p><p>Copyright © 2001 by A. Pell. All rights reserved.</p><p>ISBN 0-12-3</p>"),
        ("split_001.html", "<p><b>Contents</b></p><p><a href='#a'>Chapter 1</a></p><p><a href='#b'>Chapter 2</a></p>"),
        ("split_002.html", "<p>CHAPTER 1</p><p>The well froze in December.</p><p>* * *</p><p>It was cold.</p>"),
        ("split_003.html", "<h2>2. The Thaw</h2><p>The ice went out in March.</p>"),
    )
    assert texts(document) == ["The well froze in December.", "It was cold.", "The ice went out in March."]
    assert [p.headings for p in document.passages] == [("CHAPTER 1",), ("CHAPTER 1",), ("2. The Thaw",)]
    assert set(furniture(document).values()) == {Reason.LICENCE, Reason.CONTENTS, Reason.RULE}


def test_the_number_of_a_note_may_end_with_a_full_stop() -> None:
    mark, note = "<a href='b.html#n1'>1</a>", "<p id='n1'><a href='a.html#fn1'>1</a>. Holm says January.</p>"
    document = book(("b.html", f"<p>It froze in December.<sup>{mark}</sup> It thawed.</p>{note}"))
    assert texts(document) == ["It froze in December.[1] It thawed.", "1. Holm says January."]
