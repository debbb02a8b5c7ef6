"""Boolean and spatial queries: which words two selections share, and what lies near what.

A selection is any part of the frame that ``project.codings()`` returns. ``both``, ``either`` and
``without`` answer with *stretches*, words that no coding need cover exactly as they are; ``near``,
``containing`` and ``inside`` answer with a part of the first selection, which can be handed back.
Every answer can be asked again: ``without(both(a, b), c)``.

All positions lie on one line, document after document, so that every query is a sort and a search.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from typing import Any, Literal, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from bantar_qual import frames
from bantar_qual.errors import FrameError, SpanError, did_you_mean

Unit = Literal["turns", "sentences", "characters"]

_CODING = "coding"  # the name of an index that knows codings again
_WIDE = 1 << 32  # no text is longer; document n begins at n times this
_REACH = {  # where a coding begins and ends, counted in each unit
    "turns": ("turn", "last_turn"),
    "sentences": ("sentence", "last_sentence"),
    "characters": ("start", "end"),
}

_Ints = npt.NDArray[np.int64]
_Bools = npt.NDArray[np.bool_]


class _Line(NamedTuple):
    """Where codings begin and end on the one line of all documents."""

    first: _Ints
    last: _Ints


# ---------------------------------------------------------------- words


def both(a: pd.DataFrame, b: pd.DataFrame) -> pd.DataFrame:
    """Return the words that a coding of ``a`` and a coding of ``b`` share.

    Parameters
    ----------
    a, b
        Selections of ``project.codings()``, or stretches.

    Returns
    -------
    pandas.DataFrame
        A row for each stretch, as long as it can be, in the order of the documents: ``document``,
        ``start``, ``end``; ``codes`` and ``codings``, those of ``a`` and then those of ``b`` that
        lie there, each as a tuple; and ``case``, where the selections tell it and all of these
        codings have the same. A stretch of stretches names all their codings.

    Raises
    ------
    FrameError, SpanError
        If one of them is no selection, or has positions that no text can have.

    Examples
    --------
    >>> columns = ["document", "start", "end", "code"]
    >>> a = pd.DataFrame([("d", 0, 20, "budget"), ("d", 40, 50, "budget")], [1, 2], columns)
    >>> b = pd.DataFrame([("d", 15, 45, "staff")], [3], columns)
    >>> both(a, b)
            document  start  end            codes codings
    stretch
    0              d     15   20  (budget, staff)  (1, 3)
    1              d     40   45  (budget, staff)  (2, 3)
    """
    return _stretches("both", a, b, np.logical_and)


def either(a: pd.DataFrame, b: pd.DataFrame) -> pd.DataFrame:
    """Return the words that a coding of ``a``, of ``b`` or of both covers.

    Parameters, columns and errors are those of ``both``; codings that touch make one stretch.
    """
    return _stretches("either", a, b, np.logical_or)


def without(a: pd.DataFrame, b: pd.DataFrame) -> pd.DataFrame:
    """Return the words of ``a`` that no coding of ``b`` covers.

    Parameters, columns and errors are those of ``both``; codes and codings are those of ``a``.
    """
    return _stretches("without", a, b, lambda in_a, in_b: in_a & ~in_b, told=1)


def _stretches(
    noun: str,
    a: pd.DataFrame,
    b: pd.DataFrame,
    rule: Callable[[_Bools, _Bools], _Bools],
    *,
    told: int = 2,
) -> pd.DataFrame:
    """Cut the line at every end of a coding, keep the pieces that the rule wants, join them."""
    sides = [selection(side, ("document", "start", "end", "code"), noun) for side in (a, b)]
    names = _documents(sides)
    lines = [_line(side, names, "start", "end") for side in sides]
    points = np.unique(np.concatenate([edge for line in lines for edge in line]))
    kept = rule(*(_covered(points, line) for line in lines))  # the piece right of each point
    before = np.concatenate([[False], kept[:-1]]) if len(kept) else kept
    opens, closes = points[kept & ~before], points[~kept & before]
    result = pd.DataFrame(
        {
            "document": pd.Categorical.from_codes(opens // _WIDE, names, ordered=True),
            "start": opens % _WIDE,
            "end": closes % _WIDE,
        }
    )
    stretch, members = _members(_Line(opens, closes), lines[:told], sides[:told])
    if all("case" in side for side in sides[:told]):
        found = _tuples(stretch, members["case"], len(opens))
        alone = [case[0] if len(case) == 1 else None for case in found]
        known = _names(side["case"] for side in sides[:told])
        result.insert(1, "case", pd.Series(pd.Categorical(alone, known, ordered=True)))
    for column in ("codes", "codings"):
        result[column] = pd.Series(_tuples(stretch, members[column], len(opens)), dtype=object)
    return frames.inherit(result.rename_axis("stretch"), a)


def _covered(points: _Ints, line: _Line) -> _Bools:
    """Tell for each point whether a coding covers what follows it."""
    begun = np.searchsorted(np.sort(line.first), points, side="right")
    ended = np.searchsorted(np.sort(line.last), points, side="right")
    return np.asarray(begun > ended)


def _members(
    stretches: _Line, lines: Sequence[_Line], sides: Sequence[pd.DataFrame]
) -> tuple[_Ints, dict[str, pd.Series]]:
    """Pair each stretch with the codings that lie there: the first side's first, in text order."""
    pairs: list[_Ints] = []
    values: dict[str, list[pd.Series]] = {"case": [], "codes": [], "codings": []}
    for line, side in zip(lines, sides, strict=True):
        order = np.lexsort((line.last, line.first))
        low = np.searchsorted(stretches.last, line.first[order], side="right")
        high = np.searchsorted(stretches.first, line.last[order], side="left")
        count = high - low
        nth = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
        pairs.append(np.repeat(low, count) + nth)
        rows = np.repeat(order, count)
        for column, found in values.items():
            told = _told(side, column)
            if told is not None:
                found.append(told.iloc[rows])
    return np.concatenate(pairs), {
        column: pd.concat(found, ignore_index=True) for column, found in values.items() if found
    }


