"""The page in real Chromium: asking, reading, rebuilding."""

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from browsing import Reader, serious, served
from playwright.sync_api import expect

from index.local.build import build
from index.local.location import current_name
from source.library import ESSAYS

# Gradio sets an option of pandas that pandas 3 warns of.
pytestmark = pytest.mark.filterwarnings("ignore:'future.no_silent_downcasting' is deprecated")

TANKS = "What tanks did the Soviet Union supply?"


@pytest.fixture(scope="module")
def location(tmp_path_factory, encoder) -> Path:
    """An index of two essays in a folder of its own."""
    folder = tmp_path_factory.mktemp("library") / "essays"
    shutil.copytree(ESSAYS, folder)
    (folder / "verse.md").write_text(VERSE, encoding="utf-8")
    build(folder, folder.parent / "index", encoder=encoder)
    return folder.parent / "index"


VERSE = """---
title: On Lighthouses
author: Ada Keeper
date: 1911
---
# On Lighthouses

The lamp of a lighthouse must be trimmed every evening before the sun goes down. A keeper who forgets it
is not forgiven by the sea.

    The lamp is lit, the night is wide,
        *no star* is out to steer;
    we keep the rock, we watch the tide,
        and __wait__ for morning here.

1986. That was the year in which the last keeper left the rock, and a machine took over the lamp.
"""


@pytest.fixture(scope="module")
def base(location) -> Iterator[str]:
    with served(location) as address:
        yield address


def test_a_question_is_answered_with_a_marked_quotation(reader, location):
    reader.open().ask(TANKS)
    expect(reader.page.locator("#conversation [role=status]")).to_contain_text("in 1 essay")
    quotation = reader.cards.first.locator("blockquote")
    text = (ESSAYS / "soviet-union-korean-war.txt").read_text(encoding="utf-8")
    assert quotation.evaluate("it => it.textContent") in text
    expect(quotation.locator("mark").first).to_contain_text("tank")
    expect(reader.cards.first).to_contain_text("of 62")
    expect(reader.page).to_have_title(f"{TANKS} · Quoth")
    assert "?q=What%20tanks" in reader.page.url


def test_a_passage_is_read_in_its_essay(reader):
    reader.open().ask(TANKS)
    reader.cards.first.get_by_role("link", name="Read in the essay").click()
    mark = reader.page.locator("#reader .passage.here mark").first
    expect(mark).to_be_in_viewport()
    assert mark.inner_text() == reader.cards.first.locator("mark").first.inner_text()
    box = reader.page.locator(".reader-text").bounding_box()
    assert abs(mark.bounding_box()["y"] - box["y"] - box["height"] / 3) < 40
    expect(reader.page.locator(".reader-text")).to_be_focused()
    assert reader.page.locator("#reader .passage").count() == 62


def test_an_essay_has_a_page_of_its_own_without_javascript(browser, base):
    reader = Reader(browser, base, java_script_enabled=False)
    reader.page.goto(f"{base}essay/verse.md?s=58-138#p2")
    expect(reader.page.get_by_role("heading", name="On Lighthouses")).to_be_visible()
    expect(reader.page.locator(".passage")).to_have_count(3)
    reader.page.goto(f"{base}essay/nobody.md")
    expect(reader.page.get_by_text("There is no such essay in the index.")).to_be_visible()
    reader.problems.clear()  # that it is not found
    reader.page.get_by_role("link", name="To the essays and the questions").click()
    expect(reader.page.locator("noscript .plain")).to_be_visible()
    assert "this page needs JavaScript" in reader.page.locator("noscript .plain").inner_text()
    reader.page.locator("noscript a[href$='verse.md?s=']").click()
    expect(reader.page.locator(".passage")).to_have_count(3)
    reader.close()
    assert reader.problems == []


