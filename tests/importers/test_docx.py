"""Word files: what libraries lose is in, what Word does not show is out, notes are aside."""

from __future__ import annotations

from pathlib import Path

import docx as python_docx
import pytest
from interview_files import docx, paragraph, run, zipped

from bantar_qual.errors import UnreadableDocument
from bantar_qual.importers import read_document
from bantar_qual.importers.docx import read_docx
from bantar_qual.importers.registry import Raw

SEPARATE = '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
END = '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
BEGIN = '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
MC = "http://schemas.openxmlformats.org/markup-compatibility/2006"


def read(tmp_path: Path, body: str, **parts: str) -> Raw:
    """Read a Word file made of a body."""
    return read_docx(docx(tmp_path / "a.docx", body, **parts))


def bold(raw: Raw) -> list[str]:
    """Return the bold stretches."""
    return [raw.text[start:end] for start, end in raw.strong]


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (paragraph(run("a"), "<w:ins><w:r><w:t>b</w:t></w:r></w:ins>"), "ab"),
        (paragraph(run("a"), "<w:del><w:r><w:delText>b</w:delText></w:r></w:del>"), "a"),
        (paragraph("<w:moveFrom>" + run("b") + "</w:moveFrom>", "<w:moveTo>" + run("c") + "</w:moveTo>"), "c"),
        (paragraph(run("a"), looks="<w:pPr><w:rPr><w:del/></w:rPr></w:pPr>") + paragraph(run("b")), "ab"),
        (paragraph(BEGIN, "<w:r><w:instrText>PAGE</w:instrText></w:r>", run("x"), SEPARATE, run("7"), END), "7"),
        (paragraph(BEGIN, BEGIN, SEPARATE, run("x"), END, SEPARATE, run("y"), END, run("z")), "yz"),
        ('<w:p><w:fldSimple w:instr="DATE"><w:r><w:t>3 Maret</w:t></w:r></w:fldSimple></w:p>', "3 Maret"),
        ('<w:p><w:hyperlink r:id="x" xmlns:r="r">' + run("taut") + "</w:hyperlink></w:p>", "taut"),
        ("<w:p><w:r><w:t>a</w:t><w:noBreakHyphen/><w:t>b</w:t><w:softHyphen/><w:tab/><w:t>c</w:t></w:r></w:p>", "a\u2011b\u00ad\tc"),
        ('<w:p><w:r><w:sym w:font="Wingdings" w:char="F04A"/><w:sym w:font="Symbol" w:char="F061"/></w:r></w:p>', "☺α"),
        ("<w:p><w:r><w:br/><w:t>b</w:t><w:cr/></w:r></w:p>" + paragraph(run("c")), "\nb\n\nc"),
        ("<w:sdt><w:sdtPr><w:alias/></w:sdtPr><w:sdtContent>" + paragraph(run("k")) + "</w:sdtContent></w:sdt>", "k"),
        ("<w:p><w:pPr><w:numPr><w:numId w:val='1'/></w:numPr></w:pPr>" + run("butir") + "</w:p>", "butir"),
        ("<w:p><w:r><w:ruby><w:rt><w:r><w:t>rt</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>dasar</w:t></w:r></w:rubyBase></w:ruby></w:r></w:p>", "dasar"),
        ("<w:p><w:r><w:t>dua\nbaris</w:t></w:r></w:p>", "dua baris"),
        (paragraph(run("a")) + "<w:p/>" + paragraph(run("b")), "a\n\nb"),
        (f'<w:p><w:r><mc:AlternateContent xmlns:mc="{MC}"><mc:Fallback><w:t>lama</w:t></mc:Fallback></mc:AlternateContent></w:r></w:p>', "lama"),
    ],
)  # fmt: skip
def test_elements(tmp_path: Path, body: str, text: str) -> None:
    """Each element of a paragraph gives the letters that Word shows for it."""
    assert read(tmp_path, body).text == text


def test_tables(tmp_path: Path) -> None:
    """A row is a line; its last cell keeps its paragraphs, and a table in a cell is read too."""

    def cell(*texts: str) -> str:
        return "<w:tc>" + "".join(paragraph(run(text)) for text in texts) + "</w:tc>"

    inner = f"<w:tc><w:tbl><w:tr>{cell('x')}{cell('y')}</w:tr></w:tbl><w:p/></w:tc>"
    rows = [
        cell("a", "b") + cell("c", "", "d"),
        cell("satu", "dua"),
        cell() + cell("e\tf") + cell(),
        cell("g") + inner,
    ]
    deleted = f"<w:tr><w:trPr><w:del/></w:trPr>{cell('gone')}</w:tr>"
    body = f"<w:tbl>{''.join(f'<w:tr>{row}</w:tr>' for row in rows)}{deleted}</w:tbl>" + paragraph(
        run("z")
    )
    text = read(tmp_path, body).text
    assert text == "a b\tc\nd\nsatu\ndua\n\te f\t\ng\tx\ny\nz"


def test_boxes(tmp_path: Path) -> None:
    """Text boxes come once, after their paragraph, in order, tables in them included."""
    box = "<w:r><w:pict><v:textbox xmlns:v='v'><w:txbxContent>{}</w:txbxContent></v:textbox></w:pict></w:r>"
    body = paragraph(
        run("a"), box.format(paragraph(run("satu"))), box.format(paragraph(run("dua"))), run("b")
    )
    assert read(tmp_path, body + paragraph(run("c"))).text == "ab\nsatu\ndua\nc"


