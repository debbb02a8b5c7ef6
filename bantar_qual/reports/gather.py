"""Gather what a report tells, once, so that all its forms tell the same."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from bantar_qual import frames, stats
from bantar_qual.codebook import Codebook
from bantar_qual.errors import UnknownPart
from bantar_qual.languages import Language
from bantar_qual.languages import language as load_language
from bantar_qual.records import KINDS, Document
from bantar_qual.reports import method
from bantar_qual.tables import Table, table

if TYPE_CHECKING:
    from bantar_qual.project import Project

BASES = ("accepted", "suggested", "all")
_LEADING = 5  # codes whose quotes stand in the Word file
_BEST = 3  # quotes of each
_INFORMANTS = ("kind", "date", "place", "duration", "words")


@dataclass(frozen=True, slots=True, kw_only=True)
class Leader:
    """A leading barrier or enabler, and its best quotes."""

    label: str
    line: str  # how many informants and codings
    quotes: pd.DataFrame
    count: int  # of all its quotes


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """All that a report tells."""

    title: str
    words: Language
    basis: str
    codebook: Codebook
    documents: Mapping[str, Document]
    counts: Mapping[str, int]
    warnings: Sequence[str]  # boxed, before everything else
    marks: Sequence[str]  # the same in short, for tables and figures
    method: Sequence[str]
    tables: Mapping[str, Table]  # informants, frequency, barriers
    empty: str  # why there are no numbers, or an empty string
    measure: str  # what the figures show
    quotes: pd.DataFrame | None  # all of them, at the deepest level
    leaders: Mapping[str, Sequence[Leader]]  # by valence
    made_by: str

    @property
    def charted(self) -> dict[str, Table]:
        """Return the tables that have a figure."""
        return {
            noun: self.tables[noun] for noun in ("frequency", "barriers") if noun in self.tables
        }

    def heading(self, noun: str) -> str:
        """Return the heading of the section of a table."""
        if noun == "informants":
            return self.words.caption("informants")
        return self.words.caption(f"{noun}_heading", level=self.level(noun))

    def level(self, noun: str) -> str:
        """Return the name of the level that a table is about, in lower case."""
        return frames.level_label(self.tables[noun].frame, self.words.name).lower()

    def figure_caption(self, noun: str) -> str:
        """Return the line below a figure: "Gambar 1 …"."""
        number = list(self.charted).index(noun) + 1
        return f"{self.words.caption('figure')} {number} {self.tables[noun].title}"


def gather(project: Project, *, language: str | None, count: str | None) -> Material:
    """Gather the material of a report.

    Raises
    ------
    UnknownPart
        If ``count`` is no basis.
    """
    words = load_language(language or project.language)
    counted = method.count(project)
    basis = count or (
        "accepted" if counted["accepted"] or not counted["suggested"] else "suggested"
    )
    if basis not in BASES:
        raise UnknownPart("basis of counting", basis, BASES)
    documents = {document.name: document for document in project.texts()}
    codings = _codings(project, basis, level=project.codebook.levels[-1].key)
    cases = project.cases()

    def quote(frame: pd.DataFrame, per_code: int | None = None) -> pd.DataFrame:
        return frames.quotes(  # attributed in the language of the report
            frame, texts=documents, cases=cases, language=words, per_code=per_code
        )

    marks = method.marks(words, basis, counted)
    tables = _tables(project, basis, words, marks)
    return Material(
        title=words.caption("findings_of", title=project.title)
        if project.title
        else words.caption("findings"),
        words=words,
        basis=basis,
        codebook=project.codebook,
        documents=documents,
        counts=counted,
        warnings=method.warnings(words, basis, counted, method.thresholds(project)),
        marks=marks,
        method=method.lines(words, basis, counted),
        tables=tables,
        empty=_empty(words, tables),
        measure="cases" if counted["cases"] else "codings",
        quotes=None if codings.empty else quote(codings),
        leaders=_leaders(project.codebook, tables, codings, words, quote),
        made_by=_made_by(project, words),
    )


def _codings(project: Project, basis: str, *, level: str) -> pd.DataFrame:
    """Return the codings that count; rejected ones never do."""
    if basis == "accepted":
        return project.codings(level=level)
    if basis == "suggested":
        return project.codings(level=level, status="suggested")
    frame = project.codings(level=level, status=None)
    return frame[frame["status"] != "rejected"]


# ---------------------------------------------------------------- tables


def _tables(
    project: Project, basis: str, words: Language, marks: Sequence[str]
) -> dict[str, Table]:
    """Return the tables that can be made of what there is, numbered."""
    frames_ = {"informants": _informants(project)}
    top, deep = project.codebook.levels[0].key, project.codebook.levels[-1].key
    broad = _codings(project, basis, level=top)
    if len(broad):
        frames_["frequency"] = stats.frequency(broad)
        if broad["valence"].notna().any():
            frames_["barriers"] = stats.barriers(_codings(project, basis, level=deep))
    year = dt.datetime.now(dt.UTC).year
    result = {}
    for number, (noun, frame) in enumerate(frames_.items(), start=1):
        level = frames.level_label(frame, words.name).lower()
        title = words.caption(f"{noun}_title", level=level)
        made = table(frame, title=title, number=str(number), language=words.name)
        if noun != "informants":
            made = made.sourced(words.caption("source", year=year))
        for mark in marks:
            made = made.note(mark)
        result[noun] = made
    return result


def _informants(project: Project) -> pd.DataFrame:
    """Return a row for each document: who spoke, as what, when, where, how long."""
    documents = project.documents()
    order = documents["kind"].map({kind: place for place, kind in enumerate(KINDS)})
    documents = documents.loc[order.sort_values(kind="stable").index]
    names = documents.index.astype(object).to_series()
    case = documents["case"].astype(object)
    said = documents.reindex(columns=["role", "title"]).astype(object)
    roles = case.map(project.cases().get("role", pd.Series(dtype=object)).dropna().to_dict())
    frame = pd.DataFrame(
        {
            "number": range(1, len(documents) + 1),
            "source_name": case.where(case.notna(), names),
            "role": roles.astype(object).fillna(said["role"]).fillna(said["title"]),
        },
        index=documents.index,
    )
    for column in _INFORMANTS:
        if column in documents and (documents[column].fillna("") != "").any():
            frame[column] = documents[column]
    return frame.reset_index(drop=True)


# ---------------------------------------------------------------- leaders


def _leaders(
    codebook: Codebook,
    tables: Mapping[str, Table],
    codings: pd.DataFrame,
    words: Language,
    quote: Callable[[pd.DataFrame, int], pd.DataFrame],
) -> dict[str, list[Leader]]:
    """Return the leading barriers and enablers with their best quotes."""
    if "barriers" not in tables:
        return {}
    frame, everyone = tables["barriers"].frame, frames.case_count(codings)
    result: dict[str, list[Leader]] = {"barrier": [], "enabler": []}
    for valence, leaders in result.items():
        for code in _leading(frame, valence):
            mine = codings[(codings["code"] == code) & (codings["valence"] == valence)]
            facts = {
                "cases": frame.loc[code, f"{valence}_cases"],
                "all": everyone,
                "codings": frame.loc[code, valence],
            }
            leaders.append(
                Leader(
                    label=_label(codebook, code, words),
                    line=words.caption("leading_line", **facts),
                    quotes=quote(mine, _BEST),
                    count=len(mine),
                )
            )
    return result


def _leading(frame: pd.DataFrame, valence: str) -> list[str]:
    """Return the codes that most informants, then most codings, call a barrier or enabler."""
    order = frame.sort_values([f"{valence}_cases", valence], ascending=False, kind="stable")
    return [str(code) for code in order.index[order[valence] > 0][:_LEADING]]


def _label(codebook: Codebook, code: str, words: Language) -> str:
    """Return a code's label after those above it; a divided code was coded on itself."""
    label = codebook.label(code, words.name, whole=True)
    return f"{label} ({words.caption('unspecified')})" if codebook.children(code) else label


def _empty(words: Language, tables: Mapping[str, Table]) -> str:
    if "frequency" not in tables:
        return words.caption("nothing_coded")
    return "" if "barriers" in tables else words.caption("nothing_rated")


def _made_by(project: Project, words: Language) -> str:
    from bantar_qual import __version__

    return words.caption(
        "made_by",
        version=__version__,
        codebook=project.codebook.name,
        codebook_version=project.codebook.version,
    )
