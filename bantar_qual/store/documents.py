"""Documents and cases, in and out of the store."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import pandas as pd
from sqlalchemy import Connection, and_, func, select

from bantar_qual.errors import ProjectError, UnknownDocument
from bantar_qual.records import Case, Document
from bantar_qual.store import schema
from bantar_qual.store.engine import Store
from bantar_qual.store.speakers import naming
from bantar_qual.store.turns import turns
from bantar_qual.store.versions import Act, acting, valid


def checksum(text: str) -> str:
    """Return the SHA-256 of a text, by which a document is recognised again."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def known_texts(store: Store) -> dict[str, str]:
    """Return the name of each document by the checksum of its text."""
    document, revision = schema.document, schema.revision
    query = select(revision.c.sha256, document.c.name).join(
        document, document.c.revision_id == revision.c.id
    )
    with store.reading() as connection:
        rows = connection.execute(query.where(valid(document)))
        return {row.sha256: row.name for row in rows}


def sources(store: Store) -> tuple[dict[str, list[str]], dict[str, set[str]]]:
    """Return the documents that came from each file, and the checksums of all their texts ever."""
    table, revision, past = schema.document, schema.revision, schema.document.alias("past")
    query = (
        select(table.c.name, table.c.source, revision.c.sha256)
        .join(past, past.c.id == table.c.id)
        .join(revision, revision.c.id == past.c.revision_id)
    )
    files: dict[str, list[str]] = {}
    texts: dict[str, set[str]] = {}
    with store.reading() as connection:
        rows = connection.execute(query.where(valid(table)).order_by(table.c.id))
        for name, source, total in rows:
            if name not in texts:
                files.setdefault(source, []).append(name)
            texts.setdefault(name, set()).add(total)
    return files, texts


def add_documents(
    store: Store,
    documents: Sequence[Document],
    *,
    coder: str,
    memos: Sequence[tuple[str, str]] = (),
    cases: Mapping[str, Mapping[str, str]] | None = None,
) -> None:
    """Keep new documents, all or none, each with its case.

    Parameters
    ----------
    documents
        The documents.
    coder
        Who brings them in.
    memos
        The name of a document and a memo on it, for each comment in a file.
    cases
        What the files say about cases, as a survey does: attributes by the case's name.
    """
    note = f"{len(documents)} documents" if len(documents) != 1 else documents[0].name
    with acting(store, "import", coder=coder, note=note) as act:
        for document in documents:
            _add(act, document)
        for name, attributes in (cases or {}).items():
            _describe(act, _case_id(act, name), attributes)
        act.add(
            schema.memo,
            [
                {"guid": str(uuid.uuid4()), "about": "document", "key": name, "text": text}
                for name, text in memos
            ],
        )


def _add(act: Act, document: Document) -> None:
    row = {
        "guid": str(uuid.uuid4()),
        "name": document.name,
        "kind": document.kind,
        "language": document.language,
        "case_id": _case_id(act, document.case) if document.case else None,
        "source": document.source,
        "revision_id": add_revision(act.connection, document),
    }
    (document_id,) = act.add(schema.document, [row])
    act.add(
        schema.document_value,
        [
            {"document_id": document_id, "key": key, "value": value}
            for key, value in document.attributes.items()
        ],
    )


def correct(store: Store, guid: str, document: Document, *, coder: str, reason: str = "") -> None:
    """Give a document another kind, language, case or other turns; its text stays."""
    table = schema.document
    with acting(store, "correct", coder=coder, note=document.name, reason=reason) as act:
        query = select(table).where(table.c.guid == guid, valid(table))
        row = act.connection.execute(query).mappings().one()
        before = load(act.connection, document.name, named=False)
        values = {
            "kind": document.kind,
            "language": document.language,
            "case_id": _case_id(act, document.case) if document.case else None,
        }
        if before is not None and before[0].turns != document.turns:
            values["revision_id"] = add_revision(act.connection, document)
        if any(row[name] != value for name, value in values.items()):
            act.change(table, [row["id"]], values)
            _drop_empty(act)


def add_revision(connection: Connection, document: Document) -> int:
    """Keep a text with its turns, once and for all, and return its id."""
    table = schema.revision
    row = {"sha256": checksum(document.text), "text": document.text}
    key = connection.execute(table.insert().values(row)).inserted_primary_key
    revision = int(key[0]) if key else 0
    turns = [
        {
            "revision_id": revision,
            "number": turn.number,
            "start": turn.start,
            "end": turn.end,
            "speaker": turn.speaker,
            "role": turn.role,
            "time": turn.time,
        }
        for turn in document.turns
    ]
    if turns:
        connection.execute(schema.turn.insert(), turns)
    return revision


