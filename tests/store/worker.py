"""A nursery: fork a child that works on a study, and kill it at a given moment.

Reads a line of JSON for each child: ``kind``, ``path``, ``folder``, ``after`` (seconds). The child
works without end and writes one byte to ``acknowledged`` after each thing that it was told is kept.
Run as a program, so that a child costs a fork and not the loading of pandas.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import bantar_qual.codebook
import bantar_qual.importers
import bantar_qual.project
from bantar_qual import CueCoder, Project
from bantar_qual.project.care import backup
from bantar_qual.store import documents

BATCH = 3  # documents in an import

_ = documents, bantar_qual.codebook, bantar_qual.importers


def works(kind: str, project: Project, folder: Path) -> Iterator[Any]:
    """Do a kind of act again and again; each step is one act, or one backup."""
    number = 0
    while True:
        number += 1
        if kind == "import":
            batch = folder / f"batch-{number}"
            batch.mkdir()
            for i in range(BATCH):
                text = f"Pewawancara: Apa?\nInforman: Dananya {number} kali {i} tidak ada.\n" * 40
                (batch / f"b{number}-{i}.txt").write_text(text, encoding="utf-8")
            yield project.import_documents(batch)
        elif kind == "code":
            yield project.code("satu", (number, number + 5), "resources.staff")
        elif kind == "accept":
            decide = project.accept if number % 2 else project.reject
            yield decide(project.codings(status=None))
        elif kind == "suggest":
            yield project.code_with(CueCoder()) if number % 2 else project.undo()
        elif kind == "undo":
            yield project.redo() if number % 2 == 0 else project.undo()
        else:
            yield backup(project, keep=10_000)


def child(order: dict[str, Any]) -> None:
    """Work until killed, and write down what is kept."""
    folder = Path(order["folder"])
    project = Project.open(order["path"])
    done = os.open(folder / "acknowledged", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    (folder / "ready").touch()
    for _ in works(order["kind"], project, folder):
        os.write(done, b".")


def main() -> None:
    """Fork, wait, kill, report; until there are no more orders."""
    for line in sys.stdin:
        order = json.loads(line)
        pid = os.fork()
        if pid == 0:
            try:
                child(order)
            finally:
                os._exit(1)
        while not (Path(order["folder"]) / "ready").exists():
            time.sleep(0.001)
        time.sleep(order["after"])
        os.kill(pid, signal.SIGKILL)
        _, status = os.waitpid(pid, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
