import math
import sqlite3
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from random import Random

import numpy as np
import pytest

from index.local.files import frequent
from index.local.files.checksums import CheckedFile
from index.local.files.full_text import WordCounts, scores, search_phrases
from index.local.files.order import Order
from index.local.files.rows import Rows
from index.local.files.schema import create_words
from index.words.lexical import content_words, holds, phrases, words
from index.words.stems import indexed, stems, terms

PASSAGES = [
    ("Arms", "The Soviet Union supplied tanks and artillery."),
    ("Arms", "A tank’s crew was trained; the “big guns” were not."),
    ("Peace", "The armistice ended\r\nthe war in 1953."),
    ("Tanks of the war", "Nothing about arms here."),
    ("", "The naïve café-owner spoke."),
    ("战争", "萨克森花园夏季剧院在1870年运营。"),
]


@pytest.fixture
def empty() -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        yield connection


@pytest.fixture
def connection(empty: sqlite3.Connection) -> sqlite3.Connection:
    connection = empty
    connection.execute("CREATE TABLE passage (id INTEGER PRIMARY KEY, document INTEGER)")
    connection.executemany("INSERT INTO passage VALUES (?, ?)", [(0, 0), (1, 0), (2, 1), (3, 1), (4, 2), (5, 2)])
    create_words(connection)
    index(connection, [(i, *passage) for i, passage in enumerate(PASSAGES)])
    return connection


def index(connection: sqlite3.Connection, passages: Sequence[tuple[int, str, str]], language: str = "en") -> None:
    for i, *parts in passages:
        row = (i, *(" ".join(indexed(words(part), language)) for part in parts))
        connection.execute("INSERT INTO full_text (rowid, context, text) VALUES (?, ?, ?)", row)
    counts = WordCounts()
    for _, *parts in passages:
        counts.count(connection, [word for part in parts for word in words(part)], 1)
    counts.write(connection)


def found(connection: sqlite3.Connection, *wanted: str, documents: list[int] | None = None) -> list[int]:
    asked = [word for one in wanted for word in words(one)]
    hits = scores(connection, terms(asked, ["en"]), documents) if asked else ()
    return [number for number, _ in sorted(hits, key=lambda hit: -hit[1])]


@pytest.mark.parametrize(
    ("terms", "expected"),
    [
        (["tank"], {0, 1, 3}),
        (["tanks"], {0, 1, 3}),
        (["training"], {1}),
        (["armistice", "artillery"], {0, 2}),
        (["naive"], {4}),
        (["CAFÉ"], {4}),
        (["submarine"], set()),
        (["夏季"], {5}),
        (["战争"], {5}),
        (['"'], set()),
        (["NEAR"], set()),
        ([], set()),
    ],
)
def test_words_are_found_by_their_stems(connection: sqlite3.Connection, terms: list[str], expected: set[int]) -> None:
    assert set(found(connection, *terms)) == expected


def test_full_text_search_parts_terms_at_spaces_and_leaves_them_as_they_are(empty: sqlite3.Connection) -> None:
    create_words(empty)
    kinds = ("Ll", "Lo", "Nd", "So", "Cn")  # of these few are anything but what they seem
    odd = (
        sign
        for sign in map(chr, range(0x20000))
        if unicodedata.category(sign) not in kinds or unicodedata.normalize("NFKC", sign.lower()) != sign
    )
    texts = [f"ab{sign}cd x{sign} {sign}" for sign in odd if not "\ud800" <= sign <= "\udfff"]
    given = [" ".join(indexed(words(text), language)) for language in ("en", "el") for text in texts]
    empty.executemany("INSERT INTO full_text (rowid, context, text) VALUES (?, '', ?)", enumerate(given))
    empty.execute("CREATE VIRTUAL TABLE temp.instance USING fts5vocab('main', 'full_text', 'instance')")
    kept: dict[int, list[str]] = {number: [] for number in range(len(given))}
    for term, number in empty.execute("SELECT term, doc FROM temp.instance ORDER BY doc, offset"):
        kept[number].append(term)
    assert len(given) > 10_000
    assert [" ".join(kept[number]) for number in range(len(given))] == given


def test_a_word_in_the_text_counts_more_than_in_a_heading(connection: sqlite3.Connection) -> None:
    assert found(connection, "tanks")[-1] == 3


def test_the_search_can_be_limited_to_documents(connection: sqlite3.Connection) -> None:
    assert found(connection, "tank", documents=[1]) == [3]
    assert found(connection, "tank", documents=[]) == []


