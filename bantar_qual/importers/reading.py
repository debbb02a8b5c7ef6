"""Read any file that there is an importer for into a document."""

from __future__ import annotations

import unicodedata
from pathlib import Path

from bantar_qual.errors import UnreadableDocument
from bantar_qual.importers.registry import importers
from bantar_qual.languages import language as load_language
from bantar_qual.records import Document
from bantar_qual.text.clean import clean
from bantar_qual.text.detect import detect
from bantar_qual.text.turns import layout

_OTHER_DOORS = {
    ".doc": "is an old Word file; open it in Word or LibreOffice and save it as .docx",
    ".odt": "is a LibreOffice file; save it as .docx",
    ".rtf": "is a rich-text file; save it as .docx",
    ".pdf": "is a PDF; copy its text into a .docx or .txt file",
}


def read_document(path: str | Path, *, language: str = "") -> Document:
    """Read one file: decode it, clean it once, and find its header, turns and speakers.

    Parameters
    ----------
    path
        A ``.txt``, ``.md`` or ``.docx`` file, or any suffix that an importer is registered for.
    language
        The language of the transcript; found out from its words if left empty.

    Returns
    -------
    Document
        Named after the file; its case is the informant code of the header, else the name.

    Raises
    ------
    UnreadableDocument
        If the file is empty, damaged, of another format than its name says, or of an unknown one.

    Examples
    --------
    >>> from bantar_qual.files import shipped
    >>> read_document(shipped("interviews") / "ketua-rt-12.txt").case
    'KRT-12'
    """
    path = Path(path)
    suffix = path.suffix.lower()
    if suffix not in importers:
        other = f"it {_OTHER_DOORS[suffix]}" if suffix in _OTHER_DOORS else ""
        known = (
            f"there is no importer for '{suffix or path.name}' files; known: {', '.join(importers)}"
        )
        raise UnreadableDocument(path, other or known)
    try:
        raw = importers[suffix](path)
    except OSError as error:
        raise UnreadableDocument(path, f"it cannot be opened: {error.strerror}") from error
    text, removed = clean(raw.text)
    if not text.strip():
        raise UnreadableDocument(path, "it holds no text")
    spoken = language or detect(text)
    found = layout(text, load_language(spoken), name=path.stem)
    unreadable = (f"{removed} unreadable characters were taken out",) if removed else ()
    name = unicodedata.normalize("NFC", path.stem)
    case = found.attributes.get("case", "") or (name if found.kind == "interview" else "")
    return Document(
        name=name,
        text=text,
        kind=found.kind,
        language=spoken,
        case=case,
        turns=found.turns,
        attributes={k: v for k, v in found.attributes.items() if k not in {"case", "kind"} and v},
        source=path.name,
        notes=(*raw.notes, *unreadable, *found.notes),
    )
