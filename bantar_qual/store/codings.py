"""Codings and the decisions about them, in and out of the store."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy import Connection, Select, func, select

from bantar_qual.records import Coding, Status, Verdict
from bantar_qual.store import schema
from bantar_qual.store.engine import Store
from bantar_qual.store.versions import Act, acting, valid

_BATCH = 10_000
_MANY = 500  # ids in one condition; old SQLite allows 999 variables
_KEY = ("document_id", "start", "end", "code", "coder_id")
_PLAIN = (
    "start", "end", "code", "origin", "status", "valence", "confidence", "because", "memo",
)  # fmt: skip
_DECIDED = ("status", "code", "valence")
_VERBS = {
    "accepted": "accept",
    "rejected": "reject",
    "suggested": "reopen",
    "code": "recode",
    "valence": "rate",
}


def add_codings(
    store: Store, codings: Iterable[Coding], *, coder: str, fresh_for: str = "", note: str = ""
) -> int:
    """Keep codings in one act, and return how many were new.

    Parameters
    ----------
    codings
        What a coder gave. A coding that this coder already gave to the same words is kept once,
        with the decision that was made about it.
    coder
        Who does this: the person at the keyboard, also where a machine gave the codings.
    fresh_for
        A machine coder whose open suggestions are replaced by the new ones.
    note
        What the history says about it.
    """
    table = schema.coding
    with acting(store, "code", coder=coder, note=note) as act:
        documents = _document_ids(act.connection)
        coders: dict[str, int] = {}
        stale = _open_suggestions(act, fresh_for) if fresh_for else {}
        seen = _keys(act.connection) - set(stale)
        kept: set[tuple[Any, ...]] = set()
        added = 0
        for batch in _batches(codings):
            rows = []
            for coding in batch:
                if coding.coder not in coders:
                    coders[coding.coder] = coder_id(act.connection, coding.coder)
                row = _row(coding, documents[coding.document], coders[coding.coder])
                key = tuple(row[name] for name in _KEY)
                if stale.get(key, (0, None))[1] == _said(row):
                    kept.add(key)  # suggested again in the same words: nothing happened
                elif key not in seen:
                    seen.add(key)
                    if key in stale:
                        act.end(table, table.c.id == stale[key][0])
                    rows.append(row)
            act.add(table, rows)
            added += len(rows)
        for key in set(stale) - kept - seen:
            act.end(table, table.c.id == stale[key][0])
        return added


def _said(row: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(row[name] for name in ("valence", "confidence", "because"))


def _open_suggestions(act: Act, coder: str) -> dict[tuple[Any, ...], tuple[int, tuple[Any, ...]]]:
    """Return a machine's undecided codings: what each says, and its id, by its key."""
    table = schema.coding
    names = ("valence", "confidence", "because")
    query = select(table.c.id, *(table.c[n] for n in (*_KEY, *names))).where(
        table.c.coder_id == coder_id(act.connection, coder),
        table.c.status == "suggested",
        valid(table),
    )
    rows = act.connection.execute(query).mappings()
    return {
        tuple(row[name] for name in _KEY): (row["id"], tuple(row[name] for name in names))
        for row in rows
    }


def _document_ids(connection: Connection) -> dict[str, int]:
    table = schema.document
    rows = connection.execute(select(table.c.name, table.c.id).where(valid(table)))
    return {row.name: row.id for row in rows}


def _batches(codings: Iterable[Coding]) -> Iterator[list[Coding]]:
    source = iter(codings)
    while batch := list(islice(source, _BATCH)):
        yield batch


def _keys(connection: Connection) -> set[tuple[Any, ...]]:
    table = schema.coding
    query = select(*(table.c[name] for name in _KEY)).where(valid(table))
    return {tuple(row) for row in connection.execute(query)}


def _row(coding: Coding, document_id: int, coder: int) -> dict[str, Any]:
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
        "anchor": "",
    }


def coder_id(connection: Connection, name: str) -> int:
    """Return the id of a coder, who is made known at the first coding."""
    table = schema.coder
    found = connection.execute(select(table.c.id).where(table.c.name == name)).scalar()
    if found is None:
        row = {"guid": str(uuid.uuid4()), "name": name}
        key = connection.execute(table.insert().values(row)).inserted_primary_key
        found = key[0] if key else 0
    return int(found)


# ---------------------------------------------------------------- reading


def coding_rows(
    store: Store, *, statuses: Sequence[Status], moment: int | None = None
) -> pd.DataFrame:
    """Return a row for each coding with one of the statuses, indexed by coding id.

    Parameters
    ----------
    statuses
        Which codings.
    moment
        As they were right after this act; None for now.
    """
    with store.reading() as connection:
        result = connection.execute(_query(statuses, moment))
        frame = pd.DataFrame(result.all(), columns=list(result.keys())).set_index("coding")
        turns = _turns(connection, moment)
    frame["confidence"] = frame["confidence"].astype(float)
    frame[["start", "end"]] = frame[["start", "end"]].astype("int64")
    return _with_turns(frame, turns).drop(columns="document_id")


def _query(statuses: Sequence[Status], moment: int | None) -> Select[Any]:
    table, document, case, act = schema.coding, schema.document, schema.case, schema.act
    return (
        select(
            table.c.id.label("coding"),
            document.c.name.label("document"),
            case.c.name.label("case"),
            document.c.kind,
            table.c.document_id,
            *(table.c[name] for name in _PLAIN),
            schema.coder.c.name.label("coder"),
            act.c.time,
        )
        .select_from(
            table.join(document, (document.c.id == table.c.document_id) & valid(document, moment))
            .join(schema.coder, schema.coder.c.id == table.c.coder_id)
            .join(act, act.c.id == table.c.from_act)
            .outerjoin(case, (case.c.id == document.c.case_id) & valid(case, moment))
        )
        .where(table.c.status.in_(list(statuses)), valid(table, moment))
        .order_by(table.c.document_id, table.c.start, table.c.end, table.c.id)
    )


