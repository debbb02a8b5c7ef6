"""Say who the informants are, and what they are like."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from bantar_qual import frames
from bantar_qual.errors import FrameError, UnknownCase, UnknownDocument, UnknownSpeaker
from bantar_qual.importers.table import read_table
from bantar_qual.project.moments import When, act_at
from bantar_qual.records import ATTRIBUTE_KINDS, AttributeKind, Case
from bantar_qual.store import documents as _documents
from bantar_qual.store import settings

if TYPE_CHECKING:
    from bantar_qual.project import Project

_CASE = ("case", "kode", "kode informan", "informan", "code", "id")
_DOCUMENT = ("document", "dokumen", "file", "berkas")
_SPEAKER = ("speaker", "penutur")
_KIND = "attribute kind: "


def describe_cases(
    project: Project,
    table: str | Path | pd.DataFrame,
    *,
    kinds: Mapping[str, AttributeKind] | None = None,
) -> pd.DataFrame:
    """Say who the informants are: role, gender, RT and whatever else a table tells.

    Parameters
    ----------
    table
        A CSV or Excel file, or a frame, with a row for each case. The column ``case`` (or
        ``kode``, ``informan``, else the first) names the case; a column ``document`` says which
        document is whose, a column ``speaker`` which speaker in it; every other column becomes
        an attribute.
    kinds
        What an attribute holds, ``text``, ``number``, ``date`` or ``choice``, where the guess
        from its values is wrong.

    Returns
    -------
    pandas.DataFrame
        The cases of the study with their attributes.

    Raises
    ------
    UnreadableDocument
        If the file cannot be read as a table.
    UnknownDocument, UnknownSpeaker, UnknownCase
        If a row speaks of a document or a speaker that is not there or, without a document, of
        a case that is not there.
    """
    frame = table if isinstance(table, pd.DataFrame) else read_table(table)
    named = {str(column).strip().lower(): column for column in frame.columns}
    case = next((named[n] for n in _CASE if n in named), frame.columns[0])
    document = next((named[n] for n in _DOCUMENT if n in named), None)
    speaker = next((named[n] for n in _SPEAKER if n in named), None)
    rows = frame.to_dict("records")
    belongs = {
        (_text(row[document]), _text(row[speaker]) if speaker else ""): _text(row[case])
        for row in rows
        if document and _text(row[document])
    }
    _check(project, belongs, {_text(row[case]) for row in rows})
    attributes = [c for c in frame.columns if c not in {case, document, speaker}]
    described = [Case(name=_text(row[case]), attributes=_filled(row, attributes)) for row in rows]
    told = {f"{_KIND}{name}": _kind(kind) for name, kind in (kinds or {}).items()}
    _documents.set_cases(project.store, described, belongs, coder=project.coder)
    if told:
        settings.set_settings(project.store, told, coder=project.coder)
    return cases(project)


def assign_case(project: Project, case: str, *, document: str, speaker: str = "") -> None:
    """Say that a document, or one speaker in it, belongs to a case.

    A case may be one speaker across several documents, such as a person who was interviewed
    twice and spoke in a focus group, or a whole document.

    Raises
    ------
    UnknownDocument, UnknownSpeaker
        If there is no such document, or nobody of that name speaks in it.
    """
    belongs = {(document, speaker): case}
    _check(project, belongs, {case})
    _documents.set_cases(project.store, [Case(name=case)], belongs, coder=project.coder)


def cases(project: Project, *, at: When | None = None) -> pd.DataFrame:
    """Return a row for each case, a column for each attribute, numbers and dates as such.

    Parameters
    ----------
    at
        The cases as of a date such as ``"2026-03-01"`` (the whole day) or a moment, in UTC.
    """
    return cases_after(project, None if at is None else act_at(project, at))


def cases_after(project: Project, act: int | None) -> pd.DataFrame:
    """Return the cases as they were right after an act; None for now."""
    frame = _documents.cases_frame(project.store, act)
    told = settings.settings(project.store, act)
    for name in frame.columns:
        kind = told.get(f"{_KIND}{name}") or frames.attribute_kind(frame[name])
        frame[name] = frames.typed(frame[name], kind)
    return frame


def _check(project: Project, belongs: Mapping[tuple[str, str], str], owners: set[str]) -> None:
    """Refuse rows about documents, speakers or cases that are not there."""
    known = _documents.document_names(project.store)
    where = f"'{project.path.name}'"
    for name, speaker in belongs:
        if name not in known:
            raise UnknownDocument(name, known, where)
        speakers = project.document(name).speakers if speaker else ()
        if speaker and speaker not in speakers:
            raise UnknownSpeaker(speaker, speakers, f"'{name}'")
    there = [*_documents.cases_frame(project.store).index, *belongs.values()]
    for owner in sorted(owners):
        if owner not in there:
            raise UnknownCase(owner, there, where)


def _kind(kind: str) -> str:
    if kind not in ATTRIBUTE_KINDS:
        msg = f"an attribute is one of {', '.join(ATTRIBUTE_KINDS)}; not '{kind}'"
        raise FrameError(msg)
    return kind


def _text(cell: Any) -> str:
    return "" if cell is None or cell != cell else str(cell).strip()  # noqa: PLR0124 - NaN


def _filled(row: dict[Any, Any], columns: Sequence[Any]) -> dict[str, str]:
    return {str(c): _text(row[c]) for c in columns if _text(row[c])}
