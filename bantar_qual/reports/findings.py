"""The report: everything a study found, in every form that is asked for, from one gathering."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bantar_qual.files import replacing
from bantar_qual.reports import manifest, page, workbook
from bantar_qual.reports import word as word_file
from bantar_qual.reports.gather import Material, gather

if TYPE_CHECKING:
    from bantar_qual.project import Project


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings(os.PathLike[str]):
    """Where a report was written, which files it has, and what was counted."""

    folder: Path
    files: tuple[Path, ...]
    counted: str  # accepted, suggested or all
    warnings: tuple[str, ...]  # what every reader must know before believing a number

    def __fspath__(self) -> str:
        return str(self.folder)


def report(
    project: Project,
    folder: str | Path,
    *,
    language: str | None = None,
    count: str | None = None,
) -> Findings:
    """Write the findings of a study: Word file, workbook, web page, figures, tables, manifest.

    Parameters
    ----------
    project
        The study.
    folder
        Where to write; it is made if need be, and files of an earlier report are replaced.
    language
        The language of everything that is written; that of the study if None.
    count
        Which codings count: ``"accepted"``, machine suggestions still open (``"suggested"``),
        or both (``"all"``). By default the accepted ones if there are any, else the
        suggestions; whatever counts suggestions says so on every page.

    Returns
    -------
    Findings
        The folder, the files, what was counted, and the warnings that the report carries.

    Raises
    ------
    UnknownPart
        If ``count`` is something else.
    LanguageError
        If there are no files for the language.

    Examples
    --------
    >>> from bantar_qual import Project
    >>> study = Project.create(tmp / "r.bantar", codebook="edwards-iii", language="en")
    >>> findings = report(study, tmp / "findings")
    >>> sorted(path.name for path in findings.files)[:3]
    ['findings.docx', 'findings.html', 'findings.xlsx']
    """
    material = gather(project, language=language, count=count)
    folder = Path(folder)
    figures = _figures(material, folder / "figures")
    files = [path for pair in figures.values() for path in pair]
    files.append(word_file.write(material, folder / "findings.docx", figures))
    files.append(workbook.write(material, folder / "findings.xlsx"))
    files.append(page.write(material, folder / "findings.html", figures))
    files += _tables(material, folder / "tables")
    files.append(manifest.write(material, folder / "manifest.json", files))
    return Findings(
        folder=folder,
        files=tuple(files),
        counted=material.basis,
        warnings=tuple(material.warnings),
    )


def _figures(material: Material, folder: Path) -> dict[str, tuple[Path, Path]]:
    """Draw the figures, each as PNG and SVG, with what a reader must know on the figure itself."""
    from bantar_qual import plot

    drawn = {}
    for noun, table in material.charted.items():
        axes = plot.charts[noun](table.frame, language=table.language, measure=material.measure)
        if material.marks:
            plot.remark(axes, " ".join(material.marks))
        paths = (folder / f"{noun}.png", folder / f"{noun}.svg")
        for path in paths:
            plot.save(axes, path)
        drawn[noun] = paths
    return drawn


def _tables(material: Material, folder: Path) -> list[Path]:
    """Write each table as CSV, and beside them what must be known to read them."""
    paths = [table.save(folder / f"{name}.csv") for name, table in material.tables.items()]
    notes = folder / "notes.txt"
    with replacing(notes) as temporary:
        lines = [*material.warnings, *material.method]
        lines += [f"{name}.csv: {table.heading}" for name, table in material.tables.items()]
        temporary.write_text("\n".join([*lines, ""]), encoding="utf-8")
    return [*paths, notes]
