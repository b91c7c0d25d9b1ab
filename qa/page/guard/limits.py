"""How much of the server one client, and all of them together, may take."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """What one client and all clients may hold at a time; a client is an address (of IPv6, its network of 64 bits).

    `header_seconds` is how long a connection may take to send a request's headers, `body_seconds`
    how long it may pause within the body, `unread_seconds` how long it may read nothing of what is
    sent to it; `slowest` is how many bytes a second must come or go by then. Who asks for too much is told so
    after `refusal_seconds`, as it would only ask again. A call of a function is outstanding until it is answered.
    """

    connections: int = 512
    connections_of_one: int = 64
    header_seconds: float = 10.0
    body_seconds: float = 10.0
    unread_seconds: float = 30.0
    slowest: int = 10_000
    refusal_seconds: float = 1.0
    outstanding: int = 512
    outstanding_of_one: int = 64
    shown_of_one: int = 2  # essays, pages and lists that are being made ready
    programs: int = 2  # questions of programs that are being answered, beside the page's
    # Gradio keeps a copy of the page, some 60 KB, for every session; of a call of the API, which is a
    # session that nobody comes back to, it also keeps the answer until it is read.
    sessions: int = 1000
    sessions_of_one: int = 250
    calls: int = 600
    calls_of_one: int = 100
    upload_bytes: int = 1_000_000_000
    upload_bytes_of_one: int = 250_000_000
    upload_seconds: float = 3600.0
    tidy_seconds: float = 60.0  # how often it is looked for what has been here too long
    # Readers with essays of their own; the indexes of so many are open at a time.
    desks: int = 200
    desks_of_one: int = 5
    desks_open: int = 20
    # How long readers' conversations, quotations and essays are kept after their last visit, and how much of them.
    kept_days: float = 30.0
    kept_bytes: int = 1_000_000_000
    # What is sent to the library as long as the server runs.
    library_bytes: int = 1_000_000_000
    wrong_passwords_a_minute: int = 20


def client_of(address: str | None) -> str:
    """Who counts as one client: an IPv4 address, or the network of 64 bits that an IPv6 address is in."""
    try:
        found = ipaddress.ip_address((address or "").partition("%")[0])
    except ValueError:
        return address or ""
    if isinstance(found, ipaddress.IPv4Address):
        return str(found)
    return str(found.ipv4_mapped or ipaddress.ip_network((found, 64), strict=False))
