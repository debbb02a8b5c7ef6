"""A large study beside plain sqlite3 doing the same work: insert, open, load, filter, undo, size.

    python benchmarks/store.py [CODINGS] [DOCUMENTS]

The goal is at most 1.5 times plain ``executemany`` into the same tables for inserting, at most
half of ``pandas.read_sql`` for loading, and opening in under a second. Times are of the processor,
which other work on the machine does not lengthen much; each is the median of several rounds in
which ours and its peer take turns.
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
from functools import partial
from pathlib import Path

import pandas as pd

from bantar_qual import Codebook, Coding, Document, Project, Turn
from bantar_qual.store import codings as store_codings
from bantar_qual.store import documents as store_documents

TEXT = "kata " * 2000
ROUNDS = 5
LEAST = (  # the columns that the frame is made of, as numbers and words of one table
    'SELECT id, document_id, "start", "end", code, coder_id, origin, status, valence, confidence, '
    "because, memo, from_act FROM coding WHERE to_act IS NULL AND status = 'suggested'"
)
SAME = (  # what a researcher gets, without the turns
    'SELECT c.id, d.name AS document, d.kind, e.name AS "case", c."start", c."end", c.code, '
    "coder.name AS coder, c.origin, c.status, c.valence, c.confidence, c.because, c.memo, act.time "
    "FROM coding c JOIN document d ON d.id = c.document_id AND d.to_act IS NULL "
    "LEFT JOIN case_ e ON e.id = d.case_id AND e.to_act IS NULL "
    "JOIN coder ON coder.id = c.coder_id JOIN act ON act.id = c.from_act "
    "WHERE c.to_act IS NULL AND c.status = 'suggested' "
    'ORDER BY c.document_id, c."start", c."end", c.id'
)
FILTER = LEAST + " AND code = 'resources.budget' AND valence = 'barrier'"
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
    began = time.process_time()
    work()
    return time.process_time() - began


def in_turns(ours: Callable[[], object], plain: Callable[[], object]) -> tuple[float, float]:
    """Time two pieces of work in turns, and return the median of each."""
    rounds = [(seconds(ours), seconds(plain)) for _ in range(ROUNDS)]
    return statistics.median(r[0] for r in rounds), statistics.median(r[1] for r in rounds)


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
        load = partial(project.codings, status="suggested")
        report("load to a frame", *in_turns(load, partial(read, project.path, LEAST)), "read_sql")
        asked = partial(read, project.path, SAME)
        report("  the same, names and order", *in_turns(load, asked), "read_sql with joins")
        frame = load()
        mine = partial(chosen, frame)
        report("filter", *in_turns(mine, partial(read, project.path, FILTER)), "read_sql WHERE")
        some = frame.head(10_000)
        ids = [(int(i),) for i in some.index]
        plain_path = folder / "plain.bantar"
        for what, work, status in (
            ("accept 10,000", lambda: project.accept(some), "accepted"),
            ("undo that act", project.undo, "suggested"),
        ):
            plainly = seconds(partial(plain_update, plain_path, ids, status))
            report(what, seconds(work), plainly, "executemany UPDATE")
        sizes = [(folder / f"{n}.bantar").stat().st_size / count for n in ("ours", "plain")]
        print(f"{'file size per coding':<28}{sizes[0]:9.0f} B   {sizes[0] / sizes[1]:5.2f} x plain")


def read(path: Path, sql: str) -> pd.DataFrame:
    """Read rows as pandas does."""
    file = sqlite3.connect(path)
    frame = pd.read_sql(sql, file)
    file.close()
    return frame


def chosen(frame: pd.DataFrame) -> pd.DataFrame:
    """Filter the codings frame."""
    return frame[(frame["code"] == "resources.budget") & (frame["valence"] == "barrier")]


def plain_update(path: Path, ids: list[tuple[int]], status: str) -> None:
    """Update rows with plain sqlite3, which keeps no history."""
    file = sqlite3.connect(path)
    sql = "UPDATE coding SET status = ? WHERE id = ? AND to_act IS NULL"
    file.executemany(sql, [(status, number) for (number,) in ids])
    file.commit()
    file.close()


def report(what: str, ours: float, plain: float, peer: str) -> None:
    """Print one comparison."""
    print(f"{what:<28}{ours:9.3f} s   {ours / plain:5.2f} x {peer} ({plain:.3f} s)")


if __name__ == "__main__":
    main()
