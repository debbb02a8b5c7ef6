"""In a real JupyterLab the page tells a busy Python from one that is gone, and from a cut line."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from bantar_qual import Project
from tests.widgets import lab
from tests.widgets.hands import Hands

TALK = (
    "Pewawancara: Bagaimana, Pak?\nInforman: Dananya belum ada, kafe tutup. Pegawainya cuma dua.\n"
)
OPEN = """
import os, pathlib
pathlib.Path("pid").write_text(str(os.getpid()))
import bantar_qual as bq
project = bq.Project.open("study.bantar", backup=False)
bq.code_by_hand(project, "satu", keys=["resources.staff", "resources.budget"], height=480)
"""
SLOW = "import time; time.sleep(9); print('slept')"
RUN = """(n) => {
  const notebook = globalThis.jupyterapp.shell.currentWidget.content;
  notebook.activeCellIndex = n;
  globalThis.jupyterapp.commands.execute("notebook:run-cell");
}"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Make a study, and settings in which a page waits for the cell that runs, as in older Labs."""
    (tmp_path / "satu.txt").write_text(TALK, encoding="utf-8")
    project = Project.create(tmp_path / "study.bantar", codebook="edwards-iii", coder="SN")
    project.import_documents(tmp_path / "satu.txt")
    lab.notebook(tmp_path / "n.ipynb", OPEN, SLOW)
    lab.environment(tmp_path)
    place = tmp_path / "own" / "settings" / "@jupyterlab" / "apputils-extension"
    setting = json.dumps({"commsOverSubshells": "disabled"})
    (place / "kernels-settings.jupyterlab-settings").write_text(setting)
    return tmp_path


@pytest.fixture
def page(folder: Path, browser: Browser) -> Iterator[Page]:
    """Open the notebook."""
    port = lab.free_port()
    address = f"http://127.0.0.1:{port}"
    command = [
        "jupyterlab", "--no-browser", f"--port={port}", "--ip=127.0.0.1", "--ServerApp.port_retries=0",
        f"--IdentityProvider.token={lab.TOKEN}", "--expose-app-in-browser", "--allow-root",
        f"--ServerApp.root_dir={folder}",
    ]  # fmt: skip
    with lab.serving(command, folder, f"{address}/api"):
        context: BrowserContext = browser.new_context(viewport={"width": 1400, "height": 900})
        opened = context.new_page()
        opened.goto(f"{address}/lab/tree/n.ipynb?reset&token={lab.TOKEN}")
        yield opened
        context.close()


def run(page: Page, cell: int) -> None:
    """Run a cell once the kernel is there."""
    page.wait_for_function(lab.IDLE, timeout=60_000)
    page.evaluate(RUN, cell)


def state(page: Page, name: str, words: str, *, timeout: int = 15_000) -> None:
    """Wait until the page says how things stand, in these words."""
    page.wait_for_selector(f".bq-state[data-state={name}]:has-text('{words}')", timeout=timeout)


def code(page: Page, words: str, key: str) -> None:
    """Code words; the Lab says in dialogs of its own what is wrong, and they are in the way."""
    before = page.locator(".bq-mark").count()
    for _ in range(8):
        page.wait_for_timeout(600)
        for again in page.locator(".jp-Dialog input[type=checkbox]").all():
            again.check()  # not to be told again
        for button in page.locator(".jp-Dialog-footer button").all():
            button.click()
        Hands(page).drag(words)
        page.keyboard.press(key)
        page.wait_for_timeout(400)
        if page.locator(".bq-mark").count() > before:
            return
    raise AssertionError(words)


def coded(folder: Path) -> list[str]:
    """Return the words that are coded in the file."""
    project = Project.open(folder / "study.bantar", backup=False)
    return sorted(project.quotes(project.codings())["quote"])


def test_busy_gone_and_cut(page: Page, folder: Path) -> None:
    """Busy: saved later. Gone: run the cell again, then saved, once. Cut: saved when it is back."""
    run(page, 0)
    page.wait_for_selector(".bq[data-ready]", timeout=45_000)
    page.wait_for_timeout(500)
    hands = Hands(page)
    # busy
    page.evaluate(RUN, 1)
    page.wait_for_timeout(500)
    hands.drag("Dananya belum ada")
    page.keyboard.press("2")
    state(page, "busy", "1 belum tersimpan: Python sedang menjalankan sel")
    assert coded(folder) == []
    page.wait_for_selector(".jp-OutputArea-output:has-text('slept')", timeout=30_000)
    hands.saved()
    assert coded(folder) == ["Dananya belum ada"]
    # the kernel dies, and the server starts another one that knows nothing of the page
    os.kill(int((folder / "pid").read_text()), signal.SIGKILL)
    state(page, "lost_nothing", "Semuanya sudah tersimpan. Jalankan sel ini lagi", timeout=30_000)
    code(page, "Pegawainya", "1")
    state(page, "lost", "1 belum tersimpan dan menunggu di sini")
    assert coded(folder) == ["Dananya belum ada"]
    page.keyboard.press("Escape")
    run(page, 0)
    page.wait_for_function("() => document.querySelector('.bq')?.dataset.saving === 'saved'")
    hands.saved()
    assert coded(folder) == ["Dananya belum ada", "Pegawainya"]
    # the line is cut
    page.context.set_offline(offline=True)
    page.evaluate(
        "() => globalThis.jupyterapp.shell.currentWidget.sessionContext.session.kernel._ws?.close?.()"
    )
    state(page, "cut_nothing", "Sambungan ke Jupyter terputus. Semuanya sudah tersimpan")
    code(page, "kafe tutup", "2")
    state(page, "cut", "1 belum tersimpan")
    page.context.set_offline(offline=False)
    page.wait_for_function(
        "() => document.querySelector('.bq')?.dataset.saving === 'saved'", timeout=90_000
    )
    assert coded(folder) == ["Dananya belum ada", "Pegawainya", "kafe tutup"]
