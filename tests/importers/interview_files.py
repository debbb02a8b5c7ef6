"""One interview, and writers of the formats that it is saved in. Made for the tests."""

from __future__ import annotations

import html
import zipfile
from pathlib import Path

HEADER = [("Judul", "Wawancara rekaan"), ("Kode informan", "KRT-07"), ("Tanggal", "3 Maret 2019")]
TABLE = [("Tempat", "Balai RW"), ("Durasi", "45 menit")]
NOTE = "Program bantuan tahun 2019, menurut informan."
NOTE_AT = "bantuan"
TURNS = [
    ("Pewawancara", "Apa kendala yang Bapak hadapi selama ini?"),
    (
        "Informan",
        ("Dananya “seret” – tahun itu bantuan datang terlambat, jadi warga nombok dulu. "
        "Rapat RT sudah tiga kali, tetapi yang datang orang itu-itu saja, macam-macam alasannya 😀."),
    ),
    ("Pewawancara", "Café mana yang dipakai rapat?"),
    ("Informan", "Balai cafe\u0301 & warung <Bu Sri>, 50% “gratis”, katanya: boleh dipakai.\nLalu kami pindah."),
    ("Ibu Sri", "Saya yang masak; Rp 3.204.112, itu pun kurang."),
    ("Pewawancara", "Ada lagi?"),
    ("Informan", "Tidak ada."),
]  # fmt: skip

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_DOCUMENT = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_XML = '<?xml version="1.0" encoding="UTF-8"?>'


def escaped(text: str) -> str:
    """Return a text as XML."""
    return html.escape(text, quote=False)


def words() -> list[str]:
    """List every word of the interview."""
    parts = [*sum(HEADER, ()), *sum(TABLE, ()), *sum(TURNS, ())]
    return [word for part in parts for word in part.split()]


