"""Charts: what they show, in whose language, and that nothing of it is cut or covered."""

from __future__ import annotations

import itertools
import subprocess
import sys
from pathlib import Path

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.text import Text

from bantar_qual import frames, plot, stats
from bantar_qual.codebook import Codebook
from bantar_qual.errors import FrameError
from bantar_qual.plot import _style as style

BOOK = """
name: small
levels:
  - {key: variable, label: {id: Variabel, en: Variable}}
  - {key: indicator, label: {id: Indikator, en: Indicator}}
codes:
  - key: resources
    label: {id: Sumber daya, en: Resources}
    codes:
      - {key: information, label: {id: Informasi, en: Information}}
      - {key: budget, label: {id: "harga $5 dan $6 \\\\frac{ b", en: Budget}}
  - key: communication
    label: {id: Komunikasi, en: Communication}
    codes:
      - {key: information, label: {id: Informasi, en: Information}}
      - {key: long, label: {id: "Tanggung jawab bersama antara kelurahan, kecamatan, dan dinas yang
          tidak pernah dibagi dengan jelas di antara mereka", en: Long}}
      - {key: unused, label: {id: Tidak terpakai, en: Unused}}
"""
ROWS = (
    [("resources.budget", "barrier", i) for i in range(6)]
    + [("resources.information", "barrier", i) for i in range(4)]
    + [("resources.information", "enabler", i) for i in range(9)]
    + [("communication.information", "enabler", 1), ("communication.long", "barrier", 2)]
    + [("resources", "barrier", 3)]
)


def codings(groups: int = 3, language: str = "id") -> pd.DataFrame:
    """Make a codings frame of twelve informants in some groups."""
    names = [f"I{i:02}" for i in range(max(12, groups))]
    cases = pd.DataFrame(
        {"role": [f"Kelompok {i % groups}" for i in range(len(names))]}, index=names
    )
    rows = pd.DataFrame(
        {
            "document": [f"d{i}" for _, _, i in ROWS],
            "case": [names[i] for _, _, i in ROWS],
            "code": [code for code, _, _ in ROWS],
            "valence": [valence for _, valence, _ in ROWS],
            "coder": "SN",
            "start": range(len(ROWS)),
            "end": range(1, len(ROWS) + 1),
        },
        index=pd.Index(range(len(ROWS)), name="coding"),
    )
    return frames.codings(
        rows, codebook=Codebook.parse(BOOK), level="indicator", language=language,
        documents=sorted(set(rows["document"])), cases=cases,
    )  # fmt: skip


@pytest.fixture
def ranked() -> pd.DataFrame:
    """Return barriers and enablers."""
    return stats.barriers(codings())


def draw(axes: Axes) -> None:
    """Draw, so that every text has its place."""
    axes.get_figure(root=True).draw_without_rendering()


def texts(axes: Axes) -> list[Text]:
    """Return every text that a reader sees."""
    draw(axes)
    shown = [axes.xaxis.label, *axes.get_xticklabels(), *axes.get_yticklabels(), *axes.texts]
    legend = axes.get_legend()
    return [t for t in [*shown, *(legend.get_texts() if legend else [])] if t.get_text().strip()]


def test_barriers_left_enablers_right(ranked: pd.DataFrame) -> None:
    """Bars are as long as the counts; barriers run to the left, enablers to the right."""
    axes = plot.barriers(ranked)
    widths = [bar.get_width() for bar in axes.patches]
    count = len(ranked)
    assert widths[:count] == [-n for n in ranked["barrier_cases"]]
    assert widths[count:] == list(ranked["enabler_cases"])


def test_leading_barrier_on_top(ranked: pd.DataFrame) -> None:
    """Rows stand in the order of the frame, the first on top."""
    axes = plot.barriers(ranked)
    heights = [label.get_position()[1] for label in axes.get_yticklabels()]
    bottom, top = axes.get_ylim()
    assert heights == sorted(heights)
    assert top < bottom
    assert axes.get_yticklabels()[0].get_text().startswith("harga")


def test_numbers_at_the_ends(ranked: pd.DataFrame) -> None:
    """Every bar says its number, zeros too; shares are written as the language writes them."""
    numbers = [text.get_text() for text in plot.barriers(ranked).texts]
    assert numbers == [str(n) for side in ("barrier", "enabler") for n in ranked[f"{side}_cases"]]
    shares = [text.get_text() for text in plot.barriers(ranked, measure="share").texts]
    assert shares[:2] == ["50%", "33,3%"]
    assert plot.barriers(ranked, measure="share", language="en").texts[1].get_text() == "33.3%"


@pytest.mark.parametrize("measure", ["cases", "share", "documents", "codings"])
def test_measures(measure: str, ranked: pd.DataFrame) -> None:
    """Each measure names its axis in the language of the study."""
    axes = plot.barriers(ranked, measure=measure)
    assert axes.get_xlabel().startswith(("Jumlah", "Informan"))
    assert plot.frequency(stats.frequency(codings()), measure=measure).get_xlabel()
    assert not [t for t in axes.get_xticklabels() if t.get_text().startswith("−")]


