"""The commands that say who speaks, and what a document is."""

from __future__ import annotations

import click

_STUDY = click.argument("study", type=click.Path())
_CODER = click.option("--coder", default="", help="Who you are, if not the study's maker.")


@click.command()
@_STUDY
@click.option("--save", type=click.Path(), help="Write .csv, .xlsx, .docx or .html.")
def speakers(study: str, save: str | None) -> None:
    """List the labels in the transcripts: who each is taken to be, and why."""
    from bantar_qual.cli.showing import echo_table
    from bantar_qual.project import Project
    from bantar_qual.tables import table

    frame = Project.open(study).speakers()
    made = table(frame, language="en")
    echo_table(made)
    click.echo(f"{frame['label'].nunique()} labels in {frame['document'].nunique()} documents.")
    if save:
        click.echo(f"Written: {made.save(save)}")


@click.command("name-speakers")
@_STUDY
@click.argument("names", nargs=-1)
@click.option("--role", multiple=True, help="NAME=interviewer, informant or nobody.")
@click.option("--document", multiple=True, help="Only in this document; may be repeated.")
@click.option("--reason", default="", help="Why, for the history.")
@_CODER
def name_speakers(
    study: str,
    names: tuple[str, ...],
    role: tuple[str, ...],
    document: tuple[str, ...],
    reason: str,
    coder: str,
) -> None:
    """Name the labels once for the study: Interviewer1=Interviewer P=Pewawancara."""
    from bantar_qual.project import Project

    project = Project.open(study, coder=coder)
    frame = project.name_speakers(
        _pairs(names),
        roles=_pairs(role),  # type: ignore[arg-type]
        documents=document or None,
        reason=reason,
    )
    named = frame[frame["state"] == "named"]
    who = ", ".join(dict.fromkeys(named["speaker"]))
    click.echo(f"Named: {who or 'nobody'}. `bantar undo` takes it back.")


@click.command("correct")
@_STUDY
@click.argument("document")
@click.option("--kind", help="interview, observation or document.")
@click.option("--language", help="Such as id or en.")
@click.option("--case", help="Whose document it is.")
@click.option("--reason", default="", help="Why, for the history.")
@_CODER
def correct(
    study: str,
    document: str,
    kind: str | None,
    language: str | None,
    case: str | None,
    reason: str,
    coder: str,
) -> None:
    """Say what DOCUMENT really is, where the import took it for something else."""
    from bantar_qual.project import Project

    project = Project.open(study, coder=coder)
    project.correct_document(
        document,
        kind=kind,  # type: ignore[arg-type]
        language=language,
        case=case,
        reason=reason,
    )
    found = project.document(document)
    told = f"{found.kind}, language {found.language}, case {found.case or 'none'}"
    click.echo(f"{document}: {told}, {len(found.turns)} turns. `bantar undo` takes it back.")


def _pairs(said: tuple[str, ...]) -> dict[str, str]:
    """Read ``label=name``; the last sign of equality divides."""
    pairs = {}
    for pair in said:
        label, sign, name = pair.rpartition("=")
        if not (sign and label.strip() and name.strip()):
            raise click.BadParameter(f"'{pair}' is not of the form LABEL=NAME")
        pairs[label.strip()] = name.strip()
    return pairs


COMMANDS: tuple[click.Command, ...] = (speakers, name_speakers, correct)
