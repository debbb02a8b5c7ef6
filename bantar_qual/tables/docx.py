"""Word: a table as a thesis wants it, with its title above and its source below."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bantar_qual.files import replacing
from bantar_qual.languages import Language
from bantar_qual.tables import grid as grids
from bantar_qual.tables import widths, word
from bantar_qual.tables.quotes import groups, legible
from bantar_qual.tables.registry import writer
from bantar_qual.tables.value import Table


@writer(".docx")
def write_docx(table: Table, path: Path) -> None:
    """Write a Word file with the table and, below it, its quotes.

    Examples
    --------
    >>> import tempfile
    >>> import pandas as pd
    >>> from bantar_qual.tables import table
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_docx(table(pd.DataFrame({"codings": [3]})), Path(folder) / "t.docx")
    """
    landscape = widths.fit(_printed(table)[0], table.words, word.TEXT_WIDTH) is None
    document = word.new(table.words, title=table.heading, landscape=landscape)
    add_table(document, table)
    if table.quotes is not None:
        add_quotes(document, table.quotes, table.words, order=table.grid().codes)
    with replacing(path) as temporary:
        document.save(str(temporary))


def add_table(document: Any, table: Table) -> None:
    """Add a table to a Word document: title above, source and notes below.

    A table too wide for an upright page gets pages that lie on their side.

    Parameters
    ----------
    document
        A document that ``word.new`` made.
    table
        The table; of its quotes nothing is written.
    """
    grid, notes = _printed(table)
    fitted = widths.fit(grid, table.words, word.room(document))
    turned = fitted is None and not word.lies(document)
    if turned:
        word.turn(document, landscape=True)
    if table.heading:
        document.add_paragraph(legible(table.heading), style="Caption")
    if grid.columns:
        room = word.room(document)
        fitted = fitted or widths.fit(grid, table.words, room)
        _grid(document, grid, table.words, fitted or widths.squeezed(grid, table.words, room))
    below = [document.add_paragraph(legible(line), style=word.UNDER) for line in notes or [""]]
    for line in below[:-1]:
        line.paragraph_format.keep_with_next = True
    below[-1].paragraph_format.space_after = word.points(12)
    if turned:
        word.turn(document, landscape=False)


def _printed(table: Table) -> tuple[grids.Grid, list[str]]:
    """Return the grid and the lines below it; what was not rated is told there, to save room."""
    grid, unrated = table.grid(whole=False).without("unrated")
    shown = table
    if any(unrated):
        shown = table.note(table.words.caption("unrated_note", n=sum(unrated)))
    return grid, [line for line in (shown.source_line, *shown.note_lines) if line]


def add_quotes(
    document: Any, quotes: Any, words: Language, *, order: Sequence[str] = (), level: int = 2
) -> None:
    """Add quotes in groups, each under a heading with its code and valence."""
    for group in groups(quotes, words, order):
        word.heading(document, group.title(words), level=level)
        for quote in group.quotes:
            add_quote(document, quote.text, quote.attribution)


def add_quote(document: Any, text: str, attribution: str) -> None:
    """Add one block quote, word for word, with its attribution in brackets."""
    paragraph = document.add_paragraph(style=word.QUOTE)
    word.right_to_left(paragraph, paragraph.add_run(f"“{legible(text)}”"), text)
    paragraph.add_run(f" ({legible(attribution)})")


def _grid(
    document: Any, grid: grids.Grid, words: Language, fitted: tuple[float, list[float]]
) -> None:
    size, wide = fitted
    made = word.rules(document.add_table(rows=0, cols=len(grid.columns)), wide)
    word.fill(
        made.add_row(),
        [(column.header, column.kind in grids.NUMERIC) for column in grid.columns],
        wide,
        size=size,
        head=True,
    )
    for number, values in enumerate(grid.rows):
        again = [grid.continues(number, i) for i in range(len(values))]
        cells = [
            ("" if hidden else grids.shown(value, column.kind, words), column.kind in grids.NUMERIC)
            for column, value, hidden in zip(grid.columns, values, again, strict=True)
        ]
        last = number == len(grid.rows) - 1
        row = word.fill(made.add_row(), cells, wide, size=size, keep=last)
        for position, cell in enumerate(list(row.cells)):
            if again[position] or grid.continues(number + 1, position):
                word.merged(cell, first=not again[position])
