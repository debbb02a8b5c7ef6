"""One style for all charts: readable in grey and by the colour-blind, in the study's language."""

from __future__ import annotations

import textwrap
import warnings
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from bantar_qual import frames
from bantar_qual.errors import FrameError
from bantar_qual.files import replacing
from bantar_qual.languages import Language

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.text import Text

INK, QUIET, RULE = "#222222", "#5f5f5f", "#d9d9d9"
LOOK: Mapping[str, Mapping[str, Any]] = {  # dark and plain against light and hatched
    "barrier": {"facecolor": "#9C3D0C", "edgecolor": "#5E2204"},
    "enabler": {"facecolor": "#A9D5EE", "edgecolor": "#2F6C90", "hatch": "////"},
    "plain": {"facecolor": "#4F7F9F", "edgecolor": "#2D5069"},
}
SIZE = 9.0  # points
WRAP = 30  # letters of a label before it goes on in a new line
GROUPS = 16  # groups that can be told apart side by side

_LINE = 0.185  # inches
_ROW = 0.15  # inches of air around a row
_LABELS = 2.35  # inches
_LANE = 0.72  # inches


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """The rows of a chart: a label and a place for each code, the first on top."""

    codes: tuple[str, ...]
    labels: tuple[str, ...]  # wrapped
    places: tuple[float, ...]
    lines: int  # of all labels together

    @property
    def height(self) -> float:
        """Return how many inches the rows need."""
        return self.lines * _LINE + len(self.codes) * _ROW


def rows(frame: pd.DataFrame, words: Language) -> Rows:
    """Lay out a row for each code, in the order of the frame."""
    codes = list(dict.fromkeys(map(str, frame.index.get_level_values("code"))))
    labels = [wrapped(text) for text in code_labels(frame, codes, words)]
    places, y, lines = [], 0.0, 0
    for label in labels:
        count = label.count("\n") + 1
        need = (count * _LINE + _ROW) / (_LINE + _ROW)
        places.append(y + need / 2)
        y, lines = y + need, lines + count
    return Rows(codes=tuple(codes), labels=tuple(labels), places=tuple(places), lines=lines)


def code_labels(frame: pd.DataFrame, codes: Sequence[str], words: Language) -> list[str]:
    """Label the codes; one above the level is "unspecified", and twins name their parent."""
    known = frames.knowledge(frame)
    labels = [frames.label(frame, code, words.name) for code in codes]
    result = []
    for code, label in zip(codes, labels, strict=True):
        above = code.rpartition(".")[0]
        if frames.is_unspecified(frame, code):
            result.append(f"{label} ({words.caption('unspecified')})")
        elif labels.count(label) > 1 and above in known.get("labels", {}):
            result.append(f"{label} ({frames.label(frame, above, words.name)})")
        else:
            result.append(label)
    return result


def wrapped(text: str, width: int = WRAP) -> str:
    """Break a text into lines; nothing of it is cut."""
    return "\n".join(textwrap.wrap(text, width)) or text


def heads(groups: Sequence[Any]) -> list[str]:
    """Return the names of groups in short lines, broken at spaces while that is possible."""
    names = [str(group) for group in groups if group is not None]
    longest = [max(map(len, name.split()), default=0) for name in names]
    return [wrapped(name, max(11, min(n, 16))) for name, n in zip(names, longest, strict=True)]


# ---------------------------------------------------------------- axes


def check(frame: object, columns: Iterable[str], noun: str) -> pd.DataFrame:
    """Return the frame if the chart can show it.

    Raises
    ------
    FrameError
        If it is not what the statistic returned, or compares more groups than can be shown.
    """
    if not isinstance(frame, pd.DataFrame):
        msg = f"plot.{noun} needs the frame of stats.{noun}; not {type(frame).__name__}"
        raise FrameError(msg)
    missing = [column for column in columns if column not in frame.columns]
    if missing or "code" not in frame.index.names:
        lacking = f"the column {missing[0]!r}" if missing else "the index 'code'"
        msg = f"plot.{noun} needs the frame of stats.{noun}; this one lacks {lacking}"
        raise FrameError(msg)
    names = groups(frame)
    if len(names) > GROUPS:
        by = frame.index.names[1]
        msg = (
            f"plot.{noun} shows up to {GROUPS} groups side by side, and {by!r} has {len(names)}. "
            f"Choose some of them: frame[frame.index.get_level_values({by!r}).isin([...])], "
            "compare a coarser attribute, or make a table"
        )
        raise FrameError(msg)
    return frame


def measures(measure: str, known: Mapping[str, tuple[str, ...]], noun: str) -> tuple[str, ...]:
    """Return the columns that a measure shows.

    Raises
    ------
    FrameError
        If there is no such measure.
    """
    if measure not in known:
        msg = f"plot.{noun} has no measure {measure!r}; there are: {', '.join(known)}"
        raise FrameError(msg)
    return known[measure]


def groups(frame: pd.DataFrame) -> list[Any]:
    """Return the values that a frame compares; a single None if it compares none."""
    if frame.index.nlevels == 1:
        return [None]
    return list(dict.fromkeys(frame.index.get_level_values(1)))