def test_words_are_counted_once_a_passage(connection: sqlite3.Connection) -> None:
    counts = dict(connection.execute("SELECT word, passages FROM word"))
    assert (counts["the"], counts["tanks"], counts["1953"], counts["arms"]) == (5, 2, 1, 3)


def test_words_of_a_question() -> None:
    assert words("North Korea’s T-34, “naïve”?") == ["north", "korea", "s", "t", "34", "naïve"]
    assert words("夏季剧院 in 1870年") == ["夏季", "季剧", "剧院", "in", "1870", "年"]
    assert content_words("What did Korea’s army, the army, do?") == ["korea", "army"]


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ('Who said "big guns" and “small arms”?', ("big guns", "small arms")),
        ('Who said "so be it?"', ("so be it",)),
        ('An odd " mark', ()),
        ('"" and "—"', ()),
        ("No phrase, North Korea's own", ()),
    ],
)
def test_phrases_stand_between_double_quotation_marks(question: str, expected: tuple[str, ...]) -> None:
    assert phrases(question) == expected


@pytest.mark.parametrize(
    ("phrase", "text", "expected"),
    [
        ("tank's crew", PASSAGES[1][1], ["tank’s crew"]),
        ("ENDED THE WAR", PASSAGES[2][1], ["ended\r\nthe war"]),
        ("tank", PASSAGES[0][1], []),
        ("artillery.", PASSAGES[0][1], ["artillery."]),
        (".* (", PASSAGES[0][1], []),
        ("a", "A man, a plan", ["A", "a"]),
        ("夏季剧院", PASSAGES[5][1], ["夏季剧院"]),
    ],
)
def test_a_phrase_is_found_literally(phrase: str, text: str, expected: list[str]) -> None:
    assert [text[start:end] for start, end in holds(text, phrase)] == expected


def test_phrases_are_looked_for_in_the_text_only(connection: sqlite3.Connection) -> None:
    assert [n for n, _ in search_phrases(connection, ["tanks of the war"], ["en"], None)] == []
    assert [n for n, _ in search_phrases(connection, ["ended the war", "1953"], ["de", "en"], None)] == [2]
    assert [n for n, _ in search_phrases(connection, ["夏季剧院"], ["en"], None)] == [5]


