"""Lines that may open a turn, in each of the layouts in which transcripts are typed."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bantar_qual.languages import Language
from bantar_qual.text.turns import labels
from bantar_qual.text.turns.lines import Line
from bantar_qual.text.turns.times import ENCLOSED, STAMP, clock, only_time


@dataclass(frozen=True, slots=True)
class Candidate:
    """A line that may open a turn."""

    label: str
    time: str
    start: int  # where its line starts, or the line above that holds its time
    speech: int  # where the speech starts in the text
    shown: bool = True  # whether a colon or a time tells the label from a short sentence
    apart: bool = True  # whether it stands like a heading, right above what is said
    bold: bool = False  # whether the format shows the label in bold


# Quantifiers are possessive (``*+``) wherever white space could be shared out in many ways, so
# that no line, however odd, takes longer than its length.
_LABEL = (
    r'(?P<label>[^\W\d_][^:：\n\[\](){}<>?!;,"“”|\t]{0,40}?'
    r"(?:\s*+\((?!\s*+\d+[:.]\d)[^()\n:]{1,40}\))?)"
)
_OPENS = (
    r"(?:[\s>*_•·-]|\#(?!\d))*+(?:\d{1,4}[.)]\s++)?"
    rf"(?:(?P<before>{STAMP})\s*+[-–—|]?\s*+)?[*_]*+"
)

# `Label: speech`, also `Label [00:12]: speech`, `[00:12] Label: speech`, `Label: [00:12] speech`,
# `Label : speech`, `P10|: speech`. The colon of a time such as 10:36 opens nothing.
_INLINE = re.compile(
    rf"{_OPENS}{_LABEL}[*_]*+\s*+(?:(?P<after>{ENCLOSED})\s*+)?[*_|]*+\s*+"
    rf"(?::(?!(?<=\d:)\d\d(?!\d))|：)[*_]*+[ \t]*+(?:(?P<within>{ENCLOSED})[ \t]*+)?"
)
# `Label` alone on its line, also with a time, as Otter and Teams write it: `Name  12:34`.
_ALONE = re.compile(
    rf"\s*+(?:(?P<before>{STAMP})\s*+[-–—|]?\s*+)?[*_\#\[]*+"
    r"(?P<label>[^\W\d_](?:[\w .'’/&@-]{0,40}?[\w'’])??(?:\s*\([^()\n:]{1,40}\))?)[*_\]]*+"
    rf"(?:\s*(?P<after>{STAMP}))?[*_]*+\s*+"
)
# A table's row: `Label<tab>speech`, also behind a number or a time in cells of their own.
_CELLS = re.compile(
    rf"[ ]*+(?:\d{{1,4}}\.?[ ]*+\t\s*+)?(?:(?P<before>{STAMP})[ ]*+\t\s*+)?"
    rf"(?P<label>[^\W\d_][^:\n\t]{{0,40}}?)[ ]*+:?[ ]*+(?:\t\s*+(?P<after>{STAMP})[ ]*+)?\t\s*+"
)
# `[id1] speech`
_BRACKET = re.compile(r"\s*+\[(?P<label>[^\W\d_]{1,20}\s?\d{0,3})\]\s*+:?\s*+(?=\S)")


def candidates(
    lines: Sequence[Line], first: int, spoken: Language, strong: Sequence[tuple[int, int]]
) -> list[list[Candidate]]:
    """Return the candidates of each layout, the layouts in the order of their trust."""
    question = _question(spoken)
    bold = _Bold(strong)
    read: list[Callable[[Line], re.Match[str] | None]] = [
        lambda line: question.match(line.text) or _INLINE.match(line.text),
        _alone,
        lambda line: _CELLS.match(line.text),
        lambda line: _BRACKET.match(line.text),
    ]
    found = [_found(lines, first, reader, bold) for reader in read]
    found.append(list(bold.candidates(lines, first)))
    return found


def _above(lines: Sequence[Line], number: int) -> bool:
    """Tell whether a line stands right above a label."""
    return number + 1 < len(lines) and _alone(lines[number + 1]) is not None


def _apart(lines: Sequence[Line], number: int) -> bool:
    """Tell whether a line stands below a blank one, and right above what is said."""
    above = lines[number - 1].text.strip() if number else ""
    below = lines[number + 1].text.strip() if number + 1 < len(lines) else ""
    return bool(below) and (not above or bool(only_time(above)))


def _alone(line: Line) -> re.Match[str] | None:
    return _ALONE.fullmatch(line.text)


def _found(
    lines: Sequence[Line],
    first: int,
    reader: Callable[[Line], re.Match[str] | None],
    bold: _Bold,
) -> list[Candidate]:
    """Read the lines in one layout; a time alone on the line above belongs to the label."""
    found = []
    for number, line in enumerate(lines[first:], first):
        match = reader(line)
        if match is None:
            # Otter writes a time alone where it does not know the voice.
            if reader is _alone and (time := only_time(line.text)) and not _above(lines, number):
                found.append(Candidate("", time, line.start, line.end))
            continue
        said = match.groupdict()
        label = (said["label"] or "").strip(" *_|")
        time = next((clock(said.get(k)) for k in ("before", "after", "within") if said.get(k)), "")
        above = number - 1
        start = line.start
        if not time and above >= first and (time := only_time(lines[above].text)):
            start = lines[above].start
        at = line.start + match.start("label")
        alone = reader is _alone
        mark = Candidate(
            label,
            time,
            start,
            line.start + match.end(),
            shown=not alone or bool(time),
            apart=not alone or _apart(lines, number),
            bold=bold.covers(at, label),
        )
        found.append(mark)
    return found


def _question(spoken: Language) -> re.Pattern[str]:
    """Match the numbered questions of a guide: ``Pertanyaan 3. ...``; the number is no person's."""
    words = "|".join(sorted(map(re.escape, labels.question_words(spoken)), key=len, reverse=True))
    return re.compile(
        rf"\s*[*_#>-]*(?P<label>{words})\s+(?:no\.?|nomor)?\s*\d{{1,3}}\s*[.:)]+[*_]*[ \t]*",
        re.IGNORECASE,
    )


class _Bold:
    """What stands in bold, which in Word files often is the label."""

    _WIDEST = 40  # characters of a label
    _MOST = 5  # its words

    def __init__(self, stretches: Sequence[tuple[int, int]]) -> None:
        self.stretches = sorted(stretches)
        self.starts = dict(self.stretches)

    def covers(self, at: int, label: str) -> bool:
        """Tell whether a label that stands at a place is in bold."""
        return bool(label) and any(
            start <= at and at + len(label) <= end + 1 for start, end in self._near(at)
        )

    def _near(self, at: int) -> list[tuple[int, int]]:
        from bisect import bisect_right

        place = bisect_right(self.stretches, (at, 1 << 60))
        return self.stretches[max(place - 1, 0) : place]

    def candidates(self, lines: Sequence[Line], first: int) -> list[Candidate]:
        """Return the lines that begin with a few bold words and go on in plain letters."""
        found = []
        for line in lines[first:]:
            begins = line.start + len(line.text) - len(line.text.lstrip())
            end = self.starts.get(begins, begins)
            said = line.text[begins - line.start : end - line.start].strip(" :\t")
            plain = line.text[end - line.start :].strip()
            short = len(said) <= self._WIDEST and len(said.split()) <= self._MOST
            if end < line.end and plain and short and said[:1].isalpha() and ":" not in said:
                found.append(Candidate(said, "", line.start, end, bold=True))
        return found
