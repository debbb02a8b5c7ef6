"""The coding page in a real JupyterLab, in a real browser, with a real study."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from bantar_qual import CueCoder, Project
from tests.widgets import lab
from tests.widgets.hands import Hands

FIRST = "Dananya 😀 belum ada, kafe\u0301 tutup. Pegawainya cuma dua 👨‍👩‍👧 orang. Kriterianya tidak paham."
TALK = f"""Judul: Wawancara rekaan
Tanggal: 3 Maret 2019

Pewawancara: Bagaimana dananya, Pak?
Informan: {FIRST}
Pewawancara: Ada lagi?
Informan: Anggaran lancar, tidak ada kendala sama sekali.
"""
OPEN = """
import bantar_qual as bq
project = bq.Project.open("study.bantar", backup=False)
bq.code_by_hand(project, "satu", keys=["resources.staff", "resources.budget"], height=560)
"""
SLOW = "import time; began = time.time(); time.sleep(8); print('slept')"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a study with one interview, and a notebook that opens it."""
    place = tmp_path_factory.mktemp("lab")
    (place / "satu.txt").write_text(TALK, encoding="utf-8")
    project = Project.create(place / "study.bantar", codebook="edwards-iii", coder="SN")
    project.import_documents(place / "satu.txt")
    lab.notebook(place / "first.ipynb", OPEN, SLOW)
    return place


@pytest.fixture(scope="module")
def page(folder: Path, browser: Browser) -> Iterator[Page]:
    """Open the notebook in JupyterLab and run its first cell."""
    port = lab.free_port()
    address = f"http://127.0.0.1:{port}"
    command = [
        "jupyterlab", "--no-browser", f"--port={port}", "--ip=127.0.0.1", "--ServerApp.port_retries=0",
        f"--IdentityProvider.token={lab.TOKEN}", "--expose-app-in-browser", "--allow-root",
        f"--ServerApp.root_dir={folder}",
    ]  # fmt: skip
    with lab.serving(command, folder, f"{address}/api"):
        context = browser.new_context(viewport={"width": 1500, "height": 900})
        opened = context.new_page()
        asked = lab.watch(opened)
        opened.goto(f"{address}/lab/tree/first.ipynb?reset&token={lab.TOKEN}")
        run_first(opened)
        yield opened
        context.close()
        assert not asked, asked


def run_first(page: Page) -> None:
    """Run the first cell, and wait for the page in it."""
    page.wait_for_function(lab.IDLE, timeout=60_000)
    page.evaluate(
        """() => {
          const notebook = globalThis.jupyterapp.shell.currentWidget.content;
          notebook.activeCellIndex = 0;
          globalThis.jupyterapp.commands.execute("notebook:run-cell");
        }"""
    )
    page.wait_for_selector(".bq[data-ready]", timeout=30_000)
    page.wait_for_timeout(300)


def rows(folder: Path) -> list[dict[str, Any]]:
    """Return the codings as they stand in the file, with their words."""
    project = Project.open(folder / "study.bantar", backup=False)
    return project.quotes(project.codings(status=None)).to_dict("records")


def wait_for(true: Callable[[], bool]) -> None:
    """Wait until something holds in the file; commits are not the browser's business."""
    for _ in range(100):
        if true():
            return
        time.sleep(0.1)
    raise AssertionError("it never happened")


def test_mouse_after_emoji(page: Page, folder: Path) -> None:
    """Words dragged after an emoji and a combining accent are in the file, and are those words."""
    hands = Hands(page)
    hands.drag("tutup. Pegawainya cuma dua 👨‍👩‍👧 orang")
    page.keyboard.press("1")
    hands.saved()
    (row,) = rows(folder)
    assert row["quote"] == "tutup. Pegawainya cuma dua 👨‍👩‍👧 orang"
    assert (row["code"], row["coder"]) == ("resources.staff", "SN")


def test_keyboard_alone(page: Page, folder: Path) -> None:
    """The same without a mouse: caret, shift and arrows, a number; then a valence by one key."""
    hands = Hands(page)
    hands.caret("belum ada")
    for _ in range(2):
        page.keyboard.press("Control+Shift+ArrowRight")
    page.keyboard.press("2")
    page.keyboard.press("-")
    hands.saved()
    wait_for(lambda: any(row["valence"] == "barrier" for row in rows(folder)))
    (row,) = [row for row in rows(folder) if row["code"] == "resources.budget"]
    assert row["quote"] == "belum ada"


