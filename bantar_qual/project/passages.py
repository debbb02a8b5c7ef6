"""Read the words of codings in their places: what lies near, and what stands around them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from bantar_qual import frames, retrieval
from bantar_qual.errors import FrameError, did_you_mean
from bantar_qual.languages import language as load_language
from bantar_qual.project.cases import cases_after
from bantar_qual.project.history import codebook_after
from bantar_qual.records import Document
from bantar_qual.retrieval import Unit
from bantar_qual.store import documents as _documents
from bantar_qual.text.sentences import sentences

if TYPE_CHECKING:
    from bantar_qual.project import Project

_Ints = npt.NDArray[np.int64]
_UNITS = ("sentences", "turns")
_READ = ("turn", "speaker", "quote", "attribution", "context_before", "context_after")


def near(
    project: Project, a: pd.DataFrame, b: pd.DataFrame, *, within: int, unit: Unit = "turns"
) -> pd.DataFrame:
    """Return the codings of ``a`` that have another coding, one of ``b``, close by in the text.

    Parameters
    ----------
    a, b
        Selections of ``project.codings()``, or stretches made from them.
    within
        How many turns, sentences or characters apart they may be at most, counted from the last
        of the one to the first of the other; 0 is the same turn or sentence.
    unit
        ``"turns"``, ``"sentences"`` or ``"characters"``.

    Returns
    -------
    pandas.DataFrame
        A part of ``a``. A coding is never near itself.

    Raises
    ------
    UnknownDocument, SpanError, FrameError
        If one of them is no selection of this study, or ``within`` or the unit makes no sense.
    """
    needs = ("document", "start", "end")
    sides = [retrieval.selection(side, needs, "near") for side in (a, b)]
    _same_texts(project, *sides)
    placed = [side.assign(_row=np.arange(len(side))) for side in sides]
    if unit in _UNITS:
        shared = set(a["document"]) & set(b["document"])
        placed = [_placed(project, side, unit, shared) for side in placed]
    rows = retrieval.near(*placed, within=within, unit=unit)["_row"]
    return frames.inherit(a.iloc[rows.to_numpy()], a)


def _same_texts(project: Project, a: pd.DataFrame, b: pd.DataFrame) -> None:
    """Refuse selections between whose making a transcript was corrected: places would not fit."""
    one, other = frames.moment_of(a), frames.moment_of(b)
    if one is None or other is None or one == other:
        return
    shared = set(a["document"]) & set(b["document"])
    changed = sorted(shared & _documents.other_texts(project.store, one, other))
    if changed:
        msg = (
            f"'{changed[0]}' was corrected between the making of these selections; "
            "make both anew with project.codings()"
        )
        raise FrameError(msg)


def passages(
    project: Project, frame: pd.DataFrame, *, before: int = 0, after: int = 0,
    unit: str = "sentences",
) -> pd.DataFrame:  # fmt: skip
    """Return the words of codings or stretches, who said them, and what stands around them.

    Parameters
    ----------
    frame
        A selection of ``project.codings()``, or what ``both``, ``either`` or ``without`` made.
    before, after
        How many sentences or turns of context to add on each side. What is left of the sentence
        in which the quote begins or ends comes with it.
    unit
        ``"sentences"`` or ``"turns"``.

    Returns
    -------
    pandas.DataFrame
        The frame's rows with the case and its attributes; ``turn`` and ``speaker``;
        ``code_label``, the labels from the top of the codebook down, or all of them for a
        stretch; ``quote``, exactly as in the text; ``attribution``; ``context_before`` and
        ``context_after``. Before, quote and after joined stand in the document as they are.

    Raises
    ------
    UnknownDocument, SpanError
        If the frame speaks of a document or of words that are not there.
    FrameError
        If it is no such frame, or the context is no number of sentences or turns.
    """
    _check_passages(frame, before, after, unit)
    cases = cases_after(project, frames.moment_of(frame))
    result = _with_cases(project, frame, cases)
    owners, language = result["case"].astype(object).tolist(), load_language(project.language)
    told: dict[str, list[Any]] = {name: [""] * len(frame) for name in _READ}
    for document, rows in by_document(project, frame):
        pieces = _pieces(project, document, unit)
        turns = _pieces(project, document, "turns", labels=False)
        for row, start, end in spans(frame, rows):
            left, right = _context(pieces, start, end, before, after)
            at = int(turns.at(start)) if document.turns else -1
            turn = document.turns[at].number if at >= 0 else 0
            found = (
                turn,
                document.turns[at].speaker if at >= 0 else "",
                document.quote(start, end),
                frames.attribution(document, owners[row], turn, cases=cases, language=language),
                document.text[left:start],
                document.text[end:right],
            )
            for name, value in zip(_READ, found, strict=True):
                told[name][row] = value
    result["code_label"] = _labels(project, frame)
    fresh = {k: v for k, v in told.items() if k not in ("turn", "speaker") or k not in result}
    return frames.inherit(result.assign(**fresh), frame)


def _check_passages(frame: object, before: int, after: int, unit: str) -> None:
    if unit not in _UNITS:
        msg = f"passages does not count in '{unit}'.{did_you_mean(str(unit), _UNITS)}"
        raise FrameError(msg)
    for count in (before, after):
        if not isinstance(count, int) or isinstance(count, bool) or count < 0:
            msg = f"passages needs a whole number of {unit} from 0; not {count!r}"
            raise FrameError(msg)
    columns = set(frame.columns) if isinstance(frame, pd.DataFrame) else set()
    if not {"document", "start", "end"} <= columns or not columns & {"code", "codes"}:
        msg = "passages needs a selection of project.codings(), or stretches made from such"
        raise FrameError(msg)


def _context(pieces: _Pieces, start: int, end: int, before: int, after: int) -> tuple[int, int]:
    """Return where the context of a quote begins and ends; never inside the quote."""
    left, right = start, end
    first, last = int(pieces.at(start)), int(pieces.at(end - 1))
    if before and first >= 0:
        left = min(start, int(pieces.starts[max(first - before, 0)]))
    if after and last + after >= 0:
        right = max(end, int(pieces.ends[min(last + after, len(pieces.ends) - 1)]))
    return left, right


def _with_cases(project: Project, frame: pd.DataFrame, cases: pd.DataFrame) -> pd.DataFrame:
    """Add the case of each row and the attributes of the cases, where the frame lacks them."""
    result = frame.copy()
    if "case" not in result:
        documents = _documents.documents_frame(project.store, frames.moment_of(frame))
        owners = documents["case"].replace("", None).to_dict()
        owner = result["document"].astype(object).map(owners)
        result["case"] = pd.Categorical(owner, list(cases.index), ordered=True)
    for name in cases.columns.difference(result.columns, sort=False):
        result[name] = result["case"].astype(object).map(cases[name].to_dict())
    return result


def _labels(project: Project, frame: pd.DataFrame) -> list[str]:
    """Name the codes of each row in the study's language, with the codes above them."""
    moment, language = frames.moment_of(frame), project.language
    book = project.codebook if moment is None else codebook_after(project, moment)
    rows = frame["codes"] if "codes" in frame else [(path,) for path in frame["code"]]
    used = {path for row in rows for path in row}
    label = {p: book.label(p, language, whole=True) if p in book else str(p) for p in used}
    return ["; ".join(label[path] for path in row) for row in rows]


