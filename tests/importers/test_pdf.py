"""PDF: paragraphs whole, turns apart, running heads and numbers out, public transcripts right."""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path

import pypdf
import pytest
from interview_files import pdf

from bantar_qual.importers import read_document
from bantar_qual.importers.pdf import read_pdf

LEFT = 72


def lines(*texts: str, top: int = 740, step: int = 14) -> list[tuple[int, int, str]]:
    """Put lines below each other."""
    return [(LEFT, top - step * n, text) for n, text in enumerate(texts)]


FULL = "warga yang datang ke rapat kampung itu tidak banyak karena semua sibuk"


def test_paragraphs(tmp_path: Path) -> None:
    """A line that is full goes on, one that ends early does not; a label always begins anew."""
    page = lines(
        f"Informan: {FULL}",
        f"katanya {FULL} di",
        "sawah.",
        "Jadi begitu.",
        f"Informan: {FULL} sen",
        "Pewawancara: Apa lagi?",
    )
    text = read_pdf(pdf(tmp_path / "a.pdf", [page])).text
    assert text.split("\n") == [
        f"Informan: {FULL} katanya {FULL} di sawah.",
        "Jadi begitu.",
        f"Informan: {FULL} sen",
        "Pewawancara: Apa lagi?",
    ]


def test_divided_words(tmp_path: Path) -> None:
    """A divided word is mended; a doubled word keeps its hyphen, and so does a number."""
    page = lines(
        f"Informan: {FULL[:50]} mem-",
        f"bantu dan {FULL[:50]} macam-",
        f"macam lalu {FULL[:46]} berjalan-",
        f"jalan dengan {FULL[:44]} bersama-",
        f"sama dan lagi {FULL[:50]} ke-",
        "2.",
    )
    raw = read_pdf(pdf(tmp_path / "a.pdf", [page]))
    for whole in ("membantu", "macam-macam", "berjalan-jalan", "bersama-sama", "ke-2"):
        assert whole in raw.text, raw.text
    assert "joined again: 1" in raw.notes[0]


def test_running_heads(tmp_path: Path) -> None:
    """Heads, feet and page numbers are left out and counted; what only looks alike stays."""
    pages = [
        [
            (LEFT, 800, "Transkrip rahasia 2019"),
            *lines(f"Informan: jawaban {word}.", "Pewawancara:", "Lalu?"),
            (LEFT, 40, f"Halaman {number} dari 4"),
        ]
        for number, word in enumerate(("satu", "dua", "tiga", "empat"), 1)
    ]
    raw = read_pdf(pdf(tmp_path / "a.pdf", pages))
    expected = [
        f"Informan: jawaban {word}.\nPewawancara:\nLalu?"
        for word in ("satu", "dua", "tiga", "empat")
    ]
    assert raw.text == "\n".join(expected)
    assert raw.notes == ("left out: 8 running heads and feet",)


def test_page_numbers_alone(tmp_path: Path) -> None:
    """Bare numbers that grow with the pages are page numbers; a number that does not is text."""
    pages = [[*lines("Informan: jawaban.", str(1990 + n * n)), (290, 40, str(n))] for n in (1, 2)]
    raw = read_pdf(pdf(tmp_path / "a.pdf", pages))
    assert raw.text.split("\n") == ["Informan: jawaban.", "1991", "Informan: jawaban.", "1994"]
    assert raw.notes == ("left out: 2 page numbers",)


def test_line_numbers(tmp_path: Path) -> None:
    """Numbers that count the lines in the margin are left out."""
    texts = ["Pewawancara: Berapa?", "Informan:", "12", "orang saja, itu", "pun kurang."]
    page = [*lines(*texts), *((40, 740 - 14 * n, str(n + 1)) for n in range(len(texts)))]
    raw = read_pdf(pdf(tmp_path / "a.pdf", [page]))
    assert raw.text.split("\n") == texts
    assert raw.notes == ("left out: 5 line numbers",)


def test_columns_and_pages(tmp_path: Path) -> None:
    """Two columns come one after the other; a paragraph goes on over a page."""
    left = [(60, 740 - 14 * n, f"kiri baris nomor {word} penuh") for n, word in enumerate("abcd")]
    right = [
        (330, 740 - 14 * n, f"kanan baris nomor {word} penuh") for n, word in enumerate("abcd")
    ]
    text = read_pdf(pdf(tmp_path / "a.pdf", [[*left, *right]])).text
    assert text.index("kiri baris nomor d") < text.index("kanan baris nomor a")
    assert sorted(text.split()) == sorted(" ".join(one[2] for one in [*left, *right]).split())
    pages = [lines(f"Informan: {FULL}", f"{FULL} dan satu"), lines(f"lagi {FULL}", "selesai.")]
    over = read_pdf(pdf(tmp_path / "b.pdf", pages)).text
    assert f"{FULL} dan satu lagi {FULL}" in over


def test_bold_labels(tmp_path: Path) -> None:
    """Bold beginnings are told, as hints for speakers."""
    page = [(LEFT, 740, "Ana", True), (LEFT, 726, "Dananya seret.")]
    raw = read_pdf(pdf(tmp_path / "a.pdf", [page]))
    assert [raw.text[start:end] for start, end in raw.strong] == ["Ana"]


def test_rescued_by_pypdf(tmp_path: Path) -> None:
    """What pdfium cannot open and pypdf can is read line by line, and that is said."""
    source = pdf(tmp_path / "a.pdf", [lines("Pewawancara: Apa?", "Informan: Dana.")])
    data = source.read_bytes()
    (tmp_path / "b.pdf").write_bytes(data.replace(b"/Type /Catalog", b"/Type /Katalog"))
    found = read_pdf(tmp_path / "b.pdf")
    assert "Informan: Dana." in found.text


def test_own_password_is_no_hindrance(tmp_path: Path) -> None:
    """A PDF that anybody may open, though its owner set a password, is read."""
    source = pdf(tmp_path / "a.pdf", [lines("Informan: Dana.")])
    writer = pypdf.PdfWriter(clone_from=source)
    writer.encrypt("", owner_password="pemilik", algorithm="RC4-128")  # noqa: S106
    writer.write(tmp_path / "b.pdf")
    assert read_pdf(tmp_path / "b.pdf").text == "Informan: Dana."


# Counted by hand in the PDFs, whose paragraphs are numbered; P5 writes one label wrongly.
PUBLIC = {
    "P1": {"Dan": 47, "Participant": 47},
    "P2": {"Dan": 81, "Participant": 84},
    "P3": {"Dan": 61, "Participant": 61},
    "P4": {"Dan": 55, "Participant": 56},
    "P5": {"Dan": 68, "Participant": 67, "Particpant": 1},
    "P6": {"Dan": 51, "Participant": 49},
    "P7": {"Dan": 53, "Participant": 53},
}


@pytest.mark.parametrize("name", PUBLIC)
def test_public_transcripts(name: str) -> None:
    """Public interviews come in with the right number of turns for each speaker."""
    folder = Path(os.environ.get("BANTAR_DEV_DATA", "")) / "transcripts" / "pdpilot" / "transcripts"
    path = folder / f"{name}.pdf"
    if "BANTAR_DEV_DATA" not in os.environ or not path.is_file():
        pytest.skip("the public transcripts are not here: BANTAR_DEV_DATA names no folder of them")
    document = read_document(path, language="en")
    assert Counter(turn.speaker for turn in document.turns) == PUBLIC[name]
    assert {t.role for t in document.turns if t.speaker == "Dan"} == {"interviewer"}
    assert not any(line.isdecimal() for line in document.text.split("\n"))
