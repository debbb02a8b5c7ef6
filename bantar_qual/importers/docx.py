"""Word files, read paragraph by paragraph from the XML itself.

Libraries for Word leave out inserted text, content controls and text boxes, or read bombs until
memory runs out. Here insertions are in, deletions and hidden text out, a text box comes once
after its paragraph, table rows are lines, and comments and notes are set aside.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from bantar_qual.errors import UnreadableDocument
from bantar_qual.importers.door import Package, parse_xml
from bantar_qual.importers.flow import Flow
from bantar_qual.importers.registry import Raw, importer

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_STRICT = b"http://purl.oclc.org/ooxml/wordprocessingml/main"
_USUAL = b"http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_PART = "word/document.xml"
_T = f"{_W}t"
_R = f"{_W}r"
_VAL = f"{_W}val"
_B = f"{_W}b"
_BR = f"{_W}br"
_STYLES = f"{_W}pStyle", f"{_W}rStyle"
_PLAIN = frozenset(  # all that stands in nearly every paragraph
    f"{_W}{tag}"
    for tag in (
        "p", "pPr", "r", "rPr", "t", "b", "i", "bCs", "iCs", "u", "jc", "ind", "spacing", "rFonts",
        "sz", "szCs", "lang", "color", "keepNext", "keepLines", "widowControl", "pStyle", "rStyle",
        "contextualSpacing", "proofErr", "bookmarkStart", "bookmarkEnd", "lastRenderedPageBreak",
        "numPr", "ilvl", "numId", "outlineLvl", "shd", "highlight",
    )
)  # fmt: skip
_ID = f"{_W}id"
_SKIPPED = frozenset(
    {
        f"{_W}{tag}"
        for tag in (
            "instrText", "delText", "delInstrText", "tblPr", "tblGrid", "trPr", "tcPr",
            "sdtPr", "sdtEndPr", "sectPr", "rt", "proofErr", "fldData", "ffData",
        )
    }
)  # fmt: skip
_OFF = {"0", "false", "off"}
_SYMBOLS = {  # the signs that people do use, of the fonts that come with Word
    "wingdings": {0x4A: "☺", 0x4C: "☹", 0x6C: "●", 0x6E: "■", 0x71: "❑", 0x75: "◆", 0xA7: "▪",
                  0xA8: "◻", 0xD8: "➢", 0xE0: "→", 0xDF: "←", 0xFB: "✗", 0xFC: "✓", 0xFE: "☑"},
    "symbol": {0xB7: "•", 0xB0: "°", 0xB1: "±", 0xB4: "×", 0xA3: "≤", 0xB3: "≥", 0xAE: "→",
               0xAC: "←", 0xDE: "⇒", 0x61: "α", 0x62: "β", 0x6D: "μ", 0xBC: "…", 0x2D: "−"},
}  # fmt: skip


@importer(".docx", ".docm", ".dotx")
def read_docx(path: Path) -> Raw:
    """Read the text of a Word file, with a blank line where a paragraph is empty."""
    with Package(path, "Word") as package:
        part, root = _main_part(package)
        body = root.find(f"{_W}body")
        if body is None:
            raise UnreadableDocument(path, "it has no body of text; it may not be a Word document")
        story = _Story(_Side(package, part))
        story.tell(body)
        story.hang_notes(root)
    return story.flow.raw(tuple(story.notes()))


def _main_part(package: Package) -> tuple[str, Any]:
    """Find the document's text: under its usual name, else where the package says."""
    part = _PART
    if part not in package.names:
        part = _related(package, "", "officeDocument") or part
    root = _xml(package, part)
    if root is None:
        reason = "it is packed like a Word file but holds no document"
        raise UnreadableDocument(package.path, reason)
    return part, root


def _related(package: Package, part: str, kind: str) -> str:
    """Return the name of the part that stands in a relation to another, such as its comments."""
    folder, name = posixpath.split(part)
    relations = package.xml(posixpath.join(folder, "_rels", f"{name}.rels"))
    for relation in relations if relations is not None else ():
        if not isinstance(relation.tag, str) or relation.get("TargetMode") == "External":
            continue
        if relation.get("Type", "").rpartition("/")[2] == kind:
            target = relation.get("Target", "")
            return posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
    return ""


