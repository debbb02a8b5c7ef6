"""Acts and versions: how anything in a study changes, and how it is taken back."""

from __future__ import annotations

import contextlib
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal

import pandas as pd
from sqlalchemy import ColumnElement, Connection, Table, func, literal, null, or_, select

from bantar_qual.errors import ChangedSince
from bantar_qual.store import schema, seals
from bantar_qual.store.engine import Store

Scope = Literal["study", "mine", "page"]

_MANY = 500  # ids in one condition; old SQLite allows 999 variables
BEGINNINGS = ("create", "load")  # acts with which a study begins: they cannot be taken back
_PAGES = uuid.UUID("5b7c2f4e-6a0d-4c51-9a43-0c1f6f0b7a11")
_ON_A_PAGE = "5"  # the version of a GUID that was made from a page's command
_guid: ContextVar[str] = ContextVar("guid", default="")


@dataclass(slots=True)
class Act:
    """Something that somebody does to the study, whole or not at all."""

    connection: Connection
    id: int
    touched: int = 0
    tables: dict[str, Table] = field(default_factory=dict)  # in which it wrote
    _given: dict[str, int] = field(default_factory=dict)

    def add(self, table: Table, rows: Sequence[Mapping[str, Any]]) -> list[int]:
        """Begin new things, and return their ids."""
        if not rows:
            return []
        ids = self._ids(table.name, len(rows))
        self.connection.execute(
            table.insert(),
            [{**row, "id": i, "from_act": self.id} for i, row in zip(ids, rows, strict=True)],
        )
        self._note(table, len(rows))
        return ids

    def add_many(self, table: Table, names: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
        """Begin a great many new things, given as tuples in the order of ``names``.

        The rows go to the driver as they are: a dictionary for each would cost as much time as
        the database itself.
        """
        if not rows:
            return
        columns = ["id", *names, "from_act"]
        ids = self._ids(table.name, len(rows))
        compiled = table.insert().compile(dialect=self.connection.dialect, column_keys=columns)
        params: list[Any] = [(i, *row, self.id) for i, row in zip(ids, rows, strict=True)]
        if not compiled.positional:
            params = [dict(zip(columns, row, strict=True)) for row in params]
        self.connection.exec_driver_sql(str(compiled), params)
        self._note(table, len(rows))

    def change(self, table: Table, ids: Iterable[int], values: Mapping[str, Any]) -> int:
        """Give things other values: end their versions, and begin new ones."""
        kept = [c for c in table.c if c.name not in {"version", "from_act", "to_act", *values}]
        names = [*(c.name for c in kept), *values, "from_act"]
        parts = list(parts_of(ids))
        # All versions end before any begins: things may exchange places that are unique.
        changed = sum(self._end(table, table.c.id.in_(part)) for part in parts)
        for part in parts:
            source = select(*kept, *map(_literal, values.values()), _literal(self.id)).where(
                table.c.id.in_(part), table.c.to_act == self.id
            )
            self.connection.execute(table.insert().from_select(names, source))
        return changed

    def end(self, table: Table, where: ColumnElement[bool]) -> int:
        """End the things that a condition on their valid versions names."""
        return self._end(table, where)

    def end_all(self, table: Table, ids: Iterable[int]) -> int:
        """End the things with these ids."""
        return sum(self.end(table, table.c.id.in_(part)) for part in parts_of(ids))

    def restore(self, table: Table, ids: Iterable[int], moment: int) -> None:
        """Bring things back to what they were right after the act ``moment``."""
        columns = [c for c in table.c if c.name not in {"version", "from_act", "to_act"}]
        names = [*(c.name for c in columns), "from_act"]
        parts = list(parts_of(ids))
        for part in parts:
            self._end(table, table.c.id.in_(part))
        for part in parts:
            then = select(*columns, _literal(self.id)).where(
                table.c.id.in_(part), valid(table, moment), table.c.from_act < self.id
            )
            result = self.connection.execute(table.insert().from_select(names, then))
            self._note(table, abs(result.rowcount))  # -1 where a server does not count

    def _end(self, table: Table, where: ColumnElement[bool]) -> int:
        query = table.update().where(where, table.c.to_act.is_(None)).values(to_act=self.id)
        ended = int(self.connection.execute(query).rowcount)
        self._note(table, ended)
        return ended

    def _note(self, table: Table, rows: int) -> None:
        """Keep in mind where something was written, so that it is sealed when the act ends."""
        self.touched += rows
        if rows:
            self.tables[table.name] = table

    def _ids(self, name: str, count: int) -> list[int]:
        table = schema.counter
        last = self._given.get(name)
        if last is None:
            last = self.connection.execute(
                select(table.c.value).where(table.c.name == name)
            ).scalar()
        if last is None:
            self.connection.execute(table.insert().values(name=name, value=0))
            last = 0
        self._given[name] = last + count
        self.connection.execute(
            table.update().where(table.c.name == name).values(value=last + count)
        )
        return list(range(last + 1, last + count + 1))


def _literal(value: Any) -> ColumnElement[Any]:
    return null() if value is None else literal(value)


def parts_of(ids: Iterable[int]) -> Iterator[list[int]]:
    """Yield ids, each once and in order, as many at a time as one condition may hold."""
    wanted = sorted({int(i) for i in ids})
    for at in range(0, len(wanted), _MANY):
        yield wanted[at : at + _MANY]


def valid(table: Table, moment: int | None = None) -> ColumnElement[bool]:
    """Return the condition that a version is valid now, or was right after an act."""
    if moment is None:
        return table.c.to_act.is_(None)
    return (table.c.from_act <= moment) & or_(table.c.to_act.is_(None), table.c.to_act > moment)


@contextlib.contextmanager
def acting(
    store: Store, verb: str, *, coder: str, note: str = "", reason: str = ""
) -> Iterator[Act]:
    """Do something to the study in one transaction, and write down who did what, and why.

    An act that changed nothing leaves no trace.
    """
    with (
        store.writing() as connection,
        within(connection, verb, coder=coder, note=note, reason=reason) as act,
    ):
        yield act


@contextlib.contextmanager
def within(
    connection: Connection,
    verb: str,
    *,
    coder: str,
    note: str = "",
    reason: str = "",
    time: str = "",
) -> Iterator[Act]:
    """Do one act within a transaction; ``time`` is for an act of the past that is told again."""
    row = {
        "guid": _guid.get() or str(uuid.uuid4()),
        "time": time or now(),
        "coder": coder,
        "verb": verb,
        "note": note,
        "reason": reason,
    }
    key = connection.execute(schema.act.insert().values(row)).inserted_primary_key
    act = Act(connection, int(key[0]) if key else 0)
    yield act
    if act.touched:
        seals.seal(connection, act.id, act.tables.values())
    else:
        connection.execute(schema.act.delete().where(schema.act.c.id == act.id))


@contextlib.contextmanager
def commanded(command: str) -> Iterator[None]:
    """Let the act within carry a GUID made from a page's command, so that it happens once."""
    token = _guid.set(_page_guid(command))
    try:
        yield
    finally:
        _guid.reset(token)


def is_done(store: Store, command: str) -> bool:
    """Tell whether a page's command has been carried out already."""
    query = select(schema.act.c.id).where(schema.act.c.guid == _page_guid(command))
    with store.reading() as connection:
        return connection.execute(query).first() is not None


def _page_guid(command: str) -> str:
    return str(uuid.uuid5(_PAGES, command))


def now() -> str:
    """Return the present moment, in UTC, as it is stored."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")


# ---------------------------------------------------------------- taking back


def undo(store: Store, *, coder: str, scope: Scope = "study") -> str:
    """Take the last act back that is not taken back yet; return what it was, or nothing."""
    return _back(store, "undo", coder, scope)


def redo(store: Store, *, coder: str, scope: Scope = "study") -> str:
    """Do the act again that was taken back last; return what it was, or nothing."""
    return _back(store, "redo", coder, scope)


def _stacks(
    connection: Connection, before: int | None = None, coder: str = "", scope: Scope = "study"
) -> tuple[list[int], list[int]]:
    """Return the acts that hold, and those that were taken back and can be done again.

    A scope narrower than the study sees only the acts of one coder, or of that coder on pages.
    """
    table = schema.act
    names = ("id", "verb", "target", "coder", "guid")
    query = select(*(table.c[name] for name in names)).order_by(table.c.id)
    query = query if before is None else query.where(table.c.id < before)
    done: list[int] = []
    undone: list[int] = []
    for number, verb, target, who, guid in connection.execute(query):
        if verb == "undo" and target in done:
            done.remove(target)
            undone.append(target)
        elif verb == "redo" and target not in done:
            if target in undone:
                undone.remove(target)
            done.append(target)
        elif verb not in {*BEGINNINGS, "undo", "redo"} and (
            scope == "study" or (who == coder and (scope == "mine" or guid[14] == _ON_A_PAGE))
        ):
            done.append(number)
            undone.clear()
    return done, undone


def _back(store: Store, verb: str, coder: str, scope: Scope) -> str:
    """Bring everything that an act touched back to what it was before, or right after it.

    Which act that is, is looked up within the transaction: two people who take back at the same
    time take back two acts.
    """
    with acting(store, verb, coder=coder) as act:
        done, undone = _stacks(act.connection, before=act.id, coder=coder, scope=scope)
        stack = done if verb == "undo" else undone
        if not stack:
            return ""
        target = stack[-1]
        found = act.connection.execute(select(schema.act).where(schema.act.c.id == target)).one()
        said = f"{found.verb}: {found.note}" if found.note else str(found.verb)
        left, wanted = (target, target - 1) if verb == "undo" else (target - 1, target)
        for table in schema.VERSIONED:
            touched = or_(table.c.from_act == target, table.c.to_act == target)
            ids = list(
                act.connection.execute(select(table.c.id).where(touched).distinct()).scalars()
            )
            if scope != "study" and not _as_left(act.connection, table, ids, left):
                raise ChangedSince(said)
            act.restore(table, ids, wanted)
        about = {"note": said, "target": target}
        row = schema.act.update().where(schema.act.c.id == act.id).values(about)
        act.connection.execute(row)
        return said


def _as_left(connection: Connection, table: Table, ids: Sequence[int], moment: int) -> bool:
    """Tell whether things are still what they were right after an act.

    Only then can that act be taken back without taking back what others did since.
    """
    columns = [c for c in table.c if c.name not in {"version", "from_act", "to_act"}]
    for part in parts_of(ids):
        then, today = (
            {tuple(row) for row in connection.execute(select(*columns).where(*where))}
            for where in (
                (table.c.id.in_(part), valid(table, moment)),
                (table.c.id.in_(part), valid(table)),
            )
        )
        if then != today:
            return False
    return True


def latest(connection: Connection) -> int:
    """Return the last act."""
    return int(connection.execute(select(func.max(schema.act.c.id))).scalar() or 0)


def moment(store: Store, at: str) -> int:
    """Return the last act up to a date (the whole day) or a moment, both in UTC."""
    until = f"{at}T23:59:59.999" if len(at) == len("2026-03-01") else at
    with store.reading() as connection:
        query = select(func.max(schema.act.c.id)).where(schema.act.c.time <= until)
        return int(connection.execute(query).scalar() or 0)


def holding(connection: Connection) -> set[int]:
    """Return the acts that hold, those with which the study begins among them."""
    table = schema.act
    first = select(table.c.id).where(table.c.verb.in_(BEGINNINGS))
    return {*_stacks(connection)[0], *connection.execute(first).scalars()}


def acts(store: Store) -> pd.DataFrame:
    """Return every act in order, and whether it still holds."""
    table = schema.act
    names = ["time", "coder", "verb", "note", "reason", "target"]
    query = select(table.c.id.label("act"), *(table.c[name] for name in names)).order_by(table.c.id)
    with store.reading() as connection:
        rows = connection.execute(query).all()
        done, _ = _stacks(connection)
    frame = pd.DataFrame(rows, columns=["act", *names]).set_index("act")
    frame["target"] = frame["target"].astype("Int64")
    frame["holds"] = frame.index.isin(done) | frame["verb"].isin(BEGINNINGS)
    return frame
