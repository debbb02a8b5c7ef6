"""The tidy frames between the study and its findings: their columns, and what they know.

A frame remembers what its numbers cannot say: the labels of its codes, and which cases exist,
also those that said nothing. That knowledge travels in ``frame.attrs`` and is read by the
functions here, never directly.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from bantar_qual.codebook import Codebook, spoken
from bantar_qual.errors import FrameError, NotEnoughData, SpanError
from bantar_qual.languages import Language
from bantar_qual.records import KINDS, ORIGINS, STATUSES, VALENCES, AttributeKind, Document

CODINGS = (
    "document", "case", "kind", "code", "coder", "origin", "status", "valence",
    "confidence", "start", "end", "turn", "speaker", "because", "memo", "time",
)  # fmt: skip
_ATTRS = "bantar"
_NUMBER = re.compile(r"-?(0|[1-9]\d*)([.,]\d+)?")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_SCRAP = 40  # characters; a shorter quote is chosen only where there is no longer one


def codings(
    rows: pd.DataFrame,
    *,
    codebook: Codebook,
    level: str | None,
    language: str,
    documents: Sequence[str],
    cases: pd.DataFrame,
    moment: int | None = None,
) -> pd.DataFrame:
    """Make the codings frame from plain rows.

    Parameters
    ----------
    rows
        A row for each coding, indexed by coding id, with the columns of ``CODINGS``.
    codebook, level
        The codes that are possible, and the level to which codings are rolled up; None keeps
        each coding at its own code.
    language
        The language in which tables and charts label the codes.
    documents, cases
        All documents by name, and all cases with their attributes: silent ones count too.
    moment
        The act after which all this was so.

    Returns
    -------
    pandas.DataFrame
        ``document``, ``case``, ``code`` and the like are ordered categoricals with all possible
        values; each case attribute is a column.
    """
    if level:
        codebook.depth(level)  # an unknown level is told, also where there is nothing to roll up
    frame = rows.reindex(columns=list(CODINGS))
    used = pd.unique(frame["code"].dropna())
    rolled = {path: codebook.roll_up(path, level) if level else path for path in used}
    possible = _possible(codebook, level, set(rolled.values()))
    frame["code"] = _categories(frame["code"], possible, rolled)
    coders = sorted(pd.unique(frame["coder"].dropna()))
    for column, values in (
        ("document", documents),
        ("case", list(cases.index)),
        ("kind", KINDS),
        ("origin", ORIGINS),
        ("status", STATUSES),
        ("valence", VALENCES),
        ("coder", coders),
    ):
        frame[column] = _categories(frame[column], values)
    for column in ("speaker", "time"):
        frame[column] = frame[column].astype(object)
    for name in cases.columns:
        frame[name] = _told_of(frame["case"], cases[name])
    frame.attrs[_ATTRS] = {
        "labels": _labels(codebook, possible),
        "levels": {item.key: dict(item.label) for item in codebook.levels},
        "level": level or codebook.levels[-1].key,
        "language": language,
        "cases": _told(cases),
        "moment": moment,
    }
    return frame


def _told_of(case: pd.Series[Any], attribute: pd.Series[Any]) -> Any:
    """Return for each coding what is told of its case."""
    told = attribute.dropna()
    theirs = case.astype(object).map(told.to_dict())
    if _counts_or_dates(attribute):
        return pd.Series(theirs, index=case.index, dtype=attribute.dtype)
    return pd.Categorical(theirs, sorted(set(told)), ordered=True)


def _told(cases: pd.DataFrame) -> dict[str, dict[Any, Any]]:
    """Return what each case tells, attribute by attribute."""
    known: dict[str, dict[Any, Any]] = {str(case): {} for case in cases.index}
    for name in cases.columns:
        for case, value in cases[name].dropna().items():
            known[str(case)][name] = value
    return known


def _categories(
    column: pd.Series, values: Sequence[Any], rename: Mapping[str, str] | None = None
) -> pd.Categorical:
    """Give a column its possible values in order; what is none of them is missing.

    The work is done once for each different value, not for each row.
    """
    had = column.astype("category").cat
    place = {value: number for number, value in enumerate(values)}
    renamed = [(rename or {}).get(value, value) for value in had.categories.tolist()]
    small = np.min_scalar_type(-1 - len(values))  # a million are moved faster
    codes = np.array([*(place.get(value, -1) for value in renamed), -1], dtype=small)
    return coded(codes[had.codes.to_numpy()], list(values), ordered=True)


def coded(codes: Any, words: Sequence[Any], *, ordered: bool = False) -> pd.Categorical:
    """Make a column of words from their numbers; -1 is a missing word."""
    column: pd.Categorical = pd.Categorical.from_codes(codes, words, ordered=ordered)  # type: ignore[call-overload]
    return column


def _counts_or_dates(column: pd.Series) -> bool:
    numeric, dated = pd.api.types.is_numeric_dtype, pd.api.types.is_datetime64_any_dtype
    return bool(numeric(column) or dated(column))


def attribute_kind(column: pd.Series) -> AttributeKind:
    """Guess what an attribute holds from how its values are written.

    ``07`` is no number: a leading zero belongs to a name, such as that of an RT.
    """
    told = [str(value) for value in column.dropna()]
    if told and all(_NUMBER.fullmatch(value) for value in told):
        return "number"
    if told and all(_DAY.fullmatch(value) for value in told):
        return "date"
    return "choice" if len(set(told)) < len(told) else "text"


def typed(column: pd.Series, kind: str) -> pd.Series:
    """Return an attribute's values as numbers, dates or text; what does not fit is missing."""
    if kind == "number":
        plain = column.astype(object).map(lambda v: str(v).replace(",", "."), na_action="ignore")
        return pd.to_numeric(plain, errors="coerce").astype(float)
    if kind == "date":
        return pd.to_datetime(column, format="ISO8601", errors="coerce")
    return column.astype(object)


