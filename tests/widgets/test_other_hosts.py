"""The coding page in the other notebooks: one coding by mouse and key in each, in a real study."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from bantar_qual import Project
from tests.widgets import lab
from tests.widgets.hands import ROOT, Hands

TALK = "Pewawancara: Bagaimana, Pak?\nInforman: Dananya 😀 belum ada, kafe\u0301 tutup. Pegawainya cuma dua.\n"
CELL = """
import bantar_qual as bq
project = bq.Project.open("study.bantar", backup=False)
page = bq.code_by_hand(project, "satu", keys=["resources.staff"], height=480)
"""
MARIMO = """
import marimo
app = marimo.App()

@app.cell
def _():
    import bantar_qual as bq
    project = bq.Project.open("study.bantar", backup=False)
    page = bq.code_by_hand(project, "satu", keys=["resources.staff"], height=480)
    page
    return

if __name__ == "__main__":
    app.run()
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Make a study with one interview."""
    (tmp_path / "satu.txt").write_text(TALK, encoding="utf-8")
    project = Project.create(tmp_path / "study.bantar", codebook="edwards-iii", coder="SN")
    project.import_documents(tmp_path / "satu.txt")
    return tmp_path


@contextmanager
def looking(
    browser: Browser, address: str, *, hosts_own: str = "nowhere.invalid"
) -> Iterator[Page]:
    """Open an address in a window of its own; nothing of the page may leave this machine.

    ``hosts_own`` is an address that the host's own template asks for; it is not let through.
    """
    context = browser.new_context(viewport={"width": 1400, "height": 900})
    try:
        page = context.new_page()
        asked = lab.watch(page)
        page.route(lambda url: hosts_own in url, lambda route: route.abort())
        page.goto(address)
        yield page
        assert not [url for url in asked if hosts_own not in url], asked
    finally:
        context.close()


def code_once(page: Page, folder: Path) -> None:
    """Drag over words after an emoji and a combining accent, press a number, look in the file."""
    page.wait_for_function("() => {" + ROOT + " return Boolean(bq); }", timeout=45_000)
    page.wait_for_timeout(400)
    hands = Hands(page)
    hands.drag("tutup. Pegawainya cuma dua")
    page.keyboard.press("1")
    hands.saved()
    project = Project.open(folder / "study.bantar", backup=False)
    for _ in range(50):
        if len(project.codings()):
            break
        time.sleep(0.1)
    (quote,) = project.quotes(project.codings())["quote"]
    assert quote == "tutup. Pegawainya cuma dua"


def test_notebook_7(folder: Path, browser: Browser) -> None:
    """Notebook 7 shows the page, and a coding is saved."""
    lab.notebook(folder / "n.ipynb", CELL + "page")
    port = lab.free_port()
    address = f"http://127.0.0.1:{port}"
    command = [
        "notebook", "--no-browser", f"--port={port}", "--ip=127.0.0.1", "--ServerApp.port_retries=0",
        f"--IdentityProvider.token={lab.TOKEN}", "--allow-root", f"--ServerApp.root_dir={folder}",
    ]  # fmt: skip
    with (
        lab.serving(command, folder, f"{address}/api"),
        looking(browser, f"{address}/notebooks/n.ipynb?token={lab.TOKEN}") as page,
    ):
        cell = page.locator(".jp-CodeCell .cm-content").first
        cell.wait_for(timeout=45_000)
        for _ in range(6):  # a key pressed before the kernel is there does nothing
            cell.click()
            page.keyboard.press("Control+Enter")
            page.wait_for_timeout(4000)
            if page.locator(".bq[data-ready]").count():
                break
        code_once(page, folder)


def test_marimo(folder: Path, browser: Browser) -> None:
    """Marimo, with its shadow roots, shows the page, and a coding is saved."""
    (folder / "n.py").write_text(MARIMO, encoding="utf-8")
    port = lab.free_port()
    address = f"http://127.0.0.1:{port}"
    command = [
        "marimo", "run", "n.py", "--headless", "--no-token", f"--port={port}", "--host=127.0.0.1",
    ]  # fmt: skip
    with lab.serving(command, folder, f"{address}/health"), looking(browser, address) as page:
        code_once(page, folder)


def test_voila(folder: Path, browser: Browser) -> None:
    """Voilà shows the page, and a coding is saved."""
    lab.notebook(folder / "n.ipynb", CELL + "page")
    port = lab.free_port()
    address = f"http://127.0.0.1:{port}"
    command = ["voila", "n.ipynb", "--no-browser", f"--port={port}", "--Voila.ip=127.0.0.1"]
    with (
        lab.serving(command, folder, f"{address}/voila/static/voila.js"),
        looking(browser, address, hosts_own="@fortawesome") as page,  # Voilà's template wants icons
    ):
        code_once(page, folder)
