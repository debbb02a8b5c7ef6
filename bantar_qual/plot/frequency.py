"""How often each code occurs, as bars."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import pandas as pd

from bantar_qual import frames
from bantar_qual.languages import Language
from bantar_qual.languages import language as _language
from bantar_qual.plot import _style as style
from bantar_qual.plot.registry import chart

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_MEASURES = {name: (name,) for name in ("cases", "share", "documents", "segments", "codings")}


@chart("frequency")
def frequency(
    frame: pd.DataFrame,
    *,
    ax: Axes | None = None,
    language: str | None = None,
    measure: str = "cases",
) -> Axes:
    """Draw how often each code occurs, a bar for each, in the order of the frame.

    Parameters
    ----------
    frame
        What ``stats.frequency`` returned. A frame that compares groups (``by=``) shows them
        side by side.
    ax
        Axes to draw on; None makes a figure as high as its rows need.
    language
        The language of labels; that of the study if None.
    measure
        ``"cases"``, ``"share"`` (of cases), ``"documents"``, ``"segments"`` or ``"codings"``.

    Returns
    -------
    matplotlib.axes.Axes
        To be saved with ``plot.save``, or changed as matplotlib allows.

    Raises
    ------
    FrameError
        If the frame is another one, or compares more groups than can be read side by side.

    Examples
    --------
    >>> import pandas as pd
    >>> frame = pd.DataFrame({"cases": [3, 1]}, index=pd.Index(["budget", "staff"], name="code"))
    >>> frequency(frame, language="id").get_xlabel()
    'Jumlah informan'
    """
    (column,) = style.measures(measure, _MEASURES, "frequency")
    frame = style.check(frame, [column], "frequency")
    words = _language(frames.language_of(frame, language))
    laid, groups = style.rows(frame, words), style.groups(frame)
    compared = groups != [None]
    axes = style.axes(ax, laid, len(groups) if compared else 1, heads=style.heads(groups))
    if not laid.codes:
        return style.empty(axes, words)
    most = float(frame[column].fillna(0).max()) or 1.0
    lane = most * style.room(frame[[column]].to_numpy(), words, compared=compared)
    for position, group in enumerate(groups):
        part = frame if group is None else frame.xs(group, level=1)
        values = part[column].reindex(list(laid.codes)).fillna(0)
        _lane(axes, values, laid, lane * position, words)
    axes.set_xlim(0, lane * len(groups))
    _scale(axes, groups, lane, measure, words)
    return axes


def _lane(axes: Axes, values: pd.Series, laid: style.Rows, left: float, words: Language) -> None:
    """Draw the bars of one group from their line, with the numbers at the ends."""
    lengths = [float(value) for value in values]
    axes.barh(laid.places, lengths, left=left, height=0.62, linewidth=0.8, **style.LOOK["plain"])
    for place, length in zip(laid.places, lengths, strict=True):
        axes.annotate(
            style.number(length, words, share=values.name == "share"),
            (left + length, place),
            xytext=(3.5, 0),
            textcoords="offset points",
            va="center",
            fontsize=style.SIZE - 0.5,
            color=style.INK if length else style.QUIET,
        )
    axes.axvline(left, color=style.INK, linewidth=0.9)


def _scale(axes: Axes, groups: list[Any], lane: float, measure: str, words: Language) -> None:
    """Label the axis below, and the groups above their lanes."""
    caption = words.caption(f"axis_{measure}")
    place: Literal["center", "left"] = "center" if groups == [None] else "left"
    axes.set_xlabel(caption, loc=place, fontsize=style.SIZE, color=style.QUIET, parse_math=False)
    if groups != [None]:
        middles = [lane * (position + 0.4) for position in range(len(groups))]
        names = style.heads(groups)
        axes.set_xticks(middles, labels=names, fontsize=style.SIZE - 1, color=style.INK)
        style.literal(axes.get_xticklabels())
        axes.tick_params(axis="x", top=False, bottom=False, labeltop=True, labelbottom=False)
        axes.spines["bottom"].set_visible(False)
        return
    style.scale(axes, words, share=measure == "share")
