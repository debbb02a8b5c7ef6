"""Reading columns whole gives exactly what reading row by row gives."""

from __future__ import annotations

import math
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import RFC_4122, UUID

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from bantar_qual import Coding, CueCoder, Project
from bantar_qual.records import ORIGINS, STATUSES, VALENCES
from bantar_qual.store import bulk, schema
from bantar_qual.store import codings as store_codings
from tests.conftest import BOOK, TALK


@pytest.mark.parametrize("memo", ["", "plain", "é “👩‍🏫”\nline", "a\x1fb", "\x1e", "\x1f"])
def test_whole_columns(small: Project, memo: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Any memo, a missing valence and a missing confidence come back the same either way."""
    small.code("satu", "Dananya tidak ada.", "resources.budget", valence="barrier", memo=memo)
    small.code("dua", "Hujan terus dari pagi.", "resources.staff")
    small.code_with(CueCoder())
    whole = small.codings(status=None)
    monkeypatch.setattr(bulk, "_whole", lambda *_: None)
    pd.testing.assert_frame_equal(small.codings(status=None), whole)
    assert memo in set(whole["memo"])
    assert small.codings(status="rejected").empty


CODINGS = st.lists(
    st.tuples(
        st.integers(0, 30),
        st.integers(1, 20),
        st.sampled_from(["resources.staff", "resources.budget", "communication.clarity"]),
        st.sampled_from(ORIGINS),
        st.sampled_from(STATUSES),
        st.sampled_from([*VALENCES, None]),
        st.none() | st.floats(0, 1),
        st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=5),
    ),
    max_size=8,
    unique_by=lambda drawn: drawn[:3],
)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(CODINGS)
def test_every_value_comes_back(drawn: list[tuple[object, ...]]) -> None:
    """What was kept is read exactly: every confidence to its last bit, every word, every choice."""
    names = ("start", "length", "code", "origin", "status", "valence", "confidence", "memo")
    with TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "b.yaml").write_text(BOOK, encoding="utf-8")
        (folder / "t.txt").write_text(
            TALK.format(case="A", first="Ya. " * 20, second="B."), "utf-8"
        )
        project = Project.create(folder / "s.bantar", codebook=folder / "b.yaml")
        project.import_documents(folder / "t.txt")
        given_ = [dict(zip(names, row, strict=True)) for row in drawn]
        made = [
            Coding(document="t", coder="SN", end=row["start"] + row.pop("length"), **row)
            for row in given_
        ]
        store_codings.add_codings(project.store, made, coder="SN")
        read = project.codings(status=None).astype(object)
    found = {
        (r["start"], r["end"], r["code"], r["origin"], r["status"], _plain(r["valence"]), _plain(r["confidence"]), r["memo"])
        for r in read.to_dict("records")
    }  # fmt: skip
    assert found == {
        (c.start, c.end, c.code, c.origin, c.status, c.valence, c.confidence, c.memo) for c in made
    }


def _plain(value: object) -> object:
    return None if isinstance(value, float) and math.isnan(value) else value


def test_the_fast_way_is_taken(small: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nothing stands against it, the columns are read whole."""
    small.code("satu", "Dananya tidak ada.", "resources.budget")
    monkeypatch.setattr(bulk, "_row_by_row", lambda *_: pytest.fail("read row by row"))
    assert len(small.codings()) == 1


def test_guids_are_random_and_of_version_4(small: Project) -> None:
    """GUIDs that are drawn many at once are no two alike, and of the version for random ones."""
    made = [
        Coding(document="satu", start=n // 40, end=50 + n, code="resources.staff", coder="SN")
        for n in range(60)
    ]
    store_codings.add_codings(small.store, made, coder="SN")
    with small.store.reading() as connection:
        guids = [UUID(guid) for guid in connection.execute(select(schema.coding.c.guid)).scalars()]
        assert {str(guid) for guid in guids} == set(
            connection.execute(select(schema.coding.c.guid)).scalars()
        )
    assert len(set(guids)) == 60
    assert {(guid.version, guid.variant) for guid in guids} == {(4, RFC_4122)}
