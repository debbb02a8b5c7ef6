"""Many writers: what several programs do to one study at once is all kept.

Each proof runs a small number of trials; ``BANTAR_TRIALS=5`` runs five times as many.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any

import pytest

from bantar_qual import Coding, Project
from bantar_qual.project.care import backup, check
from bantar_qual.store import Store, schema, settings
from bantar_qual.store.versions import acting
from tests.store.trials import TRIALS

WRITERS = """
import sys, threading
from bantar_qual.project import Project
from bantar_qual.store import memos, schema
from bantar_qual.store.versions import acting, valid

path, name, updates = sys.argv[1], sys.argv[2], int(sys.argv[3])
faults = []

def work(who):
    store = Project.open(path, coder=who).store
    try:
        for number in range(updates // 2):
            memos.add_memo(store, about="project", key="", text=f"{who}:{number}", coder=who)
            with acting(store, "set", coder=who) as act:
                table = schema.setting
                here = (table.c.key == "tally") & valid(table)
                row = act.connection.execute(table.select().where(here)).one()
                act.change(table, [row.id], {"value": str(int(row.value) + 1)})
    except Exception as error:
        faults.append(repr(error))

threads = [threading.Thread(target=work, args=(f"{name}{i}",)) for i in range(2)]
for thread in threads: thread.start()
for thread in threads: thread.join()
sys.exit("; ".join(faults) or 0)
"""


def test_two_programs_with_four_writers(coded: Project) -> None:
    """Of what four writers in two programs do at once nothing is lost; backups meanwhile are whole."""
    updates = max(int(50 * TRIALS), 10) // 2 * 2
    with acting(coded.store, "set", coder="SN") as act:
        act.add(schema.setting, [{"key": "tally", "value": "0"}])
    orders = [sys.executable, "-c", WRITERS, str(coded.path)]
    running = [
        subprocess.Popen([*orders, name, str(updates)], stderr=subprocess.PIPE, text=True)
        for name in "AB"
    ]
    made = 0
    while any(process.poll() is None for process in running):
        assert check(backup(coded)).empty
        made += 1
        time.sleep(0.1)  # people back up now and then, not without a pause
    for process in running:
        _, said = process.communicate()
        assert process.returncode == 0, said
    tally = Store.open(coded.path)
    assert settings.settings(tally)["tally"] == str(2 * updates)
    written = set(coded.memos()["text"])
    assert written == {
        f"{who}{i}:{n}" for who in "AB" for i in range(2) for n in range(updates // 2)
    }
    assert check(coded.path).empty
    print(f"\n{4 * updates} updates by 4 writers, {made} backups meanwhile")  # noqa: T201


def test_a_long_write_reads_beside_itself(coded: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """A coder that gives very many codings still reads the next document before they are kept."""
    monkeypatch.setattr("bantar_qual.store.engine._BUSY_SECONDS", 0.2)
    project = Project.open(coded.path)

    class Many:
        name, origin = "many", "cue"

        def code(self, document: Any, _: Any) -> Iterator[Coding]:
            length = len(document.text)
            pairs = ((a, b) for a in range(length) for b in range(a + 1, length))
            for (start, end), _n in zip(pairs, range(11_000), strict=False):
                yield Coding(
                    document=document.name, start=start, end=end, code="resources.staff",
                    coder="many", origin="cue", status="suggested", because="x" * 100,
                )  # fmt: skip

    assert project.code_with(Many()) == 22_000
