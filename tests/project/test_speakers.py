"""Speakers: labels are proposed, named once for the study, and taken back as one act."""

from __future__ import annotations

import warnings
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bantar_qual import CueCoder, Project, table
from bantar_qual.errors import (
    BantarWarning,
    FrameError,
    ProjectError,
    UnknownDocument,
    UnknownSpeaker,
)

TALKS = {
    "satu": "Interviewer1: Apa kendalanya?\nP10: Dananya tidak ada.\nInterviewer 1: Sejak kapan?\nP10: Sejak dulu.\n"
    "Interviewer1: Lalu?\nP10|: Begitu saja.",
    "dua": "P: Bagaimana dananya?\nI: Tidak ada.\nP: Ada lagi?\nI: Kami nombok.",
    "tiga": "P: Saya capek.\nS: Kenapa begitu?\nP: Dananya macet.\nS: Macet di mana?",
    "empat": "Pewawancara: Siapa di sini?\nInforman: Saya.\nPewawancara: Dan Bapak?\nInforman: Itu ipar saya.\n\n"
    "Lalu ia bercerita panjang.\n\nTentang banyak hal.\n\nJuga tentang dana.\n\nIpar Budi: Dananya kurang.",
}


@pytest.fixture
def study(fresh: Project, tmp_path: Path) -> Project:
    """Make a study with four talks, each labelled in its own way."""
    folder = tmp_path / "talks"
    folder.mkdir(exist_ok=True)
    for name, text in TALKS.items():
        (folder / f"{name}.txt").write_text(text, encoding="utf-8")
    fresh.import_documents(folder)
    return fresh


def roles(project: Project, name: str) -> dict[str, str]:
    """Return the role of each speaker of a document."""
    return {turn.speaker: turn.role for turn in project.document(name).turns}


def places(project: Project) -> dict[str, list[tuple[int, int]]]:
    """Return where the turns of each document stand."""
    return {d.name: [(t.start, t.end) for t in d.turns] for d in project.texts()}


def test_labels_are_proposed(study: Project) -> None:
    """Every label of every document is listed with its turns, words, role, name and the reason."""
    frame = study.speakers()
    told = frame.set_index(["document", "label"])
    assert told.loc[("satu", "Interviewer1"), ["turns", "words", "role", "canonical"]].tolist() == [
        2,
        3,
        "interviewer",
        "Interviewer1",
    ]
    assert told.loc[("satu", "Interviewer 1"), "canonical"] == "Interviewer1"
    assert told.loc[("satu", "P10"), "turns"] == 3
    assert told.loc[("tiga", "S"), "role"] == "interviewer"
    assert set(frame["state"]) == {"proposed"}
    assert (frame["why"] != "").all()
    assert frame["turns"].sum() == sum(len(d.turns) for d in study.texts())


def test_a_table_of_them_is_captioned(study: Project) -> None:
    """Above the labels stands where they are from, in each language; not "name of the code"."""
    frame = study.speakers()
    heads = [
        [c.header for c in table(frame, language=name).grid().columns] for name in ("en", "id")
    ]
    assert heads[0][1:3] == ["In the text", "Speaker"]
    assert heads[1][1:3] == ["Tertulis dalam teks", "Penutur"]
    assert (heads[0][5], heads[1][5]) == ("Role", "Peran")


def test_one_name_for_many_spellings(study: Project) -> None:
    """Labels that were typed differently become one speaker; the text and all places stay."""
    before, texts = places(study), [d.text for d in study.texts()]
    study.name_speakers({"Interviewer1": "Interviewer", "Interviewer 1": "Interviewer"})
    assert study.document("satu").speakers == ("Interviewer", "P10")
    assert places(study) == before
    assert [d.text for d in study.texts()] == texts
    assert study.undo() == "name speakers: Interviewer1 = Interviewer, Interviewer 1 = Interviewer"
    assert study.document("satu").speakers == ("Interviewer1", "P10", "Interviewer 1")
    study.redo()
    assert study.document("satu").speakers == ("Interviewer", "P10")


