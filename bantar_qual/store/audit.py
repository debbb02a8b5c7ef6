"""What the history says in numbers: how much each act touched, and what was decided."""

from __future__ import annotations

import pandas as pd
from sqlalchemy import func, select, union

from bantar_qual.records import CONSENSUS
from bantar_qual.store import schema
from bantar_qual.store.engine import Store
from bantar_qual.store.versions import holding


def touched(store: Store) -> dict[int, int]:
    """Return how many codings each act began, changed or ended."""
    table = schema.coding
    begun = select(table.c.from_act.label("act"), table.c.id)
    ended = select(table.c.to_act, table.c.id).where(table.c.to_act.is_not(None))
    pairs = union(begun, ended).subquery()  # a coding that an act changed is both, and one
    query = select(pairs.c.act, func.count()).group_by(pairs.c.act)
    with store.reading() as connection:
        return {int(act): int(count) for act, count in connection.execute(query)}


def begun(store: Store) -> pd.DataFrame:
    """Return how many codings came in by each act: ``act``, ``coder``, ``origin``, ``codings``.

    The coder is whose codings they are: for suggestions the machine, not who let it read.
    """
    new, old, coder = schema.coding.alias("new"), schema.coding.alias("old"), schema.coder
    count = func.count().label("codings")
    query = (
        select(new.c.from_act.label("act"), coder.c.name.label("coder"), new.c.origin, count)
        .join(coder, coder.c.id == new.c.coder_id)
        .outerjoin(old, (old.c.id == new.c.id) & (old.c.to_act == new.c.from_act))
        .where(old.c.id.is_(None))
        .group_by(new.c.from_act, coder.c.name, new.c.origin)
    )
    with store.reading() as connection:
        rows = connection.execute(query).all()
    return pd.DataFrame(rows, columns=["act", "coder", "origin", "codings"])


def decided(store: Store) -> pd.DataFrame:
    """Return each change of a coding: its ``act``, ``coding``, ``origin``, and what was decided.

    Returns
    -------
    pandas.DataFrame
        ``status`` is the new status where it changed, else empty; ``changed`` tells whether code
        or valence did.
    """
    old, new = schema.coding.alias("old"), schema.coding.alias("new")
    other = (old.c.code != new.c.code) | old.c.valence.is_distinct_from(new.c.valence)
    columns = (new.c.from_act, new.c.id, new.c.origin, old.c.status, new.c.status, other)
    follows = (old.c.id == new.c.id) & (old.c.to_act == new.c.from_act)
    query = select(*columns).select_from(new.join(old, follows)).order_by(new.c.version)
    with store.reading() as connection:
        rows = connection.execute(query).all()
    names = ["act", "coding", "origin", "was", "status", "changed"]
    frame = pd.DataFrame(rows, columns=names).astype({"changed": bool})
    frame["status"] = frame["status"].where(frame["status"] != frame["was"], "")
    return frame.drop(columns="was")


_DECIDING = ("code", "accept", "reject", "recode", "rate", "resize", "uncode", "merge", "load")


def since_the_model(store: Store) -> tuple[str, int]:
    """Return when a model's suggestions last came in, and how many codings were decided since.

    The time is empty where no model has suggested anything yet; then all decided codings count.
    What was taken back is counted in neither.
    """
    table, act, coder = schema.coding, schema.act, schema.coder
    query = select(act.c.id, act.c.time).join(table, table.c.from_act == act.c.id).distinct()
    runs = query.where(table.c.origin == "model", act.c.verb == "code").order_by(act.c.id)
    now, then = table.alias("now"), table.alias("then")
    changed = (
        select(then.c.id, then.c.from_act)
        .select_from(
            then.join(now, now.c.id == then.c.id)
            .join(act, act.c.id == then.c.from_act)
            .join(coder, coder.c.id == now.c.coder_id)
        )
        .where(
            now.c.to_act.is_(None), now.c.status.in_(("accepted", "rejected")),
            act.c.verb.in_(_DECIDING), coder.c.name != CONSENSUS,
        )
    )  # fmt: skip
    with store.reading() as connection:
        holds = holding(connection)
        found = [row for row in connection.execute(runs) if row.id in holds]
        last, time = (found[-1].id, found[-1].time) if found else (0, "")
        rows = connection.execute(changed.where(then.c.from_act > last))
        return str(time), len({row.id for row in rows if row.from_act in holds})
