"""Killed at any moment: what was acknowledged is there, and nothing is half done.

One trial of each kind; ``BANTAR_TRIALS=12 pytest tests/store/test_killed.py -s`` makes it more than
two hundred, and shows the figures. A killed program is not a power cut: that is the disk's business.
"""

from __future__ import annotations

import json
import random
import shutil
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import docx
import matplotlib.image
import pandas as pd
import pytest
from bs4 import BeautifulSoup

from bantar_qual import Project
from bantar_qual.errors import ProjectError
from bantar_qual.project.care import check
from bantar_qual.project.textform import load
from bantar_qual.store import backups
from tests.project.test_merging import content
from tests.store.trials import TRIALS, posix
from tests.store.worker import BATCH, ENDINGS, WORKS

EACH = max(round(TRIALS), 1)
IN_TURN = ("accept", "suggest", "undo", "codebook", "merge")

# ---------------------------------------------------------------- what must be there


def acts_since(project: Project, folder: Path) -> int:
    """Count the acts of the worker."""
    return len(project.history()) - int((folder / "acts").read_text())


def imported(project: Project, folder: Path) -> int:
    """Every batch is there with all its documents and turns."""
    names = [name for name in project.documents().index if name.startswith("b")]
    batches = Counter(name.split("-")[0] for name in names)
    assert set(batches.values()) <= {BATCH}
    assert {len(project.document(name).turns) for name in names} <= {80}
    assert len(batches) == acts_since(project, folder)
    return len(batches)


def coded_by_hand(project: Project, folder: Path) -> int:
    """Each act is a coding."""
    assert len(project.codings()) == acts_since(project, folder)
    return len(project.codings())


def in_turn(project: Project, folder: Path) -> int:
    """The study is what it is after that many acts, which repeat each other in turn."""
    acts = acts_since(project, folder)
    after = json.loads((folder / "after").read_text())
    assert repr(content(project)) == after[acts if acts < 2 else 2 - acts % 2]
    return acts


def revised(project: Project, folder: Path) -> int:
    """The text has a line for each act, and every coding that counts has its words."""
    acts, text = acts_since(project, folder), project.document("satu").text
    assert text.count("Warga: Ya") == acts
    frame = project.quotes(project.codings(status=None))
    texts = {document.name: document.text for document in project.texts()}
    for row in frame.itertuples():
        assert row.quote == texts[str(row.document)][row.start : row.end]
    return acts


def backed_up(project: Project, _: Path) -> int:
    """Every backup is the study."""
    made = backups.backups(project.path)
    assert all(content(of_backup(path)) == content(project) for path in made)
    return len(made)


def of_backup(path: Path) -> Project:
    """Open a backup as people should: under another name."""
    assert check(path).empty
    return Project.open(shutil.copy(path, path.parent / "looked-at.bantar"), backup=False)


def brought_up(_: Project, folder: Path) -> int:
    """Every study of an older version is as it was or brought up, and opens as the same study."""
    made = 0
    for path in folder.glob("old-*[0-9].bantar"):
        if backups.is_backup(path):
            continue
        with closing(sqlite3.connect(path)) as file:
            version = file.execute("PRAGMA user_version").fetchone()[0]
        made += version == 2
        assert repr(content(Project.open(path))) == (folder / "old").read_text()
        assert check(path).empty
        for kept in backups.backups(path):
            assert repr(content(of_backup(kept))) == (folder / "old").read_text()
    return made


def made_anew(_: Project, folder: Path) -> int:
    """Every study that has its name is whole."""
    made = list(folder.glob("new-*.bantar"))
    for path in made:
        assert check(path).empty
        assert Project.open(path).history()["verb"].iloc[-1] in {"create", "load"}
    return len(made)


def dumped(project: Project, folder: Path) -> int:
    """The folder is a dump of the study as it was at that time, or nothing at all."""
    said = acknowledged(folder)
    after = json.loads((folder / "after").read_text())
    try:
        back = load(folder / "text", folder / "back.bantar")
    except ProjectError:
        assert said == 0
        found = 0
    else:
        told = repr(content(back))
        (found,) = [n for n in (said, said + 1) if told == after[n if n < 2 else 2 - n % 2]][:1]
    project.dump(folder / "text")
    assert content(load(folder / "text", folder / "again.bantar")) == content(project)
    return found


READ: dict[str, Callable[[Path], str]] = {
    "docx": lambda path: " ".join(
        cell.text for t in docx.Document(str(path)).tables for row in t.rows for cell in row.cells
    ),
    "xlsx": lambda path: pd.read_excel(path, engine="calamine", header=None).to_string(),
    "csv": lambda path: path.read_text(encoding="utf-8-sig"),
    "html": lambda path: BeautifulSoup(path.read_text("utf-8"), "lxml").select_one("table").text,
    "json": lambda path: str(json.loads(path.read_text("utf-8"))),
    "svg": lambda path: BeautifulSoup(path.read_text("utf-8"), "xml").select_one("svg").text,
    "png": lambda path: str(matplotlib.image.imread(path).shape),
    "txt": lambda path: path.read_text("utf-8"),
}


def saved(_: Project, folder: Path) -> int:
    """The table is the one of that time, whole, in the eyes of another program; nothing else is."""
    said = acknowledged(folder)
    files = [path for path in folder.glob("table.*") if not path.name.startswith(".")]
    if not files:
        assert said == 0
        return 0
    (path,) = files
    text = READ[path.suffix[1:]](path)
    (found,) = [n for n in (said, said + 1) if f"talk-{n % 2}" in text]
    assert f"talk-{(found + 1) % 2}" not in text
    assert text.count(f"talk-{found % 2}") == 4
    return found


