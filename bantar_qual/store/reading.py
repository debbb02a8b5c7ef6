"""Codings, decisions and counts, out of the store."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy import Connection, func, select

from bantar_qual.frames import coded
from bantar_qual.records import CONSENSUS, ORIGINS, STATUSES, VALENCES, Status, Verdict
from bantar_qual.store import schema
from bantar_qual.store.bulk import columns
from bantar_qual.store.documents import speaker_cases
from bantar_qual.store.engine import Store
from bantar_qual.store.speakers import naming
from bantar_qual.store.versions import latest, valid

_DECIDED = ("status", "code", "valence")


def coding_rows(
    store: Store, *, statuses: Sequence[Status], moment: int | None = None, unsettled: bool = False
) -> tuple[pd.DataFrame, int]:
    """Return a row for each coding with one of the statuses, and the act after which it was so.

    Parameters
    ----------
    statuses
        Which codings.
    moment
        As they were right after this act; None for now, which is after the last act.
    unsettled
        True for the codings whose words a revision moved away, which are never counted, instead
        of all others.

    Returns
    -------
    pandas.DataFrame
        Indexed by coding id.
    int
        The act: by it the texts and cases of the same moment are found again later.

    Notes
    -----
    What repeats in every row, such as the document's name, is kept once and taken by number:
    a million rows are read in about the time that the database needs to hand them over.
    """
    table = schema.coding
    settled = table.c.anchor != "" if unsettled else table.c.anchor == ""
    chosen = (table.c.status.in_(list(statuses)), settled, valid(table, moment))
    with store.reading() as connection:
        last = latest(connection)
        asked = [name for name in _READ if name != "status" or len(statuses) > 1]
        found = columns(connection, table, asked, chosen, choices=_CHOICES)
        if len(statuses) == 1:  # it was asked for, and is known
            found["status"] = np.full(len(found["id"]), STATUSES.index(statuses[0]), np.int8)
        told = _told(connection, moment)
        turns = _turns(connection, moment)
        speakers = speaker_cases(connection, moment)
        if moment is None and latest(connection) != last:  # a colleague wrote meanwhile
            return coding_rows(store, statuses=statuses, unsettled=unsettled)
    numbers = {name: found[name] for name in _NUMBERS}
    order = np.lexsort([numbers[name] for name in ("id", "end", "start", "document_id")])
    numbers = {name: values[order] for name, values in numbers.items()}
    frame = pd.DataFrame(
        {
            "document": _taken(told["document"], numbers["document_id"]),
            "case": _taken(told["case"], numbers["document_id"]),
            "kind": _taken(told["kind"], numbers["document_id"]),
            "code": _encoded(found["code"], order),
            **{name: coded(found[name][order], words) for name, words in _CHOICES.items()},
            "coder": _taken(told["coder"], numbers["coder_id"]),
            "time": _taken(told["time"], numbers["from_act"]),
            "start": numbers["start"],
            "end": numbers["end"],
            "confidence": found["confidence"][order],
            **{name: _written(found[name], order) for name in ("because", "memo")},
        },
        index=pd.Index(numbers["id"], name="coding"),
    )
    frame = _with_turns(frame, numbers["document_id"], turns, speakers)
    return frame, last if moment is None else moment


_MANY = 10_000  # different texts, above which looking them up is no gain
_NUMBERS = ("id", "document_id", "coder_id", "from_act", "start", "end")
_CHOICES = {"origin": ORIGINS, "status": STATUSES, "valence": VALENCES}
_READ = (*_NUMBERS, *_CHOICES, "code", "confidence", "because", "memo")


def _told(connection: Connection, moment: int | None) -> dict[str, dict[int, str | None]]:
    """Return what is told once for many codings, by the number that the codings keep."""
    document, case, coder, act = schema.document, schema.case, schema.coder, schema.act
    query = select(document.c.id, document.c.name, document.c.kind, case.c.name.label("case"))
    joined = document.outerjoin(case, (case.c.id == document.c.case_id) & valid(case, moment))
    documents = connection.execute(query.select_from(joined).where(valid(document, moment))).all()
    return {
        "document": {row.id: row.name for row in documents},
        "kind": {row.id: row.kind for row in documents},
        "case": {row.id: row.case for row in documents},
        "coder": {row.id: row.name for row in connection.execute(select(coder.c.id, coder.c.name))},
        "time": {row.id: row.time for row in connection.execute(select(act.c.id, act.c.time))},
    }


def _taken(told: Mapping[int, str | None], numbers: Any) -> pd.Categorical:
    """Return the words for numbers, each word kept once; an unknown number has none."""
    found = [told.get(number) for number in _used(numbers).tolist()]
    words = list(dict.fromkeys(word for word in found if word is not None))
    position = {word: place for place, word in enumerate(words)}
    codes = [-1 if word is None else position[word] for word in found]
    return coded(_mapped(numbers, _used(numbers), codes), words)


def _used(numbers: Any) -> Any:
    """Return the different numbers in order: ids are dense, so counting beats sorting."""
    return np.flatnonzero(np.bincount(numbers)) if len(numbers) else np.zeros(0, np.int64)


def _mapped(numbers: Any, used: Any, values: Sequence[int]) -> Any:
    """Return for each number the value that belongs to it among the used ones."""
    small = np.min_scalar_type(-1 - max([0, *values]))  # a million are moved faster
    table = np.full(int(used[-1]) + 1 if len(used) else 0, -1, dtype=small)
    table[used] = values
    return table[numbers]


def _encoded(values: Sequence[Any], order: Any) -> pd.Categorical:
    """Keep each of a column's few words once."""
    words = list(dict.fromkeys(values))
    known = [word for word in words if word is not None]
    return coded(_places(values, words, known, order), known)


