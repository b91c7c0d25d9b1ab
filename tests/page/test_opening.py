"""In real Chromium: the page is there before Gradio is, and what comes later moves nothing and writes nothing anew."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from browsing import Reader, served
from playwright.sync_api import expect

from index.local.build import build

# Gradio sets an option of pandas that pandas 3 warns of.
pytestmark = pytest.mark.filterwarnings("ignore:'future.no_silent_downcasting' is deprecated")

TANKS = "What tanks did the Soviet Union supply?"
# Where the parts that are there at first are, and how they look.
PLACES = """() => ["body", "h1", ".masthead p", "#ask-form label", "#question", "#ask"].map((name) => {
    const part = document.querySelector(name), box = part.getBoundingClientRect(), style = getComputedStyle(part);
    const place = name === "body" ? [] : [box.x, box.y, box.width, box.height].map(Math.round);
    return [name, ...place, style.font, style.color, style.backgroundColor].join(" ");
})"""


@pytest.fixture(scope="module")
def several(tmp_path_factory, encoder) -> Iterator[str]:
    folder: Path = tmp_path_factory.mktemp("own") / "essays"
    folder.mkdir()
    for name in ("boats", "bees"):
        (folder / f"{name}.md").write_text(f"# On {name.title()}\n\nMuch can be said about {name}.\n", encoding="utf-8")
    build(folder, folder.parent / "index", encoder=encoder)
    with served(folder.parent / "index") as address:
        yield address


@pytest.mark.parametrize("library", ["base", "several"])
@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (1280, "dark"), (768, "light"), (390, "dark")])
def test_the_first_that_is_seen_is_the_page_and_stays_where_it_is(request, browser, library, width, scheme):
    reader = Reader(browser, request.getfixturevalue(library), width=width, scheme=scheme)
    page = reader.page
    with reader.slow("**/assets/*.js"):
        page.goto(reader.base, wait_until="commit")
        expect(page.get_by_role("button", name="Ask", exact=True)).to_be_visible()
        expect(page.locator("body")).not_to_contain_text("Loading")
        page.evaluate("document.fonts.ready")
        first = page.evaluate(PLACES)
    page.locator("#layout #question").wait_for()
    expect(page.get_by_role("button", name="Display")).to_be_visible()
    assert page.evaluate(PLACES) == first
    assert page.locator("#question").count() == 1
    reader.close()
    assert reader.problems == []


def test_what_is_typed_before_gradio_is_there_stays_and_the_cursor_too(reader):
    page = reader.page
    box = page.get_by_label("Question", exact=True)
    with reader.slow("**/assets/*.js"):
        page.goto(reader.base, wait_until="commit")
        expect(box).to_be_focused()
        page.keyboard.type("What did the Union supply?")
        for _ in "Union supply?":
            page.keyboard.press("ArrowLeft")
    page.locator("#layout #question").wait_for()
    expect(box).to_be_focused()
    page.keyboard.type("Soviet ")
    expect(box).to_have_value("What did the Soviet Union supply?")


def test_what_is_asked_before_gradio_is_there_is_answered(reader):
    page = reader.page
    box = page.get_by_label("Question", exact=True)
    with reader.slow("**/assets/*.js"):
        page.goto(reader.base, wait_until="commit")
        box.fill(TANKS)
        box.press("Enter")
        box.press_sequentially("And then")
    expect(page.locator(".turn[open] h2")).to_have_text(TANKS)
    expect(box).to_have_value("And then")
    expect(page.locator(".turn")).to_have_count(1)


def test_an_answer_leaves_the_turns_before_it_as_they_are(reader):
    page = reader.open().ask(TANKS).ask("What was the armistice?").page
    reader.ask("How was propaganda spread?")
    page.evaluate("""() => {
        window.changed = [];
        const watched = { subtree: true, childList: true, characterData: true, attributes: true };
        for (const turn of document.querySelectorAll(".turn")) {
            turn.earlier = turn.dataset.turn;
            const seen = (all) => changed.push(...all.map((one) => one.attributeName ?? one.type));
            new MutationObserver(seen).observe(turn, watched);
        }
    }""")
    with reader.slow():
        page.get_by_label("Question", exact=True).fill("Who led North Korea?")
        page.get_by_label("Question", exact=True).press("Enter")
        expect(page.locator(".asking")).to_have_text("Who led North Korea?")
    expect(page.locator(".turn")).to_have_count(4)
    expect(page.locator(".asking")).to_have_count(0)
    turns = page.locator(".turn").evaluate_all("all => all.map((turn) => [turn.dataset.turn, turn.earlier ?? null])")
    assert turns == [["3", None], ["2", "2"], ["1", "1"], ["0", "0"]]
    assert set(page.evaluate("changed")) <= {"open"}


def test_a_question_that_brings_no_turn_leaves_none(reader):
    page = reader.open().ask(TANKS).page
    page.get_by_role("button", name="Ask", exact=True).click()
    expect(page.locator("#conversation [role=status]")).to_have_text("Type a question first.")
    expect(page.locator(".asking")).to_have_count(0)
    expect(page.locator(".turn")).to_have_count(1)
    expect(page.locator(".turn h2")).to_have_text(TANKS)
