"""The commands that tell how a study came to be."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bantar_qual import CueCoder, Project
from bantar_qual.cli import main


def bantar(*words: object) -> Result:
    """Run a command as a researcher would."""
    return CliRunner().invoke(main, [str(word) for word in words])


@pytest.fixture
def study(small: Project) -> Path:
    """Code the small study, and define one code anew."""
    small.code_with(CueCoder())
    small.accept(small.codings(status="suggested").head(2), reason="dibaca")
    small.define_code("resources.budget", definition={"id": "Uang program."})
    return small.path


def test_the_trail(study: Path, tmp_path: Path) -> None:
    """The trail is printed in the study's language or another one, narrowed, and saved."""
    said = bantar("history", study, "--save", tmp_path / "lampiran.docx", "--zone", "Asia/Jakarta")
    assert "Menerima usulan" in said.output
    assert (tmp_path / "lampiran.docx").stat().st_size
    said = bantar("history", study, "--verb", "accept", "--language", "en").output
    assert "Suggestions accepted" in said
    assert "Study begun" not in said


def test_summary_and_codebook(study: Path) -> None:
    """What each coder did, and what became of the codebook, have tables of their own."""
    assert "Usulan" in bantar("history", study, "--summary").output
    assert "definisi diubah" in bantar("history", study, "--codebook").output
    wrong = bantar("history", study, "--summary", "--codebook")
    assert wrong.exit_code == 2
    assert "--summary goes with" in wrong.output


def test_definitions(study: Path) -> None:
    """A code's versions are shown; a code that never was is told with the nearest."""
    assert "Uang program." in bantar("definitions", study, "resources.budget").output
    wrong = bantar("definitions", study, "resources.bugdet")
    assert wrong.exit_code == 1
    assert "Did you mean 'resources.budget'" in wrong.output
