"""The commands that look after a study: taking back, corrections, teamwork, the text form."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    import pandas as pd

    from bantar_qual.project import Project

_STUDY = click.argument("study", type=click.Path())
_CODER = click.option("--coder", default="", help="Who you are, if not the study's maker.")


def _open(study: str, coder: str = "") -> Project:
    from bantar_qual.project import Project

    return Project.open(study, coder=coder)


def _show(frame: pd.DataFrame, save: str | None = None) -> None:
    from bantar_qual.cli.showing import echo_table
    from bantar_qual.tables import table

    made = table(frame, language="en")
    echo_table(made)
    if save:
        click.echo(f"Written: {made.save(save)}")


@click.command()
@_STUDY
@_CODER
def undo(study: str, coder: str) -> None:
    """Take back the last thing that was done, whatever it was."""
    said = _open(study, coder).undo()
    click.echo(f"Taken back: {said}." if said else "There is nothing left to take back.")


@click.command()
@_STUDY
@_CODER
def redo(study: str, coder: str) -> None:
    """Do again what was taken back last."""
    said = _open(study, coder).redo()
    click.echo(f"Done again: {said}." if said else "There is nothing to do again.")


@click.command()
@_STUDY
@click.option("--save", type=click.Path(), help="Write .csv, .xlsx, .docx or .html.")
def lint(study: str, save: str | None) -> None:
    """List what a careful supervisor would ask: unused codes, missing definitions, silent turns."""
    frame = _open(study).lint()
    _show(frame, save)
    click.echo(f"{len(frame)} findings.")


@click.command()
@_STUDY
@click.argument("other", type=click.Path())
@click.option("--same", multiple=True, help="A coder of that name is one person in both files.")
@_CODER
def merge(study: str, other: str, same: tuple[str, ...], coder: str) -> None:
    """Bring what OTHER holds into STUDY: codings, documents, cases, memos, codes."""
    report = _open(study, coder).merge(other, coders={name: name for name in same} or None)
    told = report[report["state"] != "equal"]
    _show(told)
    counts = ", ".join(f"{n} {state}" for state, n in report["state"].value_counts().items())
    click.echo(f"{counts or 'nothing to merge'}. `bantar undo` takes it back.")


@click.command()
@_STUDY
@click.argument("folder", type=click.Path())
def dump(study: str, folder: str) -> None:
    """Write a study as text files, one line a coding, for version control."""
    click.echo(f"Written: {_open(study).dump(folder)}")


@click.command()
@click.argument("folder", type=click.Path())
@_STUDY
def load(folder: str, study: str) -> None:
    """Make a study of text files that `bantar dump` wrote."""
    from bantar_qual.project import Project

    click.echo(f"{study}: {Project.load(folder, study)!r}")


COMMANDS: tuple[click.Command, ...] = (undo, redo, lint, merge, dump, load)
