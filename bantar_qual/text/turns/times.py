"""Time stamps, in all the ways in which transcripts write them."""

from __future__ import annotations

import re

# 12:34 · 00:12:34 · 00:12:34.567 · 01.23.45 · 0:0:3.540 · 00:01:30-0 (f4: tenths after a hyphen)
CLOCK = r"(?<!\d)\d{1,3}(?:[:.]\d{1,2}){1,3}(?:[.,]\d{1,3})?(?:-\d)?(?![\d:]|\.\d)"
_RANGE = rf"{CLOCK}(?:\s*(?:-->|[-–—])\s*{CLOCK})?"
ENCLOSED = (
    rf"(?:\#{_RANGE}\#|\[\s*{_RANGE}\s*\]|\(\s*{_RANGE}\s*\)|\{{\s*{_RANGE}\s*\}}|<{_RANGE}>)"
)
STAMP = rf"(?:{ENCLOSED}|{_RANGE})"

_CLOCK = re.compile(CLOCK)
_ALONE = re.compile(rf"\s*[*_]*{STAMP}[*_]*\s*")
_FIRST = re.compile(rf"{ENCLOSED}\s*")
_LAST = re.compile(rf"\s*(?:\#{_RANGE}\#|\[\s*{_RANGE}\s*\])\s*\Z")


def clock(stamp: str | None) -> str:
    """Return the time of a stamp as written, without brackets; of a range, where it begins."""
    found = _CLOCK.search(stamp or "")
    return found[0] if found else ""


def only_time(line: str) -> str:
    """Return the time that stands alone on a line; nothing where there is more than a time."""
    return clock(line) if _ALONE.fullmatch(line) else ""


def first_time(speech: str) -> tuple[int, str]:
    """Return where speech begins after a time stamp in brackets at its very start, and the time."""
    found = _FIRST.match(speech)
    return (found.end(), clock(found[0])) if found else (0, "")


def last_time(speech: str) -> tuple[int, str]:
    """Return where speech ends before a time stamp at its very end, and that time.

    f4 and MAXQDA write ``#00:01:30-0#`` where a turn ends.
    """
    tail = max(len(speech) - 60, 0)  # a stamp is short; a long turn is not searched through
    found = _LAST.search(speech, tail)
    return (found.start(), clock(found[0])) if found else (len(speech), "")
