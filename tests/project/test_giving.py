"""New codes that come with a coding, and suggestions that are mended as they are accepted."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bantar_qual import CueCoder, Project
from bantar_qual.errors import CodebookError, FrameError, UnknownCode


@pytest.fixture
def offered(small: Project) -> Project:
    """Make a study with suggestions."""
    small.code_with(CueCoder())
    return small


def state(project: Project) -> tuple[object, ...]:
    """Return all that an act may change, to be compared."""
    frame = project.codings(status=None, coder="everyone")
    codings = frame[["document", "start", "end", "code", "valence", "status"]].astype(str)
    memos = project.memos()[["about", "key", "text"]]
    return codings.to_dict("index"), memos.to_dict("index"), project.codebook.paths


@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.data())
def test_one_act_one_undo(offered: Project, data: st.DataObject) -> None:
    """However codings are accepted, it is one act; undo brings all back, and redo all again."""
    every = offered.codings(status=None)
    chosen = every[[data.draw(st.booleans()) for _ in range(len(every))]]
    label = data.draw(st.sampled_from(["", "Relawan"]))
    code = "resources.volunteers" if label else data.draw(st.sampled_from(["", "resources.staff"]))
    valence = data.draw(st.sampled_from(["as given", None, "mixed"]))
    memo = data.draw(st.sampled_from(["", "lihat"]))
    before, acts = state(offered), len(offered.history())
    offered.accept(chosen, code=code, label=label, valence=valence, memo=memo)
    after = state(offered)
    done = len(offered.history()) - acts
    assert done == (after != before)
    rest = every.drop(chosen.index)
    now = offered.codings(status=None)
    kept = now.loc[now.index.intersection(rest.index)]
    pd.testing.assert_series_equal(kept["valence"].isna(), rest["valence"].isna().loc[kept.index])
    if done:
        offered.undo()
        assert state(offered) == before
        offered.redo()
        assert state(offered) == after
        offered.undo()


def test_accepted_as(offered: Project) -> None:
    """Code, valence and memo hold together afterwards; a second time nothing happens."""
    one = offered.codings(status="suggested").iloc[:1]
    assert offered.accept(one, code="communication", valence=None, memo=" lihat ") == 1
    row = offered.codings().loc[one.index[0]]
    assert row["code"] == "communication"
    assert pd.isna(row["valence"])
    assert offered.memos()["text"].tolist() == ["lihat"]
    acts = len(offered.history())
    assert offered.accept(one, code="communication", valence=None, memo="lihat") == 0
    assert len(offered.history()) == acts
    offered.accept(one, memo="lain")
    assert offered.memos()["text"].tolist() == ["lain"]


def test_what_is_there_already_is_accepted(offered: Project) -> None:
    """A suggestion that becomes the same as another ends; the other one is accepted in its place."""
    offered.undo()
    for path in ("resources.staff", "resources.budget"):
        offered.code("satu", "Dananya tidak ada.", path)
    one, other = offered.codings().index
    offered.reject(offered.codings().loc[[other]])
    assert offered.accept(offered.codings(status=None).loc[[one]], code="resources.budget") == 1
    left = offered.codings(status=None)
    assert left.index.tolist() == [other]
    assert left["status"].tolist() == ["accepted"]
    offered.undo()
    assert len(offered.codings(status=None)) == 2


def test_a_new_code_with_its_coding(small: Project) -> None:
    """A code that is new comes with the first coding, and goes with it."""
    before = state(small)
    small.code(
        "satu", "Dananya", "resources.volunteers", label={"id": "Relawan"}, valence="barrier"
    )
    assert small.codebook.label("resources.volunteers", "id") == "Relawan"
    assert small.history()["verb"].tolist()[-1] == "code"
    assert "Relawan" in small.audit_trail()["what"].tolist()[-1]
    small.recode(small.codings(), "communication.voice", label="Suara")
    assert small.codings()["code"].tolist() == ["communication.voice"]
    small.undo()
    small.undo()
    assert state(small) == before


def test_refused_before_anything_happens(offered: Project) -> None:
    """A code that is there is not new, one that is not there has a label; else nothing happens."""
    one, acts = offered.codings(status="suggested").iloc[:1], len(offered.history())
    with pytest.raises(CodebookError, match="already"):
        offered.code("satu", "Dananya", "resources.staff", label="Staf")
    with pytest.raises(UnknownCode):
        offered.accept(one, code="resources.nobody")
    with pytest.raises(UnknownCode):
        offered.recode(one, "nowhere.at_all", label="Baru")
    with pytest.raises(FrameError, match="valence"):
        offered.accept(one, valence="bad")  # type: ignore[arg-type]
    assert len(offered.history()) == acts
