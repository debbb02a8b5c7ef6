"""Web pages: what a browser shows, a line for each block."""

from __future__ import annotations

from pathlib import Path

import pytest

from bantar_qual.importers.html import read_html
from bantar_qual.importers.registry import Raw


def read(tmp_path: Path, page: str | bytes) -> Raw:
    """Read a page."""
    path = tmp_path / "a.html"
    path.write_bytes(page if isinstance(page, bytes) else page.encode())
    return read_html(path)


@pytest.mark.parametrize(
    ("page", "text"),
    [
        ("<p>satu\n  dua<p>tiga", "satu dua\ntiga"),
        ("<div>a<div>b</div>c</div>d", "a\nb\nc\nd"),
        ("<p>a<br>b<br><br>c</p><p><br></p>d", "a\nb\n\nc\n\nd"),
        ("<style>p{}</style><script>var a='<p>x'</script><title>t</title>a<!-- k -->b", "ab"),
        ("<p>a &amp; b &lt;c&gt; &eacute;&#128512;&nbsp;d", "a & b <c> é😀\u00a0d"),
        ("<p>a<b> b </b>c <i>d</i> , e", "a b c d , e"),
        ("<pre>a\n  b\tc\n</pre>d", "a\n  b\tc\nd"),
        (
            "<table><tr><th>a<td><p>b</p><p>c</p><tr><td>d<td>e<p>f</p></table>g",
            "a\tb\nc\nd\te\nf\ng",
        ),
        ("<ul><li>a<li>b</ul><h1>c</h1>d", "a\nb\nc\nd"),
        ("<p>a<span style='display:none'>b<span>c</span></span>d<p hidden>e</p>f", "ad\nf"),
        ("a < b > c", "a < b > c"),
        ("<head><title>x</title><p>teks", "teks"),
    ],
)
def test_elements(tmp_path: Path, page: str, text: str) -> None:
    """Each element gives the letters that a browser shows for it."""
    assert read(tmp_path, page).text == text


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        ('<meta charset="utf-8"><p>café “x”'.encode(), "utf-8"),
        ("<p>café “x”".encode(), "utf-8"),
        ('<meta http-equiv="Content-Type" content="text/html; charset=windows-1252"><p>café “x”'.encode("cp1252"), "cp1252"),
        ('<meta charset="iso-8859-1"><p>café “x”'.encode("cp1252"), "cp1252"),
        ("<p>café “x”".encode("utf-8-sig"), "utf-8-sig"),
        ('<meta charset="iso-8859-1"><p>café “x”'.encode("utf-16"), "utf-16"),
        ('<?xml version="1.0" encoding="windows-1252"?><p>café “x”'.encode("cp1252"), "cp1252"),
        ('<meta charset="utf-8"><p>café “x”'.encode("cp1252"), "Windows-1252"),
    ],
)  # fmt: skip
def test_encodings(tmp_path: Path, data: bytes, encoding: str) -> None:
    """A mark at the start, then what the page says, then what it looks like decides."""
    raw = read(tmp_path, data)
    assert (raw.text, raw.encoding) == ("café “x”", encoding)


def test_notes_of_word(tmp_path: Path) -> None:
    """Footnotes as Word saves them are set aside at their word, and their signs are left out."""
    page = (
        "<p><strong>Ana:</strong> dana<a style='mso-footnote-id:ftn1' href='#_ftn1' name='_ftnref1'>[1]</a> seret</p>"
        "<div><div id=ftn1><p><a href='#_ftnref1' name='_ftn1'>[1]</a> catatan</p></div></div>"
    )
    raw = read(tmp_path, page)
    assert raw.text == "Ana: dana seret"
    assert [raw.text[start:end] for start, end in raw.strong] == ["Ana:"]
    (note,) = raw.asides
    assert (note.kind, note.text, raw.text[note.start : note.end]) == (
        "footnote",
        "catatan",
        "dana",
    )
