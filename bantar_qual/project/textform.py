"""A study as a folder of plain text files, for version control, and back."""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import tempfile
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from bantar_qual.errors import ProjectError
from bantar_qual.files import taken_by_disk
from bantar_qual.store import Store, store_class
from bantar_qual.store import textform as _rows

if TYPE_CHECKING:
    from bantar_qual.project import Project

FORMAT = 1
FIELDS = (  # of a line of codings/*.jsonl, in this order
    "guid", "document", "start", "end", "quote", "code", "origin", "status", "valence",
    "confidence", "because", "memo", "anchor",
)  # fmt: skip
PARTS = ("study.yaml", "codebook.yaml", "cases.yaml", "documents", "revisions", "codings", "memos")
ENDINGS = {
    "documents": (".txt", ".yaml"),
    "revisions": (".txt",),
    "codings": (".jsonl",),
    "memos": (".md",),
}
SETTINGS = ("title", "language", "coder")

# Git for Windows would change the line ends of texts, and with them their checksums.
_KEEP_BYTES = b"* -text\n"
_OLD, _GONE, _NEW = ".bantar-old-", ".bantar-gone-", ".bantar-new-"  # in a dump being replaced
_RESERVED = {"con", "prn", "aux", "nul", "conin$", "conout$"} | {
    f"{port}{digit}" for port in ("com", "lpt") for digit in "0123456789¹²³"
}
_LONGEST = 60  # characters of a file's name, without its ending
_LONGEST_BYTES = 180  # file systems allow 255, ending and checksum included
_UNEVEN = str.maketrans({c: f"\\u{ord(c):04x}" for c in "\x7f\x85\u2028\u2029\ufeff"})


def dump(project: Project, folder: str | Path) -> Path:
    """Write the study, as it is now, as a folder of text files that version control can compare.

    ``study.yaml`` and ``codebook.yaml``; ``cases.yaml``; each document as its text, byte for
    byte, with what is known of it beside it; a line for each coding, a file for each coder; a
    file for each memo. The same study gives the same bytes, and a changed coding is a changed
    line. The history is not written: there version control has its own.

    Of a corrected transcript the older texts are written too, in ``revisions``, with who gave
    them when and why, and where the codings that wait to be settled stood in them. What a
    correction took out of a text, such as a name, is therefore still in the folder. To share a
    study without it, dump the file that ``project.export_anonymised`` made: it has no older text.

    Parameters
    ----------
    folder
        A new or empty folder, or an earlier dump, which is replaced. What lies beside the parts
        of a dump, such as ``.git`` or a read-me file, stays.

    Returns
    -------
    pathlib.Path
        The folder.

    Raises
    ------
    ProjectError
        If the folder holds something else, or cannot be written; then it stays as it was. Also
        if a text was altered outside bantar_qual.

    Examples
    --------
    >>> from bantar_qual import Project
    >>> project = Project.create(tmp / "dumped.bantar", codebook="edwards-iii", coder="SN")
    >>> sorted(path.name for path in dump(project, tmp / "dumped").iterdir())
    ['cases.yaml', 'codebook.yaml', 'study.yaml']
    """
    folder = Path(folder)
    mend(folder)
    _refuse(folder)
    files = _files(_rows.read(project.store), project.codebook.to_yaml())
    fresh = not folder.exists()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with taken_by_disk(folder), tempfile.TemporaryDirectory(dir=folder, prefix=_NEW) as name:
            for place, data in files.items():
                _write(Path(name, place), data)
            _swap(folder, Path(name))
    except OSError as error:
        if fresh:
            with contextlib.suppress(OSError):
                folder.rmdir()
        if isinstance(error, ProjectError):
            raise
        reason = f"it cannot be written ({error.strerror}); what was there was left as it was"
        raise ProjectError(folder, reason) from error
    return folder


def load(folder: str | Path, path: str | Path, *, coder: str | None = None) -> Project:
    """Make a study from a folder that ``dump`` wrote, also after it was changed or merged there.

    Documents, cases, codings and memos keep their GUIDs, and memos their authors and times. The
    history begins anew.

    Parameters
    ----------
    folder
        The dump.
    path
        The new study's file, or the address of an empty database on a server.
    coder
        Who works on it now, if not its maker.

    Raises
    ------
    ProjectError
        If there is already a file of that name; or if something in the folder does not fit: a
        text that is not the one that was dumped, a quote that is not in its text, a code that is
        not in the codebook, a file that cannot be read. The sentence names the file and the
        line, and nothing is made.
    CodebookError, LanguageError
        If the codebook holds faults, or the language is not known.

    Examples
    --------
    >>> from bantar_qual import Project
    >>> project = Project.create(tmp / "there.bantar", codebook="edwards-iii", coder="SN")
    >>> load(dump(project, tmp / "text"), tmp / "back.bantar")
    <Project back.bantar: 0 documents; codings: 0 suggested, 0 accepted, 0 rejected>
    """
    from bantar_qual.project import Project
    from bantar_qual.project.textread import study

    folder, kind = Path(folder), store_class(path)
    if kind is Store and Path(path).exists():
        reason = "there is already a file of that name; open it, or choose another"
        raise ProjectError(path, reason)
    mend(folder)
    found = study(folder)
    author = coder or found.settings.get("coder", "")
    note = f"load: from {folder.resolve().name}"
    begin = partial(_rows.write, study=found, coder=author, note=note)
    try:
        store = kind.create(path, begin=begin)
    except UnicodeEncodeError as error:
        reason = "it holds half of a character, which no text may hold; write it out whole"
        raise ProjectError(folder, reason) from error
    return Project(store, coder=coder or "")


