"""Read a study from its folder of text files, and refuse with the place what does not fit."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any, get_args
from uuid import uuid4

from bantar_qual.codebook import Codebook
from bantar_qual.errors import CodingError, ProjectError, did_you_mean
from bantar_qual.languages import language as load_language
from bantar_qual.project.memos import About
from bantar_qual.project.textfields import Fields, File, Once, bytes_of, decoded, listed, text_of
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
    head = File(folder / "study.yaml").mapping()
    version = head.text("format")
    if version != str(FORMAT):
        reason = f"it has format {version!r}, and this bantar_qual reads {FORMAT}; look for a newer"
        raise ProjectError(head.path, reason)
    settings = {key: head.text(key) for key in SETTINGS if key in head.data}
    settings |= head.texts("settings")
    load_language(settings.get("language", "id"))
    book = Codebook.parse(text_of(folder / "codebook.yaml"), name="codebook.yaml")
    cases = _cases(folder / "cases.yaml")
    documents = _documents(folder, {row["name"] for row in cases})
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


# ---------------------------------------------------------------- cases and documents


def _cases(path: Path) -> list[Row]:
    names, guids = Once("case"), Once("GUID")
    rows = []
    for found in File(path).mappings():
        row = {"name": found.text("name"), "guid": found.guid()}
        names.add(row["name"], found)
        guids.add(row["guid"], found)
        rows.append({**row, "attributes": found.texts("attributes")})
    return rows


def _documents(dump: Path, cases: set[str]) -> list[Row]:
    folder = dump / "documents"
    names, guids = Once("document"), Once("GUID")
    rows = []
    texts = {path.name.removesuffix(".txt") for path in listed(folder, ".txt")}
    older = set(listed(dump / "revisions", ".txt"))
    for path in listed(folder, ".yaml"):
        texts.discard(path.name.removesuffix(".yaml"))
        found = File(path).mapping()
        row = _document(found, cases)
        names.add(row["name"], found)
        guids.add(row["guid"], found)
        stem = dump / "revisions" / path.name.removesuffix(".yaml")
        row["revisions"] = _revisions(found, stem, older)
        rows.append(row)
    for path in sorted(older):
        reason = "no document names it among its revisions; take its document back, or remove it"
        raise ProjectError(path, reason)
    for name in sorted(texts):
        reason = f"there is no {name}.yaml beside it; import the text with `bantar import`"
        raise ProjectError(folder / f"{name}.txt", reason)
    return sorted(rows, key=lambda row: (row["number"], row["name"]))


def _document(found: Fields, cases: set[str]) -> Row:
    path = found.path.with_name(found.path.name.removesuffix(".yaml") + ".txt")
    text = _sealed(path, found.text("sha256"))
    case = found.text("case") if "case" in found.data else None
    speakers = found.texts("speakers")
    for name in (*([] if case is None else [case]), *speakers.values()):
        if name not in cases:
            raise found.fault(f"no case '{name}' in cases.yaml.{did_you_mean(name, cases)}")
    return {
        "number": found.number("number"),
        "guid": found.guid(),
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


def _sealed(path: Path, sum_: str) -> str:
    """Return the text of a file that must be the one that was dumped."""
    data = bytes_of(path)
    if sha256(data).hexdigest() != sum_:
        reason = "the text is not the one that was dumped (its SHA-256 differs); take it back from "
        raise ProjectError(path, f"{reason}version control, with its line ends as they were")
    return decoded(data, path)


def _revisions(found: Fields, stem: Path, files: set[Path]) -> list[Row]:
    """Return the texts that a document has had; the last of them is its text now."""
    rows: list[Row] = []
    listed_ = found.below("revisions")
    for number, field in enumerate(listed_, 1):
        row: Row = {name: field.text(name) for name in ("coder", "reason")}
        row["time"] = field.time()
        if number < len(listed_):
            path = stem.with_name(f"{stem.name}.{number}.txt")
            files.discard(path)
            row["sha256"] = field.text("sha256")
            row["text"] = _sealed(path, row["sha256"])
            row["turns"] = list(_turns(field, len(row["text"])))
        rows.append(row)
    return rows


def _turns(found: Fields, length: int) -> Iterator[list[Any]]:
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
    folder: Path, head: Fields, documents: Sequence[Row], book: Codebook
) -> tuple[dict[str, str], list[Row]]:
    known = {folded(file): (name, guid) for name, guid, file in head.lines("coders", 3)}
    coders = dict(known.values())
    texts = {row["name"]: row for row in documents}
    codes = {code.path for code in book}
    places, guids = Once("coding"), Once("GUID")
    rows: list[Row] = []
    for path in listed(folder, ".jsonl"):
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


def _lines(path: Path) -> Iterator[Fields]:
    for number, line in enumerate(text_of(path).split("\n"), 1):
        if not line.strip():
            continue
        try:
            data = json.loads(line)
        except (ValueError, RecursionError) as error:
            reason = f"line {number}: it cannot be read as JSON ({str(error).partition(':')[0]})"
            raise ProjectError(path, reason) from None
        found = Fields(path, data if isinstance(data, dict) else {}, number)
        for key in FIELDS:
            if key not in found.data:
                raise found.fault(f"the field '{key}' is missing")
        for key in found.data:
            if key not in (*FIELDS, "was"):
                raise found.fault(f"unknown field '{key}'.{did_you_mean(key, FIELDS)}")
        yield found


def _coding(found: Fields, coder: str, texts: Mapping[str, Row], codes: set[str]) -> Row:
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
    document = texts[row["document"]]
    text = document["text"]
    inside = end <= (_FAR if row["anchor"] == "lost" else len(text))
    if not inside or found.text("quote") != text[start:end]:
        said = f"the quote is not what stands at {start} to {end} in '{row['document']}'"
        raise found.fault(f"{said}; codings are moved in the study, not in its dump")
    return {**row, **own, "guid": found.guid(), "was": _was(found, document)}


def _was(found: Fields, document: Row) -> list[int] | None:
    """Return in which text a coding that waits stood for sure, and where; None if not told."""
    was = found.data.get("was")
    if was is None:
        return None
    if isinstance(was, list) and [type(part) for part in was] == [int, int, int]:
        texts = [*document["revisions"][:-1], document]
        number, start, end = was
        if (
            found.text("anchor")
            and 1 <= number <= len(document["revisions"])
            and 0 <= start < end <= len(texts[number - 1]["text"])
        ):
            return was
    said = "'was' should tell where a coding that waits stood: number of a revision, start and end"
    raise found.fault(said)


# ---------------------------------------------------------------- memos


def _memos(folder: Path) -> list[Row]:
    guids = Once("memo")
    rows = []
    for path in listed(folder, ".md"):
        found, text = _parted(path)
        row = {"key": found.text("key"), "coder": found.text("coder"), "time": found.time()}
        about = found.one_of("about", get_args(About))
        row |= {"about": about, "guid": found.guid(), "text": text}
        guids.add(row["guid"], found)
        number = _MEMO.match(path.name)
        rows.append({**row, "number": int(number[1]) if number else 0})
    # A memo without a number, written by hand, comes after all others.
    return sorted(rows, key=lambda row: (not row["number"], row["number"], row["guid"]))


def _parted(path: Path) -> tuple[Fields, str]:
    """Take the front matter of a memo from its text, and the line end that was added to it."""
    data = bytes_of(path).removeprefix(b"\xef\xbb\xbf")
    if data.startswith(b"---\r\n"):  # an editor gave the whole file other line ends
        data = data.replace(b"\r\n", b"\n")
    opening, head, text = (
        data.partition(b"\n---\n") if data.startswith(b"---\n") else (b"", b"", b"")
    )
    if not head:
        raise ProjectError(path, "line 1: it should begin with what it is about, between two '---'")
    source = decoded(opening, path).removeprefix("---\n") + "\n"
    return File(path, source).mapping(), decoded(text.removesuffix(b"\n"), path)
