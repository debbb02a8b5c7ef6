"""What the commands print: tables that fit a terminal, in the study's language."""

from __future__ import annotations

import shutil
import textwrap
from typing import TYPE_CHECKING, Any

import click
import pandas as pd

from bantar_qual import stats
from bantar_qual.errors import NotEnoughData
from bantar_qual.languages import language as load_language
from bantar_qual.project import Project
from bantar_qual.tables import Table, table
from bantar_qual.tables.grid import NUMERIC, shown

if TYPE_CHECKING:
    from pathlib import Path

    from bantar_qual.records import Status

_WIDEST = 44  # of a text column in the terminal


def echo_table(shown_table: Table) -> None:
    """Print a table in columns, numbers to the right."""
    grid = shown_table.grid(whole=False)
    words = shown_table.words
    kinds = [column.kind for column in grid.columns]
    rows = [
        [_short(shown(value, kind, words)) for value, kind in zip(row, kinds, strict=True)]
        for row in grid.rows
    ]
    headers = [_wrapped(column.header) for column in grid.columns]
    widths = [
        max([len(line) for line in header] + [len(row[i]) for row in rows])
        for i, header in enumerate(headers)
    ]
    if shown_table.heading:
        click.secho(shown_table.heading, bold=True)
    for line in range(max(map(len, headers))):
        cells = [header[line] if line < len(header) else "" for header in headers]
        click.secho(_line(cells, widths, kinds), bold=True)
    click.echo("  ".join("-" * width for width in widths))
    for row in rows:
        click.echo(_line(row, widths, kinds))


def _short(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= _WIDEST else f"{flat[: _WIDEST - 1]}…"


def _wrapped(header: str) -> list[str]:
    return textwrap.wrap(header, 14) or [""]


def _line(cells: list[str], widths: list[int], kinds: list[Any]) -> str:
    padded = (
        cell.rjust(width) if kind in NUMERIC else cell.ljust(width)
        for cell, width, kind in zip(cells, widths, kinds, strict=True)
    )
    return "  ".join(padded).rstrip()


def show_statistic(
    noun: str, *, study: str, level: str | None, by: str | None, suggested: bool,
    language: str | None, save: str | None, chart: str | None,
) -> None:  # fmt: skip
    """Compute one statistic of a study, print it, and write or draw it if asked."""
    project = Project.open(study)
    frame = project.codings(level=level, status=_status(project, suggested=suggested))
    result = stats.statistics[noun](frame, by=by)
    made = table(result, language=language)
    echo_table(made)
    if suggested:
        click.secho("These are suggestions that nobody has decided on yet.", fg="yellow")
    if save:
        click.echo(f"Written: {made.quote(project.quotes(frame)).save(save)}")
    if chart:
        from bantar_qual import plot

        plot.save(plot.charts[noun](result, language=language), chart)
        click.echo(f"Drawn: {chart}")


def _status(project: Project, *, suggested: bool) -> Status:
    """Say what to do, rather than show nothing, where only suggestions are there."""
    if not suggested and project.codings().empty and not project.codings(status="suggested").empty:
        msg = (
            "no coding is accepted yet; add --suggested to see what the cues suggest, "
            "or accept some first (in a notebook, or `bantar accept`)"
        )
        raise NotEnoughData(msg)
    return "suggested" if suggested else "accepted"


def show_import(frame: pd.DataFrame) -> None:
    """Print what came in, what had to be decided, and what was left out and why."""
    good = frame[frame["state"] == "new"]
    same = frame["state"] == "unchanged"
    if len(good):
        shown = ["document", "kind", "case", "turns", "words", "speakers"]
        echo_table(table(good[shown], language="en"))
    for column, head, colour in (("note", "note    ", None), ("warnings", "check   ", "yellow")):
        for file, row in good[good[column] != ""].iterrows():
            click.secho(f"{head} {file}: {row[column]}", fg=colour)
    for file, row in frame[(frame["problem"] != "") & ~same].iterrows():
        click.secho(f"left out {file}: {row['problem']}", fg="red")
    if same.any():
        click.echo(f"{same.sum()} unchanged since they came in: nothing to do.")
    what = "files" if frame.index.is_unique else "documents"
    click.echo(f"{len(good)} of {len(frame)} {what} brought in, {good['words'].sum():,} words.")


def show_tables(folder: Path, described: Path, study: str) -> None:
    """Say which tables of a folder were passed over, and how a survey comes in."""
    from bantar_qual.importers.survey import TABLES

    passed = [
        path.name
        for path in sorted(folder.rglob("*") if folder.is_dir() else ())
        if path.suffix.lower() in TABLES
        and not path.name.startswith((".", "~$"))
        and path.resolve() != described.resolve()
    ]
    if passed:
        click.echo(f"passed over, as tables: {', '.join(passed)}")
        click.echo(f"If one is a survey: bantar import {study} FILE")


def _chosen(
    project: Project, path: str | None, *, level: str | None, suggested: bool
) -> pd.DataFrame:
    frame = project.codings(level=level, status=_status(project, suggested=suggested))
    if path is None:
        return frame
    within = project.codebook.code(path).path
    codes = frame["code"].astype(str)
    return frame[(codes == within) | codes.str.startswith(f"{within}.")]


def show_codings(
    project: Project, *, level: str | None, suggested: bool, path: str | None, save: str | None,
    language: str | None,
) -> None:  # fmt: skip
    """Print codings as a table with their words."""
    frame = _chosen(project, path, level=level, suggested=suggested)
    listed = project.quotes(frame)[["document", "turn", "code", "valence", "confidence", "quote"]]
    made = table(listed, language=language)
    echo_table(made)
    click.echo(f"{len(frame)} codings.")
    if save:
        click.echo(f"Written: {table(project.quotes(frame), language=language).save(save)}")


def show_quotes(
    project: Project, *, path: str | None, valence: str | None, per_code: int | None,
    suggested: bool, save: str | None, language: str | None,
) -> None:  # fmt: skip
    """Print quotes under the labels of their codes."""
    frame = _chosen(project, path, level=None, suggested=suggested)
    frame = frame if valence is None else frame[frame["valence"] == valence]
    found = project.quotes(frame, per_code=per_code)
    words = load_language(language or project.language)
    width = min(shutil.get_terminal_size().columns, 100)
    for code, group in found.groupby("code", observed=True, sort=True):
        click.secho(f"\n{project.codebook.label(str(code), words.name, whole=True)}", bold=True)
        for row in group[["quote", "attribution", "valence"]].to_dict("records"):
            rated = f" [{words.caption(row['valence'])}]" if isinstance(row["valence"], str) else ""
            said = f"“{' '.join(row['quote'].split())}” ({row['attribution']}){rated}"
            click.echo(textwrap.fill(said, width, initial_indent="  - ", subsequent_indent="    "))
    click.echo(f"\n{len(found)} quotes.")
    if save:
        click.echo(f"Written: {table(found, language=words.name).save(save)}")


def show_findings(
    project: Project, folder: str, *, count: str | None, language: str | None
) -> None:
    """Write the findings folder and say what is in it, and on what it rests."""
    from bantar_qual.reports import report

    made = report(project, folder, language=language, count=count)
    for warning in made.warnings:
        click.secho(warning, fg="yellow")
    click.echo(f"Findings in {made.folder}:")
    for file in made.files:
        click.echo(f"  {file.relative_to(made.folder)}")