def test_a_selection_takes_over_what_is_proposed(study: Project) -> None:
    """The frame is a selection: handed back, its names and roles hold."""
    frame = study.speakers()
    study.name_speakers(frame[frame["document"] == "satu"])
    assert study.document("satu").speakers == ("Interviewer1", "P10")
    edited = (
        study.speakers()
        .query("document == 'dua'")
        .replace({"canonical": {"P": "Sari", "I": "Budi"}})
    )
    study.name_speakers(edited)
    assert study.document("dua").speakers == ("Sari", "Budi")
    assert study.document("tiga").speakers == ("P", "S")
    now = study.speakers().set_index(["document", "label"])["state"]
    assert (now["dua"] == "named").all()
    assert (now["tiga"] == "proposed").all()


def test_a_letter_that_means_two_people(study: Project) -> None:
    """P asks here and answers there: that is told, and each can be named where it speaks."""
    with pytest.raises(ProjectError, match="asks in dua and answers in tiga"):
        study.name_speakers({"P": "Pewawancara"})
    study.name_speakers({"P": "Pewawancara"}, documents="dua")
    study.name_speakers({"P": "Ibu Ana"}, documents=["tiga"])
    assert roles(study, "dua") == {"Pewawancara": "interviewer", "I": "informant"}
    assert roles(study, "tiga") == {"Ibu Ana": "informant", "S": "interviewer"}


def test_roles(study: Project) -> None:
    """Who asks can be told; then nobody else is taken to ask because of many questions."""
    study.name_speakers(roles={"P": "interviewer"})
    assert roles(study, "tiga") == {"P": "interviewer", "S": "informant"}
    study.name_speakers(roles={"S": "nobody"})
    assert roles(study, "tiga") == {"P": "interviewer", "S": ""}
    study.undo()
    study.undo()
    assert roles(study, "tiga") == {"P": "informant", "S": "interviewer"}


def test_the_name_says_the_role(study: Project) -> None:
    """Whoever is named Pewawancara asks."""
    study.name_speakers({"P10": "Peneliti"})
    assert roles(study, "satu")["Peneliti"] == "interviewer"


def test_naming_again_by_name(study: Project) -> None:
    """A name that a speaker goes by stands for all its labels, and nothing is named twice."""
    study.name_speakers({"Interviewer1": "Sari", "Interviewer 1": "Sari"})
    study.name_speakers({"Sari": "Bu Sari"}, roles={"Bu Sari": "interviewer"})
    assert study.document("satu").speakers == ("Bu Sari", "P10")
    acts = len(study.history())
    study.name_speakers({"Bu Sari": "Bu Sari"})
    assert len(study.history()) == acts


def test_a_speaker_that_was_missed(study: Project) -> None:
    """A label that was not taken for a speaker becomes one when it is named; codings stay."""
    assert "Ipar Budi" not in study.document("empat").speakers
    study.code("empat", "Dananya kurang", "resources.budget")
    before = study.quotes(study.codings())["quote"].tolist()
    study.name_speakers({"Ipar Budi": "Ipar"})
    last = study.document("empat").turns[-1]
    assert (last.speaker, last.role) == ("Ipar", "informant")
    assert study.document("empat").quote(last.start, last.end) == "Dananya kurang."
    assert study.quotes(study.codings())["quote"].tolist() == before
    assert study.codings()["speaker"].tolist() == ["Ipar"]
    study.undo()
    assert "Ipar Budi" not in study.document("empat").speakers


def test_later_imports_follow(study: Project, tmp_path: Path) -> None:
    """What was named once holds for a transcript that comes in later, also if spelled otherwise."""
    study.name_speakers({"Interviewer1": "Sari", "Interviewer 1": "Sari"})
    study.name_speakers({"Ipar Budi": "Ipar"})
    late = tmp_path / "lima.txt"
    late.write_text(
        "INTERVIEWER 1: Apa lagi?\nP: Ya.\n\nBegitu.\n\nTerus.\n\nLalu.\n\nIpar Budi: Tidak ada.",
        encoding="utf-8",
    )
    study.import_documents(late)
    assert roles(study, "lima") == {"Sari": "interviewer", "P": "informant", "Ipar": "informant"}


def test_interviewers_are_not_suggested_on(study: Project) -> None:
    """The interviewer's turns get no suggestions, whoever was said to be the interviewer."""
    study.name_speakers(roles={"P": "interviewer"})
    study.code_with(CueCoder())
    found = study.codings(status="suggested")
    assert "P" not in set(found["speaker"])
    assert "tiga" not in set(found["document"].astype(str))  # only P spoke of money there


