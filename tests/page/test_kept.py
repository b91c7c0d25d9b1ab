"""In real Chromium: nothing of the reader's is lost, neither letters nor conversations nor what was kept."""

import json
import re
from pathlib import Path

import bibtexparser
import docx
import pytest
import rispy
from browsing import Reader, served
from playwright.sync_api import expect

from index.local.build import build

# Gradio sets an option of pandas that pandas 3 warns of.
pytestmark = pytest.mark.filterwarnings("ignore:'future.no_silent_downcasting' is deprecated")

TANKS = "What tanks did the Soviet Union supply?"
PORTS = "Why did the Soviet Union want Korean seaports?"


def test_letters_typed_while_an_answer_comes_stay(reader):
    box = reader.open().page.get_by_label("Question")
    for asked in range(1, 4):
        box.press_sequentially(TANKS)
        box.press("Enter")
        box.press_sequentially("How do clocks work")
        expect(reader.page.locator(".turn")).to_have_count(asked)
        box.press_sequentially("?")
        assert box.input_value() == "How do clocks work?"
        box.fill("")


def test_when_the_server_is_gone_the_question_is_kept_and_asked_when_it_is_back(reader):
    page = reader.open().page
    box = page.get_by_label("Question", exact=True)
    reader.context.set_offline(True)
    for question in (PORTS, TANKS):  # the first finds the server gone, of the second it is known before
        box.fill(question)
        box.press("Enter")
        expect(page.locator("#lost")).to_contain_text(f"Not answered yet: “{question}”")
        expect(page.locator(".toast-item")).to_be_hidden()
        expect(box).to_have_value(question)
    with page.expect_navigation():
        reader.context.set_offline(False)
    expect(box).to_have_value(TANKS)
    expect(page.locator("#lost")).to_be_hidden()
    box.press("Enter")
    expect(page.locator(".turn[open] h2")).to_have_text(TANKS)
    page.reload()
    expect(page.locator(".turn[open] h2")).to_have_text(TANKS)
    expect(box).to_have_value("")
    reader.problems.clear()  # what could not be reached while the server was gone


def test_what_is_asked_before_the_page_is_ready_is_asked(browser, base):
    reader = Reader(browser, base)
    reader.page.goto(base)
    reader.page.get_by_label("Question").wait_for()
    reader.page.get_by_label("Question").fill(TANKS)
    reader.page.get_by_label("Question").press("Enter")
    expect(reader.page.locator(".turn[open] h2")).to_have_text(TANKS)
    reader.close()
    assert reader.problems == []


def test_a_long_question_is_counted_and_not_cut(reader):
    box = reader.open().page.get_by_label("Question")
    counter = reader.page.locator("#counter")
    box.fill("x" * 399)
    expect(counter).to_be_hidden()
    box.fill("x" * 400)
    expect(counter).to_have_text("400 of 500 letters")
    box.fill("x" * 502)
    expect(counter).to_have_text("2 letters too many: at most 500 are asked")
    box.press("Enter")
    assert box.input_value() == "x" * 502
    expect(reader.page.locator(".turn")).to_have_count(0)
    box.fill("x" * 500)
    box.press("Enter")
    expect(reader.page.locator(".turn")).to_have_count(1)


def test_back_closes_the_essay_then_goes_to_the_question_before(reader):
    page = reader.open().ask(TANKS).ask(PORTS).page
    reader.cards.first.get_by_role("link", name="Read in the essay").click()
    expect(page.locator("#reader .passage.here")).to_be_visible()
    page.go_back()
    expect(page.locator("#reader")).to_be_hidden()
    expect(page.locator(".turn[open] h2")).to_have_text(PORTS)
    page.go_back()
    expect(page.locator(".turn[open] h2")).to_have_text(TANKS)
    expect(page).to_have_title(f"{TANKS} · Quoth")
    page.go_forward()
    expect(page.locator(".turn[open] h2")).to_have_text(PORTS)
    page.go_forward()
    expect(page.locator("#reader .passage.here")).to_be_visible()
    page.reload()
    expect(page.locator("#reader .passage.here")).to_be_visible()
    page.get_by_role("button", name="Close").click()
    expect(page.locator("#reader")).to_be_hidden()
    expect(page.locator(".turn[open] h2")).to_have_text(PORTS)
    expect(page.locator(".turn")).to_have_count(2)