def test_no_key_reaches_the_notebook(page: Page) -> None:
    """Letters and numbers typed into the text or a memo never cut, add or move a cell."""
    count = "() => globalThis.jupyterapp.shell.currentWidget.content.widgets.length"
    before = page.evaluate(count)
    hands = Hands(page)
    hands.caret("Kriterianya")
    for key in "abxddmz89":
        page.keyboard.press(key)
    page.keyboard.press("Escape")
    hands.drag("cuma dua")
    page.keyboard.press("1")
    hands.saved()
    page.keyboard.press("Alt+m")
    page.keyboard.type("d d a b z 1 2, lihat lagi")
    page.keyboard.press("Escape")
    hands.saved()
    assert page.evaluate(count) == before


def test_overlap_of_four(page: Page, folder: Path) -> None:
    """Four codings lie over each other, each with its own mark and underline."""
    hands = Hands(page)
    for words, letters in (
        ("Pegawainya cuma dua 👨‍👩‍👧 orang. Kriterianya", "wewe"),
        ("dua 👨‍👩‍👧 orang. Kriterianya tidak", "kejel"),
    ):
        hands.drag(words)
        page.keyboard.type(letters)
        page.keyboard.press("Enter")
        hands.saved()
    depth = page.evaluate(
        "() => Math.max(...[...document.querySelectorAll('.bq-mark')].map((m) => { let n = 0;"
        " for (let e = m; e; e = e.parentElement.closest('.bq-mark')) n += 1; return n; }))"
    )
    assert depth == 4, [(r["code"], r["quote"]) for r in rows(folder)]
    assert len({row["code"] for row in rows(folder)}) == 4


def test_undo_and_redo(page: Page, folder: Path) -> None:
    """Ctrl+Z takes the last act back in the file, Ctrl+Y does it again."""
    hands = Hands(page)
    before = rows(folder)
    hands.caret("Dananya")
    page.keyboard.press("Control+z")
    wait_for(lambda: len(rows(folder)) == len(before) - 1)
    hands.saved()
    page.keyboard.press("Control+y")
    wait_for(lambda: len(rows(folder)) == len(before))
    assert [row["quote"] for row in rows(folder)] == [row["quote"] for row in before]


def test_coding_while_a_cell_runs(page: Page, folder: Path) -> None:
    """A coding is saved while a long cell keeps the kernel's main thread."""
    page.evaluate(
        """() => {
          const notebook = globalThis.jupyterapp.shell.currentWidget.content;
          notebook.activeCellIndex = 1;
          globalThis.jupyterapp.commands.execute("notebook:run-cell");
        }"""
    )
    page.wait_for_timeout(400)
    before = len(rows(folder))
    hands = Hands(page)
    hands.drag("Anggaran lancar")
    page.keyboard.press("2")
    page.keyboard.press("+")
    wait_for(lambda: len(rows(folder)) == before + 1)
    assert not page.locator(".jp-OutputArea-output:has-text('slept')").count()
    page.wait_for_selector(".jp-OutputArea-output:has-text('slept')", timeout=20_000)


def test_a_change_in_python_shows(page: Page, folder: Path) -> None:
    """What another program codes appears on the page by itself."""
    project = Project.open(folder / "study.bantar", coder="BP", backup=False)
    project.code("satu", "tidak ada kendala", "resources.budget")
    page.wait_for_selector(".bq-name:has-text('BP')", timeout=12_000)


def test_reload(page: Page, folder: Path) -> None:
    """After the page is loaded anew the cell shows every coding again, none of them twice."""
    page.evaluate("() => globalThis.jupyterapp.commands.execute('docmanager:save')")
    page.wait_for_timeout(800)
    saved = json.dumps(json.loads((folder / "first.ipynb").read_text("utf-8")), ensure_ascii=False)
    assert "Pegawainya" not in saved
    page.reload()
    run_first(page)
    marked = page.evaluate(
        "() => new Set([...document.querySelectorAll('.bq-mark')].map((m) => m.dataset.id)).size"
    )
    assert marked == len(rows(folder))


