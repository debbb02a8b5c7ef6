"""Code, review and compare in a notebook cell."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import anywidget
import traitlets

from bantar_qual.errors import PageError
from bantar_qual.languages import language as load_language
from bantar_qual.widgets import queue, sides
from bantar_qual.widgets.desk import Desk, Mode

if TYPE_CHECKING:
    from bantar_qual.project import Project

_STATIC = Path(__file__).parent / "static"
_THEMES = ("auto", "light", "dark")
_LEAST = 240  # pixels


class CodingPage(anywidget.AnyWidget):
    """A transcript with a pencil, in a notebook cell.

    Its synced state holds no word of any transcript: a notebook keeps that state in its file.
    Texts and codings travel in messages, when a page that is open asks for them.
    """

    _esm = _STATIC / "widget.js"
    _css = _STATIC / "widget.css"
    mode = traitlets.Unicode("code").tag(sync=True)
    height = traitlets.Int(640).tag(sync=True)
    theme = traitlets.Unicode("auto").tag(sync=True)
    waiting = traitlets.Unicode("").tag(sync=True)  # shown until Python answers
    seen = traitlets.Int(0).tag(sync=True)  # the last act the page shows, for cells that follow it

    def __init__(self, desk: Desk, **traits: Any) -> None:
        waiting = load_language(desk.language).interface["waiting_python"]
        super().__init__(waiting=waiting, mode=desk.mode, **traits)
        self.desk = desk
        desk.wake = self._wake
        self.on_msg(self._heard)

    def _heard(self, _: object, content: object, __: object) -> None:
        for reply in self.desk.answer(content):
            self.send(reply)
        self.desk.pass_on()

    def _wake(self) -> None:
        self.send({"to": "", "kind": "changed"})

    def __repr__(self) -> str:
        return f"<CodingPage of {self.desk.project.path.name}>"


def code_by_hand(
    project: Project,
    document: str = "",
    *,
    blind: bool = False,
    keys: Sequence[str] = (),
    language: str = "",
    height: int = 640,
    theme: str = "auto",
) -> CodingPage:
    """Open a document for reading and coding, in a notebook cell.

    Parameters
    ----------
    document
        The document's name; the first one if left empty. The page turns to the others too.
    blind
        True for a second coder, who sees no codings, memos and counts but their own.
    keys
        Up to nine codes for the number keys; the codes in use most if left empty.
    language
        The language of the page; the study's if left empty.
    height
        Of the page, in pixels.
    theme
        ``"auto"`` follows the notebook; ``"light"`` or ``"dark"`` do not.

    Returns
    -------
    CodingPage
        Show it as the last line of a cell. Every act is kept in the study at once; nothing of
        the transcript is kept in the notebook.

    Raises
    ------
    UnknownDocument, UnknownCode
        If there is no such document, or no such code for a key.
    PageError
        If the theme is not known.

    Examples
    --------
    >>> from bantar_qual import Project
    >>> project = Project.create(tmp / "s.bantar", codebook="edwards-iii", coder="SN")
    >>> _ = (tmp / "satu.txt").write_text("Dananya tidak ada.", encoding="utf-8")
    >>> _ = project.import_documents(tmp / "satu.txt")
    >>> code_by_hand(project, "satu")
    <CodingPage of s.bantar>
    """
    if document:
        project.document(document)
    desk = Desk(
        project=project, document=document, blind=blind, language=language,
        keys=[project.codebook.code(path).path for path in keys][:9],
    )  # fmt: skip
    return _page(desk, height, theme)


def review(
    project: Project,
    *,
    first: queue.First = "least sure",
    code: str = "",
    document: str = "",
    at_least: float = 0.0,
    blind: bool = False,
    language: str = "",
    height: int = 640,
    theme: str = "auto",
) -> CodingPage:
    """Look at what machines suggest, in a notebook cell: accept, change, reject or skip.

    Parameters
    ----------
    first
        ``"least sure"``, ``"most sure"`` or ``"as written"``.
    code, document, at_least
        Only suggestions of this code and those below it, of this document, or at least as sure.
        The page can change all three.
    blind
        True for a second coder, who sees no codings but their own beside the suggestions.
    language, height, theme
        As in ``code_by_hand``.

    Raises
    ------
    UnknownDocument, UnknownCode
        If there is no such document or code.
    PageError
        If there is no such order or theme.

    Examples
    --------
    >>> from bantar_qual import Project
    >>> review(Project.create(tmp / "r.bantar", codebook="edwards-iii"), first="most sure")
    <CodingPage of r.bantar>
    """
    if code:
        project.codebook.code(code)
    if document:
        project.document(document)
    wanted = queue.Wanted.read(
        {"first": first, "code": code, "document": document, "at_least": at_least}
    )
    mode: Mode = "review"
    desk = Desk(project=project, mode=mode, blind=blind, language=language, wanted=wanted)
    return _page(desk, height, theme)


def compare(
    project: Project,
    *,
    between: sides.People | None = None,
    document: str = "",
    language: str = "",
    height: int = 640,
    theme: str = "auto",
) -> CodingPage:
    """See two coders' codings side by side, in a notebook cell, and decide where they differ.

    What is decided becomes the consensus, a layer beside the two coders' own codings, which stay
    as they are: ``project.codings(coder="consensus")``.

    Parameters
    ----------
    between
        Two coders, such as ``("SN", "BP")``; may be left out where just two people coded.
    document
        The document to begin with; the first in which something is to be decided if left empty.
    language, height, theme
        As in ``code_by_hand``.

    Raises
    ------
    CodingError
        If one of them never coded, or it is not clear which two are meant.
    UnknownDocument
        If there is no such document.
    PageError
        If there is no such theme.

    Examples
    --------
    >>> from bantar_qual import Project
    >>> project = Project.create(tmp / "c.bantar", codebook="edwards-iii", coder="SN")
    >>> _ = (tmp / "satu.txt").write_text("Dananya tidak ada.", encoding="utf-8")
    >>> _ = project.import_documents(tmp / "satu.txt")
    >>> _ = project.code("satu", "Dananya", "resources.budget")
    >>> _ = Project.open(tmp / "c.bantar", coder="BP").code("satu", "tidak", "resources.budget")
    >>> compare(project, between=("SN", "BP"))
    <CodingPage of c.bantar>
    """
    if document:
        project.document(document)
    mode: Mode = "compare"
    who = sides.people(project, between)
    desk = Desk(project=project, document=document, mode=mode, language=language, between=who)
    return _page(desk, height, theme)


def _page(desk: Desk, height: int, theme: str) -> CodingPage:
    if theme not in _THEMES:
        msg = f"a page's theme is one of {', '.join(_THEMES)}; not '{theme}'"
        raise PageError(msg)
    return CodingPage(desk, height=max(height, _LEAST), theme=theme)
