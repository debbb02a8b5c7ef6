"""All the words of a study that may name somebody, and their rewriting in one act."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Table, select

from bantar_qual.records import Document, Turn
from bantar_qual.store import schema
from bantar_qual.store.documents import add_revision
from bantar_qual.store.engine import Store
from bantar_qual.store.settings import set_codebook
from bantar_qual.store.speakers import EVERYWHERE, WITHIN
from bantar_qual.store.versions import Act, acting, parts_of, valid

_STATUS = ("accepted", "suggested", "rejected")  # who stays where two codings become one
Row = dict[str, Any]
Place = Callable[[int, int], tuple[int, int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """A piece of wording and where it stands."""

    place: str  # texts, speakers, cases, documents, memos, codings, title
    table: str  # the table and column that hold it
    column: str
    id: int  # of its row; 0 for a speaker's label, which is one in all documents
    name: str  # the document, case or code that it is about, for a reader
    text: str
    language: str = ""  # of a document
    turns: tuple[Turn, ...] = ()  # of a text


@dataclass(frozen=True, slots=True, kw_only=True)
class NewText:
    """Another text for a document, and where each stretch of the old one went."""

    document: int
    text: str
    turns: tuple[Turn, ...]
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Rewriting:
    """Everything that one act rewrites."""

    texts: Sequence[NewText] = ()
    values: Mapping[tuple[str, str], Mapping[int, str]] = field(default_factory=dict)
    speakers: Mapping[str, str] = field(default_factory=dict)  # new labels by the old ones
    settings: Mapping[str, str] = field(default_factory=dict)
    codebook: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """A coding before and after its text was rewritten; joined: it became one with a twin."""

    row: Row
    start: int
    end: int
    joined: bool = False


# ---------------------------------------------------------------- reading


def wordings(store: Store) -> list[Wording]:
    """Return every piece of wording that is valid now, texts first."""
    with store.reading() as connection:
        documents = _documents(connection)
        names = {row["id"]: row["name"] for row in documents}
        cases = _rows(connection, schema.case)
        owners = {row["id"]: row["name"] for row in cases}
        found = [_text(connection, row) for row in documents]
        found += _speakers(connection, found)
        found += [_piece("cases", schema.case, "name", row, row["name"]) for row in cases]
        found += _told(connection, "cases", schema.case_value, "case_id", owners)
        found += [_piece("documents", schema.document, "name", r, r["name"]) for r in documents]
        found += [_piece("documents", schema.document, "source", r, r["name"]) for r in documents]
        found += _told(connection, "documents", schema.document_value, "document_id", names)
        for row in _rows(connection, schema.memo):
            about = f"{row['about']} {row['key']}".strip()
            found.append(_piece("memos", schema.memo, "text", row, about))
        for row in _rows(connection, schema.coding):
            about = names.get(row["document_id"], "")
            found += [_piece("codings", schema.coding, n, row, about) for n in ("memo", "because")]
        for row in _rows(connection, schema.setting):
            if row["key"] == "title":
                found.append(_piece("title", schema.setting, "value", row, "title"))
    return [wording for wording in found if wording.text]


def _rows(connection: Connection, table: Table) -> list[Row]:
    query = select(table).where(valid(table)).order_by(table.c.id)
    return [dict(row) for row in connection.execute(query).mappings()]


def _piece(place: str, table: Table, column: str, row: Row, name: str) -> Wording:
    return Wording(
        place=place, table=table.name, column=column, id=row["id"], name=name, text=row[column]
    )


def _told(
    connection: Connection, place: str, table: Table, owner: str, names: Mapping[int, str]
) -> list[Wording]:
    """Return the values of attributes; the name tells whose and which: "KRT-07: alamat"."""
    return [
        _piece(place, table, "value", row, f"{names.get(row[owner], '')}: {row['key']}")
        for row in _rows(connection, table)
    ]


def _documents(connection: Connection) -> list[Row]:
    table, revision = schema.document, schema.revision
    query = (
        select(table, revision.c.text)
        .join(revision, revision.c.id == table.c.revision_id)
        .where(valid(table))
        .order_by(table.c.id)
    )
    return [dict(row) for row in connection.execute(query).mappings()]


def _turns(connection: Connection, revision: int) -> tuple[Turn, ...]:
    turn = schema.turn
    query = select(turn).where(turn.c.revision_id == revision).order_by(turn.c.number)
    rows = connection.execute(query).mappings()
    return tuple(Turn(**{k: v for k, v in row.items() if k != "revision_id"}) for row in rows)


def _text(connection: Connection, row: Row) -> Wording:
    return Wording(
        place="texts", table="document", column="text", id=row["id"], name=row["name"],
        text=row["text"], language=row["language"], turns=_turns(connection, row["revision_id"]),
    )  # fmt: skip


def _speakers(connection: Connection, texts: Iterable[Wording]) -> list[Wording]:
    """Return the speakers' labels, and the names that they stand for, each once for all texts."""
    table, setting = schema.speaker, schema.setting
    where: dict[str, list[str]] = {}
    for one in texts:
        for turn in one.turns:
            where.setdefault(turn.speaker, []).append(one.name)
    for name in connection.execute(select(table.c.name).where(valid(table))).scalars():
        where.setdefault(name, [])
    query = select(setting.c.key, setting.c.value).where(valid(setting))
    for key, value in connection.execute(query):
        if (label := _label(key)) is not None:
            where.setdefault(label, [])
            where.setdefault(json.loads(value)["name"], [])
    return [
        Wording(
            place="speakers", table="speaker", column="name", id=0,
            name=", ".join(dict.fromkeys(documents)), text=label,
        )
        for label, documents in where.items()
    ]  # fmt: skip


