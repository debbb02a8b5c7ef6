"""Name the labels in the transcripts once for the study, and say who asks and who answers."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import pandas as pd

from bantar_qual.errors import (
    BantarWarning,
    FrameError,
    ProjectError,
    UnknownDocument,
    UnknownSpeaker,
    did_you_mean,
)
from bantar_qual.project.speakers import speakers, words_of
from bantar_qual.records import EVERYONE, Role
from bantar_qual.store import speakers as _speakers
from bantar_qual.store.speakers import NOBODY, Labelled, Meaning
from bantar_qual.text.turns import layout, role_of

if TYPE_CHECKING:
    from bantar_qual.project import Project

Told = Literal["interviewer", "informant", "nobody"]
_ROLES: dict[str, Role] = {"interviewer": "interviewer", "informant": "informant", NOBODY: ""}
_LISTED = 4  # documents that a sentence names


def name_speakers(
    project: Project,
    names: Mapping[str, str] | pd.DataFrame | None = None,
    *,
    roles: Mapping[str, Told] | None = None,
    documents: str | Iterable[str] | None = None,
    reason: str = "",
) -> pd.DataFrame:
    r"""Say once for the study who the labels are; all documents follow, also later ones.

    The transcripts stay as they are, and so do codings and positions: only the names and roles of
    the turns change. The interviewer's turns are not counted and get no suggestions. A label that
    was not found to be a speaker becomes one. One ``undo`` takes it back.

    Parameters
    ----------
    names
        The name for each label: ``{"Interviewer1": "Interviewer", "P": "Pewawancara"}``. A name
        that a speaker goes by now may stand for its labels. Or a selection of
        ``project.speakers()``, to take over its columns ``canonical`` and ``role``.
    roles
        Who asks and who answers, by name or label: ``{"Sari": "interviewer"}``; ``nobody`` for a
        voice that does neither, such as that of a translator.
    documents
        Only in this document or these, where a letter means one person here and another there.
    reason
        Why, if it should stand in the history.

    Returns
    -------
    pandas.DataFrame
        ``project.speakers()`` as it is now.

    Raises
    ------
    UnknownSpeaker
        If no transcript has such a label.
    UnknownDocument
        If there is no such document.
    ProjectError
        If a label asks in some documents and answers in others, and it was not said in which; if
        two speakers who belong to two cases would become one.
    FrameError
        If a frame is no selection of ``project.speakers()``.

    Warns
    -----
    BantarWarning
        If codings stand in turns that are the interviewer's now.

    Examples
    --------
    >>> from bantar_qual import Project
    >>> project = Project.create(tmp / "n.bantar", codebook="edwards-iii")
    >>> _ = (tmp / "satu.txt").write_text("P1: Why?\nB: Money.\nP1: Since?\nB: March.\nB: Yes.")
    >>> _ = project.import_documents(tmp / "satu.txt")
    >>> named = name_speakers(project, {"P1": "Sari", "B": "Budi"}, roles={"Sari": "interviewer"})
    >>> named[["label", "speaker", "role"]]
      label speaker         role
    0    P1    Sari  interviewer
    1     B    Budi    informant
    """
    found = list(_speakers.labelled(project.store))
    asked = _asking(found)
    chosen = _chosen(project, found, documents)
    if isinstance(names, pd.DataFrame):
        wishes = _of_frame(names, found)
    else:
        wishes = _of_mapping(names or {}, roles or {}, chosen)
    retyped = _missed(project, wishes, chosen)
    meanings = _meanings(project, wishes, [*found, *retyped], chosen, everywhere=documents is None)
    _speakers.name_speakers(
        project.store,
        meanings,
        retyped=[(one.guid, one.document) for one in retyped],
        coder=project.coder,
        reason=reason,
    )
    _warn_of_codings(project, asked)
    return speakers(project)


@dataclass(frozen=True, slots=True)
class _Wish:
    """What somebody wants a label to mean; None leaves name or role as they are."""

    name: str | None
    role: Role | None
    documents: frozenset[str] | None = None  # None: wherever it was asked for


def _chosen(
    project: Project, found: Sequence[Labelled], documents: str | Iterable[str] | None
) -> list[Labelled]:
    """Return the documents that are meant."""
    if documents is None:
        return list(found)
    wanted = [documents] if isinstance(documents, str) else list(documents)
    known = {one.document.name: one for one in found}
    for name in wanted:
        if name not in known:
            raise UnknownDocument(name, list(known), f"'{project.path.name}'")
    return [known[name] for name in wanted]


def _of_mapping(
    names: Mapping[str, str], roles: Mapping[str, str], chosen: Sequence[Labelled]
) -> dict[str, _Wish]:
    """Read names and roles; a name that a speaker goes by stands for all its labels."""
    labels = list(dict.fromkeys(label for one in chosen for label in one.meanings))
    goes_by: dict[str, set[str]] = {}
    for one in chosen:
        for label, meaning in one.meanings.items():
            goes_by.setdefault(meaning.name if meaning else label, set()).add(label)
    wishes: dict[str, _Wish] = {}
    for key, name in names.items():
        if not name.strip():
            msg = f"the name for '{key}' is empty; to leave a voice out, "
            shell = f"{msg}--role {key}=nobody"
            raise FrameError(f"{msg}roles={{'{key}': 'nobody'}}").in_shell(shell)
        for label in _labels(key, labels, goes_by):
            wishes[label] = _Wish(" ".join(name.split()), None)
    for key, role in roles.items():
        told = _role(role)
        called = [label for label, wish in wishes.items() if wish.name == key]
        for label in dict.fromkeys(
            [*called, *([] if called and key not in labels else _labels(key, labels, goes_by))]
        ):
            wishes[label] = replace(wishes.get(label, _Wish(None, None)), role=told)
    return wishes


def _labels(key: str, labels: Sequence[str], goes_by: Mapping[str, set[str]]) -> list[str]:
    """Return the labels that a key means: itself, and those that go by it as a name."""
    meant = [label for label in labels if label == key or label in goes_by.get(key, ())]
    return meant or [key]


def _role(role: str) -> Role:
    if role not in _ROLES:
        msg = f"a speaker is one of {', '.join(_ROLES)}; not '{role}'.{did_you_mean(role, _ROLES)}"
        raise FrameError(msg)
    return _ROLES[role]


def _of_frame(frame: pd.DataFrame, found: Sequence[Labelled]) -> dict[str, _Wish]:
    """Take over what a selection of ``project.speakers()`` proposes."""
    missing = {"document", "label", "canonical", "role"} - set(frame.columns)
    if missing:
        msg = f"hand back a selection of project.speakers(); this frame has no '{min(missing)}'"
        raise FrameError(msg)
    wishes: dict[str, _Wish] = {}
    for label, rows in frame.groupby("label", sort=False):
        told = {(str(row.canonical), _role(str(row.role))) for row in rows.itertuples()}
        if len(told) > 1:
            msg = (
                f"'{label}' has more than one name or role in this selection; name it document by "
                "document with documents=..."
            )
            raise FrameError(msg)
        name, role = told.pop()
        where = frozenset(map(str, rows["document"]))
        every = {one.document.name for one in found if label in one.meanings}
        wishes[str(label)] = _Wish(name, role, None if where >= every else where)
    return wishes


def _missed(
    project: Project, wishes: Mapping[str, _Wish], chosen: Sequence[Labelled]
) -> list[Labelled]:
    """Find the turns anew where a label is named that was not taken for a speaker."""
    known = {label for one in chosen for label in one.meanings}
    missing = [label for label in wishes if label not in known]
    if not missing:
        return []
    again, seen = [], set()
    for one in chosen:
        stem = Path(one.document.source or one.document.name).stem
        labels = [*missing, *one.meanings]
        words = words_of(one.document.language)
        found = layout(one.document.text, words, name=stem, kind="interview", speakers=labels)
        speaking = {turn.speaker for turn in found.turns}
        fresh = speaking & set(missing)
        if fresh and set(one.meanings) <= speaking:
            seen |= fresh
            kept = replace(one.document, turns=found.turns)
            again.append(
                replace(one, document=kept, meanings=dict(one.meanings) | dict.fromkeys(fresh))
            )
    for label in missing:
        if label not in seen:
            where = f"'{project.path.name}'"
            raise UnknownSpeaker(label, sorted(known), where)
    return again


def _meanings(
    project: Project,
    wishes: Mapping[str, _Wish],
    found: Sequence[Labelled],
    chosen: Sequence[Labelled],
    *,
    everywhere: bool,
) -> dict[tuple[str, str], Meaning]:
    """Turn wishes into what is kept: for all documents, or for some."""
    meanings: dict[tuple[str, str], Meaning] = {}
    for label, wish in wishes.items():
        having = [one for one in found if label in one.meanings]
        if wish.documents is not None:
            having = [one for one in having if one.document.name in wish.documents]
        elif not everywhere:
            names = {one.document.name for one in chosen}
            having = [one for one in having if one.document.name in names]
        old = next((one.meanings[label] for one in having if one.meanings[label]), None)
        name = wish.name or (old.name if old else label)
        role = wish.role if wish.role is not None else (old.role if old else None)
        if wish.role is None and wish.name is not None:
            role = role_of(name, words_of(project.language)) or role if len(name) > 1 else role
        if everywhere and wish.documents is None:
            if wish.role is None:
                _check_one_role(project, label, having)
            meanings["", label] = Meaning(name, role)
        else:
            meanings |= {(one.guid, label): Meaning(name, role) for one in having}
    return meanings


def _check_one_role(project: Project, label: str, having: Sequence[Labelled]) -> None:
    """Refuse to give one name to a letter that asks here and answers there."""
    roles: dict[str, list[str]] = {}
    for one in having:
        turns = zip(one.turns, one.document.turns, strict=False)
        role = next((t.role for t, typed in turns if typed.speaker == label), "")
        roles.setdefault(role, []).append(one.document.name)
    if {"interviewer", "informant"} <= roles.keys():
        asks, answers = (", ".join(roles[role][:_LISTED]) for role in ("interviewer", "informant"))
        reason = (
            f"'{label}' asks in {asks} and answers in {answers}; say its role with roles=..., or "
            "name it with documents=... where it means one person"
        )
        raise ProjectError(project.path, reason)


def _asking(found: Iterable[Labelled]) -> set[tuple[str, int, int]]:
    """Return the turns of interviewers: document, start and end of each."""
    return {
        (one.document.name, turn.start, turn.end)
        for one in found
        for turn in one.turns
        if turn.role == "interviewer"
    }


def _warn_of_codings(project: Project, before: set[tuple[str, int, int]]) -> None:
    """Tell of codings in turns that became the interviewer's: they would still be counted."""
    fresh = _asking(_speakers.labelled(project.store)) - before
    coded = project.codings(status=None, coder=EVERYONE)
    if coded.empty or not fresh:
        return
    documents, starts = coded["document"].astype(str), coded["start"].astype(int)
    inside = sum(
        int(((documents == name) & (starts >= start) & (starts < end)).sum())
        for name, start, end in fresh
    )
    if inside:
        said = f"{inside} coding stands" if inside == 1 else f"{inside} codings stand"
        msg = f"{said} in turns that are the interviewer's now; reject what is no answer"
        warnings.warn(msg, BantarWarning, stacklevel=3)
