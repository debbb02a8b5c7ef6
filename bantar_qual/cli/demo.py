"""The demonstration: a whole study on synthetic interviews, from files to findings."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from bantar_qual import stats
from bantar_qual.cli.showing import echo_table, show_findings
from bantar_qual.coders import CueCoder
from bantar_qual.errors import ProjectError
from bantar_qual.files import shipped
from bantar_qual.project import Project
from bantar_qual.tables import table

_LEADING = 10


def run_demo(folder: Path, language: str, *, threshold: float, progress: Any) -> None:
    """Make, code and report the shipped study, saying at each step what a person would decide."""
    study = folder / "demo.bantar"
    if study.exists():
        reason = f"the demo was already run here; remove '{folder}' or choose another with --to"
        raise ProjectError(study, reason)
    project = Project.create(
        study, codebook="kampung-bantar", coder="demo", language=language, title="Kampung Bantar"
    )
    frame = project.import_documents(shipped("interviews"), progress=progress("reading"))
    project.describe_cases(shipped("interviews") / "informants.csv")
    brought = frame[frame["problem"] == ""]
    click.echo(f"Read {len(brought)} synthetic documents, {brought['words'].sum():,} words.")
    suggested = project.code_with(CueCoder(), progress=progress("coding"))
    accepted = project.accept_above(threshold)
    click.echo(f"The codebook's cues suggested {suggested} codings.")
    click.secho(
        f"For this demonstration {accepted} of them, those with confidence {threshold} or more, "
        "were accepted\nwithout anybody reading them. In a real study a person decides on each. "
        "The findings say so too.\n",
        fg="yellow",
    )
    ranked = stats.barriers(project.codings(level="indicator"))
    echo_table(table(ranked.head(_LEADING), language=language))
    click.echo("")
    show_findings(project, str(folder / "findings"), count=None, language=language)
    click.echo(
        f"""
What to do next
  Open  {folder / "findings" / "findings.html"}  and follow the numbers to their quotes.
  Read  bantar quotes {study} --code resources.participation --valence barrier
  Begin your own study:
        bantar new mine.bantar --codebook edwards-iii --coder YOUR-INITIALS
        bantar import mine.bantar FOLDER-OF-TRANSCRIPTS
        bantar code mine.bantar
        bantar findings mine.bantar --to findings"""
    )
