"""The language of a text: told when indexing, shown, and used to divide it into sentences."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from data import TESTS
from small_encoder import SmallEncoder

from index.local.build import build
from index.verify import verify
from index.words.lexical import words
from index.words.stems import stems, terms
from qa.command import cli
from qa.page.html.essay import Marks, essay
from qa.page.html.panels import essay_list
from source.reading import read
from source.text.language import language_of, name_of
from source.text.sentences import sentences

ESSAYS = sorted((TESTS / "languages").glob("*.txt"))


def split(text: str, language: str) -> list[str]:
    return [text[s.start : s.end] for s in sentences(text, 0, len(text), language)]


@pytest.mark.parametrize("path", ESSAYS, ids=lambda path: path.stem)
def test_the_language_of_an_essay_and_of_each_paragraph_is_told(path: Path) -> None:
    document = read(path, path.name)
    assert document.language == path.stem
    told = [language_of(document.text[passage.start : passage.end]) for passage in document.passages]
    assert told == [path.stem] * 3


@pytest.mark.parametrize(
    "text", ["", "1887", "ok", "War", "1 2 3 4 5 6 7 8 9 % § 3.14 = ?", "asdf qwer zxcv uiop hjkl bnm"]
)
def test_what_is_not_sure_has_no_language(text: str) -> None:
    assert language_of(text) == ""


def test_a_long_essay_is_known_by_its_whole_not_its_beginning() -> None:
    german = (TESTS / "languages" / "de.txt").read_text(encoding="utf-8")
    assert language_of("The house stands by the river and is old. " * 4 + german * 20) == "de"


def test_languages_have_names() -> None:
    assert (name_of("de"), name_of(""), name_of("xx")) == ("German", "", "xx")


@pytest.mark.parametrize(
    ("language", "whole"),
    [
        ("de", ["Am 3. Oktober kam Dr. Meier z. B. nach Köln.", "Er blieb ca. bis zum 5. Mai.", "Ende."]),
        ("es", ["¿Quién vino?", "El Sr. Pérez, p. ej. EE. UU. lo sabe.", "La Sra. Gómez llegó."]),
        ("fr", ["M. Dupont vint avec Mme. Durand.", "Il dit : « Venez ! Vite ! »", "Puis il partit."]),
        ("ru", ["Он родился в 1890 г. в Москве.", "Это т. е. давно.", "Конец."]),
        ("el", ["Πού πήγε;", "Δεν ξέρω.", "Ήρθε χθες."]),
        ("ar", ["هل جاء؟", "نعم جاء.", "ثم ذهب!"]),
        ("ur", ["وہ آیا۔", "کیا وہ گیا؟", "ہاں۔"]),
        ("he", ["האם הוא בא?", "כן.", "הוא הלך."]),
        ("hi", ["वह आया।", "क्या वह गया?", "डॉ. शर्मा आए।"]),
        ("ko", ["그는 왔다.", "정말?", "끝."]),
        ("th", ["เขามา เขาไป"]),
        ("", ["No language.", "Two sentences."]),
    ],
)
def test_sentences_end_where_their_language_ends_them(language: str, whole: list[str]) -> None:
    assert split(" ".join(whole), language) == whole


@pytest.mark.parametrize(
    ("language", "whole"),
    [
        ("zh", ["他来了。", "你去吗？", "我不去！", "完了。"]),
        ("ja", ["彼は来た。", "「行こう。早く！」と言った。", "本当？", "終わり。"]),
    ],
)
def test_sentences_without_spaces_between_them(language: str, whole: list[str]) -> None:
    assert split("".join(whole), language) == whole


@pytest.fixture
def library(tmp_path: Path) -> Path:
    folder = tmp_path / "essays"
    folder.mkdir()
    for name in ("de", "en", "he"):
        shutil.copy(TESTS / "languages" / f"{name}.txt", folder)
    shutil.copy(TESTS / "languages" / "en.txt", folder / "again.txt")
    (folder / "note.txt").write_text("1887 1888", encoding="utf-8")
    return folder


def test_languages_are_reported_kept_and_listed(library: Path, tmp_path: Path, small_encoder: SmallEncoder) -> None:
    snapshot, report = build(library, tmp_path / "index", encoder=small_encoder)
    assert report.in_languages == "2 in English, 1 of no known language, 1 in German, 1 in Hebrew"
    assert [entry.language for entry in snapshot.entries] == ["en", "de", "en", "he", ""]
    assert snapshot.document("he.txt").language == "he"
    assert list(verify(snapshot)) == []
    assert "German · 3 paragraphs" in essay_list(snapshot.entries)
    _, again = build(library, tmp_path / "index", encoder=small_encoder)
    assert (again.languages, again.changes.unchanged) == (report.languages, 5)
    assert again.advice == ""  # nothing is known of the small encoder's languages


def test_the_command_line_says_the_languages(library: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["index", str(library), "--index", str(tmp_path / "index")]) == 0
    said = capsys.readouterr().err
    assert "documents: 2 in English, 1 of no known language, 1 in German, 1 in Hebrew" in said
    assert "quoth-minilm reads English only" in said
    assert "quoth index FOLDER --model paraphrase-multilingual-MiniLM-L12-v2" in said
    (library / "de.txt").unlink()
    (library / "he.txt").unlink()
    assert cli.main(["index", str(library), "--index", str(tmp_path / "index")]) == 0
    assert "--model" not in capsys.readouterr().err


def test_the_page_tells_the_browser_the_language(library: Path, tmp_path: Path, small_encoder: SmallEncoder) -> None:
    snapshot, _ = build(library, tmp_path / "index", encoder=small_encoder)
    page = essay(snapshot.document("he.txt"), Marks((), stale=False), "#")
    assert re.search('<article class="essay"[^>]* lang="he"', page)
    assert page.count('dir="auto"') >= 3


@pytest.mark.parametrize(
    ("language", "asked", "indexed"),
    [
        ("de", "Wann begannen die Häuser zu brennen?", "Das Haus brannte, ehe der Winter begann."),
        ("ru", "Какие книги читали солдаты?", "Солдат читал книгу."),
        ("es", "¿Quién construyó las casas?", "La casa fue construida."),
        ("en", "Who supplied tanks?", "The tank was a supply."),
    ],
)
def test_words_are_found_in_every_form_of_their_language(language: str, asked: str, indexed: str) -> None:
    alike = set(terms(words(asked), ["en", language])) & set(stems(words(indexed), language))
    assert len(alike) >= 2, alike


def test_marks_belong_to_the_letter_before_them() -> None:
    assert words("हिन्दी भाषा में।") == ["हिन्दी", "भाषा", "में"]
    assert words("שָׁלוֹם עולם") == ["שָׁלוֹם", "עולם"]
    assert words("cafe\u0301 snake_case") == ["caf\u00e9", "snake", "case"]
    assert stems(["cafe\u0301", "café", "cafes"], "en") == ["cafe"] * 3


@pytest.mark.skipif(os.name == "nt", reason="Windows has no limit on file sizes")
def test_no_room_for_the_detector_is_one_sentence_and_changes_nothing(library: Path, tmp_path: Path) -> None:
    script = (
        "import resource, sys; from qa.command.cli import main\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))\n"
        "sys.exit(main(['index', sys.argv[1], '--index', sys.argv[2]]))"
    )
    command = [sys.executable, "-c", script, str(library), str(tmp_path / "index")]
    run = subprocess.run(command, capture_output=True, text=True)
    assert (run.returncode, run.stdout) == (1, "")
    assert "The language of an essay cannot be told: File too large; make room in " in run.stderr
    assert "Traceback" not in run.stderr
