"""``bantar page`` and ``bantar differences``."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from bantar_qual import Project
from bantar_qual.cli import main


@pytest.fixture
def coded(small: Project) -> Project:
    """Let two people code one text."""
    small.code("satu", "Dananya tidak ada.", "resources.budget", valence="barrier")
    second = Project.open(small.path, coder="BP")
    second.code("satu", "Dananya tidak ada", "resources.budget", valence="barrier")
    return small


def test_page_is_written(coded: Project, tmp_path: Path) -> None:
    """The command writes the page that Python would, and says where."""
    path = tmp_path / "a.html"
    done = CliRunner().invoke(
        main,
        ["page", str(coded.path), "satu", "--coder", "SN", "--coder", "BP", "--save", str(path)],
    )
    assert done.exit_code == 0, done.output
    assert str(path) in done.output
    assert "batas berbeda" in path.read_text("utf-8")


def test_unknown_document_is_one_sentence(coded: Project) -> None:
    """A wrong name is told in one sentence, without a traceback."""
    done = CliRunner().invoke(main, ["page", str(coded.path), "satuu"])
    assert done.exit_code == 1
    assert "Did you mean 'satu'?" in done.output


def test_differences_are_told(coded: Project, tmp_path: Path) -> None:
    """The command counts what is open, and writes the list."""
    path = tmp_path / "d.csv"
    done = CliRunner().invoke(main, ["differences", str(coded.path), "--save", str(path)])
    assert done.exit_code == 0, done.output
    assert "1 of 1 are open." in done.output
    text = path.read_text("utf-8-sig")
    assert "Anggaran, hambatan" in text
    assert "Dananya tidak ada." in text
    assert "Kutipan SN" in text


@pytest.mark.parametrize(
    ("command", "says"),
    [
        (["differences"], "--between SN BP"),
        (["differences", "--between", "SN", "SN"], "--between SN BP; not SN SN"),
        (["barriers"], "bantar lab"),
    ],
)
def test_the_command_line_speaks_of_itself(small: Project, command: list[str], says: str) -> None:
    """What the command line says to do next is something that can be typed there."""
    small.code("satu", "Dananya tidak ada.", "resources.budget")
    done = CliRunner().invoke(main, [command[0], str(small.path), *command[1:]])
    assert done.exit_code == 1
    assert says in " ".join(done.output.split())
    assert "project." not in done.output
    assert '("' not in done.output
