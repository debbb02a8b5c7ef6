"""Write memos on anything, and read them in one frame."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import pandas as pd

from bantar_qual.errors import CodingError, UnknownCase, UnknownMemo
from bantar_qual.records import EVERYONE
from bantar_qual.store import memos as _memos

if TYPE_CHECKING:
    from bantar_qual.project import Project

About = Literal["project", "document", "case", "code", "coding"]


def memo(project: Project, text: str, *, about: About = "project", key: str | int = "") -> int:
    """Write a memo.

    Parameters
    ----------
    text
        What you think, as long as you like.
    about, key
        What it is about: ``about="document", key="ketua-rt-07"``; a case by its name, a code by
        its path, a coding by its id. A memo on the project needs no key.

    Returns
    -------
    int
        The memo's id, to rewrite it with ``rewrite_memo``.

    Raises
    ------
    UnknownDocument, UnknownCase, UnknownCode, CodingError
        If what it is about does not exist.
    """
    if about == "document":
        project.document(str(key))
    elif about == "case" and str(key) not in project.cases().index:
        raise UnknownCase(str(key), list(project.cases().index), f"'{project.path.name}'")
    elif about == "code":
        project.codebook.code(str(key))
    elif about == "coding" and key not in project.codings(status=None, coder=EVERYONE).index:
        msg = f"there is no coding {key}; codings are known by the index of project.codings()"
        raise CodingError(msg)
    return _memos.add_memo(project.store, about=about, key=str(key), text=text, coder=project.coder)


def rewrite_memo(project: Project, memo: int, text: str) -> None:
    """Give a memo another text; an empty one removes it. The history keeps the old one.

    Raises
    ------
    UnknownMemo
        If there is no memo with that id.
    """
    known = [str(number) for number in project.memos().index]
    if str(memo) not in known:
        raise UnknownMemo(str(memo), known, f"'{project.path.name}'")
    _memos.change_memo(project.store, memo, text, coder=project.coder)


def memos(project: Project) -> pd.DataFrame:
    """Return a row for each memo: ``about``, ``key``, ``text``, ``coder``, ``time``."""
    return _memos.memos(project.store)
