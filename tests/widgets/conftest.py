"""One browser for all tests of the coding page, and a study for it; no Chromium: they skip."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest
from axe_core_python.sync_playwright import Axe
from playwright.sync_api import Browser, sync_playwright

from bantar_qual import Codebook, Project
from bantar_qual.widgets.desk import Desk
from tests.widgets.hosts import Host, hosted

CHROMIUM = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Start the system's own Chromium, without a window."""
    if CHROMIUM is None:
        pytest.skip("there is no Chromium on this machine; the coding page is not driven here")
    with sync_playwright() as driver:
        opened = driver.chromium.launch(executable_path=CHROMIUM)
        yield opened
        opened.close()


EVIL = "<img src=x onerror=\"document.title='evil'\"><script>document.title='evil'</script><b>tebal</b>"
TALK = f"""Judul: Wawancara rekaan
Tanggal: 3 Maret 2019

Pewawancara: Bagaimana dananya, Pak?
Informan: Dananya 😀 belum ada, kafe\u0301 tutup. Pegawainya cuma dua 👨‍👩‍👧 orang.
Kriterianya tidak paham, {EVIL}
Pewawancara: Ada lagi?
Informan: Anggaran lancar, tidak ada kendala sama sekali. Dananya ada.
"""
SHORT = "Pewawancara: Bagaimana?\nInforman: Hujan terus, dana habis.\n"
Open = Callable[..., AbstractContextManager[Host]]


@pytest.fixture
def study(tmp_path: Path) -> Project:
    """Make a study with two interviews; names in its codebook try to be markup."""
    folder = tmp_path / "talks"
    folder.mkdir()
    (folder / "satu.txt").write_text(TALK, encoding="utf-8")
    (folder / "dua.txt").write_text(SHORT, encoding="utf-8")
    book = Codebook.load("edwards-iii").with_fields(
        "resources.facilities",
        {"label": {"id": f"Alat {EVIL}", "en": "x"}, "definition": {"id": EVIL}},
    )
    project = Project.create(tmp_path / "study.bantar", codebook=book, coder="SN")
    project.import_documents(folder)
    return project


@pytest.fixture
def show(study: Project, browser: Browser) -> Open:
    """Open the page on the first interview, number 1 for staff and 2 for the budget."""

    def opened(look: dict[str, Any] | None = None, **desk: Any) -> AbstractContextManager[Host]:
        given = {
            "project": study,
            "document": "satu",
            "keys": ["resources.staff", "resources.budget"],
            **desk,
        }
        return hosted(browser, Desk(**given), **(look or {}))

    return opened


def quotes(study: Project) -> list[tuple[str, str]]:
    """Return code and words of every accepted coding."""
    found = study.quotes(study.codings())
    return sorted(zip(found["code"].astype(str), found["quote"], strict=True))


def texts(host: Host, selector: str) -> list[str]:
    """Return what elements say."""
    return [" ".join(text.split()) for text in host.page.locator(selector).all_inner_texts()]


def faults(host: Host, where: str) -> None:
    """Fail on every serious fault that axe finds in the page."""
    found = Axe().run(host.page, context=".bq")
    serious = [
        (fault["id"], node["target"], node.get("failureSummary", "")[:300])
        for fault in found["violations"]
        if fault["impact"] in {"serious", "critical"}
        for node in fault["nodes"][:3]
    ]
    assert not serious, (where, serious)
