"""Cues: a root stands for its family, an affixed word for itself, a phrase for its words."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bantar_qual.codebook import Codebook
from bantar_qual.coders import CueCoder
from bantar_qual.errors import LanguageError
from bantar_qual.records import Coding, Document, Turn

HEAD = "name: t\nlevels: [{key: theme}]\ncodes:\n"


def suggest(
    text: str, *cues: str, language: str = "id", coder: CueCoder | None = None
) -> list[Coding]:
    """Return what a codebook with one code and these cues suggests for a text."""
    listed = "".join(f"\n        - {cue}" for cue in cues)
    book = Codebook.parse(f"{HEAD}  - key: a\n    label: A\n    cues:\n      {language}:{listed}\n")
    turn = Turn(number=1, start=0, end=len(text))
    document = Document(name="t", text=text, language=language, turns=(turn,) if text else ())
    return list((coder or CueCoder()).code(document, book))


@pytest.mark.parametrize(
    ("cue", "text", "found"),
    [
        ("dana", "Pendanaannya seret.", "Pendanaannya"),
        ("dana", "Mereka mendanai sendiri.", "mendanai"),
        ("dana", "Dananyo dak ado.", "Dananyo"),
        ("dana", "Di sana sini ramai.", None),
        ("disampaikan", "Sudah nyampein ke warga.", "nyampein"),
        ("disampaikan", "Kami menyampaikannya kemarin.", "menyampaikannya"),
        ("disampaikan", "Dari pagi sampai sore.", None),
        ("pelatihan", "Pelatihannya sehari.", "Pelatihannya"),
        ("pelatihan", "Mereka melatih anak-anak.", None),
        ("tidak paham", "Kami dak paham.", "dak paham"),
        ("tidak paham", "Warga nggak memahami itu.", "nggak memahami"),
        ("tanggung jawab", "Itu bertanggung jawab penuh.", "bertanggung jawab"),
        (
            "tidak ... sampai",
            "Surat tidak pernah benar sampai ke kami.",
            "tidak pernah benar sampai",
        ),
        ("tidak ... sampai", "Tidak ada surat. Sampai sekarang sepi.", None),
        ("belum ...6 sosialisasi", "Belum sekali pun ada orang dinas sosialisasi.", "Belum sekali"),
        ("belum ...2 sosialisasi", "Belum sekali pun ada orang dinas sosialisasi.", None),
        ("harus ...4 dulu", "Harus ke loket tiga dulu.", "Harus ke loket tiga dulu"),
        (
            "kemarin ...3 sekarang ...3 besok",
            "Kemarin ya, sekarang tidak, besok lain.",
            "Kemarin ya",
        ),
        ('"=kas"', "Kasnya kosong.", "Kasnya"),
        ('"=kas"', "Kasihan dia.", None),
        ('"=kas"', "Terima kasih.", None),
    ],
)
def test_matching(cue: str, text: str, found: str | None) -> None:
    """A cue finds the forms that it should, and no other."""
    because = [coding.because for coding in suggest(text, cue)]
    assert len(because) == bool(found)
    assert all(str(found) in words for words in because)


@pytest.mark.parametrize("word", ["officers", "officer"])
def test_english_families(word: str) -> None:
    """An English cue finds singular and plural."""
    assert suggest(f"Two {word} came.", "officer", language="en")


def test_company() -> None:
    """A cue that needs company counts only with it, and is cancelled by what excludes it."""
    cue = "{cue: staf, near: [kurang], not: [staf ahli]}"
    assert suggest("Stafnya kurang.", cue)
    assert not suggest("Stafnya datang.", cue)
    assert not suggest("Staf ahli kurang setuju.", cue)
    assert not suggest("Stafnya datang. Yang lain kurang.", cue)


def test_leaning() -> None:
    """Where no word rates a sentence, a code may lean; a word that rates it wins."""
    book = Codebook.parse(HEAD + "  - {key: a, label: A, leans: barrier, cues: {id: [pot]}}")

    def rated(text: str) -> list[str | None]:
        turn = Turn(number=1, start=0, end=len(text))
        document = Document(name="t", text=text, language="id", turns=(turn,))
        return [coding.valence for coding in CueCoder().code(document, book)]

    assert rated("Pot di jalan itu.") == ["barrier"]
    assert rated("Potnya lengkap.") == ["enabler"]


def test_one_suggestion_a_sentence_and_code() -> None:
    """Two cues of one code in a sentence are one suggestion, surer than with one."""
    one, two = (
        suggest("Dana kurang.", "dana", "kas"),
        suggest("Dana dan kas kurang.", "dana", "kas"),
    )
    assert (len(one), len(two)) == (1, 1)
    assert one[0].confidence < two[0].confidence < 1


def test_suggestions_cover_the_sentence() -> None:
    """The quote is the sentence, with its stop, without its neighbours."""
    text = "Hujan. Dananya habis! Pulang."
    (coding,) = suggest(text, "dana")
    assert text[coding.start : coding.end] == "Dananya habis!"


def test_interviewer_is_left_out_unless_asked_for() -> None:
    """The interviewer's words are no evidence."""
    book = Codebook.parse(HEAD + "  - {key: a, label: A, cues: {id: [dana]}}")
    turns = (Turn(number=1, start=0, end=10, role="interviewer"),)
    document = Document(name="t", text="Dana kurang", language="id", turns=turns)
    assert not list(CueCoder().code(document, book))
    assert len(list(CueCoder(interviewer=True).code(document, book))) == 1


