"""Cases: told by tables, typed by their values, a speaker or a whole document."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd
import pytest
import xlsxwriter

from bantar_qual import Project, stats
from bantar_qual.errors import UnknownCase, UnknownSpeaker, UnreadableDocument

FOCUS = """Peneliti: Apa kabar gotong royong?
Bu Ani: Dananya tidak ada.
Pak Budi: Pegawainya cuma dua.
Bu Ani: Anggaran lancar kalau ditagih.
"""


@pytest.fixture
def focus(fresh: Project, tmp_path: Path) -> Project:
    """Make a study with a focus group and an interview."""
    (tmp_path / "fgd.txt").write_text(FOCUS, encoding="utf-8")
    (tmp_path / "ani.txt").write_text("Peneliti: Lagi?\nBu Ani: Dananya kurang.", encoding="utf-8")
    fresh.import_documents(tmp_path / "fgd.txt")
    fresh.import_documents(tmp_path / "ani.txt")
    return fresh


def test_typed_attributes(small: Project) -> None:
    """Numbers and dates are such; an RT with a leading zero stays a name."""
    table = pd.DataFrame(
        {
            "case": ["A", "B"],
            "age": ["61", "44,5"],
            "rt": ["07", "12"],
            "since": ["2019-03-01", "2018-01-31"],
        }
    )
    cases = small.describe_cases(table)
    cases = cases.loc[["A", "B"]]
    assert cases["age"].tolist() == [61.0, 44.5]
    assert cases["rt"].tolist() == ["07", "12"]
    assert cases["since"].dt.date.tolist() == [date(2019, 3, 1), date(2018, 1, 31)]
    small.code("satu", "Dananya tidak ada.", "resources.budget")
    assert small.codings()[["age", "rt"]].astype(str).to_numpy().tolist() == [["61.0", "07"]]


def test_a_wrong_guess_is_corrected(small: Project) -> None:
    """What the researcher says an attribute holds wins over the guess, also later."""
    table = pd.DataFrame({"case": ["A", "B"], "rt": ["7", "12"]})
    assert sorted(small.describe_cases(table)["rt"]) == [7.0, 12.0]
    small.describe_cases(table, kinds={"rt": "text"})
    assert sorted(Project.open(small.path).cases()["rt"]) == ["12", "7"]


def test_excel(small: Project, tmp_path: Path) -> None:
    """An Excel table is read as it looks: 7 is no 7.0, a day is a day."""
    book = xlsxwriter.Workbook(tmp_path / "i.xlsx")
    sheet = book.add_worksheet()
    for row, cells in enumerate(
        [["kode", "umur", "hari", "jabatan"], ["A", 61, date(2019, 3, 1), "Lurah"]]
    ):
        for column, cell in enumerate(cells):
            sheet.write(
                row,
                column,
                cell,
                book.add_format({"num_format": "yyyy-mm-dd"}) if isinstance(cell, date) else None,
            )
    book.close()
    cases = small.describe_cases(tmp_path / "i.xlsx")
    assert cases.loc["A", "umur"] == 61
    assert str(cases.loc["A", "hari"])[:10] == "2019-03-01"
    assert cases.loc["A", "jabatan"] == "Lurah"


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("t.csv", b"", "empty"),
        ("t.csv", b"case,role,role\nA,x,y\n", "two columns"),
        ("t.csv", "kode;jabatan\nA;k\xe9pala\n".encode("cp1252"), "UTF-8"),
        ("t.xlsx", b"no workbook", "Excel"),
    ],
)
def test_wrong_tables(small: Project, tmp_path: Path, name: str, content: bytes, said: str) -> None:
    """A table that cannot be read is refused in one sentence."""
    (tmp_path / name).write_bytes(content)
    with pytest.raises(UnreadableDocument, match=said):
        small.describe_cases(tmp_path / name)


def test_a_case_may_be_a_speaker_across_documents(focus: Project) -> None:
    """Who speaks in two documents is one informant, and each in a focus group is another."""
    table = pd.DataFrame(
        {
            "case": ["ANI", "BUDI", "ANI"],
            "document": ["fgd", "fgd", "ani"],
            "speaker": ["Bu Ani", "Pak Budi", ""],
            "role": ["PKK", "RT", "PKK"],
        }
    )
    focus.describe_cases(table)
    focus.code("fgd", "Dananya tidak ada.", "resources.budget", valence="barrier")
    focus.code("fgd", "Pegawainya cuma dua.", "resources.staff", valence="barrier")
    focus.code("ani", "Dananya kurang.", "resources.budget", valence="barrier")
    frame = focus.codings()
    assert sorted(frame["case"].astype(str)) == ["ANI", "ANI", "BUDI"]
    assert sorted(focus.cases().index) == ["ANI", "BUDI", "fgd"]
    counted = stats.barriers(frame)
    assert counted.loc[
        "resources.budget", ["barrier", "barrier_cases", "barrier_documents"]
    ].tolist() == [2, 1, 2]
    focus.undo()
    focus.undo()
    focus.undo()
    focus.undo()
    assert sorted(focus.cases().index) == ["ani", "fgd"]


def test_assign_case(focus: Project) -> None:
    """One speaker is given a case by hand; somebody who does not speak there is told."""
    focus.assign_case("BUDI", document="fgd", speaker="Pak Budi")
    assert "BUDI" in focus.cases().index
    with pytest.raises(UnknownSpeaker, match="Did you mean 'Pak Budi'"):
        focus.assign_case("X", document="fgd", speaker="Pak Budy")
    with pytest.raises(UnknownCase, match="'Z'"):
        focus.describe_cases(pd.DataFrame({"case": ["Z"], "role": ["x"]}))
