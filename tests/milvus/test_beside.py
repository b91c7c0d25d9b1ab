"""A reader's own essays beside a collection: as if they were one index, on a server that has no essays, too."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from alike import ASKED
from browsing import Reader, chromium, served, until
from playwright.sync_api import Browser, expect
from small_encoder import ShippedEncoder, SmallEncoder

from index.build import build
from index.encoding.encoder import Encoder
from index.joined import JoinedIndex
from index.local.build import build as build_locally
from index.opening import open_index, sink
from qa.page.guard.door import Access
from qa.page.server.site import Site
from qa.page.server.uploads import Upload
from qa.retriever import Retriever

# Gradio sets an option of pandas that pandas 3 warns of.
pytestmark = pytest.mark.filterwarnings("ignore:'future.no_silent_downcasting' is deprecated")

BEES = "Bees\n\nThe bees came over the river in July. Everybody saw the bees, and nobody a tank.\n\nGrain is food.\n"
# A phrase that very many passages hold is not among them: which of these are looked at, each index decides by itself.
PUT = (*(one for one in ASKED if one != '"the river"'), "Who saw the bees?", '"the bees"', "What is food?")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.mark.parametrize("kind", [SmallEncoder, ShippedEncoder])
def test_the_answers_are_those_of_one_index(address: str, essays: Path, tmp_path: Path, kind: type) -> None:
    encoder = kind()
    library, _ = build(essays, sink(address), encoder=encoder)
    own_folder = tmp_path / "own"
    own_folder.mkdir()
    (own_folder / "bees.txt").write_text(BEES, encoding="utf-8")
    own, _ = build_locally(own_folder, tmp_path / "own-index", encoder=encoder, beside=library)
    (essays / "bees.txt").write_text(BEES, encoding="utf-8")
    whole, _ = build_locally(essays, tmp_path / "whole", encoder=encoder, beside=library)
    joined = JoinedIndex(own, library)
    for question in PUT:
        for documents in (None, ["bees.txt", "war.txt"], ["bees.txt"]):
            answer, expected = (Retriever(one, encoder).answer(question, 5, documents) for one in (joined, whole))
            assert answer.verdict == expected.verdict
            assert [one.place for one in answer] == [one.place for one in expected]
            assert [one.marked for one in answer] == [one.marked for one in expected]
            assert answer.confidence == pytest.approx(expected.confidence, abs=1e-4)
    assert any(quote.document.name == "bees.txt" for quote in Retriever(joined, encoder).answer('"the river"', 60))


def test_essays_of_ones_own_are_asked_where_those_of_the_library_are_not(
    address: str, essays: Path, tmp_path: Path, encoder: Encoder
) -> None:
    build(essays, sink(address), encoder=encoder)
    away = essays.rename(tmp_path / "elsewhere")
    here = Site(address, Access.on("127.0.0.1", None, uploads=True, limits=None), tmp_path / "kept")
    reader = "0" * 64
    try:
        assert not here.has_essays
        bees = [Upload("bees.txt", BEES.encode()), Upload("war.txt", b"Another war.\n")]
        building, refused = here.add_own(bees, reader)
        assert refused == ["war.txt: another essay has this name; rename yours"]
        assert building is not None
        until(lambda: not building.progress.running)
        assert building.progress.failure == ""
        answer = here.retriever(reader).answer("When did the bees come over the river?")
        assert answer.quotes[0].document.name == "bees.txt"
        of_library = here.retriever(reader).answer("When was the armistice signed?")
        assert of_library.quotes[0].text == "The armistice was signed in July."
        assert of_library.unchecked.startswith("The essays themselves cannot be read; this is what they said on ")
        assert "bees.txt" not in [entry.name for entry in here.snapshot().entries]  # nobody else sees them
        (away / "krieg.txt").unlink()
        (away / "new.txt").write_text("New\n\nThe lamps of the harbour are green.\n", encoding="utf-8")
        build(away, sink(address), encoder=encoder)  # elsewhere
        names = {entry.name for entry in here.snapshot(reader).entries}
        assert names >= {"bees.txt", "new.txt", "war.txt"}
        assert "krieg.txt" not in names
        assert "green" in here.retriever(reader).answer("What are the lamps of the harbour?").quotes[0].text
        here.forget(reader)
        assert "bees.txt" not in [entry.name for entry in here.snapshot(reader).entries]
    finally:
        here.close()


def test_essays_built_with_other_vectors_than_the_library_are_built_again(
    address: str, essays: Path, tmp_path: Path, encoder: Encoder
) -> None:
    build(essays, sink(address), encoder=encoder)
    reader, access = "0" * 64, Access.on("127.0.0.1", None, uploads=True, limits=None)
    here = Site(address, access, tmp_path / "kept")
    building, _ = here.add_own([Upload("bees.txt", BEES.encode())], reader)
    assert building is not None
    until(lambda: not building.progress.running)
    own = here.readers.own(reader)
    here.close()
    build_locally(own / "essays", own / "index", encoder=SmallEncoder())
    here = Site(address, access, tmp_path / "kept")
    try:
        assert "bees.txt" not in [entry.name for entry in here.snapshot(reader).entries]  # not before it is built
        until(lambda: "bees.txt" in [entry.name for entry in here.snapshot(reader).entries])
        assert here.retriever(reader).answer("When did the bees come?").quotes[0].document.name == "bees.txt"
        with open_index(own / "index") as index:
            assert index.model_sha256 == encoder.fingerprint
    finally:
        here.close()


def test_in_the_browser_over_a_collection_whose_essays_are_elsewhere(
    address: str, essays: Path, tmp_path: Path, encoder: Encoder, browser: Browser
) -> None:
    build(essays, sink(address), encoder=encoder)
    essays.rename(tmp_path / "elsewhere")
    (tmp_path / "bees.txt").write_text(BEES, encoding="utf-8")
    with served(address) as base:
        reader = Reader(browser, base).open()
        page = reader.page
        page.locator("#index-panel > button").click()
        expect(page.get_by_role("button", name="Rebuild")).to_be_hidden()
        page.locator("#adding-panel > button").click()
        page.locator("#adding-panel input[type=file]").set_input_files(tmp_path / "bees.txt")
        expect(page.locator("#adding-panel")).to_contain_text("bees.txt")
        page.get_by_role("button", name="Add and index").click()
        expect(page.locator("#adding-panel [role=status]")).to_contain_text("Added Bees, 2 paragraphs.")
        reader.ask("When did the bees come over the river?")
        expect(reader.cards.first).to_contain_text("The bees came over the river in July.")
        reader.cards.first.get_by_role("link", name="Read in the essay").click()
        expect(page.locator("#reader .passage.here")).to_contain_text("The bees came over the river in July.")
        reader.ask("When was the armistice signed?")
        expect(reader.cards.first).to_contain_text("The armistice was signed in July.")
        expect(page.locator(".turn[open]")).to_contain_text("The essays themselves cannot be read")
        reader.open()
        expect(page.locator("#conversation")).to_contain_text("When did the bees come over the river?")
        reader.close()
        assert reader.problems == []


def test_the_other_of_two_servers_says_that_it_has_not_what_was_asked_before(
    address: str, essays: Path, tmp_path: Path, encoder: Encoder, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    build(essays, sink(address), encoder=encoder)
    said = "is kept by another server of this library"
    held: list[dict[str, str]] = []  # what the browser keeps of the address that both servers have for their readers

    def visit(server: str, question: str, told: bool) -> None:
        monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / server))
        with served(address) as base:
            reader = Reader(browser, base)
            reader.context.add_init_script(
                f"Object.entries({json.dumps(held[-1] if held else {})}).forEach(([name, text])"
                " => localStorage.getItem(name) ?? localStorage.setItem(name, text))"
            )
            page = reader.open().page
            expect(page.get_by_text(said)).to_have_count(1)
            expect(page.get_by_text(said)).to_be_visible() if told else expect(page.get_by_text(said)).to_be_hidden()
            if question:
                reader.ask(question)
                expect(page.get_by_text(said)).to_be_hidden()
            held.append(page.evaluate("({...localStorage})"))
            reader.close()
            assert reader.problems == []

    visit("first", "", told=False)
    visit("first", "When was the armistice signed?", told=False)
    visit("second", "", told=True)
    visit("first", "", told=False)
    visit("second", "Who saw the tanks?", told=True)
    visit("second", "", told=False)
    visit("first", "", told=True)
