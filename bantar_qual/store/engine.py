"""Open and make study files, and run reads and writes so that a write is whole or not at all."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, func, select
from sqlalchemy.pool import NullPool

from bantar_qual.errors import BantarWarning, ProjectError
from bantar_qual.store import backups, schema
from bantar_qual.store.migrations import migrate, newer
from bantar_qual.store.places import look_around
from bantar_qual.store.trouble import damaged, translated

_BUSY_SECONDS = 60  # on an old, busy laptop a colleague's long act may take a while
_PRAGMAS = (
    "foreign_keys = ON",
    "journal_mode = DELETE",  # a study at rest is one file, on any kind of drive
    "synchronous = FULL",
    "fullfsync = ON",  # macOS: ask the disk itself
    "cache_spill = OFF",  # a long write does not shut out readers before it is kept
)
_THERE = "there is already a file of that name; open it, or choose another"
_EMPTY = "the file is empty; put a backup in its place"
_TORN = (
    "parts of the study point to others that are gone; nothing was changed. See which with "
    "`bantar check`, then put a backup in its place"
)
_UNMADE = "its making was cut short and nothing is in it; remove the file and make the study anew"
_SQLITE_HEADER = b"SQLite format 3\x00"


class Store:
    """One study at rest.

    A write runs in one transaction that takes the file's lock at once, so two programs never
    overwrite each other; a failed write leaves the file as it was.
    """

    def __init__(self, path: Path, engine: Engine) -> None:
        self.path, self._engine = path, engine

    @classmethod
    def create(
        cls, path: str | Path, *, begin: Callable[[Connection], None] | None = None
    ) -> Store:
        """Make a new study file, with what ``begin`` writes into it: a whole one, or none.

        Raises
        ------
        ProjectError
            If there is already a file, or the folder cannot be written to.
        """
        path = Path(path)
        if path.exists():
            raise ProjectError(path, _THERE)
        path.parent.mkdir(parents=True, exist_ok=True)
        with backups.unfinished(path) as file:
            with cls(path, _engine(file)).writing() as connection:
                schema.metadata.create_all(connection)
                connection.exec_driver_sql(f"PRAGMA application_id = {schema.APPLICATION_ID}")
                connection.exec_driver_sql(f"PRAGMA user_version = {schema.VERSION}")
                if begin:
                    begin(connection)
            _place(file, path)
        return cls.at(path)

    @classmethod
    def open(cls, path: str | Path, *, backup: bool = True) -> Store:
        """Open a study file, once it has been seen to be whole.

        Parameters
        ----------
        path
            The study.
        backup
            False to leave out the backup that the first opening of a day makes.

        Raises
        ------
        ProjectError
            If it is missing, no study, damaged, or made by a newer version; the file is left
            as it is.

        Warns
        -----
        BantarWarning
            If its place is risky, or today's backup could not be made.
        """
        store = cls.unchecked(path)
        look_around(store.path)
        migrate(store.path)
        first, last = _whole(store)
        if backup and backups.is_due(store.path, first, last):
            _back_up(store)
        return store

    @classmethod
    def unchecked(cls, path: str | Path) -> Store:
        """Open a study file that may be damaged, to look at it.

        Raises
        ------
        ProjectError
            If it is missing, no study at all, or made by a newer version.
        """
        path = Path(path)
        _refuse(path)
        store = cls.at(path)
        with store.reading() as connection:
            application, version, pages = (
                int(connection.exec_driver_sql(f"PRAGMA {name}").scalar() or 0)
                for name in ("application_id", "user_version", "page_count")
            )
        if not pages:
            raise ProjectError(path, _EMPTY)
        if application != schema.APPLICATION_ID:
            raise ProjectError(
                path, "this is a database of another program, not a bantar_qual study"
            )
        if version > schema.VERSION:
            raise newer(path, version)
        return store

    @classmethod
    def at(cls, path: str | Path) -> Store:
        """Name a study file without looking into it."""
        return cls(Path(path), _engine(Path(path)))

    def is_same(self, other: Store) -> bool:
        """Tell whether two are one study: one file, or one database."""
        if self._engine.url == other._engine.url:
            return True
        dialects = {self._engine.dialect.name, other._engine.dialect.name}
        there = dialects == {"sqlite"} and self.path.exists() and other.path.exists()
        return there and self.path.samefile(other.path)

    @contextlib.contextmanager
    def reading(self) -> Iterator[Connection]:
        """Give a connection for reading."""
        with translated(self.path, reading=True), self._engine.connect() as connection:
            yield connection

    @contextlib.contextmanager
    def writing(self) -> Iterator[Connection]:
        """Give a connection whose changes are kept all together, or not at all."""
        with (
            translated(self.path),
            self._engine.connect().execution_options(bantar_write=True) as connection,
            connection.begin(),
        ):
            yield connection


def _place(file: Path, path: Path) -> None:
    """Give a new study its name, and never that of another file."""
    try:
        os.link(file, path)
    except FileExistsError as error:
        raise ProjectError(path, _THERE) from error
    except OSError:  # a drive that knows no second names for a file
        file.rename(path)
    backups.folder_to_disk(path.parent)


def _whole(store: Store) -> tuple[str, str]:
    """See that the file is whole, and return when its first and its last act were."""
    act = schema.act
    with store.reading() as connection:
        told = connection.exec_driver_sql("PRAGMA quick_check(1)").scalar()
        if told != "ok":
            raise damaged(store.path)
        if connection.exec_driver_sql("PRAGMA foreign_key_check").first():
            raise ProjectError(store.path, _TORN)
        query = select(func.min(act.c.time), func.max(act.c.time))
        first, last = connection.execute(query).one()
    if not first:
        raise ProjectError(store.path, _UNMADE)
    return str(first), str(last)


def _back_up(store: Store) -> None:
    """Make today's backup; that it cannot be made is no reason not to work."""
    try:
        backups.backup(store.path)
    except ProjectError as error:
        said = f"{store.path.name}: no backup was made today: {error.reason}"
        warnings.warn(said, BantarWarning, stacklevel=4)


def _engine(path: Path) -> Engine:
    engine = create_engine(
        URL.create("sqlite", database=str(path)),  # a name may hold ? and %
        poolclass=NullPool,  # a closed study has no open file handle
        connect_args={"timeout": _BUSY_SECONDS},
    )

    @event.listens_for(engine, "connect")
    def _connected(connection: sqlite3.Connection, _: Any) -> None:
        connection.isolation_level = None  # transactions begin where we say so
        for pragma in _PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _began(connection: Connection) -> None:
        write = connection.get_execution_options().get("bantar_write", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")

    return engine


def _refuse(path: Path) -> None:
    """Refuse what cannot be a study before a database library touches it."""
    if path.is_dir():
        raise ProjectError(path, "this is a folder; name the study file, which ends in .bantar")
    if not path.exists():
        raise ProjectError(path, "there is no such study; make one with `bantar new`")
    try:
        with path.open("rb") as file:
            header = file.read(len(_SQLITE_HEADER))
    except PermissionError as error:
        reason = "the file may not be read; look at your rights to it and to its folder"
        raise ProjectError(path, reason) from error
    if not header:
        raise ProjectError(path, _EMPTY)
    if header != _SQLITE_HEADER:
        raise ProjectError(path, "this is not a bantar_qual study file")
