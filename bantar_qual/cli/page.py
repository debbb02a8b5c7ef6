"""Write a coded transcript as a page to print and to send."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    import pandas as pd

    from bantar_qual.project import Project


@click.command()
@click.argument("study", type=click.Path())
@click.argument("document")
@click.option("--coder", "coders", multiple=True, help="Only this coder; two stand side by side.")
@click.option("--suggested", is_flag=True, help="Show open suggestions too, with dashes.")
@click.option("--language", default="", help="Language of the page, such as id or en.")
@click.option("--save", type=click.Path(path_type=Path), help="Where; DOCUMENT.html if left out.")
def page(
    study: str,
    document: str,
    coders: tuple[str, ...],
    *,
    suggested: bool,
    language: str,
    save: Path | None,
) -> None:
    """Write DOCUMENT with its codings as one web page, to read, print and send."""
    from bantar_qual.project import Project
    from bantar_qual.widgets.paper import to_html

    made = to_html(
        Project.open(study), document, coders=coders, suggestions=suggested, language=language
    )
    path = made.save(save or Path(f"{document}.html"))
    click.echo(f"Written: {path}. It holds the whole transcript; open it in a browser to print.")


@click.command()
@click.argument("study", type=click.Path())
@click.option("--between", nargs=2, default=None, help="Two coders; may be left out if just two.")
@click.option("--document", default="", help="Only this document.")
@click.option("--save", type=click.Path(), help="Write the list: .csv, .xlsx, .docx or .html.")
def differences(
    study: str, between: tuple[str, str] | None, document: str, save: str | None
) -> None:
    """Say where two coders differ, and how much of it is decided."""
    from bantar_qual.cli.showing import echo_table
    from bantar_qual.project import Project
    from bantar_qual.tables import table

    project = Project.open(study)
    frame = project.differences(between=between, document=document)
    status = project.consensus(between=between, document=document)
    echo_table(table(status, language="en"))
    click.echo(f"{int(status['left'].sum())} of {len(frame)} are open.")
    if save:
        click.echo(f"Written: {table(_told(project, frame)).save(save)}")


def _told(project: Project, frame: pd.DataFrame) -> pd.DataFrame:
    """Return differences in words, each coder's codes and quotes under their name."""
    from bantar_qual.frames import inherit
    from bantar_qual.languages import language

    words, book = language(project.language), project.codebook
    told = frame[["document", "turn", "speaker", "kind"]].copy()
    for side in (1, 2):
        for name in frame[f"coder_{side}"].head(1):
            said = frame[f"valence_{side}"].map(words.caption, na_action="ignore")
            label = frame[f"code_{side}"].map(
                lambda path: book.label(path, words.name), na_action="ignore"
            )
            told[name] = label.str.cat(said.str.lower(), sep=", ", na_rep="").str.strip(", ")
            told[f"{words.caption('quote')} {name}"] = frame[f"quote_{side}"]
    told = told.assign(decision=frame["decision"], reason=frame["reason"])
    return inherit(told.reset_index(drop=True), frame)


COMMANDS: tuple[click.Command, ...] = (page, differences)
