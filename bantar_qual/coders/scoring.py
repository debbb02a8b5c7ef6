"""From raw scores to decisions: down the tree, calibrated, with a threshold for each code."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from bantar_qual.codebook import Codebook

Floats = npt.NDArray[np.float32]

ENOUGH = 25  # examples of a code from which it has its own calibration and threshold
RIVALRY = 0.4  # the share of its lead by which the best sibling weighs the others down
_FLAT = 0.004  # F1 that a higher threshold may cost: near the top the curve is flat
_FEWEST = 4  # passages of a valence from which it can be given
_STEEP = 5.0  # scores lie between 0 and 1; a logistic line needs more room
_NEVER = -1e3  # the log odds of a valence that nothing was learned of
_STEPS = np.linspace(0.05, 0.95, 91)


@dataclass(frozen=True)
class Tree:
    """The codes of a codebook as columns, with who is whose child."""

    paths: tuple[str, ...]
    children: tuple[tuple[int, ...], ...]
    tops: tuple[int, ...]

    @classmethod
    def of(cls, codebook: Codebook) -> Tree:
        """Return the tree of a codebook."""
        paths = codebook.paths
        place = {path: number for number, path in enumerate(paths)}
        children = tuple(tuple(place[c.path] for c in codebook.children(p)) for p in paths)
        return cls(paths, children, tuple(place[c.path] for c in codebook.children()))

    def depth(self, column: int) -> int:
        """Return how deep a code lies, from 0."""
        return self.paths[column].count(".")

    def joined(self, scores: Any) -> Floats:
        """Join the score of each code with the best of the codes below it, in equal parts.

        A variable is seen both by itself and through its indicators; the mean of both was better
        than either. Among siblings, the best one then weighs the others down by a share of its
        lead: most passages speak of one thing, and a second one must be plain.
        """
        result = np.array(scores, np.float32)
        for column in sorted(range(len(self.paths)), key=self.depth, reverse=True):
            if below := self.children[column]:
                result[:, column] = (result[:, column] + result[:, list(below)].max(axis=1)) / 2
        rivals = result.copy()
        for group in (self.tops, *self.children):
            if len(group) > 1:
                part = result[:, list(group)]
                rivals[:, list(group)] = part - RIVALRY * (part.max(axis=1, keepdims=True) - part)
        return rivals


@dataclass(frozen=True)
class Scale:
    """Turns joined scores into probabilities, and says from which on a code is given."""

    slopes: Floats
    offsets: Floats
    thresholds: Floats

    def probabilities(self, scores: Any) -> Floats:
        """Return calibrated probabilities, one column for each code."""
        return np.asarray(1 / (1 + np.exp(-(scores * self.slopes + self.offsets))), np.float32)


def scale(tree: Tree, held: Any, targets: Any) -> Scale:
    """Calibrate scores that were made without the passage's group (Platt 1999).

    Codes with few examples share the line and the threshold of their level; the others have their
    own line, and a threshold half-way between their own best F1 and their level's.

    Parameters
    ----------
    tree
        The codes.
    held, targets
        Joined scores of held-back passages, and what holds: 0 or 1.
    """
    columns = len(tree.paths)
    slopes, offsets = np.full(columns, 8, np.float32), np.full(columns, -4, np.float32)
    thresholds = np.full(columns, 0.5, np.float32)
    for depth in sorted({tree.depth(column) for column in range(columns)}):
        level = [c for c in range(columns) if tree.depth(c) == depth]
        line = _line(held[:, level].ravel(), targets[:, level].ravel())
        for column in level:
            own = targets[:, column].sum() >= ENOUGH
            slopes[column], offsets[column] = (
                _line(held[:, column], targets[:, column]) if own else line
            )
        found = 1 / (1 + np.exp(-(held[:, level] * slopes[level] + offsets[level])))
        shared = best_threshold(found, targets[:, level])
        for number, column in enumerate(level):
            own = targets[:, column].sum() >= ENOUGH
            best = best_threshold(found[:, [number]], targets[:, [column]]) if own else shared
            thresholds[column] = (shared + best) / 2
    return Scale(slopes, offsets, thresholds)


def _line(scores: Any, truth: Any) -> tuple[float, float]:
    """Fit the line that makes scores into log odds; a steep default where there is too little."""
    from sklearn.linear_model import LogisticRegression

    yes = int(np.sum(truth))
    if yes < 2 or yes > len(truth) - 2:  # noqa: PLR2004 - a line needs two points on each side
        return 8.0, -4.0
    model = LogisticRegression(C=100.0).fit(np.reshape(scores, (-1, 1)), np.asarray(truth, int))
    slope = float(model.coef_[0, 0])
    return (slope, float(model.intercept_[0])) if slope > 0 else (8.0, -4.0)


def rater(held: Any, targets: Any, weights: Any) -> Floats:
    """Return what turns scores of valences into log odds: a matrix, the last row added.

    It is fitted to scores that were made without the passage's group. Empty where there is too
    little to learn from: then the rules of valence decide.
    """
    from sklearn.linear_model import LogisticRegression

    kinds = np.asarray(targets).argmax(axis=1) if len(targets) else np.zeros(0, int)
    present = [kind for kind in range(held.shape[1]) if np.sum(kinds == kind) >= _FEWEST]
    kept = np.isin(kinds, present)
    if len(present) < 2 or kept.sum() < ENOUGH:  # noqa: PLR2004 - nothing to choose between
        return np.zeros((0, held.shape[1]), np.float32)
    model = LogisticRegression(max_iter=300)
    model.fit(held[kept] * _STEEP, kinds[kept], sample_weight=weights[kept])
    found = np.zeros((held.shape[1] + 1, held.shape[1]), np.float32)
    found[-1] = _NEVER
    lines = np.vstack([model.coef_.T * _STEEP, model.intercept_])
    if len(present) == 2:  # noqa: PLR2004 - two kinds share one line
        lines = np.hstack([np.zeros_like(lines), lines])
    found[:, present] = lines
    return found


def best_threshold(probabilities: Any, truth: Any) -> float:
    """Return the highest threshold whose micro F1 is as good as the best, or nearly so.

    Of two thresholds that are equally good on held-back passages, the higher one suggests less
    that is wrong.
    """
    truth = np.asarray(truth, bool)
    scored = [(_f1(truth, probabilities >= step), step) for step in _STEPS]
    best = max(scored)[0]
    if not best:
        return 0.5
    return float(max(step for f1, step in scored if f1 >= best - _FLAT))


def _f1(truth: Any, given: Any) -> float:
    both = np.sum(truth & given)
    return float(2 * both / max(1, truth.sum() + given.sum()))


def decide(tree: Tree, row: Floats, thresholds: Floats, *, stops: Sequence[bool]) -> list[int]:
    """Return the codes that a passage is given, as columns in the codebook's order.

    From the top: a code above its threshold holds; then those of its children that do, or at
    least the best of them, unless the code itself is used without any (``stops``).
    """
    found: list[int] = []
    waiting = [c for c in tree.tops if row[c] >= thresholds[c]]
    while waiting:
        column = waiting.pop()
        below = tree.children[column]
        inside = [c for c in below if row[c] >= thresholds[c]]
        if below and not inside and not stops[column]:
            inside = [max(below, key=lambda c: float(row[c]))]
        waiting += inside
        if not inside:
            found.append(column)
    return sorted(found)
