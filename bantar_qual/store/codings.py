"""Codings and the decisions about them, in and out of the store."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

import numpy as np
import pandas as pd
from sqlalchemy import Connection, func, select

from bantar_qual.records import Coding, Status, Verdict
from bantar_qual.store import schema
from bantar_qual.store.engine import Store, added_id, now

_BATCH = 10_000
_MANY = 500  # ids in one condition; SQLite allows 999 variables in old versions


def add_codings(store: Store, codings: Iterable[Coding], *, fresh_for: str = "") -> int:
    """Keep codings in one transaction, and return how many were new.

    Parameters
    ----------
    codings
        What a coder gave. A coding that this coder already gave to the same words is kept once,
        with the decision that was made about it.
    fresh_for
        A machine coder whose open suggestions are replaced by the new ones.
    """
    table = schema.coding
    with store.writing() as connection:
        documents = dict(
            connection.execute(select(schema.document.c.name, schema.document.c.id)).all()
        )
        coders: dict[str, int] = {}
        if fresh_for:
            stale = (table.c.coder_id == coder_id(connection, fresh_for)) & (
                table.c.status == "suggested"
            )
            connection.execute(table.delete().where(stale))
        seen = _keys(connection)
        added = 0
        for batch in _batches(codings):
            rows = []
            for coding in batch:
                if coding.coder not in coders:
                    coders[coding.coder] = coder_id(connection, coding.coder)
                row = _row(coding, documents[coding.document], coders[coding.coder])
                key = tuple(
                    row[name] for name in ("document_id", "start", "end", "code", "coder_id")
                )
                if key not in seen:
                    seen.add(key)
                    rows.append(row)
            if rows:
                connection.execute(table.insert(), rows)
            added += len(rows)
        return added


def _batches(codings: Iterable[Coding]) -> Iterator[list[Coding]]:
    source = iter(codings)
    while batch := list(islice(source, _BATCH)):
        yield batch


def _keys(connection: Connection) -> set[tuple[object, ...]]:
    table = schema.coding
    columns = (table.c.document_id, table.c.start, table.c.end, table.c.code, table.c.coder_id)
    return {tuple(row) for row in connection.execute(select(*columns))}


def _row(coding: Coding, document_id: int, coder: int) -> dict[str, object]:
    return {
        "guid": str(uuid.uuid4()),
        "document_id": document_id,
        "start": coding.start,
        "end": coding.end,
        "code": coding.code,
        "coder_id": coder,
        "origin": coding.origin,
        "status": coding.status,
        "valence": coding.valence,
        "confidence": coding.confidence,
        "because": coding.because,
        "memo": coding.memo,
        "time": now(),
    }


def coder_id(connection: Connection, name: str) -> int:
    """Return the id of a coder, who is made known at the first coding."""
    table = schema.coder
    found = connection.execute(select(table.c.id).where(table.c.name == name)).scalar()
    if found is None:
        found = added_id(connection, table.insert().values(guid=str(uuid.uuid4()), name=name))
    return int(found)


def coding_rows(store: Store, *, statuses: Sequence[Status]) -> pd.DataFrame:
    """Return a row for each coding with one of the statuses, indexed by coding id."""
    table, document = schema.coding, schema.document
    query = (
        select(
            table.c.id.label("coding"),
            document.c.name.label("document"),
            schema.case.c.name.label("case"),
            document.c.kind,
            table.c.document_id,
            *(table.c[name] for name in _PLAIN),
            schema.coder.c.name.label("coder"),
        )
        .select_from(
            table.join(document, document.c.id == table.c.document_id)
            .join(schema.coder, schema.coder.c.id == table.c.coder_id)
            .outerjoin(schema.case, schema.case.c.id == document.c.case_id)
        )
        .where(table.c.status.in_(list(statuses)))
        .order_by(table.c.document_id, table.c.start, table.c.end, table.c.id)
    )
    with store.reading() as connection:
        result = connection.execute(query)
        frame = pd.DataFrame(result.all(), columns=list(result.keys())).set_index("coding")
        turns = pd.DataFrame(
            connection.execute(
                select(
                    schema.turn.c.document_id,
                    schema.turn.c.start,
                    schema.turn.c.number,
                    schema.turn.c.speaker,
                ).order_by(schema.turn.c.document_id, schema.turn.c.start)
            ).all(),
            columns=["document_id", "start", "number", "speaker"],
        )
    frame["confidence"] = frame["confidence"].astype(float)
    frame[["start", "end"]] = frame[["start", "end"]].astype("int64")
    return _with_turns(frame, turns).drop(columns="document_id")


_PLAIN = (
    "start", "end", "code", "origin", "status", "valence", "confidence", "because", "memo", "time",
)  # fmt: skip


def _with_turns(frame: pd.DataFrame, turns: pd.DataFrame) -> pd.DataFrame:
    """Add the number and the speaker of the turn in which each coding begins."""
    if frame.empty or turns.empty:
        return frame.assign(turn=0, speaker="")
    wide = np.int64(1) << 32
    opens = turns["document_id"].to_numpy(np.int64) * wide + turns["start"].to_numpy(np.int64)
    begins = frame["document_id"].to_numpy(np.int64) * wide + frame["start"].to_numpy(np.int64)
    at = np.searchsorted(opens, begins, side="right") - 1
    inside = (at >= 0) & (
        turns["document_id"].to_numpy()[np.maximum(at, 0)] == frame["document_id"].to_numpy()
    )
    return frame.assign(
        turn=np.where(inside, turns["number"].to_numpy()[np.maximum(at, 0)], 0),
        speaker=np.where(inside, turns["speaker"].to_numpy()[np.maximum(at, 0)], ""),
    )


def decide(
    store: Store, ids: Iterable[int], *, field: str, value: str | None, coder: str, reason: str = ""
) -> int:
    """Change one field of many codings in one transaction, and keep who decided what.

    Returns
    -------
    int
        How many codings were changed; those that already had the value are left alone.
    """
    table = schema.coding
    column = table.c[field]
    wanted = sorted({int(i) for i in ids})
    changed = 0
    with store.writing() as connection:
        who = coder_id(connection, coder)
        for at in range(0, len(wanted), _MANY):
            chosen = table.c.id.in_(wanted[at : at + _MANY])
            rows = connection.execute(select(table.c.id, column).where(chosen)).all()
            verdicts = [
                {
                    "coding_id": coding,
                    "field": field,
                    "before": before or "",
                    "after": value or "",
                    "reason": reason,
                    "coder_id": who,
                    "time": now(),
                }
                for coding, before in rows
                if before != value
            ]
            if verdicts:
                connection.execute(schema.verdict.insert(), verdicts)
                connection.execute(table.update().where(chosen).values({field: value}))
            changed += len(verdicts)
    return changed


def verdicts(store: Store) -> list[Verdict]:
    """Return every decision, in the order in which they were made."""
    table = schema.verdict
    query = select(table, schema.coder.c.name.label("coder")).join(
        schema.coder, schema.coder.c.id == table.c.coder_id
    )
    with store.reading() as connection:
        rows = connection.execute(query.order_by(table.c.id)).mappings().all()
    return [
        Verdict(
            coding=row["coding_id"],
            field=row["field"],
            before=row["before"],
            after=row["after"],
            reason=row["reason"],
            coder=row["coder"],
            time=row["time"],
        )
        for row in rows
    ]


def counts(store: Store) -> dict[str, int]:
    """Count the codings of each status."""
    table = schema.coding
    with store.reading() as connection:
        rows = connection.execute(
            select(table.c.status, func.count()).group_by(table.c.status)
        ).all()
    return {status: int(count) for status, count in rows}
