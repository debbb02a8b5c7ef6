"""Widths of columns on paper: no word is cut while the page has room for it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bantar_qual.languages import Language
from bantar_qual.tables.grid import NUMERIC, Grid, shown

_TIMES = (  # widths of the printable ASCII letters in Times, in thousandths of their size
    "250 333 408 500 500 833 778 180 333 333 500 564 250 333 250 278 500 500 500 500 500 500 500 "
    "500 500 500 278 278 564 564 564 444 921 722 667 667 722 611 556 722 722 333 389 722 611 889 "
    "722 722 556 722 667 556 611 722 722 944 722 722 611 333 278 333 469 500 333 444 500 444 500 "
    "444 333 500 500 278 278 500 278 778 500 500 500 500 333 389 278 500 500 722 500 500 444 480 "
    "200 480 541"
)
_WIDTH = {chr(32 + place): int(width) / 1000 for place, width in enumerate(_TIMES.split())}
_BOLD = 1.11
_WIDE = 0x2E80  # from here on: full-width scripts and emoji
_PADDING = 9.8  # points: both sides of a cell, and a hair
_LONGEST = 90.0  # points; a longer word, such as a link, may break
_WIDEST = 190.0  # points that a text column may want
SIZES = (10.0, 9.0)


def measure(text: str, size: float) -> float:
    """Return how wide a text is in Times New Roman, in points; nearly so outside ASCII.

    Examples
    --------
    >>> round(measure("Hambatan", 10), 1)
    41.1
    """
    ems = sum(_WIDTH.get(c, 0.56 if ord(c) < _WIDE else 1.05) for c in text)
    return ems * size


def fit(grid: Grid, words: Language, room: float) -> tuple[float, list[float]] | None:
    """Return the letter size and the columns' widths in points; None if words would be cut.

    Parameters
    ----------
    grid
        What is to be shown.
    words
        The language in which numbers are written.
    room
        The width of the text on the page, in points.
    """
    for size in SIZES:
        needs = _needs(grid, words, size)
        if sum(need.least for need in needs) <= room:
            return size, _spread(grid, needs, room)
    return None


def squeezed(grid: Grid, words: Language, room: float) -> tuple[float, list[float]]:
    """Return widths for a table too wide for its page: all columns give in proportion."""
    least = [need.least for need in _needs(grid, words, SIZES[-1])]
    return SIZES[-1], [width * room / sum(least) for width in least]


@dataclass(frozen=True, slots=True)
class _Need:
    """What a column needs: its longest word, its longest text, and all that is over a line."""

    least: float
    wanted: float
    over: float


def _needs(grid: Grid, words: Language, size: float) -> list[_Need]:
    needs = []
    for position, column in enumerate(grid.columns):
        texts = [shown(row[position], column.kind, words)[:2000] for row in grid.rows]
        head = [measure(word, size) * _BOLD for word in column.header.split(" ")]
        cells = [measure(word, size) for text in texts for word in _words(text, column.kind)]
        least = min(max([*head, *cells, size]), _LONGEST) + _PADDING
        lengths = [measure(text, size) + _PADDING for text in texts]
        wanted = max(least, min(max(lengths, default=0), _WIDEST))
        over = sum(max(0.0, length - least) for length in lengths)
        needs.append(_Need(least, wanted, over if wanted > least else 0.0))
    return needs


def _words(text: str, kind: str) -> list[str]:
    return [text] if kind in NUMERIC else re.split(r"\s+|(?<=-)", text)


def _spread(grid: Grid, needs: list[_Need], room: float) -> list[float]:
    """Share the room: every column what it needs, the rest where it saves most lines."""
    widths = [need.least for need in needs]
    for _ in range(len(needs)):
        spare = room - sum(widths)
        open_ = [i for i, n in enumerate(needs) if n.over and widths[i] < n.wanted - 0.1]
        total = sum(needs[i].over for i in open_)
        for i in open_:
            widths[i] = min(needs[i].wanted, widths[i] + spare * needs[i].over / total)
    texts = [i for i, column in enumerate(grid.columns) if column.kind not in NUMERIC]
    spare = room - sum(widths)
    for i in texts:
        widths[i] += spare / len(texts)
    return widths