def axes(ax: Axes | None, laid: Rows, lanes: float, *, heads: Sequence[str]) -> Axes:
    """Return the axes to draw on: those given, or new ones whose height grows with the rows."""
    if ax is None:
        from matplotlib.figure import Figure

        width = max(6.3, _LABELS + lanes * _LANE)
        above = max((name.count("\n") + 1 for name in heads), default=2) * _LINE
        height = laid.height + above + 0.85
        figure = Figure(figsize=(width, height), layout="constrained", facecolor="white")
        ax = figure.add_subplot()
    if laid.places:
        ax.set_ylim(laid.places[-1] + laid.places[0], 0)
    ax.set_yticks(laid.places, labels=laid.labels, fontsize=SIZE, color=INK)
    ax.tick_params(axis="y", length=0, pad=6)
    ax.tick_params(axis="x", labelsize=SIZE - 1, colors=QUIET, length=3)
    for side in ("top", "right", "left"):
        ax.spines[side].set_visible(False)
    ax.spines["bottom"].set_color(RULE)
    ax.set_axisbelow(True)
    literal(ax.get_yticklabels())
    return ax


def literal(texts: Iterable[Text]) -> None:
    """Show texts as they are typed: a dollar sign is no formula."""
    for text in texts:
        text.set_parse_math(False)


def empty(ax: Axes, words: Language) -> Axes:
    """Say that there is nothing to show."""
    ax.set_axis_off()
    caption = words.caption("chart_none")
    ax.text(0.5, 0.5, caption, ha="center", va="center", transform=ax.transAxes, color=QUIET)
    return ax


def number(value: float, words: Language, *, share: bool) -> str:
    """Return a count, or a share in percent, in the language's notation."""
    if share:
        text = f"{value * 100:.1f}".removesuffix(".0")
        return text.replace(".", words.caption("mark_decimal")) + "%"
    return f"{value:,.0f}".replace(",", words.caption("mark_thousands"))


def scale(axes: Axes, words: Language, *, share: bool) -> None:
    """Mark the axis below in whole counts, or in percent up to a hundred, without signs."""
    from matplotlib.ticker import FixedLocator, FuncFormatter, MaxNLocator

    def notation(value: float, _: int | None = None) -> str:
        return number(abs(value), words, share=share)

    low, high = axes.get_xlim()
    ticks = MaxNLocator(nbins=9, integer=not share).tick_values(low, high)
    most = 1.0 if share else high
    shown = [tick for tick in ticks if low <= tick <= high and abs(tick) <= most]
    axes.xaxis.set_major_locator(FixedLocator(shown))
    axes.xaxis.set_major_formatter(FuncFormatter(notation))
    axes.grid(axis="x", color=RULE, linewidth=0.6)


def room(values: Any, words: Language, *, compared: bool) -> float:
    """Return how much longer than its longest bar an axis must be to hold the numbers too."""
    share = bool((values % 1 > 0).any())
    letters = max((len(number(value, words, share=share)) for value in values.flat), default=1)
    return 1.35 + letters * 0.2 if compared else 1.03 + letters * 0.045


def remark(axes: Axes, text: str) -> Axes:
    """Put a remark below a chart that must not be lost when the chart is cut out.

    Parameters
    ----------
    axes
        What a chart returned.
    text
        Such as "Machine suggestions, not reviewed."

    Examples
    --------
    >>> import pandas as pd
    >>> from bantar_qual import plot
    >>> frame = pd.DataFrame({"cases": [3]}, index=pd.Index(["budget"], name="code"))
    >>> plot.remark(plot.frequency(frame), "Synthetic data.").get_figure().get_supxlabel()
    'Synthetic data.'
    """
    figure = axes.get_figure(root=True)
    if figure is not None:
        shown = wrapped(text, 110)
        figure.supxlabel(
            shown, x=0.01, ha="left", fontsize=SIZE - 1.5, color=QUIET, parse_math=False
        )
    return axes


# ---------------------------------------------------------------- files


def save(axes: Axes, path: str | Path) -> Path:
    """Write a chart to a file; the same chart gives the same bytes, without a date.

    Parameters
    ----------
    axes
        What a chart returned.
    path
        Where to write: ``.svg``, ``.png`` (200 dpi) or ``.pdf``.

    Returns
    -------
    pathlib.Path
        The path that was written.

    Examples
    --------
    >>> import tempfile
    >>> import pandas as pd
    >>> from bantar_qual import plot
    >>> frame = pd.DataFrame({"cases": [3]}, index=pd.Index(["budget"], name="code"))
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     plot.save(plot.frequency(frame), f"{folder}/figure.svg").name
    'figure.svg'
    """
    import matplotlib as mpl

    path = Path(path)
    dated = {".svg": {"Date": None}, ".pdf": {"CreationDate": None}}
    kind = path.suffix.lower()
    with (
        replacing(path) as temporary,
        mpl.rc_context({"svg.hashsalt": "bantar_qual"}),
        warnings.catch_warnings(),
    ):
        warnings.filterwarnings("ignore", message="Glyph .* missing")  # shown as a box
        axes.get_figure(root=True).savefig(temporary, dpi=200, metadata=dated.get(kind))  # type: ignore[union-attr]
    return path
