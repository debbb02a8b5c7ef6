"""Surveys: a row a case, its open answers as documents, its other columns as attributes."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bantar_qual import Project
from bantar_qual.errors import UnreadableDocument
from bantar_qual.importers.reading import read_documents
from bantar_qual.importers.table import open_table

HEAD = ["Responden", "Usia", "Sikap", "Apa kendala program ini?", "Apa saran Anda?"]
ROWS = [
    ["R1", 34, "Setuju dengan semua bagian program", "Dananya tidak ada sama sekali,\nwarga: diam saja.", "Tambah dana untuk RT kami"],
    ["R2", 45, "Setuju dengan semua bagian program", "Warga sibuk bekerja setiap hari.", ""],
    ["R3", 51, "Tidak setuju dengan program ini", "Kami tidak pernah diberi tahu.", "Undang warga ke setiap rapat"],
]  # fmt: skip


@pytest.fixture(params=["xlsx", "csv", "csv; semicolons, Windows"])
def survey(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """Write the survey as Excel, as CSV, and as the CSV of an Indonesian Excel."""
    if request.param == "xlsx":
        path = tmp_path / "survei.xlsx"
        with xlsxwriter.Workbook(path) as book:
            sheet = book.add_worksheet()
            for number, row in enumerate([HEAD, *ROWS]):
                sheet.write_row(number, 0, row)
        return path
    path = tmp_path / "survei.csv"
    divider = ";" if "semicolons" in request.param else ","
    lines = [divider.join(f'"{cell}"' for cell in row) for row in [HEAD, *ROWS]]
    encoding = "cp1252" if "Windows" in request.param else "utf-8-sig"
    path.write_bytes("\r\n".join(lines).encode(encoding))
    return path


def test_survey(survey: Path) -> None:
    """Each open answer is a document of its case; a colon in it names no speaker."""
    found = read_documents(survey, language="id")
    assert [(d.case, d.attributes["question"], d.text) for d in found] == [
        ("R1", HEAD[3], ROWS[0][3]),
        ("R1", HEAD[4], ROWS[0][4]),
        ("R2", HEAD[3], ROWS[1][3]),
        ("R3", HEAD[3], ROWS[2][3]),
        ("R3", HEAD[4], ROWS[2][4]),
    ]
    assert all(len(d.turns) == 1 and not d.turns[0].speaker for d in found)
    assert "Apa kendala" in found[0].notes[0]


def test_survey_in_a_study(survey: Path, fresh: Project) -> None:
    """The other columns describe the cases; one undo takes all back; a second import adds nothing."""
    report = fresh.import_documents(survey)
    assert (report["state"] == "new").all()
    cases = fresh.cases()
    assert cases.loc["R3", ["Usia", "Sikap"]].tolist() == [51, "Tidak setuju dengan program ini"]
    assert set(fresh.documents()["question"]) == set(HEAD[3:])
    assert (fresh.import_documents(survey)["state"] == "unchanged").all()
    fresh.undo()
    assert fresh.documents().empty
    assert fresh.cases().empty


def test_same_answers_of_two_people(tmp_path: Path, fresh: Project) -> None:
    """Two people may say the same: both answers come in."""
    path = tmp_path / "a.csv"
    rows = ["id,alasan", *(f"{n},{said}" for n, said in enumerate(
        ["Dananya memang tidak pernah ada", "Dananya memang tidak pernah ada", "Warga sibuk sekali setiap hari", "Ketua RT belum pernah bilang"], 1
    ))]  # fmt: skip
    path.write_text("\n".join(rows), encoding="utf-8")
    report = fresh.import_documents(path)
    assert report["state"].tolist() == ["new"] * 4


def test_the_same_survey_in_another_format(survey: Path, fresh: Project) -> None:
    """The answers of one survey come in once, though it lies there as CSV and as a workbook."""
    other = survey.with_name("sama.xlsx")
    open_table(survey)[0].to_excel(other, index=False)
    first, again = fresh.import_documents(survey), fresh.import_documents(other)
    assert set(first["state"]) == {"new"}
    assert set(again["state"]) == {"twin"}
    assert len(again) == len(first)


def test_a_folder_passes_over_tables(survey: Path, fresh: Project) -> None:
    """In a folder a table is the table of informants; it comes in only if it is named itself."""
    assert fresh.import_documents(survey.parent).empty


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (["kode,rt", "A,07", "B,08"], "describe_cases"),
        (["kode,rt"], "describe_cases"),
        ([""], "empty"),
        (['a,"b'], "cannot be read as a table"),
    ],
)
def test_tables_that_are_no_survey(tmp_path: Path, rows: list[str], said: str) -> None:
    """A table without open answers is refused, and told where it belongs."""
    (tmp_path / "a.csv").write_text("\n".join(rows), encoding="utf-8")
    with pytest.raises(UnreadableDocument, match=said) as caught:
        read_documents(tmp_path / "a.csv")
    assert "\n" not in str(caught.value)


def test_columns_of_one_name(tmp_path: Path) -> None:
    """A form that asks for a comment twice has two columns of one name: both are kept."""
    (tmp_path / "a.csv").write_text(
        "id,Komentar,Komentar\n1,satu dua tiga empat,lima enam tujuh delapan\n", encoding="utf-8"
    )
    found = read_documents(tmp_path / "a.csv")
    assert [d.attributes["question"] for d in found] == ["Komentar", "Komentar (2)"]


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.binary(max_size=300), st.sampled_from(["csv", "tsv", "xlsx", "xls", "ods", "xlsm"]))
def test_fuzz(tmp_path: Path, data: bytes, suffix: str) -> None:
    """Whatever bytes a table has: documents, or one sentence."""
    for head in (b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        (tmp_path / f"a.{suffix}").write_bytes(head + data)
        try:
            read_documents(tmp_path / f"a.{suffix}", language="id")
        except UnreadableDocument as error:
            assert "\n" not in str(error)  # noqa: PT017 - most files are read


def test_a_bomb_is_refused(tmp_path: Path) -> None:
    """A workbook that unpacks to an unreasonable size is refused before it is unpacked."""
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("xl/workbook.xml", "<workbook/>")
        package.writestr("xl/worksheets/sheet1.xml", b" " * 70_000_000)
    with pytest.raises(UnreadableDocument, match="unreasonable size"):
        read_documents(path)
