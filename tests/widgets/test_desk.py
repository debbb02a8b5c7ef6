"""Python's side of the coding page: what it shows, does and refuses, with a real study."""

from __future__ import annotations

import json
import threading
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import bantar_qual as bq
from bantar_qual import CueCoder, Project
from bantar_qual.errors import ChangedSince, CodingError, PageError, UnknownCode, UnknownDocument
from bantar_qual.store import pages
from bantar_qual.widgets import queue
from bantar_qual.widgets.desk import Desk
from tests.widgets.partner import Partner


@pytest.fixture
def partner(small: Project) -> Partner:
    """Open the first interview for SN."""
    return Partner(Desk(project=small), "satu")


def test_code_and_take_back(small: Project, partner: Partner) -> None:
    """Coding, undo and redo are acts of the study, each kept when it is answered."""
    told = partner.code("Dananya", "resources.budget", "barrier")
    assert told["ok"]
    assert list(small.quotes(small.codings())["quote"]) == ["Dananya"]
    assert partner.do("undo")["said"].startswith("code")
    assert small.codings().empty
    assert not partner.codings
    partner.do("redo")
    assert list(small.codings()["valence"]) == ["barrier"]
    assert len(partner.codings) == 1


def test_a_command_happens_once(small: Project, partner: Partner) -> None:
    """The same command sent twice, or again to another kernel, is carried out once."""
    partner.code("Dananya", "resources.budget", number="once-only")
    partner.do("undo", number="undo-once")
    partner.do("undo", number="undo-once")
    partner.code("Dananya", "resources.budget", number="once-only")
    assert small.codings().empty
    later = Partner(Desk(project=Project.open(small.path, backup=False)), "satu")
    assert later.code("Dananya", "resources.budget", number="once-only")["ok"]
    assert small.codings().empty


def test_every_act(small: Project, partner: Partner) -> None:
    """Recode, rate, resize, memo, take away: each reaches the study and can be taken back."""
    partner.code("Dananya", "resources.budget")
    (number,) = partner.codings
    partner.do("recode", codings=[number], code="resources")
    partner.do("rate", codings=[number], valence="mixed")
    start = partner.text.index("Dananya tidak ada")
    partner.do("resize", coding=number, start=start, end=start + 17, quote="Dananya tidak ada")
    partner.do("memo", about="coding", key=str(number), text="penting")
    row = small.quotes(small.codings()).loc[number]
    assert (row["quote"], row["code"], row["valence"]) == (
        "Dananya tidak ada",
        "resources",
        "mixed",
    )
    assert list(small.memos()["text"]) == ["penting"]
    partner.do("memo", about="coding", key=str(number), text="sangat penting")
    assert list(small.memos()["text"]) == ["sangat penting"]
    partner.do("memo", about="document", key="satu", text="baca lagi")
    partner.do("uncode", codings=[number])
    assert small.codings(status=None).empty
    for _ in range(8):
        partner.do("undo")
    assert small.codings(status=None).empty
    assert small.memos().empty
    assert list(small.documents().index) == ["dua", "satu"]


@given(st.data())
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_words_of_any_span(strange: Project, data: st.DataObject) -> None:
    """The database cuts a text at the same characters as Python, whatever the letters."""
    text = strange.document("strange").text
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    assert pages.words(strange.store, "strange", start, end) == text[start:end]


@pytest.fixture
def strange(fresh: Project, tmp_path: Path) -> Project:
    """Make a study with a text of many kinds of letters."""
    text = "Informan: Dananya 😀 kafe\u0301 👨‍👩‍👧 हिन्दी 𝒜 “habis” – ya…\nDan ½ lagi: ใช่ 漢字.\n"
    (tmp_path / "strange.txt").write_text(text, encoding="utf-8")
    fresh.import_documents(tmp_path / "strange.txt")
    return fresh


def test_refusals(small: Project, partner: Partner) -> None:
    """Wrong words, unknown codes and codings that are gone are refused in a sentence."""
    before = len(small.history())
    wrong = partner.do("code", start=0, end=4, quote="xxxx", code="resources", valence=None)
    assert not wrong["ok"]
    assert "words" in wrong["error"]
    assert "no code" in partner.code("Dananya", "resources.bugdet")["error"]
    assert "not there" in partner.do("rate", codings=[99], valence=None)["error"]
    assert len(small.history()) == before


def test_others_are_left_alone(small: Project, partner: Partner) -> None:
    """What another person coded by hand can be seen, but not changed, and not taken back."""
    partner.code("Dananya", "resources.budget")
    other = Project.open(small.path, coder="BP", backup=False)
    other.code("satu", "Pegawainya", "resources.staff")
    partner.ask()
    (theirs,) = (row for row in partner.codings.values() if row[4] == "BP")
    for op, args in (
        ("uncode", {}),
        ("rate", {"valence": "mixed"}),
        ("recode", {"code": "resources"}),
    ):
        assert "BP" in partner.do(op, codings=[theirs[0]], **args)["error"]
    assert partner.do("undo")["said"].startswith("code: resources.budget")
    assert list(small.codings()["coder"]) == ["BP"]
    assert partner.do("undo")["said"] == ""


