"""The text form: a study as files for version control, back again the same, or refused."""

from __future__ import annotations

import difflib
import json
import os
import sqlite3
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from itertools import count, pairwise
from pathlib import Path, PureWindowsPath
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bantar_qual import CueCoder, Project
from bantar_qual.codebook import Codebook
from bantar_qual.errors import BantarError, ProjectError
from bantar_qual.project import textform
from bantar_qual.project.care import check
from bantar_qual.project.textform import dump, load, safe_names
from bantar_qual.records import ORIGINS, STATUSES, VALENCES
from bantar_qual.store import Store, schema
from bantar_qual.store import textform as rows
from tests.conftest import BOOK


def files(folder: Path) -> dict[str, bytes]:
    """Return the bytes of every file in a folder."""
    found = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


def seen(project: Project) -> dict[str, Any]:
    """Return all that a study shows, without the ids and times that are a file's own."""
    codings = project.codings(status=None).drop(columns="time").astype(object)
    places = ["document", "start", "end", "code", "coder"]
    listed = codings.where(codings.notna(), None).sort_values(places).to_dict("records")
    memos = project.memos()
    memos.loc[memos["about"] == "coding", "key"] = "a coding"
    return {
        "codings": listed,
        "documents": project.documents().astype(str).to_dict("index"),
        "texts": [(d.name, d.text, d.turns, dict(d.attributes)) for d in project.texts()],
        "cases": project.cases().astype(str).to_dict("index"),
        "order": [list(project.documents().index), list(project.cases().index)],
        "codebook": project.codebook,
        "memos": memos.to_dict("index"),
        "waiting": sorted(project.unsettled().astype(str).to_numpy().tolist()),
        "revisions": {
            d.name: told.to_dict("index")
            for d in project.texts()
            if len(told := project.revisions(d.name)) > 1
        },
        "settings": (project.title, project.language),
    }


def corrected(project: Project) -> Project:
    """Correct a transcript twice, so that codings move, wait and are lost; settle one."""
    text = project.document("satu").text
    project.revise("satu", text.replace("tidak ada", "belum turun"), reason="heard again\nby two")
    waiting = project.unsettled()
    project.settle(waiting[waiting["state"] == "unsure"].iloc[[0]])
    once = project.document("satu").text
    BP = Project.open(project.path, coder="BP")  # noqa: N806 - a person
    BP.revise("satu", once.replace("Pegawainya cuma dua. Kriterianya kami tidak paham.", "Ya. 😀"))
    return project


@pytest.fixture
def coded(small: Project) -> Project:
    """Code the small study: suggestions, decisions, two people, memos on everything."""
    small.code_with(CueCoder())
    waiting = small.codings(status="suggested")
    small.accept(waiting.iloc[[0]])
    small.reject(waiting.iloc[[1]])
    small.describe_cases(pd.DataFrame({"case": ["A", "B"], "role": ["x", "y"]}))
    other = Project.open(small.path, coder="BP")
    other.code("dua", "Anggaran lancar, tidak ada kendala.", "resources.budget", valence="enabler")
    mine = other.codings()
    small.memo("Tentang semuanya.\r\nBaris dua\r")
    small.memo("---\nlooks like front matter\n---\n", about="document", key="satu")
    other.memo("case", about="case", key="B")
    other.memo("code", about="code", key="resources.staff")
    other.memo("this one", about="coding", key=int(mine[mine["coder"] == "BP"].index[0]))
    return small


# ---------------------------------------------------------------- there and back


def test_there_and_back(coded: Project, tmp_path: Path) -> None:
    """A loaded dump is the study: content, GUIDs, memo authors; and dumped again the same bytes."""
    back = load(dump(coded, tmp_path / "text"), tmp_path / "back.bantar")
    assert seen(back) == seen(coded)
    assert rows.read(back.store) == rows.read(coded.store)
    assert files(dump(back, tmp_path / "again")) == files(tmp_path / "text")
    assert back.coder == "SN"
    assert load(tmp_path / "text", tmp_path / "bp.bantar", coder="BP").coder == "BP"


