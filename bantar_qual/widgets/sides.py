"""Two coders' codings on one text, as a page compares them; all talk with the project's verbs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from bantar_qual.errors import PageError

if TYPE_CHECKING:
    from bantar_qual.project import Project

People = tuple[str, str]
Pair = Sequence[int]  # the first's coding and the second's; 0 where one of them has none
AS_GIVEN = "as given"
_IDS = ["coding_1", "coding_2"]


def people(project: Project, between: People | None) -> People:
    """Return the two coders to compare; the only two, where none are named.

    Raises
    ------
    CodingError
        If one of them never coded, or it is not clear which two are meant.
    """
    rows = project.differences(between=between)
    if between:
        return (str(between[0]), str(between[1]))
    return (str(rows["coder_1"].iloc[0]), str(rows["coder_2"].iloc[0]))


def rows(project: Project, between: People, document: str) -> list[list[Any]]:
    """Return both ids, how they differ, what was decided and why, for each pair of a document."""
    frame = project.differences(between=between, document=document)
    ids = frame[_IDS].fillna(0).astype(int)
    columns = (ids["coding_1"], ids["coding_2"], frame["kind"], frame["decision"], frame["reason"])
    return [
        [int(one), int(other), str(kind), str(decision), str(reason)]
        for one, other, kind, decision, reason in zip(*columns, strict=True)
    ]


def left(project: Project, between: People) -> dict[str, int]:
    """Return how many differences of each document are not decided; what both share not counted."""
    frame = project.differences(between=between)
    waits = frame[(frame["decision"] == "") & (frame["kind"] != "same")]
    names = dict.fromkeys(frame["document"].astype(str), 0)
    return names | {
        str(n): int(c) for n, c in waits["document"].astype(object).value_counts().items()
    }


def agree(project: Project, between: People, document: str, args: Mapping[str, Any]) -> None:
    """Decide pairs of codings in one act.

    Raises
    ------
    PageError
        If a pair is not there any more.
    """
    frame = project.differences(between=between, document=document)
    ids = frame[_IDS].fillna(0).astype(int)
    wanted = {(int(one), int(other)) for one, other in args["pairs"]}
    there = [pair in wanted for pair in zip(ids["coding_1"], ids["coding_2"], strict=True)]
    chosen = frame[pd.Series(there, index=frame.index, dtype=bool)]
    if len(chosen) < len(wanted):
        msg = "a coding was changed meanwhile; the page shows what is there now"
        raise PageError(msg)
    project.agree_on(chosen, args["choice"], valence=args["valence"], reason=args["reason"].strip())
