"""How things are counted: once per coding, per segment, per document, per case."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from bantar_qual import frames

SEGMENT = ["document", "start", "end"]


def count(codings: pd.DataFrame, keys: Sequence[str], unit: Sequence[str] = ()) -> pd.Series:
    """Count the rows of each group, or its distinct units, with a zero where there are none.

    Parameters
    ----------
    codings
        A codings frame.
    keys
        The columns that make the groups; categoricals show all their values.
    unit
        The columns that make a unit. Rows that lack a unit, such as an observation note that
        belongs to no informant, are not counted.
    """
    rows = codings[[*dict.fromkeys([*keys, *unit])]]
    if unit:
        rows = rows.dropna(subset=list(unit)).drop_duplicates()
    return rows.groupby(list(keys), observed=False).size()


def comparable(codings: pd.DataFrame, by: str | None) -> pd.DataFrame:
    """Give a column that is compared all its values, also those that only silent cases have."""
    if by is None or isinstance(codings[by].dtype, pd.CategoricalDtype):
        return codings
    known = {*codings[by].dropna(), *pd.Series(frames.case_count(codings, by)).index}
    return codings.assign(**{by: pd.Categorical(codings[by], sorted(known), ordered=True)})


def share(counts: pd.Series, codings: pd.DataFrame, by: str | None) -> pd.Series:
    """Divide counts of cases by the number of cases there are, silent ones included."""
    total = frames.case_count(codings, by)
    if by is None:
        return counts / total if total else counts * float("nan")
    return counts / counts.index.get_level_values(by).map(total.to_dict()).astype(float)
