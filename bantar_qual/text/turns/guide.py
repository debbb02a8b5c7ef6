"""Talks without labels: the questions of a guide, numbered or in bold, and answers below them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bantar_qual.languages import Language
from bantar_qual.text.turns.candidates import Candidate
from bantar_qual.text.turns.lines import Line

_NUMBERED = re.compile(r"\s*+(?P<number>\d{1,3})\s*+[.)]\s++(?=\S.*\?[\s*_]*+$)")
_FEW = 3  # fewer questions are no guide
_MOST = 0.6  # of the questions have an answer below them: a guide alone has none
_ASKED = 0.5  # of the bold lines ask: other bold lines are headings


def questions(
    lines: Sequence[Line],
    first: int,
    spoken: Language,
    strong: Sequence[tuple[int, int]],
    answers: Sequence[Candidate],
) -> list[Candidate]:
    """Return the questions of a guide, each under the language's word for a question.

    Parameters
    ----------
    lines, first
        The lines of the text, and the first one after the header.
    spoken
        The language.
    strong
        Stretches in bold.
    answers
        What was found to be an answer, because a label says so.
    """
    taken = {one.start for one in answers}
    free = [line for line in lines[first:] if line.text.strip() and line.start not in taken]
    word = str(spoken.turns["question"][0]).capitalize()
    for found in (_by_number(free), _in_bold(free, strong)):
        places = {start for start, _ in found}
        answered = sum(_is_answered(lines, start, places) for start in places)
        if len(found) >= _FEW and answered >= _MOST * len(found):
            return [Candidate(word, "", start, speech) for start, speech in found]
    return []


def _is_answered(lines: Sequence[Line], start: int, places: set[int]) -> bool:
    """Tell whether words stand between a question and the next one."""
    below = next((line for line in lines if line.start > start and line.text.strip()), None)
    return below is not None and below.start not in places


def _by_number(lines: Sequence[Line]) -> list[tuple[int, int]]:
    """Return the lines that are numbered, in rising order, and end with a question mark."""
    found, last = [], 0
    for line in lines:
        match = _NUMBERED.match(line.text)
        if match and int(match["number"]) == last + 1:
            last += 1
            found.append((line.start, line.start + match.end()))
    return found


def _in_bold(lines: Sequence[Line], strong: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the lines that are bold from end to end, if they are questions."""
    found, asked = [], 0
    ranges = sorted(strong)
    at = 0
    for line in lines:
        left = line.start + len(line.text) - len(line.text.lstrip())
        right = line.start + len(line.text.rstrip())
        while at < len(ranges) and ranges[at][1] <= left:
            at += 1
        if at < len(ranges) and ranges[at][0] <= left and right <= ranges[at][1]:
            found.append((line.start, left))
            asked += line.text.rstrip().endswith("?")
    return found if found and asked >= _ASKED * len(found) else []
