"""The workbook of a report: all tables, all quotes, and the notes before them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

import pandas as pd

from bantar_qual.codebook import Codebook
from bantar_qual.files import replacing
from bantar_qual.reports.gather import Material
from bantar_qual.tables import table
from bantar_qual.tables.xlsx import Book


def write(material: Material, path: Path) -> Path:
    """Write the findings as a workbook.

    Parameters
    ----------
    material
        What the report tells.
    path
        Where to write.
    """
    words = material.words
    with replacing(path) as temporary, closing(Book(temporary, title=material.title)) as book:
        lines = [material.title, *material.warnings, *material.method]
        lines += [material.empty] if material.empty else []
        lines += [made.heading for made in material.tables.values()]
        book.add_lines(words.caption("sheet_notes"), [*lines, material.made_by])
        sheets = {
            noun: book.sheet(f"{words.caption('table')} {made.number}")
            for noun, made in material.tables.items()
        }
        targets = {}
        if material.quotes is not None:
            targets = book.add_quotes(material.quotes, words)
        for noun, made in material.tables.items():
            book.add_table(sheets[noun], made, targets)
        codes = table(_codebook(material), language=words.name)
        book.add_table(book.sheet(words.caption("codebook_used")), codes, {})
    return path


def _codebook(material: Material) -> pd.DataFrame:
    """Return the codebook as a table: each code under the label of the one above it."""
    book, language = material.codebook, material.words.name
    levels = {level.key: level.label for level in book.levels}
    return pd.DataFrame(
        {
            "level": levels[code.level].get(language, code.level),
            "code_label": book.label(code.path, language, whole=True),
            "definition": code.definition.get(language, code.definition.get("", "")),
            "include": _rules(code.include.get(language, ()), book, language),
            "exclude": _rules(code.exclude.get(language, ()), book, language),
        }
        for code in book
    )


def _rules(rules: Iterable[str], book: Codebook, language: str) -> str:
    """Return rules a line each; codes that they point to are called by their labels."""
    labels = {code.key: book.label(code.path, language) for code in book}

    def named(arrow: re.Match[str]) -> str:
        return re.sub(r"\w+", lambda word: labels.get(word.group(), word.group()), arrow.group())

    return "\n".join(re.sub("→.*", named, rule) for rule in rules)
