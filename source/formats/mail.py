"""A saved mail (.eml) → Document: its head is metadata, what it quotes of earlier mails furniture."""

from __future__ import annotations

import email
import email.policy
import re
from collections.abc import Iterator
from dataclasses import replace
from email.message import EmailMessage, MIMEPart
from email.utils import parseaddr
from itertools import islice

from lxml import etree

from source.document import Document, Reason, Span
from source.errors import UnreadableFile
from source.formats.html.elements import write
from source.formats.html.readable import taken_out
from source.formats.html.reader import decoded_page, parsed
from source.structure.blocks import Block, Kind, trimmed
from source.structure.extracted.draft import Draft, extractor
from source.structure.passages import structured
from source.structure.plain import plain_blocks
from source.text.encodings import decoded
from source.text.halves import whole_letters

_HEAD = ("subject", "from", "to", "cc", "date")
_LINE = re.compile(r"[^\n]*(?:\n|\Z)")
# "On 3 May 2021, at 10:00, Ole Berg wrote:", in one line or two, above what it quotes.
_INTRODUCES = re.compile(
    r"\b(?:wrote|writes|schrieb|a écrit|escribió|ha scritto|schreef|skrev|napisał\w*|escreveu)\b[^\n]*:\s*$",
    re.IGNORECASE,
)
_LONGEST_INTRODUCTION = 300
_DATED = re.compile(r"\d|@")
# From here on all is an earlier mail.
_EARLIER = re.compile(
    r"^[ \t]*(?:-{2,}[ \t]*(?:original message|ursprüngliche nachricht|message d'origine)[ \t]*-{2,}"
    r"|_{20,}\n(?=from:)|from:[^\n]+\n(?:sent|date):[^\n]+\n)",
    re.IGNORECASE | re.MULTILINE,
)
# So is what stands below this, but it was sent on to be read: no more than its head is left out.
_FORWARDED = re.compile(
    r"^[ \t]*(?:-{2,}[ \t]*(?:forwarded message|weitergeleitete nachricht|message transféré)[ \t]*-{2,}"
    r"|begin forwarded message:)[ \t]*\n(?:[ \t]*\n)?(?:[ \t]*[^\W\d_][\w-]{1,15}:[ \t][^\n]*(?:\n|\Z))*",
    re.IGNORECASE | re.MULTILINE,
)
_MOST_NAMED = 100  # attachments
_SIGNATURE = re.compile(r"^-- \n", re.MULTILINE)
_REPLY_NAMES = frozenset("gmail_quote gmail_attr moz-cite-prefix yahoo_quoted divRplyFwdMsg appendonsend".split())


def read_mail(data: bytes, name: str) -> Document:
    """The document in a mail; attachments are named in its `unread`. Raises UnreadableFile if it holds no text."""
    message = email.message_from_bytes(data, policy=email.policy.default)
    if not isinstance(message, EmailMessage) or not any(key in message for key in _HEAD):
        raise UnreadableFile("no mail: it has no head with a subject, sender or date")
    head = "\n".join(f"{key.title()}: {' '.join(str(message[key]).split())}" for key in _HEAD if key in message)
    subject = " ".join(str(message.get("subject", "")).split())
    sender = parseaddr(str(message.get("from", "")))
    date = _day(message)
    attached = _attached(message)
    unread = tuple(
        f"attachment {part.get_filename() or part.get_content_type()}: save it as a file"
        for part in islice(attached, _MOST_NAMED)
    )
    if next(attached, None):
        unread += (f"more than {_MOST_NAMED} attachments: save them as files",)
    body = message.get_body(("plain", "html"))
    if body is None:
        raise UnreadableFile("a mail without text")
    document = Document(name, "", subject, sender[0] or sender[1], date, extractor=extractor(), unread=unread)
    content = _content(body)
    if body.get_content_subtype() == "html":
        return _html_mail(content, head, document)
    return _plain_mail(head + "\n\n" + content, len(head), document)


def _attached(message: EmailMessage) -> Iterator[EmailMessage]:
    """The parts of a mail that are files of their own; pictures within the text are none."""
    for part in message.iter_attachments():
        if isinstance(part, EmailMessage) and (part.is_attachment() or part.get_content_maintype() != "image"):
            yield part


def _content(body: MIMEPart) -> str:
    """The text of a part, decoded as it says, or by the text itself."""
    data = body.get_payload(decode=True)
    raw = data if isinstance(data, bytes) else b""
    try:
        text = raw.decode(body.get_content_charset("utf-8"))
    except (LookupError, UnicodeDecodeError):
        html = body.get_content_subtype() == "html"
        text = (decoded_page(raw, lambda one: decoded(one)[0])[1] if html else decoded(raw)[0]) if raw else ""
    return whole_letters(text).replace("\r\n", "\n").replace("\r", "\n")


