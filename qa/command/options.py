"""The options of the command line."""

from __future__ import annotations

import argparse
import importlib.metadata
from pathlib import Path

_MOST = 1e9


def _amount(text: str) -> float:
    amount = float(text)
    if not 0 <= amount <= _MOST:
        raise argparse.ArgumentTypeError(f"{text[:30]} is out of reach; give a number up to {_MOST:,.0f}")
    return amount


def _port(text: str) -> int:
    number = int(text)
    if not 0 <= number < 1 << 16:
        raise argparse.ArgumentTypeError(f"{text[:30]} is no port; give a number up to 65535")
    return number


def parser() -> argparse.ArgumentParser:
    """The commands and their options."""
    whole = argparse.ArgumentParser(
        prog="quoth", description="Ask a set of essays; the answer is what they say, letter for letter."
    )
    whole.add_argument("--version", action="version", version=f"quoth {importlib.metadata.version('quoth')}")
    commands = whole.add_subparsers(required=True, dest="command", metavar="COMMAND")

    index = commands.add_parser(
        "index",
        help="index the essays of a folder",
        description="Index the essays of FOLDER: the folder indexed last if none is named, the shipped essay at first.",
    )
    index.add_argument("folder", nargs="?", type=Path, metavar="FOLDER", help="the folder that holds the essays")
    index.add_argument("--model", help="a sentence-transformers model, by name or path (default: all-MiniLM-L6-v2)")
    index.add_argument("--kept", type=Path, metavar="FILE", help="say which of these kept quotations were touched")

    ask = commands.add_parser(
        "ask",
        help="answer a question by quoting",
        description="Answer QUESTION with passages of the essays, quoted letter for letter.",
    )
    ask.add_argument("question", nargs="?", metavar="QUESTION", help='"exact phrases" in double quotation marks')
    ask.add_argument("-k", type=int, default=5, metavar="N", help="at most so many quotes (default: 5)")
    ask.add_argument("--document", action="append", metavar="NAME", help="ask this document only; may be repeated")
    ask.add_argument("--list", action="store_true", help="all N quotes, each by its own score (-k over 10: always)")
    ask.add_argument("--json", action="store_true", help="print the answer as JSON")
    ask.add_argument("--batch", metavar="FILE", help='answer many: a JSON object a line with "id" and "question"')

    serve = commands.add_parser(
        "serve",
        help="open the web page",
        description="Open the web page on this machine; if there is no index yet, the shipped essay is indexed first.",
    )
    serve.add_argument("--port", type=_port, metavar="N", help="port to listen on (default: a free one from 7860)")
    serve.add_argument("--host", default="127.0.0.1", metavar="ADDRESS", help="address to listen on; needs a password")
    serve.add_argument("--auth", type=Path, metavar="FILE", help="a file that holds USER:PASSWORD; or set QUOTH_AUTH")
    serve.add_argument("--no-uploads", action="store_true", help="let nobody add essays on the page")
    serve.add_argument(
        "--keep-days", type=_amount, default=30.0, metavar="N", help="keep readers' things so long (default: 30)"
    )
    serve.add_argument(
        "--keep-mb", type=_amount, default=1000.0, metavar="N", help="keep so much of them in all (default: 1000)"
    )
    serve.add_argument("--open", action="store_true", help="open the page in the browser")

    verify = commands.add_parser(
        "verify",
        help="prove every quotation",
        description="Read every source file again and prove that each stored span still says what it said.",
    )

    measure = commands.add_parser(
        "eval",
        help="measure on questions with known answers",
        description="Ask the questions of each SET of its own documents, and say how good the answers are.",
    )
    measure.add_argument("sets", nargs="+", type=Path, metavar="SET", help="a folder: documents/ and questions.jsonl")
    measure.add_argument("--limit", type=int, metavar="N", help="ask only N questions of each set")
    measure.add_argument("--json", type=Path, metavar="FILE", help="write measures and every outcome as JSON")
    measure.add_argument("--compare", type=Path, metavar="FILE", help="compare with a run that --json wrote")
    measure.add_argument("--reliability", action="store_true", help="show how often each confidence was right")
    measure.add_argument("--ablate", action="store_true", help="measure also without each part of the ranking")
    measure.add_argument("--model", help="a sentence-transformers model, by name or path (default: all-MiniLM-L6-v2)")

    for command in (ask, measure):
        command.add_argument("--no-reader", action="store_true", help="answer sooner, and never say that one answers")

    check = commands.add_parser(
        "check",
        help="say whether quotations are the essays' own words",
        description="Say of each quotation in a draft (Markdown, HTML, docx, text) whether the essays say it: "
        "verbatim, formal (but for spaces, capitals, marks or an ellipsis), altered, stitched, misplaced or absent. "
        "Exits with 3 when one is anything but verbatim or formal, or a kept one is altered or gone.",
    )
    check.add_argument("draft", nargs="?", metavar="FILE", help="the draft; - for standard input")
    check.add_argument("--text", metavar="TEXT", help="check this quotation alone")
    check.add_argument("--kept", type=Path, metavar="FILE", help="check the quotations in a file of kept ones (JSON)")
    check.add_argument("--document", action="append", metavar="NAME", help="quotations must be from this; repeatable")
    check.add_argument(
        "--all",
        action="store_true",
        help="also what is most likely no quotation: one or two words in marks, titles of essays",
    )
    check.add_argument("--json", action="store_true", help="print the report as JSON")
    check.add_argument("--html", type=Path, metavar="FILE", help="write the report as a page, beside the draft's text")

    link = commands.add_parser(
        "link",
        help="open the permalink of a quotation",
        description="Say where the quotation of a permalink stands today: unchanged, moved, altered or gone. "
        "Exits with 3 when it is altered or gone. With --make, print the permalink of TEXT.",
    )
    link.add_argument("link", metavar="LINK", help="a permalink, with or without the page's address before it")
    link.add_argument("--make", action="store_true", help="LINK is the text of a quotation: print its permalink")
    link.add_argument("--json", action="store_true", help="print what was found as JSON")

    doctor = commands.add_parser(
        "doctor",
        help="say what is installed and whether it works",
        description="Say what is installed, whether the model's weights are the official ones, and how the index is.",
    )

    for command in (index, ask, serve, verify, check, link, doctor):
        command.add_argument("--index", metavar="PATH", help="where the index lies (default: user's data)")
    return whole