def test_a_tab_that_was_closed_comes_back_and_nobody_else_sees_it(reader, browser, base):
    reader.open().ask(TANKS).ask(PORTS)
    page = reader.context.new_page()
    reader.page.close()
    page.goto(base)
    expect(page.locator(".turn")).to_have_count(2)
    expect(page.locator(".turn[open] h2")).to_have_text(PORTS)
    other = Reader(browser, base).open()
    expect(other.page.locator(".turn")).to_have_count(0)
    other.close()


def test_a_new_conversation_can_be_undone(reader):
    page = reader.open().ask(TANKS).page
    page.get_by_role("button", name="New conversation").click()
    expect(page.locator(".turn")).to_have_count(0)
    reader.ask(PORTS)
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".turn")).to_have_count(2)
    expect(page.get_by_role("button", name="Undo")).to_have_count(0)


def saved(page, name: str) -> str:
    return saved_file(page, name).read_text(encoding="utf-8")


def saved_file(page, name: str) -> Path:
    with page.expect_download() as download:
        page.locator(".tray").get_by_role("button", name=name).click()
    return Path(download.value.path())


def test_quotations_are_kept_noted_ordered_and_exported(reader, essay_index):
    page = reader.open().ask(TANKS).page
    reader.cards.nth(0).get_by_role("button", name="Keep").click()
    kept = page.locator(".tray li")
    expect(kept).to_have_count(1)
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("s")
    expect(kept).to_have_count(2)
    second = kept.nth(1).locator("blockquote").inner_text()
    kept.nth(1).get_by_label("Note").fill("for later")
    kept.nth(1).get_by_role("button", name="Up").click()
    expect(kept.nth(0).locator("blockquote")).to_have_text(second)
    expect(kept.nth(0).get_by_label("Note")).to_have_value("for later")
    page.reload()
    expect(kept.nth(0).get_by_label("Note")).to_have_value("for later")
    exported = json.loads(saved(page, "JSON"))["quotations"]
    text = essay_index.document("soviet-union-korean-war.txt").text
    assert [text[one["start"] : one["end"]] for one in exported] == [one["text"] for one in exported]
    assert [one["note"] for one in exported] == ["for later", ""]
    assert "for later" in saved(page, "Markdown")
    assert "<figcaption>" in saved(page, "HTML")
    (record,) = rispy.loads(saved(page, "RIS"))
    assert record["notes"][0].endswith("— for later")
    assert len(bibtexparser.parse_string(saved(page, "BibTeX")).entries) == 1
    assert [one["id"] for one in json.loads(saved(page, "CSL"))] == ["soviet-union-korean-war"]
    targets = [one["target"]["selector"][0]["exact"] for one in json.loads(saved(page, "Annotations"))["items"]]
    assert targets == [one["text"] for one in exported]
    assert saved(page, "Chicago").startswith(f"“{exported[0]['text']}”\n— “The Pivotal Role of the Soviet Union")
    written = [one.text for one in docx.Document(str(saved_file(page, "Word"))).paragraphs]
    assert [one for one in written if one in {item["text"] for item in exported}] == [one["text"] for one in exported]
    kept.nth(1).get_by_role("button", name="Remove").click()
    expect(kept).to_have_count(1)


def test_what_is_done_to_kept_quotations_before_the_page_shows_it_is_done_to_the_right_ones(reader):
    page = reader.open().ask("What did the Soviet Union supply?").page
    kept = page.locator(".tray li")
    for at in range(3):
        page.locator(".turn[open] [data-keep]").nth(at).evaluate("button => button.click()")
        expect(kept).to_have_count(at + 1)
    third = kept.nth(2).locator("blockquote").inner_text()
    with reader.slow():
        kept.nth(2).get_by_label("Note").fill("mine")
        kept.nth(2).get_by_role("button", name="Up").click()
        kept.nth(0).get_by_role("button", name="Remove").click()
        kept.nth(1).get_by_role("button", name="Remove").click()
    expect(kept).to_have_count(1)
    expect(kept.locator("blockquote")).to_have_text(third)
    expect(kept.get_by_label("Note")).to_have_value("mine")
    page.reload()
    expect(kept.get_by_label("Note")).to_have_value("mine")


