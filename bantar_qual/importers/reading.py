"""Read any file that there is an importer for into documents."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from pathlib import Path

from bantar_qual.errors import UnreadableDocument
from bantar_qual.files import plain_name
from bantar_qual.importers.registry import Raw, importers
from bantar_qual.importers.text import PLAIN, read_text
from bantar_qual.languages import language as load_language
from bantar_qual.records import Document
from bantar_qual.text.clean import Cleaned, cleaning
from bantar_qual.text.detect import detect
from bantar_qual.text.turns import Layout, layout

_OTHER_DOORS = {
    ".doc": "is an old Word file; open it in Word or LibreOffice and save it as .docx",
    ".pages": "is a Pages file; export it from Pages as .docx",
    ".wpd": "is a WordPerfect file; open it in LibreOffice and save it as .docx",
    ".mp3": "is a sound recording; transcribe it first",
    ".m4a": "is a sound recording; transcribe it first",
    ".wav": "is a sound recording; transcribe it first",
    ".mp4": "is a video recording; transcribe it first",
    ".jpg": "is a picture; type or recognise (OCR) its text first",
    ".png": "is a picture; type or recognise (OCR) its text first",
    ".zip": "is a packed folder; unpack it and import the folder",
}


def read_document(path: str | Path, *, language: str = "", encoding: str = "") -> Document:
    """Read one file: decode it, clean it once, and find its header, turns and speakers.

    Parameters
    ----------
    path
        A file of any suffix that an importer is registered for.
    language
        The language of the transcript; found out from its words if left empty.
    encoding
        How the letters of a plain text file are written, such as ``"mac-roman"``; found out if
        left empty. Formats that say it themselves are read as they say.

    Returns
    -------
    Document
        Named after the file; its case is the informant code of the header, else the name.

    Raises
    ------
    UnreadableDocument
        If the file is empty, damaged, of another format than its name says, or of an unknown
        one; or if it holds several documents (see ``read_documents``).

    Examples
    --------
    >>> from bantar_qual.files import shipped
    >>> read_document(shipped("interviews") / "ketua-rt-12.txt").case
    'KRT-12'
    """
    found = read_documents(path, language=language, encoding=encoding)
    if len(found) > 1:
        reason = f"it holds {len(found)} documents; import the file, and they come one by one"
        raise UnreadableDocument(path, reason)
    return found[0]


def read_documents(path: str | Path, *, language: str = "", encoding: str = "") -> list[Document]:
    r"""Read all documents that one file holds; most files hold one.

    Parameters
    ----------
    path, language, encoding
        As for ``read_document``.

    Returns
    -------
    list of Document
        In the order of the file; never empty.

    Raises
    ------
    UnreadableDocument
        If the file cannot be read, or one of its documents holds no text.

    Examples
    --------
    >>> _ = (tmp / "a.txt").write_text("Pewawancara: Apa kendalanya?\nInforman: Dana.")
    >>> [document.speakers for document in read_documents(tmp / "a.txt")]
    [('Pewawancara', 'Informan')]
    """
    path = Path(path)
    found = _raw(path, encoding)
    raws = found if isinstance(found, list) else [found]
    if not raws:
        raise UnreadableDocument(path, "it holds no text")
    return [_document(raw, path, language) for raw in raws]


def _raw(path: Path, encoding: str) -> Raw | list[Raw]:
    """Hand the file to the importer of its suffix."""
    suffix = path.suffix.lower()
    if suffix not in importers:
        other = f"it {_OTHER_DOORS[suffix]}" if suffix in _OTHER_DOORS else ""
        known = (
            f"there is no importer for '{suffix or path.name}' files; known: {', '.join(importers)}"
        )
        raise UnreadableDocument(path, other or known)
    try:
        if path.is_dir():
            raise UnreadableDocument(path, "it is a folder, though its name ends like a file's")
        if encoding and suffix in PLAIN:
            return read_text(path, encoding=encoding)
        return importers[suffix](path)
    except OSError as error:
        raise UnreadableDocument(path, f"it cannot be opened: {error.strerror}") from error


def _document(raw: Raw, path: Path, language: str) -> Document:
    """Clean what an importer found, find header, turns and speakers, and let places follow."""
    cleaned = cleaning(raw.text)
    name = plain_name(unicodedata.normalize("NFC", raw.name or path.stem))
    if not cleaned.text.strip():
        raise UnreadableDocument(
            path, f"'{name}' holds no text" if raw.name else "it holds no text"
        )
    spoken = language or detect(cleaned.text)
    found = _layout(raw, cleaned, spoken, name)
    attributes = {**found.attributes, **raw.attributes}
    case = attributes.get("case", "") or (name if found.kind == "interview" else "")
    place = cleaned.place
    return Document(
        name=name,
        text=cleaned.text,
        kind=found.kind,
        language=spoken,
        case=case,
        turns=found.turns,
        attributes={k: v for k, v in attributes.items() if k not in {"case", "kind"} and v},
        source=path.name,
        notes=(*raw.notes, *_losses(cleaned), *found.notes),
        encoding=raw.encoding,
        asides=tuple(
            replace(aside, start=place(aside.start), end=place(aside.end), text=_bare(aside.text))
            for aside in raw.asides
        ),
    )


def _layout(raw: Raw, cleaned: Cleaned, language: str, name: str) -> Layout:
    place = cleaned.place
    marks = [replace(m, start=place(m.start), speech=place(m.speech)) for m in raw.marks]
    strong = [(place(start), place(end)) for start, end in raw.strong]
    return layout(cleaned.text, load_language(language), name=name, marks=marks, strong=strong)


def _bare(text: str) -> str:
    return cleaning(text).text.strip()


def _losses(cleaned: Cleaned) -> list[str]:
    """Say what was taken out, and which letters had been lost before the file came here."""
    notes = []
    if cleaned.removed:
        notes.append(f"{cleaned.removed} unreadable characters were taken out")
    if lost := cleaned.text.count("\ufffd"):
        notes.append(f"the file itself has \ufffd in place of {lost} letters, lost before")
    return notes
