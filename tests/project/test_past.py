"""The past of a study: codings, cases, codebook and texts as of a date belong together."""

from __future__ import annotations

import sqlite3

import pandas as pd
import pytest

from bantar_qual import Project
from bantar_qual.errors import CodingError, FrameError


def backdate(project: Project, day: str) -> None:
    """Let everything that was done so far be done on a day, in the morning."""
    with sqlite3.connect(project.path) as file:
        file.execute(
            "UPDATE act SET time = ? WHERE time > '2026-06'", (f"{day}T09:00:00.000+00:00",)
        )


@pytest.fixture
def aged(small: Project) -> Project:
    """Code and describe on 1 March; then correct the transcript and the cases, and code anew."""
    small.describe_cases(pd.DataFrame({"case": ["A", "B"], "role": ["Lurah", "Warga"]}))
    small.code("satu", "Dananya tidak ada.", "resources.budget", valence="barrier")
    small.code("satu", "Pegawainya cuma dua.", "resources.staff")
    backdate(small, "2026-03-01")
    old = small.document("satu").text
    small.revise(
        "satu", old.replace("Dananya tidak ada.", "Ya betul sekali. Dananya tidak ada, Bu.")
    )
    small.settle(small.unsettled())
    small.describe_cases(pd.DataFrame({"case": ["A"], "role": ["Mantan lurah"], "age": [61]}))
    return small


def test_quotes_are_those_of_the_date(aged: Project) -> None:
    """Codings as of a date are quoted from the text of that date, and today's from today's."""
    then = aged.quotes(aged.codings(at="2026-03-01"))
    assert then["quote"].tolist() == ["Dananya tidak ada.", "Pegawainya cuma dua."]
    now = aged.quotes(aged.codings())
    assert now["quote"].tolist()[1] == "Pegawainya cuma dua."
    assert now["quote"].tolist()[0].startswith("Dananya tidak ada")
    assert now["start"].tolist() != then["start"].tolist()
    text = aged.document("satu").text
    assert now["quote"].tolist() == [
        text[a:b] for a, b in zip(now["start"], now["end"], strict=True)
    ]


def test_a_frame_keeps_its_texts(small: Project) -> None:
    """A frame made before a correction never quotes the corrected text at the old places."""
    small.code("satu", "Pegawainya cuma dua.", "resources.staff")
    frame = small.codings()
    text = small.document("satu").text
    small.revise("satu", text.replace("Dananya tidak ada.", "Ya betul sekali. Dananya tidak ada."))
    assert small.quotes(frame)["quote"].tolist() == ["Pegawainya cuma dua."]
    assert small.passages(frame)["quote"].tolist() == ["Pegawainya cuma dua."]
    assert small.quotes(small.codings())["quote"].tolist() == ["Pegawainya cuma dua."]
    part = frame[frame["code"] == "resources.staff"].head(1)
    assert small.quotes(part)["quote"].tolist() == ["Pegawainya cuma dua."]


def test_cases_are_those_of_the_date(aged: Project) -> None:
    """Attributes, and which of them exist, are those of the date, in frame, quote and cases."""
    then = aged.codings(at="2026-03-01")
    assert set(then["role"].astype(str)) == {"Lurah"}
    assert "age" not in then
    assert set(aged.codings()["role"].astype(str)) == {"Mantan lurah"}
    assert aged.cases(at="2026-03-01")["role"].to_dict() == {"A": "Lurah", "B": "Warga"}
    assert "Lurah" in aged.quotes(then)["attribution"].iloc[0]
    assert "Mantan lurah" in aged.quotes(aged.codings())["attribution"].iloc[0]
    assert set(aged.passages(then)["role"].astype(str)) == {"Lurah"}


def test_questions_to_the_past(aged: Project) -> None:
    """Retrieval asks the codes, the attributes and the words of the date."""
    assert len(aged.retrieve(at="2026-03-01", role="Lurah", text="dananya")) == 1
    assert aged.retrieve(text="Bu").empty is False
    assert aged.retrieve(at="2026-03-01", text=", Bu").empty
    aged.move_code("resources.budget", "resources.money")
    assert len(aged.retrieve(at="2026-03-01", code="resources.budget")) == 1
    assert len(aged.retrieve(code="resources.money")) == 1


def test_places_of_two_texts_are_not_compared(aged: Project) -> None:
    """Near refuses selections between which the transcript was corrected; others it takes."""
    then, now = aged.codings(at="2026-03-01"), aged.codings()
    with pytest.raises(FrameError, match="'satu' was corrected between"):
        aged.near(then, now, within=1)
    assert len(aged.near(then, then, within=3, unit="sentences")) == 2
    aged.rate(now, "barrier")
    assert len(aged.near(now, aged.codings(), within=2)) == 2


@pytest.mark.parametrize("at", ["2026-03-01", "2026-03-01T16:30+07:00", "2026-03-01T09:00"])
def test_a_moment_in_any_zone(aged: Project, at: str) -> None:
    """A date is its whole day in UTC; a moment may name its zone."""
    assert len(aged.codings(at=at)) == 2
    assert aged.codings(at="2026-03-01T15:30+07:00").empty
    assert aged.codings(at="2026-02-28").empty


def test_a_date_that_is_none(aged: Project) -> None:
    """What is no date, or lies before the study, is told in a sentence."""
    with pytest.raises(CodingError, match="'1 Maret' is no date"):
        aged.codings(at="1 Maret")
    with pytest.raises(CodingError, match="the study began on 2026-03-01"):
        aged.codebook_at("2026-02-28")
