"""How long the page takes in Chromium: first paint, and question to answer, as the browser itself measures them.

python tests/benchmarks/time_page.py [--turns 50] [--essays FOLDER] [--rounds 40] [--against CHECKOUT]

`--against` names another checkout, whose page is asked the same in turn: then the ratios tell on a busy machine, too.
`--turns` are asked before, `--essays` are a library instead of the shipped essay. What the browser and the server
compute is told beside what passes, in milliseconds of processor time (Linux).
"""

import argparse
import contextlib
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))

from browsing import chromium
from playwright.sync_api import Browser, Page

HERE = Path(__file__).parents[2]
QUESTIONS = (
    "What tanks did the Soviet Union supply?",
    "Who led North Korea?",
    "What was the armistice?",
    "How was propaganda spread?",
)
QUOTH = "import sys; sys.path.insert(0, {!r}); from qa.command.cli import main; sys.exit(main())"
READY = "#conversation [role=status]"
PAINT = "performance.getEntriesByName('first-contentful-paint')[0].startTime"
# From Enter to the frame that shows the answer.
ASK = """(question) => new Promise((done) => {
    const began = performance.now(), box = document.querySelector("#question");
    const seen = new MutationObserver(() => {
        if (document.querySelector(".turns")?.dataset.asked !== question) return;
        seen.disconnect();
        requestAnimationFrame(() => setTimeout(() => done(performance.now() - began)));
    });
    seen.observe(document.documentElement, { subtree: true, childList: true, attributes: true });
    box.value = question;
    box.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true, cancelable: true }));
})"""


@contextlib.contextmanager
def served_by(checkout: Path, essays: Path | None, work: Path) -> Iterator[tuple[str, int]]:
    """The address of the page of `checkout`, in a process of its own, and the number of that."""
    (work / "tmp").mkdir(parents=True)
    environment = {**os.environ, "XDG_DATA_HOME": str(work / "data"), "TMPDIR": str(work / "tmp")}
    command = [sys.executable, "-c", QUOTH.format(str(checkout))]
    folder = essays or checkout / "source/essays"
    index = ["--index", str(work / "index")]
    subprocess.run([*command, "index", str(folder), *index], env=environment, cwd=work, check=True, capture_output=True)
    serving = [*command, "serve", *index, "--port", str(7900 + os.getpid() % 90 + len(list(work.parent.iterdir())))]
    with subprocess.Popen(serving, env=environment, cwd=work, stderr=subprocess.PIPE, text=True) as process:
        try:
            line = next(line for line in process.stderr or () if "answers at" in line)
            yield line.split()[-1], process.pid
        finally:
            process.terminate()


def computed(process: int) -> float:
    """Milliseconds that a process and those it started have computed."""
    tasks = list(Path(f"/proc/{process}/task").glob("*"))
    own = sum(int((task / "schedstat").read_text().split()[0]) for task in tasks) / 1e6
    return own + sum(map(computed, started(process)))


def started(process: int) -> list[int]:
    """The processes that a process has started and that still run."""
    tasks = Path(f"/proc/{process}/task").glob("*/children")
    return [int(child) for task in tasks for child in task.read_text().split()]


def opened(browser: Browser, address: str) -> tuple[Page, float]:
    """The page at `address` for a new reader, and when it was painted first."""
    page = browser.new_context(viewport={"width": 1280, "height": 860}, reduced_motion="reduce").new_page()
    page.goto(address)
    page.locator(READY).wait_for(state="attached")
    page.wait_for_timeout(500)
    return page, page.evaluate(PAINT)


def measured(pages: dict[str, tuple[Page, int]], turns: int, rounds: int, browser: int) -> dict[str, np.ndarray]:
    """For each page, a row a question: Enter to answer, and what the browser and the server computed for it."""
    for page, _ in pages.values():
        for number in range(turns):
            page.evaluate(ASK, f"{QUESTIONS[number % 4]} ({number})")
    rows: dict[str, list[tuple[float, float, float]]] = {name: [] for name in pages}
    for number in range(rounds):
        for name in sorted(pages, reverse=bool(number % 2)):
            page, server = pages[name]
            before = computed(browser), computed(server)
            passed = page.evaluate(ASK, QUESTIONS[number % 4] + (f" ({number})" if turns else ""))
            page.wait_for_timeout(300)
            rows[name].append((passed, computed(browser) - before[0], computed(server) - before[1]))
            if not turns:
                page.get_by_role("button", name="New conversation").click()
                page.locator(".turn").wait_for(state="detached")
                page.wait_for_timeout(300)
    return {name: np.array(found) for name, found in rows.items()}


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--turns", type=int, default=0)
    options.add_argument("--rounds", type=int, default=40)
    options.add_argument("--essays", type=Path)
    options.add_argument("--against", type=Path)
    given = options.parse_args()
    checkouts = {"this": HERE, **({"other": given.against.resolve()} if given.against else {})}
    with contextlib.ExitStack() as stack:
        work = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        servers = {
            name: stack.enter_context(served_by(checkout, given.essays, work / name))
            for name, checkout in checkouts.items()
        }
        browser = stack.enter_context(chromium())
        # Of Playwright's driver, which alone is neither this process nor a server.
        driver = next(one for one in started(os.getpid()) if one not in [process for _, process in servers.values()])
        paints: dict[str, list[float]] = {name: [] for name in servers}
        for number in range(max(given.rounds // 4, 3)):
            for name in sorted(servers, reverse=bool(number % 2)):
                page, paint = opened(browser, servers[name][0])
                paints[name].append(paint)
                page.context.close()
        pages = {name: (opened(browser, address)[0], server) for name, (address, server) in servers.items()}
        rows = measured(pages, given.turns, given.rounds, driver)
    report(paints, rows)


def report(paints: dict[str, list[float]], rows: dict[str, np.ndarray]) -> None:
    """Print what each took, and how many times the other's that is: the median of questions asked in turn."""
    for name, found in rows.items():
        p50, p95 = np.quantile(found[:, 0], [0.5, 0.95])
        browser, server = np.median(found[:, 1:], axis=0)
        print(
            f"{name:5}: first paint {np.median(paints[name]):.0f} ms; Enter to answer p50 {p50:.0f}, p95 {p95:.0f} ms; "
            f"computed by the browser {browser:.0f}, by the server {server:.0f} ms"
        )
    if len(rows) > 1:
        paint = np.median(np.divide(paints["this"], paints["other"]))
        answer, browser, server = np.median(rows["this"] / rows["other"], axis=0)
        print(f"this / other: paint {paint:.2f}, answer {answer:.2f}, browser {browser:.2f}, server {server:.2f}")


if __name__ == "__main__":
    main()
