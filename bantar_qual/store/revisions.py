"""Corrected texts: further revisions of documents, and where their codings went."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd
from sqlalchemy import Connection, select

from bantar_qual.records import Document
from bantar_qual.store import schema
from bantar_qual.store.documents import add_revision, checksum
from bantar_qual.store.engine import Store
from bantar_qual.store.versions import Act, acting, acts, parts_of, valid
from bantar_qual.text.anchors import Anchor, State, reanchor

_ORDER = ("kept", "moved", "unsure", "lost")  # who may stay where two would stand at one place
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Moved:
    """A coding, where its words stood for sure, and where it stands or is offered now."""

    row: Row  # its version that is valid now
    text: str  # the text in which its words stood for sure
    start: int
    end: int
    anchor: Anchor


def revise(store: Store, document: Document, *, coder: str, reason: str = "") -> list[Moved]:
    """Give a document another text and find its codings in it, all in one act.

    A coding that waits to be settled is looked for by the words that it had when it was last
    settled. Where the document had the new text before, a coding whose place is not sure is
    offered the place that it had there. Two codings of one coder with one code never stand at
    the same place: the first stays, the other is offered the next place beside it.

    Parameters
    ----------
    document
        The document with its new text and turns.

    Returns
    -------
    list of Moved
        One for each coding of the document, whatever its status and coder.
    """
    holding = _holding(store)
    table = schema.document
    with acting(store, "revise", coder=coder, note=document.name, reason=reason) as act:
        query = select(table.c.id, schema.revision.c.text).join(
            schema.revision, schema.revision.c.id == table.c.revision_id
        )
        now = act.connection.execute(query.where(table.c.name == document.name, valid(table))).one()
        codings = _sources(act.connection, now.id, now.text, holding)
        if document.text == now.text:
            return codings
        before = _places_before(act.connection, now.id, document.text)
        moved = _apart(_anchored(codings, document.text, before), len(document.text))
        revision = add_revision(act.connection, document)
        act.change(table, [now.id], {"revision_id": revision})
        _write(act, moved)
        return moved


def _holding(store: Store) -> set[int]:
    history = acts(store)
    return set(history.index[history["holds"]])


def _sources(connection: Connection, document_id: int, text: str, holding: set[int]) -> list[Moved]:
    """Return the codings of a document, each with the words that it had when it was sure."""
    table = schema.coding
    mine = table.c.document_id == document_id
    rows = connection.execute(select(table).where(mine, valid(table)).order_by(table.c.id))
    found = []
    settled = _settled(connection, document_id, holding)
    for row in map(dict, rows.mappings()):
        start, end = row["start"], row["end"]
        if not row["anchor"]:
            found.append(Moved(row, text, start, end, Anchor(start, end, "kept", 1.0)))
        else:
            source = settled.get(row["id"], (text, start, end))
            offered = Anchor(start, end, row["anchor"], math.nan)
            found.append(Moved(row, source[0], source[1], source[2], offered))
    return found


def _settled(
    connection: Connection, document_id: int, holding: set[int]
) -> dict[int, tuple[str, int, int]]:
    """Return where each coding that waits stood last for sure: the text and the place in it."""
    last = settled_places(connection, document_id, holding)
    revision, wanted = schema.revision, {place[0] for place in last.values()}
    query = select(revision.c.id, revision.c.text).where(revision.c.id.in_(wanted))
    texts: dict[int, str] = {row.id: row.text for row in connection.execute(query)}
    return {key: (texts[number], start, end) for key, (number, start, end) in last.items()}


def settled_places(
    connection: Connection, document_id: int, holding: set[int]
) -> dict[int, tuple[int, int, int]]:
    """Return where each coding that waits stood last for sure: the text's id and the place.

    Versions that an undone act made do not count, nor do those that undo and redo copied.
    """
    table, other = schema.coding, schema.coding.alias("waiting")
    document = schema.document
    waiting = select(other.c.id).where(
        other.c.document_id == document_id, other.c.anchor != "", other.c.to_act.is_(None)
    )
    then = (
        (document.c.id == table.c.document_id)
        & (document.c.from_act <= table.c.from_act)
        & (document.c.to_act.is_(None) | (document.c.to_act > table.c.from_act))
    )
    query = (
        select(table.c.id, table.c.from_act, table.c.start, table.c.end, document.c.revision_id)
        .join(document, then)
        .where(table.c.id.in_(waiting), table.c.anchor == "")
        .order_by(table.c.version)
    )
    return {
        row.id: (row.revision_id, row.start, row.end)
        for row in connection.execute(query)
        if row.from_act in holding
    }


def _places_before(
    connection: Connection, document_id: int, text: str
) -> dict[int, tuple[int, int]]:
    """Return where codings stood for sure when the document last had this text, if it had."""
    document, revision, coding = schema.document, schema.revision, schema.coding
    had = (
        select(document.c.to_act)
        .join(revision, revision.c.id == document.c.revision_id)
        .where(document.c.id == document_id, revision.c.sha256 == checksum(text))
        .order_by(document.c.to_act.desc())
    )
    ended = connection.execute(had).scalars().first()
    if ended is None:
        return {}
    query = select(coding.c.id, coding.c.start, coding.c.end).where(
        coding.c.document_id == document_id, coding.c.anchor == "", valid(coding, ended - 1)
    )
    return {row.id: (row.start, row.end) for row in connection.execute(query)}


def _anchored(
    codings: Iterable[Moved], text: str, before: Mapping[int, tuple[int, int]]
) -> list[Moved]:
    """Find every coding in the new text, with one alignment for each text it comes from."""
    groups: dict[str, list[Moved]] = {}
    for coding in codings:
        groups.setdefault(coding.text, []).append(coding)
    moved = []
    for source, group in groups.items():
        anchors = reanchor(source, text, [(c.start, c.end) for c in group])
        for coding, anchor in zip(group, anchors, strict=True):
            place = before.get(coding.row["id"])
            at = anchor
            if place and anchor.state in {"unsure", "lost"}:
                same = text[slice(*place)] == source[coding.start : coding.end]
                # Its own old place in this very text: sure, unless somebody moved it since.
                sure: State = "kept" if place == (coding.start, coding.end) else "moved"
                state = sure if same and coding.row["anchor"] else "unsure"
                at = Anchor(*place, state, max(anchor.score, float(same)))
            moved.append(replace(coding, anchor=at))
    return sorted(moved, key=lambda coding: int(coding.row["id"]))


def _apart(codings: Iterable[Moved], length: int) -> list[Moved]:
    """Let no two codings of one coder with one code stand at the same place."""
    taken: set[tuple[int, int, str, int]] = set()
    placed = []
    for coding in sorted(codings, key=lambda c: (_ORDER.index(c.anchor.state), c.row["id"])):
        anchor, who = coding.anchor, (coding.row["code"], coding.row["coder_id"])
        if (anchor.start, anchor.end, *who) in taken:
            start, end = next(
                place
                for place in _beside(anchor.start, anchor.end, length)
                if (*place, *who) not in taken
            )
            state: State = "lost" if anchor.state == "lost" else "unsure"
            anchor = replace(anchor, start=start, end=end, state=state)
        taken.add((anchor.start, anchor.end, *who))
        placed.append(replace(coding, anchor=anchor))
    return sorted(placed, key=lambda coding: int(coding.row["id"]))


def _beside(start: int, end: int, length: int) -> Iterable[tuple[int, int]]:
    """Yield the stretches beside a stretch, the nearest first.

    Where a text is too short for its codings, and only there, they queue behind its end.
    """
    for by in range(1, length + 1):
        for left, right in ((0, -by), (by, 0), (0, by), (-by, 0), (by, by), (-by, -by), (-by, by)):
            if 0 <= start + left < end + right <= length:
                yield start + left, end + right
    while True:
        yield length, length + 1
        length += 1


def _write(act: Act, codings: Iterable[Moved]) -> None:
    """Give the codings their new places: end all versions that change, then begin the new ones.

    One after the other would not do: a coding may go where another one still stands.
    """
    table = schema.coding
    rows = []
    for coding in codings:
        anchor = coding.anchor
        state = anchor.state if anchor.state in {"unsure", "lost"} else ""
        place = {"start": anchor.start, "end": anchor.end, "anchor": state}
        if any(coding.row[name] != value for name, value in place.items()):
            fresh = {k: v for k, v in coding.row.items() if k not in {"version", "to_act"}}
            rows.append(fresh | place | {"from_act": act.id})
    act.end_all(table, (row["id"] for row in rows))
    if rows:
        act.connection.execute(table.insert(), rows)


# ---------------------------------------------------------------- settling


def waiting(store: Store) -> list[tuple[str, str, Moved]]:
    """Return the codings that wait to be settled, each with its document and that one's text."""
    table = schema.document
    holding = _holding(store)
    query = (
        select(table.c.id, table.c.name, schema.revision.c.text)
        .join(schema.revision, schema.revision.c.id == table.c.revision_id)
        .where(
            valid(table),
            table.c.id.in_(
                select(schema.coding.c.document_id).where(
                    schema.coding.c.anchor != "", valid(schema.coding)
                )
            ),
        )
        .order_by(table.c.id)
    )
    found = []
    with store.reading() as connection:
        for row in connection.execute(query).all():
            codings = _sources(connection, row.id, row.text, holding)
            found += [(row.name, row.text, c) for c in codings if c.row["anchor"]]
    return found


