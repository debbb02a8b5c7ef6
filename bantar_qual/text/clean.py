"""Clean a text once, at import, before any position in it is kept."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass

# Line ends of every system; NUL and other control characters, and byte-order marks that were left
# inside a text; an emoji that some converter wrote as two halves; halves that lost the other.
_UNCLEAN = re.compile(
    "(?P<line>\r\n|[\r\x0b\x0c\x85\u2028\u2029])"
    "|(?P<pair>[\ud800-\udbff][\udc00-\udfff])"
    "|[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ufeff\ud800-\udfff]"
)


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A clean text, and where each place of the text as decoded has come to lie in it."""

    text: str
    removed: int  # unreadable characters that were taken out
    cuts: tuple[int, ...] = ()  # places in the old text after which positions have moved
    shifts: tuple[int, ...] = ()  # by how much they have moved from there on, in all

    def place(self, position: int) -> int:
        r"""Return the position in the clean text that a position of the old text has now.

        Examples
        --------
        >>> cleaned = cleaning("satu\r\ndua")
        >>> cleaned.text[cleaned.place(6):]
        'dua'
        """
        found = bisect_right(self.cuts, position) - 1
        moved = position - (self.shifts[found] if found >= 0 else 0)
        return max(0, min(moved, len(self.text)))


def clean(text: str) -> tuple[str, int]:
    r"""Give line ends one form and take out characters that cannot be read.

    Letters, spaces, emoji and combining marks stay exactly as they are, so that a quote is
    what the researcher's file says. Cleaning twice changes nothing.

    Parameters
    ----------
    text
        The text as decoded.

    Returns
    -------
    tuple of str and int
        The clean text, and how many unreadable characters were taken out.

    Examples
    --------
    >>> clean("Pak RT:\r\nyo, jadi\x00lah")
    ('Pak RT:\nyo, jadilah', 1)
    """
    cleaned = cleaning(text)
    return cleaned.text, cleaned.removed


def cleaning(text: str) -> Cleaned:
    """Clean a text, and keep account of how its positions move.

    Parameters
    ----------
    text
        The text as decoded, in whose positions an importer has kept places.

    Returns
    -------
    Cleaned
        The same text that ``clean`` gives, with ``place`` for the positions.
    """
    pieces: list[str] = []
    cuts: list[int] = []
    shifts: list[int] = []
    last = moved = removed = 0
    for match in _UNCLEAN.finditer(text):
        start, end = match.span()
        if match.lastgroup == "line":
            new = "\n"
        elif match.lastgroup == "pair":
            new = match.group().encode("utf-16", "surrogatepass").decode("utf-16")
        else:
            new = ""
            removed += start > 0 or match.group() != "\ufeff"  # a mark at the start is no loss
        pieces += [text[last:start], new]
        last = end
        if end - start != len(new):
            moved += end - start - len(new)
            cuts.append(end)
            shifts.append(moved)
    if not pieces:
        return Cleaned(text, 0)
    return Cleaned("".join([*pieces, text[last:]]), removed, tuple(cuts), tuple(shifts))
