"""How often each code occurs, and with how many people."""

from __future__ import annotations

import pandas as pd

from bantar_qual import frames
from bantar_qual.stats._counting import SEGMENT, comparable, count, share
from bantar_qual.stats.registry import statistic


@statistic("frequency")
def frequency(codings: pd.DataFrame, *, by: str | None = None) -> pd.DataFrame:
    """Count how often each code occurs, by codings, segments, documents and cases.

    The headline is ``share``, the part of all cases in which the code occurs. A count of codings
    alone lets one talkative informant look like a theme.

    Parameters
    ----------
    codings
        One row per coding, from ``project.codings(level=...)``. Rolled up to a level, one
        segment with two indicators of the same variable is two codings and one segment.
    by
        A column to compare, such as ``"role"`` or ``"kind"``.

    Returns
    -------
    pandas.DataFrame
        Index ``code`` (and ``by``), every possible code in codebook order. Columns: ``codings``,
        ``segments`` (distinct stretches of text), ``documents``, ``cases`` (counts), ``share``
        (of all cases, or of the cases with that value of ``by``; 0 to 1).

    Raises
    ------
    FrameError
        If the frame is no codings frame, or has no column ``by``.
    NotEnoughData
        If there is no coding.

    Notes
    -----
    Do not read shares of a purposive sample as shares of a population: they say how widely a
    theme is spread among those who were asked (Maxwell, 2010).

    References
    ----------
    Maxwell, J. A. (2010). Using numbers in qualitative research. *Qualitative Inquiry*, 16(6),
    475-482.

    Examples
    --------
    >>> import pandas as pd
    >>> codings = pd.DataFrame({"document": ["a", "a", "b"], "case": ["A", "A", "B"],
    ...     "start": [0, 9, 0], "end": [5, 12, 4], "code": ["staff", "staff", "budget"]})
    >>> frequency(codings)[["codings", "cases", "share"]]
            codings  cases  share
    code
    budget        1      1    0.5
    staff         2      1    0.5
    """
    needs = ["code", "case", *SEGMENT, *([by] if by else [])]
    codings = comparable(frames.check(codings, needs=needs, noun="frequency"), by)
    keys = ["code", by] if by else ["code"]
    cases = count(codings, keys, ["case"])
    result = pd.DataFrame(
        {
            "codings": count(codings, keys),
            "segments": count(codings, keys, SEGMENT),
            "documents": count(codings, keys, ["document"]),
            "cases": cases,
            "share": share(cases, codings, by),
        }
    )
    return frames.inherit(result, codings, noun="frequency")
