"""A table of findings: a frame with its title, notes, source and quotes, as one frozen value."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from bantar_qual import frames
from bantar_qual.errors import FrameError
from bantar_qual.languages import Language
from bantar_qual.languages import language as _language
from bantar_qual.tables import grid as grids
from bantar_qual.tables.registry import writers

QUOTE = ("code", "quote", "attribution")


@dataclass(frozen=True, eq=False, kw_only=True)
class Table:
    """A frame that knows how it wants to be shown. Its methods return new tables."""

    frame: pd.DataFrame
    title: str = ""
    number: str = ""  # "4.3"
    notes: tuple[str, ...] = ()
    source: str = ""
    quotes: pd.DataFrame | None = None
    language: str = "en"

    def note(self, text: str) -> Table:
        """Add a note that stands under the table.

        Examples
        --------
        >>> table(pd.DataFrame({"name": ["a"]})).note("Invented.").notes
        ('Invented.',)
        """
        return replace(self, notes=(*self.notes, str(text)))

    def sourced(self, text: str) -> Table:
        """Say under the table where its data come from.

        Examples
        --------
        >>> table(pd.DataFrame({"name": ["a"]}), language="id").sourced("Data primer").source_line
        'Sumber: Data primer'
        """
        return replace(self, source=str(text))

    def quote(self, quotes: pd.DataFrame) -> Table:
        """Add the quotes that stand behind the numbers.

        Parameters
        ----------
        quotes
            The frame that ``project.quotes(codings)`` returns.

        Raises
        ------
        FrameError
            If it is another frame.

        Examples
        --------
        >>> quotes = pd.DataFrame({"code": ["a"], "quote": ["No money."], "attribution": ["A"]})
        >>> len(table(pd.DataFrame({"codings": [1]})).quote(quotes).quotes)
        1
        """
        missing = [column for column in QUOTE if column not in getattr(quotes, "columns", ())]
        if missing:
            msg = f"quote needs the frame that project.quotes() returns; this lacks {missing[0]!r}"
            raise FrameError(msg)
        return replace(self, quotes=quotes)

    def save(self, path: str | Path) -> Path:
        """Write the table as the kind of file that the path's suffix names.

        Parameters
        ----------
        path
            Where to write: ``.docx``, ``.xlsx``, ``.html`` or ``.csv``. Folders are made, and an
            old file stays as it was if anything fails.

        Returns
        -------
        pathlib.Path
            The path that was written.

        Raises
        ------
        UnknownPart
            If no writer knows the suffix.

        Examples
        --------
        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     table(pd.DataFrame({"name": ["a"]})).save(f"{folder}/names.csv").name
        'names.csv'
        """
        path = Path(path)
        write = writers[path.suffix.lower()]
        path.parent.mkdir(parents=True, exist_ok=True)
        write(self, path)
        return path

    def grid(self, *, whole: bool = True) -> grids.Grid:
        """Return the table as it is displayed: typed cells under headers in its language.

        Parameters
        ----------
        whole
            Whether to show every column by itself, as a workbook does, or those that fit a page.

        Examples
        --------
        >>> table(pd.DataFrame({"codings": [3]}), language="id").grid().columns[0].header
        'Koding'
        """
        return grids.make(self.frame, self.words, whole=whole)

    @property
    def words(self) -> Language:
        """Return the language that the table speaks."""
        return _language(self.language)

    @property
    def heading(self) -> str:
        """Return the line above the table: "Tabel 4.3 …", or the title alone."""
        label = f"{self.words.caption('table')} {self.number}" if self.number else ""
        return " ".join(part for part in (label, self.title) if part)

    @property
    def source_line(self) -> str:
        """Return the line that names the source, or an empty string."""
        before = f"{self.words.caption('source_note')}:"
        if not self.source or self.source.casefold().startswith(before.casefold()):
            return self.source
        return f"{before} {self.source}"

    @property
    def note_lines(self) -> tuple[str, ...]:
        """Return the notes, the first of them after the word for a note."""
        before = f"{self.words.caption('note')}: "
        return tuple(f"{'' if i else before}{note}" for i, note in enumerate(self.notes))

    def _repr_html_(self) -> str:
        from bantar_qual.tables.html import fragment

        return fragment(self)


def table(
    frame: pd.DataFrame, *, title: str = "", number: str = "", language: str | None = None
) -> Table:
    """Make a table of a frame, to be annotated and saved.

    Parameters
    ----------
    frame
        What a statistic returned, or any other frame.
    title, number
        What stands above: title="Hambatan implementasi", number="4.3".
    language
        The language of headers and labels; that of the study if None.

    Returns
    -------
    Table
        A frozen value; ``note``, ``quote`` and ``sourced`` return new ones.

    Raises
    ------
    FrameError
        If it is no frame.
    LanguageError
        If there are no files for the language.

    Examples
    --------
    >>> frame = pd.DataFrame({"codings": [3]}, index=pd.Index(["budget"], name="code"))
    >>> table(frame, title="Kendala", number="4.3", language="id").heading
    'Tabel 4.3 Kendala'
    """
    if not isinstance(frame, pd.DataFrame):
        msg = f"table needs a frame, such as a statistic returns; not {type(frame).__name__}"
        raise FrameError(msg)
    chosen = _language(frames.language_of(frame, language)).name
    return Table(frame=frame, title=str(title), number=str(number), language=chosen)
