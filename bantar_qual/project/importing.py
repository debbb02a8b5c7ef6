"""Bring documents in, and report on every file."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from bantar_qual.errors import ProjectError, UnreadableDocument
from bantar_qual.importers.reading import read_documents
from bantar_qual.importers.survey import QUESTION, TABLES
from bantar_qual.languages import language as load_language
from bantar_qual.project.documents import check_kind
from bantar_qual.records import Aside, Document, Kind
from bantar_qual.store import documents as _documents
from bantar_qual.store import speakers as _speakers
from bantar_qual.text.detect import detect
from bantar_qual.text.turns import layout, proposed, spelling

if TYPE_CHECKING:
    from bantar_qual.project import Progress, Project

COLUMNS = (
    "document", "state", "kind", "language", "case", "turns", "words", "speakers", "encoding",
    "note", "warnings", "problem",
)  # fmt: skip
_PASSED_OVER = {*TABLES, ".bantar", ".yaml", ".yml"}
_SCRAP = 20  # words; a shorter document was perhaps not what somebody meant to bring in
_QUOTED = 60  # characters of a text that a memo quotes


@dataclass(slots=True)
class _Arrivals:
    """What a study holds already, and what an import adds."""

    known: dict[str, str]  # the document of each text, by checksum
    before: dict[str, set[str]]  # the texts that documents ever had, by document
    sources: dict[str, list[str]]  # the documents that came from each file
    names: set[str]
    arrived: list[Document] = field(default_factory=list)
    rows: list[dict[str, object]] = field(default_factory=list)


def import_documents(
    project: Project,
    folder: str | Path,
    *,
    kind: Kind | None = None,
    language: str = "",
    encoding: str = "",
    strict: bool = False,
    progress: Progress = iter,
) -> pd.DataFrame:
    r"""Bring in a file, or every file of a folder, each read and cleaned once.

    A text that is there already does not come in again, so that a folder to which files were
    added can simply be imported once more. One ``undo`` takes an import back.

    Parameters
    ----------
    folder
        A folder or one file. Of a folder, files that begin with a dot, tables and read-me files
        are passed over; a table that is named itself is read as a survey: a row a case, its long
        answers as documents, its other columns as attributes of the case.
    kind
        What the documents are, ``interview``, ``observation`` or ``document``; found out file by
        file if left empty.
    language
        The language of the transcripts; found out file by file if left empty.
    encoding
        How the letters of plain text files are written, where the guess is wrong.
    strict
        True to raise at the first file that cannot be read, before anything is kept.
    progress
        Wraps the list of files, to show a progress bar.

    Returns
    -------
    pandas.DataFrame
        A row for each document, indexed by ``file``: ``document`` (empty if not brought in),
        ``state`` (``new``; ``unchanged`` where the file came in before; ``changed`` where it came
        in with another text; ``twin`` of another document; ``unread``), ``kind``, ``language``,
        ``case``, ``turns``, ``words``, ``speakers``, ``encoding``, ``note`` (what had to be
        decided), ``warnings`` (what to look at) and ``problem`` (why it was left out). One bad
        file never stops the rest.

    Examples
    --------
    >>> from bantar_qual import Project
    >>> project = Project.create(tmp / "i.bantar", codebook="edwards-iii")
    >>> _ = (tmp / "satu.txt").write_text("P: Apa kendalanya?\nI: Dananya tidak ada.")
    >>> import_documents(project, tmp / "satu.txt")[["state", "turns", "speakers"]]
             state  turns speakers
    file
    satu.txt   new      2     P, I
    >>> import_documents(project, tmp / "satu.txt")["problem"].item()
    "unchanged: the same text is already there as 'satu'"
    """
    check_kind(kind)
    arrivals = _arrivals(project)
    labels = _speakers.named_labels(project.store)
    for path in progress(_files(Path(folder))):
        try:
            found = read_documents(path, language=language, encoding=encoding)
        except UnreadableDocument as error:
            if strict:
                raise
            arrivals.rows.append({"file": path.name, "state": "unread", "problem": error.reason})
            continue
        survey = path.suffix.lower() in TABLES
        if survey and not language:
            spoken = detect("\n".join(document.text for document in found))
            found = [replace(document, language=spoken) for document in found]
        for document in found:
            laid = _laid_out(document, kind, [] if survey else labels)
            _arrive(arrivals, laid, path, survey=survey, strict=strict)
    _keep(project, arrivals)
    _warn(project, arrivals)
    blank = dict.fromkeys(COLUMNS, "") | {"turns": 0, "words": 0}
    frame = pd.DataFrame([{**blank, **row} for row in arrivals.rows], columns=["file", *COLUMNS])
    return frame.set_index("file")


def _files(folder: Path) -> Sequence[Path]:
    """List what a folder offers, in order; files of unknown kinds too, so that they are told."""
    if folder.is_file():
        return [folder]
    if not folder.is_dir():
        raise ProjectError(folder, "there is no such file or folder to import from")
    return sorted(
        path
        for path in folder.rglob("*")
        if path.is_file()
        and not path.name.startswith((".", "~$"))
        and path.suffix.lower() not in _PASSED_OVER
        and path.stem.lower() != "readme"
    )


def _laid_out(document: Document, kind: Kind | None, labels: Sequence[str]) -> Document:
    """Find the turns anew where somebody knows more than the file says: its kind, or a speaker."""
    missed = [
        label
        for label in labels
        if label not in document.speakers
        and re.search(rf"(?m)^[ \t>*_\[(#\d:.\])-]*+{re.escape(label)}(?!\w)", document.text)
    ]
    if not missed and kind in {None, document.kind}:
        return document
    name = Path(document.source or document.name).stem
    spoken = load_language(document.language)
    # That it is a document was perhaps only said because no speaker was known in it.
    told = kind or (None if document.kind == "document" else document.kind)
    found = layout(document.text, spoken, name=name, kind=told, speakers=missed)
    case = document.case
    if found.kind == "interview":
        case = case or document.name
    elif case == document.name:
        case = ""
    return replace(document, kind=found.kind, case=case, turns=found.turns)


# ---------------------------------------------------------------- what is there already


def _arrivals(project: Project) -> _Arrivals:
    sources, before = _documents.sources(project.store)
    known = _documents.known_texts(project.store)
    return _Arrivals(known, before, sources, set(_documents.document_names(project.store)))


def _arrive(
    arrivals: _Arrivals, document: Document, path: Path, *, survey: bool, strict: bool
) -> None:
    """Let a document in, or say why not: it is there, it is a twin, or it was changed."""
    total = _documents.checksum(document.text)
    mine = arrivals.sources.get(document.source, ())
    mine = [name for name in mine if not survey or name == document.name]
    same = next((name for name in mine if total in arrivals.before[name]), "")
    # Two people may give the same short answer; two transcripts are never the same by chance.
    twin = arrivals.known.get(total, "")
    twin = "" if survey and twin != document.name else twin
    state = "unchanged" if same else "twin" if twin else "changed" if mine else "new"
    again = "the new answer" if survey else repr(str(path))
    reason = {
        "unchanged": f"unchanged: the same text is already there as '{same}'",
        "twin": f"the same text is already there as '{twin}'",
        "changed": f"changed since it came in as '{(mine or [''])[0]}': in Python, use "
        f"project.revise('{(mine or [''])[0]}', {again}), or rename the file if it is another one",
    }.get(state, "")
    if same and not survey and twin != same:
        reason = f"unchanged: '{same}' came from it, and was corrected in the study since"
    if state == "new":
        document = _named(document, arrivals.names)
        arrivals.known[total] = document.name
        arrivals.names.add(document.name)
        arrivals.arrived.append(document)
        arrivals.rows.append(_row(document))
        return
    if strict and state != "unchanged":
        raise UnreadableDocument(path, reason)
    arrivals.rows.append({"file": path.name, "state": state, "problem": reason})


def _named(document: Document, names: set[str]) -> Document:
    """Give a second document of one name another one."""
    name, number = document.name, 2
    while name in names:
        name, number = f"{document.name} ({number})", number + 1
    return document if name == document.name else replace(document, name=name)


def _row(document: Document) -> dict[str, object]:
    return {
        "file": document.source,
        "document": document.name,
        "state": "new",
        "kind": document.kind,
        "language": document.language,
        "case": document.case,
        "turns": len(document.turns),
        "words": document.words,
        "speakers": ", ".join(document.speakers),
        "encoding": document.encoding,
        "note": "; ".join(document.notes),
    }


# ---------------------------------------------------------------- keeping


def _keep(project: Project, arrivals: _Arrivals) -> None:
    """Keep what arrived, with its comments as memos and the facts of a survey, in one act."""
    kept, cases, memos = [], {}, []
    for document in arrivals.arrived:
        if QUESTION in document.attributes:
            facts = {k: v for k, v in document.attributes.items() if k != QUESTION}
            cases[document.case] = facts
            question = {QUESTION: document.attributes[QUESTION]}
            kept.append(replace(document, attributes=question))
        else:
            kept.append(document)
        memos += [(document.name, _memo(project, document, aside)) for aside in document.asides]
    if kept:
        _documents.add_documents(project.store, kept, coder=project.coder, memos=memos, cases=cases)


def _memo(project: Project, document: Document, aside: Aside) -> str:
    """Say a comment with its place in words, for a memo has no place in the text."""
    words = load_language(project.language)
    turn = next((t for t in reversed(document.turns) if t.start <= aside.start), None)
    quote = " ".join(document.text[aside.start : aside.end].split())
    if not quote:
        line = document.text.rfind("\n", 0, aside.start) + 1
        quote = " ".join(document.text[line : aside.start].split())[-_QUOTED:]
    quote = quote if len(quote) <= _QUOTED else f"{quote[: _QUOTED - 1]}…"
    head = words.caption(f"aside_{aside.kind}")
    place = words.caption("aside_turn", turn=turn.number) if turn else ""
    about = ", ".join(filter(None, [head, aside.author, place, f"“{quote}”" if quote else ""]))
    return f"{about}: {aside.text}"


# ---------------------------------------------------------------- what to look at


def _warn(project: Project, arrivals: _Arrivals) -> None:
    """Say what a careful assistant would look at in each document that came in."""
    arrived = {document.name: document for document in arrivals.arrived}
    known = {spelling(label) for label in _speakers.named_labels(project.store)}
    names = proposed(_speakers.label_counts(project.store).items())
    for row in arrivals.rows:
        document = arrived.get(str(row.get("document", "")))
        if document is not None:
            unnamed = [label for label in document.speakers if spelling(label) not in known]
            drift = [label for label in unnamed if names.get(label, label) != label]
            said = [f"'{label}' is perhaps '{names[label]}'" for label in drift]
            row["warnings"] = "; ".join([*_doubts(document), *said])


def _doubts(document: Document) -> list[str]:
    said = []
    roles = {turn.speaker: turn.role for turn in document.turns if turn.speaker}
    if document.words < _SCRAP and QUESTION not in document.attributes:
        said.append(f"it has only {document.words} words")
    if len(roles) == 1:
        said.append(f"only '{next(iter(roles))}' speaks")
    elif roles and "interviewer" not in roles.values():
        said.append("nobody was found to ask the questions")
    elif roles and "informant" not in roles.values():
        said.append("nobody was found to answer")
    unnamed = sum(not turn.speaker for turn in document.turns) if roles else 0
    if unnamed:
        said.append(f"{unnamed} turns have no speaker")
    return said
