"""Web pages: self-contained, without scripts, every number a link to the quotes behind it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from itertools import groupby, pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bantar_qual.files import replacing
from bantar_qual.languages import Language
from bantar_qual.records import VALENCES
from bantar_qual.tables import grid as grids
from bantar_qual.tables.quotes import Group, anchor, groups, legible
from bantar_qual.tables.registry import writer
from bantar_qual.tables.value import Table

if TYPE_CHECKING:
    import jinja2

_RATED = (*map(str, VALENCES), "unrated")


@writer(".html")
def write_html(table: Table, path: Path) -> None:
    """Write one page with the table and, below it, its quotes.

    Examples
    --------
    >>> import tempfile
    >>> import pandas as pd
    >>> from bantar_qual.tables import table
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_html(table(pd.DataFrame({"codings": [3]})), Path(folder) / "t.html")
    """
    words = table.words
    found = [] if table.quotes is None else quote_groups(table.quotes, words, order=codes(table))
    shown = view(table, name="t", targets=targets(found))
    page = environment().get_template("table.html.j2")
    text = page.render(
        table=shown, sections=sections(found, words, table="t", level=3), **common(words)
    )
    with replacing(path) as temporary:
        temporary.write_text(text, encoding="utf-8")


def fragment(table: Table) -> str:
    """Return the table alone, as a notebook shows it: its numbers, and no quotes."""
    macros: Any = environment().get_template("macros.html.j2").module
    return str(macros.table_plain(view(table, name="t", targets={})))


# ---------------------------------------------------------------- building blocks


@cache
def environment() -> jinja2.Environment:
    """Return the templates of tables, which escape everything that comes from data."""
    import jinja2

    return jinja2.Environment(
        loader=jinja2.PackageLoader("bantar_qual", "tables"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def common(words: Language) -> dict[str, Any]:
    """Return what every page needs to know."""
    return {"lang": words.name, "caption": words.caption}


def codes(table: Table) -> list[str]:
    """Return the codes of a table in the order of its rows."""
    return list(dict.fromkeys(code for code in table.grid().codes if code))


def quote_groups(quotes: Any, words: Language, *, order: Sequence[str] = ()) -> list[Group]:
    """Return the groups of quotes that a page shows."""
    return list(groups(quotes, words, order))


def targets(found: Iterable[Group]) -> dict[str, int]:
    """Return how many quotes stand behind each anchor: of a code, and of each valence of it."""
    counted: dict[str, int] = {}
    for group in found:
        for name in (anchor(group.code), anchor(group.code, group.valence or "unrated")):
            counted[name] = counted.get(name, 0) + len(group.quotes)
    return counted


def view(table: Table, *, name: str, targets: Mapping[str, int]) -> dict[str, Any]:
    """Return a table as the templates want it.

    Parameters
    ----------
    table
        The table.
    name
        What its rows are called on the page: ``t`` makes ``t-resources.budget``.
    targets
        The anchors that the page has, with the number of quotes behind each.
    """
    grid = table.grid(whole=False)
    heads = [
        {"text": legible(column.header), "number": column.kind in grids.NUMERIC}
        for column in grid.columns
    ]
    return {
        "name": name,
        "heading": legible(table.heading),
        "heads": heads,
        "rows": _rows(grid, table.words, name, targets),
        "source": legible(table.source_line),
        "notes": [legible(line) for line in table.note_lines],
    }


def _rows(
    grid: grids.Grid, words: Language, name: str, targets: Mapping[str, int]
) -> list[dict[str, Any]]:
    spans = {i: _spans(grid, i) for i, column in enumerate(grid.columns) if column.run}
    seen: set[str] = set()
    rows = []
    for number, (values, code) in enumerate(zip(grid.rows, grid.codes, strict=True)):
        cells = [
            _cell(value, column, code, words, targets)
            | ({"rowspan": spans[i][number]} if i in spans else {})
            for i, (column, value) in enumerate(zip(grid.columns, values, strict=True))
            if i not in spans or spans[i][number]
        ]
        ident = _row_id(name, code) if code and code not in seen else ""
        seen.add(code)
        rows.append({"id": ident, "cells": cells})
    return rows


def _row_id(name: str, code: str) -> str:
    return f"{name}-{anchor(code)}"


def _spans(grid: grids.Grid, position: int) -> list[int]:
    """Return how many rows each cell of a column covers; 0 where one above covers it."""
    starts = [row for row in range(len(grid.rows)) if not grid.continues(row, position)]
    spans = [0] * len(grid.rows)
    for start, end in pairwise([*starts, len(grid.rows)]):
        spans[start] = end - start
    return spans


def _cell(
    value: Any, column: grids.Column, code: str, words: Language, targets: Mapping[str, int]
) -> dict[str, Any]:
    cell: dict[str, Any] = {
        "text": legible(grids.shown(value, column.kind, words)),
        "number": column.kind in grids.NUMERIC,
        "lead": column.lead,
        "run": column.run,
    }
    target = _target(column, code)
    counts = value[0] if column.kind == "people" else value
    if code and counts and cell["number"] and targets.get(target):
        cell["href"] = f"#{target}"
        cell["title"] = words.caption("see_quotes", n=targets[target])
    return cell


def _target(column: grids.Column, code: str) -> str:
    """Return the anchor of the quotes behind a number: those of its valence, or all of a code."""
    valence = column.key.partition("_")[0]
    return anchor(code, valence) if valence in _RATED else anchor(code)


def sections(
    found: Iterable[Group], words: Language, *, table: str, level: int = 3
) -> list[dict[str, Any]]:
    """Return the quotes as the templates want them: a section a code, its valences inside.

    Parameters
    ----------
    found
        The groups of quotes.
    words
        The language of the page.
    table
        The name of the table whose rows the sections lead back to; "" for none.
    level
        The depth of the sections' headings.
    """
    result = []
    for code, run in groupby(found, key=lambda group: group.code):
        members = list(run)
        result.append(
            {
                "id": anchor(code),
                "title": legible(members[0].label),
                "level": level,
                "back": f"#{_row_id(table, code)}" if table else "",
                "groups": [_group(group, words) for group in members],
            }
        )
    return result


def _group(group: Group, words: Language) -> dict[str, Any]:
    return {
        "id": anchor(group.code, group.valence or "unrated"),
        "title": words.caption(group.valence) if group.valence else words.caption("unrated"),
        "quotes": [
            {"text": legible(quote.text), "attribution": legible(quote.attribution)}
            for quote in group.quotes
        ],
    }
