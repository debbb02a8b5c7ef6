"""The commands that take out who somebody is, and look for what is left."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    import pandas as pd

    from bantar_qual.project import Project

_STUDY = click.argument("study", type=click.Path())
_KEY = click.option(
    "--key", type=click.Path(), help="The key: which name stands behind which pseudonym."
)
_NAMES = click.option("--names", type=click.Path(), help="A table of names: name, pseudonym, …")
_REPLACE, _KEEP = "replace", "keep"
_ANSWERS = "r replace · k keep: it tells nobody · l later · a all that is sure · q stop"


@click.command()
@_STUDY
@_NAMES
@_KEY
@click.option("--preview", type=click.Path(), help="Write the finds to a CSV file to review.")
@click.option("--apply", "reviewed", type=click.Path(), help="Do what the reviewed file decides.")
@click.option("--ask", is_flag=True, help="Go through the finds here, one after the other.")
@click.option("--to", "public", type=click.Path(), help="Then write a study to give away.")
@click.option("--rt", is_flag=True, help="Find RT and RW numbers too.")
@click.option("--towns", is_flag=True, help="Find towns and regencies too: Kota …, Kabupaten ….")
@click.option("--coder", default="", help="Who you are, if not the study's maker.")
def anonymise(
    study: str, names: str | None, key: str | None, preview: str | None, reviewed: str | None,
    ask: bool, public: str | None, rt: bool, towns: bool, coder: str,
) -> None:  # fmt: skip
    """Find names, numbers and addresses; replace those that you choose.

    \b
    See what is found:       bantar anonymise mine.bantar
    Review it in a table:    bantar anonymise mine.bantar --preview finds.csv
    Do what you decided:     bantar anonymise mine.bantar --apply finds.csv --key keys/key.csv
    Make a study to share:   bantar anonymise mine.bantar --to public.bantar --key keys/key.csv
    """  # noqa: D301 - click reads the sign itself
    from bantar_qual.privacy import KINDS, USUAL
    from bantar_qual.project import Project
    from bantar_qual.project.looking import has_pseudonyms

    project = Project.open(study, coder=coder)
    wanted = {*USUAL, "rt_rw" if rt else "", "town" if towns else ""}
    kinds = [kind for kind in KINDS if kind in wanted]
    if reviewed:
        _decide(project, _read(reviewed), key)
    elif ask or preview or not public:
        finds = project.anonymise(names=names, key=key, kinds=kinds)
        if preview:
            _write(finds, Path(preview), study)
        elif ask:
            _decide(project, _asked(finds), key)
        else:
            _show(finds, study)
            if not key and has_pseudonyms(project):
                click.echo("Names that were replaced before are looked for only with --key.")
    if public:
        _publish(project, public, key, names)


@click.command()
@_STUDY
@click.argument("paths", nargs=-1, required=True, type=click.Path())
@_KEY
@_NAMES
def leaks(study: str, paths: tuple[str, ...], key: str | None, names: str | None) -> None:
    """Look through files and folders for names that should be gone."""
    from bantar_qual.project import Project

    _tell(Project.open(study).leaks(*paths, key=key, names=names))


# ---------------------------------------------------------------- showing and reviewing


def _show(finds: pd.DataFrame, study: str) -> None:
    for name, rows in finds.groupby("document", sort=False):
        click.secho(f"\n{name}", bold=True)
        for row in rows.to_dict("records"):
            _line(row)
    sure = int((finds["state"] == "sure").sum())
    click.echo(
        f"\n{len(finds)} finds: {sure} sure, {len(finds) - sure} to be asked. Nothing was changed."
    )
    click.echo(f"Next: bantar anonymise {study} --preview finds.csv   (or --ask)")


def _line(row: dict[Any, Any]) -> None:
    mark = "?" if row["state"] == "ask" else " "
    place = f"turn {row['turn']}" if row["turn"] else row["place"]
    click.echo(f" {mark} {place:<9} {row['kind']:<8} …{row['before'][-30:]}", nl=False)
    click.secho(row["words"], fg="yellow", nl=False)
    click.echo(f"{row['after'][:20]}… → {row['pseudonym']}")


def _write(finds: pd.DataFrame, path: Path, study: str) -> None:
    """Write the finds as a table with a column for decisions, that a spreadsheet can open."""
    from bantar_qual.errors import ProjectError
    from bantar_qual.files import replacing
    from bantar_qual.project.keyfile import guarded

    if path.is_dir():
        raise ProjectError(path, "that is a folder; name a file in it, such as finds.csv")
    told = finds.copy()
    told.insert(0, "decision", [_REPLACE if s == "sure" else "" for s in finds["state"]])
    for column in told.columns:
        if told[column].dtype == object or str(told[column].dtype).startswith("str"):
            told[column] = [guarded(str(cell)) for cell in told[column]]
    with replacing(path) as temporary:
        told.to_csv(temporary, encoding="utf-8-sig")
    click.echo(f"Written: {path}, {len(told)} finds.")
    click.echo("Read them in a spreadsheet. In the column 'decision' write 'replace' or 'keep' (it")
    click.echo("tells nobody), or leave it empty to be asked again; 'pseudonym' may be changed.")
    click.echo(f"Next: bantar anonymise {study} --apply {path} --key keys/key.csv")


def _read(path: str) -> pd.DataFrame:
    """Read a reviewed table."""
    from bantar_qual.errors import FrameError
    from bantar_qual.importers.table import read_table

    frame = read_table(path)
    missing = {"decision", "address", "start", "end", "pseudonym", "kind"} - set(frame.columns)
    if missing:
        msg = f"{Path(path).name} is no table that --preview wrote: it lacks '{min(missing)}'"
        raise FrameError(msg)
    frame["decision"] = frame["decision"].str.strip().str.lower()
    wrong = sorted(set(frame["decision"]) - {_REPLACE, _KEEP, ""})
    if wrong:
        msg = f"the decision '{wrong[0]}' in {Path(path).name} is neither 'replace' nor 'keep'"
        raise FrameError(msg)
    for column in ("start", "end"):
        digits = frame[column].str.strip()
        if not digits.str.fullmatch(r"\d+").all():
            raise FrameError(f"the column '{column}' of {Path(path).name} holds no whole numbers")
        frame[column] = digits.astype(int)
    frame["pseudonym"] = frame["pseudonym"].str.replace(r"^'(?=[=+@\t-])", "", regex=True)
    return frame


def _asked(finds: pd.DataFrame) -> pd.DataFrame:
    """Ask about each find; the same words of a kind are asked about once."""
    click.echo(_ANSWERS)
    decided: dict[tuple[str, str], str] = {}
    decisions = []
    rest = ""
    for row in finds.to_dict("records"):
        what = (row["kind"], row["words"].casefold())
        if rest:
            answer = "r" if rest == "a" and row["state"] == "sure" else "l"
        elif what in decided:
            answer = decided[what]
        else:
            _line(row)
            answer = click.prompt(
                "  ",
                type=click.Choice(list("rklaq")),
                default="r" if row["state"] == "sure" else "l",
            )
            rest = answer if answer in "aq" else ""
            answer = {"a": "r" if row["state"] == "sure" else "l", "q": "l"}.get(answer, answer)
            decided[what] = answer
        decisions.append({"r": _REPLACE, "k": _KEEP}.get(answer, ""))
    return finds.assign(decision=decisions)


def _decide(project: Project, finds: pd.DataFrame, key: str | None) -> None:
    from bantar_qual.errors import ProjectError

    chosen, kept = finds[finds["decision"] == _REPLACE], finds[finds["decision"] == _KEEP]
    if chosen.empty and kept.empty:
        click.echo("Nothing was decided, so nothing was changed.")
        return
    if len(chosen) and not key:
        reason = "say where the key goes, away from what you give away: --key keys/key.csv"
        raise ProjectError(project.path, reason)
    report = project.anonymise(chosen, keep=kept, key=key)
    click.echo(f"{len(chosen)} replaced, {len(kept)} kept. `bantar undo` takes it back.")
    counts = report["state"].value_counts()
    for state, count in counts.items():
        click.echo(f"  {count} codings {state}")
    if key and len(chosen):
        click.echo(f"The key: {key}. Whoever has it can undo the pseudonyms: keep it apart.")
    click.echo("This study still remembers the originals; share only what --to writes.")


def _publish(project: Project, public: str, key: str | None, names: str | None) -> None:
    import warnings

    from bantar_qual.errors import BantarWarning

    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "(?s).*survive", BantarWarning)  # told below, in full
        found = project.export_anonymised(public, key=key, names=names)
    click.echo(f"Written: {public}, without originals, history and file names.")
    _tell(found)


def _tell(found: pd.DataFrame) -> None:
    for row in found.to_dict("records"):
        click.secho(f"  {row['file']}, {row['where']}: '{row['words']}'", fg="red", nl=False)
        click.echo(f"  … {row['context']} …")
    if len(found):
        places = "1 place" if len(found) == 1 else f"{len(found)} places"
        click.secho(f"{places} to look at.", fg="red")
    else:
        click.echo("Nothing that is known was found. What nobody knows cannot be looked for.")


COMMANDS: tuple[click.Command, ...] = (anonymise, leaks)
