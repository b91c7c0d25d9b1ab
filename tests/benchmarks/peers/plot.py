"""The comparison as a picture: a column a measure, a row a size, a bar a peer.

python -m peers.plot RESULTS.json PICTURE.svg
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import matplotlib
from matplotlib import pyplot
from matplotlib.axes import Axes
from peers.table import TITLES

_QUOTH, _OTHERS = "#b3261e", "#9aa0a6"
# Key in a result, the panel's title, how a value is written.
PANELS = [
    ("hit_at_1", "right paragraph first\n(more is better)", "{:.2f}"),
    ("first_answer_seconds", "first answer of a new process, s\n(less is better)", "{:.1f}"),
    ("p50_ms", "later answers, median, ms\n(less is better)", "{:.0f}"),
    ("rebuild_seconds", "rebuild after one change, s\n(less is better)", "{:.1f}"),
]


def main() -> None:
    source, target = map(Path, sys.argv[1:])
    results = json.loads(source.read_text(encoding="utf-8"))["results"]
    results = [result for result in results if all(key in result for key, _, _ in PANELS)]
    sizes = sorted({result["passages"] for result in results})
    # Text stays text, and the same results give the same bytes.
    matplotlib.rcParams |= {"svg.fonttype": "none", "svg.hashsalt": "quoth", "font.size": 9}
    figure, axes = pyplot.subplots(
        len(sizes), len(PANELS), figsize=(11, 0.6 + 2.6 * len(sizes)), squeeze=False, sharey="row", layout="constrained"
    )
    for row, size in zip(axes, sizes, strict=True):
        shown = {result["peer"]: result for result in results if result["passages"] == size}
        peers = [peer for peer in TITLES if peer in shown]
        for panel, (key, _, written) in zip(row, PANELS, strict=True):
            _panel(panel, peers, [shown[peer][key] for peer in peers], written)
        row[0].set_yticks(range(len(peers)), [TITLES[peer] for peer in peers])
        row[0].invert_yaxis()
        row[0].set_ylabel(f"{size:,} paragraphs", fontweight="bold")
    for panel, (_, title, _) in zip(axes[0], PANELS, strict=True):
        panel.set_title(title, fontsize=9)
    figure.savefig(target, metadata={"Date": None} if target.suffix == ".svg" else {}, dpi=110)
    print("{}")  # a stage says that it has come to its end


def _panel(panel: Axes, peers: list[str], values: list[float], written: str) -> None:
    """A bar a peer, from 0 on, with its value at its end."""
    bars = panel.barh(
        range(len(peers)), values, color=[_QUOTH if peer.startswith("quoth") else _OTHERS for peer in peers]
    )
    panel.bar_label(bars, [written.format(value) for value in values], padding=3)
    panel.set_xlim(0, max(values) * 1.2)
    panel.spines[["top", "right", "bottom"]].set_visible(False)
    panel.set_xticks([])
    panel.tick_params(left=False)


if __name__ == "__main__":
    main()
