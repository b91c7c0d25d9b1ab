"""Every *no* says why, and what can be done next; nothing that does not answer is said to."""

import pytest

from index.local.build import build
from qa.page import desk
from qa.page.desk import Reply, Session
from qa.page.html.cards import conversation
from qa.retrieve import retriever
from qa.retriever import Retriever

BEES = """# The Bees of Marrow Hill

The keepers of Marrow Hill brought their bees over the river in May, when the Huguenots had left.

## Honey

A hive gives eleven jars of honey in a good year, and three in a bad one.

## Winter

In winter the keepers wrap each hive in straw and do not open it before March.
"""
BOATS = "# On Boats\n\nA boat wants tar every second year, and a dry shed for the winter.\n"


@pytest.fixture(scope="module")
def library(tmp_path_factory, encoder) -> Retriever:
    """Two essays, asked."""
    folder = tmp_path_factory.mktemp("library")
    (folder / "essays").mkdir()
    (folder / "essays" / "bees.md").write_text(BEES, encoding="utf-8")
    (folder / "essays" / "boats.md").write_text(BOATS, encoding="utf-8")
    build(folder / "essays", folder / "index", encoder=encoder)
    return retriever(folder / "index")


def reply(library: Retriever, question: str, documents: tuple[str, ...] = ()) -> Reply:
    turn = desk.ask(Session(chosen=documents), library, question).turns[0]
    assert isinstance(turn, Reply)
    return turn


@pytest.mark.parametrize(
    ("question", "why", "step", "asks"),
    [
        ("hugenots", "“hugenots” stands nowhere", "Did you mean Huguenots?", "Huguenots"),
        (
            "What did the hugenots paint?",
            "“hugenots” stands nowhere",
            "Did you mean Huguenots?",
            "What did the Huguenots paint?",
        ),
        (
            '"eleven jugs of honey"',
            "stands nowhere in these essays, word for word",
            "Ask without",
            "eleven jugs of honey",
        ),
        ("Who has “eleven jugs”?", "“eleven jugs” stands nowhere", "Ask without", "Who has eleven jugs ?"),
        (
            'Who stole the "eleven jars" from the museum in Cairo?',
            "Only passages that hold “eleven jars”",
            "Ask without",
            "eleven jars",
        ),
    ],
)
def test_a_no_gives_its_reason_and_a_question_that_goes_on(library, question, why, step, asks):
    turn = reply(library, question)
    assert turn.answer.status != "found"
    assert why in turn.reason.why
    assert turn.reason.label.startswith(step)
    assert asks in turn.reason.question
    markup = conversation([turn])
    assert "data-ask=" in markup
    assert "data-everywhere" not in markup


@pytest.mark.parametrize(
    ("question", "why", "hint"),
    [
        ("Who painted the cathedral?", "“painted” and “cathedral” stand nowhere", "in other words"),
        ("Wie viele Gläser Honig gibt ein Bienenstock in einem guten Jahr?", "in German", "Ask in English"),
        ("Combien de miel une ruche donne-t-elle chaque année ?", "in French", "Ask in English"),
        ("What about it?", "no word that could be looked for", "a word of the subject"),
    ],
)
def test_a_no_without_a_better_question_says_what_to_do(library, question, why, hint):
    turn = reply(library, question)
    assert turn.answer.status != "found"
    assert why in turn.reason.why
    assert hint in turn.reason.hint
    assert not turn.reason.label


def test_a_limit_to_chosen_essays_is_the_reason_and_all_can_be_asked(library):
    turn = reply(library, "How many jars of honey does a hive give?", ("boats.md",))
    assert (turn.reason.why, turn.reason.label) == ("This essay does not say.", "Ask all 2")
    assert turn.reason.everywhere
    assert "data-everywhere" in conversation([turn])


