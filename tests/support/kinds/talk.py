"""Kinds 01, 03 and 23: who asks and who answers, what a colon introduces, lines that are sentences of their own."""

from kinds.case import Asked, Case
from kinds.files import W, docx, epub, odt, p, rtf, table

_BORN = Asked(marked="In Torsby, over the bakery.", never="Where was the oven built?")
_BREAD = {
    "Where was she born?": Asked(quoted="Torsby", marked="Torsby"),
    "Why did she give up the bakery?": Asked(marked="the flour"),
}

QUESTIONS = (
    Case(
        1,
        "a magazine's interview, names in capitals",
        "klee.txt",
        (
            b"Bread and Ashes\n\nTHE REVIEW: Where were you born?\n\nKLEE: In Torsby, over the bakery.\n\n"
            b"THE REVIEW: Why did you give up the bakery?\n\nKLEE: Because the flour came from the mill across the "
            b"border, and the border was closed in 1951. After that there was nothing to bake.\n\n"
            b"THE REVIEW: Do you miss it?\n\nKLEE: Every morning at four.\n"
        ),
        headings=(),
        passages=(
            "THE REVIEW: Where were you born?\n\nKLEE: In Torsby, over the bakery.",
            (
                "THE REVIEW: Why did you give up the bakery?\n\nKLEE: Because the flour came from the mill across the "
                "border, and the border was closed in 1951. After that there was nothing to bake."
            ),
            "THE REVIEW: Do you miss it?\n\nKLEE: Every morning at four.",
        ),
        asked=_BREAD,
    ),
    Case(
        1,
        "questions in italics, of Word",
        "klee.docx",
        docx(
            p("Bread and Ashes", "<w:pStyle w:val='Title'/>"),
            p("Where were you born?", run="<w:i/>"),
            p("In Torsby, over the bakery."),
            p("Why did you give up the bakery?", run="<w:i/>"),
            p("Because the flour came from across the border, and the border was closed in 1951."),
            styles=f"<w:styles {W}><w:style w:styleId='Title'><w:name w:val='Title'/></w:style></w:styles>",
        ),
        title="Bread and Ashes",
        passages=(
            "Where were you born?\n\nIn Torsby, over the bakery.",
            (
                "Why did you give up the bakery?\n\nBecause the flour came from across the border, and the border was "
                "closed in 1951."
            ),
        ),
        asked=_BREAD,
    ),
    Case(
        1,
        "questions and answers of a help page, each a term and what it means",
        "help.html",
        (
            b"<h1>Help</h1><dl><dt>What does a berth cost?</dt><dd>Nine crowns a night.</dd>"
            b"<dt>May I sleep on board?</dt><dd>Yes, but not in the outer basin.</dd></dl>"
        ),
        asked={
            "What does a berth cost?": Asked(marked="Nine crowns a night."),
            "May I sleep on board?": Asked(marked="Yes, but not in the outer basin."),
        },
    ),
    Case(
        1,
        "questions that are headings",
        "help.md",
        (
            b"# Harbour\n\n## What does a berth cost?\n\nNine crowns a night.\n\n## When is the gate locked?\n\n"
            b"At eleven, and on Sundays at nine.\n"
        ),
        places={"Nine crowns": "What does a berth cost?", "At eleven": "When is the gate locked?"},
        asked={"When is the gate locked?": Asked(marked="At eleven, and on Sundays at nine.")},
    ),
    Case(
        1,
        "subtitles with dashes for who speaks",
        "talk.srt",
        (
            b"1\n00:00:01,000 --> 00:00:03,000\n- How deep is the lake?\n\n2\n00:00:03,200 --> 00:00:06,000\n"
            b"- Forty fathoms at the dam,\nand less at the mouth.\n\n3\n00:00:07,000 --> 00:00:09,000\n"
            b"- And who measured it?\n\n4\n00:00:09,200 --> 00:00:11,000\n- A priest, with a bell rope.\n"
        ),
        asked={
            "How deep is the lake?": Asked(marked="Forty fathoms"),
            "Who measured it?": Asked(marked="A priest, with a bell rope."),
        },
    ),
    Case(
        1,
        "a chapter that asks in speech",
        "ford.epub",
        epub(
            (
                "1.xhtml",
                (
                    "<h2>The Ford</h2><p>“Where does the road end?” asked the boy.</p><p>“At the salt pans,” "
                    "said Marta, "
                    "“and then there is only the sea.”</p><p>They walked on until it was dark.</p>"
                ),
            )
        ),
        asked={"Where does the road end?": Asked(marked="At the salt pans")},
    ),
    Case(
        1,
        "questions that are counted, of OpenDocument",
        "forty.odt",
        odt(
            "<text:p>1. Where was the first bell cast?</text:p><text:p>In the yard of the abbey at Lund.</text:p>"
            "<text:p>2. Who paid for it?</text:p><text:p>The guild of the salters paid for it.</text:p>"
        ),
        asked={"Who paid for the bell?": Asked(marked="The guild of the salters paid for it.")},
    ),
)

