"""A study on which the proofs of durability work."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bantar_qual import CueCoder, Project

VERSION_1 = Path(__file__).with_name("samples") / "version-1.sql"


@pytest.fixture
def coded(small: Project) -> Project:
    """Make a study with open suggestions."""
    small.code_with(CueCoder())
    return small


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """Make a study as the first version wrote it: texts, codings, a memo, an undo, a revision."""
    path = tmp_path / "old.bantar"
    with closing(sqlite3.connect(path)) as file:
        file.executescript(VERSION_1.read_text(encoding="utf-8"))
    return path
