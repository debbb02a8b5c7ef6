"""A coded transcript as one page to print, to send and to keep: no script, nothing loaded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from bantar_qual.errors import PageError
from bantar_qual.files import replacing
from bantar_qual.languages import language as load_language
from bantar_qual.tables.quotes import legible
from bantar_qual.widgets.gathering import gather

if TYPE_CHECKING:
    import jinja2

    from bantar_qual.project import Project

_SUFFIXES = (".html", ".htm")


@dataclass(frozen=True, kw_only=True)
class Page:
    """A coded transcript as a web page of its own."""

    html: str
    title: str
    height: int = 640  # pixels, in a notebook

    def save(self, path: str | Path) -> Path:
        """Write the page to a file; an old file stays as it was if anything fails.

        Parameters
        ----------
        path
            Where to write; it ends in ``.html``.

        Returns
        -------
        pathlib.Path
            The path that was written.

        Raises
        ------
        PageError
            If the path ends in something else.

        Examples
        --------
        >>> Page(html="<p>", title="A").save(tmp / "a.html").name
        'a.html'
        """
        path = Path(path)
        if path.suffix.lower() not in _SUFFIXES:
            msg = f"a page is saved as .html, not as '{path.name}'; print it from there for a PDF"
            raise PageError(msg)
        with replacing(path) as temporary:
            temporary.write_text(self.html, encoding="utf-8")
        return path

    def _repr_html_(self) -> str:
        # In a frame of its own: its style does not touch the notebook, and nothing in it can run.
        return (
            f'<iframe sandbox title="{escape(self.title)}" srcdoc="{escape(self.html)}" '
            f'style="width: 100%; height: {self.height}px; border: 1px solid #8888"></iframe>'
        )

    def __repr__(self) -> str:
        return f"<Page “{self.title}”, {len(self.html):,} characters>"


def to_html(
    project: Project,
    document: str,
    *,
    coders: str | Sequence[str] = (),
    suggestions: bool = False,
    language: str = "",
) -> Page:
    """Set a coded transcript as a page for examiners, colleagues and paper.

    Parameters
    ----------
    document
        The document's name.
    coders
        Only codings of this coder, or of these; everybody's own if left empty. Exactly two
        coders stand side by side, one in each margin, and their differences are named.
        ``"consensus"`` shows what was agreed on.
    suggestions
        True to show the open suggestions of machines too, with dashes.
    language
        The language of captions and labels; that of the study if left empty.

    Returns
    -------
    Page
        ``.save("ketua.html")`` writes it; in a notebook it shows itself. It holds the whole
        transcript: a notebook that shows it keeps the words of your informants in its file.

    Raises
    ------
    UnknownDocument
        If there is no such document.
    CodingError
        If nobody codes under one of the names.
    LanguageError
        If there are no files for the language.

    Examples
    --------
    >>> from bantar_qual import Project
    >>> project = Project.create(tmp / "p.bantar", codebook="edwards-iii", coder="SN")
    >>> _ = (tmp / "satu.txt").write_text("Dananya tidak ada.", encoding="utf-8")
    >>> _ = project.import_documents(tmp / "satu.txt")
    >>> _ = project.code("satu", "tidak ada", "resources.budget", valence="barrier")
    >>> to_html(project, "satu").save(tmp / "satu.html").name
    'satu.html'
    """
    words = load_language(language or project.language)
    named = (coders,) if isinstance(coders, str) else tuple(coders)
    shown = gather(project, document, coders=tuple(n for n in named if n),
                   suggestions=suggestions, words=words)  # fmt: skip
    html = _template().render(**shown, caption=words.caption, lang=words.name)
    return Page(html=html, title=str(shown["title"]))


@cache
def _template() -> jinja2.Template:
    import jinja2

    return jinja2.Environment(
        loader=jinja2.PackageLoader("bantar_qual", "widgets"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=lambda value: legible(value) if type(value) is str else value,
    ).get_template("paper.html.j2")
