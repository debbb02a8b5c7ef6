"""The lines and paragraphs of a text, each with its place."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Line:
    """One line and where it stands in the text."""

    start: int
    end: int
    text: str


def lines_of(text: str) -> list[Line]:
    """Cut a text into its lines."""
    lines, start = [], 0
    for piece in text.split("\n"):
        lines.append(Line(start, start + len(piece), piece))
        start += len(piece) + 1
    return lines


def trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """Take white space off both ends of a stretch."""
    piece = text[start:end]
    left = start + len(piece) - len(piece.lstrip())
    return left, left + len(piece.strip())


def paragraphs(lines: Sequence[Line]) -> Iterable[tuple[int, int]]:
    """Yield the place of each block of lines between blank ones.

    Where no line is blank, as in most Word files, every line is a paragraph by itself.
    """
    written = [line for line in lines if line.text.strip()]
    first, last = (written[0].start, written[-1].start) if written else (0, 0)
    apart = any(not line.text.strip() for line in lines if first < line.start < last)
    for block in _blocks(lines) if apart else [[line] for line in written]:
        if any(letter.isalnum() for line in block for letter in line.text):
            # a rule or a row of stars is no paragraph
            left, right = block[0], block[-1]
            start = left.start + len(left.text) - len(left.text.lstrip())
            yield start, right.start + len(right.text.rstrip())


def _blocks(lines: Sequence[Line]) -> Iterable[list[Line]]:
    block: list[Line] = []
    for line in lines:
        if line.text.strip():
            block.append(line)
        elif block:
            yield block
            block = []
    if block:
        yield block
