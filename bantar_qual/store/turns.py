"""The turns of a text: kept once and never changed, and so kept at hand for a while."""

from __future__ import annotations

from collections import OrderedDict
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine, select

from bantar_qual.records import Turn
from bantar_qual.store import schema

MOST = 4  # texts of each open study; more would hold a large study in memory
_NAMES = ("number", "start", "end", "speaker", "role", "time")
at_hand: WeakKeyDictionary[Engine, OrderedDict[int, tuple[Turn, ...]]] = WeakKeyDictionary()


def turns(connection: Connection, revision: int) -> tuple[Turn, ...]:
    """Return the turns of a text in order.

    What a transaction reads that is not over is not kept: it may be taken back, and its number
    given to another text.
    """
    if connection.get_execution_options().get("bantar_write"):
        return _read(connection, revision)
    kept = at_hand.setdefault(connection.engine, OrderedDict())
    found = kept.pop(revision, None)
    if found is None:
        found = _read(connection, revision)
    if found:
        kept[revision] = found
    while len(kept) > MOST:
        kept.popitem(last=False)
    return found


def _read(connection: Connection, revision: int) -> tuple[Turn, ...]:
    table = schema.turn
    query = select(*(table.c[name] for name in _NAMES)).where(table.c.revision_id == revision)
    rows = connection.execute(query.order_by(table.c.number)).all()
    return tuple(Turn(**dict(zip(_NAMES, row, strict=True))) for row in rows)