def test_codings_in_the_interviewers_turns_are_told(study: Project) -> None:
    """Where codings stand in turns that become the interviewer's, a warning says so."""
    study.code("tiga", "Dananya macet", "resources.budget")
    with pytest.warns(BantarWarning, match="1 coding stands"):
        study.name_speakers(roles={"P": "interviewer"})


def test_cases_go_with_their_names(study: Project) -> None:
    """A speaker who is a case of their own keeps it under the new name, and after an undo."""
    study.assign_case("Budi", document="dua", speaker="I")
    study.code("dua", "Kami nombok", "resources.budget")
    assert study.codings()["case"].tolist() == ["Budi"]
    study.name_speakers({"I": "Narasumber"})
    assert study.codings()[["case", "speaker"]].to_numpy().tolist() == [["Budi", "Narasumber"]]
    study.undo()
    assert study.codings()[["case", "speaker"]].to_numpy().tolist() == [["Budi", "I"]]


def test_two_cases_are_not_one_name(study: Project) -> None:
    """Two speakers who belong to two cases cannot become one, and nothing is changed."""
    study.assign_case("Ana", document="dua", speaker="P")
    study.assign_case("Budi", document="dua", speaker="I")
    with pytest.raises(ProjectError, match="two cases"):
        study.name_speakers({"P": "Warga", "I": "Warga"}, documents="dua")
    assert study.document("dua").speakers == ("P", "I")


@pytest.mark.parametrize(
    ("names", "options", "error", "said"),
    [
        ({"Intervewer1": "X"}, {}, UnknownSpeaker, "Did you mean 'Interviewer1'"),
        ({"P10": " "}, {}, FrameError, "empty"),
        ({}, {"roles": {"P10": "penanya"}}, FrameError, "interviewer, informant, nobody"),
        ({"P10": "X"}, {"documents": "stau"}, UnknownDocument, "Did you mean 'satu'"),
        (pd.DataFrame({"a": [1]}), {}, FrameError, "project.speakers()"),
    ],
)
def test_wrong_names(
    study: Project, names: object, options: dict[str, object], error: type[Exception], said: str
) -> None:
    """What cannot be named is told, and nothing is changed."""
    acts = len(study.history())
    with pytest.raises(error) as caught:
        study.name_speakers(names, **options)  # type: ignore[arg-type]
    assert said in str(caught.value)
    assert len(study.history()) == acts


def test_a_copy_as_text_keeps_the_names(study: Project, tmp_path: Path) -> None:
    """Names are part of the study's text form."""
    study.name_speakers({"P10": "Ketua RT"}, roles={"Ketua RT": "informant"})
    copy = Project.load(study.dump(tmp_path / "text"), tmp_path / "copy.bantar")
    assert copy.speakers().equals(study.speakers())


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.lists(
        st.tuples(st.sampled_from(["Interviewer1", "P10", "S", "I", "Informan"]), st.sampled_from(["Ana", "Budi", "Peneliti", "É 😀"]), st.sampled_from([None, "interviewer", "informant", "nobody"])),
        max_size=4,
    )
)  # fmt: skip
def test_any_naming_keeps_places_and_goes_back(
    study: Project, wishes: list[tuple[str, str, str | None]]
) -> None:
    """However often speakers are named, turns stay where they are, and undoing brings all back."""
    before, start = study.speakers(), places(study)
    acts = len(study.history())
    done = 0
    for label, name, role in wishes:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", BantarWarning)
            study.name_speakers({label: name}, roles={name: role} if role else None)  # type: ignore[dict-item]
        assert places(study) == start
        done += len(study.history()) > acts
        acts = len(study.history())
    for _ in range(done):
        study.undo()
    assert study.speakers().equals(before)


def test_merging_brings_the_names(study: Project, tmp_path: Path) -> None:
    """What a colleague named in a copy of the study holds after the copies are merged."""
    copy = tmp_path / "copy.bantar"
    copy.write_bytes(study.path.read_bytes())
    colleague = Project.open(copy, coder="BP")
    colleague.name_speakers({"P10": "Ketua RT"})
    study.name_speakers({"I": "Warga"}, documents="dua")
    study.merge(copy)
    assert "Ketua RT" in study.document("satu").speakers
    assert "Warga" in study.document("dua").speakers
