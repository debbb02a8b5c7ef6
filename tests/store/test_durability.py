"""Durability: whatever fails at whichever step, a study is what it was or what it became.

Each proof runs a small number of trials; ``BANTAR_TRIALS=5`` runs five times as many.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from sqlalchemy import Connection, Engine, event

from bantar_qual import CueCoder, Project, table
from bantar_qual.errors import BantarError, ProjectError
from bantar_qual.project.care import backup, check
from bantar_qual.store import Store, backups
from bantar_qual.store.migrations import migrate
from tests.project.test_history import state
from tests.store.trials import plain, posix

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
    "rewrite memo": lambda p: p.rewrite_memo(1, "panas"),
    "describe cases": lambda p: p.describe_cases(pd.DataFrame({"case": ["A"], "role": ["RT"]})),
    "add code": lambda p: p.add_code("resources.money", "Uang"),
    "define code": lambda p: p.define_code("resources.staff", definition="Orang"),
    "move code": lambda p: p.move_code("resources", "means"),
    "merge codes": lambda p: p.merge_codes(["resources.staff"], "resources.budget"),
    "retire code": lambda p: p.retire_code("resources.staff"),
    "revise": lambda p: p.revise("satu", p.document("satu").text.replace("tidak", "belum")),
    "settle": lambda p: p.settle(p.unsettled().query("state == 'unsure'")),
    "merge": lambda p: p.merge(p.path.with_name("other.bantar")),
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
    told = {"statements": 0, "faults": 0, "kept": 0}

    def stop(*_: Any) -> None:
        told["statements"] += 1
        if told["statements"] == number:
            told["faults"] += 1
            raise failing(kind)

    def keep(connection: Connection) -> None:
        stop()
        told["kept"] += connection.get_execution_options().get("bantar_write", False)

    event.listen(Engine, "before_cursor_execute", stop)
    event.listen(Engine, "commit", keep)
    try:
        yield told
    finally:
        event.remove(Engine, "before_cursor_execute", stop)
        event.remove(Engine, "commit", keep)


def begun(study: Path, folder: Path, name: str) -> Project:
    """Copy a study to where an act is about to be done."""
    path = folder / "now.bantar"
    shutil.copy(study, path)
    project = Project.open(path)
    if name == "suggest":
        project.undo()
    elif name == "rewrite memo":
        project.memo("hujan")
    elif name == "settle":
        ACTS["revise"](project)
    elif name == "merge":
        shutil.copy(path, folder / "other.bantar")
        other = Project.open(folder / "other.bantar", coder="BP")
        for act in ("move code", "accept", "import", "memo", "describe cases", "revise"):
            ACTS[act](other)
    elif name == "redo":
        project.memo("hujan")
        project.undo()
    return project


@pytest.mark.parametrize(
    ("name", "kind"),
    [*((name, sqlite3.OperationalError) for name in ACTS), ("code", Fault)],
)
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
    assert new != old
    number, failed = 0, 0
    while True:
        number += 1
        project.path.write_bytes(clean)
        fresh = Project(Store.at(project.path))
        try:
            with fault_at(number, kind) as told:
                ACTS[name](fresh)
        except (BantarError, Fault) as error:
            plain(error) if isinstance(error, BantarError) else None
            failed += 1
            kept = new if told["kept"] else old  # some verbs read again when all is kept
            said = str(error)
            assert not told["kept"] or "nothing was changed" not in said, (name, number)
            same = kept is old and project.path.read_bytes() == clean
            assert same or state(Project.open(project.path)) == kept, (name, number)
        else:  # no fault any more, or one that reading found another way round
            assert state(Project.open(project.path)) == new, (name, number)
            if not told["faults"]:
                break
    assert failed > 3
    assert failed >= (number - 1) / 2
    assert check(project.path).empty


class Tripping(sqlite3.Connection):
    """A connection whose n-th statement, over all connections, fails as a disk does."""

    left = -1

    def execute(self, *args: Any) -> sqlite3.Cursor:  # noqa: D102
        self._step()
        return super().execute(*args)

    def executemany(self, *args: Any) -> sqlite3.Cursor:  # noqa: D102
        self._step()
        return super().executemany(*args)

    def _step(self) -> None:
        Tripping.left -= 1
        if not Tripping.left:
            raise failing(sqlite3.OperationalError)


def test_a_fault_at_any_statement_of_a_migration(
    old: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whichever statement of a migration fails, the study is byte for byte what it was."""
    before, real, number = old.read_bytes(), sqlite3.connect, 0
    while True:
        number += 1
        with monkeypatch.context() as patch:
            patch.setattr(sqlite3, "connect", lambda *a, **k: real(*a, **k, factory=Tripping))
            Tripping.left = number
            try:
                migrate(old)
            except ProjectError as error:
                plain(error)
            finished = Tripping.left > 0
        if finished:
            break
        assert old.read_bytes() == before, number
        assert not list(old.parent.glob("*-journal"))
    assert number > 30
    assert all(check(path).empty for path in [old, *backups.backups(old)])
    assert len(Project.open(old).codings(status=None)) == 3


EXPORTS: dict[str, Callable[[Project, Path], object]] = {
    **{
        f"table.{ending}": lambda p, f: table(
            p.codings(status="suggested")[["document", "code"]]
        ).save(f)
        for ending in ("docx", "xlsx", "csv", "html")
    },
    "codebook.yaml": lambda p, f: p.codebook.write(f),
}


@posix
@pytest.mark.parametrize("name", EXPORTS)
def test_a_fault_at_any_step_of_an_export(
    coded: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """Whichever write, sync or move of an export fails, the old file stays, and nothing beside it."""
    path = tmp_path / "out" / name
    path.parent.mkdir()
    EXPORTS[name](coded, path)
    old, number = path.read_bytes(), 0
    coded.add_code("resources.money", "Uang")
    coded.reject(coded.codings(status="suggested").head(1))
    while True:
        number += 1
        left = [number]

        def tripping(real: Callable[..., Any], left: list[int] = left) -> Callable[..., Any]:
            def call(*args: Any, **names: Any) -> Any:
                left[0] -= 1
                if not left[0]:
                    raise OSError(28, "No space left on device")
                return real(*args, **names)

            return call

        with monkeypatch.context() as patch:
            for step in ("fsync", "replace", "rename", "close"):
                patch.setattr(os, step, tripping(getattr(os, step)))
            patch.setattr(Path, "open", tripping(Path.open))
            patch.setattr(Path, "replace", tripping(Path.replace))
            with contextlib.suppress(OSError, BantarError):
                EXPORTS[name](coded, path)
        if left[0] > 0:
            break
        assert path.read_bytes() == old, (name, number)
        assert [p.name for p in path.parent.iterdir()] == [name], number
    assert number > 3
    assert path.read_bytes() != old


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
