import pytest

from source.text.sentences import sentences


def split(text: str) -> list[str]:
    return [text[s.start : s.end] for s in sentences(text, 0, len(text))]


@pytest.mark.parametrize(
    "whole",
    [
        ["Dr. Smith went to the U.S. Army.", "U.S. forces in Japan stayed."],
        ["He said, “We must go. Now!”", "Then he left."],
        ["J. R. R. Tolkien wrote.", "E. H. Carr said no."],
        ["It began in vol. 3, fig. 2, p. 12.", "In 1950, approx. 3.5 million (e.g. soldiers) died."],
        ["Wait... what?", "He paused … and then left.", "It ended . . . badly."],
        ["He was born c. 1890 in St. Petersburg.", "Mr. and Mrs. Jones Jr. came."],
        ["“Really?” she asked.", "It was (he knew. Twice.) so.", "No full stop at the end"],
        ["The price is $5.00.", "Version 2.0.1 is out.[1]", "See www.example.com."],
        ["😀 Emoji here.", "Zweiter Satz.", "É accents."],
    ],
)
def test_a_sentence_is_never_cut(whole: list[str]) -> None:
    assert split(" ".join(whole)) == whole


def test_items_of_a_list_are_sentences_without_their_bullets() -> None:
    text = "Aims were:\n\n  • To win.\n  • To lose\n  • To draw.\r\n1) Counted.\n2) Twice."
    assert split(text) == ["Aims were:", "To win.", "To lose", "To draw.", "Counted.", "Twice."]


def test_wrapped_lines_do_not_end_a_sentence() -> None:
    assert split("The war\nended in\r\n1953. Then\npeace.") == ["The war\nended in\r\n1953.", "Then\npeace."]


def test_a_long_quotation_is_divided_between_its_sentences() -> None:
    quotation = "“" + "We must go on. " * 60 + "It ends.”"
    found = split(f"He wrote: {quotation} Then he left.")
    assert found[0] == "He wrote: “We must go on."
    assert found[-2:] == ["It ends.”", "Then he left."]


def test_lone_surrogates_do_no_harm() -> None:
    assert split("One \ud800 here. Two.") == ["One \ud800 here.", "Two."]


def test_offsets_count_from_the_start_of_the_text() -> None:
    text = "Left out. One here. Two."
    assert [text[s.start : s.end] for s in sentences(text, 10, len(text))] == ["One here.", "Two."]


@pytest.mark.parametrize(
    "whole",
    [
        ["Yan et al. [2004] found that it fell by 3.5 per cent. to 212 in Jan. 1901.", "Nobody asked."],
        ["Members paid £2 10s. a year, i.e. about 4d. a week.", "It was much."],
        ["Approx. 40 came, incl. Rev. Dr. Thomas Ash, M.P.", "Nobody knows why."],
        ["Holm et al. (1931) disagree.", "So do we."],
        ["He rowed on ..", "Then it rained ....", "Nobody spoke."],
        ["We speak of two items.", "1) The first is salt.", "2) The second is tar."],
        ["BRAM. The wheel has not turned.", "It is broken."],
        ["BORE, n.  A person who talks.", "He listens not."],
        ["TO BORE, v.t. To make a hole.", "It hurts."],
        ["Q. Where was he born?", "Nobody knows."],
        ["P.S. The mare died.", "We wept."],
        ["It came from the U.S.A.", "The ship sank."],
        ["It rained.¹", "It snowed.[2]", "It froze.[3, 4]", "It thawed."],
        ["It rained. [1]", "It snowed. (Brandt 1912)", "It thawed."],
        ["“It rained.” (Brandt 1912: 3)", "It snowed."],
        ["It rained.<ref>Holm 1931, p. 2.</ref>", "It snowed.{{citation needed}}", "It thawed."],
        ["β-carotene is red.", "pH is low.", "iPhones sell."],
        ["**It rained.**", "*It snowed.*", "It thawed.<sup>2</sup>", "**Dr.** Holm left."],
        ["It rained.2", "“It snowed.”13", "It thawed.^4", "The bell weighs 3.2 Danish pounds."],
        ["It rained.[[6]](#cite_note-6)", "It snowed.[@holm1931, p. 4]", "It thawed.[[Holm 1931]]", "It ended."],
        ["It rained.<sup>[5](#n5)</sup>", "It snowed.[^6^](#fn6)", "It thawed.[\\[7\\]](#fn7)", "It ended."],
        ["(It was late.)", "The U.S. Navy sent ships.", "(“It rained.” So it went.)", "Mr. J. R. Holm came."],
        ["He left (it was late.) in May.", "He met Ole (and others etc.) Holm says.", "(See p. 4.)", "It ended."],
    ],
)
def test_marks_and_abbreviations_stay_with_their_sentence(whole: list[str]) -> None:
    assert split(" ".join(whole)) == whole


@pytest.mark.parametrize(
    "whole",
    [
        ["Nobody knows why.^[So says Ole. He was there.]", "It stopped."],
        ["He paid £2 10s. 6d. for it.", "Nobody else did."],
        ["It was cast in 1701.[2]:249", "It cracked twice.:12–14", "Then it was sold."],
        ["It sings at night, *ibid.*, 12.", "It was sold."],
    ],
)
def test_notes_sums_and_commas_stay_with_their_sentence(whole: list[str]) -> None:
    assert split(" ".join(whole)) == whole


