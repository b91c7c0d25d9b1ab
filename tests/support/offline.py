"""Run a command where there is no network, and tell what it tried to reach.

    unshare --net --mount python tests/support/offline.py [--until TEXT] [--typed TEXT] RESULT COMMAND...

Only the loopback is there. Names are looked up at a server of our own, which notes them and knows
none; what is sent anywhere else finds no route, which the kernel counts. With --until the command
is a server: when it has said TEXT and an address, its page and what else programs ask are fetched,
and it is ended; with --typed it has said TEXT on standard output, in answer to what is typed. Writes
a JSON object to RESULT: status, out, err, the names looked up, and how often no route was found.
"""

import argparse
import fcntl
import json
import os
import re
import signal
import socket
import struct
import subprocess
import tempfile
import threading
import urllib.request
from pathlib import Path

# What is asked of a server below its address; None is fetched, all else sent.
ASKED = {
    "": None,
    "health": None,
    "api": None,
    "api/openapi.json": None,
    "api/essays": None,
    "api/passages/soviet-union-korean-war.txt/25": None,
    "api/ask": {"question": "What tanks did the Soviet Union supply?"},
    "api/check": {"text": "advanced weaponry for everybody"},
    "mcp": {
        "jsonrpc": "2.0",
        "id": 1,
        "method": "tools/call",
        "params": {"name": "ask", "arguments": {"question": "What tanks did the Soviet Union supply?"}},
    },
}
_SIOCSIFFLAGS, _UP = 0x8914, 0x1


def loopback_up() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        fcntl.ioctl(any_socket, _SIOCSIFFLAGS, struct.pack("16sh14x", b"lo", _UP))


def name_server(asked: list[str]) -> None:
    """Answer every look-up with "no such name", and note the name."""
    server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    server.bind(("127.0.0.1", 53))

    def serve() -> None:
        while True:
            query, client = server.recvfrom(4096)
            labels, at = [], 12
            while query[at]:
                labels.append(query[at + 1 : at + 1 + query[at]].decode("ascii", "replace"))
                at += 1 + query[at]
            asked.append(".".join(labels))
            server.sendto(query[:2] + b"\x81\x83" + query[4:6] + bytes(6) + query[12 : at + 5], client)

    threading.Thread(target=serve, daemon=True).start()
    with tempfile.NamedTemporaryFile("w", suffix=".conf", delete=False) as file:
        file.write("nameserver 127.0.0.1\noptions attempts:1 timeout:1\n")
    subprocess.run(["mount", "--bind", file.name, str(Path("/etc/resolv.conf").resolve())], check=True)


def no_route() -> int:
    """How often something was to be sent to where there is no route, since this network is there."""
    lines = Path("/proc/self/net/snmp").read_text().splitlines()
    names, values = (line.split()[1:] for line in lines if line.startswith("Ip:"))
    six = dict(line.split() for line in Path("/proc/self/net/snmp6").read_text().splitlines())
    return int(dict(zip(names, values, strict=True))["OutNoRoutes"]) + int(six["Ip6OutNoRoutes"])


def fetched(address: str, sent: object) -> str:
    headers = {"Content-Type": "application/json", "Accept": "application/json, text/event-stream"}
    data = None if sent is None else json.dumps(sent).encode()
    with urllib.request.urlopen(urllib.request.Request(address, data, headers)) as answer:
        return answer.read().decode()


def run(command: list[str], until: str, typed: str) -> tuple[int, str, str]:
    pipe = subprocess.PIPE
    process = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, text=True)
    if typed:  # whoever types waits for the answer, and then ends
        process.stdin.write(typed)
        process.stdin.flush()
        said = next(line for line in process.stdout if until in line)
        out, err = process.communicate()
        return process.returncode, said + out, err
    if not until:
        out, err = process.communicate("")
        return process.returncode, out, err
    assert process.stderr is not None
    said = ""
    for line in process.stderr:
        said += line
        if until in line:
            address = re.search(r"http://\S+", line)[0]
            said += "".join(fetched(address + path, sent) for path, sent in ASKED.items())
            process.send_signal(signal.SIGTERM)
            break
    out, err = process.communicate()
    return process.returncode, out, said + err


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("result", type=Path)
    parser.add_argument("--until", default="")
    parser.add_argument("--typed", default="")
    parser.add_argument("command", nargs=argparse.REMAINDER)
    given = parser.parse_args()
    loopback_up()
    asked: list[str] = []
    name_server(asked)
    status, out, err = run(given.command, given.until, given.typed)
    values = {"status": status, "out": out, "err": err, "names": asked, "no_route": no_route()}
    given.result.write_text(json.dumps(values))


if __name__ == "__main__":
    os.environ.pop("CI", None)
    main()