def _xml(package: Package, part: str) -> Any | None:
    """Parse a part; the strict form of the format has other names for the same things."""
    data = package.read(part)
    return None if data is None else parse_xml(data.replace(_STRICT, _USUAL), package.path)


def _on_one_line(text: str) -> str:
    """Return a text with spaces for its line ends, as Word shows it."""
    return text.replace("\r", " ").replace("\n", " ")


class _Side:
    """What stands beside the text: styles, comments, notes. Read when they are first needed."""

    def __init__(self, package: Package, part: str) -> None:
        self._package, self._part = package, part
        self._kept: dict[str, dict[str, Any]] = {}

    def bold(self, style: str) -> bool:
        """Say whether a style is bold, by itself or by the style that it is based on."""
        styles = self._parts("styles", "style", f"{_W}styleId")
        seen: set[str] = set()
        while style and style not in seen:
            seen.add(style)
            found = styles.get(style)
            if found is None:
                return False
            if (bold := found.find(f"{_W}rPr/{_W}b")) is not None:
                return bold.get(_VAL) not in _OFF
            base = found.find(f"{_W}basedOn")
            style = "" if base is None else base.get(_VAL, "")
        return False

    def note(self, kind: str, number: str) -> tuple[str, str]:
        """Return the text and the author of a comment, a footnote or an endnote."""
        found = self._parts(f"{kind}s", kind, _ID).get(number)
        if found is None:
            return "", ""
        story = _Story(self, apart=True)
        story.tell(found)
        return story.flow.text.strip(), found.get(f"{_W}author", "")

    def numbers(self, kind: str) -> list[str]:
        """List the numbers of all comments, or notes, that are no mere rule above the notes."""
        parts = self._parts(f"{kind}s", kind, _ID)
        return [number for number, part in parts.items() if not part.get(f"{_W}type")]

    def _parts(self, kind: str, tag: str, key: str) -> dict[str, Any]:
        if kind not in self._kept:
            name = _related(self._package, self._part, kind) or f"word/{kind}.xml"
            root = _xml(self._package, name)
            found = root.iter(f"{_W}{tag}") if root is not None else ()
            self._kept[kind] = {element.get(key, ""): element for element in found}
        return self._kept[kind]


