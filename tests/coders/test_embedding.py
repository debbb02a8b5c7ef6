"""The sense of texts: the shipped table, the encoder that keeps what it encoded, and nothing from a network."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from bantar_qual.coders.embedding import TABLE, Kept, WordTable, local_encoder, nano_e5
from bantar_qual.errors import ModelError

NO_NETWORK = """
import socket, sys
def refuse(*a, **k): raise AssertionError("a connection was tried")
socket.socket.connect = refuse
socket.create_connection = refuse
socket.getaddrinfo = refuse
"""


def test_table_holds_plain_numbers() -> None:
    """The table is small, holds no objects, and carries the notice of the model it comes from."""
    assert TABLE.stat().st_size < 5_000_000
    with np.load(TABLE, allow_pickle=False) as kept:
        assert kept["vectors"].dtype == np.int8
        assert "MIT" in str(kept["notice"])


def test_table_knows_what_is_alike() -> None:
    """What means the same lies nearer than what does not, across words and spoken forms."""
    one, same, far = WordTable("id").encode(
        ["uangnya nggak ada", "dananya tidak tersedia", "kucingnya tidur di genteng"]
    )
    assert one @ same > one @ far + 0.2


def test_unknown_words_have_no_sense() -> None:
    """A text of unknown words, or of none, is a zero vector."""
    assert not WordTable("id").encode(["qqxzv wwkq", ""]).any()


def test_encodes_each_text_once(tmp_path: Path) -> None:
    """A text is encoded once, also after a restart; vectors have length one."""
    asked: list[str] = []

    def encode(texts: list[str]) -> np.ndarray:
        asked.extend(texts)
        return np.array([[len(text), 1.0] for text in texts])

    first = Kept("toy", encode, folder=tmp_path)
    one = first.encode(["a", "bb", "a"])
    first.save()
    again = Kept("toy", encode, folder=tmp_path).encode(["bb", "a"])
    assert asked == ["a", "bb"]
    assert np.allclose(one[[1, 0]], again, atol=1e-3)
    assert np.allclose(np.linalg.norm(one, axis=1), 1)


def test_another_model_shares_nothing(tmp_path: Path) -> None:
    """Vectors of one model are never taken for those of another."""
    one = Kept("one", lambda texts: np.ones((len(texts), 2)), folder=tmp_path)
    one.encode(["a"])
    one.save()
    other = Kept("two", lambda texts: np.array([[0.0, 1.0]] * len(texts)), folder=tmp_path)
    assert other.encode(["a"])[0].tolist() == [0.0, 1.0]


def test_spoiled_vectors_are_made_anew(tmp_path: Path) -> None:
    """A file of vectors that cannot be read is as good as none, and an unwritable folder too."""
    kept = Kept("toy", lambda texts: np.ones((len(texts), 2)), folder=tmp_path)
    kept.encode(["a"])
    kept.save()
    for path in (tmp_path / "vectors").iterdir():
        path.write_bytes(b"spoiled")
    assert Kept("toy", lambda texts: np.ones((len(texts), 2)), folder=tmp_path).encode(["a"]).any()
    blocked = Kept(
        "toy", lambda texts: np.ones((len(texts), 2)), folder=tmp_path / "vectors" / "x.npz"
    )
    blocked.encode(["a"])
    blocked.save()


def test_no_such_folder(tmp_path: Path) -> None:
    """A model is never fetched: a folder that is not there is told in a sentence."""
    with pytest.raises(ModelError, match="never downloaded"):
        local_encoder(tmp_path / "no-such-model")


@pytest.mark.skipif(
    importlib.util.find_spec("sentence_transformers") is not None, reason="it is installed"
)
def test_missing_library(tmp_path: Path) -> None:
    """A folder whose library is not installed is told with what to install."""
    with pytest.raises(ModelError, match="pip install"):
        local_encoder(tmp_path)


@pytest.mark.skipif(nano_e5() is None, reason="the extra [embed] is not installed")
def test_sentence_encoder_offline(tmp_path: Path) -> None:
    """The extra encodes with every connection refused, and sees likeness across languages."""
    program = NO_NETWORK + (
        "from bantar_qual.coders.embedding import nano_e5\n"
        "v = nano_e5().encode(['dananya tidak cukup', 'funding is insufficient', 'cuaca panas sekali'])\n"
        "v = v - v.mean(axis=0)\n"
        "assert v[0] @ v[1] > v[0] @ v[2]\n"
    )
    subprocess.run(
        [sys.executable, "-c", program],
        check=True,
        env={"BANTAR_CACHE": str(tmp_path), "PATH": "/usr/bin"},
    )


def test_suggestions_offline(tmp_path: Path) -> None:
    """A model fits and suggests with every connection refused."""
    program = NO_NETWORK + (
        "from bantar_qual import Codebook, ModelCoder\n"
        "from bantar_qual.codebook.examples import examples_for\n"
        "book = Codebook.load('edwards-iii')\n"
        "coder = ModelCoder(embed='none', examples=examples_for(book)[::40])\n"
        "assert coder.judge(['Dananya tidak ada.'], book)[0].codes\n"
    )
    subprocess.run(
        [sys.executable, "-c", program],
        check=True,
        env={"BANTAR_CACHE": str(tmp_path), "PATH": "/usr/bin"},
    )
