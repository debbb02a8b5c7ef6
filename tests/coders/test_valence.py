"""Valence: negation, contrast, concession, wishes and denials, sentence by sentence."""

from __future__ import annotations

from math import isfinite

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bantar_qual.codebook import Codebook
from bantar_qual.coders import CueCoder
from bantar_qual.coders.clauses import Rules
from bantar_qual.coders.valence import of_passage, signal_names
from bantar_qual.languages import language, languages
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


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Dulu dananya macet, sekarang lancar.", {"money": "enabler"}),
        ("Bukannya dananya tidak ada.", {"money": "enabler"}),
        ("Tidak ada yang menolak iuran.", {"money": "enabler"}),
        ("Dana tidak pernah terlambat.", {"money": "enabler"}),
        ("Iurannya nggak pernah macet.", {"money": "enabler"}),
        ("Tidak hujan waktu itu dan dananya macet.", {"money": "barrier"}),
        ("Dana hanya satu kali setahun turun.", {"money": "barrier"}),
        ("Dalam penelitian ini dana dilihat dari sumbernya.", {"money": "neutral"}),
        ("Dana seret dan kurang tapi cukup dan lancar.", {"money": "barrier"}),
    ],
)
def test_scope(text: str, expected: dict[str, str | None]) -> None:
    """A negator, a time and a focus reach as far as they do in speech, and no farther."""
    assert rated(text) == expected


def test_denied_cause_gives_way_to_the_next_sentence() -> None:
    """What was only ruled out is left out when the next sentence names the cause."""
    assert set(rated("Bukan soal dana. Warganya yang malas.")) == {"people"}
    assert set(rated("Bukan soal dana. Hari itu hujan.")) == {"money"}


def test_theory_and_private_life_are_no_evidence() -> None:
    """A sentence about theory is not coded, nor a lone cue word in another sense."""
    assert not rated("Menurut Edwards III, warga dan dana menentukan keberhasilan.")
    assert not rated("Anggaran nikah anak saya sudah terkumpul.")
    assert set(rated("Anggaran desa dan dana desa habis, anak saya juga mau nikah.")) == {"money"}


# ---------------------------------------------------------------- whole passages


@pytest.mark.parametrize(
    ("sentences", "language", "expected"),
    [
        (["Orangnya ramah.", "Tapi alatnya rusak."], "id", "barrier"),
        (["Alatnya rusak.", "Tapi sekarang sudah lancar."], "id", "enabler"),
        (["Walaupun dananya terbatas, warga tetap kompak."], "id", "enabler"),
        (["Ribet?", "Tidak."], "id", "enabler"),
        (["Siapa bilang kami malas."], "id", "enabler"),
        (["Jangan bilang penyuluh tidak pernah datang."], "id", "enabler"),
        (["Bukan berarti tidak ada kendala."], "id", "barrier"),
        (["Kewenangan dalam penelitian ini ditinjau dari hak menegur."], "id", "neutral"),
        (["Kelompok ini beranggotakan dua puluh orang."], "id", "neutral"),
        (["We no longer lack staff."], "en", "enabler"),
        (["The office is friendly, but the printer is broken."], "en", "barrier"),
        (["Although money is limited, residents help every week."], "en", "enabler"),
        ([], "id", "neutral"),
        (["", "  "], "id", "neutral"),
    ],
)
def test_passages(sentences: list[str], language: str, expected: str) -> None:
    """A passage is read as a whole: the last word counts most, and contrasts decide."""
    assert of_passage(sentences, language).valence == expected


def test_signals_have_names() -> None:
    """Every number of the signals has a name, the same in every language."""
    names = signal_names()
    assert len(set(names)) == len(names)
    for spoken, sentence in (("id", "Dananya habis."), ("en", "No money."), ("id", "")):
        assert len(of_passage([sentence], spoken).signals) == len(names)


def test_signals_count_what_was_found() -> None:
    """A word and its denial are counted apart."""
    names = signal_names()
    plain, denied = (
        dict(zip(names, of_passage([text], "id").signals, strict=True))
        for text in ("Dananya terlambat.", "Dananya tidak terlambat.")
    )
    assert (plain["barrier"], plain["not barrier"]) == (1, 0)
    assert (denied["barrier"], denied["not barrier"]) == (0, 1)
    assert plain["score"] < 0 < denied["score"]


# ---------------------------------------------------------------- laws

