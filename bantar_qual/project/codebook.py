"""Change the codebook of a live study; no coding and no memo is lost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pandas as pd

from bantar_qual import frames
from bantar_qual.codebook import Codebook
from bantar_qual.errors import FrameError
from bantar_qual.project.giving import Label, book_with, codable
from bantar_qual.records import EVERYONE
from bantar_qual.store import codings as _codings
from bantar_qual.store import settings
from bantar_qual.store.versions import acting

if TYPE_CHECKING:
    from bantar_qual.project import Project


def add_code(
    project: Project,
    path: str,
    label: Label,
    *,
    definition: Label = "",
    cues: Mapping[str, tuple[str, ...]] | None = None,
) -> None:
    """Add a code below the parent that its path names.

    Parameters
    ----------
    path
        Such as ``"resources.volunteers"``; a path without a dot is a new code at the top.
    label, definition
        One text for any language, or one for each.
    cues
        Cue words for each language.

    Raises
    ------
    UnknownCode
        If the parent does not exist.
    CodebookError
        If the code exists, or does not fit.
    """
    book = book_with(project, path, label, definition=definition, cues=cues or {})
    _keep(project, book, "add code", path, {})


def define_code(project: Project, path: str, **fields: Any) -> None:
    """Give a code another label, definition, include or exclude rule, example, cues or color.

    Raises
    ------
    UnknownCode
        If there is no such code.
    CodebookError
        If a field is unknown or its value does not fit.
    """
    _keep(project, project.codebook.with_fields(path, fields), "define code", path, {})


def move_code(project: Project, path: str, to: str) -> None:
    """Rename a code, or move it with all below it to another place; its codings go with it.

    Parameters
    ----------
    path, to
        ``move_code("resources.money", "resources.budget")`` renames;
        ``move_code("resources.money", "support.money")`` moves.

    Raises
    ------
    UnknownCode
        If the code or the new parent does not exist.
    CodebookError
        If ``to`` is taken or lies too deep.
    """
    book, renamed = project.codebook.moved(path, to)
    _keep(project, book, "move code", f"{path} to {to}", renamed)


def merge_codes(project: Project, paths: list[str], into: str) -> None:
    """Merge codes into one: their codings and memos become its own, and they leave the codebook.

    Raises
    ------
    UnknownCode
        If one of them does not exist.
    CodebookError
        If a code to be merged has codes below it.
    """
    book = project.codebook
    book.code(into)
    others = [path for path in paths if path != into]
    for path in others:
        book = book.merged(path, into)
    _keep(
        project,
        book,
        "merge codes",
        f"{', '.join(others)} into {into}",
        dict.fromkeys(others, into),
    )


def retire_code(project: Project, path: str) -> None:
    """Retire a code: its codings stay and count, but nobody can give it any more.

    Raises
    ------
    UnknownCode
        If there is no such code.
    """
    code = project.codebook.code(path)
    book = replace(
        project.codebook,
        codes=tuple(
            replace(code, codable=False, cues={}) if other.path == path else other
            for other in project.codebook.codes
        ),
    )
    _keep(project, book, "retire code", code.path, {})


def split_code(
    project: Project,
    path: str,
    into: Mapping[str, pd.DataFrame],
    *,
    preview: bool = True,
    reason: str = "",
) -> pd.DataFrame:
    """Show how a code would be split, or split it in one act.

    Parameters
    ----------
    path
        The code to be split.
    into
        For each path, the codings that go there: selections of ``project.codings()``. Add a
        new code with ``project.add_code`` first.
    preview
        True to change nothing; False to give the codings their new codes, as one act.
    reason
        Why the code is split.

    Returns
    -------
    pandas.DataFrame
        The codings of the code with a column ``goes_to``; those that no selection names stay.

    Raises
    ------
    FrameError
        If a coding is in two selections.
    UnknownCode, CodebookError
        If the split is to be done and a code does not exist, or cannot be given.
    """
    if not preview:
        for target in into:
            codable(project, target)
    frame = project.quotes(_of(project, path)).assign(goes_to=path)
    for target, chosen in into.items():
        twice = frame.index.isin(chosen.index) & (frame["goes_to"] != path)
        if twice.any():
            msg = f"{int(twice.sum())} codings are in two selections; each can go to one code only"
            raise FrameError(msg)
        frame.loc[frame.index.isin(chosen.index), "goes_to"] = target
    if not preview:
        goes = {target: frame.index[frame["goes_to"] == target] for target in into}
        note = f"{path} into {', '.join(into)}"
        _codings.split(project.store, goes, coder=project.coder, note=note, reason=reason)
    return frame[["document", "turn", "quote", "valence", "goes_to"]]


def _of(project: Project, path: str) -> pd.DataFrame:
    code = project.codebook.code(path).path
    frame = project.codings(status=None, coder=EVERYONE)
    return frame[frame["code"] == code]


def _keep(
    project: Project, book: Codebook, verb: str, note: str, renamed: Mapping[str, str]
) -> None:
    """Write the new codebook and give codings and memos their new codes, in one act."""
    with acting(project.store, verb, coder=project.coder, note=note) as act:
        settings.set_codebook(act, book.to_yaml())
        _codings.rename_codes(act, renamed)


def lint(project: Project) -> pd.DataFrame:
    """Return what a careful supervisor would ask about the codebook and the coding.

    Returns
    -------
    pandas.DataFrame
        A row for each finding: ``finding`` (unused, without evidence, used once, always
        together, definition missing, not rated, long turn without coding), ``about``,
        ``detail``. *Unused* is a code that was never given; *without evidence* one with
        suggestions or rejected codings only.
    """
    every = project.codings(status=None)
    frame = frames.inherit(every[every["status"] == "accepted"], every)
    book = project.codebook
    parents = {code.parent for code in book}
    rows: list[tuple[str, str, str]] = []
    for code in book:
        statuses = every.loc[every["code"] == code.path, "status"].value_counts()
        used = int(statuses.get("accepted", 0))
        if code.codable and code.path not in parents and used < _TWICE:
            finding, detail = _little(statuses)
            rows.append((finding, code.path, detail))
        if not any(code.definition.values()):
            rows.append(("definition missing", code.path, ""))
        rated = frame.loc[frame["code"] == code.path, "valence"].notna().any()
        if used and not rated:
            rows.append(("not rated", code.path, f"none of {used} codings has a valence"))
    rows += _always_together(frame)
    rows += _silent_turns(project, frame)
    return pd.DataFrame(rows, columns=["finding", "about", "detail"])


_TWICE = 2
_LONG = 80  # words of a turn that ought to hold something


def _little(statuses: pd.Series) -> tuple[str, str]:
    """Say how little a code was used: its finding, and what there is."""
    told = ", ".join(f"{count} {status}" for status, count in statuses.items() if count)
    if statuses.get("accepted", 0):
        return "used once", told
    return ("without evidence", told) if told else ("unused", "no coding")


def _always_together(frame: pd.DataFrame) -> list[tuple[str, str, str]]:
    """Name pairs of codes that were only ever given to the same words."""
    segments: dict[str, frozenset[tuple[str, int, int]]] = {}
    for code, group in frame.groupby("code", observed=True):
        places = zip(group["document"].astype(str), group["start"], group["end"], strict=True)
        segments[str(code)] = frozenset(places)
    names = sorted(name for name, places in segments.items() if len(places) >= _TWICE)
    return [
        ("always together", f"{one} + {other}", f"{len(segments[one])} segments")
        for i, one in enumerate(names)
        for other in names[i + 1 :]
        if segments[one] == segments[other]
    ]


def _silent_turns(project: Project, frame: pd.DataFrame) -> list[tuple[str, str, str]]:
    """Name long turns of informants in which nothing is coded."""
    coded = set(zip(frame["document"].astype(str), frame["turn"], strict=True))
    rows = []
    for document in project.texts():
        for turn in document.turns:
            words = len(document.text[turn.start : turn.end].split())
            silent = (document.name, turn.number) not in coded
            if turn.role != "interviewer" and words >= _LONG and silent:
                where = f"{document.name}, turn {turn.number}"
                rows.append(("long turn without coding", where, f"{words} words"))
    return rows
