"""The table as a value: its grid, its words, and what saving promises."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from bantar_qual import Table, frames, table
from bantar_qual.errors import FrameError, LanguageError, ProjectError, UnknownPart
from bantar_qual.languages import language
from bantar_qual.stats import barriers, frequency
from bantar_qual.tables import grid as grids
from bantar_qual.tables import writers


def headers(made: Table, *, whole: bool = True) -> list[str]:
    """Return the headers of a table."""
    return [column.header for column in made.grid(whole=whole).columns]


def test_codes_stand_in_two_columns(ranked: pd.DataFrame) -> None:
    """Below the first level a row names its variable and its indicator, in every row."""
    grid = table(ranked).grid()
    assert headers(table(ranked))[:2] == ["Variabel", "Indikator"]
    assert [row[:2] for row in grid.rows] == [
        ("Sumber daya", "Anggaran"),
        ("Sumber daya", "Sumber daya (tidak dirinci)"),
        ("Sumber daya", "Staf"),
        ("Sumber daya", "Fasilitas"),
        ("Komunikasi", "Kejelasan"),
    ]
    assert grid.codes[0] == "resources.budget"


def test_first_level_stands_in_one_column(broad: pd.DataFrame) -> None:
    """At the first level there is one column of codes."""
    made = table(frequency(broad))
    assert headers(made)[:2] == ["Variabel", "Koding"]
    assert [row[0] for row in made.grid().rows] == ["Sumber daya", "Komunikasi"]


def test_absence_is_shown(ranked: pd.DataFrame) -> None:
    """A code that nobody raised is a row of zeros, on paper too."""
    for whole in (True, False):
        grid = table(ranked).grid(whole=whole)
        row = next(r for r, c in zip(grid.rows, grid.codes, strict=True) if c == "resources.unused")
        assert all(value in (0, (0, 0.0)) for value in row[2:])


def test_language_of_the_table(ranked: pd.DataFrame) -> None:
    """Headers and labels are in the language asked for, else in the study's."""
    assert headers(table(ranked))[2] == "Hambatan"
    assert headers(table(ranked, language="en"))[:3] == ["Variable", "Indicator", "Barrier"]
    assert table(ranked, language="en").grid().rows[1][1] == "Resources (unspecified)"
    assert table(ranked, number="4.3", title="Kendala").heading == "Tabel 4.3 Kendala"
    assert table(ranked, title="Constraints", language="en").heading == "Constraints"
    with pytest.raises(LanguageError):
        table(ranked, language="xx")


def test_numbers_keep_their_kind(ranked: pd.DataFrame) -> None:
    """Counts are int, shares are float between 0 and 1, whatever the statistic held them in."""
    floats = ranked.astype(float)
    frames.inherit(floats, ranked)
    for grid in (table(ranked).grid(), table(floats).grid()):
        for column, values in zip(grid.columns, zip(*grid.rows, strict=True), strict=True):
            kind = {"int": int, "share": float, "text": str}[column.kind]
            assert all(type(value) is kind for value in values)
        assert [c.kind for c in grid.columns if c.key.endswith("_share")] == ["share", "share"]


def test_page_has_room_for_the_usual(ranked: pd.DataFrame) -> None:
    """On a page people and their share stand together; the workbook has every column."""
    assert headers(table(ranked), whole=False) == [
        "Variabel", "Indikator", "Hambatan", "Pendukung", "Campuran", "Netral", "Belum dinilai",
        "Informan (hambatan), n\xa0(%)", "Informan (pendukung), n\xa0(%)",
    ]  # fmt: skip
    assert len(headers(table(ranked))) == 2 + len(ranked.columns)


@pytest.mark.parametrize(
    ("value", "kind", "id_", "en"),
    [
        (1234, "int", "1.234", "1,234"),
        (0.125, "share", "12,5%", "12.5%"),
        (1.0, "share", "100,0%", "100.0%"),
        (0.6667, "number", "0,67", "0.67"),
        ((5, 1 / 3), "people", "5 (33,3%)", "5 (33.3%)"),
        ((0, 0.0), "people", "0", "0"),
        ((2, None), "people", "2", "2"),
        (None, "int", "–", "–"),
        (None, "text", "", ""),
    ],
)
def test_notation(value: object, kind: grids.Kind, id_: str, en: str) -> None:
    """Numbers are written as the language writes them."""
    assert grids.shown(value, kind, language("id")) == id_
    assert grids.shown(value, kind, language("en")) == en


def test_groups_stand_beside_codes(codings: pd.DataFrame) -> None:
    """A compared frame has a row for each code and group, and shows each code once a run."""
    made = table(barriers(codings, by="role"))
    grid = made.grid()
    assert headers(made)[:3] == ["Variabel", "Indikator", "Jabatan"]
    assert {row[2] for row in grid.rows} == {"Lurah", "Warga", "Kader"}
    assert [grid.continues(i, 1) for i in range(6)] == [False, True, True] * 2


