"""Correct a transcript; its codings find their words again, or wait until they are settled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from bantar_qual import frames
from bantar_qual.errors import CodingError, FrameError, UnreadableDocument
from bantar_qual.importers import importers, read_document
from bantar_qual.languages import language as load_language
from bantar_qual.records import Document
from bantar_qual.store import documents as _documents
from bantar_qual.store import revisions as _revisions
from bantar_qual.store import speakers as _speakers
from bantar_qual.text.clean import clean
from bantar_qual.text.turns import layout

if TYPE_CHECKING:
    from bantar_qual.project import Project

_PLACES = ["old_quote", "new_quote", "old_start", "old_end", "start", "end"]
_REPORT = ["state", "code", "coder", *_PLACES, "score"]
_WAITING = ["document", "state", "code", "coder", "status", *_PLACES]
_LISTED = 5  # ids that an error names


def revise(
    project: Project, document: str, new_text: str | Path, *, reason: str = ""
) -> pd.DataFrame:
    """Give a document its corrected text; every coding goes with its words, or waits.

    The old text is kept. Turns and speakers are found anew; kind, case and header fields stay.
    One ``undo`` brings the old text and all codings back.

    Parameters
    ----------
    document
        The document's name.
    new_text
        The whole corrected text; or its file: a path, or one line that ends as a file does that
        there is an importer for, such as ``"ketua-rt-07.docx"``.
    reason
        Why, such as "listened to the recording again".

    Returns
    -------
    pandas.DataFrame
        A row for each coding of the document, whatever its status and coder, indexed by coding
        id. ``state``: ``kept``, ``moved`` (the same words elsewhere), ``unsure`` (other words, or
        more than one possible place) or ``lost``. ``old_quote``, ``old_start`` and ``old_end``
        tell where the words stood last for sure; ``new_quote``, ``start`` and ``end`` where they
        stand or, if unsure or lost, might stand now; ``score`` from 0 to 1 how alike words and
        neighbours are. What is unsure or lost does not count until ``settle``. The same text
        again changes nothing, and what waits then has no score.

    Raises
    ------
    UnknownDocument
        If there is no such document.
    UnreadableDocument
        If the file cannot be read, the text is empty, or another document has it.

    Examples
    --------
    >>> from bantar_qual import Project
    >>> project = Project.create(tmp / "r.bantar", codebook="edwards-iii")
    >>> _ = (tmp / "satu.txt").write_text("Warga: Dananya tdk ada.")
    >>> _ = project.import_documents(tmp / "satu.txt")
    >>> _ = project.code("satu", "Dananya tdk ada", "resources.budget")
    >>> revise(project, "satu", "Warga: Ya. Dananya tidak ada.")[["state", "new_quote"]]
             state          new_quote
    coding
    1       unsure  Dananya tidak ada
    >>> settle(project, unsettled(project))
    1
    """
    found = project.document(document)
    text = _read(new_text, found)
    twin = _documents.known_texts(project.store).get(_documents.checksum(text), document)
    if twin != document:
        raise UnreadableDocument(document, f"this is already the text of '{twin}'; was it mixed up")
    name = Path(found.source or found.name).stem
    spoken = load_language(found.language or project.language)
    labels = _speakers.named_labels(project.store)
    kind = None if found.kind == "document" else found.kind
    turns = layout(text, spoken, name=name, kind=kind, speakers=labels).turns
    revised = replace(found, text=text, turns=turns)
    moved = _revisions.revise(project.store, revised, coder=project.coder, reason=reason)
    coders = _revisions.coders(project.store)
    return _frame([_row(text, coding, coders) for coding in moved], _REPORT)


def _read(new_text: str | Path, document: Document) -> str:
    """Return the clean text, from a file if it is one."""
    if isinstance(new_text, Path) or (
        "\n" not in new_text and Path(new_text).suffix.lower() in importers
    ):
        return read_document(new_text, language=document.language).text
    text, _ = clean(new_text)
    if not text.strip():
        raise UnreadableDocument(document.name, "the corrected text holds no words")
    return text


def unsettled(project: Project) -> pd.DataFrame:
    """Return the codings that a corrected transcript left unsure or lost; they do not count.

    Returns
    -------
    pandas.DataFrame
        A row for each, of any status, indexed by coding id, with the columns of the report that
        ``revise`` returns but the score, and ``document`` and ``status``. Hand it, or any
        selection of it, to ``settle``.
    """
    coders = _revisions.coders(project.store)
    rows = [
        _row(text, coding, coders) | {"document": name, "status": coding.row["status"]}
        for name, text, coding in _revisions.waiting(project.store)
    ]
    return _frame(rows, _WAITING)


def settle(
    project: Project,
    codings: pd.DataFrame | Sequence[int] | int,
    *,
    span: str | tuple[int, int] | None = None,
    drop: bool = False,
    reason: str = "",
) -> int:
    """Settle codings that wait after a corrected transcript; from now on they count again.

    Parameters
    ----------
    codings
        A selection of ``project.unsettled()`` or of the report of ``revise``, ids, or one id.
    span
        Another place than the offered one, for one coding: the words, if they occur once, or
        their positions. If the same coder gave the same code to that place already, the two
        become one.
    drop
        True to remove the codings; the history keeps them.

    Returns
    -------
    int
        How many were settled.

    Raises
    ------
    CodingError
        If a coding does not wait; if one that is lost is to be settled without ``span``, for
        there are no words that could be accepted; if ``span`` is given for several.
    SpanError
        If the words are not there, or there twice.
    """
    ids = _ids(codings)
    waiting = unsettled(project)
    strangers = [i for i in ids if i not in waiting.index]
    if strangers:
        raise CodingError(f"{_listed(strangers)} not among project.unsettled(); look there again")
    waiting = waiting.loc[ids]
    lost = [] if drop or span is not None else list(waiting.index[waiting["state"] == "lost"])
    if lost:
        msg = f"the words of {_listed(lost)} gone; give each a place with span=..., or drop=True"
        raise CodingError(msg)
    place = None
    if span is not None and not drop:
        if len(ids) != 1:
            raise CodingError(f"span= places one coding, not {len(ids)}; settle them one by one")
        found = project.document(str(waiting["document"].iloc[0]))
        place = frames.locate(found, span) if isinstance(span, str) else span
        found.quote(*place)
    return _revisions.settle(
        project.store, ids, place=place, drop=drop, coder=project.coder, reason=reason
    )


def _ids(codings: pd.DataFrame | Sequence[int] | int) -> list[int]:
    """Return the ids of a selection, of a list, or of one coding, each once."""
    if isinstance(codings, pd.DataFrame):
        if codings.index.name != "coding":
            msg = "hand back a selection of project.unsettled(), or ids of codings"
            raise FrameError(msg)
        codings = list(codings.index)
    return list(dict.fromkeys([codings] if isinstance(codings, int) else map(int, codings)))


def _listed(ids: Sequence[int]) -> str:
    """Name codings as the subject of a sentence: "coding 3 is", "codings 3, 4 are"."""
    named = ", ".join(map(str, ids[:_LISTED])) + (", …" if len(ids) > _LISTED else "")
    return f"coding {named} is" if len(ids) == 1 else f"codings {named} are"


def _row(text: str, coding: _revisions.Moved, coders: Mapping[int, str]) -> dict[str, object]:
    row, anchor = coding.row, coding.anchor
    return {
        "coding": row["id"],
        "state": anchor.state,
        "code": row["code"],
        "coder": coders[row["coder_id"]],
        "old_quote": coding.text[coding.start : coding.end],
        "new_quote": text[anchor.start : anchor.end],
        "old_start": coding.start,
        "old_end": coding.end,
        "start": anchor.start,
        "end": anchor.end,
        "score": anchor.score,
    }


def _frame(rows: Sequence[Mapping[str, object]], columns: Sequence[str]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["coding", *columns]).set_index("coding")
    places = [name for name in ("old_start", "old_end", "start", "end") if name in columns]
    return frame.astype(dict.fromkeys(places, "int64"))


def revisions(project: Project, document: str) -> pd.DataFrame:
    """Return a row for each text that a document has had, the first as it was imported.

    Returns
    -------
    pandas.DataFrame
        Index ``number``. Columns: ``time`` (UTC), ``coder``, ``reason``, ``characters``,
        ``sha256`` (its first 12 signs). What was undone is left out.

    Raises
    ------
    UnknownDocument
        If there is no such document.
    """
    project.document(document)
    return _revisions.revisions(project.store, document)
