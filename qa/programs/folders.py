"""Sentences for those who are not at this machine: what lies on it is called by its name, without its folders."""

from __future__ import annotations

import re

# A path begins a word, or stands in quotation marks, which end it where no word goes on. Without these a space is part
# of it where a separator follows a few words later: what stands behind the last separator is no folder.
_PATH = re.compile(
    r"""(?P<mark>["'])(?P<quoted>(?:/|[A-Za-z]:[\\/]|\\\\).{0,4096}?)(?P=mark)(?=[\s.,;:)]|$)"""
    r"""|(?<![^\s(=])(?:/|[A-Za-z]:[\\/]|\\\\)(?:[^\s"';,)]|[ ](?=(?:[^\s"'\\/:;,.)]+[ ]){0,4}[^\s"'\\/:;,)]+[\\/]))+"""
)


def without_folders(message: str) -> str:
    """`message` with the last name alone of each path of this machine that it names."""
    return _PATH.sub(_named, message)


def _named(found: re.Match[str]) -> str:
    mark, path = found["mark"] or "", found["quoted"] or found[0]
    name = re.split(r"[\\/]+", path.rstrip("\\/"))[-1]
    return f"{mark}{name}{mark}" if name else "…"
