"""Pictures of the page, light and dark, wide, on a tablet and on a phone; the README shows `page.png` of them.

python tests/make_screenshots.py FOLDER
"""

import shutil
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "support"))

from browsing import Reader, chromium, served

from index.encoding.loading import load_encoder
from index.local.build import build
from source.library import ESSAYS

TANKS = "What tanks did the Soviet Union supply?"


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as work:
        location = Path(work) / "index"
        build(ESSAYS, location, encoder=load_encoder())
        with served(location) as base, chromium() as browser:
            for name, width, scheme in (
                ("light", 1280, "light"),
                ("dark", 1280, "dark"),
                ("tablet", 768, "light"),
                ("phone", 390, "light"),
                ("phone-dark", 390, "dark"),
            ):
                reader = Reader(browser, base, width=width, scheme=scheme)
                take(reader, folder, name)
                reader.close()
                assert reader.problems == [], reader.problems
            print_view(Reader(browser, base), folder)
        library(Path(work), folder)
    shutil.copy(folder / "light-3-essay.png", folder / "page.png")


def take(reader: Reader, folder: Path, name: str) -> None:
    """All pictures of one kind."""
    page = reader.open().page

    def picture(what: str, *, whole: bool = False) -> None:
        page.wait_for_timeout(300)
        page.screenshot(path=folder / f"{name}-{what}.png", full_page=whole)

    picture("1-home")
    reader.ask(TANKS)
    picture("2-answers", whole=True)
    link = reader.cards.first.locator("a[data-open]").get_attribute("href")
    reader.cards.first.locator(".why > summary").click()
    reader.cards.first.get_by_role("link", name="Read in the essay").click()
    page.locator("#reader .passage.here").wait_for()
    picture("3-essay")
    page.get_by_role("button", name="Close").click()
    reader.ask("And fighter planes?")
    picture("4-may-answer")
    for number, question in enumerate(("Who invented the MiG-15?", "Who painted the Mona Lisa?", "Summarise it"), 5):
        page.get_by_role("button", name="New conversation").click()
        page.locator(".turn").first.wait_for(state="detached")
        reader.ask(question)
        picture(f"{number}-{('close', 'none', 'contents')[number - 5]}", whole=True)
    reader.essays()
    for panel in ("index-panel", "adding-panel"):
        page.locator(f"#{panel} > button").click()
    picture("8-panels", whole=True)
    page.get_by_role("button", name="Keyboard").click()
    picture("9-keys")
    page.goto(f"{reader.base.rstrip('/')}{link}")
    picture("10-essay-page")


LIBRARY = {
    "lighthouses.md": """# On Lighthouses

A lighthouse is a tower with a **bright lamp** on top, which is lit at dusk.

## Towers of the coast

| Lighthouse | Built | Metres |
|---|---|---|
| Eddystone | 1882 | 49 |
| Bell Rock | 1810 | 35 |
""",
    "boats.md": "# On Boats\n\nA boat wants tar every second year. Its owner wants patience.\n",
    "bees.md": "# On Bees\n\n## Why do bees dance?\n\nBees dance to tell each other where the flowers stand.\n",
}


def library(work: Path, folder: Path) -> None:
    """Pictures of a library of one's own: its start screen, a table that answers, what is kept; wide and on a phone."""
    (work / "essays").mkdir()
    for name, text in LIBRARY.items():
        (work / "essays" / name).write_text(text, encoding="utf-8")
    build(work / "essays", work / "own", encoder=load_encoder())
    with served(work / "own") as base, chromium() as browser:
        for name, width, scheme in (("own", 1280, "light"), ("own-dark", 1280, "dark"), ("own-phone", 390, "light")):
            reader = Reader(browser, base, width=width, scheme=scheme)
            page = reader.open().page
            page.screenshot(path=folder / f"{name}-1-start.png", full_page=True)
            reader.ask("When was Eddystone built?")
            page.locator(".turn[open] [data-keep]").first.click()
            page.locator(".tray li").wait_for()
            page.screenshot(path=folder / f"{name}-2-tray.png", full_page=True)
            page.locator(".turn[open] a[data-open]").first.click()
            page.locator("#reader .passage.here").wait_for()
            page.screenshot(path=folder / f"{name}-3-table.png")
            reader.close()
            assert reader.problems == [], reader.problems


def print_view(reader: Reader, folder: Path) -> None:
    """The page as it is printed."""
    reader.open().ask(TANKS).ask("And fighter planes?")
    reader.page.emulate_media(media="print")
    reader.page.wait_for_timeout(300)
    reader.page.screenshot(path=folder / "print.png", full_page=True)
    reader.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
