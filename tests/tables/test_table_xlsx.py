"""Workbooks, read back with python-calamine, and their XML with lxml."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import pandas as pd
import pytest
from lxml import etree
from python_calamine import CalamineWorkbook

from bantar_qual import table
from bantar_qual.errors import FrameError
from bantar_qual.tables import xlsx
from bantar_qual.tables.quotes import legible

MAIN = {"m": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}


def read(path: Path) -> dict[str, list[list[object]]]:
    """Read every sheet of a workbook."""
    book = CalamineWorkbook.from_path(str(path))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def sheet_xml(path: Path, number: int) -> etree._Element:
    """Return the XML of a sheet."""
    with zipfile.ZipFile(path) as archive:
        return etree.fromstring(archive.read(f"xl/worksheets/sheet{number}.xml"))


@pytest.fixture
def saved(ranked: pd.DataFrame, quotes: pd.DataFrame, tmp_path: Path) -> Path:
    """Save a table with quotes and notes."""
    made = table(ranked, title="Hambatan", number="4.3").sourced("wawancara").note("Satu.")
    return made.quote(quotes).save(tmp_path / "t.xlsx")


def test_sheets(saved: Path) -> None:
    """The sheets have names in the table's language, and hold table, quotes and notes."""
    sheets = read(saved)
    assert list(sheets) == ["Tabel", "Kutipan", "Catatan"]
    assert sheets["Tabel"][0][:3] == ["Variabel", "Indikator", "Hambatan"]
    assert sheets["Tabel"][1][:3] == ["Sumber daya", "Anggaran", 3.0]
    assert [row[0] for row in sheets["Catatan"]] == [
        "Tabel 4.3 Hambatan", "Sumber: wawancara", "Catatan: Satu.",
    ]  # fmt: skip


def test_numbers_stay_numbers(saved: Path, ranked: pd.DataFrame) -> None:
    """Every number of the frame is a number of the workbook, to the last digit."""
    rows = read(saved)["Tabel"][1:]
    for row, values in zip(rows, ranked.to_numpy().tolist(), strict=True):
        assert row[2:] == values


def test_shares_are_shown_as_percent(saved: Path) -> None:
    """A share is a fraction that the workbook shows as a percentage."""
    with zipfile.ZipFile(saved) as archive:
        styles = etree.fromstring(archive.read("xl/styles.xml"))
    codes = {f.get("numFmtId"): f.get("formatCode") for f in styles.iterfind(".//m:numFmt", MAIN)}
    used = [codes.get(xf.get("numFmtId")) for xf in styles.iterfind("m:cellXfs/m:xf", MAIN)]
    cell = sheet_xml(saved, 1).xpath("//m:row[2]/m:c", namespaces=MAIN)[9]
    assert used[int(cell.get("s"))] == "0.0%"


def test_header_stays_and_filters(saved: Path) -> None:
    """The header stays in view and filters every column."""
    for number in (1, 2):
        root = sheet_xml(saved, number)
        assert root.find(".//m:pane", MAIN).get("state") == "frozen"
        assert root.find(".//m:autoFilter", MAIN).get("ref").startswith("A1:")


def test_labels_lead_to_their_quotes(saved: Path) -> None:
    """Each linked label leads to the first quote of its code; every quoted code is linked."""
    sheets = read(saved)
    links = sheet_xml(saved, 1).findall(".//m:hyperlink", MAIN)
    linked = set()
    for link in links:
        row, place = int(re.sub(r"\D", "", link.get("ref"))), link.get("location")
        target = int(re.search(r"\d+$", place)[0])  # type: ignore[index]
        label = sheets["Tabel"][row - 1][1]
        quoted = [line[2] for line in sheets["Kutipan"]]
        assert place.startswith("'Kutipan'!A")
        assert quoted.index(label) == target - 1
        linked.add(label)
    assert linked == {line[2] for line in sheets["Kutipan"][1:]}


def test_texts_are_texts(hostile: pd.DataFrame, ranked: pd.DataFrame, tmp_path: Path) -> None:
    """No hostile text becomes a formula or a link, and every one comes back whole."""
    path = table(ranked).quote(hostile).save(tmp_path / "t.xlsx")
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            data = archive.read(name)
            if name.startswith("xl/worksheets/sheet"):
                root = etree.fromstring(data)
                assert root.find(".//m:f", MAIN) is None
            assert b"example.org" not in data or name == "xl/sharedStrings.xml"
    rows = read(path)["Kutipan"]
    words, ident = rows[0].index("Kutipan"), rows[0].index("Koding")
    found: dict[object, str] = {}
    for row in rows[1:]:
        found[row[ident]] = found.get(row[ident], "") + str(row[words])
    for coding, text in hostile["quote"].items():
        whole = legible(text).replace("\r", "")
        assert found[float(coding)].replace("_x000D_", "").replace("\r", "") == whole


def test_long_texts_go_on_below(
    hostile: pd.DataFrame, ranked: pd.DataFrame, tmp_path: Path
) -> None:
    """A text too long for a cell goes on in the rows below, which say which part they are."""
    path = table(ranked).quote(hostile).save(tmp_path / "t.xlsx")
    rows = read(path)["Kutipan"]
    assert rows[0][-1] == "Bagian"
    parts = [row[-1] for row in rows[1:] if row[-1]]
    assert parts == ["1/2", "2/2"] * 2
    for row in rows:
        assert all(len(str(c).encode("utf-16-le")) // 2 <= xlsx.CELL for c in row)


@pytest.mark.parametrize("text", ["", "a", "🙂" * 5, "a" * 7, "a🙂" * 9, "\n" * 11])
def test_pieces(text: str) -> None:
    """Pieces joined are the text, and none is longer than a cell in UTF-16 units."""
    cut = xlsx.pieces(text, 4)
    assert "".join(cut) == text
    assert all(len(piece.encode("utf-16-le")) <= 8 for piece in cut)


def test_names_of_sheets(tmp_path: Path) -> None:
    """A name that a sheet cannot have is made to fit, and no two sheets share one."""
    book = xlsx.Book(tmp_path / "t.xlsx")
    for name in ("a/b[c]:*?\\'d", "x" * 60, "x" * 60, "", "Tabel", "TABEL"):
        book.sheet(name)
    book.close()
    names = list(read(tmp_path / "t.xlsx"))
    assert names == ["a-b-c------d", "x" * 28, "x" * 28 + " 2", "-", "Tabel", "TABEL 2"]


def test_more_rows_than_a_sheet(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A table longer than a sheet is refused with advice, instead of losing its end."""
    monkeypatch.setattr(xlsx, "ROWS", 3)
    with pytest.raises(FrameError, match=r"\.csv"):
        table(pd.DataFrame({"x": range(4)})).save(tmp_path / "t.xlsx")
    assert not list(tmp_path.iterdir())


def test_no_person_is_named(saved: Path) -> None:
    """The workbook's properties name no author."""
    with zipfile.ZipFile(saved) as archive:
        core = archive.read("docProps/core.xml").decode()
    assert re.search(r"<dc:creator>\s*</dc:creator>|<dc:creator/>", core) or "creator" not in core
    assert "Hambatan" in core
