"""Keep what two coders agreed on: codings of a coder of its own, beside theirs."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, select

from bantar_qual.records import CONSENSUS
from bantar_qual.store import codings as _codings
from bantar_qual.store import schema
from bantar_qual.store.engine import Store
from bantar_qual.store.versions import acting, valid

Key = tuple[str, int, int, str]  # document, start, end, code


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreed:
    """What was decided about one code on one stretch: accepted, or rejected."""

    id: int
    status: str
    valence: str | None
    reason: str
    sure: bool  # False where a corrected transcript moved its words away


def coders(store: Store) -> list[str]:
    """Name everybody who ever coded in the study, people and machines, in order."""
    table = schema.coder
    with store.reading() as connection:
        return sorted(connection.execute(select(table.c.name)).scalars())


def layer(store: Store) -> dict[Key, Agreed]:
    """Return what was agreed on, by document, stretch and code."""
    with store.reading() as connection:
        return _layer(connection)


def _layer(connection: Connection) -> dict[Key, Agreed]:
    table, document, coder, act = schema.coding, schema.document, schema.coder, schema.act
    query = (
        select(table, document.c.name, act.c.reason)
        .join(document, document.c.id == table.c.document_id)
        .join(coder, coder.c.id == table.c.coder_id)
        .join(act, act.c.id == table.c.from_act)
        .where(valid(table), valid(document), coder.c.name == CONSENSUS)
    )
    return {
        (row["name"], row["start"], row["end"], row["code"]): Agreed(
            id=row["id"],
            status=row["status"],
            valence=row["valence"],
            reason=row["reason"],
            sure=not row["anchor"],
        )
        for row in connection.execute(query).mappings()
    }


def agree(
    store: Store,
    wanted: Mapping[Key, tuple[str, str | None]],
    *,
    ended: Iterable[Key] = (),
    coder: str,
    note: str = "",
    reason: str = "",
) -> int:
    """Write decisions into the consensus layer in one act.

    Parameters
    ----------
    wanted
        The status and the valence that each code on each stretch has from now on.
    ended
        What an earlier decision wrote and does not hold any more.
    coder, note, reason
        Who decides, what the history says about it, and why.

    Returns
    -------
    int
        How many codings of the layer are new, changed or ended. Deciding the same twice changes
        nothing.
    """
    table, document = schema.coding, schema.document
    with acting(store, "agree", coder=coder, note=note, reason=reason) as act:
        there = _layer(act.connection)
        query = select(document.c.name, document.c.id).where(valid(document))
        numbers = {row.name: row.id for row in act.connection.execute(query)}
        owner = _codings.coder_id(act.connection, CONSENSUS) if wanted else 0
        fresh, changed = [], 0
        for (name, start, end, code), (status, valence) in wanted.items():
            known = there.get((name, start, end, code))
            said = {"status": status, "valence": valence, "anchor": ""}
            if known is None:
                place = {"document_id": numbers[name], "start": start, "end": end, "code": code}
                whose = {"guid": str(uuid.uuid4()), "coder_id": owner, "origin": "hand"}
                empty = {"confidence": None, "because": "", "memo": ""}
                fresh.append(place | whose | empty | said)
            elif (known.status, known.valence, known.sure) != (status, valence, True):
                changed += act.change(table, [known.id], said)
        ids = [there[key].id for key in ended if key in there and key not in wanted]
        return len(act.add(table, fresh)) + changed + act.end_all(table, ids)