def test_frequent_words_count_what_sqlite_says_they_count(tmp_path: Path, empty: sqlite3.Connection) -> None:
    connection = empty
    random = Random(1)
    vocabulary = ["tank", "tanks", "training", "trained", "naïve", "river", "café", "under_score", "the", "夏季"]
    passages = [
        (number, " ".join(random.choices(vocabulary, k=2)), " ".join(random.choices(vocabulary, k=random.randrange(9))))
        for number in range(400)
    ]
    connection.execute("CREATE TABLE passage (id INTEGER PRIMARY KEY, document INTEGER)")
    connection.executemany("INSERT INTO passage VALUES (?, ?)", [(i, i // 40) for i in range(400)])
    create_words(connection)
    index(connection, [*passages, (400, "", "A single submarine.")])
    frequent.write(connection, tmp_path / "words.bin", frequent=50)
    lists = Rows(CheckedFile(tmp_path / "words.bin"), np.load(tmp_path / "words.npy"), frequent.RECORD.itemsize)
    lengths = [sum(len(words(part)) for part in parts) for _, *parts in [*passages, (400, "", "A single submarine.")]]
    order = Order.of(np.asarray([[0, 0, 401]]), 401)
    frequent_terms = frequent.FrequentTerms(lists, np.asarray(lengths, np.uint32), order)
    texts = [" ".join(stems(words(" ".join(parts)), "en")).split() for _, *parts in passages]
    held = Counter(term for text in texts for term in set(text)) | Counter(submarin=1)
    known = {term for (term,) in connection.execute("SELECT term FROM frequent_term")}
    assert known == {"tank", "train", "naiv", "river", "cafe", "score", "夏季"}
    for asked in (
        ["tank"],
        ["tanks", "tank"],
        ["river", "submarine", "naïve"],
        ["score", "trained"],
        ["submarine"],
        [],
    ):
        for documents in (None, [1, 7], []):
            among = None if documents is None else np.asarray([i for i in range(400) if i // 40 in documents], np.int64)
            wanted = terms(asked, ["en"])
            most = 2.2 * sum(max(math.log((401 - held[term] + 0.5) / (held[term] + 0.5)), 1e-6) for term in wanted)
            exact = {n: score / most for n, score in scores(connection, wanted, documents)} if wanted else {}
            assert all(0 < score < 1 for score in exact.values())
            for k in (5, 401):
                hits = frequent_terms.search(connection, wanted, k, documents, among)
                assert len(hits) == min(k, len(exact))
                assert [score for _, score in hits] == pytest.approx([exact[n] for n, _ in hits], rel=1e-6)
                best = sorted(exact.values(), reverse=True)[:k]
                assert [score for _, score in hits] == pytest.approx(best, rel=1e-6)
                assert frequent_terms.scores(connection, wanted, [n for n, _ in hits]) == [score for _, score in hits]
            numbers = [400, *range(0, 400, 7), 3]
            every = {n: score / most for n, score in scores(connection, wanted, None)} if wanted else {}
            found = frequent_terms.scores(connection, wanted, numbers)
            assert found == pytest.approx([every.get(n, 0.0) for n in numbers], rel=1e-6)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The ﬁrst oﬃce of the ﬂeet", ["the", "first", "office", "of", "the", "fleet"]),
        ("mid\u00addle win\u00addow", ["middle", "window"]),
        ("42,000 crowns", ["42000", "crowns"]),
        ("42.000 Kronen und 1.234.567", ["42000", "kronen", "und", "1234567"]),
        ("42’000 Franken", ["42000", "franken"]),
        ("42\u202f000 kr", ["42000", "kr"]),
        ("£1.5 and 1,2 and 1,2345", ["1", "5", "and", "1", "2", "and", "1", "2345"]),
        ("in 1950 1000 men", ["in", "1950", "1000", "men"]),
        ("the ma-\nsons came", ["the", "masons", "came", "ma", "sons"]),
        ("a well-\r\n  known man", ["a", "wellknown", "man", "well", "known"]),
        ("North-\nSouth", ["north", "south"]),
        ("pp. 12-\n14", ["pp", "12", "14"]),
        ("Cafe\u0301 café", ["café", "café"]),
    ],
)
def test_words_that_look_alike_are_one(text: str, expected: list[str]) -> None:
    assert words(text) == expected


@pytest.mark.parametrize(
    ("one", "other", "language"),
    [
        ("went", "goes", "en"),
        ("bought", "buying", "en"),
        ("mice", "mouse", "en"),
        ("children", "child", "en"),
        ("wrote", "written", "en"),
        ("wolves", "wolf", ""),
        ("energía", "energia", "es"),
        ("anunció", "anuncio", "es"),
        ("Dvořák", "Dvorak", "en"),
        ("Søren Łódź", "Soren Lodz", "en"),
        ("défense", "defense", "fr"),
        ("Straße", "Strasse", "de"),
        ("cœur", "coeur", "fr"),
        ("José Martínez", "Jose Martinez", "es"),
        ("Müller", "Muller", "de"),
    ],
)
def test_forms_and_accents_meet(one: str, other: str, language: str) -> None:
    assert set(terms(words(other), [language])) <= set(indexed(words(one), language))
    assert set(terms(words(one), [language])) <= set(indexed(words(one), language))


def test_words_of_other_languages_have_no_english_forms() -> None:
    assert stems(["went", "mice"], "de") == ["went", "mic"]


@pytest.mark.parametrize(
    ("phrase", "text", "expected"),
    [
        ("first office", "The ﬁrst oﬃce.", ["ﬁrst oﬃce"]),
        ("window", "A win\u00addow.", ["win\u00addow"]),
        ("win\u00addow", "A window.", ["window"]),
        ("ﬁrst", "The first.", ["first"]),
        ("masons came", "The ma-\nsons came.", ["ma-\nsons came"]),
        ("well-known", "A well-\nknown man.", ["well-\nknown"]),
        ("José", "Jose\u0301 and José and Jose.", ["Jose\u0301", "José"]),
        ("jose", "Jose\u0301 and José and Jose.", ["Jose\u0301", "José", "Jose"]),
        ("Caf", "Cafe\u0301", []),
        ("42000 crowns", "It cost 42,000 crowns.", ["42,000 crowns"]),
        ("42,000", "It cost 42000 and 42.000.", ["42000", "42.000"]),
        ("42", "It cost 42,000.", []),
    ],
)
def test_a_phrase_is_found_however_it_is_set(phrase: str, text: str, expected: list[str]) -> None:
    assert [text[start:end] for start, end in holds(text, phrase)] == expected
    spans = holds("“…” " + text, phrase)
    assert [("“…” " + text)[start:end] for start, end in spans] == expected
