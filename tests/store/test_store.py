"""The study file: writes are whole or not at all, and wrong files are named for what they are."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bantar_qual import Coding, Project
from bantar_qual.errors import ProjectError
from bantar_qual.store import Store, codings, documents
from bantar_qual.store.versions import acting


def refused(path: Path) -> str:
    """Return the sentence with which a file is refused; its bytes stay as they were."""
    before = path.read_bytes() if path.is_file() else None
    with pytest.raises(ProjectError) as caught:
        Project.open(path)
    assert (path.read_bytes() if path.is_file() else None) == before
    return str(caught.value)


def test_wrong_files(tmp_path: Path) -> None:
    """A missing, empty, foreign or newer file, or a folder, each has its own sentence."""
    assert "no such study" in refused(tmp_path / "gone.bantar")
    assert "folder" in refused(tmp_path)
    (tmp_path / "empty.bantar").write_bytes(b"")
    assert "empty" in refused(tmp_path / "empty.bantar")
    (tmp_path / "talk.bantar").write_text("Pewawancara: halo")
    assert "not a bantar_qual study" in refused(tmp_path / "talk.bantar")
    with sqlite3.connect(tmp_path / "other.bantar") as other:
        other.execute("CREATE TABLE t (x)")
    assert "another program" in refused(tmp_path / "other.bantar")


def test_newer_file(small: Project) -> None:
    """A study made by a newer version is left alone."""
    with sqlite3.connect(small.path) as file:
        file.execute("PRAGMA user_version = 99")
    assert "newer" in refused(small.path)


def test_damaged_file(small: Project) -> None:
    """A truncated study is said to be damaged; no raw database message stands alone."""
    data = small.path.read_bytes()
    small.path.write_bytes(data[: len(data) // 2])
    with pytest.raises(ProjectError, match=r"damaged|could not do it"):
        Project.open(small.path).documents()


def test_no_second_study(small: Project, book: Path) -> None:
    """A study is never made over another file."""
    with pytest.raises(ProjectError, match="already"):
        Project.create(small.path, codebook=book)


def test_altered_text_is_not_shown(small: Project) -> None:
    """One changed letter in a text is found before the text is shown."""
    with sqlite3.connect(small.path) as file:
        file.execute("UPDATE revision SET text = replace(text, 'Dananya', 'Dananyo')")
    with pytest.raises(ProjectError, match="altered"):
        small.document("satu")


def test_failed_coding_leaves_nothing(small: Project) -> None:
    """A coder that fails half-way leaves the study as it was."""

    def half() -> Iterator[Coding]:
        yield Coding(document="satu", start=0, end=5, code="resources.staff", coder="x")
        raise RuntimeError

    with pytest.raises(RuntimeError):
        codings.add_codings(small.store, half(), coder="x")
    assert small.codings(status=None).empty


def test_killed_while_writing(small: Project) -> None:
    """A process killed inside a write leaves the state before it, and a file that opens."""
    program = f"""
import os
from bantar_qual.records import Coding
from bantar_qual.store import Store, codings
def many():
    for i in range(20_000):
        yield Coding(document="satu", start=i, end=i + 1, code="resources.staff", coder="x")
    os.kill(os.getpid(), 9)
codings.add_codings(Store.open({str(small.path)!r}), many(), coder="x")
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=False)
    assert done.returncode == -9
    assert Project.open(small.path).codings(status=None).empty
    with sqlite3.connect(small.path) as file:
        assert file.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_two_writers_wait_for_each_other(small: Project) -> None:
    """Two processes that decide on the same codings lose no decision."""
    text = small.document("satu")
    turn = text.turns[1]
    made = [
        Coding(
            document="satu",
            start=turn.start,
            end=turn.start + i + 1,
            code="resources.staff",
            coder="x",
        )
        for i in range(8)
    ]
    codings.add_codings(small.store, made, coder="x")
    program = f"""
import sys
from bantar_qual import Project
project = Project.open({str(small.path)!r}, coder=sys.argv[1])
for n in range(10):
    for valence in ("barrier", "enabler"):
        project.rate(project.codings(), valence)
"""
    running = [subprocess.Popen([sys.executable, "-c", program, who]) for who in ("A", "B")]
    assert [process.wait() for process in running] == [0, 0]
    decisions = small.decisions()
    for _, history in decisions.groupby("coding"):
        assert list(history["before"])[1:] == list(history["after"])[:-1]


def test_locked_study(small: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """A study that another program is writing to says so."""
    monkeypatch.setattr("bantar_qual.store.engine._BUSY_SECONDS", 0.1)
    store = Store.open(small.path)
    other = sqlite3.connect(small.path)
    other.execute("BEGIN EXCLUSIVE")
    with (
        pytest.raises(ProjectError, match="another program is writing"),
        acting(store, "test", coder="x"),
    ):
        pass
    other.close()


def test_one_file(small: Project) -> None:
    """A study at rest is one file: nothing lies beside it."""
    beside = [path.name for path in small.path.parent.iterdir() if path.name.startswith("fresh")]
    assert beside == ["fresh.bantar"]


def test_a_text_that_python_cannot_encode() -> None:
    """Any text has a checksum, even one with half an emoji."""
    assert len(documents.checksum("\ud83d")) == 64
