"""What python-docx leaves to its users: styles, rules, rows that keep together, properties."""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Sequence
from typing import Any

from bantar_qual.languages import Language
from bantar_qual.tables.quotes import legible

FONT = "Times New Roman"
UNDER, QUOTE, CELL = "Under table", "Block quote", "Table text"
SIZE = 10.0  # points, of the letters in tables
TEXT_WIDTH = 453.6  # points: A4 upright, margins of 2.5 cm
_EMU = 12_700  # to a point
_LONG, _SHORT, _MARGIN = 841.9, 595.3, 70.85  # A4 and its margins, in points


def new(words: Language, *, title: str = "", landscape: bool = False) -> Any:
    """Make an empty Word document in the house's styles, which names no person.

    Parameters
    ----------
    words
        The language, for the spelling checker.
    title
        The title in the document's properties.
    landscape
        Whether pages lie on their side.
    """
    import docx

    document = docx.Document()
    _page(document.sections[0], landscape=landscape)
    _styles(document, words.name)
    now = dt.datetime.now(dt.UTC).replace(tzinfo=None, microsecond=0)
    known = document.core_properties
    for name in ("author", "comments", "last_modified_by", "keywords", "category", "subject"):
        setattr(known, name, "")
    known.title, known.language = legible(title)[:255], words.name
    known.created = known.modified = now
    known.revision = 1
    return document


def points(number: float) -> Any:
    """Return a length in points."""
    from docx.shared import Pt

    return Pt(number)


def room(document: Any) -> float:
    """Return the width of the text on the document's last page, in points."""
    section = document.sections[-1]
    width = section.page_width - section.left_margin - section.right_margin
    return float(width / _EMU)


def heading(document: Any, text: str, *, level: int) -> Any:
    """Add a heading."""
    return document.add_heading(legible(text), level=level)


def lies(document: Any) -> bool:
    """Tell whether the document's last page lies on its side."""
    section = document.sections[-1]
    return bool(section.page_width > section.page_height)


def turn(document: Any, *, landscape: bool) -> None:
    """Go on with a new page, upright or on its side; headings just written move there too."""
    before = len(document.paragraphs)
    _page(document.add_section(), landscape=landscape)
    written = document.paragraphs
    for heading in reversed(written[:before]):
        if not heading.style.name.startswith("Heading"):
            break
        written[-1]._p.addnext(heading._p)  # noqa: SLF001


def _page(section: Any, *, landscape: bool) -> None:
    from docx.enum.section import WD_ORIENT

    section.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
    section.page_width = points(_LONG if landscape else _SHORT)
    section.page_height = points(_SHORT if landscape else _LONG)
    for side in ("left", "right", "top", "bottom"):
        setattr(section, f"{side}_margin", points(_MARGIN))


