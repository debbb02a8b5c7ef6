"""PDF: lines of letters in places, made into paragraphs again.

The file is read by a process of its own (``_pdf_lines.py``) with little time and memory. Here
running heads, page numbers and line numbers are left out, broken lines are joined and words that
were divided are mended; what begins a turn is never joined to the turn before.
"""

from __future__ import annotations

import itertools
import json
import re
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from bantar_qual.errors import UnreadableDocument
from bantar_qual.importers.paragraphs import (
    POINTS,
    WIDE,
    Feet,
    Line,
    footnotes,
    paragraphs,
    rows,
    usual_gap,
)
from bantar_qual.importers.registry import Raw, importer

_SECONDS = 9.5
_MAX_BYTES = 200_000_000
_SCRIPT = Path(__file__).with_name("_pdf_lines.py")
_WRONG = {
    "password": "it is protected by a password; save it without, or print it to a new PDF",
    "damaged": "it is damaged, or no PDF; open it in a PDF program and save it again",
    "memory": "reading it takes unreasonably much memory, or breaks the reader; not read",
    "time": "reading it takes unreasonably long; split it, or save it again",
    "pages": "it has more than 3,000 pages; split it",
    "long": "it holds more letters than a library; split it",
}
_NUMBER = re.compile(
    r"\W*(?:page|halaman|hal|hlm|pg|p)?\W*(\d{1,4})\W*(?:(?:dari|of|/|of:)\W*\d{1,4})?\W*",
    re.IGNORECASE,
)
_FEW = 3  # pages on which a line stands before it is a running head


@importer(".pdf")
def read_pdf(path: Path) -> Raw:
    """Read the text of a PDF, as paragraphs."""
    pages, engine = _pages(path)
    lines = [
        rows([_line(found, n, page.get("width", 0.0)) for found in page["lines"]])
        for n, page in enumerate(pages)
    ]
    if not any(lines):
        raise UnreadableDocument(
            path, "it is a scan: pictures of pages, no text; it needs OCR first"
        )
    notes = list(_missing(pages))
    feet: Feet = {}
    if engine == "pdfium":
        notes += _strip(lines)
        feet = footnotes(lines)
    else:
        notes.append("its lines are as they stand in the PDF, for it could only be read in part")
    flow, mended = paragraphs(
        [line for page in lines for line in page], feet, whole=engine == "pdfium"
    )
    if mended:
        notes.append(f"words divided at line ends and joined again: {mended}")
    return flow.raw(tuple(notes))


def _line(found: Sequence[Any], page: int, width: float) -> Line:
    text, left, right, low, high, word, bold, size, raised = found
    return Line(text, left, right, low, high, word - left, bold, size, raised, page, width)


def _missing(pages: Sequence[dict[str, Any]]) -> list[str]:
    empty = [str(n) for n, page in enumerate(pages, 1) if not page["lines"]]
    listed = ", ".join(empty[:8]) + (" …" if len(empty) > 8 else "")  # noqa: PLR2004
    return [f"no text on page {listed} (empty, or a picture)"] if empty else []


# ---------------------------------------------------------------- the process that reads


def _pages(path: Path) -> tuple[list[dict[str, Any]], str]:
    """Read with pdfium, and with pypdf whatever pdfium cannot read."""
    with path.open("rb") as file:
        size = file.seek(0, 2)
        file.seek(0)
        head = file.read(1024)
        file.seek(max(0, size - 4096))
        tail = file.read()
    if b"%PDF-" not in head:
        raise UnreadableDocument(path, "it is no PDF, though its name ends in .pdf")
    if size > _MAX_BYTES:
        raise UnreadableDocument(path, f"it is larger than {_MAX_BYTES // 1_000_000} MB")
    if b"%%EOF" not in tail and b"startxref" not in tail:
        raise UnreadableDocument(path, "it is cut off: its end is missing; copy it anew")
    wrong = ""
    for engine in ("pdfium", "pypdf"):
        found = _ask(path, engine)
        wrong = wrong or str(found.get("error", ""))
        pages = found.get("pages", [])
        if any(page["lines"] for page in pages):
            return pages, engine
        if wrong in {"password", "pages", "long", "time"}:
            break
    if wrong:
        raise UnreadableDocument(path, _WRONG[wrong])
    return [], ""


def _ask(path: Path, engine: str) -> dict[str, Any]:
    """Let a process of its own read the file, and say why if it does not come back."""
    command = [sys.executable, "-P", str(_SCRIPT), str(path), engine]
    try:
        done = subprocess.run(command, capture_output=True, timeout=_SECONDS, check=False)  # noqa: S603
    except subprocess.TimeoutExpired:
        return {"error": "time"}
    if done.returncode == 0:
        found: dict[str, Any] = json.loads(done.stdout)
        return found
    if done.returncode in {-24, -9}:  # the processor time was used up
        return {"error": "time"}
    short = b"memory" in done.stderr.lower() or done.returncode in {-4, -5, -6}  # it gave up itself
    return {"error": "memory" if short else "damaged"}


