"""The display form of a table: headers in one language, and cells that keep their kind.

Every writer starts from here, so that a number stays a number in a workbook and becomes
"12,5%" on an Indonesian page, and so that all formats tell the same.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import pandas as pd

from bantar_qual import frames
from bantar_qual.languages import Language

Kind = Literal["text", "int", "number", "share", "people"]
"""What a column holds; ``people`` is a count with its share, shown together as "5 (33.3%)"."""

NUMERIC = ("int", "number", "share", "people")
_VOCABULARY = ("kind", "valence", "status", "origin")
_PRINTED = {  # what a page has room for; a workbook and a CSV file hold every column
    "barriers": (
        "barrier", "enabler", "mixed", "neutral", "unrated",
        "barrier_cases", "barrier_share", "enabler_cases", "enabler_share",
    ),
    "frequency": ("codings", "segments", "documents", "cases", "share"),
    "definitions": ("since", "until", "coder", "label", "definition", "difference", "reason"),
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column: the key it has in the frame, the words above it, and what it holds."""

    key: str
    header: str
    kind: Kind
    lead: bool = False  # names the row rather than telling something about it
    run: bool = False  # a value that is shown once for a run of rows with the same one


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """The columns and rows of a table, ready to be written."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Any, ...], ...]
    codes: tuple[str, ...]  # for each row the path of its code, or an empty string

    def continues(self, row: int, column: int) -> bool:
        """Tell whether a cell repeats the one above it and need not be shown again."""
        if not 0 < row < len(self.rows) or not self.columns[column].run:
            return False
        runs = [i for i, head in enumerate(self.columns[: column + 1]) if head.run]
        return all(self.rows[row][i] == self.rows[row - 1][i] for i in runs)

    def without(self, key: str) -> tuple[Grid, tuple[Any, ...]]:
        """Return the grid without a column, and the values that stood there."""
        keep = [i for i, column in enumerate(self.columns) if column.key != key]
        gone = [i for i in range(len(self.columns)) if i not in keep]
        less = replace(
            self,
            columns=tuple(self.columns[i] for i in keep),
            rows=tuple(tuple(row[i] for i in keep) for row in self.rows),
        )
        return less, tuple(row[i] for row in self.rows for i in gone)


def make(frame: pd.DataFrame, words: Language, *, whole: bool) -> Grid:
    """Lay a frame out as a grid.

    Parameters
    ----------
    frame
        A statistic, or any other frame.
    words
        The language of the headers and labels.
    whole
        Whether all columns are wanted, each on its own, or those that a page has room for.
    """
    laid = [*_leads(frame, words), *_body(frame, words)]
    if not whole:
        laid = _folded(_printed(frame, laid), words)
    return Grid(
        columns=tuple(column for column, _ in laid),
        rows=tuple(zip(*(values for _, values in laid), strict=True)),
        codes=_codes(frame),
    )


Laid = tuple[Column, list[Any]]


def _codes(frame: pd.DataFrame) -> tuple[str, ...]:
    if "code" in frame.index.names:
        return tuple(map(str, frame.index.get_level_values("code")))
    if "code" in frame.columns:
        return tuple(map(str, frame["code"]))
    return ("",) * len(frame)


def _leads(frame: pd.DataFrame, words: Language) -> list[Laid]:
    """Lay out the index: codes as their labels, anything else as it is called."""
    laid: list[Laid] = []
    for position, name in enumerate(frame.index.names):
        values = list(frame.index.get_level_values(position))
        if name == "code":
            laid += code_columns(frame, list(map(str, values)), words)
        elif name is not None or not isinstance(frame.index, pd.RangeIndex):
            key = "" if name is None else str(name)
            kind = _kind(key, pd.Series(values))
            column = Column(key=key, header=header(frame, key, words), kind=kind, lead=True)
            laid.append((column, [_value(value, key, kind, words) for value in values]))
    return laid


def _body(frame: pd.DataFrame, words: Language) -> list[Laid]:
    laid: list[Laid] = []
    for position, name in enumerate(frame.columns):
        series = frame.iloc[:, position]
        key = " · ".join(map(str, name)) if isinstance(name, tuple) else str(name)
        if key == "code":
            laid += code_columns(frame, list(map(str, series)), words)
            continue
        kind = _kind(key, series)
        column = Column(key=key, header=header(frame, key, words), kind=kind)
        laid.append((column, [_value(value, key, kind, words) for value in series]))
    return laid


def header(frame: pd.DataFrame, key: str, words: Language) -> str:
    """Return the words above a column: a caption, a code's label, or the key itself."""
    if key in frames.knowledge(frame).get("labels", {}):
        return frames.label(frame, key, words.name)
    return words.captions.get(f"column_{key}", words.caption(key)) if key else ""


