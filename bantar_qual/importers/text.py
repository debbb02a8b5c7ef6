"""Plain text and Markdown."""

from __future__ import annotations

from pathlib import Path

from bantar_qual.importers.encodings import decode, file_bytes
from bantar_qual.importers.registry import Raw, importer

PLAIN = (".txt", ".md", ".text", ".markdown")


@importer(*PLAIN)
def read_text(path: Path, *, encoding: str = "") -> Raw:
    """Read a text file in whichever encoding it is, and say so where it had to be guessed."""
    text, found, notes = decode(file_bytes(path), path, encoding=encoding)
    return Raw(text, notes, encoding=found)
