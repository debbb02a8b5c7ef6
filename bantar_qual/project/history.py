"""Take acts back, do them again, and read who did what and when."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from bantar_qual.codebook import Codebook
from bantar_qual.store import settings, versions

if TYPE_CHECKING:
    from bantar_qual.project import Project


def undo(project: Project) -> str:
    """Take back the last act that still holds, whatever it was; a batch goes back as one.

    Returns
    -------
    str
        What was taken back; empty if there is nothing left to take back.
    """
    return versions.undo(project.store, coder=project.coder)


def redo(project: Project) -> str:
    """Do again what was taken back last, as long as nothing else was done since.

    Returns
    -------
    str
        What was done again; empty if there is nothing to do again.
    """
    return versions.redo(project.store, coder=project.coder)


def history(project: Project) -> pd.DataFrame:
    """Return a row for each act: when, who, what, why, and whether it still holds.

    Returns
    -------
    pandas.DataFrame
        Index ``act``. Columns: ``time`` (UTC), ``coder``, ``verb``, ``note``, ``reason``,
        ``target`` (for undo and redo: the act it was about), ``holds``.
    """
    return versions.acts(project.store)


def codebook_at(project: Project, moment: int) -> Codebook:
    """Return the codebook as it was right after an act."""
    yaml = settings.codebook(project.store, moment)
    return Codebook.parse(yaml, name="the study's codebook") if yaml else project.codebook
