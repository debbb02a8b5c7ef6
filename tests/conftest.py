"""Studies for the tests: one that was coded and reported, and empty ones."""

from __future__ import annotations

from pathlib import Path

import pytest

from bantar_qual import CueCoder, Project
from bantar_qual.files import shipped

BOOK = """
name: small
levels:
  - {key: variable, label: {id: Variabel, en: Variable}}
  - {key: indicator, label: {id: Indikator, en: Indicator}}
codes:
  - key: resources
    label: {id: Sumber daya, en: Resources}
    codes:
      - {key: staff, label: {id: Staf, en: Staff}, cues: {id: [pegawai], en: [officer]}}
      - {key: budget, label: {id: Anggaran, en: Budget}, cues: {id: [dana, anggaran], en: [money]}}
  - key: communication
    label: {id: Komunikasi, en: Communication}
    codes:
      - {key: clarity, label: {id: Kejelasan, en: Clarity}, cues: {id: [tidak paham, kriteria]}}
"""

TALK = """Judul: Wawancara rekaan
Kode informan: {case}
Tanggal: 3 Maret 2019

Pewawancara: Bagaimana dananya, Pak?
Informan: {first}
Pewawancara: Ada lagi?
Informan: {second}
"""


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """Write the small codebook to a file."""
    path = tmp_path / "small.yaml"
    path.write_text(BOOK, encoding="utf-8")
    return path


@pytest.fixture
def talks(tmp_path: Path) -> Path:
    """Write two short interviews to a folder."""
    folder = tmp_path / "talks"
    folder.mkdir()
    for name, case, first, second in (
        ("satu", "A", "Dananya tidak ada.", "Pegawainya cuma dua. Kriterianya kami tidak paham."),
        ("dua", "B", "Anggaran lancar, tidak ada kendala.", "Hujan terus dari pagi."),
    ):
        text = TALK.format(case=case, first=first, second=second)
        (folder / f"{name}.txt").write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def fresh(tmp_path: Path, book: Path) -> Project:
    """Make an empty study with the small codebook."""
    return Project.create(tmp_path / "fresh.bantar", codebook=book, coder="SN")


@pytest.fixture
def small(fresh: Project, talks: Path) -> Project:
    """Make a study with the two short interviews, nothing coded."""
    fresh.import_documents(talks)
    return fresh


@pytest.fixture(scope="session")
def shipped_study(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Make the shipped study and let the cues suggest; read it, do not change it."""
    path = tmp_path_factory.mktemp("shipped") / "study.bantar"
    project = Project.create(path, codebook="kampung-bantar", coder="SN", title="Kampung Bantar")
    project.import_documents(shipped("interviews"))
    project.describe_cases(shipped("interviews") / "informants.csv")
    project.code_with(CueCoder())
    return project