def test_bold(tmp_path: Path) -> None:
    """Bold stretches are told, whether a run, a style or a style's parent makes them so."""
    styles = (
        '<w:style w:styleId="Speaker"><w:basedOn w:val="Strong"/></w:style>'
        '<w:style w:styleId="Strong"><w:rPr><w:b/></w:rPr></w:style>'
    )
    body = (
        paragraph(run("Ana: ", bold=True), run("ya"))
        + '<w:p><w:r><w:rPr><w:rStyle w:val="Speaker"/></w:rPr><w:t>Budi:</w:t></w:r><w:r><w:t> tidak</w:t></w:r></w:p>'
        + '<w:p><w:pPr><w:pStyle w:val="Strong"/></w:pPr><w:r><w:t>Judul</w:t></w:r>'
        + '<w:r><w:rPr><w:b w:val="0"/></w:rPr><w:t> kecil</w:t></w:r></w:p>'
    )
    assert bold(read(tmp_path, body, styles=styles)) == ["Ana: ", "Budi:", "Judul"]


def test_hidden_text(tmp_path: Path) -> None:
    """Hidden text is left out, and counted."""
    raw = read(
        tmp_path, paragraph(run("a"), "<w:r><w:rPr><w:vanish/></w:rPr><w:t>rahasia</w:t></w:r>")
    )
    assert (raw.text, raw.notes) == ("a", ("7 hidden characters were left out",))


def test_asides(tmp_path: Path) -> None:
    """Comments and notes are set aside, each with its place, author and kind."""
    body = paragraph(
        run("Dana "), '<w:commentRangeStart w:id="0"/>', run("seret"), '<w:commentRangeEnd w:id="0"/>',
        '<w:r><w:commentReference w:id="0"/></w:r>', run(" sekali"),
        '<w:r><w:footnoteReference w:id="2"/></w:r>', run(" kata"), '<w:r><w:endnoteReference w:id="2"/></w:r>',
    )  # fmt: skip
    note = paragraph(run("satu")) + paragraph(run("dua"))
    raw = read(
        tmp_path, body,
        comments=f'<w:comment w:id="0" w:author="SN">{note}</w:comment><w:comment w:id="9">{paragraph(run("lepas"))}</w:comment>',
        footnotes=f'<w:footnote w:id="2">{paragraph(run("kaki"))}</w:footnote>',
        endnotes=f'<w:endnote w:id="2">{paragraph(run("akhir"))}</w:endnote>',
    )  # fmt: skip
    assert raw.text == "Dana seret sekali kata"
    found = [(raw.text[a.start : a.end], a.kind, a.text, a.author) for a in raw.asides]
    assert found == [
        ("", "comment", "lepas", ""),
        ("seret", "comment", "satu\ndua", "SN"),
        ("sekali", "footnote", "kaki", ""),
        ("kata", "endnote", "akhir", ""),
    ]


def test_other_names_of_parts(tmp_path: Path) -> None:
    """The text is found where the package says, and in the strict form of the format."""
    strict = "http://purl.oclc.org/ooxml/wordprocessingml/main"
    xml = (
        f'<w:document xmlns:w="{strict}"><w:body>{paragraph(run("Ada dana"))}</w:body></w:document>'
    )
    relation = '<Relationship Id="a" Type="x/officeDocument" Target="/word/document2.xml"/>'
    path = zipped(
        tmp_path / "a.docx",
        {"_rels/.rels": f"<Relationships>{relation}</Relationships>", "word/document2.xml": xml},
    )
    assert read_docx(path).text == "Ada dana"


def test_as_python_docx_reads_it(tmp_path: Path) -> None:
    """On what python-docx can read, its paragraphs are ours."""
    file = python_docx.Document()
    for text in ("Pewawancara: Apa?", "", "Informan: satu\ndua\ttiga", "  Bu Sri :  ya  "):
        file.add_paragraph(text)
    file.save(tmp_path / "a.docx")
    theirs = [p.text for p in python_docx.Document(tmp_path / "a.docx").paragraphs]
    assert read_docx(tmp_path / "a.docx").text == "\n".join(theirs)


def test_a_file_with_a_password_says_so(tmp_path: Path) -> None:
    """Word puts an encrypted file into a shell of another format; it is no damaged file."""
    path = tmp_path / "sandi.docx"
    shell = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600) + "EncryptedPackage".encode("utf-16-le")
    path.write_bytes(shell + bytes(3000))
    with pytest.raises(UnreadableDocument, match="password"):
        read_document(path)


def test_line_breaks_and_bold_read_alike_in_and_out_of_cells(tmp_path: Path) -> None:
    """A paragraph that is read at once says the same, line by line, as one read piece by piece."""
    runs = run("Sari: ", bold=True) + run("Satu.\nDua.\n") + run("Tiga", bold=True)
    mark = '<w:bookmarkStart w:id="1" w:name="x"/><w:tab/>'
    plain = read_docx(docx(tmp_path / "a.docx", paragraph(runs)))
    slow = read_docx(docx(tmp_path / "b.docx", paragraph(runs, mark)))
    assert plain.text == "Sari: Satu.\nDua.\nTiga"
    assert (slow.text, slow.strong) == (f"{plain.text}\t", plain.strong)
