"""Durability: whatever is cut off, full, locked or altered, a study is what it was or what it became.

Each proof runs a small number of trials; ``BANTAR_TRIALS=5`` runs five times as many.
"""

from __future__ import annotations

import contextlib
import json
import os
import random
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event

from bantar_qual import CueCoder, Project
from bantar_qual.errors import BantarError, ProjectError
from bantar_qual.project.care import backup, check
from bantar_qual.store import backups
from tests.project.test_history import state

TRIALS = float(os.environ.get("BANTAR_TRIALS", "1"))
WORKER = Path(__file__).with_name("worker.py")
RAW = (
    "sqlite",
    "database",
    "disk i/o",
    "malformed",
    "OperationalError",
    "SQL:",
)  # not a person's words

posix = pytest.mark.skipif(os.name == "nt", reason="forks and signals")


def plain(error: BaseException) -> str:
    """Return what an error says, which holds no word of the database's own."""
    assert not [word for word in RAW if word.lower() in str(error).lower()], str(error)
    return str(error)


@pytest.fixture
def coded(small: Project) -> Project:
    """Make a study with open suggestions."""
    small.code_with(CueCoder())
    return small


# ---------------------------------------------------------------- killed


def kept(project: Project, kind: str, before: dict[str, object]) -> int:
    """Return how many acts of the worker are kept; fail where one is kept by half."""
    history = project.history()
    acts = len(history) - int(str(before["acts"]))
    if kind == "import":
        per_batch = [n.split("-")[0] for n in project.documents().index if n.startswith("b")]
        assert [per_batch.count(f"b{i + 1}") for i in range(acts)] == [3] * acts
        assert len(per_batch) == 3 * acts
        assert all(
            len(document.turns) == 80 for document in project.texts() if document.name[0] == "b"
        )
    elif kind == "code":
        assert len(project.codings()) == acts
    elif kind == "accept":
        expected = "suggested" if not acts else "accepted" if acts % 2 else "rejected"
        assert set(project.codings(status=None)["status"]) == {expected}
    elif kind in {"suggest", "undo"}:
        there = acts % 2 == (1 if kind == "suggest" else 0)
        assert len(project.codings(status=None)) == (4 if there else 0)
    return acts


