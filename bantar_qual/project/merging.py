"""Bring the work of two people together, or of two studies of the same documents."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from bantar_qual.errors import ProjectError, did_you_mean
from bantar_qual.project.threeway import told
from bantar_qual.project.weaving import conflict_memos, free, weave
from bantar_qual.store import meeting as _meeting
from bantar_qual.store import merging as _merging
from bantar_qual.store.meeting import Meeting, Row, State, Step, Things
from bantar_qual.store.versions import acting

if TYPE_CHECKING:
    from bantar_qual.project import Project

_COLUMNS = ["kind", "what", "state", "ours", "theirs", "note"]
_KINDS = {
    "case attribute": "attribute",
    "document attribute": "attribute",
    "setting": "attribute",
    "speaker": "case",
    "codebook": "code",
}
_QUOTED = 40  # characters of a quote in the report


def merge(
    project: Project, other: str | Path | Project, *, coders: Mapping[str, str] | None = None
) -> pd.DataFrame:
    """Merge another study into this one, in one act; the other file stays as it is.

    Two people code in copies of one study, or make studies of the same transcripts; then one is
    merged into the other. What changed on one side only is taken from that side. What changed
    on both sides differently stays as it is here, and is told with both values; a memo on the
    coding tells it too. What was ended there and is unchanged here ends here.

    Parameters
    ----------
    other
        The other study, its file, or the address of its database. A file can be merged into a
        study on a server, and the other way round.
    coders
        Who there is who here, such as ``{"SN": "SN"}``. Otherwise a person who has the same name
        in both studies and was not a coder yet when they were one counts as two people, and the
        other one gets the file's name too: "SN (copy)". The cue rules are the same everywhere.

    Returns
    -------
    pandas.DataFrame
        A row for each thing: ``kind`` (document, case, coding, memo, code, attribute), ``what``,
        ``state`` (added, equal, taken, kept, ended, conflict, skipped), ``ours``, ``theirs``,
        ``note``. Merging the same file again changes nothing.

    Raises
    ------
    ProjectError
        If the other study cannot be read, is this one, or knows no coder of a given name.

    Examples
    --------
    >>> import shutil
    >>> from bantar_qual import Project
    >>> project = Project.create(tmp / "a.bantar", codebook="edwards-iii", coder="SN")
    >>> _ = shutil.copy(tmp / "a.bantar", tmp / "b.bantar")
    >>> _ = Project.open(tmp / "b.bantar", coder="BP").memo("Read turn 7 again.")
    >>> report = merge(project, tmp / "b.bantar")
    >>> report.loc[report["state"] == "added", "kind"].tolist()
    ['memo']
    >>> project.undo()[:5]
    'merge'
    """
    source = _meeting.source(other if isinstance(other, str | Path) else other.store)
    path = source.path
    if source.is_same(project.store):
        raise ProjectError(path, "a study cannot be merged into itself; name the other one")
    with (
        _meeting.opened(source) as there,
        acting(project.store, "merge", coder=project.coder) as act,
    ):
        meeting = _meeting.meet(act, there, path)
        names = _align(meeting, dict(coders or {}))
        steps, codebook = weave(meeting)
        memos = conflict_memos(steps, path.name)
        written = [*steps, *(memo for memo in memos if memo.key not in meeting.ours.memos)]
        _merging.apply(
            act, meeting, [s for s in written if s.kind in _meeting.TABLES],
            coders=names, codebook=codebook,
        )  # fmt: skip
        counts = Counter(step.state for step in steps if step.state not in {"equal", "kept"})
        listed = ", ".join(f"{count} {state}" for state, count in counts.items())
        _merging.remember(act, meeting, f"{meeting.summary}; {listed}".rstrip("; "))
        return _report(meeting, steps, names)


# ---------------------------------------------------------------- the same things on both sides


def _align(meeting: Meeting, coders: Mapping[str, str]) -> dict[str, str]:
    """Know everything there by our GUIDs; return the names of all coders by GUID."""
    ours, theirs = meeting.ours, meeting.theirs
    documents = _twins(theirs.documents, ours.documents, lambda row: row["sha256"])
    cases = _twins(theirs.cases, ours.cases, lambda row: row["name"])
    people, names = _people(meeting, coders)
    for state in (theirs, meeting.base):
        _rename(state, documents, cases, people)
    return names


def _twins(theirs: Things, ours: Things, by: Callable[[Row], Any]) -> dict[str, str]:
    """Return our GUID for each thing there that we know by another one."""
    known = {by(row): guid for guid, row in ours.items() if guid not in theirs}
    return {
        guid: known[by(row)]
        for guid, row in theirs.items()
        if guid not in ours and by(row) in known
    }


def _rename(
    state: State, documents: dict[str, str], cases: dict[str, str], people: dict[str, str]
) -> None:
    """Give documents, cases and coders other GUIDs wherever they are spoken of."""

    def case(row: Row) -> Row:
        return {**row, "case": cases.get(row["case"], row["case"])}

    subjects = {"document": documents, "case": cases}
    state.documents = {documents.get(g, g): case(row) for g, row in state.documents.items()}
    state.cases = {cases.get(g, g): row for g, row in state.cases.items()}
    state.case_values = {(cases.get(g, g), k): r for (g, k), r in state.case_values.items()}
    state.document_values = {
        (documents.get(g, g), k): row for (g, k), row in state.document_values.items()
    }
    state.speakers = {(documents.get(g, g), k): case(r) for (g, k), r in state.speakers.items()}
    for row in state.codings.values():
        row["document"] = documents.get(row["document"], row["document"])
        row["coder"] = people.get(row["coder"], row["coder"])
    for row in state.memos.values():
        row["subject"] = subjects.get(row["about"], {}).get(row["subject"], row["subject"])


def _people(meeting: Meeting, coders: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """Return our GUID for each of their coders, and the names of all by our GUIDs."""
    names, theirs = dict(meeting.coders_here), meeting.coders_there
    for name in coders:
        if name not in theirs.values():
            near = did_you_mean(name, theirs.values())
            raise ProjectError(meeting.path, f"nobody coded there as '{name}'.{near}")
    rules = _rules((meeting.ours, names), (meeting.theirs, theirs))
    people: dict[str, str] = {}
    for guid, name in theirs.items():
        known = {here: g for g, here in names.items()}
        wanted = coders.get(name, name)
        if name not in coders and guid in names:
            continue
        if wanted in known and (name in coders or name in rules):
            people[guid] = known[wanted]
            continue
        fresh = guid if guid not in names else str(uuid.uuid4())
        people[guid] = fresh
        names[fresh] = _called(wanted, known, meeting.path.stem)
    return people, names


def _called(name: str, known: Iterable[str], source: str) -> str:
    """Return the name of a coder who joins; a namesake gets the file's name too."""
    return free(name if name not in known else f"{name} ({source})", known)


