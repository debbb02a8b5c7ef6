"""What becomes of each thing when two studies are merged: pure rules, nothing is written."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from typing import Any

from bantar_qual.project.renaming import Renaming
from bantar_qual.project.threeway import FIELDS, PLACE, Books, codes, each, outcome, settle, told
from bantar_qual.store.meeting import Meeting, Row, Step

_OWN = ("coder", "language", "title", "merged ")  # settings that stay each study's own
_KEY = ("document", "start", "end", "code", "coder")


def weave(meeting: Meeting) -> tuple[list[Step], str]:
    """Decide what becomes of each thing of two studies that know it by the same GUID.

    Returns
    -------
    tuple
        What becomes of each thing, and the codebook that comes out.
    """
    base, ours, theirs = meeting.base, meeting.ours, meeting.theirs
    books = Books.parse(base.codebook, ours.codebook, theirs.codebook)
    _call(meeting, books.paths)
    skipped = _place(meeting, books.depth)
    _same_codings(meeting)
    codings = _codings(meeting)
    documents = _documents(meeting, codings)
    cases = _cases(meeting, documents)
    values = [
        step
        for kind, name in (
            ("case attribute", "case_values"),
            ("document attribute", "document_values"),
            ("speaker", "speakers"),
        )
        for step in each(kind, *(getattr(state, name) for state in (base, ours, theirs)))
    ]
    memos = _memos(meeting, {step.key for step in skipped}, [*documents, *cases])
    used = {row["code"] for step in (*codings, *memos) if (row := outcome(step))}
    coded, book = codes(books, used)
    _recode((*codings, *memos))
    steps = [*documents, *cases, *values, *_settings(meeting), *coded, *codings, *skipped, *memos]
    return steps, ours.codebook if book == books.ours else book.to_yaml()


# ---------------------------------------------------------------- codings


def _call(meeting: Meeting, paths: Renaming) -> None:
    """Give codings and memos everywhere the path that their code has after the merge.

    So a rename is no change of theirs, and what both sides gave to one code meets.
    """
    states = (meeting.base, meeting.ours, meeting.theirs)
    for state, names in zip(states, (paths.base, paths.ours, paths.theirs), strict=True):
        for row in (*state.codings.values(), *state.memos.values()):
            row["was"], row["code"] = row["code"], names.get(row["code"], row["code"])
        for row in state.memos.values():
            if row["about"] == "code":
                row["key"] = row["subject"] = row["code"]


def _recode(steps: Iterable[Step]) -> None:
    """Write down the new paths of our own codings and memos."""
    for step in steps:
        if step.ours and step.ours["guid"] == step.key and outcome(step) and _renamed(step):
            step.values.setdefault("code", step.ours["code"])


def _place(meeting: Meeting, depth: int) -> list[Step]:
    """Find the words of their codings in our text where it is another one.

    Those that cannot come here are taken out, and returned with the reason.
    """
    ours, theirs, base = meeting.ours, meeting.theirs, meeting.base
    skipped = []
    for guid, row in list(theirs.codings.items()):
        if guid in ours.codings:
            continue
        here, there = ours.documents.get(row["document"]), theirs.documents[row["document"]]
        reason = ""
        if row["code"].count(".") >= depth:
            reason = "its code lies deeper than our codebook has levels"
        elif here and here["sha256"] != there["sha256"]:
            reason = _move(row, meeting.text_here(here), meeting.text_there(there))
            if guid not in meeting.known:  # it could not come before, and was not ended here
                base.codings.pop(guid, None)
        if reason:
            del theirs.codings[guid]
            base.codings.pop(guid, None)
            skipped.append(Step("coding", guid, "skipped", theirs=row, note=reason))
    return skipped


def _move(row: Row, here: str, there: str) -> str:
    """Give a coding the place of its words in another text; return why that cannot be."""
    words = there[row["start"] : row["end"]]
    start = here.find(words)
    if row["anchor"] or not words:
        return "its words are not settled there since the text was revised"
    if start < 0:
        return "its words do not stand in our text"
    if here.find(words, start + 1) >= 0:
        return "its words stand in our text more than once"
    row |= {"start": start, "end": start + len(words)}
    return ""


def _same_codings(meeting: Meeting) -> None:
    """Know their codings of the same words, code and coder by our GUIDs."""
    ours, theirs = meeting.ours.codings, meeting.theirs.codings
    mine = sorted(ours, key=lambda guid: ours[guid]["code"] == ours[guid]["was"])
    known = {_key(ours[guid]): guid for guid in mine if guid not in theirs}
    same = {
        guid: known[_key(row)]
        for guid, row in theirs.items()
        if guid not in ours and _key(row) in known
    }
    for state in (meeting.theirs, meeting.base):
        state.codings = {same.get(guid, guid): row for guid, row in state.codings.items()}
        for row in state.memos.values():
            row["subject"] = same.get(row["subject"], row["subject"])


def _key(row: Row) -> tuple[Any, ...]:
    return tuple(row[name] for name in _KEY)


def _codings(meeting: Meeting) -> list[Step]:
    """Decide each coding as a whole: a status without the code that it is about says nothing."""
    base, ours, theirs = meeting.base, meeting.ours, meeting.theirs
    steps = []
    for guid in dict.fromkeys((*ours.codings, *theirs.codings)):
        was, here, there = (state.codings.get(guid) for state in (base, ours, theirs))
        fields = FIELDS["coding"]
        if here and there and _revised(meeting, here["document"]):
            fields = tuple(name for name in fields if name not in PLACE)
        if here and there and not was and here["origin"] != "hand":
            was = _suggested(here, there)
        step = Step("coding", guid, settle(was, here, there, fields), was, here, there)
        if step.state == "taken" and here and there:
            step.values = {name: there[name] for name in fields if here[name] != there[name]}
        steps.append(step)
    _one_ofeach(steps)
    return steps


def _suggested(here: Row, there: Row) -> Row | None:
    """Return where both began with a machine's suggestion: only the decisions about it differ."""
    waiting = [row for row in (there, here) if row["status"] == "suggested"]
    rated = [row for row in waiting if row["valence"]]
    if len(rated) > 1 and here["valence"] != there["valence"]:
        return None
    return next((row for row in waiting if not row["valence"]), next(iter(waiting), None))