def _day(message: EmailMessage) -> str:
    """The day a mail was sent; "" where its head does not say so rightly."""
    sent = getattr(message["date"], "datetime", None) if "date" in message else None
    return sent.date().isoformat() if sent is not None else ""


def _plain_mail(text: str, start: int, document: Document) -> Document:
    blocks = [Block(0, start, Kind.FURNITURE, reason=Reason.METADATA)]
    at = start
    for span, reason in _replies(text, start):
        blocks += _own_blocks(text[: span.start], at)
        blocks.append(Block(span.start, span.end, Kind.FURNITURE, reason=reason))
        at = span.end
    blocks += _own_blocks(text, at)
    return structured(replace(document, text=text), blocks)


def _own_blocks(text: str, start: int) -> list[Block]:
    """The blocks of what the sender wrote: a short line is a greeting or a name, no heading."""
    return [
        replace(block, kind=Kind.TEXT, level=0, title="") if block.kind is Kind.HEADING else block
        for block in plain_blocks(text, start)
    ]


def _replies(text: str, start: int) -> Iterator[tuple[Span, Reason]]:
    """What a mail quotes of earlier ones, the heads of those it sends on, and its signature, in order."""
    at = start
    for forwarded in _FORWARDED.finditer(text, start):
        if _EARLIER.search(text, at, forwarded.start()):
            break
        yield from _quoted(text, at, forwarded.start())
        head = trimmed(text, *forwarded.span())
        yield head, Reason.METADATA
        at = head.end
    yield from _quoted(text, at, len(text))


def _quoted(text: str, start: int, last: int) -> Iterator[tuple[Span, Reason]]:
    """What one mail, `text[start:last]`, quotes of earlier ones, and its signature, in order."""
    earlier = _EARLIER.search(text, start, last)
    end = earlier.start() if earlier else last
    signature = _SIGNATURE.search(text, start, end)
    own_end = signature.start() if signature else end
    above: list[Span] = []  # the lines before, without empty ones
    quoted: Span | None = None
    for line in (trimmed(text, one.start(), one.end()) for one in _LINE.finditer(text, start, own_end)):
        if text.startswith(">", line.start, line.end):
            quoted = Span(quoted.start if quoted else _introduced(text, above, line.start), line.end)
        elif quoted and line.start < line.end:
            yield quoted, Reason.REPLY
            quoted, above = None, []
        if line.start < line.end:
            above = [*above[-1:], line]
    if quoted:
        yield quoted, Reason.REPLY
    if signature:
        yield Span(own_end, own_end + len(text[own_end:end].rstrip())), Reason.METADATA
    if earlier:
        yield trimmed(text, end, last), Reason.REPLY


def _introduced(text: str, above: list[Span], start: int) -> int:
    """Where a quotation that begins at `start` is introduced: "On 3 May Ole Berg wrote:", in one line or two."""
    for lines in (above[-1:], above[-2:]):
        words = text[lines[0].start : lines[-1].end] if lines else ""
        if _INTRODUCES.search(words) and _DATED.search(words) and len(words) < _LONGEST_INTRODUCTION:
            return lines[0].start
    return start


def _html_mail(content: str, head: str, document: Document) -> Document:
    root = parsed(content)
    body = next(root.iter("body"), root)
    draft = Draft()
    draft.furniture(head, Reason.METADATA)
    quoted = [element for element in body.iter("blockquote", "div") if _is_reply(element)]
    signed = [one for one in body.iter("div", "span") if "gmail_signature" in (one.get("class") or "").split()]
    signatures = [taken_out(one, Reason.METADATA) for one in signed if not _is_within_reply(one)]
    replies = [taken_out(one, Reason.REPLY) for one in quoted if not _is_within_reply(one)]
    write(draft, body, {})
    for text, reason in (*signatures, *replies):
        draft.aside(text, reason)
    found = draft.document(
        document.name, extractor("lxml"), title=document.title, author=document.author, date=document.date, trusted=True
    )
    return replace(found, unread=document.unread)


def _is_within_reply(element: etree._Element) -> bool:
    return any(map(_is_reply, element.iterancestors()))


def _is_reply(element: etree._Element) -> bool:
    """Whether an element of a mail holds an earlier one."""
    return element.get("type") == "cite" or not _REPLY_NAMES.isdisjoint(
        [*(element.get("class") or "").split(), element.get("id") or ""]
    )
