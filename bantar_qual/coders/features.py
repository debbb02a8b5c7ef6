"""What a model sees of a passage: stems, letters, cues, signs of valence, sense, and a reading.

A passage becomes one sparse row of blocks: the stems alone and in pairs, runs of three to five
letters within a word, the cues that speak for each code, the signals of the valence rules, a
vector of its sense, and what the encoder that ships makes of it, read whole and in its order.
Stems and letters are hashed to fixed columns, so that nothing has to be kept but how common each
column is. Each block has length one, times a weight.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise
from typing import Any
from zlib import crc32

import numpy as np
import numpy.typing as npt

from bantar_qual.codebook import Codebook
from bantar_qual.coders import valence
from bantar_qual.coders.cues import CueCoder
from bantar_qual.coders.embedding import Embedder, WordTable, readings
from bantar_qual.coders.phrases import reader
from bantar_qual.languages import language, languages
from bantar_qual.records import Document, Turn
from bantar_qual.text.sentences import sentences

Floats = npt.NDArray[np.float32]
Sparse = Any  # scipy.sparse.csr_array, which is imported where it is made

WEIGHTS: Mapping[str, float] = {  # chosen by cross-validation over programmes; see docs
    "stems": 1.0, "letters": 0.5, "cues": 0.3, "signs": 1.0, "words": 1.5, "reading": 3.0,
    "sense": 2.0,
}  # fmt: skip
BLOCKS = tuple(WEIGHTS)
_BITS = 17
_WIDTH = 1 << _BITS  # columns for stems, and as many for letters
_RARE = {"stems": 2, "letters": 3}  # a column that fewer passages have says nothing yet
_SENSES = 512  # columns kept for a sense vector; a longer one is cut
_SURE = 3.0  # log odds at which a reading is nearly as good as certain
_LONGEST = 40  # letters of a word that are read
WORD = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*")
_TOKEN = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*|[?!…]")


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of text to be judged, with its language."""

    text: str
    language: str = "id"
    cues: Mapping[str, float] | None = field(default=None, compare=False)  # None: not read yet


def words_of(text: str) -> list[str]:
    """Return the words of a text as they stand in it."""
    return WORD.findall(text)


def spoken(name: str) -> str:
    """Return a language that there are files for: the one asked for, else the first."""
    return name if name in languages() else "id"


class Features:
    """Turns passages into rows; learns from the first passages how common each column is.

    Parameters
    ----------
    codebook
        The codes whose cues are counted.
    sense
        An encoder of whole sentences, or None for the shipped table of words alone.
    blocks
        The blocks to use, all of them by default; fewer show what each brings.
    """

    def __init__(
        self, codebook: Codebook, *, sense: Embedder | None, blocks: Sequence[str] = BLOCKS
    ) -> None:
        self.codebook, self.sense = codebook, sense
        wanted = [b for b in BLOCKS if b in blocks and (b != "sense" or sense is not None)]
        self.blocks = tuple(wanted)
        self.scales: dict[str, Floats] = {}
        self._cues = CueCoder()
        self._paths = {path: number for number, path in enumerate(codebook.paths)}
        self._tables: dict[str, WordTable] = {}

    def learn(self, passages: Sequence[Passage]) -> Sparse:
        """Return the rows of passages, and keep from them how common each column is."""
        counts = {b: _counts([_columns(p, b) for p in passages]) for b in ("stems", "letters")}
        for block, rows in counts.items():
            having = np.bincount(rows.indices, minlength=_WIDTH)
            idf = np.log((1 + len(passages)) / (1 + having)) + 1
            self.scales[block] = np.where(having >= _RARE[block], idf, 0).astype(np.float32)
        signs = _signs(passages)
        self.scales["signs"] = (1 / np.maximum(signs.std(axis=0), 0.02)).astype(np.float32)
        if self.sense:
            self.scales["sense"] = self.sense.encode([p.text for p in passages]).mean(axis=0)
        return self._joined(passages, counts, signs)

    def rows(self, passages: Sequence[Passage]) -> Sparse:
        """Return the rows of passages, weighed as those that were learned."""
        counts = {b: _counts([_columns(p, b) for p in passages]) for b in ("stems", "letters")}
        return self._joined(passages, counts, _signs(passages))

    def _joined(
        self, passages: Sequence[Passage], counts: Mapping[str, Sparse], signs: Floats
    ) -> Sparse:
        from scipy import sparse

        parts = []
        for block in ("stems", "letters", "cues", "signs", "words", "reading", "sense"):
            if block in counts:
                part = _unit_rows(_tempered(counts[block]).multiply(self.scales[block]).tocsr())
            elif block == "cues":
                part = sparse.csr_array(self._cue_rows(passages))
            elif block == "signs":
                scaled = np.clip(signs * self.scales["signs"], -4, 4)
                part = sparse.csr_array(scaled / np.sqrt(scaled.shape[1]))
            elif block == "reading":
                if block not in self.blocks:
                    continue
                part = sparse.csr_array(_readings([p.text for p in passages]))
            else:
                part = sparse.csr_array(self._sense_rows(passages, block))
            weight = np.sqrt(WEIGHTS[block]) if block in self.blocks else 0.0
            if block == "sense" and self.sense is None:
                continue
            parts.append(part * np.float32(weight))
        return sparse.hstack(parts, format="csr", dtype=np.float32)

    def _cue_rows(self, passages: Sequence[Passage]) -> Floats:
        rows = np.zeros((len(passages), len(self._paths)), np.float32)
        for row, passage in zip(rows, passages, strict=True):
            found = passage.cues if passage.cues is not None else self.cues_of(passage)
            for path, sure in found.items():
                row[self._paths[path]] = sure
        return rows

    def cues_of(self, passage: Passage) -> dict[str, float]:
        """Return the codes that a passage's cues speak for, each with how much."""
        found: dict[str, float] = {}
        for coding in self._cues.code(document_of(passage), self.codebook):
            sure = coding.confidence or 0.0
            found[coding.code] = max(sure, found.get(coding.code, 0.0))
        return found

    def _sense_rows(self, passages: Sequence[Passage], block: str) -> Floats:
        rows = np.zeros((len(passages), _SENSES), np.float32)
        if block not in self.blocks:
            return rows
        if block == "sense" and self.sense is not None:
            found = self.sense.encode([p.text for p in passages]) - self.scales["sense"]
            found /= np.maximum(np.linalg.norm(found, axis=1, keepdims=True), 1e-9)
        else:
            found = np.stack([self.table(p.language).of_words(words_of(p.text)) for p in passages])
        width = min(found.shape[1], _SENSES)
        rows[:, :width] = found[:, :width]
        return rows

    def table(self, name: str) -> WordTable:
        """Return the shipped table, read with the words of one language."""
        if name not in self._tables:
            self._tables[name] = WordTable(name)
        return self._tables[name]


