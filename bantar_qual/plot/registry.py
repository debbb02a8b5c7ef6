"""The register of charts."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from bantar_qual.registry import Registry

if TYPE_CHECKING:
    from matplotlib.axes import Axes

charts: Registry[Callable[..., Axes]] = Registry("chart", "bantar_qual.plot")
chart = charts.register
