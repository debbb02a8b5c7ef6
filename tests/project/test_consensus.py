"""Two coders on one text: what they share, where they differ, and what they agree on."""

from __future__ import annotations

import itertools
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bantar_qual import CueCoder, Project, stats
from bantar_qual.errors import CodingError, FrameError, UnknownCode, UnknownDocument
from bantar_qual.project.pairing import KINDS, Given, pairs

BUDGET, STAFF, CLARITY = "resources.budget", "resources.staff", "communication.clarity"
WORDS = "Dananya tidak ada. Pegawai cuma dua, dan kriterianya tidak jelas! "
SPANS = st.tuples(st.integers(0, 55), st.integers(1, 25))
GIVEN = st.dictionaries(
    st.tuples(SPANS, st.sampled_from([BUDGET, STAFF, CLARITY])),
    st.sampled_from([None, "barrier", "enabler"]),
    max_size=7,
)


def givens(told: dict, first: int) -> list[Given]:
    """Make codings of what hypothesis drew; no coder gives one code twice to the same words."""
    whole = {(a, min(a + long, len(WORDS)), code): said for ((a, long), code), said in told.items()}
    return [Given(first + n, *key, said) for n, (key, said) in enumerate(whole.items())]


@given(GIVEN, GIVEN)
def test_pairs_are_complete_and_symmetric(one: dict, other: dict) -> None:
    """Every coding stands in exactly one pair; exchanging the coders exchanges the sides only."""
    left, right = givens(one, 100), givens(other, 200)
    found = pairs(left, right, WORDS)
    assert sorted(a.id for _, a, _ in found if a) == sorted(g.id for g in left)
    assert sorted(b.id for _, _, b in found if b) == sorted(g.id for g in right)
    assert [(kind, b, a) for kind, a, b in pairs(right, left, WORDS)] == found
    for kind, a, b in found:
        assert (a is None or b is None) == (kind == "only one")
        if a and b:
            assert a.start < b.end
            assert b.start < a.end
            assert (a.code != b.code) == (kind == "code")
            assert (a == Given(a.id, b.start, b.end, b.code, b.valence)) == (kind == "same")


@given(GIVEN)
def test_a_coder_agrees_with_themself(one: dict) -> None:
    """The same codings twice differ in nothing."""
    left, right = givens(one, 100), givens(one, 200)
    assert {kind for kind, _, _ in pairs(left, right, WORDS)} <= {"same"}


@given(GIVEN, GIVEN)
def test_no_pair_is_missed(one: dict, other: dict) -> None:
    """No two that stay alone have one code and overlap."""
    alone = [
        pair for pair in pairs(givens(one, 100), givens(other, 200), WORDS) if pair[0] == "only one"
    ]
    for (_, a, _), (_, _, b) in itertools.product(alone, alone):
        if a and b and a.code == b.code:
            assert a.end <= b.start or b.end <= a.start


def test_those_that_share_most_are_paired() -> None:
    """A coding that overlaps two of the other's is paired with the one it shares most with."""
    one = Given(1, 10, 30, BUDGET, None)
    little, much = Given(2, 0, 12, BUDGET, None), Given(3, 11, 30, BUDGET, None)
    found = pairs([one], [little, much], WORDS)
    assert found == [("only one", None, little), ("borders", one, much)]


@pytest.fixture
def double(small: Project) -> Project:
    """Let two people code "satu" so that they differ in every way."""
    second = Project.open(small.path, coder="BP")
    small.code("satu", "Dananya tidak ada.", BUDGET, valence="barrier")
    second.code("satu", "Dananya tidak ada.", BUDGET, valence="barrier")  # same
    small.code("satu", "Pegawainya cuma dua.", STAFF)
    second.code("satu", "Pegawainya cuma dua", STAFF)  # borders
    small.code("satu", "Kriterianya", CLARITY, valence="barrier")
    second.code("satu", "Kriterianya", CLARITY, valence="mixed")  # valence
    small.code("satu", "kami tidak paham.", CLARITY)
    second.code("satu", "kami tidak paham", STAFF)  # code, but for the full stop
    second.code("satu", "cuma", BUDGET)  # only one
    small.code("dua", "Hujan terus dari pagi.", "resources")  # only one
    return small


def facts(frame: pd.DataFrame) -> list[dict]:
    """Return a frame's rows, missing values as None."""
    return (
        frame.reset_index()
        .astype(object)
        .where(frame.reset_index().notna(), None)
        .to_dict("records")
    )


def chosen(frame: pd.DataFrame, kind: str) -> pd.DataFrame:
    """Select the differences of one kind."""
    return frame[frame["kind"] == kind]


def layer(project: Project) -> set[tuple]:
    """Return what the consensus holds: words, code and valence."""
    frame = project.codings(coder="consensus")
    if frame.empty:
        return set()
    quotes = project.quotes(frame)
    return {
        (quote, str(code), None if pd.isna(said) else str(said))
        for quote, code, said in zip(
            quotes["quote"], quotes["code"], quotes["valence"], strict=True
        )
    }


