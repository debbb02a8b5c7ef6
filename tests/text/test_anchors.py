"""Anchors: the words of a coding are found again, or a person is asked."""

from __future__ import annotations

import random
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bantar_qual.files import shipped
from bantar_qual.text.alignment import align, common
from bantar_qual.text.anchors import Anchor, reanchor
from tests.text.editing import edits, spans, texts

OLD = (
    "Pewawancara: Bagaimana dananya, Pak?\n"
    "Informan: Dananya tdk ada. Warga patungan sendiri tiap bulan.\n"
    "Pewawancara: Ada lagi?\n"
    "Informan: Tidak.\n"
    "Pewawancara: Soal pegawai?\n"
    "Informan: Pegawainya dua, 👩🏽‍🌾 satu sakit. Kriterianya kami tidak paham.\n"
    "Pewawancara: Ada lagi?\n"
    "Informan: Tidak.\n"
)


def one(words: str, new: str, *, nth: int = 0, old: str = OLD) -> tuple[str, str]:
    """Return the state of some words of the old text, and the words at their place in the new."""
    start = -1
    for _ in range(nth + 1):
        start = old.index(words, start + 1)
    (anchor,) = reanchor(old, new, [(start, start + len(words))])
    return anchor.state, new[anchor.start : anchor.end]


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_only_the_same_words_are_sure(data: st.DataObject) -> None:
    """After any corrections a sure place holds the old words, and every place lies in the text."""
    old = data.draw(texts)
    new = data.draw(edits(old))
    chosen = data.draw(spans(old))
    found = reanchor(old, new, chosen)
    assert len(found) == len(chosen)
    for (start, end), anchor in zip(chosen, found, strict=True):
        assert 0 <= anchor.start < anchor.end <= len(new)
        assert 0.0 <= anchor.score <= 1.0
        if anchor.state in {"kept", "moved"}:
            assert new[anchor.start : anchor.end] == old[start:end]
            assert (anchor.state == "kept") == (anchor.start == start)


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_the_same_text_keeps_everything(data: st.DataObject) -> None:
    """In the same text every stretch is kept where it is."""
    old = data.draw(texts)
    chosen = data.draw(spans(old))
    assert reanchor(old, old, chosen) == [Anchor(a, b, "kept", 1.0) for a, b in chosen]


@settings(max_examples=100, deadline=None)
@given(st.data(), st.text("abc ÄÖ\n", min_size=1, max_size=30))
def test_words_in_front_move_everything(data: st.DataObject, head: str) -> None:
    """A line in front of a text shifts what stands in it, by its length and in order."""
    old = data.draw(texts)
    new = f"{head}\n{old}"
    chosen = data.draw(spans(old))
    for (start, end), anchor in zip(chosen, reanchor(old, new, chosen), strict=True):
        if anchor.state == "moved":
            assert (anchor.start, anchor.end) == (start + len(head) + 1, end + len(head) + 1)
        assert anchor.state != "lost"


def test_a_correction_elsewhere_moves() -> None:
    """What a correction did not touch goes along, also where its words stand twice."""
    new = OLD.replace("Bagaimana dananya, Pak?", "Bagaimana dananya selama ini, Pak?")
    assert one("Warga patungan sendiri tiap bulan.", new) == (
        "moved",
        "Warga patungan sendiri tiap bulan.",
    )
    for nth in (0, 1):
        start = OLD.replace("Tidak.", "x" * 6, nth).index("Tidak.")
        (anchor,) = reanchor(OLD, new, [(start, start + 6)])
        assert (anchor.state, anchor.start) == ("moved", start + len(" selama ini"))


def test_a_corrected_word_is_asked_about() -> None:
    """Where a word inside was corrected, the corrected words are offered."""
    new = OLD.replace("tdk", "tidak")
    assert one("Dananya tdk ada.", new) == ("unsure", "Dananya tidak ada.")
    assert one("tdk", new) == ("unsure", "tidak")


def test_a_part_of_a_word_is_not_the_word() -> None:
    """A word that became a part of a longer one is offered, not taken."""
    old = "Ya, dana itu kurang. Cafe tutup."
    assert one("dana", old.replace("dana", "dananya"), old=old)[0] == "unsure"
    assert one("Cafe", old.replace("Cafe", "Cafe\u0301"), old=old)[0] == "unsure"
    assert one("👩", OLD.replace("👩🏽‍🌾", "👩"), old=OLD.replace("👩🏽‍🌾", "👩 "))[0] == "kept"
    assert one("👩", OLD, old=OLD.replace("👩🏽‍🌾", "👩"))[0] == "unsure"


