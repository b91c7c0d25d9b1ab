"""In real Chromium: an answer brings what is new, and what is on the page stays as it is."""

import pytest
from browsing import Reader, served
from playwright.sync_api import expect

# Gradio sets an option of pandas that pandas 3 warns of.
pytestmark = pytest.mark.filterwarnings("ignore:'future.no_silent_downcasting' is deprecated")

TANKS = "What tanks did the Soviet Union supply?"
PORTS = "Why did the Soviet Union want Korean seaports?"
TURNS = "all => all.map((turn) => [turn.dataset.turn, turn.open])"


def ids_twice(page) -> list[str]:
    """The ids that more than one element of the page has."""
    return page.evaluate("""() => {
        const ids = [...document.querySelectorAll("[id]:not([id=''])")].map((one) => one.id);
        return ids.filter((id, at) => ids.indexOf(id) !== at);
    }""")


def test_an_answer_brings_its_own_turn_alone(client, base):
    caller = client(base)
    first, second = (caller.tell("ask", question=question)[0] for question in (TANKS, PORTS))
    looks = [part.partition('"')[0] for part in second.split('data-look="')[1:]]
    assert len(looks) == 2
    third = caller.tell("ask", question="Who led North Korea?", seen=looks)[0]
    assert third.count('class="turn ') == 1
    assert [part.partition('"')[0] for part in third.split('data-look="')[2:]] == looks
    assert all("tank" in answer for answer in (first, second))
    assert "tank" not in third.partition(f'data-look="{looks[0]}"')[2]
    # Who has seen nothing, or something else, is sent all.
    whole = caller.tell("clear", seen=["0" * 16]) and caller.tell("undo", seen=["0" * 16])[0]
    assert whole.count('class="turn ') == 3


def test_two_tabs_of_one_reader_each_show_the_whole_conversation(reader):
    reader.open().ask(TANKS)
    other = reader.context.new_page()
    other.goto(reader.base)
    expect(other.locator(".turn")).to_have_count(1)
    other.get_by_label("Question", exact=True).fill(PORTS)
    other.get_by_label("Question", exact=True).press("Enter")
    expect(other.locator(".turn[open] h2")).to_have_text(PORTS)
    reader.ask("Who led North Korea?")
    assert reader.page.locator(".turn").evaluate_all(TURNS) == [["2", True], ["1", False], ["0", False]]
    assert ids_twice(reader.page) == []
    other.get_by_role("button", name="New conversation").click()
    expect(other.locator(".turn")).to_have_count(0)
    reader.ask("What was the armistice?")
    expect(reader.page.locator(".turn")).to_have_count(1)
    reader.page.get_by_role("button", name="Undo").click()
    expect(reader.page.locator(".turn")).to_have_count(4)
    assert ids_twice(reader.page) == []
    assert reader.page.locator(".card").count() == reader.page.locator(".card blockquote:not(:empty)").count()


def test_what_is_shown_while_an_answer_comes_does_not_empty_the_turns(reader):
    """The turns that were offered are held: another answer, of a build say, may take them off the page meanwhile."""
    page = reader.open().ask(TANKS).ask(PORTS).page
    with reader.slow():
        page.get_by_label("Question", exact=True).fill("Who led North Korea?")
        page.get_by_label("Question", exact=True).press("Enter")
        expect(page.locator(".asking")).to_have_count(1)
        page.locator(".turns").evaluate("turns => turns.replaceChildren()")
    expect(page.locator(".turn")).to_have_count(3)
    assert page.locator(".turn blockquote").filter(has_text="tank").count()


def test_what_is_said_of_an_answer_is_read_out_though_it_be_the_same(reader):
    page = reader.open().ask("Who painted the Mona Lisa?").page
    page.evaluate("""() => {
        window.said = [];
        const seen = (all) => said.push(...all.flatMap((one) => [...one.addedNodes].map((node) => node.textContent)));
        new MutationObserver(seen).observe(document.querySelector("#conversation [role=status]"), { childList: true });
    }""")
    reader.ask("Who composed the Moonlight Sonata?")
    assert page.evaluate("said") == ["Not in these essays"]


@pytest.mark.parametrize("pressed", ["More like this", "Ask this", "Ask it literally"])
def test_who_asks_from_within_a_turn_goes_on_at_the_answer(reader, pressed):
    page = reader.open().ask(TANKS).ask("And fighter planes?").page
    newest = page.locator(".turn").first
    number = newest.get_attribute("data-turn")
    if pressed == "Ask this":
        page.get_by_label("Understood as").fill(PORTS)
    before = newest.get_attribute("data-look")
    newest.get_by_role("button", name=pressed).first.focus()
    page.keyboard.press("Enter")
    expect(page.locator(f'.turn[open]:not([data-look="{before}"])')).to_have_count(1)
    expect(page.locator(".turn[open] > summary")).to_be_focused()
    assert (page.locator(".turn").first.get_attribute("data-turn") == number) is (pressed != "More like this")
    assert ids_twice(page) == []


def test_who_begins_with_an_example_or_anew_does_not_lose_the_focus(reader):
    page = reader.open().page
    page.locator(".example").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".turn[open] > summary")).to_be_focused()
    page.get_by_role("button", name="New conversation").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".turn")).to_have_count(0)
    expect(page.get_by_label("Question", exact=True)).to_be_focused()


def test_the_server_may_be_another_one_when_the_next_answer_comes(client, browser, essay_location):
    """What the browser has is named by what it looks like: a server that starts meanwhile knows it, too."""
    with served(essay_location) as address:
        reader = Reader(browser, address).open().ask(TANKS).ask(PORTS)
    looks = reader.page.locator(".turn").evaluate_all("all => all.map((turn) => turn.dataset.look)")
    key = reader.page.evaluate("quoth.key()")
    reader.close()
    with served(essay_location) as address:
        caller = client(address)
        caller.key = key
        answer = caller.tell("ask", question="Who led North Korea?", seen=looks)[0]
    assert answer.count('class="turn ') == 1
    assert answer.count("data-look") == 3
