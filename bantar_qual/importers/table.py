"""Tables of cases: CSV and Excel, every cell as it would be read aloud."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pandas as pd

from bantar_qual.errors import UnreadableDocument
from bantar_qual.importers.door import Package
from bantar_qual.importers.encodings import decode, file_bytes

_SHEETS = (".xml", ".rels", ".bin")


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
    frame, encoding, guessed = open_table(path)
    if guessed:
        reason = f"it is not UTF-8 text (perhaps {encoding}); save it as CSV UTF-8"
        raise UnreadableDocument(path, reason)
    return frame


def open_table(
    path: str | Path, *, repeated: bool = False
) -> tuple[pd.DataFrame, str, tuple[str, ...]]:
    """Read a table, and tell how it was written and what had to be guessed.

    With ``repeated``, columns of one name are numbered, as forms on the web need it.
    """
    path = Path(path)
    encoding: str = ""
    notes: tuple[str, ...] = ()
    try:
        if path.suffix.lower() in {".xlsx", ".xls", ".xlsm", ".ods"}:
            names, rows = _excel(path)
        else:
            names, rows, encoding, notes = _csv(path)
    except OSError as error:
        reason = f"it cannot be read: {error.strerror or error}"
        raise UnreadableDocument(path, reason) from error
    names = [" ".join(name.split()) or f"column {i}" for i, name in enumerate(names, 1)]
    names = _numbered(names) if repeated else names
    twice = {name for name in names if names.count(name) > 1}
    if not names or twice:
        reason = f"two columns are called '{min(twice)}'" if twice else "it is empty"
        raise UnreadableDocument(path, reason)
    filled = [row[: len(names)] + [""] * (len(names) - len(row)) for row in rows if any(row)]
    return pd.DataFrame(filled, columns=names, dtype=object), encoding, notes


def _numbered(names: list[str]) -> list[str]:
    """Number the names that repeat, never with a name that is already taken."""
    found: list[str] = []
    for name in names:
        number, fresh = 2, name
        while fresh in found:
            number, fresh = number + 1, f"{name} ({number})"
        found.append(fresh)
    return found


def _csv(path: Path) -> tuple[list[str], list[list[str]], str, tuple[str, ...]]:
    text, encoding, notes = decode(file_bytes(path), path)
    text = text.removeprefix("\ufeff")
    first = text.partition("\n")[0]
    divider = max(",;\t", key=first.count)
    try:
        # Not line by line: an answer in quotation marks may run over several lines.
        lines = list(csv.reader(io.StringIO(text, newline=""), delimiter=divider, strict=True))
    except csv.Error as error:
        raise UnreadableDocument(path, f"it cannot be read as a table: {error}") from error
    rows = [[cell.strip() for cell in line] for line in lines]
    return (rows[0], rows[1:], encoding, notes) if rows else ([], [], encoding, notes)


def _excel(path: Path) -> tuple[list[str], list[list[str]]]:
    from python_calamine import CalamineError, CalamineWorkbook

    if path.suffix.lower() != ".xls":
        with Package(path, "Excel") as package:
            for name in package.names:
                if name.endswith(_SHEETS):
                    package.read(name)  # refuses a bomb before another library unpacks it
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
