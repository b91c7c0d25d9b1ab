"""Kinds 04, 06 and 21: Markdown with HTML in it, notes without a title, and marks around sentences."""

from kinds.case import Asked, Case
from source.document import Reason

_TORSBY = "The bridge at Torsby was closed in 1974 because its oak piles had rotted."

HTML_BLOCKS = (
    Case(
        4,
        "a callout of Notion with an empty line in it",
        "notes.md",
        f"# Notes\n\nThe survey began in April.\n\n<aside>\n💡\n\n{_TORSBY}\n\n</aside>\n\nThe crew went "
        f"home.\n".encode(),
        furniture={"<aside>": Reason.MARKUP, "</aside>": Reason.MARKUP},
        asked={"Why was the bridge at Torsby closed?": Asked(marked=_TORSBY)},
    ),
    Case(
        4,
        "what is folded, with a list in it",
        "notes.md",
        (
            b"# Notes\n\n<details open>\n  <summary>Who paid for the survey?</summary>\n  <ul>\n    <li>The "
            b"council paid "
            b"two thirds.</li>\n    <li>The farmers paid the rest.</li>\n  </ul>\n</details>\n"
        ),
        asked={"Who paid for the survey?": Asked(quoted="The council paid two thirds.")},
    ),
    Case(
        4,
        "a table and a picture's words",
        "notes.md",
        (
            b"# Notes\n\n<table>\n<tr><td>Roof</td><td>4,200 crowns</td></tr>\n<tr><td>Gate</td><td>310 "
            b"crowns</td></tr>\n"
            b"</table>\n\n<figure>\n<img src='a.png' alt='a heron'>\n<figcaption>The heron nests were counted from a "
            b"balloon.</figcaption>\n</figure>\n"
        ),
        asked={
            "How were the heron nests counted?": Asked(marked="The heron nests were counted from a balloon."),
            "How much was the roof?": Asked(quoted="4,200 crowns"),
        },
    ),
    Case(
        4,
        "centred, with a break, and a comment that is left out",
        "notes.md",
        (
            f"# Notes\n\n<center>{_TORSBY}<br>\nIt was opened again in 1976.</center>\n\n<!-- ask Kari -->\n\n"
            "<dl><dt>Span</dt><dd>Ninety feet.</dd></dl>\n"
        ).encode(),
        furniture={"<!-- ask Kari -->": Reason.COMMENT},
        asked={
            "Why was the bridge at Torsby closed?": Asked(marked=_TORSBY),
            "When was the bridge opened again?": Asked(marked="It was opened again in 1976."),
        },
    ),
    Case(
        4,
        "Markdown in a box of HTML, set in",
        "notes.md",
        (f'# Notes\n\n<div class="warning">\n\n  **Warning:** {_TORSBY}\n\n  - Walk by the ford.\n\n</div>\n').encode(),
        asked={"Why was the bridge at Torsby closed?": Asked(marked=_TORSBY)},
    ),
)

UNTITLED = (
    Case(
        6,
        "a note of Obsidian that begins with text",
        "Reed warblers.md",
        b"---\ntags: [birds]\n---\nThe reed warbler winters in Senegal.\n\n## Nest\n\nIt hangs between four reeds.\n",
        title="Reed warblers",
        headings=("Nest",),
        places={"The reed warbler": "", "It hangs": "Nest"},
    ),
    Case(
        6,
        "a page of Notion with its number in the name",
        "Reed warblers 0123456789abcdef0123456789abcdef.md",
        b"## Nest\n\nIt hangs between four reeds.\n\n## Song\n\nIt sings at night.\n",
        title="Reed warblers",
        headings=("Nest", "Song"),
        places={"It hangs": "Nest", "It sings": "Song"},
    ),
    Case(
        6,
        "a title that only the front matter gives",
        "2021-05-04.md",
        b'---\ntitle: "Reed warblers"\ncreated: 2021-05-04\n---\n\n### Nest\n\nIt hangs between four reeds.\n',
        title="Reed warblers",
        headings=("Nest",),
        places={"It hangs": "Nest"},
    ),
    Case(
        6,
        "a page of a wiki",
        "warbler.txt",
        (
            b"'''The reed warbler''' is a [[bird]] of the [[reed|reeds]].\n\n== Nest ==\nIt hangs between "
            b"four reeds.\n\n"
            b"=== Eggs ===\nThere are four.\n\n== Song ==\nIt sings at night.\n"
        ),
        headings=("Nest", "Eggs", "Song"),
        places={"The reed": "", "There are": "Nest › Eggs", "It sings": "Song"},
    ),
    Case(
        6,
        "notes of org-mode",
        "birds.txt",
        (
            b"#+TITLE: Reed warblers\n#+AUTHOR: Ida Brandt\n#+DATE: 2021-05-04\n\n* Nest\n:PROPERTIES:\n:ID: "
            b"17\n:END:\n"
            b"It hangs between four reeds.\n\n** Eggs\nThere are four.\n\n* Song\nIt sings at night.\n"
        ),
        title="Reed warblers",
        author="Ida Brandt",
        date="2021-05-04",
        headings=("Nest", "Eggs", "Song"),
        places={"It hangs": "Nest", "There are": "Nest › Eggs", "It sings": "Song"},
        furniture={":ID: 17": Reason.METADATA, "#+TITLE": Reason.METADATA},
    ),
    Case(
        6,
        "properties of a page of Notion below its title",
        "Reed warblers.md",
        (
            b"# Reed warblers\n\nCreated: May 4, 2021 10:12 AM\nTags: birds, reeds\nStatus: Done\n\n"
            b"The reed warbler winters in Senegal.\n"
        ),
        title="Reed warblers",
        asked={"Where does the reed warbler winter?": Asked(marked="The reed warbler winters in Senegal.")},
    ),
    Case(
        6,
        "a page of Roam or Logseq, all of it bullets",
        "Reed warblers.md",
        (
            b"title:: Reed warblers\ntags:: birds\n\n- The reed warbler winters in Senegal.\n  id:: 6091\n"
            b"\t- It hangs its nest between four reeds.\n- It sings at night.\n"
        ),
        title="Reed warblers",
        sentences=(
            "The reed warbler winters in Senegal.",
            "It hangs its nest between four reeds.",
            "It sings at night.",
        ),
        furniture={"id:: 6091": Reason.METADATA, "tags:: birds": Reason.FRONT_MATTER},
    ),
)