# ---------------------------------------------------------------- the folder


def _refuse(folder: Path) -> None:
    """Refuse to write over what is no dump."""
    if not folder.exists():
        return
    if not folder.is_dir():
        raise ProjectError(folder, "this is a file; name a folder")
    if all(path.name.startswith(".") for path in folder.iterdir()):
        return  # a new repository, say
    if not is_dump(folder):
        reason = "the folder holds other files, and no dump of a study; choose a new folder"
        raise ProjectError(folder, reason)
    for part, endings in ENDINGS.items():
        for path in sorted((folder / part).glob("*")):
            if not path.name.startswith(".") and path.suffix not in endings:
                reason = f"{part}/{path.name} is no part of a dump and would be lost; move it away"
                raise ProjectError(folder, reason)


def is_dump(folder: Path) -> bool:
    """Tell whether a folder begins as a dump does."""
    try:
        with (folder / "study.yaml").open("rb") as file:
            return file.read(16).removeprefix(b"\xef\xbb\xbf").startswith(b"format:")
    except OSError:
        return False


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _swap(folder: Path, new: Path) -> None:
    """Put the new parts in the place of the old ones; if one cannot be moved, move all back.

    ``study.yaml`` goes first and comes last: a folder that was left half done, by a power cut,
    is no dump and never read as one, until ``mend`` has finished it.
    """
    old = Path(tempfile.mkdtemp(dir=folder, prefix=_OLD))
    gone = old.with_name(_GONE + old.name.removeprefix(_OLD))
    moved: list[tuple[Path, Path]] = []
    try:
        for part in _there(folder):
            _move(folder / part, old / part, moved)
        _move(old, gone, moved)  # from here on the new one is finished, not given up
        for part in reversed(_there(new)):
            _move(new / part, folder / part, moved)
    except BaseException:
        for before, after in reversed(moved):
            after.rename(before)
        old.rmdir()
        raise
    shutil.rmtree(gone, ignore_errors=True)


def mend(folder: Path) -> None:
    """Finish or take back what a dump left half done when it was cut short."""
    waiting = _NEW if any(folder.glob(f"{_GONE}*")) else _OLD
    for source in sorted(folder.glob(f"{waiting}*")) if not is_dump(folder) else ():
        with contextlib.suppress(OSError):  # what cannot be mended is no dump, and refused as such
            for part in reversed(_there(source)):
                (source / part).rename(folder / part)
    for start in (_OLD, _GONE, _NEW) if is_dump(folder) else (_NEW,):
        for left in folder.glob(f"{start}*"):
            shutil.rmtree(left, ignore_errors=True)


def _there(folder: Path) -> list[str]:
    """Name the parts of a dump that are in a folder, the one by which it is known first."""
    return [part for part in PARTS if os.path.lexists(folder / part)]


def _move(source: Path, target: Path, moved: list[tuple[Path, Path]]) -> None:
    source.rename(target)
    moved.append((source, target))


# ---------------------------------------------------------------- the files


def _files(study: _rows.Study, codebook: str) -> dict[str, bytes]:
    """Return the bytes of every file by its place in the folder."""
    coders = safe_names(study.coders)
    known = [[name, guid, coders[name]] for name, guid in study.coders.items()]
    head: dict[str, Any] = {"format": FORMAT}
    head |= {key: study.settings[key] for key in SETTINGS if key in study.settings}
    more = {key: text for key, text in sorted(study.settings.items()) if key not in SETTINGS}
    files = {
        "study.yaml": _yaml(_told({**head, "settings": more, "coders": list(map(_Line, known))})),
        "codebook.yaml": codebook.encode(),
        "cases.yaml": _yaml([_case(row) for row in study.cases]),
    }
    names = safe_names(row["name"] for row in study.documents)
    texts = {row["name"]: row["text"] for row in study.documents}
    for row in study.documents:
        place = f"documents/{names[row['name']]}"
        files[f"{place}.txt"] = row["text"].encode()
        files[f"{place}.yaml"] = _yaml(_document(row))
        for number, text in enumerate(row["revisions"][:-1], 1):
            files[f"revisions/{names[row['name']]}.{number}.txt"] = text["text"].encode()
    lines: dict[str, list[str]] = {}
    for row in study.codings:
        lines.setdefault(row["coder"], []).append(_line(row, texts[row["document"]]))
    for name, listed in lines.items():
        files[f"codings/{coders[name]}.jsonl"] = "".join(listed).encode()
    for row in study.memos:
        head = {name: row[name] for name in ("guid", "about", "key", "coder", "time")}
        text = b"---\n" + _yaml(head) + b"---\n" + row["text"].encode() + b"\n"
        files[f"memos/{row['number']:03}-{_slug(row)}.md"] = text
    for part in {place.partition("/")[0] for place in files} & {"documents", "revisions", "memos"}:
        files[f"{part}/.gitattributes"] = _KEEP_BYTES
    return files


