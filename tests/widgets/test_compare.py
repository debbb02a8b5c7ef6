"""The page that compares two coders: in a real browser, with a real study."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from playwright.sync_api import Browser

import bantar_qual as bq
from bantar_qual import Project
from bantar_qual.errors import CodingError, PageError, UnknownDocument
from bantar_qual.store import pages
from bantar_qual.widgets.desk import Desk
from tests.widgets.hosts import Host, hosted
from tests.widgets.test_page import EVIL, faults, texts

BUDGET, STAFF, CLARITY = "resources.budget", "resources.staff", "communication.clarity"
TALK = f"""Pewawancara: Bagaimana dananya, Pak?
Informan: Dananya 😀 tidak ada. Pegawainya cuma dua orang di sana.
Pewawancara: Lalu kriterianya?
Informan: Kriterianya tidak jelas. Kami tidak paham {EVIL}
"""
Open = Callable[..., AbstractContextManager[Host]]
OPEN = "() => document.querySelectorAll('.bq-row').length === %d"
GIVEN = (  # words, the first's code and valence, the second's words, code and valence
    ("Dananya 😀 tidak ada", BUDGET, "barrier", "Dananya 😀 tidak ada", BUDGET, "barrier"),
    ("Pegawainya cuma dua orang", STAFF, None, "cuma dua orang di sana", STAFF, None),
    ("Kriterianya tidak jelas", CLARITY, "barrier", "Kriterianya tidak jelas", CLARITY, "mixed"),
    ("Kami tidak paham", CLARITY, None, "Kami tidak paham", STAFF, None),
)


@pytest.fixture
def study(tmp_path: Path) -> Project:
    """Let two people code one interview, so that they differ in every way; a third stays apart."""
    (tmp_path / "satu.txt").write_text(TALK, encoding="utf-8")
    (tmp_path / "dua.txt").write_text("Informan: Hujan terus, dana habis.\n", encoding="utf-8")
    first = Project.create(tmp_path / "study.bantar", codebook="edwards-iii", coder="SN")
    for name in ("satu", "dua"):
        first.import_documents(tmp_path / f"{name}.txt")
    second, third = (Project.open(first.path, coder=name, backup=False) for name in ("BP", "MT"))
    for words, code, rated, other, another, said in GIVEN:
        first.code("satu", words, code, valence=rated)
        second.code("satu", other, another, valence=said)
    second.code("satu", "di sana", BUDGET)
    first.code("dua", "dana habis", BUDGET)
    third.code("satu", "tidak ada", STAFF)
    return first


@pytest.fixture
def show(study: Project, browser: Browser) -> Open:
    """Open the comparison of SN and BP."""

    def opened(look: dict[str, Any] | None = None, **desk: Any) -> AbstractContextManager[Host]:
        given = {"project": study, "mode": "compare", "between": ("SN", "BP"), "document": "satu"}
        return hosted(browser, Desk(**{**given, **desk}), **(look or {}))

    return opened


def agreed(study: Project) -> set[tuple[str, str, str | None]]:
    """Return words, code and valence of what the consensus holds."""
    found = study.quotes(study.codings(coder="consensus"))
    rows = zip(found["quote"], found["code"], found["valence"], strict=True)
    return {(quote, str(code), None if pd.isna(said) else str(said)) for quote, code, said in rows}


def test_by_keys_alone(show: Open, study: Project) -> None:
    """One key decides a difference and turns to the next; the coders' own codings stay."""
    own = study.codings()
    with show() as host:
        host.page.wait_for_function(OPEN % 4)
        assert texts(host, ".bq-tick-all") == ["4 belum diputuskan"]
        assert "Batasnya berbeda" in texts(host, ".bq-headline")[0]
        host.press("2")  # the second's borders
        host.page.wait_for_function(OPEN % 3)
        host.press("4")  # what only one gave: neither
        host.page.wait_for_function(OPEN % 2)
        host.press("0")  # another rating than both gave
        host.page.wait_for_function(OPEN % 1)
        host.page.keyboard.type("insen")  # another code than both gave
        host.press("Enter")
        host.page.wait_for_function(OPEN % 0)
        host.saved()
        assert "sudah diputuskan" in texts(host, ".bq-queue")[0]
    assert agreed(study) == {
        ("cuma dua orang di sana", STAFF, None),
        ("Kriterianya tidak jelas", CLARITY, "neutral"),
        ("Kami tidak paham", "disposition.incentives", None),
    }
    pd.testing.assert_frame_equal(study.codings(), own)
    decisions = study.differences(between=("SN", "BP"), document="satu")["decision"].tolist()
    assert decisions == ["", "BP", "SN", "neutral", "disposition.incentives"]


