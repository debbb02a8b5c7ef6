"""The study: what it promises to the researcher, end to end on small talks."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from bantar_qual import CueCoder, Project
from bantar_qual.errors import (
    FrameError,
    SpanError,
    UnknownCase,
    UnknownCode,
    UnknownDocument,
    UnreadableDocument,
)
from bantar_qual.files import shipped


def test_import_says_what_came_in(fresh: Project, talks: Path) -> None:
    """Good files come in; each wrong one is a row with its reason, and the rest goes on."""
    (talks / "kosong.txt").write_bytes(b"")
    (talks / "palsu.txt").write_bytes(b"%PDF-1.4")
    (talks / "kembar.txt").write_bytes((talks / "satu.txt").read_bytes())
    (talks / "foto.jpg").write_bytes(b"\xff\xd8\xff")
    frame = fresh.import_documents(talks)
    assert frame.index.tolist() == [
        "dua.txt",
        "foto.jpg",
        "kembar.txt",
        "kosong.txt",
        "palsu.txt",
        "satu.txt",
    ]
    assert frame.loc["dua.txt", ["document", "kind", "case", "turns", "problem"]].tolist() == [
        "dua", "interview", "B", 4, "",
    ]  # fmt: skip
    assert "same text" in frame.loc["satu.txt", "problem"]
    assert (frame.loc[["kosong.txt", "palsu.txt", "foto.jpg"], "problem"] != "").all()
    assert list(fresh.documents().index) == ["dua", "kembar"]


def test_import_again_changes_nothing(small: Project, talks: Path) -> None:
    """Importing the same folder twice brings in nothing twice."""
    again = small.import_documents(talks)
    assert (again["problem"] != "").all()
    assert len(small.documents()) == 2


def test_strict_import(fresh: Project, talks: Path) -> None:
    """A strict import raises at the wrong file and keeps nothing."""
    (talks / "kosong.txt").write_bytes(b"")
    with pytest.raises(UnreadableDocument):
        fresh.import_documents(talks, strict=True)
    assert fresh.documents().empty


def test_same_name_in_two_folders(fresh: Project, talks: Path) -> None:
    """Two files of one name are two documents."""
    (talks / "lain").mkdir()
    (talks / "lain" / "satu.txt").write_text("Informan: Lain.\nPewawancara: Ya?", encoding="utf-8")
    fresh.import_documents(talks)
    assert set(fresh.documents().index) == {"dua", "satu", "satu (2)"}


def test_cases(small: Project, tmp_path: Path) -> None:
    """A table describes the cases, with comma or semicolon; a silent case counts too."""
    table = tmp_path / "informan.csv"
    table.write_text("kode;jabatan\nA;Lurah\nB;Ketua RT\n", encoding="utf-8-sig")
    assert small.describe_cases(table)["jabatan"].to_dict() == {"A": "Lurah", "B": "Ketua RT"}
    small.code("satu", "Dananya tidak ada.", "resources.budget")
    frame = small.codings()
    assert set(frame["case"].cat.categories) == {"A", "B"}
    assert frame["jabatan"].tolist() == ["Lurah"]


def test_unknown_cases_and_documents(small: Project) -> None:
    """A row about nobody is told, and nothing is changed."""
    with pytest.raises(UnknownCase, match="'Z'"):
        small.describe_cases(pd.DataFrame({"case": ["Z"], "role": ["x"]}))
    with pytest.raises(UnknownDocument, match="Did you mean 'satu'"):
        small.describe_cases(pd.DataFrame({"case": ["Z"], "document": ["satuu"]}))
    assert "Z" not in small.cases().index


def test_hand_coding(small: Project) -> None:
    """A person's coding is accepted at once and its quote is the text."""
    coding = small.code(
        "satu", "Dananya tidak ada.", "resources.budget", valence="barrier", memo="!"
    )
    assert (coding.origin, coding.status, coding.coder) == ("hand", "accepted", "SN")
    quotes = small.quotes(small.codings())
    assert quotes["quote"].tolist() == ["Dananya tidak ada."]
    assert quotes["attribution"].tolist() == ["A, 3 Maret 2019, giliran 2"]


def test_wrong_codings(small: Project) -> None:
    """Words that are not there, or there twice, and unknown codes are told."""
    with pytest.raises(SpanError, match="do not stand"):
        small.code("satu", "Uangnya", "resources.budget")
    with pytest.raises(SpanError, match="more than once"):
        small.code("satu", "Informan", "resources.budget")
    with pytest.raises(SpanError, match="do not lie inside"):
        small.code("satu", (5, 99_999), "resources.budget")
    with pytest.raises(UnknownCode, match=r"Did you mean 'resources\.budget'"):
        small.code("satu", (0, 5), "resources.budgets")
    assert small.codings(status=None).empty