def _told(row: Mapping[str, Any]) -> dict[str, Any]:
    """Leave out what there is none of; an empty text is something."""
    return {name: value for name, value in row.items() if value not in ({}, [], None)}


def _case(row: Mapping[str, Any]) -> dict[str, Any]:
    return _told({name: row[name] for name in ("name", "guid", "attributes")})


def _document(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return what stands beside a text."""
    names = ("number", "name", "guid", "kind", "language", "case", "source", "sha256")
    told = {name: row[name] for name in (*names, "attributes", "speakers")}
    told["turns"] = [_Line(turn) for turn in row["turns"]]
    return _told({**told, "revisions": [_revision(text) for text in row["revisions"]]})


def _revision(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is known of a text that a document has had; the last of them lies beside."""
    told = {name: row.get(name) for name in ("time", "coder", "reason", "sha256")}
    return _told({**told, "turns": [_Line(turn) for turn in row.get("turns", ())]})


def _line(row: Mapping[str, Any], text: str) -> str:
    quote = text[row["start"] : row["end"]]
    values = {name: quote if name == "quote" else row[name] for name in FIELDS}
    if row["was"]:
        values["was"] = row["was"]
    # Line ends that only some programs know would make two lines of one.
    return json.dumps(values, ensure_ascii=False).translate(_UNEVEN) + "\n"


def _slug(row: Mapping[str, Any]) -> str:
    """Return words for a memo's file name, from what it is about; its text may be rewritten."""
    key = row["key"][:8] if row["about"] == "coding" else row["key"]
    words = re.sub(r"[\W_]+", "-", unicodedata.normalize("NFC", f"{row['about']} {key}").lower())
    return words[:40].strip("-")


class _Line(list[Any]):
    """A list that stands on one line."""


class _Dumper(yaml.SafeDumper):
    """Write YAML with each value on one line, so that a comparison shows what was changed."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002 - the library's method
        return True


def _string(dumper: yaml.SafeDumper, text: str) -> yaml.Node:
    style = None if text.isprintable() else '"'
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


def _listed(dumper: yaml.SafeDumper, items: _Line) -> yaml.Node:
    return dumper.represent_sequence("tag:yaml.org,2002:seq", items, flow_style=True)


_Dumper.add_representer(str, _string)
_Dumper.add_representer(_Line, _listed)


def _yaml(data: Any) -> bytes:
    text: str = yaml.dump(data, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=1 << 30)
    return text.encode()


# ---------------------------------------------------------------- safe names


def safe_names(names: Iterable[str]) -> dict[str, str]:
    """Return a file name, without ending, for each name; safe on every system, and told apart.

    A name that cannot be a file name, or is one already when case and the ways to write an
    accent are not told apart, gets a piece of its checksum. A name that comes later never
    changes the file name of one that came before.

    Examples
    --------
    >>> safe_names(["Ketua RT 07", "ketua rt 07", "../nul", "CON"])  # doctest: +ELLIPSIS
    {'Ketua RT 07': 'Ketua RT 07', 'ketua rt 07': 'ketua rt 07-...', '../nul': '_nul-...', ...
    """
    taken: set[str] = set()
    result: dict[str, str] = {}
    for name in names:
        file = next(file for file in _proposals(name) if folded(file) not in taken)
        taken.add(folded(file))
        result[name] = file
    return result


def folded(file: str) -> str:
    """Return what a file system sees that tells apart neither case nor forms of accents."""
    return unicodedata.normalize("NFD", unicodedata.normalize("NFD", file).casefold())


def _proposals(name: str) -> Iterator[str]:
    whole = unicodedata.normalize("NFC", name)
    plain = "".join("_" if _unsafe(c) else c for c in whole)[:_LONGEST]
    plain = plain.encode()[:_LONGEST_BYTES].decode(errors="ignore").strip(" .") or "_"
    if plain.partition(".")[0].strip().casefold() in _RESERVED:
        plain = f"_{plain}"
    if plain == whole:
        yield plain
    digest = sha256(name.encode("utf-8", "surrogatepass")).hexdigest()
    yield from (f"{plain}-{digest[:length]}" for length in (8, 16, 64))


def _unsafe(character: str) -> bool:
    """Tell whether a character may be missing, hidden or forbidden in a file's name."""
    return character in '<>:"/\\|?*' or not character.isprintable()
