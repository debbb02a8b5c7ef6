"""Reviewing in a real browser: what decisions bring, and what belongs together as one act."""

from __future__ import annotations

from pathlib import Path

import pytest

from bantar_qual import CueCoder, Project
from tests.widgets.conftest import Open, faults, quotes, texts
from tests.widgets.hosts import Host

AUTHORITY = "resources.authority"


def wait(host: Host, words: str, where: str = ".bq-learning") -> None:
    """Wait until a part of the page says something."""
    host.page.wait_for_function(
        "([where, words]) => document.querySelector(where)?.innerText.includes(words)", arg=[where, words]
    )  # fmt: skip


@pytest.mark.parametrize("press", ["keys", "mouse"])
def test_accepted_as_something_else(show: Open, study: Project, press: str) -> None:
    """Another code, another valence and a memo are accepted with Enter, or a click, in one act."""
    study.code_with(CueCoder())
    acts = len(study.history())
    with show(mode="review", document="", keys=[AUTHORITY]) as host:
        host.page.wait_for_selector(".bq-row[data-now]")
        before = study.codings(status="suggested")
        if press == "keys":
            host.press("1", "*", "Alt+m")
            host.page.keyboard.type("lihat lagi")
            host.press("Control+Enter")
        else:
            host.page.locator(".bq-card[data-now] [data-do=recode]").click()
            host.page.keyboard.type("wewenang")
            host.press("Enter")
            host.page.locator(".bq-card[data-now] [data-do=mixed]").click()
            host.page.locator(".bq-card[data-now] textarea").fill("lihat lagi")
            host.page.locator(".bq-card[data-now] [data-do=accept]").click()
        host.saved()
        (row,) = study.codings().to_dict("records")
        assert (row["code"], row["valence"]) == (AUTHORITY, "mixed")
        assert study.memos()["text"].tolist() == ["lihat lagi"]
        assert len(study.history()) == acts + 1
        host.press("Control+z")
        host.saved()
        assert study.memos().empty
        again = study.codings(status="suggested")
        assert again["code"].tolist() == before["code"].tolist()
        assert again["valence"].astype(str).tolist() == before["valence"].astype(str).tolist()


def test_a_choice_is_nothing_until_it_is_accepted(show: Open, study: Project) -> None:
    """What is chosen shows in card and list, waits while others are read, and can be let go."""
    study.code_with(CueCoder())
    acts = len(study.history())
    with show(mode="review", document="", keys=[AUTHORITY]) as host:
        host.page.wait_for_selector(".bq-row[data-now]")
        name = texts(host, ".bq-row[data-now] .bq-row-code")[0]
        host.press("1")
        assert "→ Wewenang" in texts(host, ".bq-row[data-now] .bq-row-code")[0]
        assert host.page.locator(".bq-card[data-now] .bq-held").count() == 1
        host.press("Space", "Alt+ArrowUp")
        host.page.wait_for_selector(".bq-card[data-now] .bq-held")
        host.press("Control+z")
        assert host.page.locator(".bq-held").count() == 0
        assert texts(host, ".bq-row[data-now] .bq-row-code") == [name]
        host.press("-", "+")
        host.press("Escape")
        assert host.page.locator(".bq-held").count() == 0
        assert len(study.history()) == acts
        host.press("1", "Enter")
        host.saved()
        assert quotes(study)[0][0] == AUTHORITY
        assert len(study.history()) == acts + 1


def test_many_at_once_keep_their_choices(show: Open, study: Project) -> None:
    """Accepted together, one for which another code was chosen gets that code."""
    made = study.code_with(CueCoder())
    with show(mode="review", document="", keys=[AUTHORITY]) as host:
        host.page.wait_for_selector(".bq-row[data-now]")
        chosen = study.codings(status="suggested")
        host.press("1")
        host.page.locator(".bq-tick-all input").check()
        host.page.locator(".bq-queue-foot .bq-yes").click()
        host.saved()
        host.page.wait_for_selector(".bq-none")
        found = study.codings()
        assert len(found) == made
        changed = found["code"].astype(str) != chosen.loc[found.index, "code"].astype(str)
        assert found.loc[changed, "code"].tolist() == [AUTHORITY]