def _case_id(act: Act, name: str) -> int:
    table = schema.case
    query = select(table.c.id).where(table.c.name == name, valid(table))
    found = act.connection.execute(query).scalar()
    return int(found) if found else act.add(table, [{"guid": str(uuid.uuid4()), "name": name}])[0]


def document(store: Store, name: str, moment: int | None = None) -> Document:
    """Return one document, as it is now or was right after an act.

    Raises
    ------
    UnknownDocument
        If there is none of that name.
    ProjectError
        If its text is not the text that was imported.
    """
    for found in documents(store, [name], moment):
        return found
    raise UnknownDocument(name, document_names(store, moment), f"'{store.path.name}'")


def document_names(store: Store, moment: int | None = None) -> list[str]:
    """Name the documents in the order in which they came in."""
    table = schema.document
    query = select(table.c.name).where(valid(table, moment)).order_by(table.c.id)
    with store.reading() as connection:
        return [row[0] for row in connection.execute(query).all()]


def documents(
    store: Store, names: Iterable[str] | None = None, moment: int | None = None
) -> Iterable[Document]:
    """Yield documents one at a time, so that a large study need not fit into memory.

    Raises
    ------
    ProjectError
        If a text is not the text that was imported.
    """
    for name in document_names(store, moment) if names is None else names:
        with store.reading() as connection:
            found = load(connection, name, moment)
        if found is not None:
            if checksum(found[0].text) != found[1]:
                reason = f"the text of '{name}' was altered outside bantar_qual; restore a copy"
                raise ProjectError(store.path, reason)
            yield found[0]


def load(
    connection: Connection, name: str, moment: int | None = None, *, named: bool = True
) -> tuple[Document, str, str] | None:
    """Return a document, the checksum that its text had, and its GUID; None if there is none.

    ``named=False`` leaves the labels of its turns as they are typed in the transcript.
    """
    table, value = schema.document, schema.document_value
    joined = table.join(schema.revision, schema.revision.c.id == table.c.revision_id).outerjoin(
        schema.case, (schema.case.c.id == table.c.case_id) & valid(schema.case, moment)
    )
    query = select(
        table, schema.revision.c.text, schema.revision.c.sha256, schema.case.c.name.label("case")
    ).select_from(joined)
    query = query.where(table.c.name == name, valid(table, moment))
    row = connection.execute(query).mappings().first()
    if row is None:
        return None
    mine = (value.c.document_id == row["id"], valid(value, moment))
    values = connection.execute(select(value).where(*mine).order_by(value.c.id)).mappings()
    loaded = Document(
        name=row["name"],
        text=row["text"],
        kind=row["kind"],
        language=row["language"],
        case=row["case"] or "",
        source=row["source"],
        attributes={item["key"]: item["value"] for item in values},
        turns=turns(connection, row["revision_id"]),
    )
    if named and (known := naming(connection, moment)):
        turns_now = known.turns(row["guid"], loaded.turns, loaded.language)
        loaded = replace(loaded, turns=turns_now)
    return loaded, row["sha256"], row["guid"]


def documents_frame(store: Store, moment: int | None = None) -> pd.DataFrame:
    """Return a row for each document without its text, as now or right after an act."""
    table, turn, value = schema.document, schema.turn, schema.document_value
    turns = (
        select(turn.c.revision_id, func.count().label("turns"))
        .group_by(turn.c.revision_id)
        .subquery()
    )
    joined = table.outerjoin(
        schema.case, (schema.case.c.id == table.c.case_id) & valid(schema.case, moment)
    ).outerjoin(turns, turns.c.revision_id == table.c.revision_id)
    columns = (table.c.name, table.c.kind, table.c.language, schema.case.c.name.label("case"))
    query = select(*columns, turns.c.turns, table.c.source.label("file")).select_from(joined)
    said = select(table.c.name, value.c.key, value.c.value).join(
        value, value.c.document_id == table.c.id
    )
    with store.reading() as connection:
        query = query.where(valid(table, moment)).order_by(table.c.id)
        rows = connection.execute(query).mappings().all()
        values = connection.execute(
            said.where(valid(table, moment), valid(value, moment)).order_by(table.c.id, value.c.id)
        ).all()
    names = ["name", "kind", "language", "case", "turns", "file"]
    frame = pd.DataFrame(rows, columns=names).set_index("name").rename_axis("document")
    frame["turns"] = frame["turns"].fillna(0).astype(int)
    told = _wide(values)
    return frame.join(told[told.columns.difference(frame.columns, sort=False)])


def other_texts(store: Store, one: int, other: int) -> set[str]:
    """Name the documents that had another text right after one act than right after another."""
    table = schema.document
    query = select(table.c.name, table.c.revision_id)
    with store.reading() as connection:
        then, later = (
            {tuple(row) for row in connection.execute(query.where(valid(table, act)))}
            for act in (one, other)
        )
    return {name for name, _ in then ^ later}


