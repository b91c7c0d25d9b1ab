"""A process whose every way out is noted: run as `python closed.py LOCATION` in a network namespace of its own.

It serves the page, calls it in every way that names an address elsewhere, and prints as JSON what
it tried to reach beyond the loopback, and how many calls it made.
"""

import fcntl
import itertools
import json
import socket
import struct
import sys
import threading
import time
from pathlib import Path

_SIOCGIFFLAGS, _SIOCSIFFLAGS, _IFF_UP = 0x8913, 0x8914, 1
_NOTED = ("socket.connect", "socket.sendto", "socket.sendmsg")
_LOOKED_UP = ("socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr", "socket.getnameinfo")
_NEAR = ("127.", "::1", "localhost", "0.0.0.0")


def loopback_up() -> None:
    """Let the loopback work, which a new network namespace does not."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        flags = struct.unpack("16sh", fcntl.ioctl(any_socket, _SIOCGIFFLAGS, struct.pack("16sh", b"lo", 0)))[1]
        fcntl.ioctl(any_socket, _SIOCSIFFLAGS, struct.pack("16sh", b"lo", flags | _IFF_UP))


def noting(attempts: list[str]) -> None:
    """Note in `attempts` every address beyond the loopback that this process connects to or looks up."""

    def hook(event: str, given: tuple) -> None:
        if event in _NOTED and given[0].family in (socket.AF_INET, socket.AF_INET6):
            target = given[1][0] if given[1] else ""
        elif event in _LOOKED_UP:
            target = given[0][0] if isinstance(given[0], tuple) else given[0]
        else:
            return
        name = target.decode() if isinstance(target, bytes) else str(target or "127.")
        if not name.startswith(_NEAR):
            attempts.append(f"{event} {name}")

    sys.addaudithook(hook)


def attack(base: str) -> int:
    """Call the page in every way that names an address elsewhere; how many calls were made."""
    import httpx
    from calling import CALL, JOIN, RUN, Caller

    from qa.page.server.calls import CALLS

    caller, tried = Caller(base), 0
    for url in ("http://192.0.2.1/a.txt", "https://essays.example/a.txt", "http://private.example/a.svg"):
        file = {"path": url, "url": url, "meta": {"_type": "gradio.FileData"}}
        for number, route, bad in itertools.product(
            range(len(CALLS) + 2), (JOIN, RUN, CALL), (file, [file], {"a": file})
        ):
            caller.send(number, [bad, bad, bad], route, event_data=bad)
            tried += 1
        for path in (f"file={url}", f"proxy={url}", f"stream/{url}", f"call/v2/retrieve?x={url}", f"deep_link?u={url}"):
            for headers in ({}, {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}):
                caller.http.get(httpx.URL(base).copy_with(raw_path=f"/gradio_api/{path}".encode()), headers=headers)
                tried += 1
        caller.http.post("gradio_api/process_recording", json={"url": url})
        caller.http.post("gradio_api/vibe-starter-queries", json={"prompt": url})
        caller.http.get("", headers={"X-Forwarded-Host": "essays.example", "Forwarded": f"host={url}"})
        tried += 3
    for path in ("", "config", "gradio_api/info", "theme.css", "gradio_api/app_id", "essay/none.txt"):
        caller.http.get(path)
    name = caller.upload("bees.txt", b"Bees hum.\n").json()[0]
    caller.call("add", [[{"path": name}], "own", None])
    caller.call("ask", ["What do bees do?", None, None])
    caller.retrieve("https://essays.example/")
    caller.close()
    return tried + 10


def main() -> None:
    loopback_up()
    attempts: list[str] = []
    noting(attempts)
    for reach in (lambda: socket.getaddrinfo("essays.example", 80), lambda: socket.create_connection(("192.0.2.1", 9))):
        try:
            reach()
        except OSError:
            continue
        raise SystemExit("there is a way out")
    if len(attempts) < 2:
        raise SystemExit(f"the watch is blind: {attempts}")
    attempts.clear()
    from browsing import served

    with served(Path(sys.argv[1])) as base:
        tried = attack(base)
        threads = [thread.name for thread in threading.enumerate()]
        time.sleep(float(sys.argv[2]))
    print(json.dumps({"attempts": attempts, "tried": tried, "threads": threads}))


if __name__ == "__main__":
    main()
