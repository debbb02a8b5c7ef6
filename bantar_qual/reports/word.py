"""The Word file of a report."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bantar_qual.codebook import Codebook
from bantar_qual.files import replacing
from bantar_qual.reports.gather import Leader, Material
from bantar_qual.tables import docx as tables
from bantar_qual.tables import word
from bantar_qual.tables.quotes import legible

_TALLEST = 560.0  # points: a figure and its caption fit on one page


def write(material: Material, path: Path, figures: Mapping[str, tuple[Path, Path]]) -> Path:
    """Write the findings as a Word file.

    Parameters
    ----------
    material
        What the report tells.
    path
        Where to write.
    figures
        The PNG and the SVG of each figure.
    """
    words = material.words
    document = word.new(words, title=material.title)
    word.number_pages(document)
    document.add_paragraph(legible(material.title), style="Title")
    for warning in material.warnings:
        word.boxed(document.add_paragraph(legible(warning)))
    word.heading(document, words.caption("method"), level=1)
    for line in (*material.method, material.empty):
        if line:
            document.add_paragraph(line)
    for noun, table in material.tables.items():
        word.heading(document, material.heading(noun), level=1)
        tables.add_table(document, table)
        if noun in figures:
            _figure(document, figures[noun][0], material.figure_caption(noun))
    for valence, leaders in material.leaders.items():
        if leaders:
            word.heading(document, words.caption(f"leading_{valence}s"), level=1)
        for leader in leaders:
            _leader(document, leader, material)
    word.heading(document, words.caption("codebook_used"), level=1)
    _codebook(document, material.codebook, words.name)
    document.add_paragraph(legible(material.made_by), style=word.UNDER)
    with replacing(path) as temporary:
        document.save(str(temporary))
    return path


def _figure(document: Any, path: Path, caption: str) -> None:
    paragraph = document.add_paragraph()
    paragraph.paragraph_format.keep_with_next = True
    picture = paragraph.add_run().add_picture(str(path))
    scale = min(word.room(document) / picture.width.pt, _TALLEST / picture.height.pt, 1.0)
    picture.width, picture.height = (
        word.points(picture.width.pt * scale),
        word.points(picture.height.pt * scale),
    )
    picture._inline.docPr.set("descr", legible(caption))  # noqa: SLF001  # for those who listen
    document.add_paragraph(
        legible(caption), style="Caption"
    ).paragraph_format.keep_with_next = False


def _leader(document: Any, leader: Leader, material: Material) -> None:
    word.heading(document, leader.label, level=2)
    line = document.add_paragraph(leader.line)
    line.paragraph_format.keep_with_next = True
    for row in leader.quotes.itertuples():
        tables.add_quote(document, str(row.quote), str(row.attribution))
    if leader.count > len(leader.quotes):
        shown = material.words.caption(
            "quotes_shown_page", shown=len(leader.quotes), all=leader.count
        )
        document.add_paragraph(shown, style=word.UNDER)


def _codebook(document: Any, codebook: Codebook, language: str) -> None:
    for code in codebook:
        paragraph = document.add_paragraph()
        depth = code.path.count(".")
        paragraph.paragraph_format.left_indent = word.points(18 * depth)
        paragraph.paragraph_format.space_before = word.points(0 if depth else 8)
        paragraph.add_run(legible(codebook.label(code.path, language))).bold = True
        definition = code.definition.get(language, code.definition.get("", ""))
        if definition:
            paragraph.add_run(f". {legible(definition)}")
