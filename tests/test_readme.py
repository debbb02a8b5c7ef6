"""What the README and the notebooks say runs as it stands there."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parents[1]
README = (CHECKOUT / "README.md").read_text(encoding="utf-8")
NOTEBOOKS = sorted((CHECKOUT / "notebooks").glob("*.ipynb"))


def block(marker: str) -> str:
    """Return the code that stands behind a marker."""
    found = re.search(rf"<!-- {marker} -->\n```\w+\n(.*?)```", README, re.DOTALL)
    assert found, marker
    return found[1]


def test_script(tmp_path: Path) -> None:
    """The README's script runs in a folder that holds the shipped data, and leaves its files."""
    shutil.copytree(CHECKOUT / "data", tmp_path / "data")
    subprocess.run([sys.executable, "-c", block("script")], cwd=tmp_path, check=True)
    for name in ("mine.bantar", "figure-2.svg", "tabel-4-3.docx", "findings/findings.html"):
        assert (tmp_path / name).stat().st_size > 1000


def test_history_script(tmp_path: Path) -> None:
    """The README's second script goes on where the first one stopped."""
    shutil.copytree(CHECKOUT / "data", tmp_path / "data")
    for marker in ("script", "history"):
        subprocess.run([sys.executable, "-c", block(marker)], cwd=tmp_path, check=True)
    assert (tmp_path / "mine-as-text" / "codebook.yaml").is_file()


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebook(notebook: Path, tmp_path: Path) -> None:
    """Every notebook runs from its first cell to its last, in an empty folder."""
    copy = tmp_path / notebook.name
    shutil.copy(notebook, copy)
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "--nbmake", str(copy), "-q", "-p", "no:cacheprovider", "-W", "ignore"],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-3000:]
    assert (tmp_path / "findings" / "findings.docx").is_file()


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebooks_are_kept_without_output(notebook: Path) -> None:
    """A notebook is kept without results: they would carry transcripts into every copy."""
    assert '"outputs": []' in notebook.read_text(encoding="utf-8")
    assert "output_type" not in notebook.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md"])
def test_files_that_the_docs_name_exist(name: str) -> None:
    """A path in backticks that looks like a file of the repository is one."""
    text = (CHECKOUT / name).read_text(encoding="utf-8")
    for path in re.findall(
        r"`((?:bantar_qual|notebooks|data|codebooks|tests|benchmarks)/[\w./-]+)`", text
    ):
        assert (CHECKOUT / path).exists(), path
