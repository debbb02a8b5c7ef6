"""Finding what tells who somebody is: recall and precision, and laws that hold for every text."""

from __future__ import annotations

import json
import sys
from collections import Counter
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bantar_qual.privacy import KINDS, USUAL, Known, Names, find
from bantar_qual.privacy.lexicon import lexicon

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))
import anonymising

ID = lexicon("id")
ROWS: list[dict[str, Any]] = anonymising.sentences()


def kinds(text: str, *known: str | Known, language: str = "id") -> list[tuple[str, str]]:
    """Return kind and words of what is found in a text."""
    listed = [one if isinstance(one, Known) else Known(name=one) for one in known]
    names = Names(listed, lexicon(language))
    return [(f.kind, f.words) for f in find(text, language=language, names=names, kinds=KINDS)]


def test_the_labelled_set_says_that_it_is_invented() -> None:
    """The labelled sentences are synthetic and say so, are many, and mark what they say."""
    first = anonymising.LABELLED.read_text(encoding="utf-8").partition("\n")[0]
    assert "Synthetic" in json.loads(first)["about"]
    assert sum(len(row["finds"]) for row in ROWS) >= 200
    assert sum(not row["finds"] for row in ROWS) >= 60
    assert len({row["text"] for row in ROWS}) == len(ROWS)
    for row in ROWS:
        for start, end, _, words in row["finds"]:
            assert row["text"][start:end] == words


@pytest.mark.parametrize(
    ("part", "recall", "precision"),
    [(1, 0.97, 0.97), (2, 0.97, 0.92), (3, 0.95, 0.95), (4, 0.95, 0.95), (5, 0.95, 0.87)],
)
def test_recall_and_precision_stay(part: int, recall: float, precision: float) -> None:
    """In each part of the labelled set what is found and what is right stay above a floor."""
    total: Counter[str] = Counter()
    chosen = [row for row in ROWS if row["part"] == part]
    for kind, count in anonymising.score(chosen).items():
        if kind != "bare":
            total += count
    assert total["right"] >= recall * (total["right"] + total["missed"])
    assert total["right"] >= precision * (total["right"] + total["wrong"])


@pytest.mark.parametrize(
    "text",
    [
        "Rp 3.204.112.505",
        "Rp1.571.024.505.780.003",
        "UU No. 25 Tahun 2009, SK 470/12/2019, Perda 13/2018",
        "pukul 19.30–22.15, tahun 2015-2019",
        "Bapak-bapak dan ibu-ibu, Pak RT, Bu Lurah, Pak Camat",
        "Dinas Kesehatan dan Kampung Bantar",
        "Sabar ya, Pak. Saya catat dulu.",
        "Kode kegiatan 1.20.1.20.03.15.24",
        "Kode 081234567890 di formulir",
        "",
        "   \n\n",
    ],
)
def test_what_only_looks_like_it(text: str) -> None:
    """Money, laws, times, roles, offices and programmes tell nobody."""
    assert kinds(text) == []


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("Budinya sudah datang", "Budi"),
        ("Ya Budi-lah orangnya", "Budi"),
        ("kata si budi begitu", "budi"),
        ("BUDI tidak hadir", "BUDI"),
        ("rumah Budi Santoso itu", "Budi Santoso"),
        ("rumah Budi\nSantoso itu", "Budi\nSantoso"),
        ("Pak Santoso yang bilang", "Santoso"),
        ("H. Budi Santoso, S.Sos., M.Si. hadir", "H. Budi Santoso, S.Sos., M.Si."),
        ("rumah Bu\u00addi itu", "Bu\u00addi"),
        ("rumah Boedi Santoso", "Boedi Santoso"),
        ("ke rumah B. Santoso", "B. Santoso"),
    ],
)
def test_a_known_name_in_every_dress(said: str, found: str) -> None:
    """A listed name is found in any case and spelling, with clitic, title and degree."""
    assert ("name", found) in kinds(said, "Budi Santoso")


@pytest.mark.parametrize(
    "said",
    ["kebudian itu", "Budiman dermawan", "orang berbudi luhur", "Budianto", "Subudi", "Jumlah"],
)
def test_a_known_name_is_no_part_of_a_word(said: str) -> None:
    """What only begins like a name, or is made of the same letters, is another word."""
    assert kinds(said, "Budi Santoso", "Jum") == []


def test_accents_however_they_are_written() -> None:
    """An accent may be one sign or two."""
    for said in ("José pulang", "Jose\u0301 pulang", "JOSE pulang"):
        ((kind, _),) = kinds(said, "José")
        assert kind == "name"


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("Kepala desa Sarbini hadir.", ("name", "Sarbini")),
        ("Kepala Desa Sukamaju hadir.", ("village", "Desa Sukamaju")),
        ("Wali Kota Jambi hadir.", ("town", "Kota Jambi")),
    ],
)
def test_behind_a_head_a_person_is_asked(said: str, found: tuple[str, str]) -> None:
    """Behind the head of a place may stand the person or the place: it is always asked."""
    (one,) = find(said, language="id", kinds=KINDS)
    assert ((one.kind, one.words), one.sure) == (found, False)


