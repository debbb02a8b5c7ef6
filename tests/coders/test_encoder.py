"""The encoder that ships: its pieces, its arithmetic against another program, and what it may cost."""

from __future__ import annotations

import hashlib
import itertools
import math
import sys
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bantar_qual import Codebook
from bantar_qual.codebook.examples import examples_for
from bantar_qual.coders.embedding import READINGS, nano_e5
from bantar_qual.coders.encoder import BLOCK, PARTS, WEIGHTS, WINDOW, Encoder, shipped_encoder
from bantar_qual.coders.pieces import START, Pieces

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))

TOY = {"?": -9.0, START: -3.0, "a": -2.0, "b": -2.5, "ab": -3.0, "ba": -4.0, f"{START}a": -2.2,
       "bab": -4.1}  # fmt: skip


@given(st.text("ab", min_size=1, max_size=8))
@settings(deadline=None)
def test_pieces_are_the_likeliest_cut(word: str) -> None:
    """Of all ways to cut a word into known pieces, none is likelier than the one taken."""
    letters = START + word
    best = -math.inf
    for size in range(len(letters)):
        for cuts in itertools.combinations(range(1, len(letters)), size):
            edges = [0, *cuts, len(letters)]
            parts = [letters[a:b] for a, b in itertools.pairwise(edges)]
            if all(part in TOY for part in parts):
                best = max(best, sum(TOY[part] for part in parts))
    names = list(TOY)
    found = [names[n] for n in Pieces(TOY, unknown=0).of_word(word)]
    assert "".join(found) == letters
    assert sum(TOY[part] for part in found) == pytest.approx(best)


def test_unknown_letters_stand_as_unknown() -> None:
    """A letter that no piece covers is unknown, and the rest of the word is still cut well."""
    names = list(TOY)
    assert [names[n] for n in Pieces(TOY, unknown=0).of_word("aӝab")] == [f"{START}a", "?", "ab"]


@given(st.text(max_size=30))
@settings(max_examples=60, deadline=None)
def test_pieces_belong_to_words(text: str) -> None:
    """Every word between blanks has its own pieces, in order, whatever signs stand in it."""
    pieces, owners = shipped_encoder().pieces.of_text(text)
    assert len(pieces) == len(owners)
    assert sorted(set(owners)) == list(range(len(text.split())))
    assert owners == sorted(owners)


def test_holds_plain_numbers() -> None:
    """The file is small enough to ship, holds no objects, and carries the notice of its origin."""
    assert WEIGHTS.stat().st_size < 25_000_000
    with np.load(WEIGHTS, allow_pickle=False) as kept:
        assert kept["asks"].dtype == np.int8
        assert "MIT" in str(kept["notice"])


def test_reads_alike_alone_and_in_company() -> None:
    """What stands in the same batch changes nothing: a text reads as it reads alone."""
    encoder = shipped_encoder()
    texts = ["Dananya habis.", "Petugasnya ramah dan mau menunggu kami sampai selesai, Bu.", ""]
    together = encoder.read(texts)
    alone = np.vstack([encoder.read([text]) for text in texts])
    assert np.allclose(together, alone, atol=1e-3)
    assert np.isfinite(together).all()


def test_reads_what_no_cue_tells() -> None:
    """It tells who is short of money from who is short of people, without a tell-tale word."""
    encoder = shipped_encoder()
    money, people = encoder.read(
        ["Kantongnya kosong, jadi lampunya belum terbeli.", "Yang jaga cuma berdua, kewalahan."]
    )
    budget, staff = (encoder.names.index(f"resources.{name}") for name in ("budget", "staff"))
    assert money[budget] > money[staff]
    assert people[staff] > people[budget]


def test_a_word_that_is_left_out_is_missed() -> None:
    """Without the word that says it, the score falls most; the fall is that of a new reading."""
    encoder = shipped_encoder()
    budget = encoder.names.index("resources.budget")
    words = ["Anggaran", "untuk", "itu", "tidak", "pernah", "cukup"]
    falls = encoder.falls(" ".join(words), range(len(words)))
    assert words[int(falls[:, budget].argmax())] == "Anggaran"
    whole, without = encoder.read([" ".join(words), " ".join(words[1:])])
    assert np.allclose(falls[0], whole - without, atol=1e-3)


