"""A part is one file that registers itself: importers, statistics, charts, table writers."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterator
from importlib.metadata import entry_points
from typing import Generic, TypeVar

from bantar_qual.errors import UnknownPart

Part = TypeVar("Part", bound=Callable[..., object])


class Registry(Generic[Part]):
    """Parts by name, found by importing every module of one package and its entry points.

    Nothing is imported before a part is asked for. Another distribution adds parts under the
    entry-point group that is named like the package, e.g. ``bantar_qual.importers``.
    """

    def __init__(self, noun: str, package: str) -> None:
        self.noun, self.package = noun, package
        self._parts: dict[str, Part] = {}
        self._scanned = False

    def register(self, *names: str) -> Callable[[Part], Part]:
        """Register the decorated function under one or several names."""

        def add(part: Part) -> Part:
            for name in names:
                self._parts[name] = part
            return part

        return add

    def __getitem__(self, name: str) -> Part:
        self._scan()
        try:
            return self._parts[name]
        except KeyError:
            raise UnknownPart(self.noun, name, sorted(self._parts)) from None

    def __iter__(self) -> Iterator[str]:
        self._scan()
        return iter(sorted(self._parts))

    def __contains__(self, name: str) -> bool:
        self._scan()
        return name in self._parts

    def _scan(self) -> None:
        if self._scanned:
            return
        self._scanned = True
        package = importlib.import_module(self.package)
        for module in pkgutil.iter_modules(package.__path__, f"{self.package}."):
            importlib.import_module(module.name)
        for entry in entry_points(group=self.package):
            entry.load()