def test_rebuilding_shows_progress_and_answers_meanwhile(reader, location):
    before = current_name(location)
    essay = location.parent / "essays" / "soviet-union-korean-war.txt"
    # Another title stands above every passage: all are embedded anew.
    essay.write_bytes(essay.read_bytes().replace(b"The Pivotal Role", b"The Crucial Role", 1))
    reader.open()
    reader.page.locator("#index-panel > button").click()
    reader.page.get_by_role("button", name="Rebuild").click()
    expect(reader.page.locator(".building")).to_be_visible()
    expect(reader.page.get_by_role("button", name="Cancel")).to_be_visible()
    reader.ask(TANKS)
    expect(reader.cards.first.locator("mark").first).to_contain_text("tank")
    expect(reader.page.get_by_text("Built: 2 documents")).to_be_visible()
    expect(reader.page.get_by_role("button", name="Cancel")).to_be_hidden()
    assert current_name(location) != before
    expect(reader.page.locator("#panels dd").filter(has_text=current_name(location))).to_be_visible()


def test_examples_run_and_make_room(browser, essay_location):
    with served(essay_location) as address:
        reader = Reader(browser, address).open()
        expect(reader.page.get_by_label("Question")).to_be_focused()
        reader.page.get_by_role("button", name="Why did the Soviet Union want Korean seaports?").click()
        expect(reader.cards.first.locator("mark").first).to_contain_text("seaports")
        expect(reader.page.locator(".examples")).to_have_count(0)
        reader.close()
        assert reader.problems == []


def test_an_empty_question_is_told_so(reader):
    reader.open().page.get_by_role("button", name="Ask", exact=True).click()
    expect(reader.page.locator("#conversation [role=status]")).to_have_text("Type a question first.")


def test_what_the_essays_do_not_say(reader):
    reader.open().ask("Who painted the Mona Lisa?")
    expect(reader.page.locator("#conversation [role=status]")).to_have_text("Not in these essays")
    expect(reader.cards).to_have_count(0)
    nearest = reader.page.locator(".turn[open] .rest .card")
    expect(nearest.first).to_be_hidden()
    reader.page.get_by_text("Show what comes closest").click()
    expect(nearest).to_have_count(2)
    expect(nearest.first).to_be_visible()
    expect(nearest.first.locator("mark").first).to_have_css("background-color", "rgba(0, 0, 0, 0)")


def test_follow_ups_are_understood_shown_edited_and_reset(reader):
    reader.open().ask(TANKS).ask("And fighter planes?")
    understood = reader.page.get_by_label("Understood as")
    expect(understood).to_have_value("What fighter planes did the Soviet Union supply?")
    expect(reader.cards.first.locator("mark").filter(has_text="MiG-15")).to_be_visible()
    assert "?q=What%20fighter%20planes" in reader.page.url
    understood.fill("What artillery did the Soviet Union supply?")
    understood.press("Enter")
    expect(reader.cards.first.locator("mark").first).to_contain_text("artillery")
    expect(reader.page.locator(".turn")).to_have_count(2)
    reader.ask("And trucks?")
    expect(understood.first).to_have_value("What trucks did the Soviet Union supply?")
    reader.page.get_by_role("button", name="Ask it literally").first.click()
    expect(reader.page.locator(".turn[open]").get_by_label("Understood as")).to_have_count(0)
    reader.page.get_by_role("button", name="New conversation").click()
    expect(reader.page.locator(".turn")).to_have_count(0)
    expect(reader.page).to_have_title("Quoth")


def test_more_like_this_and_why(reader):
    reader.open().ask(TANKS)
    card = reader.cards.first
    first = card.locator("blockquote").inner_text()
    card.get_by_text("Why this?").click()
    expect(card.locator(".why tr").filter(has_text="tank").first).to_be_visible()
    expect(card.locator(".ranks")).to_contain_text("of all passages by meaning")
    card.get_by_role("button", name="More like this").click()
    expect(reader.page.locator(".turn[open] h2")).to_contain_text("More like ¶ 25")
    assert first not in reader.cards.locator("blockquote").all_inner_texts()


