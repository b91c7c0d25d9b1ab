"""What the model reads of a passage that is longer than its window, and what a rebuild may keep of it."""

from pathlib import Path

import pytest
from small_encoder import PlaceEncoder, ShortSightedEncoder, SmallEncoder

from index.encoding.encoder import encode_passages
from index.local.build import build
from index.local.snapshot import Snapshot

WORDS = " ".join(f"w{i:03}" for i in range(100))


def test_of_a_token_in_two_windows_the_vector_with_more_context_is_kept() -> None:
    encoder = PlaceEncoder(window=42)
    (read,) = encode_passages(encoder, [("", WORDS)])
    assert read.spans.tolist() == encoder.token_spans(WORDS).tolist()
    before, behind = read.tokens[:, 0], read.tokens[:, 1]
    # 40 tokens a window, a quarter of them in the next one, too: three windows, from tokens 0, 30 and 60.
    assert len(read.vectors) == 3
    for token in range(100):
        places = [token - first for first in (0, 30, 60) if 0 <= token - first < 40]
        assert min(before[token], behind[token]) == max(min(place, 39 - place) for place in places), token


def test_the_title_goes_before_every_window_and_takes_its_share() -> None:
    encoder = PlaceEncoder(window=42)
    (read,) = encode_passages(encoder, [("Bees", WORDS)])
    own = read.spans[:, 0] >= 0
    assert read.spans[own].tolist() == encoder.token_spans(WORDS).tolist()
    assert read.tokens[own][:, 0].min() == 2  # behind "Bees" and its stop
    # A long title is cut to a quarter of the window, with a stop behind it.
    (read,) = encode_passages(encoder, [("word " * 500, WORDS)])
    own = read.spans[:, 0] >= 0
    assert read.tokens[own][:, 0].min() == 40 // 4 + 1
    assert read.spans[own].tolist() == encoder.token_spans(WORDS).tolist()
    # But where all of it fits, it is whole.
    (read,) = encode_passages(encoder, [("word " * 20, "w1 w2")])
    assert (len(read.tokens), len(read.vectors)) == (20 + 1 + 2, 1)


@pytest.mark.parametrize(("tokens", "windows"), [(39, 1), (40, 1), (41, 2), (70, 2), (71, 3)])
def test_a_passage_is_read_in_as_few_windows_as_will_do(tokens: int, windows: int) -> None:
    encoder = SmallEncoder(window=42)
    (read,) = encode_passages(encoder, [("", " ".join(WORDS.split()[:tokens]))])
    assert (len(read.vectors), len(read.tokens), read.unread) == (windows, tokens, 0)


def library(folder: Path) -> Path:
    (folder / "essays").mkdir()
    (folder / "essays" / "a.txt").write_text(
        f"Words\n\n{WORDS}.\n\nTwo words.\n\nThree more words.\n", encoding="utf-8"
    )
    return folder / "essays"


def test_what_the_model_did_not_read_is_counted_and_read_again_by_the_next_build(tmp_path: Path) -> None:
    essays, location = library(tmp_path), tmp_path / "index"
    snapshot, report = build(essays, location, encoder=ShortSightedEncoder(window=42))
    assert (report.passages, report.truncated, snapshot.manifest.counts["truncated"]) == (3, 1, 1)
    assert ", 1 truncated, " in str(report)
    _, report = build(essays, location, encoder=SmallEncoder(window=42))
    assert (report.embedded, report.truncated) == (3, 0)
    _, report = build(essays, location, encoder=SmallEncoder(window=42))
    assert report.embedded == 0


@pytest.mark.parametrize("window", [30, 64])
def test_another_window_reads_everything_anew(tmp_path: Path, window: int) -> None:
    essays, location = library(tmp_path), tmp_path / "index"
    build(essays, location, encoder=SmallEncoder(window=42))
    rebuilt, report = build(essays, location, encoder=SmallEncoder(window=window))
    assert report.embedded == report.passages == 3
    fresh, _ = build(essays, tmp_path / "fresh", encoder=SmallEncoder(window=window))
    assert windows(rebuilt) == windows(fresh)
    assert [len(one) for one in windows(rebuilt)] == [5 if window == 30 else 2, 1, 1]


def windows(snapshot: Snapshot) -> list[list[list[int]]]:
    return [snapshot.rows.of(number).tolist() for number in range(snapshot.statistics.passages)]
