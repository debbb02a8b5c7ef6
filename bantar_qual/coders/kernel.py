"""A kernel ridge machine: all targets at once, exact, and scored without leakage.

Likeness of two passages is a cube of their common features, so that pairs and triples of features
count: *tidak* with *datang*. Fitting solves one system of equations for every target together.
The same solution gives, exactly, what the machine would have said of each passage had it never
seen the passage's group (Rifkin and Lippert 2007, "Notes on regularized least squares", for one
passage; here block by block). Thresholds and confidences are made from those scores alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from bantar_qual.coders.features import Sparse

Floats = npt.NDArray[np.float32]

RIDGE = 0.4
POWER = 3
_SCALE = 4.0
_BATCH = 512
_COMMON = 0.05  # the share of passages from which a feature is kept as a full column


class Machine:
    """Scores for every target, from the likeness to passages whose targets are known.

    Parameters
    ----------
    rows
        The features of the known passages.
    targets
        A row for each passage, a column for each target, between 0 and 1.
    weights
        How much each passage counts.
    groups
        What belongs together, such as a document: it is held back together.
    """

    def __init__(
        self, rows: Sparse, targets: Any, *, weights: Any, groups: Sequence[object]
    ) -> None:
        self.rows, self.products = rows, _Shared(rows)
        self.size = float(rows.multiply(rows).sum()) / max(1, rows.shape[0]) or 1.0
        self.mean = np.average(targets, axis=0, weights=weights).astype(np.float32)
        self.held, self.strengths = self._fit(
            np.asarray(targets, np.float32), np.asarray(weights, np.float32), groups
        )

    @classmethod
    def from_arrays(cls, rows: Sparse, size: float, mean: Floats, strengths: Floats) -> Machine:
        """Return a machine that was fitted before."""
        machine = cls.__new__(cls)
        machine.rows, machine.products = rows, _Shared(rows)
        machine.size, machine.mean = size, mean
        machine.strengths, machine.held = strengths, np.zeros((0, len(mean)), np.float32)
        return machine

    def likeness(self, rows: Sparse) -> Floats:
        """Return how alike each row of features is to each known passage."""
        shared = self.products.with_rows(rows)
        shared /= 2 * self.size
        shared += 0.5
        return np.asarray(_SCALE * shared**POWER + _SCALE / 40, np.float32)

    def _fit(
        self, targets: Floats, weights: Floats, groups: Sequence[object]
    ) -> tuple[Floats, Floats]:
        """Return the scores for passages held back with their group, and the strengths."""
        from scipy import linalg

        system = np.vstack(
            [self.likeness(self.rows[i : i + _BATCH]) for i in range(0, len(targets), _BATCH)]
        )
        system[np.diag_indices_from(system)] += RIDGE / np.maximum(weights, 1e-3)
        factor = linalg.cholesky(system, lower=True, overwrite_a=True, check_finite=False)
        inverse = linalg.lapack.spotri(factor, lower=1, overwrite_c=1)[0]
        inverse = np.tril(inverse) + np.tril(inverse, -1).T
        centred = targets - self.mean
        strengths = inverse @ centred
        held = np.empty_like(targets)
        for members in _members(groups):
            block = inverse[np.ix_(members, members)].astype(np.float64)
            held[members] = targets[members] - linalg.solve(block, strengths[members])
        return held, strengths

    def scores(self, rows: Sparse) -> Floats:
        """Return a row of scores for each row of features."""
        parts = [
            self.likeness(rows[i : i + _BATCH]) @ self.strengths
            for i in range(0, rows.shape[0], _BATCH)
        ]
        return np.vstack([np.zeros((0, len(self.mean)), np.float32), *parts]) + self.mean


class _Shared:
    """Counts what passages share with the known ones: rare features sparsely, common ones in full.

    Nearly every passage has a sense and some signs; a sparse product of those is slow.
    """

    def __init__(self, rows: Sparse) -> None:
        having = np.bincount(rows.indices, minlength=rows.shape[1])
        self._common = np.flatnonzero(having >= _COMMON * max(1, rows.shape[0]))
        rare = np.ones(rows.shape[1], bool)
        rare[self._common] = False
        self._is_rare = rare
        self._full = self._in_full(rows)
        self._sparse = self._sparsely(rows).T.tocsr()

    def with_rows(self, rows: Sparse) -> Floats:
        """Return the products of rows with every known one."""
        shared: Floats = (self._sparsely(rows) @ self._sparse).toarray().astype(np.float32)
        shared += self._in_full(rows) @ self._full.T
        return shared

    def _in_full(self, rows: Sparse) -> Floats:
        return np.asarray(rows[:, self._common].toarray(), np.float32)

    def _sparsely(self, rows: Sparse) -> Sparse:
        kept = rows.copy()
        kept.data = np.where(self._is_rare[kept.indices], kept.data, 0).astype(np.float32)
        kept.eliminate_zeros()
        return kept


def _members(groups: Sequence[object]) -> list[npt.NDArray[np.int64]]:
    places: dict[object, list[int]] = {}
    for number, group in enumerate(groups):
        places.setdefault(group, []).append(number)
    return [np.array(found, np.int64) for found in places.values()]
