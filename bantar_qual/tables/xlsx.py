"""Workbooks: numbers that stay numbers, and every number a click away from its quotes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from bantar_qual.errors import FrameError
from bantar_qual.files import replacing
from bantar_qual.languages import Language
from bantar_qual.tables import grid as grids
from bantar_qual.tables.quotes import legible, ordered
from bantar_qual.tables.registry import writer
from bantar_qual.tables.value import Table

CELL = 32_767  # UTF-16 units that Excel keeps in a cell
ROWS = 1_048_576  # rows that Excel keeps in a sheet
_FORMATS = {"id": "0", "int": "#,##0", "number": "0.00", "share": "0.0%"}
_LINES = 110  # characters
_WIDE = {  # characters
    "code": 48, "code_label": 48, "quote": 80, "attribution": 40,
    "definition": 60, "include": 60, "exclude": 60,
}  # fmt: skip


@writer(".xlsx")
def write_xlsx(table: Table, path: Path) -> None:
    """Write a workbook with the sheets for the table, its quotes and its notes.

    Examples
    --------
    >>> import tempfile
    >>> import pandas as pd
    >>> from bantar_qual.tables import table
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_xlsx(table(pd.DataFrame({"codings": [3]})), Path(folder) / "t.xlsx")
    """
    words = table.words
    with replacing(path) as temporary, closing(Book(temporary, title=table.heading)) as book:
        sheet = book.sheet(words.caption("sheet_table"))
        targets = {}
        if table.quotes is not None:
            targets = book.add_quotes(table.quotes, words)
        book.add_table(sheet, table, targets)
        lines = [line for line in (table.heading, table.source_line, *table.note_lines) if line]
        if lines:
            book.add_lines(words.caption("sheet_notes"), lines)


class Book:
    """A workbook being written: sheets, tables, quotes and lines of text.

    Parameters
    ----------
    path
        The file to write; it is complete after ``close``.
    title
        The title in the workbook's properties, which name no person.
    """

    def __init__(self, path: Path, *, title: str = "") -> None:
        import xlsxwriter

        options = {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
        self._book = xlsxwriter.Workbook(str(path), options)
        self._book.set_properties({"title": legible(title)[:255]})
        style = {"font_name": "Calibri", "font_size": 11, "valign": "top"}
        head = {**style, "bold": True, "bottom": 1, "text_wrap": True, "bg_color": "#EDEDED"}
        self._head = {
            False: self._book.add_format(head),
            True: self._book.add_format({**head, "align": "right"}),
        }
        self._text = self._book.add_format({**style, "text_wrap": True})
        self._link = self._book.add_format(
            {**style, "text_wrap": True, "font_color": "#0B5394", "underline": 1}
        )
        self._numbers = {
            kind: self._book.add_format({**style, "num_format": pattern})
            for kind, pattern in _FORMATS.items()
        }

    def sheet(self, name: str) -> Any:
        """Add an empty sheet; a name that a workbook cannot have is made to fit."""
        taken = {sheet.name.casefold() for sheet in self._book.worksheets()}
        clean = "".join("-" if c in "[]:*?/\\'" else c for c in legible(name)).strip()[:28] or "-"
        number, unique = 1, clean
        while unique.casefold() in taken:
            number += 1
            unique = f"{clean} {number}"
        return self._book.add_worksheet(unique)

    def add_table(self, sheet: Any, table: Table, targets: Mapping[str, str]) -> None:
        """Write a table to a sheet; labels of codes lead to the places in ``targets``."""
        self._fill(sheet, table.grid(), targets)
        sheet.set_header(f"&L{legible(table.heading).replace('&', '&&')[:200]}")

    def add_quotes(self, quotes: Any, words: Language, *, name: str = "") -> dict[str, str]:
        """Write quotes to a sheet of their own, and return where each code's begin."""
        sheet = self.sheet(name or words.caption("sheet_quotes"))
        grid = grids.make(ordered(quotes), words, whole=True)
        starts = self._fill(sheet, grid, {}, part=words.caption("part"))
        targets: dict[str, str] = {}
        for code, row in zip(grid.codes, starts, strict=True):
            targets.setdefault(code, f"internal:'{sheet.name}'!A{row + 1}")
        for code in list(targets):  # a code that has none of its own leads to those below it
            targets.setdefault(code.rpartition(".")[0], targets[code])
        targets.pop("", None)
        return targets

    def add_lines(self, name: str, lines: Sequence[str]) -> None:
        """Write lines of text to a sheet of their own."""
        sheet = self.sheet(name)
        sheet.set_column(0, 0, _LINES)
        sheet.set_paper(9)  # A4
        sheet.fit_to_pages(1, 0)
        for row, piece in enumerate(piece for line in lines for piece in pieces(legible(line))):
            sheet.set_row(row, _height([piece], [_LINES]))
            sheet.write_string(row, 0, piece, self._text)

    def close(self) -> None:
        """Write the file."""
        from xlsxwriter.exceptions import FileCreateError

        try:
            self._book.close()
        except FileCreateError as error:  # the library hides the disk's own error in it
            raise OSError(*getattr(error.args[0], "args", error.args)) from error

    # ------------------------------------------------------------ cells

    def _fill(
        self, sheet: Any, grid: grids.Grid, targets: Mapping[str, str], part: str = ""
    ) -> list[int]:
        """Write header and rows, split cells that are too long, and return where rows begin."""
        split = any(len(pieces(v)) > 1 for row in grid.rows for v in row if isinstance(v, str))
        last = len(grid.columns) - 1 + split
        widths = [_width(grid, column) for column in range(len(grid.columns))]
        for column, head in enumerate(grid.columns):
            form = self._head[head.kind in grids.NUMERIC]
            sheet.write_string(0, column, legible(head.header)[:CELL], form)
            sheet.set_column(column, column, widths[column])
        sheet.set_row(0, _height([head.header for head in grid.columns], widths))
        if split:
            sheet.write_string(0, last, part or "+", self._head[False])
        starts, row = [], 1
        for values, code in zip(grid.rows, grid.codes, strict=True):
            starts.append(row)
            sheet.set_row(row, _height(values, widths))
            row += self._write_row(sheet, row, grid.columns, values, targets.get(code, ""))
            if row > ROWS:
                msg = f"a sheet holds {ROWS:,} rows and this table has more; save it as .csv"
                raise FrameError(msg)
        sheet.freeze_panes(1, sum(column.lead for column in grid.columns))
        if grid.rows and last >= 0:
            sheet.autofilter(0, 0, row - 1, last)
        sheet.set_landscape()
        sheet.set_paper(9)  # A4
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)
        return starts

    def _write_row(
        self,
        sheet: Any,
        row: int,
        columns: Sequence[grids.Column],
        values: Sequence[Any],
        target: str,
    ) -> int:
        """Write one row, over as many sheet rows as its longest text needs; return how many."""
        parts = [pieces(legible(v)) if isinstance(v, str) else [v] for v in values]
        height = max(map(len, parts), default=1)
        for column, (head, cells) in enumerate(zip(columns, parts, strict=True)):
            for offset, value in enumerate(cells):
                self._write(sheet, (row + offset, column), value, head, target)
        if height > 1:
            for offset in range(height):
                if offset and len(parts[0]) == 1:  # say which row it continues
                    self._write(sheet, (row + offset, 0), parts[0][0], columns[0], "")
                label = f"{offset + 1}/{height}"
                sheet.write_string(row + offset, len(columns), label, self._text)
        return height

    def _write(
        self, sheet: Any, place: tuple[int, int], value: Any, head: grids.Column, target: str
    ) -> None:
        if value is None:
            sheet.write_blank(*place, None, self._text)
        elif isinstance(value, str):
            if target and head.key == "code" and value:
                sheet.write_url(*place, target, self._link, value)
            else:
                sheet.write_string(*place, value, self._text)
        else:
            form = self._numbers["id" if head.lead else head.kind]
            sheet.write_number(*place, value, form)