def test_a_corrected_transcript(coded: Project, tmp_path: Path) -> None:
    """Older texts, who corrected them and why, and what waits with its old words, come back."""
    before = files(dump(coded, tmp_path / "text"))
    assert not (tmp_path / "text/revisions").exists(), "nothing was corrected yet"
    project = corrected(coded)
    assert not project.unsettled().empty
    after = files(dump(project, tmp_path / "text"))
    assert after["revisions/satu.1.txt"] == before["documents/satu.txt"]
    assert {name for name in after if "revisions" in name} == {
        "revisions/.gitattributes", "revisions/satu.1.txt", "revisions/satu.2.txt",
    }  # fmt: skip
    assert all(after[n] == before[n] for n in before if not n.startswith(("documents/satu", "cod")))
    back = load(tmp_path / "text", tmp_path / "back.bantar")
    assert seen(back) == seen(project)
    assert list(project.unsettled()["old_quote"])
    assert len(seen(project)["revisions"]["satu"]) == 3
    assert rows.read(back.store) == rows.read(project.store)
    assert files(dump(back, tmp_path / "again")) == after
    assert check(back.path).empty
    for study in (project, back):  # and it goes on from there in the same way
        study.revise("satu", before["documents/satu.txt"].decode())
        study.undo()
        study.settle(study.unsettled(), drop=True)
    assert seen(back) == seen(project)
    back.undo()
    with pytest.raises(BantarError):
        back.settle(int(back.unsettled().index[0]), span=(0, 10**6))
    for moment in back.history()["time"]:
        back.quotes(back.codings(at=moment, status=None))


def test_an_undone_correction_leaves_no_text(coded: Project, tmp_path: Path) -> None:
    """A correction that was taken back is not dumped; done again, it is as it was."""
    before = files(dump(coded, tmp_path / "text"))
    coded.revise("satu", coded.document("satu").text.replace("tidak ada", "belum turun"))
    after = files(dump(coded, tmp_path / "text"))
    assert after != before
    coded.undo()
    assert files(dump(coded, tmp_path / "text")) == before
    coded.redo()
    assert files(dump(coded, tmp_path / "text")) == after


def test_an_anonymised_study_has_no_older_text(coded: Project, tmp_path: Path) -> None:
    """What a correction took out of a text is in no file of a dump of the anonymised export."""
    project = corrected(coded)
    project.export_anonymised(tmp_path / "open.bantar")
    text = files(dump(Project.open(tmp_path / "open.bantar"), tmp_path / "text"))
    gone = b"Pegawainya cuma dua"
    assert not [name for name, data in text.items() if gone in data and "codings" not in name]
    assert not [name for name in text if name.startswith("revisions")]
    assert b'"was"' not in b"".join(text.values())


def test_a_memo_follows_its_coding(coded: Project, tmp_path: Path) -> None:
    """A memo about a coding is about the same words after loading, whatever ids are given."""
    back = load(dump(coded, tmp_path / "text"), tmp_path / "back.bantar")
    ids = []
    for project in (coded, back):
        (key,) = (m.key for m in project.memos().itertuples() if m.about == "coding")
        coding = project.codings().loc[int(key)]
        assert (coding["document"], coding["coder"], coding["valence"]) == ("dua", "BP", "enabler")
        ids.append(int(key))
    assert ids[0] != ids[1], "the ids differ, or this test shows nothing"


def test_a_memo_on_a_coding_that_is_gone_is_kept(coded: Project, tmp_path: Path) -> None:
    """A memo whose coding was merged away is still there, and never falls to another coding."""
    coded.code("dua", "Anggaran lancar, tidak ada kendala.", "resources.staff")
    coded.code("dua", "Anggaran lancar, tidak ada kendala.", "communication.clarity")
    mine = coded.codings()
    gone = mine[(mine["coder"] == "SN") & (mine["code"] == "resources.staff")]
    coded.memo("on the one that goes", about="coding", key=int(gone.index[0]))
    coded.recode(gone, "communication.clarity")
    back = load(dump(coded, tmp_path / "text"), tmp_path / "back.bantar")
    (key,) = (m.key for m in back.memos().itertuples() if m.text == "on the one that goes")
    assert key not in {str(i) for i in back.codings(status=None).index}
    assert files(dump(back, tmp_path / "again")) == files(tmp_path / "text")


