"""The words of RTF, and what is known while it is read."""

from __future__ import annotations

import re
from dataclasses import dataclass

TOKEN = re.compile(
    rb"\\(?P<word>[A-Za-z]{1,32})(?P<number>-?[0-9]{1,10})? ?|\\'(?P<hex>[0-9A-Fa-f]{2})|\\(?P<symbol>[^A-Za-z])"
    rb"|(?P<brace>[{}])|(?P<text>[^\\{}\r\n\0]+)|[\r\n\0]+|\\",
    re.DOTALL,
)
SIGNS = {
    "tab": "\t", "line": "\n", "lbr": "\n", "emdash": "—", "endash": "–", "lquote": "‘", "rquote": "’",
    "ldblquote": "“", "rdblquote": "”", "bullet": "•", "emspace": "\u2003", "enspace": "\u2002", "qmspace": "\u2005",
    "zwj": "\u200d", "zwnj": "\u200c", "ltrmark": "\u200e", "rtlmark": "\u200f", "page": " ", "column": " ",
    "softline": " ", "softpage": " ", "chdate": "", "chtime": "",
}  # fmt: skip
SYMBOLS = {b"~": "\u00a0", b"_": "\u2011", b"-": "\u00ad", b"\t": "\t", b"\\": "\\", b"{": "{", b"}": "}"}
# Destinations whose text is not the document's. Those marked by \* are passed over unless known.
PASSED_OVER = frozenset(
    "colortbl pict objdata "
    "listtable listoverridetable revtbl rsidtbl generator themedata colorschememapping xmlnstbl fldinst bkmkstart "
    "bkmkend atnid atnauthor atntime atnref atndate atnparent atnicn xe tc tcn rxe txe filetbl latentstyles "
    "datastore nonshppict template operator company category keywords comment doccomm private buptim creatim revtim "
    "printim ftnsep ftnsepc ftncn aftnsep aftnsepc aftncn falt panose fontemb picprop sp mmathPr wgrffmtfilter "
    "upr sp do".split()
)
KNOWN_STARRED = frozenset({"shpinst"})
TARGETS = {
    "fonttbl": "font", "stylesheet": "style", "info": "info", "pntext": "marker", "listtext": "marker",
    "footnote": "note", "ud": "text", "shptxt": "text", "annotation": "comment",
    **dict.fromkeys("header headerl headerr headerf footer footerl footerr footerf".split(), "page"),
}  # fmt: skip
# Code pages of fonts by their character set.
CHARSETS = {
    0: "cp1252", 77: "mac_roman", 78: "cp932", 128: "cp932", 129: "cp949", 130: "johab", 134: "gbk",
    136: "big5", 161: "cp1253", 162: "cp1254", 163: "cp1258", 177: "cp1255", 178: "cp1256", 186: "cp1257",
    204: "cp1251", 222: "cp874", 238: "cp1250", 255: "cp437",
}  # fmt: skip
DEEPEST = 20_000


@dataclass(slots=True)
class State:
    """What a group inherits and its end restores.

    `target` says whose text it is: the document's ("text"), a "note"'s, an item's "marker", a header's
    or footer's ("page"), a "comment"'s, the "font" table's, a "style"'s, the "info", "title", "author",
    or nobody's ("").
    """

    target: str = "text"
    encoding: str = "cp1252"
    after_unicode: int = 1
    hidden: bool = False
    bold: bool = False
    raised: bool = False
    starred: bool = False