def number_pages(document: Any) -> None:
    """Put the page's number below every page."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    paragraph = document.sections[0].footer.paragraphs[0]
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    field = _child(paragraph._p, "w:fldSimple", instr="PAGE")  # noqa: SLF001
    _child(_child(field, "w:r"), "w:t").text = "1"


# ---------------------------------------------------------------- styles


def _styles(document: Any, language: str) -> None:
    from docx.enum.style import WD_STYLE_TYPE

    styles = document.styles
    _font(styles["Normal"], 12)
    _paragraphs(styles["Normal"], after=6, line=1.15)
    for level, size in ((1, 14.0), (2, 12.0), (3, 12.0)):
        style = styles[f"Heading {level}"]
        _font(style, size, bold=True, italic=level == 3)  # noqa: PLR2004
        _paragraphs(style, before=14 if level == 1 else 10, after=4, keep=True)
    _font(styles["Title"], 16, bold=True)
    _paragraphs(styles["Title"], after=12)
    for extra in styles["Title"].element.xpath("./w:pPr/w:pBdr | ./w:rPr/w:spacing"):
        extra.getparent().remove(extra)
    _font(styles["Caption"], 12, bold=True)
    _paragraphs(styles["Caption"], before=12, after=4, keep=True)
    _font(styles.add_style(UNDER, WD_STYLE_TYPE.PARAGRAPH), 10)
    _paragraphs(styles[UNDER], before=2, after=0)
    _font(styles.add_style(CELL, WD_STYLE_TYPE.PARAGRAPH), SIZE)
    _paragraphs(styles[CELL])
    _font(styles.add_style(QUOTE, WD_STYLE_TYPE.PARAGRAPH), 12)
    _paragraphs(styles[QUOTE], after=8)
    styles[QUOTE].paragraph_format.left_indent = points(28.35)
    styles[QUOTE].paragraph_format.right_indent = points(14)
    for mark in styles.element.xpath("./w:docDefaults//w:lang"):
        mark.set(_name("w:val"), {"id": "id-ID", "en": "en-GB"}.get(language, language))


def _font(style: Any, size: float, *, bold: bool = False, italic: bool = False) -> None:
    from docx.shared import RGBColor

    style.font.name, style.font.size = FONT, points(size)
    style.font.bold, style.font.italic = bold, italic
    style.font.color.rgb = RGBColor(0, 0, 0)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(_name(f"w:{theme}"), None)
    for script in ("ascii", "hAnsi", "cs"):
        fonts.set(_name(f"w:{script}"), FONT)


def _paragraphs(
    style: Any, *, before: float = 0, after: float = 0, line: float = 1.0, keep: bool = False
) -> None:
    form = style.paragraph_format
    form.space_before, form.space_after = points(before), points(after)
    form.line_spacing, form.keep_with_next = line, keep


# ---------------------------------------------------------------- tables


def rules(table: Any, widths: Sequence[float]) -> Any:
    """Give a table thin rules, fixed widths and a little air, and return it."""
    table.autofit = False
    properties = table._tbl.tblPr  # noqa: SLF001  # python-docx has no other way to borders
    borders = _child(properties, "w:tblBorders")
    for side, size, color in (
        ("top", "8", "000000"),
        ("bottom", "8", "000000"),
        ("insideH", "4", "BFBFBF"),
    ):
        _child(borders, f"w:{side}", val="single", sz=size, space="0", color=color)
    margins = _child(properties, "w:tblCellMar")
    for side, air in (("top", "30"), ("left", "90"), ("bottom", "30"), ("right", "90")):
        _child(margins, f"w:{side}", w=air, type="dxa")
    _sort(properties)
    for column, width in zip(table.columns, widths, strict=True):
        column.width = points(width)
    return table


def fill(
    row: Any,
    cells: Sequence[tuple[str, bool]],
    widths: Sequence[float],
    *,
    size: float,
    head: bool = False,
    keep: bool = False,
) -> Any:
    """Fill a row with texts, numbers to the right, and return it; it never breaks across pages.

    Parameters
    ----------
    row
        The row of a table.
    cells
        For each cell its text, and whether it is a number.
    widths
        The columns' widths in points.
    size
        The size of the letters in points.
    head
        Whether this is the header, which is bold and comes again on every page.
    keep
        Whether the row stays on the page of what follows it.
    """
    from docx.enum.table import WD_ALIGN_VERTICAL
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    properties = row._tr.get_or_add_trPr()  # noqa: SLF001
    _child(properties, "w:cantSplit")
    if head:
        _child(properties, "w:tblHeader")
    for cell, (text, number), width in zip(row.cells, cells, widths, strict=True):
        cell.width = points(width)
        paragraph = cell.paragraphs[0]
        paragraph.style = CELL
        if number:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        run = paragraph.add_run(legible(text))
        if size != SIZE:
            run.font.size = points(size)
        if head or keep:
            paragraph.paragraph_format.keep_with_next = True
        if head:
            run.bold = True
            _border(cell, "bottom", val="single", sz="6", space="0", color="000000")
            cell.vertical_alignment = WD_ALIGN_VERTICAL.BOTTOM
    return row


def merged(cell: Any, *, first: bool) -> None:
    """Make a cell the first of a run that is shown as one, or one that continues it."""
    properties = cell._tc.get_or_add_tcPr()  # noqa: SLF001
    _child(properties, "w:vMerge", **({"val": "restart"} if first else {}))


def boxed(paragraph: Any, *, fill: str = "FFF3D6", color: str = "B26A00") -> None:
    """Put a box around a paragraph; boxed paragraphs that follow each other share one."""
    properties = paragraph._p.get_or_add_pPr()  # noqa: SLF001
    borders = _child(properties, "w:pBdr")
    for side in ("top", "left", "bottom", "right"):
        size = "24" if side == "left" else "6"
        _child(borders, f"w:{side}", val="single", sz=size, space="6", color=color)
    _child(properties, "w:shd", val="clear", color="auto", fill=fill)
    order = ["pStyle", "keepNext", "keepLines", "pBdr", "shd", "bidi", "spacing", "ind", "jc"]
    _sort(properties, order)


def right_to_left(paragraph: Any, run: Any, text: str) -> None:
    """Turn a paragraph around if its text begins in a script that runs from right to left."""
    first = next((d for d in map(unicodedata.bidirectional, text) if d in ("L", "R", "AL")), "L")
    if first != "L":
        _child(paragraph._p.get_or_add_pPr(), "w:bidi")  # noqa: SLF001
        run.font.rtl = True


def _border(cell: Any, side: str, **values: str) -> None:
    properties = cell._tc.get_or_add_tcPr()  # noqa: SLF001
    _child(_child(properties, "w:tcBorders"), f"w:{side}", **values)


def _child(parent: Any, tag: str, **values: str) -> Any:
    from docx.oxml import OxmlElement

    child = OxmlElement(tag)
    for key, value in values.items():
        child.set(_name(f"w:{key}"), value)
    parent.append(child)
    return child


_TABLE_ORDER = [
    "tblStyle", "tblpPr", "tblOverlap", "bidiVisual", "tblStyleRowBandSize", "tblStyleColBandSize",
    "tblW", "jc", "tblCellSpacing", "tblInd", "tblBorders", "shd", "tblLayout", "tblCellMar",
    "tblLook",
]  # fmt: skip


def _sort(parent: Any, order: Sequence[str] = _TABLE_ORDER) -> None:
    """Put children in the order of the schema, which Word insists on."""
    known = {name: place for place, name in enumerate(order)}
    for child in sorted(parent, key=lambda item: known.get(item.tag.rpartition("}")[2], 0)):
        parent.append(child)


def _name(tag: str) -> str:
    from docx.oxml.ns import qn

    return str(qn(tag))
