"""Plain text and Markdown."""

from __future__ import annotations

import codecs
from pathlib import Path

from bantar_qual.errors import UnreadableDocument
from bantar_qual.importers.registry import Raw, importer

_MAX_BYTES = 50_000_000
_MAGIC = {  # how files of other formats begin, whatever their name says
    b"%PDF-": "a PDF",
    b"PK\x03\x04": "a Word, Excel or zip file",
    b"\xd0\xcf\x11\xe0": "an old Word or Excel file",
    b"{\\rtf": "a rich-text file",
    b"SQLite format 3\x00": "a database",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"\x1f\x8b": "a compressed file",
}
_MARKS = (  # longest first: a UTF-32 mark begins like a UTF-16 mark
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


@importer(".txt", ".md")
def read_text(path: Path) -> Raw:
    """Read a text file in whichever encoding it is, and say so where it is not UTF-8."""
    if path.stat().st_size > _MAX_BYTES:
        raise UnreadableDocument(path, f"it is larger than {_MAX_BYTES // 1_000_000} MB")
    data = path.read_bytes()
    if not data.strip():
        raise UnreadableDocument(path, "it is empty")
    for magic, what in _MAGIC.items():
        if data.startswith(magic):
            reason = f"it is {what}, not text, though its name ends in {path.suffix}"
            raise UnreadableDocument(path, f"{reason}; save it as text or Word and import that")
    text, encoding = _decode(data, path)
    note = (
        () if encoding.startswith("utf-8") else (f"read as {encoding}; check letters like é and “",)
    )
    return Raw(text, note)


def _decode(data: bytes, path: Path) -> tuple[str, str]:
    """Decode by mark, else as UTF-8, else as UTF-16 without mark, else as Windows text."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _strict(data, encoding, path), encoding
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        pass
    zeros = [data[i::2].count(0) for i in (0, 1)]
    if max(zeros) > len(data) // 8:  # every second byte of UTF-16 in Latin letters is zero
        encoding = "utf-16-be" if zeros[0] > zeros[1] else "utf-16-le"
        return _strict(data, encoding, path), encoding
    return _strict(data, "cp1252", path), "Windows-1252"


def _strict(data: bytes, encoding: str, path: Path) -> str:
    """Decode without ever putting a replacement sign in place of a letter."""
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        reason = f"its letters cannot be read (byte {error.start} is no {encoding})"
        raise UnreadableDocument(path, f"{reason}; save it as UTF-8") from None
