"""Take acts back, do them again, and read who did what and when."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import pandas as pd

from bantar_qual.codebook import Codebook
from bantar_qual.errors import CodingError
from bantar_qual.project.moments import When, act_at
from bantar_qual.store import settings, versions

if TYPE_CHECKING:
    from bantar_qual.project import Project


def undo(project: Project, *, scope: versions.Scope = "study") -> str:
    """Take back the last act that still holds, whatever it was; a batch goes back as one.

    Parameters
    ----------
    scope
        ``"study"``: the last act, whoever did it. ``"mine"``: your own last act, also where
        others did something since. ``"page"``: your own last act on a coding page.

    Returns
    -------
    str
        What was taken back; empty if there is nothing left to take back.

    Raises
    ------
    ChangedSince
        With a scope other than the study: if what the act touched was changed since.
    """
    return versions.undo(project.store, coder=project.coder, scope=scope)


def redo(project: Project, *, scope: versions.Scope = "study") -> str:
    """Do again what was taken back last, as long as nothing else was done since.

    Parameters
    ----------
    scope
        As in ``undo``: ``"study"``, ``"mine"`` or ``"page"``.

    Returns
    -------
    str
        What was done again; empty if there is nothing to do again.
    """
    return versions.redo(project.store, coder=project.coder, scope=scope)


def history(project: Project) -> pd.DataFrame:
    """Return a row for each act: when, who, what, why, and whether it still holds.

    Returns
    -------
    pandas.DataFrame
        Index ``act``. Columns: ``time`` (UTC), ``coder``, ``verb``, ``note``, ``reason``,
        ``target`` (for undo and redo: the act it was about), ``holds``.
    """
    return versions.acts(project.store)


def codebook_at(project: Project, at: When) -> Codebook:
    """Return the codebook as of a date such as ``"2026-03-01"`` (the whole day), or a moment.

    Raises
    ------
    CodingError
        If that is no date, or the study was not there yet.
    """
    act = act_at(project, at)
    if not act:
        first = project.history()["time"].iloc[0]
        msg = f"at {at} there was no codebook yet: the study began on {first[:10]}"
        raise CodingError(msg)
    return codebook_after(project, act)


def codebook_after(project: Project, act: int) -> Codebook:
    """Return the codebook as it was right after an act; before the first, as it is now."""
    yaml = settings.codebook(project.store, act)
    return parsed(yaml) if yaml else project.codebook


@lru_cache(maxsize=256)
def parsed(yaml: str) -> Codebook:
    """Return a codebook that was kept; a study's past holds the same ones again and again."""
    return Codebook.parse(yaml, name="the study's codebook")
