"""Which code is given: one of the codebook, or a new one that comes into it by the same act."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from bantar_qual.codebook import Codebook
from bantar_qual.errors import CodebookError

if TYPE_CHECKING:
    from bantar_qual.project import Project

Label = str | Mapping[str, str]


def codable(project: Project, path: str) -> str:
    """Return the path of a code that can be given.

    Raises
    ------
    UnknownCode
        If there is no such code.
    CodebookError
        If it was retired, or only groups other codes.
    """
    code = project.codebook.code(path)
    if not code.codable:
        reason = f"'{path}' is retired or only groups other codes; give another code"
        raise CodebookError(project.codebook.name, [reason])
    return code.path


def book_with(project: Project, path: str, label: Label, **fields: Any) -> Codebook:
    """Return the codebook with a new code below the parent that its path names.

    Raises
    ------
    UnknownCode
        If the parent does not exist.
    CodebookError
        If the code exists, or does not fit.
    """
    book = project.codebook
    parent, _, key = path.rpartition(".")
    if parent:
        book.code(parent)
    if path in book:
        raise CodebookError(book.name, [f"there is already a code '{path}'"])
    return book.with_code(parent, {"key": key, "label": label, **fields})


def to_give(project: Project, path: str, label: Label) -> str:
    """Return the new codebook as YAML where a label says that the code is new, else nothing.

    Raises
    ------
    UnknownCode, CodebookError
        If the code is to be there and is not, or cannot be given; if it is to be new and is
        there, or its parent is not.
    """
    if label:
        return book_with(project, path, label).to_yaml()
    codable(project, path)
    return ""
