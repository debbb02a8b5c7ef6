"""Layouts as people type them: headers, focus groups, guides, machines, and what is no speaker."""

from __future__ import annotations

import pytest

from bantar_qual.languages import language
from bantar_qual.records import Mark
from bantar_qual.text.turns import Layout, layout

ID, EN = language("id"), language("en")


def said(text: str, found: Layout) -> list[tuple[str, str]]:
    """Return (speaker, speech) of every turn."""
    return [(t.speaker, text[t.start : t.end]) for t in found.turns]


def test_focus_group() -> None:
    """In a focus group also those speak who speak once; a colon in speech is no speaker."""
    text = (
        "Moderator: Mulai, Bapak Ibu?\nRina: Mulai.\nIbu Sri (PKK): Saya dulu.\nPeserta 1: Dana: itu yang kurang.\n"
        "Pak RT bilang: sabar.\nModerator: Lalu?\nPeserta 2: Contohnya begini: lampu.\nTahun 2019: tidak ada.\n"
        "Peserta 10: Betul.\nModerator: Ada lagi?\nKetua RT 07: Tidak."
    )
    found = layout(text, ID)
    assert said(text, found) == [
        ("Moderator", "Mulai, Bapak Ibu?"),
        ("Rina", "Mulai."),
        ("Ibu Sri (PKK)", "Saya dulu."),
        ("Peserta 1", "Dana: itu yang kurang.\nPak RT bilang: sabar."),
        ("Moderator", "Lalu?"),
        ("Peserta 2", "Contohnya begini: lampu.\nTahun 2019: tidak ada."),
        ("Peserta 10", "Betul."),
        ("Moderator", "Ada lagi?"),
        ("Ketua RT 07", "Tidak."),
    ]
    assert "'Rina' spoke once or twice" in " ".join(found.notes)
    assert [t.role for t in found.turns].count("interviewer") == 3


@pytest.mark.parametrize(
    "line",
    [
        "CONTEXT", "T4", "Data provenance: none", "10:36 kami datang", "Jam 10:36 kami datang", "Interviewee. I'm sorry",
        "He said: no", "[Redacted city name]", "Catatan: hujan", "Contoh: lampu", "http://a.b", "- bullet: x", "(tertawa)",
        "Rp 5.000: mahal", "katanya: begitu", "Kami, warga: tidak", "…", "Pertama: dana", "Data: tiga",
    ],
)  # fmt: skip
def test_no_speakers(line: str) -> None:
    """A heading, a time, a note or a colon in running speech opens no turn."""
    text = f"Interviewer: Why?\nInterviewee: Well.\n{line}\nInterviewer: And?\nInterviewee: Yes."
    for spoken in (ID, EN):
        assert said(text, layout(text, spoken)) == [
            ("Interviewer", "Why?"),
            ("Interviewee", f"Well.\n{line}"),
            ("Interviewer", "And?"),
            ("Interviewee", "Yes."),
        ]


@pytest.mark.parametrize("answer", ["", "Jawab: ", "Jawaban:\n"])
def test_a_guide_with_numbered_questions(answer: str) -> None:
    """The numbered questions of a guide are the interviewer's, with or without labelled answers."""
    asked = ["Apa kendalanya?", "Sejak kapan?", "Siapa yang tahu?"]
    text = "\n".join(
        f"{n}. {question}\n{answer}Dana nomor {n}." for n, question in enumerate(asked, 1)
    )
    found = layout(text, ID)
    label = answer.strip(": \n")
    assert said(text, found) == [
        part
        for n, question in enumerate(asked, 1)
        for part in (("Pertanyaan", question), (label, f"Dana nomor {n}."))
    ]
    assert [t.role for t in found.turns] == ["interviewer", "informant"] * 3


def test_a_guide_alone_is_no_talk() -> None:
    """A list of questions without answers is a document."""
    found = layout("1. Apa kendalanya?\n2. Sejak kapan?\n3. Siapa yang tahu?\n4. Lalu?", ID)
    assert found.kind == "document"
    assert all(not turn.speaker for turn in found.turns)


