"""The header of a transcript: title, code, date, place and the like."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from bantar_qual.languages import Language
from bantar_qual.records import KINDS, Kind
from bantar_qual.text.turns.labels import role_of, titled
from bantar_qual.text.turns.lines import Line

_FIELD = re.compile(
    r"[\s*_>|-]*+(?P<key>[^:\t|]{2,40}?)[*_ ]*+(?::|\t|\|)[*_:\s|]*+(?P<value>[^\n]*)"
)
_HEADING = re.compile(r"\s*#+\s")
_HEADER_LINES = 40
_NAME_WORDS = 6  # a longer value after "Informan:" is speech
_TITLE_WORDS = 14
_KEY_WORDS = 4
_TITLES = 3  # lines above or between the fields that are no fields themselves
_PEOPLE = {"interviewer", "informant"}


def header(lines: Sequence[Line], language: Language) -> tuple[dict[str, str], int]:
    """Read the block of ``Key: value`` lines at the top, and say at which line speech starts."""
    keys = {word: key for key, words in language.turns["header"].items() for word in words}
    found: dict[str, str] = {}
    first, after_blank = 0, False
    waiting: list[tuple[str, str]] = []  # lines that belong to the header if a field follows
    for number, line in enumerate(lines[:_HEADER_LINES]):
        plain = line.text.strip(" \t*_#>|-")
        match = _FIELD.fullmatch(line.text)
        key = keys.get(match["key"].strip(" *_").casefold(), "") if match else ""
        value = match["value"].strip(" \t*_|") if match else ""
        again = after_blank and found and key in _PEOPLE and _recurs(lines[number + 1 :], match)
        if contains(plain.casefold(), language.turns["synthetic"]):
            found["synthetic"] = "yes"
        elif key and not again and not _is_speech(key, value, found):
            found.setdefault(key, value)
        elif not plain:
            after_blank = after_blank or not line.text.strip()
            continue
        elif not (_HEADING.match(line.text) and not found.keys() - {"synthetic"}):
            own = _own_field(match, value, lines[number + 1 :], language)
            if own and found.keys() - {"synthetic"} and not after_blank:
                found.setdefault(*own)
                first = number + 1
                continue
            waiting.append(own or ("", ""))
            if key or again or len(waiting) > _TITLES or not (own or _is_title(plain)):
                break  # neither a field nor a title: the header is over
            continue  # a title belongs to the header only if a field follows
        for name, told in filter(all, waiting):
            found.setdefault(name, told)
        waiting.clear()
        first, after_blank = number + 1, False
    if found and not found.keys() - _PEOPLE and _talk(lines, first):
        return {}, 0  # "Informan: Ya" at the very top is the first answer
    return found, first


def _is_speech(key: str, value: str, found: Mapping[str, str]) -> bool:
    """Tell speech from a header line: ``Informan: Ya, betul.`` does not name an informant."""
    if key not in _PEOPLE:
        return False
    return key in found or len(value.split()) > _NAME_WORDS or value.endswith((".", "?", "!", "…"))


def _own_field(
    match: re.Match[str] | None, value: str, below: Sequence[Line], language: Language
) -> tuple[str, str] | None:
    """Read a field that only this study has, such as ``Usia: 45 tahun``; no speaker's label."""
    if match is None or not value or len(value.split()) > _TITLE_WORDS or value[-1] in "?!…":
        return None
    name = match["key"].strip(" *_")
    speaks = len(name) == 1 or role_of(name, language) or titled(name, language)
    if speaks or len(name.split()) > _KEY_WORDS or _recurs(below, match):
        return None
    return name.casefold(), value


def _is_title(plain: str) -> bool:
    return ":" not in plain and len(plain.split()) <= _TITLE_WORDS and plain[-1:] not in ".?!…"


def _recurs(lines: Sequence[Line], match: re.Match[str] | None) -> bool:
    """Tell whether the key opens a further line: then it is a speaker, and not a field."""
    said = match["key"].strip(" *_").casefold() if match else ""
    return any(line.text.lstrip(" *_>").casefold().startswith(said) for line in lines)


def _talk(lines: Sequence[Line], first: int) -> bool:
    """Tell whether lines that look like a header are speech: nothing follows, or they go on."""
    rest = [line for line in lines[first:] if line.text.strip()]
    heads = [match for line in lines[:first] if (match := _FIELD.fullmatch(line.text))]
    return not rest or any(_recurs(rest, match) for match in heads)


def kind_of(said: str, name: str, language: Language) -> Kind | None:
    """Take the kind from the header, else from the file's name; None leaves it to the text."""
    for words in (said.casefold(), name.casefold()):
        for kind in KINDS:
            if words and contains(words, language.turns["kinds"].get(kind, [])):
                return kind
    return None


def contains(text: str, words: Iterable[str]) -> bool:
    """Tell whether one of some words stands in a text."""
    return any(word in text for word in words)
