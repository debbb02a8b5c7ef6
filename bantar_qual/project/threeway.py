"""What becomes of a thing that two studies may both have: the three-way rules."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bantar_qual.codebook import Codebook
from bantar_qual.project.renaming import Renaming, renaming
from bantar_qual.records import Code, Cue, Level
from bantar_qual.store.meeting import Row, Step, Things

PLACE = ("start", "end", "anchor")
FIELDS: dict[str, tuple[str, ...]] = {
    "document": ("name", "kind", "language", "case", "sha256"),
    "case": ("name",),
    "case attribute": ("value",),
    "document attribute": ("value",),
    "setting": ("value",),
    "speaker": ("case",),
    "coding": (
        "code", "status", "valence", "confidence", "because", "memo", "origin", *PLACE,
    ),
    "memo": ("text", "code"),
    "code": (
        "label", "definition", "include", "exclude", "example", "cues", "source", "color",
        "leans", "codable",
    ),
    "codebook": ("title", "description", "version", "levels"),
}  # fmt: skip

# ---------------------------------------------------------------- what becomes of a thing


def settle(base: Row | None, ours: Row | None, theirs: Row | None, fields: Sequence[str]) -> str:
    """Return what becomes of a thing, in one word."""

    def said(row: Row | None) -> list[Any] | None:
        return None if row is None else [_value(row, field) for field in fields]

    was, here, there = said(base), said(ours), said(theirs)
    if theirs is None:
        return "ended" if base is not None and here == was else "kept"
    if ours is None:
        return "added" if base is None else "kept" if there == was else "conflict"
    if here == there:
        return "equal"
    if base is not None and there == was:
        return "kept"
    return "taken" if base is not None and here == was else "conflict"


def _value(row: Row | None, field: str) -> Any:
    value = (row or {}).get(field)
    return None if value in ("", (), {}, None) else value


def _by_field(kind: str, key: Any, *rows: Row | None) -> Step:
    """Return what becomes of a thing each of whose fields stands for itself."""
    base, ours, theirs = rows
    step = Step(kind, key, settle(base, ours, theirs, FIELDS[kind]), base, ours, theirs)
    if ours is None or theirs is None:
        return step
    found: set[str] = set()
    for field in FIELDS[kind]:
        was, here, there = (_value(row, field) for row in rows)
        if here == there:
            continue
        state = "kept" if there == was else "taken" if here == was else "conflict"
        state = "conflict" if field == "sha256" else state
        if state == "taken":
            step.values[field] = theirs[field]
        found.add(state)
    step.state = next((s for s in ("conflict", "taken", "kept") if s in found), "equal")
    return step


def each(kind: str, base: Things, ours: Things, theirs: Things) -> list[Step]:
    """Decide things of one kind, in our order and then in theirs."""
    keys = dict.fromkeys((*ours, *theirs))
    return [_by_field(kind, key, base.get(key), ours.get(key), theirs.get(key)) for key in keys]


def outcome(step: Step) -> Row | None:
    """Return what a thing is after the merge; None where it is not there."""
    if step.state == "added":
        return {**(step.theirs or {}), **step.values}
    return None if step.state == "ended" or step.ours is None else {**step.ours, **step.values}


def told(step: Step) -> tuple[str, str]:
    """Say what a thing is here and there: the fields that differ, or all where one is missing."""
    here, there = step.ours, step.theirs
    fields = [
        field
        for field in FIELDS[step.kind]
        if here is None or there is None or _value(here, field) != _value(there, field)
    ]
    if here and there and not fields:
        fields = [field for field in FIELDS[step.kind] if field in {"value", "text"}]
    ended = "ended" if step.base else ""
    return tuple(_said(row, fields, ended) for row in (here, there))  # type: ignore[return-value]


def _said(row: Row | None, fields: Sequence[str], ended: str) -> str:
    if row is None:
        return ended
    if list(fields) in (["value"], ["text"]):
        return str(row[fields[0]])
    row, names = {**row, "sha256": "differs"}, {"sha256": "text"}
    parts = {names.get(f, f): _plain(row[f]) for f in fields if f not in {"start", "anchor", "end"}}
    return "; ".join(f"{name}: {value or '-'}" for name, value in parts.items())


def _plain(value: Any) -> str:
    """Say a value in words."""
    if isinstance(value, Mapping):
        return ", ".join(_plain(item) for item in value.values())
    if isinstance(value, tuple):
        return ", ".join(map(_plain, value))
    if isinstance(value, Cue):
        return value.text
    if isinstance(value, Level):
        return value.key
    return "" if value is None else str(value)


# ---------------------------------------------------------------- the codebook


@dataclass(frozen=True, slots=True)
class Books:
    """The two codebooks, what both were, and the levels and paths that come out."""

    base: Codebook | None
    ours: Codebook
    theirs: Codebook
    head: Step
    paths: Renaming = dataclasses.field(default_factory=Renaming)

    @classmethod
    def parse(cls, base: str, ours: str, theirs: str) -> Books:
        """Read the three codebooks."""
        was = Codebook.parse(base, name="the codebook before") if base else None
        here = Codebook.parse(ours, name="our codebook")
        there = Codebook.parse(theirs, name="their codebook")
        rows = [_fields("codebook", book) if book else None for book in (was, here, there)]
        head = _by_field("codebook", "", *rows)
        deepest = max(path.count(".") for path in (*here.paths, *there.paths)) + 1
        if len(head.values.get("levels", here.levels)) < min(deepest, len(here.levels)):
            del head.values["levels"]
            head.state, head.note = "conflict", "our codes lie deeper than their levels"
        books = cls(was, here, there, head)
        return replace(books, paths=renaming(was, here, there, books.depth))

    @property
    def levels(self) -> tuple[Level, ...]:
        """Return the levels that come out."""
        levels: tuple[Level, ...] = self.head.values.get("levels", self.ours.levels)
        return levels

    @property
    def depth(self) -> int:
        """Count the levels that come out."""
        return len(self.levels)


def _fields(kind: str, source: Any) -> Row:
    return {name: getattr(source, name) for name in FIELDS[kind]}


def codes(books: Books, used: set[str]) -> tuple[list[Step], Codebook]:
    """Decide each code, and return the codebook that comes out.

    Parameters
    ----------
    books
        The codebooks.
    used
        The codes that codings and memos will have; none of them, nor a parent, ends.
    """
    paths = books.paths
    base, ours, theirs = (
        _by_path(book, names)
        for book, names in (
            (books.base, paths.base), (books.ours, paths.ours), (books.theirs, paths.theirs),
        )
    )  # fmt: skip
    steps = _codes(base, ours, theirs)
    remain = {step.key for step in steps if outcome(step)} | used
    needed = {above for path in remain for above in _upwards(path)}
    for path in needed:
        if (path in ours) != (path in theirs):
            base.pop(path, None)
    steps = _codes(base, ours, theirs)
    for step in steps:
        if step.state == "added" and step.key.count(".") >= books.depth:
            step.state, step.note = "skipped", "it lies deeper than our codebook has levels"
    _tell_renames(books, steps)
    rows = {step.key: row for step in steps if (row := outcome(step)) and step.state != "skipped"}
    trails = paths.trails(books.base, books.ours, books.theirs)
    made = {
        path: Code(
            path=path,
            level=books.levels[path.count(".")].key,
            formerly=tuple(sorted(trails[path])),
            **row,
        )
        for path, row in rows.items()
    }
    book = replace(
        books.ours,
        codes=tuple(_ordered(made, "")),
        sources={**books.theirs.sources, **books.ours.sources},
        **books.head.values,
    )
    if book != books.ours:
        book = Codebook.parse(book.to_yaml(), name="the merged codebook")
    listed = [books.head] if books.head.state != "equal" else []
    return [*listed, *steps], book


def _codes(base: Things, ours: Things, theirs: Things) -> list[Step]:
    return each("code", base, ours, theirs)


def _by_path(book: Codebook | None, paths: Mapping[str, str]) -> Things:
    """Return the codes of a codebook by their paths after the merge.

    Where several become one, it is the one that others were merged into.
    """
    codes = sorted(book or (), key=lambda code: paths[code.path] == code.path)
    found = {paths[code.path]: _fields("code", code) for code in codes}
    order = dict.fromkeys(paths[code.path] for code in book or ())
    return {path: found[path] for path in order}


def _tell_renames(books: Books, steps: Sequence[Step]) -> None:
    """Say of each code that it is called otherwise on one side."""
    for where, state, paths in (
        ("here", "taken", books.paths.ours), ("there", "kept", books.paths.theirs),
    ):  # fmt: skip
        olds: dict[str, list[str]] = {}
        for old, path in paths.items():
            if old != path:
                olds.setdefault(path, []).append(old)
        for step in steps:
            if step.key in olds:
                note = f"called {', '.join(map(repr, olds[step.key]))} {where}"
                step.note = f"{step.note}; {note}" if step.note else note
                disputed = step.key in books.paths.disputed
                if step.state in {"equal", "kept", "taken"}:
                    step.state = "conflict" if disputed else max(step.state, state)


def _upwards(path: str) -> list[str]:
    steps = path.split(".")
    return [".".join(steps[: i + 1]) for i in range(len(steps))]


def _ordered(made: Mapping[str, Code], parent: str) -> Iterator[Code]:
    """Yield the codes depth first."""
    for code in made.values():
        if code.parent == parent:
            yield code
            yield from _ordered(made, code.path)
