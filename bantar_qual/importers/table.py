"""Tables of cases: CSV and Excel, every cell as it would be read aloud."""

from __future__ import annotations

import csv
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pandas as pd

from bantar_qual.errors import UnreadableDocument


def read_table(path: str | Path) -> pd.DataFrame:
    """Read the first sheet of an Excel file, or a CSV file with comma, semicolon or tab.

    Parameters
    ----------
    path
        A ``.csv``, ``.tsv``, ``.xlsx``, ``.xls`` or ``.ods`` file with names in its first row.

    Returns
    -------
    pandas.DataFrame
        Every cell as text, so that an RT stays ``07``; rows without any text are left out.

    Raises
    ------
    UnreadableDocument
        If it cannot be read as a table.
    """
    path = Path(path)
    if path.suffix.lower() in {".xlsx", ".xls", ".xlsm", ".ods"}:
        names, rows = _excel(path)
    else:
        names, rows = _csv(path)
    names = [name or f"column {i}" for i, name in enumerate(names, 1)]
    twice = {name for name in names if names.count(name) > 1}
    if not names or twice:
        reason = f"two columns are called '{min(twice)}'" if twice else "it is empty"
        raise UnreadableDocument(path, reason)
    filled = [row[: len(names)] + [""] * (len(names) - len(row)) for row in rows if any(row)]
    return pd.DataFrame(filled, columns=names, dtype=object)


def _csv(path: Path) -> tuple[list[str], list[list[str]]]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise UnreadableDocument(path, "it is not UTF-8 text; save it as CSV UTF-8") from None
    except OSError as error:
        raise UnreadableDocument(path, f"it cannot be read: {error.strerror}") from error
    first = text.partition("\n")[0]
    divider = max(",;\t", key=first.count)
    try:
        lines = list(csv.reader(text.splitlines(), delimiter=divider, strict=True))
    except csv.Error as error:
        raise UnreadableDocument(path, f"it cannot be read as a table: {error}") from error
    rows = [[cell.strip() for cell in line] for line in lines]
    return (rows[0], rows[1:]) if rows else ([], [])


def _excel(path: Path) -> tuple[list[str], list[list[str]]]:
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        book = CalamineWorkbook.from_path(str(path))
        rows = [[_said(cell) for cell in row] for row in book.get_sheet_by_index(0).to_python()]
    except (CalamineError, OSError) as error:
        raise UnreadableDocument(path, "it cannot be read as an Excel file") from error
    return (rows[0], rows[1:]) if rows else ([], [])


def _said(cell: Any) -> str:
    """Return a cell as text; Excel keeps 7 as 7.0 and a day as a moment."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime) and (cell.hour, cell.minute, cell.second) == (0, 0, 0):
        return cell.date().isoformat()
    return cell.isoformat() if isinstance(cell, datetime | date) else str(cell).strip()
