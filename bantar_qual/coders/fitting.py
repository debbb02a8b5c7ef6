"""Fit a model to its lessons, and keep what was fitted as plain arrays.

A fitted model on disk is arrays of numbers, nothing that could run, under a key that is made of
everything it was made from; another text, codebook, word list or version has another key.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
import numpy.typing as npt

from bantar_qual.codebook import Codebook
from bantar_qual.coders import embedding, encoder, features
from bantar_qual.coders.features import Features, Passage, Sparse
from bantar_qual.coders.kernel import Machine
from bantar_qual.coders.lessons import Lesson, counted
from bantar_qual.coders.scoring import Scale, Tree, rater, scale
from bantar_qual.errors import ModelError
from bantar_qual.files import cache_folder, replacing
from bantar_qual.records import VALENCES, Valence

Floats = npt.NDArray[np.float32]

VERSION = "3"
_KEPT = 6  # fitted models on disk; the oldest are removed
_RATES = tuple(VALENCES)


@dataclass(frozen=True)
class Fitted:
    """A model that has learned, ready to judge passages."""

    features: Features
    machine: Machine
    tree: Tree
    scale: Scale
    stops: tuple[bool, ...]  # codes that were given themselves, not through a code below
    learned: npt.NDArray[np.int64]  # how many lessons each code has
    rater: Floats  # from scores of valences to log odds; empty where they were not learned

    def scores(self, passages: Sequence[Passage]) -> tuple[Floats, Floats, Sparse]:
        """Return joined scores of the codes, scores of the valences, and rows of features."""
        rows = self.features.rows(passages)
        raw = self.machine.scores(rows)
        split = len(self.tree.paths)
        rates = raw[:, split:]
        if len(self.rater):
            rates = rates @ self.rater[:-1] + self.rater[-1]
        return self.tree.joined(raw[:, :split]), rates, rows

    @cached_property
    def _pulls(self) -> Floats:
        codes = self.machine.strengths[:, : len(self.tree.paths)]
        return np.asarray((self.machine.rows.T @ codes).T, np.float32, order="C")

    def pull_of(self, column: int) -> Floats:
        """Return how each feature speaks for a code, near the middle of what was learned.

        The cube of likeness has this slope there, up to one factor for all features.
        """
        pull: Floats = self._pulls[column]
        return pull


def fit(
    codebook: Codebook, lessons: Sequence[Lesson], *, sense: embedding.Embedder | None = None,
    blocks: Sequence[str] = features.BLOCKS,
) -> tuple[Fitted, Floats, Floats]:  # fmt: skip
    """Fit a model.

    Returns
    -------
    tuple
        The model; the joined scores of all lessons, each made without its group; the scores of
        their valences, likewise.

    Raises
    ------
    ModelError
        If there is nothing to learn from.
    """
    if not any(lesson.codes for lesson in lessons):
        reason = "there is nothing to learn from: no example, no definition, no accepted coding"
        raise ModelError(codebook.name, reason)
    tree = Tree.of(codebook)
    seen = Features(codebook, sense=sense, blocks=blocks)
    rows = seen.learn([lesson.passage for lesson in lessons])
    known, targets = targets_of(tree, lessons)
    weights = np.array([lesson.weight for lesson in lessons], np.float32)
    groups = [lesson.group for lesson in lessons]
    if not known.all():
        targets = _filled(rows, targets, known, weights)
    machine = Machine(rows, targets, weights=weights, groups=groups)
    columns = len(tree.paths)
    held = tree.joined(machine.held[:, :columns])
    judged = np.array([lesson.origin != "codebook" for lesson in lessons])
    judged = judged if judged.any() else ~judged
    truth = targets[:, :columns] >= 0.5  # noqa: PLR2004 - a filled target counts as its side
    rated = judged & known[:, columns:].all(axis=1)
    told = counted(lessons)
    fitted = Fitted(
        seen, machine, tree, scale(tree, held[judged], truth[judged]),
        tuple(any(path in lesson.codes for lesson in lessons) for path in tree.paths),
        np.array([told[path] for path in tree.paths]),
        rater(machine.held[rated, columns:], targets[rated, columns:], weights[rated]),
    )  # fmt: skip
    return fitted, held, machine.held[:, columns:]


def targets_of(tree: Tree, lessons: Sequence[Lesson]) -> tuple[npt.NDArray[np.bool_], Floats]:
    """Return which targets are known, and the targets: codes at or above, then valences."""
    place = {path: number for number, path in enumerate(tree.paths)}
    columns = len(tree.paths)
    known = np.zeros((len(lessons), columns + len(_RATES)), bool)
    targets = np.zeros(known.shape, np.float32)
    for row, lesson in enumerate(lessons):
        known[row, :columns] = lesson.whole
        for path in lesson.rejected:
            below = [c for c, p in enumerate(tree.paths) if f"{p}.".startswith(f"{path}.")]
            known[row, below] = True
        for path in lesson.codes:
            steps = path.split(".")
            above = [place[".".join(steps[: n + 1])] for n in range(len(steps))]
            known[row, above], targets[row, above] = True, 1
        if lesson.valence:
            known[row, columns:] = True
            targets[row, columns + _RATES.index(lesson.valence)] = 1
    return known, targets


def _filled(rows: Any, targets: Floats, known: npt.NDArray[np.bool_], weights: Floats) -> Floats:
    """Let what nobody decided stay as a machine without these lessons would have it."""
    sure = known.all(axis=1)
    filled = targets.copy()
    counts = np.maximum(1, known.sum(axis=0))
    guess = np.broadcast_to((targets * known).sum(axis=0) / counts, targets.shape)
    if sure.any() and not sure.all():
        teacher = Machine(
            rows[sure], targets[sure], weights=weights[sure], groups=range(int(sure.sum()))
        )
        guess = guess.copy()
        guess[~sure] = np.clip(teacher.scores(rows[~sure]), 0, 1)
    filled[~known] = guess[~known]
    return filled


# ---------------------------------------------------------------- on disk


def key_of(
    codebook: Codebook, lessons: Sequence[Lesson], *, sense: str, blocks: Sequence[str]
) -> str:
    """Return the key of a fitted model: a digest of everything that it is made from."""
    digest = hashlib.sha256(f"{VERSION} {np.__version__} {sense} {blocks}".encode())
    digest.update(codebook.to_yaml().encode())
    for lesson in lessons:
        told = (
            lesson.passage.text, lesson.passage.language, sorted(lesson.codes), lesson.valence,
            lesson.weight, lesson.group, sorted(lesson.rejected), lesson.whole,
        )  # fmt: skip
        digest.update(repr(told).encode("utf-8", "replace"))
    here = Path(__file__).parent
    words = sorted((here.parent / "languages").glob("*/*"))
    digest.update(encoder.version().encode() if "reading" in blocks else b"")
    files = (here / f"{name}.npz" for name in ("sense", "readings"))
    for path in (*sorted(here.glob("*.py")), *files, *words):
        if path.is_file():
            digest.update(path.read_bytes())
    return digest.hexdigest()[:32]


def save(fitted: Fitted, key: str) -> None:
    """Keep a fitted model on disk, if the disk allows it."""
    rows = fitted.machine.rows
    arrays = {
        "data": rows.data, "indices": rows.indices.astype(np.int32),
        "indptr": rows.indptr.astype(np.int32), "shape": np.array(rows.shape),
        "size": np.array(fitted.machine.size), "mean": fitted.machine.mean,
        "strengths": fitted.machine.strengths, "slopes": fitted.scale.slopes,
        "offsets": fitted.scale.offsets, "thresholds": fitted.scale.thresholds,
        "stops": np.array(fitted.stops), "learned": fitted.learned,
        "rater": fitted.rater,
        **{f"scale {name}": values for name, values in fitted.features.scales.items()},
    }  # fmt: skip
    folder = cache_folder() / "models"
    try:
        with replacing(folder / f"{key}.npz") as path:
            np.savez(path, allow_pickle=False, **arrays)
        kept = sorted(folder.glob("*.npz"), key=lambda p: p.stat().st_mtime, reverse=True)
        for old in kept[_KEPT:]:
            old.unlink(missing_ok=True)
    except OSError:  # a read-only home, a full disk: fit again next time
        return


def load(
    codebook: Codebook, key: str, *, sense: embedding.Embedder | None, blocks: Sequence[str]
) -> Fitted | None:
    """Return the fitted model of a key, or None where there is none that can be read."""
    from scipy import sparse

    path = cache_folder() / "models" / f"{key}.npz"
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as kept:
            told = {name: kept[name] for name in kept.files}
        rows = sparse.csr_array(
            (told["data"], told["indices"], told["indptr"]), shape=tuple(told["shape"])
        )
        machine = Machine.from_arrays(rows, float(told["size"]), told["mean"], told["strengths"])
        rates = told["rater"]
        lines = Scale(told["slopes"], told["offsets"], told["thresholds"])
    except (OSError, ValueError, KeyError, EOFError, BadZipFile):
        return None
    seen = Features(codebook, sense=sense, blocks=blocks)
    seen.scales = {n.removeprefix("scale "): v for n, v in told.items() if n.startswith("scale ")}
    stops = tuple(bool(stop) for stop in told["stops"])
    return Fitted(seen, machine, Tree.of(codebook), lines, stops, told["learned"], rates)


def rated(scores: Any) -> Valence:
    """Return the valence with the best score."""
    return _RATES[int(np.argmax(scores))]