def test_undo_on_a_page_takes_back_pages_only(small: Project, partner: Partner) -> None:
    """An import, or a coding made in Python, is never taken back from a page."""
    small.code("satu", "Pegawainya", "resources.staff")
    partner.code("Dananya", "resources.budget")
    partner.do("undo")
    assert partner.do("undo")["said"] == ""
    assert list(small.codings()["code"]) == ["resources.staff"]
    assert len(small.documents()) == 2


def test_undo_refuses_what_was_changed_since(small: Project, partner: Partner) -> None:
    """Your act is not taken back over somebody else's later change of the same coding."""
    small.code_with(CueCoder())
    partner.ask()
    (number, *_) = (row[0] for row in partner.codings.values() if row[5] == "cue")
    partner.do("accept", codings=[number], bulk="")
    other = Project.open(small.path, coder="BP", backup=False)
    frame = other.codings()
    other.rate(frame[frame.index == number], "neutral")
    told = partner.do("undo")
    assert not told["ok"]
    assert small.codings().loc[number, "status"] == "accepted"
    with pytest.raises(ChangedSince):
        small.undo(scope="page")


def test_scopes_of_undo(small: Project) -> None:
    """``mine`` passes over what others did since; redo brings it back; the study's undo is as ever."""
    small.code("satu", "Dananya", "resources.budget")
    other = Project.open(small.path, coder="BP", backup=False)
    other.code("satu", "Pegawainya", "resources.staff")
    assert small.undo(scope="mine") == "code: resources.budget in satu"
    assert list(small.codings()["coder"]) == ["BP"]
    assert small.redo(scope="mine") == "code: resources.budget in satu"
    assert len(small.codings()) == 2
    assert small.history()["holds"].tail(4).tolist() == [True, True, False, False]
    small.undo()
    assert len(small.codings()) == 1


def test_patches_follow_the_study(small: Project, partner: Partner) -> None:
    """Whatever happens in Python, a page that asks has exactly what the study has."""
    small.code_with(CueCoder())
    frame = small.codings(status="suggested")
    small.accept(frame[frame["document"] == "satu"].head(1))
    small.reject(frame[frame["document"] == "satu"].tail(1))
    small.code("satu", "Hujan" if "Hujan" in partner.text else "Kriterianya", "communication")
    small.undo()
    partner.ask()
    fresh = Partner(Desk(project=small), "satu")
    assert partner.codings == fresh.codings
    assert partner.rev == fresh.rev
    assert partner.ask()["same"]


def test_blind(small: Project) -> None:
    """A blind coder is shown nothing that others coded, wrote or counted, nor the suggestions."""
    small.code("satu", "Dananya", "resources.budget")
    small.memo("rahasia", about="document", key="satu")
    small.code_with(CueCoder())
    second = Project.open(small.path, coder="BP", backup=False)
    partner = Partner(Desk(project=second, blind=True), "satu")
    assert not partner.codings
    told = json.dumps(partner.snapshot)
    assert "rahasia" not in told
    assert '"SN"' not in told
    assert not partner.snapshot["counts"]
    assert partner.snapshot["waiting"] == 0
    assert [tuple(row[2:]) for row in partner.snapshot["documents"]] == [(0, 0), (0, 0)]
    assert partner.desk.answer({"kind": "queue"})[0]["left"] == 0
    hidden = int(small.codings().index[0])
    assert not partner.do("accept", codings=[hidden], bulk="")["ok"]
    partner.code("Dananya", "resources.budget")
    assert [row[4] for row in partner.codings.values()] == ["BP"]


