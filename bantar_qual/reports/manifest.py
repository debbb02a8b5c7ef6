"""The manifest: which texts and which codings a report was made of, and what it consists of."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

from bantar_qual.files import replacing
from bantar_qual.reports.gather import Material


def write(material: Material, path: Path, files: Sequence[Path]) -> Path:
    """Write the manifest beside the files of a report.

    Parameters
    ----------
    material
        What the report tells.
    path
        Where to write.
    files
        The files of the report; they are named relative to the manifest.
    """
    from bantar_qual import __version__

    content = {
        "bantar_qual": __version__,
        "made": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        "title": material.title,
        "language": material.words.name,
        "codebook": {"name": material.codebook.name, "version": material.codebook.version},
        "counted": material.basis,
        "counts": dict(material.counts),
        "warnings": list(material.warnings),
        "documents": {
            name: _checksum(document.text.encode("utf-8", "surrogatepass"))
            for name, document in material.documents.items()
        },
        "files": {
            file.relative_to(path.parent).as_posix(): _checksum(file.read_bytes()) for file in files
        },
    }
    with replacing(path) as temporary:
        text = json.dumps(content, ensure_ascii=False, indent=2)
        temporary.write_text(f"{text}\n", encoding="utf-8", errors="replace")
    return path


def _checksum(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