def _told(side: pd.DataFrame, column: str) -> pd.Series | None:
    """Return what each row says of its case, its codes or its codings."""
    if column in side:  # stretches already hold tuples
        return side[column].astype(object)
    if column == "case":
        return None
    return side["code"].astype(object) if column == "codes" else side.index.to_series()


def _tuples(stretch: _Ints, values: pd.Series, count: int) -> list[tuple[Any, ...]]:
    """Gather the different values of each stretch, in the order in which they come."""
    pairs = pd.DataFrame({"stretch": stretch, "value": values.array})
    if values.dtype == object:  # stretches of stretches
        pairs = pairs.explode("value")
    pairs = pairs.drop_duplicates().sort_values("stretch", kind="stable")
    cuts = np.searchsorted(pairs["stretch"].to_numpy(), np.arange(count + 1)).tolist()
    plain = pairs["value"].tolist()
    return [tuple(plain[i:j]) for i, j in pairwise(cuts)]


# ---------------------------------------------------------------- places


def near(a: pd.DataFrame, b: pd.DataFrame, *, within: int, unit: Unit = "turns") -> pd.DataFrame:
    """Return the codings of ``a`` that have another coding, one of ``b``, close by.

    Parameters
    ----------
    a, b
        Selections of ``project.codings()``, or stretches.
    within
        How far apart they may be at most, in the same document. 0 turns is the same turn; 0
        characters is touching or overlapping.
    unit
        ``"turns"`` or ``"characters"``. A coding lies in the turn in which it begins, unless a
        column ``last_turn`` says in which it ends. Sentences, and the turns of long codings,
        need the text: ``project.near`` counts them.

    Returns
    -------
    pandas.DataFrame
        A part of ``a``. A coding is never near itself.

    Raises
    ------
    FrameError, SpanError
        If one of them is no selection or lacks what the unit needs, the unit is unknown, or
        ``within`` is no number from 0.

    Examples
    --------
    >>> columns = ["document", "start", "end", "turn", "code"]
    >>> a = pd.DataFrame([("d", 0, 20, 1, "budget"), ("d", 90, 99, 7, "budget")], [1, 2], columns)
    >>> b = pd.DataFrame([("d", 30, 40, 2, "staff")], [3], columns)
    >>> near(a, b, within=1).index.tolist()
    [1]
    >>> near(a, b, within=50, unit="characters").index.tolist()
    [1, 2]
    """
    if unit not in _REACH:
        msg = f"near does not count in '{unit}'.{did_you_mean(str(unit), _REACH)}"
        raise FrameError(msg)
    if isinstance(within, bool) or not isinstance(within, int | np.integer) or within < 0:
        msg = f"near needs within= as a whole number of {unit} from 0; not {within!r}"
        raise FrameError(msg)
    first, last = _REACH[unit]
    hint = "" if unit == "characters" else "; project.near finds it in the text"
    sides = [selection(side, ("document", first), "near", hint) for side in (a, b)]
    sides[1] = _once(sides[1])
    names = _documents(sides)
    ours, theirs = (_line(s, names, first, last if last in s else first) for s in sides)
    floor, far = ours.first // _WIDE * _WIDE, min(int(within), _WIDE)
    low = np.maximum(ours.first - far, floor)
    high = np.minimum(ours.last + far, floor + _WIDE - 1)
    begun = np.searchsorted(np.sort(theirs.first), high, side="right")
    ended = np.searchsorted(np.sort(theirs.last), low, side="left")
    own = _own(sides, theirs, lambda line, at: (line.first <= high[at]) & (line.last >= low[at]))
    return frames.inherit(a[begun - ended > own], a)


