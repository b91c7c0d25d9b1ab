import sqlite3

import pytest

from index.lexical import WordCounts, add, content_words, create, holds, phrases, search, search_phrases, words

PASSAGES = [
    ("Arms", "The Soviet Union supplied tanks and artillery."),
    ("Arms", "A tank’s crew was trained; the “big guns” were not."),
    ("Peace", "The armistice ended\r\nthe war in 1953."),
    ("Tanks of the war", "Nothing about arms here."),
    ("", "The naïve café-owner spoke."),
    ("战争", "萨克森花园夏季剧院在1870年运营。"),
]


@pytest.fixture
def connection() -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE TABLE passage (id INTEGER PRIMARY KEY, document INTEGER)")
    connection.executemany("INSERT INTO passage VALUES (?, ?)", [(0, 0), (1, 0), (2, 1), (3, 1), (4, 2), (5, 2)])
    create(connection)
    add(connection, ((i, context, text) for i, (context, text) in enumerate(PASSAGES)))
    counts = WordCounts()
    for passage in PASSAGES:
        counts.count(connection, passage, 1)
    counts.write(connection)
    return connection


def found(connection: sqlite3.Connection, *terms: str, documents: list[int] | None = None) -> list[int]:
    return [number for number, _ in search(connection, terms, 10, documents)]


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
    assert [n for n, _ in search_phrases(connection, ["tanks of the war"], 10, None)] == []
    assert [n for n, _ in search_phrases(connection, ["ended the war", "1953"], 10, None)] == [2]
    assert [n for n, _ in search_phrases(connection, ["夏季剧院"], 10, None)] == [5]
