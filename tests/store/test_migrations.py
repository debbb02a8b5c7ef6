"""Migrations: a study of an older version is brought up whole, with a backup, or stays as it was."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from bantar_qual import Project
from bantar_qual.errors import ProjectError
from bantar_qual.project.care import check
from bantar_qual.store import backups, migrations, schema

NOW = migrations.MIGRATIONS


def sql(path: Path, *statements: str) -> None:
    """Do to a study what no part of bantar_qual would."""
    with closing(sqlite3.connect(path)) as file, file:
        for statement in statements:
            file.execute(statement)


def version(path: Path) -> int:
    """Return the number of the version that made a file."""
    with closing(sqlite3.connect(path)) as file:
        return int(file.execute("PRAGMA user_version").fetchone()[0])


# ---------------------------------------------------------------- the versions there have been


def test_the_package_has_a_migration_for_every_version() -> None:
    """Each version but the first has a migration, numbered in order."""
    assert len(NOW) == schema.VERSION - 1
    names = [step.__name__ for step in NOW]
    assert all(name.startswith(f"m{i:03}_") for i, name in enumerate(names, 1))


def test_a_study_of_the_first_version_opens(old: Path) -> None:
    """A study that the first version made opens with all that it held, and a backup of it as it was."""
    project = Project.open(old)
    assert version(old) == schema.VERSION
    assert check(project).empty
    (kept,) = backups.backups(old)
    assert version(kept) == 1
    assert check(kept).empty
    assert project.codings(status=None)["status"].tolist() == ["accepted", "suggested", "suggested"]
    assert "hanya dua" in project.document("satu").text
    assert project.memos()["text"].tolist() == ["Dibaca lagi."]
    assert len(project.unsettled()) == 1
    assert project.history()["verb"].tolist()[-2:] == ["undo", "revise"]
    assert project.undo().startswith("revise")
    assert "cuma dua" in project.document("satu").text
    assert Project.open(old, backup=False).redo()
    assert len(backups.backups(old)) == 1


def test_a_study_in_disorder_is_brought_up(old: Path) -> None:
    """Rows that no program wrote, and values of a wrong kind, are no reason to be left behind."""
    sql(
        old,
        "UPDATE act SET note = x'ff00', reason = 7 WHERE id = 2",
        "UPDATE memo SET text = 12.5",
        "UPDATE coding SET memo = x'0001' WHERE id = 1",
    )
    Project.open(old)
    assert version(old) == schema.VERSION


def test_a_migration_makes_the_same_tables(old: Path, tmp_path: Path, book: Path) -> None:
    """A study that was brought up has the tables and columns of one that is made today."""
    Project.open(old)
    new = Project.create(tmp_path / "new.bantar", codebook=book).path
    told = []
    for path in (old, new):
        with closing(sqlite3.connect(path)) as file:
            tables = [
                n for (n,) in file.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            ]
            told.append(
                {n: {c[1:6] for c in file.execute(f"PRAGMA table_info({n})")} for n in tables}
            )
    assert told[0] == told[1]


def test_a_locked_study_of_an_older_version_waits(
    old: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where another program writes to a study, it is not brought up, and the sentence says so."""
    monkeypatch.setattr(backups, "BUSY_SECONDS", 0.05)
    monkeypatch.setattr("bantar_qual.store.engine._BUSY_SECONDS", 0.05)
    before = old.read_bytes()
    with closing(sqlite3.connect(old)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(ProjectError, match="another program"):
            Project.open(old)
    assert old.read_bytes() == before


# ---------------------------------------------------------------- how migrations run


def m_more(connection: sqlite3.Connection) -> None:
    """Give documents a shelf."""
    connection.execute("ALTER TABLE document ADD COLUMN shelf TEXT NOT NULL DEFAULT ''")


def m_fill(connection: sqlite3.Connection) -> None:
    """Put every document on a shelf."""
    connection.execute("UPDATE document SET shelf = 'A'")


def m_wrong(connection: sqlite3.Connection) -> None:
    """Lose a letter of a text on the way."""
    connection.execute("UPDATE revision SET text = substr(text, 2)")


def m_torn(connection: sqlite3.Connection) -> None:
    """Leave references that point nowhere."""
    connection.execute("DELETE FROM revision WHERE id = 1")


def m_ended(connection: sqlite3.Connection) -> None:
    """End the transaction unasked."""
    connection.executescript("UPDATE document SET shelf = 'B';")


def m_raises(connection: sqlite3.Connection) -> None:
    """Stumble half-way."""
    connection.execute("UPDATE document SET shelf = 'B'")
    raise ValueError


def test_migrations_run_in_order_on_a_backed_up_file(coded: Project) -> None:
    """An old study is brought up once, with a backup of what it was."""
    before = coded.path.read_bytes()
    kept = migrations.migrate(coded.path, [*NOW, m_more, m_fill])
    assert kept is not None
    with closing(sqlite3.connect(coded.path)) as file:
        assert file.execute("PRAGMA user_version").fetchone() == (schema.VERSION + 2,)
        assert file.execute("SELECT DISTINCT shelf FROM document").fetchall() == [("A",)]
    assert migrations.migrate(coded.path, [*NOW, m_more, m_fill]) is None
    assert migrations.migrate(coded.path, [*NOW, m_more, m_fill, m_fill]) is not None
    assert version(kept) == schema.VERSION
    assert len(kept.read_bytes()) == len(before)


@pytest.mark.parametrize("wrong", [m_wrong, m_torn, m_raises])
def test_a_migration_that_fails_leaves_the_study(
    coded: Project, wrong: Callable[[sqlite3.Connection], None]
) -> None:
    """Whatever goes wrong, the study is byte for byte what it was, and the sentence says so."""
    before = coded.path.read_bytes()
    with pytest.raises(ProjectError, match="stays as it was"):
        migrations.migrate(coded.path, [*NOW, m_more, wrong])
    assert coded.path.read_bytes() == before


def test_a_migration_that_commits_is_caught(coded: Project) -> None:
    """A migration that ends the transaction fails loudly, in the tests of whoever wrote it."""
    with pytest.raises(ProjectError, match="backup"):
        migrations.migrate(coded.path, [*NOW, m_more, m_ended])


def test_a_newer_file_is_not_migrated(coded: Project) -> None:
    """A file of a later version is refused before anything is done."""
    sql(coded.path, "PRAGMA user_version = 9")
    before = coded.path.read_bytes()
    with pytest.raises(ProjectError, match=r"newer bantar_qual \(file version 9"):
        migrations.migrate(coded.path, [*NOW, m_more])
    assert coded.path.read_bytes() == before
    assert not backups.backups(coded.path)