@pytest.mark.parametrize("word", ["Pertanyaan", "Question", "Pergunta"])
@pytest.mark.parametrize("sign", [":", ".", ")"])
def test_numbered_question_words(word: str, sign: str) -> None:
    """The number of a question is no person's, and the answer under it has no label."""
    words = ["Dana: itu.", "Orang: ada.", "RT 07: tidak.", "Begini."]
    text = "\n\n".join(
        f"{word} {n}{sign} Apa?\n{first}\nBaris dua." for n, first in enumerate(words, 1)
    )
    found = layout(text, ID)
    assert said(text, found) == [
        p for first in words for p in ((word, "Apa?"), ("", f"{first}\nBaris dua."))
    ]
    assert {t.role for t in found.turns if not t.speaker} == {"informant"}


def test_bold_labels_and_bold_questions() -> None:
    """Bold words at the start of lines are labels; bold questions are the interviewer's."""
    text = "Pewawancara Apa kabar?\nInforman Baik.\nPewawancara Lalu?\nInforman Sudah."
    bold = [(0, 11), (23, 31), (38, 49), (56, 64)]
    assert said(text, layout(text, ID, strong=bold)) == [
        ("Pewawancara", "Apa kabar?"),
        ("Informan", "Baik."),
        ("Pewawancara", "Lalu?"),
        ("Informan", "Sudah."),
    ]
    text = "Apa kendalanya?\nDananya.\nSejak kapan?\nLama.\nSiapa?\nSaya."
    bold = [(0, 15), (25, 37), (44, 50)]
    assert said(text, layout(text, ID, strong=bold))[:2] == [
        ("Pertanyaan", "Apa kendalanya?"),
        ("", "Dananya."),
    ]
    assert layout(text, ID).kind == "document"


def test_otter() -> None:
    """Otter's names and times stand alone; an unnamed voice and its last line are known."""
    text = (
        "Rapat satu\n\nSUMMARY KEYWORDS\ndana, warga\n\nSari  0:03\nApa kabar?\n\nUnknown Speaker  53:34\nYa.\n\n"
        "0:59\nTidak.\n\nBudi  1:02:03\nBegitu.\n\nTranscribed by https://otter.ai"
    )
    found = layout(text, ID)
    assert [(t.speaker, t.time, text[t.start : t.end]) for t in found.turns][-4:] == [
        ("Sari", "0:03", "Apa kabar?"),
        ("Unknown Speaker", "53:34", "Ya."),
        ("", "0:59", "Tidak."),
        ("Budi", "1:02:03", "Begitu."),
    ]


@pytest.mark.parametrize(
    ("stamp", "time"),
    [
        ("[00:34:12]", "00:34:12"), ("[45:33]", "45:33"), ("[01.23.45]", "01.23.45"), ("[02.34]", "02.34"), ("(1:02)", "1:02"),
        ("{00:34:12}", "00:34:12"), ("<00:34:12>", "00:34:12"), ("#00:01:30-0#", "00:01:30-0"), ("#00:12:34.567#", "00:12:34.567"),
        ("[00:01 - 00:05]", "00:01"), ("[00:00:01.000 --> 00:00:05.000]", "00:00:01.000"),
    ],
)  # fmt: skip
def test_time_stamps(stamp: str, time: str) -> None:
    """Every way to write a time is known before a label, behind it, after the colon, and alone."""
    for shape in (
        "{0} P: Apa?\n{0} I: Dana.",
        "P {0}: Apa?\nI {0}: Dana.",
        "P: {0} Apa?\nI: {0} Dana.",
        "{0}\nP: Apa?\n{0}\nI: Dana.",
        "{0} Apa?\n\n{0} Dana.",
    ):
        text = shape.format(stamp)
        assert [(t.time, text[t.start : t.end]) for t in layout(text, ID).turns] == [
            (time, "Apa?"),
            (time, "Dana."),
        ]


