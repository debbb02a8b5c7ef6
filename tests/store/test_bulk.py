"""Reading columns whole gives exactly what reading row by row gives."""

from __future__ import annotations

import pandas as pd
import pytest

from bantar_qual import CueCoder, Project
from bantar_qual.store import bulk


@pytest.mark.parametrize("memo", ["", "plain", "é “👩‍🏫”\nline", "a\x1fb", "\x1e", "\x1f"])
def test_whole_columns(small: Project, memo: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Any memo, a missing valence and a missing confidence come back the same either way."""
    small.code("satu", "Dananya tidak ada.", "resources.budget", valence="barrier", memo=memo)
    small.code("dua", "Hujan terus dari pagi.", "resources.staff")
    small.code_with(CueCoder())
    plain = small.codings(status=None)
    monkeypatch.setattr(bulk, "_FEW", 0)
    pd.testing.assert_frame_equal(small.codings(status=None), plain)
    assert memo in set(plain["memo"])
    assert small.codings(status="rejected").empty


def test_the_fast_way_is_taken(small: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nothing stands against it, the columns are read whole."""
    small.code("satu", "Dananya tidak ada.", "resources.budget")
    monkeypatch.setattr(bulk, "_FEW", 0)
    monkeypatch.setattr(bulk, "_row_by_row", lambda *_: pytest.fail("read row by row"))
    assert len(small.codings()) == 1
