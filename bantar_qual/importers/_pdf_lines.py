"""Take the lines out of a PDF, with their places. Run as a script of its own.

A PDF can be made to crash its reader, to run for ever or to fill the memory. So it is read by a
process that has little of both, and that tells what it found as JSON on its standard output.
This file uses nothing of the package.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import re
import sys
from typing import Any

_MEMORY = 768_000_000
_SECONDS = 8
_MAX_PAGES = 3_000
_MAX_LETTERS = 20_000_000
_GAP = 18.0  # points between two words from which on they stand in two columns
_HEAVY = 600  # the weight of a bold letter
_BOLD_LENGTH = 60  # letters of a bold beginning that may be a label
_PASSWORD, _NO_FONT_NAME = 4, 128
_TEXT_OBJECT = 1

_NUMBER = re.compile(r"(?<=[^\s\d])\d{1,3}(?!\w)|^\d{1,3}(?=\s*[^\W\d])")
_RAISED = 0.85  # times the size of the letter before: a sign of a note
_FIELDS = 9

# One line: text, left, right, bottom, top, right end of the first word, bold letters at its start,
# size of its letters, raised numbers (place and length); then where it starts on its page, and its
# length there.
Line = list[Any]


class TellError(Exception):
    """What is wrong with the file, in one word that the parent makes a sentence of."""


def main(path: str, engine: str) -> dict[str, Any]:
    """Read all pages with one of two engines."""
    try:
        pages = _by_pdfium(path) if engine == "pdfium" else _by_pypdf(path)
    except TellError as error:
        return {"error": str(error)}
    except MemoryError:
        return {"error": "memory"}
    return {"pages": pages}


def _limit() -> None:
    """Give back what a transcript does not need; not every system can."""
    try:
        import resource
    except ImportError:
        return
    for what, most in (
        (resource.RLIMIT_AS, _MEMORY),
        (resource.RLIMIT_CPU, _SECONDS),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(what, (most, most))


# ---------------------------------------------------------------- pdfium


def _by_pdfium(path: str) -> list[dict[str, Any]]:
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as error:
        code = getattr(error, "err_code", None)
        told = "password" if code == _PASSWORD or "password" in str(error).lower() else "damaged"
        raise TellError(told) from None
    if len(document) > _MAX_PAGES:
        raise TellError("pages")
    pages, letters = [], 0
    for number in range(len(document)):
        try:
            page = document[number]
            lines = _page_lines(page, path, number)
        except pypdfium2.PdfiumError:
            pages.append({"lines": [], "damaged": True})
            continue
        letters += sum(len(line[0]) for line in lines)
        if letters > _MAX_LETTERS:
            raise TellError("long")
        pages.append({"lines": lines, "width": page.get_width()})
        page.close()
    return pages


def _page_lines(page: Any, path: str, number: int) -> list[Line]:
    from pypdfium2 import raw

    found = page.get_textpage()
    count = found.count_chars()
    text = found.get_text_range() if count else ""
    if len(text) != count:  # letters beyond 65,535 may count once here and twice there
        text = "".join(chr(raw.FPDFText_GetUnicode(found.raw, i)) for i in range(count))
    lines, start = [], 0
    for end in range(count + 1):
        sign = text[end] if end < count else "\n"
        if sign in "\ufffe\x02":  # a hyphen at the end of a line, the next line right behind it
            lines.append(_line(found, raw, text[start:end] + "-", start))
            start = end + 1
        elif sign in "\r\n":
            if text[start:end].strip():
                lines.append(_line(found, raw, text[start:end], start))
            start = end + 1
    signs = _unread_signs(page, found, raw)
    if signs:
        _put_signs(lines, found, path, number)
    found.close()
    return [line[:_FIELDS] for line in lines]


def _line(found: Any, raw: Any, text: str, start: int) -> Line:
    """Measure a line: its ends, its first word, and how far it begins in bold."""
    lead = len(text) - len(text.lstrip())
    bare = text.strip()
    start += lead
    first = found.get_charbox(start)
    last = found.get_charbox(start + len(bare) - 1)
    word = found.get_charbox(start + len(bare.split(None, 1)[0]) - 1)
    shown = list(bare)
    for i, sign in enumerate(bare):
        if sign == " " and raw.FPDFText_IsGenerated(found.raw, start + i):
            gap = found.get_charbox(start + i + 1)[0] - found.get_charbox(start + i - 1)[2]
            if gap > _GAP:
                shown[i] = "\t"
    bold = 0
    while bold < min(len(bare), _BOLD_LENGTH) and _is_bold(found, raw, start + bold, bare[bold]):
        bold += 1
    raised, size = _raised(found, raw, bare, start)
    place = [first[0], last[2], _foot(found, raw, start), max(first[3], last[3], word[3]), word[2]]
    return ["".join(shown), *place, bold, size, raised, start, len(bare)]


def _foot(found: Any, raw: Any, index: int) -> float:
    """Return the height of the line that a letter stands on; its own box may hang or float."""
    x, y = ctypes.c_double(), ctypes.c_double()
    raw.FPDFText_GetCharOrigin(found.raw, index, ctypes.byref(x), ctypes.byref(y))
    return y.value


def _raised(found: Any, raw: Any, text: str, start: int) -> tuple[list[list[int]], float]:
    """Find the small numbers of notes in a line, and the size of its other letters."""
    raised, sizes = [], [raw.FPDFText_GetFontSize(found.raw, start + len(text) - 1)]
    for number in _NUMBER.finditer(text):
        other = number.start() - 1
        if other < 0:
            other = number.end() + len(text[number.end() :]) - len(text[number.end() :].lstrip())
        beside = raw.FPDFText_GetFontSize(found.raw, start + other)
        if 0 < raw.FPDFText_GetFontSize(found.raw, start + number.start()) < _RAISED * beside:
            raised.append([number.start(), number.end() - number.start()])
            sizes.append(beside)
    return raised, max(sizes)


def _is_bold(found: Any, raw: Any, index: int, sign: str) -> bool:
    if sign.isspace():
        return True  # whatever stands around it decides
    if raw.FPDFText_GetFontWeight(found.raw, index) >= _HEAVY:
        return True
    name = ctypes.create_string_buffer(_NO_FONT_NAME)
    flags = ctypes.c_int()
    raw.FPDFText_GetFontInfo(found.raw, index, name, _NO_FONT_NAME, ctypes.byref(flags))
    return b"bold" in name.value.lower()


# ---------------------------------------------------------------- signs that are pictures


def _unread_signs(page: Any, found: Any, raw: Any) -> bool:
    """Say whether the page has letters that are drawn, such as emoji; pdfium passes them over."""
    for thing in page.get_objects(filter=[_TEXT_OBJECT], max_depth=4):
        size = raw.FPDFTextObj_GetText(thing.raw, found.raw, None, 0)
        if size <= 2:  # noqa: PLR2004 - nothing but the end of the string
            return True
    return False


def _put_signs(lines: list[Line], found: Any, path: str, number: int) -> None:
    """Let pypdf read drawn letters, and put each into the line where it stands."""
    import pypdf
    from pypdf.errors import PyPdfError

    known = {sign for line in lines for sign in line[0]}
    drawn: list[tuple[float, float, float, str]] = []

    def visit(text: str, now: Any, line: Any, font: Any, size: Any) -> None:  # noqa: ARG001
        signs = text.strip()
        if signs and not known.intersection(signs):
            x = line[4] * now[0] + line[5] * now[2] + now[4]
            y = line[4] * now[1] + line[5] * now[3] + now[5]
            drawn.append((x, y, float(size or 11) * abs(line[0] or 1), signs))

    # pypdf raises nearly anything on a damaged page; then these signs stay unread.
    with contextlib.suppress(
        PyPdfError, ValueError, KeyError, TypeError, AttributeError, IndexError
    ):
        pypdf.PdfReader(path).pages[number].extract_text(visitor_text=visit)
    for x, y, size, signs in sorted(drawn, reverse=True):  # from the right, so that places hold
        near = [line for line in lines if line[3] - size / 2 <= y <= line[4] + size / 2]
        if near:
            _put(min(near, key=lambda line: abs(line[3] - y)), found, x, size, signs)


def _put(line: Line, found: Any, x: float, size: float, signs: str) -> None:
    """Put signs between the letters of a line, with the blanks that the gaps show."""
    start, length = line[_FIELDS], line[_FIELDS + 1]
    place = 0
    while place < length and found.get_charbox(start + place)[0] < x - 0.5:
        place += 1
    before = found.get_charbox(start + place - 1)[2] if place else x
    after = found.get_charbox(start + place)[0] if place < length else x
    if place and not line[0][place - 1].isspace() and x - before > size / 8:
        signs = f" {signs}"
    width = 1.25 * size * sum(not sign.isspace() for sign in signs)
    if place < length and not line[0][place].isspace() and after - x - width > size / 8:
        signs = f"{signs} "
    line[0] = line[0][:place] + signs + line[0][place:]
    for raised in line[8]:
        raised[0] += len(signs) if raised[0] >= place else 0


# ---------------------------------------------------------------- pypdf


def _by_pypdf(path: str) -> list[dict[str, Any]]:
    """Read what pdfium could not; lines come without their places."""
    import logging

    import pypdf
    from pypdf.errors import PyPdfError

    logging.disable(logging.CRITICAL)
    damaged = (PyPdfError, ValueError, KeyError, TypeError, AttributeError, IndexError, OSError,
               RecursionError, AssertionError, NotImplementedError)  # fmt: skip
    try:
        reader = pypdf.PdfReader(path)
        if reader.is_encrypted and not reader.decrypt(""):
            raise TellError("password")
        if len(reader.pages) > _MAX_PAGES:
            raise TellError("pages")
        texts = [page.extract_text() for page in reader.pages]
    except damaged:
        raise TellError("damaged") from None
    blank = [0, 0, 0, 0, 0, 0, 0, []]
    return [
        {"lines": [[line.strip(), *blank] for line in text.split("\n") if line.strip()]}
        for text in texts
    ]


if __name__ == "__main__":
    _limit()
    answer = json.dumps(main(sys.argv[1], sys.argv[2]), ensure_ascii=True)
    sys.stdout.write(answer)