def _written(values: Sequence[str], order: Any) -> Any:
    """Return a column of texts; what repeats, as empty memos do, is made once."""
    words = list(dict.fromkeys(values))
    if len(words) > _MANY:
        return np.array(values, dtype=object)[order]
    return pd.array(words, dtype="str").take(_places(values, words, words, order))


def _places(values: Sequence[Any], words: Sequence[Any], known: Sequence[Any], order: Any) -> Any:
    """Return, in order, the place of each value among the known words; -1 for none of them."""
    position: dict[Any, int] = dict.fromkeys(words, -1)
    position |= {word: place for place, word in enumerate(known)}
    if len(words) == 1:
        return np.full(len(order), position[words[0]], dtype=np.int64)
    codes: Any = np.fromiter(map(position.__getitem__, values), dtype=np.int64, count=len(values))
    return codes[order]


def _turns(connection: Connection, moment: int | None) -> dict[str, Any]:
    """Return all turns in reading order: document id, start, number and speaker of each."""
    document = schema.document
    columns_ = (document.c.revision_id, document.c.id, document.c.guid)
    rows = connection.execute(select(*columns_).where(valid(document, moment))).all()
    owners = {row.revision_id: row.id for row in rows}
    names = ("revision_id", "start", "number", "speaker")
    turns = columns(connection, schema.turn, names, (schema.turn.c.revision_id.is_not(None),))
    used = _used(turns["revision_id"])
    theirs = [owners.get(revision, -1) for revision in used.tolist()]
    owner = _mapped(turns["revision_id"], used, theirs)
    order = np.lexsort([turns["start"], owner])
    order = order[owner[order] >= 0]  # turns of an older text have no document now
    if known := naming(connection, moment):
        guids = {row.id: row.guid for row in rows}
        pairs = list(zip(owner.tolist(), turns["speaker"], strict=True))
        meant = {(i, said): known.of(guids.get(i, ""), said) for i, said in set(pairs)}
        turns["speaker"] = [m.name if (m := meant[pair]) else pair[1] for pair in pairs]
    return {
        "document_id": owner[order],
        "start": turns["start"][order],
        "number": turns["number"][order],
        "speaker": _encoded(turns["speaker"], order),
    }


def _with_turns(
    frame: pd.DataFrame,
    documents: Any,
    turns: Mapping[str, Any],
    speakers: Mapping[tuple[int, str], str],
) -> pd.DataFrame:
    """Add the turn in which each coding begins, who speaks in it, and whose case that is."""
    if frame.empty or not len(turns["start"]):
        return frame.assign(turn=0, speaker="")
    wide = np.int64(1) << 32
    opens = turns["document_id"] * wide + turns["start"]
    begins = documents * wide + frame["start"].to_numpy(np.int64)
    at = np.maximum(np.searchsorted(opens, begins, side="right") - 1, 0)
    inside = (opens[at] <= begins) & (turns["document_id"][at] == documents)
    said = turns["speaker"]
    frame = frame.assign(
        turn=np.where(inside, turns["number"][at], 0),
        speaker=coded(np.where(inside, said.codes[at], -1), list(said.categories)),
    )
    if speakers:
        places = zip(documents, frame["speaker"], frame["case"], strict=True)
        frame["case"] = [speakers.get((int(document), who), case) for document, who, case in places]
    return frame


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
    """Count the codings of each status; what coders agreed on repeats theirs, and is left out."""
    table, coder = schema.coding, schema.coder
    counted = (valid(table), table.c.anchor == "", coder.c.name != CONSENSUS)
    joined = table.join(coder, coder.c.id == table.c.coder_id)
    query = select(table.c.status, func.count()).select_from(joined).where(*counted)
    query = query.group_by(table.c.status)
    with store.reading() as connection:
        return {status: int(count) for status, count in connection.execute(query)}
