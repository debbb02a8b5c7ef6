"""What the labels in transcripts mean: one name and one role for many spellings.

A text keeps its labels as they were typed, and its turns keep them too. What they mean is kept
beside them, as settings of the study: so one act names a speaker in every document, an undo takes
it back, and documents that come in later are read the same way.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from sqlalchemy import Connection, func, select

from bantar_qual.errors import ProjectError
from bantar_qual.languages import language, languages
from bantar_qual.records import ROLES, Document, Role, Turn
from bantar_qual.store import schema
from bantar_qual.store.engine import Store
from bantar_qual.store.versions import Act, acting, valid
from bantar_qual.text.turns import says_role, spelling

EVERYWHERE = "speaker: "
WITHIN = "speaker in "  # followed by the document's GUID
NOBODY = "nobody"  # a role that is told: neither asks nor answers


@dataclass(frozen=True, slots=True)
class Meaning:
    """The name that a label stands for, and the speaker's role, if it was told."""

    name: str
    role: Role | None = None  # None leaves the role as it was found in the transcript


@dataclass(slots=True)
class Naming:
    """What all labels mean that the researcher has named."""

    everywhere: dict[str, Meaning] = field(default_factory=dict)
    within: dict[str, dict[str, Meaning]] = field(default_factory=dict)  # by the document's GUID
    _spelled: dict[str, Meaning] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for label, meaning in self.everywhere.items():
            self._spelled.setdefault(spelling(label), meaning)

    def __bool__(self) -> bool:
        return bool(self.everywhere or self.within)

    def of(self, guid: str, label: str) -> Meaning | None:
        """Return what a label means in a document: told for it, for all, or spelled alike."""
        if not label:
            return None
        own = self.within.get(guid, {}).get(label)
        return own or self.everywhere.get(label) or self._spelled.get(spelling(label))

    def turns(self, guid: str, turns: Sequence[Turn], spoken: str) -> tuple[Turn, ...]:
        """Return turns under the names that their labels stand for, each with its role.

        Where the researcher says who asks in a document, nobody else is taken to ask because of
        many questions, but only because the label says so.
        """
        meant = {turn.speaker: self.of(guid, turn.speaker) for turn in turns}
        told = any(meaning and meaning.role == "interviewer" for meaning in meant.values())
        words = language(spoken) if spoken in languages() else None
        named = []
        for turn in turns:
            meaning, role = meant[turn.speaker], turn.role
            if meaning is not None and meaning.role is not None:
                role = meaning.role
            elif told and role == "interviewer" and words and not says_role(turn.speaker, words):
                role = "informant"
            speaker = turn.speaker if meaning is None else meaning.name
            named.append(replace(turn, speaker=speaker, role=role))
        return tuple(named)


def naming(connection: Connection, moment: int | None = None) -> Naming:
    """Read what the labels mean, as it is now or was right after an act."""
    table = schema.setting
    query = select(table.c.key, table.c.value).where(
        valid(table, moment), table.c.key.startswith("speaker")
    )
    everywhere: dict[str, Meaning] = {}
    within: dict[str, dict[str, Meaning]] = {}
    for key, value in connection.execute(query.order_by(table.c.id)):
        if key.startswith(EVERYWHERE):
            everywhere[key.removeprefix(EVERYWHERE)] = _read(value)
        elif key.startswith(WITHIN):
            guid, _, label = key.removeprefix(WITHIN).partition(": ")
            within.setdefault(guid, {})[label] = _read(value)
    return Naming(everywhere, within)


def _read(value: str) -> Meaning:
    said = json.loads(value)
    role = said.get("role")
    return Meaning(said["name"], "" if role == NOBODY else role if role in ROLES else None)


def _written(meaning: Meaning) -> str:
    said = {"name": meaning.name}
    if meaning.role is not None:
        said["role"] = meaning.role or NOBODY
    return json.dumps(said, ensure_ascii=False)


def named_labels(store: Store) -> list[str]:
    """Return all labels that the researcher has named, in any document."""
    with store.reading() as connection:
        found = naming(connection)
    labels = [*found.everywhere, *(label for own in found.within.values() for label in own)]
    return list(dict.fromkeys(labels))


def label_counts(store: Store) -> dict[str, int]:
    """Count the turns of each label as typed, in all documents."""
    turn, document = schema.turn, schema.document
    query = (
        select(turn.c.speaker, func.count())
        .join(document, document.c.revision_id == turn.c.revision_id)
        .where(valid(document), turn.c.speaker != "")
        .group_by(turn.c.speaker)
        .order_by(turn.c.speaker)
    )
    with store.reading() as connection:
        return {label: int(count) for label, count in connection.execute(query)}