def _kind(key: str, series: pd.Series) -> Kind:
    if not pd.api.types.is_numeric_dtype(series) or pd.api.types.is_bool_dtype(series):
        return "text"
    if key == "share" or key.endswith("_share"):
        return "share"
    known = series.dropna()
    if pd.api.types.is_integer_dtype(series) or (len(known) and (known % 1 == 0).all()):
        return "int"
    return "number"


def _value(value: Any, key: str, kind: Kind, words: Language) -> Any:
    """Return a cell as a plain int, float or str; None where there is nothing."""
    if value is None or value is pd.NA or value is pd.NaT or value != value:  # noqa: PLR0124
        return None
    if kind == "int":
        return int(value)
    if kind in ("share", "number"):
        return float(value)
    if isinstance(value, bool):
        return words.caption("yes" if value else "no")
    return words.caption(str(value)) if key in _VOCABULARY else str(value)


# ---------------------------------------------------------------- codes


def code_columns(frame: pd.DataFrame, paths: Sequence[str], words: Language) -> list[Laid]:
    """Lay codes out as one column, or below the first level as their parent's and their own."""
    levels = list(frames.knowledge(frame).get("levels", {}))
    level = frames.knowledge(frame).get("level", "")
    depth = levels.index(level) + 1 if level in levels else 0
    own = frames.level_label(frame, words.name) or words.caption("code")
    several = frame.index.nlevels > 1  # rows for each value of what is compared
    first = Column(key="code", header=own, kind="text", lead=True, run=several)
    if depth <= 1:
        return [(first, [frames.label(frame, path, words.name) for path in paths])]
    above = frames.level_label(frame, words.name, up=1)
    over = [".".join(path.split(".")[: depth - 1]) for path in paths]
    parent = Column(key="code_above", header=above, kind="text", lead=True, run=True)
    return [
        (parent, [frames.label(frame, path, words.name) for path in over]),
        (first, [own_label(frame, path, depth, words) for path in paths]),
    ]


def own_label(frame: pd.DataFrame, path: str, depth: int, words: Language) -> str | None:
    """Return a code's label; one that was coded above the level says that it is unspecified."""
    text = frames.label(frame, path, words.name)
    if path.count(".") + 1 >= depth:
        return text
    divided = frames.is_unspecified(frame, path)
    return f"{text} ({words.caption('unspecified')})" if divided else None


# ---------------------------------------------------------------- what a page has room for


def _printed(frame: pd.DataFrame, laid: list[Laid]) -> list[Laid]:
    wanted = _PRINTED.get(frames.knowledge(frame).get("noun", ""))
    if wanted is None:
        return laid
    return [
        (column, values)
        for column, values in laid
        if column.lead or (column.key in wanted and (column.key != "unrated" or any(values)))
    ]


def _folded(laid: list[Laid], words: Language) -> list[Laid]:
    """Show a count of people and its share in one column, as theses do: n (%)."""
    result: list[Laid] = []
    for column, values in laid:
        before = result[-1][0].key if result else ""
        if column.kind == "share" and before and before.replace("cases", "share") == column.key:
            count, counted = result.pop()
            title = f"{count.header}, {words.caption('count_and_share')}"
            both = Column(key=count.key, header=title, kind="people")
            result.append((both, list(zip(counted, values, strict=True))))
        else:
            result.append((column, values))
    return result


# ---------------------------------------------------------------- cells as text


def shown(value: Any, kind: Kind, words: Language) -> str:
    """Return a cell as it stands on a page, in the language's own notation.

    Examples
    --------
    >>> from bantar_qual.languages import language
    >>> shown(0.125, "share", language("id")), shown((5, 0.125), "people", language("en"))
    ('12,5%', '5 (12.5%)')
    """
    if kind == "people":
        count, part = value
        text = shown(count, "int", words)
        return f"{text} ({shown(part, 'share', words)})" if count and part is not None else text
    if value is None:
        return "" if kind == "text" else "–"
    return _NOTATION[kind](value, words)


def _localised(text: str, words: Language) -> str:
    marks = {",": words.caption("mark_thousands"), ".": words.caption("mark_decimal")}
    return "".join(marks.get(letter, letter) for letter in text)


_NOTATION: dict[str, Callable[[Any, Language], str]] = {
    "text": lambda value, _: str(value),
    "int": lambda value, words: _localised(f"{value:,d}", words),
    "number": lambda value, words: _localised(f"{value:,.2f}", words),
    "share": lambda value, words: _localised(f"{value * 100:.1f}", words) + "%",
}
