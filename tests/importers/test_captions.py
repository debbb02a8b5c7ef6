"""Captions: every cue comes in, voices are speakers, and what is broken is told."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bantar_qual.errors import UnreadableDocument
from bantar_qual.importers import read_document
from bantar_qual.records import Document

TEAMS = """WEBVTT

c0ffee/1-0
00:00:03.100 --> 00:00:05.000
<v Siti Aminah>Selamat pagi, Pak.</v>

c0ffee/1-1
00:00:05.000 --> 00:00:07.250
<v Siti Aminah>Apa kendalanya?

c0ffee/2-0
00:01:05.500 --> 00:01:09.000
<v Pak Budi>Dananya &lt;kecil&gt; &amp; telat.</v>
"""
ZOOM = """WEBVTT

1
00:00:03.100 --> 00:00:05.000
Siti Aminah: Selamat pagi, Pak. Jam 10:36, ya.

2
00:00:05.000 --> 00:00:07.250
Siti Aminah: Apa kendalanya?

3
00:01:05.500 --> 00:01:09.000
Pak Budi: Begini: dananya telat.
"""
SRT = """1
00:00:03,100 --> 00:00:05,000
<i>Selamat pagi,</i>
Pak.

2
00:00:05,000 --> 00:00:07,250
{\\an8}Dananya <tertawa> telat.
"""


def read(folder: Path, name: str, text: str, encoding: str = "utf-8") -> Document:
    """Write captions to a file and read them."""
    (folder / name).write_bytes(text.encode(encoding))
    return read_document(folder / name, language="id")


def turns(document: Document) -> list[tuple[str, str, str]]:
    """Return (speaker, time, words) of every turn."""
    return [(t.speaker, t.time, document.text[t.start : t.end]) for t in document.turns]


SPOKEN = [
    ("Siti Aminah", "00:00:03", "Selamat pagi, Pak. Apa kendalanya?"),
    ("Pak Budi", "00:01:05", "Dananya <kecil> & telat."),
]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "cp1252"])
@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
def test_voices_of_teams(tmp_path: Path, encoding: str, ends: str) -> None:
    """What one voice says in a row is one turn; a closing tag may be missing."""
    document = read(tmp_path, "a.vtt", TEAMS.replace("\n", ends), encoding)
    assert turns(document) == SPOKEN
    assert [turn.role for turn in document.turns] == ["interviewer", "informant"]


def test_names_of_zoom(tmp_path: Path) -> None:
    """A name before the first colon is a voice; further colons and times are words."""
    assert turns(read(tmp_path, "a.vtt", ZOOM)) == [
        ("Siti Aminah", "00:00:03", "Selamat pagi, Pak. Jam 10:36, ya. Apa kendalanya?"),
        ("Pak Budi", "00:01:05", "Begini: dananya telat."),
    ]


def test_text_reads_like_a_transcript(tmp_path: Path) -> None:
    """The text shows time and name before what was said, and read as plain text it is the same."""
    document = read(tmp_path, "a.vtt", ZOOM)
    assert document.text.startswith("[00:00:03] Siti Aminah: Selamat pagi, Pak.")
    assert turns(read(tmp_path, "a.txt", document.text)) == turns(document)


def test_subrip(tmp_path: Path) -> None:
    """Numbers and known tags go; lines of a cue are joined; an unknown tag is a word."""
    document = read(tmp_path, "a.srt", SRT)
    assert turns(document) == [("", "00:00:03", "Selamat pagi, Pak. Dananya <tertawa> telat.")]


@pytest.mark.parametrize("name", ["a.srt", "a.vtt"])
def test_a_pause_is_a_paragraph(tmp_path: Path, name: str) -> None:
    """Where no voice has a name, two seconds of silence end a turn."""
    text = "00:01.000 --> 00:02.000\nSatu.\n\n00:05.000 --> 00:06.000\nDua.\n"
    text = ("WEBVTT\n\n" if name.endswith("vtt") else "") + text
    assert turns(read(tmp_path, name, text)) == [
        ("", "00:00:01", "Satu."),
        ("", "00:00:05", "Dua."),
    ]


def test_a_long_speech_has_paragraphs(tmp_path: Path) -> None:
    """Without pauses, a turn ends with the sentence after half a minute."""
    cues = [
        f"00:{n // 60:02d}:{n % 60:02d},000 --> 00:{n // 60:02d}:{(n % 60) + 1:02d},000\nKalimat ini."
        for n in range(59)
    ]
    found = turns(read(tmp_path, "a.srt", "\n\n".join(cues)))
    assert [time for _, time, _ in found] == ["00:00:00", "00:00:30"]
    assert sum(words.count("Kalimat ini.") for _, _, words in found) == 59


def test_comments_are_asides(tmp_path: Path) -> None:
    """A comment is no speech: it stands beside the caption above it."""
    text = (
        "WEBVTT\n\nNOTE di awal\n\n00:01.000 --> 00:02.000\nSatu.\n\nNOTE\ndua baris\nsuara truk\n"
    )
    document = read(tmp_path, "a.vtt", text)
    assert [(a.kind, a.text) for a in document.asides] == [
        ("comment", "di awal"),
        ("comment", "dua baris\nsuara truk"),
    ]
    assert document.asides[1].start == len(document.text)
    assert "truk" not in document.text


@pytest.mark.parametrize(
    ("name", "text", "words", "note"),
    [
        ("a.srt", "1\n00:00:01,000 --> 00:00:x\nSatu.\n", "Satu.", "time that cannot be read"),
        ("a.srt", "1\n00:00:01,000 --> 00:00:02,000\nSatu.\n\n2\nDua.\n", "Satu. Dua.", "no time"),
        ("a.srt", "1\n00:00:01,000 --> 00:00:02,000\n\n2\n00:00:02,000 --> 00:00:03,000\nDua.\n", "Dua.", "no words"),
        ("a.vtt", "00:01.000 --> 00:02.000\nSatu.\n", "Satu.", "does not begin with WEBVTT"),
        ("a.sbv", "0:00:01.000,0:00:02.000\nSatu.\n\n0:00:x2,0:00:03.000\nDua.\n", "Satu. Dua.", "no time"),
    ],
)  # fmt: skip
def test_broken_captions_keep_their_words(
    tmp_path: Path, name: str, text: str, words: str, note: str
) -> None:
    """A caption that is broken keeps its words, and a note says what is wrong with it."""
    document = read(tmp_path, name, text)
    assert " ".join(said for _, _, said in turns(document)).endswith(words.rpartition(". ")[2])
    assert note in " ".join(document.notes)
    assert all(word in document.text for word in words.split())


@pytest.mark.parametrize(
    "text", ["WEBVTT\n", "1\n", "hanya kata", "1\n00:00:01,000 --> 00:00:02,000\n"]
)
@pytest.mark.parametrize("name", ["a.vtt", "a.srt", "a.sbv"])
def test_no_captions(tmp_path: Path, name: str, text: str) -> None:
    """A file without captions is refused in one sentence."""
    with pytest.raises(UnreadableDocument, match="captions") as caught:
        read(tmp_path, name, text)
    assert "\n" not in str(caught.value)


WORDS = st.text(st.sampled_from("abc éß😀.,?!'()-"), min_size=1, max_size=20).map(str.strip).filter(
    lambda s: any(c.isalpha() for c in s) and not s.startswith("-")
)  # fmt: skip


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.lists(st.tuples(st.sampled_from(["Siti", "Pak Budi", "Zoë"]), WORDS, st.integers(0, 3)), min_size=1, max_size=12),
    st.sampled_from(["teams", "teams, open", "zoom"]),
    st.sampled_from(["\n", "\r\n"]),
)  # fmt: skip
def test_every_cue_comes_in(
    tmp_path: Path, cues: list[tuple[str, str, int]], style: str, ends: str
) -> None:
    """For any captions: the voices in their order, and every word under its voice, once."""
    if style == "zoom":
        cues = [*cues, *cues]  # a name is known from the second time on
    shape = {"teams": "<v {0}>{1}</v>", "teams, open": "<v {0}>{1}", "zoom": "{0}: {1}"}[style]
    blocks, clock = ["WEBVTT"], 0
    expected: list[tuple[str, str]] = []
    for name, words, pause in cues:
        begin, clock = clock + pause, clock + pause + 2
        blocks.append(
            f"00:{begin // 60:02d}:{begin % 60:02d}.000 --> 00:{clock // 60:02d}:{clock % 60:02d}.000\n{shape.format(name, words)}"
        )
        if expected and expected[-1][0] == name:
            expected[-1] = (name, f"{expected[-1][1]} {words}")
        else:
            expected.append((name, words))
    document = read(tmp_path, "a.vtt", "\n\n".join(blocks).replace("\n", ends))
    assert [(who, words) for who, _, words in turns(document)] == expected


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.sampled_from([
    "WEBVTT", "", "", "1", "NOTE x", "STYLE", "::cue {", "00:01.000 --> 00:02.000", "00:00:01,000 --> 00:00:02,000",
    "0:00:01.000,0:00:02.000", "-->", "a --> b", "00:99:99 --> -1:00", "<v Siti>Ya", "</v>", "<v >", "<00:01>", "&#0;", "&#x110000;",
    "Siti: Ya", "- Ya", "\ufeff", "\x00", "😀", "<" * 50, "99999999999:00:00.000 --> 00:00",
]), max_size=20), st.sampled_from(["vtt", "srt", "sbv"]))  # fmt: skip
def test_fuzz(tmp_path: Path, lines: list[str], suffix: str) -> None:
    """Whatever stands in the file: a document with sound places, or one sentence."""
    (tmp_path / f"a.{suffix}").write_text("\n".join(lines), encoding="utf-8")
    try:
        document = read_document(tmp_path / f"a.{suffix}", language="id")
    except UnreadableDocument as error:
        assert "\n" not in str(error)  # noqa: PT017 - most files are read
        return
    end = 0
    for turn in document.turns:
        assert end <= turn.start < turn.end <= len(document.text)
        end = turn.end