def test_machines_propose(small: Project) -> None:
    """A machine's codings are suggestions: nothing counts before somebody decides."""
    assert small.code_with(CueCoder()) == 4
    assert small.codings().empty
    waiting = small.codings(status="suggested")
    assert set(waiting["code"].astype(str)) == {
        "resources.budget",
        "resources.staff",
        "communication.clarity",
    }
    assert (waiting["origin"] == "cue").all()
    assert (waiting["because"] != "").all()


def test_interviewer_is_never_suggested_on(small: Project) -> None:
    """The question about funds is no evidence on funds."""
    small.code_with(CueCoder())
    assert "Pewawancara" not in set(small.codings(status="suggested")["speaker"])


def test_people_decide(small: Project) -> None:
    """Accepting a selection counts it; rejecting keeps it away, also from the next reading."""
    small.code_with(CueCoder())
    waiting = small.codings(status="suggested")
    assert small.accept(waiting[waiting["code"] == "resources.budget"], reason="read") == 2
    assert small.reject(waiting[waiting["code"] == "resources.staff"]) == 1
    small.code_with(CueCoder())
    assert small.codings()["code"].astype(str).unique().tolist() == ["resources.budget"]
    assert small.codings(status="suggested")["code"].astype(str).tolist() == [
        "communication.clarity"
    ]
    assert small.decisions()["after"].tolist() == ["accepted", "accepted", "rejected"]


def test_bulk_acceptance_is_remembered(small: Project) -> None:
    """Accepting unread is written down with each coding."""
    small.code_with(CueCoder())
    accepted = small.accept_above(0.6)
    assert accepted == len(small.codings())
    assert small.decisions()["reason"].str.startswith("bulk:").all()


def test_rate_and_recode(small: Project) -> None:
    """A new valence or code keeps the words, and the history of the change."""
    small.code("satu", "Dananya tidak ada.", "resources.budget")
    assert small.rate(small.codings(), "barrier") == 1
    assert small.recode(small.codings(), "resources.staff") == 1
    assert small.rate(small.codings(), "barrier") == 0
    frame = small.quotes(small.codings())
    assert frame[["quote", "valence"]].to_numpy().tolist() == [["Dananya tidak ada.", "barrier"]]
    assert frame["code"].astype(str).tolist() == ["resources.staff"]
    assert small.decisions()[["field", "before", "after"]].to_numpy().tolist() == [
        ["valence", "", "barrier"],
        ["code", "resources.budget", "resources.staff"],
    ]


def test_only_a_selection_can_be_handed_back(small: Project) -> None:
    """Another frame than that of the codings is refused before anything changes."""
    with pytest.raises(FrameError, match=r"project\.codings"):
        small.accept(pd.DataFrame({"x": [1]}))


def test_roll_up(small: Project) -> None:
    """At the level of variables every coding stands at its variable."""
    small.code_with(CueCoder())
    frame = small.codings(level="variable", status="suggested")
    assert set(frame["code"].cat.categories) == {"resources", "communication"}
    assert frame["code"].notna().all()


def test_study_comes_back(small: Project) -> None:
    """A closed study opens with everything in it."""
    small.code("satu", "Dananya tidak ada.", "resources.budget", valence="barrier")
    again = Project.open(small.path)
    pd.testing.assert_frame_equal(again.codings(), small.codings())
    assert again.codebook == small.codebook
    assert again.document("satu") == small.document("satu")


def test_every_quote_is_its_slice(shipped_study: Project) -> None:
    """In the shipped study every suggestion's quote equals its slice, inside one turn."""
    quotes = shipped_study.quotes(shipped_study.codings(status="suggested"))
    assert len(quotes) > 300
    texts = {document.name: document for document in shipped_study.texts()}
    for row in quotes.itertuples():
        document = texts[row.document]
        assert row.quote == document.text[row.start : row.end]
        turn = document.turns[row.turn - 1]
        assert turn.start <= row.start < row.end <= turn.end
        assert turn.role != "interviewer"


def test_quotes_are_spread_over_informants(shipped_study: Project) -> None:
    """Two quotes for a code come from two informants where two spoke of it."""
    frame = shipped_study.codings(status="suggested")
    two = shipped_study.quotes(frame, per_code=2)
    for code, group in two.groupby("code", observed=True):
        sources = frame[frame["code"] == code]["document"].nunique()
        assert len(group) <= 2
        assert group["document"].nunique() == min(len(group), sources)


def test_shipped_study_is_synthetic_and_large() -> None:
    """Every shipped text says that it is synthetic; together they have 18,000 words."""
    from bantar_qual.importers import read_document

    files = [
        p
        for p in shipped("interviews").iterdir()
        if p.suffix in {".txt", ".md", ".docx"} and p.stem != "README"
    ]
    read = [read_document(path) for path in files]
    assert all(document.attributes.get("synthetic") for document in read)
    assert sum(document.words for document in read) >= 18_000
    kinds = [document.kind for document in read]
    assert (kinds.count("interview"), kinds.count("observation"), kinds.count("document")) == (
        14,
        3,
        2,
    )
    assert all(
        {"interviewer", "informant"} == {t.role for t in d.turns}
        for d in read
        if d.kind == "interview"
    )