def _revised(meeting: Meeting, document: str) -> bool:
    """Tell whether a document has two texts."""
    rows = [state.documents.get(document) for state in (meeting.ours, meeting.theirs)]
    return len({row["sha256"] for row in rows if row}) > 1


def _one_ofeach(steps: Iterable[Step]) -> None:
    """See that no two codings become the same: the one that is here stays."""
    order = ("equal", "kept", "conflict", "taken", "added")
    remain = [step for step in steps if outcome(step)]
    taken: dict[tuple[Any, ...], Row] = {}
    for step in sorted(remain, key=lambda step: (_renamed(step), order.index(step.state))):
        row = outcome(step) or {}
        twin = taken.setdefault(_key(row), row)
        if twin is row:
            continue
        step.note = "its twin stays: the same words, code and coder"
        if step.state == "added":
            same = all(twin[name] == row[name] for name in FIELDS["coding"])
            step.state, step.ours = "equal" if same else "conflict", twin
        else:
            step.state, step.values = "ended", {}


def _renamed(step: Step) -> bool:
    """Tell whether a coding of ours gets another code because its code is called otherwise."""
    return bool(step.ours and step.ours["code"] != step.ours["was"])


# ---------------------------------------------------------------- documents, cases, memos


def _documents(meeting: Meeting, codings: Iterable[Step]) -> list[Step]:
    """Decide the documents; one that codings or attributes still need does not end."""
    base, ours, theirs = meeting.base, meeting.ours, meeting.theirs
    needed = {row["document"] for step in codings if (row := outcome(step))}
    for name in ("document_values", "speakers"):
        needed |= _changed_owners(meeting, "documents", name)
    _rescue(meeting, "documents", ("document_values", "speakers"), needed)
    steps = each("document", base.documents, ours.documents, theirs.documents)
    _name(steps)
    for step in steps:
        if _revised(meeting, step.key):
            step.note = (
                "the texts differ; only codings whose words stand once in ours were brought in"
            )
    return steps


