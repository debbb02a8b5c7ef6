"""Join the modules of this folder into the one file that notebooks load.

A widget is one file. The modules have names of their own for everything, so joining is all there
is to do: imports go, the word `export` goes, and each module stands once, after those it needs.

    python js/build.py           writes bantar_qual/widgets/static/widget.js
    python js/build.py --check   exits 1 if that file is not what the modules say
"""

# ruff: noqa: INP001
from __future__ import annotations

import re
import sys
from pathlib import Path

HERE = Path(__file__).parent
TARGET = HERE.parent / "bantar_qual" / "widgets" / "static" / "widget.js"
_IMPORT = re.compile(r"^import (?:.*? from )?\"\./([\w-]+\.js)\";\n", re.MULTILINE)
_EXPORT = re.compile(r"^export (?!default)", re.MULTILINE)


def joined(first: str = "index.js") -> str:
    """Return all modules that the first one needs, in order, as one module."""
    order: list[str] = []

    def visit(name: str) -> None:
        if name in order:
            return
        for needed in _IMPORT.findall((HERE / name).read_text(encoding="utf-8")):
            visit(needed)
        order.append(name)

    visit(first)
    parts = (
        f"// ---- {name}\n" + _bare((HERE / name).read_text(encoding="utf-8")) for name in order
    )
    head = "// Joined from js/*.js by js/build.py; change those, not this file.\n\n"
    return head + "\n".join(parts)


def _bare(text: str) -> str:
    return _EXPORT.sub("", _IMPORT.sub("", text)).strip() + "\n"


def main() -> int:
    """Write the joined file, or check it."""
    text = joined()
    if "--check" in sys.argv:
        return int(not TARGET.is_file() or TARGET.read_text(encoding="utf-8") != text)
    TARGET.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