def test_a_long_document_comes_in_pieces(small: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """A document too long for one message arrives whole, and Python keeps none of it."""
    desk = Desk(project=small)
    monkeypatch.setattr(
        "bantar_qual.widgets.desk.pieces",
        lambda body: [body[n : n + 500] for n in range(0, len(body), 500)],
    )
    assert Partner(desk, "satu").text == small.document("satu").text
    assert not desk._bodies  # noqa: SLF001


def test_queue(small: Project) -> None:
    """Suggestions come in the order asked for, with their words, filtered by code and document."""
    small.code_with(CueCoder())
    rows, left = queue.suggestions(small, queue.Wanted(first="least sure"))
    assert left == len(rows) == len(small.codings(status="suggested"))
    sure = [row["confidence"] for row in rows]
    assert sure == sorted(sure)
    backwards, _ = queue.suggestions(small, queue.Wanted(first="most sure"))
    assert [row["confidence"] for row in backwards] == sure[::-1]
    money, _ = queue.suggestions(small, queue.Wanted(code="resources", document="satu"))
    assert money
    assert all(r["document"] == "satu" and r["code"].startswith("resources.") for r in money)
    assert all(small.document(r["document"]).text.count(r["quote"]) for r in rows)
    assert queue.suggestions(small, queue.Wanted(at_least=1.1))[1] == 0
    with pytest.raises(PageError):
        queue.Wanted.read({"first": "best"})


def test_bulk_is_said(small: Project) -> None:
    """Accepting a list unread leaves the mark that reports look for."""
    small.code_with(CueCoder())
    partner = Partner(Desk(project=small, mode="review"))
    ids = [int(i) for i in small.codings(status="suggested").index]
    partner.do("accept", codings=ids, bulk="all listed")
    assert set(small.decisions()["reason"]) == {"bulk: all listed"}


def test_two_desks_and_many_threads(small: Project) -> None:
    """Commands of two pages from several threads at once: none is lost, none is doubled."""
    partners = [Partner(Desk(project=small), "satu") for _ in range(2)]
    woken: list[int] = []
    partners[1].desk.wake = lambda: woken.append(1)
    text = partners[0].text
    spans = [(n, n + 3) for n in range(100, 112) if text[n : n + 3].strip()]

    def work(partner: Partner) -> None:
        for start, end in spans:
            path = "resources.staff" if partner is partners[0] else "resources.budget"
            for again in range(2):
                told = partner.do(
                    "code", number=f"{path}-{start}".replace(".", "-"), start=start, end=end,
                    quote=text[start:end], code=path, valence=None,
                )  # fmt: skip
                assert told["ok"], (told, again)

    threads = [
        threading.Thread(target=work, args=(partner,)) for partner in partners for _ in range(2)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(small.codings()) == 2 * len(spans)
    assert len(small.codings().drop_duplicates(["start", "end", "code"])) == 2 * len(spans)
    assert woken


def test_what_is_no_message_is_passed_over(small: Project) -> None:
    """Strange messages are answered with nothing, or with a sentence; never with a traceback."""
    desk = Desk(project=small)
    assert desk.answer(None) == []
    assert desk.answer({"kind": "strange"}) == []
    assert desk.answer({"kind": "hello", "document": "nein"})[0]["kind"] == "trouble"
    for part in (3, -1, "x", None):
        assert desk.answer({"kind": "more", "client": "x", "part": part})[0]["kind"] == "again"
    assert desk.answer({"kind": "more", "client": "x", "id": "an earlier greeting"}) == []
    assert desk.answer({"kind": "queue", "wanted": {"at_least": "much"}})[0]["kind"] == "trouble"
    assert desk.answer({"kind": "ask", "document": "satu", "rev": "new"})[0]["kind"] == "patch"
    assert not desk.answer({"kind": "cmd", "op": "drop"})[0]["ok"]


def test_uncode_and_resize_are_verbs_of_the_study(small: Project) -> None:
    """Hand codings end, machines' are rejected and not suggested again; borders move; one undo each."""
    small.code_with(CueCoder())
    small.code("satu", "Dananya", "resources.budget")
    everything = small.codings(status=None)
    assert small.uncode(everything) == len(everything)
    left = small.codings(status=None)
    assert set(left["status"]) == {"rejected"}
    assert set(left["origin"]) == {"cue"}
    assert small.code_with(CueCoder()) == 0
    small.undo()
    assert len(small.codings()) == 1
    number = int(small.codings().index[0])
    assert small.resize(number, "Dananya tidak ada")
    assert not small.resize(number, "Dananya tidak ada")
    assert list(small.quotes(small.codings())["quote"]) == ["Dananya tidak ada"]
    small.code("satu", "Dananya", "resources.budget")
    assert small.resize(number, "Dananya")
    assert list(small.quotes(small.codings())["quote"]) == ["Dananya"]
    with pytest.raises(CodingError):
        small.resize(999, "Dananya")


def test_the_public_pages(small: Project) -> None:
    """The two public functions check their names before any page is shown."""
    assert repr(bq.code_by_hand(small, "satu")) == "<CodingPage of fresh.bantar>"
    assert repr(bq.review(small, first="as written")) == "<CodingPage of fresh.bantar>"
    with pytest.raises(UnknownDocument):
        bq.code_by_hand(small, "tiga")
    with pytest.raises(UnknownCode):
        bq.code_by_hand(small, "satu", keys=["nothing"])
    with pytest.raises(PageError):
        bq.review(small, first="best")  # type: ignore[arg-type]
    with pytest.raises(PageError):
        bq.code_by_hand(small, theme="pink")
