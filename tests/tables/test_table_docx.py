"""Word files, read back with python-docx, and their XML with lxml."""

from __future__ import annotations

import zipfile
from pathlib import Path

import docx
import pandas as pd
import pytest
from docx.oxml.ns import qn
from lxml import etree

from bantar_qual import table
from bantar_qual.languages import language
from bantar_qual.stats import barriers
from bantar_qual.tables import widths, word
from bantar_qual.tables.quotes import legible


def xml(path: Path) -> etree._Element:
    """Return the XML of a document, past python-docx."""
    with zipfile.ZipFile(path) as archive:
        return etree.fromstring(archive.read("word/document.xml"))


@pytest.fixture
def saved(ranked: pd.DataFrame, quotes: pd.DataFrame, tmp_path: Path) -> Path:
    """Save a table with quotes, source and notes."""
    made = table(ranked, title="Hambatan implementasi", number="4.3")
    made = made.sourced("hasil olahan peneliti, 2019.").note("Satu.").quote(quotes)
    return made.save(tmp_path / "t.docx")


def test_golden(saved: Path) -> None:
    """The file's words from top to bottom: title, table, source, notes, quotes by code."""
    document = docx.Document(str(saved))
    lines = []
    for part in document.iter_inner_content():
        if isinstance(part, docx.table.Table):
            lines += [" | ".join(cell.text for cell in row.cells) for row in part.rows]
        else:
            lines.append(f"{part.style.name}: {part.text}")
    assert lines == [
        "Caption: Tabel 4.3 Hambatan implementasi",
        (
            "Variabel | Indikator | Hambatan | Pendukung | Campuran | Netral"
            " | Informan (hambatan), n\xa0(%) | Informan (pendukung), n\xa0(%)"
        ),
        "Sumber daya | Anggaran | 3 | 1 | 0 | 0 | 2 (50,0%) | 1 (25,0%)",
        "Sumber daya | Sumber daya (tidak dirinci) | 1 | 0 | 0 | 0 | 1 (25,0%) | 0",
        "Sumber daya | Staf | 1 | 0 | 0 | 0 | 1 (25,0%) | 0",
        "Sumber daya | Fasilitas | 0 | 0 | 0 | 0 | 0 | 0",
        "Komunikasi | Kejelasan | 0 | 1 | 1 | 0 | 0 | 1 (25,0%)",
        "Under table: Sumber: hasil olahan peneliti, 2019.",
        "Under table: Catatan: Satu.",
        "Under table: 1 koding belum diberi sifat dan tidak termasuk dalam tabel ini.",
        "Heading 2: Sumber daya › Anggaran: Hambatan",
        "Block quote: “Kata ke-1.” (talk-A, giliran 2)",
        "Block quote: “Kata ke-2.” (talk-A, giliran 2)",
        "Block quote: “Kata ke-3.” (talk-B, giliran 2)",
        "Heading 2: Sumber daya › Anggaran: Pendukung",
        "Block quote: “Kata ke-4.” (talk-B, giliran 2)",
        "Heading 2: Sumber daya: Hambatan",
        "Block quote: “Kata ke-9.” (talk-D, giliran 2)",
        "Heading 2: Sumber daya › Staf: Hambatan",
        "Block quote: “Kata ke-5.” (talk-C, giliran 2)",
        "Heading 2: Sumber daya › Staf",
        "Block quote: “Kata ke-6.” (talk-C, giliran 2)",
        "Heading 2: Komunikasi › Kejelasan: Pendukung",
        "Block quote: “Kata ke-7.” (talk-A, giliran 2)",
        "Heading 2: Komunikasi › Kejelasan: Campuran",
        "Block quote: “Kata ke-8.” (talk-None, giliran 2)",
    ]


def test_letters(saved: Path) -> None:
    """Text is Times New Roman 12, tables 10, headings too; no style keeps a theme's font."""
    styles = docx.Document(str(saved)).styles
    sizes = {"Normal": 12, "Table text": 10, "Under table": 10, "Block quote": 12, "Caption": 12}
    for name, size in sizes.items():
        assert (styles[name].font.name, styles[name].font.size.pt) == ("Times New Roman", size)
    for name in ("Title", "Heading 1", "Heading 2", "Heading 3", "Caption", "Normal"):
        fonts = styles[name].element.rPr.find(qn("w:rFonts"))
        assert not [key for key in fonts.attrib if "heme" in key]


def test_rows_on_pages(saved: Path) -> None:
    """The header comes again on every page, and no row is split between two."""
    rows = xml(saved).findall(f".//{qn('w:tr')}")
    properties = [[etree.QName(e).localname for e in row.find(qn("w:trPr"))] for row in rows]
    assert properties == [["cantSplit", "tblHeader"], *[["cantSplit"]] * 5]
    assert all(run.find(f".//{qn('w:b')}") is not None for run in rows[0].iter(qn("w:r")))


def test_variable_is_shown_once_a_run(saved: Path) -> None:
    """The variable's name is written once for the rows that follow each other."""
    first = [row.find(qn("w:tc")) for row in xml(saved).findall(f".//{qn('w:tr')}")[1:]]
    texts = ["".join(text.text for text in cell.iter(qn("w:t"))) for cell in first]
    assert texts == ["Sumber daya", "", "", "", "Komunikasi"]
    merged = [cell.find(f".//{qn('w:vMerge')}") for cell in first]
    assert [m is not None for m in merged] == [True] * 4 + [False]
    assert [m.get(qn("w:val")) for m in merged[:4]] == ["restart", None, None, None]


