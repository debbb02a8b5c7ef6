"""Earlier texts in the text form: where codings that wait stood for sure, told again in order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Table, select

from bantar_qual.store import schema
from bantar_qual.store.revisions import settled_places
from bantar_qual.store.versions import valid

Row = dict[str, Any]
Place = list[int]  # the number of a revision, and where a coding stood in its text

TURN = ("number", "start", "end", "speaker", "role", "time")
_TOLD = ("time", "coder", "reason")


# ---------------------------------------------------------------- out of the store


def revisions(connection: Connection, holding: set[int]) -> dict[int, list[Row]]:
    """Return the texts that corrected documents have had, by the document's id.

    Each is told with the act that brought it, the last of a document being its text now. What
    was undone, and documents that were never corrected, are left out.
    """
    table, act, there = schema.document, schema.act, schema.document.alias("there")
    query = (
        select(table.c.id, table.c.revision_id, table.c.from_act, *(act.c[n] for n in _TOLD))
        .add_columns(there.c.revision_id.label("now"))
        .join(act, act.c.id == table.c.from_act)
        .join(there, (there.c.id == table.c.id) & there.c.to_act.is_(None))
        .order_by(table.c.version)
    )
    first: dict[tuple[int, int], Any] = {}
    for row in connection.execute(query):
        first.setdefault((row.id, row.revision_id), row)
    told: dict[int, list[Row]] = {}
    for row in first.values():
        if row.from_act in holding or row.revision_id == row.now:
            kept = {"id": row.revision_id, **{name: getattr(row, name) for name in _TOLD}}
            told.setdefault(row.id, []).append(kept)
    return {document: rows for document, rows in told.items() if len(rows) > 1}


def fill(connection: Connection, rows: Sequence[Row]) -> None:
    """Give the earlier texts of a document their words and turns; the last is told elsewhere."""
    table = schema.revision
    for row in rows[:-1]:
        query = select(table.c.sha256, table.c.text).where(table.c.id == row["id"])
        row |= dict(connection.execute(query).mappings().one())
        row["turns"] = turns(connection, row["id"])


def turns(connection: Connection, revision: int) -> list[list[Any]]:
    """Return the turns of a text."""
    turn = schema.turn
    query = select(*(turn.c[name] for name in TURN)).where(turn.c.revision_id == revision)
    return [list(row) for row in connection.execute(query.order_by(turn.c.number))]


def places(
    connection: Connection, holding: set[int], told: Mapping[int, Sequence[Row]]
) -> dict[int, Place]:
    """Return where the codings that wait stood last for sure, by their ids."""
    found: dict[int, Place] = {}
    for document, rows in told.items():
        numbers = {row["id"]: number for number, row in enumerate(rows, 1)}
        for coding, (revision, *place) in settled_places(connection, document, holding).items():
            if revision in numbers:
                found[coding] = [numbers[revision], *place]
    return found


# ---------------------------------------------------------------- into a new store


def add_text(connection: Connection, row: Row) -> int:
    """Keep a text with its turns, and return its id."""
    text = {"sha256": row["sha256"], "text": row["text"]}
    key = connection.execute(schema.revision.insert().values(text)).inserted_primary_key
    revision = int(key[0]) if key else 0
    listed = [{"revision_id": revision, **dict(zip(TURN, t, strict=True))} for t in row["turns"]]
    if listed:
        connection.execute(schema.turn.insert(), listed)
    return revision


def retell(
    connection: Connection, act: int, document: Row, number: int, codings: Iterable[Row]
) -> int:
    """Give a document one of its texts by an act of its own, and return the text's id.

    The codings that wait now stand again where they stood for sure, as long as they did. What
    the document and they were called then is not known; they bear the names of now.

    Parameters
    ----------
    document
        The row of the document as the text form tells it, with its ``id``.
    number
        Which of its texts, from 1.
    codings
        The document's codings that wait, as they are stored, each with ``was``.
    """
    texts = document["revisions"]
    last = number == len(texts)
    revision = add_text(connection, document if last else texts[number - 1])
    names = ("id", "guid", "name", "kind", "language", "source")
    row = {name: document[name] for name in names} | {"revision_id": revision, "from_act": act}
    finish(connection, schema.document, act, document["id"])
    connection.execute(schema.document.insert(), [row])
    finish(connection, schema.coding, act, document["id"])
    rows = list(_then(codings, number, act))
    if rows:
        connection.execute(schema.coding.insert(), rows)
    return revision


def _then(codings: Iterable[Row], number: int, act: int) -> Iterator[Row]:
    """Yield the codings as they were under a text: sure, waiting since, or not known yet."""
    for coding in codings:
        row = {name: value for name, value in coding.items() if name != "was"} | {"from_act": act}
        revision, start, end = coding["was"]
        if revision == number:
            yield row | {"start": start, "end": end, "anchor": ""}
        elif revision < number:
            yield row


def finish(connection: Connection, table: Table, act: int, document: int | None = None) -> None:
    """End what is valid in a table, of one document or of all."""
    query = table.update().where(valid(table)).values(to_act=act)
    if document is not None:
        owner = table.c.id if table is schema.document else table.c.document_id
        query = query.where(owner == document)
    connection.execute(query)
