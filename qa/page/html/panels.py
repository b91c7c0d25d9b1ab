"""The panels below the conversation as HTML: what is in the index, the essays, a build's progress."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Collection, Sequence

from index.protocol import About, Entry
from qa.answer import Place
from qa.markup.escaping import Markup, shown
from qa.page.html.marking import address, counted
from qa.page.progress import BuildProgress
from qa.programs.folders import without_folders
from source.library import ESSAYS
from source.text.language import name_of

# So many skipped files are named; the others are counted.
_NAMED = 20
# From so many essays on the list can be searched.
_SEARCHED = 8
_SEARCH = Markup('<p><label>Find an essay <input id="essay-search" type="search" autocomplete="off"></label></p>')
_HINT = Markup('<p class="hint">Choose essays to ask only these; with none chosen all are asked.</p>')


def index_panel(about: About, name: str) -> Markup:
    """What is in the index, when it was built, from where, with which model."""
    counts = about.counts
    holds = ((counts.documents, "document"), (counts.passages, "passage"), (counts.sentences, "sentence"))
    rows = {
        "Holds": ", ".join(counted(*held) for held in holds),
        "Built": _when(about.built),
        "From": "the essay that comes with Quoth"
        if about.source == ESSAYS.resolve()
        else without_folders(about.essays),
        "Model": without_folders(about.model),
        "Snapshot": name,
    }
    if counts.truncated:
        rows["Not read whole"] = counted(counts.truncated, "passage")
    line = Markup("<dt>{}</dt><dd>{}</dd>")
    return Markup('<div class="panel"><dl>{}</dl>{}</div>').format(
        Markup("").join(line.format(label, shown(value)) for label, value in rows.items()),
        _skipped([str(skip) for skip in about.skipped]),
    )


def _when(built: str) -> str:
    try:
        return f"{datetime.datetime.fromisoformat(built).astimezone():%d %B %Y, %H:%M}".lstrip("0")
    except ValueError:
        return built


def _skipped(reasons: Sequence[str]) -> Markup:
    if not reasons:
        return Markup("")
    more = Markup("<li>and {:,} more</li>").format(len(reasons) - _NAMED) if len(reasons) > _NAMED else ""
    return Markup("<details><summary>{} left out</summary><ul>{}{}</ul></details>").format(
        counted(len(reasons), "file"), _items(reasons[:_NAMED]), more
    )


def _items(said: Sequence[str]) -> Markup:
    return Markup("").join(Markup("<li>{}</li>").format(shown(one)) for one in said)


def notice(said: str, notes: Sequence[str] = ()) -> Markup:
    """Something to say, and a list of what belongs to it."""
    noted = Markup("<ul>{}</ul>").format(_items(notes)) if notes else ""
    return Markup('<div class="panel"><p role="status" class="notice">{}</p>{}</div>').format(shown(said), noted)


def progress_panel(progress: BuildProgress, notes: Sequence[str] = ()) -> Markup:
    """How far a build has come, or how it ended; `notes` say what else there is to know."""
    if progress.running:
        return _running(progress)
    if progress.failure:
        return notice(progress.failure, notes)
    if progress.report:
        skipped = Markup('<div class="panel">{}</div>').format(_skipped(progress.skipped))
        return notice(f"Built: {progress.report}", notes) + skipped
    return Markup("")


def _running(progress: BuildProgress) -> Markup:
    said, bar = "Reading the essays …", Markup("")
    if progress.total:
        said = f"{progress.done:,} of {counted(progress.total, 'passage')} …"
        bar = Markup(' max="{}" value="{}"').format(progress.total, progress.done)
    return Markup(
        '<div class="panel building"><p>{} Questions go on being answered from the old index.</p>'
        '<progress aria-label="Building the index"{}></progress></div>'
    ).format(said, bar)


def added_panel(
    entries: Sequence[Entry], names: Collection[str], left_out: Sequence[str], progress: BuildProgress
) -> Markup:
    """What became of essays that were added, in one sentence: those of `names`, and those that were left out."""
    if progress.running or progress.failure:
        waiting = [f"Added, but not indexed before the next build: {', '.join(names)}"] if names else []
        return progress_panel(progress, [*waiting, *left_out])
    own = [entry for entry in entries if entry.name in names]
    title = Markup("<cite>{}</cite>, {}")
    taken = [title.format(shown(one.title or one.name), counted(one.passages, "paragraph")) for one in own]
    left = [reason for reason in progress.skipped if reason.partition(":")[0] in names]
    parts = [Markup("Added {}").format(Markup("; ").join(taken))] if taken else [Markup("Nothing was added")]
    parts += [shown(_left_out(reason)) for reason in (*left_out, *left)]
    return Markup(
        '<div class="panel"><p role="status" class="notice">{}.</p>'
        "<details><summary>The build</summary><p>{}</p>{}</details></div>"
    ).format(Markup("; ").join(parts), shown(progress.report), _skipped(progress.skipped))


def _left_out(reason: str) -> str:
    name, colon, why = reason.partition(": ")
    return f"{name} was left out: {why.rstrip('.')}" if colon else reason


def essay_list(entries: Sequence[Entry], desk: str = "", chosen: Collection[str] = ()) -> Markup:
    """The essays, each to be read and, where there are several, to be `chosen`; searched where they are many."""
    several = len(entries) > 1
    titles = Counter(entry.title for entry in entries)
    items = (
        _entry(number, entry, desk, several=several, checked=entry.name in chosen, alike=titles[entry.title] > 1)
        for number, entry in enumerate(entries, 1)
    )
    return Markup('<div class="panel essays{}">{}{}<ul>{}</ul></div>').format(
        " several" if several else "",
        _HINT if several else "",
        _SEARCH if len(entries) >= _SEARCHED else "",
        Markup("").join(items),
    )


def _entry(number: int, entry: Entry, desk: str, *, several: bool, checked: bool, alike: bool) -> Markup:
    file = Markup(' <small class="file">{}</small>').format(shown(entry.name)) if alike else ""
    title = shown(entry.title or entry.name) + file
    about = [shown(part) for part in (entry.author, entry.date, name_of(entry.language)) if part]
    about.append(shown(counted(entry.passages, "paragraph")))
    rest = Markup('<span>{}</span> <a href="{}" data-read aria-label="Read {}">Read</a>').format(
        Markup(" · ").join(about),
        address(Place(entry.name, entry.title, "", 1, 1, 0, 0), [], desk),
        entry.title,
    )
    if several:
        title = Markup(
            '<input type="checkbox" id="essay-{number}" data-essay="{}"{}>'
            '<label for="essay-{number}" dir="auto">{}</label>'
        ).format(entry.name, " checked" if checked else "", title, number=number)
    return Markup('<li data-name="{}">{} {}</li>').format(entry.name, title, rest)


def elsewhere(server: str) -> Markup:
    """What is said to a reader whose things another one than this `server` keeps: page.js knows who kept them last."""
    return Markup(
        '<p role="status" class="notice" data-server="{}" hidden>What you asked, kept and added before is kept by '
        "another server of this library; what you do from now on is kept by this one.</p>"
    ).format(server)


def adding_note(library: str, days: float) -> Markup:
    """What becomes of essays that are added, said before they are."""
    where = (
        Markup("In the library, they are saved in <code>{}</code>, and everybody who asks finds them.").format(
            shown(library)
        )
        if library
        else "This library takes no more essays for good: its folder cannot be written, or it is Quoth’s own."
    )
    return Markup(
        '<div class="panel"><p>For you only, nobody else sees them; they are kept for this browser and deleted '
        "{:g} days after your last visit.</p><p>{}</p></div>"
    ).format(days, where)
