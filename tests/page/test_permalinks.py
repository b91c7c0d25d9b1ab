"""Essays that change beneath a running server: what a permalink opens, and what programs are told of what they read."""

import hashlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest
from browsing import Reader, serious, served
from lxml import html
from playwright.sync_api import Browser

from index.encoding.encoder import Encoder
from index.local.build import build
from qa.quotations.links.permalink import permalink
from source.reading import read_data

SEA = (
    "On the Sea\n\nCod are caught in winter off the northern shore, mostly by small boats.\n\n"
    "A lighthouse was built in 1871 by the Stevenson brothers. It is not lit any more.\n\n"
    "Herring came in summer, and the women salted them on the quay.\n"
)
NAME = "sea & “shore”?#1.txt"
CALL = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "list_essays", "arguments": {}}}


def write(folder: Path) -> None:
    """Write the essays as they were indexed."""
    folder.mkdir(exist_ok=True)
    (folder / NAME).write_text(SEA, encoding="utf-8")
    (folder / "oak.txt").write_text("Of Oaks\n\nThe old oak was felled in 1904 by Per.\n", encoding="utf-8")


@pytest.fixture(scope="module")
def essays(tmp_path_factory: pytest.TempPathFactory, encoder: Encoder) -> Path:
    folder = tmp_path_factory.mktemp("links") / "essays"
    write(folder)
    build(folder, folder.parent / "index", encoder=encoder)
    return folder


@pytest.fixture(scope="module")
def page(essays: Path) -> Iterator[str]:
    with served(essays.parent / "index") as address:
        yield address


@pytest.fixture(autouse=True)
def _as_indexed(essays: Path) -> Iterator[None]:
    yield
    shutil.rmtree(essays, ignore_errors=True)
    write(essays)


def link_to(words: str, text: str = SEA, name: str = NAME) -> str:
    at = text.index(words)
    return permalink(read_data(text.encode(), name), at, at + len(words)).address


def opened(page: str, link: str) -> tuple[int, html.HtmlElement]:
    answer = httpx.get(f"{page.rstrip('/')}{link}", timeout=60)
    return answer.status_code, html.fromstring(answer.text)


@pytest.mark.parametrize(
    ("words", "edit", "status", "state", "marked"),
    [
        ("A lighthouse was built in 1871", None, 200, "unchanged", "A lighthouse was built in 1871"),
        ("A lighthouse was built in 1871", ("On the Sea\n", "On the Sea\n\nNew <b>words</b>.\n"), 200, "moved", "A l"),
        (
            "Cod are caught in winter off the northern shore, mostly by small boats",
            ("winter", "late summer"),
            200,
            "altered",
            "Cod",
        ),
        ("Herring came in summer, and the women salted them on the quay", ("Herring", None), 410, "gone", None),
    ],
)
def test_a_link_says_what_has_become_of_the_quotation(
    page: str,
    essays: Path,
    words: str,
    edit: tuple[str, str | None] | None,
    status: int,
    state: str,
    marked: str | None,
) -> None:
    link = link_to(words)
    if edit is not None:
        old, new = edit
        text = SEA[: SEA.index(old)] if new is None else SEA.replace(old, new)
        (essays / NAME).write_text(text, encoding="utf-8")
    got, shown = opened(page, link)
    (notice,) = shown.xpath("//*[@data-state]")
    assert (got, notice.get("data-state")) == (status, state)
    marks = [one.text_content() for one in shown.iter("mark")]
    assert marks == [] if marked is None else marks[0].startswith(marked)
    if state in ("unchanged", "moved"):
        assert "".join(marks) == words
    if state == "altered":
        assert [one.text_content() for one in shown.iter("del")] == ["winter"]
        assert [one.text_content() for one in shown.iter("ins")] == ["late summer"]
    if state == "gone":
        assert shown.find(".//blockquote").text_content() == words
    if state == "moved":
        assert not shown.xpath("//article//b")


@pytest.mark.parametrize(
    "link",
    [
        "/q/x",
        "/q/oak.txt?start=0&end=3",
        link_to("Cod are").replace("Cod", "Hod"),
        f"/q/../../etc/passwd?start=0&end=4&exact=root&sha256={hashlib.sha256(b'root').hexdigest()}",
        "/q/%3Cscript%3E?start=0",
    ],
)
def test_what_is_no_link_of_an_essay_shows_none(page: str, link: str) -> None:
    status, shown = opened(page, link)
    assert status in (400, 404, 410)
    assert not list(shown.iter("article"))
    assert "root:" not in shown.text_content()
    assert not list(shown.iter("script"))


