"""A whole study as plain rows: out of the store, and into a new one."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Table, select

from bantar_qual.errors import ProjectError
from bantar_qual.store import earlier, schema, seals
from bantar_qual.store.documents import checksum
from bantar_qual.store.engine import Store
from bantar_qual.store.versions import holding, now, valid

Row = dict[str, Any]
# An act before the study as it is: its place in time; its time, author and words; what it wrote.
_Event = tuple[str, tuple[str, str, str, str], Callable[[Connection, int], None]]

_VERB = "load"  # undo passes over it: a study that was just loaded has nothing to take back
_CODING = (
    "guid", "start", "end", "code", "origin", "status", "valence", "confidence", "because",
    "memo", "anchor",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Study:
    """All that is valid in a study now, told by names and GUIDs instead of its own ids."""

    settings: dict[str, str]
    codebook: str
    cases: list[Row]  # guid, name, attributes; in their order
    documents: list[
        Row
    ]  # number, guid, name, kind, ..., text, sha256, attributes, turns, speakers, revisions
    coders: dict[str, str]  # the GUID of each coder who coded, in the order in which they came
    codings: list[Row]  # by coder, document, start, end, code; `was`: where one that waits stood
    memos: list[Row]  # number, guid, about, key, text, coder, time; a coding's key is its GUID


# ---------------------------------------------------------------- out of the store


def read(store: Store, *, past: bool = True) -> Study:
    """Return all that is valid in a study now, read in one glance.

    Parameters
    ----------
    past
        False to leave out earlier texts of corrected documents, and where codings stood in them.

    Raises
    ------
    ProjectError
        If a text is not the text that was imported.
    """
    with store.reading() as connection:
        settings = _rows(connection, schema.setting, "key", "value")
        (book,) = _rows(connection, schema.codebook, "yaml")
        held = holding(connection)
        told = earlier.revisions(connection, held) if past else {}
        codings = _codings(connection, earlier.places(connection, held, told))
        coded = {row["coder"] for row in codings}
        coder = schema.coder
        known = connection.execute(select(coder.c.name, coder.c.guid).order_by(coder.c.id))
        study = Study(
            settings={row["key"]: row["value"] for row in settings},
            codebook=book["yaml"],
            cases=_cases(connection),
            documents=_documents(connection, told),
            coders={row.name: row.guid for row in known if row.name in coded},
            codings=codings,
            memos=_memos(connection),
        )
    for row in study.documents:
        for text in (row, *row["revisions"][:-1]):
            if checksum(text["text"]) != text["sha256"]:
                reason = (
                    f"the text of '{row['name']}' was altered outside bantar_qual; restore a copy"
                )
                raise ProjectError(store.path, reason)
    return study


def _rows(connection: Connection, table: Table, *names: str) -> list[Row]:
    """Return columns of what is valid in a table, in the order of the ids."""
    query = select(*(table.c[name] for name in names)).where(valid(table)).order_by(table.c.id)
    return [dict(row) for row in connection.execute(query).mappings()]


def _attributes(connection: Connection, table: Table, owner: str) -> dict[int, dict[str, str]]:
    told: dict[int, dict[str, str]] = {}
    for row in _rows(connection, table, owner, "key", "value"):
        told.setdefault(row[owner], {})[row["key"]] = row["value"]
    return told


def _cases(connection: Connection) -> list[Row]:
    told = _attributes(connection, schema.case_value, "case_id")
    return [
        {"guid": row["guid"], "name": row["name"], "attributes": told.get(row["id"], {})}
        for row in _rows(connection, schema.case, "id", "guid", "name")
    ]


def _documents(connection: Connection, texts: Mapping[int, list[Row]]) -> list[Row]:
    table, revision, case = schema.document, schema.revision, schema.case
    told = _attributes(connection, schema.document_value, "document_id")
    columns = [table.c[n] for n in ("guid", "name", "kind", "language", "source", "revision_id")]
    query = (
        select(
            table.c.id.label("number"),
            *columns,
            case.c.name.label("case"),
            revision.c.text,
            revision.c.sha256,
        )
        .join(revision, revision.c.id == table.c.revision_id)
        .outerjoin(case, (case.c.id == table.c.case_id) & valid(case))
        .where(valid(table))
        .order_by(table.c.id)
    )
    rows = [dict(row) for row in connection.execute(query).mappings()]
    for row in rows:
        row["turns"] = earlier.turns(connection, row.pop("revision_id"))
        row["revisions"] = texts.get(row["number"], [])
        earlier.fill(connection, row["revisions"])
        for text in row["revisions"]:
            del text["id"]
        row["speakers"] = _speakers(connection, row["number"])
        row["attributes"] = told.get(row["number"], {})
    return rows


def _speakers(connection: Connection, document: int) -> dict[str, str]:
    """Return the cases of the speakers of a document who are cases of their own."""
    table, case = schema.speaker, schema.case
    query = (
        select(table.c.name, case.c.name.label("case"))
        .join(case, (case.c.id == table.c.case_id) & valid(case))
        .where(table.c.document_id == document, valid(table))
        .order_by(table.c.id)
    )
    return {row.name: row.case for row in connection.execute(query)}


def _codings(connection: Connection, places: Mapping[int, earlier.Place]) -> list[Row]:
    table, document, coder = schema.coding, schema.document, schema.coder
    query = (
        select(
            coder.c.name.label("coder"),
            document.c.name.label("document"),
            table.c.id,
            *(table.c[name] for name in _CODING),
        )
        .join(document, (document.c.id == table.c.document_id) & valid(document))
        .join(coder, coder.c.id == table.c.coder_id)
        .where(valid(table))
    )
    rows = [dict(row) for row in connection.execute(query).mappings()]
    return ordered(row | {"was": places.get(row.pop("id"))} for row in rows)


def ordered(codings: Iterable[Row]) -> list[Row]:
    """Return codings by coder, document, start, end and code, an order that no database bends."""
    names = ("coder", "document", "start", "end", "code")
    return sorted(codings, key=lambda row: tuple(row[name] for name in names))


def _memos(connection: Connection) -> list[Row]:
    table, coding, act = schema.memo, schema.coding, schema.act
    # Of ended codings too: a memo on one of them is still known by what it was about.
    guids = {
        str(row.id): row.guid
        for row in connection.execute(select(coding.c.id, coding.c.guid).distinct())
    }
    query = (
        select(
            table.c.id.label("number"),
            *(table.c[name] for name in ("guid", "about", "key", "text")),
            act.c.coder,
            act.c.time,
        )
        .join(act, act.c.id == table.c.from_act)
        .where(valid(table))
        .order_by(table.c.id)
    )
    rows = [dict(row) for row in connection.execute(query).mappings()]
    for row in rows:
        if row["about"] == "coding":
            row["key"] = guids.get(row["key"], row["key"])
    return rows


# ---------------------------------------------------------------- into a new store


def write(connection: Connection, study: Study, *, coder: str, note: str) -> None:
    """Fill a new, empty store with a study.

    The history begins with this act. Before it stand only the acts that tell who wrote the memos
    and the earlier texts, and when, because these have author and time from their act.
    """
    documents = _numbers(study.documents)
    codings = _coding_rows(study, documents, _write_coders(connection, study.coders))
    ids = {row["guid"]: row["id"] for row in codings}
    texts: dict[int, int] = {}
    events = [*_memo_acts(study.memos, ids), *_text_acts(documents, codings, texts)]
    for _, (time, author, about, why), tell in sorted(events, key=lambda event: event[0]):
        past = _act(connection, coder=author, time=time, note=about, reason=why)
        tell(connection, past)
    act = _act(connection, coder=coder, time=now(), note=note)
    settings = [{"key": key, "value": value} for key, value in study.settings.items()]
    _keep(connection, schema.setting, settings, act)
    _keep(connection, schema.codebook, [{"yaml": study.codebook}], act)
    cases = [{"guid": row["guid"], "name": row["name"]} for row in study.cases]
    _keep(connection, schema.case, cases, act)
    _keep(connection, schema.case_value, _told(study.cases, "case_id"), act)
    for table in (schema.document, schema.coding):
        earlier.finish(connection, table, act)
    _write_documents(connection, study.cases, documents, texts, act)
    for row in codings:
        del row["was"]
    _keep(connection, schema.coding, codings, act)
    seals.seal_all(connection)


def _act(connection: Connection, *, coder: str, time: str, note: str, reason: str = "") -> int:
    row = {"guid": str(uuid.uuid4()), "time": time, "coder": coder, "verb": _VERB, "note": note}
    insert = schema.act.insert().values(**row, reason=reason)
    key = connection.execute(insert).inserted_primary_key
    return int(key[0]) if key else 0


def _keep(
    connection: Connection, table: Table, rows: Sequence[Row], act: int, last: int = 0
) -> None:
    """Begin the things of one table, numbered as they say or else from 1."""
    if not rows:
        return
    numbered = [{"id": i, **row, "from_act": act} for i, row in enumerate(rows, 1)]
    connection.execute(table.insert(), numbered)
    counted = {"name": table.name, "value": last or max(row["id"] for row in numbered)}
    counter = schema.counter
    connection.execute(counter.delete().where(counter.c.name == table.name))
    connection.execute(counter.insert().values(counted))


def _told(owners: Sequence[Row], owner: str) -> list[Row]:
    """Return a row for each attribute of owners that are numbered from 1, or by ``id``."""
    return [
        {owner: row.get("id", place), "key": key, "value": value}
        for place, row in enumerate(owners, 1)
        for key, value in row["attributes"].items()
    ]


def _numbers(rows: Sequence[Row]) -> list[Row]:
    """Give rows their own numbers as ids; where two say the same, the second moves up."""
    last = 0
    result = []
    for row in rows:
        last = max(last + 1, row["number"])
        result.append({**row, "id": last})
    return result


def _write_coders(connection: Connection, coders: Mapping[str, str]) -> dict[str, int]:
    ids = {}
    for name, guid in coders.items():
        insert = schema.coder.insert().values(guid=guid, name=name)
        key = connection.execute(insert).inserted_primary_key
        ids[name] = int(key[0]) if key else 0
    return ids


def _write_documents(
    connection: Connection,
    cases: Sequence[Row],
    documents: Sequence[Row],
    texts: Mapping[int, int],
    act: int,
) -> None:
    """Keep the documents; ``texts`` are those that an act of the past brought already."""
    owners = {row["name"]: place for place, row in enumerate(cases, 1)}
    rows = []
    for row in documents:
        said = {name: row[name] for name in ("id", "guid", "name", "kind", "language", "source")}
        said["case_id"] = None if row["case"] is None else owners[row["case"]]
        text = texts.get(row["id"]) or earlier.add_text(connection, row)
        rows.append({**said, "revision_id": text})
    _keep(connection, schema.document, rows, act)
    _keep(connection, schema.document_value, _told(documents, "document_id"), act)
    speakers = [
        {"document_id": row["id"], "name": name, "case_id": owners[case]}
        for row in documents
        for name, case in row["speakers"].items()
    ]
    _keep(connection, schema.speaker, speakers, act)


def _coding_rows(
    study: Study, documents: Sequence[Row], coders: Mapping[str, int]
) -> list[dict[str, Any]]:
    """Return the codings as they are stored, numbered, each with where it was."""
    ids = {row["name"]: row["id"] for row in documents}
    return [
        {
            "id": number,
            **{name: row[name] for name in (*_CODING, "was")},
            "document_id": ids[row["document"]],
            "coder_id": coders[row["coder"]],
        }
        for number, row in enumerate(study.codings, 1)
    ]


# ---------------------------------------------------------------- the acts before


def _text_acts(
    documents: Sequence[Row], codings: Iterable[Row], texts: dict[int, int]
) -> Iterator[_Event]:
    """Yield an act for each text of a corrected document; ``texts`` is told the last of each."""
    waiting: dict[int, list[Row]] = {}
    for row in codings:
        if row["was"]:
            waiting.setdefault(row["document_id"], []).append(dict(row))
    for document in documents:
        happened = ""
        for number, row in enumerate(document["revisions"], 1):
            happened = max(happened, row["time"])  # a clock that went wrong changes no order

            def tell(
                connection: Connection, act: int, document: Row = document, number: int = number
            ) -> None:
                mine = waiting.get(document["id"], ())
                texts[document["id"]] = earlier.retell(connection, act, document, number, mine)

            about = f"text {number} of {document['name']}"
            yield happened, (row["time"], row["coder"], about, row["reason"]), tell


def _memo_acts(memos: Sequence[Row], codings: Mapping[str, int]) -> Iterator[_Event]:
    """Yield an act for the memos of each author and time; their ids follow the numbers they had."""
    rows = sorted(_numbers(memos), key=lambda row: (row["time"], row["coder"], row["id"]))
    highest = max((row["id"] for row in rows), default=0)
    for (time, coder), together in groupby(rows, key=lambda row: (row["time"], row["coder"])):
        mine = list(together)
        about = f"{mine[0]['about']} {mine[0]['key']}".strip()
        note = f"memo on {about}" if len(mine) == 1 else f"{len(mine)} memos"

        def tell(connection: Connection, act: int, mine: Sequence[Row] = mine) -> None:
            kept = []
            for row in mine:
                key = row["key"]
                if row["about"] == "coding":
                    # A memo on a coding that is gone keeps the GUID, which nothing else has.
                    key = str(codings.get(key, key))
                named = {name: row[name] for name in ("id", "guid", "about", "text")}
                kept.append({**named, "key": key})
            _keep(connection, schema.memo, kept, act, highest)

        yield time, (time, coder, note, ""), tell
