"""The register of table formats."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from bantar_qual.registry import Registry

if TYPE_CHECKING:
    from bantar_qual.tables.value import Table

writers: Registry[Callable[[Table, Path], object]] = Registry("table format", "bantar_qual.tables")
writer = writers.register
