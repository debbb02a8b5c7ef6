"""Backups: whole copies of a study beside it, each read back before it counts."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from bantar_qual.errors import ProjectError
from bantar_qual.store import schema, trouble

KEEP = 5  # backups beside a study; the oldest make room
BUSY_SECONDS = 15  # as long as a write of another program may take

_STAMP = "%Y%m%d-%H%M%S"
_NAME = re.compile(r"(?P<stem>.+)\.backup-(?P<stamp>\d{8}-\d{6})\.bantar")
_UNFINISHED = ".unfinished"
_NO_ROOM = (
    "its folder is read-only; nothing was made. Allow writing to it, or choose another folder"
)


def backup(path: str | Path, *, keep: int = KEEP) -> Path:
    """Copy a study into a new file beside it, while others may work on it.

    Parameters
    ----------
    path
        The study.
    keep
        How many backups stay, this one among them; the oldest are removed.

    Returns
    -------
    pathlib.Path
        The backup, ``<name>.backup-YYYYMMDD-HHMMSS.bantar``: a study like any other. It is on the
        disk, and was read back without a fault, before it got this name.

    Raises
    ------
    ProjectError
        If the study is damaged, or the disk does not take the copy; the backups that were
        there stay as they were.
    """
    path = Path(path)
    if keep < 1:
        raise ProjectError(path, f"keep at least one backup, not {keep}")
    if not path.is_file():
        raise ProjectError(path, "there is no such study to back up")
    with unfinished(path) as temporary:
        with trouble.translated(path):
            copy(path, temporary)
            _verify(path, temporary)
        shutil.copymode(path, temporary)
        _to_disk(temporary)
        final = _free_name(path)
        os.replace(temporary, final)  # noqa: PTH105 - one door for the proof of its failure
        folder_to_disk(path.parent)
    for old in [*backups(path)[keep:], *_left_over(path)]:
        _remove(old)
    return final


def backups(path: str | Path) -> list[Path]:
    """Return the backups of a study, the newest first."""
    path = Path(path)
    found = [p for p in path.parent.iterdir() if _backup_of(p) == path.stem and p != path]
    return sorted(found, key=lambda p: p.name, reverse=True)


def is_backup(path: Path) -> bool:
    """Tell whether a file is named as a backup is."""
    return bool(_backup_of(path))


def is_due(path: Path, first: str, last: str) -> bool:
    """Tell whether a study has had no backup today, and there is something new to keep.

    Parameters
    ----------
    path
        The study.
    first, last
        When it was made and last changed, in UTC. On its first day a study's sources are still
        at hand; it is first backed up on the day after.
    """
    if is_backup(path) or not first:
        return False
    there = backups(path)
    newest = _moment(there[0]) if there else _local(first)
    return newest.date() != _now().date() and (not there or newest < _local(last))


def copy(source: Path, target: Path) -> None:
    """Copy a database page by page into an empty file, at one moment of its life."""
    with (
        contextlib.closing(sqlite3.connect(source, timeout=BUSY_SECONDS)) as old,
        contextlib.closing(sqlite3.connect(target)) as new,
    ):
        # A read that has begun keeps writers out; without it a locked study would be waited for
        # without end.
        old.isolation_level = None
        old.execute("BEGIN")
        old.execute("SELECT count(*) FROM sqlite_master").fetchone()
        new.execute("PRAGMA synchronous = OFF")  # brought to the disk once, at the end
        new.execute("PRAGMA journal_mode = OFF")
        old.backup(new)
        old.execute("ROLLBACK")


def _verify(path: Path, made: Path) -> None:
    """Open the copy as a stranger would, and read all of it."""
    with contextlib.closing(sqlite3.connect(made)) as file:
        application = file.execute("PRAGMA application_id").fetchone()[0]
        told = [row[0] for row in file.execute("PRAGMA integrity_check")]
    if told != ["ok"] or application != schema.APPLICATION_ID:
        raise trouble.damaged(path)


@contextlib.contextmanager
def unfinished(path: Path) -> Iterator[Path]:
    """Give an empty file beside a study, for what is to get a name only once it is whole.

    Raises
    ------
    ProjectError
        If the folder or the disk does not take it.
    """
    try:
        handle, name = tempfile.mkstemp(
            dir=path.parent, prefix=f".{path.stem}.", suffix=_UNFINISHED
        )
    except PermissionError as error:
        raise ProjectError(path, _NO_ROOM) from error
    except OSError as error:
        raise trouble.disk(path) from error
    try:
        os.close(handle)
        yield Path(name)
    except ProjectError:
        raise
    except OSError as error:
        raise trouble.disk(path) from error
    finally:
        _remove(Path(name))


def _left_over(path: Path) -> list[Path]:
    """Return what copies that were cut short have left, but not what is still being written."""
    an_hour_ago = (_now() - timedelta(hours=1)).timestamp()
    names = path.parent.glob(f".*{_UNFINISHED}*")
    mine = [p for p in names if p.name.startswith(f".{path.stem}.")]
    return [p for p in mine if p.exists() and p.stat().st_mtime < an_hour_ago]


def _free_name(path: Path) -> Path:
    """Return a name that is later than all that are there, whatever the clock says."""
    moment, there = _now(), backups(path)
    if there:
        moment = max(moment, _moment(there[0]) + timedelta(seconds=1))
    return path.with_name(f"{path.stem}.backup-{moment.strftime(_STAMP)}.bantar")


def _to_disk(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def folder_to_disk(folder: Path) -> None:
    """Bring a new name to the disk, where the system lets a folder be opened."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _remove(path: Path) -> None:
    with contextlib.suppress(OSError):
        path.unlink(missing_ok=True)


def _backup_of(path: Path) -> str:
    found = _NAME.fullmatch(path.name)
    return found["stem"] if found else ""


def _moment(path: Path) -> datetime:
    found = _NAME.fullmatch(path.name)
    try:
        return datetime.strptime(found["stamp"] if found else "", _STAMP).astimezone()
    except ValueError:  # a name that somebody else gave
        return datetime.fromtimestamp(0).astimezone()


def _local(time: str) -> datetime:
    return datetime.fromisoformat(time).astimezone()


def _now() -> datetime:
    return datetime.now().astimezone()
