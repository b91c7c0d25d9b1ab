"""In real Chromium: what was confusing, hidden or crooked when the page was used for longer."""

import shutil
from collections.abc import Iterator

import pytest
from browsing import Reader, served
from playwright.sync_api import expect

from index.local.build import build
from source.library import ESSAYS

# Gradio sets an option of pandas that pandas 3 warns of.
pytestmark = pytest.mark.filterwarnings("ignore:'future.no_silent_downcasting' is deprecated")

LONG = "Rhabarber" * 15
TANKS = "What tanks did the Soviet Union supply?"
EDGES = "(all, side) => all.filter((one) => one.checkVisibility()).map((one) => one.getBoundingClientRect()[side])"


@pytest.fixture(scope="module")
def base(tmp_path_factory, encoder) -> Iterator[str]:
    """The page over the essay with a long title, and a short one."""
    folder = tmp_path_factory.mktemp("library") / "essays"
    shutil.copytree(ESSAYS, folder)
    (folder / "lamps.md").write_text("# On Lamps\n\nA lamp is lit at dusk.\n", encoding="utf-8")
    (folder / "long.md").write_text(f"# {LONG}\n\nA word has no end.\n", encoding="utf-8")
    build(folder, folder.parent / "index", encoder=encoder)
    with served(folder.parent / "index") as address:
        yield address


def test_what_is_kept_is_seen_to_be_kept_and_nothing_else(reader):
    page = reader.open().ask(TANKS).page
    keep = reader.cards.first.get_by_role("button", name="Keep")
    keep.evaluate("button => (window.kept = button)")
    keep.click()
    page.wait_for_function("kept.textContent === 'Kept'")
    expect(page.locator("#said")).to_have_text("Kept")
    page.wait_for_function("kept.textContent === 'Keep'")
    reader.cards.first.get_by_role("link", name="Read in the essay").click()
    page.locator("#reader .passage.here").wait_for()
    page.locator("[data-keep-chosen]").click()
    expect(page.locator("[data-keep-chosen]")).to_have_text("Kept")
    page.get_by_role("button", name="Close").click()
    # The conversation was ended in another tab: what is gone cannot be kept, and is not said to be.
    other = reader.context.new_page()
    other.goto(reader.base)
    other.get_by_role("button", name="New conversation").click()
    expect(other.locator(".turn")).to_have_count(0)
    other.close()
    page.evaluate("""() => {
        window.said = [];
        new MutationObserver(() => said.push(kept.textContent)).observe(kept, { childList: true });
    }""")
    keep.click()
    expect(page.locator("#tray [role=status]")).to_contain_text("no longer on the page")
    expect(page.locator("#said")).to_contain_text("no longer on the page")
    expect(page.locator("#tray [role=status]")).to_be_in_viewport()
    assert page.evaluate("said") == []


@pytest.mark.parametrize("width", [390, 1280])
def test_the_keyboard_of_a_phone_makes_room_for_the_answer(browser, base, width):
    reader = Reader(browser, base, width=width).open().ask(TANKS)
    focused = reader.page.get_by_label("Question", exact=True).evaluate("box => document.activeElement === box")
    assert focused is (width == 1280)
    reader.close()
    assert reader.problems == []


def test_a_new_conversation_begins_at_the_top(browser, base):
    reader = Reader(browser, base, width=390).open().ask(TANKS)
    reader.page.get_by_role("button", name="New conversation").click()
    expect(reader.page.get_by_role("button", name="Undo")).to_be_in_viewport()
    assert reader.page.evaluate("scrollY") == 0
    reader.close()
    assert reader.problems == []


@pytest.mark.parametrize("width", [390, 1280])
def test_dialogs_are_in_line_and_within_the_page(browser, base, width):
    reader = Reader(browser, base, width=width).open()
    page = reader.page
    ends = {}
    for name, kind in (("Keyboard", "keys"), ("Display", "looks")):
        page.get_by_role("button", name=name).click()
        box = page.locator(f"#{kind}").bounding_box()
        assert box["x"] >= 16
        assert box["x"] + box["width"] <= width - 16
        close = page.locator(f"#{kind} form button").bounding_box()
        ends[kind] = box["x"] + box["width"] - close["x"] - close["width"]
        if kind == "keys":
            assert len(set(page.locator("#keys dd").evaluate_all(f"all => ({EDGES})(all, 'left')"))) == 1
        page.keyboard.press("Escape")
    assert ends["keys"] == ends["looks"]
    reader.close()
    assert reader.problems == []


