"""Rich text, read word by word of its markup.

Deleted and hidden text is out; fields show their result; letters come from the code page of
their font; an emoji in two halves is mended on cleaning; footnotes and comments are set aside.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from bantar_qual.errors import UnreadableDocument
from bantar_qual.importers.flow import Flow
from bantar_qual.importers.registry import Raw, importer

_MAX_BYTES = 100_000_000  # pictures are written out as letters
_TOKEN = re.compile(
    rb"\\(?P<word>[a-zA-Z]{1,32})(?P<number>-?\d{1,9})? ?|\\'(?P<byte>[0-9a-fA-F]{2})"
    rb"|\\(?P<sign>[^a-zA-Z])|(?P<brace>[{}])|(?P<ends>[\r\n\x00]+)|(?P<text>[^\\{}\r\n\x00]+)|\\"
)
_PAGES = {  # code pages by the number of a font's character set
    0: "cp1252", 77: "mac-roman", 128: "cp932", 129: "cp949", 130: "johab", 134: "gbk",
    136: "cp950", 161: "cp1253", 162: "cp1254", 163: "cp1258", 177: "cp1255", 178: "cp1256",
    186: "cp1257", 204: "cp1251", 222: "cp874", 238: "cp1250", 254: "cp437", 255: "cp850",
}  # fmt: skip
_SIGNS = {
    "tab": "\t", "emdash": "—", "endash": "–", "lquote": "‘", "rquote": "’", "ldblquote": "“",
    "rdblquote": "”", "bullet": "•", "emspace": "\u2003", "enspace": "\u2002",
    "qmspace": "\u2005", "zwj": "\u200d", "zwnj": "\u200c", "zwbo": "\u200b", "ltrmark": "\u200e",
    "rtlmark": "\u200f", "~": "\u00a0", "_": "\u2011", "-": "\u00ad",
    "\\": "\\", "{": "{", "}": "}",
}  # fmt: skip
_LINES = frozenset({"par", "line", "sect", "page", "column", "softline", "nestcell", "nestrow"})
_SKIPPED = frozenset({
    "colortbl", "stylesheet", "info", "pict", "header", "headerl", "headerr", "headerf", "footer",
    "footerl", "footerr", "footerf", "ftnsep", "ftnsepc", "ftncn", "aftnsep", "aftnsepc",
    "aftncn", "fldinst", "themedata", "colorschememapping", "datastore", "listtable",
    "listoverridetable", "listtext", "pntext", "pntxta", "pntxtb", "revtbl", "rsidtbl",
    "generator", "xe", "tc", "bkmkstart", "bkmkend", "objdata", "nonshppict", "shprslt",
    "latentstyles", "filetbl", "template", "atnid", "atndate", "atnref", "atntime", "atnparent",
    "panose", "falt", "xmlnstbl", "pgdsctbl", "userprops", "docvar", "private",
})  # fmt: skip
_NOTES = {"footnote": "footnote", "annotation": "comment"}
_SHOWN = frozenset({*_NOTES, "shpinst", "ud", "shptxt", "dptxbxtext", "do", "atnauthor",
                    "atrfstart", "atrfend", "fldrslt", "shppict"})  # fmt: skip


@importer(".rtf")
def read_rtf(path: Path) -> Raw:
    """Read the text of a rich-text file."""
    if path.stat().st_size > _MAX_BYTES:
        raise UnreadableDocument(path, f"it is larger than {_MAX_BYTES // 1_000_000} MB")
    data = path.read_bytes().removeprefix(codecs.BOM_UTF8).lstrip()
    if not data.startswith(b"{\\rtf"):
        raise UnreadableDocument(path, "it is no rich text, though its name ends in .rtf")
    story = _Story(path)
    story.tell(data)
    return story.main.raw(tuple(story.notes()))


@dataclass(slots=True)
class _Group:
    """What holds inside a pair of braces."""

    flow: Flow
    to: str = "text"  # text, fonts, author, start or end (of a comment), box, nothing
    why: str = ""  # the word for which nothing is shown
    note: str = ""  # the kind of note that ends with this group
    bold: bool = False
    hidden: bool = False
    deleted: bool = False
    in_table: bool = False
    page: str = ""
    fallbacks: int = 1  # signs that follow a Unicode letter, for old programs
    opened: bool = False  # the group began with \*


class _Story:
    """A rich text while it is read. Groups are kept in a list; there is no recursion."""

    def __init__(self, path: Path) -> None:
        self.main = Flow()
        self._path = path
        self._page = "cp1252"
        self._fonts: dict[int, str] = {}
        self._font = 0
        self._group = _Group(self.main)
        self._groups: list[_Group] = []
        self._bytes = bytearray()
        self._skip = 0
        self._cell_due = self._row_open = False
        self._author: list[str] = []
        self._number = ""
        self._places: dict[str, list[int]] = {}
        self._boxes: list[Flow] = []
        self._left_out = 0
        self._tracked = self._cut = False

    def tell(self, data: bytes) -> None:
        """Read all tokens."""
        position = 0
        while match := _TOKEN.match(data, position):
            position = match.end()
            kind = match.lastgroup
            if kind == "text":
                self._text(match[0])
            elif kind == "byte":
                self._text(bytes([int(match["byte"], 16)]))
            elif kind != "ends":
                self._flush()
                position += self._markup(match)
                if not self._groups:
                    break  # what follows the last brace is no part of the document
        self._flush()
        self._cut = bool(self._groups)
        while self._groups:
            self._close()
        self._end_table()
        self._tell_boxes()

    def _markup(self, match: re.Match[bytes]) -> int:
        """Do what a brace, a sign or a word says; return how many bytes after it are raw data."""
        if match["brace"]:
            self._skip = 0
            (self._open if match[0] == b"{" else self._close)()
        elif match["sign"]:
            self._sign(match["sign"].decode("latin-1"))
        elif match["word"]:
            number = int(match["number"]) if match["number"] else None
            if match["word"] == b"bin":
                return max(0, number or 0)
            self._word(match["word"].decode("ascii"), number)
        return 0

    def notes(self) -> Iterator[str]:
        """Say what had to be decided."""
        if self._cut:
            yield "its last brackets are missing: it may have been cut off"
        if self._tracked:
            yield "tracked changes: insertions are in, deletions are out"
        if self._left_out:
            yield f"{self._left_out} hidden characters were left out"

    # ------------------------------------------------ groups

    def _open(self) -> None:
        self._groups.append(self._group)
        self._group = replace(self._group, note="", opened=False)

    def _close(self) -> None:
        if not self._groups:
            return
        done, self._group = self._group, self._groups.pop()
        if done.note:
            place = self._places.pop(self._number, None) if done.note == "comment" else None
            stretch = (place[0], place[-1]) if place else None
            author = "".join(self._author).strip() if done.note == "comment" else ""
            self.main.aside(done.note, done.flow.text.strip(), stretch, author)
            self._author = []
        elif done.to == "box" and self._group.to != "box":
            self._boxes.append(done.flow)

    def _destination(self, word: str) -> bool:
        """Turn the group to what a word says that it is for; False for any other word."""
        group = self._group
        if word in _NOTES and group.to == "text" and group.flow is self.main:
            group.note, group.flow, group.in_table = _NOTES[word], Flow(), False
            group.bold = group.hidden = False
        elif word in {"shptxt", "dptxbxtext"}:
            if group.to in {"text", "nothing"} and group.why in {"", "shpinst", "do"}:
                group.to, group.flow, group.in_table = "box", Flow(), False
        elif word == "ud" and group.why == "upr":
            group.to, group.why = "text", ""
        elif word in {"upr", "shpinst", "do"}:
            if group.to != "nothing":
                group.to, group.why = "nothing", word
        elif word == "fonttbl":
            group.to = "fonts"
        elif word in {"atnauthor", "atrfstart", "atrfend"}:
            group.to, self._number = word, "" if word != "atnauthor" else self._number
        elif word in _SKIPPED:
            group.to, group.why = "nothing", word
        else:
            return False
        return True

    # ------------------------------------------------ words of the markup

    def _word(self, word: str, number: int | None) -> None:
        group = self._group
        if self._skip and word != "u":
            self._skip -= 1
            return
        if group.opened and word not in _SHOWN and word not in _SKIPPED:
            group.to, group.why, group.opened = "nothing", word, False
            return
        group.opened = False
        if self._destination(word):
            return
        if group.to == "fonts":
            self._font_looks(word, number)
        elif word in _SIGNS:
            self._write(_SIGNS[word])
        elif word in _LINES:
            self._line()
        elif word == "u" and number is not None:
            code = number % 0x10000
            self._write(chr(code) if code else "")
            self._skip = group.fallbacks
        elif word in {"cell", "row"}:
            self._table(word)
        else:
            self._looks(word, number)

    def _looks(self, word: str, number: int | None) -> None:
        group, on = self._group, number != 0
        if word in {"b", "v", "deleted"}:
            setattr(group, {"b": "bold", "v": "hidden"}.get(word, word), on)
            self._tracked |= on and word == "deleted"
        elif word in {"revised", "revauth"}:
            self._tracked |= on
        elif word == "plain":
            group.bold = group.hidden = group.deleted = False
            group.page = ""
        elif word in {"pard", "intbl", "trowd"}:
            group.in_table = on and word != "pard"
        elif word == "f" and number is not None:
            group.page = self._fonts.get(number, "")
        elif word == "uc":
            group.fallbacks = min(max(number or 0, 0), 8)
        elif word == "ftnalt" and group.note:
            group.note = "endnote"
        elif word in {"ansicpg", "mac", "pc", "pca"}:
            pages = {"mac": "mac-roman", "pc": "cp437", "pca": "cp850"}
            self._page = self._known(pages.get(word, f"cp{number}"))

    def _font_looks(self, word: str, number: int | None) -> None:
        if word == "f":
            self._font = number or 0
        elif word == "fcharset" and number in _PAGES:
            self._fonts[self._font] = _PAGES[number]
        elif word == "cpg" and number:
            self._fonts[self._font] = self._known(f"cp{number}")

    def _known(self, page: str) -> str:
        page = {"cp65001": "utf-8", "cp10000": "mac-roman", "cp936": "gbk"}.get(page, page)
        try:
            return codecs.lookup(page).name
        except LookupError:
            return "cp1252"

    def _sign(self, sign: str) -> None:
        if sign == "*":
            self._group.opened = True
        elif self._skip:
            self._skip -= 1
        elif sign in "\r\n":
            self._line()
        elif sign in _SIGNS:
            self._write(_SIGNS[sign])

    # ------------------------------------------------ letters

    def _text(self, data: bytes) -> None:
        if self._skip:
            skipped = min(self._skip, len(data))
            self._skip -= skipped
            data = data[skipped:]
        self._group.opened = False
        if self._group.to != "nothing":
            self._bytes += data

    def _flush(self) -> None:
        """Decode the letters since the last word; some alphabets need two bytes for a letter."""
        if not self._bytes:
            return
        data, self._bytes = bytes(self._bytes), bytearray()
        if data.isascii():
            self._write(data.decode("ascii"))
            return
        page = self._group.page or self._page
        try:
            self._write(data.decode(page))
        except UnicodeDecodeError:
            if page != "cp1252":
                reason = f"its letters cannot be read in its code page '{page}'; save it as .docx"
                raise UnreadableDocument(self._path, reason) from None
            self._write(data.decode("cp1252", "ignore"))
            self._left_out += len(data) - len(data.decode("cp1252", "ignore"))

    def _write(self, text: str) -> None:
        group = self._group
        if group.to in {"atrfstart", "atrfend"}:
            self._number += text.strip()
            self._places.setdefault(self._number, []).append(self.main.here)
        elif group.to == "atnauthor":
            self._author.append(text)
        elif group.to not in {"text", "box"} or group.deleted:
            return
        elif group.hidden:
            self._left_out += len(text)
        else:
            if group.flow is self.main:
                self._table("")
            group.flow.write(text, strong=group.bold)

    def _line(self) -> None:
        group = self._group
        if group.to not in {"text", "box"} or group.deleted:
            return
        if group.flow is self.main:
            self._table("")
        group.flow.end_line()
        if group.flow is self.main and not group.in_table:
            self._tell_boxes()

    # ------------------------------------------------ tables and boxes

    def _table(self, word: str) -> None:
        """Open the cell that the next letters belong to, or end a cell or a row."""
        group = self._group
        if group.to != "text" or group.flow is not self.main:
            return
        if word == "row":
            self._end_table()
            return
        if not word and not group.in_table:
            self._end_table()
            return
        if not self._row_open:
            self.main.open_row()
            self.main.open_cell()
            self._row_open, self._cell_due = True, False
        elif self._cell_due:
            self.main.open_cell()
            self._cell_due = False
        self._cell_due = word == "cell"

    def _end_table(self) -> None:
        if self._row_open:
            self.main.close_row()
            self._row_open = self._cell_due = False
            self._tell_boxes()

    def _tell_boxes(self) -> None:
        """Write the text boxes of a paragraph after it."""
        boxes, self._boxes = self._boxes, []
        for box in boxes:
            if not self.main.at_start:
                self.main.end_line()
            for line in box.text.split("\n"):
                self.main.write(line)
                self.main.end_line()
