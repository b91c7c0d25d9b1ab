"""The comparison as Markdown: a table a size, a row a measure, a column a peer; the best of a row in bold."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

Result = Mapping[str, object]

TITLES = {
    "quoth": "Quoth",
    "plain": "sentence-transformers + FAISS",
    "txtai": "txtai",
    "txtai_hybrid": "txtai, hybrid",
    "langchain": "LangChain + FAISS",
    "llama_index": "LlamaIndex",
    "haystack": "Haystack, in memory",
}
# Key in a result, what it is called, how it is printed, whether more is better.
ROWS: list[tuple[str, str, Callable[[float], str], bool]] = [
    ("passages_per_second", "paragraphs indexed per second", "{:.0f}".format, True),
    ("rebuild_seconds", "rebuild after one changed paragraph, s", "{:.1f}".format, False),
    ("first_answer_seconds", "first answer of a new process, s", "{:.1f}".format, False),
    ("p50_ms", "later answers, median, ms", "{:.1f}".format, False),
    ("p95_ms", "later answers, 95th percentile, ms", "{:.1f}".format, False),
    ("build_peak_mb", "peak memory while indexing, MB", "{:.0f}".format, False),
    ("ask_peak_mb", "peak memory while asking, MB", "{:.0f}".format, False),
    ("index_mb", "index on disk, MB", "{:.1f}".format, False),
    ("installed_mb", "installed, MB", "{:.0f}".format, False),
    ("hit_at_1", "right paragraph first (hit@1)", "{:.3f}".format, True),
    ("hit_at_5", "among the first five (hit@5)", "{:.3f}".format, True),
]


def tables(results: Sequence[Result]) -> str:
    """The tables of all sizes in `results`, smallest first."""
    sizes = sorted({int(str(result["passages"])) for result in results})
    return "\n\n".join(_table([r for r in results if r["passages"] == size], size) for size in sizes)


def _table(results: Sequence[Result], size: int) -> str:
    ordered = sorted(results, key=lambda result: list(TITLES).index(str(result["peer"])))
    names = [TITLES[str(result["peer"])] for result in ordered]
    lines = [f"| {size:,} paragraphs | " + " | ".join(names) + " |", "|---" * (len(names) + 1) + "|"]
    for key, name, shown, more in ROWS:
        cells = [None if result.get(key) is None else shown(float(str(result[key]))) for result in ordered]
        values = [float(cell) for cell in cells if cell is not None]
        best = (max if more else min)(values) if len(values) > 1 else None
        written = ["" if cell is None else f"**{cell}**" if float(cell) == best else cell for cell in cells]
        lines.append(f"| {name} | " + " | ".join(written) + " |")
    return "\n".join(lines)
