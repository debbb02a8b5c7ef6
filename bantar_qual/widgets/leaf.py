"""How a coded transcript is set: blocks of paragraphs, cut where codings begin or end."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from bantar_qual.records import Document, Turn
from bantar_qual.widgets.segments import Span, segments

_LETTER = re.compile(r"[^\W\d_]")
_WORDS = re.compile(r"\S")


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """Words on which the same codings lie; the names that begin to stand beside them."""

    start: int
    end: int
    ids: tuple[int, ...]  # the longest outermost
    names: tuple[int, ...]  # codings that begin here
    more: tuple[int, ...]  # codings that go on here from an earlier paragraph


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """The head of a document, a turn, or what stands between turns."""

    kind: str  # "head", "turn", "note" or "label"
    turn: Turn | None = None
    paragraphs: tuple[tuple[Piece, ...], ...] = ()


@dataclass(slots=True)
class _Setting:
    document: Document
    spans: Sequence[Span]
    named: set[int] = field(default_factory=set)

    def paragraph(self, start: int, end: int, *, last: bool) -> tuple[Piece, ...]:
        """Cut one paragraph, and put each name where its coding begins to be seen."""
        here = [span for span in self.spans if span[1] < end and span[2] > start]
        # A coding of spaces alone lies in no paragraph; its name stands at the next one.
        missed = [s for s in self.spans if s[0] not in self.named and (s[2] <= start or last)]
        fresh = [s for s in here if s[0] not in self.named]
        late = [s for s in missed if s not in fresh]
        more = {s[0] for s in here} & self.named
        self.named |= {s[0] for s in (*fresh, *late)}
        begins: dict[int, list[int]] = {start: [s[0] for s in late]}
        for number, first, _ in sorted(fresh, key=lambda s: (s[1], -s[2], s[0])):
            begins.setdefault(max(first, start), []).append(number)
        return tuple(
            Piece(
                start=piece.start,
                end=piece.end,
                ids=piece.ids,
                names=tuple(begins.get(piece.start, ())),
                more=tuple(n for n in piece.ids if n in more and piece.start == start),
            )
            for piece in segments(here, start, end)
        )

    def block(self, kind: str, lines: Sequence[tuple[int, int]], turn: Turn | None = None) -> Block:
        ends = {line[1] for line in lines[-1:]}
        whole = len(self.document.text.rstrip())
        return Block(
            kind=kind,
            turn=turn,
            paragraphs=tuple(self.paragraph(a, b, last=b in ends and b >= whole) for a, b in lines),
        )


def blocks(document: Document, spans: Sequence[Span]) -> list[Block]:
    """Set a document: every word of it stands in a paragraph, save labels that name a speaker.

    Parameters
    ----------
    document
        The transcript.
    spans
        Id, start and end of each coding.

    Notes
    -----
    A label such as "Ketua RT:" is told by the turn itself; where a coding begins or ends in it, it
    is shown too.
    """
    setting = _Setting(document, sorted(spans, key=lambda span: (span[1], -span[2], span[0])))
    found: list[Block] = []
    at = 0
    for turn in document.turns:
        head = "note" if found else "head"
        between = list(_lines(document.text, at, turn.start))
        for kind, lines in _between(document.text, between, turn, head, spans):
            found.append(setting.block(kind, lines))
        said = _lines(document.text, turn.start, turn.end)
        found.append(setting.block("turn", list(said), turn))
        at = turn.end
    if left := list(_lines(document.text, at, len(document.text))):
        found.append(setting.block("note" if document.turns else "turn", left))
    return found


def _lines(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the lines between two positions that hold more than spaces."""
    at = start
    while at < end:
        stop = text.find("\n", at, end)
        stop = end if stop < 0 else stop
        if _WORDS.search(text, at, stop):
            yield at, stop
        at = stop + 1


Lines = list[tuple[int, int]]


def _between(
    text: str, lines: Lines, turn: Turn, kind: str, spans: Sequence[Span]
) -> Iterator[tuple[str, Lines]]:
    """Yield what stands before a turn; its label only where a coding begins or ends in it."""
    cut = len(lines)
    if turn.speaker and lines:
        cut -= 1
        while cut and not _LETTER.search(text, *lines[cut - 1]):
            cut -= 1
    if lines[:cut]:
        yield kind, lines[:cut]
    label = lines[cut:]
    first, last = label[0][0] if label else turn.start, turn.start
    touched = [(a, b) for _, a, b in spans if a < last and b > first]
    if label and any(a >= first or b <= last for a, b in touched):
        yield "label", label
