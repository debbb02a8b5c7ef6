"""The suggestions that wait for a decision, in the order in which they are best looked at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Literal, get_args

import pandas as pd

from bantar_qual.errors import PageError

if TYPE_CHECKING:
    from bantar_qual.project import Project

First = Literal["least sure", "most sure", "as written"]
FIRST: tuple[First, ...] = get_args(First)
_SHOWN = 150  # suggestions in one answer
_QUOTE = 280  # characters of a quote in the list; the page shows all of it in its place


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which suggestions, and which of them first."""

    first: First = "least sure"
    code: str = ""
    document: str = ""
    at_least: float = 0.0
    at_most: float = 1.0

    @classmethod
    def read(cls, given: Mapping[str, Any]) -> Wanted:
        """Read what a page wants.

        Raises
        ------
        PageError
            If it wants an order that there is not, or its bounds are no numbers.
        """
        first = given.get("first", "least sure")
        if first not in FIRST:
            msg = f"suggestions come {', '.join(FIRST)} first; not '{first}'"
            raise PageError(msg)
        sure = [given.get("at_least") or 0.0, given.get("at_most") or 1.0]
        if not all(isinstance(number, int | float) for number in sure):
            msg = "how sure suggestions are is told by numbers between 0 and 1"
            raise PageError(msg)
        return cls(
            first=first,
            code=str(given.get("code") or ""),
            document=str(given.get("document") or ""),
            at_least=float(sure[0]),
            at_most=float(sure[1]),
        )

    def told(self) -> dict[str, Any]:
        """Return what the page shows in its filters."""
        return asdict(self)


def chosen(frame: pd.DataFrame, wanted: Wanted) -> pd.DataFrame:
    """Return the wanted suggestions in their order.

    Parameters
    ----------
    frame
        ``project.codings(status="suggested")``.
    wanted
        A code stands for all below it. A suggestion without a confidence is the least sure.
    """
    code, sure = frame["code"].astype(str), frame["confidence"].fillna(0.0)
    keep = sure.between(wanted.at_least, wanted.at_most)
    if wanted.code:
        keep &= (code == wanted.code) | code.str.startswith(f"{wanted.code}.")
    if wanted.document:
        keep &= frame["document"].astype(str) == wanted.document
    frame, sure = frame[keep], sure[keep]
    if wanted.first == "as written":
        return frame
    order = sure.sort_values(ascending=wanted.first == "least sure", kind="stable").index
    return frame.loc[order]


def suggestions(
    project: Project, wanted: Wanted, *, count: int = _SHOWN
) -> tuple[list[dict[str, Any]], int]:
    """Return the first of the wanted suggestions with their words, and how many there are."""
    frame = chosen(project.codings(status="suggested"), wanted)
    texts: dict[str, str] = {}
    rows = []
    for number, row in zip(frame.index[:count], frame.head(count).to_dict("records"), strict=True):
        name = str(row["document"])
        if name not in texts:
            texts[name] = project.document(name).text
        quote = texts[name][row["start"] : row["end"]]
        rows.append(
            {
                "id": int(number),
                "document": name,
                "code": str(row["code"]),
                "valence": None if pd.isna(row["valence"]) else str(row["valence"]),
                "confidence": None if pd.isna(row["confidence"]) else float(row["confidence"]),
                "because": str(row["because"]),
                "speaker": str(row["speaker"] or ""),
                "turn": int(row["turn"]),
                "quote": quote if len(quote) <= _QUOTE else quote[:_QUOTE].rstrip() + " …",
            }
        )
    return rows, len(frame)
