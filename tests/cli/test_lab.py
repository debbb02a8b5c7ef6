"""`bantar lab` opens JupyterLab with a notebook that runs, and never writes over one."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import nbformat
import pytest
from click.testing import CliRunner
from nbclient import NotebookClient

from bantar_qual import Project
from bantar_qual.cli import main
from bantar_qual.cli.lab import ready_notebook
from bantar_qual.languages import languages, template


@pytest.mark.parametrize("language", languages())
def test_the_ready_notebook_runs(tmp_path: Path, talks: Path, language: str) -> None:
    """Every cell of the template runs in a study with the transcripts where it says."""
    study = tmp_path / 'kata "kunci".bantar'
    project = Project.create(study, codebook="edwards-iii", language=language, title="T {study}")
    notebook = nbformat.read(ready_notebook(project), as_version=4)
    nbformat.validate(notebook)
    source = "\n".join(cell.source for cell in notebook.cells)
    folder = re.findall(r'import_documents\("(\w+)"\)', source)[0]
    shutil.copytree(talks, tmp_path / folder)
    findings = next(i for i, c in enumerate(notebook.cells) if "bq.stats" in c.source)
    deciding = 'project.accept(project.codings(status="suggested"))'
    notebook.cells.insert(findings, nbformat.v4.new_code_cell(deciding))
    NotebookClient(
        notebook, timeout=120, kernel_name="python3", resources={"metadata": {"path": tmp_path}}
    ).execute()
    assert len(Project.open(study).documents()) == 2
    assert "T {study}" in notebook.cells[0].source


def test_all_languages_have_the_same_notebook() -> None:
    """The templates differ in words and in the names of folders, not in what they do."""
    plain = [
        [re.sub(r'"[^"]*"', '""', c["code"]) if "code" in c else "" for c in template(name)]
        for name in languages()
    ]
    assert all(cells == plain[0] for cells in plain)


def test_a_notebook_is_not_written_over(tmp_path: Path) -> None:
    """The second time, the researcher's own notebook is opened as it is."""
    project = Project.create(tmp_path / "s.bantar", codebook="edwards-iii")
    notebook = ready_notebook(project)
    notebook.write_text("mine", encoding="utf-8")
    assert ready_notebook(project).read_text(encoding="utf-8") == "mine"


def test_the_only_study_is_meant(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a name, a folder without a study or with two is answered with what to type."""
    monkeypatch.chdir(tmp_path)
    none = CliRunner().invoke(main, ["lab"])
    assert none.exit_code == 1
    assert "bantar new" in none.output
    for name in ("a", "b"):
        Project.create(tmp_path / f"{name}.bantar", codebook="edwards-iii")
    two = CliRunner().invoke(main, ["lab"])
    assert two.exit_code == 1
    assert "bantar lab a.bantar" in two.output


def _asked(address: str) -> str:
    """Return what a server answers; it says where it will listen a moment before it does."""
    for _ in range(50):
        try:
            with urllib.request.urlopen(address) as answer:  # noqa: S310
                return str(answer.read().decode())
        except urllib.error.URLError as error:
            if not isinstance(error.reason, ConnectionRefusedError):
                raise
            time.sleep(0.1)
    pytest.fail(f"nobody listens at {address}")


def test_jupyterlab_opens_the_notebook(tmp_path: Path) -> None:
    """A real JupyterLab starts in the study's folder, serves the notebook, and asks nobody for news."""
    Project.create(tmp_path / "s.bantar", codebook="edwards-iii")
    command = [
        sys.executable,
        "-m",
        "bantar_qual",
        "lab",
        "--no-browser",
        "--port=0",
        "s.bantar",
        "--",
    ]
    command += ["--allow-root"]
    with subprocess.Popen(
        command,
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    ) as server:
        try:
            found = None
            while found is None:
                line = server.stdout.readline() if server.stdout else ""
                assert line, "JupyterLab ended before it said where it listens"
                found = re.search(r"(http://127\.0\.0\.1:\d+)/lab/tree/(\S+)\?token=(\w+)", line)
            host, path, token = found.groups()
            assert path == "s.ipynb"
            found = json.loads(_asked(f"{host}/api/contents/{path}?token={token}"))
            assert found["type"] == "notebook"
            page = _asked(f"{host}/lab?token={token}")
            settings = json.loads(
                re.findall(r'id="jupyter-config-data"[^>]*>(.*?)</script>', page, re.DOTALL)[0]
            )
            assert settings["news"] == {"disabled": True}
        finally:
            os.killpg(server.pid, signal.SIGTERM)