def settle(
    store: Store,
    ids: Iterable[int],
    *,
    place: tuple[int, int] | None,
    drop: bool,
    coder: str,
    reason: str = "",
) -> int:
    """Accept the offered places of codings, give one another place, or end them, in one act.

    A coding whose place is taken by one of the same coder with the same code is ended: its twin
    stays.
    """
    table = schema.coding
    wanted = sorted({int(i) for i in ids})
    note = f"{len(wanted)} codings" + (" dropped" if drop else "")
    with acting(store, "settle", coder=coder, note=note, reason=reason) as act:
        done = 0
        for part in parts_of(wanted):
            chosen = table.c.id.in_(part) & (table.c.anchor != "")
            if drop or (place and _has_twin(act, part[0], place)):
                done += act.end(table, chosen)
                continue
            values: dict[str, Any] = {"anchor": ""}
            if place:
                values |= {"start": place[0], "end": place[1]}
            query = select(table.c.id).where(chosen, valid(table))
            done += act.change(table, act.connection.execute(query).scalars().all(), values)
        return done


def _has_twin(act: Act, coding: int, place: tuple[int, int]) -> bool:
    """Tell whether another coding of the same coder and code stands at a place for sure."""
    table, mine = schema.coding, schema.coding.alias("mine")
    same = [table.c[name] == mine.c[name] for name in ("document_id", "code", "coder_id")]
    query = (
        select(table.c.id)
        .join(mine, (mine.c.id == coding) & mine.c.to_act.is_(None))
        .where(
            *same,
            table.c.id != coding,
            table.c.start == place[0],
            table.c.end == place[1],
            valid(table),
        )
    )
    return act.connection.execute(query).first() is not None


