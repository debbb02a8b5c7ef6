"""CSV: for machines. UTF-8 with a byte order mark, shares from 0 to 1, quotes in a second file."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from bantar_qual.files import replacing
from bantar_qual.languages import Language
from bantar_qual.tables import grid as grids
from bantar_qual.tables.quotes import ordered
from bantar_qual.tables.registry import writer
from bantar_qual.tables.value import Table

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""First characters that make a spreadsheet calculate a text (OWASP, CSV injection)."""


@writer(".csv")
def write_csv(table: Table, path: Path, *, guard: bool = True) -> None:
    """Write a table, and its quotes to ``<stem>-quotes.csv`` beside it.

    Parameters
    ----------
    table, path
        What to write where.
    guard
        Whether to put an apostrophe before texts that a spreadsheet would take for a formula.
        That changes those texts; leave it out only where no spreadsheet will open the file.

    Notes
    -----
    Headers are in the table's language, numbers are written as Python writes them: a share of
    12.5 % is ``0.125``, under a header that says share. Title, notes and source are left out,
    for a machine expects a header in the first line.

    Examples
    --------
    >>> import tempfile
    >>> import pandas as pd
    >>> from bantar_qual.tables import table
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder) / "t.csv"
    ...     write_csv(table(pd.DataFrame({"name": ["=1+1"]})), path)
    ...     path.read_text("utf-8-sig").split()
    ['Name', "'=1+1"]
    """
    _write(table.grid(), path, table.words, guard=guard)
    if table.quotes is not None:
        quotes = grids.make(ordered(table.quotes), table.words, whole=True)
        _write(quotes, path.with_name(f"{path.stem}-quotes.csv"), table.words, guard=guard)


def _header(column: grids.Column, words: Language) -> str:
    """Return the header of a column; what is from 0 to 1 is not called a percentage."""
    if column.kind != "share":
        return column.header
    return words.caption("fraction", of=column.header.removeprefix("%").strip())


def _write(grid: grids.Grid, path: Path, words: Language, *, guard: bool) -> None:
    def cells(values: Iterable[Any]) -> list[Any]:
        return [_guarded(value) if guard else value for value in values]

    with (
        replacing(path) as temporary,
        temporary.open("w", encoding="utf-8-sig", errors="replace", newline="") as file,
    ):
        rows = csv.writer(file)
        rows.writerow(cells(_header(column, words) for column in grid.columns))
        rows.writerows(cells(row) for row in grid.rows)


def _guarded(value: Any) -> Any:
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value
