"""What belongs together on a coding page is one act in the study, and one undo."""

from __future__ import annotations

import pytest

from bantar_qual import CueCoder, Project
from bantar_qual.widgets.desk import Desk
from tests.widgets.partner import Partner


@pytest.fixture
def partner(small: Project) -> Partner:
    """Open the first interview for SN, with suggestions."""
    small.code_with(CueCoder())
    return Partner(Desk(project=small, mode="review"), "satu")


def test_accept_with_another_code_valence_and_memo(small: Project, partner: Partner) -> None:
    """A suggestion is accepted as something else, with a memo, by one act that one undo reverses."""
    number, *_ = partner.codings
    acts = len(small.history())
    assert partner.do(
        "accept", codings=[number], bulk="", code="communication.clarity", valence="mixed", memo="lihat lagi"
    )["ok"]  # fmt: skip
    (row,) = small.codings().to_dict("records")
    assert (row["code"], row["valence"]) == ("communication.clarity", "mixed")
    assert list(small.memos()["text"]) == ["lihat lagi"]
    assert len(small.history()) == acts + 1
    partner.do("undo")
    assert small.codings().empty
    assert small.memos().empty
    assert partner.codings[number][3] != "communication.clarity"
    partner.do("redo")
    assert len(small.codings()) == len(small.memos()) == 1


def test_a_new_code_comes_with_its_coding(small: Project, partner: Partner) -> None:
    """A code made on the page stands in the codebook, in the page's language, by the same act."""
    acts, before = len(small.history()), small.codebook.paths
    start = partner.text.index("Dananya")
    told = partner.do(
        "code", start=start, end=start + 7, quote="Dananya", code="resources", label="Cuaca & hujan", valence=None
    )  # fmt: skip
    assert told["said"] == "resources.cuaca_hujan"
    assert any(code["path"] == told["said"] for code in told["codes"])
    assert small.codebook.label("resources.cuaca_hujan", "id") == "Cuaca & hujan"
    assert list(small.codings()["code"]) == ["resources.cuaca_hujan"]
    assert len(small.history()) == acts + 1
    assert any(code["path"] == told["said"] for code in told["codes"])
    back = partner.do("undo")
    assert small.codebook.paths == before
    assert not any(code["path"] == told["said"] for code in back["codes"])
    assert small.codings().empty


@pytest.mark.parametrize("op", ["accept", "recode"])
def test_a_new_code_for_what_is_there(small: Project, partner: Partner, op: str) -> None:
    """A suggestion is accepted, or a coding recoded, with a code that comes by the same act."""
    number, *_ = partner.codings
    acts, before = len(small.history()), small.codebook.paths
    more = {"bulk": ""} if op == "accept" else {}
    told = partner.do(op, codings=[number], code="", label="Adat", **more)
    assert told["said"] == "adat"
    assert small.codings(status=None).loc[number, "code"] == "adat"
    assert len(small.history()) == acts + 1
    partner.do("undo")
    assert small.codebook.paths == before
    assert small.codings(status=None).loc[number, "code"] != "adat"


def test_refused_whole_or_not_at_all(small: Project, partner: Partner) -> None:
    """Where a part of an act cannot be, nothing of it happens."""
    number, *_ = partner.codings
    acts = len(small.history())
    assert not partner.do("accept", codings=[number], bulk="", code="no.such", memo="x")["ok"]
    assert not partner.do("accept", codings=[number], bulk="", code="", valence="bad")["ok"]
    assert not partner.do("accept", codings=[number], bulk="", code="no.such", label="Baru")["ok"]
    assert len(small.history()) == acts
    assert small.memos().empty


def learned(partner: Partner) -> dict[str, list[object]]:
    """Return what the page is told of the codes."""
    (told,) = partner.desk.answer({"kind": "learning", "client": "c"})
    return {path: row for path, row in told["codes"].items() if row[0] or row[1]}


def test_review_is_told_what_decisions_bring(small: Project, partner: Partner) -> None:
    """The page hears of each code how much was decided, and what is missing to the next step."""
    assert learned(partner) == {}
    number, other, *_ = partner.codings
    code = str(partner.codings[number][3])
    partner.do("accept", codings=[number], bulk="")
    assert learned(partner) == {code: [1, 0, 0, 1, "cues", 7]}
    partner.do("reject", codings=[other], bulk="")
    assert [sum(int(str(row[n])) for row in learned(partner).values()) for n in (0, 1)] == [1, 1]
    blind = Desk(
        project=Project.open(small.path, coder="BP", backup=False), mode="review", blind=True
    )
    assert blind.answer({"kind": "learning", "client": "c"}) == []