MARKS = (
    Case(
        21,
        "notes of Markdown behind full stops, and short notes",
        "bells.md",
        (
            b"# Bells\n\nThe small bell was hung in 1688.[^a] It cracked once.[^2][^3] Who mended "
            b"it?[^b]\n\n[^a]: Ledger.\n"
            b"[^2]: In the frost.\n[^3]: Ibid.\n[^b]: Nobody.\n"
        ),
        sentences=(
            "The small bell was hung in 1688.[^a]",
            "It cracked once.[^2][^3]",
            "Who mended it?[^b]",
            "[^a]: Ledger.",
            "[^2]: In the frost.",
            "[^3]: Ibid.",
            "[^b]: Nobody.",
        ),
    ),
    Case(
        21,
        "abbreviations of scholars and of money",
        "guild.txt",
        (
            "The guild was founded by Prof. J. Holm, D.D., at No. 9 St. Olaf's Yard. Lund et al. (1904) found that its "
            "dues fell by 2.5 per cent. in Feb. 1901. Members paid £3 5s. 6d. a year, i.e. 1s. 3d. a week. "
            "See vol. ii, "
            "pp. 12 ff. The yard is gone.\n"
        ).encode(),
        sentences=(
            "The guild was founded by Prof. J. Holm, D.D., at No. 9 St. Olaf's Yard.",
            "Lund et al. (1904) found that its dues fell by 2.5 per cent. in Feb. 1901.",
            "Members paid £3 5s. 6d. a year, i.e. 1s. 3d. a week.",
            "See vol. ii, pp. 12 ff.",
            "The yard is gone.",
        ),
    ),
    Case(
        21,
        "a table with units in its head",
        "yields.md",
        b"# Yields\n\n| Year | Wheat (t.) | Note |\n|---|---:|---|\n| 1911 | 14 | late frost. Hail |\n| 1912 "
        b"| 21 | |\n",
        sentences=("| Year | Wheat (t.) | Note |", "| 1911 | 14 | late frost. Hail |", "| 1912 | 21 | |"),
    ),
    Case(
        21,
        "bold and italic type that a sentence ends in",
        "bold.md",
        (
            b'# Bold\n\n**Nobody came.** *The gate was shut.* He said, "**Wait.**" ***Then*** it rained. `stop.` is a '
            b"word. ~~It snowed.~~ It was noon.\n"
        ),
        sentences=(
            "**Nobody came.**",
            "*The gate was shut.*",
            'He said, "**Wait.**"',
            "***Then*** it rained.",
            "`stop.` is a word.",
            "~~It snowed.~~",
            "It was noon.",
        ),
    ),
    Case(
        21,
        "items within a line, and dots that are no ellipsis",
        "items.txt",
        b"There are two rules. 1) Salt is dry. 2) Tar is wet. The crew rowed on .. Then it rained .... Nobody spoke.\n",
        sentences=(
            "There are two rules.",
            "1) Salt is dry.",
            "2) Tar is wet.",
            "The crew rowed on ..",
            "Then it rained ....",
            "Nobody spoke.",
        ),
    ),
)
