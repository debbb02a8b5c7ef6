"""History: every act is taken back and done again whole, and the past can be read."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bantar_qual import CueCoder, Project
from tests.conftest import BOOK, TALK

CUES = CueCoder()
SPEECH = [
    "Dananya tidak ada.",
    "Pegawainya dua.",
    "Kriterianya kami tidak paham.",
    "Anggaran lancar.",
]


def state(project: Project) -> dict[str, object]:
    """Return all that a study holds, ready to be compared."""
    codings = project.codings(status=None).drop(columns="time")
    return {
        "codings": codings.astype(object).where(codings.notna(), None).to_dict("index"),
        "documents": project.documents().astype(str).to_dict("index"),
        "cases": project.cases().astype(str).to_dict("index"),
        "codebook": project.codebook,
        "memos": project.memos().drop(columns="time").to_dict("index"),
    }


def act(project: Project, folder: Path, kind: str, number: int) -> None:
    """Do one act of a kind to a study, whatever state it is in."""
    names = list(project.documents().index)
    codings = project.codings(status=None)
    some = codings.iloc[number % 3 :: 2]
    if kind == "import":
        text = TALK.format(
            case=f"C{number % 3}", first=SPEECH[number % 4], second=f"Nomor {number}."
        )
        (folder / f"t{number}.txt").write_text(text, encoding="utf-8")
        project.import_documents(folder / f"t{number}.txt")
    elif kind == "describe" and len(project.cases()):
        project.describe_cases(
            pd.DataFrame({"case": project.cases().index, "role": f"r{number % 2}"})
        )
    elif kind == "code" and names:
        turn = project.document(names[number % len(names)]).turns[1]
        code = ("resources.staff", "resources.budget")[number % 2]
        project.code(names[number % len(names)], (turn.start, turn.end), code, valence="barrier")
    elif kind == "suggest":
        project.code_with(CUES)
    elif kind == "accept":
        project.accept(some, reason="read")
    elif kind == "reject":
        project.reject(some)
    elif kind == "rate":
        project.rate(some, ("barrier", "enabler", None)[number % 3])
    elif kind == "recode":
        project.recode(some, ("resources.staff", "communication.clarity")[number % 2])
    elif kind == "memo":
        project.memo(
            f"memo {number}",
            about=("project", "code")[number % 2],
            key="resources.staff" * (number % 2),
        )


KINDS = ["import", "describe", "code", "suggest", "accept", "reject", "rate", "recode", "memo"]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(st.sampled_from(KINDS), st.integers(0, 5)), min_size=1, max_size=9))
def test_undo_all_and_redo_all(acts: list[tuple[str, int]]) -> None:
    """Any acts and as many undos give the first state; as many redos give the last one again."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        book = folder / "book.yaml"
        book.write_text(BOOK, encoding="utf-8")
        project = Project.create(folder / "s.bantar", codebook=book)
        act(project, folder, "import", 9)
        states = [state(project)]
        for kind, number in acts:
            before = len(project.history())
            act(project, folder, kind, number)
            if len(project.history()) > before:
                states.append(state(project))
        for expected in reversed(states[:-1]):
            assert project.undo()
            assert state(project) == expected
        for expected in states[1:]:
            assert project.redo()
            assert state(project) == expected
        assert not project.redo()


def test_a_batch_is_one_act(small: Project) -> None:
    """Accepting many codings goes back as one."""
    small.code_with(CUES)
    small.accept(small.codings(status="suggested"))
    assert "accept" in small.undo()
    assert small.codings().empty
    assert len(small.codings(status="suggested")) == 4


def test_something_new_forgets_what_was_undone(small: Project) -> None:
    """After a new act nothing that was taken back can be done again."""
    small.code("satu", "Dananya tidak ada.", "resources.budget")
    small.undo()
    small.code("satu", "Dananya tidak ada.", "resources.staff")
    assert small.redo() == ""
    assert small.codings()["code"].astype(str).tolist() == ["resources.staff"]


def test_the_beginning_cannot_be_undone(fresh: Project) -> None:
    """A new study has nothing to take back."""
    assert fresh.undo() == ""
    assert fresh.history()["verb"].tolist() == ["create"]


def test_history_tells_who_did_what(small: Project) -> None:
    """Each act tells its author, its subject and its reason, and whether it still holds."""
    small.code_with(CUES)
    Project.open(small.path, coder="BP").accept(small.codings(status="suggested"), reason="read")
    Project.open(small.path, coder="BP").undo()
    history = small.history()
    assert history["verb"].tolist() == ["create", "import", "code", "accept", "undo"]
    assert history["coder"].tolist() == ["SN", "SN", "SN", "BP", "BP"]
    assert history["reason"].tolist()[3] == "read"
    assert history["holds"].tolist() == [True, True, True, False, False]
    assert history["note"].tolist()[2] == "with cues"


def test_an_act_that_changes_nothing_leaves_no_trace(small: Project) -> None:
    """Coding twice with the same cues, or accepting what is accepted, is no act."""
    small.code_with(CUES)
    small.accept(small.codings(status="suggested"))
    before = len(small.history())
    assert small.code_with(CUES) == 0
    assert small.accept(small.codings()) == 0
    assert len(small.history()) == before


def test_the_study_as_of_a_date(small: Project) -> None:
    """The codings of a past day are what they were on that day."""
    small.code("satu", "Dananya tidak ada.", "resources.budget")
    with sqlite3.connect(small.path) as file:  # the study is older than it is
        file.execute("UPDATE act SET time = '2026-03-01T09:00:00.000+00:00'")
    small.rate(small.codings(), "barrier")
    small.recode(small.codings(), "resources.staff")
    small.code("dua", "Anggaran lancar, tidak ada kendala.", "resources.budget")
    then = small.codings(at="2026-03-01")
    assert then["code"].astype(str).tolist() == ["resources.budget"]
    assert then["valence"].isna().all()
    assert small.codings(at="2026-02-28").empty
    assert len(small.codings()) == 2


def test_recoding_into_a_twin_keeps_one(small: Project) -> None:
    """A coding recoded into one that is there already does not stand twice; undo brings it back."""
    small.code("satu", "Dananya tidak ada.", "resources.budget")
    small.code("satu", "Dananya tidak ada.", "resources.staff")
    frame = small.codings()
    assert small.recode(frame[frame["code"] == "resources.budget"], "resources.staff") == 1
    assert small.codings()["code"].astype(str).tolist() == ["resources.staff"]
    small.undo()
    assert len(small.codings()) == 2


@pytest.mark.parametrize("status", ["accepted", "rejected"])
def test_decisions_survive_a_new_reading(small: Project, status: str) -> None:
    """What people decided stays when the machine reads again, and its guesses are refreshed."""
    small.code_with(CUES)
    waiting = small.codings(status="suggested")
    (small.accept if status == "accepted" else small.reject)(waiting.head(2))
    small.code_with(CUES)
    assert len(small.codings(status=status)) == 2
    assert len(small.codings(status="suggested")) == 2
