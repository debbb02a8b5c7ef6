"""Encodings: the right letters, or a word of doubt; never a replacement sign in silence."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bantar_qual.errors import UnreadableDocument
from bantar_qual.importers import read_document
from bantar_qual.importers.encodings import decode
from bantar_qual.text.clean import clean, cleaning

QUOTES = "Informan: Dananya “seret” – café itu nombok, résumé ‘lama’…\n"
PLAIN = "Informan: café itu résumé.\n"


@pytest.mark.parametrize(
    ("text", "written", "read"),
    [
        (QUOTES, "utf-8", "utf-8"),
        (QUOTES, "utf-8-sig", "utf-8-sig"),
        (QUOTES, "utf-16", "utf-16"),
        (QUOTES, "utf-16-le", "utf-16-le"),
        (QUOTES, "utf-16-be", "utf-16-be"),
        (QUOTES, "utf-32", "utf-32"),
        (QUOTES, "utf-32-le", "utf-32-le"),
        (QUOTES, "cp1252", "Windows-1252"),
        (QUOTES, "mac-roman", "Mac Roman"),
        (PLAIN, "latin-1", "Windows-1252"),
        (PLAIN, "mac-roman", "Mac Roman"),
        ("Informan: ya.\n", "ascii", "utf-8"),
    ],
)
def test_table(tmp_path: Path, text: str, written: str, read: str) -> None:
    """Each encoding is read as it was written, recorded, and doubted where it was guessed."""
    path = tmp_path / "a.txt"
    path.write_bytes(text.encode(written))
    document = read_document(path, language="id")
    assert (document.text, document.encoding) == (text, read)
    guessed = read in {"utf-16-le", "utf-16-be", "utf-32-le", "Windows-1252", "Mac Roman"}
    assert any("read as" in note for note in document.notes) == guessed


def test_doubt_shows_words(tmp_path: Path) -> None:
    """A guess shows the words to look at, and what to do if they are wrong; then it is done."""
    path = tmp_path / "a.txt"
    path.write_bytes("Informan: cafÈ ÈËÎ".encode("cp1252"))
    (note,) = read_document(path, language="id").notes[:1]
    assert "caf" in note
    assert "encoding='" in note
    assert "cafÈ" in read_document(path, language="id", encoding="cp1252").text
    with pytest.raises(UnreadableDocument, match="no encoding 'klingon'"):
        read_document(path, encoding="klingon")
    with pytest.raises(UnreadableDocument, match="cannot be read"):
        read_document(path, encoding="utf-8")


def test_already_lost(tmp_path: Path) -> None:
    """Letters that were lost or garbled before are told."""
    path = tmp_path / "a.txt"
    path.write_text("Informan: caf\ufffd dan \u00e2\u20ac\u0153seret\n", encoding="utf-8")
    notes = read_document(path, language="id").notes
    assert any("lost before" in note for note in notes)
    assert any("garbled" in note for note in notes)


@given(data=st.binary(min_size=1, max_size=300))
def test_any_bytes(data: bytes) -> None:
    """Whatever the bytes, they are refused, or decoded to letters that encode to them again."""
    try:
        text, name, _ = decode(data, Path("a.txt"))
    except UnreadableDocument:
        return
    codec = {"Windows-1252": "cp1252", "Mac Roman": "mac-roman", "utf-32": "", "utf-16": ""}
    if codec.get(name, name):
        assert text.encode(codec.get(name, name)) == data


ODD = st.text(st.sampled_from("ab \r\n\x00\u2028\ufeff\ud83d\ude00😀é\x85\x0c"), max_size=30)


@given(text=ODD)
def test_places_follow(text: str) -> None:
    """Every letter that stays is found at the place that its old place has become."""
    cleaned = cleaning(text)
    assert (cleaned.text, cleaned.removed) == clean(text)
    places = [cleaned.place(position) for position in range(len(text) + 1)]
    assert places == sorted(places)
    assert all(0 <= place <= len(cleaned.text) for place in places)
    for position, letter in enumerate(text):
        if letter in "ab é😀":
            assert cleaned.text[places[position]] == letter
