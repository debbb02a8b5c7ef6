"""The command line: the whole way from a folder to findings, and every error in one sentence."""

from __future__ import annotations

import sys
from pathlib import Path

import docx
import pandas as pd
import pytest
from bs4 import BeautifulSoup
from click.testing import CliRunner, Result
from python_calamine import CalamineWorkbook

from bantar_qual import Codebook, Project, stats
from bantar_qual.cli import main

ENGLISH = """Interviewer: What stands in the way?
Informant: There is no money for the lamps. Nobody told us about the meeting.
Interviewer: And what helps?
Informant: The residents joined the clean-up day, and the staff were well trained.
"""


def bantar(*words: object, fails: bool = False) -> Result:
    """Run a command and check that it ends as it should, without a traceback."""
    result = CliRunner().invoke(main, [str(word) for word in words])
    assert result.exit_code == (1 if fails else 0), result.output
    assert "Traceback" not in result.output
    return result


def refused(*words: object) -> str:
    """Run a command that fails, and return its one sentence."""
    result = bantar(*words, fails=True)
    assert result.stderr.startswith("bantar: ")
    return result.stderr.strip()


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """Run the demonstration once."""
    folder = tmp_path_factory.mktemp("demo") / "bantar-demo"
    return folder, bantar("demo", "--to", folder).output


def test_demo_says_what_it_did(demo: tuple[Path, str]) -> None:
    """The demo says that nobody read what it accepted, and what to do next."""
    _, said = demo
    assert "without anybody reading them" in said
    assert "a person decides" in said
    assert "What to do next" in said


def test_demo_finds_what_the_transcripts_say(demo: tuple[Path, str]) -> None:
    """Participation, budget and cooperation are among the leading barriers of the shipped study."""
    project = Project.open(demo[0] / "demo.bantar")
    ranked = stats.barriers(project.codings(level="indicator"))
    leading = list(ranked.index[:8])
    for code in (
        "resources.participation",
        "resources.budget",
        "bureaucratic_structure.fragmentation",
    ):
        assert code in leading, leading
        assert ranked.loc[code, "barrier_cases"] >= 5


def test_demo_files_open(demo: tuple[Path, str]) -> None:
    """Word, workbook and page open in independent readers and name the barriers."""
    folder = demo[0] / "findings"
    book = Codebook.load("kampung-bantar")
    label = book.label("resources.participation", "id")
    text = "\n".join(
        [p.text for p in docx.Document(folder / "findings.docx").paragraphs]
        + [
            c.text
            for t in docx.Document(folder / "findings.docx").tables
            for r in t.rows
            for c in r.cells
        ]
    )
    assert label in text
    assert "SINTETIS" in text
    workbook = CalamineWorkbook.from_path(str(folder / "findings.xlsx"))
    cells = [
        cell
        for name in workbook.sheet_names
        for row in workbook.get_sheet_by_name(name).to_python()
        for cell in row
    ]
    assert label in cells
    page = BeautifulSoup((folder / "findings.html").read_text(encoding="utf-8"), "html.parser")
    assert label in page.get_text()
    assert not page.find_all(["script", "iframe"])
    assert len(list((folder / "figures").glob("*.png"))) >= 2


def test_every_quote_on_the_page_stands_in_a_text(demo: tuple[Path, str]) -> None:
    """No quote in the workbook differs from the stretch of text that it points to."""
    project = Project.open(demo[0] / "demo.bantar")
    texts = {document.name: document for document in project.texts()}
    sheets = pd.read_excel(
        demo[0] / "findings" / "findings.xlsx", sheet_name=None, engine="calamine"
    )
    frames = [
        f for f in sheets.values() if {"Dokumen", "Awal", "Akhir", "Kutipan"} <= set(f.columns)
    ]
    assert frames
    checked = 0
    for row in pd.concat(frames)[["Dokumen", "Awal", "Akhir", "Kutipan"]].to_dict("records"):
        if row["Dokumen"] in texts:
            assert (
                texts[row["Dokumen"]].quote(int(row["Awal"]), int(row["Akhir"])) == row["Kutipan"]
            )
            checked += 1
    assert checked >= 200


def test_another_folder_gives_another_table(tmp_path: Path) -> None:
    """English talks, wrong files among them, go all the way to findings of their own."""
    talks = tmp_path / "talks"
    talks.mkdir()
    (talks / "one.txt").write_text(ENGLISH, encoding="utf-16")
    file = docx.Document()
    for line in ENGLISH.splitlines():
        file.add_paragraph(line.replace("lamps", "roads"))
    file.save(talks / "two.docx")
    (talks / "broken.docx").write_bytes(b"PK\x03\x04 no")
    (talks / "photo.jpg").write_bytes(b"\xff\xd8\xff")
    study = tmp_path / "s.bantar"
    bantar("new", study, "--codebook", "edwards-iii", "--language", "en")
    said = bantar("import", study, talks).output
    assert "left out broken.docx" in said
    assert "2 of 4 files" in said
    assert "suggestions" in bantar("code", study).output
    out = bantar("findings", study, "--to", tmp_path / "out").output
    assert "no researcher has reviewed" in out.replace("\n", " ")
    page = BeautifulSoup(
        (tmp_path / "out" / "findings.html").read_text(encoding="utf-8"), "html.parser"
    )
    assert page.html["lang"] == "en"
    assert "no money for the roads" in page.get_text()
    assert "Hambatan" not in page.get_text()


