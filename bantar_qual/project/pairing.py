"""Find, for each coding of one coder, what the other one made of the same words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

KINDS = ("same", "borders", "valence", "borders and valence", "code", "only one")


@dataclass(frozen=True, slots=True)
class Given:
    """What of a coding is compared."""

    id: int
    start: int
    end: int
    code: str
    valence: str | None

    @property
    def place(self) -> tuple[int, int, str]:
        """Return stretch and code."""
        return (self.start, self.end, self.code)


Pair = tuple[str, Given | None, Given | None]  # how they differ, the first's, the second's


def pairs(first: Sequence[Given], second: Sequence[Given], text: str) -> list[Pair]:
    """Pair the codings of two coders on one text; each stands in exactly one pair.

    First the same code on stretches that overlap, those that share most before the others; then
    different codes on the same words, marks and spaces at their ends not regarded. Exchanging
    the coders exchanges the sides and nothing else.

    Examples
    --------
    >>> text = "Dananya tidak ada."
    >>> one, other = Given(1, 0, 18, "budget", "barrier"), Given(2, 8, 17, "budget", None)
    >>> [kind for kind, _, _ in pairs([one], [other], text)]
    ['borders and valence']
    """
    left, right = {one.id: one for one in first}, {one.id: one for one in second}
    found: list[Pair] = []

    def take(near: Callable[[Given, Given], float], kind: Callable[[Given, Given], str]) -> None:
        possible = [
            (-near(one, other), tuple(sorted((one.place, other.place))), one, other)
            for one, other in _overlapping(left.values(), right.values())
            if near(one, other) > 0
        ]
        for _, _, one, other in sorted(possible, key=lambda p: p[:2]):
            if one.id in left and other.id in right:
                found.append((kind(one, other), left.pop(one.id), right.pop(other.id)))

    take(_shared, _differ)
    take(lambda one, other: float(_bare(one, text) == _bare(other, text)), lambda _, __: "code")
    found += [("only one", one, None) for one in left.values()]
    found += [("only one", None, other) for other in right.values()]
    return sorted(found, key=lambda pair: min(one.place for one in pair[1:] if one))


def _overlapping(first: Iterable[Given], second: Iterable[Given]) -> list[tuple[Given, Given]]:
    """Return all that overlap, by going through both in reading order."""
    result: list[tuple[Given, Given]] = []
    later = sorted(second, key=lambda one: one.start)
    open_: list[Given] = []
    for one in sorted(first, key=lambda one: one.start):
        while later and later[0].start < one.start:
            open_.append(later.pop(0))
        open_ = [other for other in open_ if other.end > one.start]
        result += [(one, other) for other in open_]
        for other in later:
            if other.start >= one.end:
                break
            result.append((one, other))
    return result


def _shared(one: Given, other: Given) -> float:
    """Return which part of two stretches with one code both have: 1 for the same stretch."""
    if one.code != other.code:
        return 0.0
    inside = min(one.end, other.end) - max(one.start, other.start)
    return inside / (max(one.end, other.end) - min(one.start, other.start))


def _differ(one: Given, other: Given) -> str:
    parts = [
        name
        for name, differs in (
            ("borders", (one.start, one.end) != (other.start, other.end)),
            ("valence", one.valence != other.valence),
        )
        if differs
    ]
    return " and ".join(parts) or "same"


def _bare(one: Given, text: str) -> tuple[int, int]:
    """Return a stretch without the spaces and marks at its ends."""
    start, end = one.start, one.end
    while start < end and not text[start].isalnum():
        start += 1
    while end > start and not text[end - 1].isalnum():
        end -= 1
    return (start, end) if start < end else (one.start, one.end)
