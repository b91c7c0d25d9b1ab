"""In real Chromium: a library of one's own, from its start screen to a row of a table in one of its essays."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from browsing import Reader, serious, served
from playwright.sync_api import expect

from index.local.build import build

# Gradio sets an option of pandas that pandas 3 warns of.
pytestmark = pytest.mark.filterwarnings("ignore:'future.no_silent_downcasting' is deprecated")

TOWERS = """---
title: On Lighthouses
author: Ada Keeper
---
# On Lighthouses

A lighthouse is a tower with a **bright lamp** on top.

## Towers of the coast

| Lighthouse | Built | Metres |
|---|---|---|
| Eddystone | 1882 | 49 |
| Bell Rock | 1810 | 35 |

## Why are lamps red?

Lamps are red where ships must not go.
"""
VILLAGE = "הכפר על גדת הנהר\n\nהכפר על גדת הנהר הוא כפר קטן ויפה מאוד. הילדים משחקים ליד המים.\n"


@pytest.fixture(scope="module")
def base(tmp_path_factory, encoder) -> Iterator[str]:
    folder: Path = tmp_path_factory.mktemp("own") / "essays"
    folder.mkdir()
    (folder / "towers.md").write_text(TOWERS, encoding="utf-8")
    (folder / "village.txt").write_text(VILLAGE, encoding="utf-8")
    build(folder, folder.parent / "index", encoder=encoder)
    with served(folder.parent / "index") as address:
        yield address


def test_from_the_start_screen_to_a_row_of_a_table(browser, base):
    reader = Reader(browser, base).open()
    page = reader.page
    expect(page.get_by_role("heading", name="2 essays, 4 passages")).to_be_visible()
    expect(page.locator(".openings li").first).to_contain_text("A lighthouse is a tower with a bright lamp on top.")
    page.get_by_role("button", name="What is a lighthouse?").click()
    quotation = reader.cards.first.locator("blockquote")
    expect(quotation.locator(".strong")).to_have_text("bright lamp")
    assert quotation.inner_text() == "A lighthouse is a tower with a bright lamp on top."
    assert quotation.evaluate("it => it.textContent") == "A lighthouse is a tower with a **bright lamp** on top."
    reader.ask("When was the Eddystone lighthouse built?")
    reader.page.locator(".turn[open] a[data-open]").first.evaluate("link => link.click()")
    expect(page.locator("#reader .passage").first).to_be_visible()
    places = [page.locator(one).bounding_box()["x"] for one in ("#essays", "#conversation", "#reader")]
    assert places == sorted(places)
    assert len(set(places)) == 3
    assert page.locator("#reader .rows th").all_inner_texts() == ["Lighthouse", "Built", "Metres"]
    expect(page.locator("#reader .front")).to_be_hidden()
    page.locator("#outline").get_by_role("button", name="Why are lamps red?").click()
    expect(page.locator("#reader h2, #reader h3").filter(has_text="Why are lamps red?")).to_be_in_viewport()
    page.get_by_role("button", name="Display").click()
    page.get_by_label("with its marks, as in the file").check()
    page.locator("#looks").get_by_role("button", name="Close").click()
    expect(page.locator("#reader .front")).to_be_visible()
    expect(page.locator("#reader .sign").first).to_be_visible()
    assert reader.sideways() == []
    page.get_by_role("link", name="Read הכפר על גדת הנהר").click()
    expect(page.locator("#reader .essay")).to_have_attribute("dir", "rtl")
    number, words = (page.locator(f"#reader {one}").first.bounding_box()["x"] for one in (".number", ".words"))
    assert number > words
    reader.close()
    assert reader.problems == []


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_every_state_is_accessible(browser, base, width, scheme):
    reader = Reader(browser, base, width=width, scheme=scheme).open()
    page = reader.page
    faults = {"start": serious(page)}
    reader.ask("What is a lighthouse?")
    page.locator(".turn[open] [data-keep]").first.click()
    expect(page.locator(".tray li")).to_have_count(1)
    faults["tray"] = serious(page)
    assert reader.sideways() == []
    reader.ask("Who painted the Mona Lisa?")
    faults["none"] = serious(page)
    reader.ask("Who built the lamps of the Eddystone lighthouse?")
    faults["close"] = serious(page)
    page.get_by_role("button", name="Display").click()
    faults["display"] = serious(page)
    assert reader.sideways() == []
    reader.close()
    assert {state: found for state, found in faults.items() if found} == {}
    assert reader.problems == []


def test_the_start_screen_shows_what_was_built_meanwhile(browser, encoder, tmp_path):
    folder = tmp_path / "essays"
    folder.mkdir()
    (folder / "towers.md").write_text(TOWERS, encoding="utf-8")
    build(folder, tmp_path / "index", encoder=encoder)
    with served(tmp_path / "index") as base:
        reader = Reader(browser, base).open()
        expect(reader.page.locator(".openings li")).to_have_count(1)
        (folder / "bees.txt").write_text("Bees make honey in June.\n", encoding="utf-8")
        reader.page.locator("#index-panel > button").click()
        reader.page.get_by_role("button", name="Rebuild").click()
        expect(reader.page.locator(".openings li").filter(has_text="Bees make honey in June.")).to_be_visible()
        reader.close()
        assert reader.problems == []


def test_beside_one_essay_alone_no_column_is_empty(browser, essay_location):
    with served(essay_location) as base:
        reader = Reader(browser, base).open().ask("What tanks did the Soviet Union supply?")
        reader.cards.first.get_by_role("link", name="Read in the essay").click()
        expect(reader.page.locator("#reader .passage.here")).to_be_visible()
        pane, talk = (reader.page.locator(name).bounding_box() for name in ("#reader", "#talk"))
        assert talk["width"] == pytest.approx(pane["width"], abs=60)
        assert pane["x"] + pane["width"] > reader.page.viewport_size["width"] - 60
        reader.close()
        assert reader.problems == []