RATED = {"barrier": ["macet", "terlambat", "sulit", "gagal"], "enabler": ["lancar", "memadai"]}
bad, good = st.sampled_from(RATED["barrier"]), st.sampled_from(RATED["enabler"])
SUBJECTS = st.sampled_from(["Dananya", "Anggaran desa", "Iuran warga RT kami", "Dana operasional"])
PLAIN = st.sampled_from(
    [
        "Waktu itu hari Kamis.",
        "Rumahnya di dekat pasar.",
        "Kami duduk di teras.",
        "Lalu makan siang.",
    ]
)


@given(SUBJECTS, bad, good)
def test_a_negator_turns_round(subject: str, bad: str, good: str) -> None:
    """*Tidak* turns a barrier into an enabler and the reverse; two of them give back the first."""
    assert rated(f"{subject} {bad}.")["money"] == "barrier"
    assert rated(f"{subject} tidak {bad}.")["money"] == "enabler"
    assert rated(f"{subject} tidak {good}.")["money"] == "barrier"
    assert of_passage([f"Bukannya {subject.lower()} tidak ada."], "id").valence == "enabler"


@given(bad, good, st.sampled_from(["tapi", "tetapi", "namun", "padahal", "melainkan"]))
def test_the_clause_after_a_contrast_wins(bad: str, good: str, contrast: str) -> None:
    """Whatever stands before a contrast, the clause after it decides, within and across sentences."""
    assert of_passage([f"Jalannya {good}, {contrast} akhirnya {bad}."], "id").valence == "barrier"
    assert of_passage([f"Jalannya {bad}, {contrast} akhirnya {good}."], "id").valence == "enabler"
    after = contrast.capitalize()
    assert of_passage([f"Jalannya {bad}.", f"{after} akhirnya {good}."], "id").valence == "enabler"


@given(bad, good, st.sampled_from(["Walaupun", "Meskipun", "Biarpun", "Kendati"]))
def test_the_clause_after_a_concession_wins(bad: str, good: str, concession: str) -> None:
    """A conceded clause counts less than the main one, on whichever side of it."""
    assert of_passage([f"{concession} jalannya {bad}, hasilnya {good}."], "id").valence == "enabler"
    later = concession.lower()
    assert of_passage([f"Hasilnya {good}, {later} jalannya {bad}."], "id").valence == "enabler"


@given(SUBJECTS, st.one_of(bad, good), st.lists(PLAIN, max_size=3), st.lists(PLAIN, max_size=3))
def test_other_sentences_change_nothing(
    subject: str, word: str, before: list[str], after: list[str]
) -> None:
    """An off-topic sentence changes neither the valence nor the words of another's coding."""
    alone = coded(f"{subject} {word}.")
    assert coded(" ".join([*before, f"{subject} {word}.", *after])) == alone


@given(st.lists(st.sampled_from(
    ["dana", "tidak", "belum", "tapi", "lancar", "macet", "bukan", "soal", "warga", ",", ".", "kalau",
     "ada", "walaupun", "sekarang", "dulu", "siapa", "bilang", "?", "hanya", "dua", "katanya"]), max_size=30)
)  # fmt: skip
def test_because_is_in_the_sentence(words: list[str]) -> None:
    """The words that decided are words of the sentence, and every score is a finite number."""
    text = " ".join(words)
    turn = Turn(number=1, start=0, end=len(text))
    document = Document(name="t", text=text, language="id", turns=(turn,) if text else ())
    for coding in CODER.code(document, BOOK):
        sentence = text[coding.start : coding.end]
        assert coding.because
        assert all(part in sentence for part in coding.because.split("; "))
    reading = of_passage([text], "id")
    assert all(part in text for part in reading.words)
    assert all(isfinite(number) for number in reading.signals)


@pytest.mark.parametrize("name", languages())
def test_no_phrase_speaks_for_both_sides(name: str) -> None:
    """No phrase stands in two rating lists of a language: it would count twice, or against itself."""
    rules = Rules(language(name).valence)
    seen: dict[str, str] = {}
    twice = []
    for phrase, kind, _ in rules.phrases():
        if kind in rules.groups and seen.setdefault(phrase, kind) != kind:
            twice.append(f"{phrase}: {seen[phrase]}, {kind}")
    assert twice == []


def coded(text: str) -> list[tuple[str, str | None, str]]:
    """Return code, valence and reasons of every suggestion."""
    turn = Turn(number=1, start=0, end=len(text))
    document = Document(name="t", text=text, language="id", turns=(turn,))
    return [(c.code, c.valence, c.because) for c in CODER.code(document, BOOK)]
