"""The leak scan: a name is seen in every wrapping, and what is no name is not."""

from __future__ import annotations

import base64
import contextlib
import gzip
import json
import sqlite3
import zipfile
from collections.abc import Callable
from pathlib import Path

import docx
import matplotlib as mpl
import pandas as pd
import pytest
from matplotlib.backends.backend_svg import FigureCanvasSVG  # noqa: F401 - drawn without a screen
from matplotlib.figure import Figure

from bantar_qual.privacy.leaks import Leak, scan
from bantar_qual.privacy.lexicon import lexicon
from bantar_qual.store.publishing import cells

NAME = "Kanariwati Suryakencana"


def scanned(path: Path, *names: str) -> list[Leak]:
    """Look for names in a file or folder."""
    return scan([path], names or [NAME], words=lexicon("id"), cells=cells)


def text(path: Path, encoding: str = "utf-8") -> None:
    """Write the name in a plain text."""
    path.write_bytes(f"Kata {NAME.upper()}nya begitu.".encode(encoding))


def word_properties(path: Path) -> None:
    """Write the name only into the properties of a Word file."""
    document = docx.Document()
    document.core_properties.last_modified_by = NAME
    document.save(str(path))


def word_runs(path: Path) -> None:
    """Write the name into a Word file in pieces."""
    document = docx.Document()
    paragraph = document.add_paragraph("Kata ")
    for piece in (NAME[:4], NAME[4:9], NAME[9:]):
        paragraph.add_run(piece).bold = True
    document.save(str(path))


def workbook(path: Path) -> None:
    """Write the name into a cell of a workbook."""
    pd.DataFrame({"a": [f"Bu {NAME}"]}).to_excel(path, engine="xlsxwriter")


def page(path: Path) -> None:
    """Write the name with entities, and into an attribute."""
    path.write_text(
        f"<p title='{NAME}'>Kanari&#119;ati&nbsp;Surya&shy;kencana</p>", encoding="utf-8"
    )


def picture(path: Path) -> None:
    """Draw a figure that has the name only in its metadata."""
    figure = Figure()
    figure.add_subplot().plot([1, 2])
    key = "Creator" if path.suffix == ".svg" else "Author"
    with mpl.rc_context({"svg.fonttype": "path"}):
        figure.savefig(path, metadata={key: NAME})


def notebook(path: Path, data: str = NAME) -> None:
    """Write the name into the output of a notebook, as a picture in it if it is one."""
    kind = "text/plain" if data == NAME else "image/svg+xml;base64"
    output = {"output_type": "display_data", "data": {kind: data}, "metadata": {}}
    cell = {"cell_type": "code", "source": [], "outputs": [output], "metadata": {}}
    path.write_text(json.dumps({"cells": [cell], "nbformat": 4}), encoding="utf-8")


def notebook_picture(path: Path) -> None:
    """Write the name into a picture inside a notebook."""
    drawn = f"<svg><desc>{NAME}</desc>{' ' * 60}</svg>".encode()
    notebook(path, base64.b64encode(drawn).decode())


def database(path: Path) -> None:
    """Write the name into a cell of a database, in a text longer than a page."""
    with contextlib.closing(sqlite3.connect(path)) as file, file:
        file.execute("CREATE TABLE t (x)")
        file.execute("INSERT INTO t VALUES (?)", ["x" * 4070 + f" {NAME} " + "y" * 9000])


def free_page(path: Path) -> None:
    """Write the name into a database and delete it again."""
    with contextlib.closing(sqlite3.connect(path)) as file, file:
        file.execute("PRAGMA secure_delete = OFF")
        file.execute("CREATE TABLE t (x)")
        file.executemany("INSERT INTO t VALUES (?)", [[f"Bu {NAME} {n}"] for n in range(400)])
        file.commit()
        file.execute("DELETE FROM t")


def packed(path: Path) -> None:
    """Pack a packed file."""
    inner = path.with_suffix(".docx")
    word_properties(inner)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("a.gz", gzip.compress(inner.read_bytes()))
    inner.unlink()


def named(path: Path) -> None:
    """Put the name into the name of a file."""
    path.mkdir()
    (path / "wawancara_kanariwati-suryakencana.txt").write_text("kosong", encoding="utf-8")


WRAPPINGS: list[tuple[str, Callable[[Path], None]]] = [
    ("a.txt", text),
    ("utf16.txt", lambda path: text(path, "utf-16")),
    ("utf16be.txt", lambda path: text(path, "utf-16-be")),
    ("props.docx", word_properties),
    ("runs.docx", word_runs),
    ("a.xlsx", workbook),
    ("a.html", page),
    ("a.svg", picture),
    ("a.png", picture),
    ("a.pdf", picture),
    ("a.ipynb", notebook),
    ("b.ipynb", notebook_picture),
    ("a.bantar", database),
    ("b.bantar", free_page),
    ("a.zip", packed),
    ("folder", named),
]


@pytest.mark.parametrize(("name", "wrap"), WRAPPINGS, ids=[name for name, _ in WRAPPINGS])
def test_every_wrapping_is_opened(name: str, wrap: Callable[[Path], None], tmp_path: Path) -> None:
    """A name is seen in text and properties, packed, drawn, encoded or deleted; others are not."""
    path = tmp_path / name
    wrap(path)
    found = scanned(path)
    assert found, name
    assert all(leak.original == NAME for leak in found)
    assert scanned(path, "Walangsungsang Padmanagara", "Burhan") == []


@pytest.mark.parametrize(
    ("said", "seen"),
    [
        ("Budinya pergi", ["Budinya"]),
        ("BUDI-lah", ["BUDI-lah"]),
        ("Santoso", ["Santoso"]),
        ("budi pekerti, Budiman, kebudian, akal budi", []),
        ("0812 7455 3310 dan (0812)74553310", ["0812 7455 3310", "0812)74553310"]),
        ("108127455331099", []),
        ("Jumlah warga", []),
        ("Jum sakit", ["Jum"]),
    ],
)
def test_names_and_no_names(said: str, seen: list[str], tmp_path: Path) -> None:
    """What hangs on a name does not hide it; another word is no name."""
    path = tmp_path / "a.txt"
    path.write_text(said, encoding="utf-8")
    found = scanned(path, "Budi Santoso", "0812-7455-3310", "Jum")
    assert [leak.words for leak in found] == seen


def test_a_broken_file_is_still_looked_through(tmp_path: Path) -> None:
    """A file that is not what its name says, or is cut short, is read as bytes."""
    for name, data in (
        ("a.docx", b"PK\x03\x04 " + NAME.encode()),
        ("a.png", b"\x89PNG\r\n\x1a\n" + NAME.encode()),
        ("a.pdf", b"%PDF-1.4 " + NAME.encode()),
        ("a.gz", b"\x1f\x8b" + NAME.encode()),
        ("a.json", b"{" + NAME.encode()),
    ):
        (tmp_path / name).write_bytes(data)
        assert NAME in {leak.words for leak in scanned(tmp_path / name)}, name