def test_language(ranked: pd.DataFrame) -> None:
    """Labels, legend and axis are in the study's language, or in the one asked for."""
    axes = plot.barriers(ranked)
    assert [t.get_text() for t in axes.get_legend().get_texts()] == ["Hambatan", "Pendukung"]
    axes = plot.barriers(ranked, language="en")
    assert [t.get_text() for t in axes.get_legend().get_texts()] == ["Barrier", "Enabler"]
    assert "Budget" in [t.get_text() for t in axes.get_yticklabels()]


def test_labels_tell_codes_apart(ranked: pd.DataFrame) -> None:
    """Codes of one name say whose they are; a code on its parent says that it is unspecified."""
    labels = [t.get_text().replace("\n", " ") for t in plot.barriers(ranked).get_yticklabels()]
    assert "Informasi (Sumber daya)" in labels
    assert "Informasi (Komunikasi)" in labels
    assert "Sumber daya (tidak dirinci)" in labels
    assert len(set(labels)) == len(labels)


def test_absence_is_a_row(ranked: pd.DataFrame) -> None:
    """A code that nobody raised has its row."""
    assert "Tidak terpakai" in [t.get_text() for t in plot.barriers(ranked).get_yticklabels()]


def test_labels_are_whole(ranked: pd.DataFrame) -> None:
    """Long labels are wrapped, never cut."""
    labels = [t.get_text().replace("\n", " ") for t in plot.barriers(ranked).get_yticklabels()]
    assert any(label.endswith("di antara mereka") for label in labels)


CHARTS = {
    "barriers": lambda: plot.barriers(stats.barriers(codings())),
    "barriers, shares": lambda: plot.barriers(stats.barriers(codings()), measure="share"),
    "frequency": lambda: plot.frequency(stats.frequency(codings())),
    "frequency, English": lambda: plot.frequency(
        stats.frequency(codings()), measure="share", language="en"
    ),
    "frequency by": lambda: plot.frequency(stats.frequency(codings(), by="role")),
    "barriers by 3": lambda: plot.barriers(stats.barriers(codings(3), by="role")),
    "barriers by 8": lambda: plot.barriers(stats.barriers(codings(8), by="role")),
    "barriers by 12": lambda: plot.barriers(
        stats.barriers(codings(12), by="role"), measure="codings"
    ),
}


@pytest.mark.parametrize("name", CHARTS)
def test_nothing_is_cut_or_covered(name: str) -> None:
    """Every text lies inside the figure, and no text lies on another."""
    axes = CHARTS[name]()
    boxes = [text.get_window_extent() for text in texts(axes)]
    whole = axes.get_figure(root=True).bbox
    for box in boxes:
        assert box.x0 >= whole.x0 - 1
        assert box.x1 <= whole.x1 + 1
        assert box.y0 >= whole.y0 - 1
        assert box.y1 <= whole.y1 + 1
    for one, other in itertools.combinations(boxes, 2):
        assert not one.overlaps(other)


def test_height_grows_with_rows(ranked: pd.DataFrame) -> None:
    """A chart of more rows is higher, so that its letters stay as large."""
    fewer = frames.inherit(ranked.head(2), ranked)
    heights = [plot.barriers(f).get_figure().get_figheight() for f in (fewer, ranked)]
    assert heights[0] < heights[1]


def luminance(color: object) -> float:
    """Return how light a colour is in grey, from 0 to 1 (WCAG relative luminance)."""
    parts = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(color)]
    return float(np.dot(parts, [0.2126, 0.7152, 0.0722]))


def test_readable_in_grey() -> None:
    """Barrier and enabler differ by tone, at 3 to 1 at least, and by hatch."""
    dark, light = (luminance(style.LOOK[v]["facecolor"]) for v in ("barrier", "enabler"))
    assert (light + 0.05) / (dark + 0.05) >= 3
    assert style.LOOK["enabler"].get("hatch")
    assert not style.LOOK["barrier"].get("hatch")


def test_dollars_are_no_formula(ranked: pd.DataFrame, tmp_path: Path) -> None:
    """A label with dollar signs and half a formula is shown as it is typed."""
    axes = plot.barriers(ranked)
    assert axes.get_yticklabels()[0].get_text().startswith("harga $5 dan $6")
    assert not [text for text in texts(axes) if text.get_parse_math() and "$" in text.get_text()]
    plot.save(axes, tmp_path / "f.svg")


@pytest.mark.parametrize(
    "label",
    ["<script>alert(1)</script>", "🙂👩‍🏫", "مرحبا", "x" * 400, "a\x07b", "", "{{7*7}}", "日本語"],
)
@pytest.mark.parametrize("suffix", [".svg", ".png", ".pdf"])
def test_hostile_labels(label: str, suffix: str, tmp_path: Path) -> None:
    """Any label and any group can be drawn and saved, and makes no element of the picture."""
    index = pd.MultiIndex.from_product([[label, "b"], [label, "g"]], names=["code", "by"])
    frame = pd.DataFrame(
        {"barrier_cases": [1, 2, 3, 4], "enabler_cases": 1, "cases": 1}, index=index
    )
    for chart in (plot.barriers, plot.frequency):
        path = plot.save(chart(frame), tmp_path / f"f{suffix}")
        assert path.stat().st_size > 1000
        assert b"<script>alert" not in path.read_bytes()


