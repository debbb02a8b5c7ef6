"""Judge sentences in the company of their neighbours: people say in three what they mean.

A sentence of a conversation often means something only with the one before or after it. Each is
therefore judged by itself, by what its neighbours in the same turn score, and read together with
each of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from bantar_qual.coders.features import Passage

if TYPE_CHECKING:
    from bantar_qual.coders.fitting import Fitted

_OWN = 2.0  # a sentence of n words scores n / (n + 2) by itself, the rest by its neighbours

Span = tuple[int, int, int]  # start, end, number of the turn


def scores_in_company(
    fitted: Fitted, text: str, passages: Sequence[Passage], spans: Sequence[Span]
) -> tuple[Any, Any, Any]:
    """Return scores of codes and of valences for sentences that follow each other, and their rows.

    Parameters
    ----------
    fitted
        The model.
    text
        The text that the sentences stand in.
    passages, spans
        The sentences, and where each stands.
    """
    codes, rates, rows = fitted.scores(passages)
    codes = _with_neighbours(codes, passages, spans)
    firsts = [n for n in range(len(spans) - 1) if spans[n][2] == spans[n + 1][2]]
    if not firsts:
        return codes, rates, rows
    pairs = [
        Passage(text[spans[n][0] : spans[n + 1][1]], passages[n].language,
                _both(passages[n], passages[n + 1]))
        for n in firsts
    ]  # fmt: skip
    pair_codes, pair_rates, _ = fitted.scores(pairs)
    return _half(codes, pair_codes, firsts), _half(rates, pair_rates, firsts), rows


def _both(one: Passage, other: Passage) -> dict[str, float]:
    """Return the cues of two sentences."""
    found = dict(one.cues or {})
    for path, sure in (other.cues or {}).items():
        found[path] = max(sure, found.get(path, 0.0))
    return found


def _half(alone: Any, together: Any, firsts: Sequence[int]) -> Any:
    """Let the pairs that a sentence is in count for half of its scores."""
    sums, counts = np.zeros_like(alone), np.zeros((len(alone), 1), alone.dtype)
    for place, first in enumerate(firsts):
        sums[first : first + 2] += together[place]
        counts[first : first + 2] += 1
    paired = counts[:, 0] > 0
    found = alone.copy()
    found[paired] = (alone[paired] + sums[paired] / counts[paired]) / 2
    return found


def _with_neighbours(scores: Any, passages: Sequence[Passage], spans: Sequence[Span]) -> Any:
    """Let the neighbours in the same turn speak too, the more the shorter a sentence is."""
    result = scores.copy()
    for number, passage in enumerate(passages):
        near = [
            n for n in (number - 1, number + 1)
            if 0 <= n < len(spans) and spans[n][2] == spans[number][2]
        ]  # fmt: skip
        if near:
            words = len(passage.text.split())
            own = words / (words + _OWN)
            result[number] = own * scores[number] + (1 - own) * np.mean(scores[near], axis=0)
    return result
