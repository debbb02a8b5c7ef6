"""Web pages, and what word processors save as such: blocks become lines, rows lines with tabs."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from bantar_qual.errors import UnreadableDocument
from bantar_qual.importers.encodings import Decoded, decode, file_bytes
from bantar_qual.importers.flow import Flow
from bantar_qual.importers.registry import Raw, importer

_MAX_BYTES = 16_000_000
_HEAD = 4096  # bytes at the start in which a page says its encoding
_CHARSET = re.compile(rb"""<meta[^>]*?charset\s*=\s*["']?\s*([\w.:-]+)""", re.IGNORECASE)
_XML = re.compile(rb"""^\s*<\?xml[^>]*encoding\s*=\s*["']([\w.:-]+)""")
_SILENT = frozenset({
    "script", "style", "title", "template", "iframe", "object", "canvas", "audio", "video",
})  # fmt: skip
_SINGLE = frozenset({
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track",
    "wbr",
})  # fmt: skip
_BLOCKS = frozenset({
    "address", "article", "aside", "blockquote", "body", "center", "dd", "details", "dialog",
    "dir", "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2",
    "h3", "h4", "h5", "h6", "header", "hr", "html", "legend", "li", "main", "menu", "nav", "ol",
    "p", "pre", "section", "summary", "table", "tbody", "tfoot", "thead", "ul", "caption",
})  # fmt: skip
_CELLS = frozenset({"td", "th"})
_BOLD = frozenset({"b", "strong", "th", "h1", "h2", "h3", "h4", "h5", "h6"})
_HIDING = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all", re.IGNORECASE
)
_HEAVY = re.compile(r"font-weight\s*:\s*(bold|[6-9]00)", re.IGNORECASE)
_LIGHT = re.compile(r"font-weight\s*:\s*(normal|[1-5]00)", re.IGNORECASE)
# A note below the text, and the sign in the text that refers to it, of LibreOffice and of Word.
_NOTE = re.compile(r"sd(?P<kind>footnote|endnote)(?P<number>\d+)|(?P<word>ftn|edn)(?P<n>\d+)")
_SIGN = re.compile(
    r"#sd(?P<kind>footnote|endnote)(?P<number>\d+)sym|#_?(?P<word>ftn|edn)(?P<n>\d+)"
)
_BACK = re.compile(r"#sd(footnote|endnote)\d+anc|#_?(ftn|edn)ref\d+")


@importer(".html", ".htm", ".xhtml")
def read_html(path: Path) -> Raw:
    """Read the text that a web page shows."""
    if path.stat().st_size > _MAX_BYTES:
        raise UnreadableDocument(path, f"it is larger than {_MAX_BYTES // 1_000_000} MB")
    from lxml import etree

    text, encoding, notes = _decoded(file_bytes(path), path)
    page = _Page()
    # The parser of lxml takes the tags one by one and calls the page: no tree, so no depth.
    parser = etree.HTMLParser(target=page, encoding="utf-8", huge_tree=True, no_network=True)
    try:
        etree.fromstring(text.replace("\0", "").encode("utf-8", "ignore"), parser)
    except etree.LxmlError as error:
        raise UnreadableDocument(path, "it holds no text, or is no web page") from error
    if page.left_out:
        notes = (*notes, f"{page.left_out} hidden characters were left out")
    if page.heads:
        notes = (*notes, f"left out: {page.heads} running heads and feet")
    return page.flow.raw(notes, encoding=encoding)


def _decoded(data: bytes, path: Path) -> Decoded:
    """Decode as the mark at the start says, else as the page says, else as it looks."""
    said = _CHARSET.search(data[:_HEAD]) or _XML.match(data[:_HEAD])
    name = said[1].decode("ascii").lower() if said else ""
    if name in {"iso-8859-1", "latin1", "us-ascii", "ascii"}:
        name = "cp1252"  # as every browser does
    if not name or name.startswith("utf-16"):  # a page that can say so is none
        return decode(data, path)
    try:
        return decode(data, path, encoding=name)
    except UnreadableDocument:
        found = decode(data, path)
        note = f"the page says that it is {name}, which is not so; read as {found.encoding}"
        return Decoded(found.text, found.encoding, (note, *found.notes))


