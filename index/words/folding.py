"""Text as search sees it: signs that mean the same are one sign, and no offset moves."""

from __future__ import annotations

import unicodedata

_SAME = {
    **dict.fromkeys("‘’‚‛′ʼ＇", "'"),
    **dict.fromkeys("“”„‟″«»＂", '"'),
    **dict.fromkeys("‐‑‒–—―−", "-"),
    **dict.fromkeys("\u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000", " "),
    "\0": " ",
}


class _Folds(dict[int, str]):
    """A table for `str.translate` that learns each character when it first meets it."""

    def __missing__(self, code: int) -> str:
        sign = chr(code)
        if sign in _SAME:
            folded = _SAME[sign]
        elif 0xD800 <= code <= 0xDFFF:
            folded = "\ufffd"
        else:
            wide = unicodedata.normalize("NFKC", sign)
            folded = wide if len(wide) == 1 else sign
        self[code] = folded
        return folded


_FOLDS = _Folds()


def fold(text: str) -> str:
    """`text` with quotation marks, dashes, spaces and full-width forms made plain.

    The result has the same length: character i of the result stands for character i of `text`.
    Capitals are kept; lone surrogates become U+FFFD.
    """
    return text.translate(_FOLDS)
