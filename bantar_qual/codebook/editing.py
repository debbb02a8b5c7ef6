"""A codebook changed: always a new one, read anew, so that every fault is found."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import yaml

from bantar_qual.codebook import reading
from bantar_qual.errors import CodebookError
from bantar_qual.files import read_yaml

if TYPE_CHECKING:
    from bantar_qual.codebook.tree import Codebook

Data = dict[str, Any]


def with_code(book: Codebook, parent: str, entry: Mapping[str, Any]) -> dict[str, Any]:
    """Return the parts of the codebook with one more code, the last below its parent."""
    data = _data(book)
    _below(data, parent).append(dict(entry))
    return _parts(data, book.name)


def with_fields(book: Codebook, path: str, fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return the parts of the codebook with other fields of one code."""
    data = _data(book)
    _entry(data, book.code(path).path).update(fields)
    return _parts(data, book.name)


def without(book: Codebook, path: str) -> dict[str, Any]:
    """Return the parts of the codebook without one code."""
    if book.children(path):
        raise CodebookError(book.name, [f"'{path}' has codes below it; merge or move those first"])
    data = _data(book)
    _below(data, book.code(path).parent).remove(_entry(data, path))
    return _parts(data, book.name)


def merged(book: Codebook, path: str, into: str) -> dict[str, Any]:
    """Return the parts of the codebook with one code merged into another, which remembers it."""
    trail = {*book.code(into).formerly, *book.code(path).formerly, path} - {into}
    left = without(book, path)
    data = _data(type(book)(**left))
    _entry(data, into)["formerly"] = sorted(trail)
    return _parts(data, book.name)


def moved(book: Codebook, path: str, to: str) -> tuple[dict[str, Any], dict[str, str]]:
    """Return the parts with a code in another place, and the new path of each code that moved."""
    code = book.code(path)
    parent, _, key = to.rpartition(".")
    if parent:
        book.code(parent)
    if to in book or to.startswith(f"{path}."):
        raise CodebookError(book.name, [f"'{path}' cannot become '{to}': that place is taken"])
    data = _data(book)
    entry = _entry(data, path)
    siblings, target = _below(data, code.parent), _below(data, parent)
    place = siblings.index(entry) if siblings is target else len(target)
    siblings.remove(entry)
    target.insert(place, {**entry, "key": key})
    inside = [other for other in book if f"{other.path}.".startswith(f"{path}.")]
    renamed = {other.path: to + other.path.removeprefix(path) for other in inside}
    for other in inside:
        new = renamed[other.path]
        _entry(data, new)["formerly"] = sorted({*other.formerly, other.path} - {new})
    return _parts(data, book.name), renamed


def _data(book: Codebook) -> Data:
    data, _ = read_yaml(book.to_yaml())
    return dict(data)


def _below(data: Data, parent: str) -> list[Data]:
    """Return the list of codes right below a path."""
    owner = _entry(data, parent) if parent else data
    below: list[Data] = owner.setdefault("codes", [])
    return below


def _entry(data: Data, path: str) -> Data:
    """Return the entry of a code that exists."""
    node = data
    for key in path.split("."):
        node = next(entry for entry in node["codes"] if entry["key"] == key)
    return node


def _parts(data: Data, name: str) -> dict[str, Any]:
    return reading.parse(yaml.safe_dump(data, allow_unicode=True, sort_keys=False), name, None)
