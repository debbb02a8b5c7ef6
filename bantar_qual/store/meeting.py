"""Two studies side by side, known by GUIDs, and what both held when they last agreed."""

from __future__ import annotations

import contextlib
import sqlite3
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Table, select

from bantar_qual.errors import ProjectError
from bantar_qual.store import schema, trouble
from bantar_qual.store.documents import checksum
from bantar_qual.store.engine import Store
from bantar_qual.store.server import ServerStore, is_address
from bantar_qual.store.versions import Act, valid

TABLES: dict[str, Table] = {  # in the order in which they are written
    "setting": schema.setting,
    "case": schema.case,
    "document": schema.document,
    "case attribute": schema.case_value,
    "document attribute": schema.document_value,
    "speaker": schema.speaker,
    "coding": schema.coding,
    "memo": schema.memo,
}
Row = dict[str, Any]
Things = dict[Any, Row]

MERGED = "merged "  # a setting for each merge: the other file's last act, as it was then


@dataclass(slots=True)
class State:
    """What a study held at a moment, each thing by its GUID, or its owner's GUID and a key."""

    documents: Things = field(default_factory=dict)
    cases: Things = field(default_factory=dict)
    document_values: Things = field(default_factory=dict)
    case_values: Things = field(default_factory=dict)
    speakers: Things = field(default_factory=dict)
    settings: Things = field(default_factory=dict)
    codings: Things = field(default_factory=dict)
    memos: Things = field(default_factory=dict)
    codebook: str = ""


@dataclass(slots=True)
class Step:
    """What becomes of one thing: its state in the report, and the values it takes over."""

    kind: str
    key: Any
    state: str
    base: Row | None = None
    ours: Row | None = None
    theirs: Row | None = None
    values: Row = field(default_factory=dict)
    note: str = ""


@dataclass(slots=True)
class Meeting:
    """Two studies, what both held when they last agreed, and where their texts are."""

    here: Connection
    there: Connection
    path: Path
    base: State
    ours: State
    theirs: State
    coders_here: dict[str, str]  # names by GUID
    coders_there: dict[str, str]
    known: dict[str, int]  # every coding that was ever here, and our number of it
    summary: str
    last: str  # the last act there

    def text_here(self, document: Row) -> str:
        """Return the text of one of our documents."""
        return _text(self.here, document, self.path)

    def text_there(self, document: Row) -> str:
        """Return the text of one of their documents."""
        return _text(self.there, document, self.path)


# ---------------------------------------------------------------- reading


def source(other: str | Path | Store) -> Store:
    """Return the study that a path or an address names; a file is not looked into yet.

    Raises
    ------
    ProjectError
        If there is no such study, or its server cannot be reached.
    """
    if isinstance(other, Store):
        return other
    if is_address(other):
        return ServerStore.open(other)
    if not Path(other).is_file():
        raise ProjectError(Path(other), "there is no such study to merge; look at the path")
    return Store.at(other)


@contextlib.contextmanager
def opened(store: Store) -> Iterator[Connection]:
    """Open a study for reading; of a file a copy, so that the file itself can never change.

    Raises
    ------
    ProjectError
        If it cannot be used.
    """
    if isinstance(store, ServerStore):
        with store.reading() as connection:
            yield connection
        return
    path = store.path
    with _room(path) as copy:
        try:
            with (
                contextlib.closing(
                    sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)
                ) as file,
                contextlib.closing(sqlite3.connect(copy)) as target,
            ):
                file.backup(target)
        except sqlite3.Error as error:
            strange = getattr(error, "sqlite_errorname", "") == "SQLITE_NOTADB"
            reason = "it cannot be read as a study; look at the path" if strange else ""
            raise ProjectError(path, reason or trouble.sentence(error, path)) from error
        with Store.open(copy, backup=False).reading() as connection:
            yield connection


@contextlib.contextmanager
def _room(path: Path) -> Iterator[Path]:
    """Give a place for a copy of a file, which is gone afterwards."""
    try:
        folder = tempfile.TemporaryDirectory()
    except OSError as error:  # no folder for such copies takes one
        raise trouble.disk(path) from error
    with folder as name:
        yield Path(name) / path.name


def meet(act: Act, there: Connection, path: Path) -> Meeting:
    """Read both studies, and what they held when they last agreed."""
    here = act.connection
    base, since = _base(here, there, act.id)
    last = there.execute(select(schema.act.c.guid).order_by(schema.act.c.id.desc())).scalar()
    return Meeting(
        here=here,
        there=there,
        path=path,
        base=base,
        ours=_state(here),
        theirs=_state(there),
        coders_here=_coders(here),
        coders_there=_coders(there),
        known=_ever(here),
        summary=_summary(there, since, path),
        last=str(last),
    )


def _base(here: Connection, there: Connection, now: int) -> tuple[State, set[str]]:
    """Return what both held when they last agreed, and the acts there that were seen by then.

    They agreed at the last act that stands in both files, or later, when one of them was merged
    into the other: each merge that holds has kept the other's last act as a setting.
    """
    ours, theirs = _acts(here, now), _acts(there)
    shared = set(ours) & set(theirs)
    meetings: list[tuple[str, Connection, int]] = []
    if shared:
        last = max(ours[guid][0] for guid in shared)
        meetings.append((max(ours[guid][1] for guid in shared), here, last))
    meetings += [(t, there, theirs[g][0]) for g, t in _merges(here) if g in theirs]
    meetings += [(t, here, ours[g][0]) for g, t in _merges(there) if g in ours]
    if not meetings:
        return State(), set()
    _, file, moment = max(meetings, key=lambda meeting: meeting[0])
    seen = [theirs[guid][0] for guid in (*shared, *(g for g, _ in _merges(here))) if guid in theirs]
    return _state(file, moment), {
        g for g, (number, _) in theirs.items() if number <= max(seen, default=0)
    }


