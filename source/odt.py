"""OpenDocument text (.odt) → Document: LibreOffice's own format.

Tracked deletions, annotations, indexes, headers and footers are left out.
"""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from source.archive import Archive, attribute, child, local, xml
from source.document import Document
from source.draft import BULLET, Draft, extractor, numeral
from source.errors import UnreadableFile
from source.markup import superscript
