"""What a coding page shows of a document, and what changed there since it last looked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, func, or_, select

from bantar_qual.records import CONSENSUS
from bantar_qual.store import schema
from bantar_qual.store.engine import Store
from bantar_qual.store.versions import parts_of, valid

MACHINES = ("cue", "model")
COLUMNS = (
    "id", "start", "end", "code", "coder", "origin", "status", "valence", "confidence",
    "because", "memo",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Eyes:
    """What a reader may see: everything, or in blind work only their own codings.

    ``coder`` is empty for a reader who sees everything; ``suggestions`` adds to a blind coder's
    own codings the open suggestions of machines.
    """

    coder: str = ""
    suggestions: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """A document's codings as of an act, or what changed in them since an earlier one."""

    act: int  # the last act that is seen here
    revision: int  # of the text; 0 where the document is gone
    codebook: int  # the act that made the codebook what it is
    codings: Sequence[Sequence[Any]]  # in the order of COLUMNS
    gone: Sequence[int]  # coding ids
    memos: Sequence[Mapping[str, Any]] | None  # None: nothing changed
    counts: Mapping[str, int]  # accepted codings in the whole study, by code
    waiting: int  # suggestions in the whole study


def look(store: Store, document: str, eyes: Eyes, *, since: int | None = None) -> Sight:
    """Look at a document: all of it, or what changed since an act."""
    with store.reading() as connection:
        last = int(connection.execute(select(func.max(schema.act.c.id))).scalar() or 0)
        table = schema.document
        query = select(table.c.id, table.c.revision_id).where(table.c.name == document)
        found = connection.execute(query.where(valid(table))).first()
        number, revision = (found.id, found.revision_id) if found else (0, 0)
        codings, gone = _codings(connection, number, eyes, since)
        counts, waiting = _counts(connection, eyes)
        return Sight(
            act=last,
            revision=revision,
            codebook=_codebook_act(connection),
            codings=codings,
            gone=gone,
            memos=_memos(connection, document, number, eyes, since),
            counts=counts,
            waiting=waiting,
        )


def document_counts(store: Store, eyes: Eyes) -> dict[str, tuple[int, int]]:
    """Count accepted codings and open suggestions of each document."""
    table, document = schema.coding, schema.document
    query = (
        select(document.c.name, table.c.status, func.count())
        .select_from(_seen_from(table).join(document, document.c.id == table.c.document_id))
        .where(valid(document), _visible(table, eyes))
        .group_by(document.c.name, table.c.status)
    )
    counts: dict[str, tuple[int, int]] = {}
    with store.reading() as connection:
        for name, status, count in connection.execute(query):
            accepted, waiting = counts.get(name, (0, 0))
            counts[name] = (
                accepted + count * (status == "accepted"),
                waiting + count * (status == "suggested"),
            )
    return counts


def words(store: Store, document: str, start: int, end: int) -> str:
    """Return the words between two positions of a document; none where it does not reach."""
    table, revision = schema.document, schema.revision
    query = (
        select(func.substr(revision.c.text, start + 1, end - start))
        .select_from(table.join(revision, revision.c.id == table.c.revision_id))
        .where(table.c.name == document, valid(table))
    )
    with store.reading() as connection:
        return str(connection.execute(query).scalar() or "")


def seen(store: Store, ids: Sequence[int], eyes: Eyes) -> list[Mapping[str, Any]]:
    """Return document, coder, origin and status of those of the codings that may be seen."""
    table, document = schema.coding, schema.document
    names = (table.c.id, document.c.name.label("document"), schema.coder.c.name.label("coder"))
    query = (
        select(*names, table.c.origin, table.c.status, table.c.start, table.c.end)
        .select_from(_seen_from(table).join(document, document.c.id == table.c.document_id))
        .where(valid(document), _visible(table, eyes))
    )
    with store.reading() as connection:
        return [
            dict(row)
            for part in parts_of(ids)
            for row in connection.execute(query.where(table.c.id.in_(part))).mappings()
        ]


def _seen_from(table: Any) -> Any:
    return table.join(schema.coder, schema.coder.c.id == table.c.coder_id)


def _visible(table: Any, eyes: Eyes) -> ColumnElement[bool]:
    shown = and_(
        valid(table), table.c.anchor == "", table.c.status != "rejected",
        schema.coder.c.name != CONSENSUS,  # it repeats what people coded; no coding counts twice
    )  # fmt: skip
    if not eyes.coder:
        return shown
    own = schema.coder.c.name == eyes.coder
    offered = and_(table.c.status == "suggested", table.c.origin.in_(MACHINES))
    return and_(shown, or_(own, offered) if eyes.suggestions else own)


def _codings(
    connection: Connection, document: int, eyes: Eyes, since: int | None
) -> tuple[list[list[Any]], list[int]]:
    table = schema.coding
    columns = [schema.coder.c.name if name == "coder" else table.c[name] for name in COLUMNS]
    query = select(*columns).select_from(_seen_from(table))
    here = table.c.document_id == document
    shown = query.where(here, _visible(table, eyes)).order_by(table.c.start, table.c.end)
    if since is None:
        return [list(row) for row in connection.execute(shown)], []
    changed = [list(row) for row in connection.execute(shown.where(table.c.from_act > since))]
    ended = select(table.c.id).where(here, table.c.to_act > since).distinct()
    left = set(connection.execute(ended).scalars())
    kept = select(table.c.id).select_from(_seen_from(table)).where(here, _visible(table, eyes))
    return changed, sorted(left - set(connection.execute(kept).scalars()) if left else left)


def _counts(connection: Connection, eyes: Eyes) -> tuple[dict[str, int], int]:
    table = schema.coding
    query = (
        select(table.c.code, table.c.status, func.count())
        .select_from(_seen_from(table))
        .where(_visible(table, eyes))
        .group_by(table.c.code, table.c.status)
    )
    counts: dict[str, int] = {}
    waiting = 0
    for code, status, count in connection.execute(query):
        if status == "accepted":
            counts[code] = int(count)
        else:
            waiting += int(count)
    return counts, waiting


def _codebook_act(connection: Connection) -> int:
    table = schema.codebook
    return int(connection.execute(select(table.c.from_act).where(valid(table))).scalar() or 0)


def _memos(
    connection: Connection, name: str, document: int, eyes: Eyes, since: int | None
) -> list[Mapping[str, Any]] | None:
    """Return the memos on the document, on its codings and on codes; None if none changed."""
    table, act, coding = schema.memo, schema.act, schema.coding
    if since is not None:
        moved = or_(table.c.from_act > since, table.c.to_act > since)
        if connection.execute(select(table.c.id).where(moved).limit(1)).first() is None:
            return None
    query = (
        select(table.c.id, table.c.about, table.c.key, table.c.text, act.c.coder, act.c.time)
        .join(act, act.c.id == table.c.from_act)
        .where(valid(table), table.c.about.in_(("document", "code", "coding")))
        .order_by(table.c.id)
    )
    if eyes.coder:
        query = query.where(act.c.coder == eyes.coder)
    theirs = {
        str(i)
        for i in connection.execute(
            select(coding.c.id).where(coding.c.document_id == document, valid(coding))
        ).scalars()
    }
    return [
        dict(row)
        for row in connection.execute(query).mappings()
        if row["about"] == "code"
        or (row["key"] == name if row["about"] == "document" else row["key"] in theirs)
    ]
