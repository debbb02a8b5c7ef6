"""Damaged files: whatever happens to a valid file, it is read or refused, and no word is lost."""

from __future__ import annotations

import string
import zipfile
from collections.abc import Callable
from pathlib import Path
from random import Random as Chance

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from interview_files import (
    docx,
    interview_docx,
    interview_html,
    interview_odt,
    interview_rtf,
    interview_text,
    odt,
    paragraph,
    pdf,
    rich,
    run,
    words,
    zipped,
)

from bantar_qual.errors import UnreadableDocument
from bantar_qual.importers import read_document

SHARED = settings(
    max_examples=120,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
FEW = settings(SHARED, max_examples=12)


def interview_txt(path: Path) -> Path:
    """Write the interview as plain text."""
    path.write_text(interview_text(), encoding="utf-8")
    return path


def interview_fodt(path: Path) -> Path:
    """Write the interview as one flat XML file."""
    with zipfile.ZipFile(interview_odt(path.with_suffix(".odt"))) as package:
        flat = package.read("content.xml").replace(b"document-content", b"document")
    path.write_bytes(flat)
    return path


WRITERS: dict[str, Callable[[Path], Path]] = {
    "txt": interview_txt,
    "docx": interview_docx,
    "odt": interview_odt,
    "fodt": interview_fodt,
    "rtf": interview_rtf,
    "html": interview_html,
}


def spoil(data: bytes, chance: Chance) -> bytes:
    """Flip, cut, double, insert or swap some bytes."""
    spoiled = bytearray(data)
    for _ in range(chance.choice((1, 1, 2, 5, 30))):
        if not spoiled:
            break
        at = chance.randrange(len(spoiled))
        size = chance.choice((1, 2, 8, 100, 1000))
        match chance.randrange(6):
            case 0:
                spoiled[at] ^= 1 << chance.randrange(8)
            case 1:
                del spoiled[at : at + size]
            case 2:
                spoiled[at:at] = spoiled[at : at + size]
            case 3:
                spoiled[at:at] = chance.randbytes(min(size, 100))
            case 4:
                to = chance.randrange(len(spoiled))
                spoiled[at : at + size], spoiled[to : to + size] = (
                    spoiled[to : to + size],
                    spoiled[at : at + size],
                )
            case 5:
                del spoiled[at:]
    return bytes(spoiled)


def read_or_refused(path: Path) -> str:
    """Read a file, or see that it is refused in one sentence; nothing else may come."""
    try:
        document = read_document(path, language="id")
    except UnreadableDocument as error:
        sentence = str(error)
        if "\n" in sentence:
            raise
        return ""
    document.text.encode("utf-8")
    size = len(document.text)
    for turn in document.turns:
        assert 0 <= turn.start < turn.end <= size
    for aside in document.asides:
        assert 0 <= aside.start <= aside.end <= size
    return document.text


@SHARED
@given(seed=st.integers(0, 2**32), suffix=st.sampled_from(sorted(WRITERS)))
def test_spoiled_bytes(tmp_path: Path, seed: int, suffix: str) -> None:
    """A file with spoiled bytes is read, or refused in one sentence."""
    path = WRITERS[suffix](tmp_path / f"a.{suffix}")
    path.write_bytes(spoil(path.read_bytes(), Chance(seed)))  # noqa: S311
    read_or_refused(path)


@SHARED
@given(seed=st.integers(0, 2**32), suffix=st.sampled_from(["docx", "odt"]))
def test_spoiled_xml(tmp_path: Path, seed: int, suffix: str) -> None:
    """A package that is whole around spoiled XML is read, or refused in one sentence."""
    chance = Chance(seed)  # noqa: S311
    path = WRITERS[suffix](tmp_path / f"a.{suffix}")
    with zipfile.ZipFile(path) as package:
        parts: dict[str, str | bytes] = {name: package.read(name) for name in package.namelist()}
    name = chance.choice([name for name in parts if name.endswith((".xml", ".rels"))])
    data = bytes(parts[name]) if isinstance(parts[name], bytes) else b""
    parts[name] = shuffled(data, chance) if chance.random() < 0.7 else spoil(data, chance)
    read_or_refused(zipped(path, parts))


def shuffled(data: bytes, chance: Chance) -> bytes:
    """Drop, double, move or rename elements, so that the XML stays XML."""
    from lxml import etree

    root = etree.fromstring(data)
    for _ in range(chance.choice((1, 3, 10))):
        elements = list(root.iter("*"))[1:]
        if len(elements) < 2:
            break
        one, other = chance.choice(elements), chance.choice(elements)
        match chance.randrange(5):
            case 0:
                one.getparent().remove(one)
            case 1:
                other.append(etree.fromstring(etree.tostring(one, with_tail=False)))
            case 2 if one not in other.iterancestors() and one is not other:
                other.append(one)
            case 3:
                one.tag = other.tag
            case 4 if one.attrib:
                one.attrib[chance.choice(list(one.attrib))] = chance.choice(
                    ("", "-1", "x" * 99, "999999")
                )
    return etree.tostring(root)


@FEW
@given(seed=st.integers(0, 2**32))
def test_spoiled_pdf(tmp_path: Path, seed: int) -> None:
    """A PDF with spoiled bytes is read, or refused in one sentence, and nothing hangs."""
    pages = [[(72, 700, "Informan: Ada dana."), (72, 686, "Tidak banyak.")]] * 3
    path = pdf(tmp_path / "a.pdf", pages)
    path.write_bytes(spoil(path.read_bytes(), Chance(seed)))  # noqa: S311
    read_or_refused(path)


LETTERS = st.text(string.ascii_letters + "éüñ“”😀e\u0301ع中 ()<>&;:{}\\%", min_size=1, max_size=30)
SPEECHES = st.lists(LETTERS.filter(str.strip), min_size=1, max_size=6)


def as_docx(path: Path, speeches: list[str]) -> Path:
    """Write speeches as docx."""
    return docx(
        path, "".join(paragraph(run(text, bold=n % 2 == 0)) for n, text in enumerate(speeches))
    )


def as_odt(path: Path, speeches: list[str]) -> Path:
    """Write speeches as odt."""
    from html import escape

    return odt(path, "".join(f"<text:p>{escape(text)}</text:p>" for text in speeches))


def as_rtf(path: Path, speeches: list[str]) -> Path:
    """Write speeches as rtf."""
    body = "".join(f"\\pard {rich(text)}\\par" for text in speeches)
    path.write_text(f"{{\\rtf1\\ansi {body}}}", encoding="ascii")
    return path


def as_html(path: Path, speeches: list[str]) -> Path:
    """Write speeches as html."""
    from html import escape

    path.write_text("".join(f"<p>{escape(text)}" for text in speeches), encoding="utf-8-sig")
    return path


def as_txt(path: Path, speeches: list[str]) -> Path:
    """Write speeches as txt."""
    path.write_text("\n".join(speeches), encoding="utf-8")
    return path


@pytest.mark.parametrize("write", [as_docx, as_odt, as_rtf, as_html, as_txt])
@settings(SHARED, max_examples=60)
@given(speeches=SPEECHES)
def test_no_word_is_lost(
    tmp_path: Path, write: Callable[[Path, list[str]], Path], speeches: list[str]
) -> None:
    """Every word of a known text comes out, in its order, whatever format it went into."""
    path = write(tmp_path / f"a.{write.__name__.removeprefix('as_')}", speeches)
    assert read_document(path, language="id").text.split() == " ".join(speeches).split()


@FEW
@given(
    speeches=st.lists(
        st.lists(
            st.sampled_from(sorted({w for w in words() if w.isascii()})), min_size=1, max_size=9
        ),
        min_size=1,
        max_size=9,
    )
)
def test_no_word_of_a_pdf_is_lost(tmp_path: Path, speeches: list[list[str]]) -> None:
    """Every word of a PDF comes out in its order; lines may have been joined."""
    page = [(72, 760 - 14 * n, " ".join(line)) for n, line in enumerate(speeches)]
    found = read_document(pdf(tmp_path / "a.pdf", [page]), language="id").text.split()
    assert found == [word for line in speeches for word in line]
