"""Choose codings by who gave them, so that no coding counts twice."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import pandas as pd

from bantar_qual.errors import CodingError, did_you_mean
from bantar_qual.records import CONSENSUS, EVERYONE
from bantar_qual.store import agreeing as _agreeing

if TYPE_CHECKING:
    from bantar_qual.project import Project

Whose = str | Sequence[str]


def chosen(project: Project, rows: pd.DataFrame, coder: Whose) -> pd.DataFrame:
    """Return the codings of these coders.

    Parameters
    ----------
    rows
        Codings with their ``coder``.
    coder
        A name or several; empty for everybody's own codings, without the consensus of coders.

    Raises
    ------
    CodingError
        If nobody of that name ever coded.
    """
    if coder == EVERYONE:
        return rows
    if not coder:
        agreed = CONSENSUS in rows["coder"].cat.categories
        return rows[rows["coder"] != CONSENSUS] if agreed else rows
    wanted = [coder] if isinstance(coder, str) else list(coder)
    known = _agreeing.coders(project.store)
    for name in wanted:
        if name not in (*known, CONSENSUS, project.coder):
            where = f"nobody codes as '{name}' in '{project.path.name}'"
            msg = f"{where}.{did_you_mean(str(name), known)}"
            raise CodingError(msg)
    return rows[rows["coder"].isin(wanted)]