def test_kernel_restart(page: Page, folder: Path) -> None:
    """When the kernel dies, the page says so; what it could not save is saved by the next one."""
    hands = Hands(page)
    before = len(rows(folder))
    page.evaluate(
        "() => globalThis.jupyterapp.shell.currentWidget.sessionContext.session.kernel.restart()"
    )
    page.wait_for_function(lab.IDLE, timeout=60_000)
    hands.drag("tidak paham")
    page.keyboard.press("2")
    page.wait_for_selector(".bq-state[data-state=lost]", timeout=10_000)
    assert len(rows(folder)) == before
    run_first(page)
    wait_for(lambda: len(rows(folder)) == before + 1)
    hands.saved()
    assert [row["quote"] for row in rows(folder)].count("tidak paham") == 1


def test_review(page: Page, folder: Path) -> None:
    """Suggestions are accepted, changed and rejected by keys alone."""
    project = Project.open(folder / "study.bantar", backup=False)
    made = project.code_with(CueCoder())
    assert made >= 3
    lab.notebook(
        folder / "second.ipynb",
        OPEN.replace(
            'bq.code_by_hand(project, "satu", keys=["resources.staff", "resources.budget"], height=560)',
            "bq.review(project, first='as written')",
        ),
    )
    page.evaluate(
        "() => globalThis.jupyterapp.commands.execute('docmanager:open', { path: 'second.ipynb' })"
    )
    page.wait_for_function(
        "() => globalThis.jupyterapp.shell.currentWidget?.context?.path === 'second.ipynb'"
    )
    page.wait_for_timeout(500)
    page.wait_for_function(lab.IDLE, timeout=60_000)
    lab.run_all(page)
    page.wait_for_selector(
        ".jp-NotebookPanel:not(.lm-mod-hidden) .bq-row[data-now]", timeout=30_000
    )
    page.wait_for_timeout(300)

    def count(status: str) -> int:
        frame = Project.open(folder / "study.bantar", backup=False).codings(status=None)
        return int(((frame["origin"] == "cue") & (frame["status"] == status)).sum())

    page.keyboard.press("Enter")
    wait_for(lambda: count("accepted") == 1)
    page.keyboard.press("Backspace")
    wait_for(lambda: count("rejected") == 1)
    page.keyboard.type("insen")
    page.keyboard.press("Enter")
    page.wait_for_timeout(400)
    page.keyboard.press("Enter")
    wait_for(lambda: count("accepted") == 2)
    project = Project.open(folder / "study.bantar", backup=False)
    assert "disposition.incentives" in set(project.codings()["code"])
    assert count("suggested") == made - 3


def test_compare(page: Page, folder: Path) -> None:
    """Two coders' differences are decided by keys; the consensus in the file holds it, undo too."""
    lab.notebook(
        folder / "third.ipynb",
        "import bantar_qual as bq",
        "bq.compare(bq.Project.open('study.bantar', backup=False), between=('SN', 'BP'))",
    )
    page.evaluate(
        "() => globalThis.jupyterapp.commands.execute('docmanager:open', { path: 'third.ipynb' })"
    )
    page.wait_for_function(
        "() => globalThis.jupyterapp.shell.currentWidget?.context?.path === 'third.ipynb'"
    )
    page.wait_for_timeout(500)
    page.wait_for_function(lab.IDLE, timeout=60_000)
    lab.run_all(page)
    page.wait_for_selector(
        ".jp-NotebookPanel:not(.lm-mod-hidden) .bq[data-mode=compare] .bq-row[data-now]",
        timeout=30_000,
    )
    page.wait_for_timeout(300)

    def left() -> int:
        opened = Project.open(folder / "study.bantar", backup=False)
        return int((opened.differences(between=("SN", "BP"))["decision"] == "").sum())

    before = left()
    page.keyboard.press("1")
    wait_for(lambda: left() == before - 1)
    page.keyboard.press("2")
    wait_for(lambda: left() == before - 2)
    page.keyboard.press("Control+z")
    wait_for(lambda: left() == before - 1)


def test_nothing_of_the_words_is_in_the_widgets_state(folder: Path) -> None:
    """The synced state of the widget, which a notebook may keep, holds no word of a transcript."""
    import bantar_qual as bq

    project = Project.open(folder / "study.bantar", backup=False)
    widget = bq.code_by_hand(project, "satu")
    state = json.dumps(
        {
            key: str(value)
            for key, value in widget.get_state().items()
            if key not in {"_esm", "_css"}
        }
    )
    assert "Pegawainya" not in state
    assert "satu" not in state
    assert os.fspath(project.path) not in state
