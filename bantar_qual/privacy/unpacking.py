"""Everything that can be read in a file, however it is packed: where it stands, and the words."""

from __future__ import annotations

import base64
import binascii
import contextlib
import html
import io
import json
import re
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

Piece = tuple[str, str]  # where, and the words
Cells = Callable[[Path], Iterable[Piece]]

_DEEPEST = 5  # files in files
_MOST = 512 * 1024 * 1024  # bytes of one file
_TAG = re.compile(r"<!--|-->|<[^<>]{0,4000}>")
_BLOCK = re.compile(
    r"</(?:w:p|text:p|text:h|p|div|td|th|tr|li|h\d|si|t|title|text)>|<(?:br|w:br|w:tab)\b"
)
_DATA = re.compile(r"data:[\w.+/-]*;base64,([A-Za-z0-9+/=\s%]{16,})")
_BASE64 = re.compile(r"[A-Za-z0-9+/\s]{64,}={0,2}\s*")
_PDF_STREAM = re.compile(rb"stream\r?\n(.*?)endstream", re.DOTALL)
_PNG, _SQLITE = b"\x89PNG\r\n\x1a\n", b"SQLite format 3\x00"


def unpacked(path: Path, *, cells: Cells | None = None) -> Iterator[Piece]:
    """Yield the words of a file, or of every file in a folder, in all the ways they can be read.

    Parameters
    ----------
    path
        A file or a folder.
    cells
        Reads the cells of a database; its raw bytes are read in any case, so that a page that
        is not used any more is seen too.
    """
    if path.is_dir():
        for inner in sorted(path.rglob("*")):
            yield f"{inner.relative_to(path)}: name", inner.name
            if inner.is_file():
                for where, words in _file(inner, cells):
                    yield f"{inner.relative_to(path)}: {where}", words
        return
    yield "name of the file", path.name
    yield from _file(path, cells)


def _file(path: Path, cells: Cells | None) -> Iterator[Piece]:
    if path.stat().st_size > _MOST:
        yield "not looked at", "the file is too large"
        return
    data = path.read_bytes()
    if cells and data.startswith(_SQLITE):
        yield from cells(path)
    yield from _bytes(data, 0)


def _bytes(data: bytes, depth: int) -> Iterator[Piece]:
    """Yield the words of bytes: as text, and unpacked where they hold a file."""
    if depth > _DEEPEST:
        return
    kind = _kind(data)
    yield from _plain(data)
    if kind == "zip":
        yield from _zipped(data, depth)
    elif kind == "png":
        yield from _png(data)
    elif kind == "gzip":
        with contextlib.suppress(zlib.error):
            yield from _bytes(zlib.decompressobj(31).decompress(data, _MOST), depth + 1)
    elif kind == "pdf":
        yield from _pdf(data, depth)
    else:
        with contextlib.suppress(UnicodeDecodeError):
            yield from _text(data.decode("utf-8-sig"), depth)


def _kind(data: bytes) -> str:
    starts = {b"PK\x03\x04": "zip", _PNG: "png", b"\x1f\x8b": "gzip", b"%PDF": "pdf"}
    return next((kind for start, kind in starts.items() if data.startswith(start)), "")


def _plain(data: bytes) -> Iterator[Piece]:
    """Yield raw bytes as text of one byte, and of two bytes from either first byte on."""
    yield "bytes", data.decode("utf-8", "replace")
    if not data.isascii():
        yield "bytes (latin)", data.decode("latin-1")
    if b"\x00" in data:
        yield "bytes (UTF-16)", data.decode("utf-16-le", "replace")
        yield "bytes (UTF-16)", data[1:].decode("utf-16-le", "replace")


def _text(text: str, depth: int) -> Iterator[Piece]:
    """Yield text without its markup, and the files that are written into it."""
    begins = text.lstrip()[:1]
    if begins in {"{", "["}:
        with contextlib.suppress(ValueError, RecursionError):
            yield from _json(json.loads(text), depth)
    if "<" in text and ">" in text:
        yield "text", html.unescape(_TAG.sub("", _BLOCK.sub("\n<x", text)))
        yield "attributes", html.unescape(text)
    for match in _DATA.finditer(text):
        yield from _coded(match[1], depth)


def _coded(words: str, depth: int) -> Iterator[Piece]:
    with contextlib.suppress(binascii.Error, ValueError):
        data = base64.b64decode(re.sub(r"\s|%0A", "", words), validate=True)
        for where, inner in _bytes(data, depth + 1):
            yield f"embedded, {where}", inner


def _json(value: Any, depth: int) -> Iterator[Piece]:
    if isinstance(value, str):
        yield "string", value
        if _BASE64.fullmatch(value):
            yield from _coded(value, depth)
        else:
            yield from _text(value, depth + 1) if depth < _DEEPEST else ()
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield "string", str(key)
            yield from _json(inner, depth)
    elif isinstance(value, list):
        lines = [line for line in value if isinstance(line, str)]
        if lines and len(lines) == len(value):
            yield from _json("".join(lines), depth)  # a notebook keeps a text line by line
        for inner in value:
            yield from _json(inner, depth)


def _zipped(data: bytes, depth: int) -> Iterator[Piece]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            for info in packed.infolist():
                yield "name of a part", info.filename
                if info.file_size > _MOST:
                    yield "not looked at", f"{info.filename} is too large"
                    continue
                for where, words in _bytes(packed.read(info), depth + 1):
                    yield f"{info.filename}, {where}", words
            yield "comment", packed.comment.decode("utf-8", "replace")
    except (zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError):
        return


def _png(data: bytes) -> Iterator[Piece]:
    """Yield what a picture tells in words beside its points."""
    at = len(_PNG)
    while at + 8 <= len(data):
        length, kind = int.from_bytes(data[at : at + 4]), data[at + 4 : at + 8]
        chunk = data[at + 8 : at + 8 + length]
        if kind in {b"zTXt", b"iTXt"}:
            for place in range(len(chunk)):
                if chunk[place : place + 1] == b"\x78":
                    with contextlib.suppress(zlib.error):
                        unpacked_text = zlib.decompress(chunk[place:])
                        yield "text of a picture", unpacked_text.decode("utf-8", "replace")
                        break
        at += 12 + length


def _pdf(data: bytes, depth: int) -> Iterator[Piece]:
    for match in _PDF_STREAM.finditer(data):
        with contextlib.suppress(zlib.error):
            yield from _plain(zlib.decompressobj().decompress(match[1], _MOST))
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    try:
        reader = PdfReader(io.BytesIO(data))
        for number, page in enumerate(reader.pages, 1):
            yield f"page {number}", page.extract_text()
        yield "properties", " ".join(map(str, (reader.metadata or {}).values()))
    except (PyPdfError, ValueError, KeyError, TypeError):
        yield "not looked at", f"the PDF cannot be read (depth {depth})"
