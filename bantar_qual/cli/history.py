"""The commands that tell how a study came to be: the audit trail, and the codebook's past."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    import pandas as pd

    from bantar_qual.project import Project

_STUDY = click.argument("study", type=click.Path())
_SAVE = click.option("--save", type=click.Path(), help="Write .csv, .xlsx, .docx or .html.")
_ZONE = click.option("--zone", default="", help="Time zone, such as Asia/Jakarta; else your own.")
_LANGUAGE = click.option("--language", help="Language of the output, such as id or en.")


def _open(study: str, language: str | None) -> Project:
    from bantar_qual.languages import language as load_language
    from bantar_qual.project import Project

    project = Project.open(study)
    project.language = load_language(language or project.language).name
    return project


def _show(frame: pd.DataFrame, title: str, notes: list[str], save: str | None) -> None:
    from bantar_qual.cli.showing import echo_table
    from bantar_qual.tables import table

    made = table(frame, title=title)
    for note in notes:
        made = made.note(note)
    echo_table(made)
    if save:
        click.echo(f"Written: {made.save(save)}")


def _zone(project: Project, zone: str) -> str:
    """Say in which zone the times are: by its name, or by its distance from UTC."""
    from bantar_qual.languages import language as load_language

    named = zone or f"UTC{datetime.now().astimezone():%z}"
    return load_language(project.language).caption("audit_zone", zone=named)


@click.command()
@_STUDY
@click.option("--summary", is_flag=True, help="What each coder did, in numbers.")
@click.option(
    "--codebook", is_flag=True, help="When each code was added, changed, merged, retired."
)
@click.option("--coder", multiple=True, help="Only what this coder did; may be given again.")
@click.option("--verb", multiple=True, help="Only acts of this kind, such as accept.")
@click.option("--since", help="From this day on, such as 2026-03-01.")
@click.option("--until", help="Up to this day.")
@_ZONE
@_SAVE
@_LANGUAGE
def history(
    study: str, *, summary: bool, codebook: bool, coder: tuple[str, ...], verb: tuple[str, ...],
    since: str | None, until: str | None, zone: str, save: str | None, language: str | None,
) -> None:  # fmt: skip
    """List who did what, when and why: the audit trail."""
    from bantar_qual.languages import language as load_language

    if (summary and (codebook or verb or zone)) or (codebook and (coder or verb)):
        said = "--summary goes with --coder, --since, --until; --codebook with --since, --until"
        raise click.UsageError(said)
    project = _open(study, language)
    words = load_language(project.language)
    if summary:
        told = project.audit_summary(coder=coder or None, since=since, until=until)
        _show(told, words.caption("audit_summary"), [], save)
        return
    if codebook:
        told = project.codebook_history(since=since, until=until, zone=zone)
        _show(told, words.caption("codebook_history"), [_zone(project, zone)], save)
        return
    told = project.audit_trail(
        coder=coder or None, verb=verb or None, since=since, until=until, zone=zone
    )
    notes = [_zone(project, zone), words.caption("audit_marks")]
    _show(told, words.caption("audit_trail"), notes, save)


@click.command()
@_STUDY
@click.argument("code")
@_ZONE
@_SAVE
@_LANGUAGE
def definitions(study: str, code: str, zone: str, save: str | None, language: str | None) -> None:
    """Show every version of the definition of CODE: from when to when, who wrote it, and why."""
    from bantar_qual.languages import language as load_language

    project = _open(study, language)
    words = load_language(project.language)
    told = project.definitions(code, zone=zone)
    title = words.caption("definitions_of", code=told["label"].iloc[-1])
    _show(told, title, [words.caption("difference_marks"), _zone(project, zone)], save)


COMMANDS = (history, definitions)