def test_a_file_that_is_no_essay_is_not_read(page: str, essays: Path) -> None:
    text = "Secret\n\nThe password is swordfish, and nobody knows it.\n"
    (essays.parent / "secret.txt").write_text(text, encoding="utf-8")
    for name in ("../secret.txt", "%2e%2e/secret.txt", str(essays.parent / "secret.txt")):
        status, shown = opened(page, link_to("The password is", text, "secret.txt").replace("secret.txt", name, 1))
        assert status in (400, 404, 410)
        assert "swordfish" not in shown.text_content()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious_on_a_permalink(browser: Browser, page: str, essays: Path, scheme: str) -> None:
    reader = Reader(browser, page, scheme=scheme)
    (essays / NAME).write_text(SEA.replace("not lit", "lit at night no").replace(" by small boats", ""), "utf-8")
    faults = {}
    for words in ("Herring came in summer", "It is not lit any more.", "Cod are caught"):
        reader.page.goto(page.rstrip("/") + link_to(words))
        faults[words] = serious(reader.page)
    reader.close()
    assert {words: found for words, found in faults.items() if found} == {}
    assert reader.problems == []


def programs_are_told(page: str) -> tuple[set[str], dict]:
    """What is said to be stale of the essay on the sea, of its first passage and of a part of it; and an answer."""
    name = quote(NAME)
    values = [httpx.get(f"{page}api/{one}", timeout=60).json() for one in (f"essays/{name}", f"passages/{name}/1")]
    asked = {"question": "When were cod caught off the northern shore?", "documents": [NAME], "reader": False}
    return {one["stale"] for one in values}, httpx.post(f"{page}api/ask", json=asked, timeout=60).json()


@pytest.mark.skipif(os.name == "nt", reason="Windows has no time of change")
def test_a_file_replaced_with_its_size_and_time_is_quoted_no_more(page: str, essays: Path) -> None:
    stale, answer = programs_are_told(page)
    assert (stale, answer["withheld"]) == ({""}, [])
    file, other = essays / NAME, essays.parent / "other"
    for put in (lambda: shutil.copy2(other, file), lambda: other.replace(file)):  # as cp -p and as rsync -t do
        other.write_text(file.read_text(encoding="utf-8").replace("caught", "eaten!"), encoding="utf-8")
        shutil.copystat(file, other)
        before = file.stat()
        put()
        assert (file.stat().st_size, file.stat().st_mtime_ns) == (before.st_size, before.st_mtime_ns)
        stale, answer = programs_are_told(page)
        assert stale == {f"{NAME} has changed since it was indexed"}
        assert "caught" not in "".join(one["text"] for one in answer["quotes"])
        assert answer["withheld_count"] == 1
        write(essays)
        assert programs_are_told(page)[0] == {""}


def test_a_page_of_an_essay_says_that_it_has_changed_or_cannot_be_read(page: str, essays: Path) -> None:
    def said(address: str) -> str:
        status, read = opened(page, address)
        assert status == 200
        return " ".join(read.xpath("//article//p[@class='notice']/text()"))

    whole, link = f"/essay/{quote(NAME, safe='')}", link_to("It is not lit any more.")
    assert (said(whole), said(link)) == ("", "")
    (essays / NAME).write_text(SEA.replace("1871", "1872"), encoding="utf-8")
    assert (said(whole), said(link)) == (f"{NAME} has changed since it was indexed; this is what it said then.", "")
    shutil.rmtree(essays)
    for address in (whole, link):
        assert "The essays themselves cannot be read; this is what they said on" in said(address)


def test_what_programs_read_says_that_the_essays_cannot_be_read(page: str, essays: Path) -> None:
    essays.rename(essays.parent / "away")
    name = quote(NAME)
    for one in (f"essays/{name}", f"passages/{name}/1"):
        said = httpx.get(f"{page}api/{one}", timeout=60).json()
        assert (said["stale"], said["unchecked"][:41]) == ("", "The essays themselves cannot be read; thi")


def test_no_folder_of_the_server_is_named_to_those_who_ask_over_http(page: str, essays: Path) -> None:
    index, folder, away = essays.parent / "index", essays.parent, essays.parent / "elsewhere"
    ask = {"question": "When were cod caught off the northern shore?"}
    (essays / NAME).write_text(SEA.replace("caught", "eaten!"), encoding="utf-8")
    withheld = httpx.post(f"{page}api/ask", json=ask, timeout=60)
    assert withheld.json()["withheld"] == [f"A quotation is withheld: {NAME} has changed since it was indexed"]
    index.rename(away)
    try:
        told = [
            httpx.post(f"{page}api/ask", json=ask, timeout=60),
            *(httpx.get(f"{page}{one}", timeout=60) for one in ("health", "essay/oak.txt", link_to("Cod are")[1:])),
        ]
        model = httpx.post(f"{page}mcp", json=CALL, headers={"Accept": "application/json"}, timeout=60)
    finally:
        away.rename(index)
    assert [one.status_code for one in told] == [503] * 4
    assert "There is no index at 'index'; build one with: quoth index" in told[0].json()["detail"]
    assert "There is no index at 'index'" in model.text
    for one in (withheld, *told, model, httpx.get(page, timeout=60)):
        assert folder.name not in one.text, one.text
