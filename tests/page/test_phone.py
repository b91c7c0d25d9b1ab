"""In real Chromium, on a phone: what is pressed is large enough, and a card has one row of buttons."""

import pytest
from browsing import Reader, serious
from playwright.sync_api import expect

# Gradio sets an option of pandas that pandas 3 warns of.
pytestmark = pytest.mark.filterwarnings("ignore:'future.no_silent_downcasting' is deprecated")

TANKS = "What tanks did the Soviet Union supply?"
BOXES = """footer => [...footer.querySelectorAll("a, button")].filter((one) => one.checkVisibility())
    .map((one) => [one.innerText.trim(), one.getBoundingClientRect()])
    .map(([name, box]) => [name, Math.round(box.y), box.width, box.height])"""


@pytest.mark.parametrize("width", [320, 390])
def test_a_card_has_one_row_of_three_buttons_and_more_opens_in_place(browser, base, width):
    reader = Reader(browser, base, width=width).open().ask(TANKS)
    page, card = reader.page, reader.cards.first
    footer = card.locator("footer")
    boxes = footer.evaluate(BOXES)
    names = [name.split()[0] for name, *_ in boxes]
    assert names == ["Read", "Keep", "Copy", "More"]
    assert len({y for _, y, *_ in boxes[:3]}) == 1
    assert all(min(box) >= 44 for _, _, *box in boxes), boxes
    assert card.get_by_role("link", name="Read in the essay").count() == 1
    assert card.get_by_role("button", name="Copy with citation").count() == 1
    more = card.get_by_role("button", name="More", exact=True)
    expect(more).to_have_attribute("aria-expanded", "false")
    expect(card.get_by_role("button", name="More like this")).to_have_count(0)
    more.focus()
    page.keyboard.press("Enter")
    expect(more).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("Tab")
    expect(card.get_by_role("button", name="Copy what is marked")).to_be_focused()
    assert all(min(box) >= 44 for _, _, *box in footer.evaluate(BOXES)), boxes
    assert [box[:2] for box in footer.evaluate(BOXES)[:4]] == [box[:2] for box in boxes]
    assert reader.sideways() == []
    assert serious(page) == []
    card.get_by_role("button", name="Copy with citation").click()
    expect(card.get_by_role("button", name="Copied")).to_be_visible()
    expect(card.get_by_role("button", name="Copy with citation")).to_be_visible()
    assert footer.evaluate(BOXES)[2][0].split()[0] == "Copy"
    more.click()
    expect(card.get_by_role("button", name="More like this")).to_have_count(0)
    reader.close()
    assert reader.problems == []


def test_on_a_wide_page_all_buttons_of_a_card_stand_beside_one_another(reader):
    card = reader.open().ask(TANKS).cards.first
    boxes = card.locator("footer").evaluate(BOXES)
    assert [name for name, *_ in boxes] == [
        "Read in the essay",
        "Keep",
        "Copy with citation",
        "Copy what is marked",
        "More like this",
    ]
    assert len({y for _, y, *_ in boxes}) == 1


def test_what_is_pressed_is_large_enough(browser, base):
    reader = Reader(browser, base, width=390).open().ask(TANKS).ask("And fighter planes?")
    reader.cards.first.get_by_role("button", name="Keep").click()
    expect(reader.page.locator(".tray li")).to_have_count(1)
    pressed = ".turn[open] .understood button, .after button, .tray button, .turn[open] > .card > footer :is(a, button)"
    low = reader.page.locator(pressed).evaluate_all("""all => all.filter((one) => one.checkVisibility())
        .map((one) => [one.innerText, one.getBoundingClientRect().height]).filter(([, height]) => height < 44)""")
    assert low == []
    assert reader.sideways() == []
    reader.close()
    assert reader.problems == []
