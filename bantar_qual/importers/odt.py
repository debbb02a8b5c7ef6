"""Text documents of LibreOffice and OpenOffice, read from their XML.

Deletions of tracked changes and hidden text are out; a text box comes once after its paragraph;
table rows are lines; comments, footnotes and endnotes are set aside.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from bantar_qual.errors import UnreadableDocument
from bantar_qual.importers.door import Package, parse_xml
from bantar_qual.importers.flow import Flow
from bantar_qual.importers.registry import Raw, importer

_NS = "urn:oasis:names:tc:opendocument:xmlns:"
_TEXT = f"{{{_NS}text:1.0}}"
_TABLE = f"{{{_NS}table:1.0}}"
_DRAW = f"{{{_NS}drawing:1.0}}"
_OFFICE = f"{{{_NS}office:1.0}}"
_STYLE = f"{{{_NS}style:1.0}}"
_FO = f"{{{_NS}xsl-fo-compatible:1.0}}"
_DC = "{http://purl.org/dc/elements/1.1/}"
_SVG = f"{{{_NS}svg-compatible:1.0}}"
_BOLD = {"bold", "600", "700", "800", "900"}
_REPEATED = 1000  # more blanks than this in one place are no blanks that anybody typed
_SKIPPED = frozenset(
    {
        f"{_TEXT}tracked-changes", f"{_TEXT}note-citation", f"{_TEXT}ruby-text",
        f"{_TEXT}sequence-decls", f"{_TEXT}variable-decls", f"{_TEXT}user-field-decls",
        f"{_OFFICE}forms", f"{_OFFICE}binary-data", f"{_OFFICE}event-listeners",
        f"{_DC}creator", f"{_DC}date", f"{_SVG}title", f"{_SVG}desc", f"{_TABLE}covered-table-cell",
        f"{_TEXT}index-title-template", f"{_TEXT}table-of-content-source",
        f"{_TEXT}alphabetical-index-mark", f"{_TEXT}script", f"{_TEXT}dde-connection-decls",
    }
)  # fmt: skip
_LINES = frozenset({f"{_TEXT}p", f"{_TEXT}h"})
_ROW = f"{_TABLE}table-row"


@importer(".odt", ".fodt", ".ott")
def read_odt(path: Path) -> Raw:
    """Read the text of an OpenDocument text, with a blank line where a paragraph is empty."""
    if path.suffix.lower() == ".fodt":
        from bantar_qual.importers.encodings import file_bytes

        root = parse_xml(file_bytes(path), path)
        roots = [root]
    else:
        with Package(path, "LibreOffice") as package:
            manifest = package.read("META-INF/manifest.xml") or b""
            if b"encryption-data" in manifest:
                raise UnreadableDocument(path, "it is protected by a password; save it without")
            root = package.xml("content.xml")
            roots = [] if root is None else [root, package.xml("styles.xml")]
    body = roots[0].find(f"{_OFFICE}body/{_OFFICE}text") if roots else None
    if body is None:
        raise UnreadableDocument(path, "it holds no text document of LibreOffice or OpenOffice")
    story = _Story(_Looks([root for root in roots if root is not None]))
    story.tell(body)
    return story.flow.raw(tuple(story.notes(body)))


class _Looks:
    """Which styles are bold and which hide their text, by themselves or by a parent."""

    def __init__(self, roots: list[Any]) -> None:
        self._styles: dict[tuple[str, str], Any] = {}
        for root in roots:
            for style in root.iter(f"{_STYLE}style"):
                key = (style.get(f"{_STYLE}family", ""), style.get(f"{_STYLE}name", ""))
                self._styles.setdefault(key, style)

    def bold(self, family: str, name: str) -> bool | None:
        """Say whether a style is bold; None if neither it nor a parent says."""
        weight = self._said(family, name, f"{_FO}font-weight")
        return None if weight is None else weight in _BOLD

    def hidden(self, family: str, name: str) -> bool:
        """Say whether a style hides its text."""
        return self._said(family, name, f"{_TEXT}display") == "none"

    def _said(self, family: str, name: str, what: str) -> str | None:
        seen: set[str] = set()
        while name and name not in seen:
            seen.add(name)
            style = self._styles.get((family, name))
            if style is None:
                return None
            looks = style.find(f"{_STYLE}text-properties")
            if looks is not None and (value := looks.get(what)) is not None:
                return str(value)
            name = style.get(f"{_STYLE}parent-style-name", "")
        return None


class _Story:
    """One run of text: the body, a note or a comment. Walked with a list, never by recursion."""

    def __init__(self, looks: _Looks, *, apart: bool = False) -> None:
        self.flow = Flow()
        self._looks, self._is_apart = looks, apart
        self._named: set[str] | None = None
        self._bold: list[bool] = [False]
        self._hidden: list[bool] = [False]
        self._boxes: list[list[Any]] = [[]]
        self._comments: dict[str, int] = {}
        self._left_out = 0
        self._acts: dict[str, Callable[[Any], bool]] = {
            f"{_TEXT}s": self._blanks, f"{_TEXT}tab": lambda _: self._sign("\t"),
            f"{_TEXT}line-break": self._break, f"{_TEXT}note": self._note,
            f"{_OFFICE}annotation": self._comment, f"{_OFFICE}annotation-end": self._comment_end,
            f"{_TEXT}hidden-text": self._hide, f"{_TEXT}section": self._section,
            f"{_DRAW}text-box": self._box, f"{_DRAW}custom-shape": self._box,
            f"{_TABLE}table-cell": self._cell, _ROW: self._row,
        }  # fmt: skip

    def tell(self, root: Any) -> None:
        """Write everything below an element in reading order."""
        stack: list[tuple[Iterator[Any], Any]] = [(iter(root), None)]
        while stack:
            children, parent = stack[-1]
            for child in children:
                tag = child.tag
                act = self._acts.get(tag)
                if (act is not None and not act(child)) or (
                    act is None and (tag in _SKIPPED or not isinstance(tag, str))
                ):
                    self._after(child)
                    continue
                self._enter(child)
                stack.append((iter(child), child))
                break
            else:
                stack.pop()
                if parent is not None:
                    stack.extend(self._leave(parent))
                    self._after(parent)

    def notes(self, body: Any) -> Iterator[str]:
        """Say what had to be decided."""
        if body.find(f".//{_TEXT}tracked-changes/*") is not None:
            yield "tracked changes: insertions are in, deletions are out"
        if self._left_out:
            yield f"{self._left_out} hidden characters were left out"

    def _enter(self, element: Any) -> None:
        """Begin a paragraph or a stretch, which may be bold or hidden."""
        tag = element.tag
        if tag in _LINES:
            self._look("paragraph", element)
            self._boxes.append([])
            self.flow.at_start = True
        elif tag == f"{_TEXT}span":
            self._look("text", element)
        if len(self._boxes) > 1 and tag.startswith(_TEXT):
            self._write(element.text)

    def _look(self, family: str, element: Any) -> None:
        name = element.get(f"{_TEXT}style-name", "")
        bold = self._looks.bold(family, name)
        self._bold.append(self._bold[-1] if bold is None else bold)
        self._hidden.append(self._hidden[-1] or self._looks.hidden(family, name))

    def _leave(self, element: Any) -> list[tuple[Iterator[Any], Any]]:
        """End what ``_enter`` began, and return the text boxes that come after a paragraph."""
        tag = element.tag
        if tag == _ROW:
            self.flow.close_row()
        if tag not in _LINES and tag != f"{_TEXT}span":
            return []
        self._bold.pop()
        hidden = self._hidden.pop()
        if tag not in _LINES:
            return []
        boxes = self._boxes.pop()
        if not hidden and not (boxes and self.flow.at_start):
            self.flow.end_line()
        return [(iter(box), None) for box in reversed(boxes)]

    def _after(self, element: Any) -> None:
        """Write the words behind an element that stand in its paragraph."""
        if element.tail and len(self._boxes) > 1:
            self._write(element.tail)

    def _write(self, text: str | None) -> None:
        if not text:
            return
        if self._hidden[-1]:
            self._left_out += len(text.strip())
        else:
            self.flow.collapse(text, strong=self._bold[-1])

    # ------------------------------------------------ what each element does; True: go into it

    def _sign(self, sign: str) -> bool:
        if not self._hidden[-1]:
            self.flow.write(sign)
        return False

    def _blanks(self, element: Any) -> bool:
        count = element.get(f"{_TEXT}c", "1")
        return self._sign(" " * min(int(count) if count.isdecimal() else 1, _REPEATED))

    def _break(self, _: Any) -> bool:
        if not self._hidden[-1]:
            self.flow.end_line()
        return False

    def _hide(self, element: Any) -> bool:
        text = "".join(element.itertext()) or element.get(f"{_TEXT}string-value", "")
        self._left_out += len(text.strip())
        return False

    def _section(self, section: Any) -> bool:
        return section.get(f"{_TEXT}display") != "none" or self._hide(section)

    def _box(self, box: Any) -> bool:
        """Keep a box for after its paragraph; one that stands by itself is read in its place."""
        if len(self._boxes) == 1:
            return True
        self._boxes[-1].append(box)
        return False

    def _row(self, _: Any) -> bool:
        self.flow.open_row()
        return True

    def _cell(self, _: Any) -> bool:
        self.flow.open_cell()
        return True

    def _note(self, note: Any) -> bool:
        if self._is_apart:
            return True  # a note in a note is part of it
        kind = "endnote" if note.get(f"{_TEXT}note-class") == "endnote" else "footnote"
        body = note.find(f"{_TEXT}note-body")
        if body is not None:
            self.flow.aside(kind, self._apart(body))
        return False

    def _comment(self, comment: Any) -> bool:
        if self._is_apart:
            return True
        name = comment.get(f"{_OFFICE}name", "")
        ends = bool(name) and name in self._ends(comment)
        place = (self.flow.here, self.flow.here) if ends else None
        author = comment.findtext(f"{_DC}creator", "") or ""
        number = self.flow.aside("comment", self._apart(comment), place, author)
        if ends:
            self._comments[name] = number
        return False

    def _comment_end(self, mark: Any) -> bool:
        self.flow.stretch_aside(self._comments.pop(mark.get(f"{_OFFICE}name", ""), -1))
        return False

    def _ends(self, comment: Any) -> set[str]:
        if self._named is None:
            marks = comment.getroottree().iter(f"{_OFFICE}annotation-end")
            self._named = {mark.get(f"{_OFFICE}name", "") for mark in marks}
        return self._named

    def _apart(self, element: Any) -> str:
        """Read a note or a comment by itself."""
        story = _Story(self._looks, apart=True)
        story.tell(element)
        self._left_out += story._left_out
        return story.flow.text.strip()
