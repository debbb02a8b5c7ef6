"""Statistics: literal frames in, literal counts out, and laws that hold for any frame."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bantar_qual import stats
from bantar_qual.errors import FrameError, NotEnoughData
from bantar_qual.stats import barriers, frequency

CODES = ["staff", "budget", "sop"]
CASES = ["A", "B", "C"]
VALENCES = ["barrier", "enabler", "mixed", "neutral"]


def frame(rows: list[tuple[str, str | None, int, str, str | None]]) -> pd.DataFrame:
    """Make a codings frame of (document, case, start, code, valence)."""
    made = pd.DataFrame(rows, columns=["document", "case", "start", "code", "valence"])
    made["end"] = made["start"] + 5
    made["code"] = pd.Categorical(made["code"], CODES, ordered=True)
    made["case"] = pd.Categorical(made["case"], CASES, ordered=True)
    made["role"] = made["case"].astype(object).map({"A": "RT", "B": "RT", "C": "lurah"})
    made.attrs["bantar"] = {
        "cases": {"A": {"role": "RT"}, "B": {"role": "RT"}, "C": {"role": "lurah"}}
    }
    return made


TALKS = frame(
    [
        ("a", "A", 0, "staff", "barrier"),
        ("a", "A", 9, "staff", "barrier"),
        ("a", "A", 9, "budget", "barrier"),
        ("b", "B", 0, "budget", "barrier"),
        ("b", "B", 20, "budget", "enabler"),
        ("note", None, 0, "budget", "barrier"),
    ]
)

rows = st.lists(
    st.tuples(
        st.sampled_from(["a", "b", "c"]),
        st.sampled_from([*CASES, None]),
        st.integers(0, 3),
        st.sampled_from(CODES),
        st.sampled_from([*VALENCES, None]),
    ),
    min_size=1,
    max_size=40,
)


def test_counts_by_every_unit() -> None:
    """A code is counted by codings, segments, documents and cases, each by itself."""
    result = frequency(TALKS)
    assert result.loc["budget", ["codings", "segments", "documents", "cases"]].tolist() == [
        4,
        4,
        3,
        2,
    ]
    assert result.loc["staff", ["codings", "segments", "documents", "cases"]].tolist() == [
        2,
        2,
        1,
        1,
    ]


def test_silent_case_counts_in_the_share() -> None:
    """The share is of all cases, also of the one that said nothing."""
    assert frequency(TALKS).loc["budget", "share"] == pytest.approx(2 / 3)


def test_absent_code_is_a_row_of_zeros() -> None:
    """A code that nobody used stands in the table."""
    assert frequency(TALKS).loc["sop", ["codings", "cases"]].tolist() == [0, 0]
    assert barriers(TALKS).loc["sop", ["barrier", "barrier_cases"]].tolist() == [0, 0]


def test_note_without_case_counts_as_document() -> None:
    """An observation note is evidence, but it is no informant."""
    result = barriers(TALKS).loc["budget"]
    assert (result["barrier"], result["barrier_documents"], result["barrier_cases"]) == (3, 3, 2)


def test_a_case_may_stand_on_both_sides() -> None:
    """Who names a barrier and an enabler counts on both sides."""
    result = barriers(TALKS).loc["budget"]
    assert (result["barrier_cases"], result["enabler_cases"]) == (2, 1)


def test_leading_barrier_is_that_of_most_people() -> None:
    """Cases come before codings: one talkative informant does not make a leading barrier."""
    talkative = frame(
        [("a", "A", i, "staff", "barrier") for i in range(9)]
        + [("a", "A", 99, "budget", "barrier"), ("b", "B", 0, "budget", "barrier")]
    )
    assert list(barriers(talkative).index[:2]) == ["budget", "staff"]


def test_by_divides_by_the_cases_of_each_group() -> None:
    """Under ``by`` the share is of the cases with that value."""
    result = frequency(TALKS, by="role")
    assert result.loc[("budget", "RT"), "share"] == 1
    assert result.loc[("budget", "lurah"), "share"] == 0


def test_by_keeps_the_order_of_the_leading_barriers() -> None:
    """Comparing groups does not reorder the codes."""
    order = list(dict.fromkeys(barriers(TALKS, by="role").index.get_level_values("code")))
    assert order == list(barriers(TALKS).index)


@given(rows)
def test_units_are_nested(data: list[tuple[str, str | None, int, str, str | None]]) -> None:
    """There are never more documents than segments, nor more segments than codings."""
    result = frequency(frame(data))
    assert (result["documents"] <= result["segments"]).all()
    assert (result["segments"] <= result["codings"]).all()
    assert result["share"].between(0, 1).all()


@given(rows)
def test_every_coding_is_counted_once(
    data: list[tuple[str, str | None, int, str, str | None]],
) -> None:
    """The codings of all codes add up to the frame, and so do the valences."""
    made = frame(data)
    assert frequency(made)["codings"].sum() == len(made)
    if made["valence"].notna().any():
        result = barriers(made)
        assert result[[*VALENCES, "unrated"]].to_numpy().sum() == len(made)
        assert sorted(result.index) == sorted(CODES)


@given(rows, st.randoms(use_true_random=False))
def test_order_of_rows_does_not_matter(
    data: list[tuple[str, str | None, int, str, str | None]], random: object
) -> None:
    """Shuffling the codings changes no figure."""
    shuffled = list(data)
    random.shuffle(shuffled)
    pd.testing.assert_frame_equal(frequency(frame(data)), frequency(frame(shuffled)))


@pytest.mark.parametrize("noun", sorted(stats.statistics))
def test_wrong_frames_are_told(noun: str) -> None:
    """A frame without codings, or of another kind, is refused in one sentence."""
    with pytest.raises(FrameError, match="needs the column"):
        stats.statistics[noun](pd.DataFrame({"x": [1]}))
    with pytest.raises(FrameError, match=r"project\.codings"):
        stats.statistics[noun]([1, 2])
    with pytest.raises(NotEnoughData):
        stats.statistics[noun](TALKS.head(0))
    with pytest.raises(FrameError, match="'village'"):
        stats.statistics[noun](TALKS, by="village")


def test_unrated_codings_are_no_barriers() -> None:
    """Without any valence there is nothing to say about barriers."""
    with pytest.raises(NotEnoughData, match="valence"):
        barriers(TALKS.assign(valence=None))


def test_a_statistic_leaves_the_frame_alone() -> None:
    """A statistic changes nothing in the frame that it reads."""
    before = TALKS.copy()
    barriers(TALKS)
    frequency(TALKS, by="role")
    pd.testing.assert_frame_equal(TALKS, before)
