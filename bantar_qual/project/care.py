"""Look after the study's file: check it, back it up, save what can be read of a damaged one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from bantar_qual.errors import ProjectError
from bantar_qual.store import backups as _backups
from bantar_qual.store import care as _care
from bantar_qual.store import rescue as _rescue
from bantar_qual.store.server import ServerStore

if TYPE_CHECKING:
    from bantar_qual.project import Project


def check(project: Project | str | Path) -> pd.DataFrame:
    """Look through a whole study for anything that cannot be right; nothing is changed.

    Parameters
    ----------
    project
        An open study, or the path of one that perhaps cannot be opened any more.

    Returns
    -------
    pandas.DataFrame
        A row for each finding: ``what`` (file, text, turn, coding, code, codebook, act or
        version), ``where``, and ``problem`` in words. No row: the study is whole, every text is
        the text that was imported, and every coding lies in its text and has its code.

    Raises
    ------
    ProjectError
        If the file is missing, no study, or made by a newer version.

    Examples
    --------
    >>> from bantar_qual import Project
    >>> project = Project.create(tmp / "c.bantar", codebook="edwards-iii", coder="SN")
    >>> len(check(project))
    0
    """
    return _care.check(_path(project))


def backup(project: Project | str | Path, *, keep: int = _backups.KEEP) -> Path:
    """Copy a study into a new file beside it, while others may work on it.

    The first opening of a day makes a backup by itself. A backup is a study like any other: to go
    back to it, copy it over the study's name while nobody has the study open.

    Parameters
    ----------
    project
        An open study, or the path of one.
    keep
        How many backups stay, this one among them; the oldest are removed.

    Returns
    -------
    pathlib.Path
        The backup; it was read back without a fault before it got its name.

    Raises
    ------
    ProjectError
        If the study is damaged, or the disk does not take the copy; the backups that were
        there stay as they were.

    Examples
    --------
    >>> from bantar_qual import Project
    >>> project = Project.create(tmp / "s.bantar", codebook="edwards-iii", coder="SN")
    >>> made = backup(project)
    >>> Project.open(made.rename(tmp / "copy.bantar"))
    <Project copy.bantar: 0 documents; codings: 0 suggested, 0 accepted, 0 rejected>
    """
    return _backups.backup(_path(project), keep=keep)


def repair(path: str | Path, target: str | Path, *, coder: str = "repair") -> pd.DataFrame:
    """Save what can be read from a damaged study into a new file; the damaged one stays as it is.

    Put a good backup in the study's place if there is one; this is for what came after it.

    Parameters
    ----------
    path
        The damaged study.
    target
        The new study.
    coder
        Who does this, for the history.

    Returns
    -------
    pandas.DataFrame
        A row for each table of the file: ``saved`` rows, how many of its rows come
        ``from_backup``, how many are known to be ``lost``, and a ``note``. What the file has
        lost is taken from its backups. A text that was altered and is in no backup is kept as
        it is now, and its document says so in the column ``damage``.

    Raises
    ------
    ProjectError
        If nothing at all can be read, or there is already a file of the new name.
    """
    return _rescue.repair(path, target, coder=coder)


def _path(project: Project | str | Path) -> Path:
    if isinstance(project, str | Path):
        return Path(project)
    if isinstance(project.store, ServerStore):
        reason = "this study is on a server, which is looked after and backed up there"
        raise ProjectError(project.path, reason)
    return project.path