def test_no_word_is_cut(ranked: pd.DataFrame, codings: pd.DataFrame, tmp_path: Path) -> None:
    """Each column is as wide as its longest word; a table too wide lies on its side."""
    by = barriers(codings.assign(role="Kepala Seksi Kesejahteraan Masyarakat"), by="role")
    longer = by.rename(index={"Kepala Seksi Kesejahteraan Masyarakat": "x" * 14}, level=1)
    longer.attrs = by.attrs
    for name, frame in (
        ("a", ranked),
        ("b", by),
        ("c", longer.assign(pemberdayaan="pemberdayaan")),
    ):
        document = docx.Document(str(table(frame).save(tmp_path / f"{name}.docx")))
        made = document.tables[0]
        section = document.sections[0]
        room = section.page_width - section.left_margin - section.right_margin
        assert sum(column.width for column in made.columns) <= room + 20
        for column in made.columns:
            for cell in column.cells:
                for part in cell.text.replace("\xa0", "_").split(" "):
                    assert widths.measure(part, 9) <= column.width.pt - 9


def test_wide_tables_lie_on_their_side(tmp_path: Path) -> None:
    """Twelve columns of long words need a page on its side; two do not."""
    wide = pd.DataFrame([["pemberdayaan"] * 12], columns=[f"kolom{i}" for i in range(12)])
    for frame, lies in ((wide, True), (wide.iloc[:, :2], False)):
        path = table(frame).save(tmp_path / "t.docx")
        assert word.lies(docx.Document(str(path))) is lies


def test_a_wide_table_turns_its_page(tmp_path: Path) -> None:
    """Inside a document a wide table gets a page on its side, with the heading above it."""
    from bantar_qual.tables.docx import add_table

    document = word.new(language("id"))
    document.add_paragraph("Sebelum")
    word.heading(document, "Judul", level=1)
    add_table(document, table(pd.DataFrame([["pemberdayaan"] * 12])))
    document.add_paragraph("Sesudah")
    path = tmp_path / "t.docx"
    document.save(str(path))
    read = docx.Document(str(path))
    assert [s.page_width > s.page_height for s in read.sections] == [False, True, False]
    body = ["".join(text.text for text in e.iter(qn("w:t"))) for e in read.element.body]
    breaks = [
        i for i, e in enumerate(read.element.body) if e.find(".//" + qn("w:sectPr")) is not None
    ]
    assert breaks[0] < body.index("Judul") < breaks[1] < body.index("Sesudah")


def test_quotes_are_word_for_word(
    hostile: pd.DataFrame, ranked: pd.DataFrame, tmp_path: Path
) -> None:
    """Every hostile text stands in the file as it was, less what XML cannot hold."""
    path = table(ranked).quote(hostile).save(tmp_path / "t.docx")
    document = docx.Document(str(path))
    shown = [p.runs[0].text for p in document.paragraphs if p.style.name == "Block quote"]
    expected = [f"“{legible(text)}”".replace("\r", "\n") for text in hostile["quote"]]
    assert shown == expected


def test_right_to_left(hostile: pd.DataFrame, ranked: pd.DataFrame, tmp_path: Path) -> None:
    """A quote in Arabic runs from right to left, and only that one."""
    root = xml(table(ranked).quote(hostile).save(tmp_path / "t.docx"))
    turned = [p for p in root.iter(qn("w:p")) if p.find(f".//{qn('w:bidi')}") is not None]
    assert len(turned) == 1
    assert "مرحبا" in "".join(text.text for text in turned[0].iter(qn("w:t")))


def test_no_person_and_no_tool_is_named(saved: Path) -> None:
    """The properties name no author; the comments of the template are gone."""
    known = docx.Document(str(saved)).core_properties
    assert (known.author, known.comments, known.last_modified_by) == ("", "", "")
    assert known.title == "Tabel 4.3 Hambatan implementasi"
    with zipfile.ZipFile(saved) as archive:
        for name in archive.namelist():
            assert b"python-docx" not in archive.read(name), name


def test_spelling_is_checked_in_the_language(saved: Path) -> None:
    """The document's language is the table's."""
    with zipfile.ZipFile(saved) as archive:
        styles = etree.fromstring(archive.read("word/styles.xml"))
    assert styles.find(f".//{qn('w:docDefaults')}//{qn('w:lang')}").get(qn("w:val")) == "id-ID"


def test_properties_are_in_the_order_of_the_schema(saved: Path) -> None:
    """Table properties follow the schema's order, without which Word calls a file damaged."""
    order = [
        "tblStyle", "tblpPr", "tblOverlap", "bidiVisual", "tblStyleRowBandSize",
        "tblStyleColBandSize", "tblW", "jc", "tblCellSpacing", "tblInd", "tblBorders", "shd",
        "tblLayout", "tblCellMar", "tblLook",
    ]  # fmt: skip
    names = [etree.QName(e).localname for e in xml(saved).find(f".//{qn('w:tblPr')}")]
    assert {"tblBorders", "tblCellMar", "tblLayout"} <= set(names)
    assert names == sorted(names, key=order.index)
