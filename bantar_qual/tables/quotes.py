"""Quotes in groups: by code and by what they say of it, in the order of the table."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pandas as pd

from bantar_qual import frames
from bantar_qual.languages import Language
from bantar_qual.records import VALENCES

_VALENCES = (*map(str, VALENCES), "")
_FRONT = (
    "code", "valence", "quote", "attribution", "document", "case", "kind", "turn", "start", "end",
    "speaker", "because", "confidence", "status", "origin", "coder", "date",
)  # fmt: skip
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """A coded stretch of text, word for word, and who said it where."""

    coding: str
    text: str
    attribution: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """The quotes of one code that have the same valence."""

    code: str
    valence: str  # "" where it was not rated
    label: str  # "Sumber daya › Anggaran"
    quotes: tuple[Quote, ...]

    def title(self, words: Language) -> str:
        """Return the line above the quotes: "Sumber daya › Anggaran: Hambatan"."""
        return f"{self.label}: {words.caption(self.valence)}" if self.valence else self.label


def groups(quotes: pd.DataFrame, words: Language, order: Sequence[str] = ()) -> Iterator[Group]:
    """Yield the groups of quotes: codes in the given order, then barriers before enablers."""
    codes = [str(code) for code in quotes["code"]]
    rated = quotes["valence"] if "valence" in quotes else pd.Series("", index=quotes.index)
    valences = ["" if value != value else str(value) for value in rated]  # noqa: PLR0124
    members: dict[tuple[str, str], list[int]] = {}
    for position, key in enumerate(zip(codes, valences, strict=True)):
        members.setdefault(key, []).append(position)
    for code in dict.fromkeys([*order, *codes]):
        for valence in dict.fromkeys([*_VALENCES, *valences]):
            if positions := members.get((code, valence)):
                yield Group(
                    code=code,
                    valence=valence,
                    label=whole_label(quotes, code, words),
                    quotes=tuple(_quote(quotes, position) for position in positions),
                )


def ordered(quotes: pd.DataFrame) -> pd.DataFrame:
    """Return quotes by code and valence, with what is read first in front."""
    front = [column for column in _FRONT if column in quotes.columns]
    rest = [column for column in quotes.columns if column not in front]
    sort = [column for column in ("code", "valence") if column in quotes.columns]
    laid = quotes[[*front, *rest]].sort_values(sort, kind="stable")
    return frames.inherit(laid, quotes)


def _quote(quotes: pd.DataFrame, position: int) -> Quote:
    row = quotes.iloc[position]
    return Quote(
        coding=str(quotes.index[position]),
        text=str(row["quote"]),
        attribution=str(row["attribution"]),
    )


def whole_label(frame: pd.DataFrame, code: str, words: Language) -> str:
    """Return a code's label after that of the code above it."""
    above = code.rpartition(".")[0]
    known = frames.knowledge(frame).get("labels", {})
    own = frames.label(frame, code, words.name)
    return f"{frames.label(frame, above, words.name)} › {own}" if above in known else own


def anchor(code: str, valence: str = "") -> str:
    """Return the name by which a page links to the quotes of a code, or of one valence of it.

    Examples
    --------
    >>> anchor("resources.budget", "barrier")
    'q-resources.budget-barrier'
    """
    slug = re.sub(r"[^a-z0-9_.]+", "-", code.lower())
    if slug != code:  # another code may have become the same: tell them apart
        slug += f"-{zlib.crc32(code.encode('utf-8', 'replace')):08x}"
    return f"q-{slug}-{valence}" if valence else f"q-{slug}"


def legible(text: str) -> str:
    """Leave out what no XML file can hold: control characters and halves of surrogate pairs.

    Examples
    --------
    >>> legible(f"a{chr(0)}b")
    'ab'
    """
    return _ILLEGAL.sub("", text)
