"""A permalink tells what has become of its quotation, however the essays were edited."""

import json
import random
from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from small_encoder import SmallEncoder

from index.build import build
from index.opening import sink
from index.protocol import Index
from qa.quotations.links.kept import drift, kept_in
from qa.quotations.links.permalink import LONGEST_QUOTATION, Opened, Permalink, parsed, permalink
from qa.quotations.links.reopened import as_indexed, as_today, reopened
from qa.quotations.search import Library
from source.document import Document, Span
from source.errors import UserError
from source.library import ESSAYS
from source.reading import read_data

NAME = "soviet-union-korean-war.txt"


def opened(link: Permalink, text: str, library: Library) -> Opened:
    """What has become of a quotation now that its document says `text`."""
    now = read_data(text.encode(), link.document)
    return reopened(link, lambda name: now if name == link.document else None, library)


def test_an_address_tells_all_and_is_read_back(index: Index) -> None:
    text = index.document("sea.txt").text
    at = text.index("Nobody")
    link = permalink(index.document("sea.txt"), at, at + 40)
    assert link.exact == text[at : at + 40]
    assert (link.prefix, link.suffix) == (text[at - 32 : at], text[at + 40 : at + 72])
    values = parse_qs(urlsplit(link.address).query)
    assert urlsplit(link.address).path == "/q/sea.txt"
    assert (values["start"], values["sha256"]) == ([str(at)], [link.sha256])
    assert parsed(link.address) == parsed(f"https://example.org{link.address}") == link
    selectors = link.json()["target"]
    assert selectors == {
        "source": "sea.txt",
        "selector": [
            {"type": "TextQuoteSelector", "exact": link.exact, "prefix": link.prefix, "suffix": link.suffix},
            {"type": "TextPositionSelector", "start": at, "end": at + 40},
        ],
    }


@pytest.mark.parametrize("text", ["&=?#%+ /\n“ü”\t\ud800 海", "a" * LONGEST_QUOTATION, "%41"])
@pytest.mark.parametrize("name", ["a.txt", "ö & ü/b?c#d%.md", "/etc/passwd", "../x.txt"])
def test_any_text_and_name_survives_its_address(text: str, name: str) -> None:
    link = permalink(Document(name, f"before {text} behind", ""), 7, 7 + len(text))
    assert link.address.isascii()
    assert parsed(link.address) == link


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda address: "", "is no permalink"),
        (lambda address: "a" * 300_000, "has 300,000 characters"),
        (lambda address: address.replace("/q/", "/x/"), "is no permalink"),
        (lambda address: address.replace("sea.txt", ""), "is no permalink"),
        (lambda address: address.replace("start=", "start=-"), "is no permalink"),
        (lambda address: address.replace("start=", "start=" + "9" * 5000), "is no permalink"),
        (lambda address: address.replace("start=", "first="), "is no permalink"),
        (lambda address: address.replace("exact=", "exact=x"), "is no permalink"),
        (lambda address: address.replace("Nobody", "Noboty"), "not those that it was made with"),
        (lambda address: "http://[" + address, "is no permalink"),
        (lambda address: address + "&a" * 50, "is no permalink"),
        (lambda address: address[:80], "is no permalink"),
    ],
)
def test_what_is_no_permalink_is_refused(index: Index, spoil: Callable[[str], str], message: str) -> None:
    text = index.document("sea.txt").text
    at = text.index("Nobody")
    address = permalink(index.document("sea.txt"), at, at + 40).address
    with pytest.raises(UserError, match=message):
        parsed(spoil(address))


@pytest.mark.parametrize("span", [(0, 0), (-1, 4), (5, 3), (0, 10**9)])
def test_what_is_no_quotation_has_no_permalink(index: Index, span: tuple[int, int]) -> None:
    with pytest.raises(UserError, match="are no quotation"):
        permalink(index.document("sea.txt"), *span)


def test_of_several_places_that_which_has_the_old_context_is_meant(index: Index) -> None:
    text = "Title\n\nOne said: it rained. Two said: it rained. Three said: it rained.\n"
    before = read_data(text.encode(), "rain.txt")
    at = text.index("it rained. Three")
    link = permalink(before, at, at + 10)
    now = opened(link, text.replace("One said", "In the end one said"), Library(index))
    assert (now.state, now.place and now.place.start) == ("moved", at + 11)
    # What is part of another word is another word.
    assert opened(link, "Title\n\nSummit rainedness was foreseen by them.\n", Library(index)).state == "gone"


def sentences(document: Document) -> list[Span]:
    return [
        sentence
        for passage in document.passages
        for sentence in passage.sentences
        if len(document.text[sentence.start : sentence.end].split()) >= 8
    ]


NEW = "A wholly new paragraph about beekeeping, honey and wax was put in here by nobody in particular.\n\n"


