"""Qualitative coding and analysis in notebooks: documents, codings, findings."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from bantar_qual import plot, retrieval, stats
    from bantar_qual.codebook import Codebook
    from bantar_qual.coders import CueCoder, ModelCoder
    from bantar_qual.errors import BantarError
    from bantar_qual.project import Project
    from bantar_qual.records import Case, Code, Coding, Document, Turn
    from bantar_qual.reports import report
    from bantar_qual.tables import Table, table
    from bantar_qual.widgets import code_by_hand, compare, review
    from bantar_qual.widgets.paper import Page, to_html

# Each public name is loaded when it is first asked for: `import bantar_qual` stays light.
_HOMES = {
    "BantarError": "errors",
    "Case": "records",
    "Code": "records",
    "Codebook": "codebook",
    "Coding": "records",
    "CueCoder": "coders",
    "Document": "records",
    "ModelCoder": "coders",
    "Page": "widgets.paper",
    "Project": "project",
    "Table": "tables",
    "Turn": "records",
    "code_by_hand": "widgets",
    "compare": "widgets",
    "plot": "",
    "report": "reports",
    "retrieval": "",
    "review": "widgets",
    "stats": "",
    "table": "tables",
    "to_html": "widgets.paper",
}

__all__ = [
    "BantarError",
    "Case",
    "Code",
    "Codebook",
    "Coding",
    "CueCoder",
    "Document",
    "ModelCoder",
    "Page",
    "Project",
    "Table",
    "Turn",
    "__version__",
    "code_by_hand",
    "compare",
    "plot",
    "report",
    "retrieval",
    "review",
    "stats",
    "table",
    "to_html",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        msg = f"module 'bantar_qual' has no attribute '{name}'"
        raise AttributeError(msg)
    home = _HOMES[name]
    value = (
        getattr(import_module(f"{__name__}.{home}"), name)
        if home
        else import_module(f"{__name__}.{name}")
    )
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return __all__
