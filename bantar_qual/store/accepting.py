"""Accept codings and mend them in the same act: another code, another valence, a memo."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import select

from bantar_qual.store import schema
from bantar_qual.store.codings import KEY, noted, twins
from bantar_qual.store.engine import Store
from bantar_qual.store.settings import set_codebook
from bantar_qual.store.versions import Act, acting, parts_of, valid


def accept_as(
    store: Store, ids: Iterable[int], mended: Mapping[str, str | None], *, memo: str = "",
    codebook: str = "", coder: str, reason: str = "",
) -> int:  # fmt: skip
    """Accept codings in one act, with other values and a memo on each.

    Parameters
    ----------
    mended
        ``code``, ``valence`` or both, where they are not to stay as they are.
    memo
        The coder's memo on each of them; in place of an earlier one of the same coder.
    codebook
        The new codebook, where the code is new; it comes with the same act.

    Returns
    -------
    int
        How many codings are accepted now that were not before, or not like this. Where a coding
        would become the same as another, that other one is accepted and stays.
    """
    table = schema.coding
    values = {"status": "accepted", **mended}
    with acting(store, "accept", coder=coder, reason=reason) as act:
        if codebook:
            set_codebook(act, codebook)
        changed = 0
        for part in parts_of(ids):
            query = select(table).where(table.c.id.in_(part), valid(table))
            rows = {row["id"]: dict(row) for row in act.connection.execute(query).mappings()}
            given = _joined(act, rows, mended.get("code"))
            other = [i for i, row in rows.items() if any(row[n] != v for n, v in values.items())]
            act.change(table, set(other) & set(given), values)
            changed += len(other)
            if memo:
                _keep_memo(act, given, memo, coder)
        code = mended.get("code")
        noted(act, f"{changed} codings" + (f" as {code}" if code else ""))
        return changed


def _joined(act: Act, rows: dict[int, dict[str, Any]], code: str | None) -> Sequence[int]:
    """End the codings that would become the same as another; return which stand for all.

    ``rows`` takes in those that were there already: they are accepted too.
    """
    double = twins(act, [i for i in rows if rows[i]["code"] != code], code) if code else set()
    table = schema.coding
    names = [name for name in KEY if name != "code"]
    keys = {tuple(rows[i][n] for n in names) for i in double}
    stand = [i for i in rows if i not in double]
    if keys:
        query = select(table).where(table.c.code == code, table.c.anchor == "", valid(table))
        there = {row["id"]: dict(row) for row in act.connection.execute(query).mappings()}
        found = [i for i, row in there.items() if tuple(row[n] for n in names) in keys]
        stand = sorted({*stand, *(i for i in found if i not in double)})
        rows |= {i: there[i] for i in found if i not in double}
        act.end_all(table, double)
        for i in double:
            del rows[i]
    return stand


def _keep_memo(act: Act, ids: Iterable[int], text: str, coder: str) -> None:
    table, by = schema.memo, schema.act
    mine = (
        select(table.c.id, table.c.key, table.c.text)
        .join(by, by.c.id == table.c.from_act)
        .where(table.c.about == "coding", by.c.coder == coder, valid(table))
    )
    known = {row.key: row for row in act.connection.execute(mine)}
    new = [str(i) for i in ids if str(i) not in known]
    old = [row.id for i in ids if (row := known.get(str(i))) and row.text != text]
    act.change(table, old, {"text": text})
    guids = ({"guid": str(uuid.uuid4()), "about": "coding"} for _ in new)
    act.add(table, [{**one, "key": key, "text": text} for one, key in zip(guids, new, strict=True)])
