"""Replace stretches of a text, and say where every position of the old text went."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass

Stretch = tuple[int, int, str]  # start, end, and what stands there now


@dataclass(frozen=True, slots=True)
class Shift:
    """Where the positions of a text went when stretches of it were replaced."""

    stretches: tuple[Stretch, ...]  # in order, none across another
    offsets: tuple[int, ...]  # by how much a position behind each stretch has moved

    @classmethod
    def of(cls, stretches: Iterable[Stretch]) -> Shift:
        """Make one of stretches in any order.

        Raises
        ------
        ValueError
            If two of them overlap.
        """
        ordered = tuple(sorted(stretches))
        offsets, moved, last = [], 0, 0
        for start, end, words in ordered:
            if start < last or start >= end:
                msg = f"two replacements overlap at {start}"
                raise ValueError(msg)
            moved += len(words) - (end - start)
            offsets.append(moved)
            last = end
        return cls(ordered, tuple(offsets))

    def start(self, position: int) -> int:
        """Return where something begins now; inside a replaced stretch, at its beginning."""
        return self._at(position, at_end=False)

    def end(self, position: int) -> int:
        """Return where something ends now; inside a replaced stretch, at its end."""
        return self._at(position, at_end=True)

    def _at(self, position: int, *, at_end: bool) -> int:
        place = bisect_right(self.stretches, position, key=lambda stretch: stretch[0]) - 1
        if place < 0:
            return position
        start, end, words = self.stretches[place]
        before = self.offsets[place - 1] if place else 0
        if position >= end:
            return position + self.offsets[place]
        if position == start and at_end:
            return position + before
        return start + before + (len(words) if at_end else 0)

    def cuts(self, start: int, end: int) -> bool:
        """Tell whether a stretch begins or ends inside one that was replaced."""
        return any(a < start < b or a < end < b for a, b, _ in self.stretches)


def replaced(text: str, stretches: Iterable[Stretch]) -> tuple[str, Shift]:
    """Replace stretches of a text.

    Parameters
    ----------
    text
        The text.
    stretches
        Half-open stretches, none across another, each with what is to stand there.

    Returns
    -------
    tuple of str and Shift
        The new text, and where every position went.

    Examples
    --------
    >>> new, shift = replaced("Pak Budi datang.", [(4, 8, "[Warga A]")])
    >>> new, new[shift.start(9) : shift.end(15)]
    ('Pak [Warga A] datang.', 'datang')
    """
    shift = Shift.of(stretches)
    parts, at = [], 0
    for start, end, words in shift.stretches:
        parts += [text[at:start], words]
        at = end
    return "".join([*parts, text[at:]]), shift
