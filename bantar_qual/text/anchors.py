"""Anchors: find the words of a coding again after a transcript was corrected.

Both texts are aligned word by word. Where the very same words stand at the aligned place, or stand
elsewhere with the same neighbours, the coding goes there. In every other case a place is offered,
and a person decides: nothing is ever shifted silently.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from bantar_qual.text.alignment import Alignment, common, tokens

State = Literal["kept", "moved", "unsure", "lost"]
Stretch = tuple[str, int, int]  # a text, and where a stretch of it begins and ends

CONTEXT = 32  # characters on both sides that decide between places with the same words
_NEAR = 8  # of these characters
_MANY = 60  # places with the same words that are looked at, the nearest first
_CHANCE = 3  # characters that agree by chance, such as a line end before two speakers
_CLOSE = 8  # of these, so many are compared letter by letter
_TELLING = 16  # characters; a longer quote that occurs once is known without its neighbours
_ENOUGH = 0.5  # of the neighbours must be the same where the words alone do not tell
_APART = 0.15  # by so much a place must be better than the next
_HOPELESS = 0.65  # a place with a lower score is not the coding's place any more
_LONG = 240  # characters; longer quotes are compared by words, not by letters
_WORD = re.compile(r"\w")
_CLOSING = ".,;:?!…\"'”’»)]"  # signs that may end a sentence
_JOINERS = "\u200d\ufe0e\ufe0f\U0001f3fb\U0001f3fc\U0001f3fd\U0001f3fe\U0001f3ff"  # of emoji


@dataclass(frozen=True, slots=True)
class Anchor:
    """Where a stretch of the old text stands in the new one, and how sure that is."""

    start: int
    end: int
    state: State
    score: float  # 1 where words and neighbours are the same, towards 0 where nothing is


def reanchor(old_text: str, new_text: str, spans: Iterable[tuple[int, int]]) -> list[Anchor]:
    """Find stretches of an old text in a new one.

    Parameters
    ----------
    old_text, new_text
        The text before and after its correction.
    spans
        Half-open stretches of the old text, in code points.

    Returns
    -------
    list of Anchor
        One for each span, in their order. ``kept``: the same words at the same place; ``moved``:
        the same words, found beyond doubt; ``unsure``: other words, or the same words in more
        than one possible place, the best of which is offered; ``lost``: the words are gone, and
        the place is where they would stand. Only ``kept`` and ``moved`` promise the same words.

    Examples
    --------
    >>> old = "Dananya tdk ada. Warga diam."
    >>> new = "Betul. Dananya tidak ada. Warga diam."
    >>> [(new[a.start:a.end], a.state) for a in reanchor(old, new, [(0, 15), (17, 27)])]
    [('Dananya tidak ada', 'unsure'), ('Warga diam', 'moved')]
    """
    if old_text == new_text:
        return [Anchor(start, end, "kept", 1.0) for start, end in spans]
    finder = _Finder(old_text, new_text)
    return [finder.find(start, end) for start, end in spans]


@dataclass(frozen=True, slots=True)
class _Place:
    """A stretch of the new text that may be the one that is looked for."""

    start: int
    end: int
    words: float  # how much its words are like the old ones, from 0 to 1
    context: float  # how much its neighbours are

    @property
    def score(self) -> float:
        return 0.6 * self.words + 0.4 * self.context


class _Finder:
    """Two texts and how they are aligned."""

    def __init__(self, old: str, new: str) -> None:
        self.old, self.new = old, new
        self.alignment = Alignment(old, new)

    def find(self, start: int, end: int) -> Anchor:
        quote = self.old[start:end]
        at, until = self.alignment.place(start, end)
        closing = quote[len(quote.rstrip(_CLOSING)) :]
        if not self.new.endswith(closing, at, until) and self.new.startswith(closing, until):
            until += len(closing)  # the stop behind a corrected word belongs to the sentence
        here = self._place(start, end, at, until)
        if (
            here.words == 1.0
            and self._whole(start, end, here.start)
            and self._alone(start, end, here)
        ):
            return self._anchor(start, here, sure=True)
        places = [
            self._place(start, end, at, at + len(quote))
            for at in self._nearest(self.new, quote, start, end, here.start)
        ]
        places.sort(key=lambda place: (-place.context, abs(place.start - here.start)))
        if places and self._told(start, end, places, here):
            return self._anchor(start, places[0], sure=True)
        between = self._between(start, end)
        offers = [here, *places[:1], *([between] if between else [])]
        best = max(offers, key=lambda place: place.score)
        return self._anchor(start, best, sure=False)

    def _anchor(self, start: int, place: _Place, *, sure: bool) -> Anchor:
        state: State = "unsure"
        if sure:
            state = "kept" if place.start == start else "moved"
        elif place.score < _HOPELESS and not (
            place.words == 1.0 and place.end - place.start >= _TELLING
        ):
            state = "lost"
        return Anchor(place.start, place.end, state, place.score)

    # ------------------------------------------------------------ is it this one

    def _alone(self, start: int, end: int, here: _Place) -> bool:
        """Tell whether the aligned place with the same words has no rival in either text."""
        left, right = min(start, CONTEXT), min(len(self.old) - end, CONTEXT)
        window = self.old[start - left : end + right]
        if self.new[max(here.start - left, 0) : here.end + right] == window:
            ours = _reach(self.old, start, end, self.new, here.start)
            rivals = [
                _reach(self.old, start, end, self.new, at + left)
                for at in _occurrences(self.new, window, here.start - left)
            ] + [
                _reach(self.new, here.start, here.end, self.old, at + left)
                for at in _occurrences(self.old, window, start - left)
            ]
            # Where the same words stand between the same neighbours more than once, the longer
            # agreement decides, if it is not the shorter one on the other side.
            return all(
                sum(ours) > sum(other)
                and ours[0] + _CHANCE >= other[0]
                and ours[1] + _CHANCE >= other[1]
                for other in rivals
            )
        return here.context >= _ENOUGH and here.context > self._rival(start, end, here)

    def _told(self, start: int, end: int, places: Sequence[_Place], here: _Place) -> bool:
        """Tell whether the first of the places with the same words is the one, beyond doubt."""
        best = places[0]
        quote = self.old[start:end]
        if len(places) == 1 and len(quote) >= _TELLING and self._once(quote):
            return True
        if here.score >= best.score:
            return False
        rival = self._rival(start, end, best)
        return best.context >= _ENOUGH and best.context >= rival + _APART

    def _once(self, quote: str) -> bool:
        return all(text.find(quote, text.find(quote) + 1) < 0 for text in (self.old, self.new))

    def _rival(self, start: int, end: int, place: _Place) -> float:
        """Return how alike the neighbours of the next best pair of places are.

        The rivals of a place in the new text are the other new places for the old one, and the
        other old places for the new one.
        """
        quote = self.old[start:end]
        there = (self.new, place.start, place.end)
        return max(
            [
                _context((self.old, start, end), (self.new, at, at + len(quote)))
                for at in self._nearest(self.new, quote, start, end, place.start)
                if at != place.start
            ]
            + [
                _context(there, (self.old, at, at + len(quote)))
                for at in _closest(there, self.old, _occurrences(self.old, quote, start))
            ],
            default=0.0,
        )

    # ------------------------------------------------------------ where it may be

    def _place(self, start: int, end: int, at: int, until: int) -> _Place:
        """Describe a stretch of the new text as a place for a stretch of the old one."""
        at, until = _widened(at, until, len(self.new))
        return _Place(
            at,
            until,
            _likeness(self.old[start:end], self.new[at:until]),
            _context((self.old, start, end), (self.new, at, until)),
        )

    def _nearest(self, text: str, quote: str, start: int, end: int, near: int) -> list[int]:
        """Return the places with the same whole words whose neighbours are the most alike."""
        whole = [
            at for at in _occurrences(text, quote, near, itself=True) if self._whole(start, end, at)
        ]
        return _closest((self.old, start, end), text, whole)

    def _whole(self, start: int, end: int, at: int) -> bool:
        """Tell whether no word is cut that was not cut before: "dana" is not "dananya"."""
        until = at + end - start
        return (_cuts(self.old, start) or not _cuts(self.new, at)) and (
            _cuts(self.old, end) or not _cuts(self.new, until)
        )

    def _between(self, start: int, end: int) -> _Place | None:
        """Return what stands between the old neighbours, where both are found again."""
        left, right = self.old[max(start - CONTEXT, 0) : start], self.old[end : end + CONTEXT]
        if min(len(left), len(right)) < _TELLING or self.new.count(left) != 1:
            return None
        at = self.new.find(left) + len(left)
        until = self.new.find(right, at, at + 3 * (end - start) + CONTEXT + len(right))
        return self._place(start, end, at, until) if until > at else None


def _occurrences(text: str, quote: str, near: int, *, itself: bool = False) -> list[int]:
    """Return where a quote stands in a text, nearest first, and only so many."""
    before, after = _backwards(text, quote, near), _forwards(text, quote, near)
    half = _MANY // 2
    found = [at for side in (before, after) for _, at in zip(range(half), side, strict=False)]
    return sorted((at for at in found if itself or at != near), key=lambda at: abs(at - near))


def _forwards(text: str, quote: str, at: int) -> Iterator[int]:
    at = text.find(quote, max(at, 0))
    while at >= 0:
        yield at
        at = text.find(quote, at + 1)


def _backwards(text: str, quote: str, at: int) -> Iterator[int]:
    at = text.rfind(quote, 0, max(at - 1 + len(quote), 0))
    while at >= 0:
        yield at
        at = text.rfind(quote, 0, at - 1 + len(quote)) if at else -1


def _closest(source: Stretch, text: str, places: Sequence[int]) -> list[int]:
    """Return the few places whose neighbours agree the longest, to be compared in full."""
    old, start, end = source

    def agreement(at: int) -> int:
        before, after = _reach(old, start, end, text, at, limit=CONTEXT)
        return -before - after

    return sorted(places, key=agreement)[:_CLOSE]


def _reach(
    old: str, start: int, end: int, new: str, at: int, *, limit: int | None = None
) -> tuple[int, int]:
    """Return how many characters agree before and behind two stretches of the same length."""
    return (
        common(old, start, new, at, step=-1, limit=limit),
        common(old, end, new, at + end - start, step=1, limit=limit),
    )


def _context(one: Stretch, other: Stretch) -> float:
    """Return how much the neighbours of two stretches are alike, from 0 to 1."""
    (old, start, end), (new, at, until) = one, other
    left, right = old[max(start - CONTEXT, 0) : start], old[end : end + CONTEXT]
    here, there = new[max(at - len(left), 0) : at], new[until : until + len(right)]
    if (left, right) == (here, there):
        return 1.0
    alike = 0.0
    for mine, theirs, near in (
        (left, here, slice(-_NEAR, None)),
        (right, there, slice(_NEAR)),
    ):
        # The nearest neighbours say the most: they count by themselves, and again among all.
        alike += len(mine) * (_ratio(mine, theirs) + _ratio(mine[near], theirs[near])) / 2
    return alike / (len(left) + len(right))


def _likeness(one: str, other: str) -> float:
    """Return how much two quotes are alike: by letters, long ones by words."""
    if one == other:
        return 1.0
    if max(len(one), len(other)) <= _LONG:
        ratio = _ratio(one, other)
    else:
        words = Counter(word for word, _, _ in tokens(one))
        others = Counter(word for word, _, _ in tokens(other))
        ratio = 2 * (words & others).total() / max(words.total() + others.total(), 1)
    return min(ratio, 0.99)  # only the same words are the same


def _ratio(one: str, other: str) -> float:
    return SequenceMatcher(None, one, other, autojunk=False).ratio()


def _widened(start: int, end: int, length: int) -> tuple[int, int]:
    """Give an empty stretch a character, and keep every stretch inside its text."""
    start = min(max(start, 0), max(length - 1, 0))
    return start, min(max(end, start + 1), length)


def _cuts(text: str, at: int) -> bool:
    """Tell whether a position cuts a word, or a sign into its parts."""
    if not 0 < at < len(text):
        return False
    before, after = text[at - 1], text[at]
    if _bound(after) or before == _JOINERS[0]:
        return True
    return bool(_WORD.match(after)) and (bool(_WORD.match(before)) or _bound(before))


def _bound(sign: str) -> bool:
    return sign in _JOINERS or unicodedata.category(sign).startswith("M")
