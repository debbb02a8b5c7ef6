"""What decisions bring is counted as the model counts it."""

from __future__ import annotations

from pathlib import Path

import pytest

import bantar_qual as bq
from bantar_qual import CueCoder, Project
from bantar_qual.coders.model import HEARD, LEARNED, ModelCoder


@pytest.fixture
def decided(small: Project) -> Project:
    """Make a study in which suggestions were accepted and rejected, and a part coded by hand."""
    small.code_with(CueCoder())
    waiting = small.codings(status="suggested")
    small.accept(waiting.iloc[::2])
    small.reject(waiting.iloc[1::2])
    small.code("dua", "Hujan terus dari pagi.", "communication")
    return small


def test_counted_as_the_model_counts(decided: Project) -> None:
    """The lessons of each code are those that a model fitted now has, guesses not among them."""
    fitted = ModelCoder(embed="none", cache=False).fit(decided).fitted(decided.codebook)
    assert decided.learning().codes["lessons"].tolist() == fitted.learned.tolist()


def test_shipped_examples_are_lessons(tmp_path: Path) -> None:
    """With a codebook that ships with examples, they count before anything is decided."""
    project = Project.create(tmp_path / "s.bantar", codebook="edwards-iii", coder="SN")
    codes = project.learning().codes
    assert (codes["lessons"] == codes["examples"]).all()
    assert (codes.loc[codes["lessons"] >= LEARNED, "heard"] == "model").all()
    assert codes["examples"].sum() > LEARNED


def test_who_is_heard(decided: Project) -> None:
    """Few lessons leave a code to its cues, more let the model in; the frame says how many more."""
    codes = decided.learning().codes
    few = codes[codes["lessons"] < HEARD]
    assert set(few["heard"]) == {"cues"}
    assert (few["lessons"] + few["missing"] == HEARD).all()
    assert bq.coders.model.hearing(HEARD) == ("cues and model", LEARNED - HEARD)
    assert bq.coders.model.hearing(LEARNED) == ("model", 0)


def test_since_the_model_last_suggested(decided: Project) -> None:
    """Decisions count until a model has suggested; what is taken back does not count."""
    before = decided.learning()
    assert before.read == ""
    assert before.since == len(decided.codings()) + len(decided.codings(status="rejected"))
    decided.code_with(Late())
    now = decided.learning()
    assert (bool(now.read), now.since) == (True, 0)
    decided.accept(decided.codings(status="suggested").iloc[:1])
    assert decided.learning().since == 1
    decided.undo()
    assert decided.learning().since == 0
    decided.rate(decided.codings().iloc[:1], "mixed")
    assert decided.learning().since == 1
    decided.undo()
    assert decided.learning().since == 0
    decided.undo()
    assert decided.learning().read == ""


def test_nothing_is_kept_too_long(decided: Project) -> None:
    """What was worked out for one question never answers the next one wrongly."""
    first = decided.learning().codes
    decided.uncode(decided.codings().iloc[:1])
    fresh = Project.open(decided.path, backup=False)
    assert decided.learning().codes.equals(fresh.learning().codes)
    assert not decided.learning().codes.equals(first)
    decided.undo()
    decided.add_code("resources.volunteers", "Relawan")
    assert decided.learning().codes.index.tolist() == list(decided.codebook.paths)


class Late:
    """A coder that says of itself that it is a model."""

    name = "late"
    origin = "model"

    def code(self, document: bq.Document, codebook: bq.Codebook) -> list[bq.Coding]:
        """Suggest the first code for the first words."""
        turn = document.turns[0]
        return [
            bq.Coding(
                document=document.name, start=turn.start, end=turn.start + 3, code=codebook.paths[0],
                coder=self.name, origin="model", status="suggested", confidence=0.5,
            )
        ]  # fmt: skip
