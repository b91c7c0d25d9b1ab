"""Which essays under FOLDER leave out more than one character in a hundred, and why; what letters are nowhere.

    python tests/benchmarks/furniture.py FOLDER

A line a document whose furniture is more than 1 % of it: the share, and the reasons with their characters. Letters
that stand in no passage, heading or furniture are a fault, and named first.
"""

import argparse
from collections import Counter
from pathlib import Path

from source.document import Document
from source.library import Skipped, read_library

SHARE = 0.01


def nowhere(document: Document) -> str:
    """The letters and digits of `document` that stand in no passage, heading or furniture."""
    left = list(document.text)
    for span in (*document.headings, *document.passages, *document.furniture):
        left[span.start : span.end] = " " * (span.end - span.start)
    return "".join(sign for sign in left if sign.isalnum())


def report(folder: Path) -> None:
    """Print what is left out of each document under `folder`."""
    documents = 0
    for one in read_library(folder):
        if isinstance(one, Skipped):
            print(f"skipped {one}")
        elif isinstance(one, Document):
            documents += 1
            if lost := nowhere(one):
                print(f"LOST    {one.name}: {len(lost)} letters, {lost[:60]!r}")
            reasons = Counter[str]()
            for span in one.furniture:
                reasons[span.reason] += span.end - span.start
            share = reasons.total() / len(one.text)
            if share > SHARE:
                print(
                    f"{share:6.1%}  {one.name}: {', '.join(f'{why} {count}' for why, count in reasons.most_common())}"
                )
    print(f"{documents} documents read")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    report(parser.parse_args().folder)