def test_what_is_chosen_in_an_essay_is_kept_as_whole_sentences(browser, tmp_path, encoder):
    (tmp_path / "essays").mkdir()
    text = "# On 😀 Lamps\n\nA lamp 😀 wants oil. It is \u202elit\u202c at dusk. Nobody sleeps.\n\nThe rock is cold.\n"
    (tmp_path / "essays" / "lamps.md").write_text(text, encoding="utf-8")
    build(tmp_path / "essays", tmp_path / "index", encoder=encoder)
    with served(tmp_path / "index") as base:
        reader = Reader(browser, base).open().ask("When is the lamp lit at dusk?")
        page = reader.page
        page.locator(".turn[open] a[data-open]").first.evaluate("link => link.click()")
        expect(page.locator("#reader .passage.here")).to_be_visible()
        page.evaluate(
            """() => {
                const words = document.querySelector(".reader-text [data-start]");
                const last = [...words.querySelectorAll("*"), words].flatMap((one) => [...one.childNodes])
                    .find((one) => one.nodeType === 3 && one.data.includes("at dusk"));
                const at = last.data.indexOf("at dusk");
                getSelection().setBaseAndExtent(last, at + 3, last, at + 5);
            }"""
        )
        page.get_by_role("complementary").get_by_role("button", name="Keep").click()
        kept = page.locator(".tray blockquote")
        assert kept.evaluate("it => it.textContent") == "It is \u202elit\u202c at dusk."
        reader.close()
        assert reader.problems == []


def test_letters_lines_and_colours_can_be_set_and_are_kept(reader):
    page = reader.open().page
    body = page.locator("body")
    width = page.locator("#talk").bounding_box()["width"]
    page.get_by_role("button", name="Display").click()
    page.get_by_label("much larger").check()
    page.get_by_label("narrow").check()
    page.get_by_label("dark").check()
    page.locator("#looks").get_by_role("button", name="Close").click()
    for _ in range(2):
        expect(page.locator("html")).to_have_css("font-size", "21px")
        expect(body).to_have_css("color-scheme", "dark")
        assert page.locator("#talk").bounding_box()["width"] < 1.2 * width
        page.reload()
        page.get_by_label("Question").wait_for()
    page.get_by_role("button", name="Display").click()
    expect(page.get_by_label("much larger")).to_be_checked()


def test_what_repeats_is_described_and_panels_say_whether_they_are_open(reader):
    page = reader.open().ask(TANKS).page
    for name in ("Keep", "Copy with citation", "More like this"):
        button = reader.cards.first.get_by_role("button", name=name)
        expect(button).to_have_accessible_description(re.compile("Provision of arms"))
    panel = page.locator("#essays-panel > button")
    expect(panel).to_have_attribute("aria-expanded", "false")
    panel.click()
    expect(panel).to_have_attribute("aria-expanded", "true")


def test_what_is_folded_below_looks_alike(reader):
    page = reader.open().page
    page.locator("#adding-panel").wait_for()
    looks = page.locator(":is(#essays-panel, #index-panel, #adding-panel) > button span:not(.icon)").evaluate_all(
        "all => all.map((one) => [getComputedStyle(one).font, getComputedStyle(one).color])"
    )
    assert len(looks) == 3
    assert looks[0] == looks[1] == looks[2]