def test_statistics_are_commands(demo: tuple[Path, str], tmp_path: Path) -> None:
    """Every statistic is a command that prints, saves and draws."""
    study = demo[0] / "demo.bantar"
    for noun in stats.statistics:
        saved, drawn = tmp_path / f"{noun}.xlsx", tmp_path / f"{noun}.png"
        said = bantar(noun, study, "--level", "variable", "--save", saved, "--chart", drawn).output
        assert "Sumber daya" in said
        assert saved.stat().st_size > 1000
        assert drawn.read_bytes().startswith(b"\x89PNG")
    assert (
        "Resources" in bantar("barriers", study, "--level", "variable", "--language", "en").output
    )
    assert "Ketua RT" in bantar("frequency", study, "--by", "group").output


def test_quotes_and_codings(demo: tuple[Path, str], tmp_path: Path) -> None:
    """Quotes come with their source, codings can be written to a file."""
    study = demo[0] / "demo.bantar"
    said = bantar(
        "quotes",
        study,
        "--code",
        "resources.participation",
        "--valence",
        "barrier",
        "--per-code",
        2,
    )
    assert "giliran" in said.output
    assert "2 quotes" in said.output
    bantar("codings", study, "--code", "resources", "--save", tmp_path / "c.csv")
    assert (tmp_path / "c.csv").stat().st_size > 1000


def test_accept_in_bulk(small: Project) -> None:
    """A bulk acceptance says that nobody read it."""
    bantar("code", small.path)
    assert "without being read" in bantar("accept", small.path, "--above", 0.5).output
    assert len(Project.open(small.path).codings()) > 0


def test_taking_back(small: Project) -> None:
    """What was done last is taken back and done again, and the audit trail shows it."""
    bantar("code", small.path)
    assert "code: with cues" in bantar("undo", small.path).output
    assert Project.open(small.path).codings(status="suggested").empty
    assert "code: with cues" in bantar("redo", small.path, "--coder", "BP").output
    assert "nothing to do again" in bantar("redo", small.path).output
    said = bantar("history", small.path).output
    assert "BP" in said
    assert "without evidence" in bantar("lint", small.path).output


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("code", "gone.bantar"), "no such study"),
        (("new", "s.bantar", "--codebook", "edward"), "Did you mean 'edwards-iii'"),
        (("new", "s.bantar", "--language", "jv"), "no files for it"),
        (("barriers", "{study}", "--level", "variables"), "Did you mean 'variable'"),
        (("barriers", "{study}"), "no coding"),
        (("barriers", "{study}", "--by", "village", "--suggested"), "'village'"),
        (("quotes", "{study}", "--code", "resources.budgets"), "Did you mean 'resources.budget'"),
        (("import", "{study}", "nowhere"), "no such file or folder"),
        (("import", "{study}", "{study}", "--cases", "nowhere.csv"), "cannot be read"),
        (("codings", "{study}", "--save", "c.doc"), "'.doc'"),
    ],
)
def test_errors(
    words: tuple[str, ...],
    said: str,
    small: Project,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What goes wrong is one red sentence that says what, where and what to do."""
    monkeypatch.chdir(tmp_path)
    assert said in refused(*(word.format(study=small.path) for word in words))


def test_faulty_codebook(tmp_path: Path) -> None:
    """A codebook with three faults is refused with all three; no study is made."""
    book = tmp_path / "b.yaml"
    book.write_text(
        "name: b\nlevels: [{key: t}]\ncodes:\n  - key: a\n  - {key: A b, label: x}\n  - {key: c, label: x, source: y}\n"
    )
    said = refused("new", tmp_path / "s.bantar", "--codebook", book)
    assert "3 problems" in said
    assert all(f"line {n}" in said for n in (4, 5, 6))
    assert not (tmp_path / "s.bantar").exists()


def test_misspelled_command() -> None:
    """A misspelled command leads to the right one."""
    result = CliRunner().invoke(main, ["barrier", "x"])
    assert result.exit_code == 2
    assert "Did you mean 'barriers'" in result.output


def test_every_command_has_help() -> None:
    """Every command says in a sentence what it does."""
    context = main.make_context("bantar", ["--help"], resilient_parsing=True)
    for name in main.list_commands(context):
        command = main.get_command(context, name)
        assert command is not None
        assert (command.help or "").strip().endswith(".") or len(command.help or "") > 20
        assert bantar(name, "--help").output


def test_module_is_the_command(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """``python -m bantar_qual`` is ``bantar``."""
    import runpy

    monkeypatch.setattr(sys, "argv", ["bantar", "--version"])
    with pytest.raises(SystemExit):
        runpy.run_module("bantar_qual", run_name="__main__")
    assert "bantar_qual" in capsys.readouterr().out
