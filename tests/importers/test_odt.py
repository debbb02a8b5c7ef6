"""OpenDocument texts: what LibreOffice shows is in, notes and comments are aside."""

from __future__ import annotations

from pathlib import Path

import pytest
from interview_files import odt

from bantar_qual.errors import UnreadableDocument
from bantar_qual.importers.odt import read_odt
from bantar_qual.importers.registry import Raw


def read(tmp_path: Path, body: str) -> Raw:
    """Read an OpenDocument text made of a body."""
    return read_odt(odt(tmp_path / "a.odt", body))


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("<text:p>a<text:s/><text:s text:c='2'/>b<text:tab/>c<text:line-break/>d</text:p>", "a   b\tc\nd"),
        ("<text:p>  satu\n   dua  <text:span>  tiga</text:span> </text:p><text:p/><text:p>b</text:p>", "satu dua tiga\n\nb"),
        (("<text:tracked-changes><text:changed-region><text:deletion><text:p>lama</text:p></text:deletion>"
         "</text:changed-region></text:tracked-changes><text:p>baru<text:change-start/></text:p>"), "baru"),
        ("<text:list><text:list-item><text:p>butir</text:p></text:list-item></text:list><text:h>judul</text:h>", "butir\njudul"),
        ("<text:p>a <text:a>taut</text:a>, hlm. <text:page-number>7</text:page-number>!</text:p>", "a taut, hlm. 7!"),
        ("<text:p>a<draw:frame><draw:text-box><text:p>kotak</text:p></draw:text-box></draw:frame>b</text:p><text:p>c</text:p>", "ab\nkotak\nc"),
        ("<draw:frame><draw:text-box><text:p>bebas</text:p></draw:text-box></draw:frame><text:p>c</text:p>", "bebas\nc"),
        ("<text:p>a<text:span text:style-name='H'>rahasia</text:span>b</text:p>", "ab"),
        ("<text:section text:display='none'><text:p>rahasia</text:p></text:section><text:p>b</text:p>", "b"),
        ("<text:p><text:ruby><text:ruby-base>dasar</text:ruby-base><text:ruby-text>rt</text:ruby-text></text:ruby></text:p>", "dasar"),
        (("<table:table><table:table-header-rows><table:table-row><table:table-cell><text:p>a</text:p><text:p>b</text:p></table:table-cell>"
         "<table:table-cell><text:p>c</text:p></table:table-cell><table:covered-table-cell/></table:table-row></table:table-header-rows></table:table>"
         "<text:p>z</text:p>"), "a b\tc\nz"),
    ],
)  # fmt: skip
def test_elements(tmp_path: Path, body: str, text: str) -> None:
    """Each element gives the letters that LibreOffice shows for it."""
    assert read(tmp_path, body).text == text


def test_asides(tmp_path: Path) -> None:
    """A comment is aside with its stretch and author, never in the paragraph; notes too."""
    comment = "<office:annotation{}><dc:creator>Nama Asli</dc:creator><dc:date>2019</dc:date><text:p>KOMENTAR</text:p></office:annotation>"
    body = (
        "<text:p>Dana "
        + comment.format(" office:name='k'")
        + "seret<office:annotation-end office:name='k'/> sekali"
        "<text:note text:note-class='endnote'><text:note-citation>i</text:note-citation><text:note-body>"
        "<text:p>akhir</text:p></text:note-body></text:note> kata"
        + comment.format("")
        + "</text:p>"
    )
    raw = read(tmp_path, body)
    assert raw.text == "Dana seret sekali kata"
    found = [(raw.text[a.start : a.end], a.kind, a.text, a.author) for a in raw.asides]
    assert found == [
        ("seret", "comment", "KOMENTAR", "Nama Asli"),
        ("sekali", "endnote", "akhir", ""),
        ("kata", "comment", "KOMENTAR", "Nama Asli"),
    ]


def test_bold_and_notes(tmp_path: Path) -> None:
    """Bold stretches are told, and so are tracked changes and hidden text."""
    body = (
        "<text:tracked-changes><text:changed-region/></text:tracked-changes>"
        "<text:p><text:span text:style-name='T1'>Ana:</text:span> ya<text:span text:style-name='H'>xyz</text:span></text:p>"
    )
    raw = read(tmp_path, body)
    assert [raw.text[start:end] for start, end in raw.strong] == ["Ana:"]
    assert raw.notes == (
        "tracked changes: insertions are in, deletions are out",
        "3 hidden characters were left out",
    )


def test_no_text_document(tmp_path: Path) -> None:
    """A package without a text, and one with a password, are told apart."""
    import zipfile

    with zipfile.ZipFile(tmp_path / "a.odt", "w") as package:
        package.writestr("content.xml", "<a/>")
    with pytest.raises(UnreadableDocument, match="no text document"):
        read_odt(tmp_path / "a.odt")
    with zipfile.ZipFile(tmp_path / "b.odt", "w") as package:
        package.writestr("META-INF/manifest.xml", "<m><manifest:encryption-data/></m>")
        package.writestr("content.xml", b"\x01\x02")
    with pytest.raises(UnreadableDocument, match="password"):
        read_odt(tmp_path / "b.odt")
