"""Languages as data: word forms, turn labels, valence words and captions, a folder for each.

A new language is a folder of YAML files beside ``id`` and ``en``, not code.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from bantar_qual.errors import LanguageError, did_you_mean
from bantar_qual.files import YamlFault, read_yaml

_HERE = Path(__file__).parent
_PARTS = ("words", "turns", "valence", "captions", "names", "interface")


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """What the package knows about one language, as it stands in the language's files."""

    name: str  # "id"
    label: str  # "Bahasa Indonesia"
    words: Mapping[str, Any]  # stemmer, affixes, spoken forms, abbreviations, stop words
    turns: Mapping[str, Any]  # labels of interviewers and informants, header keys, months
    valence: Mapping[str, Any]  # barrier and enabler words, negators, contrast
    captions: Mapping[str, str]  # words of tables, charts and reports
    names: Mapping[str, Any]  # what leads to names, places and numbers that tell who somebody is
    interface: Mapping[str, str]  # words of the coding page
    roots: frozenset[str]

    def caption(self, key: str, **facts: object) -> str:
        """Return the caption for a key, with the facts filled in.

        A key without caption stands for itself: a case attribute such as ``rt`` shows as it is.
        """
        return self.captions.get(key, key).format(**facts) if facts else self.captions.get(key, key)


def languages() -> tuple[str, ...]:
    """Name the languages that there are files for, in the order of ``order.txt``."""
    known = sorted(p.name for p in _HERE.iterdir() if (p / "words.yaml").is_file())
    first = [name for name in _lines(_HERE / "order.txt") if name in known]
    return tuple(dict.fromkeys([*first, *known]))


@cache
def language(name: str) -> Language:
    """Load a language by its code.

    Examples
    --------
    >>> language("id").caption("barrier")
    'Hambatan'

    Raises
    ------
    LanguageError
        If there is no such language, or one of its files cannot be read.
    """
    if name not in languages():
        reason = f"there are no files for it.{did_you_mean(name, languages())}"
        raise LanguageError(name, reason)
    folder = _HERE / name
    parts = {part: _read(name, folder / f"{part}.yaml") for part in _PARTS}
    roots = folder / "roots.txt"
    return Language(
        name=name,
        label=parts["captions"].get("language", name),
        roots=frozenset(_lines(roots)) if roots.is_file() else frozenset(),
        **parts,
    )


def template(name: str) -> list[dict[str, str]]:
    """Return the cells of a language's first notebook, each ``{"text": …}`` or ``{"code": …}``.

    Examples
    --------
    >>> template("id")[1]["code"].splitlines()[0]
    'import bantar_qual as bq'
    """
    language(name)
    cells, _ = read_yaml((_HERE / name / "notebook.yaml").read_text(encoding="utf-8"))
    return list(cells)


def _read(name: str, path: Path) -> Mapping[str, Any]:
    try:
        data, _ = read_yaml(path.read_text(encoding="utf-8"))
    except (OSError, YamlFault) as error:
        raise LanguageError(name, f"{path.name}: {error}") from error
    return data if isinstance(data, dict) else {}


def _lines(path: Path) -> list[str]:
    lines = path.read_text(encoding="utf-8").splitlines()
    return [line.strip() for line in lines if line.strip() and not line.startswith("#")]
