"""Save what can still be read from a damaged study into a new one."""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
import tempfile
import uuid
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
from sqlalchemy import Connection, Table, func, insert, literal, select
from sqlalchemy.exc import DBAPIError

from bantar_qual.errors import ProjectError
from bantar_qual.store import backups, schema, seals
from bantar_qual.store.documents import checksum
from bantar_qual.store.engine import Store
from bantar_qual.store.versions import now, valid, within

COLUMNS = ["table", "saved", "from_backup", "lost", "note"]

DAMAGE = "damage"  # what a document with an altered text says about itself

_ALTERED = "altered outside bantar_qual; compare it with the original"
_HEADER = 100  # bytes of an SQLite file in which its page size and number of pages stand
_LARGEST = 4 << 30  # bytes; a longer length in a header is damage itself
_PROBES = 64  # places at which a table is tried before it is given up
_PATIENCE = 2_000  # unreadable places in a row before the rest of a table is given up

Row = dict[str, Any]


@dataclass(slots=True)
class _Saved:
    """What became of one table."""

    saved: int = 0
    from_backup: int = 0
    lost: int = 0
    note: str = ""


def repair(path: str | Path, target: str | Path, *, coder: str = "repair") -> pd.DataFrame:
    """Save what can be read from a damaged study into a new file; the damaged one stays as it is.

    Parameters
    ----------
    path
        The damaged study.
    target
        The new study.
    coder
        Who does this.

    Returns
    -------
    pandas.DataFrame
        A row for each table: ``saved`` rows, among them ``from_backup``; rows known to be
        ``lost``; and a ``note`` in words. Texts and history that the file has lost are taken
        from its backups, where their checksums agree. A text that no backup has is kept as it
        is now and its document says so.

    Raises
    ------
    ProjectError
        If nothing at all can be read, or there is already a file of the new name.
    """
    path, target = Path(path), Path(target)
    if not path.is_file():
        raise ProjectError(path, "there is no such study to repair")
    if target.exists():
        raise ProjectError(target, "there is already a file of that name; choose another")
    tables = [table for table in schema.metadata.sorted_tables if table is not schema.seal]
    report = {table.name: _Saved() for table in tables}
    with _looked_into(path) as old:
        read = {table.name: list(_rows(old, table, report[table.name])) for table in tables}
    if not any(read.values()):
        raise ProjectError(path, "nothing can be read from it; put a backup in its place")
    _fill(path, read, report)
    _stand_in(read, report["act"])

    def begin(new: Connection) -> None:
        for table in tables:
            _write(new, table, read[table.name], report[table.name])
        _count_on(new)
        _mark_altered(new, report["revision"], coder)
        seals.seal_all(new)

    Store.create(target, begin=begin)
    rows = [(name, s.saved, s.from_backup, s.lost, s.note) for name, s in report.items()]
    return pd.DataFrame(rows, columns=COLUMNS).set_index("table")


@contextlib.contextmanager
def _looked_into(path: Path) -> Iterator[sqlite3.Connection]:
    """Give a connection to a copy, so that not even an unfinished write is cleared up in place."""
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=".repair-") as folder:
        copy = Path(folder) / "copy.bantar"
        shutil.copyfile(path, copy)
        journal = path.with_name(f"{path.name}-journal")
        if journal.exists():
            shutil.copyfile(journal, copy.with_name(f"{copy.name}-journal"))
        else:
            _pad(copy)
        with contextlib.closing(sqlite3.connect(copy, isolation_level=None)) as connection:
            connection.text_factory = _text
            connection.row_factory = sqlite3.Row
            yield connection


def _pad(copy: Path) -> None:
    """Fill a file that was cut off up to its old length; SQLite reads nothing of it otherwise."""
    with copy.open("r+b") as file:
        header = file.read(_HEADER)
        if len(header) == _HEADER:
            page = int.from_bytes(header[16:18], "big")
            pages = int.from_bytes(header[28:32], "big")
            whole = pages * (page if page > 1 else 65_536)
            if file.seek(0, 2) < whole <= _LARGEST:
                file.truncate(whole)


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "replace")


