"""The codebook's past: every definition of a code, every change, and what two dates differ in."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bantar_qual import Project, table
from bantar_qual.codebook import Codebook
from bantar_qual.codebook.comparing import differences, links
from bantar_qual.errors import UnknownCode
from tests.project.test_past import backdate


@pytest.fixture
def lived(small: Project) -> Project:
    """Change the codebook on three days, and take one change back."""
    small.language = "en"
    small.code("satu", "Dananya tidak ada.", "resources.budget")
    small.code("satu", "Pegawainya cuma dua.", "resources.staff")
    backdate(small, "2026-01-05")
    small.define_code("resources.budget", definition={"en": "Money for the programme."})
    small.define_code("resources.budget", label={"en": "Wrong"})
    small.undo()
    small.add_code("resources.tools", {"en": "Tools"})
    backdate(small, "2026-02-05")
    bp = Project.open(small.path, coder="BP")
    bp.define_code("resources.budget", definition={"en": "Money and goods for the programme."})
    bp.move_code("resources.budget", "resources.means")
    bp.merge_codes(["resources.staff"], into="resources.tools")
    bp.retire_code("communication.clarity")
    backdate(small, "2026-03-05")
    return small


def test_every_version_of_a_definition(lived: Project) -> None:
    """A row tells each version: since and until when, whose, what; taken-back ones are none."""
    told = lived.definitions("resources.means", zone="UTC")
    assert told.index.tolist() == [1, 2, 3, 4]
    assert told["definition"].tolist() == [
        "", "Money for the programme.", *["Money and goods for the programme."] * 2,
    ]  # fmt: skip
    assert told["code"].tolist() == [*["resources.budget"] * 3, "resources.means"]
    assert told["coder"].tolist() == ["SN", "SN", "BP", "BP"]
    assert told["since"].tolist()[1:3] == ["5 February 2026, 09:00", "5 March 2026, 09:00"]
    assert told["until"].tolist()[0] == "5 February 2026, 09:00"
    assert told["until"].tolist()[-1] == ""
    assert told["difference"].tolist()[2] == "Money [+and goods+] for the programme."
    assert "Wrong" not in set(told["label"])


def test_a_code_is_known_by_any_of_its_paths(lived: Project) -> None:
    """The former path of a code that moved tells the same versions as the present one."""
    assert lived.definitions("resources.budget").equals(lived.definitions("resources.means"))
    with pytest.raises(UnknownCode, match="any codebook of this study"):
        lived.definitions("resources.gold")


def test_a_code_that_left_is_told_to_its_end(lived: Project) -> None:
    """A merged code's last version ends with the merge; there it becomes the other code."""
    told = lived.definitions("resources.staff")
    assert told["code"].tolist() == ["resources.staff", "resources.tools"]
    assert told["until"].tolist()[0] == told["since"].tolist()[1]


def test_every_change_of_the_codebook(lived: Project) -> None:
    """Adding, defining, moving, merging, splitting and retiring are told, in order, with author."""
    frame = lived.codings()
    lived.split_code(
        "resources.means",
        {"resources.tools": frame[frame["code"] == "resources.means"]},
        preview=False,
        reason="two things",
    )
    told = lived.codebook_history()
    assert told[["change", "code"]].to_numpy().tolist() == [
        ["definition changed", "resources.budget"],
        ["added", "resources.tools"],
        ["definition changed", "resources.budget"],
        ["moved or renamed", "resources.means"],
        ["merged", "resources.staff"],
        ["no longer used", "communication.clarity"],
        ["split", "resources.means"],
    ]
    assert told["coder"].tolist() == ["SN", "SN", "BP", "BP", "BP", "BP", "SN"]
    assert told["reason"].tolist()[-1] == "two things"
    assert lived.codebook_history(since="2026-02-01", until="2026-02-28").shape[0] == 2
    budget = lived.codebook_history(code="resources.means")
    assert budget["change"].tolist() == [
        "added", *["definition changed"] * 2, "moved or renamed", "split",
    ]  # fmt: skip


def test_two_dates_compared(lived: Project) -> None:
    """Between two dates only the sum of all changes is told."""
    told = lived.codebook_changes("2026-01-05")
    assert told[["change", "code"]].to_numpy().tolist() == [
        ["moved or renamed", "resources.means"],
        ["definition changed", "resources.means"],
        ["added", "resources.tools"],
        ["no longer used", "communication.clarity"],
        ["merged", "resources.staff"],
    ]
    assert told["after"].tolist()[-1] == "Resources › Tools"
    assert lived.codebook_changes("2026-03-05").empty
    assert lived.codebook_changes("2026-02-05", "2026-02-06").empty


def test_the_codebook_of_a_date(lived: Project) -> None:
    """The codebook of a date is whole, with the codes and definitions of that day."""
    book = lived.codebook_at("2026-02-10")
    assert book.code("resources.budget").definition == {"en": "Money for the programme."}
    assert "resources.means" not in book
    assert lived.codebook_at("2026-03-06") == lived.codebook


def test_heirs_go_both_ways() -> None:
    """What a move leads to, taking it back leads from; and nothing changed has no differences."""
    book = Codebook.load("edwards-iii")
    moved, renamed = book.moved("resources", "means")
    assert renamed.items() <= links(book, moved).heirs.items()
    assert {new: old for old, new in renamed.items()}.items() <= links(moved, book).heirs.items()
    assert differences(book, book, "en") == []
    assert {d.change for d in differences(book, moved, "en")} == {"moved"}
    less = replace(book, codes=tuple(c for c in book if c.path != "resources.budget"))
    assert [(d.code, d.change) for d in differences(book, less, "en")] == [
        ("resources.budget", "removed")
    ]


def test_history_makes_a_table(lived: Project, tmp_path: Path) -> None:
    """The definitions of a code and the codebook's history make documents without a word of code."""
    for frame in (lived.definitions("resources.means"), lived.codebook_history()):
        made = table(frame, title="Appendix")
        headers = [column.header for column in made.grid(whole=False).columns]
        assert all(header[:1].isupper() and "_" not in header for header in headers)
        assert made.save(tmp_path / "a.docx").stat().st_size
