"""Let atheris look for a file that a reader neither reads nor refuses.

Run as ``python tests/fuzz/readers.py docx -max_total_time=600`` (needs ``pip install atheris``).
For docx and odt the fuzzer writes the XML inside the package; for other formats the file.
"""

from __future__ import annotations

import sys
import tempfile
import zipfile
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["bantar_qual.importers", "bantar_qual.text"]):
    from bantar_qual.importers import importers, read_document

from bantar_qual.errors import UnreadableDocument

sys.path.insert(0, str(Path(__file__).parent.parent / "importers"))
import interview_files

SEEDS = {
    "docx": (interview_files.interview_docx, "word/document.xml"),
    "odt": (interview_files.interview_odt, "content.xml"),
    "rtf": (interview_files.interview_rtf, ""),
    "html": (interview_files.interview_html, ""),
}


def main() -> None:
    """Fuzz one format, from the interview as it is saved in it."""
    suffix = sys.argv.pop(1) if len(sys.argv) > 1 else "docx"
    write, part = SEEDS[suffix]
    list(importers)
    folder = Path(tempfile.mkdtemp())
    corpus = folder / "corpus"
    corpus.mkdir()
    path = write(folder / f"a.{suffix}")
    parts: dict[str, bytes] = {}
    if part:
        with zipfile.ZipFile(path) as package:
            parts = {name: package.read(name) for name in package.namelist()}
    (corpus / "interview").write_bytes(parts[part] if part else path.read_bytes())

    def once(data: bytes) -> None:
        if part:
            with zipfile.ZipFile(path, "w") as package:
                for name, inner in (parts | {part: data}).items():
                    package.writestr(name, inner)
        else:
            path.write_bytes(data)
        try:
            read_document(path, language="id").text.encode("utf-8")
        except UnreadableDocument as error:
            if "\n" in str(error):
                raise

    atheris.Setup([sys.argv[0], str(corpus), "-max_len=20000", *sys.argv[1:]], once)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