def test_by_mouse_and_many_at_once(show: Open, study: Project) -> None:
    """What both share is taken in one act; ticked ones too; buttons say what was decided."""
    acts = len(study.history())
    with show() as host:
        host.page.locator(".bq-take-same").click()
        host.saved()
        assert agreed(study) == {("Dananya 😀 tidak ada", BUDGET, "barrier")}
        host.page.locator(".bq-tick-all input").check()
        host.page.locator(".bq-queue-foot button", has_text="Ambil milik SN").click()
        host.saved()
        host.page.wait_for_function(OPEN % 0)
        assert len(study.history()) == acts + 2
        host.page.locator(".bq-queue-head select").first.select_option("decided")
        host.page.wait_for_function(OPEN % 5)
        host.page.locator(".bq-row-open", has_text="kodenya lain").click()
        assert host.page.locator(".bq-decide [data-do=SN][aria-pressed=true]").count() == 1
        host.page.locator(".bq-decide [data-do=both]").click()
        host.saved()
        host.page.wait_for_selector(".bq-decide [data-do=both][aria-pressed=true]")
    assert {("Kami tidak paham", STAFF, None), ("Kami tidak paham", CLARITY, None)} <= agreed(study)


def test_a_reason_and_undo(show: Open, study: Project) -> None:
    """A reason is kept with its decision; Ctrl+Z opens the difference again, Ctrl+Y decides it."""
    with show() as host:
        host.page.locator(".bq-reason").fill("dibahas berdua, 3 Maret")
        host.press("Enter", "1")
        host.saved()
        rows = study.differences(between=("SN", "BP"), document="satu")
        assert rows.loc[rows["kind"] == "borders", "reason"].tolist() == ["dibahas berdua, 3 Maret"]
        host.press("Control+z")
        host.saved()
        host.page.wait_for_function(OPEN % 4)
        assert agreed(study) == set()
        assert "Batasnya berbeda" in texts(host, ".bq-headline")[0]
        assert "keputusan" in texts(host, ".bq-said")[0]
        host.press("Control+y")
        host.saved()
        host.page.wait_for_function(OPEN % 3)
        assert agreed(study) == {("Pegawainya cuma dua orang", STAFF, None)}


def test_two_margins(show: Open) -> None:
    """Each coder has a margin and a kind of line; nobody else's codings are there."""
    with show() as host:
        host.page.wait_for_function("() => document.querySelectorAll('.bq-name').length === 9")
        assert texts(host, ".bq-margin-who") == ["SN", "BP"]
        assert host.page.locator(".bq-margin[data-left] .bq-name").count() == 4
        style = "(e) => getComputedStyle(e).backgroundImage.split('(')[0]"
        lines = [
            host.page.locator(f".bq-mark[data-side='{n}']").first.evaluate(style) for n in (0, 1)
        ]
        assert lines == ["linear-gradient", "radial-gradient"]
        assert host.page.locator(".bq-mark:not([data-side])").count() == 0
        assert host.page.locator(".bq img, .bq-text b").count() == 0


