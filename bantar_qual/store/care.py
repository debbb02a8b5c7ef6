"""Look through a whole study for anything that cannot be right."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pandas as pd
from sqlalchemy import Connection, Table, func, or_, select

from bantar_qual.codebook import Codebook
from bantar_qual.errors import CodebookError, ProjectError
from bantar_qual.records import ORIGINS, STATUSES, VALENCES
from bantar_qual.store import schema, seals
from bantar_qual.store.documents import checksum
from bantar_qual.store.engine import Store
from bantar_qual.store.trouble import translated
from bantar_qual.store.versions import BEGINNINGS, valid

Finding = tuple[str, str, str]  # what it is about, where, and what is wrong
COLUMNS = ["what", "where", "problem"]

_ANCHORS = ("", "unsure", "lost")
_SHOWN = 100  # faults of one kind that SQLite is asked to name
_WHERE = (  # columns that tell a person which row is meant, the first that a table has
    "name", "key", "code",
)  # fmt: skip


def check(path: str | Path) -> pd.DataFrame:
    """Return a row for everything in a study that cannot be right.

    Nothing is changed. It reads every page, every text and every coding, so it takes longer than
    opening, which looks only for damage to the file.

    Raises
    ------
    ProjectError
        If the file is missing, no study, or made by a newer version.
    """
    try:
        store = Store.unchecked(path)
    except ProjectError as error:
        if error.reason.startswith("the file is damaged"):
            return _frame([("file", Path(path).name, error.reason)])
        raise
    found: list[Finding] = []
    for look in _LOOKS:
        try:
            with translated(store.path, reading=True), store.reading() as connection:
                found.extend(look(connection))
        except ProjectError as error:
            found.append(("file", store.path.name, f"{_topic(look)}: {error.reason}"))
        except (ValueError, TypeError, ArithmeticError):  # values of a kind that no program wrote
            found.append(("file", store.path.name, f"{_topic(look)}: cannot be read"))
    return _frame(found)


def _frame(found: Iterable[Finding]) -> pd.DataFrame:
    return pd.DataFrame(list(dict.fromkeys(found)), columns=COLUMNS)


def _topic(look: Callable[[Connection], Iterator[Finding]]) -> str:
    return look.__name__.strip("_").replace("_", " ")


# ---------------------------------------------------------------- the file


def _pages_and_indexes(connection: Connection) -> Iterator[Finding]:
    for (told,) in connection.exec_driver_sql(f"PRAGMA integrity_check({_SHOWN})"):
        if told != "ok":
            yield "file", "pages and indexes", f"the file is damaged: {told}"


def _references(connection: Connection) -> Iterator[Finding]:
    for row in connection.exec_driver_sql("PRAGMA foreign_key_check").fetchmany(_SHOWN):
        yield "file", f"{row[0]}, row {row[1]}", f"points to a {row[2]} that is gone"


# ---------------------------------------------------------------- texts and turns


def _texts(connection: Connection) -> Iterator[Finding]:
    table = schema.revision
    names = _names(connection)
    rows = connection.execution_options(stream_results=True).execute(
        select(table.c.id, table.c.sha256, table.c.text)
    )
    for number, sha256, text in rows:
        if not isinstance(text, str) or checksum(text) != sha256:
            where = names.get(number, f"revision {number}")
            yield "text", where, "the text was altered outside bantar_qual"


def _names(connection: Connection) -> dict[int, str]:
    """Return the name of the document that each text belongs to, or belonged to last."""
    table = schema.document
    query = select(table.c.revision_id, table.c.name).order_by(table.c.from_act)
    return {revision: str(name) for revision, name in connection.execute(query)}


def _turns(connection: Connection) -> Iterator[Finding]:
    table, revision = schema.turn, schema.revision
    query = (
        select(table.c.revision_id, table.c.number, table.c.start, table.c.end)
        .add_columns(func.length(revision.c.text).label("length"))
        .join(revision, revision.c.id == table.c.revision_id)
        .order_by(table.c.revision_id, table.c.number)
    )
    names = _names(connection)
    last = (0, 0)
    for number, turn, start, end, length in connection.execute(query):
        where = f"{names.get(number, f'revision {number}')}, turn {turn}"
        if not 0 <= start <= end <= length:
            yield "turn", where, f"reaches from {start} to {end}, outside its text"
        elif number == last[0] and start < last[1]:
            yield "turn", where, "begins before the turn before it ends"
        last = (number, end)


# ---------------------------------------------------------------- codings


def _codings_and_their_texts(connection: Connection) -> Iterator[Finding]:
    table, document, revision = schema.coding, schema.document, schema.revision
    query = (
        select(table.c.id, table.c.start, table.c.end, table.c.anchor, document.c.name)
        .add_columns(func.length(revision.c.text).label("length"))
        .outerjoin(document, (document.c.id == table.c.document_id) & valid(document))
        .outerjoin(revision, revision.c.id == document.c.revision_id)
        .where(valid(table))
        .order_by(table.c.id)
    )
    for number, start, end, anchor, name, length in connection.execute(query):
        where = f"coding {number} in {name}" if name else f"coding {number}"
        if name is None:
            yield "coding", where, "its document is gone"
        elif length is not None and anchor != "lost" and not 0 <= start < end <= length:
            yield "coding", where, f"reaches from {start} to {end}, outside its text"


def _values_of_codings(connection: Connection) -> Iterator[Finding]:
    """Find values that no coding can have; not all codings are sealed."""
    table = schema.coding
    possible: tuple[tuple[str, tuple[str, ...]], ...] = (
        ("origin", ORIGINS), ("status", STATUSES), ("valence", VALENCES), ("anchor", _ANCHORS),
    )  # fmt: skip
    for name, values in possible:
        column = table.c[name]
        query = select(table.c.id, column).where(valid(table), column.not_in(values))
        for number, value in connection.execute(query.order_by(table.c.id)):
            yield "coding", f"coding {number}", f"its {name} cannot be '{value}'"


def _codes(connection: Connection) -> Iterator[Finding]:
    table = schema.codebook
    yaml = connection.execute(select(table.c.yaml).where(valid(table))).scalar()
    if yaml is None:
        yield "codebook", "", "the study has no codebook"
        return
    try:
        book = Codebook.parse(yaml, name="the study's codebook")
    except CodebookError as error:
        yield "codebook", "", str(error)
        return
    coding = schema.coding
    used = select(coding.c.code, func.count()).where(valid(coding)).group_by(coding.c.code)
    for path, count in connection.execute(used.order_by(coding.c.code)):
        if path not in book:
            yield "code", str(path), f"is not in the codebook, but has {count} codings"


# ---------------------------------------------------------------- acts and versions


def _acts(connection: Connection) -> Iterator[Finding]:
    table = schema.act
    query = select(table.c.id, table.c.verb, table.c.target).order_by(table.c.id)
    done: set[int] = set()
    undone: set[int] = set()
    expected, beginning = 1, True
    for number, verb, target in connection.execute(query):
        if number != expected:
            yield "act", f"act {number}", f"follows act {expected - 1}; what is between is lost"
        expected = number + 1
        beginning = beginning and (verb == "load" or (verb, number) == ("create", 1))
        if not beginning and (number == 1 or verb in BEGINNINGS):
            yield "act", f"act {number}", "a study begins with 'create' or 'load', and only once"
        from_, to = (done, undone) if verb == "undo" else (undone, done)
        if verb not in {"undo", "redo"}:
            done.add(number)
        elif target in from_:
            from_.remove(target)
            to.add(target)
        else:
            yield "act", f"act {number}", f"takes back act {target}, which did not hold then"
    if expected == 1:
        yield "act", "", "the study has no history"


def _seals(connection: Connection) -> Iterator[Finding]:
    version = connection.exec_driver_sql("PRAGMA user_version").scalar() or 0
    for act, name in seals.broken(connection) if version >= seals.SINCE else ():
        kind = name.rstrip("_").replace("_", " ")
        yield kind, f"written by act {act}", "was altered outside bantar_qual"


def _versions(connection: Connection) -> Iterator[Finding]:
    for table in schema.VERSIONED:
        yield from _twice(connection, table)
        yield from _out_of_order(connection, table)
        yield from _beyond_the_counter(connection, table)


def _twice(connection: Connection, table: Table) -> Iterator[Finding]:
    """Find what is valid twice at the present moment."""
    query = select(table.c.id).where(valid(table)).group_by(table.c.id).having(func.count() > 1)
    for number in connection.execute(query).scalars():
        yield "version", _named(connection, table, number), "is there twice"


def _out_of_order(connection: Connection, table: Table) -> Iterator[Finding]:
    """Find versions that end before they begin, or begin before the one before has ended."""
    c = table.c
    lasting = or_(c.to_act.is_(None), c.to_act != c.from_act)  # the others were never valid
    following = func.lead(c.from_act).over(partition_by=c.id, order_by=c.from_act)
    rows = select(c.id, c.to_act, following.label("next")).where(lasting).subquery()
    overlap = rows.c.next.is_not(None) & or_(rows.c.to_act.is_(None), rows.c.next < rows.c.to_act)
    backwards = select(c.id).where(c.to_act < c.from_act)
    for query in (backwards, select(rows.c.id).where(overlap)):
        for number in connection.execute(query.distinct()).scalars():
            yield "version", _named(connection, table, number), "its versions are out of order"


def _beyond_the_counter(connection: Connection, table: Table) -> Iterator[Finding]:
    counter = schema.counter
    highest = connection.execute(select(func.max(table.c.id))).scalar() or 0
    query = select(counter.c.value).where(counter.c.name == table.name)
    given = connection.execute(query).scalar() or 0
    if highest > given:
        yield "version", table.name, f"id {highest} was never given away; the last was {given}"


def _named(connection: Connection, table: Table, number: int) -> str:
    column = next((table.c[name] for name in _WHERE if name in table.c), None)
    kind = table.name.rstrip("_").replace("_", " ")
    if column is None:
        return f"{kind} {number}"
    name = connection.execute(select(column).where(table.c.id == number)).scalar()
    return f"{kind} {number} ({name})"


_LOOKS = (
    _pages_and_indexes, _references, _texts, _turns, _codings_and_their_texts,
    _values_of_codings, _codes, _acts, _seals, _versions,
)  # fmt: skip
