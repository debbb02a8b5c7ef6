"""Valence: negation, contrast, concession, wishes and denials, sentence by sentence."""

from __future__ import annotations

import pytest

from bantar_qual.codebook import Codebook
from bantar_qual.coders import CueCoder
from bantar_qual.records import Document, Turn

BOOK = Codebook.parse(
    """
name: t
levels: [{key: theme}]
codes:
  - {key: money, label: M, cues: {id: [dana, anggaran, iuran], en: [budget, money]}}
  - {key: people, label: P, cues: {id: [warga, petugas], en: [staff, residents]}}
  - {key: news, label: N, cues: {id: [sosialisasi], en: [meeting]}}
"""
)
CODER = CueCoder()


def rated(text: str, language: str = "id") -> dict[str, str | None]:
    """Return the valence of every code that a sentence is suggested for."""
    turn = Turn(number=1, start=0, end=len(text))
    document = Document(name="t", text=text, language=language, turns=(turn,))
    return {coding.code: coding.valence for coding in CODER.code(document, BOOK)}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Dananya kurang.", {"money": "barrier"}),
        ("Dananya tidak ada.", {"money": "barrier"}),
        ("Dak ado dananyo.", {"money": "barrier"}),
        ("Dana nggak ada sama sekali.", {"money": "barrier"}),
        ("Dananya lancar.", {"money": "enabler"}),
        ("Dananya tidak lancar.", {"money": "barrier"}),
        ("Dananya tidak kurang.", {"money": "enabler"}),
        ("Soal dana tidak ada kendala.", {"money": "enabler"}),
        ("Dana dak ado masalah.", {"money": "enabler"}),
        ("Dana susah, tapi warga semangat.", {"money": "barrier", "people": "enabler"}),
        (
            "Warga semangat, cuma dananya seret dan susah.",
            {"people": "enabler", "money": "barrier"},
        ),
        ("Walaupun dana terbatas, warga tetap kompak.", {"money": "barrier", "people": "enabler"}),
        ("Sosialisasi sudah, tapi warga tidak peduli.", {"news": "enabler", "people": "barrier"}),
        ("Kalau ada dana, jalan semua.", {"money": "barrier"}),
        ("Semoga anggaran ditambah.", {"money": "barrier"}),
        ("Bukan soal dana, warga yang malas.", {"people": "barrier"}),
        ("Ini bukan soal dana.", {"money": "enabler"}),
        ("Iuran dua puluh ribu sebulan.", {"money": None}),
        ("Belum ada sosialisasi.", {"news": "barrier"}),
        ("Sosialisasinya belum pernah.", {"news": "barrier"}),
        ("Petugas belum dilatih.", {"people": "barrier"}),
    ],
)
def test_indonesian(text: str, expected: dict[str, str | None]) -> None:
    """A sentence is read as somebody who speaks the language reads it."""
    assert rated(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("There is no budget.", {"money": "barrier"}),
        ("The budget is sufficient.", {"money": "enabler"}),
        ("The budget is not sufficient.", {"money": "barrier"}),
        (
            "The budget was late, but residents were eager.",
            {"money": "barrier", "people": "enabler"},
        ),
        ("We do not lack staff.", {"people": "enabler"}),
    ],
)
def test_english(text: str, expected: dict[str, str | None]) -> None:
    """The same rules read English from English words."""
    assert rated(text, "en") == expected
