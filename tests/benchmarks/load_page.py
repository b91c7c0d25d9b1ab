"""Many clients ask the page's API while its index is rebuilt: errors, times and memory, as JSON.

    python tests/benchmarks/load_page.py [SECONDS] [CLIENTS] [--copies N] [--flood | --milvus]

A real `quoth serve` in a process of its own, over N copies of the shipped essay of which one
changes before each rebuild. Each client asks, waits for the answer, and asks again. An answer counts
as wrong if a quote is not what its document says in the snapshot that the receipt names, as far as
the sources can tell. With --flood, another client, at an address of its own, sends in the second half
of the time as much as it can over as many connections as it gets, and there are no rebuilds: what the
others notice of it is the difference between the two halves. With --milvus, two servers answer from one collection
of a Milvus Lite, installed as by `tests/run_milvus.py`, and every client asks them in turn. Memory is the first
server's resident set, sampled every five seconds after the first tenth of the time.
"""

import argparse
import asyncio
import contextlib
import json
import os
import platform
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import httpx
import numpy as np

from source.library import ESSAYS

QUESTIONS = (
    "What tanks did the Soviet Union supply?",
    "Who led North Korea?",
    "When was the armistice?",
    'Who spoke of "propaganda"?',
    "How was propaganda spread?",
    "Who was mayor of Paris in 1950?",
)
TESTS = Path(__file__).parents[1]
COMMAND = [sys.executable, "-m", "qa"]