def test_marks_are_underlined_and_the_box_has_an_edge_and_a_focus(reader):
    page = reader.open().ask(TANKS).page
    expect(reader.cards.first.locator("mark").first).to_have_css("text-decoration-line", "underline")
    box = page.get_by_label("Question")
    box.focus()
    expect(box).to_have_css("outline-style", "solid")
    expect(box).to_have_css("border-top-color", "rgb(139, 134, 124)")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_scrolls_sideways_at_320_pixels(browser, base, scheme):
    """So wide is a page of 1,280 pixels at 400 %."""
    reader = Reader(browser, base, width=320, scheme=scheme).open()
    assert reader.sideways() == []
    reader.ask(TANKS)
    reader.cards.first.get_by_role("button", name="Keep").click()
    expect(reader.page.locator(".tray li")).to_have_count(1)
    reader.cards.first.locator(".why > summary").click()
    assert reader.sideways() == []
    reader.cards.first.get_by_role("link", name="Read in the essay").click()
    expect(reader.page.locator("#reader .passage.here")).to_be_visible()
    assert reader.sideways() == []
    reader.close()
    assert reader.problems == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_on_a_phone_the_box_stays_below_and_the_essay_is_a_sheet(browser, base, scheme):
    reader = Reader(browser, base, width=390, scheme=scheme).open().ask(TANKS)
    page = reader.page
    page.mouse.wheel(0, 600)
    box = page.locator("#ask-form").bounding_box()
    assert box["y"] + box["height"] == pytest.approx(844, abs=1)
    buttons = [
        reader.cards.first.get_by_role(role, name=name)
        for role, name in (("link", "Read in the essay"), ("button", "Keep"), ("button", "Copy with citation"))
    ]
    places = [button.bounding_box() for button in buttons]
    assert len({round(place["y"]) for place in places}) == 1
    assert min(min(place["height"], place["width"]) for place in places) >= 44
    buttons[0].click()
    sheet = page.locator("#reader")
    expect(sheet).to_be_visible()
    assert sheet.bounding_box() == {"x": 0, "y": 0, "width": 390, "height": 844}
    page.go_back()
    expect(sheet).to_be_hidden()
    assert reader.sideways() == []
    reader.close()
    assert reader.problems == []


def test_the_pane_is_titled_counts_its_marks_and_begins_at_the_beginning_from_the_list(reader):
    page = reader.open().ask(TANKS).page
    reader.cards.first.get_by_role("link", name="Read in the essay").click()
    expect(page.locator("#reader-title")).to_contain_text("The Pivotal Role")
    expect(page.locator(".reader-mark")).to_have_text(re.compile(r"Mark \d of 2"))
    page.get_by_role("button", name="Next mark").click()
    expect(page.locator("#said")).to_have_text(re.compile(r"Mark \d of 2"))
    reader.ask(PORTS)
    expect(page.locator("#reader")).to_be_hidden()
    reader.essays().get_by_role("link").first.click()
    expect(page.locator("#reader .passage").first).to_be_visible()
    expect(page.locator("#reader .passage.here")).to_have_count(0)
    assert page.locator(".reader-text").evaluate("it => it.scrollTop") == 0


def test_one_quotation_is_current_in_the_cards_and_in_the_pane(reader):
    page = reader.open().ask(TANKS).page
    card, passage = page.locator(".card.here"), page.locator("#reader .passage.here")
    last = reader.cards.last
    last.scroll_into_view_if_needed()
    before = last.bounding_box()["y"]
    last.get_by_role("link", name="Read in the essay").click()
    expect(passage).to_be_visible()
    assert last.bounding_box()["y"] == pytest.approx(before, abs=3)
    for key in ("n", "n", "p"):
        at = passage.get_attribute("id")
        page.keyboard.press(key)
        expect(passage).not_to_have_id(at)
        expect(card).to_have_attribute("data-passage", passage.get_attribute("id")[1:])
    for key, current in (("k", reader.cards.first), ("j", reader.cards.nth(1))):
        for _ in range(reader.cards.count() if key == "k" else 1):
            page.keyboard.press(key)
        expect(current).to_have_class(re.compile("here"))
        expect(current).to_be_focused()
        expect(passage).to_have_id(f"p{current.get_attribute('data-passage')}")
    reader.ask(PORTS)
    expect(page.locator("#reader")).to_be_hidden()


