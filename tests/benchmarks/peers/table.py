"""The comparison as one Markdown table: a row a measure, a column a peer, a value a size; the best is in bold."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

Result = Mapping[str, object]

TITLES = {
    "quoth": "Quoth",
    "quoth_default": "Quoth, own model and reader",
    "plain": "sentence-transformers + FAISS",
    "fts5": "sentence-transformers + SQLite FTS5",
    "txtai": "txtai",
    "txtai_hybrid": "txtai, hybrid",
    "langchain": "LangChain + FAISS",
    "llama_index": "LlamaIndex",
    "haystack": "Haystack, in memory",
    "verbatim_rag": "verbatim-rag, retrieval only",
}


def _share(value: float) -> str:
    return f"{value:.3f}".removeprefix("0")


# Key in a result, what it is called, how it is printed, whether more is better.
ROWS: list[tuple[str, str, Callable[[float], str], bool]] = [
    ("hit_at_1", "right paragraph first", _share, True),
    ("hit_at_5", "among the first five", _share, True),
    ("passages_per_second", "paragraphs indexed per second", "{:.0f}".format, True),
    ("rebuild_seconds", "rebuild after one changed paragraph, s", "{:.1f}".format, False),
    ("first_answer_seconds", "first answer of a new process, s", "{:.1f}".format, False),
    ("p50_ms", "later answers, median, ms", "{:.0f}".format, False),
    ("p95_ms", "later answers, 95th percentile, ms", "{:.0f}".format, False),
    ("build_peak_mb", "peak memory while indexing, MB", "{:.0f}".format, False),
    ("ask_peak_mb", "peak memory while asking, MB", "{:.0f}".format, False),
    ("index_mb", "index on disk, MB", "{:.0f}".format, False),
    ("installed_mb", "installed, MB", "{:.0f}".format, False),
]


def table(results: Sequence[Result], peers: Iterable[str] = TITLES) -> str:
    """The table of `peers`: the values of all sizes, smallest first, between slashes; – where one was not measured."""
    sizes = sorted({int(str(result["passages"])) for result in results})
    at = {(str(result["peer"]), int(str(result["passages"]))): result for result in results}
    shown = [peer for peer in peers if any((peer, size) in at for size in sizes)]
    lines = ["| | " + " | ".join(TITLES[peer] for peer in shown) + " |", "|---" * (len(shown) + 1) + "|"]
    for key, name, printed, more in ROWS:
        cells = {place: printed(float(str(one[key]))) for place, one in at.items() if one.get(key) is not None}
        lines.append(f"| {name} | " + " | ".join(_cell(peer, sizes, _marked(cells, more)) for peer in shown) + " |")
    return "\n".join(lines)


def _marked(cells: Mapping[tuple[str, int], str], more: bool) -> dict[tuple[str, int], str]:
    """`cells` with the best of each size in bold, as far as several were measured."""
    of_size: dict[int, list[float]] = {}
    for (_, size), cell in cells.items():
        of_size.setdefault(size, []).append(float(cell))
    best = {size: (max if more else min)(values) for size, values in of_size.items() if len(values) > 1}
    return {place: f"**{cell}**" if best.get(place[1]) == float(cell) else cell for place, cell in cells.items()}


def _cell(peer: str, sizes: Sequence[int], cells: Mapping[tuple[str, int], str]) -> str:
    """What a peer's values are at all sizes; one value where they are the same."""
    values = [cells.get((peer, size), "–") for size in sizes]
    if set(values) == {"–"}:
        return ""
    return values[0] if len(set(values)) == 1 else " / ".join(values)