def _possible(codebook: Codebook, level: str | None, used: set[str]) -> list[str]:
    """Return the codes a frame can show: those of the level, and shallower ones in use."""
    if level is None:
        parents = {code.parent for code in codebook}
        return [code.path for code in codebook if code.path not in parents or code.path in used]
    return [code.path for code in codebook if code.level == level or code.path in used]


def _labels(codebook: Codebook, paths: Iterable[str]) -> dict[str, dict[str, str]]:
    """Label the codes and their parents in every language that the codebook speaks."""
    wanted = {path for whole in paths for path in _upwards(whole)}
    return {
        path: {lang: codebook.label(path, lang) for lang in codebook.languages or ("",)}
        for path in wanted
    }


def _upwards(path: str) -> list[str]:
    """Return a code's path and the paths of all above it."""
    steps = path.split(".")
    return [".".join(steps[: i + 1]) for i in range(len(steps))]


def check(frame: object, *, needs: Iterable[str], noun: str) -> pd.DataFrame:
    """Return the frame if a statistic can use it, and say plainly if it cannot.

    Raises
    ------
    FrameError
        If it is no frame of codings.
    NotEnoughData
        If it has no rows.
    """
    if not isinstance(frame, pd.DataFrame):
        msg = f"{noun} needs the frame that project.codings() returns; not {type(frame).__name__}"
        raise FrameError(msg)
    missing = [column for column in needs if column not in frame.columns]
    if missing:
        listed = ", ".join(map(str, frame.columns))
        msg = f"{noun} needs the column {missing[0]!r}; this frame has {listed}"
        raise FrameError(msg)
    if frame.empty:
        msg = f"{noun}: no coding to count. Accept suggestions first, or look at your filter."
        raise NotEnoughData(msg)
    return frame


# ---------------------------------------------------------------- quotes


def locate(document: Document, words: str) -> tuple[int, int]:
    """Return where words stand in a document.

    Raises
    ------
    SpanError
        If they do not stand there, or stand there more than once.
    """
    start = document.text.find(words)
    if not words or start < 0:
        msg = f"these words do not stand in '{document.name}': “{words}”"
        raise SpanError(msg)
    if document.text.find(words, start + 1) >= 0:
        msg = f"these words stand in '{document.name}' more than once; give their positions"
        raise SpanError(msg)
    return start, start + len(words)


def quotes(
    codings: pd.DataFrame,
    *,
    texts: Mapping[str, Document],
    cases: pd.DataFrame,
    language: Language,
    per_code: int | None = None,
) -> pd.DataFrame:
    """Add the words behind each coding, and who said them when.

    Parameters
    ----------
    codings
        A codings frame.
    texts
        The documents by name.
    cases
        The cases with their attributes.
    language
        The language of the attribution.
    per_code
        At most so many for each code; the surest first, one informant after the other.
    """
    frame = codings if per_code is None else _spread(codings, per_code)
    rows = frame[["document", "start", "end", "case", "turn"]].to_dict("records")
    words = [texts[row["document"]].quote(row["start"], row["end"]) for row in rows]
    dates = [texts[row["document"]].attributes.get("date", "") for row in rows]
    said_by = [
        attribution(
            texts[row["document"]], row["case"], row["turn"], cases=cases, language=language
        )
        for row in rows
    ]
    return inherit(frame.assign(quote=words, attribution=said_by, date=dates), codings)


