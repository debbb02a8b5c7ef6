"""Keep codings, and the decisions about them."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from sqlalchemy import Connection, select

from bantar_qual.records import Coding
from bantar_qual.store import schema
from bantar_qual.store.engine import Store
from bantar_qual.store.settings import set_codebook
from bantar_qual.store.versions import Act, acting, parts_of, valid

_BATCH = 10_000
KEY = ("document_id", "start", "end", "code", "coder_id")
_MACHINES = ("cue", "model")
_VERBS = {
    "accepted": "accept",
    "rejected": "reject",
    "suggested": "reopen",
    "code": "recode",
    "valence": "rate",
}


def add_codings(
    store: Store, codings: Iterable[Coding], *, coder: str, fresh_for: str = "", note: str = "",
    codebook: str = "",
) -> int:  # fmt: skip
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
    codebook
        The new codebook, where a code is new; it comes with the same act.
    """
    table = schema.coding
    with acting(store, "code", coder=coder, note=note) as act:
        if codebook:
            set_codebook(act, codebook)
        documents = _document_ids(act.connection)
        coders: dict[str, int] = {}
        stale = _open_suggestions(act, fresh_for) if fresh_for else {}
        waiting = _unsettled(act.connection)
        few = isinstance(codings, list)  # a hand's coding looks at its own document only
        here = {documents[coding.document] for coding in codings} if few else None
        seen = _keys(act.connection, here) - set(stale) - set(waiting)
        again: set[tuple[Any, ...]] = set()
        added = 0
        for batch in _batches(codings):
            rows, replaced, settled = [], [], []
            for coding in batch:
                if coding.coder not in coders:
                    coders[coding.coder] = coder_id(act.connection, coding.coder)
                row = _row(coding, documents[coding.document], coders[coding.coder])
                key = row[:5]
                if key in waiting:  # given anew where a revision left it unsure: that settles it
                    settled.append(waiting.pop(key))
                    stale.pop(key, None)
                    seen.add(key)
                elif key in stale and stale[key][1] == row[7:10]:
                    again.add(key)  # suggested again in the same words: nothing happened
                elif key not in seen:
                    seen.add(key)
                    rows.append(row)
                    if key in stale:
                        replaced.append(stale[key][0])
            act.end_all(table, replaced)
            act.add_many(table, ("guid", *_ROW), _with_guids(rows))
            added += len(rows) + act.change(table, settled, {"anchor": ""})
        left = set(stale) - again - seen
        act.end_all(table, (stale[key][0] for key in left))
        return added


def _unsettled(connection: Connection) -> dict[tuple[Any, ...], int]:
    """Return the codings that a revision left unsure or lost, by their key."""
    table = schema.coding
    query = select(table.c.id, *(table.c[name] for name in KEY))
    rows = connection.execute(query.where(valid(table), table.c.anchor != ""))
    return {tuple(row[1:]): row[0] for row in rows}


_ROW = (*KEY, "origin", "status", "valence", "confidence", "because", "memo", "anchor")


def _row(coding: Coding, document_id: int, coder: int) -> tuple[Any, ...]:
    """Return a coding as it is stored, in the order of ``_ROW``."""
    return (
        document_id,
        coding.start,
        coding.end,
        coding.code,
        coder,
        coding.origin,
        coding.status,
        coding.valence,
        coding.confidence,
        coding.because,
        coding.memo,
        "",
    )