def test_any_frame_can_be_a_table() -> None:
    """A frame by other hands shows its index, if it has one, and its columns as they are."""
    frame = pd.DataFrame(
        {
            "kind": ["interview", None],
            "source": ["a.txt", "b"],
            "ok": [True, False],
            "x": [1.5, None],
        },
        index=pd.Index(["a", "b"], name="document"),
    )
    grid = table(frame, language="id").grid()
    assert [c.header for c in grid.columns] == ["Dokumen", "Jenis", "Berkas asal", "ok", "x"]
    assert grid.rows == (("a", "Wawancara", "a.txt", "Ya", 1.5), ("b", None, "b", "Tidak", None))
    assert table(frame.reset_index(drop=True), language="id").grid().columns[0].key == "kind"
    assert table(pd.DataFrame()).grid().rows == ()


def test_columns_named_like_the_index() -> None:
    """An index and a column of one name, and columns of one name, are all shown."""
    frame = pd.DataFrame([[1, 2, 3]], columns=["a", "a", "b"], index=pd.Index(["x"], name="a"))
    assert table(frame).grid().rows == (("x", 1, 2, 3),)


def test_columns_that_are_codes_are_labelled(codings: pd.DataFrame) -> None:
    """A matrix of codes by codes is labelled on both sides."""
    square = pd.DataFrame(1, index=codings["code"].cat.categories, columns=["resources.budget"])
    square.index.name = "code"
    made = table(frames.inherit(square, codings))
    assert headers(made) == ["Variabel", "Indikator", "Anggaran"]


def test_a_table_is_a_value(ranked: pd.DataFrame, quotes: pd.DataFrame) -> None:
    """Every method returns a new table and leaves the old one as it was."""
    first = table(ranked, title="T")
    last = first.note("satu").note("dua").sourced("wawancara, 2019").quote(quotes)
    assert (first.notes, first.source, first.quotes) == ((), "", None)
    assert last.note_lines == ("Catatan: satu", "dua")
    assert last.source_line == "Sumber: wawancara, 2019"
    assert (
        first.sourced("Sumber: hasil olahan peneliti.").source_line
        == "Sumber: hasil olahan peneliti."
    )
    assert last.quotes is quotes


def test_only_quotes_can_be_quotes(ranked: pd.DataFrame) -> None:
    """Another frame than that of quotes is refused, and so is what is no frame."""
    with pytest.raises(FrameError, match=r"project\.quotes"):
        table(ranked).quote(ranked)
    with pytest.raises(FrameError, match="not list"):
        table([1, 2])  # type: ignore[arg-type]


def test_unknown_format(ranked: pd.DataFrame, tmp_path: Path) -> None:
    """An unknown suffix is told with the nearest known ones, and nothing is written."""
    with pytest.raises(UnknownPart, match=r"no table format '\.doc'.*'\.docx'"):
        table(ranked).save(tmp_path / "t.doc")
    assert not list(tmp_path.iterdir())
    assert list(writers) == [".csv", ".docx", ".html", ".xlsx"]


@pytest.mark.parametrize("suffix", [".csv", ".docx", ".html", ".xlsx"])
def test_saving(suffix: str, ranked: pd.DataFrame, quotes: pd.DataFrame, tmp_path: Path) -> None:
    """Saving makes folders, takes capitals, leaves no other file, and returns the path."""
    path = tmp_path / "a" / "b" / f"t{suffix.upper()}"
    assert table(ranked).quote(quotes).save(path) == path
    expected = {path.name, "t-quotes.csv"} if suffix == ".csv" else {path.name}
    assert {file.name for file in path.parent.iterdir()} == expected


@pytest.mark.parametrize("suffix", [".csv", ".docx", ".html", ".xlsx"])
def test_failure_keeps_the_old_file(
    suffix: str, ranked: pd.DataFrame, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A save that fails at the last step leaves the old file and nothing beside it."""
    path = tmp_path / f"t{suffix}"
    path.write_bytes(b"old")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(ProjectError, match="disk is full"):
        table(ranked).save(path)
    assert path.read_bytes() == b"old"
    assert [file.name for file in tmp_path.iterdir()] == [path.name]


@pytest.mark.parametrize("suffix", [".csv", ".docx", ".html", ".xlsx"])
def test_nothing_to_show(suffix: str, ranked: pd.DataFrame, tmp_path: Path) -> None:
    """A table without rows, or without columns, is still a file."""
    assert table(ranked.head(0)).save(tmp_path / f"rows{suffix}").stat().st_size
    assert table(pd.DataFrame()).save(tmp_path / f"none{suffix}").stat().st_size


def test_notebook_shows_numbers_and_no_quotes(ranked: pd.DataFrame, quotes: pd.DataFrame) -> None:
    """In a notebook the table is shown without transcripts, which would travel with the file."""
    shown = table(ranked, title="<b>T</b>").quote(quotes)._repr_html_()
    assert "&lt;b&gt;T" in shown
    assert "Anggaran" in shown
    assert "Kata ke-1" not in shown
    assert "<script" not in shown
    assert "href" not in shown