def test_times_within_speech_stay() -> None:
    """A time stamp in the middle of a turn does not end it, and is not lost."""
    text = "P: Apa?\nI: Satu.\n[00:01:30]\nDua pukul 10.30.\nP: Lalu?\nI: Tiga."
    assert said(text, layout(text, ID))[1] == ("I", "Satu.\n[00:01:30]\nDua pukul 10.30.")


HEADERS = [
    "TRANSKRIP WAWANCARA\nKode Informan : KRT-07\nUsia : 45 tahun\nTanggal : 4 Maret 2019\n",
    "Kode informan\tKRT-07\nUsia\t45 tahun\nTanggal\t4 Maret 2019",
    "# Wawancara\n\n**Kode informan:** KRT-07\n**Usia:** 45 tahun\n**Tanggal:** 4 Maret 2019",
    "Lampiran 3\nHasil wawancara dengan Ketua RT\n\nKode informan: KRT-07\nUsia: 45 tahun\nTanggal: 4 Maret 2019\n",
]


@pytest.mark.parametrize("head", HEADERS)
def test_headers(head: str) -> None:
    """The block above the talk becomes attributes, also a field of this study's own."""
    found = layout(
        f"{head}\n\nPewawancara: Mulai\nInforman: Mulai\nPewawancara: Lalu\nInforman: Ya", ID
    )
    assert {k: found.attributes[k] for k in ("case", "usia", "date")} == {
        "case": "KRT-07", "usia": "45 tahun", "date": "4 Maret 2019",
    }  # fmt: skip
    assert [t.speaker for t in found.turns] == ["Pewawancara", "Informan"] * 2


def test_talk_without_header() -> None:
    """A first answer of one word is a turn and no header field."""
    found = layout("Pewawancara: Mulai\nInforman: Ya\nPewawancara: Baik\nInforman: Baik", ID)
    assert not found.attributes
    assert len(found.turns) == 4


def test_marks_of_the_format() -> None:
    """Where the format says who speaks, nothing is guessed from the words."""
    text = "Ana: satu\n\nBudi: dua: tiga"
    found = layout(text, ID, marks=[Mark(0, 5, "Ana", "0:01"), Mark(11, 17, "Budi", "0:02")])
    assert [(t.speaker, t.time, text[t.start : t.end]) for t in found.turns] == [
        ("Ana", "0:01", "satu"),
        ("Budi", "0:02", "dua: tiga"),
    ]


def test_kind_is_told() -> None:
    """A kind that somebody knows holds: a note with labels has no speakers, a talk has."""
    text = "P: Apa?\nI: Dana."
    assert layout(text, ID, name="observasi-1").kind == "observation"
    assert [t.speaker for t in layout(text, ID, name="observasi-1", kind="interview").turns] == [
        "P",
        "I",
    ]
    found = layout(text, ID, kind="document")
    assert (found.kind, said(text, found)) == ("document", [("", "P: Apa?"), ("", "I: Dana.")])


def test_known_speakers() -> None:
    """A label that the study knows is a speaker also where it stands once."""
    text = "P: Apa?\nI: Satu.\n\nDua.\n\nTiga.\n\nIpar Budi: Empat."
    assert len(layout(text, ID).turns) == 2
    assert said(text, layout(text, ID, speakers=["Ipar Budi"]))[-1] == ("Ipar Budi", "Empat.")


@pytest.mark.parametrize(
    ("labels", "asks"),
    [
        (["I", "P1", "P2"], "I"), (["P", "I1", "I2"], "P"), (["Iter", "Itee"], "Iter"), (["Interviewer", "Narasumber"], "Interviewer"),
        (["Peneliti (SN)", "Informan 1 (Budi)"], "Peneliti (SN)"), (["Interviewer Dan", "Participant"], "Interviewer Dan"),
    ],
)  # fmt: skip
def test_who_asks_by_label(labels: list[str], asks: str) -> None:
    """The label tells who asks, in either language, even where nobody asks a question."""
    text = "\n".join(f"{label}: Begitu saja." for label in labels * 3)
    for spoken in (ID, EN):
        roles = {t.speaker: t.role for t in layout(text, spoken).turns}
        assert {label for label, role in roles.items() if role == "interviewer"} == {asks}
