"""Write what comes out when another study is merged into this one, within one act."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Table, select

from bantar_qual.store import schema
from bantar_qual.store.meeting import MERGED, TABLES, Meeting, Row, Step
from bantar_qual.store.settings import set_codebook
from bantar_qual.store.versions import Act

_PLACE = {"start", "end", "code"}


def apply(
    act: Act,
    meeting: Meeting,
    steps: Sequence[Step],
    *,
    coders: Mapping[str, str],
    codebook: str,
) -> None:
    """Write what becomes of each thing, within one act.

    Parameters
    ----------
    act, meeting
        The act, and the two studies that it brings together.
    steps
        What becomes of the documents, cases, attributes, codings and memos.
    coders
        The names that new coders get, by their GUIDs.
    codebook
        The codebook that comes out.
    """
    _end(act, steps)
    if codebook != meeting.ours.codebook:
        set_codebook(act, codebook)
    ours = meeting.ours
    ids = _Ids(
        cases={guid: row["id"] for guid, row in ours.cases.items()},
        documents={guid: row["id"] for guid, row in ours.documents.items()},
        codings=meeting.known | {guid: row["id"] for guid, row in ours.codings.items()},
        coders=_people(act, steps, coders),
    )
    for kind, table in TABLES.items():
        mine = [step for step in steps if step.kind == kind]
        _change(act, table, mine, ids)
        added = [step for step in mine if step.state == "added"]
        fresh = act.add(table, [_row(act, meeting, step, ids) for step in added])
        ids.of(kind).update(zip([step.key for step in added], fresh, strict=True))


def remember(act: Act, meeting: Meeting, note: str) -> None:
    """Keep up to where the other file was merged, and what the history says about it."""
    key, value = MERGED + meeting.last, meeting.path.name
    if act.touched and key in meeting.ours.settings:
        act.change(schema.setting, [meeting.ours.settings[key]["id"]], {"value": value})
    elif act.touched:
        act.add(schema.setting, [{"key": key, "value": value}])
    table = schema.act
    act.connection.execute(table.update().where(table.c.id == act.id).values(note=note))


@dataclass(slots=True)
class _Ids:
    """Our own numbers of things, by their GUIDs."""

    cases: dict[str, int]
    documents: dict[str, int]
    codings: dict[str, int]
    coders: dict[str, int]

    def of(self, kind: str) -> dict[Any, int]:
        known = {"case": self.cases, "document": self.documents, "coding": self.codings}
        return known.get(kind, {})


def _end(act: Act, steps: Iterable[Step]) -> None:
    """End what ends, and the versions of codings that get another place or code.

    Those make room for each other first, since two codings may change places.
    """
    ended: dict[str, list[int]] = {}
    for step in steps:
        if step.ours and (step.state == "ended" or _PLACE & set(step.values)):
            ended.setdefault(step.kind, []).append(step.ours["id"])
    for kind, ids in ended.items():
        act.end_all(TABLES[kind], ids)


def _change(act: Act, table: Table, steps: Iterable[Step], ids: _Ids) -> None:
    """Give things the values that they take over; those with the same ones together."""
    alike: dict[tuple[tuple[str, Any], ...], list[int]] = {}
    for step in steps:
        if step.ours and step.values:
            values = dict(step.values)
            if "case" in values:
                values["case_id"] = ids.cases.get(values.pop("case"))
            if step.kind == "memo" and "code" in values:
                values["key"] = values.pop("code")
            alike.setdefault(tuple(values.items()), []).append(step.ours["id"])
    for pairs, changed in alike.items():
        act.change(table, changed, dict(pairs))


def _people(act: Act, steps: Iterable[Step], names: Mapping[str, str]) -> dict[str, int]:
    """Return our numbers of coders by GUID; those that give new codings are made known."""
    table = schema.coder
    used = {step.theirs["coder"] for step in steps if step.kind == "coding" and step.theirs
            and step.state == "added"}  # fmt: skip
    known = set(act.connection.execute(select(table.c.guid)).scalars())
    fresh = [{"guid": guid, "name": names[guid]} for guid in sorted(used - known)]
    if fresh:
        act.connection.execute(table.insert(), fresh)
    return {row.guid: row.id for row in act.connection.execute(select(table))}


def _row(act: Act, meeting: Meeting, step: Step, ids: _Ids) -> Row:
    """Return the row that a thing of theirs becomes here."""
    theirs = {**(step.theirs or {}), **step.values}
    local = {"version", "id", "from_act", "to_act"}
    columns = (c.name for c in TABLES[step.kind].c if c.name not in local)
    row = {name: theirs.get(name) for name in columns}
    if step.kind == "document":
        row["case_id"] = ids.cases.get(theirs["case"])
        row["revision_id"] = _revision(act, meeting, theirs)
    elif step.kind == "coding":
        row["document_id"] = ids.documents[theirs["document"]]
        row["coder_id"] = ids.coders[theirs["coder"]]
    elif step.kind == "case attribute":
        row["case_id"] = ids.cases[step.key[0]]
    elif step.kind == "document attribute":
        row["document_id"] = ids.documents[step.key[0]]
    elif step.kind == "speaker":
        row["document_id"] = ids.documents[step.key[0]]
        row["case_id"] = ids.cases[theirs["case"]]
    elif step.kind == "memo" and theirs["about"] == "coding":
        row["key"] = str(ids.codings.get(theirs["subject"], theirs["subject"]))
    return row


def _revision(act: Act, meeting: Meeting, theirs: Row) -> int:
    """Copy a text with its turns into this study."""
    text, table, turn = meeting.text_there(theirs), schema.revision, schema.turn
    row = {"sha256": theirs["sha256"], "text": text}
    key = act.connection.execute(table.insert().values(row)).inserted_primary_key
    revision = int(key[0]) if key else 0
    query = select(turn).where(turn.c.revision_id == theirs["revision_id"])
    turns = [{**t, "revision_id": revision} for t in meeting.there.execute(query).mappings()]
    if turns:
        act.connection.execute(turn.insert(), turns)
    return revision