def test_cards_need_their_word() -> None:
    """A number of an insurance or a passport is found behind the word that says so, only."""
    assert kinds("BPJS saya 0001847265930, paspor C4471902.") == [
        ("bpjs", "0001847265930"),
        ("passport", "C4471902"),
    ]
    assert kinds("Kode gudang C4471902, halaman 1847265930123.") == []


def test_two_people_of_one_name_are_asked_about() -> None:
    """A first name that two people have is never given to one of them without asking."""
    names = Names([Known(name="Rahmat Hidayat"), Known(name="Rahmat Saleh")], ID)
    (one,) = find("Tadi Pak Rahmat telepon.", language="id", names=names)
    assert (one.words, one.sure, len(one.known)) == ("Rahmat", False, 2)
    (other,) = find("Tadi Rahmat Saleh telepon.", language="id", names=names)
    assert (other.sure, other.known) == (True, (1,))


def test_rt_and_rw_only_if_asked() -> None:
    """RT and RW are often wanted in the findings: they are found only if that is said."""
    said = "Saya di RT 03/RW 05."
    assert find(said, language="id", kinds=USUAL) == []
    assert [f.words for f in find(said, language="id", kinds=KINDS)] == ["RT 03/RW 05"]


def test_pseudonyms_are_left_alone() -> None:
    """What stands for somebody already is not found again, not even behind a title."""
    said = "Pak Darmo dan Bu [Warga A] dan Pak Budi."
    found = find(said, language="id", pseudonyms=["Darmo", "[Warga A]"])
    assert [f.words for f in found] == ["Budi"]


days = st.integers(1, 28)


@given(st.integers(11, 94), days, st.integers(1, 12), st.integers(0, 999_999), st.booleans())
def test_every_nik_is_found(province: int, day: int, month: int, rest: int, woman: bool) -> None:
    """A number with a province and a day of birth is found, a woman's day being forty more."""
    nik = f"{province}7102{day + 40 * woman:02}{month:02}{rest:06}"
    assert kinds(f"Ini {nik}, dicatat.") == [("nik", nik)]


@given(st.integers(1, 10**13))
def test_money_is_never_found(amount: int) -> None:
    """No amount is a number of anybody, however large."""
    said = f"Anggarannya Rp {amount:,} setahun.".replace(",", ".")
    assert kinds(said) == []


PIECES = st.lists(st.sampled_from([row["text"] for row in ROWS]), min_size=1, max_size=4)


@settings(max_examples=60, deadline=None)
@given(PIECES, st.sampled_from(["\n", " ", "\n\n", "\r\n", " – "]), st.sampled_from(["id", "en"]))
def test_finds_lie_apart_and_say_what_is_there(
    pieces: list[str], between: str, language: str
) -> None:
    """No find lies in or across another, and each says exactly the words at its place."""
    text = between.join(pieces)
    names = Names(
        [Known(name="Budi Santoso"), Known(name="Eka Jaya", kind="village")], lexicon(language)
    )
    found = find(text, language=language, names=names, kinds=KINDS)
    for one in found:
        assert text[one.start : one.end] == one.words
        assert one.words == one.words.strip()
        assert one.kind in KINDS
    assert all(a.end <= b.start for a, b in pairwise(found))


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=200))
def test_any_text_can_be_read(text: str) -> None:
    """Whatever a text holds, looking through it comes to an end and says what is there."""
    for language in ("id", "en"):
        for one in find(text, language=language, kinds=KINDS):
            assert text[one.start : one.end] == one.words


@pytest.mark.parametrize(
    "piece", ["a", "a-", "A-", "x.x@", "1 ", " ", "(", "A, S.Sos, ", "Jl. A No "]
)
def test_long_monotony_comes_to_an_end(piece: str) -> None:
    """A text of one thing over and over, such as a broken file, is gone through once."""
    find(piece * (40_000 // len(piece)), language="id", kinds=KINDS)


def test_the_page_tells_what_the_command_prints(capsys: pytest.CaptureFixture[str]) -> None:
    """Every figure on the page about anonymising is printed by the command."""
    anonymising.main()
    printed = capsys.readouterr().out.splitlines()
    page = Path(__file__).parents[2] / "docs" / "anonymising.md"
    figures = page.read_text(encoding="utf-8").partition("## Figures")[2]
    told = [line for line in figures.splitlines() if line.startswith("|")]
    assert len(told) > 20
    assert set(told) <= set(printed)