class _Page:
    """What a page shows, written as its tags go by; how deep they stand makes no difference."""

    def __init__(self) -> None:
        self.flow = Flow()
        self.left_out = 0
        self.heads = 0  # running heads and feet, which are left out
        self._main = self.flow
        self._silent: list[str] = []  # open elements of which nothing shows
        self._hidden: list[str] = []  # open elements that are hidden
        self._bold: list[tuple[str, bool]] = []
        self._pre = 0
        self._notes: dict[str, tuple[str, Flow]] = {}
        self._note_depth = 0  # open divisions of the note that is being read
        self._signs: dict[str, tuple[int, int]] = {}
        self._sign = False  # inside the sign that refers to a note
        self._sign_end = ""

    def start(self, tag: str, said: Mapping[str, str]) -> None:
        """Begin whatever a tag begins."""
        if self._silent:
            if tag == self._silent[-1]:
                self._silent.append(tag)
            return
        head = tag == "div" and said.get("title") in {"header", "footer"}  # as LibreOffice saves
        if tag in _SILENT or head:
            self._silent.append(tag)
            self.heads += head
            return
        if tag in _SINGLE:
            self._single(tag)
            return
        style = said.get("style", "")
        if self._hidden:
            if tag == self._hidden[-1]:
                self._hidden.append(tag)
        elif "hidden" in said or _HIDING.search(style):
            self._hidden.append(tag)
        if _HEAVY.search(style) or tag in _BOLD or _LIGHT.search(style):
            self._bold.append((tag, not _LIGHT.search(style)))
        elif self._bold and self._bold[-1][0] == tag:
            self._bold.append((tag, self._bold[-1][1]))  # so that each end finds its own start
        self._begin(tag, said)

    def _begin(self, tag: str, said: Mapping[str, str]) -> None:
        if tag == "div":
            self._line()
            self._begin_note(said.get("id", ""))
        elif tag == "a":
            self._begin_sign(said)
        elif tag == "tr":
            self._line()
            self.flow.open_row()
        elif tag in _CELLS:
            self.flow.open_cell()
        elif tag in _BLOCKS:
            self._line()
            self._pre += tag == "pre"

    def end(self, tag: str) -> None:
        """End whatever a tag ends."""
        if self._silent:
            if tag == self._silent[-1]:
                self._silent.pop()
            return
        if self._hidden and tag == self._hidden[-1]:
            self._hidden.pop()
        if self._bold and self._bold[-1][0] == tag:
            self._bold.pop()
        if tag == "tr":
            self.flow.close_row()
        elif tag in _BLOCKS:
            self._line()
        self._pre -= tag == "pre" and self._pre > 0
        self._sign = self._sign and tag != "a"
        if tag == "div" and self._note_depth:
            self._note_depth -= 1
            self.flow = self.flow if self._note_depth else self._main

    def data(self, data: str) -> None:
        """Write words."""
        if self._silent or self._sign:
            return
        if self._hidden:
            self.left_out += len(data.strip())
            return
        bold = bool(self._bold) and self._bold[-1][1]
        if not self._pre:
            self.flow.collapse(data, strong=bold)
            return
        for number, line in enumerate(data.replace("\r\n", "\n").split("\n")):
            if number:
                self.flow.end_line()
            self.flow.write(line, strong=bold)

    def close(self) -> None:
        """Hang the notes below the text on the words that refer to them."""
        for key, (kind, flow) in self._notes.items():
            self._main.aside(kind, flow.text.strip(), self._signs.get(key, (0, 0)))
        self.flow = self._main

    def _single(self, tag: str) -> None:
        if self._hidden:
            return
        if tag == "br":
            self.flow.end_line()
        elif tag == "hr":
            self._line()

    def _line(self) -> None:
        if not self.flow.at_start:
            self.flow.end_line()

    def _begin_note(self, name: str) -> None:
        if self._note_depth:
            self._note_depth += 1
        elif found := _NOTE.fullmatch(name):
            kind = found["kind"] or ("footnote" if found["word"] == "ftn" else "endnote")
            key = f"{kind}{found['number'] or found['n']}"
            self.flow = self._notes.setdefault(key, (kind, Flow()))[1]
            self._note_depth = 1

    def _begin_sign(self, said: Mapping[str, str]) -> None:
        """Leave out the sign of a note, and keep the place of the word that it stands at."""
        target = said.get("href", "")
        if found := _SIGN.fullmatch(target):
            kind = found["kind"] or ("footnote" if found["word"] == "ftn" else "endnote")
            key = f"{kind}{found['number'] or found['n']}"
            self._sign = bool(not self._note_depth)
            self._signs.setdefault(key, self._main.last_word())
        elif self._note_depth and _BACK.fullmatch(target):
            self._sign = True
