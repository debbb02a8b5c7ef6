"""What is wrong with a codebook's data, each fault with the place where a reader would look."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from bantar_qual.errors import did_you_mean
from bantar_qual.files import Place

_KEY = re.compile(r"[a-z0-9][a-z0-9_-]*")
_COLOR = re.compile(r"#[0-9a-fA-F]{6}")
_GAP = re.compile(r"\.\.\.(\d+)")
_LOOSE_GAP = re.compile(r"^=?\s*\.\.\.|\.\.\.\d*\s*$")
_WORDLESS = re.compile(r"[=.\s]*")
_WIDEST_GAP = 20  # words; further apart, two words no longer make one thought
_STEP = re.compile(r"\.(\w+)|\[(?:'(\w+)'|(\d+))\]")


class Faults:
    """The faults of one file, with line and code for each."""

    def __init__(self, data: Any, lines: Mapping[Place, int]) -> None:
        self._data, self._lines = data, lines
        self._noted: list[tuple[int, str]] = []

    @property
    def listed(self) -> list[str]:
        """Return the faults in the order of the file's lines."""
        return [sentence for _, sentence in sorted(self._noted, key=lambda noted: noted[0])]

    def add(self, place: Place, message: str) -> None:
        """Note one fault at a place of the file."""
        number = self._lines.get(place, 0)
        line = f"line {number}" if number else ""
        where = ", ".join(part for part in (line, self._named(place)) if part)
        self._noted.append((number, f"{where}: {message}" if where else message))

    def at_path(self, message: str) -> None:
        """Note a fault that names its place itself, as in ``… @ $.codes[2].label``."""
        said, _, raw = message.partition(" @ $")
        steps = _STEP.findall(raw)
        place: Place = tuple(int(index) if index else a or b for a, b, index in steps)
        while place and place not in self._lines and not isinstance(place[-1], int):
            place = place[:-1]
        self.add(place, said)

    def _named(self, place: Place) -> str:
        """Turn ``codes, 1, codes, 4, label`` into ``resources.budget, label``."""
        keys: list[str] = []
        rest: list[str] = []
        node = self._data
        above: str | int = ""
        for step in place:
            try:
                node = node[step]
            except (KeyError, IndexError, TypeError):
                break
            if isinstance(step, int) and above == "codes":
                keys.append(str(node["key"]) if isinstance(node, dict) and "key" in node else "?")
                rest = []
            elif isinstance(step, int):
                pass  # the line says which of a list it is
            elif step != "codes":
                rest.append(step)
            above = step
        return ", ".join(part for part in (".".join(keys), " ".join(rest)) if part)


def check(data: Mapping[str, Any], faults: Faults) -> None:
    """Note what fits the form of a codebook and is wrong all the same."""
    levels = data.get("levels")
    codes = data.get("codes")
    if isinstance(codes, list) and not codes:
        faults.add(("codes",), "there is no code")
    if isinstance(levels, list) and isinstance(codes, list):
        sources = data.get("sources")
        known = sources if isinstance(sources, dict) else {}
        _check_codes(codes, ("codes",), len(levels), known, faults)


def _check_codes(
    codes: list[Any], place: Place, levels: int, sources: Mapping[str, Any], faults: Faults
) -> None:
    taken: set[str] = set()
    for index, code in enumerate(codes):
        here = (*place, index)
        if not isinstance(code, dict):
            continue
        for message in _wrong(code, taken, sources):
            faults.add(here, message)
        _check_cues(code.get("cues"), (*here, "cues"), faults)
        if isinstance(code.get("key"), str):
            taken.add(code["key"])
        below = code.get("codes")
        if isinstance(below, list) and below and levels == 1:
            faults.add((*here, "codes"), "these codes lie deeper than 'levels' names")
        elif isinstance(below, list):
            _check_codes(below, (*here, "codes"), levels - 1, sources, faults)


def _wrong(code: Mapping[str, Any], taken: set[str], sources: Mapping[str, Any]) -> Iterator[str]:
    """Say what is wrong with one code by itself."""
    key, label, color = code.get("key"), code.get("label"), code.get("color")
    if isinstance(key, str) and not _KEY.fullmatch(key):
        yield f"the key '{key}' should be small letters, digits and _ only"
    if isinstance(key, str) and key in taken:
        yield f"the key '{key}' stands twice under the same parent"
    if label == "" or (isinstance(label, dict) and not any(label.values())):
        yield "the label is empty"
    if color and not _COLOR.fullmatch(str(color)):
        yield f"the color '{color}' should look like \"#0072B2\""
    named = code.get("source", [])
    for source in [named] if isinstance(named, str) else named:
        if isinstance(source, str) and source not in sources:
            yield f"the source '{source}' is not listed.{did_you_mean(source, sources)}"


def _check_cues(cues: Any, place: Place, faults: Faults) -> None:
    """Note the cues that could never be found, each at its own line."""
    if isinstance(cues, dict) and not {"cue", "near", "not"} & cues.keys():
        for language, items in cues.items():
            _check_cues(items, (*place, language), faults)
        return
    for index, item in enumerate(cues if isinstance(cues, list) else [cues] if cues else []):
        here = (*place, index) if isinstance(cues, list) else place
        for message in (malformed_cue(item),) if malformed_cue(item) else _wrong_cue(item):
            faults.add(here, message)


def malformed_cue(item: Any) -> str:
    """Say what is wrong with the form of a cue, or nothing."""
    if isinstance(item, str) and item.strip():
        return ""
    if isinstance(item, dict) and set(item) <= {"cue", "near", "not"}:
        cue, *others = item.get("cue"), item.get("near", []), item.get("not", [])
        lists = [[other] if isinstance(other, str) else other for other in others]
        if isinstance(cue, str) and cue and all(isinstance(found, list) for found in lists):
            wrong = [word for found in lists for word in found if not isinstance(word, str)]
            return f"{wrong[0]!r} among the company of '{cue}' should be a text" if wrong else ""
    return f"a cue is a text, or {{cue: …, near: […], not: […]}}; not {item!r}"


def _wrong_cue(item: Any) -> Iterator[str]:
    """Say why a cue of the right form could never be found."""
    data = item if isinstance(item, dict) else {"cue": item}
    near, against = (_listed(data.get(key, [])) for key in ("near", "not"))
    for phrase in (data["cue"], *near, *against):
        if _WORDLESS.fullmatch(phrase):
            yield f"the cue '{phrase}' holds no word"
        elif _LOOSE_GAP.search(phrase):
            yield f"in '{phrase}' a gap (...) should stand between words, not at an end"
        elif any(int(gap) > _WIDEST_GAP for gap in _GAP.findall(phrase)):
            yield f"in '{phrase}' the gap is wider than {_WIDEST_GAP} words"
    if data["cue"] in against:
        yield f"'not' cancels the cue '{data['cue']}' itself, so that it never counts"


def _listed(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else list(value)
