import json
import os
import platform
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from filelock import FileLock
from small_encoder import SmallEncoder

from index.encoding.encoder import Encoder, unit
from index.local.build import build
from index.local.files.checksums import BLOCK
from index.local.location import NoIndex, current_name, publish
from index.local.manifest import FORMAT, Manifest
from index.local.removal import make
from index.local.reuse import LastSnapshot
from index.local.snapshot import FILES, Snapshot
from index.reading import reading
from index.verify import verify
from index.words import lexical
from qa.retriever import Retriever
from source.document import Reason
from source.errors import UserError
from source.library import suffixes

ESSAYS = {
    "war.txt": "The War\n\nThe tanks came over the river. Nobody saw them.\n\nThe armistice was signed in July.",
    "sea/ships.md": "---\nauthor: A. Mariner\n---\n# Ships\n\nShips carry “grain”. They sail:\n\n- east\n- west\n",
    "notes.old": "no essay",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in ESSAYS.items():
        path = tmp_path / "essays" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="")
    return tmp_path / "essays"


@pytest.fixture
def location(folder: Path) -> Path:
    location = folder.parent / "index"
    build(folder, location, encoder=SmallEncoder())
    return location


def answers(location: Path) -> str:
    retriever = Retriever(Snapshot.open(location), SmallEncoder())
    asked = ("Where did the tanks come from?", "ships", '"grain"')
    return json.dumps([retriever.answer(question).json()["quotes"] for question in asked])


def test_what_was_stored_is_what_was_read(folder: Path, location: Path) -> None:
    snapshot = Snapshot.open(location)
    assert [entry.name for entry in snapshot.entries] == ["sea/ships.md", "war.txt"]
    assert snapshot.document("sea/ships.md").author == "A. Mariner"
    for name in ("sea/ships.md", "war.txt"):
        assert snapshot.document(name).text == ESSAYS[name]
    stored = snapshot.passages(range(snapshot.statistics.passages))
    assert len(stored) == 3
    for one in stored:
        document = snapshot.document(one.document)
        assert one.passage in document.passages
        assert one.text == document.text[one.passage.start : one.passage.end]
    assert list(verify(snapshot)) == []


def test_a_text_is_stored_once_whatever_stands_between_its_passages(folder: Path) -> None:
    texts = {
        "a.md": "<!-- note -->\n\n# Mill\r\n\r\nThe miller slept.\n\n***\n\nNobody woke him.\n\n***\n \n",
        "b.txt": "***\n\n***\n",
        "c.txt": "A ship\n\nIt sailed \U0001f6a2 on.",
    }
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8", newline="")
    location = folder.parent / "index"
    for _ in range(2):  # the second time they are taken over
        snapshot, _ = build(folder, location, encoder=SmallEncoder())
        for name, text in texts.items():
            assert snapshot.document(name).text == text
        with closing(sqlite3.connect(snapshot.folder / "text.sqlite")) as connection:
            tables = ("document", "heading", "passage")
            rows = [value for table in tables for row in connection.execute(f"SELECT * FROM {table}") for value in row]
        stored = "\n".join(map(str, rows))
        assert [stored.count(text) for text in ("The miller slept.", "Nobody woke him.", "***")] == [1, 1, 4]


def test_which_sentences_ask_and_why_text_was_left_out_are_stored(folder: Path) -> None:
    text = "---\ndate: 1901\n---\n# Mill\n\nWho owned it? Ada did.\n\n***\n\n<!-- who? -->\n"
    (folder / "mill.md").write_text(text)
    snapshot, _ = build(folder, folder.parent / "index", encoder=SmallEncoder())
    document = snapshot.document("mill.md")
    assert [sentence.asks for sentence in document.passages[0].sentences] == [True, False]
    (stored,) = (one for one in snapshot.passages(range(4)) if one.document == "mill.md")
    assert stored.passage.sentences == document.passages[0].sentences
    assert [(text[one.start : one.end], one.reason) for one in document.furniture] == [
        ("---\ndate: 1901\n---", Reason.FRONT_MATTER),
        ("***", Reason.RULE),
        ("<!-- who? -->", Reason.COMMENT),
    ]


