"""Cut overlapping codings into segments, and give each a lane of its own.

The same two functions exist in JavaScript (``js/segments.js``); both are tested with the same
examples, so that a page in the notebook and a page on paper show the same picture.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """A stretch of text on which the same codings lie, the longest outermost."""

    start: int
    end: int
    ids: tuple[int, ...]


Span = tuple[int, int, int]  # id, start, end


def segments(spans: Sequence[Span], start: int, end: int) -> list[Segment]:
    """Cut the stretch from ``start`` to ``end`` wherever a coding begins or ends.

    Examples
    --------
    >>> [(s.start, s.end, s.ids) for s in segments([(1, 0, 6), (2, 4, 9)], 0, 10)]
    [(0, 4, (1,)), (4, 6, (1, 2)), (6, 9, (2,)), (9, 10, ())]
    """
    inside = sorted(
        (span for span in spans if span[1] < end and span[2] > start), key=_outermost_first
    )
    edges = {start, end}
    for _, first, last in inside:
        edges |= {max(first, start), min(last, end)}
    cuts = sorted(edges)
    return [
        Segment(start=a, end=b, ids=tuple(n for n, first, last in inside if first <= a < last))
        for a, b in pairwise(cuts)
    ]


def lanes(spans: Sequence[Span]) -> dict[int, int]:
    """Give each coding the first lane in which it covers no other.

    Examples
    --------
    >>> lanes([(1, 0, 6), (2, 4, 9), (3, 6, 8)])
    {1: 0, 2: 1, 3: 0}
    """
    free: list[int] = []  # where each lane is free again
    given: dict[int, int] = {}
    for number, start, end in sorted(spans, key=_outermost_first):
        lane = next((n for n, until in enumerate(free) if until <= start), len(free))
        free[lane:] = [end, *free[lane + 1 :]]
        given[number] = lane
    return given


def _outermost_first(span: Span) -> tuple[int, int, int]:
    return (span[1], -span[2], span[0])
