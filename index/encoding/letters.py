"""Signs that a model does not know, read as the letters they stand for."""

from __future__ import annotations

import unicodedata

from tokenizers import Tokenizer
from tokenizers.normalizers import Replace, Sequence

# Ligatures, and the soft hyphen, which stands for nothing where no line ends.
_LETTERS = {sign: unicodedata.normalize("NFKC", sign) for sign in "ﬀﬁﬂﬃﬄﬅﬆ"} | {"\u00ad": ""}


def read_letters(tokenizer: Tokenizer) -> None:
    """Let `tokenizer` read such signs as their letters; it keeps account of what came from where: no offset moves."""
    before = [Replace(sign, letters) for sign, letters in _LETTERS.items()]
    own = tokenizer.normalizer
    tokenizer.normalizer = Sequence([*before, own] if own is not None else before)