def test_all_is_there_after_a_restart_and_private_essays_too(browser, essay_location, tmp_path):
    essay = tmp_path / "gardens.md"
    essay.write_text("# On Gardens\n\nA tomato wants six hours of sun and rich soil.\n", encoding="utf-8")
    with served(essay_location) as address:
        reader = Reader(browser, address).open()
        page = reader.page
        page.locator("#adding-panel > button").click()
        page.locator("#adding-panel input[type=file]").set_input_files(essay)
        expect(page.locator("#adding-panel").get_by_text("gardens")).to_be_visible()
        page.get_by_role("button", name="Add and index").click()
        expect(page.locator("#adding-panel").get_by_text("Added On Gardens, 1 paragraph.")).to_be_visible()
        reader.ask("How much sun does a tomato want?")
        expect(page.locator(".turn[open] mark").first).to_contain_text("six hours of sun")
        key = page.evaluate("localStorage.getItem('quoth-reader')")
        assert re.fullmatch("[0-9a-f]{32}", key)
        reader.close()
        assert reader.problems == []
    with served(essay_location) as address:
        again = Reader(browser, address)
        again.page.add_init_script(f"localStorage.setItem('quoth-reader', '{key}')")
        again.open()
        expect(again.page.locator(".turn[open] h2")).to_have_text("How much sun does a tomato want?")
        expect(again.page.locator(".turn[open] mark").first).to_contain_text("six hours of sun")
        again.page.locator(".turn[open] a[data-open]").first.click()
        expect(again.page.locator("#reader .here mark")).to_contain_text("six hours of sun")
        again.close()
        assert again.problems == []


@pytest.fixture
def three_essays(tmp_path, encoder) -> Path:
    (tmp_path / "essays").mkdir()
    for name in ("bread", "boats", "bees"):
        (tmp_path / "essays" / f"{name}.md").write_text(f"# On {name.title()}\n\nOf {name} much can be said.\n")
    build(tmp_path / "essays", tmp_path / "index", encoder=encoder)
    return tmp_path / "index"


def test_what_is_ticked_and_asked_before_the_server_knows_is_told_it_in_order(browser, three_essays):
    with served(three_essays) as base:
        reader = Reader(browser, base).open()
        page = reader.page
        with reader.slow():
            for title in ("On Bees", "On Bread", "On Boats"):
                page.get_by_role("checkbox", name=title).check()
            page.get_by_role("checkbox", name="On Bread").uncheck()
            page.get_by_label("Question").fill("What can be said of bread?")
            page.get_by_label("Question").press("Enter")
        expect(page.locator(".chip")).to_have_text(["On Bees ×", "On Boats ×"])
        expect(page.locator(".turn[open] .among")).to_have_text("Asked only: On Bees, On Boats")
        expect(page.locator("#essays-panel > button")).to_contain_text("asking 2 of 3")
        with reader.slow():
            page.get_by_role("checkbox", name="On Bread").check()
            page.get_by_role("button", name="Do not limit to On Boats").click()
            expect(page.get_by_role("checkbox", name="On Boats")).not_to_be_checked()
        expect(page.locator(".chip")).to_have_text(["On Bees ×", "On Bread ×"])
        reader.close()
        assert reader.problems == []


def test_the_address_holds_the_limit_and_a_chip_takes_it_off(browser, three_essays):
    with served(three_essays) as base:
        reader = Reader(browser, base).open()
        page = reader.page
        for title in ("On Bees", "On Boats"):
            page.get_by_role("checkbox", name=title).check()
        chips = page.locator(".chip")
        expect(chips).to_have_count(2)
        reader.ask("What can be said of bread?")
        assert page.url.endswith("&only=bees.md&only=boats.md")
        page.get_by_role("button", name="Do not limit to On Boats").click()
        expect(chips).to_have_count(1)
        expect(page.get_by_role("checkbox", name="On Boats")).not_to_be_checked()
        page.reload()
        expect(chips).to_have_text(["On Bees ×"])
        expect(page.get_by_role("checkbox", name="On Bees")).to_be_checked()
        expect(page.get_by_role("checkbox", name="On Boats")).not_to_be_checked()
        address = page.url
        page.get_by_role("button", name="New conversation").click()
        expect(chips).to_have_count(0)
        other = Reader(browser, base)
        other.page.goto(address)
        expect(other.page.locator(".chip")).to_have_count(1)
        expect(other.page.locator(".turn")).to_have_count(1)
        other.page.get_by_role("button", name="Ask all 3").click()
        expect(other.page.locator(".turn")).to_have_count(2)
        expect(other.page.locator(".turn[open] .among")).to_have_count(0)
        for one in (reader, other):
            one.close()
            assert one.problems == []
