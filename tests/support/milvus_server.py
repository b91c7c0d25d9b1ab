"""A Milvus Lite on TCP, in a process of its own, until it is stopped or killed.

python tests/support/milvus_server.py DATABASE ADDRESS
"""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path


def main() -> None:
    from milvus_lite.server import Server

    server = Server(sys.argv[1], sys.argv[2])
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    if not (server.init() and server.start()):
        sys.exit("Milvus Lite does not start")
    try:
        print(server._p.pid, flush=True)
        sys.stdin.read()  # until whoever started it is gone
    finally:
        server.stop()


class LiteServer:
    """A Milvus Lite that lies in `folder`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        with socket.create_server(("127.0.0.1", 0)) as listener:
            self.host = f"127.0.0.1:{listener.getsockname()[1]}"
        self._process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        """Serve, from when a connection is taken."""
        command = [sys.executable, __file__, str(self._folder / "milvus.db"), self.host]
        pipe = subprocess.PIPE
        with (self._folder / "log").open("a") as log:
            self._process = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=log, text=True)
        assert self._process.stdout
        self._child = int(self._process.stdout.readline() or 0)
        assert self._child, (self._folder / "log").read_text()
        until = time.monotonic() + 120
        while time.monotonic() < until:
            try:
                socket.create_connection(("127.0.0.1", int(self.host.split(":")[1])), timeout=1).close()
            except OSError:
                time.sleep(0.1)
            else:
                return
        raise TimeoutError(self.host)

    def stop(self) -> None:
        """End it in order."""
        if self._process and self._process.stdin and self._process.stdout:
            self._process.stdin.close()
            self._process.wait(timeout=120)
            self._process.stdout.close()

    def computed(self) -> float:
        """The seconds of processor time that it has taken so far."""
        user, system = Path(f"/proc/{self._child}/stat").read_text().rpartition(")")[2].split()[11:13]
        return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")

    def kill(self) -> None:
        """End it at once."""
        os.kill(self._child, signal.SIGKILL)
        self.stop()


if __name__ == "__main__":
    main()
