"""A codebook as YAML text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import yaml

from bantar_qual.records import Code

if TYPE_CHECKING:
    from bantar_qual.codebook.tree import Codebook


def to_yaml(book: Codebook) -> str:
    """Return a codebook as YAML text, complete and without ``extends``."""
    data = {
        "name": book.name,
        "version": book.version,
        "title": dict(book.title),
        "description": dict(book.description),
        "levels": [{"key": level.key, "label": dict(level.label)} for level in book.levels],
        "sources": dict(book.sources),
        "codes": _nested(book, ""),
    }
    text: str = yaml.safe_dump(_lean(data), allow_unicode=True, sort_keys=False, width=100)
    return text


def _nested(book: Codebook, parent: str) -> list[dict[str, Any]]:
    return [{**_as_data(code), "codes": _nested(book, code.path)} for code in book.children(parent)]


def _as_data(code: Code) -> dict[str, Any]:
    cues = {
        lang: [
            {"cue": cue.text, "near": list(cue.near), "not": list(cue.unless)}
            if cue.near or cue.unless
            else cue.text
            for cue in items
        ]
        for lang, items in code.cues.items()
    }
    return {
        "key": code.key,
        "label": dict(code.label),
        "definition": dict(code.definition),
        "include": {lang: list(items) for lang, items in code.include.items()},
        "exclude": {lang: list(items) for lang, items in code.exclude.items()},
        "example": dict(code.example),
        "source": list(code.source),
        "color": code.color,
        "leans": code.leans,
        "codable": None if code.codable else "false",
        "formerly": list(code.formerly),
        "cues": cues,
    }


def _lean(data: Any) -> Any:
    """Leave out what is empty, so that a written codebook holds only what was said."""
    if isinstance(data, dict):
        if set(data) == {""}:  # one text for any language
            return _lean(data[""])
        kept = {key: _lean(value) for key, value in data.items()}
        return {key: value for key, value in kept.items() if value not in (None, "", {}, [])}
    if isinstance(data, list):
        return [_lean(item) for item in data]
    return data
