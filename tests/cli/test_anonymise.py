"""``bantar anonymise`` and ``bantar leaks``: finds shown, reviewed, replaced, and looked for."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner

from bantar_qual import Project
from bantar_qual.cli import main
from tests.cli.test_cli import bantar, refused

TALK = """Pewawancara: Bagaimana, Pak?
Informan: Kata Pak Budi dananya habis, +62 812 7455 3310. Budi begitu orangnya.
Pewawancara: Lalu?
Informan: Sarinya tahu. Bu Sari yang pegang.
"""


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    """Make a study with names in it."""
    (tmp_path / "talk.txt").write_text(TALK, encoding="utf-8")
    bantar("new", tmp_path / "mine.bantar", "--coder", "SN")
    bantar("import", tmp_path / "mine.bantar", tmp_path / "talk.txt")
    return tmp_path / "mine.bantar"


def text(study: Path) -> str:
    """Return the text of the one document."""
    return Project.open(study).document("talk").text


def test_showing_changes_nothing(mine: Path) -> None:
    """Without options the finds are shown in context, and nothing is changed."""
    said = bantar("anonymise", mine).output
    assert "[Warga A]" in said
    assert "Nothing was changed" in said
    assert "--preview" in said
    assert text(mine) == TALK


def test_by_a_reviewed_table(mine: Path, tmp_path: Path) -> None:
    """A table is written, reviewed in a spreadsheet, and done as it says; then shared."""
    table, key, public = tmp_path / "finds.csv", tmp_path / "keys" / "key.csv", tmp_path / "out"
    bantar("anonymise", mine, "--preview", table)
    finds = pd.read_csv(table, dtype=str, keep_default_na=False)
    assert not finds["words"].str.startswith(("+", "=", "@")).any()
    finds.loc[finds["words"] == "Sari", "decision"] = ["Replace", "KEEP "]
    finds.loc[finds["pseudonym"] == "[Warga A]", "pseudonym"] = "Darmo"
    finds.loc[finds["words"] == "Budi", "decision"] = "replace"
    with pd.ExcelWriter(tmp_path / "finds.xlsx", engine="xlsxwriter") as book:
        finds.to_excel(book, index=False)
    said = bantar("anonymise", mine, "--apply", tmp_path / "finds.xlsx", "--key", key).output
    assert "4 replaced, 1 kept" in said
    assert "Pak Darmo dananya habis, [nomor telepon]. Darmo begitu" in text(mine)
    said = bantar("anonymise", mine, "--to", public / "p.bantar", "--key", key).output
    assert "without originals" in said
    assert "'Sari'" in said  # kept, so it survives, and is told
    found = bantar("leaks", mine, public, "--key", key).output
    assert re.search(r"\d+ places? to look at", found)
    bantar("undo", mine)
    assert text(mine) == TALK


def test_the_key_is_asked_for(mine: Path, tmp_path: Path) -> None:
    """Replacing without a key is refused in the words of the command; later looking asks for it."""
    table, key = tmp_path / "f.csv", tmp_path / "k.csv"
    bantar("anonymise", mine, "--preview", table)
    assert "--key keys/key.csv" in bantar("anonymise", mine, "--apply", table, fails=True).output
    assert "with --key" not in bantar("anonymise", mine).output
    bantar("anonymise", mine, "--apply", table, "--key", key)
    assert "looked for only with --key" in bantar("anonymise", mine).output
    said = bantar("anonymise", mine, "--preview", tmp_path, fails=True).output
    assert "that is a folder" in said


def test_by_asking(mine: Path, tmp_path: Path) -> None:
    """Each find is asked about once for the same words; stopping leaves the rest."""
    arguments = ["anonymise", str(mine), "--ask", "--key", str(tmp_path / "key.csv")]
    result = CliRunner().invoke(main, arguments, input="r\nk\nq\n")
    assert result.exit_code == 0, result.output
    assert text(mine).count("[Warga A]") == 2
    assert "+62 812" in text(mine)
    assert "Bu Sari" in text(mine)
    result = CliRunner().invoke(main, arguments, input="a\n")
    assert "+62 812" in text(mine)  # it was kept
    assert re.search(r"Bu \[Warga [A-Z]\]", text(mine))


def test_wrong_tables_are_one_sentence(mine: Path, tmp_path: Path) -> None:
    """A table that says something else, or no key, is refused in a sentence."""
    table = tmp_path / "finds.csv"
    bantar("anonymise", mine, "--preview", table)
    assert "say where the key goes" in refused("anonymise", mine, "--apply", table)
    lines = table.read_text(encoding="utf-8-sig").replace(",replace,", ",maybe,", 1)
    table.write_text(lines, encoding="utf-8")
    assert "'maybe'" in refused("anonymise", mine, "--apply", table, "--key", tmp_path / "k.csv")
    table.write_text("a,b\n1,2\n", encoding="utf-8")
    assert "--preview" in refused("anonymise", mine, "--apply", table, "--key", tmp_path / "k.csv")
    assert "no such file" in refused("leaks", mine, tmp_path / "nowhere")
    assert text(mine) == TALK
