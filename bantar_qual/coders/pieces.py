"""Cut words into the pieces that the sentence reader knows, as SentencePiece's unigram model does.

Each piece has a score, the logarithm of how likely it is; of all ways to cut a word, the likeliest
is taken (Kudo 2018, "Subword regularization"; Viterbi's algorithm). A letter that no piece covers
stands as unknown.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from functools import lru_cache

START = "▁"  # stands before the first letter of a word
_NEVER = -1e30
_BELOW = 10.0  # an unknown letter scores this much less than the least likely piece
_LONGEST = 60  # letters of a word that are read; what is longer is no word


class Pieces:
    """The pieces of words, each with its number and score.

    Parameters
    ----------
    scores
        The score of each piece, in the order of their numbers.
    unknown
        The number that stands for a letter that no piece covers.
    """

    def __init__(self, scores: Mapping[str, float], *, unknown: int) -> None:
        self._numbers = {piece: number for number, piece in enumerate(scores)}
        self._scores = dict(scores)
        self._unknown = unknown
        self._least = min(scores.values()) - _BELOW
        self._longest = max(map(len, scores))
        self.of_word = lru_cache(maxsize=100_000)(self._of_word)

    def of_text(self, text: str) -> tuple[list[int], list[int]]:
        """Return the pieces of a text, and for each the number of its word.

        Words are what stands between blanks.
        """
        pieces: list[int] = []
        owners: list[int] = []
        for number, word in enumerate(text.split()):
            found = self.of_word(word[:_LONGEST])
            pieces += found
            owners += [number] * len(found)
        return pieces, owners

    def _of_word(self, word: str) -> tuple[int, ...]:
        letters = START + "".join(unicodedata.normalize("NFKC", word).split())
        size = len(letters)
        best = [0.0] + [_NEVER] * size
        cut: list[tuple[int, int]] = [(self._unknown, 0)] * (size + 1)
        for start in range(size):
            alone = best[start] + self._least
            if alone > best[start + 1]:
                best[start + 1], cut[start + 1] = alone, (self._unknown, start)
            for end in range(start + 1, min(size, start + self._longest) + 1):
                piece = letters[start:end]
                score = self._scores.get(piece)
                if score is not None and best[start] + score > best[end]:
                    best[end], cut[end] = best[start] + score, (self._numbers[piece], start)
        found = []
        place = size
        while place:
            number, place = cut[place]
            found.append(number)
        return tuple(reversed(found))