# ---------------------------------------------------------------- reading round the damage


def _rows(old: sqlite3.Connection, table: Table, told: _Saved) -> Iterator[Row]:
    """Read every row that can be reached, halving the ranges in which reading fails.

    The wide ranges come first, so that a large hole does not use up the patience that is needed
    for what lies behind it.
    """
    names = ", ".join(f'"{column.name}"' for column in table.c)
    query = f'SELECT rowid AS "_at", {names} FROM "{table.name}" '  # noqa: S608 - our own names
    query += "WHERE rowid BETWEEN ? AND ? ORDER BY rowid"
    whole, first = _extent(old, table)
    ranges, failures, torn = deque(first), 0, False
    seen: set[int] = set()
    while ranges and failures < (_PATIENCE if seen else _PROBES):
        low, high = ranges.popleft()
        try:
            for row in old.execute(query, (low, high)):
                low, failures = row["_at"] + 1, 0
                if row["_at"] not in seen:
                    seen.add(row["_at"])
                    yield {name: row[name] for name in row.keys() if name != "_at"}  # noqa: SIM118
        except sqlite3.Error:
            failures, torn = failures + 1, True
            if low < high:
                middle = (low + high) // 2
                ranges += [(low, middle), (middle + 1, high)]
    told.lost += max(whole - len(seen), 0)
    if not whole and torn:
        told.note = "some of it cannot be read, and how much that is cannot be told"


def _extent(old: sqlite3.Connection, table: Table) -> tuple[int, list[tuple[int, int]]]:
    """Return how many rows a table had, if that can be told, and where to look for them."""
    count = 0
    ranges = [(1, 1023), *((1 << n, (2 << n) - 1) for n in range(10, 20))]
    with contextlib.suppress(sqlite3.Error):
        highest = old.execute(f'SELECT max(rowid) FROM "{table.name}"').fetchone()[0] or 0  # noqa: S608
        count = highest if table.name in {"act", "revision", "coder"} else 0
        ranges = [(1, highest)]
    with contextlib.suppress(sqlite3.Error):  # an index may still know
        count = old.execute(f'SELECT count(*) FROM "{table.name}"').fetchone()[0] or count  # noqa: S608
    return count, ranges


# ---------------------------------------------------------------- what backups still know


def _fill(path: Path, read: dict[str, list[Row]], report: dict[str, _Saved]) -> None:
    """Take what is missing from the backups of the same study, the newest first."""
    for backup in backups.backups(path):
        address = f"{backup.absolute().as_uri()}?mode=ro"
        with (
            contextlib.suppress(sqlite3.Error),
            contextlib.closing(sqlite3.connect(address, uri=True)) as old,
        ):
            old.row_factory = sqlite3.Row
            if not _same_study(old, read["act"]):
                continue
            for name, rows in read.items():
                found = [dict(r) for r in old.execute(f'SELECT * FROM "{name}"')]  # noqa: S608
                _add_missing(schema.metadata.tables[name], found, rows, report[name])


def _same_study(old: sqlite3.Connection, acts: list[Row]) -> bool:
    known = {row["id"]: row["guid"] for row in acts}
    shared = [guid == known[i] for i, guid in old.execute("SELECT id, guid FROM act") if i in known]
    return all(shared) and (bool(shared) or not known)


def _add_missing(table: Table, found: list[Row], there: list[Row], told: _Saved) -> None:
    """Add what a backup has and the study has lost; a thing that has any version left is known."""
    key = ("id",) if "id" in table.c else tuple(c.name for c in table.primary_key)
    known = {tuple(row[name] for name in key): row for row in there}
    for row in found:
        mine = known.get(tuple(row[name] for name in key))
        if table is schema.revision and checksum(row["text"]) != row["sha256"]:
            continue
        if mine is None:
            there.append(row)
            told.from_backup += 1
            told.lost = max(told.lost - 1, 0)
        elif table is schema.revision and checksum(mine["text"]) != row["sha256"]:
            mine.update(row)
            told.from_backup += 1


