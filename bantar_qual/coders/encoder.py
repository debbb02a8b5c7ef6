"""A small transformer that ships with the package: it reads a sentence whole, in its order.

It is multilingual-e5-small (Wang et al. 2024, "Multilingual E5 text embeddings"; MIT licence),
taught further on the example passages of the codebook ``edwards-iii``, so that it answers how much
each of their codes and each valence is in a text. ``benchmarks/teach_encoder.py`` makes the file
anew. Here it only reads, in numpy: nothing is downloaded, nothing that could run is opened, and no
other library has to be there. Numbers are kept in a few bits, a scale for every 32 of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from bantar_qual.coders.pieces import Pieces

Floats = npt.NDArray[np.float32]

WEIGHTS = Path(__file__).parent / "encoder.npz"
BLOCK = 32  # numbers that share a scale
WINDOW = 110  # pieces that are read at once; a longer text is read in parts
PARTS = 6  # parts of a longer text that are read, evenly spread
ASKED = "query: "  # how a text was introduced to the encoder when it was taught
_TOKENS = 512  # pieces in one batch: what fits near the processor
_FAR = np.float32(-1e9)
_TINY = np.float32(1e-12)


@dataclass(frozen=True)
class _Layer:
    """One layer: attention over the whole text, then a step for each piece by itself."""

    asks: tuple[Floats, Floats]
    joins: tuple[Floats, Floats]
    after_joins: Floats
    widens: tuple[Floats, Floats]
    narrows: tuple[Floats, Floats]
    after_narrows: Floats


class Encoder:
    """Reads texts, and tells how much of each code and valence is in them.

    Parameters
    ----------
    path
        The file of its numbers.

    Attributes
    ----------
    names
        What the columns of ``read`` stand for: paths of codes, then valences.
    name
        The encoder and its version.

    Examples
    --------
    >>> encoder = shipped_encoder()
    >>> scores = encoder.read(["Dananya tidak pernah cukup.", "Lagunya merdu."])
    >>> money = encoder.names.index("resources.budget")
    >>> bool(scores[0, money] > scores[1, money])
    True
    """

    def __init__(self, path: Path = WEIGHTS) -> None:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as kept:
            told = {name: kept[name] for name in kept.files}
        self.names = tuple(bytes(told["names"]).decode("utf-8").split("\n"))
        self.name = version(path)
        pieces = bytes(told["pieces"]).decode("utf-8").split("\n")
        scores = told["scores"].tolist()
        self._start, self._end, unknown = (int(number) for number in told["marks"])
        self.pieces = Pieces(dict(zip(pieces, scores, strict=True)), unknown=unknown)
        self._asked = self.pieces.of_text(ASKED)[0]
        self._words = told["words"], told["words scale"].astype(np.float32)
        self._places = told["places"].astype(np.float32)
        self._first = told["first"].astype(np.float32)
        self._heads = int(told["heads"])
        self._answer = told["answer"].astype(np.float32), told["answer shift"].astype(np.float32)
        self._layers = [_layer(told, number) for number in range(len(told["asks shift"]))]

    def read(self, texts: Sequence[str]) -> Floats:
        """Return a row of scores for each text: log odds of its codes, then of its valences."""
        windows: list[list[int]] = []
        edges = [0]
        for text in texts:
            windows += self.windows(text)
            edges.append(len(windows))
        states = np.zeros((len(windows), self._answer[0].shape[1]), np.float32)
        order = sorted(range(len(windows)), key=lambda n: len(windows[n]))
        for batch in _batches(order, windows):
            found, there = self._states([windows[n] for n in batch])
            states[batch] = (found * there[..., None]).sum(axis=1) / there.sum(axis=1)[:, None]
        pooled = [states[a:b].mean(axis=0) for a, b in pairwise(edges)]
        rows = np.stack(pooled) if pooled else states
        return np.asarray(rows @ self._answer[0].T + self._answer[1], np.float32)

    def falls(self, text: str, words: Sequence[int], *, whole: Floats | None = None) -> Floats:
        """Return how far each score falls when a word is left out: a row for each word.

        Leaving out shows what a reading rests on, the order of words and all (Li, Monroe and
        Jurafsky 2016, "Understanding neural networks through representation erasure"). It takes a
        reading for each word. Words are what stands between blanks, numbered from 0; ``whole``
        is the reading of the text, if it is known.
        """
        chunks = text.split()
        without = [" ".join(chunks[:n] + chunks[n + 1 :]) for n in words]
        if whole is None:
            whole = self.read([text])[0]
        return np.asarray(whole - self.read(without), np.float32)

    def windows(self, text: str) -> list[list[int]]:
        """Return the parts of a text that are read, as pieces with their marks."""
        pieces = self.pieces.of_text(text)[0]
        cuts = [pieces[n : n + WINDOW] for n in range(0, max(1, len(pieces)), WINDOW)]
        if len(cuts) > PARTS:
            cuts = [cuts[n * (len(cuts) - 1) // (PARTS - 1)] for n in range(PARTS)]
        return [[self._start, *self._asked, *cut, self._end] for cut in cuts]

    def _states(self, windows: Sequence[Sequence[int]]) -> tuple[Floats, Floats]:
        """Return what the last layer makes of each piece, and where there is one."""
        longest = max(map(len, windows))
        numbers = np.zeros((len(windows), longest), np.int64)
        there = np.zeros((len(windows), longest), np.float32)
        for row, window in enumerate(windows):
            numbers[row, : len(window)] = window
            there[row, : len(window)] = 1
        states = _full(self._words[0][numbers], self._words[1][numbers])
        states = _level(states + self._places[:longest], self._first)
        veil = np.where(there[:, None, None, :] > 0, np.float32(0), _FAR)
        for layer in self._layers:
            states = _level(states + self._joined(layer, states, veil), layer.after_joins)
            wide = states @ layer.widens[0] + layer.widens[1]
            step = _bent(wide) @ layer.narrows[0] + layer.narrows[1]
            states = _level(states + step, layer.after_narrows)
        return states, there

    def _joined(self, layer: _Layer, states: Floats, veil: Floats) -> Floats:
        """Return what each piece takes over from all pieces of its text (Vaswani et al. 2017)."""
        texts, pieces, width = states.shape
        asked = states @ layer.asks[0] + layer.asks[1]
        asked = asked.reshape(texts, pieces, 3, self._heads, width // self._heads)
        queries, keys, values = asked.transpose(2, 0, 3, 1, 4)
        likeness = queries @ keys.swapaxes(-1, -2) / np.float32(np.sqrt(width // self._heads))
        likeness += veil
        likeness -= likeness.max(axis=-1, keepdims=True)
        np.exp(likeness, out=likeness)
        likeness /= likeness.sum(axis=-1, keepdims=True)
        joined = (likeness @ values).swapaxes(1, 2).reshape(texts, pieces, width)
        return np.asarray(joined @ layer.joins[0] + layer.joins[1], np.float32)


@cache
def shipped_encoder() -> Encoder:
    """Return the encoder that ships with the package, loaded once."""
    return Encoder()


@cache
def version(path: Path = WEIGHTS) -> str:
    """Return the name of an encoder without loading its numbers."""
    with path.open("rb") as file, np.load(file, allow_pickle=False) as kept:
        return f"encoder-{kept['version']}"


def _layer(told: dict[str, Any], number: int) -> _Layer:
    def step(name: str) -> tuple[Floats, Floats]:
        full = _full(told[name][number], told[f"{name} scale"][number].astype(np.float32))
        return np.ascontiguousarray(full.T), told[f"{name} shift"][number].astype(np.float32)

    def level(name: str) -> Floats:
        found: Floats = told[name][number].astype(np.float32)
        return found

    return _Layer(
        step("asks"), step("joins"), level("after joins"), step("widens"), step("narrows"),
        level("after narrows"),
    )  # fmt: skip


def _full(small: Any, scale: Any) -> Floats:
    """Return numbers that were kept in few bits, a scale for each block of them."""
    blocks = small.reshape(*small.shape[:-1], -1, BLOCK).astype(np.float32)
    return np.asarray((blocks * scale[..., None]).reshape(small.shape), np.float32)


def _level(states: Any, scale: Any) -> Floats:
    """Bring each row to mean 0 and spread 1, then to the learned ones (layer normalisation)."""
    states = states - states.mean(axis=-1, keepdims=True)
    spread = np.sqrt((states * states).mean(axis=-1, keepdims=True) + _TINY)
    return np.asarray(states / spread * scale[0] + scale[1], np.float32)


def _bent(states: Floats) -> Floats:
    """Return the Gaussian error linear unit of each number (Hendrycks and Gimpel 2016).

    In their form with the hyperbolic tangent, off by less than 0.0005 and several times as quick.
    """
    bent = states * states
    bent *= np.float32(0.044715)
    bent += 1
    bent *= states
    bent *= np.float32(np.sqrt(2 / np.pi))
    np.tanh(bent, out=bent)
    bent += 1
    bent *= states
    bent *= np.float32(0.5)
    return np.asarray(bent, np.float32)


def _batches(order: Sequence[int], windows: Sequence[Sequence[int]]) -> list[list[int]]:
    """Return windows in batches of like length."""
    found: list[list[int]] = []
    for number in order:
        if found and (len(found[-1]) + 1) * len(windows[number]) <= _TOKENS:
            found[-1].append(number)
        else:
            found.append([number])
    return found
