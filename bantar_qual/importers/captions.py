"""Captions: WebVTT, SubRip and SubViewer, as Zoom, Teams and caption editors write them."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from bantar_qual.errors import UnreadableDocument
from bantar_qual.importers.registry import Aside, Raw, importer
from bantar_qual.importers.spoken import Assembled, Said, assembled, by_name
from bantar_qual.importers.text import read_text

_CLOCK = r"(?:\d{1,3}:)?\d{1,2}:\d{1,2}(?:[.,]\d{1,3})?"
_TIMING = re.compile(r"\s*(?P<start>\S+)\s*-->\s*(?P<end>\S+)?.*")
_SBV = re.compile(r"\s*(?P<start>\d+:\d+:\d[^,\s]*)\s*,\s*(?P<end>\d+:\d+:\d[^,\s]*)\s*")
_EXACT = re.compile(_CLOCK)
_BLOCK = re.compile(r"(NOTE|STYLE|REGION)(?=\s|$)[ \t]*")
_VOICE = re.compile(r"<v(?:\.[^\s>]*+)?\s++(?P<name>[^<>\n]*)>", re.IGNORECASE)
_NEXT_VOICE = re.compile(r"(?=<v(?:\.[^\s>]*+)?\s++[^<>\n]*>)", re.IGNORECASE)
# Only known tags are taken off: "<tertawa>" is what the transcriber wrote.
_TAG = re.compile(
    r"</?(?:[biucv]|ruby|rt|lang|font)(?:[.\s][^<>\n]*)?>|<\d[\d:.,]*>|\{\\[^{}\n]*\}",
    re.IGNORECASE,
)
_FEW = 5  # lines that a note names


@dataclass(slots=True)
class _Cue:
    """One caption as it stands in the file."""

    line: int
    start: float | None
    end: float | None
    words: list[str]
    sound: bool = True  # whether its times could be read


@importer(".vtt", ".srt", ".sbv")
def read_captions(path: Path) -> Raw:
    """Read captions as a transcript: one turn for what a voice says in a row, with its time.

    Voices are those of WebVTT (``<v Name>``), of Teams, whose closing tags may be missing, and
    of Zoom (``Name: text``). Styles, regions and identifiers are left out, comments become
    asides. A caption whose time cannot be read keeps its words, and a note says which.
    """
    raw = read_text(path)
    text = re.sub("\r\n?", "\n", raw.text)
    cues, comments, notes = _cues(text.removeprefix("\ufeff").split("\n"), path)
    pieces, unknown = by_name([part for cue in cues for part in _said(cue)])
    if not pieces:
        raise UnreadableDocument(path, "its captions hold no words")
    found = assembled(pieces)
    return replace(
        raw,
        text=found.text,
        marks=found.marks,
        notes=(*raw.notes, *notes, *filter(None, [unknown])),
        asides=tuple(_comment(found, line, comment) for line, comment in comments),
    )


def _comment(found: Assembled, line: int, comment: str) -> Aside:
    """Keep a comment of the file at the end of the words above it."""
    above = max((end for number, end in found.ends if number < line), default=0)
    return Aside(above, above, "comment", comment)


# ---------------------------------------------------------------- from lines to cues


def _cues(lines: Sequence[str], path: Path) -> tuple[list[_Cue], list[tuple[int, str]], list[str]]:
    """Read the lines one by one, so that a missing blank line or number loses no words."""
    vtt = path.suffix.lower() == ".vtt"
    timing = _SBV.fullmatch if path.suffix.lower() == ".sbv" else _TIMING.fullmatch
    found = {number: match for number, line in enumerate(lines) if (match := timing(line))}
    if not found:
        raise UnreadableDocument(path, "it holds no captions: no line says when somebody speaks")
    times = set(found)
    cues: list[_Cue] = []
    comments: list[tuple[int, str]] = []
    untimed: list[int] = []
    number = _head(lines, times) if vtt else 0
    blank = True
    while number < len(lines):
        line = lines[number].strip()
        block = _BLOCK.match(lines[number]) if vtt and blank and number not in times else None
        if block:
            number, words = _skipped(lines, number, times)
            if block[1] == "NOTE" and (comment := words[block.end() :].strip()):
                comments.append((number, comment))
            continue
        if number in times:
            cues.append(_opened(found[number], number))
        elif line and not _names(lines, number, times, blank=blank, vtt=vtt):
            lost = not cues or (blank and not _below_time(lines, number, times))
            if lost:
                untimed.append(number + 1)
                cues.append(_Cue(number, None, None, []))
            cues[-1].words.append(line)
        elif line and number + 1 not in times:
            number += 1  # the number of a caption that lost its time: its words come next
            continue
        blank = not line
        number += 1
    return [cue for cue in cues if cue.words], comments, _told(cues, untimed, lines, vtt=vtt)


def _head(lines: Sequence[str], times: set[int]) -> int:
    """Return the line after WebVTT's first block: the word itself, and metadata of the file."""
    if not lines[0].startswith("WEBVTT"):
        return 0
    number = 1
    while number < len(lines) and lines[number].strip() and number not in times:
        number += 1
    if number in times and number > 1:
        number -= 1  # an identifier may stand right below the first line
    return number