class _Story:
    """One run of text: the body, a note or a comment. Walked with a list, never by recursion."""

    def __init__(self, side: _Side, *, apart: bool = False) -> None:
        self.flow = Flow()
        self._side, self._is_apart = side, apart
        self._bold = self._bold_paragraph = self._hidden = self._joined = False
        self._fields: list[bool] = []  # for each open field, whether its result has begun
        self._trust_fields = True
        self._boxes: list[Any] = []
        self._comments: dict[str, list[int]] = {}
        self._hung: set[tuple[str, str]] = set()
        self._tracked = False
        self._left_out = 0
        self._unread: set[str] = set()
        self._acts: dict[str, Callable[[Any], bool]] = {
            _T: self._text, f"{_W}p": self._paragraph, _R: self._run, f"{_W}rPr": self._run_looks,
            f"{_W}pPr": self._paragraph_looks, f"{_W}tr": self._row, f"{_W}tc": self._cell,
            f"{_W}tab": lambda _: self._sign("\t"), f"{_W}ptab": lambda _: self._sign("\t"),
            _BR: self._line, f"{_W}cr": self._line,
            f"{_W}noBreakHyphen": lambda _: self._sign("\u2011"),
            f"{_W}softHyphen": lambda _: self._sign("\u00ad"), f"{_W}sym": self._symbol,
            f"{_W}ins": self._change, f"{_W}moveTo": self._change,
            f"{_W}del": self._deletion, f"{_W}moveFrom": self._deletion,
            f"{_W}fldChar": self._field, f"{_W}txbxContent": self._box,
            f"{_MC}AlternateContent": lambda _: True, f"{_MC}Fallback": self._fallback,
            f"{_W}commentRangeStart": self._comment_place,
            f"{_W}commentRangeEnd": self._comment_place,
            f"{_W}commentReference": self._reference, f"{_W}footnoteReference": self._reference,
            f"{_W}endnoteReference": self._reference, f"{_W}altChunk": self._embedded,
            "{http://schemas.openxmlformats.org/drawingml/2006/diagram}relIds": self._embedded,
            "{http://schemas.openxmlformats.org/officeDocument/2006/math}t": self._text,
            "{http://schemas.openxmlformats.org/drawingml/2006/main}t": self._text,
        }  # fmt: skip

    def tell(self, root: Any) -> None:
        """Write everything below an element in reading order."""
        marks = [mark.get(f"{_W}fldCharType") for mark in root.iter(f"{_W}fldChar")]
        # A field that never ends would swallow the rest of the text: then nothing is a field.
        self._trust_fields = marks.count("begin") == marks.count("end")
        acts = self._acts
        stack: list[tuple[Iterator[Any], Any]] = [(iter(root), None)]
        while stack:
            children, parent = stack[-1]
            for child in children:
                tag = child.tag
                if tag == _T:  # nearly every second element of a document
                    self._text(child)
                    continue
                act = acts.get(tag)
                if act is not None:
                    if not act(child):
                        continue
                elif tag in _SKIPPED or not isinstance(tag, str):
                    continue
                stack.append((iter(child), tag))
                break
            else:
                stack.pop()
                if parent == f"{_W}p":
                    stack.extend((iter(box), None) for box in self._end_paragraph())
                elif parent == f"{_W}tr":
                    self.flow.close_row()

    def _end_paragraph(self) -> list[Any]:
        """End a line, and return the text boxes that come after it, the last one first."""
        boxes, self._boxes = self._boxes, []
        if not self._joined and not (boxes and self.flow.at_start):
            self.flow.end_line()
        return boxes[::-1]

    def hang_notes(self, root: Any) -> None:
        """Keep also those comments and notes of the package that no place refers to."""
        for kind in ("comment", "footnote", "endnote"):
            used = next(root.iter(f"{_W}{kind}Reference"), None) is not None
            for number in self._side.numbers(kind) if used or kind == "comment" else ():
                if (kind, number) not in self._hung:
                    text, author = self._side.note(kind, number)
                    self.flow.aside(kind, text, (0, 0), author)

    def notes(self) -> Iterator[str]:
        """Say what had to be decided."""
        if self._tracked:
            yield "tracked changes: insertions are in, deletions are out"
        if self._left_out:
            yield f"{self._left_out} hidden characters were left out"
        yield from sorted(self._unread)

    # ------------------------------------------------ what each element does; True: go into it

    def _text(self, element: Any) -> bool:
        text = element.text
        if not text or (self._fields and self._trust_fields and not all(self._fields)):
            return False
        if self._hidden:
            self._left_out += len(text)
            return False
        self.flow.write(_on_one_line(text), strong=self._bold)
        return False

    def _sign(self, sign: str) -> bool:
        if not self._hidden and (all(self._fields) or not self._trust_fields):
            self.flow.write(sign)
        return False

    def _symbol(self, element: Any) -> bool:
        font = element.get(f"{_W}font", "").lower()
        try:
            code = int(element.get(f"{_W}char", ""), 16)
        except ValueError:
            return False
        known = _SYMBOLS.get(font, {}).get(code & 0xFF if code >= 0xF000 else code)  # noqa: PLR2004
        if known is None and 0xE000 <= code <= 0xF8FF:  # noqa: PLR2004 - a font's private signs
            self._unread.add(f"signs of the font '{font}' may look different")
        valid = 0x20 <= code < 0xD800 or 0xE000 <= code < 0x110000  # noqa: PLR2004
        return self._sign(known or (chr(code) if valid else ""))

    def _paragraph(self, paragraph: Any) -> bool:
        """Read a paragraph of nothing but words at once, for nearly all are such."""
        self._bold = self._bold_paragraph = self._hidden = self._joined = False
        if self._fields:
            return True
        stretches: list[tuple[str, bool]] = []
        words, strong, bold, usual = "", False, False, False
        for part in paragraph.iter():
            tag = part.tag
            if tag == _T:
                if strong != bold:
                    stretches.append((_on_one_line(words), strong))
                    words, strong = "", bold
                words += part.text or ""
            elif tag == _R:
                bold = usual
            elif tag == _BR and not self.flow.in_row:
                stretches += ((_on_one_line(words), strong), ("\n", False))
                words = ""
            elif tag == _B:
                bold = part.get(_VAL) not in _OFF
            elif tag in _STYLES:
                styled = self._side.bold(part.get(_VAL, ""))
                usual, bold = (styled, bold) if tag == _STYLES[0] else (usual, styled or bold)
            elif tag not in _PLAIN:
                return True  # nothing has been written yet: it is read piece by piece
        stretches.append((_on_one_line(words), strong))
        self.flow.write_line(stretches)
        return False

    def _paragraph_looks(self, looks: Any) -> bool:
        style = looks.find(f"{_W}pStyle")
        if style is not None:
            self._bold = self._bold_paragraph = self._side.bold(style.get(_VAL, ""))
        marks = looks.find(f"{_W}rPr")
        if marks is not None:
            gone = (marks.find(f"{_W}del"), marks.find(f"{_W}moveFrom"))
            self._joined = any(mark is not None for mark in gone)
            self._tracked |= self._joined
        return False

    def _run(self, _: Any) -> bool:
        self._bold, self._hidden = self._bold_paragraph, False
        return True

    def _run_looks(self, looks: Any) -> bool:
        for look in looks:
            tag = look.tag
            if tag == f"{_W}b":
                self._bold = look.get(_VAL) not in _OFF
            elif tag in {f"{_W}vanish", f"{_W}webHidden"}:
                self._hidden = look.get(_VAL) not in _OFF and tag == f"{_W}vanish"
            elif tag == f"{_W}rStyle":
                self._bold = self._side.bold(look.get(_VAL, "")) or self._bold
        return False

    def _row(self, row: Any) -> bool:
        if row.find(f"{_W}trPr/{_W}del") is not None:
            self._tracked = True
            return False
        self.flow.open_row()
        return True

    def _cell(self, _: Any) -> bool:
        self.flow.open_cell()
        return True

    def _line(self, _: Any) -> bool:
        if not self._hidden:
            self.flow.end_line()
        return False

    def _change(self, _: Any) -> bool:
        self._tracked = True
        return True

    def _deletion(self, _: Any) -> bool:
        self._tracked = True
        return False

    def _field(self, mark: Any) -> bool:
        kind = mark.get(f"{_W}fldCharType")
        if kind == "begin":
            self._fields.append(False)
        elif kind == "separate" and self._fields:
            self._fields[-1] = True
        elif kind == "end" and self._fields:
            self._fields.pop()
        return False

    def _box(self, box: Any) -> bool:
        self._boxes.append(box)
        return False

    def _fallback(self, element: Any) -> bool:
        """Word writes a box twice, for new and old programs; the old form is for need only."""
        return element.getparent().find(f"{_MC}Choice") is None

    def _comment_place(self, mark: Any) -> bool:
        self._comments.setdefault(mark.get(_ID, ""), []).append(self.flow.here)
        return False

    def _reference(self, mark: Any) -> bool:
        kind = mark.tag.removeprefix(_W).removesuffix("Reference")
        number = mark.get(_ID, "")
        if self._is_apart or (kind, number) in self._hung:
            return False  # a note can refer to itself
        self._hung.add((kind, number))
        places = self._comments.get(number, []) if kind == "comment" else []
        place = (places[0], places[-1]) if len(places) > 1 else None
        text, author = self._side.note(kind, number)
        self.flow.aside(kind, text, place, author)
        return False

    def _embedded(self, element: Any) -> bool:
        what = "another document" if element.tag == f"{_W}altChunk" else "a drawing (SmartArt)"
        self._unread.add(f"the text of {what} inside it is not read; copy it into the text")
        return False
