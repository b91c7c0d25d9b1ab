"""Texts made to take more time than their length is worth: one thing, repeated as often as one likes."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Repeated:
    """A file of the kind `suffix`: `unit` so many times, between `before` and `after`."""

    suffix: str
    unit: str
    before: str = "A sentence stands here. "
    after: str = " And one stands there."

    def data(self, times: int) -> bytes:
        """The bytes of the file with `times` repetitions."""
        return f"{self.before}{self.unit * times}{self.after}".encode("utf-8", "surrogatepass")


# Repeated in a paragraph of plain text, after a sentence.
_IN_TEXT = (
    "`", "``` ", '"', "'", "''", '" ', "“", "”", "“a ", "”a ", "“a” ", "‘", "’", "«", "»", "« a ", "„", "(", ")", "[",
    "]", "{", "}", "(a ", "[1]", "([{", "<", ">", "<a>", "&", "&amp;", "*", "**", "_", "_a_", "|", "~", "\\", "/",
    "#", "-", "–", ".", "...", ". ", "…", "!", "?", "?! ", "。", "！", "।", ":", ";", ", ", "a. ", "A. ", "U.S. ",
    "e.g. ", "Dr. ", "vol. 3 ", "p. 3. ", "1. ", "1.", "т. е. ", "M. ", "A sentence. ", "a", "A", "a ", "é",
    "e\u0301", "\u0301", "\u200d", "\u00ad", "\u202e", "\ufeff", "\t", " ", "\u00a0", "\r", "\r\n", "\n", "\n ", "\f",
    "\v", "\x85", "\u2028", "\x01", "\x1b[0m", "word-", "https://a.b/", "a@b.c ", "中", "中。", "「", "」と", "ไทย",
    "שלום ", "😀", "👩\u200d🚀", "\ue000", "½", "=", "= a =\n", "• a\n", "- a\n", "1) a\n", "Head\n\n", "a:\n\n- b\n\n",
    "See also a\n", "a,\n", "(1) ", "x\n\n", "“A. ", "A.” ", "(A. ", "A.) ", 'A."', '"A. B" ', "I. A\n", "1.1.",
)  # fmt: skip
# Repeated in Markdown, where a mark may mean something; from the start of a line.
_IN_MARKDOWN = (
    "`", "``` ", "```\n", "~~~\n", "|-|\n", "![", "![a](", "![a](b)", "[", "]", "[[", "[]", "[a](", "[a]: b\n", "[a]: ",
    "[a][", "[^1]: a\n", "[^1]", "<", "<a ", "<a\n", "<!--", "<!-- -->", "<?", "<![CDATA[", "<div>\n", "<div>\n\n",
    "&", "&#", "&amp;", "*", "**", "*a **b ", "*a_ ", "**a*", "_", "__", "_a_", "~~", "|", "|a", "|a|b|\n", "|-", ">",
    "> ", "> a\n", ">> a\n>\n", "- ", "- a\n", "- a\n\n", "* ", "+ ", "1. ", "1. a\n", "# ", "# a\n", "#", "#a\n",
    "=", "===\n", "a\n===\n", "---\n", "- - ", "\\", "\\\n", "  \n", "    a\n", "\t", "\ta\n", "\r", "\x85", "\f\n",
    "a\n\n", "a\n", "a\n> b\n", '"', "“", "(", "((", "http://a ", "<http://a>", "$$", "$a$ ", "{{", "{%", ":::\n",
    "a | b\n", "- a\n  ", "> - ", "1. > ", "]: ", "](", "[a](<", "\ufeff", "\u0301",
)  # fmt: skip
# Repeated in a value of the front matter.
_IN_FRONT_MATTER = (
    "[", "{", "- ", "? ", "a: ", "&a ", "*a ", "!a ", "'", '"', "[a, ", "{a: ", "a, ", "#", "|\n", ">\n", "%", "\\",
    "\n", "\t", "\n- a", "\nb: c", "\n? a", "\n: a", "\nb: &b [*a]", " ", "é", "\n# a", "\n  - ",
)  # fmt: skip
_IN_HTML = (
    "<", "<a", "<a ", "<p>", "<div>", "<b>", "<b><i>", "</p>", "<br>", "<!--", "<!-- -->", "<![CDATA[", "<?", "&",
    "&#", "&amp;", "&a;", "<table>", "<tr><td>a", "<td>a</td>", "<tr>", "<th colspan=9>a", "<ul><li>",
    "<ul><li>a</ul>", "<li>a", "<li>", "<h1>a</h1>", "<h2>a</h2><p>b</p>", "<p>A sentence.</p>", "<p>a</p>",
    "<section><p>a", "<article>a", "<a href='#n1'>1</a>", "<sup>1</sup>", "<p id='n1'>1 a</p>", "<blockquote>",
    "<dl><dt>a<dd>b", "<span>a</span> ", "<pre>\n", "<script>", "<style>", "<title>", "<meta name=a content=b>",
    "<form>", "<nav>a", "<img alt='a'>", '"', "'", "\n", "“", "`", "a='b' ", "<p a='b'>", "<svg>", "<math>",
)  # fmt: skip
_IN_RTF = (
    "{", "}", "\\", "\\'", "\\'e9", "\\u8220?", "\\u-1 ", "\\par ", "\\pard ", "{\\b a}", "{\\*\\a ", "\\b", "\\b0 ",
    "{\\fonttbl ", "{\\f1 a;}", "\\row ", "\\cell ", "\\trowd\\cell\\row ", "\\tab ", "\\line ", "{\\footnote a}",
    "\\bin9 ", "{\\pntext a}", "a\\par ", "\\~", "\\-", "\\ls1 a\\par ", "{\\field{\\*\\fldinst a}}", "\\uc9 ", "“",
    "`", "\\s1 a\\par ", "\\plain ", "\\sect ", "\\page ",
)  # fmt: skip
_FRONT = "---\ntitle: A\nauthor: "

PATTERNS: dict[str, Repeated] = {
    **{f"text {unit!r}": Repeated(".txt", unit) for unit in _IN_TEXT},
    **{f"markdown {unit!r}": Repeated(".md", unit, "A sentence stands here.\n\n") for unit in _IN_MARKDOWN},
    **{
        f"front matter {unit!r}": Repeated(".md", unit, _FRONT, "\n---\nA sentence stands here.")
        for unit in _IN_FRONT_MATTER
    },
    **{
        f"html {unit!r}": Repeated(".html", unit, "<html><body><p>A sentence stands here.", "</body></html>")
        for unit in _IN_HTML
    },
    **{
        f"rtf {unit!r}": Repeated(".rtf", unit, "{\\rtf1\\ansi A sentence stands here.\\par ", "\\par }")
        for unit in _IN_RTF
    },
}