def zipped(path: Path, parts: dict[str, str | bytes]) -> Path:
    """Write a package."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in parts.items():
            package.writestr(name, data)
    return path


def run(text: str, *, bold: bool = False) -> str:
    """Return the XML of a run of Word."""
    looks = "<w:rPr><w:b/></w:rPr>" if bold else ""
    lines = "<w:br/>".join(
        f'<w:t xml:space="preserve">{escaped(line)}</w:t>' for line in text.split("\n")
    )
    return f"<w:r>{looks}{lines}</w:r>"


def paragraph(*runs: str, looks: str = "") -> str:
    """Return the XML of a paragraph of Word."""
    return f"<w:p>{looks}{''.join(runs)}</w:p>"


def docx(path: Path, body: str, **parts: str) -> Path:
    """Write a Word file from the XML of its body, and of parts such as ``footnotes``."""
    kinds = "".join(
        f'<Override PartName="/word/{name}.xml" ContentType="{_DOCUMENT}.{name}+xml"/>'
        for name in parts
    )
    relations = "".join(
        f'<Relationship Id="r{n}" Type="{_RELATIONS}/{name}" Target="{name}.xml"/>'
        for n, name in enumerate(parts)
    )
    files: dict[str, str | bytes] = {
        "[Content_Types].xml": f'{_XML}<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/word/document.xml" ContentType="{_DOCUMENT}.document.main+xml"/>{kinds}</Types>',
        "_rels/.rels": f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="r1" '
        f'Type="{_RELATIONS}/officeDocument" Target="word/document.xml"/></Relationships>',
        "word/document.xml": f'{_XML}<w:document xmlns:w="{_W}"><w:body>{body}</w:body></w:document>',
        "word/_rels/document.xml.rels": f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships">'
        f"{relations}</Relationships>",
    }
    roots = {
        "footnotes": "footnotes",
        "endnotes": "endnotes",
        "comments": "comments",
        "styles": "styles",
    }
    for name, inner in parts.items():
        root = roots[name]
        files[f"word/{name}.xml"] = f'{_XML}<w:{root} xmlns:w="{_W}">{inner}</w:{root}>'
    return zipped(path, files)


def interview_docx(path: Path) -> Path:
    """Write the interview as Word does."""
    sign = '<w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:footnoteReference w:id="2"/></w:r>'
    body = "".join(paragraph(run(f"{key}: {value}")) for key, value in HEADER)
    width = '<w:tcPr><w:tcW w:w="4000" w:type="dxa"/></w:tcPr>'
    rows = "".join(
        "<w:tr>"
        + "".join(f"<w:tc>{width}{paragraph(run(cell))}</w:tc>" for cell in row)
        + "</w:tr>"
        for row in TABLE
    )
    grid = '<w:tblGrid><w:gridCol w:w="4000"/><w:gridCol w:w="4000"/></w:tblGrid>'
    body += f'<w:tbl><w:tblPr><w:tblW w:w="8000" w:type="dxa"/></w:tblPr>{grid}{rows}</w:tbl>'
    for speaker, said in TURNS:
        label = run(f"{speaker}: ", bold=True)
        if NOTE_AT in said:
            before, after = said.split(NOTE_AT)
            body += paragraph(label, run(before + NOTE_AT), sign, run(after))
        else:
            body += paragraph(label, run(said))
    mark = '<w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:footnoteRef/></w:r>'
    rule = "<w:p><w:r><w:separator/></w:r></w:p>"
    foot = (
        f'<w:footnote w:type="separator" w:id="0">{rule}</w:footnote>'
        '<w:footnote w:type="continuationSeparator" w:id="1"><w:p><w:r><w:continuationSeparator/></w:r></w:p></w:footnote>'
        f'<w:footnote w:id="2">{paragraph(mark, run(f" {NOTE}"))}</w:footnote>'
    )
    return docx(path, body, footnotes=foot)


_ODF = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/" '
    'xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0" office:version="1.3"'
)
_ODF_BOLD = (
    '<office:automatic-styles><style:style style:name="T1" style:family="text">'
    '<style:text-properties fo:font-weight="bold"/></style:style>'
    '<style:style style:name="H" style:family="text"><style:text-properties text:display="none"/>'
    "</style:style></office:automatic-styles>"
)


def odt(path: Path, body: str) -> Path:
    """Write an OpenDocument text from the XML of its body."""
    content = (
        f"{_XML}<office:document-content {_ODF}>{_ODF_BOLD}<office:body><office:text>{body}"
        "</office:text></office:body></office:document-content>"
    )
    return zipped(
        path, {"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": content}
    )


def interview_odt(path: Path) -> Path:
    """Write the interview as LibreOffice does."""
    note = (
        '<text:note text:note-class="footnote"><text:note-citation>1</text:note-citation><text:note-body>'
        f"<text:p>{escaped(NOTE)}</text:p></text:note-body></text:note>"
    )
    body = "".join(f"<text:p>{escaped(f'{key}: {value}')}</text:p>" for key, value in HEADER)
    body += "<table:table>"
    for row in TABLE:
        cells = (
            f"<table:table-cell><text:p>{escaped(cell)}</text:p></table:table-cell>" for cell in row
        )
        body += f"<table:table-row>{''.join(cells)}</table:table-row>"
    body += "</table:table>"
    for speaker, said in TURNS:
        speech = escaped(said).replace("\n", "<text:line-break/>").replace(NOTE_AT, NOTE_AT + note)
        body += f'<text:p><text:span text:style-name="T1">{speaker}:</text:span> {speech}</text:p>'
    return odt(path, body)


def rich(text: str) -> str:
    """Return a text as rich text."""
    units = text.encode("utf-16-le")
    signs = [int.from_bytes(units[i : i + 2], "little") for i in range(0, len(units), 2)]
    return "".join(
        f"\\u{sign - 65536 if sign > 32767 else sign}?"
        if sign > 127
        else {"\n": "\\line ", "\\": "\\\\", "{": "\\{", "}": "\\}"}.get(chr(sign), chr(sign))
        for sign in signs
    )


def interview_rtf(path: Path) -> Path:
    """Write the interview as rich text."""
    body = "".join(f"\\pard {rich(f'{key}: {value}')}\\par\n" for key, value in HEADER)
    for row in TABLE:
        cells = "".join(f"\\pard\\intbl {rich(cell)}\\cell\n" for cell in row)
        body += f"\\trowd\\cellx4000\\cellx8000 {cells}\\row\n"
    note = f"{{\\super\\chftn}}{{\\footnote \\pard\\plain {{\\super\\chftn}} {rich(NOTE)}}}"
    for speaker, said in TURNS:
        speech = rich(said).replace(NOTE_AT, NOTE_AT + note)
        body += f"\\pard\\plain {{\\b {rich(speaker)}: }}{speech}\\par\n"
    fonts = "{\\fonttbl{\\f0\\fcharset0 Calibri;}}{\\*\\generator Nobody;}"
    path.write_text(f"{{\\rtf1\\ansi\\ansicpg1252\\deff0{fonts}\n{body}}}", encoding="ascii")
    return path


def interview_html(path: Path) -> Path:
    """Write the interview as a web page, in LibreOffice's manner of footnotes."""
    sign = '<sup><a class="sdfootnoteanc" href="#sdfootnote1sym">1</a></sup>'
    foot = (
        '<div id="sdfootnote1"><p><a class="sdfootnotesym" href="#sdfootnote1anc">1</a>'
        f"{escaped(NOTE)}</p></div>"
    )
    body = "".join(f"<p>{escaped(f'{key}: {value}')}</p>\n" for key, value in HEADER)
    rows = "".join(
        "<tr>" + "".join(f"<td>\n<p>{escaped(cell)}</p></td>" for cell in row) + "</tr>"
        for row in TABLE
    )
    body += f"<table>{rows}</table>"
    for speaker, said in TURNS:
        speech = escaped(said).replace("\n", "<br>\n").replace(NOTE_AT, NOTE_AT + sign)
        body += f"<p><b>{speaker}:</b> {speech}</p>\n"
    page = f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>x</title></head><body>{body}{foot}</body></html>'
    path.write_text(page, encoding="utf-8")
    return path