def test_a_moved_paragraph_takes_its_codings_along() -> None:
    """What stands in a paragraph that was put elsewhere is found there."""
    lines = OLD.splitlines(keepends=True)
    new = "".join([*lines[4:6], *lines[:4], *lines[6:]])
    assert one("Kriterianya kami tidak paham.", new) == ("moved", "Kriterianya kami tidak paham.")
    assert one("Warga patungan", new)[0] == "moved"


def test_words_that_are_gone_are_lost() -> None:
    """Deleted words are lost, and the place is where they stood."""
    new = OLD.replace(" Warga patungan sendiri tiap bulan.", "")
    (anchor,) = reanchor(OLD, new, [(64, 98)])
    assert OLD[64:98] == "Warga patungan sendiri tiap bulan."
    assert anchor.state == "lost"
    assert abs(anchor.start - new.index("\nPewawancara: Ada")) <= 1


def test_which_of_two_is_gone_nobody_knows() -> None:
    """Where one of two same passages was deleted, both codings are asked about."""
    old = "Awal kata. Betul sekali itu. Betul sekali itu. Akhir kata."
    new = old.replace(" Betul sekali itu.", "", 1)
    places = [old.index("Betul"), old.rindex("Betul")]
    found = reanchor(old, new, [(at, at + 17) for at in places])
    assert [anchor.state for anchor in found] == ["unsure"] * 2
    assert {new[anchor.start : anchor.end] for anchor in found} == {"Betul sekali itu."}


def test_neighbours_decide_between_places() -> None:
    """Of several places with the same words, the one with the old neighbours is taken."""
    old = "Soal uang: tidak ada. Soal orang: tidak ada. Soal alat: tidak ada."
    new = "Soal alat: tidak ada. Soal uang: tidak ada. Soal orang: tidak ada."
    start = old.index("tidak ada", old.index("alat"))
    (anchor,) = reanchor(old, new, [(start, start + 9)])
    assert new[anchor.start - 6 : anchor.start] == "alat: "


def test_shipped_interviews_survive_typing_errors() -> None:
    """One corrected word in fifty: no sentence is lost, and no sure one is another sentence."""
    draw = random.Random(7)  # noqa: S311
    for path in sorted(shipped("interviews").glob("*.txt"))[:4]:
        old = path.read_text(encoding="utf-8")
        cuts = [0, *(i + 1 for i, sign in enumerate(old) if sign in ".?!\n"), len(old)]
        chosen = [(a, b) for a, b in pairwise(cuts) if len(old[a:b].strip()) > 8]
        words, places, at = [], [], 0
        for word in old.split(" "):
            places.append(at)
            words.append(word + "k" if draw.random() < 0.02 else word)
            at += len(word) + 1
        new = " ".join(words)
        found = reanchor(old, new, chosen)
        assert not [a for a in found if a.state == "lost"]
        for (start, end), anchor in zip(chosen, found, strict=True):
            added = sum(
                len(word) - len(was)
                for word, was, place in zip(words, old.split(" "), places, strict=True)
                if place + len(was) <= start
            )
            if anchor.state in {"kept", "moved"}:
                assert anchor.start == start + added, old[start:end]


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.sampled_from("abcde"), max_size=40), st.lists(st.sampled_from("abcde"), max_size=40)
)
def test_alignment_is_in_order(old: list[str], new: list[str]) -> None:
    """Aligned words are the same words, each once, in the same order."""
    twins = align(old, new)
    pairs = [(i, j) for i, j in enumerate(twins) if j >= 0]
    assert all(old[i] == new[j] for i, j in pairs)
    assert all(before < after for (_, before), (_, after) in pairwise(pairs))


@pytest.mark.parametrize("size", [400, 4000])
def test_a_long_alignment_finds_the_rest(size: int) -> None:
    """Where one word in ten is another, all others are aligned, however long the text."""
    draw = random.Random(size)  # noqa: S311
    old = [f"w{draw.randrange(size // 4)}" for _ in range(size)]
    new = [f"x{i}" if draw.random() < 0.1 else word for i, word in enumerate(old)]
    twins = align(old, new)
    right = sum(twins[i] == i for i in range(size) if old[i] == new[i])
    assert right > 0.97 * sum(a == b for a, b in zip(old, new, strict=True))


@given(st.text("ab", max_size=60), st.text("ab", max_size=60), st.data())
def test_common_counts_what_agrees(one_text: str, other: str, data: st.DataObject) -> None:
    """Counting in strides gives what counting one by one gives, in both directions."""
    at = data.draw(st.integers(0, len(one_text)))
    there = data.draw(st.integers(0, len(other)))
    forth = 0
    for a, b in zip(one_text[at:], other[there:], strict=False):
        if a != b:
            break
        forth += 1
    back = 0
    for a, b in zip(one_text[:at][::-1], other[:there][::-1], strict=False):
        if a != b:
            break
        back += 1
    assert common(one_text, at, other, there, step=1) == forth
    assert common(one_text, at, other, there, step=-1) == back