INTRODUCED = (
    Case(
        3,
        "a command in type of its own, of a page",
        "gate.html",
        (
            b"<h1>Gates</h1><p>To open the upper gate, type:</p><pre>gate --upper 3</pre><p>Wait for the bell.</p>"
            b"<p>The keeper wrote in the book:</p><blockquote><p>Nobody came.</p><p>Nobody will.</p></blockquote>"
            b"<p>The tolls were:</p><table><tr><th>Cart</th><th>Toll</th></tr><tr><td>one horse</td><td>4</td></tr>"
            b"</table>"
        ),
        passages=(
            "To open the upper gate, type:\n\ngate --upper 3",
            "Wait for the bell.",
            "The keeper wrote in the book:\n\nNobody came.\n\nNobody will.",
            "The tolls were:\n\nCart: one horse; Toll: 4",
        ),
        asked={
            "How do I open the upper gate?": Asked(quoted="gate --upper 3", marked="gate --upper 3"),
            "What did the keeper write in the book?": Asked(quoted="Nobody came."),
        },
    ),
    Case(
        3,
        "items, a table and a paragraph, of Word",
        "gate.docx",
        docx(
            p("The mason gave one reason:"),
            p("The lime was wet."),
            p("The prices were:"),
            table(("Stone", "9"), ("Lime", "4")),
            p("Nobody paid them."),
        ),
        passages=(
            "The mason gave one reason:\n\nThe lime was wet.",
            "The prices were:\n\nStone: 9\n\nLime: 4",
            "Nobody paid them.",
        ),
        asked={"What reason did the mason give?": Asked(quoted="The lime was wet.")},
    ),
    Case(
        3,
        "a letter that is quoted, of plain text",
        "gate.txt",
        (
            b"The Gate\n\nThe bailiff sent this letter:\n\n    Open the gate before the water comes.\n"
            b"    I shall not ask again.\n\nNobody opened it, and the water came.\n"
        ),
        passages=(
            "The bailiff sent this letter:\n\n    Open the gate before the water comes.\n    I shall not ask again.",
            "Nobody opened it, and the water came.",
        ),
        asked={"What did the bailiff's letter say?": Asked(quoted="Open the gate before the water comes.")},
    ),
    Case(
        3,
        "steps that are counted, of a book",
        "gate.epub",
        epub(
            (
                "1.xhtml",
                (
                    "<h1>Gates</h1><p>To empty the lock:</p><ol><li>Close the upper gate.</li><li>Draw the "
                    "lower sluice."
                    "</li></ol><p>It takes nine minutes.</p>"
                ),
            )
        ),
        passages=(
            "To empty the lock:\n\n1. Close the upper gate.\n2. Draw the lower sluice.",
            "It takes nine minutes.",
        ),
        asked={"How is the lock emptied?": Asked(quoted="Draw the lower sluice.")},
    ),
    Case(
        3,
        "verse and a picture's words, of Markdown",
        "gate.md",
        (
            b"# Gates\n\nOver the arch stands:\n\n> Who drinks here  \n> drinks twice.\n\nThe warning says:\n\n"
            b"<div class='box'>\nNo boats after dark.\n</div>\n\nThe rest is worn away.\n"
        ),
        asked={
            "What stands over the arch?": Asked(quoted="drinks twice."),
            "What does the warning say?": Asked(quoted="No boats after dark."),
        },
    ),
    Case(
        3,
        "items of Rich Text",
        "gate.rtf",
        rtf(
            r"\pard The crew brought:\par{\listtext\'b7\tab}\ls1 two anchors\par{\listtext\'b7\tab}\ls1 a sail\par"
            r"\pard They left at noon.\par"
        ),
        passages=("The crew brought:\n\n• two anchors\n• a sail", "They left at noon."),
        asked={"What did the crew bring?": Asked(quoted="a sail")},
    ),
)