def reported(_: Project, folder: Path) -> int:
    """Every file of the findings can be read whole by another program."""
    files = [path for path in (folder / "findings").rglob("[!.]*") if path.is_file()]
    for path in files:
        assert READ[path.suffix[1:]](path), path.name
    said = acknowledged(folder)
    assert not said or (folder / "findings" / "manifest.json") in files
    return said


FOUND: dict[str, Callable[[Project, Path], int]] = {
    "import": imported, "code": coded_by_hand, "revise": revised, "backup": backed_up,
    "migration": brought_up, "create": made_anew, "load": made_anew, "dump": dumped,
    "report": reported, **dict.fromkeys(IN_TURN, in_turn), **dict.fromkeys(ENDINGS, saved),
}  # fmt: skip


def acknowledged(folder: Path) -> int:
    """Count what the worker was told is kept."""
    return (folder / "acknowledged").stat().st_size


# ---------------------------------------------------------------- the trials


def prepared(kind: str, study: Path, folder: Path) -> Path:
    """Make a folder with all that a kind of work needs, and what the study is after each act."""
    folder.mkdir(parents=True)
    path = folder / "study.bantar"
    shutil.copy(study, path)
    project = Project.open(path)
    if kind in {"code", "suggest"}:
        project.undo()
    if kind == "load":
        project.dump(folder / "dumped")
    if kind == "merge":
        shutil.copy(study, folder / "other.bantar")
        other = Project.open(folder / "other.bantar", coder="BP")
        other.move_code("resources.staff", "resources.people")
        other.accept(other.codings(status="suggested"))
        other.code("satu", "Dananya tidak ada.", "resources.people")
    if kind in IN_TURN or kind == "dump":
        before, after = path.read_bytes(), [repr(content(project))]
        for number in (1, 2):
            WORKS[kind](project, folder, number)
            after.append(repr(content(project)))
        shutil.rmtree(folder / "text", ignore_errors=True)
        path.write_bytes(before)
        (folder / "after").write_text(json.dumps(after))
    (folder / "acts").write_text(str(len(Project.open(path).history())))
    return path


@contextmanager
def nursery() -> Iterator[Callable[[dict[str, object]], None]]:
    """Give something that lets a child work, and kills it."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.store.worker"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2],
    ) as process:  # fmt: skip
        assert process.stdin
        assert process.stdout

        def kill(order: dict[str, object]) -> None:
            process.stdin.write(json.dumps(order) + "\n")
            process.stdin.flush()
            assert process.stdout.readline().strip() == "-9"

        yield kill


@posix
def test_killed_at_any_moment(coded: Project, old: Path, tmp_path: Path) -> None:
    """After kill -9 the study opens and is whole; what was acknowledged is there, nothing is half."""
    chance = random.Random(7)  # noqa: S311
    told, inside, trials = Counter[str](), 0, EACH * len(WORKS)
    before_upgrade = old.read_bytes()  # opening brings it up
    content_of_old = repr(content(Project.open(old)))
    with nursery() as kill:
        for kind in WORKS:
            ready = tmp_path / kind / "ready"
            prepared(kind, coded.path, ready)
            if kind == "migration":
                (ready / "old.bantar").write_bytes(before_upgrade)
                (ready / "old").write_text(content_of_old)
            warm = str(shutil.copytree(ready, tmp_path / kind / "warm"))
            for trial in range(EACH):
                folder = Path(shutil.copytree(ready, tmp_path / kind / f"trial-{trial}"))
                path, works = folder / "study.bantar", chance.uniform(0, 6)
                kill({"kind": kind, "warm": warm, "folder": str(folder), "works": works})
                inside += any(p for mark in ("*-journal", ".*") for p in folder.rglob(mark))
                project = Project.open(path)
                said, found = acknowledged(folder), FOUND[kind](project, folder)
                assert found in {said, said + 1}, (kind, found, said)
                assert check(path).empty
                told[kind] += said
                shutil.rmtree(folder)
    listed = ", ".join(f"{kind} {count}" for kind, count in told.items())
    print(f"\n{trials} kills, {inside} left something unfinished; acknowledged: {listed}")  # noqa: T201
    assert sum(told.values()) > trials / 4
    assert EACH < 3 or all(told[kind] for kind in WORKS)


def test_every_kind_of_work_is_looked_at() -> None:
    """Each work of the worker has its proof."""
    assert set(FOUND) == set(WORKS)


@pytest.mark.parametrize("phase", range(15))
def test_a_dump_that_is_cut_short_is_mended(
    coded: Project, tmp_path: Path, phase: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Cut off before any of its moves, the next who comes finds the old dump or the new one."""
    coded.dump(tmp_path / "text")
    before = content(coded)
    coded.accept(coded.codings(status="suggested"))
    moves, real, snapshot = [0], Path.rename, tmp_path / "snapshot"

    def rename(path: Path, target: Path) -> Path:
        if moves[0] == phase:
            shutil.copytree(tmp_path / "text", snapshot)
        moves[0] += 1
        return real(path, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "rename", rename)
        coded.dump(tmp_path / "text")
    assert snapshot.exists() is (phase < moves[0])
    told = content(
        load(snapshot if snapshot.exists() else tmp_path / "text", tmp_path / "b.bantar")
    )
    assert told in (before, content(coded))
    assert not list(snapshot.glob(".bantar-*"))
