"""A nursery: fork a child that works on a study, and kill it at a given moment.

Reads a line of JSON for each child: ``kind``, ``folder``, and ``works``, the number of works after
which it is killed, such as 1.5; ``warm`` is a folder in which the work is done and timed before the
first child of its kind. The child works without end and writes one byte to ``acknowledged`` after
each thing that it was told is kept. Run as a program, so that a child costs a fork and not the
loading of pandas.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import docx
import matplotlib.pyplot as plt
import xlsxwriter

import bantar_qual.importers
from bantar_qual import CueCoder, Project, report, table
from bantar_qual.project.care import backup
from bantar_qual.project.textform import load

BATCH = 3  # documents in an import
ENDINGS = ("docx", "xlsx", "csv", "html")

_ = docx, plt, xlsxwriter, bantar_qual.importers

Work = Callable[[Project, Path, int], Any]


def bring_in(project: Project, folder: Path, number: int) -> None:
    """Import a batch of documents."""
    batch = folder / f"batch-{number}"
    batch.mkdir()
    for i in range(BATCH):
        text = f"Pewawancara: Apa?\nInforman: Dananya {number} kali {i} tidak ada.\n" * 40
        (batch / f"b{number}-{i}.txt").write_text(text, encoding="utf-8")
    project.import_documents(batch)


def open_old(_: Project, folder: Path, number: int) -> None:
    """Open a study of an older version, which brings it up to this one."""
    part = folder / f"part-{number}"
    part.write_bytes((folder / "old.bantar").read_bytes())
    Project.open(part.rename(folder / f"old-{number}.bantar"))


def change(project: Project, number: int) -> None:
    """Take something back, or do it again, so that there is something else to be written."""
    project.undo() if number % 2 else project.redo()


def dump(project: Project, folder: Path, number: int) -> None:
    """Write the text form of a study that changes each time."""
    change(project, number)
    project.dump(folder / "text")


def save(project: Project, folder: Path, number: int, ending: str) -> None:
    """Write a table, with other numbers each time."""
    frame = project.codings(status=None).assign(document=f"talk-{number % 2}")
    table(frame[["document", "start", "end"]], title="Tabel").save(folder / f"table.{ending}")


def rename(project: Project, _: Path, number: int) -> None:
    """Give a code, and with it those below it, another name, or its old one."""
    names = ("resources", "means")
    project.move_code(*(names if number % 2 else reversed(names)))


def turn(even: str, odd: str) -> Work:
    """Return a work that calls two verbs of a project in turn."""
    return lambda project, _folder, number: getattr(project, odd if number % 2 else even)()


WORKS: dict[str, Work] = {
    "import": bring_in,
    "code": lambda p, _, n: p.code("satu", (n, n + 5), "resources.staff"),
    "accept": lambda p, _, n: (p.accept if n % 2 else p.reject)(p.codings(status=None)),
    "suggest": lambda p, _, n: p.code_with(CueCoder()) if n % 2 else p.undo(),
    "undo": turn("redo", "undo"),
    "revise": lambda p, _, n: p.revise("satu", f"{p.document('satu').text}\nWarga: Ya {n}."),
    "codebook": rename,
    "merge": lambda p, f, n: p.merge(f / "other.bantar") if n % 2 else p.undo(),
    "backup": lambda p, _, __: backup(p, keep=10_000),
    "migration": open_old,
    "create": lambda p, f, n: Project.create(f / f"new-{n}.bantar", codebook=p.codebook),
    "load": lambda _, f, n: load(f / "dumped", f / f"new-{n}.bantar"),
    "dump": dump,
    "report": lambda p, f, _: report(p, f / "findings", count="all"),
    **{ending: partial(save, ending=ending) for ending in ENDINGS},
}  # fmt: skip


def child(order: dict[str, Any]) -> None:
    """Work until killed, and write down what is kept."""
    folder = Path(order["folder"])
    project = Project.open(folder / "study.bantar")
    done = os.open(folder / "acknowledged", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    (folder / "ready").touch()
    number = 0
    while True:
        number += 1
        WORKS[order["kind"]](project, folder, number)
        os.write(done, b".")


def warmed(kind: str, folder: Path) -> float:
    """Do a work so that all it needs is loaded; return how long the next two took, by the mean.

    Two of them, for some works do one thing and another in turn, and one of these is quick.
    """
    project = Project.open(folder / "study.bantar")
    for number in (1, 2):
        WORKS[kind](project, folder, number)
    began = time.monotonic()
    for number in (3, 4):
        WORKS[kind](project, folder, number)
    return (time.monotonic() - began) / 2


def main() -> None:
    """Fork, wait, kill, report; until there are no more orders."""
    took: dict[str, float] = {}
    for line in sys.stdin:
        order = json.loads(line)
        kind = order["kind"]
        if kind not in took:
            took[kind] = warmed(kind, Path(order["warm"]))
        pid = os.fork()
        if pid == 0:
            try:
                child(order)
            finally:
                os._exit(1)
        while not (Path(order["folder"]) / "ready").exists():
            time.sleep(0.001)
        time.sleep(order["works"] * took[kind])
        os.kill(pid, signal.SIGKILL)
        _, status = os.waitpid(pid, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
