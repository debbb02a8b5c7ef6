"""What hinders and what helps: the valence of each code, and who speaks of it."""

from __future__ import annotations

import pandas as pd

from bantar_qual import frames
from bantar_qual.errors import NotEnoughData
from bantar_qual.records import VALENCES
from bantar_qual.stats._counting import SEGMENT, comparable, count, share
from bantar_qual.stats.registry import statistic


@statistic("barriers")
def barriers(codings: pd.DataFrame, *, by: str | None = None) -> pd.DataFrame:
    """Count barriers and enablers of each code, leading barriers first.

    Parameters
    ----------
    codings
        One row per coding, from ``project.codings(level=...)``.
    by
        A column to compare, such as ``"role"``.

    Returns
    -------
    pandas.DataFrame
        Index ``code`` (and ``by``). Columns: codings of each valence (``barrier``, ``enabler``,
        ``mixed``, ``neutral``, ``unrated``); ``barrier_documents``, ``barrier_cases`` and
        ``barrier_share``, ``enabler_documents``, ``enabler_cases`` and ``enabler_share``, the
        shares being of all cases (0 to 1). Codes are ordered by barrier cases, then barrier
        codings, then the codebook; under ``by`` the order of codes is that of their totals.

    Raises
    ------
    FrameError
        If the frame is no codings frame, or has no column ``by``.
    NotEnoughData
        If there is no coding, or none has a valence.

    Notes
    -----
    A case that names a code both as barrier and as enabler counts on both sides: that an
    informant sees both is a finding, not an error. ``mixed`` is one passage that says both; it
    is in neither count of cases. Frequency is not importance: a barrier that one key informant
    explains may weigh more than one that ten people mention.

    Examples
    --------
    >>> import pandas as pd
    >>> codings = pd.DataFrame({"document": ["a", "b", "b"], "case": ["A", "B", "B"],
    ...     "start": [0, 0, 9], "end": [5, 4, 12], "code": ["staff", "budget", "staff"],
    ...     "valence": ["barrier", "enabler", "barrier"]})
    >>> barriers(codings)[["barrier", "enabler", "barrier_cases"]]
            barrier  enabler  barrier_cases
    code
    staff         2        0              2
    budget        0        1              0
    """
    needs = ["code", "case", "valence", *SEGMENT, *([by] if by else [])]
    codings = comparable(frames.check(codings, needs=needs, noun="barriers"), by)
    if codings["valence"].isna().all():
        msg = "barriers: no coding has a valence yet. Give one with "
        python = 'project.code(..., valence="barrier"), or with project.rate(frame, "barrier")'
        shell = f"{msg}the keys - + 0 * on a coding page (`bantar lab`)"
        raise NotEnoughData(f"{msg}{python}").in_shell(shell)
    keys = ["code", by] if by else ["code"]
    columns = {str(v): count(codings[codings["valence"] == v], keys) for v in VALENCES}
    columns["unrated"] = count(codings[codings["valence"].isna()], keys)
    for valence in ("barrier", "enabler"):
        rows = codings[codings["valence"] == valence]
        columns[f"{valence}_documents"] = count(rows, keys, ["document"])
        cases = count(rows, keys, ["case"])
        columns[f"{valence}_cases"] = cases
        columns[f"{valence}_share"] = share(cases, codings, by)
    whole = pd.DataFrame(columns, index=count(codings, keys).index)
    counts = whole.columns[~whole.columns.str.endswith("_share")]
    whole[counts] = whole[counts].fillna(0).astype(int)
    whole[["barrier_share", "enabler_share"]] = whole[["barrier_share", "enabler_share"]].fillna(
        0.0
    )
    order = _leading(codings)
    ranked = whole.reindex(order, level="code") if by else whole.reindex(order)
    ranked.index.names = whole.index.names
    return frames.inherit(ranked, codings, noun="barriers")


def _leading(codings: pd.DataFrame) -> list[str]:
    """Order the codes by how many cases, then how many codings, call them a barrier."""
    hindering = codings[codings["valence"] == "barrier"]
    totals = pd.DataFrame(
        {
            "codings": count(codings, ["code"]) * 0 + count(hindering, ["code"]),
            "cases": count(hindering, ["code"], ["case"]),
        }
    ).fillna(0)
    return list(totals.sort_values(["cases", "codings"], ascending=False, kind="stable").index)
