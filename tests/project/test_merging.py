"""Merging: two people's work comes together, nothing of ours is lost, and it goes back as one."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

import pandas as pd
import pytest

from bantar_qual import Project
from bantar_qual.errors import ProjectError
from bantar_qual.project.merging import merge
from bantar_qual.store.documents import checksum
from tests.conftest import TALK


def content(project: Project) -> dict[str, object]:
    """Return all that a study says, without ids, acts and times, ready to be compared."""
    codings = project.codings(status=None)
    names = ["document", "start", "end", "code", "coder", "origin", "status", "valence", "memo"]
    places = {
        str(number): tuple(str(row[name]) for name in names[:5])
        for number, row in codings.astype(object).iterrows()
    }
    memos = project.memos()
    documents = project.documents().astype(str)
    cases = project.cases().astype(str)
    return {
        "codings": sorted(tuple(map(str, row)) for row in codings[names].to_numpy(dtype=object)),
        "documents": documents[sorted(documents)].to_dict("index"),
        "cases": cases[sorted(cases)].to_dict("index"),
        "codes": {code.path: code for code in project.codebook},
        "memos": sorted(
            (
                row.about,
                str(places.get(row.key, "" if row.about == "coding" else row.key)),
                row.text,
            )
            for row in memos.itertuples()
        ),
    }


def copied(project: Project, name: str = "b", coder: str = "BP") -> Project:
    """Copy a study, for somebody else to work on."""
    path = project.path.with_name(f"{name}.bantar")
    shutil.copy(project.path, path)
    return Project.open(path, coder=coder)


def rows(report: pd.DataFrame, state: str) -> list[tuple[str, str, str]]:
    """Return kind, ours and theirs of the rows with a state."""
    chosen = report[report["state"] == state]
    return list(chosen[["kind", "ours", "theirs"]].itertuples(index=False, name=None))


@pytest.fixture
def pair(small: Project) -> tuple[Project, Project]:
    """Make a study with three codings of SN, and BP's copy of it."""
    small.code("satu", "Dananya tidak ada.", "resources.budget", valence="barrier")
    small.code("satu", "Pegawainya cuma dua.", "resources.staff")
    small.code("dua", "Anggaran lancar", "resources.budget")
    return small, copied(small)


# ---------------------------------------------------------------- one by one


def test_each_side_keeps_what_only_it_changed(pair: tuple[Project, Project]) -> None:
    """What changed there only is taken, what changed here only is kept, the rest is equal."""
    ours, theirs = pair
    ours.rate(ours.codings().iloc[[1]], "enabler")
    theirs.reject(theirs.codings().iloc[[0]], reason="not said")
    theirs.code("dua", "tidak ada kendala", "resources.budget")
    report = merge(ours, theirs)
    codings = report[report["kind"] == "coding"]
    assert sorted(codings["state"]) == ["added", "equal", "kept", "taken"]
    assert rows(codings, "taken") == [("coding", "status: accepted", "status: rejected")]
    assert rows(codings, "kept") == [("coding", "valence: enabler", "valence: barrier")]
    assert len(ours.codings(status="rejected")) == 1
    assert set(ours.codings()["coder"]) == {"SN", "BP"}
    assert ours.history()["verb"].tolist()[-2:] == ["rate", "merge"]
    assert "2 acts by BP (reject 1, code 1)" in ours.history()["note"].iloc[-1]


def test_conflicts_are_told_exactly(pair: tuple[Project, Project]) -> None:
    """What both changed differently stays ours, is told with both values, and in a memo."""
    ours, theirs = pair
    for project, valence, role in ((ours, "enabler", "RT"), (theirs, "neutral", "RW")):
        project.rate(project.codings().iloc[[1, 2]], valence)
        project.define_code("resources.staff", definition=role)
        project.describe_cases(pd.DataFrame({"case": ["A"], "role": [role]}))
    theirs.rate(theirs.codings().iloc[[0]], "enabler")
    before = ours.codings()["valence"].tolist()
    report = merge(ours, theirs)
    assert rows(report, "conflict") == [
        ("attribute", "RT", "RW"),
        ("code", "definition: RT", "definition: RW"),
        ("coding", "valence: enabler", "valence: neutral"),
        ("coding", "valence: enabler", "valence: neutral"),
    ]
    assert rows(report, "taken") == [("coding", "valence: -", "valence: enabler")]
    assert ours.codings()["valence"].tolist()[1:] == before[1:]
    memos = ours.memos()
    assert memos["about"].tolist() == ["coding", "coding"]
    assert memos["text"].str.contains("There: valence: neutral").all()
    assert set(merge(ours, theirs)["state"]) <= {"equal", "kept"}
    assert len(ours.memos()) == 2


def test_what_was_ended_there_ends_here_unless_changed(small: Project) -> None:
    """A coding taken back there ends here; one that we changed since stays and is told."""
    small.code("satu", "Dananya tidak ada.", "resources.budget")
    small.code("satu", "Pegawainya cuma dua.", "resources.staff")
    theirs = copied(small)
    theirs.undo()
    theirs.undo()
    small.rate(small.codings().iloc[[0]], "barrier")
    report = merge(small, theirs)
    codings = report[report["kind"] == "coding"]
    assert codings["state"].tolist() == ["kept", "ended"]
    assert codings["theirs"].tolist() == ["ended", "ended"]
    assert small.codings()["code"].astype(str).tolist() == ["resources.budget"]
    small.undo()
    assert len(small.codings()) == 2