def test_the_history_begins_with_loading(coded: Project, tmp_path: Path) -> None:
    """A loaded study has nothing to take back; new work can be, and its past was empty."""
    back = load(dump(coded, tmp_path / "text"), tmp_path / "back.bantar", coder="BP")
    before = seen(back)
    assert back.undo() == ""
    assert seen(back) == before
    last = back.history().iloc[-1]
    assert (last["coder"], last["note"]) == ("BP", "load: from text")
    assert back.codings(at="2020-01-01").empty
    back.accept(back.codings(status="suggested"))
    assert back.undo()
    assert seen(back) == before
    assert back.redo()
    again = Project.open(back.path)
    assert again.code_with(CueCoder()) == 0, "new things get new ids"
    again.memo("new", about="document", key="satu")
    again.code("satu", "Dananya tidak ada.", "resources.staff")


def test_shipped_study(shipped_study: Project, tmp_path: Path) -> None:
    """The shipped study goes there and back with every document and coding."""
    back = load(dump(shipped_study, tmp_path / "text"), tmp_path / "back.bantar")
    assert len(back.codings(status=None)) > 100
    assert rows.read(back.store) == rows.read(shipped_study.store)


def test_everything_in_the_store_is_carried() -> None:
    """Every versioned table and column is in the text form; a new one must find its place here."""
    carried = {
        "setting": {"key", "value"},
        "codebook": {"yaml"},
        "case_": {"guid", "name"},
        "case_value": {"case_id", "key", "value"},
        "document": {"guid", "name", "kind", "language", "case_id", "source", "revision_id"},
        "document_value": {"document_id", "key", "value"},
        "speaker": {"document_id", "name", "case_id"},
        "coding": {*textform.FIELDS, "document_id", "coder_id"} - {"document", "quote"},
        "memo": {"guid", "about", "key", "text"},
    }
    own = {"version", "id", "from_act", "to_act"}
    there = {t.name: {c.name for c in t.c} - own for t in schema.VERSIONED}
    assert there == carried


# ---------------------------------------------------------------- any study

MEMORY = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108 - no disk is waited for

NAME = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12)
ODD = st.sampled_from(
    ["CON", "nul.txt", "../x", "..", " a ", "é", "e\u0301", "SATU", "satu", "😀👩\u200d👧", "x" * 300,
     "no", "012", "1:30", "~", "a: b # c", "- x", "a\r\nb", "\u2028", "\x85", "\ufeff", "\x00", '"\\'],
)  # fmt: skip
WORD = st.one_of(NAME, ODD)
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
WORDS = st.one_of(
    TEXT, ODD, st.sampled_from(["\n", "\r", "a\r\nb\r", "---\n", "x\n\n", "é😀e\u0301"])
)
TOLD = st.dictionaries(WORD, WORDS, max_size=3)
TIME = st.datetimes().map(lambda moment: f"{moment.isoformat(timespec='milliseconds')}+00:00")