def test_from_question_to_copied_citation_by_keyboard_alone(reader):
    keys = reader.open().page.keyboard
    keys.type(TANKS)
    keys.press("Enter")
    expect(reader.cards.first).to_be_visible()
    keys.press("Escape")
    keys.press("j")
    expect(reader.cards.first).to_be_focused()
    keys.press("Enter")
    expect(reader.page.locator("#reader .passage.here")).to_be_visible()
    keys.press("n")
    expect(reader.page.locator("#said")).to_contain_text("Mark")
    keys.press("p")
    expect(reader.cards.first).to_have_class(re.compile("here"))
    keys.press("Escape")
    expect(reader.page.locator("#reader")).to_be_hidden()
    expect(reader.cards.first).to_be_focused()
    keys.press("c")
    expect(reader.page.locator("#said")).to_have_text("Copied with citation")
    copied = reader.page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("“" + reader.cards.first.locator("blockquote").inner_text())
    assert copied.endswith("¶ 25 of 62")
    keys.press("?")
    expect(reader.page.get_by_role("heading", name="Keyboard")).to_be_visible()
    keys.press("Escape")
    keys.press("/")
    expect(reader.page.get_by_label("Question")).to_be_focused()


def test_an_address_asks_on_load(reader):
    reader.open("?q=Why%20did%20the%20Soviet%20Union%20want%20Korean%20seaports%3F")
    expect(reader.cards.first.locator("mark").first).to_contain_text("seaports")
    expect(reader.page).to_have_title("Why did the Soviet Union want Korean seaports? · Quoth")


def test_markdown_and_verse_are_quoted_as_they_stand(reader):
    reader.open().ask("Who is out to steer when the lamp is lit?")
    texts = reader.page.locator(".turn[open] blockquote").evaluate_all("all => all.map(it => it.textContent)")
    assert any("    *no star* is out to steer;\n    we keep" in text for text in texts) or any(
        "*no star* is out to steer;" in text for text in texts
    )
    reader.ask("In which year did the last keeper leave the rock?")
    texts = reader.page.locator(".turn[open] blockquote").evaluate_all("all => all.map(it => it.textContent)")
    assert any(text.startswith("1986. That was the year") for text in texts)


def test_asking_can_be_limited_to_chosen_essays(reader):
    page = reader.open().page
    reader.essays().get_by_role("checkbox", name="On Lighthouses").check()
    expect(page.locator("#essays-panel > button")).to_contain_text("asking 1 of 2")
    reader.ask(TANKS)
    expect(page.locator(".among")).to_have_text("Asked only: On Lighthouses")
    expect(page.locator(".card h3").filter(has_text="On Lighthouses").first).to_be_attached()
    assert not page.locator(".card h3").filter(has_text="Soviet").count()
    page.locator("#essays").get_by_role("link", name="Read On Lighthouses").click()
    expect(page.locator("#reader .byline")).to_contain_text("Ada Keeper")


def test_the_conversation_is_exported(reader, location):
    reader.open().ask(TANKS)
    saved = {}
    for name in ("Markdown", "JSON"):
        with reader.page.expect_download() as download:
            reader.page.locator("#conversation").get_by_role("button", name=name).click()
        saved[name] = Path(download.value.path()).read_text(encoding="utf-8")
    exported = json.loads(saved["JSON"])
    text = (ESSAYS / "soviet-union-korean-war.txt").read_text(encoding="utf-8")
    for quote in exported["turns"][0]["quotes"]:
        assert text[quote["start"] : quote["end"]] == quote["text"]
    assert "The Soviet Union supplied a variety of weaponry" in saved["Markdown"]


