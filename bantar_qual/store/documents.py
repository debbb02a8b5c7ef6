"""Documents and cases, in and out of the store."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterable, Mapping

import pandas as pd
from sqlalchemy import Connection, func, select

from bantar_qual.errors import ProjectError, UnknownDocument
from bantar_qual.records import Case, Document, Turn
from bantar_qual.store import schema
from bantar_qual.store.engine import Store, added_id, now


def checksum(text: str) -> str:
    """Return the SHA-256 of a text, by which a document is recognised again."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def known_texts(store: Store) -> dict[str, str]:
    """Return the name of each document by the checksum of its text."""
    table = schema.document
    with store.reading() as connection:
        return {
            row.sha256: row.name for row in connection.execute(select(table.c.sha256, table.c.name))
        }


def add_documents(store: Store, documents: Iterable[Document]) -> None:
    """Keep new documents, all or none, each with its case."""
    with store.writing() as connection:
        for document in documents:
            _add(connection, document)


def _add(connection: Connection, document: Document) -> None:
    case_id = _case_id(connection, document.case) if document.case else None
    document_id = added_id(
        connection,
        schema.document.insert().values(
            guid=str(uuid.uuid4()),
            name=document.name,
            kind=document.kind,
            language=document.language,
            case_id=case_id,
            source=document.source,
            sha256=checksum(document.text),
            text=document.text,
            time=now(),
        ),
    )
    values = [
        {"document_id": document_id, "key": key, "value": value}
        for key, value in document.attributes.items()
    ]
    turns = [
        {
            "document_id": document_id,
            "number": turn.number,
            "start": turn.start,
            "end": turn.end,
            "speaker": turn.speaker,
            "role": turn.role,
            "time": turn.time,
        }
        for turn in document.turns
    ]
    if values:
        connection.execute(schema.document_value.insert(), values)
    if turns:
        connection.execute(schema.turn.insert(), turns)


def _case_id(connection: Connection, name: str) -> int:
    table = schema.case
    found = connection.execute(select(table.c.id).where(table.c.name == name)).scalar()
    if found is None:
        found = added_id(connection, table.insert().values(guid=str(uuid.uuid4()), name=name))
    return int(found)


def document(store: Store, name: str) -> Document:
    """Return one document.

    Raises
    ------
    UnknownDocument
        If there is none of that name.
    ProjectError
        If its text is not the text that was imported.
    """
    for found in documents(store, [name]):
        return found
    raise UnknownDocument(name, document_names(store), f"'{store.path.name}'")


def document_names(store: Store) -> list[str]:
    """Name the documents in the order in which they came in."""
    table = schema.document
    with store.reading() as connection:
        return list(connection.execute(select(table.c.name).order_by(table.c.id)).scalars())


def documents(store: Store, names: Iterable[str] | None = None) -> Iterable[Document]:
    """Yield documents one at a time, so that a large study need not fit into memory.

    Raises
    ------
    ProjectError
        If a text is not the text that was imported.
    """
    for name in document_names(store) if names is None else names:
        with store.reading() as connection:
            found = _load(connection, name)
        if found is not None:
            if checksum(found[0].text) != found[1]:
                reason = f"the text of '{name}' was altered outside bantar_qual; restore a copy"
                raise ProjectError(store.path, reason)
            yield found[0]


def _load(connection: Connection, name: str) -> tuple[Document, str] | None:
    table, turn, value = schema.document, schema.turn, schema.document_value
    joined = table.outerjoin(schema.case, schema.case.c.id == table.c.case_id)
    query = select(table, schema.case.c.name.label("case")).select_from(joined)
    row = connection.execute(query.where(table.c.name == name)).mappings().first()
    if row is None:
        return None
    turns = connection.execute(
        select(turn).where(turn.c.document_id == row["id"]).order_by(turn.c.number)
    ).mappings()
    values = connection.execute(select(value).where(value.c.document_id == row["id"])).mappings()
    loaded = Document(
        name=row["name"],
        text=row["text"],
        kind=row["kind"],
        language=row["language"],
        case=row["case"] or "",
        source=row["source"],
        attributes={item["key"]: item["value"] for item in values},
        turns=tuple(Turn(**{k: v for k, v in t.items() if k != "document_id"}) for t in turns),
    )
    return loaded, row["sha256"]


def documents_frame(store: Store) -> pd.DataFrame:
    """Return a row for each document, without its text."""
    table, turn = schema.document, schema.turn
    turns = (
        select(turn.c.document_id, func.count().label("turns"))
        .group_by(turn.c.document_id)
        .subquery()
    )
    joined = table.outerjoin(schema.case, schema.case.c.id == table.c.case_id).outerjoin(
        turns, turns.c.document_id == table.c.id
    )
    columns = (table.c.name, table.c.kind, table.c.language, schema.case.c.name.label("case"))
    query = (
        select(*columns, turns.c.turns, table.c.source.label("file"))
        .select_from(joined)
        .order_by(table.c.id)
    )
    with store.reading() as connection:
        frame = pd.DataFrame(connection.execute(query).mappings().all())
        values = connection.execute(
            select(table.c.name, schema.document_value.c.key, schema.document_value.c.value).join(
                schema.document_value, schema.document_value.c.document_id == table.c.id
            )
        ).all()
    if frame.empty:
        frame = pd.DataFrame(columns=["name", "kind", "language", "case", "turns", "file"])
    frame = frame.set_index("name").rename_axis("document")
    frame["turns"] = frame["turns"].fillna(0).astype(int)
    said = _wide(values)
    return frame.join(said[said.columns.difference(frame.columns, sort=False)])


def set_cases(store: Store, cases: Iterable[Case], documents: Mapping[str, str]) -> None:
    """Keep cases with their attributes, and say which document belongs to which case."""
    table, value = schema.case, schema.case_value
    with store.writing() as connection:
        for case in cases:
            case_id = _case_id(connection, case.name)
            for key, text in case.attributes.items():
                connection.execute(
                    value.delete().where(value.c.case_id == case_id, value.c.key == key)
                )
                connection.execute(value.insert().values(case_id=case_id, key=key, value=text))
        for name, case_name in documents.items():
            connection.execute(
                schema.document.update()
                .where(schema.document.c.name == name)
                .values(case_id=_case_id(connection, case_name))
            )
        used = select(schema.document.c.case_id).where(schema.document.c.case_id.is_not(None))
        described = select(value.c.case_id)
        connection.execute(
            table.delete().where(table.c.id.not_in(used), table.c.id.not_in(described))
        )


def cases_frame(store: Store) -> pd.DataFrame:
    """Return a row for each case, a column for each attribute."""
    table, value = schema.case, schema.case_value
    with store.reading() as connection:
        names = connection.execute(select(table.c.name).order_by(table.c.id)).scalars().all()
        values = connection.execute(
            select(table.c.name, value.c.key, value.c.value)
            .join(value, value.c.case_id == table.c.id)
            .order_by(table.c.id)
        ).all()
    frame = pd.DataFrame(index=pd.Index(list(names), name="case", dtype=object))
    return frame.join(_wide(values))


def _wide(values: Iterable[tuple[str, str, str]]) -> pd.DataFrame:
    """Turn (name, key, value) into a row for each name and a column for each key."""
    wide: dict[str, dict[str, str]] = {}
    keys: dict[str, None] = {}
    for name, key, value in values:
        wide.setdefault(name, {})[key] = value
        keys[key] = None
    return pd.DataFrame.from_dict(wide, orient="index", columns=None, dtype=object).reindex(
        columns=list(keys)
    )