class Load:
    """The essays, their index, and what the clients of its servers have seen."""

    def __init__(self, work: Path, index: str, copies: int) -> None:
        self.essays, self.index, self.copies = work / "essays", index, copies
        self.essays.mkdir()
        self.text = (ESSAYS / "soviet-union-korean-war.txt").read_text(encoding="utf-8")
        for copy in range(copies):
            self.write(copy, 0)
        subprocess.run([*COMMAND, "index", str(self.essays), "--index", index], check=True)
        self.seconds: list[float] = []
        self.ended: list[float] = []
        self.flood: Counter[str] = Counter()
        self.problems: Counter[str] = Counter()
        self.snapshots: Counter[str] = Counter()
        self.memory: list[int] = []
        self.builds: Counter[str] = Counter()

    def write(self, copy: int, version: int) -> None:
        """An essay of the library, replaced at once."""
        new = self.essays / "new"
        new.write_text(f"Copy {copy}, version {version}\n\n{self.text}", encoding="utf-8")
        new.replace(self.essays / f"copy {copy}.txt")

    async def ask(self, servers: Sequence[httpx.AsyncClient], number: int, until: float) -> None:
        """One client, of all servers in turn."""
        at = number
        while time.monotonic() < until:
            at += 1
            question = QUESTIONS[at % len(QUESTIONS)]
            started = time.perf_counter()
            try:
                self.check(question, await asked(servers[at % len(servers)], question))
            except (httpx.HTTPError, ValueError, KeyError, StopIteration) as error:
                self.problems[f"{type(error).__name__}: {str(error)[:80]}"] += 1
            self.seconds.append(time.perf_counter() - started)
            self.ended.append(time.monotonic())

    def check(self, question: str, answer: dict) -> None:
        """Whether the answer is whole: quotes are in the essay, and all of them in the receipt."""
        self.snapshots[answer["receipt"]["index"]] += 1
        if answer["question"] != question:
            self.problems["another question was answered"] += 1
        for quote in answer["quotes"]:
            if quote["text"] not in self.text and not quote["text"].startswith("Copy "):
                self.problems["a quote is not in the essay"] += 1
            if quote["document"] not in answer["receipt"]["documents"]:
                self.problems["a quote is not in the receipt"] += 1

    async def rebuild(self, until: float) -> None:
        """Change an essay and rebuild, again and again, as an editor does on the command line."""
        version = 0
        while time.monotonic() < until:
            version += 1
            self.write(version % self.copies, version)
            command = [*COMMAND, "index", "--index", self.index]
            process = await asyncio.create_subprocess_exec(*command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
            _, errors = await process.communicate()
            self.builds["built" if not process.returncode else errors.decode()[-200:]] += 1
            await asyncio.sleep(5)

    async def flooding(self, base: str, since: float, until: float) -> None:
        """One client that asks without end and reads no answer, in a process of its own."""
        command = [sys.executable, str(Path(__file__).with_name("flood.py")), base, str(since), str(until)]
        process = await asyncio.create_subprocess_exec(*command, stdout=subprocess.PIPE)
        said, _ = await process.communicate()
        self.flood.update(json.loads(said))

    async def watch(self, pid: int, until: float) -> None:
        """Note the server's memory."""
        while time.monotonic() < until:
            await asyncio.sleep(5)
            self.memory.append(resident(pid))


def client(base: str, host: str) -> httpx.AsyncClient:
    """A client of a server that asks from the address `host`.

    It opens a connection anew before the server, which keeps idle ones for five seconds, may close it.
    """
    limits = httpx.Limits(keepalive_expiry=2)
    transport = httpx.AsyncHTTPTransport(local_address=host, limits=limits)
    return httpx.AsyncClient(base_url=base, timeout=120, transport=transport)


async def asked(client: httpx.AsyncClient, question: str) -> dict:
    """The answer of the page's API to `question`."""
    started = await client.post("gradio_api/call/retrieve", json={"data": [question, 5, None]})
    started.raise_for_status()
    found = await client.get(f"gradio_api/call/retrieve/{started.json()['event_id']}")
    found.raise_for_status()
    lines = found.text.splitlines()
    if "event: complete" not in lines:
        raise ValueError(found.text)
    data = next(line for line in reversed(lines) if line.startswith("data: "))
    return json.loads(data.removeprefix("data: "))[0]


def resident(pid: int) -> int:
    """The memory of a process in MB."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(next(line for line in status.splitlines() if line.startswith("VmRSS:")).split()[1]) // 1024


async def run(load: Load, bases: Sequence[str], pid: int, seconds: float, clients: int, *, flood: bool) -> float:
    """All clients, the editor or the flood, and the watch, for so many seconds; when the second half began.

    Beside a flood the clients have addresses of their own: a client is an address.
    """
    half, until = time.monotonic() + seconds / 2, time.monotonic() + seconds
    async with contextlib.AsyncExitStack() as stack:
        hosts = [f"127.0.1.{number % 250 + 1}" if flood else "127.0.0.1" for number in range(clients)]
        asking = [[await stack.enter_async_context(client(base, host)) for base in bases] for host in hosts]
        await asyncio.gather(
            *(load.ask(servers, number, until) for number, servers in enumerate(asking)),
            load.flooding(bases[0], half, until) if flood else load.rebuild(until),
            load.watch(pid, until),
        )
    return half


@contextlib.contextmanager
def serving(index: str) -> Iterator[tuple[str, int]]:
    """A server over an index: its address and its process."""
    command = [*COMMAND, "serve", "--index", index]
    server = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    try:
        assert server.stderr
        yield next(line.split()[-1] for line in server.stderr if "Quoth answers at" in line), server.pid
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(30)


@contextlib.contextmanager
def collection(work: Path) -> Iterator[str]:
    """The address of a collection of a Milvus Lite."""
    sys.path.append(str(TESTS / "support"))
    from milvus_server import LiteServer

    server = LiteServer(work)
    server.start()
    try:
        yield f"milvus://{server.host}/quoth"
    finally:
        server.stop()


def in_milvus_environment() -> int:
    """Run this in an environment that has Milvus Lite."""
    sys.path.append(str(TESTS))
    from run_milvus import environment

    with tempfile.TemporaryDirectory() as folder:
        python = environment(Path(os.environ.get("QUOTH_MILVUS_ENV") or f"{folder}/environment"))
        return subprocess.run([python, *sys.argv], env={**os.environ, "QUOTH_MILVUS": "1"}).returncode


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("seconds", nargs="?", type=float, default=300.0)
    parser.add_argument("clients", nargs="?", type=int, default=50)
    parser.add_argument("--copies", type=int, default=40)
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--flood", action="store_true")
    which.add_argument("--milvus", action="store_true")
    return parser.parse_args()


def main() -> None:
    options = arguments()
    if options.milvus and "QUOTH_MILVUS" not in os.environ:
        sys.exit(in_milvus_environment())
    with contextlib.ExitStack() as stack:
        work = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        index = stack.enter_context(collection(work)) if options.milvus else str(work / "index")
        load = Load(work, index, options.copies)
        servers = [stack.enter_context(serving(index)) for _ in range(2 if options.milvus else 1)]
        bases, pid = [base for base, _ in servers], servers[0][1]
        first = resident(pid)
        half = asyncio.run(run(load, bases, pid, options.seconds, options.clients, flood=options.flood))
    settled = load.memory[len(load.memory) // 10 :]
    third = max(1, len(settled) // 3)
    result = {
        "command": " ".join(["python tests/benchmarks/load_page.py", *sys.argv[1:]]),
        "machine": f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}",
        "answers": len(load.seconds),
        "problems": dict(load.problems),
        "builds": dict(load.builds),
        "snapshots_answered_from": len(load.snapshots),
        "p50_s": quantile(load.seconds, 0.5),
        "p95_s": quantile(load.seconds, 0.95),
        "memory_mb": {
            "at_start": first,
            "first_third": round(float(np.mean(settled[:third]))),
            "last_third": round(float(np.mean(settled[-third:]))),
            "all": load.memory,
        },
    }
    if options.flood:
        first = [took for took, at in zip(load.seconds, load.ended, strict=True) if at < half]
        second = [took for took, at in zip(load.seconds, load.ended, strict=True) if at >= half]
        result["flood"] = {
            "calls": dict(load.flood),
            "answers_without_and_with": [len(first), len(second)],
            "p50_s_without_and_with": [quantile(first, 0.5), quantile(second, 0.5)],
            "p95_s_without_and_with": [quantile(first, 0.95), quantile(second, 0.95)],
        }
    print(json.dumps(result, indent=1))


def quantile(seconds: list[float], share: float) -> float:
    """The time that this share of the answers keeps to."""
    return round(float(np.quantile(seconds, share)), 3) if seconds else 0.0


if __name__ == "__main__":
    main()
