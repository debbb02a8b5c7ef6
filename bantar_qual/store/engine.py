"""Open and make study files, and run reads and writes so that a write is whole or not at all."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DatabaseError, OperationalError
from sqlalchemy.pool import NullPool

from bantar_qual.errors import ProjectError
from bantar_qual.store import schema

_BUSY_SECONDS = 15
_SQLITE_HEADER = b"SQLite format 3\x00"


class Store:
    """One study at rest.

    A write runs in one transaction that takes the file's lock at once, so two programs never
    overwrite each other; a failed write leaves the file as it was.
    """

    def __init__(self, path: Path, engine: Engine) -> None:
        self.path, self._engine = path, engine

    @classmethod
    def create(cls, path: str | Path) -> Store:
        """Make a new, empty study file.

        Raises
        ------
        ProjectError
            If there is already a file, or the folder cannot be written to.
        """
        path = Path(path)
        if path.exists():
            raise ProjectError(
                path, "there is already a file of that name; open it, or choose another"
            )
        path.parent.mkdir(parents=True, exist_ok=True)
        store = cls(path, _engine(path))
        with store.writing() as connection:
            schema.metadata.create_all(connection)
            connection.exec_driver_sql(f"PRAGMA application_id = {schema.APPLICATION_ID}")
            connection.exec_driver_sql(f"PRAGMA user_version = {schema.VERSION}")
        return store

    @classmethod
    def open(cls, path: str | Path) -> Store:
        """Open a study file.

        Raises
        ------
        ProjectError
            If it is missing, no study, damaged, or made by a newer version.
        """
        path = Path(path)
        _refuse(path)
        store = cls(path, _engine(path))
        with store.reading() as connection:
            application = connection.exec_driver_sql("PRAGMA application_id").scalar()
            version = connection.exec_driver_sql("PRAGMA user_version").scalar()
        if application != schema.APPLICATION_ID:
            raise ProjectError(
                path, "this is a database of another program, not a bantar_qual study"
            )
        if int(version or 0) > schema.VERSION:
            reason = (
                f"made by a newer bantar_qual (file version {version}, this one reads up to "
                f"{schema.VERSION}); nothing was changed. Install the newer version to open it"
            )
            raise ProjectError(path, reason)
        return store

    @contextlib.contextmanager
    def reading(self) -> Iterator[Connection]:
        """Give a connection for reading."""
        with self._translated(), self._engine.connect() as connection:
            yield connection

    @contextlib.contextmanager
    def writing(self) -> Iterator[Connection]:
        """Give a connection whose changes are kept all together, or not at all."""
        with (
            self._translated(),
            self._engine.connect().execution_options(bantar_write=True) as connection,
            connection.begin(),
        ):
            yield connection

    @contextlib.contextmanager
    def _translated(self) -> Iterator[None]:
        """Say a database's trouble in the researcher's words."""
        try:
            yield
        except OperationalError as error:
            raise ProjectError(self.path, _plainly(str(error.orig))) from error
        except DatabaseError as error:
            reason = "the file is damaged, or not a study file; restore a copy of it"
            raise ProjectError(self.path, f"{reason} ({error.orig})") from error


def _engine(path: Path) -> Engine:
    engine = create_engine(
        f"sqlite:///{path}",
        poolclass=NullPool,  # a closed study has no open file handle
        connect_args={"timeout": _BUSY_SECONDS},
    )

    @event.listens_for(engine, "connect")
    def _connected(connection: sqlite3.Connection, _: Any) -> None:
        connection.isolation_level = None  # transactions begin where we say so
        for pragma in ("foreign_keys = ON", "journal_mode = DELETE", "synchronous = FULL"):
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
    with path.open("rb") as file:
        header = file.read(len(_SQLITE_HEADER))
    if not header:
        raise ProjectError(path, "the file is empty; restore a copy of the study")
    if header != _SQLITE_HEADER:
        raise ProjectError(path, "this is not a bantar_qual study file")


def _plainly(message: str) -> str:
    if "locked" in message:
        return "another program is writing to this study; close it there, then try again"
    if "readonly" in message:
        return "the file or its folder is read-only; copy the study to a folder you can write to"
    if "full" in message:
        return "the disk is full; nothing was changed. Make room, then try again"
    if "unable to open" in message:
        return "the file cannot be opened; look at its folder and your rights there"
    return f"the database could not do it ({message}); nothing was changed"
