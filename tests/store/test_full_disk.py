"""A full disk: whatever finds no room leaves what was there, and says that it is the disk."""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event

from bantar_qual import Project
from bantar_qual.errors import ProjectError
from bantar_qual.project.care import check
from bantar_qual.store.migrations import migrate
from tests.project.test_history import state
from tests.store.trials import TRIALS, plain, posix

BIG = "Kode informan: C\n\nPewawancara: Apa?\nInforman: " + "Hujan turun lagi. " * 4_000 + "\n"


def import_big(project: Project) -> None:
    """Bring in a long document."""
    talk = project.path.parent / "panjang.txt"
    if not talk.exists():
        talk.write_text(BIG, encoding="utf-8")
    project.import_documents(talk)


GROWING: dict[str, Callable[[Project], object]] = {
    "memo": lambda p: p.memo("panjang " * 10_000),
    "import": import_big,
    "revise": lambda p: p.revise("satu", BIG),
    "merge": lambda p: p.merge(p.path.with_name("other.bantar")),
}


@contextlib.contextmanager
def no_larger(pages: int) -> Iterator[None]:
    """Let no database grow beyond this many pages."""

    def limit(connection: sqlite3.Connection, _: Any) -> None:
        connection.execute(f"PRAGMA max_page_count = {pages}")

    event.listen(Engine, "connect", limit)
    try:
        yield
    finally:
        event.remove(Engine, "connect", limit)


@pytest.mark.parametrize("name", GROWING)
def test_a_full_file(coded: Project, name: str) -> None:
    """Where the file cannot grow, the sentence names the disk, and the study is what it was."""
    other = coded.path.with_name("other.bantar")
    shutil.copy(coded.path, other)
    import_big(Project.open(other, coder="BP"))
    before, clean = state(coded), coded.path.read_bytes()
    size = coded.path.stat().st_size // 4096
    for spare in range(4):
        with no_larger(size + spare):
            project = Project.open(coded.path)
            with pytest.raises(ProjectError, match="disk is full") as caught:
                GROWING[name](project)
            plain(caught.value)
            assert state(project) == before
        assert coded.path.read_bytes() == clean
    assert check(coded.path).empty
    GROWING[name](coded)
    assert state(coded) != before


@pytest.mark.parametrize("spare", range(2))
def test_no_room_to_migrate(old: Path, monkeypatch: pytest.MonkeyPatch, spare: int) -> None:
    """Where an older study cannot grow, it stays byte for byte, and the sentence names the disk."""
    before, real = old.read_bytes(), sqlite3.connect
    size = len(before) // 4096

    def small_disk(*args: Any, **names: Any) -> sqlite3.Connection:
        connection = real(*args, **names)
        connection.execute(f"PRAGMA max_page_count = {size + spare}")
        return connection

    with monkeypatch.context() as patch:
        patch.setattr(sqlite3, "connect", small_disk)
        with pytest.raises(ProjectError, match="disk is full") as caught:
            migrate(old)
    assert "nothing was changed" in plain(caught.value)
    assert old.read_bytes() == before
    assert not list(old.parent.glob("*-journal"))
    migrate(old)
    assert check(old).empty


LIMITED = """
import resource, shutil, signal, sys
from pathlib import Path
from bantar_qual import Project
from bantar_qual.errors import ProjectError
from bantar_qual.project.care import backup, check
from tests.project.test_history import state
from tests.store.test_full_disk import BIG, GROWING, import_big
from tests.store.trials import plain

def limit(size):
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
path = Path(sys.argv[1])
project = Project.open(path)
shutil.copy(path, path.with_name("other.bantar"))
import_big(Project.open(path.with_name("other.bantar"), coder="BP"))
before, size = state(project), path.stat().st_size
unlimited = resource.RLIM_INFINITY
refused = 0
for room in [*range(0, size + 4096, max(size // int(sys.argv[2]), 512)), size + 5_000, size + 40_000]:
    for act in (*(lambda g=g: g(project) for g in GROWING.values()), lambda: backup(project)):
        limit(room)
        try:
            act()
        except ProjectError as error:
            said = str(error)
            refused += 1
            assert "disk" in said and "nothing was changed" in said, said
            plain(error)
        else:
            assert room > size - 4096, room
        limit(unlimited)
        after = state(Project.open(path))
        if after != before:
            assert room > size
            project.undo()
            before, size = state(project), path.stat().st_size
        assert check(path).empty
        assert not list(path.parent.glob(".*unfinished*"))
print(refused)
"""


@posix
def test_a_file_that_may_not_grow(coded: Project) -> None:
    """Whichever write the disk refuses, the sentence names the disk and the study is what it was."""
    done = subprocess.run(
        [sys.executable, "-c", LIMITED, str(coded.path), str(int(12 * TRIALS) or 4)],
        capture_output=True, text=True, check=False, cwd=Path(__file__).parents[2],
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 10


EXPORTING = """
import resource, signal, sys
from pathlib import Path
import bantar_qual as bq
from bantar_qual.errors import ProjectError
from bantar_qual.project.textform import dump
from tests.store.trials import plain

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
project, folder = bq.Project.open(sys.argv[1]), Path(sys.argv[2])
frame = project.codings(status="suggested")
acts = {
    **{
        f"t.{e}": lambda f: bq.table(frame[["document", "code"]]).save(f)
        for e in ("docx", "xlsx", "csv", "html")
    },
    "book.yaml": lambda f: project.codebook.write(f),
    "text": lambda f: dump(project, f),
    "report": lambda f: bq.report(project, f),
}

def there(path):
    found = [path] if path.is_file() else sorted(p for p in path.rglob("*") if p.is_file())
    return {p: p.read_bytes() for p in found}

def limit(size):
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))

for name, act in acts.items():
    path = folder / name
    act(path)
    old = there(path)
    for room in (0, 10, max(map(len, old.values())) // 2):
        limit(room)
        try:
            act(path)
        except ProjectError as error:
            assert "disk is full" in plain(error), error
        else:
            raise SystemExit(f"{name} was written without room")
        finally:
            limit(resource.RLIM_INFINITY)
        now = there(path)
        # A report is many files: each of them is the old one or a whole new one.
        assert now.keys() == old.keys(), (name, room, now.keys() ^ old.keys())
        assert name == "report" or now == old, (name, room)
    assert not [p for p in folder.rglob(".*") if p.name != ".gitattributes"], name
"""


@posix
def test_an_export_without_room(coded: Project, tmp_path: Path) -> None:
    """A table, codebook, dump or report that finds no room leaves the old one, and says so."""
    coded.accept(coded.codings(status="suggested"))
    coded.undo()
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", EXPORTING, str(coded.path), str(tmp_path)],
        capture_output=True, text=True, check=False, cwd=Path(__file__).parents[2],
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
