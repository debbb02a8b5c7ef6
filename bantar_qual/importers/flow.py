"""The flow of text that a marked-up format becomes: lines, rows with tabs, and known places."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bantar_qual.importers.registry import Aside, Raw

_SPACES = re.compile("[ \t\r\n]+")
_LAST_WORD = re.compile(r"[^\s]+\s?$")


class Flow:
    """Lines of text as they are written, with the places of bold stretches and asides.

    A table's row is one line, its cells divided by tabs. The paragraphs of a cell are joined by
    spaces, but in the last or only cell of a row they stay lines: there people speak.
    """

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._length = 0
        self._strong: list[list[int]] = []
        self._asides: list[Aside] = []
        self._rows: list[int] = []  # for each open row, how many cells it has so far
        self._breaks: list[int] = []  # pieces of the outer row that end a line inside a cell
        self._filled = False  # the open cell holds text
        self._break = self._space = False  # due before the next text of the cell, of the line
        self.at_start = True  # of a line

    @property
    def here(self) -> int:
        """The position at which the next character will stand."""
        return self._length + self._break + self._space

    @property
    def in_row(self) -> bool:
        """Tell whether the next character stands in a row of a table."""
        return bool(self._rows)

    def write(self, text: str, *, strong: bool = False) -> None:
        """Write characters just as they are; in a cell, tabs and line ends become spaces."""
        if not text:
            return
        if self._rows:
            text = text.replace("\t", " ").replace("\n", " ")
            if self._break:
                self._breaks.append(len(self._pieces))
                self._put("\n")
                self._break = False
            self._filled = True
        if self._space:
            self._put(" ")
            self._space = False
        if strong:
            start = self._length
            if self._strong and self._strong[-1][1] == start:
                self._strong[-1][1] = start + len(text)
            else:
                self._strong.append([start, start + len(text)])
        self._pieces.append(text)
        self._length += len(text)
        self.at_start = text[-1] == "\n"

    def write_line(self, stretches: Sequence[tuple[str, bool]]) -> None:
        """Write a whole line of words, each stretch of them bold or not, and end it."""
        if self._rows or self._space:
            for text, strong in stretches:
                self.write(text, strong=strong)
            self.end_line()
            return
        start = self._length
        for text, strong in stretches:
            end = start + len(text)
            if strong and text:
                self._strong.append([start, end])
            self._pieces.append(text)
            start = end
        self._length = start
        self._put("\n")
        self.at_start = True

    def collapse(self, text: str, *, strong: bool = False) -> None:
        """Write characters of a format in which any white space means one space."""
        words = _SPACES.sub(" ", text)
        bare = words.strip(" ")
        if words[:1] == " " and not self.at_start:
            self._space = True
        if not bare:
            return
        self.write(bare, strong=strong)
        self._space = words[-1] == " "

    def end_line(self) -> None:
        """End a paragraph, or a line of it."""
        self._space = False
        self.at_start = True
        if self._rows:
            self._break = self._filled
        else:
            self._put("\n")

    def open_row(self) -> None:
        """Begin a row of a table, on a line of its own unless it stands inside a cell."""
        if not self._rows and not self.at_start:
            self.end_line()
        elif self._rows:
            self._break = self._filled
        self._rows.append(0)

    def open_cell(self) -> None:
        """Begin a cell: after a tab, or after a space in a table that stands in a cell."""
        if not self._rows:
            return
        first = self._rows[-1] == 0
        self._rows[-1] += 1
        self._space = False
        self.at_start = True
        if len(self._rows) > 1:
            self._break = self._filled
            return
        self._break = self._filled = False
        if not first:
            for piece in self._breaks:
                self._pieces[piece] = " "
            self._breaks = []
            self._put("\t")

    def close_row(self) -> None:
        """End a row."""
        if not self._rows:
            return
        self._rows.pop()
        if self._rows:
            self._break = self._filled
            return
        self._break = self._filled = False
        self._breaks = []
        self.end_line()

    def drop_hyphen(self) -> None:
        """Take back a hyphen that was written last."""
        if self._pieces and self._pieces[-1].endswith("-"):
            self._pieces[-1] = self._pieces[-1][:-1]
            self._length -= 1
            for stretch in self._strong[-1:]:
                stretch[1] = min(stretch[1], self._length)

    def last_word(self) -> tuple[int, int]:
        """Return the place of the word before this place, for a note that hangs on it."""
        tail = "".join(self._pieces[-12:])[-80:]
        found = _LAST_WORD.search(tail)
        end = self._length
        if not found:
            return end, end
        word = found.group().rstrip()
        start = end - (len(tail) - found.start())
        return start, start + len(word)

    def aside(
        self, kind: str, text: str, place: tuple[int, int] | None = None, author: str = ""
    ) -> int:
        """Set a comment or a note aside, about a stretch or else about the word before.

        Its number is returned, by which it can be stretched later; -1 where it says nothing.
        """
        if not text.strip():
            return -1
        start, end = place or self.last_word()
        self._asides.append(Aside(start, max(start, end), kind, text, author))
        return len(self._asides) - 1

    def stretch_aside(self, number: int) -> None:
        """Let an aside that was set at its beginning reach to this place."""
        if 0 <= number < len(self._asides):
            old = self._asides[number]
            self._asides[number] = Aside(old.start, self.here, old.kind, old.text, old.author)

    @property
    def text(self) -> str:
        """The text so far, without the end of the last line."""
        return "".join(self._pieces).removesuffix("\n")

    def raw(self, notes: tuple[str, ...] = (), *, encoding: str = "") -> Raw:
        """Return all that was written."""
        text = self.text
        size = len(text)
        asides = sorted(self._asides, key=lambda aside: aside.start)
        for stretch in self._strong[-1:]:  # only the last can hold the end of the last line
            stretch[1] = min(stretch[1], size)
        return Raw(
            text,
            notes,
            encoding=encoding,
            strong=tuple((start, end) for start, end in self._strong if start < end),
            asides=tuple(
                Aside(min(a.start, size), min(a.end, size), a.kind, a.text, a.author)
                for a in asides
            ),
        )

    def _put(self, text: str) -> None:
        self._pieces.append(text)
        self._length += len(text)
