"""Importers: every letter as it was, hostile and broken files refused in one sentence."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import docx
import pytest

from bantar_qual.codebook import Codebook
from bantar_qual.errors import UnreadableDocument
from bantar_qual.importers import read_document

TALK = "Pewawancara: Apa kendalanya?\nInforman: Dananya é “seret” – nombok terus.\n"
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def refused(path: Path) -> str:
    """Return the sentence with which a file is refused."""
    with pytest.raises(UnreadableDocument) as caught:
        read_document(path)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def word(path: Path, body: str, *, head: str = "", part: str = "word/document.xml") -> Path:
    """Write a Word file around the XML of its body."""
    xml = f'<?xml version="1.0" encoding="UTF-8"?>{head}<w:document xmlns:w="{W}"><w:body>{body}</w:body></w:document>'
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr(part, xml)
    return path


def p(*runs: str) -> str:
    """Return the XML of one paragraph."""
    return "<w:p>" + "".join(f"<w:r><w:t>{run}</w:t></w:r>" for run in runs) + "</w:p>"


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"]
)
@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
def test_encodings(tmp_path: Path, encoding: str, ends: str) -> None:
    """The same letters come in from every encoding and with every line end."""
    path = tmp_path / "talk.txt"
    path.write_bytes(TALK.replace("\n", ends).encode(encoding))
    document = read_document(path, language="id")
    assert document.text == TALK
    assert document.quote(document.turns[1].start, document.turns[1].end).startswith(
        "Dananya é “seret”"
    )
    assert bool(document.notes) == (encoding in {"utf-16-le", "utf-16-be", "cp1252"})


def test_never_a_replacement_sign(tmp_path: Path) -> None:
    """Bytes that are no letters in any known encoding are refused, not replaced."""
    path = tmp_path / "talk.txt"
    path.write_bytes(b"Informan: \x81\x8d rusak")
    assert "cannot be read" in refused(path)


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("a.txt", b"", "empty"),
        ("a.md", b" \n\n ", "empty"),
        ("a.txt", b"%PDF-1.7 ...", "a PDF"),
        ("a.txt", b"PK\x03\x04....", "Word, Excel or zip"),
        ("a.txt", b"\xef\xbb\xbf\x00\x01", "no text"),
        ("a.doc", b"\xd0\xcf", "old Word"),
        ("a.pdf", b"%PDF", "PDF"),
        ("a.xyz", b"x", "no importer"),
        ("noending", b"x", "no importer"),
        ("a.docx", b"this is no zip", "damaged"),
        ("a.docx", b"", "damaged"),
    ],
)
def test_wrong_files(tmp_path: Path, name: str, data: bytes, said: str) -> None:
    """A wrong file is refused with the reason, whatever its name says."""
    (tmp_path / name).write_bytes(data)
    assert said in refused(tmp_path / name)


def test_missing_file(tmp_path: Path) -> None:
    """A file that is not there is told, not raised as a system error."""
    assert "cannot be opened" in refused(tmp_path / "gone.txt")


def test_word_as_python_docx_writes_it(tmp_path: Path) -> None:
    """Paragraphs, breaks and tables come in reading order; a row is a line with tabs."""
    file = docx.Document()
    file.add_paragraph("Pewawancara: satu")
    table = file.add_table(rows=1, cols=2)
    table.cell(0, 0).text, table.cell(0, 1).text = "Judul", "Wawancara"
    file.add_paragraph("Informan: dua\ntiga")
    file.save(tmp_path / "a.docx")
    assert read_document(tmp_path / "a.docx", language="id").text == (
        "Pewawancara: satu\nJudul\tWawancara\nInforman: dua\ntiga"
    )


def test_word_keeps_what_libraries_lose(tmp_path: Path) -> None:
    """Insertions, content controls and hyphens are in; deletions and field codes are out."""
    body = (
        "<w:p><w:r><w:t>Ada</w:t></w:r><w:ins><w:r><w:t xml:space='preserve'> baru</w:t></w:r></w:ins>"
        "<w:del><w:r><w:delText>lama</w:delText></w:r></w:del><w:r><w:noBreakHyphen/><w:t>RT</w:t></w:r></w:p>"
        "<w:sdt><w:sdtContent>" + p("kendali") + "</w:sdtContent></w:sdt>"
        "<w:p><w:r><w:instrText>PAGE</w:instrText></w:r><w:r><w:t>😀</w:t></w:r></w:p>"
    )
    document = read_document(word(tmp_path / "a.docx", body))
    assert document.text == "Ada baru\u2011RT\nkendali\n😀"
    assert "insertions are in" in document.notes[0]


def test_word_text_box_comes_once(tmp_path: Path) -> None:
    """A text box is read once, although Word writes it twice."""
    mc = "http://schemas.openxmlformats.org/markup-compatibility/2006"
    box = "<w:txbxContent>" + p("kotak") + "</w:txbxContent>"
    body = (
        f'<w:p xmlns:mc="{mc}"><w:r><w:t>teks</w:t><mc:AlternateContent><mc:Choice>{box}</mc:Choice>'
        f"<mc:Fallback>{box}</mc:Fallback></mc:AlternateContent></w:r></w:p>"
    )
    assert read_document(word(tmp_path / "a.docx", body)).text == "teks\nkotak"


@pytest.mark.parametrize(
    ("head", "body", "said"),
    [
        ('<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]>', p("&e;"), "entities"),
        ('<!DOCTYPE x [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]>', p("&b;"), "entities"),
        ("", "<w:p><w:r>", "damaged"),
        ("", "<w:p>" * 5000, "damaged"),
    ],
)
def test_hostile_xml(tmp_path: Path, head: str, body: str, said: str) -> None:
    """Entities, broken and bottomless XML are refused; no file of the machine is read."""
    assert said in refused(word(tmp_path / "a.docx", body, head=head))


def test_word_bomb(tmp_path: Path) -> None:
    """A package that unpacks to gigabytes is refused on its declared size."""
    path = word(tmp_path / "a.docx", p("x" * 30_000_000))
    assert path.stat().st_size < 200_000
    assert "unreasonable size" in refused(path)


def test_zip_that_is_no_word_file(tmp_path: Path) -> None:
    """A zip of something else is told from a Word file."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as package:
        package.writestr("a.txt", "x")
    (tmp_path / "a.docx").write_bytes(buffer.getvalue())
    assert "holds no document" in refused(tmp_path / "a.docx")


def test_names_cannot_be_turned_around(tmp_path: Path) -> None:
    """Signs that turn the direction of writing are left out of names, so that none looks like another."""
    path = tmp_path / "wawancara\u202efdp\u2066.txt"
    path.write_text("Pewawancara: Apa?\nInforman: Dananya tidak ada.\n", encoding="utf-8")
    assert read_document(path).name == "wawancarafdp"
    book = tmp_path / "b.yaml"
    book.write_text(
        "name: b\nlevels: [{key: theme, label: {id: Tema}}]\n"
        'codes: [{key: money, label: {id: "Da\\u202Ena"}}]\n',
        encoding="utf-8",
    )
    assert Codebook.load(book).label("money", "id") == "Dana"
