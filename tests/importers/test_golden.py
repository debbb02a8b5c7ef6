"""The golden set: one interview in all formats gives the same turns, speakers and text."""

from __future__ import annotations

import re
import shutil
import subprocess
import unicodedata
from collections.abc import Callable
from pathlib import Path

import docx as python_docx
import pytest
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Pt
from interview_files import (
    HEADER,
    NOTE,
    NOTE_AT,
    TABLE,
    TURNS,
    interview_docx,
    interview_html,
    interview_odt,
    interview_rtf,
    interview_text,
)
from spoken_files import SPOKEN, interview_spoken

from bantar_qual.files import shipped
from bantar_qual.importers import read_document
from bantar_qual.records import Document

OWN: dict[str, Callable[[Path], Path]] = {
    "docx": interview_docx,
    "odt": interview_odt,
    "rtf": interview_rtf,
    "html": interview_html,
}
LONG = ("ketua-rt-12", "karang-taruna", "kasi-kesos-kelurahan", "observasi-pos-kamling")
FORMATS = ("docx", "odt", "fodt", "rtf", "pdf", "html", "txt")
LONG_FORMATS = ("odt", "rtf", "html", "pdf")


ROLES = {"Pewawancara": "interviewer", "Informan": "informant", "Ibu Sri": "informant"}


def said(document: Document) -> list[tuple[str, str]]:
    """Return who says what, whatever its lines."""
    turns = ((turn.speaker, document.text[turn.start : turn.end]) for turn in document.turns)
    return [(speaker, " ".join(words.split())) for speaker, words in turns]


def check(document: Document, *, noted: bool = True, composed: bool = False) -> None:
    """See that a document is the interview, letter by letter."""
    same = (lambda text: unicodedata.normalize("NFC", text)) if composed else str
    turns = [(turn.speaker, same(document.text[turn.start : turn.end])) for turn in document.turns]
    assert turns == [(speaker, same(text)) for speaker, text in TURNS]
    assert {turn.speaker: turn.role for turn in document.turns} == ROLES
    assert document.case == "KRT-07"
    assert document.attributes["place"] == dict(TABLE)["Tempat"]
    assert document.attributes["title"] == dict(HEADER)["Judul"]
    # Empty lines are the business of each format; all other lines are the same.
    lines = [same(line) for line in document.text.split("\n") if line.strip()]
    assert lines == [same(line) for line in interview_text().split("\n") if line]
    if noted:
        (note,) = document.asides
        assert (note.kind, note.text) == ("footnote", NOTE)
        assert document.text[note.start : note.end] == NOTE_AT


@pytest.mark.parametrize("suffix", OWN)
def test_own_files(tmp_path: Path, suffix: str) -> None:
    """The formats that the tests write themselves give the interview."""
    check(read_document(OWN[suffix](tmp_path / f"talk.{suffix}"), language="id"))


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"]
)
@pytest.mark.parametrize("suffix", ["txt", "md"])
def test_plain_text(tmp_path: Path, encoding: str, suffix: str) -> None:
    """Plain text gives the interview in every encoding that can hold it."""
    path = tmp_path / f"talk.{suffix}"
    path.write_bytes(interview_text().replace("\n", "\r\n").encode(encoding))
    document = read_document(path, language="id")
    check(document, noted=False)
    assert document.encoding == encoding


@pytest.mark.parametrize("name", SPOKEN)
def test_speech(tmp_path: Path, name: str) -> None:
    """Captions, recognised speech and time marks give the turns: who says what, in which role.

    They cannot hold the header, the table and the footnote; and a line end inside a caption is
    where the screen ends, so that white space is not compared.
    """
    document = read_document(interview_spoken(tmp_path, name), language="id")
    assert said(document) == [(speaker, " ".join(words.split())) for speaker, words in TURNS]
    assert {turn.speaker: turn.role for turn in document.turns} == ROLES
    assert all(turn.time for turn in document.turns)


@pytest.fixture(scope="session")
def by_libreoffice(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Let LibreOffice save our Word files: a folder for each format, one run for each folder."""
    office = shutil.which("soffice")
    if not office:
        pytest.skip("LibreOffice is not installed here")
    folder = tmp_path_factory.mktemp("libreoffice")
    source = interview_docx(folder / "source.docx")
    long = [folder / f"{name}.docx" for name in LONG]
    for number, path in enumerate(long):
        text = read_document(next(shipped("interviews").glob(f"{path.stem}.*"))).text
        laid_out(text, number).save(path)
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    for suffix in FORMATS:
        filters = {"txt": "txt:Text (encoded):UTF8"}
        files = [source, *(long if suffix in LONG_FORMATS else ())]
        command = [office, profile, "--headless", "--convert-to", filters.get(suffix, suffix),
                   "--outdir", str(folder / suffix), *map(str, files)]  # fmt: skip
        subprocess.run(command, check=True, capture_output=True, timeout=120)
    return folder


@pytest.mark.parametrize("suffix", FORMATS)
def test_libreoffice(by_libreoffice: Path, suffix: str) -> None:
    """What LibreOffice saves gives the interview too."""
    path = by_libreoffice / suffix / f"source.{suffix}"
    document = read_document(path, language="id")
    if suffix == "txt":  # its plain text puts cells on lines of their own, and notes at the end
        texts = [document.text[turn.start : turn.end] for turn in document.turns]
        plain = [re.sub(f"{NOTE_AT}1", NOTE_AT, text) for text in texts]
        assert plain[:-1] == [text for _, text in TURNS][:-1]
        assert [turn.speaker for turn in document.turns] == [speaker for speaker, _ in TURNS]
        return
    check(document, composed=suffix == "pdf")


def laid_out(text: str, number: int) -> python_docx.document.Document:
    """Lay a transcript out: closely or with space, justified, set in or hanging out."""
    file = python_docx.Document()
    file.sections[0].header.paragraphs[0].text = "Transkrip wawancara – rahasia"
    file.sections[0].footer.paragraphs[0].text = "Universitas Contoh 2019"
    if number == 0:
        file.styles["Normal"].paragraph_format.space_after = Pt(0)
    for line in text.split("\n"):
        label, colon, said = line.partition(": ")
        paragraph = file.add_paragraph()
        paragraph.add_run(label + colon).bold = bool(colon) and len(label) < 25
        paragraph.add_run(said)
        if number % 2:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
        if number == 1:
            paragraph.paragraph_format.left_indent = Pt(36)
            paragraph.paragraph_format.first_line_indent = Pt(-36)
    return file


@pytest.mark.parametrize("suffix", LONG_FORMATS)
@pytest.mark.parametrize("name", LONG)
def test_long_interviews(by_libreoffice: Path, name: str, suffix: str) -> None:
    """Interviews of many pages keep each turn and each paragraph in every format."""
    word = read_document(by_libreoffice / f"{name}.docx")
    other = read_document(by_libreoffice / suffix / f"{name}.{suffix}")
    assert turns(other) == turns(word)
    lines = [[line for line in one.text.split("\n") if line.strip()] for one in (other, word)]
    assert lines[0] == lines[1]


def turns(document: Document) -> list[tuple[str, str, str]]:
    """Return who says what, in which role."""
    return [
        (turn.speaker, turn.role, document.text[turn.start : turn.end]) for turn in document.turns
    ]