def test_a_word_of_any_script_is_found_in_an_essay_in_another_language(folder: Path) -> None:
    asked = ["λόγος", "ΝΌΜΟΣ", "½", "coŀlecció", "ⴰⴷⵍⵉⵙ", "ﷺ", "הארץ׃", "カ・カ", "Straße"]
    text = "\n\n".join(f"They wrote {word} on the wall of the house by the river." for word in asked)
    (folder / "signs.txt").write_text(f"Signs\n\n{text}", encoding="utf-8")
    snapshot, _ = build(folder, folder.parent / "index", encoder=SmallEncoder())
    for word in asked:
        for hits in (snapshot.matching(lexical.words(word), 9), snapshot.containing([word], 9)):
            assert [word in stored.text for stored in snapshot.passages([hit.passage for hit in hits])] == [True], word


def test_the_vectors_are_those_of_the_encoder(location: Path) -> None:
    snapshot, encoder = Snapshot.open(location), SmallEncoder()
    for number, stored in enumerate(snapshot.passages(range(3))):
        (read,) = encoder.encode([f"{stored.context}. {stored.text}"])
        hit = snapshot.nearest(read.vector, 1)[0]
        assert (hit.passage, round(hit.score, 3)) == (number, 1.0)
        (tokens,) = snapshot.tokens([number])
        exact = encoder.encode([stored.text])[0]
        inside = tokens.spans[:, 1] > 0
        assert tokens.spans[inside].tolist() == exact.spans.tolist()
        assert (tokens.vectors[inside] * unit(snapshot.projection.project(exact.tokens))).sum(1).min() > 0.85


def test_the_report_tells_what_was_done(folder: Path) -> None:
    calls: list[tuple[int, int]] = []
    encoder = SmallEncoder()
    _, report = build(
        folder, folder.parent / "i", encoder=encoder, progress=lambda done, total: calls.append((done, total))
    )
    assert str(report).startswith("2 documents, 3 passages, 7 sentences, 0 truncated, 1 skipped, ")
    assert calls == [(0, 3), (3, 3)]
    assert [str(skip) for skip in report.skipped] == [
        "notes.old: unknown kind of file (.old); known are " + ", ".join(suffixes())
    ]


def test_the_manifest_begins_with_its_format(location: Path) -> None:
    snapshot = Snapshot.open(location)
    text = (snapshot.folder / "manifest.json").read_text(encoding="utf-8")
    assert text.startswith(f'{{\n  "format": {FORMAT},')
    files = {*FILES, "tokens-000001.bin", "vectors-000001.bin"}
    assert set(json.loads(text)["files"]) == files
    assert {path.name for path in snapshot.folder.iterdir()} == {*files, "manifest.json", "QUOTH"}


def test_opened_again_it_gives_the_same_answers(location: Path) -> None:
    assert answers(location) == answers(location)


def test_a_rebuild_publishes_a_new_snapshot_and_keeps_the_one_that_is_being_read(folder: Path, location: Path) -> None:
    old = Snapshot.open(location)
    before = answers(location)
    (folder / "war.txt").write_text("The War\n\nThe tanks came over the hill.", encoding="utf-8")
    new, _ = build(folder, location, encoder=SmallEncoder())
    assert new.name != old.name == old.folder.name
    assert "hill" in new.document("war.txt").text
    assert "river" in old.document("war.txt").text
    assert answers(location) != before
    for _ in range(3):
        build(folder, location, encoder=SmallEncoder())
    assert len(list((location / "snapshots").iterdir())) == 3  # `old` and `new` are still read
    del old, new
    build(folder, location, encoder=SmallEncoder())
    assert len(list((location / "snapshots").iterdir())) == 1


def test_another_format_is_named(location: Path) -> None:
    folder = Snapshot.open(location).folder
    path = folder / "manifest.json"
    path.write_text(path.read_text(encoding="utf-8").replace(f'"format": {FORMAT}', '"format": 99'), encoding="utf-8")
    publish(location, folder)
    with pytest.raises(UserError, match=f"has format 99, this Quoth reads format {FORMAT}; rebuild it: quoth index"):
        Snapshot.open(location)


