"""Honest scores of suggestions, and the order of review."""

from __future__ import annotations

import pandas as pd
import pytest
from click.testing import CliRunner

from bantar_qual import CueCoder, ModelCoder, Project
from bantar_qual.cli.main import main
from bantar_qual.errors import FrameError, NotEnoughData
from bantar_qual.files import shipped


@pytest.fixture(scope="module", autouse=True)
def cache(tmp_path_factory: pytest.TempPathFactory) -> object:
    """Keep what is fitted away from the user's own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BANTAR_CACHE", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture(scope="module")
def decided(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Make a study of five interviews whose suggestions were accepted or rejected."""
    path = tmp_path_factory.mktemp("decided") / "study.bantar"
    project = Project.create(path, codebook="edwards-iii", coder="SN")
    for name in (
        "ketua-rt-07.docx",
        "ketua-rt-12.txt",
        "ketua-rt-26.txt",
        "ketua-rt-33.txt",
        "lurah.docx",
    ):
        project.import_documents(shipped("interviews") / name)
    told = pd.read_csv(shipped("interviews") / "informants.csv", dtype=str)
    project.describe_cases(told[told["document"].isin(project.documents().index)])
    project.code_with(CueCoder())
    waiting = project.codings(status="suggested")
    project.accept(waiting[waiting["confidence"] > 0.7])
    project.reject(waiting[waiting["confidence"] <= 0.6])
    return project


def test_cues_are_measured(decided: Project) -> None:
    """What was accepted and what was rejected of the cues is their precision, exactly."""
    found = decided.evaluate(CueCoder())
    frame = decided.codings(status=None)
    told = frame[frame["status"].astype(object).isin(["accepted", "rejected"])]
    expected = (told["status"] == "accepted").sum() / len(told)
    assert found.scores.loc["all", "recall"] == 1
    assert found.scores.loc["all", "precision"] == pytest.approx(expected, abs=0.05)


def test_a_model_is_measured(decided: Project) -> None:
    """Scores lie between 0 and 1 inside their intervals, and notes say what is not known."""
    model = ModelCoder(embed="none", examples=[])
    found = decided.evaluate(model)
    scores = found.scores.dropna()
    assert ((scores["low"] <= scores["f1"] + 1e-9) & (scores["f1"] <= scores["high"] + 1e-9)).all()
    assert found.calibration["judged"].sum() > 0
    assert list(found.learning["decided"]) == sorted(found.learning["decided"])
    assert any("recall is too high" in note for note in found.notes)
    assert any("With 50 more" in note for note in found.notes)
    assert ((found.bias["p"] > 0) & (found.bias["p"] <= 1)).all()


def test_no_leakage(small: Project) -> None:
    """A code that was given in one document only is never known when that document is judged."""
    small.code("satu", "Dananya tidak ada.", "resources.staff")
    small.code("dua", "Hujan terus dari pagi.", "communication.clarity")
    found = small.evaluate(ModelCoder(embed="none", examples=[], cache=False), learning=False)
    assert found.scores.loc["resources.staff", "recall"] == 0


def test_level(decided: Project) -> None:
    """At the level of variables there is a row for each variable."""
    found = decided.evaluate(CueCoder(), level="variable")
    assert list(found.scores.index) == [c.path for c in decided.codebook.at("variable")] + ["all"]


def test_too_little(small: Project) -> None:
    """With fewer than two decided documents a sentence says what is missing."""
    with pytest.raises(NotEnoughData, match="at least two documents"):
        small.evaluate(CueCoder())


def test_orders(decided: Project) -> None:
    """Every order holds every open suggestion once; the least sure come first where asked."""
    waiting = set(decided.codings(status="suggested").index)
    assert waiting
    for first in ("least sure", "most useful", "document"):
        assert set(decided.to_review(first=first).index) == waiting
    doubt = (decided.to_review(first="least sure")["confidence"] - 0.5).abs()
    assert doubt.is_monotonic_increasing
    reading = decided.to_review(first="document")
    assert all(
        part["start"].is_monotonic_increasing
        for _, part in reading.groupby("document", observed=True)
    )


def test_unknown_order(small: Project) -> None:
    """An unknown order is refused with the nearest one."""
    with pytest.raises(FrameError, match="least sure"):
        small.to_review(first="least sur")  # type: ignore[arg-type]


def test_command(decided: Project) -> None:
    """The command prints every part, and a study without decisions is one sentence."""
    done = CliRunner().invoke(main, ["evaluate", str(decided.path), "--coder", "cues"])
    assert done.exit_code == 0, done.output
    assert "Calibration" in done.output
    assert "all" in done.output


def test_machine_codings_can_be_left_out(decided: Project) -> None:
    """A filter on origin leaves the machine's codings out of any statistic."""
    from bantar_qual import stats

    everything = decided.codings()
    by_hand = everything[everything["origin"] == "hand"]
    assert len(everything) > 0
    assert len(by_hand) == 0
    assert stats.frequency(everything)["codings"].sum() > 0
