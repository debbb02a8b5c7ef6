"""Bring documents in, and say whose they are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from bantar_qual.errors import ProjectError, UnreadableDocument
from bantar_qual.importers import read_document
from bantar_qual.records import Document
from bantar_qual.store import documents as _documents

if TYPE_CHECKING:
    from bantar_qual.project import Progress, Project


def import_documents(
    project: Project,
    folder: str | Path,
    *,
    language: str = "",
    strict: bool = False,
    progress: Progress = iter,
) -> pd.DataFrame:
    """Bring in a file, or every file of a folder, each read and cleaned once.

    Parameters
    ----------
    folder
        A folder or one file. Files that begin with a dot, tables and read-me files are
        passed over.
    language
        The language of the transcripts; found out file by file if left empty.
    strict
        True to raise at the first file that cannot be read, before anything is kept.
    progress
        Wraps the list of files, to show a progress bar.

    Returns
    -------
    pandas.DataFrame
        A row for each file: ``document`` (empty if not brought in), ``kind``, ``language``,
        ``case``, ``turns``, ``words``, ``speakers``, ``note`` (what had to be decided) and
        ``problem`` (why it was left out). One bad file never stops the rest.
    """
    known = _documents.known_texts(project.store)
    names = set(known.values())
    rows: list[dict[str, object]] = []
    arrived: list[Document] = []
    for path in progress(_files(Path(folder))):
        try:
            document = _fresh(read_document(path, language=language), known, names)
        except UnreadableDocument as error:
            if strict:
                raise
            rows.append({"file": path.name, "problem": error.reason})
            continue
        known[_documents.checksum(document.text)] = document.name
        names.add(document.name)
        arrived.append(document)
        rows.append(_import_row(document))
    if arrived:
        _documents.add_documents(project.store, arrived, coder=project.coder)
    columns = [
        "document", "kind", "language", "case", "turns", "words", "speakers", "note", "problem",
    ]  # fmt: skip
    blank = dict.fromkeys(columns, "") | {"turns": 0, "words": 0}
    return pd.DataFrame([{**blank, **row} for row in rows], columns=["file", *columns]).set_index(
        "file"
    )


def documents(project: Project) -> pd.DataFrame:
    """Return a row for each document: kind, language, case, turns, words, header fields."""
    frame = _documents.documents_frame(project.store)
    words = {document.name: document.words for document in project.texts()}
    frame.insert(4, "words", pd.Series(words, dtype=int).reindex(frame.index))
    return frame


def document(project: Project, name: str) -> Document:
    """Return one document with its text and turns.

    Raises
    ------
    UnknownDocument
        With the nearest names there are.
    """
    return _documents.document(project.store, name)


def texts(project: Project) -> Iterable[Document]:
    """Yield every document with its text, one at a time."""
    return _documents.documents(project.store)


def _files(folder: Path) -> Sequence[Path]:
    """List what a folder offers, in order; files of unknown kinds too, so that they are told."""
    if folder.is_file():
        return [folder]
    if not folder.is_dir():
        raise ProjectError(folder, "there is no such file or folder to import from")
    passed_over = {".csv", ".xlsx", ".bantar", ".yaml", ".yml"}
    return sorted(
        path
        for path in folder.rglob("*")
        if path.is_file()
        and not path.name.startswith((".", "~$"))
        and path.suffix.lower() not in passed_over
        and path.stem.lower() != "readme"
    )


def _fresh(document: Document, known: dict[str, str], names: set[str]) -> Document:
    """Refuse a text that is already there; give a second file of the same name another one."""
    twin = known.get(_documents.checksum(document.text))
    if twin:
        raise UnreadableDocument(document.source, f"the same text is already there as '{twin}'")
    name, number = document.name, 2
    while name in names:
        name, number = f"{document.name} ({number})", number + 1
    return document if name == document.name else replace(document, name=name)


def _import_row(document: Document) -> dict[str, object]:
    return {
        "file": document.source,
        "document": document.name,
        "kind": document.kind,
        "language": document.language,
        "case": document.case,
        "turns": len(document.turns),
        "words": document.words,
        "speakers": ", ".join(document.speakers),
        "note": "; ".join(document.notes),
    }
