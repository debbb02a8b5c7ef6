"""Example passages: what a code sounds like, in a file beside its codebook."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from bantar_qual.codebook.tree import Codebook
from bantar_qual.errors import CodebookError
from bantar_qual.files import shipped
from bantar_qual.records import VALENCES, Valence

SUFFIX = ".examples.jsonl"
_SHARED = 0.5  # a file speaks for a codebook that knows at least so many of its codes


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A passage with the codes that a careful coder gave it; none means that it is off-topic."""

    text: str
    codes: tuple[str, ...]
    valence: Valence = "neutral"
    language: str = "id"
    group: str = ""  # what was written together, and is held back together when scores are made
    difficulty: str = ""
    register: str = ""


def examples_for(codebook: Codebook) -> tuple[Example, ...]:
    """Return the shipped example passages that teach a codebook.

    A file is used when at least half of its codes are codes of the codebook, so that a codebook
    that extends another learns from its examples too. A code that the codebook lacks counts as
    the nearest code above it.

    Examples
    --------
    >>> len(examples_for(Codebook.load("edwards-iii"))) >= 3000
    True
    """
    found: list[Example] = []
    for path in sorted(shipped("codebooks").glob(f"*{SUFFIX}")):
        told = read_examples(path)
        codes = {code for example in told for code in example.codes}
        if codes and sum(code in codebook for code in codes) >= _SHARED * len(codes):
            found += _fitted(told, codebook)
    return tuple(found)


def read_examples(path: str | Path) -> tuple[Example, ...]:
    """Read a file of example passages, one JSON object a line.

    Each object has ``text`` and ``codes``, and may have ``valence``, ``lang``, ``programme`` (what
    was written together), ``difficulty`` and ``register``.

    Raises
    ------
    CodebookError
        With every line that is no example.
    """
    path = Path(path)
    found: list[Example] = []
    problems: list[str] = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip():
            continue
        try:
            found.append(_example(json.loads(line)))
        except (ValueError, TypeError, KeyError) as error:
            problems.append(f"{path.name}, line {number}: {error}")
    if problems:
        raise CodebookError(path.name.removesuffix(SUFFIX), problems)
    return tuple(found)


def _example(told: Any) -> Example:
    if not isinstance(told, dict) or not isinstance(told.get("text"), str):
        msg = "an example is an object with a text"
        raise TypeError(msg)
    codes, valence = told.get("codes", []), told.get("valence", "neutral")
    if not isinstance(codes, list) or valence not in VALENCES:
        msg = f"codes are a list of paths, and a valence is one of {', '.join(VALENCES)}"
        raise ValueError(msg)
    return Example(
        text=told["text"],
        codes=tuple(map(str, codes)),
        valence=cast("Valence", valence),
        language=str(told.get("lang", "id")),
        group=str(told.get("programme", "")),
        difficulty=str(told.get("difficulty", "")),
        register=str(told.get("register", "")),
    )


def _fitted(told: Iterable[Example], codebook: Codebook) -> Iterator[Example]:
    """Give examples the codes that a codebook knows; what it has no code for is left out."""
    for example in told:
        codes = tuple(dict.fromkeys(_nearest(code, codebook) for code in example.codes))
        if "" not in codes:
            yield Example(
                text=example.text, codes=codes, valence=example.valence,
                language=example.language, group=example.group,
                difficulty=example.difficulty, register=example.register,
            )  # fmt: skip


def _nearest(code: str, codebook: Codebook) -> str:
    while code and code not in codebook:
        code = code.rpartition(".")[0]
    return code
