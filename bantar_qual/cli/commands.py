"""The commands that make a study, fill it, code it and report it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from bantar_qual.project import Project

_STUDY = click.argument("study", type=click.Path())
_LANGUAGE = click.option("--language", help="Language of the output, such as id or en.")
DEMO_THRESHOLD = 0.65


def _progress(what: str) -> Any:
    """Wrap a list so that a bar shows how far the work has come."""

    def wrap(items: Iterable[Any]) -> Iterable[Any]:
        from tqdm.auto import tqdm

        return tqdm(items, desc=what, leave=False, disable=None)

    return wrap


def _open(study: str) -> Project:
    from bantar_qual.project import Project

    return Project.open(study)


@click.command()
@click.option(
    "--to", "folder", type=click.Path(path_type=Path), default=Path("bantar-demo"),
    show_default=True, help="Where the study and its findings go.",
)  # fmt: skip
@click.option("--language", default="id", show_default=True, help="Language of the findings.")
def demo(folder: Path, language: str) -> None:
    """Run a whole study on the synthetic interviews that ship with bantar_qual."""
    from bantar_qual.cli.demo import run_demo

    run_demo(folder, language, threshold=DEMO_THRESHOLD, progress=_progress)


@click.command()
@_STUDY
@click.option("--codebook", default="edwards-iii", show_default=True, help="A name or a YAML file.")
@click.option("--coder", default="researcher", show_default=True, help="Your name or initials.")
@click.option("--language", default="id", show_default=True, help="Language of tables and reports.")
@click.option("--title", default="", help="What the study is called in reports.")
def new(study: str, codebook: str, coder: str, language: str, title: str) -> None:
    """Make a new study file."""
    from bantar_qual.project import Project

    made = Project.create(study, codebook=codebook, coder=coder, language=language, title=title)
    levels = " > ".join(level.key for level in made.codebook.levels)
    click.echo(f"{study}: a new study with codebook '{made.codebook.name}' ({levels}).")
    click.echo(f"Next: bantar import {study} FOLDER")


@click.command("import")
@_STUDY
@click.argument("folder", type=click.Path())
@click.option("--cases", type=click.Path(), help="A CSV table of informants: role, gender, …")
@click.option("--kind", help="interview, observation or document; found out if left out.")
@click.option("--language", default="", help="Language of the transcripts; found out if left out.")
@click.option("--encoding", default="", help="Of plain text files, where the guess is wrong.")
def import_(
    study: str, folder: str, cases: str | None, kind: str | None, language: str, encoding: str
) -> None:
    """Bring in a folder of transcripts, captions, notes; or one file, a survey's table too."""
    from bantar_qual.cli.showing import show_import, show_tables

    project = _open(study)
    told = {"kind": kind, "language": language, "encoding": encoding}
    frame = project.import_documents(folder, **told, progress=_progress("reading"))  # type: ignore[arg-type]
    show_import(frame)
    table = Path(cases) if cases else Path(folder) / "informants.csv"
    if cases or table.is_file():
        described = project.describe_cases(table)
        click.echo(f"{table.name}: {len(described)} informants described.")
    show_tables(Path(folder), table, study)
    if (frame["state"] == "new").any():
        click.echo(f"Next: bantar code {study}")


@click.command()
@_STUDY
def code(study: str) -> None:
    """Let the codebook's cues suggest codings. People decide which of them hold."""
    from bantar_qual.coders import CueCoder

    project = _open(study)
    added = project.code_with(CueCoder(), progress=_progress("coding"))
    click.echo(f"{added} suggestions. They count only once somebody has accepted them.")
    click.echo(f"See them:    bantar codings {study} --suggested")
    click.echo(f"Next:        bantar findings {study} --to FOLDER")


@click.command()
@_STUDY
@click.option("--above", type=click.FloatRange(0, 1), required=True, help="Confidence, 0 to 1.")
def accept(study: str, above: float) -> None:
    """Accept suggestions in bulk, unread. Every report will say that you did."""
    accepted = _open(study).accept_above(above)
    click.echo(f"{accepted} suggestions accepted without being read; every report says so.")


@click.command()
@_STUDY
@click.option("--level", help="Level of the codebook; its lowest if left out.")
@click.option("--suggested", is_flag=True, help="Show open suggestions.")
@click.option("--code", "path", help="Only this code and those below it.")
@click.option("--save", type=click.Path(), help="Write .csv, .xlsx, .docx or .html.")
@_LANGUAGE
def codings(
    study: str, level: str | None, suggested: bool, path: str | None, save: str | None,
    language: str | None,
) -> None:  # fmt: skip
    """List codings, one a row."""
    from bantar_qual.cli.showing import show_codings

    show_codings(
        _open(study), level=level, suggested=suggested, path=path, save=save, language=language
    )


@click.command()
@_STUDY
@click.option("--code", "path", help="Only this code and those below it.")
@click.option("--valence", type=click.Choice(["barrier", "enabler", "mixed", "neutral"]))
@click.option("--per-code", type=click.IntRange(1), help="At most so many for each code.")
@click.option("--suggested", is_flag=True, help="Quote open suggestions.")
@click.option("--save", type=click.Path(), help="Write .csv, .xlsx, .docx or .html.")
@_LANGUAGE
def quotes(
    study: str, path: str | None, valence: str | None, per_code: int | None, suggested: bool,
    save: str | None, language: str | None,
) -> None:  # fmt: skip
    """Show the words behind codings, with who said them, when and where."""
    from bantar_qual.cli.showing import show_quotes

    show_quotes(
        _open(study), path=path, valence=valence, per_code=per_code, suggested=suggested,
        save=save, language=language,
    )  # fmt: skip


@click.command()
@_STUDY
@click.option("--to", "folder", type=click.Path(), required=True, help="The folder to write.")
@click.option(
    "--count", type=click.Choice(["accepted", "suggested", "all"]),
    help="What to count; accepted codings, or suggestions while nothing is accepted.",
)  # fmt: skip
@_LANGUAGE
def findings(study: str, folder: str, count: str | None, language: str | None) -> None:
    """Write the findings: Word, workbook, web page, figures, tables, manifest."""
    from bantar_qual.cli.showing import show_findings

    show_findings(_open(study), folder, count=count, language=language)


COMMANDS = (demo, new, import_, code, accept, codings, quotes, findings)