def test_a_new_code_on_the_spot_is_one_act(show: Open, study: Project) -> None:
    """A new code and the coding made with it come and go together, by letters or of the words."""
    acts, before = len(study.history()), study.codebook.paths
    with show() as host:
        host.drag("Ada lagi")
        host.press("c")
        host.page.keyboard.type("uaca buruk")
        host.press("Enter", "-")
        host.saved()
        assert study.codings()["valence"].tolist() == ["barrier"]
        host.press("Control+z", "Control+z")
        host.saved()
        assert study.codebook.paths == before
        assert len(study.history()) == acts + 4
        host.drag("cuma dua")
        host.press("Alt+v")
        host.saved()
        assert quotes(study) == [("cuma_dua", "cuma dua")]
        host.press("F2")
        host.page.keyboard.type("Jumlah orang")
        host.press("Enter")
        host.saved()
        assert quotes(study) == [("jumlah_orang", "cuma dua")]
        host.press("Control+z")
        host.saved()
        assert quotes(study) == [("cuma_dua", "cuma dua")]
        assert study.codebook.paths == (*before, "cuma_dua")


def test_a_suggestion_gets_a_new_code(show: Open, study: Project) -> None:
    """A name that no code has is accepted with the suggestion, as one act that one undo takes back."""
    study.code_with(CueCoder())
    acts, before = len(study.history()), study.codebook.paths
    with show(mode="review", document="") as host:
        host.page.wait_for_selector(".bq-row[data-now]")
        host.page.keyboard.type("Adat desa")
        host.press("Enter")
        wait(host, "Kode baru")
        host.press("Enter")
        host.saved()
        assert [code for code, _ in quotes(study)] == ["adat_desa"]
        assert len(study.history()) == acts + 1
        host.press("Control+z")
        host.saved()
        assert study.codebook.paths == before


def test_what_a_decision_brings(show: Open, study: Project, tmp_path: Path) -> None:
    """Beside the list stands how far the code is from the model, and it follows each decision."""
    project = Project.create(tmp_path / "g.bantar", codebook="grindle", coder="SN")
    project.import_documents(tmp_path / "talks")
    path = next(code.path for code in project.codebook if code.codable)
    for words in ("belum ada", "cuma dua"):
        project.code("satu", words, path)
    project.code_with(Two(path))
    with show(project=project, mode="review", document="") as host:
        wait(host, "6 kalimat lagi yang diterima")
        wait(host, "Koding diterima: 2, ditolak: 0")
        host.press("Enter")
        host.saved()
        wait(host, "5 kalimat lagi yang diterima")
        assert "project.code_with(bq.ModelCoder().fit(project))" in texts(host, ".bq-learning")[0]
        host.press("Control+z")
        host.saved()
        wait(host, "6 kalimat lagi yang diterima")
    with show(project=project, mode="review", document="", language="en") as host:
        wait(host, "6 more accepted")
        faults(host, "learning")
    second = Project.open(project.path, coder="BP", backup=False)
    with show(project=second, mode="review", document="", blind=True) as host:
        host.page.wait_for_selector(".bq-row[data-now]")
        host.page.wait_for_timeout(600)
        assert host.page.locator(".bq-learning").is_hidden()
        assert study.path != project.path


class Two:
    """A coder that suggests one code for two sentences."""

    name, origin = "two", "cue"

    def __init__(self, code: str) -> None:
        self.path = code

    def code(self, document: object, _: object) -> list[object]:
        """Suggest the code where the words stand."""
        from bantar_qual import Coding

        text, name = document.text, document.name  # type: ignore[attr-defined]
        return [
            Coding(
                document=name, start=text.index(words), end=text.index(words) + len(words),
                code=self.path, coder=self.name, origin="cue", status="suggested", confidence=0.7,
            )
            for words in ("Anggaran lancar, tidak ada kendala sama sekali.", "Dananya ada.")
            if words in text
        ]  # fmt: skip
