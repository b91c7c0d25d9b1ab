"""The words in which Quoth says what it found."""

from __future__ import annotations

from typing import Literal

# Of a question: in three words, and in five.
Status = Literal["found", "related", "none"]
Verdict = Literal["answers", "may_answer", "close", "none", "withheld"]
# What is known of an essay itself.
Known = Literal["author", "date", "title", "heading"]
# Of a quotation, and of its words.
Finding = Literal["verbatim", "formal", "altered", "stitched", "misplaced", "absent"]
Change = Literal["same", "changed", "added", "left out"]
