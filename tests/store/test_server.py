"""The same store on a real PostgreSQL server: the laws of the file hold there too."""

from __future__ import annotations

import os
import subprocess
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from bantar_qual import Project
from bantar_qual.errors import ProjectError
from bantar_qual.project.care import check
from bantar_qual.project.textform import dump, load
from tests.project.test_cases import (  # noqa: F401 - run again, on the server
    focus,
    test_a_case_may_be_a_speaker_across_documents,
    test_assign_case,
    test_excel,
    test_typed_attributes,
)
from tests.project.test_codebook_verbs import (  # noqa: F401
    coded,
    test_add,
    test_define,
    test_lint,
    test_merge,
    test_merge_of_twins,
    test_rename_and_move,
    test_retire,
    test_wrong_changes,
)
from tests.project.test_history import (  # noqa: F401
    test_a_batch_is_one_act,
    test_an_act_that_changes_nothing_leaves_no_trace,
    test_recoding_into_a_twin_keeps_one,
    test_something_new_forgets_what_was_undone,
    test_the_beginning_cannot_be_undone,
)
from tests.project.test_project import (  # noqa: F401
    test_bulk_acceptance_is_remembered,
    test_cases,
    test_hand_coding,
    test_import_again_changes_nothing,
    test_import_says_what_came_in,
    test_machines_propose,
    test_people_decide,
    test_rate_and_recode,
    test_roll_up,
    test_same_name_in_two_folders,
    test_strict_import,
    test_unknown_cases_and_documents,
    test_wrong_codings,
)
from tests.project.test_textform import seen

SERVER = os.environ.get("BANTAR_TEST_PG", "")  # such as postgresql://user@127.0.0.1:5432
pytestmark = pytest.mark.skipif(not SERVER, reason="BANTAR_TEST_PG names no PostgreSQL server")


@pytest.fixture
def address() -> Iterator[str]:
    """Make an empty database, and remove it afterwards."""
    name = f"bantar_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(f"{SERVER}/postgres", autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}")
    yield f"{SERVER.replace('postgresql://', 'postgresql+psycopg://')}/{name}"
    with psycopg.connect(f"{SERVER}/postgres", autocommit=True) as server:
        server.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def fresh(address: str, book: Path) -> Project:
    """Make an empty study on the server."""
    return Project.create(address, codebook=book, coder="SN")


def test_study_comes_back(address: str, small: Project) -> None:
    """A study on the server opens from another place with everything in it."""
    small.code("satu", "Dananya tidak ada.", "resources.budget", valence="barrier")
    again = Project.open(address)
    assert again.codings().equals(small.codings())
    assert again.document("satu") == small.document("satu")


def test_no_second_study(address: str, fresh: Project, book: Path) -> None:
    """A database holds one study."""
    assert fresh.history()["verb"].tolist() == ["create"]
    with pytest.raises(ProjectError, match="already"):
        Project.create(address, codebook=book)


def test_wrong_addresses(address: str) -> None:
    """An empty database, another kind of server, or none at all: one sentence each."""
    with pytest.raises(ProjectError, match="holds no study"):
        Project.open(address)
    with pytest.raises(ProjectError, match="only PostgreSQL"):
        Project.open("mysql://host/study")
    with pytest.raises(ProjectError, match="cannot be reached"):
        Project.open("postgresql+psycopg://nobody@127.0.0.1:1/study")
    with pytest.raises(ProjectError, match="no address"):
        Project.open("://")


def test_several_people_code_at_once(address: str, small: Project) -> None:
    """Four people who code and decide at the same time lose nothing, and nothing is doubled."""
    program = f"""
import sys
from bantar_qual import Project
project = Project.open({address!r}, coder=sys.argv[1])
turn = project.document("satu").turns[3]
for n in range(15):
    project.code("satu", (turn.start, turn.start + n + 1), "resources.staff")
    project.rate(project.codings(), ("barrier", "enabler")[n % 2])
"""
    people = [subprocess.Popen([sys.executable, "-c", program, who]) for who in "ABCD"]
    assert [person.wait() for person in people] == [0] * 4
    assert len(small.codings()) == 60
    assert small.codings().groupby("coder", observed=True).size().tolist() == [15] * 4
    for _, history in small.decisions().groupby("coding"):
        assert list(history["before"])[1:] == list(history["after"])[:-1]


def test_a_file_is_merged_into_the_server(small: Project, tmp_path: Path) -> None:
    """What a colleague coded in a file comes into the team's study, once, and goes back as one."""
    small.code("satu", "Dananya tidak ada.", "resources.budget", valence="barrier")
    small.memo("tim", about="document", key="satu")
    colleague = load(dump(small, tmp_path / "text"), tmp_path / "bp.bantar", coder="BP")
    colleague.code("dua", "Anggaran lancar, tidak ada kendala.", "resources.budget")
    colleague.move_code("resources.budget", "resources.money")
    small.code("satu", "Pegawainya cuma dua.", "resources.budget")
    before = seen(small)
    report = small.merge(colleague.path)
    assert report["state"].value_counts()["added"] == 1
    assert small.codings()["code"].astype(str).tolist() == ["resources.money"] * 3
    assert sorted(small.codings()["coder"].astype(str)) == ["BP", "SN", "SN"]
    acts = len(small.history())
    small.merge(colleague)
    assert len(small.history()) == acts
    after = seen(small)
    assert small.undo().startswith("merge")
    assert seen(small) == before
    small.redo()
    assert seen(small) == after


def test_the_server_is_merged_into_a_file(address: str, small: Project, tmp_path: Path) -> None:
    """A study on a server comes into a file as another file does, also by its address."""
    small.code("satu", "Dananya tidak ada.", "resources.budget")
    mine = load(dump(small, tmp_path / "text"), tmp_path / "mine.bantar")
    small.code("satu", "Pegawainya cuma dua.", "resources.staff")
    mine.merge(address)
    assert len(mine.codings()) == 2
    assert check(mine).empty
    with pytest.raises(ProjectError, match="into itself"):
        small.merge(address)


def test_a_folder_is_loaded_on_to_a_server(address: str, tmp_path: Path, book: Path) -> None:
    """A study in a file becomes a team's by way of its text form, the same in everything."""
    (tmp_path / "satu.txt").write_text("Warga: Dananya tidak ada.\n", encoding="utf-8")
    project = Project.create(tmp_path / "one.bantar", codebook=book, coder="SN")
    project.import_documents(tmp_path / "satu.txt")
    project.code("satu", "Dananya tidak ada.", "resources.budget")
    team = load(dump(project, tmp_path / "text"), address)
    assert seen(team) == seen(project)
    with pytest.raises(ProjectError, match="already"):
        load(tmp_path / "text", address)


def test_a_server_of_an_older_version_is_sealed(address: str, small: Project) -> None:
    """A study that an older version made on a server is brought up when it is opened."""
    assert len(small.history()) == 2
    with psycopg.connect(address.replace("+psycopg", ""), autocommit=True) as server:
        server.execute("DROP TABLE seal")
    project = Project.open(address)
    project.memo("hujan")
    with psycopg.connect(address.replace("+psycopg", "")) as server:
        sealed = server.execute("SELECT DISTINCT act_id FROM seal ORDER BY act_id").fetchall()
    assert [act for (act,) in sealed] == list(project.history().index)