def test_steps_and_skips(show: Open, study: Project) -> None:
    """Alt and arrows go through the list, Space skips, a click into the text opens what is there."""
    with show() as host:
        host.page.wait_for_function(OPEN % 4)
        first = texts(host, ".bq-row[data-now]")
        host.press("Alt+ArrowDown")
        assert texts(host, ".bq-row[data-now]") != first
        host.press("Alt+ArrowUp", "Space")
        assert texts(host, ".bq-row[data-now]") != first
        host.caret("Dananya 😀")
        host.page.wait_for_selector(".bq-headline strong:text-is('sama')")
        host.caret("paham")
        host.page.wait_for_selector(".bq-headline strong:text-is('kodenya lain')")
        host.press("-", "2")  # the rating waits for the side
        host.saved()
    assert ("Kami tidak paham", STAFF, "barrier") in agreed(study)


def test_the_other_documents(show: Open) -> None:
    """Once all is decided here, the page leads to the document where something is left."""
    with show() as host:
        host.page.wait_for_function(OPEN % 4)
        host.press("1", "1", "1", "1")
        host.saved()
        host.page.locator(".bq-take-same").click()
        host.page.locator(".bq-away button").click()
        host.page.wait_for_selector(".bq[data-ready=dua]")
        host.page.wait_for_function(OPEN % 1)
        assert texts(host, ".bq-side-none") == ["BP tidak memberi kode di sini"]


def test_a_colleague_decides(show: Open, study: Project) -> None:
    """What a colleague decides meanwhile leaves the list; what one changes is asked anew."""
    other = Project.open(study.path, coder="BP", backup=False)
    with show() as host:
        host.page.wait_for_function(OPEN % 4)
        rows = other.differences(between=("SN", "BP"), document="satu")
        other.agree_on(rows[rows["kind"] == "code"], "BP")
        host.wake()
        host.page.wait_for_function(OPEN % 3)
        mine = study.codings(coder="SN")
        study.uncode(mine[mine["code"] == STAFF])
        host.press("1")
        host.saved()
        assert "Tidak dilakukan" in texts(host, ".bq-said")[0]
    assert agreed(study) == {("Kami tidak paham", STAFF, None)}


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_accessible(show: Open, theme: str) -> None:
    """Axe-core finds no serious fault, and the difference at hand is told to ears."""
    look = {"theme": theme, "background": "#ffffff" if theme == "light" else "#111111"}
    with show(look, language="en") as host:
        host.page.wait_for_function(OPEN % 4)
        host.page.wait_for_timeout(300)
        heard = host.page.locator(".bq-unseen").inner_text()
        assert "borders differ. SN: " in heard
        faults(host, "open")
        host.press("1", "?")
        host.page.wait_for_timeout(200)
        faults(host, "keys")
        assert "take the first’s coding" in host.page.locator(".bq-help").inner_text()


def test_what_cannot_be_compared(study: Project) -> None:
    """Whom to compare has to be clear, and both have to have coded."""
    with pytest.raises(CodingError, match="say which"):
        bq.compare(study)
    with pytest.raises(CodingError, match="nobody codes"):
        bq.compare(study, between=("SN", "XX"))
    with pytest.raises(UnknownDocument):
        bq.compare(study, between=("SN", "BP"), document="tiga")
    with pytest.raises(PageError):
        bq.compare(study, between=("SN", "BP"), theme="blue")
    page = bq.compare(study, between=("SN", "BP"))
    assert page.mode == "compare"
    assert "dana" not in str(
        {k: v for k, v in page.get_state().items() if k not in ("_esm", "_css")}
    )


def test_the_consensus_is_on_no_coding_page(study: Project) -> None:
    """A page for coding or review shows and counts what people gave, not once more the consensus."""

    def seen() -> object:
        sight = pages.look(study.store, "satu", pages.Eyes())
        return sight.codings, sight.counts, pages.document_counts(study.store, pages.Eyes())

    before = seen()
    assert study.agree_on(study.differences(between=("SN", "BP")), "SN") > 0
    assert seen() == before