@pytest.mark.parametrize("question", ["Summarise the essay", "Please give me a short summary", "What is it about?"])
def test_a_summary_is_the_opening_and_the_headings(library, question):
    turn = reply(library, question, ("bees.md",))
    assert "does not sum up" in turn.reason.why
    assert [quote.paragraph for quote in turn.answer.quotes] == [1]
    assert turn.answer.quotes[0].text in BEES
    assert [place.heading for place in turn.reason.contents] == ["Honey", "Winter"]
    markup = conversation([turn])
    assert 'href="/essay/bees.md?s=#p3" data-open>Winter</a>' in markup


def test_a_summary_takes_nothing_from_the_question_before(library):
    session = desk.ask(Session(chosen=("bees.md",)), library, "How many jars of honey does a hive give?")
    assert desk.ask(session, library, "Summarise it").turns[1].understood == "Summarise it"


def test_the_opening_is_not_quoted_when_the_essay_has_changed(tmp_path, encoder):
    (tmp_path / "essays").mkdir()
    path = tmp_path / "essays" / "bees.md"
    path.write_text(BEES, encoding="utf-8")
    build(path.parent, tmp_path / "index", encoder=encoder)
    path.write_text(BEES.replace("in May", "in June"), encoding="utf-8")
    turn = reply(retriever(tmp_path / "index"), "Summarise it", ("bees.md",))
    assert not any("in May" in quote.text for quote in turn.answer.quotes)


def test_of_many_essays_a_summary_is_the_list(tmp_path, encoder):
    (tmp_path / "essays").mkdir()
    for name in ("bread", "boats", "bees", "bells"):
        (tmp_path / "essays" / f"{name}.md").write_text(f"# On {name.title()}\n\nOf {name} much can be said.\n")
    build(tmp_path / "essays", tmp_path / "index", encoder=encoder)
    turn = reply(retriever(tmp_path / "index"), "Summarise the essays")
    assert {place.title for place in turn.reason.contents} == {"On Bread", "On Boats", "On Bees", "On Bells"}


# Asked of the essay that ships with Quoth: what it answers, what it comes near to and does not say, what it knows not.
ANSWERED = (
    "What tanks did the Soviet Union supply?",
    "Why did the Soviet Union want Korean seaports?",
    "What was the Soviet role in the ceasefire?",
    "When did the Korean War begin?",
    "When was the armistice signed?",
    "What did Soviet advisors do?",
    "What was the T-34 tank renowned for?",
    "When did North Korea invade South Korea?",
    "What did the Soviet Union seek after the armistice in 1953?",
    "What role did MiG-15 play?",
    "What city did North Korean troops capture?",
    "How was propaganda spread?",
    "Did the Soviet Union send its own troops?",
    "Which fighter planes did the Soviet Union supply?",
)
NEAR = (
    "What tanks did China supply?",
    "How many tanks did the Soviet Union supply?",
    "Who invented the MiG-15?",
    "When did Kim Il-sung die?",
    "How much did the Soviet weapons cost?",
    "Who was the American president during the Korean War?",
    "How many soldiers died in the Korean War?",
    "What did Japan supply to the Soviet Union?",
    "Which general commanded the Soviet pilots?",
    "Who succeeded Stalin?",
)
FOREIGN = (
    "Who painted the Mona Lisa?",
    "How do tomatoes grow?",
    "What is the boiling point of water?",
    "Who won the 1998 World Cup?",
    "How does a lighthouse work?",
    "Who was mayor of Paris in 1950?",
)


def test_nothing_that_does_not_answer_is_said_to(essay_index):
    asked = retriever(essay_index)
    verdicts = {question: asked.answer(question).verdict for question in (*ANSWERED, *NEAR, *FOREIGN)}
    assert [question for question in (*NEAR, *FOREIGN) if verdicts[question] == "answers"] == []
    assert {verdicts[question] for question in FOREIGN} == {"none"}
    assert [question for question in ANSWERED if verdicts[question] not in ("answers", "may_answer")] == []
    assert sum(verdicts[question] == "answers" for question in ANSWERED) >= 11