def test_two_hundred_quotations_survive_two_hundred_edits(tmp_path: Path) -> None:
    text = (ESSAYS / NAME).read_bytes().decode()
    document = read_data(text.encode(), NAME)
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "bees.txt").write_text(NEW, encoding="utf-8")
    index, _ = build(tmp_path / "other", sink(tmp_path / "index"), encoder=SmallEncoder())
    library = Library(index)
    rng = random.Random(7)
    quoted = sentences(document)
    states: list[str] = []
    for number in range(200):
        span = rng.choice(quoted)
        link = permalink(document, span.start, span.end)
        starts = [one.start for one in document.passages]
        before = max(one for one in starts if one <= span.start)
        behind = next((one for one in starts if one >= span.end), len(text))
        kind = ("unchanged", "moved", "altered", "gone")[number % 4]
        if kind == "unchanged":
            edited = text[:behind] + NEW + text[behind:]
        elif kind == "moved":
            edited = text[:before] + NEW + text[before:] if number % 8 == 1 else text[:before] + text[behind:]
            edited = edited if number % 8 == 1 else edited + "\n\n" + text[before:behind]
        elif kind == "altered":
            words = link.exact.split(" ")
            words[rng.randrange(1, len(words) - 1)] = "honeycomb"
            edited = text[: span.start] + " ".join(words) + text[span.end :]
        else:
            edited = text[: span.start] + text[span.end :]
        if link.exact in edited and kind in ("altered", "gone"):
            continue  # the essay says it twice
        now = opened(link, edited, library)
        expected = "unchanged" if edited[span.start : span.end] == link.exact else kind
        assert now.state == expected, (kind, link.exact, now)
        if now.place is not None:
            assert edited[now.place.start : now.place.end] == now.text
        if now.stands:
            assert now.text == link.exact
        if now.state == "altered":
            assert "honeycomb" in " ".join(one.original for one in now.differences if one.kind == "changed")
        states.append(now.state)
    assert min(states.count(state) for state in ("unchanged", "moved", "altered", "gone")) > 40


def test_a_quotation_that_moved_to_another_essay_is_found_there(tmp_path: Path) -> None:
    folder = tmp_path / "essays"
    folder.mkdir()
    (folder / "old.txt").write_text(
        "Old\n\nThe bridge was built by monks in 1203. It fell in 1740.\n", encoding="utf-8"
    )
    (folder / "new.txt").write_text("New\n\nNothing is known of any bridge here.\n", encoding="utf-8")
    where = sink(tmp_path / "index")
    with build(folder, where, encoder=SmallEncoder())[0] as index:
        text = index.document("old.txt").text
        link = permalink(index.document("old.txt"), 5, text.index(" It fell"))
        assert reopened(link, as_today(index), Library(index)).state == "unchanged"
        # As today: the file says it although the index does not know yet.
        (folder / "old.txt").write_text("Old\n\nFirst. The bridge was built by monks in 1203.\n", encoding="utf-8")
        assert reopened(link, as_indexed(index), Library(index)).state == "unchanged"
        assert reopened(link, as_today(index), Library(index)).state == "moved"
        (folder / "old.txt").write_text("Old\n\nThe bridge was built by nuns in 1203.\n", encoding="utf-8")
        assert reopened(link, as_today(index), Library(index)).state == "altered"
        (folder / "old.txt").unlink()
        assert reopened(link, as_today(index), Library(index)).state == "gone"
    (folder / "new.txt").write_text("New\n\nWe know this. The bridge was built by monks in 1203.\n", encoding="utf-8")
    with build(folder, where, encoder=SmallEncoder())[0] as index:
        now = reopened(link, as_today(index), Library(index))
    assert (now.state, now.place and now.place.document) == ("moved", "new.txt")


def test_a_name_from_outside_leads_to_no_other_file(tmp_path: Path, index: Index) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("The password is swordfish and nobody knows.\n", encoding="utf-8")
    for name in (str(secret), f"../../{secret.name}", "conftest.py"):
        assert as_today(index)(name) is None


@pytest.mark.parametrize("shape", ["list", "turns", "lines", "answer"])
def test_kept_quotations_are_read_in_every_form(tmp_path: Path, index: Index, shape: str) -> None:
    text = index.document("sea.txt").text
    links = [
        permalink(index.document("sea.txt"), at, at + 30) for at in (text.index("Nobody"), text.index("They sang"))
    ]
    one, other = (
        {"document": link.document, "start": link.start, "end": link.end, "text": link.exact, "sha256": link.sha256}
        for link in links
    )
    values = {
        "list": [one, {**other, "note": "for later", "place": "¶ 4"}],
        "turns": {"turns": [{"quotes": [one]}, {"quotes": [other, one]}]},
        "answer": {"question": "?", "quotes": [one, other]},
        "lines": None,
    }[shape]
    path = tmp_path / "quotations.json"
    path.write_text(json.dumps(values) if values else f"{json.dumps(one)}\n{json.dumps(other)}\n", encoding="utf-8")
    kept = kept_in(path)
    assert [(link.document, link.start, link.exact) for link in kept] == [
        (link.document, link.start, link.exact) for link in links
    ]
    assert [found.state for _, found in drift(kept, index, as_today(index))] == ["unchanged", "unchanged"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "is not JSON"),
        ("{", "is not JSON"),
        ("[" * 100_000, "is not JSON|nested too deeply"),
        ("[" * 60 + "]" * 60, "nested too deeply"),
        ("[]", "holds no quotation"),
        ('{"document": "a.txt", "start": 0, "end": 9, "text": "abc"}', "is no quotation"),
        ('{"document": "a.txt", "start": -3, "end": 0, "text": "abc"}', "is no quotation"),
        ('{"document": "a.txt", "start": 0, "end": 3, "text": "abc", "sha256": "00"}', "is not that of its SHA-256"),
    ],
)
def test_a_file_without_kept_quotations_is_refused(tmp_path: Path, content: str, message: str) -> None:
    path = tmp_path / "quotations.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(UserError, match=message):
        kept_in(path)
    with pytest.raises(UserError, match="cannot be read"):
        kept_in(tmp_path / "none.json")
