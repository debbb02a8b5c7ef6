"""A study on a PostgreSQL server, for teams: the same tables, the same acts, several people."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path

from sqlalchemy import URL, Connection, create_engine, inspect, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError
from sqlalchemy.pool import NullPool

from bantar_qual.errors import ProjectError
from bantar_qual.store import schema, seals
from bantar_qual.store.engine import Store

_INSTALL = 'PostgreSQL needs the extra: python -m pip install "bantar-qual[postgres]"'


class ServerStore(Store):
    """One study in one database of a server.

    Every write takes the table of acts for itself first, so that two people never interleave;
    reading goes on meanwhile.
    """

    @classmethod
    def create(
        cls, path: str | Path, *, begin: Callable[[Connection], None] | None = None
    ) -> ServerStore:
        """Make a new study in an empty database, with what ``begin`` writes into it, or nothing.

        Raises
        ------
        ProjectError
            If the server cannot be reached, or the database holds a study already.
        """
        store = cls._connected(str(path))
        with store.writing() as connection:
            if inspect(connection).has_table(schema.act.name):
                raise ProjectError(store.path, "this database holds a study already; open it")
            schema.metadata.create_all(connection)
            if begin:
                begin(connection)
        return store

    @classmethod
    def open(cls, path: str | Path, *, backup: bool = True) -> ServerStore:
        """Open the study in a database; ``backup`` is the server's own business.

        Raises
        ------
        ProjectError
            If the server cannot be reached, or the database holds no study.
        """
        del backup
        store = cls._connected(str(path))
        with store.reading() as connection:
            if not inspect(connection).has_table(schema.act.name):
                raise ProjectError(store.path, "this database holds no study; make one first")
            unsealed = not inspect(connection).has_table(schema.seal.name)
        if unsealed:  # made by the version before this one
            with store.writing() as connection:
                schema.seal.create(connection, checkfirst=True)
                seals.seal_all(connection)
        return store

    @classmethod
    def _connected(cls, address: str) -> ServerStore:
        url = _url(address)
        try:
            engine = create_engine(url, poolclass=NullPool)  # nobody holds a connection idle
        except (NoSuchModuleError, ModuleNotFoundError) as error:
            raise ProjectError(_name(url), _INSTALL) from error
        return cls(_name(url), engine)

    @contextlib.contextmanager
    def reading(self) -> Iterator[Connection]:
        """Give a connection for reading, which sees the study as it is at one moment."""
        glance = self._engine.execution_options(isolation_level="REPEATABLE READ")
        with _translated(self.path, reading=True), glance.connect() as connection:
            yield connection

    @contextlib.contextmanager
    def writing(self) -> Iterator[Connection]:
        """Give a connection whose changes are kept all together, or not at all."""
        with _translated(self.path), self._engine.begin() as connection:
            if inspect(connection).has_table(schema.act.name):
                connection.execute(text("LOCK TABLE act IN EXCLUSIVE MODE"))
            yield connection


def is_address(path: str | Path) -> bool:
    """Tell the address of a server from the path of a file."""
    return isinstance(path, str) and "://" in path


def _url(address: str) -> URL:
    try:
        url = make_url(address)
    except ArgumentError as error:
        reason = "this is no address of a server; it looks like postgresql+psycopg://host/database"
        raise ProjectError("server", reason) from error
    if not url.drivername.startswith("postgresql"):
        raise ProjectError(_name(url), "only PostgreSQL servers can hold a study")
    return url


def _name(url: URL) -> Path:
    """Return what the study is called in messages: never a password, never a host."""
    return Path(url.database or "server")


@contextlib.contextmanager
def _translated(path: Path, *, reading: bool = False) -> Iterator[None]:
    """Say a server's trouble in the researcher's words; a read says nothing about changes."""
    kept = "" if reading else "; nothing was changed"
    try:
        yield
    except DBAPIError as error:
        if error.connection_invalidated or "connect" in str(error.orig).lower():
            reason = f"the server cannot be reached{kept}. Look at the network, try again"
        else:
            reason = f"the server could not do it{kept}"
        raise ProjectError(path, reason) from error
