"""How the codebook came to be: every definition of a code, and every change, with its author."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import reduce
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pandas as pd

from bantar_qual import frames
from bantar_qual.codebook import Codebook, spoken
from bantar_qual.codebook.comparing import Difference, Links, difference, differences, links
from bantar_qual.errors import UnknownCode
from bantar_qual.languages import Language
from bantar_qual.languages import language as load_language
from bantar_qual.project.history import parsed
from bantar_qual.project.moments import When, act_at, between, worded, zone_of
from bantar_qual.records import Code
from bantar_qual.store import settings, versions

if TYPE_CHECKING:
    from bantar_qual.project import Project

_RULES = ("definition", "include", "exclude")
_SPLIT = "split code"


@dataclass(frozen=True, slots=True)
class _State:
    """A codebook, and the act that made it what it is."""

    book: Codebook
    act: Mapping[Any, Any]  # number, time, coder, verb, note, reason


def _states(project: Project) -> list[_State]:
    """Return the codebooks that acts made which still hold, in order.

    What was taken back was never the study's codebook; it stays in ``project.history()``.
    """
    told = versions.acts(project.store)
    acts = told[told["holds"]].assign(number=lambda frame: frame.index).to_dict("index")
    kept = settings.codebooks(project.store)
    return [_State(parsed(yaml), acts[act]) for act, yaml in kept if act in acts]


def definitions(project: Project, code: str, *, zone: str = "") -> pd.DataFrame:
    """Return every version of a code's definition: from when to when, who wrote it, and why.

    A code that was renamed or moved is followed back to its former places.

    Parameters
    ----------
    code
        The code's path, as it is now or as it was.
    zone
        The time zone of dates, such as ``"Asia/Jakarta"``; this computer's own if left empty.

    Returns
    -------
    pandas.DataFrame
        A row for each version, the first one first, numbered from 1: ``since`` and ``until``
        (empty while it holds), ``coder``, ``code`` (its path then), ``label``, ``definition``,
        ``include``, ``exclude``; ``difference``, what left the text before it in [-…-] and what
        came in [+…+]; ``reason``.

    Raises
    ------
    UnknownCode
        If the codebook never had such a code.

    Examples
    --------
    >>> from bantar_qual import Project
    >>> project = Project.create(tmp / "d.bantar", codebook="edwards-iii", language="en")
    >>> project.define_code("resources.budget", definition={"en": "Money for the programme."})
    >>> definitions(project, "resources.budget")["definition"].tolist()[-1]
    'Money for the programme.'
    """
    states, words, where = _states(project), load_language(project.language), zone_of(zone)
    rows: list[dict[str, Any]] = []
    before: tuple[str, ...] | None = None
    for state, path in _followed(states, code, project.codebook):
        found = state.book.code(path) if path else None
        told = _told(found, words.name) if found else ()
        if told == before:
            continue
        time = worded(state.act["time"], words, where)
        if rows and not rows[-1]["until"]:
            rows[-1]["until"] = time
        if found:
            row = dict(zip(("code", "label", *_RULES), told, strict=True))
            told_apart = _difference(rows[-1], row) if rows else ""
            rows.append(
                row
                | {"since": time, "until": "", "coder": state.act["coder"]}
                | {"difference": told_apart, "reason": state.act["reason"]}
            )
        before = told
    names = ["since", "until", "coder", "code", "label", *_RULES, "difference", "reason"]
    frame = pd.DataFrame(rows, columns=names)
    frame.index = pd.RangeIndex(1, len(frame) + 1, name="number")
    return _knowing(frame, "definitions", (), project.language)


def _difference(old: Mapping[str, str], new: Mapping[str, str]) -> str:
    """Show what is not the same in two versions of a code, field by field."""
    changed = (name for name in ("code", "label", *_RULES) if old[name] != new[name])
    return "; ".join(difference(old[name], new[name]) for name in changed)


def _told(code: Code, language: str) -> tuple[str, ...]:
    """Return what a reader of the codebook sees of a code: path, label, definition, rules."""
    rules = ("; ".join(spoken(rule, language) or ()) for rule in (code.include, code.exclude))
    label, definition = (spoken(text, language) for text in (code.label, code.definition))
    return (code.path, str(label or code.key), str(definition), *rules)


def _followed(states: list[_State], code: str, now: Codebook) -> Iterator[tuple[_State, str]]:
    """Yield each state with the path that a code had in it, or with nothing."""
    paths = [""] * len(states)
    at = [n for n, state in enumerate(states) if code in state.book]
    if not at:
        raise UnknownCode(code, now.paths, "any codebook of this study")
    start = at[-1]
    paths[start] = code
    for n in range(start, len(states) - 1):
        paths[n + 1] = links(states[n].book, states[n + 1].book).heirs.get(paths[n], "")
    for n in range(start, 0, -1):
        paths[n - 1] = links(states[n - 1].book, states[n].book).own.get(paths[n], "")
    return zip(states, paths, strict=True)


def codebook_history(
    project: Project,
    *,
    code: str = "",
    since: When | None = None,
    until: When | None = None,
    zone: str = "",
) -> pd.DataFrame:
    """Return when each code was added, renamed, moved, redefined, merged, split or retired.

    Parameters
    ----------
    code
        Only this code and those below it, by its path now or then; all if left empty.
    since, until
        Only changes between these dates (whole days) or moments, in UTC.
    zone
        The time zone of dates, such as ``"Asia/Jakarta"``; this computer's own if left empty.

    Returns
    -------
    pandas.DataFrame
        A row for each change, in order: ``when``, ``coder``, ``code`` (its path after the
        change), ``change`` in the study's language, ``before``, ``after``, ``reason``. The codes
        with which the study began are told only where one code is asked for. What was taken
        back is left out; ``project.history()`` has it.

    Raises
    ------
    UnknownCode
        If the codebook never had such a code.
    CodingError
        If one of the dates is none.
    """
    words, where = load_language(project.language), zone_of(zone)
    states = _states(project)
    paths = {path for _, path in _followed(states, code, project.codebook)} if code else {""}
    first, empty = states[0], Codebook(name="", levels=(), codes=())
    found = [(first.act, change) for change in differences(empty, first.book, "") if code]
    found += [
        (later.act, change)
        for before, later in pairwise(states)
        for change in differences(before.book, later.book, project.language)
    ]
    found += _splits(project, states)
    rows = [
        {"when": worded(act["time"], words, where), "coder": act["coder"], "reason": act["reason"]}
        | _worded(change, words)
        for act, change in sorted(found, key=lambda pair: int(pair[0]["number"]))
        if between(act["time"], since, until) and _about(change, paths)
    ]
    names = ["when", "coder", "code", "change", "before", "after", "reason"]
    frame = pd.DataFrame(rows, columns=names)
    return _knowing(frame, "codebook_history", (s.book for s in states), project.language)


def codebook_changes(project: Project, since: When, until: When | None = None) -> pd.DataFrame:
    """Return how the codebook of one date differs from that of a later one.

    Parameters
    ----------
    since, until
        The two dates: each means the end of its day, in UTC, or a moment. None is now.

    Returns
    -------
    pandas.DataFrame
        A row for each difference, in the order of the later codebook: ``code``, ``change`` in
        the study's language (added, moved, merged, label, definition …, removed), ``before``,
        ``after``.

    Raises
    ------
    CodingError
        If one of them is no date, or lies before the study.
    """
    old = project.codebook_at(since)
    new = project.codebook if until is None else project.codebook_at(until)
    low = act_at(project, since)
    high = None if until is None else act_at(project, until)
    kept = settings.codebooks(project.store)
    way = [old, *(parsed(y) for act, y in kept if act > low and (high is None or act <= high))]
    steps = [links(a, b) for a, b in pairwise(way)]
    by = reduce(Links.then, steps) if steps else None
    words = load_language(project.language)
    changes = differences(old, new, project.language, by=by)
    rows = [_worded(change, words) for change in changes]
    frame = pd.DataFrame(rows, columns=["code", "change", "before", "after"])
    return _knowing(frame, "codebook_changes", (old, new), project.language)


def _about(change: Difference, paths: set[str]) -> bool:
    """Tell whether a change is about a code, by any of its paths, or one below it."""
    whole = tuple(f"{path}." for path in paths if path)
    return "" in paths or any(f"{path}.".startswith(whole) for path in (change.code, change.was))


def _worded(change: Difference, words: Language) -> dict[str, str]:
    key = change.field or change.change
    return {
        "code": change.code,
        "change": words.caption(f"change_{key.replace(' ', '_')}"),
        "before": change.before,
        "after": change.after,
    }


def _splits(project: Project, states: list[_State]) -> list[tuple[Mapping[Any, Any], Difference]]:
    """Return the splits: they move codings, and leave the codebook as it is."""
    language = project.language
    labels = {p: s.book.label(p, language, whole=True) for s in states for p in s.book.paths}
    told = versions.acts(project.store)
    acts = told[told["holds"] & (told["verb"] == _SPLIT)]
    found: list[tuple[Mapping[Any, Any], Difference]] = []
    for act in acts.assign(number=acts.index).to_dict("records"):
        old, _, new = str(act["note"]).partition(" into ")
        into = "; ".join(labels.get(path, path) for path in new.split(", "))
        found.append((act, Difference(code=old, change="split", after=into)))
    return found


def _knowing(
    frame: pd.DataFrame, noun: str, books: Iterable[Codebook], language: str
) -> pd.DataFrame:
    """Let a frame know what it is, its language, and the labels of all codes that it may name."""
    labels = {code.path: dict(code.label) for book in books for code in book}
    return frames.inherit(frame, frame, noun=noun, labels=labels, language=language)
