"""Open answers of a survey: a row a case, its long answers as documents."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from statistics import median

import pandas as pd

from bantar_qual.errors import UnreadableDocument
from bantar_qual.importers.registry import Mark, Raw, importer
from bantar_qual.importers.table import open_table

TABLES = (".csv", ".tsv", ".xlsx", ".xlsm", ".xls", ".ods")
QUESTION = "question"
_CASE = (
    "case", "kode", "kode informan", "kode responden", "informan", "responden", "code", "id",
    "id responden", "respondent", "respondent id", "participant", "participant id", "no", "no.",
    "nomor",
)  # fmt: skip
_WORDS = 4  # of the middle answer: an open answer is more than a choice
_SAID_ONCE = 0.7  # of the answers are given by nobody else: a choice is given by many
_SHORT = 48  # characters of a question in a document's name
_NO_TEXT = re.compile(r"\S+@\S+|https?://\S+|[\d\s.,:/+-]+")
_UNSAFE = re.compile(r"[\\/:*?\"<>|\x00-\x1f]+")


@importer(*TABLES)
def read_survey(path: Path) -> list[Raw]:
    """Read the open answers of a survey.

    A column of open answers has long answers that differ from row to row. Each filled cell in it
    is a document; the column's name is kept as ``question``, all other columns as attributes.
    Only the first sheet is read.
    """
    table, encoding, guessed = open_table(path, repeated=True)
    case = _case_column(table)
    asked = [name for name in table.columns if name != case and _open(list(table[name]))]
    if not asked:
        reason = (
            "none of its columns holds open answers; a table that describes informants is read by "
            "project.describe_cases, or bantar import with --cases"
        )
        raise UnreadableDocument(path, reason)
    told = [name for name in table.columns if name != case and name not in asked]
    width = len(str(len(table)))
    found: list[Raw] = []
    for number, row in enumerate(table.to_dict("records"), 1):
        owner = row[case] if case else f"R{number:0{width}d}"
        facts = {str(name): row[name] for name in told if row[name]}
        for column in asked:
            if answer := row[column].strip():
                name = owner if len(asked) == 1 else f"{owner} - {_short(str(column))}"
                attributes = {**facts, "case": owner, QUESTION: str(column)}
                # One turn: a colon in an answer names no speaker.
                found.append(Raw(answer, name=name, attributes=attributes, marks=(Mark(0, 0),)))
    listed = ", ".join(f"'{_short(str(name))}'" for name in asked)
    cases = f"'{case}'" if case else "the rows"
    note = f"open answers are taken from {listed}; cases from {cases}"
    found[0] = replace(found[0], notes=(note, *guessed))
    return [replace(raw, encoding=encoding) for raw in found]


def _case_column(table: pd.DataFrame) -> str:
    """Return the column that names the respondents; empty where none does."""
    named = {str(column).strip().casefold(): str(column) for column in table.columns}
    for name in _CASE:
        column = named.get(name)
        if column is not None:
            values = list(table[column])
            if all(values) and len(set(values)) == len(values):
                return column
    return ""


def _open(cells: Sequence[str]) -> bool:
    """Tell whether a column holds what people wrote in their own words."""
    answers = [cell for cell in cells if cell and not _NO_TEXT.fullmatch(cell)]
    if not answers or len(answers) * 2 < sum(map(bool, cells)):
        return False
    lengths = [len(answer.split()) for answer in answers]
    return median(lengths) >= _WORDS and len(set(answers)) >= _SAID_ONCE * len(answers)


def _short(question: str) -> str:
    """Shorten a question so that it can stand in a name."""
    plain = " ".join(_UNSAFE.sub(" ", question).split())
    return plain if len(plain) <= _SHORT else plain[:_SHORT].rsplit(" ", 1)[0] + "…"
