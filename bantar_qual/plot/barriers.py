"""What hinders to the left, what helps to the right."""

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

_MEASURES = {
    "cases": ("barrier_cases", "enabler_cases"),
    "share": ("barrier_share", "enabler_share"),
    "documents": ("barrier_documents", "enabler_documents"),
    "codings": ("barrier", "enabler"),
}
_SIDES = (("barrier", -1), ("enabler", 1))


@chart("barriers")
def barriers(
    frame: pd.DataFrame,
    *,
    ax: Axes | None = None,
    language: str | None = None,
    measure: str = "cases",
) -> Axes:
    """Draw barriers to the left and enablers to the right of a line, a row for each code.

    Parameters
    ----------
    frame
        What ``stats.barriers`` returned; its first code stands on top. A frame that compares
        groups (``by=``) shows them side by side, each around a line of its own.
    ax
        Axes to draw on; None makes a figure as high as its rows need.
    language
        The language of labels; that of the study if None.
    measure
        ``"cases"``, ``"share"`` (of cases), ``"documents"`` or ``"codings"``.

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
    >>> frame = pd.DataFrame({"barrier_cases": [3, 0], "enabler_cases": [1, 2]},
    ...     index=pd.Index(["budget", "staff"], name="code"))
    >>> [text.get_text() for text in barriers(frame, language="id").get_yticklabels()]
    ['budget', 'staff']
    """
    columns = style.measures(measure, _MEASURES, "barriers")
    frame = style.check(frame, columns, "barriers")
    words = _language(frames.language_of(frame, language))
    laid, groups = style.rows(frame, words), style.groups(frame)
    compared = groups != [None]
    axes = style.axes(ax, laid, 1.5 * len(groups) if compared else 1, heads=style.heads(groups))
    if not laid.codes:
        return style.empty(axes, words)
    most = float(frame[list(columns)].to_numpy(na_value=0).max()) or 1.0
    lane = most * style.room(frame[list(columns)].to_numpy(), words, compared=compared)
    for position, group in enumerate(groups):
        part = frame if group is None else frame.xs(group, level=1)
        values = part.reindex(list(laid.codes)).fillna(0)
        _lane(axes, pd.DataFrame(values)[list(columns)], laid, 2 * lane * position, words)
    axes.set_xlim(-lane, 2 * lane * len(groups) - lane)
    _scale(axes, groups, lane, measure, words)
    _legend(axes, words, below=compared)
    return axes


def _lane(
    axes: Axes, values: pd.DataFrame, laid: style.Rows, middle: float, words: Language
) -> None:
    """Draw the bars of one group around their line, with the numbers at the ends."""
    share = str(values.columns[0]).endswith("_share")
    for column, (valence, side) in zip(values.columns, _SIDES, strict=True):
        lengths = [float(value) for value in values[column]]
        ends = [side * length for length in lengths]
        axes.barh(laid.places, ends, left=middle, height=0.62, linewidth=0.8, **style.LOOK[valence])
        for place, length, end in zip(laid.places, lengths, ends, strict=True):
            axes.annotate(
                style.number(length, words, share=share),
                (middle + end, place),
                xytext=(3.5 * side, 0),
                textcoords="offset points",
                ha="right" if side < 0 else "left",
                va="center",
                fontsize=style.SIZE - 0.5,
                color=style.INK if length else style.QUIET,
            )
    axes.axvline(middle, color=style.INK, linewidth=0.9)


def _scale(axes: Axes, groups: list[Any], lane: float, measure: str, words: Language) -> None:
    """Label the axis below, and the groups above their lanes."""
    caption = words.caption(f"axis_{measure}")
    place: Literal["center", "left"] = "center" if groups == [None] else "left"
    axes.set_xlabel(caption, loc=place, fontsize=style.SIZE, color=style.QUIET, parse_math=False)
    if groups != [None]:
        middles = [2 * lane * position for position in range(len(groups))]
        names = style.heads(groups)
        axes.set_xticks(middles, labels=names, fontsize=style.SIZE - 1, color=style.INK)
        style.literal(axes.get_xticklabels())
        axes.tick_params(axis="x", top=False, bottom=False, labeltop=True, labelbottom=False)
        axes.spines["bottom"].set_visible(False)
        for middle in middles[1:]:
            axes.axvline(middle - lane, color=style.RULE, linewidth=0.7)
        return
    style.scale(axes, words, share=measure == "share")


def _legend(axes: Axes, words: Language, *, below: bool) -> None:
    from matplotlib.patches import Patch

    handles = [
        Patch(label=words.caption(valence), linewidth=0.8, **style.LOOK[valence])
        for valence, _ in _SIDES
    ]
    legend = axes.legend(
        handles=handles,
        loc="upper right" if below else "lower right",
        bbox_to_anchor=(1, 0) if below else (1, 1),
        borderaxespad=0.2,
        ncols=2,
        frameon=False,
        fontsize=style.SIZE,
        handlelength=2.2,
    )
    style.literal(legend.get_texts())
