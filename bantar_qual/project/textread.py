"""Read a study from its folder of text files, and refuse with the place what does not fit."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, get_args
from uuid import uuid4

from bantar_qual.codebook import Codebook
from bantar_qual.errors import CodingError, ProjectError, did_you_mean
from bantar_qual.files import YamlFault, read_yaml
from bantar_qual.languages import language as load_language
from bantar_qual.project.memos import About
from bantar_qual.project.textform import FIELDS, FORMAT, SETTINGS, folded, is_dump
from bantar_qual.records import KINDS, Coding, Role
from bantar_qual.store.textform import Row, Study, ordered

_FAR = 1 << 31  # no text is that long; where a lost coding was may lie outside its new text
_MEMO = re.compile(r"(\d{1,9})-")


def study(folder: Path) -> Study:
    """Read and check everything in a dump.

    Raises
    ------
    ProjectError
        At the first thing that does not fit, with its file and line.
    CodebookError, LanguageError
        If the codebook holds faults, or the language is not known.
    """
    if not folder.is_dir():
        raise ProjectError(folder, "there is no such folder to load a study from")
    if not is_dump(folder):
        raise ProjectError(folder, "this is no dump of a study: it has no study.yaml as one begins")
    head = _File(folder / "study.yaml").mapping()
    version = head.text("format")
    if version != str(FORMAT):
        reason = f"it has format {version!r}, and this bantar_qual reads {FORMAT}; look for a newer"
        raise ProjectError(head.path, reason)
    settings = {key: head.text(key) for key in SETTINGS if key in head.data}
    settings |= head.texts("settings")
    load_language(settings.get("language", "id"))
    book = Codebook.parse(_text(folder / "codebook.yaml"), name="codebook.yaml")
    cases = _cases(folder / "cases.yaml")
    documents = _documents(folder / "documents", {row["name"] for row in cases})
    coders, codings = _codings(folder / "codings", head, documents, book)
    return Study(
        settings=settings,
        codebook=book.to_yaml(),
        cases=cases,
        documents=documents,
        coders=coders,
        codings=codings,
        memos=_memos(folder / "memos"),
    )


# ---------------------------------------------------------------- files


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise ProjectError(path, f"it is missing in '{path.parent.name}'") from None
    except OSError as error:
        raise ProjectError(path, f"it cannot be read ({error.strerror})") from error


def _decoded(data: bytes, path: Path) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise ProjectError(path, f"line {line}: it is not UTF-8 text") from None


def _text(path: Path) -> str:
    return _decoded(_bytes(path), path).removeprefix("\ufeff")


def _listed(folder: Path, ending: str) -> list[Path]:
    """List the files of a part of the dump, hidden ones left out, in one order everywhere."""
    found = folder.glob(f"*{ending}") if folder.is_dir() else ()
    return sorted(path for path in found if not path.name.startswith("."))


@dataclass(frozen=True, slots=True)
class _Mapping:
    """A mapping of a YAML file, whose values are asked for by the type that they must have."""

    path: Path
    data: Mapping[str, Any]
    line: int = 1

    def fault(self, reason: str) -> ProjectError:
        return ProjectError(self.path, f"line {self.line}: {reason}")

    def text(self, key: str) -> str:
        if key not in self.data:
            raise self.fault(f"the field '{key}' is missing")
        if not isinstance(self.data[key], str):
            raise self.fault(f"the field '{key}' should be one text")
        return str(self.data[key])

    def one_of(self, key: str, allowed: Sequence[str]) -> str:
        value = self.text(key)
        if value not in allowed:
            raise self.fault(f"the {key} is one of {', '.join(allowed)}; not '{value}'")
        return value

    def number(self, key: str) -> int:
        value = self.text(key)
        if not re.fullmatch(r"\d{1,9}", value):
            raise self.fault(f"the field '{key}' should be a number")
        return int(value)

    def texts(self, key: str) -> dict[str, str]:
        value = self.data.get(key, {})
        if not isinstance(value, dict) or not all(isinstance(v, str) for v in value.values()):
            raise self.fault(f"the field '{key}' should hold a text for each name")
        return value

    def lines(self, key: str, width: int) -> list[list[str]]:
        rows = self.data.get(key, [])
        for row in rows if isinstance(rows, list) else [""]:
            texts = isinstance(row, list) and all(isinstance(item, str) for item in row)
            if not texts or len(row) != width:
                raise self.fault(f"the field '{key}' should be lists of {width} texts")
        return list(rows)


@dataclass(frozen=True, slots=True)
class _File:
    """A YAML file."""

    path: Path
    source: str | None = None

    def read(self) -> tuple[Any, dict[Any, int]]:
        try:
            return read_yaml(_text(self.path) if self.source is None else self.source)
        except YamlFault as fault:
            raise ProjectError(self.path, str(fault)) from None

    def mapping(self) -> _Mapping:
        data, _ = self.read()
        if not isinstance(data, dict):
            raise ProjectError(self.path, "it should hold 'name: value' lines, as it was dumped")
        return _Mapping(self.path, data)

    def mappings(self) -> list[_Mapping]:
        data, lines = self.read()
        if not isinstance(data, list) or not all(isinstance(item, dict) for item in data):
            raise ProjectError(self.path, "it should hold a list of cases, as it was dumped")
        return [_Mapping(self.path, item, lines[i,]) for i, item in enumerate(data)]


@dataclass(slots=True)
class _Once:
    """What may stand only once in a dump; twice is what is left of a careless merge."""

    noun: str
    seen: dict[Any, str] = field(default_factory=dict)

    def add(self, key: Any, place: _Mapping) -> None:
        if key in self.seen:
            raise place.fault(f"the same {self.noun} stands in {self.seen[key]}; keep one of them")
        self.seen[key] = f"{place.path.name}, line {place.line}"


# ---------------------------------------------------------------- cases and documents


def _cases(path: Path) -> list[Row]:
    names, guids = _Once("case"), _Once("GUID")
    rows = []
    for found in _File(path).mappings():
        row = {"name": found.text("name"), "guid": _guid(found)}
        names.add(row["name"], found)
        guids.add(row["guid"], found)
        rows.append({**row, "attributes": found.texts("attributes")})
    return rows


def _guid(found: _Mapping) -> str:
    guid = found.text("guid")
    if not re.fullmatch(r"[0-9A-Fa-f-]{32,36}", guid):
        raise found.fault(f"'{guid}' is no GUID; take it over as it was dumped")
    return guid


def _documents(folder: Path, cases: set[str]) -> list[Row]:
    names, guids = _Once("document"), _Once("GUID")
    rows = []
    texts = {path.name.removesuffix(".txt") for path in _listed(folder, ".txt")}
    for path in _listed(folder, ".yaml"):
        texts.discard(path.name.removesuffix(".yaml"))
        found = _File(path).mapping()
        row = _document(found, cases)
        names.add(row["name"], found)
        guids.add(row["guid"], found)
        rows.append(row)
    for name in sorted(texts):
        reason = f"there is no {name}.yaml beside it; import the text with `bantar import`"
        raise ProjectError(folder / f"{name}.txt", reason)
    return sorted(rows, key=lambda row: (row["number"], row["name"]))


def _document(found: _Mapping, cases: set[str]) -> Row:
    path = found.path.with_name(found.path.name.removesuffix(".yaml") + ".txt")
    data = _bytes(path)
    if sha256(data).hexdigest() != found.text("sha256"):
        reason = "the text is not the one that was dumped (its SHA-256 differs); take it back from "
        raise ProjectError(path, f"{reason}version control, with its line ends as they were")
    text = _decoded(data, path)
    case = found.text("case") if "case" in found.data else None
    speakers = found.texts("speakers")
    for name in (*([] if case is None else [case]), *speakers.values()):
        if name not in cases:
            raise found.fault(f"no case '{name}' in cases.yaml.{did_you_mean(name, cases)}")
    return {
        "number": found.number("number"),
        "guid": _guid(found),
        "name": found.text("name"),
        "kind": found.one_of("kind", KINDS),
        "language": found.text("language"),
        "case": case,
        "source": found.text("source"),
        "sha256": found.text("sha256"),
        "text": text,
        "attributes": found.texts("attributes"),
        "speakers": speakers,
        "turns": list(_turns(found, len(text))),
    }


def _turns(found: _Mapping, length: int) -> Iterator[list[Any]]:
    last = -1
    for row in found.lines("turns", 6):
        fits = all(re.fullmatch(r"\d{1,9}", item) for item in row[:3])
        number, start, end = map(int, row[:3]) if fits else (0, 1, 0)
        if not (fits and last < number and start <= end <= length and row[4] in get_args(Role)):
            said = f"the turn [{', '.join(row)}] does not fit: number, start, end, speaker, role"
            raise found.fault(f"{said} and time, in the order of their numbers")
        last = number
        yield [number, start, end, *row[3:]]


# ---------------------------------------------------------------- codings


def _codings(
    folder: Path, head: _Mapping, documents: Sequence[Row], book: Codebook
) -> tuple[dict[str, str], list[Row]]:
    known = {folded(file): (name, guid) for name, guid, file in head.lines("coders", 3)}
    coders = dict(known.values())
    texts = {row["name"]: row["text"] for row in documents}
    codes = {code.path for code in book}
    places, guids = _Once("coding"), _Once("GUID")
    rows: list[Row] = []
    for path in _listed(folder, ".jsonl"):
        stem = path.name.removesuffix(".jsonl")
        # A file that somebody added by hand: its name is the coder's.
        coder, guid = known.get(folded(stem), (stem, str(uuid4())))
        coders.setdefault(coder, guid)
        for found in _lines(path):
            row = _coding(found, coder, texts, codes)
            guids.add(row["guid"], found)
            places.add((coder, *(row[n] for n in ("document", "start", "end", "code"))), found)
            rows.append(row)
    used = {row["coder"] for row in rows}
    return {name: guid for name, guid in coders.items() if name in used}, ordered(rows)


def _lines(path: Path) -> Iterator[_Mapping]:
    for number, line in enumerate(_text(path).split("\n"), 1):
        if not line.strip():
            continue
        try:
            data = json.loads(line)
        except (ValueError, RecursionError) as error:
            reason = f"line {number}: it cannot be read as JSON ({str(error).partition(':')[0]})"
            raise ProjectError(path, reason) from None
        found = _Mapping(path, data if isinstance(data, dict) else {}, number)
        for key in FIELDS:
            if key not in found.data:
                raise found.fault(f"the field '{key}' is missing")
        for key in found.data:
            if key not in FIELDS:
                raise found.fault(f"unknown field '{key}'.{did_you_mean(key, FIELDS)}")
        yield found


def _coding(found: _Mapping, coder: str, texts: Mapping[str, str], codes: set[str]) -> Row:
    """Check a line of codings and return it."""
    data = found.data
    row = {n: found.text(n) for n in ("document", "code", "origin", "status")}
    row |= {n: found.text(n) for n in ("because", "memo", "anchor")}
    start, end, confidence = data["start"], data["end"], data["confidence"]
    if type(start) is not int or type(end) is not int:
        raise found.fault("'start' and 'end' should be whole numbers")
    if confidence is not None and type(confidence) not in {int, float}:
        raise found.fault("'confidence' should be a number, or null")
    if row["document"] not in texts:
        known = did_you_mean(row["document"], texts)
        raise found.fault(f"no document '{row['document']}' in the dump.{known}")
    if row["code"] not in codes:
        known = did_you_mean(row["code"], sorted(codes))
        raise found.fault(f"no code '{row['code']}' in codebook.yaml.{known}")
    own: dict[str, Any] = {"start": start, "end": end, "valence": data["valence"], "coder": coder}
    own["confidence"] = None if confidence is None else float(confidence)
    try:
        Coding(**{n: v for n, v in {**row, **own}.items() if n != "anchor"})
    except CodingError as error:
        raise found.fault(str(error)) from None
    text = texts[row["document"]]
    inside = end <= (_FAR if row["anchor"] == "lost" else len(text))
    if not inside or found.text("quote") != text[start:end]:
        said = f"the quote is not what stands at {start} to {end} in '{row['document']}'"
        raise found.fault(f"{said}; codings are moved in the study, not in its dump")
    return {**row, **own, "guid": _guid(found)}


# ---------------------------------------------------------------- memos


def _memos(folder: Path) -> list[Row]:
    guids = _Once("memo")
    rows = []
    for path in _listed(folder, ".md"):
        found, text = _parted(path)
        row = {name: found.text(name) for name in ("key", "coder", "time")}
        try:
            datetime.fromisoformat(row["time"])
        except ValueError:
            said = f"'{row['time']}' is no time such as 2026-03-01T09:00:00.000+00:00"
            raise found.fault(said) from None
        about = found.one_of("about", get_args(About))
        row |= {"about": about, "guid": _guid(found), "text": text}
        guids.add(row["guid"], found)
        number = _MEMO.match(path.name)
        rows.append({**row, "number": int(number[1]) if number else 0})
    # A memo without a number, written by hand, comes after all others.
    return sorted(rows, key=lambda row: (not row["number"], row["number"], row["guid"]))


def _parted(path: Path) -> tuple[_Mapping, str]:
    """Take the front matter of a memo from its text, and the line end that was added to it."""
    data = _bytes(path).removeprefix(b"\xef\xbb\xbf")
    if data.startswith(b"---\r\n"):  # an editor gave the whole file other line ends
        data = data.replace(b"\r\n", b"\n")
    opening, head, text = (
        data.partition(b"\n---\n") if data.startswith(b"---\n") else (b"", b"", b"")
    )
    if not head:
        raise ProjectError(path, "line 1: it should begin with what it is about, between two '---'")
    source = _decoded(opening, path).removeprefix("---\n") + "\n"
    return _File(path, source).mapping(), _decoded(text.removesuffix(b"\n"), path)
