"""Look at the documents of a study, and say what they are."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from bantar_qual.errors import UnknownDocument, UnknownKind
from bantar_qual.languages import language as load_language
from bantar_qual.records import KINDS, Document, Kind
from bantar_qual.store import documents as _documents
from bantar_qual.store import speakers as _speakers
from bantar_qual.text.turns import layout

if TYPE_CHECKING:
    from bantar_qual.project import Project


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


def correct_document(
    project: Project,
    name: str,
    *,
    kind: Kind | None = None,
    language: str | None = None,
    case: str | None = None,
    reason: str = "",
) -> None:
    """Say what a document really is, where the import took it for something else.

    Its text and its codings stay as they are. With another kind or language, turns and speakers
    are found anew. One ``undo`` takes it back.

    Parameters
    ----------
    name
        The document's name.
    kind
        ``interview``, ``observation`` or ``document``.
    language
        A language that there are files for, such as ``id``.
    case
        Whose document it is; an empty string for nobody's, such as a note's.
    reason
        Why, if it should stand in the history.

    Raises
    ------
    UnknownDocument
        If there is no such document.
    UnknownKind
        If there is no such kind.
    LanguageError
        If the language is not known.

    Examples
    --------
    >>> from bantar_qual import Project
    >>> project = Project.create(tmp / "k.bantar", codebook="edwards-iii")
    >>> _ = (tmp / "pagi.txt").write_text("Hujan dari subuh. Pos kamling kosong.")
    >>> _ = project.import_documents(tmp / "pagi.txt")
    >>> correct_document(project, "pagi", kind="observation")
    >>> project.document("pagi").kind
    'observation'
    """
    check_kind(kind)
    spoken = load_language(language) if language is not None else None
    one = _speakers.labelled_one(project.store, name)
    if one is None:
        known = _documents.document_names(project.store)
        raise UnknownDocument(name, known, f"'{project.path.name}'")
    found = one.document
    changed = replace(
        found,
        kind=kind or found.kind,
        language=language or found.language,
        case=found.case if case is None else case,
    )
    if (changed.kind, changed.language) != (found.kind, found.language):
        words = spoken or load_language(found.language or project.language)
        stem = Path(found.source or found.name).stem
        labels = _speakers.named_labels(project.store)
        again = layout(found.text, words, name=stem, kind=changed.kind, speakers=labels)
        changed = replace(changed, turns=again.turns)
    _documents.correct(project.store, one.guid, changed, coder=project.coder, reason=reason)


def check_kind(kind: str | None) -> None:
    """Refuse what is no kind of document."""
    if kind is not None and kind not in KINDS:
        raise UnknownKind(kind, KINDS, "bantar_qual")
