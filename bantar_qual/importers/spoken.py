"""From timed pieces of speech, as captions and speech recognisers give them, to a transcript."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from bantar_qual.importers.registry import Mark
from bantar_qual.text.clean import clean

_NAMED = re.compile(r"(?P<name>[^\W\d_][^:\n\[\](){}<>?!;,\"“”|]{0,60}?)\s*[:：](?!\d\d)\s*(?=\S)")
_OFTEN = 2  # a name before a colon counts from the second time on
_MOST = 0.8  # of the pieces have a name: then one without is by somebody unknown
_PAUSE = 2.0  # seconds of silence between paragraphs, where no voice has a name
_LONG = 30.0  # seconds after which the end of a sentence ends the paragraph
_LONGEST = 120.0
_ENDS = (".", "?", "!", "…", '."', '?"')


@dataclass(frozen=True, slots=True)
class Said:
    """What one voice said in one piece, and from when to when, in seconds."""

    name: str
    words: str
    start: float | None = None
    end: float | None = None
    line: int = 0  # of the file


@dataclass(frozen=True, slots=True)
class Assembled:
    """A transcript made of pieces: its text, where turns begin, and where each line's words end."""

    text: str
    marks: tuple[Mark, ...]
    ends: tuple[tuple[int, int], ...]  # the file's line, and where its words end in the text


def by_name(said: Sequence[Said]) -> tuple[list[Said], str]:
    """Take names out of the words, as in ``Siti Aminah: Selamat pagi.``, which Zoom writes.

    Where most pieces have a name, one without is by somebody unknown; where few have one, the
    name stands only where the voice changes, and pieces without go on in the voice before them.

    Returns
    -------
    tuple of list and str
        The pieces with names, and a note; it is empty if there is nothing to say.
    """
    if any(one.name for one in said):
        return list(said), ""
    matches = [_NAMED.match(one.words) for one in said]
    counts = Counter(match["name"].strip() for match in matches if match)
    most = sum(counts.values()) >= _MOST * len(said)
    names = {name for name, count in counts.items() if most or count >= _OFTEN}
    if not names or (len(names) == 1 and not most):
        return list(said), ""
    named = [match is not None and match["name"].strip() in names for match in matches]
    found: list[Said] = []
    voice, unknown = "", 0
    for one, match, has in zip(said, matches, named, strict=True):
        if match and has:
            voice = match["name"].strip()
            found.append(replace(one, name=voice, words=one.words[match.end() :]))
        else:
            unknown += most
            found.append(replace(one, name="" if most else voice))
    return found, f"{unknown} pieces of speech have no name" if unknown else ""


def assembled(said: Sequence[Said]) -> Assembled:
    """Join what one voice says in a row into one turn, under its time and name.

    Where no voice has a name, a turn ends with a pause, or with a sentence once it is long.

    Examples
    --------
    >>> ana = [Said("Ana", "Ada", 0, 1), Said("Ana", "dana?", 1, 2)]
    >>> print(assembled([*ana, Said("Budi", "Tidak.", 65, 66)]).text)
    [00:00:00] Ana: Ada dana?
    <BLANKLINE>
    [00:01:05] Budi: Tidak.
    """
    parts: list[str] = []
    marks: list[Mark] = []
    ends: list[tuple[int, int]] = []
    length = 0
    for turn in _turns(said):
        time = clock(turn[0].start)
        head = "".join([f"[{time}] " if time else "", f"{turn[0].name}: " if turn[0].name else ""])
        gap = "\n\n" if parts else ""
        at = length + len(gap)
        marks.append(Mark(at, at + len(head), turn[0].name, time))
        parts.append(gap + head)
        length += len(parts[-1])
        for number, one in enumerate(turn):
            dialogue = "\n" in one.words or (number and "\n" in turn[number - 1].words)
            words = ("\n" if dialogue and number else " " if number else "") + one.words
            parts.append(words)
            length += len(words)
            ends.append((one.line, length))
    return Assembled("".join(parts), tuple(marks), tuple(ends))


def _turns(said: Sequence[Said]) -> Iterator[list[Said]]:
    """Yield the pieces of each turn; their words are cleaned first, for positions follow."""
    turn: list[Said] = []
    for piece in said:
        words = clean(piece.words)[0].strip()
        name = " ".join(clean(piece.name)[0].split())
        if not words:
            continue
        one = replace(piece, words=words, name=name)
        if turn and (one.name != turn[-1].name or (not one.name and _breathes(turn, one))):
            yield turn
            turn = []
        turn.append(one)
    if turn:
        yield turn


def _breathes(turn: Sequence[Said], following: Said) -> bool:
    """Tell whether an unnamed voice makes a pause, or has spoken long enough for a paragraph."""
    opened, last, now = turn[0].start, turn[-1].end, following.start
    if now is None or opened is None:
        return False
    pause = last is not None and now - last >= _PAUSE
    long = now - opened >= _LONG and turn[-1].words.endswith(_ENDS)
    return pause or long or now - opened >= _LONGEST


def clock(seconds: float | None) -> str:
    """Return seconds as a clock shows them; a fraction of a second helps nobody to find a place.

    Examples
    --------
    >>> clock(3725.9)
    '01:02:05'
    """
    if seconds is None:
        return ""
    whole = int(seconds)
    return f"{whole // 3600:02d}:{whole // 60 % 60:02d}:{whole % 60:02d}"