@posix
def test_killed_at_any_moment(coded: Project, tmp_path: Path) -> None:
    """After kill -9 the study opens and is whole; every acknowledged act is there, none half done."""
    trials = max(int(42 * TRIALS), 6)
    kinds = ["import", "code", "accept", "suggest", "undo", "backup"]
    empty = tmp_path / "uncoded.bantar"
    shutil.copy(coded.path, empty)
    Project.open(empty).undo()
    chance = random.Random(7)  # noqa: S311
    acknowledged = interrupted = 0
    with subprocess.Popen(
        [sys.executable, str(WORKER)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as nursery:
        assert nursery.stdin
        assert nursery.stdout
        for trial in range(trials):
            kind = kinds[trial % len(kinds)]
            folder = tmp_path / f"trial-{trial}"
            folder.mkdir()
            path = folder / "study.bantar"
            shutil.copy(empty if kind in {"code", "suggest"} else coded.path, path)
            before: dict[str, object] = {"acts": len(Project.open(path).history())}
            order = {"kind": kind, "path": str(path), "folder": str(folder)}
            nursery.stdin.write(json.dumps({**order, "after": chance.uniform(0, 0.2)}) + "\n")
            nursery.stdin.flush()
            assert nursery.stdout.readline().strip() == "-9"
            said = (folder / "acknowledged").stat().st_size
            interrupted += path.with_name("study.bantar-journal").exists()
            project = Project.open(path)
            acts = kept(project, kind, before)
            if kind == "backup":
                acts = len(backups.backups(path))
                assert all(check(made).empty for made in backups.backups(path))
            assert acts in {said, said + 1}, (kind, acts, said)
            assert check(path).empty
            if path.with_name("study.bantar-journal").exists():  # a cold one: it holds nothing
                alone = shutil.copy(path, folder / "alone.bantar")
                assert state(Project.open(alone)) == state(project)
            acknowledged += said
    print(f"\n{trials} kills, {interrupted} inside a write, {acknowledged} acts acknowledged")  # noqa: T201
    assert acknowledged


# ---------------------------------------------------------------- a fault at every statement


def import_one(project: Project) -> None:
    """Bring in one more document, with a case of its own."""
    talk = project.path.parent / "tiga.txt"
    talk.write_text("Kode informan: C\n\nPewawancara: Apa?\nInforman: Hujan.\n", encoding="utf-8")
    project.import_documents(talk)


ACTS: dict[str, Callable[[Project], object]] = {
    "import": import_one,
    "code": lambda p: p.code("satu", "Dananya tidak ada.", "resources.staff"),
    "suggest": lambda p: p.code_with(CueCoder()),
    "accept": lambda p: p.accept(p.codings(status="suggested")),
    "recode": lambda p: p.recode(p.codings(status=None), "resources.staff"),
    "memo": lambda p: p.memo("hujan"),
    "add code": lambda p: p.add_code("resources.money", "Uang"),
    "merge codes": lambda p: p.merge_codes(["resources.staff"], "resources.budget"),
    "undo": lambda p: p.undo(),
    "redo": lambda p: p.redo(),
}


class Fault(Exception):
    """A trouble that nobody foresaw."""


def failing(kind: type[Exception]) -> Exception:
    """Make the trouble that stops a statement: the disk's, or one that nobody foresaw."""
    error = kind("disk I/O error")
    if isinstance(error, sqlite3.Error):
        error.sqlite_errorname = "SQLITE_IOERR_WRITE"  # type: ignore[misc]
    return error


@contextlib.contextmanager
def fault_at(number: int, kind: type[Exception]) -> Iterator[dict[str, int]]:
    """Let the n-th statement or commit fail before it is done."""
    told = {"statements": 0, "faults": 0}

    def stop(*_: Any) -> None:
        told["statements"] += 1
        if told["statements"] == number:
            told["faults"] += 1
            raise failing(kind)

    event.listen(Engine, "before_cursor_execute", stop)
    event.listen(Engine, "commit", stop)
    try:
        yield told
    finally:
        event.remove(Engine, "before_cursor_execute", stop)
        event.remove(Engine, "commit", stop)


def begun(study: Path, folder: Path, name: str) -> Project:
    """Copy a study to where an act is about to be done."""
    path = folder / "now.bantar"
    shutil.copy(study, path)
    project = Project.open(path)
    if name == "suggest":
        project.undo()
    elif name == "redo":
        project.memo("hujan")
        project.undo()
    return project


@pytest.mark.parametrize("name", ACTS)
@pytest.mark.parametrize("kind", [sqlite3.OperationalError, Fault])
def test_a_fault_at_any_statement(
    coded: Project, tmp_path: Path, name: str, kind: type[Exception]
) -> None:
    """Whichever statement of an act fails, the study is what it was before or after the act."""
    folder = tmp_path / "faults"
    folder.mkdir()
    project = begun(coded.path, folder, name)
    old, clean = state(project), project.path.read_bytes()
    ACTS[name](project)
    new = state(project)
    number, faults = 0, 0
    while True:
        number += 1
        project.path.write_bytes(clean)
        fresh = Project.open(project.path)
        try:
            with fault_at(number, kind) as told:
                ACTS[name](fresh)
        except (BantarError, Fault) as error:
            plain(error) if isinstance(error, BantarError) else None
        faults += told["faults"]
        seen = state(Project.open(project.path))
        assert seen in (old, new), (name, number)
        if told["faults"]:
            assert seen == old, (name, number)
        else:
            assert seen == new
            break
    assert faults == number - 1 > 3
    assert check(project.path).empty


# ---------------------------------------------------------------- a fault at every step of a backup

STEPS = ["fsync", "replace", "open", "close"]


@posix
@pytest.mark.parametrize("step", STEPS)
def test_a_fault_at_any_step_of_a_backup(
    coded: Project, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    """Whichever call of a backup fails, the old backups stand, and no half one has their name."""
    first = backup(coded)
    before, real = (
        {p.name: p.read_bytes() for p in coded.path.parent.glob("*.bantar")},
        getattr(os, step),
    )
    number, said = 0, set()
    while True:
        number += 1
        calls = iter(range(1, 100))

        def fail(*args: Any, **names: Any) -> Any:
            if next(calls) == number:  # noqa: B023
                raise OSError(5, "Input/output error")
            return real(*args, **names)

        with monkeypatch.context() as patch:
            patch.setattr(os, step, fail)
            try:
                backup(coded, keep=1)
            except ProjectError as error:
                said.add("disk" in plain(error))
            done = next(calls) <= number
        beside = {p.name: p.read_bytes() for p in coded.path.parent.glob("*.bantar")}
        for made in backups.backups(coded.path):
            assert check(made).empty
        assert not list(coded.path.parent.glob(".*unfinished*"))
        if done:
            break
        assert coded.path.read_bytes() == before[coded.path.name]
        assert first.name in beside or len(beside) == 2
    assert number > 1
    assert said == {True}


# ---------------------------------------------------------------- a full disk


@pytest.mark.parametrize("spare", range(4))
def test_a_full_file(coded: Project, spare: int) -> None:
    """Where the file cannot grow, the sentence names the disk, and the study is what it was."""
    before = state(coded)
    size = coded.path.stat().st_size // 4096

    def limit(connection: sqlite3.Connection, _: Any) -> None:
        connection.execute(f"PRAGMA max_page_count = {size + spare}")

    event.listen(Engine, "connect", limit)
    try:
        store = Project.open(coded.path)
        with pytest.raises(ProjectError, match="disk is full") as caught:
            store.memo("panjang " * 10_000)
        plain(caught.value)
        assert state(store) == before
    finally:
        event.remove(Engine, "connect", limit)
    assert check(coded.path).empty
    coded.memo("panjang " * 10_000)


LIMITED = """
import resource, signal, sys
from pathlib import Path
from bantar_qual import Project
from bantar_qual.errors import ProjectError
from bantar_qual.project.care import backup, check
from tests.project.test_history import state

def limit(size):
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
path = Path(sys.argv[1])
project = Project.open(path)
before, size = state(project), path.stat().st_size
unlimited = resource.RLIM_INFINITY
refused = 0
for room in [*range(0, size + 4096, max(size // int(sys.argv[2]), 512)), size + 5_000, size + 40_000]:
    for act in (lambda: project.memo("panjang " * 20_000), lambda: backup(project)):
        limit(room)
        try:
            act()
        except ProjectError as error:
            said = str(error)
            refused += 1
            assert "disk" in said and "nothing was changed" in said, said
            assert "I/O" not in said, said
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
