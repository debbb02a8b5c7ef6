"""The register of importers, by file suffix."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from bantar_qual.records import Aside, Mark
from bantar_qual.registry import Registry

__all__ = ["Aside", "Mark", "Raw", "importer", "importers"]


@dataclass(frozen=True, slots=True)
class Raw:
    """What an importer found in a file: its text, and what it had to decide on the way."""

    text: str
    notes: tuple[str, ...] = ()
    encoding: str = ""  # of a text file, such as "utf-8"
    name: str = ""  # the document's name, where one file holds several; else the file's
    attributes: Mapping[str, str] = field(default_factory=dict)
    marks: tuple[Mark, ...] = ()
    strong: tuple[tuple[int, int], ...] = ()  # bold stretches, which may be speakers' labels
    asides: tuple[Aside, ...] = ()


importers: Registry[Callable[[Path], Raw | list[Raw]]] = Registry(
    "importer", "bantar_qual.importers"
)
_Reader = TypeVar("_Reader", bound=Callable[[Path], Raw | list[Raw]])


def importer(*suffixes: str) -> Callable[[_Reader], _Reader]:
    """Register a function that reads the files of one or several suffixes.

    It takes a path and returns what it found: one ``Raw``, or a list of them where one file
    holds several documents. What it cannot read it refuses with ``UnreadableDocument``.
    """

    def add(reader: _Reader) -> _Reader:
        importers.register(*suffixes)(reader)
        return reader

    return add
