"""Hostile files: each refused in one sentence, within a second and 200 MB, and nothing written."""

from __future__ import annotations

import json
import struct
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random as Chance

import pypdf
import pytest
from interview_files import docx, interview_docx, odt, paragraph, pdf, pdf_of, run, zipped

from bantar_qual.errors import UnreadableDocument
from bantar_qual.importers import read_document

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="limits are set as on Linux")

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
PART = "word/document.xml"
SECRET = "SECRET-OF-THE-MACHINE"  # noqa: S105 - a word to look for


def document(body: str, *, head: str = "", encoding: str = "utf-8", said: str = "") -> bytes:
    """Return the XML of a Word document, in an encoding that it says or does not say."""
    declared = f'<?xml version="1.0" encoding="{said or encoding}"?>'
    return f'{declared}{head}<w:document xmlns:w="{W}"><w:body>{body}</w:body></w:document>'.encode(
        encoding
    )


def part(path: Path, data: bytes) -> Path:
    """Write a Word file around one part."""
    return zipped(path, {PART: data})


def entity(secret: Path) -> str:
    """Return a document type with an entity that names a file."""
    return f'<!DOCTYPE x [<!ENTITY e SYSTEM "{secret.as_uri()}">]>'


LAUGHS = "<!DOCTYPE x [<!ENTITY a '0123456789'>{}]>".format(
    "".join(f"<!ENTITY {b} '{f'&{a};' * 10}'>" for a, b in zip("abcdefgh", "bcdefghi", strict=True))
)
QUADRATIC = f"<!DOCTYPE x [<!ENTITY a '{'x' * 100_000}'>]>"
PARAMETER = '<!DOCTYPE x [<!ENTITY % p SYSTEM "http://127.0.0.1:9/x.dtd"> %p;]>'


def xml_files(folder: Path) -> Iterator[tuple[Path, str]]:
    """Write documents with entities and document types, however they hide."""
    secret = folder / "secret.txt"
    secret.write_text(SECRET, encoding="ascii")
    body = paragraph("<w:r><w:t>A&e;</w:t></w:r>")
    named = entity(secret)
    for name, data in {
        "utf8": document(body, head=named),
        "utf16": document(body, head=named, encoding="utf-16"),
        "utf16le": b"\xff\xfe" + document(body, head=named, encoding="utf-16-le", said="utf-16"),
        "utf16-no-mark": document(body, head=named, encoding="utf-16-be", said="utf-16"),
        "utf7": document(body, head=named, encoding="utf-7"),
        "utf7-plain": document(body, head=named, said="utf-7"),
        "ebcdic": document(body, head=named, encoding="cp037"),
        "utf32": document(body, head=named, encoding="utf-32"),
        "far": document(body, head=f"<!--{'x' * 9000}-->{named}"),
        "laughs": document(paragraph(run("x").replace(">x<", ">&i;<")), head=LAUGHS),
        "quadratic": document(f"<w:p><w:r><w:t>{'&a;' * 10_000}</w:t></w:r></w:p>", head=QUADRATIC),
        "parameter": document(body, head=PARAMETER),
    }.items():
        yield part(folder / f"xml-{name}.docx", data), ""
    text = f'<?xml version="1.0"?>{named}<office:document/>'
    (folder / "flat.fodt").write_text(text, encoding="utf-8")
    yield folder / "flat.fodt", "document type"
    inside = interview_docx(folder / "notes.docx")
    with zipfile.ZipFile(inside) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    parts["word/footnotes.xml"] = named.encode() + parts["word/footnotes.xml"]
    yield zipped(inside, parts), "document type"
    deep = 100_000
    yield part(folder / "deep.docx", document("<w:sdt>" * deep + "</w:sdt>" * deep)), ""
    yield odt(folder / "deep.odt", "<text:section>" * 30_000), "damaged"
    yield part(folder / "tags.docx", tags()), "unreasonable size"


