"""How good are the suggestions? Scores by document, calibration, learning curve, bias."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from bantar_qual.codebook import Codebook
from bantar_qual.coders import fitting, lessons, scoring
from bantar_qual.coders.lessons import Lesson
from bantar_qual.coders.model import ModelCoder
from bantar_qual.errors import NotEnoughData
from bantar_qual.records import Coder

if TYPE_CHECKING:
    from bantar_qual.project import Project

Bools = npt.NDArray[np.bool_]

_SAMPLES = 500  # bootstrap samples of documents
_SHUFFLES = 999  # permutations of informants
_BINS = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
_SHARES = (0.25, 0.5, 0.75, 1.0)
_FEW = 5  # informants of a kind below which a comparison says little


@dataclass(frozen=True)
class Evaluation:
    """What was measured; each part is a frame.

    ``scores`` has a row for each code and one for all together; ``calibration`` a row for each
    range of confidence; ``learning`` a row for each amount of decided sentences; ``bias`` a row
    for each value of each attribute of the informants. ``notes`` say what to keep in mind.
    """

    scores: pd.DataFrame
    calibration: pd.DataFrame
    learning: pd.DataFrame
    bias: pd.DataFrame
    notes: tuple[str, ...]


@dataclass(frozen=True)
class _Judged:
    """Decided sentences: what is known, what holds, what the coder said, and how sure it was."""

    known: Bools
    truth: Bools
    given: Bools
    sure: npt.NDArray[np.float32]
    documents: npt.NDArray[np.str_]


def evaluate(
    project: Project, coder: Coder | None = None, *, level: str | None = None,
    learning: bool = True, seed: int = 0,
) -> Evaluation:  # fmt: skip
    """Measure a coder against what people decided, never on a document that it learned from.

    Parameters
    ----------
    coder
        A ``ModelCoder`` (the default) is asked about each document as if it had never seen it;
        any other coder, such as ``CueCoder``, codes the documents as it is.
    level
        The level of the codebook at which codes are compared; its lowest if left out.
    learning
        False to leave out the learning curve, which takes the longest.
    seed
        The seed of the bootstrap and the permutations.

    Returns
    -------
    Evaluation
        Scores per code with 95 % intervals (bootstrap over documents), a calibration table, the
        learning curve, and whether errors go with what informants are like.

    Raises
    ------
    NotEnoughData
        If fewer than two documents have decided codings.

    Notes
    -----
    The unit is the sentence. Only what was decided counts: a sentence whose suggestions were
    accepted or rejected is known for those codes; a sentence between codings made by hand is known
    for all. Where people only judged suggestions, nobody looked for what the machine missed, so
    recall is too high. The bias check follows the idea of Ashwin, Rao, Biradavolu and others
    (2022, "A Method to Scale-Up Interpretative Qualitative Analysis, with an Application to
    Aspirations in Cox's Bazaar, Bangladesh", World Bank): errors of a machine must not go with
    who speaks. With few informants it finds only large differences.
    """
    book = project.codebook
    decided = lessons.decided_in(project)
    if len({lesson.group for lesson in decided}) < 2:  # noqa: PLR2004 - one to learn, one to test
        reason = (
            "evaluate needs decided codings in at least two documents; code some by hand, or "
            "accept and reject suggestions, and come back"
        )
        raise NotEnoughData(reason)
    model = coder if isinstance(coder, ModelCoder) else None
    if coder is None:
        model = ModelCoder()
    judged = (
        _by_model(model, book, decided) if model is not None else _by_coder(project, coder, decided)  # type: ignore[arg-type]
    )
    columns = _columns(book, level)
    chance = np.random.default_rng(seed)
    curve = (
        _learning(model, book, decided, columns, chance)
        if learning and model is not None
        else pd.DataFrame(columns=["decided", "f1"])
    )
    return Evaluation(
        _scores(book, judged, columns, chance), _calibration(judged, columns), curve,
        _bias(project, judged, columns, chance), _notes(decided, curve),
    )  # fmt: skip


def _columns(book: Codebook, level: str | None) -> list[int]:
    parents = {code.parent for code in book}
    if level is None:
        return [n for n, code in enumerate(book) if code.path not in parents]
    book.depth(level)
    return [n for n, code in enumerate(book) if code.level == level]


def _by_model(
    model: ModelCoder, book: Codebook, decided: Sequence[Lesson], keep: Bools | None = None
) -> _Judged:
    """Judge each document by a model that learned from all others, and thresholds likewise."""
    taught = lessons.lessons(
        book, model.taught(book), [d for n, d in enumerate(decided) if keep is None or keep[n]]
    )
    fitted, held, _ = fitting.fit(book, taught, sense=model.sense(book), blocks=model.blocks)
    model.save()
    own = np.array([lesson.origin == "study" for lesson in taught])
    known, targets = fitting.targets_of(fitted.tree, taught)
    columns = len(fitted.tree.paths)
    known, truth = known[:, :columns], targets[:, :columns] > 0
    groups = np.array([lesson.group for lesson in taught])
    sure = np.zeros(held.shape, np.float32)
    given = np.zeros(held.shape, bool)
    for group in dict.fromkeys(groups[own]):
        here, others = own & (groups == group), (groups != group)
        others &= np.array([lesson.origin != "codebook" for lesson in taught])
        lines = scoring.scale(fitted.tree, held[others], truth[others])
        sure[here] = lines.probabilities(held[here])
        for row in np.flatnonzero(here):
            codes = scoring.decide(
                fitted.tree, sure[row], lines.thresholds, stops=fitted.stops
            )  # fmt: skip
            given[row] = _with_above(fitted.tree, codes)
    return _Judged(known[own], truth[own], given[own], sure[own], groups[own])


def _with_above(tree: scoring.Tree, codes: Sequence[int]) -> Bools:
    given = np.zeros(len(tree.paths), bool)
    for code in codes:
        steps = tree.paths[code].split(".")
        given[[tree.paths.index(".".join(steps[: n + 1])) for n in range(len(steps))]] = True
    return given


def _by_coder(project: Project, coder: Coder, decided: Sequence[Lesson]) -> _Judged:
    """Judge each document by a coder that does not learn."""
    tree = scoring.Tree.of(project.codebook)
    place = {path: number for number, path in enumerate(tree.paths)}
    known, targets = fitting.targets_of(tree, decided)
    known, truth = known[:, : len(place)], targets[:, : len(place)] > 0
    sure = np.zeros(truth.shape, np.float32)
    given = np.zeros(truth.shape, bool)
    groups = np.array([lesson.group for lesson in decided])
    for group in dict.fromkeys(groups.tolist()):
        document = project.document(group.removeprefix("document "))
        rows = {decided[n].span: n for n in np.flatnonzero(groups == group).tolist()}
        for coding in coder.code(document, project.codebook):
            for (start, end), row in rows.items():
                if 2 * (min(end, coding.end) - max(start, coding.start)) >= end - start:
                    above = _with_above(tree, [place[coding.code]])
                    given[row] |= above
                    sure[row] = np.where(
                        above, np.maximum(sure[row], coding.confidence or 0.0), sure[row]
                    )
    return _Judged(known, truth, given, sure, groups)


# ---------------------------------------------------------------- the parts


def _counts(judged: _Judged, column: int | Sequence[int]) -> Any:
    """Return, for each document, how many were right, given and true."""
    known = judged.known[:, column]
    both = known & judged.given[:, column] & judged.truth[:, column]
    parts = (both, known & judged.given[:, column], known & judged.truth[:, column])
    table = np.stack([part.reshape(len(known), -1).sum(axis=1) for part in parts], axis=1)
    names, places = np.unique(judged.documents, return_inverse=True)
    summed = np.zeros((len(names), 3))
    np.add.at(summed, places, table)
    return summed


def _f1(counts: Any) -> Any:
    """Return precision, recall and F1 of counts in the last axis; missing where undefined."""
    right, given, true = counts[..., 0], counts[..., 1], counts[..., 2]
    with np.errstate(divide="ignore", invalid="ignore"):
        return right / given, right / true, 2 * right / (given + true)


def _scores(
    book: Codebook, judged: _Judged, columns: list[int], chance: np.random.Generator
) -> pd.DataFrame:
    rows = []
    for name, column in [*((book.paths[c], [c]) for c in columns), ("all", columns)]:
        counts = _counts(judged, column)
        drawn = chance.integers(0, len(counts), (_SAMPLES, len(counts)))
        precision, recall, f1 = _f1(counts.sum(axis=0))
        _, _, sampled = _f1(counts[drawn].sum(axis=1))
        sampled = sampled[~np.isnan(sampled)]
        low, high = np.quantile(sampled, [0.025, 0.975]) if len(sampled) else (np.nan, np.nan)
        rows.append((name, int(counts[:, 2].sum()), int(counts[:, 1].sum()), precision, recall, f1,
                     low, high))  # fmt: skip
    frame = pd.DataFrame(
        rows, columns=["code", "coded", "suggested", "precision", "recall", "f1", "low", "high"]
    )
    return frame.set_index("code")


def _calibration(judged: _Judged, columns: list[int]) -> pd.DataFrame:
    known = judged.known[:, columns]
    sure, truth = judged.sure[:, columns][known], judged.truth[:, columns][known]
    place = np.clip(np.digitize(sure, _BINS) - 1, 0, len(_BINS) - 2)
    rows = [
        (f"{_BINS[n]:.1f}–{_BINS[n + 1]:.1f}", int(np.sum(place == n)),
         float(sure[place == n].mean()) if (place == n).any() else np.nan,
         float(truth[place == n].mean()) if (place == n).any() else np.nan)
        for n in range(len(_BINS) - 1)
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=["confidence", "judged", "said", "right"]).set_index(
        "confidence"
    )


def _learning(
    model: ModelCoder, book: Codebook, decided: Sequence[Lesson], columns: list[int],
    chance: np.random.Generator,
) -> pd.DataFrame:  # fmt: skip
    """Score models that learned from a part of the decided sentences, whole documents at a time."""
    groups = np.array([lesson.group for lesson in decided])
    names = chance.permutation(np.unique(groups))
    rows = []
    for share in _SHARES:
        chosen = names[: max(2, round(share * len(names)))]
        judged = _by_model(model, book, decided, np.isin(groups, chosen))
        f1 = _f1(_counts(judged, columns).sum(axis=0))[2]
        rows.append((int(np.isin(groups, chosen).sum()), float(f1)))
    return pd.DataFrame(rows, columns=["decided", "f1"]).drop_duplicates("decided")


def _bias(
    project: Project, judged: _Judged, columns: list[int], chance: np.random.Generator
) -> pd.DataFrame:
    """Compare the share of wrong judgements between informants of different kinds."""
    names = ["attribute", "value", "informants", "judged", "missed", "added", "p"]
    owners = project.documents()["case"].astype(object).to_dict()
    cases = project.cases()
    who = [owners.get(d.removeprefix("document ")) for d in judged.documents]
    known = judged.known[:, columns]
    truth, given = judged.truth[:, columns], judged.given[:, columns]
    told = pd.DataFrame({
        "case": who, "judged": (known & (truth | given)).sum(axis=1),
        "missed": (known & truth & ~given).sum(axis=1),
        "added": (known & given & ~truth).sum(axis=1),
    })  # fmt: skip
    by_case = told.dropna(subset=["case"]).groupby("case").sum()
    rows = []
    for attribute in cases.columns:
        values = cases[attribute].reindex(by_case.index).dropna().astype(str)
        if values.nunique() in {0, 1, len(values)}:  # nothing to compare, or a name
            continue
        part = by_case.loc[values.index]
        p = _chance_of(part, values.to_numpy(), chance)
        for value, rows_of in part.groupby(values.to_numpy()):
            total = rows_of.sum()
            share = max(1, int(total["judged"]))
            rows.append((attribute, value, len(rows_of), int(total["judged"]),
                         total["missed"] / share, total["added"] / share, p))  # fmt: skip
    return pd.DataFrame(rows, columns=names)


def _chance_of(part: pd.DataFrame, values: Any, chance: np.random.Generator) -> float:
    """Return how often shuffled informants differ as much in errors as these (permutation)."""
    errors = (part["missed"] + part["added"]).to_numpy(float)
    judged = part["judged"].to_numpy(float)
    overall = errors.sum() / max(1.0, judged.sum())

    def spread(labels: Any) -> float:
        found = 0.0
        for value in np.unique(labels):
            here = labels == value
            found += (errors[here].sum() - overall * judged[here].sum()) ** 2 / max(
                1.0, judged[here].sum()
            )
        return found

    seen = spread(values)
    more = sum(spread(chance.permutation(values)) >= seen - 1e-9 for _ in range(_SHUFFLES))
    return (1 + more) / (1 + _SHUFFLES)


def _notes(decided: Sequence[Lesson], curve: pd.DataFrame) -> tuple[str, ...]:
    notes = []
    if not any(lesson.whole for lesson in decided):
        notes.append(
            "Nobody coded by hand here: what the machine missed is not known, so recall is too "
            "high."
        )
    if len(curve) > 1:
        slope = np.polyfit(np.log(curve["decided"]), curve["f1"], 1)[0]
        now, f1 = int(curve["decided"].iloc[-1]), float(curve["f1"].iloc[-1])
        more = f1 + slope * np.log((now + 50) / now)
        notes.append(
            f"With 50 more decided sentences, expect F1 {min(1.0, max(0.0, more)):.2f} "
            f"(now {f1:.2f}); the curve is rough with few documents."
        )
    notes.append(
        f"Fewer than {_FEW} informants of a kind: only large differences in errors can show."
    )
    return tuple(notes)
