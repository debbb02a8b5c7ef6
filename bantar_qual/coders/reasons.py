"""Why a model suggests a code: the words of the passage that moved it most."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from bantar_qual.coders.embedding import readings
from bantar_qual.coders.encoder import shipped_encoder
from bantar_qual.coders.features import (
    WORD,
    Passage,
    columns_of_words,
    reading_columns,
    reading_slopes,
    sense_columns,
    words_of,
)
from bantar_qual.coders.phrases import reader
from bantar_qual.languages import language

if TYPE_CHECKING:
    from bantar_qual.coders.fitting import Fitted

MOST = 5  # words that are named
_SHORTEST = 2
_ASKED = 5  # words of a passage that are left out in turn: those that say most by themselves
SHARE = 0.3  # of the strongest word's pull that a word needs to be named
_GAP = re.compile(r"\s*;\s*")


def because(fitted: Fitted, passage: Passage, path: str, *, cues: str = "", row: Any = None) -> str:
    """Return the words that spoke for a code, those of the cues first, in reading order.

    What a word brings is the pull of its stem, of the pairs it stands in, of its letters, of
    its sense, and what the encoder that ships misses when the word is left out. What another
    sentence encoder makes of the whole cannot be shared out among words.
    A word that says little by itself, as the language's files tell, is named only where no
    other word spoke for the code.
    """
    column = fitted.tree.paths.index(path)
    pull = fitted.pull_of(column)
    words = list(WORD.finditer(passage.text))
    brought = _brought(fitted, passage, pull, row)
    telling = np.array([not _says_little(w[0], passage.language) for w in words], bool)
    named = [word for word in _GAP.split(cues) if word]
    told = {part.lower() for word in named for part in word.split()}
    if (brought[telling] > 0).any() or named:
        brought = np.where(telling, brought, 0)
    best = brought.max(initial=0.0)
    strong = sorted(
        (n for n, value in enumerate(brought) if value > 0 and value >= SHARE * best),
        key=lambda n: -float(brought[n]),
    )[:MOST]
    more = [words[n][0] for n in sorted(strong) if words[n][0].lower() not in told]
    room = max(0, MOST - len(named)) or (1 if not named else 0)
    return "; ".join(dict.fromkeys([*named, *more[:room]]))


def _says_little(surface: str, name: str) -> bool:
    """Tell whether a word says little by itself in a language, in whichever form it stands."""
    word = reader(name).words.word(surface)
    forms = {surface.lower(), word.norm, word.form}
    return len(surface) < _SHORTEST or not forms.isdisjoint(_little(name))


@cache
def _little(name: str) -> frozenset[str]:
    words = language(name).words
    return frozenset(map(str, (*words.get("stop_words", ()), *words.get("particles", ()))))


def _brought(fitted: Fitted, passage: Passage, pull: Any, row: Any) -> Any:
    """Return what each word of a passage brings, in the order of the words."""
    row = fitted.features.rows([passage]) if row is None else row
    value = dict(zip(row.indices.tolist(), (row.data * pull[row.indices]).tolist(), strict=True))
    columns = columns_of_words(passage)
    shared: dict[int, int] = {}
    for own in columns:
        for column in own:
            shared[column] = shared.get(column, 0) + 1
    found = np.array(
        [sum(value.get(c, 0.0) / shared[c] for c in own) for own in columns], np.float32
    )
    if "words" in fitted.features.blocks and len(found):
        first = sense_columns(fitted.features)
        table = fitted.features.table(passage.language)
        found += table.pulls(words_of(passage.text), pull[first : first + table.width])
    if "reading" in fitted.features.blocks and len(found):
        found += _missed(passage, pull[reading_columns(fitted.features) :], found)
    return found


def _missed(passage: Passage, pull: Any, said: Any) -> Any:
    """Return what the encoder misses of a code without each word that says something.

    ``said`` is what the words bring by themselves; those that bring most are left out in turn.
    """
    slopes = reading_slopes(passage.text)
    chunks = [WORD.findall(chunk) for chunk in passage.text.split()]  # "RT/RW," is two words
    edges = np.cumsum([0, *map(len, chunks)])
    telling = [
        n for n, words in enumerate(chunks)
        if not all(_says_little(word, passage.language) for word in words)
    ]  # fmt: skip
    telling.sort(key=lambda n: -float(said[edges[n] : edges[n + 1]].max(initial=-np.inf)))
    asked = tuple(sorted(telling[:_ASKED]))
    falls = _falls(passage.text, asked) @ (slopes * pull[: len(slopes)])
    missed = dict(zip(asked, falls.tolist(), strict=True))
    return np.array(
        [missed.get(n, 0.0) / len(words) for n, words in enumerate(chunks) for _ in words],
        np.float32,
    )


@lru_cache(maxsize=64)
def _falls(text: str, asked: tuple[int, ...]) -> Any:
    """Return how the scores of a text fall; a passage with two codes asks twice."""
    return shipped_encoder().falls(text, asked, whole=readings().encode([text])[0])
