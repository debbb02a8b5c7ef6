"""Files: YAML with the places of its parts, what ships with the package, and safe writing."""

from __future__ import annotations

import contextlib
import errno
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from bantar_qual.errors import BantarError, ProjectError

Place = tuple[str | int, ...]

MAX_YAML = 4_000_000  # characters; a codebook of a thousand codes stays far below

# The C reader where the YAML library has one: eight times as fast on a codebook.
_LOADER: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)

# Signs that turn the direction of what follows: in a name they can make one look like another.
_TURNING = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)])

# What a full disk, a used-up share of it, or a broken one answers.
_DISK = {getattr(errno, name, errno.ENOSPC) for name in ("ENOSPC", "EDQUOT", "EFBIG", "EIO")}
_FULL = (
    "the disk is full or did not take the file; what was there was left as it was. Make room on "
    "the disk, then try again"
)

_PACKAGE = Path(__file__).parent
_SHIPPED = {  # folder in the wheel, folder in a checkout
    "codebooks": (_PACKAGE / "_shipped" / "codebooks", _PACKAGE.parent / "codebooks"),
    "interviews": (_PACKAGE / "_shipped" / "interviews", _PACKAGE.parent / "data" / "interviews"),
}


def plain_name(text: str) -> str:
    """Return a name without the signs that turn the direction of writing.

    Examples
    --------
    >>> plain_name(f"laporan{chr(0x202E)}fdp")
    'laporanfdp'
    """
    return text.translate(_TURNING)


class YamlFault(ValueError):
    """A YAML text cannot be read; the message says where."""


def shipped(what: str) -> Path:
    """Return the folder of the shipped ``codebooks`` or ``interviews``."""
    wheel, checkout = _SHIPPED[what]
    return wheel if wheel.is_dir() else checkout


def cache_folder() -> Path:
    """Return the folder for what can be made anew; it need not exist, nor be writable.

    ``BANTAR_CACHE`` names another one.
    """
    for variable, below in (("BANTAR_CACHE", ""), ("XDG_CACHE_HOME", "bantar_qual"),
                            ("LOCALAPPDATA", "bantar_qual")):  # fmt: skip
        if folder := os.environ.get(variable, ""):
            return Path(folder) / below
    try:
        return Path.home() / ".cache" / "bantar_qual"
    except RuntimeError:  # nobody is at home
        return Path(tempfile.gettempdir()) / "bantar_qual"


def read_yaml(text: str) -> tuple[Any, dict[Place, int]]:
    """Read a YAML text into plain lists, dicts and strings, with the line of every part.

    Every scalar stays the string that the author wrote: a code named ``no``, ``012`` or ``1:30``
    is never turned into False, 10 or 90. Aliases are refused, for a few lines of them can stand
    for gigabytes.

    Raises
    ------
    YamlFault
        If the text is no YAML, too large, or names a key twice in one mapping.
    """
    if len(text) > MAX_YAML:
        msg = f"the file is larger than {MAX_YAML:,} characters"
        raise YamlFault(msg)
    try:
        for event in yaml.parse(text, Loader=_LOADER):
            if isinstance(event, yaml.AliasEvent):
                line = getattr(event.start_mark, "line", 0) + 1
                msg = f"line {line}: aliases (*{event.anchor}) are not allowed"
                raise YamlFault(msg)
        node = yaml.compose(text, Loader=_LOADER)
    except yaml.YAMLError as error:
        raise YamlFault(_fault(error)) from None
    lines: dict[Place, int] = {}
    return (None if node is None else _plain(node, (), lines)), lines


def _fault(error: yaml.YAMLError) -> str:
    """Say in one line what the YAML reader stumbled over."""
    mark = getattr(error, "problem_mark", None)
    problem = getattr(error, "problem", None) or "not readable as YAML"
    return f"line {mark.line + 1}: {problem}" if mark else str(problem)


def _plain(node: yaml.Node, place: Place, lines: dict[Place, int]) -> Any:
    lines[place] = node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        result: dict[str, Any] = {}
        for key_node, value in node.value:
            key = str(key_node.value)
            if key in result:
                msg = f"line {key_node.start_mark.line + 1}: '{key}' stands twice in one place"
                raise YamlFault(msg)
            result[key] = _plain(value, (*place, key), lines)
        return result
    if isinstance(node, yaml.SequenceNode):
        return [_plain(item, (*place, i), lines) for i, item in enumerate(node.value)]
    return node.value


@contextlib.contextmanager
def replacing(path: str | Path) -> Iterator[Path]:
    """Give a temporary path beside ``path``, and put it in its place when all went well.

    A failure leaves an old file as it was, and never a half-written new one.

    Raises
    ------
    ProjectError
        If the disk is full.
    """
    path = Path(path)
    with taken_by_disk(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        with _replacing(path) as temporary:
            yield temporary


@contextlib.contextmanager
def taken_by_disk(path: Path) -> Iterator[None]:
    """Say in the researcher's words that a disk is full.

    Raises
    ------
    ProjectError
        In place of the disk's error; any other trouble is passed on as it is.
    """
    try:
        yield
    except BantarError:
        raise
    except OSError as error:
        if error.errno in _DISK:
            raise ProjectError(path, _FULL) from error
        raise


@contextlib.contextmanager
def _replacing(path: Path) -> Iterator[Path]:
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=path.suffix)
    temporary = Path(name)
    try:
        os.close(handle)
        yield temporary
        with temporary.open("rb+") as file:
            os.fsync(file.fileno())
        temporary.chmod(0o644)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
