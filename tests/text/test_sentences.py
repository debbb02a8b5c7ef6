"""Sentences: where a stop ends one, and where it does not."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

import bantar_qual
from bantar_qual.text.sentences import sentences

LANGUAGES = Path(bantar_qual.__file__).parent / "languages"


def abbreviations(name: str) -> frozenset[str]:
    """Read a language's abbreviations."""
    text = (LANGUAGES / name / "words.yaml").read_text("utf-8")
    return frozenset(yaml.load(text, yaml.BaseLoader)["abbreviations"])  # noqa: S506


INDONESIAN = abbreviations("id")
ENGLISH = abbreviations("en")


def cut(text: str, known: frozenset[str] = INDONESIAN) -> list[str]:
    """Return the sentences of a text as strings."""
    return [text[start:end] for start, end in sentences(text, known)]


@pytest.mark.parametrize(
    "marked",
    [
        "Dananya belum cair. | Kami menunggu.",
        "Sudah? | Belum! | Ya sudah.",
        "Masa begitu?! | Iya.",
        "Bpk. Ahmad dan Sdr. Budi hadir. | Lalu rapat dibuka.",
        "Kami tinggal di Jl. Lingkar Selatan, Kel. Eka Jaya, Kec. Paal Merah. | Sudah lama.",
        "Biayanya Rp. 1.250.000,00 per RT. | Itu kurang.",
        "Biayanya Rp 500.000. | Itu kurang.",
        "Rumahnya di RT. 05 RW. 02 dekat balai. | Jalannya kecil.",
        "Rapat tgl. 12 bln. ini pkl. 19.30 di balai. | Semua diundang.",
        "Perwal No. 47 Th. 2014 mengatur itu. | Kami membacanya.",
        "Siti Aminah, S.Pd. menjelaskan caranya. | Warga paham.",
        "Yang hadir Drs. H. Zulkifli, M.Si., Ketua RT dkk. dan ibu-ibu. | Ramai.",
        "Lurahnya Budi, S.Sos. | Beliau baru.",
        "Ada karung, botol, dll. dan dijual. | Uangnya masuk kas.",
        "Ada karung, botol, dll. | Kemudian dijual.",
        "Pak M. Yusuf s.d. sekarang masih ketua. | Belum diganti.",
        "Lihat hal. 12 laporan itu. | Ada tabelnya.",
        "Mulai pukul 07.10. | Selesai pukul 10.",
        "Tahun 2014. | Waktu itu belum ada dana.",
        "Ya... begitu... anu… gimana ya.",
        "Dulu ramai... | Sekarang sepi… | Tinggal kami.",
        "Ya ... | Begitulah. | Kami pasrah.",
        '"Kapan cair?" tanya warga. | "Besok," kata lurah.',
        '"Kapan cair?" | Semua diam.',
        "“Dananya habis.” | Begitu katanya.",
        "(tertawa.) terus kami pulang. | (diam.) | Lalu hujan.",
        "[...] kami tidak tahu. | [...] Tidak ada yang datang.",
        "1. Sosialisasi. | 2. Rapat warga. | 3. Lomba.",
        "a. Undangan dibagikan. | b. Warga datang.",
        "Situsnya www.jambikota.go.id/program.html dan aktif. | Coba buka.",
        "dananya kurang. | warganya kurang. | semua kurang.",
        "Sudah selesai.| Terus kami pulang.",
        "Baris satu tanpa titik | \nBaris dua.",
        "Baris satu. | \r\n\n  Baris dua tanpa titik",
        ". . . ya begitu. | Selesai.",
        "Kata beliau: kerja dulu; nanti dibayar. | Ternyata tidak.",
        "Selesai. | – Apa lagi?",
        "100% betul. | 3.000 warga setuju.",
        "Tidak ada tanda baca sama sekali di sini",
    ],
)
def test_indonesian_sentences(marked: str) -> None:
    """A transcript's line is cut where its sentences end, and nowhere else."""
    pieces = [piece.strip() for piece in marked.split("|")]
    assert cut(marked.replace("| ", "").replace("|", "")) == pieces


@pytest.mark.parametrize(
    "marked",
    [
        "Mr. Ahmad and Dr. Siti came. | They spoke, e.g. about funds.",
        "It cost Rp. 500 at No. 12, St. John's Rd. | Nobody paid.",
        "We got bins, carts, etc. and a truck. | They broke.",
        "The U.S. Embassy paid. | At 5 p.m. | It ended by J.K. Rowling's rules.",
    ],
)
def test_english_sentences(marked: str) -> None:
    """English has its own abbreviations and the same rules."""
    pieces = [piece.strip() for piece in marked.split("|")]
    assert cut(marked.replace("| ", ""), ENGLISH) == pieces


def test_without_abbreviations_every_stop_counts() -> None:
    """The knowledge is in the list: without it, a stop is a stop."""
    assert cut("Bpk. Ahmad.", frozenset()) == ["Bpk.", "Ahmad."]


@pytest.mark.parametrize(
    ("text", "expected"), [("", 0), (" \n\t\u2028 ", 0), ("...", 1), ("a\x85b", 2), ("a\x1fb", 1)]
)
def test_edges(text: str, expected: int) -> None:
    """White space is no sentence; lone dots are one; every line break cuts."""
    assert len(sentences(text, INDONESIAN)) == expected


@pytest.mark.parametrize("piece", ["kata ", "a", ".", ". ", "a.", '."', "(", '. "', "ya... ", "!"])
def test_a_million_characters_pass(piece: str) -> None:
    """However monotonous a long text is, reading it once is enough."""
    text = piece * (1_000_000 // len(piece))
    spans = sentences(text, INDONESIAN)
    assert spans[-1][1] == len(text.rstrip())


TEXTS = (
    st.text()
    | st.text(st.sampled_from('aB1.!?… \n"”()-dl/'))
    | st.lists(
        st.sampled_from(
            ["Bpk.", "dll.", "Rp.", "S.Pd.", "No.", "12.", "ya", "Kami", "...", "?", "\n"]
        )
    ).map(" ".join)
)


@given(TEXTS)
def test_spans_cover_the_text(text: str) -> None:
    """Spans are in order, apart, trimmed, inside one line, and leave out white space only."""
    spans = sentences(text, INDONESIAN)
    edges = [0, *(edge for span in spans for edge in span), len(text)]
    assert edges == sorted(edges)
    assert all(text[a:b] and text[a:b] == text[a:b].strip() for a, b in spans)
    assert all(len(text[a:b].splitlines()) == 1 for a, b in spans)
    gaps = zip(edges[::2], edges[1::2], strict=True)
    assert all(not text[a:b].strip() for a, b in gaps)


@given(TEXTS, TEXTS)
def test_lines_are_read_alone(first: str, second: str) -> None:
    """What stands in one line never changes the sentences of another."""
    shift = len(first) + 1
    alone = [(a + shift, b + shift) for a, b in sentences(second, INDONESIAN)]
    assert sentences(f"{first}\n{second}", INDONESIAN) == sentences(first, INDONESIAN) + alone
