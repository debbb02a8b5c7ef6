"""Say in the researcher's words what a database or a disk could not do."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy.exc import DBAPIError

from bantar_qual.errors import ProjectError

_DAMAGED = (
    "the file is damaged; nothing was changed. See what is left with `bantar check`, then put a "
    "backup in its place, or save what can be read with `bantar repair`"
)
_DISK = (
    "the disk is full or did not take the change; nothing was changed. Make room on the disk, "
    "then try again"
)
_UNREAD = (
    "the disk is full or did not give back the file; make room on the disk, see that it is still "
    "there, then try again"
)
_NOTHING = "; nothing was changed"
_LOCKED = "another program is writing to this study; close it there, then try again"
_READONLY_FILE = (
    "the file is read-only; nothing was changed. Allow writing to it, or copy it under another name"
)
_READONLY_FOLDER = (
    "the folder of the study is read-only, and a change needs a second file there for a moment; "
    "nothing was changed. Copy the study to a folder that you can write to"
)
_NO_READING = "the file may not be read; look at your rights to it and to its folder"
_NO_FIT = "the change does not fit the rest of the study; nothing was changed"
_OTHER = "the study could not be read or changed; nothing was changed. Run `bantar check` on it"


@contextlib.contextmanager
def translated(path: Path, *, reading: bool = False) -> Iterator[None]:
    """Turn a database's or a disk's trouble with a file into a sentence.

    Parameters
    ----------
    path
        The file.
    reading
        True where the file is only read: it may be read after a change was kept, so that the
        sentence says nothing about changes.

    Raises
    ------
    ProjectError
        In place of the trouble, which stays its cause.
    """
    try:
        yield
    except DBAPIError as error:
        raise ProjectError(path, sentence(error.orig, path, reading=reading)) from error
    except sqlite3.Error as error:
        raise ProjectError(path, sentence(error, path, reading=reading)) from error


def disk(path: Path) -> ProjectError:
    """Return the error for a disk that did not take something."""
    return ProjectError(path, _DISK)


def damaged(path: Path) -> ProjectError:
    """Return the error for a file that holds what no study can hold."""
    return ProjectError(path, _DAMAGED)


def sentence(error: BaseException | None, path: Path, *, reading: bool = False) -> str:
    """Return what happened and what to do next."""
    told = _sentence(error, path)
    if not reading:
        return told
    return _UNREAD if told == _DISK else told.replace(_NOTHING, "")


def _sentence(error: BaseException | None, path: Path) -> str:
    name = str(getattr(error, "sqlite_errorname", "") or "")
    if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return _LOCKED
    if name.startswith(("SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_PERM", "SQLITE_AUTH")):
        return _rights(path)
    if name.startswith(("SQLITE_FULL", "SQLITE_IOERR", "SQLITE_TOOBIG", "SQLITE_NOLFS")):
        return _DISK
    if name.startswith("SQLITE_CONSTRAINT"):
        return _NO_FIT
    if name.startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB", "SQLITE_FORMAT")):
        return _DAMAGED
    # Text that is no text, a table that is not there: what damage looks like from above.
    told = str(error)
    broken = ("decode", "no such table", "no such column", "malformed", "schema")
    return _DAMAGED if any(word in told for word in broken) else _OTHER


def _rights(path: Path) -> str:
    if path.exists() and not os.access(path, os.R_OK, effective_ids=_EFFECTIVE):
        return _NO_READING
    if path.exists() and not os.access(path, os.W_OK, effective_ids=_EFFECTIVE):
        return _READONLY_FILE
    if not os.access(path.parent, os.W_OK, effective_ids=_EFFECTIVE):
        return _READONLY_FOLDER
    return _READONLY_FILE


_EFFECTIVE = os.access in os.supports_effective_ids
