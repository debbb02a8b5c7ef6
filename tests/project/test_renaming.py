"""Renamed codes: what both sides gave to one code meets under its new name."""

from __future__ import annotations

import pytest

from bantar_qual import Project
from bantar_qual.codebook import Codebook
from bantar_qual.project.merging import merge
from tests.conftest import BOOK
from tests.project.test_merging import content, copied, pair, rows  # noqa: F401 - a fixture


def codes(project: Project) -> list[str]:
    """Return the code of every coding, sorted."""
    return sorted(project.codings(status=None)["code"].astype(str))


def test_the_codebook_remembers_former_paths(small: Project) -> None:
    """A code and all below it keep the paths that they had, in plain YAML, also by way of a merge."""
    small.move_code("resources.budget", "resources.money")
    small.merge_codes(["resources.staff"], into="resources.money")
    small.move_code("resources", "support")
    book = small.codebook
    assert book.code("support").formerly == ("resources",)
    former = ("resources.budget", "resources.money", "resources.staff")
    assert book.code("support.money").formerly == former
    assert "formerly:\n    - resources.budget\n" in book.to_yaml()
    assert Codebook.parse(book.to_yaml()) == book
    small.move_code("support", "resources")
    assert small.codebook.code("resources").formerly == ("support",)
    small.undo()
    small.undo()
    assert small.codebook.code("resources").formerly == ()


@pytest.mark.parametrize("there", [True, False])
def test_a_rename_meets_codings_under_the_old_name(
    pair: tuple[Project, Project],  # noqa: F811
    there: bool,
) -> None:
    """Whoever renamed, what the other one gave to the old name since has the new one."""
    ours, theirs = pair
    renamer, other = (theirs, ours) if there else (ours, theirs)
    renamer.move_code("resources.budget", "resources.money")
    other.code("dua", "tidak ada kendala", "resources.budget")
    other.rate(other.codings().iloc[[0]], "enabler")
    other.memo("tentang dana", about="code", key="resources.budget")
    report = merge(ours, theirs)
    assert codes(ours) == ["resources.money"] * 3 + ["resources.staff"]
    assert rows(report, "conflict") == []
    assert "enabler" in list(ours.codings()["valence"])
    assert ours.memos()["key"].tolist() == ["resources.money"]
    assert "resources.budget" not in ours.codebook
    told = report[report["note"].str.contains("called 'resources.budget'")]
    assert told["kind"].tolist() == ["code"]
    acts = len(ours.history())
    assert not {"taken", "added", "ended"} & set(merge(ours, theirs)["state"])
    assert len(ours.history()) == acts
    merge(theirs, ours)
    assert content(theirs) == content(ours)
    assert ours.undo().startswith("merge")
    assert ("resources.money" in ours.codebook) is not there


def test_a_merged_code_takes_the_codings_of_both(pair: tuple[Project, Project]) -> None:  # noqa: F811
    """Codes that were merged there are merged here; a twin stays once."""
    ours, theirs = pair
    theirs.merge_codes(["resources.budget"], into="resources.staff")
    ours.code("dua", "tidak ada kendala", "resources.budget")
    ours.code("dua", "tidak ada kendala", "resources.staff")
    merge(ours, theirs)
    assert codes(ours) == ["resources.staff"] * 4
    assert ours.codebook.code("resources.staff").formerly == ("resources.budget",)


def test_what_was_added_below_a_moved_code_goes_with_it(
    pair: tuple[Project, Project],  # noqa: F811
) -> None:
    """A code that one side added below another lies below it after that one was renamed."""
    ours, theirs = pair
    theirs.move_code("resources", "means")
    ours.add_code("resources.volunteers", "Relawan")
    ours.code("dua", "tidak ada kendala", "resources.volunteers")
    merge(ours, theirs)
    assert "means.volunteers" in ours.codebook
    assert "resources" not in ours.codebook
    assert codes(ours) == ["means.budget"] * 2 + ["means.staff", "means.volunteers"]


def test_names_that_change_places(pair: tuple[Project, Project]) -> None:  # noqa: F811
    """Where two codes exchanged their names, each coding follows its code and not the name."""
    ours, theirs = pair
    theirs.move_code("resources.budget", "resources.other")
    theirs.move_code("resources.staff", "resources.budget")
    theirs.move_code("resources.other", "resources.staff")
    ours.code("dua", "tidak ada kendala", "resources.budget")
    merge(ours, theirs)
    assert codes(ours) == ["resources.budget"] + ["resources.staff"] * 3


def test_renamed_differently_on_both_sides(pair: tuple[Project, Project]) -> None:  # noqa: F811
    """A code that both renamed keeps our name, is told as a conflict, and has all its codings."""
    ours, theirs = pair
    ours.move_code("resources.budget", "resources.money")
    theirs.move_code("resources.budget", "resources.funds")
    theirs.code("dua", "tidak ada kendala", "resources.funds")
    report = merge(ours, theirs)
    assert codes(ours) == ["resources.money"] * 3 + ["resources.staff"]
    assert [row[0] for row in rows(report, "conflict")] == ["code"]
    trail = ours.codebook.code("resources.money").formerly
    assert trail == ("resources.budget", "resources.funds")
    assert "resources.funds" not in ours.codebook


def test_tangled_moves_lose_nothing(pair: tuple[Project, Project]) -> None:  # noqa: F811
    """Where each side merged the codes the other way round, every coding still has a code."""
    ours, theirs = pair
    ours.merge_codes(["resources.budget"], into="resources.staff")
    theirs.merge_codes(["resources.staff"], into="resources.budget")
    merge(ours, theirs)
    assert len(ours.codings()) == 3
    assert set(codes(ours)) <= set(ours.codebook.paths)


def test_separate_studies_know_each_others_former_names(small: Project) -> None:
    """Studies made from one codebook file meet in the new name, though they share no history."""
    path = small.path.with_name("other.bantar")
    other = Project.create(path, codebook=Codebook.parse(BOOK), coder="BP")
    other.import_documents(small.path.parent / "talks")
    other.code("satu", "Dananya tidak ada.", "resources.budget")
    small.move_code("resources.budget", "resources.money")
    merge(small, other)
    assert codes(small) == ["resources.money"]
    assert "resources.budget" not in small.codebook
    again = copied(other, "again")
    merge(again, small)
    assert codes(again) == ["resources.money"]