def test_an_essay_is_added_for_one_reader_only(reader, browser, base, tmp_path):
    essay = tmp_path / "gardens.md"
    essay.write_text("# On Gardens\n\nA tomato wants six hours of sun and rich soil.\n", encoding="utf-8")
    page = reader.open().page
    page.locator("#adding-panel > button").click()
    expect(page.get_by_text("nobody else sees them")).to_be_visible()
    page.locator("#adding-panel input[type=file]").set_input_files(essay)
    expect(page.locator("#adding-panel").get_by_text("gardens")).to_be_visible()
    page.get_by_role("button", name="Add and index").click()
    expect(page.locator("#adding-panel").get_by_text("Added On Gardens, 1 paragraph.")).to_be_visible()
    reader.ask("How much sun does a tomato want?")
    expect(page.locator(".turn[open] mark").first).to_contain_text("six hours of sun")
    page.locator(".turn[open] a[data-open]").first.click()
    expect(page.locator("#reader .here mark")).to_contain_text("six hours of sun")
    other = Reader(browser, base).open().ask("How much sun does a tomato want?")
    assert not other.page.locator("mark").filter(has_text="tomato").count()
    other.close()


def test_an_essay_is_added_to_the_library(browser, tmp_path, encoder):
    folder, essay = tmp_path / "essays", tmp_path / "gardens.md"
    folder.mkdir()
    (folder / "verse.md").write_text(VERSE, encoding="utf-8")
    essay.write_text("# On Gardens\n\nA tomato wants six hours of sun and rich soil.\n", encoding="utf-8")
    build(folder, tmp_path / "index", encoder=encoder)
    with served(tmp_path / "index") as address:
        reader = Reader(browser, address).open()
        page = reader.page
        page.locator("#adding-panel > button").click()
        page.get_by_label("In the library, for everybody").check()
        page.locator("#adding-panel input[type=file]").set_input_files(essay)
        expect(page.locator("#adding-panel").get_by_text("gardens")).to_be_visible()
        page.get_by_role("button", name="Add and index").click()
        expect(page.locator("#adding-panel").get_by_text("Added On Gardens, 1 paragraph.")).to_be_visible()
        assert (folder / "gardens.md").read_bytes() == essay.read_bytes()
        expect(reader.essays()).to_contain_text("On Gardens")
        reader.ask("How much sun does a tomato want?")
        expect(page.locator(".turn[open] mark").first).to_contain_text("six hours of sun")
        reader.close()
        assert reader.problems == []


def test_a_hostile_essay_is_shown_as_text(browser, tmp_path, encoder):
    folder = tmp_path / "essays"
    folder.mkdir()
    hostile = (
        "Bad <img src=x onerror='window.bad=1'> title ${window.bad=2} {{window.bad=3}}\n\n"
        "The secret </blockquote><script>window.bad=4</script> word `${window.bad=5}` is {{window.bad=6}} "
        '"><img src=x onerror=window.bad=7> and \u202ebackwards. It costs ${5}. C:\\new\\table.\n'
    )
    (folder / "hostile.txt").write_text(hostile, encoding="utf-8")
    (folder / "long.txt").write_text("word " * 2_000, encoding="utf-8")
    (folder / "headings.md").write_text("".join(f"# Heading {i}\n\n" for i in range(2_000)) + "A passage.\n")
    build(folder, tmp_path / "index", encoder=encoder)
    with served(tmp_path / "index") as address:
        reader = Reader(browser, address).open().ask("What is the secret word?")
        reader.page.locator(".turn[open] a[data-open]").first.evaluate("link => link.click()")
        expect(reader.page.locator("#reader .passage").first).to_be_attached()
        texts = reader.page.locator("blockquote").evaluate_all("all => all.map(it => it.textContent)")
        assert hostile.split("\n\n")[1].strip() in texts
        assert reader.page.evaluate("window.bad") is None
        assert reader.sideways() == []
        reader.page.goto(f"{address}essay/headings.md")
        expect(reader.page.locator("h2").last).to_contain_text("Heading 1999")
        reader.close()
        assert reader.problems == []


