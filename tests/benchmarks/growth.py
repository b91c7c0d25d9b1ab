"""How the time of reading grows: every pattern of `hostile` at three lengths, each twice the one before.

    python tests/benchmarks/fuzz.py growth [TIMES] [PART OF A PATTERN'S NAME]

TIMES is the fewest repetitions (50,000 where it is not given). Each file is read in a process of
its own, as the worker reads it, and the processor's time counts, the best of three. It fails if
twice the length takes more than GROWTH times as long, or a file longer than a worker may take.
"""

import math
import os
import resource
import signal
import time
from itertools import pairwise

from hostile import PATTERNS, Repeated

from source.errors import UnreadableFile
from source.formats.readers import read_here
from source.worker.process import MEMORY
from source.worker.wire import SECONDS

TIMES, TRIES = 50_000, 3
GROWTH = 2.8
FLOOR = 0.1  # seconds; less than this is noise


def seconds(pattern: Repeated, times: int) -> float:
    """The processor's time that reading takes; infinite if it is not read within a worker's limits."""
    data = pattern.data(times)
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        signal.setitimer(signal.ITIMER_PROF, SECONDS)
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        started = time.process_time()
        try:
            read_here(data, f"a{pattern.suffix}")
        except (UnreadableFile, MemoryError, RecursionError, ValueError):
            pass  # it is given up, in time
        finally:
            os.write(writing, str(time.process_time() - started).encode())
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as said:
        taken = said.read()
    os.waitpid(child, 0)
    return float(taken or math.inf)


def measured(pattern: Repeated, lengths: list[int]) -> tuple[list[float], bool]:
    """The best times at these lengths, and whether they grow no faster than the text."""
    best = [math.inf] * len(lengths)
    for _ in range(TRIES):
        best = [min(was, seconds(pattern, times)) for was, times in zip(best, lengths, strict=True)]
        grows = any(long > GROWTH * max(short, FLOOR) for short, long in pairwise(best))
        if math.inf in best or not grows:
            break
    return best, math.inf not in best and not grows


def main(arguments: list[str]) -> int:
    fewest = int(arguments[0]) if arguments else TIMES
    part = arguments[1] if len(arguments) > 1 else ""
    lengths = [fewest, 2 * fewest, 4 * fewest]
    read_here(b"A text that has what is loaded late loaded now.", "a.txt")
    failed = 0
    for name, pattern in PATTERNS.items():
        if part in name:
            times, steady = measured(pattern, lengths)
            failed += not steady
            print(f"{name:40}", *(f"{one:8.2f}" for one in times), "" if steady else "  GROWS", flush=True)
    print(f"{failed} patterns grow faster than the text at {', '.join(f'{one:,}' for one in lengths)} repetitions")
    return int(failed > 0)
