"""In which order to read suggestions, so that each decision teaches the most."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, get_args

import numpy as np
import numpy.typing as npt
import pandas as pd

from bantar_qual import frames
from bantar_qual.coders.embedding import WordTable
from bantar_qual.coders.features import spoken
from bantar_qual.errors import FrameError, did_you_mean

if TYPE_CHECKING:
    from bantar_qual.project import Project

Order = Literal["least sure", "most useful", "document"]

_HALF = 0.5


def to_review(project: Project, *, first: Order = "least sure") -> pd.DataFrame:
    """Return the open suggestions in the order in which to read them.

    Parameters
    ----------
    first
        ``"least sure"``: those whose confidence lies nearest to one half. ``"most useful"``: the
        same, but what resembles a suggestion that stands further up comes later, so that not ten
        sentences of one kind are read in a row. ``"document"``: reading order.

    Returns
    -------
    pandas.DataFrame
        A selection of ``project.codings(status="suggested")`` with its ``quote``, to hand back to
        ``accept`` and ``reject``.

    Raises
    ------
    FrameError
        If there is no such order.
    """
    if first not in get_args(Order):
        msg = f"there is no order '{first}'.{did_you_mean(str(first), get_args(Order))}"
        raise FrameError(msg)
    waiting = project.codings(status="suggested").sort_values(
        ["document", "start", "end", "code"], kind="stable"
    )
    quotes = project.quotes(waiting)["quote"] if len(waiting) else pd.Series(dtype=object)
    waiting = frames.inherit(waiting.assign(quote=quotes), waiting)
    if first == "document" or waiting.empty:
        return waiting
    doubt = doubts(waiting["confidence"].fillna(1.0).to_numpy(float))
    if first == "least sure":
        order = np.argsort(-doubt, kind="stable")
    else:
        order = most_useful(doubt, _vectors(project, waiting))
    return frames.inherit(waiting.iloc[order], waiting)


def doubts(confidences: Any) -> npt.NDArray[np.float64]:
    """Return how unsure confidences are: 1 at one half, 0 at certainty."""
    return np.asarray(1 - 2 * np.abs(np.asarray(confidences, float) - _HALF), np.float64)


def most_useful(doubt: npt.NDArray[np.float64], vectors: Any) -> npt.NDArray[np.int64]:
    """Return an order by doubt, in which what resembles an earlier one comes later.

    Each step takes the one with the most doubt times unlikeness to all that were taken (greedy,
    after Settles 2010, "Active Learning Literature Survey", on information density).
    """
    left = np.ones(len(doubt), bool)
    near = np.zeros(len(doubt))
    order = np.empty(len(doubt), np.int64)
    for place in range(len(doubt)):
        worth = np.where(left, (doubt + 0.01) * (1 - near), -1.0)
        chosen = int(np.argmax(worth))
        order[place], left[chosen] = chosen, False
        near = np.maximum(near, np.clip(vectors @ vectors[chosen], 0, 1))
    return order


def _vectors(project: Project, waiting: pd.DataFrame) -> Any:
    languages = {name: spoken(project.document(name).language)
                 for name in map(str, waiting["document"].unique())}  # fmt: skip
    tables = {name: WordTable(name) for name in set(languages.values())}
    return np.vstack([
        tables[languages[str(document)]].encode([str(quote)])
        for document, quote in zip(waiting["document"], waiting["quote"], strict=True)
    ])  # fmt: skip
