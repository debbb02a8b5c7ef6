"""Bring the file of an older version up to this one, whole or not at all, with a backup first.

A migration is a function ``m001_what_it_does(connection)`` that brings a file of version 1 to
version 2. It speaks plain SQL about the tables as they were then, for ``schema.py`` goes on
changing; it never begins or ends a transaction (``executescript`` does so unasked).
"""

from __future__ import annotations

import contextlib
import hashlib
import sqlite3
from collections.abc import Callable, Sequence
from pathlib import Path

from bantar_qual.errors import ProjectError
from bantar_qual.store import backups, schema, seals, trouble

Migration = Callable[[sqlite3.Connection], None]


def m001_seals(connection: sqlite3.Connection) -> None:
    """Seal what every act wrote."""
    connection.execute(
        "CREATE TABLE seal (act_id INTEGER NOT NULL, name VARCHAR NOT NULL, "
        "sha256 VARCHAR(64) NOT NULL, PRIMARY KEY (act_id, name), "
        "FOREIGN KEY(act_id) REFERENCES act (id))"
    )
    acts = "SELECT id, guid, time, coder, verb, note, reason, target FROM act ORDER BY id"
    found = {"act": seals.sums(connection.execute(acts))}
    for name, columns in _SEALED.items():
        skipped = set()
        if name == "coding":
            for act in ("from_act", "to_act"):
                query = f"SELECT {act} FROM coding GROUP BY {act} HAVING count(*) > 1000"  # noqa: S608
                skipped |= {number for (number,) in connection.execute(query) if number}
        begun, ended = (
            f"SELECT {act}, {told} FROM {name} WHERE {act} IS NOT NULL ORDER BY {act}, id, version"  # noqa: S608
            for act, told in (("from_act", f"id, {columns}"), ("to_act", "id"))
        )
        sums = seals.sums(connection.execute(begun), connection.execute(ended))
        found[name] = {act: digest for act, digest in sums.items() if act not in skipped}
    connection.executemany(
        "INSERT INTO seal (act_id, name, sha256) VALUES (?, ?, ?)",
        [(act, name, digest) for name, sums in found.items() for act, digest in sums.items()],
    )


_SEALED = {
    "setting": "key, value",
    "codebook": "yaml",
    "case_": "guid, name",
    "case_value": "case_id, key, value",
    "document": "guid, name, kind, language, case_id, source, revision_id",
    "speaker": "document_id, name, case_id",
    "document_value": "document_id, key, value",
    "coding": 'guid, document_id, start, "end", code, coder_id, origin, status, valence, '
    "confidence, because, memo, anchor",
    "memo": "guid, about, key, text",
}

# In order; as many as there were versions before this one.
MIGRATIONS: tuple[Migration, ...] = (m001_seals,)


def migrate(path: Path, steps: Sequence[Migration] | None = None) -> Path | None:
    """Bring a study up to this version.

    Parameters
    ----------
    path
        The study.
    steps
        The migrations from version 1 on; the package's own if left out.

    Returns
    -------
    pathlib.Path or None
        The backup of the study as it was; None if it needed nothing.

    Raises
    ------
    ProjectError
        If the file is newer than this version, or cannot be brought up; it stays as it was.
    """
    steps = MIGRATIONS if steps is None else steps
    with trouble.translated(path), contextlib.closing(_connected(path)) as connection:
        if _version(connection, path, len(steps)) == 1 + len(steps):
            return None
        kept = backups.backup(path)
        connection.execute("PRAGMA foreign_keys = OFF")  # tables are made anew; checked below
        connection.execute("BEGIN EXCLUSIVE")
        try:
            _climb(connection, path, steps)
            connection.execute("COMMIT")
        except Exception as error:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            if isinstance(error, sqlite3.OperationalError | ProjectError):
                raise
            reason = (
                "it could not be brought to this version of bantar_qual and stays as it was; "
                f"work on with the version that made it. There is a backup: {kept.name}"
            )
            raise ProjectError(path, reason) from error
    return kept


def _connected(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=backups.BUSY_SECONDS, isolation_level=None)
    connection.execute("PRAGMA synchronous = FULL")
    return connection


def _climb(connection: sqlite3.Connection, path: Path, steps: Sequence[Migration]) -> None:
    """Take the steps that are missing; another program may have taken them meanwhile."""
    before = _texts(connection)
    for step in steps[_version(connection, path, len(steps)) - 1 :]:
        step(connection)
        if not connection.in_transaction:
            msg = f"{step.__name__} ended the transaction"
            raise RuntimeError(msg)
    connection.execute(f"PRAGMA user_version = {1 + len(steps)}")
    broken = connection.execute("PRAGMA foreign_key_check").fetchone()
    told = connection.execute("PRAGMA integrity_check").fetchone()[0]
    if broken or told != "ok" or not before <= _texts(connection):
        msg = "a text, a reference or the file itself did not come through"
        raise RuntimeError(msg)


def _version(connection: sqlite3.Connection, path: Path, steps: int) -> int:
    version = int(connection.execute("PRAGMA user_version").fetchone()[0])
    if version > 1 + steps:
        raise newer(path, version, 1 + steps)
    return max(version, 1)


def newer(path: Path, version: int, known: int = schema.VERSION) -> ProjectError:
    """Return the error for a file of a later version."""
    reason = (
        f"made by a newer bantar_qual (file version {version}, this one reads up to {known}); "
        "nothing was changed. Install the newer version to open it"
    )
    return ProjectError(path, reason)


def _texts(connection: sqlite3.Connection) -> set[str]:
    """Return the checksums of all texts, as they are and not as they are written down."""
    rows = connection.execute("SELECT text FROM revision")
    return {hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest() for (text,) in rows}
