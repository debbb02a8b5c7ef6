"""Reading files, beside python-docx, pypdf and pandas on the same files.

    python benchmarks/importing.py

``read_docx``, ``read_pdf`` and ``read_table`` do what the peers do, and more: tables, tracked
changes, text boxes and notes; paragraphs instead of lines. ``read_document`` also cleans the text
and finds header, speakers and turns. PDFs are read in a process of their own, whose start is
in our time: it is most of it for a short file.
"""

from __future__ import annotations

import sys
import tempfile
import zipfile
from pathlib import Path

import docx
import pandas as pd
import pypdf
import pypdfium2
import xlsxwriter
from bench import compare

from bantar_qual.files import shipped
from bantar_qual.importers import read_document
from bantar_qual.importers.docx import read_docx
from bantar_qual.importers.pdf import read_pdf
from bantar_qual.importers.table import read_table

sys.path.insert(0, str(Path(__file__).parent.parent / "tests" / "importers"))
from interview_files import pdf

_PARAGRAPHS = 600  # about twenty pages
_PAGES, _LINES = 40, 45
_ROWS = 5_000


def main() -> None:
    """Print seconds and ratios for Word files, PDFs and tables."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        speeches = _speeches()
        _word(_word_file(folder / "a.docx", speeches))
        _portable(_pdf_file(folder / "a.pdf", speeches))
        _tables(*_table_files(folder, speeches))


def _speeches() -> list[str]:
    files = sorted(shipped("interviews").glob("*.txt"))
    turns = [
        f"{turn.speaker}: {document.text[turn.start : turn.end]}"
        for document in map(read_document, files)
        for turn in document.turns
    ]
    return (turns * (_PARAGRAPHS * 2 // len(turns) + 1))[: _PARAGRAPHS * 2]


def _word_file(path: Path, speeches: list[str]) -> Path:
    """Write a transcript as Word does: a bold label and several runs in each paragraph."""
    document = docx.Document()
    for speech in speeches[:_PARAGRAPHS]:
        label, _, said = speech.partition(": ")
        paragraph = document.add_paragraph()
        paragraph.add_run(f"{label}: ").bold = True
        for sentence in said.split(". "):
            paragraph.add_run(f"{sentence}. ")
    document.save(str(path))
    return path


def _word(path: Path) -> None:
    def by_python_docx() -> str:
        return "\n".join(paragraph.text for paragraph in docx.Document(str(path)).paragraphs)

    def unzipped() -> bytes:
        with zipfile.ZipFile(path) as package:
            return package.read("word/document.xml")

    same = by_python_docx() == read_docx(path).text
    _show(
        f"Word: {len(by_python_docx()):,} letters, {_PARAGRAPHS} paragraphs; the same text: {same}",
        compare(
            {
                "python-docx": by_python_docx,
                "read_docx": lambda: read_docx(path),
                "read_document": lambda: read_document(path, language="id"),
                "unzip alone": unzipped,
            },
            rounds=25,
        ),
    )


def _pdf_file(path: Path, speeches: list[str]) -> Path:
    words = " ".join(speeches).encode("cp1252", "ignore").decode("cp1252").split()
    pages = []
    for _ in range(_PAGES):
        lines = [(72, 780 - 16 * n, " ".join(words[n * 11 : n * 11 + 11])) for n in range(_LINES)]
        words = words[_LINES * 11 :] or words
        pages.append(lines)
    return pdf(path, [list(page) for page in pages])


def _portable(path: Path) -> None:
    def by_pypdf() -> str:
        return "\n".join(page.extract_text() for page in pypdf.PdfReader(path).pages)

    def by_pdfium() -> str:
        document = pypdfium2.PdfDocument(path)
        text = "\n".join(page.get_textpage().get_text_range() for page in document)
        document.close()
        return text

    same = by_pypdf().split() == read_pdf(path).text.split()
    _show(
        f"PDF: {_PAGES} pages, {len(by_pypdf()):,} letters; the same words: {same}",
        compare(
            {
                "pypdf": by_pypdf,
                "read_pdf": lambda: read_pdf(path),
                "read_document": lambda: read_document(path, language="id"),
                "pypdfium2 alone, no safety": by_pdfium,
            },
            rounds=5,
        ),
    )


def _table_files(folder: Path, speeches: list[str]) -> tuple[Path, Path]:
    frame = pd.DataFrame(
        {
            "case": [f"K-{n:04}" for n in range(_ROWS)],
            "rt": [f"{n % 20:02}" for n in range(_ROWS)],
            "answer": [speeches[n % len(speeches)] for n in range(_ROWS)],
        }
    )
    comma, excel = folder / "a.csv", folder / "a.xlsx"
    frame.to_csv(comma, index=False)
    book = xlsxwriter.Workbook(str(excel))
    sheet = book.add_worksheet()
    for number, row in enumerate([tuple(frame.columns), *frame.itertuples(index=False)]):
        for column, cell in enumerate(row):
            sheet.write_string(number, column, cell)
    book.close()
    return comma, excel


def _tables(comma: Path, excel: Path) -> None:
    def pandas_csv() -> pd.DataFrame:
        return pd.read_csv(comma, dtype=str, keep_default_na=False)

    def pandas_excel() -> pd.DataFrame:
        return pd.read_excel(excel, dtype=str, keep_default_na=False, engine="calamine")

    same = read_table(comma).to_numpy().tolist() == pandas_csv().to_numpy().tolist()
    _show(
        f"CSV: {_ROWS:,} rows; the same cells: {same}",
        compare({"pandas": pandas_csv, "read_table": lambda: read_table(comma)}, rounds=5),
    )
    same = read_table(excel).to_numpy().tolist() == pandas_excel().to_numpy().tolist()
    _show(
        f"Excel: {_ROWS:,} rows; the same cells: {same}",
        compare({"pandas": pandas_excel, "read_table": lambda: read_table(excel)}, rounds=5),
    )


def _show(title: str, found: dict[str, tuple[float, float]]) -> None:
    print(title)
    peer = next(iter(found))
    for name, (seconds, ratio) in found.items():
        print(f"  {name:<28} {1000 * seconds:9.1f} ms   {ratio:5.2f} x {peer}")


if __name__ == "__main__":
    main()