@st.composite
def revisions(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Draw the texts that a corrected document has had; the last is its text now."""
    told = draw(st.lists(st.tuples(TIME, WORD, WORDS), min_size=2, max_size=4))
    found = [{"time": time, "coder": who, "reason": why} for time, who, why in told]
    for row in found[:-1]:
        text = draw(st.one_of(st.just("Pak RT: danae\u0301 tidak ada."), WORDS))
        turns = [[1, 0, len(text), draw(WORDS), "informant", ""]] if draw(st.booleans()) else []
        row |= {"text": text, "sha256": rows.checksum(text), "turns": turns}
    return found


def stood(draw: st.DrawFn, document: dict[str, Any], anchor: str) -> list[int] | None:
    """Draw where a coding that waits stood for sure."""
    texts = [row.get("text", document["text"]) for row in document["revisions"]]
    full = [n for n, text in enumerate(texts, 1) if text]
    if not anchor or not full or draw(st.booleans()):
        return None
    number = draw(st.sampled_from(full))
    start = draw(st.integers(0, len(texts[number - 1]) - 1))
    return [number, start, draw(st.integers(start + 1, len(texts[number - 1])))]


@st.composite
def documents(draw: st.DrawFn, cases: list[str], guids: Iterator[str]) -> list[dict[str, Any]]:
    """Draw documents with any names, texts and turns."""
    names = draw(st.lists(WORD, unique=True, max_size=4))
    numbers = sorted(draw(st.sets(st.integers(1, 2000), min_size=len(names), max_size=len(names))))
    owner = st.sampled_from([*cases, None])
    found = []
    for name, number in zip(names, numbers, strict=True):
        text = draw(st.one_of(st.just("Pak RT: dana😀 e\u0301 tidak ada.\nYa."), WORDS))
        cuts = sorted(draw(st.lists(st.integers(0, len(text)), max_size=4)))
        turns = [
            [
                n,
                a,
                b,
                draw(WORDS),
                draw(st.sampled_from(["interviewer", "informant", ""])),
                draw(WORDS),
            ]
            for n, (a, b) in enumerate(pairwise(cuts), 1)
        ]
        found.append({
            "number": number, "guid": next(guids), "name": name, "text": text, "turns": turns,
            "kind": draw(st.sampled_from(["interview", "observation", "document"])),
            "language": draw(WORDS), "source": draw(WORDS), "case": draw(owner),
            "sha256": rows.checksum(text), "attributes": draw(TOLD),
            "speakers": draw(st.dictionaries(WORD, st.sampled_from(cases), max_size=2)) if cases else {},
            "revisions": draw(st.one_of(st.just([]), revisions())),
        })  # fmt: skip
    return found


@st.composite
def studies(draw: st.DrawFn) -> rows.Study:
    """Draw a whole study, as strange as a study can be."""
    guids = (str(UUID(int=number)) for number in count())
    names = draw(st.lists(WORD, unique=True, max_size=3))
    cases = [{"guid": next(guids), "name": name, "attributes": draw(TOLD)} for name in names]
    found = draw(documents(names, guids))
    coders = draw(st.lists(WORD, unique=True, min_size=1, max_size=3))
    book = Codebook.parse(BOOK, name="book")
    codings: dict[tuple[Any, ...], dict[str, Any]] = {}
    for document in (d for d in found if d["text"]):
        for _ in range(draw(st.integers(0, 4))):
            start = draw(st.integers(0, len(document["text"]) - 1))
            row = {
                "coder": draw(st.sampled_from(coders)), "document": document["name"],
                "guid": next(guids), "start": start,
                "end": draw(st.integers(start + 1, len(document["text"]))),
                "code": draw(st.sampled_from([code.path for code in book])),
                "origin": draw(st.sampled_from(ORIGINS)), "status": draw(st.sampled_from(STATUSES)),
                "valence": draw(st.sampled_from([*VALENCES, None])),
                "confidence": draw(st.one_of(st.none(), st.floats(0, 1))),
                "because": draw(WORDS), "memo": draw(WORDS),
                "anchor": draw(st.sampled_from(["", "unsure", "lost"])),
            }  # fmt: skip
            row["was"] = stood(draw, document, row["anchor"])
            codings[tuple(row[n] for n in ("coder", "document", "start", "end", "code"))] = row
    subjects = [
        ("project", ""),
        ("code", "resources.staff"),
        *(("coding", row["guid"]) for row in codings.values()),
    ]
    subjects += [("document", d["name"]) for d in found] + [("case", name) for name in names]
    memos = [
        {"number": number, "guid": next(guids), "about": about, "key": key, "text": draw(WORDS),
         "coder": draw(WORD), "time": draw(TIME)}
        for number in sorted(draw(st.sets(st.integers(1, 1500), max_size=4)))
        for about, key in [draw(st.sampled_from(subjects))]
    ]  # fmt: skip
    used = {row["coder"] for row in codings.values()}
    more = draw(st.dictionaries(WORD, WORDS, max_size=2))
    return rows.Study(
        settings={**more, "title": draw(WORDS), "language": "id", "coder": draw(WORD)},
        codebook=book.to_yaml(),
        cases=cases,
        documents=found,
        coders={name: next(guids) for name in coders if name in used},
        codings=rows.ordered(codings.values()),
        memos=memos,
    )


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(studies())
def test_any_study_there_and_back(study: rows.Study) -> None:
    """Whatever a study holds, it is the same after dump and load, and each quote is its slice."""
    with TemporaryDirectory(dir=MEMORY) as name, pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", lambda _: None)  # for speed; no power is cut here
        folder = Path(name)
        begin = partial(rows.write, study=study, coder="SN", note="")
        store = Store.create(folder / "s.bantar", begin=begin)
        assert rows.read(store) == study
        project = Project(store)
        text = dump(project, folder / "text")
        first = files(text)
        assert files(dump(project, text)) == first
        assert {tuple(p.name for p in text.glob(".*"))} == {()}
        back = load(text, folder / "back.bantar")
        assert rows.read(back.store) == study
        assert files(dump(back, folder / "again")) == first
        assert seen(back) == seen(project)
        told = {d["name"]: d["text"] for d in study.documents}
        lines = [line for p in text.glob("codings/*") for line in p.read_text("utf-8").splitlines()]
        assert len(lines) == len(study.codings)
        for line in map(json.loads, lines):
            assert line["quote"] == told[line["document"]][line["start"] : line["end"]]
            assert line["quote"]


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.one_of(ODD, st.text(max_size=20), st.text("aA.é \u0301", max_size=4)), unique=True)
)
def test_safe_names(names: list[str]) -> None:
    """Any names become file names that every system allows and tells apart, in a stable way."""
    named = safe_names(names)
    assert list(named) == names
    folds = {unicodedata.normalize("NFC", n).casefold() for n in named.values()}
    assert len(folds) == len(names)
    for file in named.values():
        assert len(f"{file}.jsonl".encode()) <= 255
        assert len(file) <= 130
        assert file == file.strip(" .")
        assert file == unicodedata.normalize("NFC", file) or "\u0301" in file
        assert not set(file) & set('<>:"/\\|?*')
        assert file.isprintable()
        path = PureWindowsPath(f"C:/dump/{file}.yaml")
        assert len(path.parts) == 3
        if hasattr(os.path, "isreserved"):
            assert not os.path.isreserved(path)
        assert not path.is_reserved()
    assert safe_names([*names, "something that comes later"]) | named == safe_names(
        [*names, "something that comes later"]
    )


# ---------------------------------------------------------------- what version control sees


def test_one_coding_is_one_line(coded: Project, tmp_path: Path) -> None:
    """Changing one coding changes one line of one file, and nothing else."""
    before = files(dump(coded, tmp_path / "text"))
    waiting = coded.codings(status="suggested")
    coded.accept(waiting.iloc[[0]])
    after = files(dump(coded, tmp_path / "text"))
    assert before.keys() == after.keys()
    changes = [
        line
        for name in before
        for line in difflib.unified_diff(
            before[name].decode().split("\n"), after[name].decode().split("\n"), n=0
        )
        if line[:2] not in {"--", "++", "@@"}
    ]
    assert len(changes) == 2
    assert changes[0].replace('"suggested"', '"accepted"')[1:] == changes[1][1:]


def test_a_text_is_its_bytes(coded: Project, tmp_path: Path) -> None:
    """A document's file is its text, and git is told to leave the line ends alone."""
    folder = dump(coded, tmp_path / "text")
    text = coded.document("satu").text
    assert (folder / "documents/satu.txt").read_bytes() == text.encode()
    assert (folder / "documents/.gitattributes").read_text() == "* -text\n"
    line = json.loads((folder / "codings/BP.jsonl").read_text("utf-8"))
    assert tuple(line) == textform.FIELDS


def test_merged_by_hand(coded: Project, tmp_path: Path) -> None:
    """A coder's file from another branch is taken in; two memos of one number are both kept."""
    folder = dump(coded, tmp_path / "text")
    line = json.loads((folder / "codings/BP.jsonl").read_text("utf-8"))
    line["guid"] = "00000000-0000-4000-8000-000000000001"
    (folder / "codings/TW.jsonl").write_text(json.dumps(line) + "\r\n", "utf-8")
    (folder / "memos/001-twin.md").write_bytes(
        b"---\r\nguid: 00000000-0000-4000-8000-000000000002\r\nabout: project\r\nkey: ''\r\n"
        b"coder: TW\r\ntime: '2026-03-01T09:00:00.000+00:00'\r\n---\r\nFrom Notepad.\r\n"
    )
    back = load(folder, tmp_path / "back.bantar")
    assert set(back.codings(status=None)["coder"].astype(str)) == {"SN", "BP", "TW", "cues"} - {
        "SN"
    }
    memos = back.memos()
    assert len(memos) == len(coded.memos()) + 1
    assert ("TW", "From Notepad.") in set(zip(memos["coder"], memos["text"], strict=True))


# ---------------------------------------------------------------- what is refused

Change = Callable[[Path], object]


def swap(name: str, old: str, new: str) -> Change:
    """Return a change of a file in a dump: the first ``old`` becomes ``new``."""

    def change(folder: Path) -> None:
        path = folder / name
        data = path.read_bytes()
        assert old.encode() in data
        path.write_bytes(data.replace(old.encode(), new.encode(), 1))

    return change


REFUSED: list[tuple[Change, str]] = [
    (swap("documents/satu.txt", "Dananya", "dananya"), "satu.txt.*SHA-256 differs"),
    (swap("documents/satu.txt", "\n", "\r\n"), "satu.txt.*SHA-256 differs"),
    (swap("codings/cues.jsonl", '"quote": "D', '"quote": "d'), "cues.jsonl: line 2: the quote is not"),
    (swap("codings/cues.jsonl", '"end": ', '"end": 99'), "cues.jsonl: line 1: the quote is not"),
    (swap("codings/cues.jsonl", '"start": ', '"start": -'), "cues.jsonl: line 1: .* cannot run from"),
    (swap("codings/BP.jsonl", "resources.budget", "resources.bugdet"), "BP.jsonl: line 1: no code 'resources.bugdet' in codebook.yaml. Did you mean 'resources.budget'"),
    (swap("codebook.yaml", "key: budget", "key: money"), "line 1: no code 'resources.budget'"),
    (swap("codings/cues.jsonl", "\n{", "\n<<<<<<< HEAD\n{"), "cues.jsonl: line 2: it cannot be read as JSON"),
    (swap("codings/cues.jsonl", "\n{", "\n[1, 2]\n{"), "cues.jsonl: line 2: the field 'guid' is missing"),
    (swap("codings/cues.jsonl", "\n{", "\n" + "[" * 100_000 + "\n{"), "cues.jsonl: line 2: it cannot be read as JSON"),
    (swap("codings/BP.jsonl", '"anchor"', '"ancor"'), "line 1: the field 'anchor' is missing"),
    (swap("codings/BP.jsonl", '"anchor"', '"colour": 1, "anchor"'), "line 1: unknown field 'colour'"),
    (swap("codings/BP.jsonl", '"dua"', '"due"'), "line 1: no document 'due' in the dump. Did you mean 'dua'"),
    (swap("codings/BP.jsonl", '"hand"', '"foot"'), "line 1: a coding's origin is one of"),
    (swap("codings/BP.jsonl", '"confidence": null', '"confidence": "high"'), "line 1: 'confidence' should be"),
    (swap("codings/BP.jsonl", '"memo": ""', '"memo": "\\ud83d"'), "half of a character"),
    (lambda f: (f / "codings/BP.jsonl").write_bytes((f / "codings/BP.jsonl").read_bytes() * 2), "BP.jsonl: line 2: the same GUID stands in BP.jsonl, line 1"),
    (lambda f: (f / "codings/BP.jsonl").write_bytes(b"\n\xff\n"), "BP.jsonl: line 2: it is not UTF-8"),
    (swap("documents/dua.yaml", "kind: interview", "kind: chat"), "dua.yaml: line 1: the kind is one of"),
    (swap("documents/dua.yaml", "case: B", "case: C"), "dua.yaml: line 1: no case 'C' in cases.yaml"),
    (swap("documents/dua.yaml", "name: dua", "name: satu"), "the same document stands in dua.yaml"),
    (swap("documents/dua.yaml", "name: dua", "name: [dua"), "dua.yaml: line"),
    (swap("documents/dua.yaml", "guid: ", "guid: x"), "dua.yaml: line 1: 'x.*' is no GUID"),
    (swap("documents/dua.yaml", "turns:\n- [1, ", "turns:\n- [1, 9999"), "dua.yaml: line 1: the turn"),
    (lambda f: (f / "documents/dua.txt").unlink(), "dua.txt: it is missing"),
    (lambda f: (f / "documents/dua.yaml").unlink(), "dua.txt: there is no dua.yaml"),
    (lambda f: (f / "cases.yaml").unlink(), "cases.yaml: it is missing"),
    (swap("cases.yaml", "name: B", "name: A"), "cases.yaml: line .*the same case stands in cases.yaml, line 1"),
    (swap("study.yaml", "format: 1", "format: 2"), "study.yaml: it has format '2'"),
    (swap("study.yaml", "language: id", "language: xx"), "language 'xx'"),
    (lambda f: (f / "study.yaml").unlink(), "text: this is no dump"),
    (swap("memos/001-project.md", "---", "..."), "001-project.md: line 1: it should begin"),
    (swap("memos/001-project.md", "about: project", "about: me"), "001-project.md: line 1: the about is one of"),
    (swap("memos/001-project.md", "time: '20", "time: 'in 20"), "001-project.md: line 1: .* is no time"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "said"), REFUSED, ids=[said for _, said in REFUSED])
def test_refused(coded: Project, tmp_path: Path, change: Change, said: str) -> None:
    """What does not fit is refused in a sentence that names its place, and nothing is made."""
    folder = dump(coded, tmp_path / "text")
    change(folder)
    with pytest.raises(BantarError, match=said) as caught:
        load(folder, tmp_path / "new" / "back.bantar")
    assert "\n" not in str(caught.value)
    assert not list((tmp_path / "new").glob("**/*.bantar*"))


OLDER: list[tuple[Change, str]] = [
    (swap("revisions/satu.1.txt", "Dananya", "dananya"), "satu.1.txt.*SHA-256 differs"),
    (lambda f: (f / "revisions/satu.2.txt").unlink(), "satu.2.txt: it is missing"),
    (lambda f: (f / "revisions/satu.9.txt").write_text("x"), "satu.9.txt: no document names it"),
    (swap("documents/satu.yaml", "  coder: BP", "  who: BP"), "satu.yaml: .*'coder' is missing"),
    (swap("documents/satu.yaml", "revisions:\n- time: '20", "revisions:\n- time: 'in 20"), "satu.yaml: .*is no time"),
    (swap("codings/cues.jsonl", '"was": [2', '"was": [7'), "cues.jsonl: line .*'was' should tell"),
    (swap("codings/cues.jsonl", '"was": [2, ', '"was": [2, 9999'), "cues.jsonl: line .*'was' should tell"),
    (swap("codings/cues.jsonl", '"was": [2', '"was": ["2"'), "cues.jsonl: line .*'was' should tell"),
    (swap("codings/BP.jsonl", '"anchor": ""', '"anchor": "", "was": [1, 0, 2]'), "BP.jsonl: line 1: 'was' should tell"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "said"), OLDER, ids=[said for _, said in OLDER])
def test_older_texts_refused(coded: Project, tmp_path: Path, change: Change, said: str) -> None:
    """An older text, or a place in it, that does not fit is refused with its place."""
    folder = dump(corrected(coded), tmp_path / "text")
    change(folder)
    with pytest.raises(BantarError, match=said):
        load(folder, tmp_path / "new" / "back.bantar")
    assert not list((tmp_path / "new").glob("**/*.bantar*"))


def test_no_second_study(coded: Project, tmp_path: Path) -> None:
    """A study is never loaded over another file, and no folder is no dump."""
    folder = dump(coded, tmp_path / "text")
    before = coded.path.read_bytes()
    with pytest.raises(ProjectError, match="already a file"):
        load(folder, coded.path)
    assert coded.path.read_bytes() == before
    with pytest.raises(ProjectError, match="no such folder"):
        load(tmp_path / "nowhere", tmp_path / "x.bantar")


# ---------------------------------------------------------------- where it is written


def test_only_over_a_dump(coded: Project, tmp_path: Path) -> None:
    """A folder with other things, or a file, is refused and left alone; a new repository is not."""
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("mine")
    with pytest.raises(ProjectError, match="other files"):
        dump(coded, tmp_path / "mine")
    assert files(tmp_path / "mine") == {"thesis.txt": b"mine"}
    with pytest.raises(ProjectError, match="this is a file"):
        dump(coded, tmp_path / "mine" / "thesis.txt")
    (tmp_path / "repository" / ".git").mkdir(parents=True)
    (tmp_path / "repository" / ".git" / "HEAD").write_text("ref")
    folder = dump(coded, tmp_path / "repository")
    (folder / "README.md").write_text("ours")
    first = files(dump(coded, folder))
    assert first[".git/HEAD"] == b"ref"
    assert first["README.md"] == b"ours"
    (folder / "documents" / "notes.docx").write_text("ours")
    with pytest.raises(ProjectError, match=r"documents/notes\.docx"):
        dump(coded, folder)
    assert files(folder) == {**first, "documents/notes.docx": b"ours"}


def test_what_left_the_study_leaves_the_folder(coded: Project, tmp_path: Path) -> None:
    """A memo that was removed, or a coder whose codings are gone, has no file any more."""
    folder = dump(coded, tmp_path / "text")
    assert (folder / "codings/BP.jsonl").exists()
    coded.rewrite_memo(1, "")
    mine = coded.codings()
    Project.open(coded.path).recode(mine[mine["coder"] == "BP"], "resources.staff")
    dump(coded, folder)
    assert not (folder / "memos/001-project.md").exists()
    assert b"resources.staff" in (folder / "codings/BP.jsonl").read_bytes()


def test_a_failed_dump_leaves_the_old_one(
    coded: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """If any write, sync or move fails, at whichever call, the old folder stays byte for byte."""
    folder = dump(coded, tmp_path / "text")
    before = files(folder)
    coded.accept(coded.codings(status="suggested"))
    failures = 0
    for step in range(200):
        left = [step]

        def counted(real: Callable[..., Any], left: list[int] = left) -> Callable[..., Any]:
            def call(*args: Any, **kwargs: Any) -> Any:
                left[0] -= 1
                if left[0] == -1:
                    raise OSError(28, "No space left on device")
                return real(*args, **kwargs)

            return call

        with monkeypatch.context() as patch:
            patch.setattr(os, "fsync", counted(lambda _: None))
            patch.setattr(Path, "rename", counted(Path.rename))
            try:
                dump(coded, folder)
            except ProjectError:
                failures += 1
            else:
                break
        assert files(folder) == before
        assert sorted(p.name for p in folder.glob(".*")) == []
    assert failures == 2 * 6 + 1 + sum(1 for n in before if not n.startswith("."))
    assert files(folder) != before
    monkeypatch.setattr(os, "fsync", counted(os.fsync, [0]))
    with pytest.raises(ProjectError, match="the disk is full"):
        dump(coded, tmp_path / "fresh")
    assert not (tmp_path / "fresh").exists()


def test_an_altered_text_is_not_dumped(coded: Project, tmp_path: Path) -> None:
    """A text that was changed outside is named, not written as if it were the original."""
    with sqlite3.connect(coded.path) as file:
        file.execute("UPDATE revision SET text = replace(text, 'Dananya', 'Dananye')")
    with pytest.raises(ProjectError, match="'satu' was altered"):
        dump(coded, tmp_path / "text")
    assert not (tmp_path / "text").exists()


def test_old_words_of_a_lost_coding(coded: Project, tmp_path: Path) -> None:
    """A coding whose words a revision took away keeps its old place, also outside the new text."""
    study = rows.read(coded.store)
    far = [{**row, "end": row["end"] + 9999, "anchor": "lost"} for row in study.codings]
    lost = replace(study, codings=rows.ordered(far))
    begin = partial(rows.write, study=lost, coder="SN", note="")
    store = Store.create(tmp_path / "lost.bantar", begin=begin)
    back = load(dump(Project(store), tmp_path / "text"), tmp_path / "back.bantar")
    assert rows.read(back.store) == lost
