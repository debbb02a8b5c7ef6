"""Put documents, codes and words in the form in which a coding page shows them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from bantar_qual.codebook import Codebook, spoken
from bantar_qual.languages import language as load_language
from bantar_qual.records import Document

if TYPE_CHECKING:
    from bantar_qual.project.learning import Learning

_KEYS = 9


def document(found: Document) -> dict[str, Any]:
    """Return a document with its text and its turns."""
    return {
        "name": found.name,
        "title": found.attributes.get("title", found.name),
        "kind": found.kind,
        "language": found.language,
        "case": found.case,
        "text": found.text,
        "turns": [
            [turn.number, turn.start, turn.end, turn.speaker, turn.role, turn.time]
            for turn in found.turns
        ],
    }


def documents(
    frame: pd.DataFrame, counts: Mapping[str, tuple[int, int]]
) -> list[tuple[str, str, int, int]]:
    """Return name, case, codings and open suggestions of each document."""
    cases = frame["case"].fillna("").astype(str)
    return [(str(n), cases[n], *counts.get(str(n), (0, 0))) for n in frame.index]


def codes(book: Codebook, language: str) -> list[dict[str, Any]]:
    """Return the codes in reading order, with the rules for their use."""
    return [
        {
            "path": code.path,
            "label": book.label(code.path, language),
            "labels": sorted(set(code.label.values())),
            "definition": str(spoken(code.definition, language) or ""),
            "include": list(spoken(code.include, language) or ()),
            "exclude": list(spoken(code.exclude, language) or ()),
            "example": str(spoken(code.example, language) or ""),
            "color": code.color,
            "codable": code.codable,
        }
        for code in book
    ]


def learning(told: Learning) -> dict[str, Any]:
    """Return what a model has to learn from: a row for each code, and what is new to it."""
    rows = zip(told.codes.index, told.codes.to_numpy().tolist(), strict=True)
    return {
        "columns": list(told.codes.columns),
        "codes": {str(path): row for path, row in rows},
        "read": told.read,
        "since": told.since,
        "steps": told.steps,
    }


def usual_keys(book: Codebook, counts: Mapping[str, int]) -> Sequence[str]:
    """Choose the codes of the number keys: those in use most, then the first of the codebook.

    They stand in the order of the codebook, so that the fingers find them.
    """
    parents = {code.parent for code in book}
    able = [code.path for code in book if code.codable]
    leaves = [path for path in able if path not in parents]
    often = sorted((path for path in able if counts.get(path)), key=lambda path: -counts[path])
    picked = list(dict.fromkeys([*often, *leaves, *able]))[:_KEYS]
    return sorted(picked, key=able.index)


def words(language: str) -> Mapping[str, str]:
    """Return the words of the page in a language."""
    known = load_language(language)
    names = ("barrier", "enabler", "neutral", "mixed", "interview", "observation", "document")
    return {**{name: known.caption(name) for name in names}, **known.interface}
