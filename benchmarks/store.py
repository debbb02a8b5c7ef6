"""A large study beside plain sqlite3 doing the same work: insert, open, load, filter, undo, size.

    python benchmarks/store.py [CODINGS] [DOCUMENTS]

The goal is at most 1.5 times plain ``executemany`` into the same tables for inserting, at most
half of ``pandas.read_sql`` for loading, and opening in under a second.
"""

from __future__ import annotations

import gc
import random
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pandas as pd

from bantar_qual import Codebook, Coding, Document, Project, Turn
from bantar_qual.store import codings as store_codings
from bantar_qual.store import documents as store_documents

TEXT = "kata " * 2000
COLUMNS = (
    "id", "guid", "document_id", "start", "end", "code", "coder_id", "origin", "status", "valence",
    "confidence", "because", "memo", "anchor", "from_act",
)  # fmt: skip


def study(path: Path, documents: int) -> Project:
    """Make a study with many documents and no coding."""
    project = Project.create(path, codebook="edwards-iii", coder="SN")
    turns = tuple(Turn(number=n + 1, start=n * 100, end=n * 100 + 99) for n in range(100))
    made = [
        Document(name=f"d{n}", text=f"{n} {TEXT}", language="id", case=f"c{n}", turns=turns)
        for n in range(documents)
    ]
    store_documents.add_documents(project.store, made, coder="SN")
    return project


def made_up(count: int, documents: int) -> list[Coding]:
    """Make codings, no two alike."""
    draw = random.Random(7)
    codes = [code.path for code in Codebook.load("edwards-iii").at("indicator")]
    return [
        Coding(
            document=f"d{i % documents}",
            start=(i // documents) * 20 % 9_000,
            end=(i // documents) * 20 % 9_000 + 10 + i // (documents * 450),
            code=draw.choice(codes),
            coder="cues",
            origin="cue",
            status="suggested",
            valence=draw.choice(("barrier", "enabler", None)),
            confidence=0.6,
            because="kata",
        )
        for i in range(count)
    ]


def seconds(work: Callable[[], object]) -> float:
    """Time one piece of work."""
    gc.collect()
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def plain_insert(source: Path, target: Path) -> Callable[[], None]:
    """Return plain executemany of the same rows into the same tables, with the same indexes."""
    names = ", ".join('"' + column + '"' for column in COLUMNS)
    marks = ", ".join("?" for _ in COLUMNS)
    rows = sqlite3.connect(source).execute(f"SELECT {names} FROM coding").fetchall()  # noqa: S608

    def insert() -> None:
        file = sqlite3.connect(target)
        file.executemany(f"INSERT INTO coding ({names}) VALUES ({marks})", rows)  # noqa: S608
        file.commit()
        file.close()

    return insert


def main() -> None:
    """Print each piece of work, its time, and the ratio to plain sqlite3 or pandas."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    documents = int(sys.argv[2]) if len(sys.argv) > 2 else 5_000  # noqa: PLR2004
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        project = study(folder / "ours.bantar", documents)
        study(folder / "plain.bantar", documents)
        codings = made_up(count, documents)
        print(f"{count:,} codings, {documents:,} documents")
        ours = seconds(lambda: store_codings.add_codings(project.store, codings, coder="SN"))
        plain = seconds(plain_insert(project.path, folder / "plain.bantar"))
        report("insert", ours, plain, "executemany")
        opened = statistics.median(seconds(lambda: Project.open(project.path)) for _ in range(5))
        print(f"{'open':<28}{opened:9.3f} s   (reads no coding)")
        sql = "SELECT * FROM coding WHERE to_act IS NULL"
        loads, reads = [], []
        for _ in range(3):
            loads.append(seconds(lambda: project.codings(status="suggested")))
            reads.append(seconds(lambda: pd.read_sql(sql, sqlite3.connect(project.path))))
        report(
            "load to a frame", statistics.median(loads), statistics.median(reads), "pandas.read_sql"
        )
        frame = project.codings(status="suggested")
        chosen = seconds(
            lambda: frame[(frame["code"] == "resources.budget") & (frame["valence"] == "barrier")]
        )
        print(f"{'filter':<28}{chosen:9.3f} s")
        some = frame.head(10_000)
        accepted = seconds(lambda: project.accept(some))
        ids = [(int(i),) for i in some.index]
        plainly = seconds(lambda: plain_update(folder / "plain.bantar", ids))
        report("accept 10,000", accepted, plainly, "executemany UPDATE")
        report("undo that act", seconds(project.undo), plainly, "executemany UPDATE")
        sizes = [(folder / f"{n}.bantar").stat().st_size / count for n in ("ours", "plain")]
        print(f"{'file size per coding':<28}{sizes[0]:9.0f} B   {sizes[0] / sizes[1]:5.2f} x plain")


def plain_update(path: Path, ids: list[tuple[int]]) -> None:
    """Update rows with plain sqlite3."""
    file = sqlite3.connect(path)
    file.executemany("UPDATE coding SET status = 'accepted' WHERE id = ? AND to_act IS NULL", ids)
    file.commit()
    file.close()


def report(what: str, ours: float, plain: float, peer: str) -> None:
    """Print one comparison."""
    print(f"{what:<28}{ours:9.3f} s   {ours / plain:5.2f} x {peer} ({plain:.3f} s)")


if __name__ == "__main__":
    main()