def _label(key: str) -> str | None:
    """Return the label whose meaning a setting tells, or None where it tells something else."""
    if key.startswith(EVERYWHERE):
        return key.removeprefix(EVERYWHERE)
    if key.startswith(WITHIN):
        return key.removeprefix(WITHIN).partition(": ")[2]
    return None


# ---------------------------------------------------------------- rewriting


def rewrite(
    store: Store, rewriting: Rewriting, *, coder: str, note: str, reason: str
) -> list[Placed]:
    """Rewrite wordings in one act; every coding keeps its place in its text.

    Parameters
    ----------
    rewriting
        New texts with the way from old to new positions, and new values by table and column.

    Returns
    -------
    list of Placed
        One for each coding of a document whose text was rewritten.
    """
    with acting(store, "anonymise", coder=coder, note=note, reason=reason) as act:
        changes: dict[str, dict[int, Row]] = {}
        for (table, column), values in rewriting.values.items():
            for number, value in values.items():
                changes.setdefault(table, {}).setdefault(number, {})[column] = value
        placed = [one for text in rewriting.texts for one in _retext(act, text, changes)]
        _replace(changes, placed)
        _rekey(act, changes)
        act.end_all(schema.coding, (one.row["id"] for one in placed if one.joined))
        for name, changed in changes.items():
            _revalue(act, schema.metadata.tables[name], changed)
        _respeak(act, rewriting.speakers)
        _reset(act, rewriting.settings)
        if rewriting.codebook:
            set_codebook(act, rewriting.codebook)
        return placed


def _retext(act: Act, new: NewText, changes: dict[str, dict[int, Row]]) -> list[Placed]:
    """Give a document its new text, and say where its codings stand in it."""
    document = Document(name="", text=new.text, turns=new.turns)
    revision = add_revision(act.connection, document)
    documents = changes.setdefault("document", {})
    documents.setdefault(new.document, {})["revision_id"] = revision
    table = schema.coding
    query = select(table).where(table.c.document_id == new.document, valid(table))
    rows = [dict(row) for row in act.connection.execute(query).mappings()]
    order = sorted(rows, key=lambda r: (r["anchor"] != "", _STATUS.index(r["status"]), r["id"]))
    placed, taken = [], set()
    for row in order:
        start, end = new.place(row["start"], row["end"])
        key = (start, end, row["code"], row["coder_id"])
        placed.append(Placed(row=row, start=start, end=end, joined=key in taken))
        taken.add(key)
    return sorted(placed, key=lambda one: int(one.row["id"]))