def test_who_writes_without_capitals_has_sentences_too() -> None:
    assert split("i went home. it was late. then it rained.") == ["i went home.", "it was late.", "then it rained."]


@pytest.mark.parametrize(
    "lines",
    [
        ["[12/03/2021, 18:02:11] Marta: where is it", "[12/03/2021, 18:03:40] Olav: under the blue pot"],
        ["[10:02] it began", "[10:04] it went on", "[10:09] it ended"],
        ["10:02 - it began", "10:04 - it went on"],
        ["09:15 Marta: where is it", "09:16 Olav: under the pot"],
        ["MARTA: where is it", "OLAV: under the pot"],
        ["<marta> where is it", "<olav> under the pot", "<marta> thanks"],
        ["2021-03-12 18:02 <marta> where is it", "2021-03-12 18:03 <olav> under the pot"],
        ["Marta (laughing): where is it", "Olav: under the pot"],
        ["Q: where is it", "A: under the pot"],
        ["**Goal:** a dam", "**Owner:** Kari"],
        ["**Goal**: a dam", "and a lock"],
        ["2021-05-03 fed the bees", "2021-05-04 the queen is gone"],
        ["2021-05-03T18:03:40Z INFO gate opened", "2021-05-03T18:04:02Z WARN gate is stuck"],
        ["18:03 left Torsby", "18:40 reached Hvalstad"],
        ["May 3 -- fed the bees", "May 4 -- the queen is gone"],
        ["3 May: fed the bees", "4 May: the queen is gone"],
        ["[ ] order frames", "[x] paint hives", "[ ] sell honey"],
    ],
)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_line_with_a_time_a_speaker_or_a_label_is_a_sentence(lines: list[str], end: str) -> None:
    found = split(end.join(lines))
    assert found == (
        lines
        if len(lines) > 2 or lines[1].startswith(("[", "1", "0", "2", "O", "A", "**", "May", "4 May"))
        else [end.join(lines)]
    )


def test_a_colon_at_the_end_of_a_line_that_is_not_wrapped_ends_what_introduces() -> None:
    long = "It burned all the way down to the weir, and the miller " * 4 + "wept."
    assert split(f"He wrote:\n{long}") == ["He wrote:", long]
    assert split("He wrote this:\nIt burned.") == ["He wrote this:\nIt burned."]


def test_one_word_with_a_colon_at_the_start_of_a_line_divides_nothing() -> None:
    assert split("They had one\naim: to win the\nprize.") == ["They had one\naim: to win the\nprize."]
    assert split("It ended at\n10:30 in the evening.") == ["It ended at\n10:30 in the evening."]


@pytest.mark.parametrize(
    "whole",
    [
        ["See Vol. II of the work.", "Bk. IV is lost, and Vols. V and VI."],
        ["Did it leak?", "No. 4 did.", "No.", "Boats of oak do not.", "“No.", "Never.”"],
        ["R. En una casa blanca.\n", "P. ¿Dónde?"],
    ],
)
def test_what_goes_on_behind_a_short_word(whole: list[str]) -> None:
    assert split(" ".join(whole)) == [one.strip() for one in whole]


def test_items_with_other_bullets_below_each_other() -> None:
    assert split("Aims:\n\n- to win\n  + soon\n* to lose\n• to draw") == [
        "Aims:",
        "to win",
        "soon",
        "to lose",
        "to draw",
    ]


@pytest.mark.parametrize("whole", ["![A mill](mill.png)", "See Sect. 3.", "¿! Qué es eso?"])
def test_marks_and_numbers_alone_are_no_sentence(whole: str) -> None:
    assert split(whole) == [whole]


@pytest.mark.parametrize(
    "lines",
    [
        ["Year\tTons", "1810\t12", "1811\t\tfrost", "1812\t9"],
        ["! Year !! People", "| 1801 || 900. Fewer.", "| 1802 || 40"],
        ["Stone      9", "Lime       4", "Sand      11"],
        ["[1] Holm, J. 1901, pp. 1-9", "[2] Lund, P. 1902, p. 4", "[3] Berg, O. 1903"],
        ["name,born,died", '"Berg, Ole",1901,1950', "Marta Lind,1905,1990"],
        ["Year;Wheat (t);Rye (t)", "1901;12,5;3,4", "1902;13,0;"],
        ["name,boats", "Ole Berg,3", "Marta Lind,1"],
    ],
)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_line_in_columns_or_of_references_is_a_sentence(lines: list[str], end: str) -> None:
    assert split(end.join(lines)) == lines


@pytest.mark.parametrize(
    "verse",
    [
        "The keeper sleeps, the mill,\nthe gate, the wheel, is",
        "oak;tar\nand rope, too",
        "It cost 15,000 crowns\nand 16,000 more; it took\n17,000 bricks",
        "She sang,\nShe wept,\nShe slept,\nShe left;",
    ],
)
def test_commas_alone_make_no_rows(verse: str) -> None:
    assert split(verse) == [verse]


@pytest.mark.parametrize("mark", "☐☑✓➢►❖\uf0b7\uf0a7")
def test_every_bullet_begins_an_item(mark: str) -> None:
    assert split(f"Aims:\n{mark} to win\n{mark} to lose") == ["Aims:", "to win", "to lose"]


def test_a_wide_space_in_prose_ends_no_sentence() -> None:
    assert split("He rowed to   the other side\nand came back again.") == [
        "He rowed to   the other side\nand came back again."
    ]
