"""Open a study in JupyterLab, with a notebook that is ready to run."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import click

from bantar_qual.errors import ProjectError

if TYPE_CHECKING:
    from bantar_qual.project import Project

# JupyterLab would ask for news, for updates and for extensions; a study stays on its machine.
_OFFLINE = (
    "--LabApp.news_url=None",
    "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    "--LabApp.extension_manager=readonly",
    "--ServerApp.ip=127.0.0.1",
    "--ServerApp.log_level=ERROR",  # what is left is the address, and what goes wrong
)


@click.command()
@click.argument("study", type=click.Path(path_type=Path), required=False)
@click.argument("options", nargs=-1, type=click.UNPROCESSED)
@click.option("--browser/--no-browser", default=True, help="Open the browser, or say the address.")
@click.option("--port", type=int, help="Where JupyterLab listens; chosen by itself if left out.")
def lab(study: Path | None, options: tuple[str, ...], *, browser: bool, port: int | None) -> None:
    """Open JupyterLab in the study's folder, with a notebook to start from.

    Without STUDY, the one study of this folder is meant. The notebook is made the first time and
    never written over. OPTIONS after `--` go to JupyterLab itself.
    """
    if find_spec("jupyterlab") is None:
        msg = 'JupyterLab is not installed; install it with: pip install "bantar-qual[lab]"'
        raise click.ClickException(msg)
    from bantar_qual.project import Project

    chosen = study or _only_study(Path())
    notebook = ready_notebook(Project.open(chosen))
    click.echo(
        f"JupyterLab opens with {notebook.name}. Leave this window open; Ctrl+C here ends it."
    )
    command = [sys.executable, "-m", "jupyterlab", *_OFFLINE]
    command += [f"--LabApp.default_url=/lab/tree/{quote(notebook.name)}"]
    command += [f"--ServerApp.root_dir={notebook.parent.resolve()}"]
    command += [] if browser else ["--no-browser"]
    command += [] if port is None else [f"--port={port}"]
    command += options
    sys.exit(subprocess.run(command, check=False).returncode)  # noqa: S603 - our own words only


def _only_study(folder: Path) -> Path:
    """Return the one study of a folder, or say what to do where there is none, or several."""
    studies = sorted(folder.glob("*.bantar"))
    if len(studies) == 1:
        return studies[0]
    named = ", ".join(path.name for path in studies)
    reason = (
        f"there are several studies: {named}; say which: bantar lab {studies[0].name}"
        if studies
        else "there is no study here; make one with: bantar new my-study.bantar"
    )
    raise ProjectError(folder.resolve(), reason)


def ready_notebook(project: Project) -> Path:
    """Return the notebook beside a study, making it from the template if there is none.

    Parameters
    ----------
    project
        The study. Its language chooses the template, ``notebook.yaml`` in the language's folder.

    Raises
    ------
    ProjectError
        If the study lives on a server and so has no folder.
    """
    from bantar_qual.files import replacing
    from bantar_qual.languages import template

    if not project.path.is_file():
        reason = "a study on a server has no folder; make a notebook of your own that opens it"
        raise ProjectError(project.path, reason)
    notebook = project.path.with_suffix(".ipynb")
    if not notebook.exists():
        facts = {"study": project.path.name, "title": project.title or project.path.stem}
        cells = [_cell(n, cell, facts) for n, cell in enumerate(template(project.language))]
        kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
        made = {
            "cells": cells,
            "metadata": {"kernelspec": kernel, "language_info": {"name": "python"}},
            "nbformat": 4,
            "nbformat_minor": 5,
        }
        with replacing(notebook) as temporary:
            text = json.dumps(made, ensure_ascii=False, indent=1)
            temporary.write_text(f"{text}\n", encoding="utf-8")
    return notebook


def _cell(number: int, cell: dict[str, str], facts: dict[str, str]) -> dict[str, Any]:
    """Return one cell of the template, the facts filled in."""
    ((kind, text),) = cell.items()
    for name, fact in facts.items():
        text = text.replace(f"{{{name}}}", fact if kind == "text" else _within_quotes(fact))
    lines = text.rstrip().splitlines(keepends=True)
    common = {"id": f"bantar-{number:02}", "metadata": {}, "source": lines}
    if kind == "text":
        return {"cell_type": "markdown", **common}
    return {"cell_type": "code", "execution_count": None, "outputs": [], **common}


def _within_quotes(text: str) -> str:
    """Return a text as it stands between double quotes in Python."""
    return json.dumps(text, ensure_ascii=False)[1:-1]


COMMANDS = (lab,)