def set_cases(
    store: Store, cases: Sequence[Case], belongs: Mapping[tuple[str, str], str], *, coder: str
) -> None:
    """Keep cases with their attributes, and say what belongs to which.

    Parameters
    ----------
    cases
        The cases; their attributes are added to what is known, or replace it.
    belongs
        The case of each (document, speaker); an empty speaker is the whole document.
    coder
        Who says so.
    """
    with acting(store, "describe cases", coder=coder, note=f"{len(cases)} cases") as act:
        for (name, speaker), owner in belongs.items():
            if speaker:
                _assign_speaker(act, name, speaker, _case_id(act, owner))
            else:
                _assign(act, name, _case_id(act, owner))
        for case in cases:
            _describe(act, _case_id(act, case.name), case.attributes)
        _drop_empty(act)


def _assign(act: Act, name: str, case_id: int) -> None:
    table = schema.document
    query = select(table.c.id).where(
        table.c.name == name, valid(table), table.c.case_id.is_distinct_from(case_id)
    )
    act.change(table, act.connection.execute(query).scalars().all(), {"case_id": case_id})


def _assign_speaker(act: Act, name: str, speaker: str, case_id: int) -> None:
    table, document = schema.speaker, schema.document
    found = select(document.c.id).where(document.c.name == name, valid(document))
    document_id = act.connection.execute(found).scalar()
    query = select(table.c.id, table.c.case_id).where(
        table.c.document_id == document_id, table.c.name == speaker, valid(table)
    )
    known = act.connection.execute(query).first()
    if known is None:
        act.add(table, [{"document_id": document_id, "name": speaker, "case_id": case_id}])
    elif known.case_id != case_id:
        act.change(table, [known.id], {"case_id": case_id})


def _describe(act: Act, case_id: int, attributes: Mapping[str, str]) -> None:
    value = schema.case_value
    query = select(value.c.key, value.c.value, value.c.id).where(
        value.c.case_id == case_id, valid(value)
    )
    known = {row.key: row for row in act.connection.execute(query)}
    fresh = {key: text for key, text in attributes.items() if key not in known}
    for key, text in attributes.items():
        if key in known and known[key].value != text:
            act.change(value, [known[key].id], {"value": text})
    act.add(value, [{"case_id": case_id, "key": k, "value": v} for k, v in fresh.items()])


def _drop_empty(act: Act) -> None:
    """End the cases that nobody belongs to and nothing describes."""
    table, value, document = schema.case, schema.case_value, schema.document
    used = select(document.c.case_id).where(document.c.case_id.is_not(None), valid(document))
    speaking = select(schema.speaker.c.case_id).where(valid(schema.speaker))
    described = select(value.c.case_id).where(valid(value))
    free = (table.c.id.not_in(chosen) for chosen in (used, speaking, described))
    act.end(table, and_(*free))


def speaker_cases(connection: Connection, moment: int | None) -> dict[tuple[int, str], str]:
    """Return the case of each speaker who is a case of their own, by document id and name."""
    table, case = schema.speaker, schema.case
    query = select(table.c.document_id, table.c.name, case.c.name.label("case")).join(
        case, (case.c.id == table.c.case_id) & valid(case, moment)
    )
    rows = connection.execute(query.where(valid(table, moment)))
    return {(row.document_id, row.name): row.case for row in rows}


def cases_frame(store: Store, moment: int | None = None) -> pd.DataFrame:
    """Return a row for each case, a column for each attribute, as now or right after an act."""
    table, value = schema.case, schema.case_value
    said = select(table.c.name, value.c.key, value.c.value).join(
        value, value.c.case_id == table.c.id
    )
    with store.reading() as connection:
        names = connection.execute(
            select(table.c.name).where(valid(table, moment)).order_by(table.c.id)
        ).all()
        index = pd.Index([row[0] for row in names], name="case", dtype=object)
        values = connection.execute(
            said.where(valid(table, moment), valid(value, moment)).order_by(table.c.id, value.c.id)
        ).all()
    return pd.DataFrame(index=index).join(_wide(values))


def _wide(values: Iterable[Sequence[str]]) -> pd.DataFrame:
    """Turn (name, key, value) into a row for each name and a column for each key."""
    wide: dict[str, dict[str, str]] = {}
    keys: dict[str, None] = {}
    for name, key, value in values:
        wide.setdefault(name, {})[key] = value
        keys[key] = None
    frame = pd.DataFrame.from_dict(wide, orient="index", dtype=object)
    return frame.reindex(columns=list(keys))
