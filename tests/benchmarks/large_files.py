"""Memory while one large text is read and stored: its peak in the worker, in the main process, and in both together.

    python tests/benchmarks/large_files.py BENCH [--megabytes 20 100 200] [--kinds prose markdown ...] [--work FOLDER]

BENCH is a folder of question sets, whose paragraphs the files are made of, again and again with their sentences in
another order. Each file is read as `quoth index` reads it, in a process of its own: in the worker, over the wire, in
the main process, and into SQLite (`DocumentWriter.add`). Memory is what is resident beyond what both hold after a short
text was read, in MB. The digest is of all that was read: it tells whether two versions of the code read alike.
"""

from __future__ import annotations

import argparse
import hashlib
import itertools
import os
import random
import resource
import subprocess
import sys
import tempfile
import textwrap
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import fields
from pathlib import Path

from index.local.writing import DocumentWriter
from source.document import Document
from source.library import read_library
from source.selection import Selection

ENGLISH, CHINESE = ("squad", "squad-more", "cranfield", "hotpot"), ("xquad-zh",)
STAGES = "reading", "storing"
EVERY = 0.01  # seconds


def paragraphs(bench: Path, sets: Sequence[str], between: str = " ") -> Iterator[str]:
    """The paragraphs of the sets, for ever."""
    documents = (one for name in sets for one in read_library(bench / name / "documents") if isinstance(one, Document))
    whole = [[d.text[s.start : s.end] for s in p.sentences] for d in documents for p in d.passages]
    for turn in itertools.count():
        for sentences in whole:
            random.Random(turn).shuffle(sentences)
            yield between.join(" ".join(sentence.split()) for sentence in sentences)


def ascii_paragraphs(bench: Path) -> Iterator[str]:
    return (one.encode("ascii", "ignore").decode() for one in paragraphs(bench, ENGLISH))


def prose(bench: Path) -> Iterator[str]:
    """Lines wrapped by hand, empty lines between paragraphs, headings."""
    for i, one in enumerate(ascii_paragraphs(bench)):
        yield "" if i % 50 else f"{i // 50 + 1}. The part of what follows\n\n"
        yield textwrap.fill(one, 78, break_on_hyphens=False) + "\n\n"


def markdown(bench: Path) -> Iterator[str]:
    """Headings, paragraphs, lists, quotations, tables, code, and links that are defined below."""
    for i, one in enumerate(ascii_paragraphs(bench)):
        words = one.split()
        if i % 20 == 0:
            yield f"{'##' if i % 40 else '#'} The part [*{i // 20 + 1}*][{i}] of what follows\n\n"
        yield f"> {one}\n\n" if i % 12 == 3 else f"{one}\n\n"
        if i % 9 == 5:
            yield "".join(f"- {' '.join(words[at : at + 30])}.\n" for at in range(0, len(words), 30)) + "\n"
        if i % 30 == 7:
            yield f"```\n{one[:90]}\n\n{one[90:180]}\n```\n\n[{i // 20 * 20}]: https://example.org/{i}\n\n"
        if i % 30 == 11:
            yield "| Year | Said |\n|---|---|\n" + "".join(
                f"| {1900 + n} | {word} |\n" for n, word in enumerate(words[:9])
            )
            yield "\n"


def lines(bench: Path) -> Iterator[str]:
    """A paragraph a line."""
    return (f"{one}\n" for one in ascii_paragraphs(bench))


def chinese(bench: Path) -> Iterator[str]:
    return (f"{one}\n\n" for one in paragraphs(bench, CHINESE, ""))


def emoji(bench: Path) -> Iterator[str]:
    """Prose with a letter that Python keeps in four bytes, and all others with it."""
    return itertools.chain(["The first \U0001f600 of all.\n\n"], prose(bench))


KINDS: dict[str, tuple[Callable[[Path], Iterator[str]], str]] = {
    "prose": (prose, ".txt"),
    "markdown": (markdown, ".md"),
    "lines": (lines, ".txt"),
    "chinese": (chinese, ".txt"),
    "emoji": (emoji, ".txt"),
}