def tags() -> bytes:
    """Return XML of more tags than letters, each another, so that it packs as badly as a text."""
    chance = Chance(5)  # noqa: S311
    some = "".join(f'<w:b a="{chance.randrange(999)}"/>' for _ in range(20_000))
    return document(f"<w:p>{some * 110}</w:p>")


def zip_files(folder: Path) -> Iterator[tuple[Path, str]]:
    """Write packages that are bombs, lie, overlap or are broken."""
    bomb = zipfile.ZipFile(folder / "bomb.docx", "w", zipfile.ZIP_DEFLATED, compresslevel=1)
    with bomb, bomb.open(PART, "w") as inside:
        inside.write(document("<w:p>").removesuffix(b"</w:body></w:document>"))
        for _ in range(100):
            inside.write(b"<w:r><w:t>xxxxxxxxxx</w:t></w:r>" * 125_000)
    yield folder / "bomb.docx", "unreasonable"
    for name in ("a.docx", "b.docx", "c.docx", "d.docx", "e.docx", "f.docx", "g.docx", "h.docx"):
        yield zip_of(folder, name), ""
    whole = interview_docx(folder / "whole.docx").read_bytes()
    (folder / "cut.docx").write_bytes(whole[: len(whole) // 2])
    yield folder / "cut.docx", "damaged"
    (folder / "junk.docx").write_bytes(Chance(1).randbytes(100_000))  # noqa: S311
    yield folder / "junk.docx", "damaged"
    (folder / "junk.odt").write_bytes(b"PK\x03\x04" + Chance(2).randbytes(9000))  # noqa: S311
    yield folder / "junk.odt", "damaged"


def zip_of(folder: Path, name: str) -> Path:  # noqa: C901 - a ladder of files
    """Write one of the packages that are made by hand."""
    path, text = folder / name, document(paragraph(run("Informan: Ada dana.")))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        if name == "b.docx":  # more parts than any document has
            for number in range(10_001):
                package.writestr(f"word/{number}", b"")
        elif name == "c.docx":  # an old and slow way of packing
            package.writestr(PART, text, compress_type=zipfile.ZIP_LZMA)
            return path
        elif name == "h.docx":
            package.writestr("word/media/1.bin", b"picture")
        package.writestr(PART, text)
        if name == "d.docx":
            package.writestr(PART.upper(), text)
    data = bytearray(path.read_bytes())
    entry = data.rfind(b"PK\x01\x02")
    if name == "a.docx":  # the size that it tells is a lie
        struct.pack_into("<I", data, entry + 24, 10)
        struct.pack_into("<I", data, 22, 10)
    elif name == "e.docx":  # two names for the same bytes
        twin = bytearray(data[entry : data.rfind(b"PK\x05\x06")])
        twin[46:50] = b"wxyz"
        end = bytearray(data[data.rfind(b"PK\x05\x06") :])
        struct.pack_into("<HHI", end, 8, 2, 2, 2 * len(twin))
        data = data[: data.rfind(b"PK\x05\x06")] + twin + end
    elif name == "f.docx":  # encrypted
        data[6] |= 1
        data[entry + 8] |= 1
    elif name == "h.docx":  # a declared two gigabytes of pictures
        struct.pack_into("<I", data, data.find(b"PK\x01\x02") + 24, 2_000_000_000)
    elif name == "g.docx":  # says that it has a list of parts of four gigabytes
        struct.pack_into("<HHI", data, data.rfind(b"PK\x05\x06") + 8, 65_000, 65_000, 4_000_000_000)
    path.write_bytes(bytes(data))
    return path


def other_files(folder: Path) -> Iterator[tuple[Path, str]]:
    """Write hostile files of the formats that are neither zipped nor XML."""
    for name, data, said in (
        ("huge.txt", b"x" * 50_000_001, "larger than"),
        ("noise.txt", Chance(3).randbytes(100_000), ""),  # noqa: S311
        ("half.txt", "Informan: café é é é".encode() + b"\xc3", "damaged in line 1"),
        ("no.rtf", b"Informan: bukan rtf", "no rich text"),
        ("empty.rtf", b"{\\rtf1\\ansi}", "no text"),
        ("page.rtf", b"{\\rtf1\\ansi\\ansicpg949 \\'b0\\'a1\\'ff}", "code page"),
        ("empty.html", b"<html><script>1</script></html>", "no text"),
        ("comments.html", b"<!--" * 2_000_000, "no text"),
        ("huge.html", b"<p>x" * 4_000_001, "larger than"),
        ("no.pdf", b"Informan: bukan pdf", "no PDF"),
        ("cut.pdf", b"%PDF-1.7\n1 0 obj", "cut off"),
    ):
        (folder / name).write_bytes(data)
        yield folder / name, said


def told(paths: list[Path], folder: Path) -> dict[str, dict[str, object]]:
    """Read files in limited processes and return what was said of each."""
    script = Path(__file__).with_name("refusing_process.py")
    done = subprocess.run(
        [sys.executable, str(script), *map(str, paths)],
        capture_output=True, text=True, check=True, cwd=folder,
    )  # fmt: skip
    return {line["file"]: line for line in map(json.loads, done.stdout.splitlines())}


@pytest.mark.parametrize("write", [xml_files, zip_files, other_files])
def test_refused(tmp_path: Path, write: Callable[[Path], Iterator[tuple[Path, str]]]) -> None:
    """Each hostile file is refused in one sentence, in time, in little memory, without a trace."""
    folder = tmp_path / "files"
    folder.mkdir()
    expected = dict(write(folder))
    before = {path: path.stat().st_size for path in tmp_path.rglob("*")}
    found = told(list(expected), folder)
    assert {path: path.stat().st_size for path in tmp_path.rglob("*")} == before
    for path, said in expected.items():
        answer = found[path.name]
        assert "refused" in answer, answer
        sentence = str(answer["refused"])
        assert said in sentence, sentence
        assert "\n" not in sentence
        assert len(sentence) < 250
        assert SECRET not in sentence


def good_files(folder: Path) -> Iterator[Path]:
    """Write odd files that are none the less whole."""
    words = paragraph(run("Informan: Ada dana."))
    nest = 120
    yield part(
        folder / "nested.docx",
        document("<w:sdt><w:sdtContent>" * nest + words + "</w:sdtContent></w:sdt>" * nest),
    )
    yield part(folder / "utf16.docx", document(words, encoding="utf-16"))
    parts: dict[str, str | bytes] = {PART: document(words), "../../x": b"out", "/abs": b"out",
             "C:\\w.txt": b"out", "word\\..\\x": b"out", "inner.zip": b"PK\x03\x04bomb"}  # fmt: skip
    yield zipped(folder / "slip.docx", parts)
    field = '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
    yield docx(folder / "field.docx", paragraph(field) + words)
    again = '<w:p><w:r><w:t>catatan</w:t><w:footnoteReference w:id="2"/></w:r></w:p>'
    sign = '<w:r><w:footnoteReference w:id="2"/></w:r>'
    yield docx(
        folder / "self.docx",
        words + paragraph(sign),
        footnotes=f'<w:footnote w:id="2">{again}</w:footnote>',
    )
    loop = '<w:style w:styleId="A"><w:basedOn w:val="B"/></w:style><w:style w:styleId="B"><w:basedOn w:val="A"/></w:style>'
    styled = (
        '<w:p><w:pPr><w:pStyle w:val="A"/></w:pPr><w:r><w:t>Informan: Ada dana.</w:t></w:r></w:p>'
    )
    yield docx(folder / "loop.docx", styled, styles=loop)
    blanks = '<text:p>Informan: Ada dana.<text:s text:c="999999999"/></text:p>'
    yield odt(folder / "blanks.odt", blanks)
    for name, data in (
        ("braces.rtf", b"{\\rtf1 Informan: Ada dana." + b"{" * 200_000 + b"}" * 200_001),
        ("bin.rtf", b"{\\rtf1 Informan: Ada dana.\\par{\\pict\\bin999999999 x}}"),
        ("deep.html", b"<div>" * 100_000 + b"<p>Informan: Ada dana."),
        ("nul.txt", b"Informan: \x00Ada dana.\x00"),
    ):
        (folder / name).write_bytes(data)
        yield folder / name


def test_odd_but_whole(tmp_path: Path) -> None:
    """Odd files that harm nobody are read, and lose no word, within the same limits."""
    folder = tmp_path / "inner" / "files"
    folder.mkdir(parents=True)
    paths = list(good_files(folder))
    before = set(tmp_path.rglob("*"))
    found = told(paths, folder)
    assert set(tmp_path.rglob("*")) == before
    for path in paths:
        assert "Informan: Ada dana." in str(found[path.name].get("text")), found[path.name]


# ---------------------------------------------------------------- PDF


def one_page(content: bytes, *, filters: str = "", resources: str = "", trailer: str = "") -> bytes:
    """Return a PDF of one page with a given stream of content."""
    font = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"
    stream = b"<< /Length %d %s >>\nstream\n%s\nendstream" % (
        len(content),
        filters.encode(),
        content,
    )
    page = f"<< /Type /Page /Parent 4 0 R /MediaBox [0 0 595 842] /Contents 2 0 R /Resources << /Font << /F0 1 0 R >> {resources} >> >>"
    tree = b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>"
    return pdf_of(
        [font, stream, page.encode(), tree, b"<< /Type /Catalog /Pages 4 0 R >>"],
        root=5,
        trailer=trailer,
    )


def pdf_files(folder: Path) -> Iterator[tuple[Path, str]]:
    """Write PDFs that are broken, closed, empty or bombs."""
    whole = pdf(folder / "whole.pdf", [[(72, 700, "Informan: Ada dana.")]]).read_bytes()
    square = b"q 100 0 0 100 0 0 cm BI /W 2 /H 2 /BPC 8 /CS /G ID abcd EI Q"
    bomb = zlib.compress(b"BT /F0 9 Tf (x) Tj ET\n" * 20_000_000, 1)
    lies = whole.replace(b"/Count 1 ", b"/Count 999999999 ").replace(
        b"/Kids [4 0 R]", b"/Kids [5 0 R]"
    )
    for name, data, said in (
        ("half.pdf", whole[: len(whole) // 2], "cut off"),
        ("junk.pdf", b"%PDF-1.7\n" + Chance(4).randbytes(50_000) + b"%%EOF", "damaged"),  # noqa: S311
        ("scan.pdf", one_page(square), "OCR"),
        ("flate.pdf", one_page(bomb, filters="/Filter /FlateDecode"), "unreasonabl"),
        ("lies.pdf", lies, ""),
    ):
        (folder / name).write_bytes(data)
        yield folder / name, said
    writer = pypdf.PdfWriter(clone_from=folder / "whole.pdf")
    writer.encrypt("rahasia", algorithm="RC4-128")
    writer.write(folder / "closed.pdf")
    yield folder / "closed.pdf", "password"


def test_hostile_pdf(tmp_path: Path) -> None:
    """A PDF that is truncated, junk, closed, a scan or a bomb says which, and harms nobody."""
    for path, said in pdf_files(tmp_path):
        with pytest.raises(UnreadableDocument) as caught:
            read_document(path, language="id")
        assert said in str(caught.value), path.name
        assert "\n" not in str(caught.value)


def test_pdf_of_a_thousand_pages(tmp_path: Path) -> None:
    """A thousand times the same page is read; what stands alone on each is no running head."""
    path = pdf(tmp_path / "many.pdf", [[(72, 700, "Informan: Ada dana.")]])
    data = path.read_bytes().replace(
        b"/Count 1 /Kids [4 0 R]", b"/Count 1000 /Kids [" + b"4 0 R " * 1000 + b"]"
    )
    path.write_bytes(data)
    assert read_document(path, language="id").text.count("Ada dana") == 1000
