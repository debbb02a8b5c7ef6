"""What a coding page and Python say to each other: checked, and without any of the two."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bantar_qual.errors import PageError
from bantar_qual.records import VALENCES

PROTOCOL = 1
PIECE = 400_000  # characters of one message; servers refuse floods of more than a megabyte
_ID = re.compile(r"[0-9A-Za-z-]{8,64}")
_MANY = 20_000  # codings in one command


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """Something that the researcher wants done, once, under an id that the page invented."""

    id: str
    op: str
    document: str
    args: Mapping[str, Any]


def _count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _text(value: Any) -> bool:
    return isinstance(value, str)


def _name(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _ids(value: Any) -> bool:
    return isinstance(value, list) and 0 < len(value) <= _MANY and all(map(_count, value))


def _valence(value: Any) -> bool:
    return value is None or value in VALENCES


def _pairs(value: Any) -> bool:
    known = isinstance(value, list) and 0 < len(value) <= _MANY
    two = 2
    return known and all(
        isinstance(pair, list) and len(pair) == two and all(map(_count, pair)) and any(pair)
        for pair in value
    )


def _rated(value: Any) -> bool:
    return _valence(value) or value == "as given"


def _about(value: Any) -> bool:
    return value in {"document", "code", "coding"}


_SPAN = {"start": _count, "end": _count, "quote": _name}
_CODE = {"code": _text, "label": _text}  # with a label: a new code of that name below the code
COMMANDS: Mapping[str, Mapping[str, Any]] = {
    "code": {**_SPAN, **_CODE, "valence": _valence},
    "uncode": {"codings": _ids},
    "recode": {"codings": _ids, **_CODE},
    "rate": {"codings": _ids, "valence": _valence},
    "resize": {"coding": _count, **_SPAN},
    "accept": {"codings": _ids, "bulk": _text, **_CODE, "valence": _rated, "memo": _text},
    "reject": {"codings": _ids, "bulk": _text},
    "agree": {"pairs": _pairs, "choice": _text, "valence": _rated, "reason": _text},
    "memo": {"about": _about, "key": _text, "text": _text},
    "undo": {},
    "redo": {},
}


def read_command(message: Mapping[str, Any]) -> Command:
    """Read a command, and refuse what is none.

    Raises
    ------
    PageError
        If the id, the operation or one of its arguments is not what it has to be.

    Examples
    --------
    >>> read_command({"id": "0123-4567", "op": "undo", "document": "a", "args": {}}).op
    'undo'
    """
    number, op, document = (message.get(key) for key in ("id", "op", "document"))
    if not (isinstance(number, str) and _ID.fullmatch(number)):
        msg = "the page sent a command without a proper id; reload the page"
        raise PageError(msg)
    if op not in COMMANDS or not _name(document):
        msg = f"the page asked for '{op}', which is not known; run the cell again"
        raise PageError(msg)
    args = message.get("args")
    wanted = COMMANDS[str(op)]
    if not isinstance(args, Mapping) or set(args) != set(wanted):
        msg = f"the page's '{op}' is not complete; run the cell again"
        raise PageError(msg)
    for key, fits in wanted.items():
        if not fits(args[key]):
            msg = f"the page's '{op}' has a strange '{key}'; nothing was changed"
            raise PageError(msg)
    return Command(id=number, op=str(op), document=str(document), args=dict(args))


def check_quote(there: str, length: int, quote: str) -> None:
    """Refuse a span whose words are not those that the researcher saw.

    Raises
    ------
    PageError
        If the words there are others, or not as many characters as the span is long.

    Examples
    --------
    >>> check_quote("tidak ada", 9, "tidak ada")
    """
    if not quote or there != quote or len(there) != length:
        msg = (
            "the words on the page are not those in the study any more; nothing was changed. "
            "The page shows the text anew"
        )
        raise PageError(msg)


def pieces(body: str, size: int = PIECE) -> list[str]:
    """Cut a long message into pieces that a notebook server lets through.

    Examples
    --------
    >>> pieces("abcde", 2)
    ['ab', 'cd', 'e']
    """
    return [body[at : at + size] for at in range(0, len(body), size)] or [""]


def path_for(label: str, parent: str, taken: Any) -> str:
    """Make a path for a new code from its label.

    Examples
    --------
    >>> path_for("Pos kamling kosong!", "bantar", {"bantar.pos_kamling_kosong"})
    'bantar.pos_kamling_kosong_2'
    """
    words = re.findall(r"[a-z0-9]+", _plain(label))[:5]
    key = "_".join(words)[:40].strip("_") or "code"
    key = f"code_{key}" if key[0].isdigit() else key
    stem = f"{parent}.{key}" if parent else key
    path, number = stem, 2
    while path in taken:
        path, number = f"{stem}_{number}", number + 1
    return path


def _plain(label: str) -> str:
    from unicodedata import normalize

    return "".join(c for c in normalize("NFKD", label.lower()) if c.isascii())