def written(folder: Path, bench: Path, kind: str, megabytes: int) -> Path:
    """A folder with one text of this kind and size in bytes, made if it is not there."""
    make, suffix = KINDS[kind]
    path = folder / f"{kind}-{megabytes}" / f"text{suffix}"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            for piece in make(bench):
                file.write(piece.encode())
                if file.tell() >= megabytes * 1_000_000:
                    break
    return path.parent


def digest(document: Document) -> str:
    """A hash of all that a document holds."""
    found = hashlib.sha256()
    for one in fields(document):
        value = getattr(document, one.name)
        for part in [value] if isinstance(value, (str, bool)) else value:
            found.update(repr(part).encode("utf-8", "surrogatepass") if part is not document.text else b"text")
    return hashlib.sha256(f"{found.hexdigest()} {document.sha256}".encode()).hexdigest()[:16]


def resident(process: int) -> float:
    """MB that a process holds in memory."""
    try:
        pages = int(Path(f"/proc/{process}/statm").read_text().split()[1])
    except OSError:  # it has ended
        return 0.0
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


class Memory:
    """Looks at the memory of this process and of its worker, time and again."""

    def __init__(self) -> None:
        own = Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()
        self._processes = [os.getpid(), *map(int, own)]
        self._idle = [resident(one) for one in self._processes]
        self.stage = ""
        self.peaks = {stage: [0.0, 0.0, 0.0] for stage in STAGES}  # main, worker, together
        threading.Thread(target=self._look, daemon=True).start()

    def _look(self) -> None:
        while True:
            peaks = self.peaks.get(self.stage)
            if peaks:
                held = [max(0.0, resident(one) - idle) for one, idle in zip(self._processes, self._idle, strict=True)]
                peaks[:] = map(max, peaks, [*held, sum(held)])
            time.sleep(EVERY)


def measure(folder: Path) -> None:
    """Read and store the text in `folder`, and print what that takes."""
    with tempfile.TemporaryDirectory() as work:
        for suffix in (".txt", ".md"):  # what is loaded at the first text is loaded now
            (Path(work) / f"short{suffix}").write_text("The tanks came over the river. Nobody had seen them before.")
        writer = DocumentWriter(Path(work) / "index")
        for one in read_library(Path(work), selection=Selection(include=("short.*",))):
            assert isinstance(one, Document), one
            writer.add(one)
        memory = Memory()
        started, before = time.perf_counter(), time.process_time()
        memory.stage = "reading"
        (document,) = read_library(folder)
        assert isinstance(document, Document), document
        took, own = time.perf_counter() - started, time.process_time() - before
        memory.stage = "storing"
        writer.add(document)
        memory.stage = ""
        writer.close()
        stored = time.process_time() - before - own
        found = digest(document)
    for stage, (main, worker, together) in memory.peaks.items():
        print(f"  {stage}: main {main:.0f}, worker {worker:.0f}, together {together:.0f} MB", end="")
        print(f"; {took:.0f} s, of them {own:.0f} s of main" if stage == "reading" else f"; {stored:.0f} s")
    sentences = sum(len(one.sentences) for one in document.passages)
    print(f"  {len(document.passages):,} passages, {sentences:,} sentences, digest {found}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("bench", type=Path)
    parser.add_argument("--megabytes", type=int, nargs="+", default=[20, 100, 200])
    parser.add_argument("--kinds", nargs="+", choices=KINDS, default=list(KINDS))
    parser.add_argument("--work", type=Path, help="where the texts are written, and left")
    parser.add_argument("--read", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.read:
        measure(options.bench)
        return
    with tempfile.TemporaryDirectory() as folder:
        for megabytes, kind in itertools.product(options.megabytes, options.kinds):
            place = written(options.work or Path(folder), options.bench, kind, megabytes)
            print(f"{kind}, {megabytes} MB", flush=True)
            before = spent()
            subprocess.run([sys.executable, __file__, str(place), "--read"], check=True)
            print(f"  {spent() - before:.0f} s of a processor, all together", flush=True)


def spent() -> float:
    """Seconds of a processor that processes of this one took that have ended."""
    found = resource.getrusage(resource.RUSAGE_CHILDREN)
    return found.ru_utime + found.ru_stime


if __name__ == "__main__":
    main()