def _opened(match: re.Match[str], line: int) -> _Cue:
    start, end = _seconds(match["start"]), _seconds(match["end"])
    return _Cue(line, start, end, [], sound=start is not None and end is not None)


def _seconds(clock: str | None) -> float | None:
    """Return a time in seconds; nothing where it is no time."""
    if clock is None or not _EXACT.fullmatch(clock):
        return None
    seconds = 0.0
    for part in clock.replace(",", ".").split(":"):
        seconds = seconds * 60 + float(part)
    return seconds


def _skipped(lines: Sequence[str], number: int, times: set[int]) -> tuple[int, str]:
    """Return the line after a block, and the block's words."""
    end = number
    while end < len(lines) and lines[end].strip() and end not in times:
        end += 1
    return max(end, number + 1), "\n".join(lines[number : max(end, number + 1)])


def _names(lines: Sequence[str], number: int, times: set[int], *, blank: bool, vtt: bool) -> bool:
    """Tell whether a line is the number or the name of a caption."""
    digits = lines[number].strip().isdigit()
    if number + 1 in times:
        return digits or (vtt and blank)
    return digits and blank and not vtt and not _below_time(lines, number, times)


def _below_time(lines: Sequence[str], number: int, times: set[int]) -> bool:
    """Tell whether there are only blank lines between the time of a caption and a line."""
    above = number - 1
    while above >= 0 and not lines[above].strip():
        above -= 1
    return above in times


def _told(
    cues: Sequence[_Cue], untimed: Sequence[int], lines: Sequence[str], *, vtt: bool
) -> list[str]:
    """Say what was not as it should be, each once, with its lines."""
    broken = [cue.line + 1 for cue in cues if not cue.sound]
    empty = [cue.line + 1 for cue in cues if not cue.words]
    said = []
    if vtt and not lines[0].startswith("WEBVTT"):
        said.append(
            "the file does not begin with WEBVTT as such captions should; read all the same"
        )
    if broken:
        said.append(f"{_many(broken)} a time that cannot be read; the words are kept")
    if untimed:
        said.append(f"{_many(untimed)} no time; the words are kept")
    if empty:
        said.append(f"{_many(empty)} no words")
    return said


def _many(lines: Sequence[int]) -> str:
    listed = ", ".join(map(str, lines[:_FEW])) + (", …" if len(lines) > _FEW else "")
    one = len(lines) == 1
    return (
        f"1 caption (line {listed}) has" if one else f"{len(lines)} captions (lines {listed}) have"
    )


# ---------------------------------------------------------------- from cues to speech


def _said(cue: _Cue) -> Iterable[Said]:
    """Yield what each voice says in one caption."""
    words = [word for word in cue.words if word]
    dialogue = sum(word.startswith(("-", "–", "—")) for word in words) > 1
    whole = ("\n" if dialogue else " ").join(words)
    for part in _NEXT_VOICE.split(whole):
        voice = _VOICE.match(part)
        name = _plain(voice["name"]) if voice else ""
        if spoken := _plain(part[voice.end() :] if voice else part):
            yield Said(name, spoken, cue.start, cue.end, cue.line)


def _plain(words: str) -> str:
    """Take tags off and read entities such as ``&amp;``."""
    return html.unescape(_TAG.sub("", words)).replace("\xa0", " ").strip()