def _cases(meeting: Meeting, documents: Iterable[Step]) -> list[Step]:
    """Decide the cases; one that a document, a speaker or an attribute needs does not end."""
    base, ours, theirs = meeting.base, meeting.ours, meeting.theirs
    speakers = each("speaker", base.speakers, ours.speakers, theirs.speakers)
    needed = {row["case"] for step in (*documents, *speakers) if (row := outcome(step))}
    needed |= _changed_owners(meeting, "cases", "case_values")
    _rescue(meeting, "cases", ("case_values",), needed)
    steps = each("case", base.cases, ours.cases, theirs.cases)
    _name(steps)
    return steps


def _changed_owners(meeting: Meeting, things: str, values: str) -> set[str]:
    """Name those that are on one side only and whose attributes changed there."""
    base = getattr(meeting.base, values)
    field = "case" if values == "speakers" else "value"
    return {
        owner
        for one, two in ((meeting.ours, meeting.theirs), (meeting.theirs, meeting.ours))
        for (owner, key), row in getattr(one, values).items()
        if owner not in getattr(two, things) and row[field] != base.get((owner, key), {}).get(field)
    }


def _rescue(meeting: Meeting, things: str, values: Sequence[str], needed: set[str]) -> None:
    """Let what is needed and is on one side only count as new there, with its attributes."""
    ours, theirs = getattr(meeting.ours, things), getattr(meeting.theirs, things)
    rescued = {guid for guid in needed if (guid in ours) != (guid in theirs)}
    for guid in rescued:
        getattr(meeting.base, things).pop(guid, None)
    for name in values:
        kept = {k: v for k, v in getattr(meeting.base, name).items() if k[0] not in rescued}
        setattr(meeting.base, name, kept)


def _name(steps: Iterable[Step]) -> None:
    """See that no two documents, or cases, get the same name."""
    remain = [step for step in steps if outcome(step)]
    taken = {step.ours["name"] for step in remain if step.ours}
    for step in remain:
        wanted = (outcome(step) or {})["name"]
        if step.state == "added":
            step.values["name"] = free(wanted, taken)
        elif "name" in step.values and wanted in taken:
            del step.values["name"]
            step.state, step.note = "conflict", f"another is called '{wanted}' here"
        taken.add((outcome(step) or {})["name"])


def free(name: str, taken: Iterable[str]) -> str:
    """Return the name, or the next one like it that nobody has."""
    known, number, wanted = set(taken), 2, name
    while wanted in known:
        wanted, number = f"{name} ({number})", number + 1
    return wanted


def _settings(meeting: Meeting) -> list[Step]:
    states = (meeting.base, meeting.ours, meeting.theirs)
    chosen = [{k: v for k, v in s.settings.items() if not k.startswith(_OWN)} for s in states]
    return each("setting", *chosen)


def _memos(meeting: Meeting, skipped: set[Any], owners: Iterable[Step]) -> list[Step]:
    """Decide the memos; one about a thing that is not here cannot come."""
    steps = each("memo", meeting.base.memos, meeting.ours.memos, meeting.theirs.memos)
    names = {step.key: row["name"] for step in owners if (row := outcome(step))}
    for step in steps:
        if step.state != "added" or not step.theirs:
            continue
        about, subject = step.theirs["about"], step.theirs["subject"]
        if about in {"document", "case"} and subject in names:
            step.values["key"] = names[subject]
        elif about in {"document", "case"} or subject in skipped:
            step.state, step.note = "skipped", f"the {about} that it is about is not here"
    return steps


def conflict_memos(steps: Iterable[Step], source: str) -> list[Step]:
    """Return a memo for each coding that was decided differently on both sides."""
    memos = []
    for step in steps:
        if step.kind != "coding" or step.state != "conflict" or not (step.ours and step.theirs):
            continue
        here, there = told(step)
        text = f"Merged with {source}. Here: {here}. There: {there}."
        subject = step.ours["guid"]
        row = {"about": "coding", "key": "", "subject": subject, "code": "", "text": text}
        row["guid"] = str(uuid.uuid5(uuid.NAMESPACE_URL, f"{subject} {text}"))
        memos.append(Step("memo", row["guid"], "added", theirs=row))
    return memos