def test_another_model_is_refused(location: Path) -> None:
    encoder = SmallEncoder()
    encoder.fingerprint = "1" * 64
    with pytest.raises(UserError, match=r"built with other weights of the model small; rebuild it: quoth index"):
        Retriever(Snapshot.open(location), encoder)


def test_no_index_names_the_command_that_builds_one(tmp_path: Path) -> None:
    with pytest.raises(NoIndex, match=r"There is no index at '.*nowhere'; build one with: quoth index FOLDER --index"):
        Snapshot.open(tmp_path / "nowhere")


def test_a_build_that_is_stopped_changes_nothing(folder: Path, location: Path) -> None:
    before, name = answers(location), current_name(location)
    (folder / "war.txt").write_text("The War\n\nAnother text.", encoding="utf-8")

    def stop(done: int, total: int) -> None:
        if done:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build(folder, location, encoder=SmallEncoder(), progress=stop)
    assert current_name(location) == name
    assert [path.name for path in (location / "snapshots").iterdir()] == [name]
    (folder / "war.txt").write_text(ESSAYS["war.txt"], encoding="utf-8")
    assert answers(location) == before


@pytest.mark.parametrize("wrong", ["nowhere", "essays/sea/empty"])
def test_a_wrong_folder_changes_nothing(folder: Path, location: Path, wrong: str) -> None:
    (folder / "sea" / "empty").mkdir()
    before = answers(location)
    with pytest.raises(UserError, match=r"There is no (folder|essay to index in) '.*'.*; give "):
        build(folder.parent / wrong, location, encoder=SmallEncoder())
    assert answers(location) == before


def test_the_second_of_two_builders_leaves(folder: Path, location: Path) -> None:
    with FileLock(location / "LOCK"), pytest.raises(UserError, match=r"Another build of '.*' is running"):
        build(folder, location, encoder=SmallEncoder())


def test_what_an_interrupted_build_left_is_cleared(folder: Path, location: Path) -> None:
    left = [location / "snapshots" / f"building-20000101T000000.000000-00000{number}" for number in range(3)]
    left[0].mkdir()
    (left[1] / "QUOTH").parent.mkdir()
    (left[1] / "QUOTH").touch()
    make(left[2])
    (left[2] / "text.sqlite").write_bytes(b"half")
    build(folder, location, encoder=SmallEncoder())
    assert not any(path.exists() for path in left)


def test_an_index_where_no_folder_can_be_is_one_sentence(folder: Path) -> None:
    (folder.parent / "file").write_text("x", encoding="utf-8")
    with pytest.raises(UserError, match=r"could not be written: .*; it is as it was"):
        build(folder, folder.parent / "file" / "index", encoder=SmallEncoder())


def test_verify_lists_what_changed(folder: Path, location: Path) -> None:
    snapshot = Snapshot.open(location)
    (folder / "war.txt").write_text(ESSAYS["war.txt"].replace("July", "June"), encoding="utf-8")
    (folder / "sea" / "ships.md").unlink()
    assert list(verify(snapshot)) == [
        ("sea/ships.md", "cannot be read: No such file or directory"),
        ("war.txt", "the file has changed; 1 of 2 passages differ"),
    ]
    (folder / "war.txt").write_text(ESSAYS["war.txt"].replace("War", "Long War"), encoding="utf-8")
    assert list(verify(snapshot))[1] == (
        "war.txt",
        "the file has changed; 0 of 2 passages differ, 2 stand at another place",
    )
    folder.rename(folder.parent / "moved")
    with pytest.raises(UserError, match=r"The essays in '.*essays' cannot be read, so nothing can be verified; make"):
        list(verify(snapshot))