def document_of(passage: Passage) -> Document:
    """Return a passage as a document of one turn."""
    turns = (Turn(number=1, start=0, end=len(passage.text)),)
    return Document(name="passage", text=passage.text, language=passage.language, turns=turns)


def split(passage: Passage) -> list[tuple[int, int]]:
    """Return the sentences of a passage."""
    known = frozenset(language(passage.language).words.get("abbreviations", ()))
    return sentences(passage.text, known)


def _readings(texts: list[str]) -> Floats:
    """Return what the encoder makes of texts, each row about as long as a unit vector."""
    told = np.tanh(readings().encode(texts) / _SURE)
    return np.asarray(told / np.sqrt(told.shape[1]), np.float32)


def reading_slopes(text: str) -> Floats:
    """Return how much each number of a text's reading moves with the score behind it."""
    told = np.tanh(readings().encode([text])[0] / _SURE)
    slopes = (1 - told**2) / _SURE * np.sqrt(WEIGHTS["reading"] / len(told))
    return np.asarray(slopes, np.float32)


def _signs(passages: Sequence[Passage]) -> Floats:
    """Return what the valence rules count in each passage."""
    rows = []
    for passage in passages:
        told = [passage.text[a:b] for a, b in split(passage)]
        rows.append(valence.of_passage(told, passage.language).signals)
    return np.array(rows, np.float32).reshape(len(passages), len(valence.signal_names()))


# ---------------------------------------------------------------- hashed columns


def columns_of_words(passage: Passage) -> list[list[int]]:
    """Return the columns that each word of a passage fills: stem, pairs and letters."""
    words = words_of(passage.text)
    roots = _roots(passage)
    found = []
    for number, word in enumerate(words):
        pairs = zip(roots[max(0, number - 1) : number + 1], roots[max(1, number) :], strict=False)
        own = [_hashed(roots[number]), *(_hashed(f"{a} {b}") for a, b in pairs)]
        own += [_WIDTH + column for column in _letters(word.lower())]
        found.append(own)
    return found


def sense_columns(features: Features) -> int:
    """Return the first column of the sense of words."""
    return 2 * _WIDTH + len(features.codebook) + len(valence.signal_names())


def reading_columns(features: Features) -> int:
    """Return the first column of the reading."""
    return sense_columns(features) + _SENSES


def _columns(passage: Passage, block: str) -> Iterable[int]:
    if block == "letters":
        for token in _TOKEN.findall(passage.text.lower()):
            yield from _letters(token)
        return
    roots = _roots(passage)
    yield from map(_hashed, roots)
    yield from (_hashed(f"{a} {b}") for a, b in pairwise(roots))


def _roots(passage: Passage) -> list[str]:
    words = reader(passage.language).words
    read = [words.word(word) for word in words_of(passage.text)]
    return [word.stem or word.norm for word in read]


@lru_cache(maxsize=200_000)
def _letters(token: str) -> tuple[int, ...]:
    """Return the columns of the runs of three to five letters of a word, its edges marked."""
    word = f" {token[:_LONGEST]} "
    runs = (word[i : i + n] for n in (3, 4, 5) for i in range(max(1, len(word) - n + 1)))
    return tuple(map(_hashed, runs))


@lru_cache(maxsize=400_000)
def _hashed(text: str) -> int:
    return crc32(text.encode("utf-8", "replace")) & (_WIDTH - 1)


def _counts(rows: Sequence[Iterable[int]]) -> Sparse:
    from scipy import sparse

    columns: list[int] = []
    edges = [0]
    for row in rows:
        columns.extend(row)
        edges.append(len(columns))
    ones = np.ones(len(columns), np.float32)
    found = sparse.csr_array((ones, np.array(columns, np.int32), edges), (len(rows), _WIDTH))
    found.sum_duplicates()
    return found


def _tempered(counts: Sparse) -> Sparse:
    """Let a column that comes twice count little more than one that comes once."""
    tempered = counts.copy()
    tempered.data = 1 + np.log(tempered.data)
    return tempered


def _unit_rows(rows: Sparse) -> Sparse:
    from scipy import sparse

    length = np.sqrt(np.asarray(rows.multiply(rows).sum(axis=1)).ravel())
    return (sparse.diags_array(1 / np.maximum(length, 1e-9)) @ rows).tocsr()