def name_speakers(
    store: Store,
    meanings: Mapping[tuple[str, str], Meaning],
    *,
    retyped: Iterable[tuple[str, Document]] = (),
    coder: str,
    reason: str = "",
) -> None:
    """Keep what labels mean, in one act.

    Parameters
    ----------
    meanings
        By the document's GUID, or an empty string for all documents, and the label.
    retyped
        Documents whose turns were found anew, because a label was not known before: by GUID.
    coder, reason
        Who says so, and why.

    Raises
    ------
    ProjectError
        If two speakers of one document become one, but belong to two cases.
    """
    listed = ", ".join(f"{label} = {said.name}" for (_, label), said in meanings.items())
    with acting(store, "name speakers", coder=coder, note=listed, reason=reason) as act:
        before = naming(act.connection)
        _keep(act, meanings, before)
        for guid, document in retyped:
            _retype(act, guid, document)
        _rename_cases(act, store, before, naming(act.connection))


def _keep(act: Act, meanings: Mapping[tuple[str, str], Meaning], before: Naming) -> None:
    table = schema.setting
    query = select(table.c.key, table.c.id, table.c.value).where(valid(table))
    known = {row.key: row for row in act.connection.execute(query)}
    for (guid, label), meaning in meanings.items():
        key = f"{WITHIN}{guid}: {label}" if guid else f"{EVERYWHERE}{label}"
        value = _written(meaning)
        if key not in known:
            act.add(table, [{"key": key, "value": value}])
        elif known[key].value != value:
            act.change(table, [known[key].id], {"value": value})
        if not guid:
            # What is told for all documents holds in those that had a meaning of their own.
            own = [
                f"{WITHIN}{g}: {label}" for g, labels in before.within.items() if label in labels
            ]
            act.end_all(table, [known[k].id for k in own if k in known])


def _retype(act: Act, guid: str, document: Document) -> None:
    """Give a document other turns over the same text: positions stay, and codings with them."""
    from bantar_qual.store.documents import add_revision

    table = schema.document
    query = select(table.c.id).where(table.c.guid == guid, valid(table))
    found = act.connection.execute(query).scalars().all()
    act.change(table, found, {"revision_id": add_revision(act.connection, document)})


def _rename_cases(act: Act, store: Store, before: Naming, after: Naming) -> None:
    """Let speakers who are cases of their own go with their new names."""
    table, document, turn = schema.speaker, schema.document, schema.turn
    joined = select(table, document.c.guid, document.c.revision_id).join(
        document, (document.c.id == table.c.document_id) & valid(document)
    )
    rows = act.connection.execute(joined.where(valid(table)).order_by(table.c.id)).all()
    owners: dict[tuple[int, str], int] = {}
    renamed: dict[str, list[int]] = {}
    for row in rows:
        said = select(turn.c.speaker).where(turn.c.revision_id == row.revision_id).distinct()
        labels = [label for label in act.connection.execute(said).scalars() if label]
        mine = [label for label in labels if _name(before, row.guid, label) == row.name]
        name = _name(after, row.guid, mine[0]) if mine else row.name
        other = owners.setdefault((row.document_id, name), row.case_id)
        if other != row.case_id:
            reason = (
                f"two cases speak as '{name}' in one document, and one name cannot be both; "
                "give them two names, or assign_case to one case first"
            )
            raise ProjectError(store.path, reason)
        if name != row.name:
            renamed.setdefault(name, []).append(row.id)
    seen: set[tuple[int, str]] = {(r.document_id, r.name) for r in rows}
    for name, ids in renamed.items():
        for row in rows:
            if row.id in ids:
                if (row.document_id, name) in seen:
                    act.end_all(table, [row.id])  # the same case speaks under that name already
                else:
                    act.change(table, [row.id], {"name": name})
                seen.add((row.document_id, name))


def _name(naming_: Naming, guid: str, label: str) -> str:
    meaning = naming_.of(guid, label)
    return label if meaning is None else meaning.name


@dataclass(frozen=True, slots=True)
class Labelled:
    """A document with its turns as they are labelled in the text, and what the labels mean."""

    guid: str
    document: Document  # its turns have the labels as typed
    meanings: Mapping[str, Meaning | None]
    turns: tuple[Turn, ...]  # under the names, with the roles that hold


def labelled(store: Store) -> Iterable[Labelled]:
    """Yield every document with the labels of its turns as typed, one at a time."""
    from bantar_qual.store.documents import document_names

    for name in document_names(store):
        if (one := labelled_one(store, name)) is not None:
            yield one


def labelled_one(store: Store, name: str) -> Labelled | None:
    """Return one document with the labels of its turns as typed; None if there is none."""
    from bantar_qual.store.documents import load

    with store.reading() as connection:
        found = load(connection, name, named=False)
        named = naming(connection)
    if found is None:
        return None
    document, _, guid = found
    labels = dict.fromkeys(turn.speaker for turn in document.turns if turn.speaker)
    meanings = {label: named.of(guid, label) for label in labels}
    return Labelled(guid, document, meanings, named.turns(guid, document.turns, document.language))
