"""A Milvus server that is too old is refused in one sentence: a real one, of version 2.3.5, in a network of its own.

    python tests/run_old_milvus.py

It needs Linux and the right to make namespaces, and takes minutes; it is no part of `check.py`. Where QUOTH_MILVUS_ENV
and QUOTH_OLD_MILVUS_ENV name folders, the environments are made there once and used again.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from run_milvus import ROOT, environment

# It has no full-text search, and listens wherever it can: all its processes end with the namespace that they are in.
OLD = ("setuptools==65.5.0", "milvus==2.3.5")
APART = ["unshare", "--net", "--pid", "--fork", "--kill-child", "--mount-proc"]
SERVE = (
    "import sys; from milvus import MilvusServer; server = MilvusServer(); server.set_base_dir(sys.argv[1]); "
    "server.start(); print(server.listen_port, flush=True); server.wait()"
)
REFUSED = "The Milvus server at {} has version v2.3.5-lite and no full-text search (BM25); Quoth needs 2.5 or newer.\n"


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        new = environment(Path(os.environ.get("QUOTH_MILVUS_ENV") or f"{folder}/new"))
        old = environment(Path(os.environ.get("QUOTH_OLD_MILVUS_ENV") or f"{folder}/old"), OLD)
        return subprocess.run([*APART, new, __file__, "apart", old, folder], cwd=ROOT).returncode


def apart(old: str, folder: str) -> None:
    """Start the server and have each command refuse it."""
    sys.path.insert(0, str(ROOT / "tests/support"))
    from offline import loopback_up

    loopback_up()
    server = subprocess.Popen([old, "-c", SERVE, folder], stdout=subprocess.PIPE, text=True)
    host = f"127.0.0.1:{int(server.stdout.readline())}"
    for command in (["index", "source/essays"], ["ask", "What tanks?"], ["doctor"]):
        quoth = [sys.executable, "-m", "qa", *command, "--index", f"milvus://{host}/essays"]
        done = subprocess.run(quoth, cwd=ROOT, capture_output=True, text=True)
        assert (done.returncode, done.stderr) == (1, f"quoth: {REFUSED.format(host)}"), (command, done)
    print(REFUSED.format(host), end="")


if __name__ == "__main__":
    sys.exit(apart(*sys.argv[2:]) if sys.argv[1:2] == ["apart"] else main())