def _turns(connection: Connection, moment: int | None) -> pd.DataFrame:
    table, document = schema.turn, schema.document
    query = (
        select(document.c.id, table.c.start, table.c.number, table.c.speaker)
        .join(document, document.c.revision_id == table.c.revision_id)
        .where(valid(document, moment))
        .order_by(document.c.id, table.c.start)
    )
    rows = connection.execute(query).all()
    return pd.DataFrame(rows, columns=["document_id", "start", "number", "speaker"])


def _with_turns(frame: pd.DataFrame, turns: pd.DataFrame) -> pd.DataFrame:
    """Add the number and the speaker of the turn in which each coding begins."""
    if frame.empty or turns.empty:
        return frame.assign(turn=0, speaker="")
    wide = np.int64(1) << 32
    opens = turns["document_id"].to_numpy(np.int64) * wide + turns["start"].to_numpy(np.int64)
    begins = frame["document_id"].to_numpy(np.int64) * wide + frame["start"].to_numpy(np.int64)
    at = np.maximum(np.searchsorted(opens, begins, side="right") - 1, 0)
    inside = (opens[at] <= begins) & (
        turns["document_id"].to_numpy()[at] == frame["document_id"].to_numpy()
    )
    return frame.assign(
        turn=np.where(inside, turns["number"].to_numpy()[at], 0),
        speaker=np.where(inside, turns["speaker"].to_numpy()[at], ""),
    )


# ---------------------------------------------------------------- deciding


def decide(
    store: Store, ids: Iterable[int], *, field: str, value: str | None, coder: str, reason: str = ""
) -> int:
    """Change one field of many codings in one act, and keep who decided what.

    Returns
    -------
    int
        How many codings were changed; those that already had the value are left alone. A coding
        that would become the same as another is ended: its twin stays.
    """
    verb = _VERBS.get(value or "", "") if field == "status" else _VERBS[field]
    wanted = sorted({int(i) for i in ids})
    table = schema.coding
    with acting(store, verb, coder=coder, reason=reason) as act:
        changed = 0
        for at in range(0, len(wanted), _MANY):
            chosen = table.c.id.in_(wanted[at : at + _MANY])
            other = table.c[field].is_distinct_from(value)
            query = select(table.c.id).where(chosen, valid(table), other)
            found = list(act.connection.execute(query).scalars())
            twins = _twins(act, found, str(value)) if field == "code" else set()
            act.end(table, table.c.id.in_(twins))
            changed += act.change(table, set(found) - twins, {field: value}) + len(twins)
        _note(act, f"{changed} codings" + (f" to {value}" if field != "status" else ""))
        return changed


def _note(act: Act, note: str) -> None:
    table = schema.act
    act.connection.execute(table.update().where(table.c.id == act.id).values(note=note))


def _twins(act: Act, ids: Sequence[int], code: str) -> set[int]:
    """Return the codings that would become the same as one that is there."""
    table = schema.coding
    names = [name for name in _KEY if name != "code"]
    columns = [table.c[name] for name in names]
    there = select(*columns).where(table.c.code == code, valid(table))
    taken = {tuple(row) for row in act.connection.execute(there)}
    query = (
        select(table.c.id, *columns).where(table.c.id.in_(ids), valid(table)).order_by(table.c.id)
    )
    twins = set()
    for row in act.connection.execute(query):
        key = tuple(row)[1:]
        if key in taken:
            twins.add(row.id)
        taken.add(key)
    return twins


def rename_codes(act: Act, renamed: Mapping[str, str]) -> None:
    """Give the codings and memos of codes their new paths, within an act."""
    coding, memo = schema.coding, schema.memo
    for old, new in renamed.items():
        query = select(coding.c.id).where(coding.c.code == old, valid(coding))
        ids = list(act.connection.execute(query).scalars())
        twins = _twins(act, ids, new)
        act.end(coding, coding.c.id.in_(twins))
        act.change(coding, set(ids) - twins, {"code": new})
        about = (memo.c.about == "code") & (memo.c.key == old) & valid(memo)
        ids = list(act.connection.execute(select(memo.c.id).where(about)).scalars())
        act.change(memo, ids, {"key": new})


def verdicts(store: Store) -> list[Verdict]:
    """Return every decision about a coding, in the order in which they were made."""
    before, after, act = schema.coding.alias("before"), schema.coding.alias("after"), schema.act
    query = (
        select(
            after.c.id,
            *(before.c[name].label(f"before_{name}") for name in _DECIDED),
            *(after.c[name].label(f"after_{name}") for name in _DECIDED),
            act.c.reason,
            act.c.coder,
            act.c.time,
        )
        .join(before, (before.c.id == after.c.id) & (before.c.to_act == after.c.from_act))
        .join(act, act.c.id == after.c.from_act)
        .order_by(after.c.from_act, after.c.id)
    )
    with store.reading() as connection:
        rows = connection.execute(query.select_from(after)).mappings().all()
    return [
        Verdict(
            coding=row["id"],
            field=name,
            before=row[f"before_{name}"] or "",
            after=row[f"after_{name}"] or "",
            reason=row["reason"],
            coder=row["coder"],
            time=row["time"],
        )
        for row in rows
        for name in _DECIDED
        if row[f"before_{name}"] != row[f"after_{name}"]
    ]


def counts(store: Store) -> dict[str, int]:
    """Count the codings of each status."""
    table = schema.coding
    query = select(table.c.status, func.count()).where(valid(table)).group_by(table.c.status)
    with store.reading() as connection:
        return {status: int(count) for status, count in connection.execute(query)}