def test_differences_in_order_with_quotes(double: Project) -> None:
    """All ways to differ are told in reading order, with both quotes, and can be narrowed down."""
    frame = double.differences(between=("SN", "BP"), document="satu")
    assert list(frame["kind"]) == ["same", "borders", "only one", "valence", "code"]
    assert frame.loc[1, ["quote_1", "quote_2"]].tolist() == [
        "Pegawainya cuma dua.",
        "Pegawainya cuma dua",
    ]
    assert frame.loc[2, "coder_2"] == "BP"
    assert pd.isna(frame.loc[2, "coding_1"])
    assert frame.loc[3, ["valence_1", "valence_2"]].tolist() == ["barrier", "mixed"]
    assert set(frame["case"]) == {"A"}
    everything = double.differences()  # just two people coded
    assert len(everything) == 6
    assert set(everything["kind"]) <= set(KINDS)
    assert set(everything["document"]) == {"satu", "dua"}


def test_differences_are_symmetric_and_complete(double: Project) -> None:
    """Each accepted coding of both stands in one row; the order of the coders only turns sides."""
    one, other = (double.differences(between=b) for b in (("SN", "BP"), ("BP", "SN")))
    turned = other.rename(
        columns=lambda n: n[:-1] + {"1": "2", "2": "1"}[n[-1]] if n[-2:] in ("_1", "_2") else n
    )
    assert facts(turned[one.columns]) == facts(one)
    ids = [*one["coding_1"].dropna(), *one["coding_2"].dropna()]
    assert sorted(ids) == sorted(double.codings().index)


def test_machines_are_not_compared(double: Project) -> None:
    """Suggestions, rejected codings and machines stay out of the comparison."""
    double.code_with(CueCoder())
    before = len(double.differences(between=("SN", "BP")))
    double.accept(double.codings(status="suggested").head(2))
    double.reject(double.codings(coder="BP").head(1))
    after = double.differences()
    assert len(after) == before
    assert "same" not in set(after["kind"])


CHOICES = [
    ("borders", "SN", ("Pegawainya cuma dua.", STAFF, None)),
    ("borders", "BP", ("Pegawainya cuma dua", STAFF, None)),
    ("valence", "SN", ("Kriterianya", CLARITY, "barrier")),
    ("valence", "BP", ("Kriterianya", CLARITY, "mixed")),
    ("code", "SN", ("kami tidak paham.", CLARITY, None)),
    ("code", "BP", ("kami tidak paham", STAFF, None)),
    ("code", BUDGET, ("kami tidak paham.", BUDGET, None)),
    ("borders", BUDGET, ("Pegawainya cuma dua.", BUDGET, None)),
    ("only one", "BP", ("cuma", BUDGET, None)),
    ("only one", "SN", None),
    ("code", "neither", None),
]


@pytest.mark.parametrize(("kind", "choice", "result"), CHOICES)
def test_a_choice_holds(double: Project, kind: str, choice: str, result: tuple | None) -> None:
    """Each choice writes just its coding, is told as decision, and undo takes it back."""
    mine = chosen(double.differences(document="satu"), kind)
    before = facts(double.codings(status=None))
    assert double.agree_on(mine, choice, reason="dibahas berdua") > 0
    assert layer(double) == ({result} if result else set())
    told = chosen(double.differences(document="satu"), kind)
    assert told["decision"].tolist() == [choice]
    assert told["reason"].tolist() == ["dibahas berdua"]
    assert facts(double.codings(status=None)) == before
    double.undo()
    assert layer(double) == set()
    assert chosen(double.differences(document="satu"), kind)["decision"].tolist() == [""]
    double.redo()
    assert layer(double) == ({result} if result else set())


def test_deciding_twice_changes_nothing(double: Project) -> None:
    """The same decision again is no act; a bulk decision is one act."""
    rows = double.differences()
    acts = len(double.history())
    assert double.agree_on(rows, "SN") > 0
    assert len(double.history()) == acts + 1
    assert double.agree_on(rows, "SN") == 0
    assert double.agree_on(double.differences(), "SN") == 0
    assert len(double.history()) == acts + 1
    assert double.history().iloc[-1][["coder", "verb"]].tolist() == ["SN", "agree"]


@pytest.mark.parametrize(
    ("first", "then"),
    [("SN", "BP"), ("both", "SN"), ("neither", "BP"), ("BP", "neither"), (BUDGET, "SN"),
     (BUDGET, "neither"), (BUDGET, "both"), (BUDGET, "resources"), ("SN", BUDGET)],
)  # fmt: skip
def test_deciding_anew_replaces(double: Project, first: str, then: str) -> None:
    """After a change of mind the consensus is what it would be without the first decision."""
    rows = double.differences(document="satu")
    rows = rows[rows["kind"].isin(["borders", "code"])]
    double.agree_on(rows, then)
    wanted = layer(double)
    double.undo()
    double.agree_on(rows, first)
    double.agree_on(rows, then)
    assert layer(double) == wanted
    decided = double.differences(document="satu").loc[rows.index, "decision"]
    assert set(decided) == {then}


