"""The codebook of a live study: changed in one act, no coding and no memo lost."""

from __future__ import annotations

import pytest

from bantar_qual import Project
from bantar_qual.errors import CodebookError, FrameError, UnknownCode


@pytest.fixture
def coded(small: Project) -> Project:
    """Code three passages and write a memo on a code."""
    small.code("satu", "Dananya tidak ada.", "resources.budget", valence="barrier")
    small.code("dua", "Anggaran lancar, tidak ada kendala.", "resources.budget", valence="enabler")
    small.code("satu", "Pegawainya cuma dua.", "resources.staff")
    small.memo("Two informants only.", about="code", key="resources.budget")
    return small


def codes(project: Project) -> list[str]:
    """Return the codes of all codings, sorted."""
    return sorted(project.codings()["code"].astype(str))


def test_add(coded: Project) -> None:
    """A new code can be given at once, and taken back."""
    coded.add_code("resources.volunteers", {"id": "Relawan"}, cues={"id": ("relawan",)})
    coded.code("dua", "Hujan terus dari pagi.", "resources.volunteers")
    assert coded.codebook.code("resources.volunteers").cues["id"][0].text == "relawan"
    coded.undo()
    coded.undo()
    assert "resources.volunteers" not in coded.codebook


def test_define(coded: Project) -> None:
    """A definition is versioned like anything else."""
    coded.define_code("resources.budget", definition={"id": "Uang program."})
    assert coded.codebook.code("resources.budget").definition == {"id": "Uang program."}
    coded.undo()
    assert coded.codebook.code("resources.budget").definition == {}


def test_rename_and_move(coded: Project) -> None:
    """Codings, memos and the codes below go with a code that moves; undo brings all back."""
    before = coded.codebook
    coded.move_code("resources.budget", "communication.money")
    assert codes(coded) == ["communication.money", "communication.money", "resources.staff"]
    assert coded.memos()["key"].tolist() == ["communication.money"]
    coded.move_code("resources", "means")
    assert codes(coded) == ["communication.money", "communication.money", "means.staff"]
    assert [code.path for code in coded.codebook] == [
        "means", "means.staff", "communication", "communication.clarity", "communication.money",
    ]  # fmt: skip
    coded.undo()
    coded.undo()
    assert coded.codebook == before
    assert codes(coded) == ["resources.budget", "resources.budget", "resources.staff"]


def test_merge(coded: Project) -> None:
    """Merged codes leave the codebook; their codings and memos live on in the one that stays."""
    coded.merge_codes(["resources.budget", "resources.staff"], into="resources.staff")
    assert codes(coded) == ["resources.staff"] * 3
    assert "resources.budget" not in coded.codebook
    assert coded.memos()["key"].tolist() == ["resources.staff"]
    coded.undo()
    assert codes(coded) == ["resources.budget", "resources.budget", "resources.staff"]


def test_merge_of_twins(coded: Project) -> None:
    """The same words under both codes are one coding after a merge."""
    coded.code("satu", "Dananya tidak ada.", "resources.staff")
    coded.merge_codes(["resources.budget"], into="resources.staff")
    assert len(coded.codings()) == 3


def test_split_shows_before_it_changes(coded: Project) -> None:
    """A split is shown with its quotes; nothing changes before the codings are recoded."""
    frame = coded.codings()
    lack = frame[frame["valence"] == "barrier"]
    preview = coded.split_code("resources.budget", {"resources.staff": lack})
    assert preview["goes_to"].tolist() == ["resources.budget", "resources.staff"]
    assert codes(coded).count("resources.budget") == 2
    with pytest.raises(FrameError, match="two selections"):
        coded.split_code("resources.budget", {"a": lack, "b": lack})


def test_retire(coded: Project) -> None:
    """A retired code keeps its codings, and nobody can give it any more."""
    coded.retire_code("resources.budget")
    assert codes(coded).count("resources.budget") == 2
    with pytest.raises(CodebookError, match="retired"):
        coded.code("dua", "Hujan terus dari pagi.", "resources.budget")


def test_wrong_changes(coded: Project) -> None:
    """A change that does not fit is refused in one sentence, and nothing changes."""
    before = coded.codebook
    for change, error in (
        (lambda: coded.add_code("nowhere.x", "X"), UnknownCode),
        (lambda: coded.add_code("resources.staff", "X"), CodebookError),
        (lambda: coded.add_code("resources.A b", "X"), CodebookError),
        (lambda: coded.add_code("resources.staff.deep", "X"), CodebookError),
        (lambda: coded.define_code("resources.staff", colour="red"), CodebookError),
        (lambda: coded.move_code("resources", "resources.staff.x"), CodebookError),
        (lambda: coded.move_code("resources.staff", "resources.budget"), CodebookError),
        (lambda: coded.merge_codes(["resources"], into="communication.clarity"), CodebookError),
        (lambda: coded.retire_code("gone"), UnknownCode),
    ):
        with pytest.raises(error):
            change()
    assert coded.codebook == before
    assert coded.history()["verb"].tolist()[-1] == "memo"


def test_lint(coded: Project) -> None:
    """The lint names what a supervisor would ask about."""
    coded.code("satu", "Dananya tidak ada.", "communication.clarity")
    coded.code("dua", "Anggaran lancar, tidak ada kendala.", "communication.clarity")
    found = coded.lint()
    said = set(zip(found["finding"], found["about"], strict=True))
    assert ("used once", "resources.staff") in said
    assert ("not rated", "resources.staff") in said
    assert ("definition missing", "resources.budget") in said
    assert ("always together", "communication.clarity + resources.budget") in said
    assert ("unused", "resources.budget") not in said


def test_lint_tells_unused_from_unproven(small: Project) -> None:
    """A code never given is unused; one with suggestions or rejections only lacks evidence."""
    small.code("satu", "Dananya tidak ada.", "resources.budget")
    small.reject(small.codings())
    found = small.lint().set_index("about")["finding"]
    assert "without evidence" in list(found.loc[["resources.budget"]])
    assert "unused" in list(found.loc[["resources.staff"]])
    small.retire_code("resources.staff")
    left = small.lint()
    assert left.loc[left["finding"] == "unused", "about"].tolist() == ["communication.clarity"]


def test_split_is_one_act(coded: Project) -> None:
    """A split gives each coding its new code, and one undo takes all of it back."""
    coded.add_code("resources.money", {"id": "Uang"})
    frame = coded.codings()
    lack = frame[frame["valence"] == "barrier"]
    have = frame[frame["valence"] == "enabler"]
    coded.split_code(
        "resources.budget",
        {"resources.money": lack, "communication.clarity": have},
        preview=False,
        reason="two things in one",
    )
    assert codes(coded) == ["communication.clarity", "resources.money", "resources.staff"]
    assert coded.history()["reason"].tolist()[-1] == "two things in one"
    assert coded.undo().startswith("split code")
    assert codes(coded).count("resources.budget") == 2
    with pytest.raises(UnknownCode):
        coded.split_code("resources.budget", {"resources.gold": lack}, preview=False)


def test_lint_names_silent_turns(shipped_study: Project) -> None:
    """A long answer in which nothing is coded is named with its place and length."""
    found = shipped_study.lint()
    silent = found[found["finding"] == "long turn without coding"]
    assert len(silent) > 10
    assert silent["about"].str.contains(", turn ").all()