# ---------------------------------------------------------------- reading


def coders(store: Store) -> dict[int, str]:
    """Return the names of the coders by their ids."""
    table = schema.coder
    with store.reading() as connection:
        return {row.id: row.name for row in connection.execute(select(table.c.id, table.c.name))}


def revisions(store: Store, name: str) -> pd.DataFrame:
    """Return a row for each text that a document has had by an act that still holds."""
    table, revision, act = schema.document, schema.revision, schema.act
    holding = _holding(store)
    mine = select(table.c.id).where(table.c.name == name, valid(table)).scalar_subquery()
    query = (
        select(
            table.c.revision_id, act.c.id, act.c.time, act.c.coder, act.c.reason, revision.c.text,
            revision.c.sha256,
        )
        .join(revision, revision.c.id == table.c.revision_id)
        .join(act, act.c.id == table.c.from_act)
        .where(table.c.id == mine)
        .order_by(table.c.version)
    )  # fmt: skip
    with store.reading() as connection:
        rows = connection.execute(query).all()
    first = {row.revision_id: row for row in reversed(rows)}
    told = [row for row in reversed(first.values()) if row.id in holding]
    return pd.DataFrame(
        [
            (n, row.time, row.coder, row.reason, len(row.text), row.sha256[:12])
            for n, row in enumerate(told, 1)
        ],
        columns=["number", "time", "coder", "reason", "characters", "sha256"],
    ).set_index("number")