def _replace(changes: dict[str, dict[int, Row]], placed: Iterable[Placed]) -> None:
    """Add the new places of codings to what changes; one that is joined changes no more."""
    codings = changes.setdefault("coding", {})
    for one in placed:
        number = one.row["id"]
        if one.joined:
            codings.pop(number, None)
        else:
            codings.setdefault(number, {}).update(start=one.start, end=one.end)


def _rekey(act: Act, changes: dict[str, dict[int, Row]]) -> None:
    """Let memos follow the documents and cases that they are about to their new names."""
    memo = schema.memo
    for table, about in ((schema.case, "case"), (schema.document, "document")):
        named = {n: c["name"] for n, c in changes.get(table.name, {}).items() if "name" in c}
        rows = _rows(act.connection, table) if named else []
        renamed = {row["name"]: named[row["id"]] for row in rows if row["id"] in named}
        query = select(memo.c.id, memo.c.key).where(memo.c.about == about, valid(memo))
        for row in act.connection.execute(query).all() if renamed else ():
            if row.key in renamed:
                changes.setdefault("memo", {}).setdefault(row.id, {})["key"] = renamed[row.key]


def _revalue(act: Act, table: Table, changes: Mapping[int, Mapping[str, Any]]) -> None:
    """Give each thing its own new values: end all versions first, for names may change places."""
    rows: list[Row] = []
    for part in parts_of(changes):
        query = select(table).where(table.c.id.in_(part), valid(table))
        rows += [dict(row) for row in act.connection.execute(query).mappings()]
    rows = [row for row in rows if any(row[k] != v for k, v in changes[row["id"]].items())]
    act.end_all(table, (row["id"] for row in rows))
    fresh = [
        {k: v for k, v in row.items() if k not in {"version", "to_act"}}
        | dict(changes[row["id"]])
        | {"from_act": act.id}
        for row in rows
    ]
    if fresh:
        act.connection.execute(table.insert(), fresh)


def _respeak(act: Act, renamed: Mapping[str, str]) -> None:
    """Give speakers who are cases their new labels; two of a document that become one stay once."""
    table = schema.speaker
    rows = _rows(act.connection, table) if renamed else []
    taken = {(row["document_id"], row["name"]) for row in rows if row["name"] not in renamed}
    changes, twins = {}, []
    for row in rows:
        if row["name"] not in renamed:
            continue
        new = (row["document_id"], renamed[row["name"]])
        if new in taken:
            twins.append(row["id"])
        else:
            changes[row["id"]] = {"name": new[1]}
        taken.add(new)
    act.end_all(table, twins)
    _revalue(act, table, changes)
    _remean(act, renamed)


def _remean(act: Act, renamed: Mapping[str, str]) -> None:
    """Let what was told about labels hold for their new forms."""
    table = schema.setting
    rows = _rows(act.connection, table) if renamed else []
    taken = {row["key"] for row in rows}
    changes, twins = {}, []
    for row in rows:
        label = _label(row["key"])
        if label is None:
            continue
        said = json.loads(row["value"])
        said["name"] = renamed.get(said["name"], said["name"])
        key = row["key"].removesuffix(label) + renamed.get(label, label)
        if key != row["key"] and key in taken:
            twins.append(row["id"])
            continue
        taken.add(key)
        changes[row["id"]] = {"key": key, "value": json.dumps(said, ensure_ascii=False)}
    act.end_all(table, twins)
    _revalue(act, table, changes)


def _reset(act: Act, settings: Mapping[str, str]) -> None:
    """Keep settings, within the act."""
    table = schema.setting
    known = {row["key"]: row for row in _rows(act.connection, table)}
    act.add(table, [{"key": k, "value": v} for k, v in settings.items() if k not in known])
    _revalue(act, table, {known[k]["id"]: {"value": v} for k, v in settings.items() if k in known})
