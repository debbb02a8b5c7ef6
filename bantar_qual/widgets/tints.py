"""Colours that stand out from the page, light or dark, for everyone.

The same functions exist in JavaScript (``js/colours.js``); both are tested with the same examples,
so that a code has one colour in the notebook and on paper.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

PALETTE = (
    "#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#8A6D3B", "#7F5AA2",
)  # fmt: skip
_PAGE = {False: "#ffffff", True: "#181b20"}
_NEEDED = 3.3  # a little more than WCAG asks of marks (3), for a page that is not pure white
_STEPS = 20
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")


def _channels(colour: str) -> list[int]:
    return [int(colour[at : at + 2], 16) for at in (1, 3, 5)]


def _linear(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else float(((value + 0.055) / 1.055) ** 2.4)  # noqa: PLR2004 - sRGB


def luminance(colour: str) -> float:
    """Return how bright a colour is, from 0 to 1, as WCAG counts it."""
    red, green, blue = (_linear(value / 255) for value in _channels(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours, from 1 to 21.

    Examples
    --------
    >>> contrast("#000000", "#ffffff")
    21.0
    """
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def visible(colour: str, *, dark: bool) -> str:
    """Return the same hue, darker on a light page and lighter on a dark one, until it is seen.

    Examples
    --------
    >>> visible("#0072B2", dark=False)
    '#0072b2'
    """
    target = 255 if dark else 0
    for step in range(_STEPS + 1):
        # Rounded half up, as JavaScript does.
        mixed = [int(v + (target - v) * (step / _STEPS) + 0.5) for v in _channels(colour)]
        found = "#" + "".join(f"{value:02x}" for value in mixed)
        if contrast(found, _PAGE[dark]) >= _NEEDED:
            return found
    return "#ffffff" if dark else "#000000"


def code_colours(codes: Iterable[tuple[str, str]], *, dark: bool) -> dict[str, str]:
    """Return a colour for each code; a theme and all below it share one.

    Parameters
    ----------
    codes
        Path and own colour of each code, in reading order.
    dark
        For a dark page.
    """
    colours: dict[str, str] = {}
    tops = 0
    for path, own in codes:
        above = path.rpartition(".")[0]
        given = visible(own, dark=dark) if _COLOUR.fullmatch(own or "") else colours.get(above, "")
        colours[path] = given or visible(PALETTE[tops % len(PALETTE)], dark=dark)
        tops += not above
    return colours
