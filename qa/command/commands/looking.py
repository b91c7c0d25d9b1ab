"""`quoth verify`, `quoth doctor` and `quoth model`: is the index as it should be, and what reads it?"""

from __future__ import annotations

import argparse
import importlib.metadata
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from qa.command.arguments import command, takes_index
from qa.command.output.streams import Out
from qa.command.output.terminal import visible
from source.errors import UserError

if TYPE_CHECKING:
    from qa.command.arguments import Commands


def add(commands: Commands) -> None:
    """Add `verify`, `doctor` and `model`."""
    proof = command(
        commands,
        "verify",
        verify,
        about="prove every quotation",
        details="Read every source file again and prove that each stored span still says what it said.",
    )
    health = command(
        commands,
        "doctor",
        doctor,
        about="say what is installed and whether it works",
        details="Say what is installed, whether the model's weights are the official ones, and how the index is.",
    )
    for made in (proof, health):
        takes_index(made)
    written = command(
        commands,
        "model",
        model,
        about="write the default model for other tools",
        details="Write the default model to FOLDER, which is not there yet, as sentence-transformers reads it.",
    )
    written.add_argument("folder", type=Path, metavar="FOLDER", help="where it is to lie")


def verify(options: argparse.Namespace, out: Out) -> int:
    """Read every source file again and prove that each stored span still says what it said."""
    from index.opening import address_of, open_index
    from index.verify import verify

    with open_index(address_of(options.index)) as index:
        about, changes = index.about, list(verify(index))
    for name, change in changes:
        out.show(visible(f"{name}: {change}"))
    if changes:
        raise UserError(
            f"{len(changes)} of {about.counts.documents} documents differ from the index; rebuild it: {about.rebuild}"
        )
    counts = about.counts
    out.show(
        f"{counts.documents} documents, {counts.passages} passages, {counts.sentences} sentences: "
        "every one says what its file says"
    )
    return 0


def doctor(options: argparse.Namespace, out: Out) -> int:
    """Say what is installed, whether the model's weights are the official ones, and how the index is."""
    from index.encoding.pinned import TUNED_WEIGHTS, published_weights
    from index.opening import address_of, open_index

    out.show(f"quoth {importlib.metadata.version('quoth')}, Python {sys.version.split()[0]}, {sys.platform}")
    for package in ("onnxruntime", "sentence-transformers", "torch", "faiss-cpu", "gradio"):
        out.show(f"{package} {importlib.metadata.version(package)}")
    out.show(f"model: {TUNED_WEIGHTS.checked()}, as it ships with Quoth")
    out.show(f"  trained from {published_weights().checked()}, as it was published")
    with open_index(address_of(options.index)) as index:
        about = index.about
    counts = about.counts
    # Of an index on another machine what is read is checked as it is read.
    checked = "its manifest" if "://" in about.address else "every file"
    out.show(f"index: {about.address}, {about.size / 1e6:.1f} MB, {checked} as it was written")
    out.show(f"  {counts.documents} documents, {counts.passages} passages, {counts.truncated} truncated")
    out.show(f"  built {about.built} from {about.essays} with {about.model}")
    return 0


def model(options: argparse.Namespace, out: Out) -> int:
    """Write the default model to FOLDER as sentence-transformers reads it."""
    from index.encoding.export import write_model

    out.show(f'{write_model(options.folder)}: SentenceTransformer("{options.folder}") reads it')
    return 0
