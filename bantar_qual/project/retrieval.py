"""Find codings by anything that is known of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from bantar_qual import frames
from bantar_qual.errors import (
    CodingError,
    FrameError,
    UnknownCase,
    UnknownDocument,
    did_you_mean,
)
from bantar_qual.project.moments import BEGIN, END, When, moment
from bantar_qual.project.passages import by_document, spans
from bantar_qual.records import CONSENSUS, EVERYONE, KINDS, ORIGINS, STATUSES, VALENCES

if TYPE_CHECKING:
    from bantar_qual.codebook import Codebook
    from bantar_qual.project import Project


def retrieve(
    project: Project,
    *,
    code: str | Sequence[str] | None = None,
    below: bool = True,
    valence: str | Sequence[str | None] | None = None,
    coder: str | Sequence[str] | None = None,
    origin: str | Sequence[str] | None = None,
    status: str | Sequence[str] | None = "accepted",
    kind: str | Sequence[str] | None = None,
    document: str | Sequence[str] | None = None,
    case: str | Sequence[str | None] | None = None,
    since: When | None = None,
    until: When | None = None,
    text: str | Sequence[str] | None = None,
    at: When | None = None,
    **attributes: Any,
) -> pd.DataFrame:
    """Return the codings for which everything that is asked holds.

    Each question takes one value or a list of values, of which one must hold; None asks nothing.

    Parameters
    ----------
    code, below
        Paths of codes; with ``below`` also all codes under them.
    valence
        ``"barrier"`` and so on; None within a list stands for codings not rated.
    coder, origin, status
        Who coded, how, and what was decided; accepted codings only unless asked otherwise.
    kind, document, case
        Where; None within a list of cases stands for documents without a case.
    since, until
        When the coding got its present form, in UTC: a date such as ``"2026-03-01"`` (the whole
        day) or a moment.
    text
        Words that stand in the quote, in capitals or not.
    at
        The study as of a date, as in ``project.codings(at=...)``.
    **attributes
        Attributes of the cases: ``role="Lurah"``, ``rt=["03", "07"]``; None within a list stands
        for cases that do not tell.

    Returns
    -------
    pandas.DataFrame
        A part of ``project.codings()``, in its order.

    Raises
    ------
    UnknownCode, UnknownDocument, UnknownCase
        If one of them is not there.
    CodingError
        If no coding can have such a value, or no case has it, with the nearest that there are.
    FrameError
        If the cases have no such attribute.

    Examples
    --------
    >>> from bantar_qual import Project
    >>> project = Project.create(tmp / "retrieve.bantar", codebook="edwards-iii")
    >>> _ = (tmp / "t.txt").write_text("Informan: Dananya tidak ada. Pegawainya dua.")
    >>> _ = project.import_documents(tmp / "t.txt")
    >>> _ = project.code("t", "Dananya tidak ada.", "resources.budget", valence="barrier")
    >>> len(retrieve(project, code="resources", valence="barrier", text="dana"))
    1
    """
    stated = _checked("status", _listed(status))
    frame = project.codings(
        status=stated[0] if stated and len(stated) == 1 else None,
        at=at,
        coder=EVERYONE if CONSENSUS in (_listed(coder) or ()) else "",
    )
    book = project.codebook if at is None else project.codebook_at(at)
    asked: dict[str, list[Any] | None] = {
        "status": stated,
        "valence": _checked("valence", _listed(valence)),
        "origin": _checked("origin", _listed(origin)),
        "kind": _checked("kind", _listed(kind)),
        "code": _codes(book, _listed(code), below=below),
        "coder": _coders(project, frame, _listed(coder)),
        **_places(project, frame, _listed(document), _listed(case)),
        **_attributes(project.cases(at=at), attributes),
    }
    keep = _within(frame["time"], since, until)
    for column, wanted in asked.items():
        if wanted is not None:
            keep &= frame[column].isin([value for value in wanted if value is not None]) | (
                frame[column].isna() & (None in wanted)
            )
    found = frame[keep.to_numpy()]
    words = _listed(text)
    found = found if words is None else found[_saying(project, found, words)]
    return frames.inherit(found, frame)


_CHOICES: dict[str, Sequence[Any]] = {
    "status": STATUSES,
    "valence": VALENCES,
    "origin": ORIGINS,
    "kind": KINDS,
}


def _listed(value: Any) -> list[Any] | None:
    """Return one value or many as a list; None asks nothing."""
    if value is None:
        return None
    alone = isinstance(value, str | bytes) or not isinstance(value, Iterable)
    return [value] if alone else list(value)


def _one_of(value: Any, known: Iterable[Any], complaint: str) -> Any:
    """Return a value that is known, or say so and offer the nearest."""
    known = list(known)
    if value in known:
        return value
    told = [f"{one:g}" if isinstance(one, float) else str(one) for one in known]
    msg = f"{complaint}.{did_you_mean(str(value), told)}"
    raise CodingError(msg)


def _checked(column: str, wanted: list[Any] | None) -> list[Any] | None:
    """Check the values of a column that can have only a few."""
    if wanted is None:
        return None
    choices = [*_CHOICES[column], *([None] if column == "valence" else [])]
    thing = "document" if column == "kind" else "coding"
    return [_one_of(v, choices, f"no {thing} can have the {column} '{v}'") for v in wanted]


def _codes(book: Codebook, paths: list[str] | None, *, below: bool) -> list[Any] | None:
    if paths is None:
        return None
    heads = tuple(f"{book.code(path).path}." for path in paths)
    return [*paths, *(path for path in book.paths if below and path.startswith(heads))]


def _coders(project: Project, frame: pd.DataFrame, wanted: list[Any] | None) -> list[Any] | None:
    """Check the names of coders; also one of whom nothing was accepted yet is known."""
    if wanted is None:
        return None
    known = set(frame["coder"].cat.categories) | {project.coder}
    if not known.issuperset(wanted):
        known |= set(project.codings(status=None, coder=EVERYONE)["coder"].cat.categories)
    where = f"in '{project.path.name}'"
    return [_one_of(name, sorted(known), f"nobody codes as '{name}' {where}") for name in wanted]


def _places(
    project: Project, frame: pd.DataFrame, documents: list[Any] | None, cases: list[Any] | None
) -> dict[str, list[Any] | None]:
    where = f"'{project.path.name}'"
    known = list(frame["document"].cat.categories)
    for name in documents or ():
        if name not in known:
            raise UnknownDocument(str(name), known, where)
    known = list(frame["case"].cat.categories)
    for name in cases or ():
        if name is not None and name not in known:
            raise UnknownCase(str(name), known, where)
    return {"document": documents, "case": cases}


def _attributes(cases: pd.DataFrame, asked: dict[str, Any]) -> dict[str, list[Any] | None]:
    """Check the names and values of case attributes, each read as the attribute holds it."""
    checked: dict[str, list[Any] | None] = {}
    for name, value in asked.items():
        if name not in cases.columns:
            near = did_you_mean(name, map(str, cases.columns))
            msg = f"the cases have no attribute '{name}'.{near}"
            raise FrameError(msg)
        wanted, told = _listed(value), cases[name].dropna()
        checked[name] = wanted and [None if v is None else _told(told, v) for v in wanted]
    return checked


def _told(told: pd.Series, value: Any) -> Any:
    """Return a value as the cases tell it, or say that none of them does."""
    read: Any = value
    try:
        if pd.api.types.is_numeric_dtype(told.dtype):
            read = float(value)
        elif pd.api.types.is_datetime64_any_dtype(told.dtype):
            read = pd.Timestamp(value)
        else:
            read = str(value)
    except (TypeError, ValueError):
        read = value  # no number or no date: no case can tell it
    return _one_of(read, sorted(set(told)), f"no case tells '{value}' as {told.name}")


def _within(times: pd.Series, since: When | None, until: When | None) -> pd.Series:
    """Tell which times lie between two dates; a date alone is the whole day."""
    keep = pd.Series(data=True, index=times.index)
    if since is None and until is None:
        return keep
    told = pd.to_datetime(times, utc=True, format="ISO8601")
    if since is not None:
        keep &= told >= moment(since, BEGIN)
    if until is not None:
        keep &= told <= moment(until, END)
    return keep


def _saying(project: Project, found: pd.DataFrame, words: Iterable[str]) -> npt.NDArray[np.bool_]:
    """Tell in which quotes one of some words stands."""
    sought = [word.casefold() for word in words]
    keep = np.zeros(len(found), dtype=bool)
    for document, rows in by_document(project, found):
        for row, start, end in spans(found, rows):
            quote = document.quote(start, end).casefold()
            keep[row] = any(word in quote for word in sought)
    return keep