def interview_text() -> str:
    """Return the interview as plain text."""
    lines = [f"{key}: {value}" for key, value in HEADER] + ["\t".join(row) for row in TABLE]
    return "\n".join([*lines, *(f"{speaker}: {said}" for speaker, said in TURNS)]) + "\n"


def pdf(path: Path, pages: list[list[tuple[int, int, str] | tuple[int, int, str, bool]]]) -> Path:
    """Write a PDF of lines in Latin letters, each at a place, perhaps bold."""
    parts: list[bytes] = [
        f"<< /Type /Font /Subtype /Type1 /BaseFont /{name} /Encoding /WinAnsiEncoding >>".encode()
        for name in ("Helvetica", "Helvetica-Bold")
    ]
    kids = []
    tree = len(parts) + 1 + 2 * len(pages)
    for page in pages:
        lines = ["BT"]
        for x, y, text, *bold in page:
            safe = text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
            lines.append(f"/F{int(any(bold))} 11 Tf 1 0 0 1 {x} {y} Tm ({safe}) Tj")
        stream = "\n".join([*lines, "ET"]).encode("cp1252")
        parts.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream))
        fonts = "<< /Font << /F0 1 0 R /F1 2 0 R >> >>"
        kids.append(len(parts) + 1)
        parts.append(
            f"<< /Type /Page /Parent {tree} 0 R /MediaBox [0 0 595 842] "
            f"/Contents {len(parts)} 0 R /Resources {fonts} >>".encode()
        )
    listed = " ".join(f"{kid} 0 R" for kid in kids)
    parts.append(f"<< /Type /Pages /Count {len(kids)} /Kids [{listed}] >>".encode())
    parts.append(f"<< /Type /Catalog /Pages {tree} 0 R >>".encode())
    path.write_bytes(pdf_of(parts, root=len(parts)))
    return path


def pdf_of(parts: list[bytes], *, root: int, trailer: str = "") -> bytes:
    """Put the objects of a PDF together."""
    data, places = b"%PDF-1.4\n", []
    for number, part in enumerate(parts, 1):
        places.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, part)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    head = f"xref\n0 {len(parts) + 1}\n0000000000 65535 f \n".encode()
    end = f"trailer << /Size {len(parts) + 1} /Root {root} 0 R {trailer} >>\nstartxref\n{len(data)}\n%%EOF\n"
    return data + head + table + end.encode()
