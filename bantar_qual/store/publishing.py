"""A study without its past: only what is valid now, in a new file, under new GUIDs."""

from __future__ import annotations

import contextlib
import sqlite3
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, func, select

from bantar_qual.records import Turn
from bantar_qual.store import schema, seals, textform
from bantar_qual.store.engine import Store
from bantar_qual.store.speakers import Naming, naming
from bantar_qual.store.textform import Row, Study

SETTINGS = ("title", "language", "coder")
_TURN = ("number", "start", "end", "speaker", "role", "time")
KINDS = "attribute kind: "  # settings that begin so tell what an attribute holds


def publish(
    store: Store, path: Path, *, coder: str, coders: Mapping[str, str], memos: bool
) -> list[str]:
    """Write what is valid in a study now into a new file, made by a single act.

    Nothing of the past goes along: no earlier text, no act, no time, no author of a memo, no
    name of a file. Every GUID is new, so that no row can be matched with another copy.

    Parameters
    ----------
    path
        The new file; there is none yet.
    coder
        Who makes it, under the name that the new study shows.
    coders
        The new names of the coders, by the old ones.
    memos
        False to leave the memos out.

    Returns
    -------
    list of str
        The settings that were left out, because nothing says that they name nobody.
    """
    study = textform.read(store, past=False)
    with store.reading() as connection:
        spoken = naming(connection)
    kept = {k: v for k, v in study.settings.items() if k in SETTINGS or k.startswith(KINDS)}
    fresh = _renewed(study, coders, spoken, memos=memos)
    fresh = replace(fresh, settings=kept | {"coder": coder})
    Store.create(path, begin=partial(_begin, study=fresh, coder=coder))
    with contextlib.closing(sqlite3.connect(path)) as connection_:
        connection_.execute("VACUUM")  # no page that is not used
    told = set(study.settings) - set(kept)
    return sorted(key for key in told if not key.startswith(("speaker: ", "speaker in ")))


def _begin(connection: Connection, study: Study, coder: str) -> None:
    """Write the one act of the new study, the memos in it: neither author nor time goes along."""
    textform.write(connection, replace(study, memos=[]), coder=coder, note="anonymised export")
    _add_memos(connection, study)
    seals.seal_all(connection)


def _renewed(study: Study, coders: Mapping[str, str], spoken: Naming, *, memos: bool) -> Study:
    guids: dict[str, str] = {}

    def fresh(row: Row) -> Row:
        guids[row["guid"]] = str(uuid.uuid4())
        return row | {"guid": guids[row["guid"]]}

    cases = [fresh(row) for row in study.cases]
    documents = [
        fresh(row) | {"source": "", "number": n, "turns": _named(row, spoken)}
        for n, row in enumerate(study.documents, 1)
    ]
    codings = [fresh(row) | {"coder": coders[row["coder"]]} for row in study.codings]
    told = [fresh(row) | {"number": n} for n, row in enumerate(study.memos, 1)] if memos else []
    for row in told:
        if row["about"] == "coding":
            row["key"] = guids.get(row["key"], "")
    return replace(
        study,
        cases=cases,
        documents=documents,
        codings=textform.ordered(codings),
        coders={coders[name]: str(uuid.uuid4()) for name in study.coders},
        memos=told,
    )


def _named(row: Row, spoken: Naming) -> list[list[Any]]:
    """Return the turns of a document under the names that its labels stand for."""
    turns = [Turn(**dict(zip(_TURN, turn, strict=True))) for turn in row["turns"]]
    named = spoken.turns(row["guid"], turns, row["language"])
    return [[getattr(turn, name) for name in _TURN] for turn in named]


def _add_memos(connection: Connection, study: Study) -> None:
    ids = {row["guid"]: str(number) for number, row in enumerate(study.codings, 1)}
    act = connection.execute(select(func.max(schema.act.c.id))).scalar()
    rows = [
        {
            "id": row["number"],
            "guid": row["guid"],
            "about": row["about"],
            "key": ids.get(row["key"], "") if row["about"] == "coding" else row["key"],
            "text": row["text"],
            "from_act": act,
        }
        for row in study.memos
    ]
    if rows:
        connection.execute(schema.memo.insert(), rows)
        counted = {"name": schema.memo.name, "value": len(rows)}
        connection.execute(schema.counter.insert().values(counted))


def cells(path: Path) -> Iterator[tuple[str, str]]:
    """Yield every text of every table of an SQLite file, with its place.

    Raises
    ------
    sqlite3.DatabaseError
        If the file is no SQLite database.
    """
    source = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
    with contextlib.closing(sqlite3.connect(source, uri=True)) as connection:
        connection.text_factory = lambda data: data.decode("utf-8", "replace")
        names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        for (table,) in names.fetchall():
            quoted = '"' + table.replace('"', '""') + '"'
            rows = connection.execute(f"SELECT * FROM {quoted}")  # noqa: S608 - a name in the file
            columns = [column[0] for column in rows.description]
            for row in rows:
                for column, value in zip(columns, row, strict=True):
                    if isinstance(value, str) and value:
                        yield f"table {table}, column {column}", value