def containing(a: pd.DataFrame, b: pd.DataFrame) -> pd.DataFrame:
    """Return the codings of ``a`` inside which another coding, one of ``b``, lies whole.

    Parameters
    ----------
    a, b
        Selections of ``project.codings()``, or stretches.

    Returns
    -------
    pandas.DataFrame
        A part of ``a``. Codings of the same words contain each other.

    Raises
    ------
    FrameError, SpanError
        If one of them is no selection, or has positions that no text can have.
    """
    sides, ours, theirs = _pair("containing", a, b)
    order = np.argsort(theirs.first, kind="stable")
    # What begins at or after a coding: does the one that ends first still end inside?
    least, second = _two_least(theirs.last[order][::-1])
    rank = len(order) - np.searchsorted(theirs.first[order], ours.first, side="left")
    own = _own(
        sides,
        theirs,
        lambda line, at: (line.first >= ours.first[at]) & (line.last <= ours.last[at]),
    )
    return frames.inherit(a[np.where(own, second[rank], least[rank]) <= ours.last], a)


def inside(a: pd.DataFrame, b: pd.DataFrame) -> pd.DataFrame:
    """Return the codings of ``a`` that lie whole inside another coding, one of ``b``.

    Parameters, answer and errors are those of ``containing``. To ask whether they lie inside
    neighbouring codings taken together, join these first: ``inside(a, either(b, b))``.
    """
    sides, ours, theirs = _pair("inside", a, b)
    order = np.argsort(theirs.first, kind="stable")
    # What begins at or before a coding: does the one that ends last end behind it?
    least, second = _two_least(-theirs.last[order])
    rank = np.searchsorted(theirs.first[order], ours.first, side="right")
    own = _own(
        sides,
        theirs,
        lambda line, at: (line.first <= ours.first[at]) & (line.last >= ours.last[at]),
    )
    return frames.inherit(a[-np.where(own, second[rank], least[rank]) >= ours.last], a)


def _pair(noun: str, a: pd.DataFrame, b: pd.DataFrame) -> tuple[list[pd.DataFrame], _Line, _Line]:
    sides = [selection(side, ("document", "start", "end"), noun) for side in (a, b)]
    sides[1] = _once(sides[1])
    names = _documents(sides)
    ours, theirs = (_line(side, names, "start", "end") for side in sides)
    return sides, ours, theirs


def _two_least(values: _Ints) -> tuple[_Ints, _Ints]:
    """Return the least and the second least of the first n values, for every n from 0."""
    never = np.iinfo(np.int64).max
    least = np.minimum.accumulate(np.concatenate([[never], values]))
    losers = np.maximum(least[:-1], values)  # of each value and the least so far, the one beaten
    return least, np.minimum.accumulate(np.concatenate([[never], losers]))


def _own(
    sides: Sequence[pd.DataFrame], theirs: _Line, holds: Callable[[_Line, _Ints], _Bools]
) -> _Bools:
    """Tell which codings of ``a`` would be found because they are in ``b`` themselves."""
    a, b = sides
    own = np.zeros(len(a), dtype=bool)
    if a.index.name == b.index.name == _CODING:
        place = b.index.get_indexer(a.index)
        at = np.flatnonzero(place >= 0)
        own[at] = holds(_Line(theirs.first[place[at]], theirs.last[place[at]]), at)
    return own


# ---------------------------------------------------------------- selections


def selection(frame: object, needs: Iterable[str], noun: str, hint: str = "") -> pd.DataFrame:
    """Return the frame if it is a selection; an empty one is a selection too."""
    if not isinstance(frame, pd.DataFrame):
        msg = f"{noun} needs selections of project.codings(); not {type(frame).__name__}"
        raise FrameError(msg)
    for column in needs:
        if column not in frame and not (column == "code" and "codes" in frame):
            listed = ", ".join(map(str, frame.columns))
            msg = f"{noun} needs the column '{column}'; this frame has {listed}{hint}"
            raise FrameError(msg)
    return frame


def _once(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a selection with each coding once, however it was put together."""
    return frame[~frame.index.duplicated()] if frame.index.name == _CODING else frame


def _documents(sides: Iterable[pd.DataFrame]) -> pd.Index:
    return _names(side["document"] for side in sides)


def _names(columns: Iterable[pd.Series]) -> pd.Index:
    """Return all possible values of columns, in the order of the first, then what is new."""
    known: dict[Any, None] = {}
    for column in columns:
        told = isinstance(column.dtype, pd.CategoricalDtype)
        known |= dict.fromkeys(column.cat.categories if told else column.dropna().unique())
    names: pd.Index = pd.Index(list(known), dtype=object)
    return names


def _line(side: pd.DataFrame, names: pd.Index, first: str, last: str) -> _Line:
    """Put a selection's places on the one line of all documents."""
    codes, theirs = pd.factorize(side["document"])
    document = np.append(names.get_indexer(pd.Index(theirs, dtype=object)), -1)[codes]
    begins, ends = side[first].to_numpy(np.int64), side[last].to_numpy(np.int64)
    empty = begins >= ends if last == "end" else begins > ends
    wrong = np.flatnonzero((document < 0) | (begins < 0) | (ends >= _WIDE) | empty)
    if len(wrong):
        at = wrong[0]
        where = side["document"].iloc[at]
        msg = f"a coding of '{where}' cannot run from {first} {begins[at]} to {last} {ends[at]}"
        raise SpanError(msg)
    return _Line(document * _WIDE + begins, document * _WIDE + ends)