def _spread(codings: pd.DataFrame, per_code: int) -> pd.DataFrame:
    """Choose the surest quotes of each code, the first of every informant before any second.

    A scrap such as "Bukan dana." proves little without its neighbours, so it comes last.
    """
    scrap = codings["end"] - codings["start"] < _SCRAP
    sure = codings["confidence"].fillna(1.0)
    order = codings.assign(_scrap=scrap, _sure=-sure).sort_values(
        ["_scrap", "_sure"], kind="stable"
    )
    source = order["case"].astype(object).fillna(order["document"].astype(object))
    nth = order.assign(_source=source).groupby(["code", "_source"], observed=True).cumcount()
    order = order.assign(_nth=nth).sort_values(["code", "_nth"], kind="stable")
    chosen = order.groupby("code", observed=True).head(per_code)
    return inherit(chosen.drop(columns=["_scrap", "_sure", "_nth"]), codings)


def attribution(
    document: Document, case: Any, turn: int, *, cases: pd.DataFrame, language: Language
) -> str:
    """Say where a quote comes from: informant code, role, date, turn."""
    known = cases.loc[case].dropna().to_dict() if case in cases.index else {}
    date = document.attributes.get("date", "")
    if document.kind == "interview":
        who = [str(case) if isinstance(case, str) else document.name]
        who.append(str(known.get("role", "") or document.attributes.get("role", "")))
    else:
        kind, title = (
            language.caption(document.kind),
            document.attributes.get("title", document.name),
        )
        who = [title] if title.casefold().startswith(kind.casefold()) else [kind, title]
    place = language.caption("attribution_turn", turn=turn) if turn else ""
    return ", ".join(part for part in (*who, date, place) if part)


# ---------------------------------------------------------------- what a frame knows


def knowledge(frame: pd.DataFrame) -> dict[str, Any]:
    """Return what a frame knows of its study; empty for a frame made by other hands."""
    known: dict[str, Any] = frame.attrs.get(_ATTRS, {})
    return known


def inherit(result: pd.DataFrame, source: pd.DataFrame, **more: object) -> pd.DataFrame:
    """Hand the knowledge of one frame on to a frame computed from it."""
    result.attrs[_ATTRS] = {**knowledge(source), **more}
    return result


def moment_of(frame: pd.DataFrame) -> int | None:
    """Return the act after which a frame was true; None for a frame that does not know."""
    known: int | None = knowledge(frame).get("moment")
    return known


def language_of(frame: pd.DataFrame, language: str | None = None) -> str:
    """Return the language asked for, else the study's, else English."""
    return language or knowledge(frame).get("language", "") or "en"


def label(frame: pd.DataFrame, path: str, language: str) -> str:
    """Return a code's label, or the path itself where the frame knows none."""
    return str(spoken(knowledge(frame).get("labels", {}).get(path, {"": path}), language))


def is_unspecified(frame: pd.DataFrame, path: str) -> bool:
    """Tell whether a code lies above the level of its frame and is divided further down there."""
    known = knowledge(frame)
    levels = list(known.get("levels", {}))
    level = known.get("level", "")
    depth = levels.index(level) + 1 if level in levels else 0
    below = any(other.startswith(f"{path}.") for other in known.get("labels", {}))
    return path.count(".") + 1 < depth and below


def level_label(frame: pd.DataFrame, language: str, *, up: int = 0) -> str:
    """Return the name of the level of a frame's codes, or of a level above it."""
    levels: Mapping[str, Mapping[str, str]] = knowledge(frame).get("levels", {})
    keys = list(levels)
    level = knowledge(frame).get("level", "")
    if level not in keys or keys.index(level) - up < 0:
        return ""
    key = keys[keys.index(level) - up]
    return str(spoken(levels[key], language) or key)


def case_count(frame: pd.DataFrame, by: str | None = None) -> Any:
    """Count the cases of the study: all of them, or those of each value of an attribute.

    A frame that does not know its cases falls back on those that occur in it.
    """
    cases: Mapping[str, Mapping[str, str]] = knowledge(frame).get("cases", {})
    if by is None:
        return len(cases) or frame["case"].dropna().nunique()
    if any(by in attributes for attributes in cases.values()):
        return pd.Series([a.get(by) for a in cases.values()]).value_counts()
    return frame.drop_duplicates(["case", by]).dropna(subset=["case"])[by].value_counts()
