"""Turns: every layout that transcripts come in, and texts that only look like one."""

from __future__ import annotations

import pytest

from bantar_qual.languages import language
from bantar_qual.text.turns import Layout, layout

ID, EN = language("id"), language("en")


def said(text: str, found: Layout) -> list[tuple[str, str, str]]:
    """Return (speaker, role, speech) of every turn."""
    return [(t.speaker, t.role, text[t.start : t.end]) for t in found.turns]


LAYOUTS = [
    "Pewawancara: Apa kabar?\nInforman: Baik.",
    "Pewawancara : Apa kabar?\n\nInforman : Baik.",
    "PEWAWANCARA: Apa kabar?\nINFORMAN: Baik.",
    "[00:00:01] Pewawancara: Apa kabar?\n[00:00:05] Informan: Baik.",
    "Pewawancara [00:00:01]: Apa kabar?\nInforman (00:00:05): Baik.",
    "00:01 Pewawancara: Apa kabar?\n00:05 Informan: Baik.",
    "**Pewawancara:** Apa kabar?\n\n**Informan:** Baik.",
    "**Pewawancara**: Apa kabar?\n**Informan**: Baik.",
    "Pewawancara\nApa kabar?\n\nInforman\nBaik.",
    "**Pewawancara**\nApa kabar?\n**Informan**\nBaik.",
    "P: Apa kabar?\nI: Baik.",
    "T: Apa kabar?\nJ: Baik.",
    "Q: Apa kabar?\nA: Baik.",
    "Peneliti: Apa kabar?\nNarasumber 1: Baik.",
    "Tanya: Apa kabar?\nJawab: Baik.",
    "Peneliti: Apa kabar?\nPak RT: Baik.",
    "Peneliti: Apa kabar?\nKetua RT 07: Baik.",
]


@pytest.mark.parametrize("text", LAYOUTS)
def test_layouts(text: str) -> None:
    """In every layout the interviewer asks, the informant answers, and labels stay outside."""
    found = layout(text, ID)
    assert [(role, speech) for _, role, speech in said(text, found)] == [
        ("interviewer", "Apa kabar?"),
        ("informant", "Baik."),
    ]
    assert found.kind == "interview"


def test_time_stamps_are_kept() -> None:
    """The time stamp goes with its turn, not into its words."""
    text = "[00:01:05] Pewawancara: Ya?\nInforman [1:20]: Ya."
    assert [turn.time for turn in layout(text, ID).turns] == ["00:01:05", "1:20"]


@pytest.mark.parametrize(
    ("text", "asks"),
    [("I: What went wrong?\nP: Money.\nI: Why?\nP: Ask them.", "I"), ("P: Why?\nR: Money.", "P")],
)
def test_single_letters_are_read_by_who_asks(text: str, asks: str) -> None:
    """P asks in one transcript and answers in the next: who asks is the interviewer."""
    roles = {turn.speaker: turn.role for turn in layout(text, EN).turns}
    assert {speaker for speaker, role in roles.items() if role == "interviewer"} == {asks}


def test_names_are_read_by_who_asks_and_said_so() -> None:
    """Between two plain names the one who asks is taken for the interviewer, with a note."""
    text = "\n".join(
        ["Sari: Lalu?", "Wak Nur: Lalu hujan.", "Sari: Kapan?", "Wak Nur: Kemarin."] * 2
    )
    found = layout(text, ID)
    assert {t.speaker: t.role for t in found.turns} == {
        "Sari": "interviewer",
        "Wak Nur": "informant",
    }
    assert "Sari" in found.notes[0]


def test_header() -> None:
    """Fields above the talk become attributes; a field named like a speaker is no turn."""
    text = (
        "Judul: Wawancara\nKode informan: KRT-01\nTanggal: 12 Maret 2019\nPewawancara: SN\n\n"
        "Pewawancara: Mulai?\nInforman: Mulai."
    )
    found = layout(text, ID)
    assert found.attributes == {
        "title": "Wawancara", "case": "KRT-01", "date": "12 Maret 2019", "interviewer": "SN",
    }  # fmt: skip
    assert [t.speaker for t in found.turns] == ["Pewawancara", "Informan"]


def test_header_in_a_table() -> None:
    """A header that was a table in Word is read the same."""
    found = layout("Kode informan\tA-1\nTanggal\t1 Mei 2019\n\nP: Ya?\nI: Ya.", ID)
    assert found.attributes == {"case": "A-1", "date": "1 Mei 2019"}


def test_speech_that_begins_like_a_header() -> None:
    """A first answer without any header is a turn, not a field."""
    found = layout("Informan: Ya, betul, kami di sini sudah lama.\nPewawancara: Berapa lama?", ID)
    assert [t.speaker for t in found.turns] == ["Informan", "Pewawancara"]


def test_several_paragraphs_are_one_turn() -> None:
    """What follows without a label belongs to the speaker above it."""
    text = "P: Lalu?\nI: Satu.\n\nDua.\n(Tertawa.)\nP: Ya?"
    assert said(text, layout(text, ID))[1][2] == "Satu.\n\nDua.\n(Tertawa.)"


@pytest.mark.parametrize(
    "text",
    [
        "Jenis: Catatan observasi\n\nCatatan: sepi.\nCatatan: hujan.\nCatatan: ramai.",
        "Catatan: sepi sekali.\n\nCatatan: hujan.\n\nCatatan: ramai lagi.",
        "Ada tiga hal: dana, orang, waktu.\nPertama: dana.\n\nKedua: orang.",
    ],
)
def test_notes_are_no_talks(text: str) -> None:
    """A note in which lines begin with a word and a colon has no speakers."""
    found = layout(text, ID)
    assert found.kind != "interview"
    assert all(not turn.speaker for turn in found.turns)


def test_kind_from_the_file_name() -> None:
    """Without a header the file's name tells an observation note."""
    assert layout("Pagi itu hujan.", ID, name="observasi-01").kind == "observation"


@pytest.mark.parametrize("text", ["", "\n\n", ":", "::::", "A:", "[00:00]", "P:\nI:\n"])
def test_odd_texts(text: str) -> None:
    """A text with nothing in it has no turns, and nothing breaks."""
    assert layout(text, ID).turns == ()


@pytest.mark.parametrize("text", LAYOUTS)
def test_turns_are_ordered_and_disjoint(text: str) -> None:
    """Turns follow each other, numbered from one, trimmed of white space."""
    found = layout(text, ID)
    assert [t.number for t in found.turns] == list(range(1, len(found.turns) + 1))
    ends = [0, *(t.end for t in found.turns)]
    assert all(
        before <= turn.start < turn.end for before, turn in zip(ends, found.turns, strict=False)
    )
    assert all(text[t.start : t.end] == text[t.start : t.end].strip() for t in found.turns)
