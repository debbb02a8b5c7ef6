"""The register of importers, by file suffix."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from bantar_qual.registry import Registry


@dataclass(frozen=True, slots=True)
class Mark:
    """Where a format itself says that somebody begins to speak."""

    start: int  # where the line with the label begins, in Raw.text
    speech: int  # where the speech begins, after label and time
    speaker: str = ""
    time: str = ""  # as written, e.g. "00:03:12"


@dataclass(frozen=True, slots=True)
class Aside:
    """A comment, a footnote or an endnote: not spoken, so kept as a memo and not as text."""

    start: int  # the place in Raw.text that it is about
    end: int
    kind: str  # "comment", "footnote" or "endnote"
    text: str
    author: str = ""


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


importers: Registry[Callable[[Path], Raw]] = Registry("importer", "bantar_qual.importers")
importer = importers.register