def _acts(connection: Connection, before: int | None = None) -> dict[str, tuple[int, str]]:
    table = schema.act
    query = select(table.c.guid, table.c.id, table.c.time)
    if before is not None:
        query = query.where(table.c.id < before)
    return {row.guid: (row.id, row.time) for row in connection.execute(query)}


def _merges(connection: Connection) -> list[tuple[str, str]]:
    """Return, for each merge that holds, the other file's last act then, and the time."""
    table, act = schema.setting, schema.act
    query = select(table.c.key, act.c.time).join(act, act.c.id == table.c.from_act)
    rows = connection.execute(query.where(valid(table), table.c.key.startswith(MERGED)))
    return [(row.key.removeprefix(MERGED), row.time) for row in rows]


def _summary(there: Connection, seen: set[str], path: Path) -> str:
    """Say in a line who did what in the other file since the two agreed."""
    table = schema.act
    query = select(table.c.guid, table.c.coder, table.c.verb, table.c.time).order_by(table.c.id)
    acts = [row for row in there.execute(query) if row.guid not in seen]
    if not acts:
        return path.name
    verbs = Counter(row.verb for row in acts)
    told = ", ".join(f"{verb} {count}" for verb, count in verbs.most_common())
    people = ", ".join(sorted({row.coder for row in acts}))
    days = " to ".join(sorted({acts[0].time[:10], acts[-1].time[:10]}))
    return f"{path.name}: {len(acts)} acts by {people} ({told}), {days}"


def _rows(connection: Connection, table: Table, moment: int | None) -> list[Row]:
    query = select(table).where(valid(table, moment)).order_by(table.c.id)
    return [dict(row) for row in connection.execute(query).mappings()]


def _coders(connection: Connection) -> dict[str, str]:
    table = schema.coder
    return {row.guid: row.name for row in connection.execute(select(table))}


def _ever(connection: Connection) -> dict[str, int]:
    """Return our number of each coding, also of ended ones: memos on those are still known."""
    table = schema.coding
    query = select(table.c.guid, table.c.id).distinct().order_by(table.c.id)
    return {row.guid: row.id for row in connection.execute(query)}


def _state(connection: Connection, moment: int | None = None) -> State:
    """Return what a study holds or held, with GUIDs in the place of its own numbers."""
    revision, coder = schema.revision, schema.coder
    sums = {r.id: r.sha256 for r in connection.execute(select(revision.c.id, revision.c.sha256))}
    people = {row.id: row.guid for row in connection.execute(select(coder))}
    cases = _rows(connection, schema.case, moment)
    documents = _rows(connection, schema.document, moment)
    codings = _rows(connection, schema.coding, moment)
    case_of = {row["id"]: row["guid"] for row in cases}
    document_of = {row["id"]: row["guid"] for row in documents}
    speakers = _rows(connection, schema.speaker, moment)
    for row in speakers:
        row["case"] = case_of.get(row["case_id"])
    for row in documents:
        row |= {"case": case_of.get(row["case_id"]), "sha256": sums[row["revision_id"]]}
    for row in codings:
        row |= {"document": document_of.get(row["document_id"]), "coder": people[row["coder_id"]]}
    subjects = {
        "document": {row["name"]: row["guid"] for row in documents},
        "case": {row["name"]: row["guid"] for row in cases},
        "coding": {str(number): guid for guid, number in _ever(connection).items()},
    }
    memos = _rows(connection, schema.memo, moment)
    for row in memos:
        row["subject"] = subjects.get(row["about"], {row["key"]: row["key"]}).get(row["key"])
        row["code"] = row["key"] if row["about"] == "code" else ""
    books = _rows(connection, schema.codebook, moment)
    return State(
        documents={row["guid"]: row for row in documents},
        cases={row["guid"]: row for row in cases},
        document_values=_of(document_of, _rows(connection, schema.document_value, moment)),
        case_values=_of(case_of, _rows(connection, schema.case_value, moment)),
        speakers=_of(document_of, [row for row in speakers if row["case"]]),
        settings={row["key"]: row for row in _rows(connection, schema.setting, moment)},
        codings={row["guid"]: row for row in codings if row["document"]},
        memos={row["guid"]: row for row in memos},
        codebook=books[0]["yaml"] if books else "",
    )


def _of(owners: Mapping[int, str], rows: Sequence[Row]) -> Things:
    """Know rows by the GUID of the document or case that they are about, and their own key."""
    of = "document_id" if "document_id" in (rows[0] if rows else {}) else "case_id"
    return {(owners[r[of]], r.get("key", r.get("name"))): r for r in rows if r[of] in owners}


def _text(connection: Connection, document: Row, path: Path) -> str:
    table = schema.revision
    query = select(table.c.text).where(table.c.id == document["revision_id"])
    text = str(connection.execute(query).scalar_one())
    if checksum(text) != document["sha256"]:
        reason = f"the text of '{document['name']}' was altered outside bantar_qual; restore a copy"
        raise ProjectError(path, reason)
    return text