def _with_guids(rows: Sequence[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """Put a random GUID before each row; the randomness is drawn at once for all."""
    drawn = os.urandom(16 * len(rows)).hex()
    return [(_guid(drawn[i * 32 : i * 32 + 32]), *row) for i, row in enumerate(rows)]


def _guid(h: str) -> str:
    """Return 32 random digits as a GUID of version 4; `uuid` takes five times as long for one."""
    return f"{h[:8]}-{h[8:12]}-4{h[13:16]}-{_VARIANT[h[16]]}{h[17:20]}-{h[20:]}"


_VARIANT = {digit: "89ab"[int(digit, 16) & 3] for digit in "0123456789abcdef"}


def _open_suggestions(act: Act, coder: str) -> dict[tuple[Any, ...], tuple[int, tuple[Any, ...]]]:
    """Return a machine's undecided codings: what each says, and its id, by its key."""
    table = schema.coding
    said = ("valence", "confidence", "because")
    query = select(table.c.id, *(table.c[n] for n in (*KEY, *said))).where(
        table.c.coder_id == coder_id(act.connection, coder),
        table.c.status == "suggested",
        valid(table),
    )
    return {tuple(row[1:6]): (row[0], tuple(row[6:9])) for row in act.connection.execute(query)}


def _document_ids(connection: Connection) -> dict[str, int]:
    table = schema.document
    rows = connection.execute(select(table.c.name, table.c.id).where(valid(table)))
    return {row.name: row.id for row in rows}


def _batches(codings: Iterable[Coding]) -> Iterator[list[Coding]]:
    source = iter(codings)
    while batch := list(islice(source, _BATCH)):
        yield batch


def _keys(connection: Connection, documents: Iterable[int] | None) -> set[tuple[Any, ...]]:
    """Return the keys of all codings, or of those of some documents."""
    table = schema.coding
    query = select(*(table.c[name] for name in KEY)).where(valid(table))
    if documents is not None:
        query = query.where(table.c.document_id.in_(list(documents)))
    return {tuple(row) for row in connection.execute(query)}


def coder_id(connection: Connection, name: str) -> int:
    """Return the id of a coder, who is made known at the first coding."""
    table = schema.coder
    found = connection.execute(select(table.c.id).where(table.c.name == name)).scalar()
    if found is None:
        row = {"guid": str(uuid.uuid4()), "name": name}
        key = connection.execute(table.insert().values(row)).inserted_primary_key
        found = key[0] if key else 0
    return int(found)


def document_of(store: Store, number: int) -> str:
    """Return the name of the document of a coding, or nothing where there is no such coding."""
    table, document = schema.coding, schema.document
    query = select(document.c.name).join(table, table.c.document_id == document.c.id)
    query = query.where(table.c.id == number, valid(table), valid(document))
    with store.reading() as connection:
        return str(connection.execute(query).scalar() or "")


# ---------------------------------------------------------------- deciding


def decide(
    store: Store, ids: Iterable[int], *, field: str, value: str | None, coder: str,
    reason: str = "", codebook: str = "",
) -> int:  # fmt: skip
    """Change one field of many codings in one act, and keep who decided what.

    A new code comes with its ``codebook``, in the same act.

    Returns
    -------
    int
        How many codings were changed; those that already had the value are left alone. A coding
        that would become the same as another is ended: its twin stays.
    """
    verb = _VERBS.get(value or "", "") if field == "status" else _VERBS[field]
    table = schema.coding
    with acting(store, verb, coder=coder, reason=reason) as act:
        if codebook:
            set_codebook(act, codebook)
        changed = 0
        for part in parts_of(ids):
            chosen = table.c.id.in_(part)
            other = table.c[field].is_distinct_from(value)
            query = select(table.c.id).where(chosen, valid(table), other)
            found = list(act.connection.execute(query).scalars())
            double = twins(act, found, str(value)) if field == "code" else set()
            act.end_all(table, double)
            changed += act.change(table, set(found) - double, {field: value}) + len(double)
        noted(act, f"{changed} codings" + (f" to {value}" if field != "status" else ""))
        return changed


def noted(act: Act, note: str) -> None:
    """Write what the history says about an act, once it is known."""
    table = schema.act
    act.connection.execute(table.update().where(table.c.id == act.id).values(note=note))


def twins(act: Act, ids: Sequence[int], code: str) -> set[int]:
    """Return the codings that would become the same as one that is there.

    One that waits to be settled gives way instead: it counts for nothing yet.
    """
    table = schema.coding
    names = [name for name in KEY if name != "code"]
    columns = [table.c[name] for name in names]
    mine = select(*columns).where(table.c.id.in_(ids), valid(table))
    wanted = {tuple(row) for row in act.connection.execute(mine)}
    waiting = _unsettled(act.connection)
    act.end_all(
        table,
        (
            number
            for (document, start, end, given, coder), number in waiting.items()
            if given == code and number not in ids and (document, start, end, coder) in wanted
        ),
    )
    there = select(*columns).where(table.c.code == code, valid(table))
    taken = {tuple(row) for row in act.connection.execute(there)}
    query = (
        select(table.c.id, *columns).where(table.c.id.in_(ids), valid(table)).order_by(table.c.id)
    )
    double = set()
    for row in act.connection.execute(query):
        key = tuple(row)[1:]
        if key in taken:
            double.add(row.id)
        taken.add(key)
    return double


def remove(store: Store, ids: Iterable[int], *, coder: str, reason: str = "") -> int:
    """Take codings away in one act: end what people gave, reject what machines gave.

    A rejected suggestion is kept, so that no machine gives it again.
    """
    table = schema.coding
    with acting(store, "uncode", coder=coder, reason=reason) as act:
        removed = 0
        for part in parts_of(ids):
            chosen = (table.c.id.in_(part), valid(table))
            query = select(table.c.id, table.c.origin).where(*chosen, table.c.status != "rejected")
            found = act.connection.execute(query).all()
            machines = [row.id for row in found if row.origin in _MACHINES]
            removed += act.end_all(table, {row.id for row in found} - set(machines))
            removed += act.change(table, machines, {"status": "rejected"})
        noted(act, f"{removed} codings")
        return removed


def resize(store: Store, number: int, *, start: int, end: int, coder: str) -> bool:
    """Give a coding other borders; where a twin lies there already, the twin stays."""
    table = schema.coding
    with acting(store, "resize", coder=coder, note=f"coding {number}") as act:
        row = (
            act.connection.execute(select(table).where(table.c.id == number, valid(table)))
            .mappings()
            .first()
        )
        if row is None or (row["start"], row["end"]) == (start, end):
            return False
        there = {**row, "start": start, "end": end}
        same = (table.c[name] == there[name] for name in KEY)
        twin = act.connection.execute(
            select(table.c.id).where(*same, valid(table), table.c.id != number)
        ).first()
        if twin is not None:
            act.end_all(table, [number])
        else:
            act.change(table, [number], {"start": start, "end": end, "anchor": ""})
        return True


def split(
    store: Store, goes: Mapping[str, Iterable[int]], *, coder: str, note: str, reason: str = ""
) -> None:
    """Give codings other codes, each code its own codings, in one act."""
    with acting(store, "split code", coder=coder, note=note, reason=reason) as act:
        for code, ids in goes.items():
            _give(act, [int(i) for i in ids], code)


def _give(act: Act, ids: Sequence[int], code: str) -> None:
    """Give codings a code; one that would become the same as another is ended: its twin stays."""
    table = schema.coding
    for part in parts_of(ids):
        double = twins(act, part, code)
        act.end_all(table, double)
        act.change(table, set(part) - double, {"code": code})


def rename_codes(act: Act, renamed: Mapping[str, str]) -> None:
    """Give the codings and memos of codes their new paths, within an act."""
    coding, memo = schema.coding, schema.memo
    for old, new in renamed.items():
        query = select(coding.c.id).where(coding.c.code == old, valid(coding))
        _give(act, list(act.connection.execute(query).scalars()), new)
        about = (memo.c.about == "code") & (memo.c.key == old) & valid(memo)
        ids = list(act.connection.execute(select(memo.c.id).where(about)).scalars())
        act.change(memo, ids, {"key": new})
