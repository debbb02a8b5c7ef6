"""The key: which name stands behind which pseudonym, in a file of its own."""

from __future__ import annotations

import contextlib
import csv
import re
import warnings
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd

from bantar_qual.errors import BantarWarning, FrameError, ProjectError, UnreadableDocument
from bantar_qual.files import replacing
from bantar_qual.importers.table import read_table
from bantar_qual.languages import language as load_language
from bantar_qual.languages import languages
from bantar_qual.privacy import KINDS, Known

COLUMNS = ("kind", "name", "pseudonym", "spellings")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet would calculate
_PARTED = re.compile(r"\s*[;|\n]\s*")


def table_of_names(names: str | Path | pd.DataFrame) -> list[Known]:
    """Read a researcher's table of names, or a key.

    Parameters
    ----------
    names
        A CSV or Excel file, or a frame, with a row for each person or place: ``name``,
        ``pseudonym`` (empty: one is made), ``spellings`` (other names and spellings, parted by
        semicolons), ``kind`` (empty: a person). The columns may have Indonesian names.

    Raises
    ------
    UnreadableDocument, FrameError
        If it cannot be read, has no column of names, or names an unknown kind.
    """
    frame = names if isinstance(names, pd.DataFrame) else read_table(names)
    columns = _columns(frame)
    if "name" not in columns:
        listed = ", ".join(map(str, frame.columns))
        raise FrameError(f"the table of names needs a column 'name' (or 'nama'); it has {listed}")
    known = []
    for row in frame.to_dict("records"):
        told = {key: _text(row[column]) for key, column in columns.items()}
        if not told["name"]:
            continue
        spellings = [s for s in _PARTED.split(told.get("spellings", "")) if s]
        known.append(
            Known(
                name=told["name"],
                kind=_kind(told.get("kind", "")),
                pseudonym=told.get("pseudonym", ""),
                spellings=tuple(_plain(spelling) for spelling in spellings),
            )
        )
    return known


def _columns(frame: pd.DataFrame) -> dict[str, Any]:
    named = {str(column).strip().lower(): column for column in reversed(frame.columns)}
    found: dict[str, Any] = {}
    for key in ("name", "pseudonym", "spellings", "kind"):
        listed = [
            w for lang in languages() for w in load_language(lang).names["alias_columns"][key]
        ]
        at = next((named[word] for word in [key, *listed] if word in named), None)
        if at is not None and at not in found.values():
            found[key] = at
    return found


def _kind(said: str) -> str:
    if not said or said in KINDS:
        return said or "name"
    for lang in languages():
        for kind, listed in load_language(lang).names["kind_words"].items():
            if said.lower() in listed:
                return str(kind)
    raise FrameError(f"the table of names speaks of a kind '{said}'; kinds are {', '.join(KINDS)}")


def _text(cell: Any) -> str:
    return "" if cell is None or cell != cell else _plain(str(cell).strip())  # noqa: PLR0124 - NaN


def _plain(cell: str) -> str:
    return cell[1:] if cell[:1] == "'" and cell[1:].startswith(_FORMULA) else cell


def guarded(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


# ---------------------------------------------------------------- the key


def read_key(path: str | Path | None) -> list[Known]:
    """Return what a key tells; nothing where there is none yet."""
    if not path or not Path(path).exists():
        return []
    return [replace(known, source="the key") for known in table_of_names(path)]


def write_key(path: Path, entries: Iterable[tuple[str, str, str]], study: Path) -> None:
    """Add to a key what was replaced: kind, words and pseudonym of each.

    Raises
    ------
    ProjectError
        If the key would be written over the study or over a file that is no key.
    """
    if path.suffix.lower() != ".csv" or path.resolve() == study.resolve():
        raise ProjectError(path, "the key is a CSV file of its own; name it key.csv, for example")
    try:
        rows = {(k.kind, k.pseudonym): k for k in read_key(path)}
    except (UnreadableDocument, FrameError) as error:
        raise ProjectError(path, "there is a file of that name that is no key") from error
    for kind, name, pseudonym in entries:
        old = rows.get((kind, pseudonym))
        if old is None:
            rows[kind, pseudonym] = Known(name=name, kind=kind, pseudonym=pseudonym)
        elif name not in (old.name, *old.spellings):
            rows[kind, pseudonym] = replace(old, spellings=(*old.spellings, name))
    with (
        replacing(path) as temporary,
        temporary.open("w", encoding="utf-8-sig", newline="") as file,
    ):
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for one in map(_fullest, rows.values()):
            cells = (one.kind, one.name, one.pseudonym, "; ".join(map(guarded, one.spellings)))
            writer.writerow(map(guarded, cells))
    with contextlib.suppress(OSError):
        path.chmod(0o600)  # for its owner's eyes


def _fullest(one: Known) -> Known:
    """Let the fullest spelling of a person stand first: Budi Santoso before Budi."""
    if one.kind != "name":
        return one
    listed = sorted((one.name, *one.spellings), key=lambda s: -len(s.split()))
    return replace(one, name=listed[0], spellings=tuple(listed[1:]))


def warn_beside(key: Path, folder: Path) -> None:
    """Warn where a key lies in a folder that may be given away."""
    if folder.resolve() in key.resolve().parents:
        said = (
            f"{key.name} lies in the folder of what you are about to share; move it to a place "
            "of its own before you give the folder away"
        )
        warnings.warn(said, BantarWarning, stacklevel=4)
