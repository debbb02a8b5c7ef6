"""What tells who somebody is: found in a text, replaced without losing a place, looked for after.

Pure functions on texts, the words of a language and a table of names.
"""

from __future__ import annotations

from bantar_qual.privacy.finding import discovered, find, united
from bantar_qual.privacy.finds import KINDS, USUAL, Find
from bantar_qual.privacy.names import Known, Names
from bantar_qual.privacy.replacing import Shift, replaced

__all__ = [
    "KINDS",
    "USUAL",
    "Find",
    "Known",
    "Names",
    "Shift",
    "discovered",
    "find",
    "replaced",
    "united",
]