def _rules(*sides: tuple[State, Mapping[str, str]]) -> set[str]:
    """Name the coders that only ever coded by rules, on both sides."""
    origins: dict[str, set[str]] = {}
    for state, names in sides:
        for row in state.codings.values():
            if row["coder"] in names:
                origins.setdefault(names[row["coder"]], set()).add(row["origin"])
    return {name for name, found in origins.items() if found == {"cue"}}


# ---------------------------------------------------------------- the report


def _report(meeting: Meeting, steps: Iterable[Step], coders: Mapping[str, str]) -> pd.DataFrame:
    """Return a row for each thing, in words."""
    names = {
        guid: str(row["name"])
        for state in (meeting.theirs, meeting.ours)
        for things in (state.documents, state.cases)
        for guid, row in things.items()
    }
    texts: dict[str, str] = {}
    rows = []
    for step in steps:
        step.ours, step.theirs = (_named(row, names) for row in (step.ours, step.theirs))
        here, there = told(step)
        what = _what(step, names, coders)
        if step.kind == "coding":
            what = f"{what}: “{_quote(meeting, step, texts)}”"
        rows.append((_KINDS.get(step.kind, step.kind), what, step.state, here, there, step.note))
    return pd.DataFrame(rows, columns=_COLUMNS)


def _named(row: Row | None, names: Mapping[str, str]) -> Row | None:
    """Name the case instead of its GUID."""
    return row if row is None or "case" not in row else {**row, "case": names.get(row["case"], "")}


def _what(step: Step, names: Mapping[str, str], coders: Mapping[str, str]) -> str:
    """Say what a thing is."""
    row = step.ours or step.theirs or {}
    if step.kind in {"case attribute", "document attribute", "speaker"}:
        return f"{names.get(step.key[0], '')}: {step.key[1]}"
    if step.kind == "coding":
        return f"{names.get(row['document'], '')}, {row['code']}, {coders.get(row['coder'], '')}"
    if step.kind == "memo":
        key = names.get(row.get("subject") or "", row["key"])
        return f"{row['about']} {key}".strip()
    return str(row["name"]) if "name" in row else str(step.key) or "codebook"


def _quote(meeting: Meeting, step: Step, texts: dict[str, str]) -> str:
    """Return the words of a coding, shortened."""
    row = step.ours or step.theirs or {}
    guid = row["document"]
    here = (meeting.ours if step.ours else meeting.theirs).documents.get(guid)
    found = here or meeting.ours.documents.get(guid) or meeting.theirs.documents.get(guid)
    if found is None:
        return ""
    key = f"{guid} {found['sha256']}"
    if key not in texts:
        ours = meeting.ours.documents.get(guid) is found
        texts[key] = meeting.text_here(found) if ours else meeting.text_there(found)
    words = texts[key][row["start"] : row["end"]]
    return words if len(words) <= _QUOTED else f"{words[: _QUOTED - 1]}…"