def _stand_in(read: dict[str, list[Row]], told: _Saved) -> None:
    """Put an act in the place of each that is lost, so that what it did can stay."""
    acts = {row["id"]: row for row in read["act"]}
    named = [
        row[n] for t in schema.VERSIONED for row in read[t.name] for n in ("from_act", "to_act")
    ]
    last = max([*acts, *(number for number in named if isinstance(number, int))], default=0)
    time = min((str(row["time"]) for row in acts.values()), default=now())
    for number in range(1, last + 1):
        if number in acts:
            time = acts[number]["time"]
            continue
        verb = "create" if number == 1 else "lost"
        row = {"id": number, "guid": str(uuid.uuid4()), "time": time, "coder": "", "verb": verb}
        read["act"].append({**row, "note": "could not be read", "reason": "", "target": None})
        told.lost += 1
        told.note = "what was done is kept; who did it and when is lost where an act is lost"
    read["act"].sort(key=lambda row: row["id"])


# ---------------------------------------------------------------- writing the new study


def _write(new: Connection, table: Table, rows: list[Row], told: _Saved) -> None:
    if rows and _put(new, table, rows):
        told.saved += len(rows)
        return
    for row in rows:
        if _put(new, table, [row]):
            told.saved += 1
        else:
            told.lost += 1
            told.note = told.note or "some rows point to others that are lost"


def _put(new: Connection, table: Table, rows: list[Row]) -> bool:
    """Write rows, all or none, unless one does not fit the rest."""
    try:
        with new.begin_nested():
            new.execute(insert(table), [{c.name: row[c.name] for c in table.c} for row in rows])
    except DBAPIError as error:
        if isinstance(error.orig, sqlite3.OperationalError):
            raise  # the new file's own trouble, such as a full disk
        return False
    return True


def _count_on(new: Connection) -> None:
    """See that no id is given away a second time."""
    counter = schema.counter
    for table in schema.VERSIONED:
        highest = new.execute(select(func.max(table.c.id))).scalar() or 0
        given = new.execute(select(counter.c.value).where(counter.c.name == table.name)).scalar()
        if given is None and highest:
            new.execute(insert(counter).values(name=table.name, value=highest))
        elif highest > (given or 0):
            here = counter.c.name == table.name
            new.execute(counter.update().where(here).values(value=highest))


def _mark_altered(new: Connection, told: _Saved, coder: str) -> None:
    """Keep an altered text as a revision of its own, and let its document say so."""
    document, value, turn = schema.document, schema.document_value, schema.turn
    with within(new, "repair", coder=coder, note="texts that were altered") as act:
        query = select(document.c.id, document.c.name, schema.revision).join(
            schema.revision, schema.revision.c.id == document.c.revision_id
        )
        for row in act.connection.execute(query.where(valid(document))).all():
            if checksum(row.text) == row.sha256:
                continue
            values = {"sha256": checksum(row.text), "text": row.text}
            made = act.connection.execute(insert(schema.revision).values(values))
            number = (made.inserted_primary_key or (0,))[0]
            kept = [c for c in turn.c if c.name != "revision_id"]
            turns = select(literal(number), *kept).where(turn.c.revision_id == row.id_1)
            names = ["revision_id", *(c.name for c in kept)]
            act.connection.execute(turn.insert().from_select(names, turns))
            act.change(document, [row.id], {"revision_id": number})
            act.end(value, (value.c.document_id == row.id) & (value.c.key == DAMAGE))
            act.add(value, [{"document_id": row.id, "key": DAMAGE, "value": _ALTERED}])
            told.note = "some texts are altered; the column 'damage' of their documents says so"
