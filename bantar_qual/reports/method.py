"""How the figures were counted, and what a reader must know before believing them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

import pandas as pd

from bantar_qual.languages import Language

if TYPE_CHECKING:
    from bantar_qual.project import Project

_BULK = "bulk:"


def count(project: Project) -> dict[str, int]:
    """Count codings by how they came to be, documents and cases."""
    everything = project.codings(status=None)
    accepted = everything[everything["status"] == "accepted"]
    documents = project.documents()
    invented = documents["synthetic"].fillna("") != "" if "synthetic" in documents else ()
    return {
        "accepted": len(accepted),
        "suggested": int((everything["status"] == "suggested").sum()),
        "rejected": int((everything["status"] == "rejected").sum()),
        "machine": int(accepted["origin"].isin(["cue", "model"]).sum()),
        "bulk": len(accepted.index.intersection(_in_bulk(project.decisions()).index)),
        "documents": len(documents),
        "synthetic": int(sum(invented)),
        "cases": len(project.cases()),
    }


def _in_bulk(decisions: pd.DataFrame) -> pd.Series:
    """Return the reasons of the codings whose last decision was to accept them unread."""
    last = decisions.drop_duplicates("coding", keep="last").set_index("coding")
    bulk = (last["after"] == "accepted") & last["reason"].astype(str).str.startswith(_BULK)
    return last.loc[bulk, "reason"].astype(str)


def thresholds(project: Project) -> list[str]:
    """Return the confidences above which codings were accepted in bulk, as they were given."""
    reasons = _in_bulk(project.decisions()).unique()
    found = [re.search(r"\d+(\.\d+)?", reason) for reason in reasons]
    return sorted({match.group() for match in found if match})


def warnings(
    words: Language, basis: str, counted: Mapping[str, int], above: list[str]
) -> list[str]:
    """Return what stands in a box before everything else."""
    lines = []
    if counted["synthetic"]:
        lines.append(words.caption("method_synthetic", **counted))
    if basis == "suggested":
        key = "method_suggested_only" if counted["accepted"] else "method_suggested"
        lines.append(words.caption(key, **counted))
    if basis == "all" and counted["suggested"]:
        lines.append(words.caption("method_all", **counted))
    if basis != "suggested" and counted["bulk"]:
        mark = words.caption("mark_decimal")
        how = ", ".join(
            words.caption("bulk_above", above=text.replace(".", mark)) for text in above
        )
        every = counted["bulk"] == counted["accepted"]
        key = "method_bulk" if every else "method_bulk_some"
        lines.append(words.caption(key, how=how or "–", **counted))
    return lines


def marks(words: Language, basis: str, counted: Mapping[str, int]) -> list[str]:
    """Return the warnings in short, for what may be cut out of the report."""
    keys = []
    if counted["synthetic"]:
        keys.append("mark_synthetic")
    if basis != "accepted" and counted["suggested"]:
        keys.append("mark_suggested")
    if basis != "suggested" and counted["bulk"]:
        keys.append("mark_bulk")
    return [words.caption(key) for key in keys]


def lines(words: Language, basis: str, counted: Mapping[str, int]) -> list[str]:
    """Return how the figures were counted."""
    result = [words.caption("method_unit", **counted)]
    if basis == "accepted":
        result.append(words.caption("method_accepted", **counted))
    if basis != "suggested" and counted["machine"]:
        result.append(words.caption("method_machine", **counted))
    return result
