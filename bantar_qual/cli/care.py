"""The commands that look after a study's file."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    import pandas as pd

_STUDY = click.argument("study", type=click.Path())
_LISTED = 50  # findings that are printed before their number is


@click.command()
@_STUDY
def check(study: str) -> None:
    """Look through a whole study for anything that cannot be right. Changes nothing."""
    from bantar_qual.project.care import check as check_study

    found = check_study(study)
    if found.empty:
        click.echo(f"{study}: whole. Every text is as it was imported, every coding is in place.")
        return
    for row in found.head(_LISTED).itertuples(index=False):
        click.secho(f"{row.what:9} {row.where}: {row.problem}", fg="yellow")
    if len(found) > _LISTED:
        click.echo(f"… and {len(found) - _LISTED} more.")
    click.secho(f"{len(found)} findings.", fg="red")
    click.echo(f"Next: put a backup in its place, or bantar repair {study} --to NEW.bantar")
    sys.exit(1)


@click.command()
@_STUDY
@click.option(
    "--keep", type=click.IntRange(1), default=5, show_default=True,
    help="How many backups stay; the oldest are removed.",
)  # fmt: skip
def backup(study: str, keep: int) -> None:
    """Copy a study into a new file beside it, and read the copy back."""
    from bantar_qual.project.care import backup as back_up

    click.echo(f"Written and read back: {back_up(study, keep=keep)}")


@click.command()
@_STUDY
@click.option("--to", "target", type=click.Path(), required=True, help="The new study file.")
def repair(study: str, target: str) -> None:
    """Save what can be read of a damaged study into a new file. The old one stays as it is."""
    from bantar_qual.project.care import repair as repair_study

    _show_repair(repair_study(study, target))
    click.echo(f"Written: {target}. {study} is as it was.")
    click.echo(f"Next: bantar check {target}")


def _show_repair(frame: pd.DataFrame) -> None:
    """Print what was saved and what was lost."""
    for name, row in frame.iterrows():
        what = str(name).rstrip("_").replace("_", " ")
        backed = f", {row['from_backup']} of them from a backup" if row["from_backup"] else ""
        lost = f", {row['lost']} lost" if row["lost"] else ""
        note = f" ({row['note']})" if row["note"] else ""
        click.secho(
            f"{what:15} {row['saved']:6} saved{backed}{lost}{note}", fg="yellow" if lost else None
        )


COMMANDS = (check, backup, repair)