def test_a_long_text_is_read_in_parts() -> None:
    """However long a text is, no more than a few parts of it are read, none longer than a window."""
    encoder = shipped_encoder()
    short, long = encoder.windows("dana habis"), encoder.windows("dana " * 100_000)
    assert len(short) == 1
    assert len(long) == PARTS
    assert max(map(len, long)) <= WINDOW + 10
    assert np.isfinite(encoder.read(["dana " * 1000])).all()


def test_readings_belong_to_the_examples() -> None:
    """Nearly every example passage has a reading by an encoder that was taught without it."""
    with np.load(READINGS, allow_pickle=False) as kept:
        assert str(kept["name"]) == shipped_encoder().name
        known = {key.tobytes() for key in kept["keys"]}
    examples = examples_for(Codebook.load("edwards-iii"))
    digests = {hashlib.sha256(e.text.encode()).digest() for e in examples}
    assert len(digests & known) > 0.95 * len(digests)


@cache
def _base_file(folder: Path) -> Path:
    """Write the encoder that ours was taught from, untaught, in the form of the shipped file."""
    from base_encoder import BaseEncoder

    base = BaseEncoder()
    width, inner, layers = base.shape.width, base.shape.inner, range(base.shape.layers)
    arrays: dict[str, object] = {
        "names": np.frombuffer("\n".join(map(str, range(width))).encode(), np.uint8),
        "pieces": np.frombuffer("\n".join(base.pieces).encode(), np.uint8),
        "scores": base.scores, "marks": np.array([base.start, base.end, base.unknown]),
        "heads": np.array(base.shape.heads), "version": np.array("base"),
        "places": base.full("emb.pos").reshape(-1, width) + base.full("emb.type")[:width],
        "first": np.stack([base.full("emb.ln.w"), base.full("emb.ln.b")]),
        "answer": np.eye(width, dtype=np.float32), "answer shift": np.zeros(width, np.float32),
    }  # fmt: skip
    arrays["words"], arrays["words scale"] = base.small("emb.word", width)
    for name, keys, size in (
        ("asks", "qkv", width), ("joins", ("ao",), width), ("widens", ("fi",), width),
        ("narrows", ("fo",), inner),
    ):  # fmt: skip
        few = [[base.small(f"l{n}.{key}.w", size) for key in keys] for n in layers]
        arrays[name] = np.stack([np.concatenate([one for one, _ in row]) for row in few])
        arrays[f"{name} scale"] = np.stack([np.concatenate([x for _, x in row]) for row in few])
        arrays[f"{name} shift"] = np.stack(
            [np.concatenate([base.full(f"l{n}.{key}.b") for key in keys]) for n in layers]
        )
    for name, key in (("after joins", "aln"), ("after narrows", "oln")):
        both = [(base.full(f"l{n}.{key}.w"), base.full(f"l{n}.{key}.b")) for n in layers]
        arrays[name] = np.stack([np.stack(pair) for pair in both])
    path = folder / "base.npz"
    with path.open("wb") as file:
        np.savez(file, allow_pickle=False, **arrays)
    return path


@pytest.mark.skipif(nano_e5() is None, reason="the extra [embed] is not installed")
def test_same_arithmetic_as_another_program(tmp_path: Path) -> None:
    """Given the numbers of the encoder it was taught from, it makes what that one's engine makes."""
    texts = [
        "Dananya tidak pernah cukup buat beli gerobak.", "RT/RW-nya “sudah” oke… 😀 ﬁnal ½",
        "The officers were polite, but nobody had read the guideline.", "nggak",
        "Kalau hujan ya tutup; " * 20,
    ]  # fmt: skip
    ours = Encoder(_base_file(tmp_path)).read(texts)
    ours /= np.linalg.norm(ours, axis=1, keepdims=True)
    engine = nano_e5()
    assert engine is not None
    theirs = engine._encode(texts)  # noqa: SLF001 - past the vectors kept on disk
    assert (ours * theirs).sum(axis=1).min() > 0.999
    assert BLOCK == 32