def test_titles_and_buttons_on_several_lines_keep_their_edges(reader):
    page = reader.open().ask(TANKS).page
    lefts = "label => [...label.getClientRects()].map((line) => Math.round(line.left))"
    title = page.locator("#essays label").filter(has_text="Pivotal Role").evaluate(lefts)
    assert len(title) > 1
    assert len(set(title)) == 1
    reader.cards.first.get_by_role("link", name="Read in the essay").click()
    page.locator("#reader .passage.here").wait_for()
    boxes = reader.cards.first.locator("footer").evaluate("""footer => [...footer.querySelectorAll("a, button")]
        .filter((one) => one.checkVisibility()).map((one) => one.getBoundingClientRect())
        .map((box) => [Math.round(box.y + box.height / 2), Math.round(box.right)])""")
    rows = {y: max(right for at, right in boxes if at == y) for y, _ in boxes}
    assert len(rows) > 1
    assert len(set(rows.values())) == 1
    expect(page.locator("#outline-title")).to_have_text(
        "Contents of The Pivotal Role of the Soviet Union in Global Military History"
    )


def test_one_line_stands_above_what_is_kept(reader):
    page = reader.open().ask(TANKS).page
    reader.cards.first.get_by_role("button", name="Keep").click()
    expect(page.locator(".tray li")).to_have_count(1)
    lines = "all => all.map((one) => parseFloat(getComputedStyle(one).borderTopWidth)).filter(Boolean).length"
    assert page.locator("#tray, #tray *:has(.tray), .tray").evaluate_all(lines) == 1


def test_notes_and_the_focus_go_with_their_quotation(reader):
    """By keyboard alone: what is moved is moved on by the next key, and its note stands below it."""
    page = reader.open().ask(TANKS).page
    for count, (question, at) in enumerate(((TANKS, 0), (TANKS, 1), ("Why did it want Korean seaports?", 0)), 1):
        if question != TANKS:
            reader.ask(question)
        reader.cards.nth(at).get_by_role("button", name="Keep").click()
        expect(page.locator(".tray li")).to_have_count(count)
    names = page.locator(".tray li").evaluate_all("all => all.map((one) => one.dataset.kept)")

    def notes() -> dict[str, str]:
        shown = "all => all.map((one) => [one.dataset.kept, one.querySelector('textarea').value])"
        return dict(page.locator(".tray li").evaluate_all(shown))

    page.locator(".tray textarea").first.fill("mine")
    for place, button in ((2, "Down"), (3, "Up")):  # at the end it can go up only
        page.locator(f'[data-kept="{names[0]}"]').get_by_role("button", name="Down").focus()
        page.keyboard.press("Enter")
        expect(page.locator("#said")).to_have_text(f"Moved to place {place} of 3")
        expect(page.locator(f'[data-kept="{names[0]}"]').get_by_role("button", name=button)).to_be_focused()
        assert notes() == {names[0]: "mine", names[1]: "", names[2]: ""}
    order = page.locator(".tray li").evaluate_all("all => all.map((one) => one.dataset.kept)")
    assert order == [names[1], names[2], names[0]]
    for left in (2, 1):
        page.locator(".tray li").first.get_by_role("button", name="Remove").focus()
        page.keyboard.press("Enter")
        expect(page.locator(".tray li")).to_have_count(left)
        expect(page.locator(".tray li").first.get_by_role("button", name="Remove")).to_be_focused()
        assert notes()[names[0]] == "mine"
    page.keyboard.press("Enter")
    expect(page.locator(".tray")).to_have_count(0)
    expect(page.get_by_label("Question", exact=True)).to_be_focused()


@pytest.mark.parametrize("width", [320, 1280])
def test_words_without_end_are_broken_wherever_they_stand(browser, base, width):
    reader = Reader(browser, base, width=width).open()
    page = reader.page
    reader.essays().locator("[data-essay='long.md']").check()
    expect(page.locator(".chip")).to_be_visible()
    reader.ask(f"What is {'x' * 300}?")
    reader.ask(f"{'Why' * 60}, and what of lamps?").ask("And dusk?")
    page.locator("details").evaluate_all("all => all.forEach((one) => (one.open = true))")
    beyond = page.locator("#talk *, #shelf *").evaluate_all("""all => all
        .filter((one) => one.checkVisibility() && !one.matches(".unseen, .unseen *"))
        .flatMap((one) => [...one.childNodes].filter((node) => node.nodeType === 3).map((node) => [one, node]))
        .map(([one, node]) => { const range = document.createRange(); range.selectNodeContents(node);
            const column = one.closest("#talk, #shelf").getBoundingClientRect();
            return [one.tagName, one.className, range.getBoundingClientRect().right - column.right]; })
        .filter(([, , over]) => over > 1)""")
    assert beyond == []
    reader.close()
    assert reader.problems == []
