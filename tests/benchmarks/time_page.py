"""How long the page takes in Chromium over the shipped essay: first paint, and question to answer.

python tests/benchmarks/time_page.py
"""

import sys
import tempfile
import time
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))

from browsing import Reader, chromium, served
from playwright.sync_api import expect

from index.encoding.loading import load_encoder
from index.local.build import build
from source.library import ESSAYS

QUESTIONS = (
    "What tanks did the Soviet Union supply?",
    "Who led North Korea?",
    "What was the armistice?",
    "How was propaganda spread?",
)


def main() -> None:
    with tempfile.TemporaryDirectory() as work:
        build(ESSAYS, Path(work), encoder=load_encoder())
        with served(Path(work)) as base, chromium() as browser:
            reader = Reader(browser, base).open()
            paint = reader.page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime")
            times = []
            for question in QUESTIONS * 5:
                started = time.perf_counter()
                reader.ask(question)
                expect(reader.page.locator(".turns")).to_have_attribute("data-asked", question)
                times.append((time.perf_counter() - started) * 1000)
                reader.page.get_by_role("button", name="New conversation").click()
                expect(reader.page.locator(".turn")).to_have_count(0)
            reader.close()
    p50, p95 = np.quantile(times, [0.5, 0.95])
    print(f"first paint {paint:.0f} ms; Enter to answer p50 {p50:.0f} ms, p95 {p95:.0f} ms")


if __name__ == "__main__":
    main()
