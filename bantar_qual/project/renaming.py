"""Which code of one study is which of another, where codes were renamed, moved or merged since.

A codebook keeps with each code the paths that it had before (``formerly``). What was added to these
since two studies agreed tells how each side renamed the codes that both had.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from bantar_qual.codebook import Codebook

Paths = dict[str, str]


class _Tangled(Exception):
    """Both sides moved codes so that no one place can be told for them."""


@dataclass(frozen=True, slots=True)
class Renaming:
    """The path that each code of three codebooks has in the merged one."""

    base: Paths = field(default_factory=dict)
    ours: Paths = field(default_factory=dict)
    theirs: Paths = field(default_factory=dict)
    disputed: frozenset[str] = frozenset()  # paths of codes that both sides moved elsewhere

    def trails(self, *books: Codebook | None) -> dict[str, set[str]]:
        """Return what each code of the merged codebook was called before, on any side."""
        told: dict[str, set[str]] = {}
        moved: dict[str, set[str]] = {}
        for book, paths in zip(books, (self.base, self.ours, self.theirs), strict=True):
            for code in book or ():
                told.setdefault(paths[code.path], set()).update(code.formerly)
                moved.setdefault(paths[code.path], set()).add(code.path)
        # The path of a code that is there is no former one, unless that code took it over.
        return {
            path: (moved[path] | {old for old in trail if old not in told}) - {path}
            for path, trail in told.items()
        }


def renaming(base: Codebook | None, ours: Codebook, theirs: Codebook, depth: int) -> Renaming:
    """Find for every code the path that it has after the merge.

    A code that one side renamed has its new name; one that both renamed differently keeps ours. A
    code that one side added below another goes with it. Where both sides moved codes so that it
    cannot be told which lies below which, what was moved there is not followed.
    """
    books = (base, ours, theirs)
    here, there = _moves(base, ours, theirs), _moves(base, theirs, ours)
    known = set(base.paths if base else (*ours.paths, *theirs.paths))
    for moved_here, moved_there in ((here, there), (here, {}), ({}, {})):
        finder = _Finder(known, moved_here, moved_there)
        try:
            found = Renaming(
                {path: finder.base(path) for path in base.paths} if base else {},
                {path: finder.ours(path) for path in ours.paths},
                {path: finder.theirs(path) for path in theirs.paths},
                frozenset(
                    finder.base(path)
                    for path in here.keys() & there.keys()
                    if here[path] != there[path]
                ),
            )
        except _Tangled:
            continue
        if _is_tree({*found.ours.values(), *found.theirs.values()}, depth):
            return found
    was, mine, other = ({code.path: code.path for code in book or ()} for book in books)
    return Renaming(was, mine, other)


def _moves(base: Codebook | None, side: Codebook, other: Codebook) -> Paths:
    """Return the new path of each code that both had and that one side has called otherwise since.

    Where the two never agreed, it is what that side called as the other one does still.
    """
    found: Paths = {}
    for code in side:
        if base is None:
            olds = {old for old in code.formerly if old in other and old not in side}
        else:
            told = base.code(code.path).formerly if code.path in base else ()
            olds = {old for old in code.formerly if old in base and old not in told}
        for old in olds:
            found.setdefault(old, code.path)
    return found


@dataclass(slots=True)
class _Finder:
    """Follows the renames of both sides, ours first."""

    known: set[str]  # paths of the codes that both had
    here: Mapping[str, str]
    there: Mapping[str, str]
    _open: set[tuple[str, str]] = field(default_factory=set)

    def base(self, path: str) -> str:
        """Return the path of a code that both had."""
        if path in self.here:
            return self.ours(self.here[path])
        return self.theirs(self.there[path]) if path in self.there else path

    def ours(self, path: str) -> str:
        """Return the path of a code of ours."""
        if path in self.known and path not in self.here:
            return self._once("ours", path, self.base)
        return self._below("ours", path, self.ours)

    def theirs(self, path: str) -> str:
        """Return the path of a code of theirs."""
        if path in self.known and path not in self.there:
            return self._once("theirs", path, self.base)
        before = sorted(old for old, new in self.there.items() if new == path)
        if before and all(old in self.here for old in before):  # both moved it: ours stays
            return self._once("moved", path, lambda _: self.base(before[0]))
        return self._below("theirs", path, self.theirs)

    def _below(self, side: str, path: str, find: Callable[[str], str]) -> str:
        """Let a code go with the one above it."""
        parent, _, key = path.rpartition(".")
        return f"{self._once(f'below {side}', parent, find)}.{key}" if parent else path

    def _once(self, what: str, path: str, find: Callable[[str], str]) -> str:
        if (what, path) in self._open:
            raise _Tangled
        self._open.add((what, path))
        found = find(path)
        self._open.discard((what, path))
        return found


def _is_tree(paths: Iterable[str], depth: int) -> bool:
    """Tell whether every code lies below one that is there, and none too deep."""
    known = {"", *paths}
    return all(path.rpartition(".")[0] in known and path.count(".") < depth for path in known)
