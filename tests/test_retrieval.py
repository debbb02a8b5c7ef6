"""Retrieval: every query answers as sets of characters would, and as every pair of codings would."""

from __future__ import annotations

from itertools import pairwise, product

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bantar_qual import retrieval
from bantar_qual.errors import FrameError, SpanError
from bantar_qual.retrieval import both, containing, either, inside, near, without

LENGTH = 24
CODES = ["budget", "staff", "clarity"]
COLUMNS = ["document", "start", "end", "turn", "code", "case"]


def frame(rows: list[tuple[int, str, int, int, str]]) -> pd.DataFrame:
    """Make a selection from (id, document, start, end, code); turns are five characters long."""
    table = pd.DataFrame(
        [(d, s, e, s // 5 + 1, c, d.upper()) for _, d, s, e, c in rows], columns=COLUMNS
    )
    table.index = pd.Index([row[0] for row in rows], name="coding", dtype="int64")
    for column, values in (("document", "xyz"), ("case", "XYZ")):
        table[column] = pd.Categorical(table[column], list(values), ordered=True)
    for column in ("start", "end", "turn"):
        table[column] = table[column].astype("int64")
    return table


@st.composite
def selections(draw: st.DrawFn) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Draw two selections of one study; some codings may be in both."""
    places = st.tuples(
        st.sampled_from("xyz"),
        st.integers(0, LENGTH - 1),
        st.integers(1, 12),
        st.sampled_from(CODES),
    )
    drawn = draw(st.lists(places, max_size=14))
    study = frame([(7 + i, d, s, min(s + n, LENGTH), c) for i, (d, s, n, c) in enumerate(drawn)])
    parts = [
        study[
            np.array(draw(st.lists(st.booleans(), min_size=len(study), max_size=len(study))), bool)
        ]
        for _ in range(2)
    ]
    return parts[0], parts[1]


def characters(table: pd.DataFrame) -> set[tuple[str, int]]:
    """Return every character that a table covers."""
    places = zip(table["document"], table["start"], table["end"], strict=True)
    return {(d, i) for d, start, end in places for i in range(start, end)}


def check_stretches(found: pd.DataFrame, sides: list[pd.DataFrame]) -> None:
    """Check that stretches are in order, apart, inside documents, and name what lies there."""
    rows = list(zip(found["document"], found["start"], found["end"], strict=True))
    assert rows == sorted(rows)
    assert all(0 <= start < end <= LENGTH for _, start, end in rows)
    assert all(b[0] != a[0] or b[1] > a[2] for a, b in pairwise(rows))
    for (document, start, end), codings, codes in zip(
        rows, found["codings"], found["codes"], strict=True
    ):
        there = [
            (i, row.code)
            for side in sides
            for i, row in zip(side.index, side.itertuples(), strict=True)
            if row.document == document and row.start < end and row.end > start
        ]
        assert set(codings) == {i for i, _ in there}
        assert set(codes) == {code for _, code in there}
        assert len(set(codings)) == len(codings)
        assert len(set(codes)) == len(codes)
    assert found["case"].astype(object).tolist() == [row[0].upper() for row in rows]


@given(selections())
def test_words_are_sets_of_characters(drawn: tuple[pd.DataFrame, pd.DataFrame]) -> None:
    """Both is the intersection, either the union, without the difference of the characters."""
    a, b = drawn
    for found, expected, sides in (
        (both(a, b), characters(a) & characters(b), [a, b]),
        (either(a, b), characters(a) | characters(b), [a, b]),
        (without(a, b), characters(a) - characters(b), [a]),
    ):
        assert characters(found) == expected
        check_stretches(found, sides)


@given(selections(), selections())
def test_queries_can_be_asked_of_answers(
    first: tuple[pd.DataFrame, pd.DataFrame], second: tuple[pd.DataFrame, pd.DataFrame]
) -> None:
    """Stretches are taken as selections: (a and b) without c, (a without b) or c, and so on."""
    (a, b), (c, _) = first, second
    c = c.set_axis(c.index + 100)
    assert characters(without(both(a, b), c)) == characters(a) & characters(b) - characters(c)
    joined = either(without(a, b), c)
    assert characters(joined) == characters(a) - characters(b) | characters(c)
    assert {i for ids in joined["codings"] for i in ids} <= {*a.index, *c.index}
    assert {k for codes in joined["codes"] for k in codes} <= set(CODES)
    assert without(a, a).empty
    assert characters(both(a, a)) == characters(a)
    cut = inside(a, either(a, b))
    assert cut.index.equals(a.index)


def naive(a: pd.DataFrame, b: pd.DataFrame, holds) -> list[int]:
    """Return the codings of ``a`` for which a pair with another coding of ``b`` holds."""
    ours, theirs = a.to_dict("index").items(), b.to_dict("index").items()
    found = {
        i
        for (i, x), (j, y) in product(ours, theirs)
        if i != j and x["document"] == y["document"] and holds(x, y)
    }
    return [i for i in a.index if i in found]


@given(selections(), st.integers(0, 9))
def test_places_are_pairs(drawn: tuple[pd.DataFrame, pd.DataFrame], within: int) -> None:
    """Near, containing and inside find what looking at every pair finds, in the order of ``a``."""
    a, b = drawn
    assert near(a, b, within=within).index.tolist() == naive(
        a, b, lambda x, y: abs(x["turn"] - y["turn"]) <= within
    )
    assert near(a, b, within=within, unit="characters").index.tolist() == naive(
        a, b, lambda x, y: max(y["start"] - x["end"], x["start"] - y["end"]) <= within
    )
    assert containing(a, b).index.tolist() == naive(
        a, b, lambda x, y: x["start"] <= y["start"] and y["end"] <= x["end"]
    )
    assert inside(a, b).index.tolist() == naive(
        a, b, lambda x, y: y["start"] <= x["start"] and x["end"] <= y["end"]
    )


@given(selections(), st.integers(0, 9), st.sampled_from(["turns", "characters"]))
def test_near_is_symmetric(
    drawn: tuple[pd.DataFrame, pd.DataFrame], within: int, unit: retrieval.Unit
) -> None:
    """What makes a coding near is itself near: nothing is lost by asking only the neighbours."""
    a, b = drawn
    ours, theirs = near(a, b, within=within, unit=unit), near(b, a, within=within, unit=unit)
    assert ours.empty == theirs.empty
    assert near(a, theirs, within=within, unit=unit).equals(ours)
    assert near(b, ours, within=within, unit=unit).equals(theirs)
    assert containing(a, inside(b, a)).equals(containing(a, b))


def test_turns_of_long_codings() -> None:
    """With ``last_turn`` the distance runs from the end of one coding to the begin of the other."""
    a = frame([(1, "x", 0, 12, "budget")])
    b = frame([(2, "x", 15, 20, "staff")])
    assert near(a, b, within=1).empty
    longer = a.assign(last_turn=3)
    assert near(longer, b, within=1).index.tolist() == [1]
    assert near(b, longer, within=1).index.tolist() == [2]


def test_far_is_never_another_document() -> None:
    """However far is asked, what is near lies in the same document."""
    a = frame([(1, "y", 3, 9, "budget")])
    b = frame([(2, "x", 3, 9, "staff"), (3, "z", 3, 9, "staff")])
    for unit, within in (("turns", 10**12), ("characters", 2**32), ("characters", 2**31)):
        assert near(a, b, within=within, unit=unit).empty
        assert near(b, a, within=within, unit=unit).empty
    again = frame([(4, "y", 20, 24, "staff")])
    assert near(a, again, within=10**12).index.equals(a.index)


def test_documents_of_different_studies_in_time() -> None:
    """Selections whose documents differ are told apart by name, not by position in a list."""
    a = frame([(1, "y", 0, 5, "budget")])
    b = frame([(2, "y", 3, 9, "staff"), (3, "x", 0, 5, "staff")])
    b["document"] = pd.Categorical(b["document"].astype(object), ["y", "x"])
    found = both(a, b)
    assert found[["document", "start", "end"]].to_numpy().tolist() == [["y", 3, 5]]
    assert found["codings"].tolist() == [(1, 2)]
    assert list(found["document"].cat.categories) == ["x", "y", "z"]
    assert inside(b, a).empty


def test_stretches_across_cases() -> None:
    """A stretch to which codings of two cases contribute belongs to neither."""
    a, b = frame([(1, "x", 0, 5, "budget")]), frame([(2, "x", 3, 9, "staff")])
    b["case"] = pd.Categorical(["Y"], ["X", "Y", "Z"], ordered=True)
    assert both(a, b)["case"].isna().all()
    assert without(a, b)["case"].tolist() == ["X"]


def test_empty_selections() -> None:
    """Nothing asked of nothing is nothing, with all columns."""
    none, some = frame([]), frame([(1, "x", 0, 5, "budget")])
    for query in (both, either, without):
        found = query(none, none)
        assert found.empty
        assert list(found.columns) == ["document", "case", "start", "end", "codes", "codings"]
    assert both(some, none).empty
    assert len(either(none, some)) == len(without(some, none)) == 1
    assert near(none, some, within=1).empty
    assert near(some, none, within=1).empty
    assert containing(some, none).empty
    assert inside(none, some).empty


@pytest.mark.parametrize(
    ("ask", "words"),
    [
        (lambda a: both(a, [1]), "both needs selections of project.codings\\(\\); not list"),
        (lambda a: inside(a.drop(columns="end"), a), "inside needs the column 'end'"),
        (lambda a: near(a, a, within=-1), "whole number of turns from 0; not -1"),
        (lambda a: near(a, a, within=1.5), "not 1.5"),
        (lambda a: near(a, a, within=1, unit="turn"), "Did you mean 'turns'"),
        (lambda a: near(a, a, within=1, unit="sentences"), "project.near finds it in the text"),
    ],
)
def test_wrong_questions(ask, words: str) -> None:
    """A wrong question is told in a sentence."""
    with pytest.raises(FrameError, match=words):
        ask(frame([(1, "x", 0, 5, "budget")]))


def test_impossible_places() -> None:
    """A place that no text can have is told, with its document."""
    a = frame([(1, "x", 5, 5, "budget")])
    with pytest.raises(SpanError, match="a coding of 'x' cannot run from start 5 to end 5"):
        both(a, a)
