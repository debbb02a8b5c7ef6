"""Look through every wording of a study for what tells who somebody is."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
import yaml

from bantar_qual.codebook import Codebook
from bantar_qual.files import read_yaml
from bantar_qual.languages import language as load_language
from bantar_qual.privacy import Find, Names, Shift, discovered, find, united
from bantar_qual.privacy.finds import PLACES
from bantar_qual.privacy.lexicon import lexicon
from bantar_qual.privacy.names import merged
from bantar_qual.privacy.pseudonyms import Pseudonyms, both
from bantar_qual.project.naming import known_names
from bantar_qual.store import settings as _settings
from bantar_qual.store.wording import Wording, wordings

if TYPE_CHECKING:
    from bantar_qual.project import Project

WHERE = ("texts", "speakers", "cases", "documents", "memos", "codings", "title", "codebook")
COLUMNS = (
    "place", "document", "turn", "kind", "words", "before", "after", "pseudonym", "state", "why",
    "start", "end", "address",
)  # fmt: skip
KEPT, USED = "anonymise: kept", "anonymise: pseudonyms"
_CONTEXT = 48  # characters shown on both sides of a find
_WORDS = 3  # on both sides, by which a find that was kept is known again
_TEXTS = {
    "title", "description", "sources", "label", "definition", "include", "exclude", "example",
    "cues",
}  # fmt: skip
_APART = str.maketrans("-_.", "   ")  # how names of files part their words
_NAMES = {("document", "name"), ("document", "source")}

Kept = list[list[str]]


def pieces(project: Project, places: Sequence[str]) -> list[Wording]:
    """Return the wordings of a study in the places that are asked for, texts first."""
    found = [one for one in wordings(project.store) if one.place in places]
    return found + (_codebook(project) if "codebook" in places else [])


def _codebook(project: Project) -> list[Wording]:
    """Return the texts of the codebook: an anchor example may quote an informant."""
    book = project.codebook
    data, _ = read_yaml(book.to_yaml())
    return [
        Wording(
            place="codebook", table="codebook", column="/".join(map(str, path)), id=0,
            name=book.name, text=text,
        )
        for path, text in _strings(data, ())
        if text and _TEXTS & set(path)
    ]  # fmt: skip


def _strings(data: Any, path: tuple[str | int, ...]) -> Iterator[tuple[tuple[str | int, ...], str]]:
    if isinstance(data, str):
        yield path, data
    elif isinstance(data, Mapping):
        for key, value in data.items():
            yield from _strings(value, (*path, key))
    elif isinstance(data, Sequence):
        for place, value in enumerate(data):
            yield from _strings(value, (*path, place))


def recoded(project: Project, changes: Sequence[tuple[Wording, str]]) -> str:
    """Return the codebook with other texts, as YAML, or nothing where none changes."""
    if not changes:
        return ""
    data, _ = read_yaml(project.codebook.to_yaml())
    for one, text in changes:
        *path, last = one.column.split("/")
        node = data
        for key in path:
            node = node[int(key)] if isinstance(node, list) else node[key]
        node[int(last) if isinstance(node, list) else last] = text
    yaml_text = yaml.safe_dump(data, allow_unicode=True, sort_keys=False, width=100)
    return Codebook.parse(yaml_text, name=project.codebook.name).to_yaml()


def address(one: Wording) -> str:
    """Return by which a wording is known again, as long as it says the same."""
    check = hashlib.sha256(one.text.encode("utf-8", "surrogatepass")).hexdigest()[:10]
    return f"{one.table}.{one.column}/{one.id}/{check}"


# ---------------------------------------------------------------- looking


def look(
    project: Project, *, names: str | Path | pd.DataFrame | None, key: str | Path | None,
    kinds: Sequence[str], places: Sequence[str],
) -> pd.DataFrame:  # fmt: skip
    """Return a row for every find that nobody has decided on yet."""
    everything = pieces(project, WHERE)
    told = _settings.settings(project.store)
    used = both(json.loads(told.get(USED, "[]")))
    kept = {tuple(one) for one in json.loads(told.get(KEPT, "[]"))}
    known = known_names(project, everything, names=names, key=key)
    seeker = _Seeker(project, known, kinds, used | both(one.pseudonym for one in known))
    known = seeker.discover(one for one in everything if one.place == "texts")
    given = Pseudonyms(load_language(project.language), known, used=set(used))
    rows = []
    for one in everything:
        finds = [f for f in seeker.find(one) if (*_known_by(one, f.start, f.end),) not in kept]
        for found in finds:
            # Of places that are not asked for too: the same name has the same pseudonym anyhow.
            row = _row(one, found, given)
            if one.place in places:
                rows.append(row)
    frame = pd.DataFrame(rows, columns=list(COLUMNS))
    frame.index = pd.RangeIndex(1, len(frame) + 1, name="find")
    return frame.astype({"turn": "int64", "start": "int64", "end": "int64"})


def has_pseudonyms(project: Project) -> bool:
    """Tell whether something was replaced in a study: then only the key knows what it was."""
    return USED in _settings.settings(project.store)


class _Seeker:
    """Finds in each language with the same known names."""

    def __init__(
        self, project: Project, known: Sequence[Any], kinds: Sequence[str], used: Iterable[str]
    ) -> None:
        self.language, self.known = project.language, list(known)
        self.kinds, self.used = kinds, set(used)
        self._names: dict[str, Names] = {}

    def discover(self, texts: Iterable[Wording]) -> list[Any]:
        """Add the names that the texts tell with a title, and return all that are known."""
        sure = [found for one in texts for found in self.find(one) if found.sure]
        told = merged([*self.known, *discovered(sure, self.known)])
        self.known, self._names = united(told, lexicon(self.language)), {}
        return self.known

    def find(self, one: Wording) -> list[Find]:
        """Return the finds in one wording."""
        lang = one.language or self.language
        if lang not in self._names:
            self._names[lang] = Names(self.known, lexicon(lang))
        text = one.text
        if (one.table, one.column) in _NAMES:
            text = text.translate(_APART)
        found = find(
            text, language=lang, names=self._names[lang], kinds=self.kinds, pseudonyms=self.used
        )
        if one.place == "codebook":  # whoever it speaks of is invented, unless known
            found = [f for f in found if f.known or f.kind not in {"name", "url", *PLACES}]
        return [replace(f, words=one.text[f.start : f.end]) for f in found]


def _row(one: Wording, found: Find, given: Pseudonyms) -> dict[str, Any]:
    start = found.start
    if given.own(found) and found.core >= 0:
        start = found.core  # "Kelurahan" stays before a name of the researcher's own
    turn = next((t.number for t in one.turns if t.start <= start < t.end), 0)
    running = turn or one.place in {"memos", "codings", "codebook"}
    left, right = one.text[:start][-_CONTEXT:], one.text[found.end :][:_CONTEXT]
    return {
        "place": one.place,
        "document": one.name,
        "turn": turn,
        "kind": found.kind,
        "words": one.text[start : found.end],
        "before": " ".join(left.split()) + " " * left.endswith((" ", "\n")),
        "after": " " * right.startswith((" ", "\n")) + " ".join(right.split()),
        "pseudonym": given.of(found, bracketed=bool(running)),
        "state": "sure" if found.sure else "ask",
        "why": found.why,
        "start": start,
        "end": found.end,
        "address": address(one),
    }


# ---------------------------------------------------------------- what was kept


def _known_by(one: Wording, start: int, end: int) -> list[str]:
    """Return by which a find that was kept is known again: its words and their neighbours."""
    return [
        f"{one.table}.{one.column}/{one.id}",
        one.text[start:end],
        " ".join(one.text[max(0, start - 80) : start].split()[-_WORDS:]),
        " ".join(one.text[end : end + 80].split()[:_WORDS]),
    ]


def kept_after(
    project: Project,
    fresh: Sequence[tuple[Wording, int, int]],
    rewritten: Mapping[str, tuple[Wording, Wording, Shift]],
) -> Kept:
    """Return what is kept, known by the words that stand around it after the replacing.

    Parameters
    ----------
    fresh
        Finds that are kept from now on: the wording, start and end.
    rewritten
        By address: the wording before and after, and where its positions went.
    """
    told: Kept = json.loads(_settings.settings(project.store).get(KEPT, "[]"))
    by_place: dict[str, list[tuple[Wording, Wording, Shift]]] = {}
    for before, after, shift in rewritten.values():
        place = _known_by(before, 0, 0)[0]
        by_place.setdefault(place, []).append((before, after, shift))
    result: Kept = []
    for entry in told:
        moved = [
            _known_by(after, shift.start(a), shift.end(b))
            for before, after, shift in by_place.get(entry[0], ())
            for a, b in _places(before, entry)
        ]
        result += moved or [entry]
    for one, start, end in fresh:
        there = rewritten.get(address(one))
        if there:
            _, after, shift = there
            result.append(_known_by(after, shift.start(start), shift.end(end)))
        else:
            result.append(_known_by(one, start, end))
    return [list(entry) for entry in dict.fromkeys(map(tuple, result))]


def _places(one: Wording, entry: Sequence[str]) -> list[tuple[int, int]]:
    """Return where in a wording something stands that was kept."""
    spots = (match.span() for match in re.finditer(re.escape(entry[1]), one.text))
    return [(a, b) for a, b in spots if _known_by(one, a, b) == list(entry)]
