"""The web page of a report: one file, every number a link to all the quotes behind it."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bantar_qual.files import replacing
from bantar_qual.reports.gather import Material
from bantar_qual.tables import html
from bantar_qual.tables.quotes import Group, anchor, legible

if TYPE_CHECKING:
    import jinja2


def write(material: Material, path: Path, figures: Mapping[str, tuple[Path, Path]]) -> Path:
    """Write the findings as one web page.

    Parameters
    ----------
    material
        What the report tells.
    path
        Where to write.
    figures
        The PNG and the SVG of each figure.
    """
    found = _groups(material)
    tops = _tops(material, found)
    parts = [
        {
            "id": noun,
            "title": legible(material.heading(noun)),
            "table": html.view(table, name=f"t-{noun}", targets=_targets(noun, found, tops)),
            "figure": _figure(material, noun, figures),
        }
        for noun, table in material.tables.items()
    ]
    text = _template().render(
        title=legible(material.title),
        warnings=[legible(line) for line in material.warnings],
        method=[line for line in (*material.method, material.empty) if line],
        parts=parts,
        tops=tops,
        codes=_codes(material),
        made_by=legible(material.made_by),
        **html.common(material.words),
    )
    with replacing(path) as temporary:
        temporary.write_text(text, encoding="utf-8")
    return path


@cache
def _template() -> jinja2.Template:
    import jinja2

    base = html.environment()
    own = jinja2.PackageLoader("bantar_qual", "reports")
    loader = jinja2.ChoiceLoader([own, base.loader] if base.loader else [own])
    return base.overlay(loader=loader).get_template("findings.html.j2")


def _groups(material: Material) -> list[Group]:
    if material.quotes is None:
        return []
    return html.quote_groups(material.quotes, material.words, order=material.codebook.paths)


def _tops(material: Material, found: list[Group]) -> list[dict[str, Any]]:
    """Return the quotes under the codes of the first level, each with all below it."""
    back = "t-barriers" if "barriers" in material.tables else ""
    result = []
    for top in material.codebook.children():
        mine = [g for g in found if g.code == top.path or g.code.startswith(f"{top.path}.")]
        sections = html.sections(mine, material.words, table=back, level=4)
        for section in sections:
            if section["id"] == anchor(top.path):  # coded on the top itself, and not below
                section["id"] += "-own"
                unspecified = material.words.caption("unspecified")
                section["title"] = f"{section['title']} ({unspecified})"
        if mine:
            result.append(
                {
                    "id": anchor(top.path),
                    "title": legible(material.codebook.label(top.path, material.words.name)),
                    "count": sum(len(group.quotes) for group in mine),
                    "back": f"#t-frequency-{anchor(top.path)}",
                    "sections": sections,
                }
            )
    return result


def _targets(noun: str, found: list[Group], tops: list[dict[str, Any]]) -> dict[str, int]:
    """Return where the numbers of a table lead: to a top code with all below it, or to a code."""
    if noun == "frequency":
        return {top["id"]: top["count"] for top in tops}
    return html.targets(found)


def _figure(
    material: Material, noun: str, figures: Mapping[str, tuple[Path, Path]]
) -> dict[str, str] | None:
    if noun not in figures:
        return None
    data = base64.b64encode(figures[noun][1].read_bytes()).decode("ascii")
    return {
        "data": f"data:image/svg+xml;base64,{data}",
        "caption": legible(material.figure_caption(noun)),
    }


def _codes(material: Material) -> list[dict[str, Any]]:
    book, language = material.codebook, material.words.name
    return [
        {
            "label": legible(book.label(code.path, language)),
            "definition": legible(code.definition.get(language, code.definition.get("", ""))),
            "deep": "." in code.path,
        }
        for code in book
    ]