LINES = (
    Case(
        23,
        "messages as Telegram writes them out",
        "chat.txt",
        (
            b"Marta Lund, [04.05.21 18:02]\nwhere is the key to the boathouse?\n\nOlav, [04.05.21 18:03]\n"
            b"under the blue pot\n\nMarta Lund, [04.05.21 18:04]\nthanks!!\n"
        ),
        asked={"Where is the key to the boathouse?": Asked(marked="under the blue pot")},
    ),
    Case(
        23,
        "messages as WhatsApp writes them out, with a dash",
        "chat.txt",
        (
            b"12/03/2021, 18:02 - Marta: where is the key to the boathouse?\n12/03/2021, 18:03 - Olav: under the blue "
            b"pot\n12/03/2021, 18:04 - Marta: thanks!!\n12/03/2021, 18:05 - Siri: I will bring soup\n"
        ),
        sentences=(
            "12/03/2021, 18:02 - Marta: where is the key to the boathouse?",
            "12/03/2021, 18:03 - Olav: under the blue pot",
            "12/03/2021, 18:04 - Marta: thanks!!",
            "12/03/2021, 18:05 - Siri: I will bring soup",
        ),
        asked={"Where is the key to the boathouse?": Asked(marked="under the blue pot")},
    ),
    Case(
        23,
        "messages of IRC",
        "log.txt",
        (
            b"[18:02] <marta> where is the key to the boathouse?\n[18:03] <olav> under the blue pot\n"
            b"[18:03] * siri waves\n[18:04] <marta> thanks!!\n"
        ),
        sentences=(
            "[18:02] <marta> where is the key to the boathouse?",
            "[18:03] <olav> under the blue pot",
            "[18:03] * siri waves",
            "[18:04] <marta> thanks!!",
        ),
    ),
    Case(
        23,
        "labels in bold, of Markdown with items",
        "plan.md",
        b"# Plan\n\n- **Goal:** finish the dam\n- **Owner:** Kari Lund\n- **Budget:** 40,000 crowns\n",
        sentences=("**Goal:** finish the dam", "**Owner:** Kari Lund", "**Budget:** 40,000 crowns"),
        asked={"Who is the owner?": Asked(marked="Kari Lund")},
    ),
    Case(
        23,
        "labels of a form, a line each",
        "form.txt",
        b"Boat: Swan of Aske\nBuilder: Ole Berg\nLength: forty feet\nYear: 1874\n",
        sentences=("Boat: Swan of Aske", "Builder: Ole Berg", "Length: forty feet", "Year: 1874"),
    ),
    Case(
        23,
        "tasks of Markdown, one below the other",
        "tasks.md",
        b"# Hives\n\n- [ ] order new frames #todo\n- [x] paint the hives\n    - [ ] buy paint\n",
        sentences=("order new frames #todo", "paint the hives", "buy paint"),
    ),
    Case(
        23,
        "cues of a lecture without numbers",
        "talk.vtt",
        (
            b"WEBVTT\n\n00:01.000 --> 00:04.000\nThe kiln reaches twelve hundred\n\n00:04.100 --> 00:07.000\n"
            b"degrees before the glaze melts.\n"
        ),
        sentences=("The kiln reaches twelve hundred degrees before the glaze melts.",),
    ),
)