@given(st.text(max_size=200))
def test_any_text(text: str) -> None:
    """No text breaks the coder, and every suggestion lies inside it."""
    for coding in suggest(text, "dana", "tidak ... ada", coder=SHARED):
        assert 0 <= coding.start < coding.end <= len(text)


SHARED = CueCoder()


def test_emoji_do_not_shift_positions() -> None:
    """Positions are code points: an emoji of several counts as several."""
    text = "👩‍🏫 guru. Dananya é habis."
    (coding,) = suggest(text, "dana")
    assert text[coding.start : coding.end] == "Dananya é habis."


def test_long_text_without_stops() -> None:
    """A hundred thousand words without a stop are read, as one sentence, whatever they say."""
    assert len(suggest("kata " * 100_000 + "dana", "dana")) == 1
    said = "dana tidak ada tapi warga malas datang, bukan soal uang siapa bilang " * 9_000
    (coding,) = suggest(said, "dana", "dana ...6 datang", "{cue: warga, near: [malas]}")
    assert (coding.start, coding.end) == (0, len(said) - 1)
    assert len(coding.because) < 1_000


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("", "id"),
        ("   \n \n", "en"),
        ("Der Etat reicht nicht, und niemand hat uns etwas gesagt.", "id"),
        ("資金が足りない。誰も来なかった。", "en"),
        ("?!?! ... — ;;;", "id"),
    ],
)
def test_nothing_to_read(text: str, language: str) -> None:
    """An empty text, another language or mere punctuation give no suggestion and no error."""
    turn = Turn(number=1, start=0, end=len(text))
    document = Document(name="t", text=text, language=language, turns=(turn,) if text else ())
    assert list(CueCoder().code(document, Codebook.load("edwards-iii"))) == []


def test_language_is_found_out() -> None:
    """A document that does not say its language is read in the language that it is written in."""
    book = Codebook.parse(HEAD + "  - {key: a, label: A, cues: {id: [dana], en: [money]}}")
    for text, because in (
        ("Untuk lampu itu tidak ada dana.", "dana"),
        ("There is no money for the lamps.", "money"),
    ):
        document = Document(name="t", text=text, turns=(Turn(number=1, start=0, end=len(text)),))
        (coding,) = CueCoder().code(document, book)
        assert because in coding.because


def test_unknown_language() -> None:
    """A language that there are no files for is named in one sentence."""
    with pytest.raises(LanguageError, match=r"'fr'.*there are no files for it"):
        suggest("Il n'y a pas d'argent.", "argent", language="fr")


@pytest.mark.parametrize("name", ["edwards-iii", "kampung-bantar", "grindle", "van-meter-van-horn"])
def test_no_cue_stands_twice(name: str) -> None:
    """In a shipped codebook no cue of a code is written twice in the same way."""
    for code in Codebook.load(name):
        for language, cues in code.cues.items():
            twice = [cue.text for cue, times in Counter(cues).items() if times > 1]
            assert twice == [], (code.path, language)
