"""The register of importers, by file suffix."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bantar_qual.registry import Registry


@dataclass(frozen=True, slots=True)
class Raw:
    """What an importer found in a file: its text, and what it had to decide on the way."""

    text: str
    notes: tuple[str, ...] = ()


importers: Registry[Callable[[Path], Raw]] = Registry("importer", "bantar_qual.importers")
importer = importers.register