def test_all_the_way_to_consensus(double: Project) -> None:
    """What both share needs no choice; when all is decided nothing is left, and all is counted."""
    assert double.consensus().loc["satu"].tolist() == [1, 4, 0, 5, 0]
    rows = double.differences()
    assert double.agree_on(chosen(rows, "same")) == 1
    assert double.consensus().loc["satu"].tolist() == [1, 4, 1, 4, 1]
    double.agree_on(rows[rows["kind"].isin(["borders", "code", "only one"])], "SN")
    double.agree_on(chosen(rows, "valence"), "SN", valence="neutral", reason="dua arah")
    status = double.consensus()
    assert status["left"].tolist() == [0, 0]
    assert status["codings"].tolist() == [1, 4]
    assert ("Kriterianya", CLARITY, "neutral") in layer(double)
    assert chosen(double.differences(), "valence")["decision"].tolist() == ["neutral"]


def test_nothing_counts_twice(double: Project) -> None:
    """Statistics count the coders' own codings or the consensus, and never both unless told to."""
    own = double.codings()
    double.agree_on(double.differences(), "SN")
    assert facts(double.codings()) == facts(own)
    agreed = double.codings(coder="consensus")
    assert set(agreed["coder"]) == {"consensus"}
    assert set(agreed["origin"]) == {"hand"}
    mine = double.codings(coder="SN")
    counted = stats.frequency(agreed)["codings"]
    assert counted.equals(stats.frequency(mine)["codings"])
    both = double.codings(coder=["SN", "BP"])
    assert len(both) == len(own)
    assert len(double.codings(coder="everyone")) == len(own) + len(agreed)
    assert set(double.retrieve(coder="consensus").index) == set(agreed.index)
    with pytest.raises(CodingError, match="nobody codes as 'XX'"):
        double.codings(coder="XX")


def test_a_decision_lapses(double: Project) -> None:
    """Where a coder changes the words afterwards, the difference is open again."""
    rows = chosen(double.differences(), "valence")
    double.agree_on(rows, "BP")
    double.resize(int(rows["coding_1"].iloc[0]), "Kriterianya kami tidak paham.")
    left = double.differences(document="satu")
    assert "" in set(left[left["code_1"] == CLARITY]["decision"])
    with pytest.raises(FrameError, match="changed since"):
        double.agree_on(rows, "SN")


def test_memos_and_renamed_codes_reach_the_consensus(double: Project) -> None:
    """A coding of the consensus can carry a memo, and follows a code that is moved."""
    double.agree_on(double.differences(), "SN")
    coding = int(double.codings(coder="consensus").index[0])
    double.memo("Kata kunci.", about="coding", key=coding)
    double.move_code(BUDGET, "communication.money")
    assert "communication.money" in set(double.codings(coder="consensus")["code"].astype(str))
    assert double.consensus()["left"].sum() == 0


def test_it_travels(double: Project, tmp_path: Path) -> None:
    """The consensus goes with the study through its text form."""
    double.agree_on(double.differences(), "SN")
    double.dump(tmp_path / "text")
    other = Project.load(tmp_path / "text", tmp_path / "other.bantar")
    assert layer(other) == layer(double)
    assert other.consensus()["left"].sum() == 0


def test_what_cannot_be_done_is_told(double: Project) -> None:
    """Every wrong use is refused in a sentence, and nothing is changed."""
    rows = double.differences()
    acts = len(double.history())
    with pytest.raises(CodingError, match="say whose holds"):
        double.agree_on(rows)
    with pytest.raises(UnknownCode):
        double.agree_on(rows, "XY")
    with pytest.raises(CodingError, match="a valence is one of"):
        double.agree_on(rows, "SN", valence="good")  # type: ignore[arg-type]
    with pytest.raises(FrameError, match=r"project\.differences"):
        double.agree_on(double.codings(), "SN")
    with pytest.raises(CodingError, match="nobody codes as 'XY'"):
        double.differences(between=("SN", "XY"))
    with pytest.raises(CodingError, match="two different coders"):
        double.differences(between=("SN", "SN"))
    with pytest.raises(UnknownDocument):
        double.differences(document="tiga")
    Project.open(double.path, coder="MT").code("dua", "Hujan", BUDGET)
    with pytest.raises(CodingError, match=r"3 have coded \(BP, MT, SN\)"):
        double.differences()
    assert len(double.history()) == acts + 1
    assert double.agree_on(rows.head(0), "XY") == 0


def test_nothing_to_compare(small: Project) -> None:
    """Where nobody coded yet, the frame is empty and whole."""
    with pytest.raises(CodingError, match="0 have coded"):
        small.differences()
    small.code("satu", "Dananya", BUDGET)
    Project.open(small.path, coder="BP").code("dua", "Hujan", BUDGET)
    empty = small.differences().head(0)
    assert "quote_2" in empty.columns
    assert small.differences(between=("SN", "BP"), document="satu")["kind"].tolist() == ["only one"]


def test_what_was_agreed_counts_once(double: Project) -> None:
    """The study's own line counts what coders coded, not what they agreed on beside it."""
    before = repr(double)
    double.agree_on(double.differences(), "SN")
    assert repr(double) == before
