"""Sentences: where they begin and end in a line of a transcript.

A line is a unit: no sentence runs over its end. Within a line, a stop, a question mark or an
ellipsis may end one; what stands before and behind it decides. The rules can be few because the
list of abbreviations, which is data, knows most.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_LINE = re.compile(r"[^\n\r\v\f\x1c-\x1e\x85\u2028\u2029]+")
_STOP = re.compile(  # possessive, so that a million full stops are read once, not a million times
    r"""(?P<stop>[.!?…]++) (?P<close>["'”’»)\]}]*+) (?P<gap>\s*+) ["'“‘«(\[{—–-]*+""", re.VERBOSE
)
_WORD = re.compile(r"\w")
_TOKEN = re.compile(r"[\w./]+\Z")
_INITIALS = re.compile(r"(?:[^\W\d_]\.)+")  # M. Yusuf, J.K.
_DEGREE = re.compile(r"[^\W\d_]{1,2}(?:\.[^\W\d_]{1,4})+\.")  # S.Pd., M.Kes.
_NUMBERING = re.compile(r"\W*(?:\d{1,3}|[^\W\d_]|[ivxIVX]{1,5})\W*")  # "2." or "b." opens a point
_LONGEST_TOKEN = 24
_LONGEST_NUMBERING = 8


def sentences(text: str, abbreviations: frozenset[str]) -> list[tuple[int, int]]:
    """Return the sentences of a text as half-open spans of code points.

    The spans are in order and apart, begin and end with something that is not white space, and
    together cover everything that is not.

    Parameters
    ----------
    text
        The text, of any length: the work grows with it, and no faster.
    abbreviations
        In lower case. One with its stop (``bpk.``) never ends a sentence; one without (``dll``)
        ends it when a capital follows.

    Examples
    --------
    >>> text = "Dananya Rp. 500 ribu. Cukup? Tidak."
    >>> [text[start:end] for start, end in sentences(text, frozenset({"rp."}))]
    ['Dananya Rp. 500 ribu.', 'Cukup?', 'Tidak.']
    """
    spans: list[tuple[int, int]] = []
    for line in _LINE.finditer(text):
        start = line.start()
        for end in _ends(text, line.start(), line.end(), abbreviations):
            piece = text[start:end]
            left = start + len(piece) - len(piece.lstrip())
            right = start + len(piece.rstrip())
            if left < right:
                spans.append((left, right))
            start = end
    return spans


def _ends(text: str, start: int, stop: int, abbreviations: frozenset[str]) -> Iterator[int]:
    """Yield where the sentences of one line end."""
    said = False  # a sentence says something: ". . ." alone is none
    seen = start
    for match in _STOP.finditer(text, start, stop):
        said = said or _WORD.search(text, seen, match.start()) is not None
        seen = match.end()
        if said and match.end() < stop and _is_end(text, start, match, abbreviations):
            start = match.end("close")
            said = False
            yield start
    yield stop


def _is_end(text: str, start: int, match: re.Match[str], abbreviations: frozenset[str]) -> bool:
    """Say whether a sentence that began at ``start`` ends at a stop."""
    after = text[match.end()]
    if not match["gap"]:
        return _is_glued(text, start, match, abbreviations)
    if match["close"] and after.islower():  # "Kapan cair?" tanya warga
        return False
    if "?" in match["stop"] or "!" in match["stop"]:
        return True
    if match["stop"] != ".":  # an ellipsis is a pause as often as an end
        return after.isupper()
    if match["close"]:
        return True
    return _is_full_stop(text, start, match, abbreviations)


def _is_full_stop(
    text: str, start: int, match: re.Match[str], abbreviations: frozenset[str]
) -> bool:
    """Say whether a stop with a space behind it is more than the end of an abbreviation."""
    end = match.start()
    if end - start <= _LONGEST_NUMBERING and _NUMBERING.fullmatch(text, start, end):
        return False
    token = _token(text, start, end)
    if token in abbreviations:
        return False
    if token[:-1] in abbreviations:
        return text[match.end()].isupper()
    if _INITIALS.fullmatch(token):
        return False
    return not _DEGREE.fullmatch(token) or text[match.end()].isupper()


def _is_glued(text: str, start: int, match: re.Match[str], abbreviations: frozenset[str]) -> bool:
    """Say whether a sentence ends where the writer forgot the space: ``selesai.Terus kami``."""
    before, after = text[match.start() - 1], text[match.end() : match.end() + 2]
    if not (before.islower() and after[:1].isupper() and after[1:].islower()):
        return False
    token = _token(text, start, match.start())
    return token not in abbreviations and token[:-1] not in abbreviations and "." not in token[:-1]


def _token(text: str, start: int, end: int) -> str:
    """Return the word before a stop, in lower case and with the stop."""
    found = _TOKEN.search(text, max(start, end - _LONGEST_TOKEN), end)
    return f"{found[0].lower()}." if found else "."
