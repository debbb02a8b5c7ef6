"""The codebook itself: a frozen tree of codes with named levels."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from bantar_qual.codebook import editing, reading, writing
from bantar_qual.errors import UnknownCode, UnknownLevel
from bantar_qual.files import replacing, shipped
from bantar_qual.records import Code, Level, Texts


@dataclass(frozen=True, kw_only=True)
class Codebook:
    """The codes of a study, in reading order, each known by its path."""

    name: str
    levels: tuple[Level, ...]
    codes: tuple[Code, ...]  # depth first
    version: str = ""
    title: Texts = field(default_factory=dict)
    description: Texts = field(default_factory=dict)
    sources: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def load(cls, name: str | Path) -> Codebook:
        """Load a shipped codebook by its name, or any codebook by its file.

        Parameters
        ----------
        name
            ``"edwards-iii"`` or the path of a YAML file.

        Raises
        ------
        CodebookError
            If there is no such codebook, or it holds faults: all of them, each with its place.

        Examples
        --------
        >>> Codebook.load("edwards-iii").code("resources.budget").label["en"]
        'Budget'
        """
        path = reading.find(str(name))
        return cls.parse(reading.text_of(path), name=path.stem, folder=path.parent)

    @classmethod
    def parse(cls, text: str, *, name: str = "codebook", folder: Path | None = None) -> Codebook:
        """Read a codebook from YAML text; ``folder`` is where ``extends`` looks first.

        Raises
        ------
        CodebookError
            With every problem of the text, each with its place.
        """
        return cls(**reading.parse(text, name, folder))

    def write(self, path: str | Path) -> None:
        """Write the codebook, complete and without ``extends``, as a YAML file."""
        with replacing(path) as temporary:
            temporary.write_text(self.to_yaml(), encoding="utf-8")

    def to_yaml(self) -> str:
        """Return the codebook as YAML text that reads back to an equal codebook."""
        return writing.to_yaml(self)

    def with_code(self, parent: str, entry: Mapping[str, Any]) -> Codebook:
        """Return the codebook with one more code below a parent; an empty parent is the top."""
        return Codebook(**editing.with_code(self, parent, entry))

    def with_fields(self, path: str, fields: Mapping[str, Any]) -> Codebook:
        """Return the codebook with other fields of one code."""
        return Codebook(**editing.with_fields(self, path, fields))

    def merged(self, path: str, into: str) -> Codebook:
        """Return the codebook with a code merged into another, which remembers its path."""
        return Codebook(**editing.merged(self, path, into))

    def moved(self, path: str, to: str) -> tuple[Codebook, dict[str, str]]:
        """Return the codebook with a code elsewhere, and the new path of all that moved."""
        parts, renamed = editing.moved(self, path, to)
        return Codebook(**parts), renamed

    @cached_property
    def _by_path(self) -> dict[str, Code]:
        return {code.path: code for code in self.codes}

    def __contains__(self, path: object) -> bool:
        return path in self._by_path

    def __iter__(self) -> Iterator[Code]:
        return iter(self.codes)

    def __len__(self) -> int:
        return len(self.codes)

    @property
    def paths(self) -> tuple[str, ...]:
        """Return the paths of all codes in reading order."""
        return tuple(self._by_path)

    @cached_property
    def languages(self) -> tuple[str, ...]:
        """Return the languages in which codes have labels."""
        return tuple(sorted({lang for code in self.codes for lang in code.label if lang}))

    def code(self, path: str) -> Code:
        """Return the code with that path.

        Raises
        ------
        UnknownCode
            With the nearest paths that do exist.
        """
        try:
            return self._by_path[path]
        except KeyError:
            raise UnknownCode(path, self.paths, f"codebook '{self.name}'") from None

    def children(self, parent: str = "") -> tuple[Code, ...]:
        """Return the codes right below a path; the top codes for an empty one."""
        return tuple(code for code in self.codes if code.parent == parent)

    def at(self, level: str) -> tuple[Code, ...]:
        """Return the codes of one level, in reading order."""
        self.depth(level)
        return tuple(code for code in self.codes if code.level == level)

    def depth(self, level: str) -> int:
        """Return how deep a level lies, from 1.

        Raises
        ------
        UnknownLevel
            If the codebook does not name that level.
        """
        keys = [item.key for item in self.levels]
        if level not in keys:
            raise UnknownLevel(level, keys, f"codebook '{self.name}'")
        return keys.index(level) + 1

    def roll_up(self, path: str, level: str) -> str:
        """Return the ancestor of a code at a level; a code above that level stays itself."""
        return ".".join(self.code(path).path.split(".")[: self.depth(level)])

    def label(self, path: str, language: str, *, whole: bool = False) -> str:
        """Return a code's label in a language; ``whole`` puts the labels of its parents before."""
        own = spoken(self.code(path).label, language) or self.code(path).key
        parent = self.code(path).parent
        return f"{self.label(parent, language, whole=True)} › {own}" if whole and parent else own


def codebooks() -> tuple[str, ...]:
    """Name the codebooks that ship with the package."""
    return tuple(sorted(path.stem for path in shipped("codebooks").glob("*.yaml")))


def spoken(texts: Mapping[str, Any], language: str) -> Any:
    """Choose the text for a language: that one, one for any language, else the first there is."""
    for key in (language, ""):
        if key in texts:
            return texts[key]
    return next(iter(texts.values()), "")