def test_many_threads_read_one_snapshot(location: Path) -> None:
    retriever = Retriever(Snapshot.open(location), SmallEncoder())
    expected = retriever.answer("Where did the tanks come from?").json()
    found: list[object] = []

    def ask() -> None:
        found.extend(retriever.answer("Where did the tanks come from?").json() for _ in range(5))

    threads = [threading.Thread(target=ask) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [expected] * 80


def test_an_index_without_passages_answers_none(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("***\n\n---\n", encoding="utf-8")
    snapshot, report = build(tmp_path / "a.txt", tmp_path / "index", encoder=SmallEncoder())
    assert report.passages == 0
    answer = Retriever(snapshot, SmallEncoder()).answer("Anything?")
    assert (answer.status, len(answer)) == ("none", 0)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such names")
def test_a_name_that_is_not_utf8_is_listed(folder: Path) -> None:
    with open(os.fsencode(folder) + b"/\xff.txt", "wb") as file:  # noqa: PTH123
        file.write(b"Text.")
    _, report = build(folder, folder.parent / "i", encoder=SmallEncoder())
    assert "�.txt: its name is not UTF-8; rename it" in [str(skip) for skip in report.skipped]


def test_only_what_is_new_is_embedded_and_changes_are_told(folder: Path, location: Path) -> None:
    def rebuilt() -> tuple[str, int, int]:
        encoder = SmallEncoder()
        _, report = build(folder, location, encoder=encoder)
        return str(report.changes), report.embedded, encoder.texts_read

    assert rebuilt() == ("0 added, 0 changed, 0 removed, 0 renamed, 2 unchanged", 0, 0)
    (folder / "war.txt").write_text(ESSAYS["war.txt"].replace("July", "June"), encoding="utf-8")
    assert rebuilt() == ("0 added, 1 changed, 0 removed, 0 renamed, 1 unchanged", 1, 1)
    (folder / "war.txt").rename(folder / "sea" / "peace.txt")
    assert rebuilt() == ("0 added, 0 changed, 0 removed, 1 renamed, 1 unchanged", 0, 0)
    (folder / "sea" / "ships.md").unlink()
    (folder / "new.txt").write_text("New\n\nThe tanks came over the river. Nobody saw them.", encoding="utf-8")
    assert rebuilt() == ("1 added, 0 changed, 1 removed, 0 renamed, 1 unchanged", 1, 1)


def test_what_is_taken_over_is_what_embedding_anew_would_give(folder: Path, encoder: Encoder) -> None:
    """Of a model with a projection of its own; others keep the one that was fitted to their first essays."""
    build(folder, folder.parent / "index", encoder=encoder)
    (folder / "new.txt").write_text("New\n\n" + "Ships sail over long seas. " * 40, encoding="utf-8")
    rebuilt, _ = build(folder, folder.parent / "index", encoder=encoder)
    fresh, _ = build(folder, folder.parent / "fresh", encoder=encoder)
    asked = [Retriever(one, encoder).answer("Where did the tanks come from?") for one in (rebuilt, fresh)]
    assert [quote.place for quote in asked[0]] == [quote.place for quote in asked[1]]
    for number in range(fresh.statistics.passages):
        assert np.array_equal(rebuilt.vectors([number]), fresh.vectors([number]))
        assert rebuilt.passages([number]) == fresh.passages([number])


def test_files_are_read_again_where_the_code_that_read_them_was_another(folder: Path, location: Path) -> None:
    path = Snapshot.open(location).folder / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    assert LastSnapshot(Snapshot.open(location), SmallEncoder()).files.keys() == {"war.txt", "sea/ships.md"}
    manifest["settings"]["reading"] = "by other code"
    Manifest(**manifest).write(path)
    publish(location, path.parent)
    assert LastSnapshot(Snapshot.open(location), SmallEncoder()).files == {}


def test_files_are_read_again_by_another_python(monkeypatch: pytest.MonkeyPatch) -> None:
    now = reading.__wrapped__()
    assert now == reading()
    monkeypatch.setattr(platform, "python_version", lambda: "4.0.0")
    assert now != reading.__wrapped__()


@pytest.mark.skipif(os.name == "nt", reason="Windows lets nobody cut a file that is open")
def test_a_file_that_is_cut_while_it_is_in_use_is_noticed(location: Path) -> None:
    retriever = Retriever(Snapshot.open(location), SmallEncoder())
    whole = retriever.answer("Where did the tanks come from?")
    os.truncate(retriever.index.folder / "tokens-000001.bin", 100)
    with pytest.raises(UserError, match=r"file tokens-000001\.bin is not as it was written; rebuild it: quoth index"):
        retriever.answer("Where did the tanks come from?")
    assert whole.quotes


@pytest.mark.parametrize("name", ["tokens-000001.bin", "vectors-000001.bin"])
def test_damage_to_a_large_file_is_noticed_before_it_is_used(tmp_path: Path, name: str) -> None:
    essays = tmp_path / "essays"
    essays.mkdir()
    for i in range(8):
        text = "\n\n".join(f"Passage {i * 300 + j} speaks of thing{i * 300 + j}." for j in range(300))
        (essays / f"{i}.txt").write_text(f"Things\n\n{text}\n", encoding="utf-8")
    location = tmp_path / "index"
    path = build(essays, location, encoder=SmallEncoder())[0].folder / name

    def answer() -> object:
        return Retriever(Snapshot.open(location, checked_whole=0), SmallEncoder()).answer("What of thing1234?").json()

    whole, data, noticed, read = answer(), path.read_bytes(), 0, 0
    assert len(data) > 2 * BLOCK
    for at in range(0, len(data), BLOCK // 2):
        path.write_bytes(data[:at] + bytes([data[at] ^ 4]) + data[at + 1 :])
        try:
            assert answer() == whole
        except UserError as error:
            noticed += f"file {name} is not as it was written; rebuild it: quoth index" in str(error)
        else:
            read += 1
    assert noticed >= 1
    assert noticed + read == len(range(0, len(data), BLOCK // 2))
    for other in (data[: len(data) // 2], data[:-1], data + b"x"):
        path.write_bytes(other)
        with pytest.raises(UserError, match=f"file {name} is not as it was written"):
            answer()
    assert build(essays, location, encoder=SmallEncoder())[1].embedded == 2400


def test_another_model_embeds_everything_anew(folder: Path, location: Path) -> None:
    encoder = SmallEncoder()
    encoder.fingerprint = "2" * 64
    _, report = build(folder, location, encoder=encoder)
    assert report.embedded == report.passages


@pytest.mark.skipif(os.name == "nt", reason="Windows has no limit on file sizes")
def test_a_file_that_cannot_grow_is_one_sentence_and_changes_nothing(folder: Path, location: Path) -> None:
    before, name = answers(location), current_name(location)
    (folder / "large.txt").write_text("Large\n\n" + "Every word counts here.\n\n" * 20_000, encoding="utf-8")
    script = (
        "import resource, sys; from pathlib import Path; from index.local.build import build; "
        "from small_encoder import SmallEncoder; from source.errors import UserError\n"
        "from source.reading import read_data\n"
        "read_data(b'What tells languages apart is unpacked to a file, by a worker that stays.', 'a.txt')\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))\n"
        "try: build(Path(sys.argv[1]), Path(sys.argv[2]), encoder=SmallEncoder())\n"
        "except UserError as error: print(error)"
    )
    command = [sys.executable, "-c", script, str(folder), str(location)]
    paths = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1] / "support")}
    run = subprocess.run(command, capture_output=True, text=True, env=paths)
    assert "could not be written: " in run.stdout, run.stderr
    assert run.stdout.endswith("; it is as it was.\n")
    assert current_name(location) == name
    (folder / "large.txt").unlink()
    assert answers(location) == before


def test_the_report_says_what_was_left_out_and_why_when_it_is_more_than_a_little(folder: Path) -> None:
    licence = "You may copy it, give it away or re-use it under the terms of the licence.\n\n" * 20
    start, end = (
        "*** START OF THIS PROJECT GUTENBERG EBOOK MILLS ***\n\n",
        "*** END OF THIS PROJECT GUTENBERG EBOOK ***",
    )
    text = f"Title: Mills\n\nAuthor: Ada Holm\n\n{start}The mill stood by the weir.\n\n{end}\n\n{licence}"
    (folder / "mills.txt").write_text(text)
    (folder / "rule.txt").write_text("The mill\n\n" + "It stood by the weir. " * 100 + "\n\n* * *\n\nIt burned.")
    location = folder.parent / "index"
    for _ in range(2):  # the second time the file is not read again
        _, report = build(folder, location, encoder=SmallEncoder())
        (one,) = report.left_out
        assert (one.name, dict(one.reasons).keys()) == ("mills.txt", {"licence", "metadata"})
        assert one.characters == sum(dict(one.reasons).values())
        assert one.characters > len(licence)
        assert str(one).startswith(f"{one.characters:,} characters of mills.txt are not searched: licence 1,")
