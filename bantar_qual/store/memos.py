"""Memos on anything: the project, a document, a case, a code, a coding."""

from __future__ import annotations

import uuid

import pandas as pd
from sqlalchemy import select

from bantar_qual.store import schema
from bantar_qual.store.engine import Store
from bantar_qual.store.versions import acting, valid


def add_memo(store: Store, *, about: str, key: str, text: str, coder: str) -> int:
    """Keep a memo and return its id."""
    with acting(store, "memo", coder=coder, note=f"{about} {key}".strip()) as act:
        row = {"guid": str(uuid.uuid4()), "about": about, "key": key, "text": text}
        return act.add(schema.memo, [row])[0]


def change_memo(store: Store, memo: int, text: str, *, coder: str) -> int:
    """Write a memo anew, or end it where the text is empty; return how many were changed."""
    table = schema.memo
    with acting(store, "memo", coder=coder, note=f"memo {memo}") as act:
        if not text:
            return act.end(table, table.c.id == memo)
        same = (table.c.id == memo) & valid(table) & (table.c.text != text)
        ids = act.connection.execute(select(table.c.id).where(same)).scalars().all()
        return act.change(table, ids, {"text": text})


def memos(store: Store) -> pd.DataFrame:
    """Return a row for each memo: what it is about, its text, who wrote it last and when."""
    table, act = schema.memo, schema.act
    names = ["memo", "about", "key", "text", "coder", "time"]
    query = (
        select(table.c.id, table.c.about, table.c.key, table.c.text, act.c.coder, act.c.time)
        .join(act, act.c.id == table.c.from_act)
        .where(valid(table))
        .order_by(table.c.id)
    )
    with store.reading() as connection:
        rows = connection.execute(query).all()
    return pd.DataFrame(rows, columns=names).set_index("memo")
