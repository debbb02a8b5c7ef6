"""Seals: whatever people wrote, one letter of it that was changed outside is found."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pandas as pd
import pytest

from bantar_qual import CueCoder, Project
from bantar_qual.project.care import check, repair
from bantar_qual.store import schema, seals

TEXTS = [
    (table.name, column.name)
    for table in (schema.act, *schema.VERSIONED)
    for column in table.c
    if column.type.python_type is str
]


@pytest.fixture
def full(small: Project) -> Project:
    """Make a study in which every table holds something."""
    small.code_with(CueCoder())
    small.accept(small.codings(status="suggested"), reason="dibaca")
    small.rate(small.codings().head(2), "barrier")
    small.code("satu", "Dananya tidak ada.", "resources.staff", memo="penting")
    small.memo("hujan", about="document", key="dua")
    small.describe_cases(pd.DataFrame({"case": ["A"], "role": ["Ketua RT"]}))
    speaker = pd.DataFrame({"case": ["C"], "document": ["satu"], "speaker": ["Informan"]})
    small.describe_cases(speaker)
    small.undo()
    small.redo()
    return small


def altered(path: Path, table: str, column: str) -> int:
    """Change one letter in the longest value of a column that there is; return how many rows."""
    longest = f'SELECT rowid FROM "{table}" WHERE "{column}" != \'\' ORDER BY length("{column}") DESC LIMIT 1'  # noqa: S608
    other = f'substr("{column}", 1, length("{column}") - 1) || char(unicode(substr("{column}", -1)) + 5)'
    with closing(sqlite3.connect(path)) as file, file:
        change = f'UPDATE "{table}" SET "{column}" = {other} WHERE rowid = ({longest})'  # noqa: S608
        return file.execute(change).rowcount


def test_one_changed_letter_is_found(full: Project) -> None:
    """In any column of words of any table, past versions among them, check finds one other letter."""
    assert check(full).empty
    clean, missed = full.path.read_bytes(), []
    for table, column in TEXTS:
        full.path.write_bytes(clean)
        if not altered(full.path, table, column):
            missed.append((table, column))
            continue
        found = check(full.path)
        assert table.rstrip("_").replace("_", " ") in set(found["what"]), (table, column)
    assert missed == [("coding", "anchor")]  # no revision left anything unsure there


def test_rows_that_come_or_go_are_found(full: Project) -> None:
    """A version that is added, taken away or ended outside of bantar_qual breaks a seal."""
    clean = full.path.read_bytes()
    for change in (
        "DELETE FROM memo",
        "UPDATE memo SET to_act = 9",
        "INSERT INTO memo (id, guid, about, key, text, from_act) VALUES (2, 'x', 'project', '', 'x', 3)",
        "DELETE FROM seal WHERE act_id = 4",
    ):
        full.path.write_bytes(clean)
        with closing(sqlite3.connect(full.path)) as file, file:
            file.execute(change)
        assert not check(full.path).empty, change


def test_very_large_acts_leave_their_codings_unsealed(
    full: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An act of very many codings is no fault for check, whose places are guarded otherwise."""
    monkeypatch.setattr(seals, "MANY", 1)
    full.reject(full.codings())
    full.memo("sesudahnya")
    with closing(sqlite3.connect(full.path)) as file, file:
        last = len(full.history()) - 1
        names = file.execute("SELECT name FROM seal WHERE act_id = ?", [last]).fetchall()
        assert names == [("act",)]
        file.execute("DELETE FROM seal WHERE name = 'coding'")
    assert set(check(full)["what"]) == {"coding"}


def test_a_repaired_study_is_sealed_anew(full: Project, tmp_path: Path) -> None:
    """What repair could save is whole by its own account, and its altered memo is as it was found."""
    altered(full.path, "memo", "text")
    repair(full.path, tmp_path / "new.bantar")
    assert check(tmp_path / "new.bantar").empty
