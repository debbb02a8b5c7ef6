"""The commands of who speaks: listed, named and corrected from the command line."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bantar_qual.cli import main

TALK = "P: Apa kendalanya?\nI: Dananya tidak ada.\nP: Lalu?\nI: Kami nombok sendiri, dari dulu begitu terus."


@pytest.fixture
def study(tmp_path: Path, book: Path) -> Path:
    """Make an empty study, and a folder with one talk beside it."""
    (tmp_path / "in").mkdir()
    (tmp_path / "in/satu.txt").write_text(TALK, encoding="utf-8")
    path = tmp_path / "s.bantar"
    run("new", str(path), "--codebook", str(book))
    return path


def run(*arguments: str, code: int = 0) -> str:
    """Run a command and return what it printed."""
    result: Result = CliRunner().invoke(main, arguments)
    assert result.exit_code == code, result.output
    assert "Traceback" not in result.output
    return result.output


def test_import_reads_well(study: Path) -> None:
    """An import says what came in; a second one that nothing is to do; a third what was changed."""
    folder = study.parent / "in"
    first = run("import", str(study), str(folder))
    assert "satu" in first
    assert "check" in first  # so short a talk should be looked at
    assert "1 of 1 files brought in" in first
    again = run("import", str(study), str(folder))
    assert "1 unchanged since they came in: nothing to do." in again
    assert "left out" not in again
    (folder / "satu.txt").write_text(TALK + " Ya.", encoding="utf-8")
    (folder / "foto.jpg").write_bytes(b"\xff\xd8")
    third = run("import", str(study), str(folder))
    assert "project.revise('satu'" in third
    assert "left out foto.jpg" in third
    assert "0 of 2 files brought in" in third


def test_tables_of_a_folder_are_named(study: Path) -> None:
    """A table that was passed over is named, with how a survey comes in; a described one is not."""
    folder = study.parent / "in"
    (folder / "informants.csv").write_text("case,role\nsatu,Lurah\n", encoding="utf-8")
    assert "passed over" not in run("import", str(study), str(folder))
    (folder / "survei.csv").write_text("kode,jawaban\nA,Dana tidak pernah turun\n", "utf-8")
    told = run("import", str(study), str(folder))
    assert "passed over, as tables: survei.csv\n" in told
    assert "1 of 1" in run("import", str(study), str(folder / "survei.csv"))


def test_speakers(study: Path) -> None:
    """Labels are listed, named with their role, and one undo takes it back."""
    run("import", str(study), str(study.parent / "in"))
    assert "2 labels in 1 documents" in run("speakers", str(study))
    said = run(
        "name-speakers",
        str(study),
        "P=Sari",
        "I=Budi",
        "--role",
        "Budi=interviewer",
        "--document",
        "satu",
    )
    assert "Named: Sari, Budi" in said
    listed = run("speakers", str(study))
    assert "Sari" in listed
    assert "you said so" in listed
    run("undo", str(study))
    assert "Sari" not in run("speakers", str(study))


def test_correct(study: Path) -> None:
    """A document's kind and case are corrected; what cannot be is one sentence."""
    run("import", str(study), str(study.parent / "in"), "--kind", "observation")
    assert "interview, language id, case RT-1" in run(
        "correct", str(study), "satu", "--kind", "interview", "--case", "RT-1"
    )
    assert "Did you mean 'satu'" in run(
        "correct", str(study), "stau", "--kind", "interview", code=1
    )
    assert "Did you mean" in run("name-speakers", str(study), "II=Budi", code=1)
    assert "LABEL=NAME" in run("name-speakers", str(study), "Budi", code=2)
    assert "interview, observation, document" in run(
        "correct", str(study), "satu", "--kind", "x", code=1
    )
