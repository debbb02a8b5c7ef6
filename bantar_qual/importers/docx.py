"""Word files, read paragraph by paragraph from the XML itself.

Libraries for Word leave out inserted text, content controls and text boxes, or read bombs until
memory runs out. Here insertions are in, deletions out, a text box comes once after its
paragraph, and table rows are lines whose cells are divided by tabs.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bantar_qual.errors import UnreadableDocument
from bantar_qual.importers.registry import Raw, importer

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_PART = "word/document.xml"
_MAX_PART = 64_000_000  # bytes of XML; a thousand pages have about ten million
_MAX_RATIO = 200  # XML packs about 10:1; a bomb packs 1000:1
_MAX_MEMBERS = 10_000
_DOCTYPE = re.compile(r"<!\s*(DOCTYPE|ENTITY)", re.IGNORECASE)
_SKIPPED = {f"{_W}{tag}" for tag in ("del", "moveFrom", "pPr", "rPr", "instrText", "delText")}
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_SIGNS = {
    f"{_W}tab": "\t",
    f"{_W}br": "\n",
    f"{_W}cr": "\n",
    f"{_W}noBreakHyphen": "\u2011",
    f"{_W}softHyphen": "\u00ad",
}


@importer(".docx")
def read_docx(path: Path) -> Raw:
    """Read the text of a Word file, with a blank line where a paragraph is empty."""
    root = _parse(_document_xml(path), path)
    body = root.find(f"{_W}body")
    if body is None:
        raise UnreadableDocument(path, "it has no body of text; it may not be a Word document")
    notes = ("tracked changes: insertions are in, deletions are out",) if _tracked(root) else ()
    return Raw("\n".join(_blocks(body)), notes)


def _tracked(root: Any) -> bool:
    return any(next(root.iter(f"{_W}{tag}"), None) is not None for tag in ("ins", "del"))


def _document_xml(path: Path) -> bytes:
    """Take the document's XML out of the package, refusing whatever is too large or twofold."""
    try:
        with zipfile.ZipFile(path) as package:
            members = package.infolist()
            if len(members) > _MAX_MEMBERS:
                raise UnreadableDocument(
                    path, f"it packs {len(members):,} parts; that is no transcript"
                )
            found = [member for member in members if member.filename == _PART]
            if not found:
                raise UnreadableDocument(
                    path, "it is packed like a Word file but holds no document"
                )
            member = found[-1]
            packed = max(member.compress_size, 1)
            if member.file_size > _MAX_PART or member.file_size / packed > _MAX_RATIO:
                raise UnreadableDocument(path, "its text unpacks to an unreasonable size; not read")
            with package.open(member) as part:
                data = part.read(_MAX_PART + 1)  # the declared size can lie
    except (zipfile.BadZipFile, NotImplementedError, EOFError) as error:
        reason = "it is damaged, or not a Word file; open it in Word and save it again"
        raise UnreadableDocument(path, reason) from error
    except RuntimeError as error:  # zipfile's word for encryption
        raise UnreadableDocument(path, "it is protected by a password; save it without") from error
    if len(data) > _MAX_PART:
        raise UnreadableDocument(path, "its text unpacks to an unreasonable size; not read")
    return data


def _parse(data: bytes, path: Path) -> Any:
    from lxml import etree

    head = data[:4096]
    encoding = "utf-16" if head[:2] in {b"\xff\xfe", b"\xfe\xff"} or b"\x00<" in head else "latin-1"
    if _DOCTYPE.search(data.decode(encoding, "replace")):
        raise UnreadableDocument(
            path, "its XML declares entities, which no Word file does; not read"
        )
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=False
    )
    try:
        return etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        reason = "its XML is damaged; open it in Word and save it again"
        raise UnreadableDocument(path, reason) from error


def _blocks(body: Any) -> Iterator[str]:
    """Yield the lines of a body, a cell or a text box in reading order."""
    for element in body:
        if element.tag == f"{_W}p":
            boxes: list[Any] = []
            yield from "".join(_runs(element, boxes)).split("\n")
            for box in boxes:
                yield from _blocks(box)
        elif element.tag == f"{_W}tbl":
            yield from _rows(element)
        elif element.tag not in _SKIPPED and isinstance(element.tag, str):
            yield from _blocks(element)  # content controls, insertions, custom XML


def _rows(table: Any) -> Iterator[str]:
    """Yield a line for each row; a cell of several paragraphs is joined by spaces."""
    for row in table.iter(f"{_W}tr"):
        if next(row.iterancestors(f"{_W}tbl")) is not table:
            continue  # a row of a table inside a cell comes with its cell
        cells = [cell for cell in row.iter(f"{_W}tc") if next(cell.iterancestors(f"{_W}tr")) is row]
        yield "\t".join(" ".join(line for line in _blocks(cell) if line) for cell in cells)


def _runs(element: Any, boxes: list[Any]) -> Iterator[str]:
    """Yield the characters of a paragraph, and set its text boxes aside."""
    for child in element:
        if child.tag in _SKIPPED or child.tag == _FALLBACK or not isinstance(child.tag, str):
            continue
        if child.tag == f"{_W}t":
            yield child.text or ""
        elif child.tag in _SIGNS:
            yield _SIGNS[child.tag]
        elif child.tag == f"{_W}txbxContent":
            boxes.append(child)
        else:
            yield from _runs(child, boxes)
