"""CSV files, read back with the standard library."""

from __future__ import annotations

import csv
from pathlib import Path

import pandas as pd
import pytest

from bantar_qual import table
from bantar_qual.tables.csv import FORMULA, write_csv


def read(path: Path) -> list[list[str]]:
    """Read a CSV file as any other program would."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def test_golden(ranked: pd.DataFrame, tmp_path: Path) -> None:
    """The whole file, byte for byte: labels in the language, shares as fractions."""
    path = table(ranked[["barrier", "barrier_cases", "barrier_share"]]).save(tmp_path / "t.csv")
    assert path.read_bytes().decode("utf-8") == (
        "\ufeffVariabel,Indikator,Hambatan,Informan (hambatan),Proporsi informan (hambatan)\r\n"
        "Sumber daya,Anggaran,3,2,0.5\r\n"
        "Sumber daya,Sumber daya (tidak dirinci),1,1,0.25\r\n"
        "Sumber daya,Staf,1,1,0.25\r\n"
        "Sumber daya,Fasilitas,0,0,0.0\r\n"
        "Komunikasi,Kejelasan,0,0,0.0\r\n"
    )


def test_shares_lose_nothing(tmp_path: Path) -> None:
    """A share reads back as exactly the number that the statistic gave."""
    frame = pd.DataFrame({"share": [1 / 3, 2 / 7]})
    rows = read(table(frame).save(tmp_path / "t.csv"))
    assert [float(row[0]) for row in rows[1:]] == [1 / 3, 2 / 7]


def test_no_cell_is_a_formula(hostile: pd.DataFrame, ranked: pd.DataFrame, tmp_path: Path) -> None:
    """No text in any cell begins with a character that makes a spreadsheet calculate."""
    frame = ranked.assign(**{"=cmd|x": "=2+3"})
    table(frame).quote(hostile).save(tmp_path / "t.csv")
    for name in ("t.csv", "t-quotes.csv"):
        for row in read(tmp_path / name):
            assert not [cell for cell in row if cell.startswith(FORMULA)]


@pytest.mark.parametrize("trigger", FORMULA)
def test_each_trigger(trigger: str, tmp_path: Path) -> None:
    """Each trigger is neutralised by an apostrophe, and left as it is where that is asked for."""
    made = table(pd.DataFrame({"note": [f"{trigger}1+1"]}))
    write_csv(made, tmp_path / "on.csv")
    write_csv(made, tmp_path / "off.csv", guard=False)
    assert read(tmp_path / "on.csv")[1] == [f"'{trigger}1+1"]
    assert read(tmp_path / "off.csv")[1] == [f"{trigger}1+1"]


def test_negative_numbers_stay_numbers(tmp_path: Path) -> None:
    """A number below zero is no formula."""
    assert read(table(pd.DataFrame({"x": [-1, -2]})).save(tmp_path / "t.csv"))[1:] == [
        ["-1"],
        ["-2"],
    ]


def test_every_word_comes_back(hostile: pd.DataFrame, ranked: pd.DataFrame, tmp_path: Path) -> None:
    """Quotes come back word for word, apart from the guard and from broken code points."""
    table(ranked).quote(hostile).save(tmp_path / "t.csv")
    rows = read(tmp_path / "t-quotes.csv")
    place = rows[0].index("Kutipan")
    for row, text in zip(rows[1:], hostile["quote"], strict=True):
        guarded = f"'{text}" if text.startswith(FORMULA) else text
        assert row[place] == guarded.replace("\ud83d", "?")


def test_quotes_can_be_followed(quotes: pd.DataFrame, ranked: pd.DataFrame, tmp_path: Path) -> None:
    """The quotes' file has the coding's id and its position in the text."""
    table(ranked).quote(quotes).save(tmp_path / "t.csv")
    rows = read(tmp_path / "t-quotes.csv")
    found = [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]
    places = {int(row["Koding"]): (int(row["Awal"]), int(row["Akhir"])) for row in found}
    assert places == {i: (r["start"], r["end"]) for i, r in quotes.iterrows()}
