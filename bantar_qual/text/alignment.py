"""Align two versions of a text word by word, in time that grows with the text and its changes.

Words that occur once in both versions are pins; what lies between two pins is aligned by itself,
and only small remains are compared word with word. The idea is Bram Cohen's *patience diff*.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from itertools import pairwise

_TOKEN = re.compile(r"\w+|[^\w\s]")
_SMALL = 60_000  # pairs of words; fewer are compared word with word
_PHRASES = (8, 3, 1)  # words in a row that make a pin, the surest first

Token = tuple[str, int, int]


def tokens(text: str) -> list[Token]:
    """Return the words and signs of a text with their positions; white space is none.

    Examples
    --------
    >>> tokens("Ya, Pak.")
    [('Ya', 0, 2), (',', 2, 3), ('Pak', 4, 7), ('.', 7, 8)]
    """
    return [(match[0], match.start(), match.end()) for match in _TOKEN.finditer(text)]


def common(
    one: str, at: int, other: str, there: int, *, step: int, limit: int | None = None
) -> int:
    """Count the characters that agree from two positions on: forwards, or backwards.

    Parameters
    ----------
    step
        1 to read forwards, -1 to read backwards.
    limit
        Where to stop counting.

    Examples
    --------
    >>> common("dua pegawai", 3, "tiga pegawai", 4, step=1)
    8
    """
    longest = (
        min(len(one) - at, len(other) - there) if step > 0 else min(at, there, len(one), len(other))
    )
    longest = max(min(longest, limit) if limit is not None else longest, 0)

    def same(low: int, high: int) -> bool:
        if step > 0:
            return one[at + low : at + high] == other[there + low : there + high]
        return one[at - high : at - low] == other[there - high : there - low]

    agreed, stride = 0, 16
    while agreed < longest and same(agreed, min(agreed + stride, longest)):
        agreed, stride = min(agreed + stride, longest), stride * 2
    differs = min(agreed + stride, longest)  # one of the characters up to here differs
    while differs - agreed > 1:
        middle = (agreed + differs) // 2
        agreed, differs = (middle, differs) if same(agreed, middle) else (agreed, middle)
    return agreed


class Alignment:
    """Which word of the old text is which word of the new one.

    Examples
    --------
    >>> old, new = "Dananya tdk ada.", "Ya, dananya: Dananya tidak ada."
    >>> start, end = Alignment(old, new).place(8, 11)
    >>> new[start:end]
    'tidak'
    """

    def __init__(self, old: str, new: str) -> None:
        self._old, self._new = old, new
        self._from, self._to = tokens(old), tokens(new)
        self._starts = [start for _, start, _ in self._from]
        self._ends = [end for _, _, end in self._from]
        self._twin = align([t[0] for t in self._from], [t[0] for t in self._to])
        self._pinned = [i for i, j in enumerate(self._twin) if j >= 0]

    def place(self, start: int, end: int) -> tuple[int, int]:
        """Return where a stretch of the old text would stand in the new text; it may be empty."""
        first = bisect_right(self._ends, start)
        last = bisect_left(self._starts, end) - 1
        if first > last:  # nothing but white space
            at = self._edge(first, 0.0)
            return at, at
        begin = self._begin(first, start)
        return begin, max(self._stop(last, end), begin)

    def _begin(self, token: int, start: int) -> int:
        twin = self._twin[token]
        if twin < 0:
            return self._edge(token, 0.0)
        at, here = self._to[twin][1], self._starts[token]
        before = here - start  # white space in front of the word, or less than none inside it
        same = self._new[max(at - before, 0) : at] == self._old[start:here]
        return at - before if before <= 0 or same else at

    def _stop(self, token: int, end: int) -> int:
        twin = self._twin[token]
        if twin < 0:
            return self._edge(token, 1.0)
        at, here = self._to[twin][2], self._ends[token]
        same = self._new.startswith(self._old[here:end], at)
        return at + end - here if end <= here or same else at

    def _edge(self, token: int, side: float) -> int:
        """Return the begin (0) or the end (1) of what stands in the place of a changed word."""
        nth = bisect_left(self._pinned, token)
        before = self._pinned[nth - 1] if nth else -1
        after = self._pinned[nth] if nth < len(self._pinned) else len(self._from)
        low = self._twin[before] + 1 if before >= 0 else 0
        high = self._twin[after] if after < len(self._from) else len(self._to)
        gone, come = after - before - 1, high - low
        if not come and side:
            return self._to[low - 1][2] if low else 0
        if not come:
            return self._to[low][1] if low < len(self._to) else len(self._new)
        share = (token - before - 1 + side) / max(gone, 1)
        if side:
            return self._to[low + max(-int(-share * come // 1), 1) - 1][2]
        return self._to[low + min(int(share * come), come - 1)][1]


def align(old: Sequence[str], new: Sequence[str]) -> list[int]:
    """Return for each old word the number of the new word that it is, or -1.

    Examples
    --------
    >>> align("a b c d".split(), "x a c d".split())
    [1, -1, 2, 3]
    """
    twin = [-1] * len(old)
    gaps = [(0, len(old), 0, len(new))]
    while gaps:
        a, b, c, d = gaps.pop()
        while a < b and c < d and old[a] == new[c]:
            twin[a] = c
            a, c = a + 1, c + 1
        while a < b and c < d and old[b - 1] == new[d - 1]:
            b, d = b - 1, d - 1
            twin[b] = d
        if a == b or c == d:
            continue
        if (b - a) * (d - c) <= _SMALL:
            matcher = SequenceMatcher(None, old[a:b], new[c:d], autojunk=False)
            for i, j, size in matcher.get_matching_blocks():
                twin[a + i : a + i + size] = range(c + j, c + j + size)
            continue
        gaps.extend(_gaps(_pins(old, new, (a, b, c, d)), (a, b, c, d)))
    return twin


def _gaps(
    pins: Sequence[tuple[int, int]], whole: tuple[int, int, int, int]
) -> Iterator[tuple[int, int, int, int]]:
    """Yield what begins at each pin and ends at the next, so that every pin is aligned first."""
    a, b, c, d = whole
    if pins:
        borders = [(a, c), *pins, (b, d)]
        for (i, j), (k, m) in pairwise(borders):
            yield i, k, j, m


def _pins(
    old: Sequence[str], new: Sequence[str], whole: tuple[int, int, int, int]
) -> list[tuple[int, int]]:
    """Return the phrases that occur once on both sides, as many as stand in the same order."""
    a, b, c, d = whole
    for size in _PHRASES:
        here, there = _single(old, a, b, size), _single(new, c, d, size)
        pairs = sorted((at, there[phrase]) for phrase, at in here.items() if phrase in there)
        if pairs:
            return _in_order(pairs)
    return []


def _single(words: Sequence[str], low: int, high: int, size: int) -> dict[tuple[str, ...], int]:
    """Return the phrases of a size that occur once in a stretch, and where."""
    found: dict[tuple[str, ...], int] = {}
    for at in range(low, high - size + 1):
        phrase = tuple(words[at : at + size])
        found[phrase] = -1 if phrase in found else at
    return {phrase: at for phrase, at in found.items() if at >= 0}


def _in_order(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the longest run of pairs in which both numbers rise."""
    tails: list[int] = []
    lasts: list[int] = []
    before: list[int] = []
    for number, (_, there) in enumerate(pairs):
        at = bisect_left(tails, there)
        before.append(lasts[at - 1] if at else -1)
        if at == len(tails):
            tails.append(there)
            lasts.append(number)
        else:
            tails[at], lasts[at] = there, number
    run = []
    number = lasts[-1] if lasts else -1
    while number >= 0:
        run.append(pairs[number])
        number = before[number]
    return run[::-1]