def test_work_goes_on_after_a_merge(pair: tuple[Project, Project]) -> None:
    """Copies that merge every week agree: what was settled last week is no conflict again."""
    ours, theirs = pair
    for valence in ("enabler", "neutral", "mixed"):
        theirs.rate(theirs.codings().iloc[[0]], valence)
        assert rows(merge(ours, theirs), "conflict") == []
        assert ours.codings()["valence"].iloc[0] == valence
    ours.rate(ours.codings().iloc[[0]], "barrier")
    assert rows(merge(theirs, ours), "conflict") == []
    assert theirs.codings()["valence"].iloc[0] == "barrier"
    theirs.rate(theirs.codings().iloc[[0]], "neutral")
    assert rows(merge(ours, theirs), "conflict") == []
    assert content(ours) == content(theirs)


def test_what_was_undone_after_a_merge_can_be_merged_again(pair: tuple[Project, Project]) -> None:
    """A merge taken back is as if it had not been."""
    ours, theirs = pair
    theirs.code("dua", "tidak ada kendala", "resources.budget")
    merge(ours, theirs)
    after = content(ours)
    ours.undo()
    assert rows(merge(ours, theirs), "added")
    assert content(ours) == after


def separate(small: Project, talks: Path, coder: str) -> Project:
    """Make a study of its own of the same transcripts, in other files and with one more."""
    path = small.path.with_name("other.bantar")
    (talks / "satu.txt").rename(talks / "nama-lain.txt")
    (talks / "tiga.txt").write_text(
        TALK.format(case="C", first="Hujan.", second="Banjir."), encoding="utf-8"
    )
    project = Project.create(path, codebook=small.codebook, coder=coder)
    project.import_documents(talks)
    return project


def test_separate_studies_meet_by_their_texts(small: Project, talks: Path) -> None:
    """The same text is one document, whatever its name; codings stand where they stood."""
    small.code("satu", "Dananya tidak ada.", "resources.budget")
    other = separate(small, talks, "BP")
    other.code("nama-lain", "Dananya tidak ada.", "resources.budget")
    other.add_code("resources.volunteers", "Relawan")
    other.code("tiga", "Banjir.", "resources.volunteers")
    report = merge(small, other)
    assert list(small.documents().index) == ["dua", "satu", "tiga"]
    assert sorted(small.cases().index) == ["A", "B", "C"]
    assert small.document("tiga").turns == other.document("tiga").turns
    codings = small.quotes(small.codings())
    assert codings["quote"].tolist() == ["Dananya tidak ada."] * 2 + ["Banjir."]
    assert codings["coder"].tolist() == ["SN", "BP", "BP"]
    assert "resources.volunteers" in small.codebook
    assert rows(report, "conflict") == [("document", "name: satu", "name: nama-lain")]


@pytest.mark.parametrize(
    ("coders", "expected"), [(None, ["SN", "SN (other)"]), ({"SN": "SN"}, ["SN"])]
)
def test_namesakes_are_two_people_unless_told(
    small: Project, talks: Path, coders: dict[str, str] | None, expected: list[str]
) -> None:
    """A same-named coder of a separate study is somebody else, unless the caller knows better."""
    small.code("satu", "Dananya tidak ada.", "resources.budget")
    other = separate(small, talks, "SN")
    other.code("nama-lain", "Dananya tidak ada.", "resources.budget")
    merge(small, other, coders=coders)
    assert sorted(small.codings()["coder"].astype(str)) == expected
    before = content(small)
    merge(small, other)
    assert content(small) == before


def test_a_revised_text_takes_only_codings_whose_words_stand_once(small: Project) -> None:
    """Where the texts differ codings find their words, or are left out with the reason."""
    theirs = copied(small)
    for words in ("Dananya tidak ada.", "Pegawainya cuma dua."):
        theirs.code("satu", words, "resources.budget")
    text = small.document("satu").text
    new = f"Catatan.\n{text}".replace("Pegawainya cuma dua.", "Pegawainya cuma tiga.")
    with sqlite3.connect(small.path) as file:
        file.execute("UPDATE revision SET text = ?, sha256 = ? WHERE text = ?",
                     (new, checksum(new), text))  # fmt: skip
    report = merge(small, theirs)
    assert rows(report, "conflict") == [("document", "text: differs", "text: differs")]
    skipped = report[report["state"] == "skipped"]
    assert skipped["note"].tolist() == ["its words do not stand in our text"]
    assert small.quotes(small.codings())["quote"].tolist() == ["Dananya tidak ada."]
    acts = len(small.history())
    assert set(merge(small, theirs)["state"]) <= {"equal", "kept", "conflict", "skipped"}
    assert len(small.history()) == acts


def test_what_cannot_be_merged_is_said(small: Project, tmp_path: Path) -> None:
    """A study with itself, a missing or foreign file, an unknown coder: each is told plainly."""
    (tmp_path / "text.bantar").write_text("no study", encoding="utf-8")
    before = small.path.read_bytes()
    for other, said in (
        (small.path, "into itself"),
        (tmp_path / "none.bantar", "no such study"),
        (tmp_path / "text.bantar", "cannot be read"),
    ):
        with pytest.raises(ProjectError, match=said):
            merge(small, other)
    with pytest.raises(ProjectError, match="nobody coded there as 'XX'"):
        merge(small, copied(small), coders={"XX": "SN"})
    assert small.path.read_bytes() == before
