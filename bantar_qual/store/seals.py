"""Seals: for each act a checksum of what it wrote, by which a letter changed outside is found.

A text has its own checksum. Everything else that people write (codebook, memos, attributes,
reasons, codings) is sealed when its act ends. Only acts that wrote very many codings leave those
unsealed: reading them back would cost more than it guards, for an index guards their places too.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, Table, func, select

from bantar_qual.store import schema

SINCE = 2  # the version of the file that first had them
MANY = 1_000  # codings of one act, begun or ended, from which on they stay unsealed

Key = tuple[int, str]  # an act, and the name of a table


def seal(connection: Connection, act: int, tables: Iterable[Table]) -> None:
    """Keep the seals of one act, which wrote into these tables and nowhere else."""
    rows = [
        {"act_id": number, "name": name, "sha256": digest}
        for table in (schema.act, *tables)
        for (number, name), digest in _digests(connection, table, act)
    ]
    connection.execute(schema.seal.insert(), rows)


def seal_all(connection: Connection) -> None:
    """Keep the seals of all acts anew, where a study was put together from what was left of it."""
    connection.execute(schema.seal.delete())
    found = digests(connection).items()
    rows = [{"act_id": act, "name": name, "sha256": digest} for (act, name), digest in found]
    if rows:
        connection.execute(schema.seal.insert(), rows)


def broken(connection: Connection) -> Iterator[Key]:
    """Yield each act and table whose rows are not those that were sealed."""
    table = schema.seal
    kept = {(row.act_id, row.name): row.sha256 for row in connection.execute(select(table))}
    found = digests(connection)
    yield from sorted(key for key in {*kept, *found} if kept.get(key) != found.get(key))


def digests(connection: Connection) -> dict[Key, str]:
    """Return the checksum of what each act wrote into each table."""
    tables = (schema.act, *schema.VERSIONED)
    return {key: value for table in tables for key, value in _digests(connection, table)}


def sums(*listed: Iterable[Sequence[Any]]) -> dict[int, str]:
    """Return a checksum for each act over its rows, each of which begins with its act's number."""
    found: dict[int, Any] = {}
    for rows in listed:
        for row in rows:
            digest = found.setdefault(row[0], hashlib.sha256())
            digest.update(json.dumps(list(row), default=str).encode() + b"\n")
    return {act: digest.hexdigest() for act, digest in found.items()}


def _digests(
    connection: Connection, table: Table, act: int | None = None
) -> Iterator[tuple[Key, str]]:
    """Yield the checksums of one table, for one act or for all."""
    queries = _queries(connection, table, act)
    for number, digest in sums(*map(connection.execute, queries)).items():
        yield (number, table.name), digest


def _queries(connection: Connection, table: Table, act: int | None) -> Iterator[Select[Any]]:
    """Yield what an act wrote: the versions that it began, and the things that it ended."""
    if table is schema.act:
        yield _of(select(table).order_by(table.c.id), table.c.id, act)
        return
    columns = [c for c in table.c if c.name not in {"version", "from_act", "to_act"}]
    skipped: set[int] = set()
    if table is schema.coding:
        for column in (table.c.from_act, table.c.to_act):
            many = select(column).group_by(column).having(func.count() > MANY)
            found = connection.execute(_of(many, column, act)).scalars()
            skipped |= {number for number in found if number}
    if act in skipped:
        return
    for column, told in ((table.c.from_act, columns), (table.c.to_act, [table.c.id])):
        query = select(column, *told).where(column.is_not(None), column.not_in(skipped))
        yield _of(query.order_by(column, table.c.id, table.c.version), column, act)


def _of(query: Select[Any], column: ColumnElement[Any], act: int | None) -> Select[Any]:
    return query if act is None else query.where(column == act)