def test_two_readers_ask_while_a_third_rebuilds(browser, base):
    readers = [Reader(browser, base).open() for _ in range(3)]
    readers[2].page.locator("#index-panel > button").click()
    readers[2].page.get_by_role("button", name="Rebuild").click()
    for reader in readers[:2]:
        reader.ask(TANKS)
        expect(reader.cards.first.locator("mark").first).to_contain_text("tank")
    expect(readers[2].page.get_by_text("Built: 2 documents")).to_be_visible()
    for reader in readers:
        reader.close()
        assert reader.problems == []


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_fits_and_is_accessible(browser, base, width, scheme):
    reader = Reader(browser, base, width=width, scheme=scheme).open()
    page = reader.page
    faults = {"first": serious(page)}
    assert reader.sideways() == []
    reader.ask(TANKS).ask("And fighter planes?")
    page.locator(".turn[open] .why > summary").first.click()
    faults["answered"] = serious(page)
    assert reader.sideways() == []
    page.locator(".turn[open] a[data-open]").first.click()
    expect(page.locator("#reader .here mark").first).to_be_in_viewport()
    faults["reading"] = serious(page)
    assert reader.sideways() == []
    page.go_back()
    expect(page.locator("#reader .here")).to_be_hidden()
    reader.essays()
    for panel in ("index-panel", "adding-panel"):
        page.locator(f"#{panel} > button").click()
    faults["panels"] = serious(page)
    assert reader.sideways() == []
    page.goto(f"{base}essay/verse.md#p2")
    faults["essay"] = serious(page)
    assert reader.sideways() == []
    reader.close()
    assert faults == {"first": [], "answered": [], "reading": [], "panels": [], "essay": []}
    assert reader.problems == []


def test_print_is_a_page_of_quotations(reader):
    reader.open().ask(TANKS).ask("And fighter planes?")
    reader.page.emulate_media(media="print")
    expect(reader.page.locator("blockquote").first).to_be_visible()
    expect(reader.page.locator("#ask-form")).to_be_hidden()
    expect(reader.page.get_by_role("button", name="More like this").first).to_be_hidden()
    assert reader.page.pdf().startswith(b"%PDF")
    expect(reader.page.locator(".printed")).to_contain_text("Printed on")
    oldest, newest = (reader.page.locator("h2").filter(has_text=asked) for asked in (TANKS, "fighter planes"))
    assert oldest.bounding_box()["y"] < newest.bounding_box()["y"]


def test_many_essays_are_searched(browser, tmp_path, encoder):
    folder = tmp_path / "essays"
    folder.mkdir()
    for name in ("bread", "boats", "bees", "bells", "birds", "books", "bones", "bricks", "bridges"):
        (folder / f"{name}.md").write_text(f"# On {name.title()}\n\nMuch can be said about {name}.\n", encoding="utf-8")
    build(folder, tmp_path / "index", encoder=encoder)
    with served(tmp_path / "index") as address:
        reader = Reader(browser, address).open()
        expect(reader.essays().locator("li:visible")).to_have_count(9)
        reader.page.get_by_label("Find an essay").fill("bri")
        expect(reader.page.locator("#essays li:visible")).to_have_count(2)
        expect(reader.page.get_by_role("heading", name="9 essays, 9 passages")).to_be_visible()
        reader.close()
        assert reader.problems == []


def test_the_page_works_behind_a_password(browser, location):
    with served(location, auth=("reader", "secret")) as address:
        reader = Reader(browser, address, http_credentials={"username": "reader", "password": "secret"}).open()
        reader.ask(TANKS)
        expect(reader.cards.first.locator("mark").first).to_contain_text("tank")
        reader.page.locator("#index-panel > button").click()
        reader.page.get_by_role("button", name="Rebuild").click()
        expect(reader.page.get_by_text("Built: 2 documents")).to_be_visible()
        reader.close()
        assert reader.problems == []