def pieces(text: str, size: int = CELL) -> list[str]:
    """Cut a text into pieces that each fit a cell; joined they are the text again.

    Examples
    --------
    >>> [len(piece) for piece in pieces("🙂" * 20000)]
    [16383, 3617]
    """
    if len(text) * 2 <= size:
        return [text]
    result, begin, used = [], 0, 0
    for position, letter in enumerate(text):
        units = 1 + (ord(letter) > 0xFFFF)  # noqa: PLR2004  # beyond: a surrogate pair
        if used + units > size:
            result.append(text[begin:position])
            begin, used = position, 0
        used += units
    return [*result, text[begin:]]


def _height(values: Sequence[Any], widths: Sequence[int]) -> float:
    """Return how high a row must be for its texts; not every program finds that out itself."""
    lines = [
        sum(max(1, -(-len(line) * 21 // (20 * width))) for line in value[:4000].split("\n"))
        if isinstance(value, str)
        else 1
        for value, width in zip(values, widths, strict=True)
    ]
    return min(15.0 * max(lines, default=1), 405.0)  # Excel allows 409


def _width(grid: grids.Grid, position: int) -> int:
    """Return a column's width in characters: its texts in full, up to what a screen can bear."""
    column = grid.columns[position]
    most = _WIDE.get(column.key, 32)
    longest = max((len(str(row[position])) for row in grid.rows[:2000]), default=0)
    if column.kind != "text":
        longest = min(longest, 10)
    words = max(map(len, column.header.split()), default=0) + 4  # the filter's arrow
    return max(8, words, min(longest + 2, most))