# ---------------------------------------------------------------- places in the text


@dataclass(frozen=True, slots=True)
class _Pieces:
    """A document cut into turns or sentences; a speaker's label goes with what follows it."""

    starts: _Ints  # with the label
    ends: _Ints

    def at(self, positions: Any) -> _Ints:
        """Return the piece in which, or behind which, positions lie; -1 before the first."""
        return np.asarray(np.searchsorted(self.starts, positions, side="right") - 1, np.int64)


def _pieces(project: Project, document: Document, unit: str, *, labels: bool = True) -> _Pieces:
    turns = [(turn.start, turn.end) for turn in document.turns] or [(0, len(document.text))]
    pieces: list[tuple[int, int]] = []
    end = 0
    for start, stop in turns:
        found = _sentences(project, document, start, stop) if unit == "sentences" else []
        found = found or [(start, stop)]
        if labels:
            gap = document.text[end:start].rstrip()
            if gap:
                found[0] = (end + gap.rfind("\n") + 1, found[0][1])
        pieces += found
        end = stop
    starts, ends = zip(*pieces, strict=True)
    return _Pieces(np.array(starts, np.int64), np.array(ends, np.int64))


def _sentences(project: Project, document: Document, start: int, end: int) -> list[tuple[int, int]]:
    words = load_language(document.language or project.language).words
    found = sentences(document.text[start:end], frozenset(words.get("abbreviations", ())))
    return [(start + a, start + b) for a, b in found]


def _placed(project: Project, side: pd.DataFrame, unit: str, shared: set[Any]) -> pd.DataFrame:
    """Add the turn or sentence in which each coding begins and ends, where that can matter."""
    first, last = np.zeros(len(side), np.int64), np.zeros(len(side), np.int64)
    begins, ends = side["start"].to_numpy(), side["end"].to_numpy()
    there = np.flatnonzero(side["document"].isin(list(shared)))
    for document, found in by_document(project, side.iloc[there]):
        rows = there[found]
        pieces = _pieces(project, document, unit, labels=False)
        first[rows] = pieces.at(begins[rows]) + 1
        last[rows] = pieces.at(ends[rows] - 1) + 1
    name = unit.removesuffix("s")
    return side.assign(**{name: first, f"last_{name}": last})


def by_document(project: Project, frame: pd.DataFrame) -> Iterable[tuple[Document, _Ints]]:
    """Yield each document that a frame speaks of, one at a time, with the frame's rows in it.

    Each has the text that it had when the frame was made: positions are true of no other.
    """
    moment = frames.moment_of(frame)
    rows = frame.groupby("document", observed=True, sort=False).indices
    for name, found in rows.items():
        yield _documents.document(project.store, str(name), moment), np.asarray(found)


def spans(frame: pd.DataFrame, rows: _Ints) -> Iterable[tuple[int, int, int]]:
    """Return row, start and end of some of a frame's rows."""
    begins, ends = (frame[column].to_numpy()[rows].tolist() for column in ("start", "end"))
    return zip(rows.tolist(), begins, ends, strict=True)
