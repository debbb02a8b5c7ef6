"""Rich text: letters of all code pages, emoji whole, hidden text out, notes aside."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from interview_files import rich
from striprtf.striprtf import rtf_to_text

from bantar_qual.importers import read_document
from bantar_qual.importers.registry import Raw
from bantar_qual.importers.rtf import read_rtf


def read(tmp_path: Path, body: str) -> Raw:
    """Read a rich text made of a body."""
    path = tmp_path / "a.rtf"
    path.write_bytes(b"{\\rtf1\\ansi\\deff0 " + body.encode("latin-1") + b"}")
    return read_rtf(path)


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (r"a\par b\line c\tab d", "a\nb\nc\td"),
        (r"\ldblquote a\rdblquote\~\emdash\_b\-", "“a”\u00a0—\u2011b\u00ad"),
        (r"\{a\\b\}", "{a\\b}"),
        (r"caf\'e9 \'93x\'94", "café “x”"),
        (r"\u233?\u-3913 ?x", "é\uf0b7x"),
        (r"\uc0\u233 a\uc2\u233 xyb{\uc1\u233 ?}", "éaébé"),
        (r"{\fonttbl{\f0\fcharset128 MS;}{\f1\fcharset204 X;}}\f0\'83\'65\f1\'e4\plain z", "テдz"),
        (r"{\fonttbl{\f0\fcharset178 A;}}{\f0\'d3\'e1}", "سل"),
        (r"{\v rahasia}a{\deleted b}c", "ac"),
        (r"{\field{\*\fldinst HYPERLINK x}{\fldrslt taut}}", "taut"),
        (r"{\upr{ansi}{\*\ud{unicode}}}", "unicode"),
        (r"{\*\unknown x}{\pict 0aff}{\info{\title t}}{\header h}a", "a"),
        (r"{\listtext 1.\tab}butir\par", "butir"),
        (r"{\shp{\*\shpinst\shpleft0{\shptxt kotak\par}}{\shprslt gambar}}a\par b", "a\nkotak\nb"),
        (r"\trowd a\intbl\cell b\cell\row\pard z", "a\tb\nz"),
        (r"\pard\intbl\cell b\par c\cell\row\pard z", "\tb\nc\nz"),
        (r"a\bin3 }}}b", "ab"),
        (r"\ansicpg1251\'e4", "д"),
    ],
)  # fmt: skip
def test_elements(tmp_path: Path, body: str, text: str) -> None:
    """Each word of the markup gives the letters that a word processor shows for it."""
    assert read(tmp_path, body).text == text


def test_asides_and_bold(tmp_path: Path) -> None:
    """Comments and notes are aside with place and author; bold stretches are told."""
    body = (
        r"{\b Ana: }Dana {\*\atrfstart 7}seret{\*\atrfend 7}{\*\atnid S}{\*\atnauthor SN}"
        r"\chatn{\*\annotation{\*\atnref 7}catatan} sekali{\super\chftn}{\footnote\ftnalt\pard akhir}."
    )
    raw = read(tmp_path, body)
    assert raw.text == "Ana: Dana seret sekali."
    assert [raw.text[start:end] for start, end in raw.strong] == ["Ana: "]
    found = [(raw.text[a.start : a.end], a.kind, a.text, a.author) for a in raw.asides]
    assert found == [("seret", "comment", "catatan", "SN"), ("sekali", "endnote", "akhir", "")]


def test_emoji(tmp_path: Path) -> None:
    """An emoji in two halves is one letter; half of one is taken out, and that is said."""
    path = tmp_path / "a.rtf"
    path.write_text(r"{\rtf1 Informan: ya \u-10179?\u-8704? \u-10179?x}", encoding="ascii")
    document = read_document(path, language="id")
    assert document.text == "Informan: ya 😀 x"
    assert "1 unreadable characters were taken out" in document.notes
    document.text.encode("utf-8")


def test_cut_off(tmp_path: Path) -> None:
    """A file without its last brackets is read, and the researcher is told."""
    raw = read(tmp_path, r"a\par{b")
    assert raw.text == "a\nb"
    assert "cut off" in raw.notes[0]


@settings(
    max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(text=st.text(st.characters(blacklist_categories=["Cs", "Cc", "Co", "Cn"]), max_size=40))
def test_every_letter(tmp_path: Path, text: str) -> None:
    """Whatever letters are written as rich text come back."""
    found = read(tmp_path, rich(text) + r"\par").text  # emoji in halves, as the format has them
    assert found.encode("utf-16", "surrogatepass").decode("utf-16") == text


def test_as_striprtf_reads_it(tmp_path: Path) -> None:
    """On plain paragraphs, another reader of rich text finds the same words."""
    source = r"{\rtf1\ansi{\fonttbl{\f0 Arial;}}\f0 Pewawancara: Apa kendalanya?\par Informan: caf\'e9, ya.\par}"
    (tmp_path / "a.rtf").write_text(source, encoding="ascii")
    assert read_rtf(tmp_path / "a.rtf").text.split() == rtf_to_text(source).split()