def test_the_same_chart_gives_the_same_bytes(tmp_path: Path) -> None:
    """A figure holds no date and nothing of chance."""
    for suffix in (".svg", ".png", ".pdf"):
        one, two = (
            plot.save(plot.barriers(stats.barriers(codings())), tmp_path / f"{n}{suffix}")
            for n in "ab"
        )
        assert one.read_bytes() == two.read_bytes()
    assert b"dc:date" not in (tmp_path / "a.svg").read_bytes()


def test_png_is_sharp_enough_to_print(ranked: pd.DataFrame, tmp_path: Path) -> None:
    """A PNG has 200 dots to the inch."""
    import struct

    axes = plot.barriers(ranked)
    data = plot.save(axes, tmp_path / "deep" / "f.png").read_bytes()
    assert struct.unpack(">I", data[16:20])[0] == round(axes.get_figure().get_figwidth() * 200)


def test_no_state_is_left_behind() -> None:
    """A chart opens no window and leaves nothing in pyplot: it does not even load it."""
    program = (
        "import pandas as pd, sys\nfrom bantar_qual import plot\n"
        "f = pd.DataFrame({'cases': [1]}, index=pd.Index(['a'], name='code'))\n"
        "plot.frequency(f)\nprint('matplotlib.pyplot' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "False"


def test_settings_stay(ranked: pd.DataFrame, tmp_path: Path) -> None:
    """A chart changes none of matplotlib's settings."""
    before = dict(mpl.rcParams)
    plot.save(plot.barriers(ranked), tmp_path / "f.svg")
    assert dict(mpl.rcParams) == before


def test_on_axes_of_ones_own(ranked: pd.DataFrame) -> None:
    """Given axes are drawn on and given back, beside others; the figure keeps its size."""
    figure = Figure(figsize=(10, 5), layout="constrained")
    left, right = figure.subplots(1, 2)
    assert plot.barriers(ranked, ax=left) is left
    assert plot.frequency(stats.frequency(codings()), ax=right) is right
    assert list(figure.get_size_inches()) == [10, 5]
    assert right.get_legend() is None


def test_groups_stand_side_by_side() -> None:
    """Each group has its own line, its name above, and bars as long as its counts."""
    frame = stats.barriers(codings(), by="role")
    axes = plot.barriers(frame)
    assert [t.get_text() for t in axes.get_xticklabels()] == [
        "Kelompok 0",
        "Kelompok 1",
        "Kelompok 2",
    ]
    ticks, bars = list(axes.get_xticks()), axes.patches
    per_group = len(bars) // 3
    for group, middle in enumerate(ticks):
        mine = bars[group * per_group : (group + 1) * per_group]
        assert {bar.get_x() for bar in mine} == {middle}
        values = frame.xs(f"Kelompok {group}", level=1)
        expected = [*-values["barrier_cases"], *values["enabler_cases"]]
        assert [bar.get_width() for bar in mine] == pytest.approx(expected)


def test_too_many_groups() -> None:
    """More groups than can be told apart are refused, with advice."""
    frame = stats.barriers(codings(groups=17), by="role")
    with pytest.raises(FrameError, match=r"up to 16 groups.*'role' has 17.*isin"):
        plot.barriers(frame)


def test_wrong_frames(ranked: pd.DataFrame) -> None:
    """Another frame, and an unknown measure, are told."""
    with pytest.raises(FrameError, match=r"needs the frame of stats\.barriers.*'barrier_cases'"):
        plot.barriers(stats.frequency(codings()))
    with pytest.raises(FrameError, match="not list"):
        plot.frequency([1])  # type: ignore[arg-type]
    with pytest.raises(FrameError, match="index 'code'"):
        plot.barriers(ranked.reset_index(drop=True))
    with pytest.raises(FrameError, match="there are: cases, share, documents, codings"):
        plot.barriers(ranked, measure="words")


def test_nothing_to_show(ranked: pd.DataFrame, tmp_path: Path) -> None:
    """A frame without rows, or of zeros alone, is a chart too."""
    axes = plot.barriers(frames.inherit(ranked.head(0), ranked))
    assert [text.get_text() for text in axes.texts] == ["Tidak ada data"]
    plot.save(axes, tmp_path / "empty.png")
    plot.save(plot.barriers(frames.inherit(ranked * 0, ranked)), tmp_path / "zero.png")


def test_remark(ranked: pd.DataFrame) -> None:
    """A remark stands below the chart, as it is typed."""
    axes = plot.remark(plot.barriers(ranked), "Data sintetis. $x$")
    assert axes.get_figure().get_supxlabel() == "Data sintetis. $x$"
    draw(axes)


def test_every_chart_is_of_a_statistic() -> None:
    """A chart has the name of the statistic whose frame it shows."""
    assert set(plot.charts) <= set(stats.statistics)
    assert {"barriers", "frequency"} <= set(plot.charts)
