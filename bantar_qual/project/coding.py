"""Code, let machines suggest, decide, and read what was coded."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Literal

import pandas as pd

from bantar_qual import frames
from bantar_qual.errors import CodingError, FrameError
from bantar_qual.languages import language as load_language
from bantar_qual.project.cases import cases_after
from bantar_qual.project.giving import Label, to_give
from bantar_qual.project.history import codebook_after
from bantar_qual.project.moments import When, act_at
from bantar_qual.project.passages import by_document
from bantar_qual.project.whose import Whose, chosen
from bantar_qual.records import EVERYONE, STATUSES, VALENCES, Coder, Coding, Status, Valence
from bantar_qual.store import codings as _codings
from bantar_qual.store import documents as _documents
from bantar_qual.store import reading as _reading
from bantar_qual.store.accepting import accept_as

if TYPE_CHECKING:
    from bantar_qual.project import Progress, Project


def code(
    project: Project,
    document: str,
    span: str | tuple[int, int],
    code: str,
    *,
    label: Label = "",
    valence: Valence | None = None,
    memo: str = "",
) -> Coding:
    """Give a code to a stretch of a document.

    Parameters
    ----------
    document
        The document's name.
    span
        The words themselves, if they occur once, or their positions (code points, the end
        not included).
    code
        The path of the code, such as ``"resources.budget"``.
    label
        What a new code is called: the code of that path then comes into the codebook by the same
        act, below the parent that the path names.
    valence
        ``"barrier"``, ``"enabler"``, ``"mixed"``, ``"neutral"``, or None for not rated.
    memo
        A note on this coding.

    Raises
    ------
    UnknownDocument, UnknownCode, SpanError
        If there is no such document or code, or the words are not there, or there twice.
    CodebookError
        If the code cannot be given, or is to be new and is there already.
    """
    found = project.document(document)
    start, end = frames.locate(found, span) if isinstance(span, str) else span
    found.quote(start, end)
    book = to_give(project, code, label)
    coding = Coding(
        document=document, start=start, end=end, code=code, coder=project.coder,
        valence=valence, memo=memo,
    )  # fmt: skip
    note = f"{'new code ' if book else ''}{code} in {document}"
    _codings.add_codings(project.store, [coding], coder=project.coder, note=note, codebook=book)
    return coding


def code_with(project: Project, coder: Coder, *, progress: Progress = iter) -> int:
    """Let a coder, nearly always a machine, read every document; its codings are kept.

    The coder's open suggestions from an earlier reading are replaced; what people decided
    about the others stays.

    Returns
    -------
    int
        How many codings are new.
    """
    names = _documents.document_names(project.store)
    codings = (
        coding
        for name in progress(names)
        for coding in coder.code(project.document(name), project.codebook)
    )
    replaced = "" if coder.origin == "hand" else coder.name
    return _codings.add_codings(
        project.store, codings, coder=project.coder, fresh_for=replaced, note=f"with {coder.name}"
    )


def codings(
    project: Project,
    *,
    level: str | None = None,
    status: Status | None = "accepted",
    at: When | None = None,
    coder: Whose = "",
    unsettled: bool = False,
) -> pd.DataFrame:
    """Return a row for each coding, the frame that every statistic reads.

    Parameters
    ----------
    level
        Roll codings up to this level of the codebook, such as ``"variable"``.
    status
        Only codings with this status; None for all of them.
    at
        The study as of a date such as ``"2026-03-01"`` (the whole day) or a moment, in UTC:
        codings, codebook, cases with their attributes, and the texts that ``quotes`` reads.
    coder
        Only codings of this coder, or of these. If left empty, everybody's own: what two coders
        agreed on (``project.agree_on``) stands beside them and would count twice. Count it alone
        with ``coder="consensus"``; ``"everyone"`` leaves nothing out.
    unsettled
        True for the codings that a corrected transcript left unsure or lost, instead of all
        others; they do not count until ``project.settle``.

    Returns
    -------
    pandas.DataFrame
        Indexed by coding id, so that any pandas selection can be handed back to ``accept``,
        ``reject``, ``rate``, ``recode`` and ``quotes``.
    """
    statuses = STATUSES if status is None else (status,)
    then = None if at is None else act_at(project, at)
    rows, moment = _reading.coding_rows(
        project.store, statuses=statuses, moment=then, unsettled=unsettled
    )
    return frames.codings(
        chosen(project, rows, coder or (EVERYONE if unsettled else "")),
        codebook=project.codebook if then is None else codebook_after(project, then),
        level=level,
        language=project.language,
        documents=_documents.document_names(project.store, then),
        cases=cases_after(project, then),
        moment=moment,
    )


def accept(
    project: Project,
    codings: pd.DataFrame,
    *,
    code: str = "",
    label: Label = "",
    valence: Valence | Literal["as given"] | None = "as given",
    memo: str = "",
    reason: str = "",
) -> int:
    """Accept codings, as they are or mended, in one act; they count from now on.

    Parameters
    ----------
    code
        Another code for them; empty to leave each its own.
    label
        What the code is called, where it is new; it comes into the codebook by the same act.
    valence
        What they say of the policy, if not what was suggested.
    memo
        Your memo on each of them.

    Returns
    -------
    int
        How many were not accepted before, or not like this.

    Raises
    ------
    UnknownCode, CodebookError
        If there is no such code, it cannot be given, or it is to be new and is there already.
    FrameError
        If the valence is none.
    """
    if not (code or label or memo) and valence == "as given":
        return _decide(project, codings, "status", "accepted", reason)
    ids, mended = _chosen(codings), dict[str, str | None]()
    book = to_give(project, code, label) if code or label else ""
    if code:
        mended["code"] = code
    if valence != "as given":
        mended["valence"] = _rated(valence)
    return accept_as(
        project.store, ids, mended, memo=memo.strip(), codebook=book, coder=project.coder,
        reason=reason,
    )  # fmt: skip


def accept_above(project: Project, confidence: float) -> int:
    """Accept, in bulk and unread, every suggestion at least as sure as ``confidence``.

    That nobody read them is kept with each decision, and every report says so.
    """
    waiting = project.codings(status="suggested")
    chosen = waiting[waiting["confidence"] >= confidence]
    return project.accept(chosen, reason=f"bulk: confidence >= {confidence:g}")


def reject(project: Project, codings: pd.DataFrame, *, reason: str = "") -> int:
    """Reject codings; they are kept, not counted, and not suggested again."""
    return _decide(project, codings, "status", "rejected", reason)


def rate(
    project: Project, codings: pd.DataFrame, valence: Valence | None, *, reason: str = ""
) -> int:
    """Give codings a valence: barrier, enabler, mixed, neutral, or None."""
    return _decide(project, codings, "valence", _rated(valence), reason)


def _rated(valence: Valence | None) -> Valence | None:
    """Return a valence that there is, or None.

    Raises
    ------
    FrameError
        If there is no such valence.
    """
    if valence not in (*VALENCES, None):
        msg = f"a valence is one of {', '.join(VALENCES)}, or None; not '{valence}'"
        raise FrameError(msg)
    return valence


def recode(
    project: Project, codings: pd.DataFrame, code: str, *, label: Label = "", reason: str = ""
) -> int:
    """Give codings another code; their words, memos and history stay.

    With a ``label`` the code is new, and comes into the codebook by the same act.
    """
    book = to_give(project, code, label)
    return _decide(project, codings, "code", code, reason, codebook=book)


def uncode(project: Project, codings: pd.DataFrame, *, reason: str = "") -> int:
    """Take codings away. Those that a machine gave are rejected, so that it gives them no more.

    Returns
    -------
    int
        How many codings were taken away; ``project.undo()`` brings them back.
    """
    ids = _chosen(codings)
    return _codings.remove(project.store, ids, coder=project.coder, reason=reason)


def resize(project: Project, coding: int, span: str | tuple[int, int]) -> bool:
    """Give a coding other borders; its code, memos and history stay.

    Parameters
    ----------
    coding
        Its id, from the index of ``project.codings()``.
    span
        The words themselves, if they occur once in its document, or their positions.

    Returns
    -------
    bool
        False if it had these borders already.

    Raises
    ------
    CodingError
        If there is no such coding.
    SpanError
        If the words are not in its document.
    """
    name = _codings.document_of(project.store, coding)
    if not name:
        msg = f"there is no coding {coding}; codings are known by the index of project.codings()"
        raise CodingError(msg)
    found = project.document(name)
    start, end = frames.locate(found, span) if isinstance(span, str) else span
    found.quote(start, end)
    return _codings.resize(project.store, coding, start=start, end=end, coder=project.coder)


def _chosen(codings: pd.DataFrame) -> pd.Index:
    if not isinstance(codings, pd.DataFrame) or codings.index.name != "coding":
        msg = "hand back a selection of the frame that project.codings() returns"
        raise FrameError(msg)
    return codings.index


def _decide(
    project: Project, codings: pd.DataFrame, field: str, value: str | None, reason: str,
    *, codebook: str = "",
) -> int:  # fmt: skip
    return _codings.decide(
        project.store, _chosen(codings), field=field, value=value, coder=project.coder,
        reason=reason, codebook=codebook,
    )  # fmt: skip


def decisions(project: Project) -> pd.DataFrame:
    """Return a row for each decision about a coding: who, when, what, before and after."""
    columns = ["coding", "field", "before", "after", "reason", "coder", "time"]
    return pd.DataFrame([asdict(v) for v in _reading.verdicts(project.store)], columns=columns)


def quotes(project: Project, codings: pd.DataFrame, *, per_code: int | None = None) -> pd.DataFrame:
    """Return the words behind codings, with attribution, from the texts as they were then.

    Parameters
    ----------
    codings
        Any selection of ``project.codings()``.
    per_code
        At most so many for each code: the surest first, spread over different cases.

    Returns
    -------
    pandas.DataFrame
        The codings with ``quote``, exactly as in the text, and ``attribution``, such as
        "KRT-07, Ketua RT 07, 12 Maret 2019, giliran 14".
    """
    return frames.quotes(
        codings,
        texts={document.name: document for document, _ in by_document(project, codings)},
        cases=cases_after(project, frames.moment_of(codings)),
        language=load_language(project.language),
        per_code=per_code,
    )
