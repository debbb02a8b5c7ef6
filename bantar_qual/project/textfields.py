"""The files of a study's text form: read with their places, and asked for what they must hold."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from bantar_qual.errors import ProjectError
from bantar_qual.files import YamlFault, read_yaml


def bytes_of(path: Path) -> bytes:
    """Return the bytes of a file, or say that it is missing."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise ProjectError(path, f"it is missing in '{path.parent.name}'") from None
    except OSError as error:
        raise ProjectError(path, f"it cannot be read ({error.strerror})") from error


def decoded(data: bytes, path: Path) -> str:
    """Return bytes as text, or name the line that is none."""
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise ProjectError(path, f"line {line}: it is not UTF-8 text") from None


def text_of(path: Path) -> str:
    """Return the text of a file."""
    return decoded(bytes_of(path), path).removeprefix("\ufeff")


def listed(folder: Path, ending: str) -> list[Path]:
    """List the files of a part of the dump, hidden ones left out, in one order everywhere."""
    found = folder.glob(f"*{ending}") if folder.is_dir() else ()
    return sorted(path for path in found if not path.name.startswith("."))


@dataclass(frozen=True, slots=True)
class Fields:
    """A mapping of a YAML file, whose values are asked for by the type that they must have."""

    path: Path
    data: Mapping[str, Any]
    line: int = 1

    def fault(self, reason: str) -> ProjectError:
        """Return the error that says what does not fit, and where."""
        return ProjectError(self.path, f"line {self.line}: {reason}")

    def text(self, key: str) -> str:
        """Return a text."""
        if key not in self.data:
            raise self.fault(f"the field '{key}' is missing")
        if not isinstance(self.data[key], str):
            raise self.fault(f"the field '{key}' should be one text")
        return str(self.data[key])

    def one_of(self, key: str, allowed: Sequence[str]) -> str:
        """Return one of a few words."""
        value = self.text(key)
        if value not in allowed:
            raise self.fault(f"the {key} is one of {', '.join(allowed)}; not '{value}'")
        return value

    def number(self, key: str) -> int:
        """Return a number."""
        value = self.text(key)
        if not re.fullmatch(r"\d{1,9}", value):
            raise self.fault(f"the field '{key}' should be a number")
        return int(value)

    def guid(self) -> str:
        """Return the GUID."""
        guid = self.text("guid")
        if not re.fullmatch(r"[0-9A-Fa-f-]{32,36}", guid):
            raise self.fault(f"'{guid}' is no GUID; take it over as it was dumped")
        return guid

    def time(self) -> str:
        """Return the time."""
        time = self.text("time")
        try:
            datetime.fromisoformat(time)
        except ValueError:
            said = f"'{time}' is no time such as 2026-03-01T09:00:00.000+00:00"
            raise self.fault(said) from None
        return time

    def below(self, key: str) -> list[Fields]:
        """Return the mappings that a field lists; none if the field is missing."""
        rows = self.data.get(key, [])
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise self.fault(f"the field '{key}' should be a list, as it was dumped")
        return [Fields(self.path, row, self.line) for row in rows]

    def texts(self, key: str) -> dict[str, str]:
        """Return a text for each name; none if the field is missing."""
        value = self.data.get(key, {})
        if not isinstance(value, dict) or not all(isinstance(v, str) for v in value.values()):
            raise self.fault(f"the field '{key}' should hold a text for each name")
        return value

    def lines(self, key: str, width: int) -> list[list[str]]:
        """Return lists of texts, each of one length; none if the field is missing."""
        rows = self.data.get(key, [])
        for row in rows if isinstance(rows, list) else [""]:
            texts = isinstance(row, list) and all(isinstance(item, str) for item in row)
            if not texts or len(row) != width:
                raise self.fault(f"the field '{key}' should be lists of {width} texts")
        return list(rows)


@dataclass(frozen=True, slots=True)
class File:
    """A YAML file."""

    path: Path
    source: str | None = None

    def read(self) -> tuple[Any, dict[Any, int]]:
        """Return what the file holds, and the line of each part."""
        try:
            return read_yaml(text_of(self.path) if self.source is None else self.source)
        except YamlFault as fault:
            raise ProjectError(self.path, str(fault)) from None

    def mapping(self) -> Fields:
        """Return the fields of a file that is one mapping."""
        data, _ = self.read()
        if not isinstance(data, dict):
            raise ProjectError(self.path, "it should hold 'name: value' lines, as it was dumped")
        return Fields(self.path, data)

    def mappings(self) -> list[Fields]:
        """Return the fields of each mapping of a file that is a list of them."""
        data, lines = self.read()
        if not isinstance(data, list) or not all(isinstance(item, dict) for item in data):
            raise ProjectError(self.path, "it should hold a list of cases, as it was dumped")
        return [Fields(self.path, item, lines[i,]) for i, item in enumerate(data)]


@dataclass(slots=True)
class Once:
    """What may stand only once in a dump; twice is what is left of a careless merge."""

    noun: str
    seen: dict[Any, str] = field(default_factory=dict)

    def add(self, key: Any, place: Fields) -> None:
        """Note one; refuse the second."""
        if key in self.seen:
            raise place.fault(f"the same {self.noun} stands in {self.seen[key]}; keep one of them")
        self.seen[key] = f"{place.path.name}, line {place.line}"
