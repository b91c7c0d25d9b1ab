"""The panels below the conversation as HTML: what is in the index, the essays, a build's progress."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Collection, Sequence

from index.protocol import About, Entry
from qa.answer import Place
from qa.page.html.marking import address, counted, escaped, shown
from qa.page.progress import Progress
from qa.programs.folders import without_folders
from source.library import ESSAYS
from source.text.language import name_of

# So many skipped files are named; the others are counted.
_NAMED = 20
# From so many essays on the list can be searched.
_SEARCHED = 8


def index_panel(about: About, name: str) -> str:
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
    lines = "".join(f"<dt>{label}</dt><dd>{shown(value)}</dd>" for label, value in rows.items())
    return f'<div class="panel"><dl>{lines}</dl>{_skipped([str(skip) for skip in about.skipped])}</div>'


def _when(built: str) -> str:
    try:
        return f"{datetime.datetime.fromisoformat(built).astimezone():%d %B %Y, %H:%M}".lstrip("0")
    except ValueError:
        return built


def _skipped(reasons: Sequence[str]) -> str:
    if not reasons:
        return ""
    items = "".join(f"<li>{shown(reason)}</li>" for reason in reasons[:_NAMED])
    more = f"<li>and {len(reasons) - _NAMED:,} more</li>" if len(reasons) > _NAMED else ""
    return f"<details><summary>{counted(len(reasons), 'file')} left out</summary><ul>{items}{more}</ul></details>"


def notice(said: str, notes: Sequence[str] = ()) -> str:
    """Something to say, and a list of what belongs to it."""
    items = "".join(f"<li>{shown(note)}</li>" for note in notes)
    noted = f"<ul>{items}</ul>" if items else ""
    return f'<div class="panel"><p role="status" class="notice">{shown(said)}</p>{noted}</div>'


def progress_panel(progress: Progress, notes: Sequence[str] = ()) -> str:
    """How far a build has come, or how it ended; `notes` say what else there is to know."""
    if progress.running:
        if not progress.total:
            said = "Reading the essays …"
            bar = '<progress aria-label="Building the index"></progress>'
        else:
            said = f"{progress.done:,} of {counted(progress.total, 'passage')} …"
            bar = (
                f'<progress aria-label="Building the index" max="{progress.total}" value="{progress.done}"></progress>'
            )
        return (
            f'<div class="panel building"><p>{said} Questions go on being answered from the old index.</p>{bar}</div>'
        )
    if progress.failure:
        return notice(progress.failure, notes)
    if progress.report:
        return notice(f"Built: {progress.report}", notes) + f'<div class="panel">{_skipped(progress.skipped)}</div>'
    return ""


def added_panel(entries: Sequence[Entry], names: Collection[str], left_out: Sequence[str], progress: Progress) -> str:
    """What became of essays that were added, in one sentence: those of `names`, and those that were left out."""
    if progress.running or progress.failure:
        return progress_panel(progress, left_out)
    own = [entry for entry in entries if entry.name in names]
    taken = [f"<cite>{shown(one.title or one.name)}</cite>, {counted(one.passages, 'paragraph')}" for one in own]
    left = [reason for reason in progress.skipped if reason.partition(":")[0] in names]
    parts = [f"Added {'; '.join(taken)}"] if taken else ["Nothing was added"]
    parts += [shown(_left_out(reason)) for reason in (*left_out, *left)]
    details = (
        f"<details><summary>The build</summary><p>{shown(progress.report)}</p>{_skipped(progress.skipped)}</details>"
    )
    return f'<div class="panel"><p role="status" class="notice">{"; ".join(parts)}.</p>{details}</div>'


def _left_out(reason: str) -> str:
    name, colon, why = reason.partition(": ")
    return f"{name} was left out: {why.rstrip('.')}" if colon else reason


def essay_list(entries: Sequence[Entry], desk: str = "", chosen: Collection[str] = ()) -> str:
    """The essays, each to be read and, where there are several, to be `chosen`; searched where they are many."""
    search = (
        '<p><label>Find an essay <input id="essay-search" type="search" autocomplete="off"></label></p>'
        if len(entries) >= _SEARCHED
        else ""
    )
    several = len(entries) > 1
    hint = '<p class="hint">Choose essays to ask only these; with none chosen all are asked.</p>' if several else ""
    titles = Counter(entry.title for entry in entries)
    items = "".join(
        _entry(number, entry, desk, several=several, checked=entry.name in chosen, alike=titles[entry.title] > 1)
        for number, entry in enumerate(entries, 1)
    )
    kind = "essays several" if several else "essays"
    return f'<div class="panel {kind}">{hint}{search}<ul>{items}</ul></div>'


def _entry(number: int, entry: Entry, desk: str, *, several: bool, checked: bool, alike: bool) -> str:
    link = escaped(address(Place(entry.name, entry.title, "", 1, 1, 0, 0), [], desk))
    title = shown(entry.title or entry.name)
    title += f' <small class="file">{shown(entry.name)}</small>' if alike else ""
    language = name_of(entry.language)
    about = [shown(part) for part in (entry.author, entry.date, language) if part] + [
        counted(entry.passages, "paragraph")
    ]
    rest = (
        f'<span>{" · ".join(about)}</span> <a href="{link}" data-read aria-label="Read {escaped(entry.title)}">Read</a>'
    )
    name = escaped(entry.name)
    if not several:
        return f'<li data-name="{name}">{title} {rest}</li>'
    return (
        f'<li data-name="{name}"><input type="checkbox" id="essay-{number}" data-essay="{name}"'
        f"{' checked' if checked else ''}>"
        f'<label for="essay-{number}" dir="auto">{title}</label> {rest}</li>'
    )


def adding_note(library: str, days: float) -> str:
    """What becomes of essays that are added, said before they are."""
    where = (
        f"In the library, they are saved in <code>{shown(library)}</code>, and everybody who asks finds them."
        if library
        else "This library takes no more essays for good: its folder cannot be written, or it is Quoth’s own."
    )
    return (
        '<div class="panel"><p>For you only, nobody else sees them; they are kept for this browser and deleted '
        f"{days:g} days after your last visit.</p><p>{where}</p></div>"
    )
