"""Lines with places, as in a PDF, made into paragraphs again.

Broken lines are joined and divided words mended. A new paragraph is seen by a line that ends
early, by distance, by an indent; what begins a turn is never joined to the turn before.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from bantar_qual.importers.flow import Flow

_LABEL = re.compile(
    r"[\[(]?[\d:.]*[\])]?\s*([^\W\d_][^:\n?!,;\[(]{0,30}?)\s?(?:[\[(][\d:.,]+[\])])?\s?:(?:\s|$)"
)
_BULLET = re.compile(r"[•●▪‣*–—-]\s")
_DIVIDED = re.compile(r"([^\W\d_]+)-$")
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
WIDE = 1.35  # times the usual distance of lines: a new paragraph
_INDENT = 6.0
_SLACK = 25.0  # where paragraphs lie apart, a line may end this much earlier and go on
POINTS = 3.0  # places that differ by less are the same
_FOOT = re.compile(r"(\d{1,3})\s*(.*)", re.DOTALL)
_PIECES = 12.0  # points between two pieces of one line at most
_DIVIDING = 0.03  # of all lines end with a hyphen, where words are divided at all
_EMPTY = 1.5  # times the usual distance of paragraphs: there was an empty line
_HEADING = 1.15  # times the size of the other letters
_BOLD = 60  # letters: a line that is bold so far is a bold line
_NAME_WORDS = 4
_COLUMN = 0.45  # of a page's width: what begins further right stands in a second column
_SHORTEST = 0.7  # of a page's width: lines of one column reach at least so far
_FAR = 2.5  # times the usual distance of lines: below the text
_SMALL = 0.95  # times the usual size of letters: a line below the text

Feet = dict[tuple[int, str], str]
"""The text of footnotes, by page and number."""


@dataclass(slots=True)
class Line:
    """A line and its place on its page; zero where that is not known."""

    text: str
    left: float
    right: float
    low: float
    high: float
    word: float  # how wide its first word is
    bold: int  # letters at its start that are bold
    size: float
    raised: list[list[int]]  # places and lengths of raised numbers, as notes have
    page: int
    width: float  # of the page

    @property
    def label(self) -> str:
        """What may be the name of a speaker at its start."""
        found = _LABEL.match(self.text)
        return found[1] if found else ""


def rows(lines: Sequence[Line]) -> list[Line]:
    """Put lines together that stand side by side: a raised sign has parted them.

    Parameters
    ----------
    lines
        The lines of one page.

    Returns
    -------
    list of Line
        The same letters; pieces of one line are one line.
    """
    whole: list[Line] = []
    for line in lines:
        last = whole[-1] if whole else None
        beside = last is not None and (
            0 <= line.left - last.right + 1 < _PIECES
            and min(line.high, last.high) - max(line.low, last.low) > (line.high - line.low) / 2
        )
        if last is None or not beside or last.right == last.left:
            whole.append(line)
            continue
        last.text += " " if line.left - last.right > 1 else ""
        last.raised = [*last.raised, *([at + len(last.text), n] for at, n in line.raised)]
        last.text += line.text
        last.right = line.right
        last.low, last.high = min(last.low, line.low), max(last.high, line.high)
        last.size = max(last.size, line.size)
    return whole


def footnotes(pages: list[list[Line]]) -> Feet:
    """Take the footnotes out of the lines: small, at the foot, each with a number of the text.

    Parameters
    ----------
    pages
        The lines of each page; those of footnotes are taken out of it.

    Returns
    -------
    dict
        The text of each footnote by page and number.
    """
    if not any(line.raised for page in pages for line in page):
        return {}
    sizes: Counter[float] = Counter()
    for line in itertools.chain.from_iterable(pages):
        sizes[round(line.size, 1)] += len(line.text)
    usual = sizes.most_common(1)[0][0]
    feet: Feet = {}
    for number, page in enumerate(pages):
        raised = [(n, line.text[at : at + size], at) for n, line in enumerate(page)
                  for at, size in line.raised]  # fmt: skip
        signs = {sign for _, sign, at in raised if at}
        gap = usual_gap(page)
        starts = [n for n, sign, at in raised if not at and sign in signs]
        starts += [
            n
            for n, (before, line) in enumerate(itertools.pairwise(page), 1)
            if (found := _FOOT.fullmatch(line.text))
            and found[1] in signs
            and before.low - line.low > _FAR * gap
        ]
        first = min(starts, default=len(page))
        while signs and first and 0 < page[first - 1].size < _SMALL * usual:
            first -= 1
        now = ""
        for line in page[first:]:
            found = _FOOT.fullmatch(line.text)
            if found and found[1] in signs and (number, found[1]) not in feet:
                now = found[1]
                feet[number, now] = found[2].strip()
            elif now:
                feet[number, now] += f" {line.text}"
        if now and _FOOT.match(page[first].text):
            del page[first:]
    return feet


def paragraphs(lines: Sequence[Line], feet: Feet, *, whole: bool) -> tuple[Flow, int]:
    """Join the lines of each paragraph, and count the divided words that were mended.

    Parameters
    ----------
    lines
        All lines in reading order.
    feet
        The footnotes, to be set aside where their numbers stand.
    whole
        False to leave every line a line, because places are not known.

    Returns
    -------
    tuple of Flow and int
        The text, and the number of mended words.
    """
    flow, mended = Flow(), 0
    signs = _Signs(lines) if whole else None
    for n, line in enumerate(lines):
        before = lines[n - 1] if n else None
        if before is None:
            pass
        elif signs is None or signs.begins(n):
            flow.end_line()
            if signs is not None and signs.is_apart(n):
                flow.end_line()
        elif not (divided := _DIVIDED.search(before.text)):
            flow.write("" if re.search(r"\S[-/]$", before.text) else " ")
        elif signs.is_mended(divided[1], line.text):
            flow.drop_hyphen()
            mended += 1
        _write(flow, line, feet)
    return flow, mended


class _Signs:
    """What shows where a paragraph begins, taken from all lines together."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self._lines = lines
        self._labels = Counter(line.label for line in lines if line.label)
        alone = Counter(map(_alone, lines))
        self._alone = {text for text, count in alone.items() if text and count > 1}
        self._words = Counter(word.lower() for one in lines for word in _WORD.findall(one.text))
        self._limits = _limits(lines)
        self._usual = usual_gap(lines)
        self._gaps = [0.0, *(_gap(*pair) for pair in itertools.pairwise(lines))]
        spaced = sum(gap > self._wide for gap in self._gaps) > len(lines) / 10
        self._slack = _SLACK if spaced else POINTS
        divided = sum(_is_divided(*pair) for pair in itertools.pairwise(lines))
        self._divides = divided > _DIVIDING * len(lines)
        self._hangs = self._hang()
        found = sorted(self._gaps[n] for n in range(1, len(lines)) if self.begins(n))
        found = [gap for gap in found if gap > 0]
        self._between = found[len(found) // 2] if found else 0.0

    @property
    def _wide(self) -> float:
        return WIDE * self._usual + 1 if self._usual else float("inf")

    def begins(self, n: int) -> bool:
        """Say whether a paragraph begins with a line; in doubt no turn is joined to another."""
        before, line = self._lines[n - 1], self._lines[n]
        if self._speaks(line) or _alone(before) in self._alone:
            return True
        if _is_divided(before, line):
            return False
        set_in = line.left > before.left + _INDENT and line.page == before.page
        return _looks_new(before, line) or self._ends(n) or (set_in and not self._hangs)

    def _ends(self, n: int) -> bool:
        """Say whether a line stands further off, or its first word had fitted on the one before."""
        before, line = self._lines[n - 1], self._lines[n]
        limit = self._limits.get(_column(before), before.right)
        return self._gaps[n] > self._wide or limit - before.right > line.word + self._slack

    def _hang(self) -> bool:
        """Say whether paragraphs begin at the edge and go on further in, or the other way round."""
        starts = [self._lines[n].left for n in range(1, len(self._lines)) if self._ends(n)]
        edge = min((line.left for line in self._lines), default=0.0)
        return sum(left < edge + _INDENT for left in starts) * 2 >= len(starts)

    def is_apart(self, n: int) -> bool:
        """Say whether an empty line stood before a line: further off than paragraphs are."""
        return self._gaps[n] > max(_EMPTY * self._between, self._wide)

    def is_mended(self, first: str, text: str) -> bool:
        """Say whether a hyphen only divided a word: *teman-teman* and *di-tip-ex* keep theirs."""
        found = _WORD.match(text)
        second = found[0].lower() if found and found[0][0].islower() else ""
        left, right = first.lower(), second.partition("-")[0]
        whole, apart = self._words[left + right], self._words[f"{left}-{right}"]
        if not second or whole or apart:
            return bool(second) and whole >= max(apart, 1)
        same = min(4, len(right))
        doubled = left.endswith(right[-same:]) or left.startswith(right[:same])
        return self._divides and not doubled and "-" not in second

    def _speaks(self, line: Line) -> bool:
        """Say whether a line begins with what may be the name of a speaker."""
        label = line.label
        if _alone(line) in self._alone:
            return True
        if not label or len(label.split()) > _NAME_WORDS:
            return False
        return label[0].isupper() or self._labels[label] > 1 or line.bold > len(label)


def _alone(line: Line) -> str:
    """Return a line that may be nothing but a speaker's name, when it occurs again."""
    text = line.text
    short = len(text.split()) <= _NAME_WORDS and text[:1].isupper()
    return text if short and text[-1] not in '.,;!?…"”)' else ""


def _is_divided(before: Line, line: Line) -> bool:
    """Say whether a word goes on in the next line."""
    return bool(_DIVIDED.search(before.text)) and line.text[:1].islower()


def _gap(before: Line, line: Line) -> float:
    """Return how far below another a line stands; 0 on a new page or in a new column."""
    return max(0.0, before.low - line.low) if line.page == before.page else 0.0


def _looks_new(before: Line, line: Line) -> bool:
    """Say whether the look of a line shows that a paragraph begins."""
    if "\t" in before.text or "\t" in line.text or _BULLET.match(line.text):
        return True
    if _LABEL.fullmatch(before.text) or _is_bold(before) != _is_bold(line):
        return True
    small, tall = sorted((line.size, before.size))
    return small > 0 and tall > _HEADING * small


def _is_bold(line: Line) -> bool:
    return line.bold >= min(len(line.text), _BOLD)


def _column(line: Line) -> int:
    return line.page * 2 + (line.left > _COLUMN * line.width)


def _limits(lines: Sequence[Line]) -> dict[int, float]:
    """Find how far to the right the lines of each page, or of its columns, reach."""
    limits: dict[int, float] = defaultdict(float)
    rights: dict[int, float] = defaultdict(float)
    for line in lines:
        side = _column(line)
        limits[side] = max(limits[side], line.right)
        rights[side % 2] = max(rights[side % 2], line.right)
    for line in lines:
        if line.page * 2 + 1 not in limits:  # but for columns, a short line is none that is full
            rights[0] = max(rights[0], _SHORTEST * line.width)
    return {side: max(limit, 0.97 * rights[side % 2]) for side, limit in limits.items()}


def usual_gap(lines: Sequence[Line]) -> float:
    """Return the distance of lines that occurs most; paragraphs lie further apart."""
    gaps = Counter(round(_gap(*pair)) for pair in itertools.pairwise(lines) if _gap(*pair) > 0)
    most = max(gaps.values(), default=0)
    often = [gap for gap, count in gaps.items() if count >= most / 4]
    return min(often, default=0.0)


def _write(flow: Flow, line: Line, feet: Feet) -> None:
    """Write a line, its bold beginning and the places of its footnotes."""
    done = 0
    for at, size in [*line.raised, [len(line.text), 0]]:
        bold = min(max(line.bold, done), at)
        flow.write(line.text[done:bold], strong=True)
        flow.write(line.text[bold:at])
        note = feet.get((line.page, line.text[at : at + size])) if size else None
        if note is not None:
            flow.aside("footnote", note)
        done = at if note is None else at + size