# ---------------------------------------------------------------- what is no text


def _strip(pages: list[list[Line]]) -> list[str]:
    """Take out line numbers, running heads and page numbers, and say how many."""
    margin = _margin_numbers(pages)
    numbers = sum(_take(page, margin) for page in pages)
    heads = _running(pages)
    if all(heads(line) for page in pages for line in page):
        heads = _nothing  # the same page over and over is no head without a body
    running = sum(_take(page, heads) for page in pages)
    found = [_page_number(page, n, pages) for n, page in enumerate(pages)]
    counted = sum(_take(page, gone) for page, gone in zip(pages, found, strict=True))
    parts = [
        (numbers, "line numbers"),
        (running, "running heads and feet"),
        (counted, "page numbers"),
    ]
    told = [f"{count} {what}" for count, what in parts if count]
    return [f"left out: {', '.join(told)}"] if told else []


def _nothing(_: Line) -> bool:
    return False


def _take(page: list[Line], gone: Callable[[Line], bool]) -> int:
    before = len(page)
    page[:] = [line for line in page if not gone(line)]
    return before - len(page)


def _margin_numbers(pages: Sequence[Sequence[Line]]) -> Callable[[Line], bool]:
    """Find numbers that count lines or paragraphs in the left margin."""
    worded = Counter(round(line.left) for page in pages for line in page if not _is_number(line))
    if not worded:
        return _nothing
    edge = worded.most_common(1)[0][0]
    reach = 0.0
    for page in pages:
        margin = [line for line in page if _is_number(line) and line.right < edge]
        values = [int(line.text) for line in sorted(margin, key=lambda line: -line.low)]
        steps = {after - before for before, after in itertools.pairwise(values)}
        if len(margin) >= _FEW and len(steps) == 1 and min(steps) > 0:
            reach = max(reach, *(line.right for line in margin))
    return lambda line: _is_number(line) and line.right <= reach + POINTS


def _is_number(line: Line) -> bool:
    return line.text.isascii() and line.text.isdecimal()


def _running(pages: Sequence[Sequence[Line]]) -> Callable[[Line], bool]:
    """Find lines at the top or bottom that stand in the same place on many pages."""
    seen: dict[tuple[str, int], set[int]] = defaultdict(set)
    inner: set[str] = set()
    for n, page in enumerate(pages):
        edge = _edges(page)
        for line in page:
            if id(line) in edge:
                seen[_shape(line)].add(n)
            else:
                inner.add(_shape(line)[0])
    least = max(_FEW, round(0.3 * len(pages)))
    heads = {
        shape
        for shape, found in seen.items()
        if len(found) >= least and shape[0] not in inner and not shape[0].endswith(":")
    }
    return lambda line: _shape(line) in heads


def _edges(page: Sequence[Line]) -> set[int]:
    """Find what stands apart above and below the text: at most three lines each."""
    ordered = sorted(page, key=lambda line: line.low)
    gaps = [above.low - below.low for below, above in itertools.pairwise(ordered)]
    usual = usual_gap(page)
    found: set[int] = set()
    for lines, between in ((ordered, gaps), (ordered[::-1], gaps[::-1])):
        far = [n for n, gap in enumerate(between[:3], 1) if gap > WIDE * usual + 1]
        found.update(id(line) for line in lines[: max(far, default=0)])
    return found


def _shape(line: Line) -> tuple[str, int]:
    return re.sub(r"\d+", "0", line.text), round(line.low / POINTS)


def _page_number(
    page: Sequence[Line], number: int, pages: Sequence[Sequence[Line]]
) -> Callable[[Line], bool]:
    """Find the page's number: alone at the very top or bottom, and growing with the pages."""
    for line in _outer(page):
        match = _NUMBER.fullmatch(line.text)
        if match and len(page) > 1 and _grows(int(match[1]) - number, pages):
            return lambda one, found=line: one is found  # type: ignore[misc]
    return _nothing


def _outer(page: Sequence[Line]) -> list[Line]:
    """The lowest and the highest line, where they stand apart from the text."""
    apart = _edges(page)
    ordered = sorted((line for line in page if id(line) in apart), key=lambda line: line.low)
    return [*ordered[:1], *ordered[1:][-1:]]


def _grows(first: int, pages: Sequence[Sequence[Line]]) -> bool:
    """Say whether a count from ``first`` is found at the edge of most pages."""
    if len(pages) == 1:
        return first == 1
    hits = 0
    for n, page in enumerate(pages):
        matches = (_NUMBER.fullmatch(line.text) for line in _outer(page))
        hits += any(match and int(match[1]) - n == first for match in matches)
    return hits * 2 >= len(pages)
