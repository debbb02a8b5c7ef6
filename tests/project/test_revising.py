"""Corrected transcripts: codings go with their words, or wait for a person; nothing is lost."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bantar_qual import CueCoder, Project
from bantar_qual.errors import CodingError, FrameError, SpanError, UnreadableDocument
from bantar_qual.project.revising import revise, revisions, settle, unsettled
from bantar_qual.records import Coding
from bantar_qual.store.codings import add_codings
from bantar_qual.text.clean import clean
from tests.conftest import BOOK
from tests.project.test_history import state
from tests.text.editing import edits, spans, texts

CODES = ["resources.budget", "resources.staff", "communication.clarity"]


def whole(project: Project) -> dict[str, object]:
    """Return all that a study holds, with texts, turns, and what waits."""
    waiting = project.codings(status=None, unsettled=True).drop(columns="time")
    return state(project) | {
        "texts": [(d.name, d.text, d.turns) for d in project.texts()],
        "waiting": waiting.astype(object).where(waiting.notna(), None).to_dict("index"),
    }


def words(project: Project, *, unsettled: bool = False) -> dict[int, str]:
    """Return the words of each coding."""
    texts = {document.name: document.text for document in project.texts()}
    frame = project.codings(status=None, unsettled=unsettled)
    places = zip(frame.index, frame["document"], frame["start"], frame["end"], strict=True)
    return {coding: texts[document][start:end] for coding, document, start, end in places}


def coded(folder: Path, text: str, chosen: list[tuple[int, int]]) -> Project:
    """Make a study with one document, coded by two people and by the cues."""
    (folder / "book.yaml").write_text(BOOK, encoding="utf-8")
    (folder / "satu.txt").write_text(text, encoding="utf-8", newline="")
    project = Project.create(folder / "s.bantar", codebook=folder / "book.yaml", coder="SN")
    project.import_documents(folder / "satu.txt", strict=True)
    for number, span in enumerate(chosen):
        project.coder = ("SN", "BP")[number % 2]
        project.code("satu", span, CODES[number % 3], valence="barrier")
    project.code_with(CueCoder())
    project.reject(project.codings(status="suggested").head(1))
    return project


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_corrections_lose_nothing(data: st.DataObject) -> None:
    """What counts has its old words, all is told once, undo and redo are whole, back is back."""
    old = data.draw(texts)
    with TemporaryDirectory() as name:
        project = coded(Path(name), old, data.draw(spans(old)))
        states = [whole(project)]
        first = words(project)
        text = old
        for _ in range(data.draw(st.integers(1, 3))):
            text = data.draw(edits(text))
            before, acts = words(project), len(project.history())
            report = revise(project, "satu", text)
            after = words(project)
            assert sorted(report.index) == sorted(first)
            assert project.document("satu").text == clean(text)[0]
            sure = report["state"].isin(["kept", "moved"])
            assert set(after) == set(report.index[sure])
            assert set(unsettled(project).index) == set(report.index[~sure])
            for coding, quote in after.items():
                assert quote == report["old_quote"][coding] == first[coding]
                assert quote == before.get(coding, quote)
            if len(project.history()) > acts:
                states.append(whole(project))
        revise(project, "satu", old)
        waiting = unsettled(project)
        settle(project, waiting)
        assert words(project) == first
        while len(states) > 1:
            while whole(project) != states[-1]:
                assert project.undo()
            last = states.pop()
            assert "revise" in project.undo()
            assert whole(project) == states[-1]
            assert "revise" in project.redo()
            assert whole(project) == last
            project.undo()


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_settled_places_go_back_too(data: st.DataObject) -> None:
    """Codings that were settled in the corrected text have their old words in the old text."""
    old = data.draw(texts)
    with TemporaryDirectory() as name:
        project = coded(Path(name), old, data.draw(spans(old)))
        first = words(project)
        report = revise(project, "satu", data.draw(edits(old)))
        unsure = report.index[report["state"] == "unsure"]
        settle(project, list(unsure))
        second = words(project)
        back = revise(project, "satu", old)
        assert not (back["state"] == "lost").any()
        for coding, quote in words(project).items():
            assert quote == second.get(coding, first[coding])
        settle(project, unsettled(project))
        changed = {coding for coding in unsure if second[coding] != first[coding]}
        now = words(project)
        assert {c: q for c, q in now.items() if c not in changed} == {
            c: q for c, q in first.items() if c not in changed
        }
        assert set(now) == set(first)


@pytest.fixture
def study(small: Project) -> Project:
    """Code the two short interviews by hand."""
    small.code("satu", "Dananya tidak ada.", "resources.budget", valence="barrier")
    small.code("satu", "Pegawainya cuma dua.", "resources.staff")
    small.code("satu", "Kriterianya kami tidak paham.", "communication.clarity")
    small.code("dua", "Hujan terus dari pagi.", "resources.staff")
    return small


def corrected(project: Project, *pairs: tuple[str, str]) -> str:
    """Return the text of the first interview with words replaced."""
    text = project.document("satu").text
    for wrong, right in pairs:
        assert wrong in text
        text = text.replace(wrong, right)
    return text


def test_the_report_tells_each_coding(study: Project) -> None:
    """Kept, unsure and lost codings are told with their words; only sure ones count."""
    text = corrected(
        study,
        ("Pegawainya cuma dua", "Pegawainya cuma tiga"),
        (" Kriterianya kami tidak paham.", ""),
    )
    report = revise(study, "satu", text, reason="listened again")
    assert report["state"].tolist() == ["kept", "unsure", "lost"]
    assert report["old_quote"].tolist()[1] == "Pegawainya cuma dua."
    assert report["new_quote"].tolist()[1] == "Pegawainya cuma tiga."
    assert report["score"].between(0, 1).all()
    assert sorted(study.codings().index) == [1, 4]
    assert study.codings(unsettled=True).index.tolist() == [2, 3]
    assert unsettled(study)["state"].tolist() == ["unsure", "lost"]
    assert unsettled(study)["old_quote"].tolist() == report["old_quote"].tolist()[1:]
    assert unsettled(study)["new_quote"].tolist() == report["new_quote"].tolist()[1:]
    assert study.history()["verb"].tolist()[-1] == "revise"
    assert study.history()["reason"].tolist()[-1] == "listened again"


def test_turns_and_speakers_are_found_anew(study: Project) -> None:
    """A turn that the correction divides is two turns, and codings know their new turn."""
    text = corrected(
        study, (" Kriterianya", "\nPewawancara: Kriterianya jelas?\nInforman: Kriterianya")
    )
    before = len(study.document("satu").turns)
    revise(study, "satu", text)
    assert len(study.document("satu").turns) == before + 2
    assert study.codings().loc[3, "turn"] == before + 2
    assert study.codings().loc[3, "speaker"] == "Informan"


def test_settling_is_one_act(study: Project) -> None:
    """Accept, place elsewhere and drop each go back with one undo."""
    text = corrected(
        study, ("cuma dua", "cuma tiga"), ("Kriterianya kami tidak paham", "Kami bingung")
    )
    revise(study, "satu", text)
    waiting = whole(study)
    assert settle(study, unsettled(study).loc[[2]], reason="read") == 1
    assert words(study)[2] == "Pegawainya cuma tiga."
    assert study.history()["verb"].tolist()[-1] == "settle"
    assert settle(study, 3, span="Kami bingung.") == 1
    assert words(study)[3] == "Kami bingung."
    study.undo()
    start = text.index("Kami")
    assert settle(study, [3], span=(start, start + 4)) == 1
    assert words(study)[3] == "Kami"
    study.undo()
    study.undo()
    assert whole(study) == waiting
    assert settle(study, unsettled(study), drop=True) == 2
    assert unsettled(study).empty
    assert sorted(study.codings().index) == [1, 4]
    study.undo()
    assert whole(study) == waiting


def test_what_is_lost_is_never_accepted_unread(study: Project) -> None:
    """There are no words to accept where a coding is lost; nothing changes until it is placed."""
    revise(study, "satu", corrected(study, (" Kriterianya kami tidak paham.", "")))
    before = whole(study)
    with pytest.raises(CodingError, match="coding 3 is gone"):
        settle(study, unsettled(study))
    assert whole(study) == before


def test_settle_says_what_it_cannot_do(study: Project) -> None:
    """A coding that does not wait, two for one place, words that are not there: each is told."""
    revise(study, "satu", corrected(study, ("cuma dua", "cuma tiga"), ("kami tidak", "kami nggak")))
    with pytest.raises(CodingError, match="coding 1 is not among"):
        settle(study, [1])
    with pytest.raises(CodingError, match="places one coding, not 2"):
        settle(study, unsettled(study), span="Kami")
    with pytest.raises(SpanError, match="do not stand"):
        settle(study, [2], span="Pegawainya cuma dua.")
    with pytest.raises(SpanError, match="do not lie inside"):
        settle(study, [2], span=(0, 100_000))
    with pytest.raises(FrameError, match="hand back"):
        settle(study, pd.DataFrame({"a": [1]}))
    assert settle(study, []) == 0


def test_the_same_text_is_no_act(study: Project) -> None:
    """The text as it is, also with other line ends, changes nothing and leaves no trace."""
    before, acts = whole(study), len(study.history())
    text = study.document("satu").text
    for same in (text, text.replace("\n", "\r\n"), "\ufeff" + text):
        report = revise(study, "satu", same)
        assert report["state"].tolist() == ["kept"] * 3
    assert whole(study) == before
    assert len(study.history()) == acts
    assert len(revisions(study, "satu")) == 1


def test_files_are_read_like_imports(study: Project, tmp_path: Path) -> None:
    """A path, or its name in one line, is read as an import would read it."""
    text = corrected(study, ("cuma dua", "cuma tiga"))
    path = tmp_path / "baru.txt"
    path.write_bytes(text.replace("\n", "\r\n").encode("utf-16"))
    revise(study, "satu", path)
    assert study.document("satu").text == text
    study.undo()
    revise(study, "satu", str(path))
    assert study.document("satu").text == text
    with pytest.raises(UnreadableDocument, match="cannot be opened"):
        revise(study, "satu", "nowhere.docx")


def test_wrong_texts_are_refused(study: Project) -> None:
    """An empty text, or the text of another document, changes nothing."""
    before = whole(study)
    with pytest.raises(UnreadableDocument, match="holds no words"):
        revise(study, "satu", " \n ")
    with pytest.raises(UnreadableDocument, match="text of 'dua'"):
        revise(study, "satu", study.document("dua").text)
    assert whole(study) == before


def test_revisions_are_listed(study: Project) -> None:
    """Every text that holds is listed, with who gave it and why; an undone one is not."""
    assert revisions(study, "satu").index.tolist() == [1]
    text = study.document("satu").text
    revise(study, "satu", text + "x", reason="one")
    revise(study, "satu", text, reason="two")
    told = revisions(study, "satu")
    assert told.index.tolist() == [1, 2, 3]
    assert told["reason"].tolist() == ["", "one", "two"]
    assert told["characters"].tolist() == [len(text), len(text) + 1, len(text)]
    assert told["sha256"].str.len().tolist() == [12] * 3
    assert told["sha256"][1] == told["sha256"][3] != told["sha256"][2]
    study.undo()
    assert revisions(study, "satu")["reason"].tolist() == ["", "one"]
    study.redo()
    assert revisions(study, "satu")["reason"].tolist() == ["", "one", "two"]


def test_two_never_stand_at_one_place(small: Project) -> None:
    """Where two codings of a coder fall together, one stays and the other is asked about."""
    old = "Informan: Betul sekali itu. Lalu hujan. Betul sekali itu.\nPewawancara: Ada lagi?\n"
    revise(small, "satu", old)
    for at in (old.index("Betul"), old.rindex("Betul")):
        small.code("satu", (at, at + 17), "resources.budget")
    small.code("satu", (10, 57), "resources.staff")
    report = revise(small, "satu", "Informan: Betul sekali itu.\nPewawancara: Ada lagi?\n")
    places = report.loc[report["code"] == "resources.budget", ["start", "end"]]
    assert len(report) == 3
    assert not places.duplicated().any()
    assert (report["state"].isin(["kept", "moved"])).sum() <= 1


def test_a_text_too_short_for_its_codings(small: Project) -> None:
    """Even where nothing is left but a letter, every coding waits, and undo brings all back."""
    for start in range(5):
        small.code("satu", (start, start + 9), "resources.budget")
    before = whole(small)
    report = revise(small, "satu", "x")
    assert report["state"].tolist() == ["lost"] * 5
    assert len(unsettled(small)) == 5
    small.undo()
    assert whole(small) == before


def test_a_place_that_a_twin_has_makes_one(study: Project) -> None:
    """A coding settled onto its twin becomes one with it; undo makes them two again."""
    study.code("satu", "Dananya tidak ada.", "resources.staff")
    revise(study, "satu", corrected(study, ("cuma dua", "cuma tiga")))
    assert settle(study, 2, span="Dananya tidak ada.") == 1
    staff = study.codings()
    assert (staff["code"] == "resources.staff").sum() == 2
    assert unsettled(study).empty
    study.undo()
    assert unsettled(study).index.tolist() == [2]


def test_a_second_correction_looks_for_the_sure_words(study: Project) -> None:
    """What waits is looked for by its last sure words, also when a settling was undone."""
    old = study.document("satu").text
    revise(study, "satu", corrected(study, ("cuma dua", "cuma tiga")))
    settle(study, 2)
    study.undo()
    study.rate(study.codings(unsettled=True), "barrier")
    report = revise(study, "satu", "Catatan.\n" + old)
    assert report.loc[2, "old_quote"] == "Pegawainya cuma dua."
    assert report.loc[2, "state"] == "moved"
    assert study.codings().loc[2, "valence"] == "barrier"


def test_the_study_as_of_a_date_has_the_old_places(study: Project) -> None:
    """Codings of a moment before the correction stand where they stood."""
    before = study.codings()
    moment = study.history()["time"].iloc[-1]
    revise(study, "satu", "Catatan.\n" + corrected(study, ("cuma dua", "cuma tiga")))
    then = study.codings(at=moment)
    assert then[["start", "end"]].equals(before[["start", "end"]])


def test_many_codings_go_and_come_back(small: Project) -> None:
    """More codings than one statement holds change places with each other, and undo is whole."""
    lines = [f"Informan: Soal {n:03}: begini, begitu.\n" for n in range(700)]
    old = "".join(lines)
    revise(small, "satu", old)
    at = 0
    codings = []
    for line in lines:
        codings.append(
            Coding(document="satu", start=at, end=at + 15, code="resources.staff", coder="SN")
        )
        at += len(line)
    add_codings(small.store, codings, coder="SN")
    before = whole(small)
    report = revise(small, "satu", "".join(lines[400:] + lines[:400]))
    assert len(report) == 700
    small.undo()
    assert whole(small) == before


def test_the_old_text_offers_the_old_place(study: Project) -> None:
    """Where a text comes back, a coding that is not sure is offered the place it had there."""
    old = study.document("satu").text
    revise(study, "satu", corrected(study, ("cuma dua", "cuma tiga")))
    settle(study, 2, span="cuma tiga. Kriterianya")
    report = revise(study, "satu", old)
    assert report.loc[2, ["state", "new_quote"]].tolist() == ["unsure", "Pegawainya cuma dua."]


def test_coding_by_hand_settles(small: Project) -> None:
    """Who gives the offered words the same code again has settled the coding; it counts once."""
    small.code("satu", "Dananya tidak ada.", "resources.budget", valence="barrier")
    text = small.document("satu").text.replace("Dananya tidak ada.", "Dana-nya itu tidak ada.")
    small.revise("satu", text)
    (waiting,) = small.unsettled().to_dict("records")
    assert small.codings().empty
    small.code("satu", (waiting["start"], waiting["end"]), "resources.budget")
    assert len(small.codings()) == 1
    assert small.unsettled().empty
