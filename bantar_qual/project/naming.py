"""Who is known by name in a study: its cases, its speakers, its headers, the researcher's table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from bantar_qual.privacy import Known
from bantar_qual.privacy.finds import PLACES
from bantar_qual.privacy.lexicon import Lexicon, lexicon
from bantar_qual.privacy.names import fold, merged
from bantar_qual.privacy.people import personal
from bantar_qual.project.keyfile import read_key, table_of_names
from bantar_qual.store.wording import Wording

if TYPE_CHECKING:
    from bantar_qual.project import Project

_PEOPLE = ("informant", "interviewer")  # header fields whose values name people


def known_names(
    project: Project,
    wordings: Sequence[Wording],
    *,
    names: str | Path | pd.DataFrame | None,
    key: str | Path | None,
) -> list[Known]:
    """Gather the names that a study knows; what the researcher told comes first."""
    words = lexicon(project.language)
    told = table_of_names(names) if names is not None else []
    return merged(_linked([*told, *read_key(key)], _of_cases(project, wordings, words)))


def _linked(told: Sequence[Known], own: Sequence[Known]) -> list[Known]:
    """Let a case of the study be the person of the table who has the same name."""
    by_name: dict[str, Known] = {}
    for one in told:
        for spelling in (one.name, *one.spellings):
            by_name.setdefault(fold(spelling), one)
    result = list(told)
    for one in own:
        match = next(
            (by_name[fold(s)] for s in (one.name, *one.spellings) if fold(s) in by_name), None
        )
        if match is None:
            result.append(one)
            continue
        result.append(
            Known(
                name=match.name, kind=match.kind, spellings=(one.name, *one.spellings),
                informant=one.informant,
            )
        )  # fmt: skip
    return result


def _of_cases(project: Project, wordings: Sequence[Wording], words: Lexicon) -> list[Known]:
    """Return the people and places of cases, speakers and headers."""
    cases, documents = project.cases(), project.documents()
    number = {str(case): place for place, case in enumerate(cases.index, 1)}
    people: dict[int, list[str]] = {}
    others: list[str] = []
    for case, place in number.items():
        people.setdefault(place, []).append(personal(case, words))
        for column in cases.columns:
            if str(column).strip().lower() in words.words("name_columns"):
                people[place].append(_cell(cases.loc[case, column]))
    owner = {str(name): number.get(str(case), 0) for name, case in documents["case"].items()}
    for name, row in documents.iterrows():
        for field in _PEOPLE:
            label = personal(_cell(row.get(field)), words)
            mine = people[owner[str(name)]] if field == "informant" and owner[str(name)] else others
            mine.append(label)
    for label, place in _speakers(wordings, owner, words):
        (people[place] if place else others).append(label)
    known = []
    for place, listed in people.items():
        spelled = list(dict.fromkeys(filter(None, listed)))
        if spelled:
            rest = tuple(spelled[1:])
            source = "the study's cases"
            known.append(Known(name=spelled[0], spellings=rest, informant=place, source=source))
    known += [Known(name=label, source="the study's speakers") for label in others if label]
    return [*known, *_of_places(cases, words)]


def _speakers(
    wordings: Iterable[Wording], owner: Mapping[str, int], words: Lexicon
) -> Iterable[tuple[str, int]]:
    """Yield the names in labels; the one informant of a document is its case."""
    owners: dict[str, int] = {}
    spoken: dict[str, set[str]] = {}
    for one in wordings:
        if one.place == "texts":
            for turn in one.turns:
                spoken.setdefault(turn.speaker, set()).add(one.language)
            asked = {turn.speaker for turn in one.turns if turn.role == "informant"}
            if len(asked) == 1 and owner.get(one.name):
                owners.setdefault(asked.pop(), owner[one.name])
    for one in wordings:
        if one.place != "speakers":
            continue
        label = personal(one.text, words)
        others = (lexicon(name) for name in spoken.get(one.text, ()) if name)
        if label and all(personal(one.text, other) for other in others):  # no role in any language
            yield label, owners.get(one.text, 0)


def _of_places(cases: pd.DataFrame, words: Lexicon) -> list[Known]:
    known = []
    for column in cases.columns:
        named = str(column).strip().lower()
        if named not in words.words("place_columns"):
            continue
        kind = "district" if named in words.words("district") else "village"
        for value in dict.fromkeys(cases[column].dropna().astype(str)):
            bare = _without_word(value, words)
            if bare and not any(sign.isdigit() for sign in bare):
                known.append(Known(name=bare, kind=kind, source="the study's cases"))
    return known


def _without_word(value: str, words: Lexicon) -> str:
    first, _, rest = value.strip().partition(" ")
    led = any(first.lower() in words.words(kind) for kind in PLACES)
    return rest if led and rest else value.strip()


def _cell(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""
