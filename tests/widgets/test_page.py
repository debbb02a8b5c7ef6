"""The coding page in a real browser, with a real study; only Jupyter's wire between is played."""

from __future__ import annotations

from collections.abc import Iterable
from io import BytesIO

import pytest
from PIL import Image

from bantar_qual import CueCoder, Project
from tests.widgets.conftest import EVIL, Open, faults, quotes, texts


def test_type_ahead_by_keyboard_alone(show: Open, study: Project) -> None:
    """Caret, shift and arrows, the first letters of a code in any language, Enter: saved."""
    with show() as host:
        host.page.locator(".bq-text").focus()
        host.press("Alt+Shift+ArrowDown", "Alt+Shift+ArrowDown")
        host.press(
            "Control+Shift+ArrowRight", "Control+Shift+ArrowRight", "Control+Shift+ArrowRight"
        )
        host.page.keyboard.type("budg")
        host.press("Enter")
        host.saved()
        assert quotes(study) == [("resources.budget", "Dananya 😀 belum")]
        assert host.page.evaluate("() => document.activeElement.className") == "bq-text"


def test_selection_holds_whole_characters(show: Open, study: Project) -> None:
    """A span that ends within an emoji family or an accented letter takes the whole of it."""
    with show() as host:
        host.drag("kafe\u0301 tutup. Pegawainya cuma dua 👨‍👩‍👧")
        host.press("1")
        host.saved()
        assert quotes(study) == [
            ("resources.staff", "kafe\u0301 tutup. Pegawainya cuma dua 👨‍👩‍👧")
        ]


def test_a_selection_inside_the_last(show: Open, study: Project) -> None:
    """Dragging that begins within selected words selects anew; it never drags the words about."""
    with show() as host:
        host.drag("Anggaran lancar, tidak ada kendala")
        host.press("2")
        host.saved()
        host.drag("lancar, tidak")
        host.press("1")
        host.saved()
        assert ("resources.staff", "lancar, tidak") in quotes(study)


def test_across_turns(show: Open, study: Project) -> None:
    """A selection over several turns holds what stands between them too, as in the text."""
    with show() as host:
        host.caret("Ada lagi")
        host.press("Shift+ArrowDown", "Shift+End", "1")
        host.saved()
        ((_, quote),) = quotes(study)
        assert quote.startswith("Ada lagi?\nInforman: Anggaran")


def test_valence_by_one_key(show: Open, study: Project) -> None:
    """One key rates the coding just made, the same key again clears it; before coding it waits."""
    with show() as host:
        host.drag("Pegawainya cuma dua")
        host.press("1", "-")
        host.saved()
        assert list(study.codings()["valence"]) == ["barrier"]
        host.press("-")
        host.saved()
        assert study.codings()["valence"].isna().all()
        host.drag("Anggaran lancar")
        host.press("+", "2")
        host.saved()
        assert list(study.codings()["valence"].dropna()) == ["enabler"]
        assert "Pendukung" in texts(host, ".bq-valences button[aria-pressed=true]")[0]


def test_change_and_take_away(show: Open, study: Project) -> None:
    """Another code, other borders by key, removal, and everything back again."""
    with show() as host:
        host.drag("tidak ada kendala")
        host.press("2")
        host.saved()
        host.press("F2")
        host.page.keyboard.type("insentif")
        host.press("Enter")
        host.saved()
        assert quotes(study) == [("disposition.incentives", "tidak ada kendala")]
        host.press(".", ".")
        host.saved()
        host.press("<")
        host.saved()
        assert quotes(study) == [
            ("disposition.incentives", "lancar, tidak ada kendala sama sekali")
        ]
        host.press("Delete")
        host.saved()
        assert quotes(study) == []
        for _ in range(6):
            host.press("Control+z")
            host.saved()
        assert quotes(study) == []
        for _ in range(5):
            host.press("Control+y")
            host.saved()
        assert quotes(study) == [
            ("disposition.incentives", "lancar, tidak ada kendala sama sekali")
        ]


def test_borders_by_mouse(show: Open, study: Project) -> None:
    """The handles at the ends of a coding are dragged to other words."""
    with show() as host:
        host.drag("tidak ada kendala")
        host.press("2")
        host.saved()
        grip = host.page.locator(".bq-grip[data-end=end] .bq-knob").bounding_box()
        assert grip is not None
        host.page.mouse.move(grip["x"] + 8, grip["y"] + 6)
        host.page.mouse.down()
        host.page.mouse.move(*host.spot("sama sekali", end=True), steps=5)
        host.page.mouse.up()
        host.saved()
        assert quotes(study) == [("resources.budget", "tidak ada kendala sama sekali")]


def test_memos(show: Open, study: Project) -> None:
    """A memo on a coding and one on the document are kept, shown again, and are only text."""
    with show() as host:
        host.drag("Anggaran lancar")
        host.press("2")
        host.saved()
        host.press("Alt+m")
        host.page.keyboard.type(f"1 2 d z {EVIL}")
        host.press("Escape")
        host.saved()
        host.press("Alt+d")
        host.page.keyboard.type("Baca lagi.")
        host.press("Control+Enter")
        host.saved()
        memos = study.memos()
        assert list(zip(memos["about"], memos["text"], strict=True)) == [
            ("coding", f"1 2 d z {EVIL}"),
            ("document", "Baca lagi."),
        ]
    with show() as host:
        host.caret("Anggaran")
        assert host.page.locator(".bq-card[data-now] textarea").input_value().endswith(EVIL)
        assert host.page.title() == "Host"


def test_new_code_and_in_vivo(show: Open, study: Project) -> None:
    """A code that is missing is made on the spot, below the theme looked at; or of the words."""
    with show() as host:
        host.drag("Hujan" if host.page.locator("text=Hujan").count() else "Ada lagi")
        host.press("c")
        host.page.keyboard.type("uaca buruk")
        host.press("Enter")
        host.saved()
        host.drag("cuma dua")
        host.press("Alt+v")
        host.saved()
        host.page.wait_for_selector(".bq-code:has-text('cuma dua')")
        host.saved()
        assert quotes(study) == [("cuaca_buruk", "Ada lagi"), ("cuma_dua", "cuma dua")]


def test_tree(show: Open, study: Project) -> None:
    """Parents can be given by a click; the tree goes by arrows, takes numbers, folds and counts."""
    with show() as host:
        host.drag("belum ada")
        host.page.locator(".bq-code[data-path=resources]").click()
        host.saved()
        assert quotes(study) == [("resources", "belum ada")]
        assert texts(host, ".bq-code[data-path=resources] .bq-here") == ["1"]
        host.press("F6", "F6", "F6")
        host.page.locator(".bq-code[data-path=communication]").focus()
        host.press("ArrowDown", "3")
        assert texts(host, ".bq-code[data-path='communication.transmission'] kbd") == ["3"]
        host.press("ArrowLeft", "ArrowLeft")
        assert not host.page.locator(".bq-code[data-path='communication.clarity']").count()
        host.press("ArrowRight", "ArrowRight")
        assert (
            host.page.evaluate("() => document.activeElement.dataset.path")
            == "communication.transmission"
        )
        assert host.page.locator(".bq-rules dt").count() >= 2
        host.page.locator(".bq-filter").fill("angg")
        assert [text.split()[0] for text in texts(host, ".bq-code")] == ["Sumber", "Anggaran"]
        host.page.locator(".bq-filter").fill("")
        host.drag("cuma dua")
        host.press("3")
        host.saved()
        assert ("communication.transmission", "cuma dua") in quotes(study)


def test_overlap_of_four_is_seen(show: Open) -> None:
    """Four codings on the same words: four underlines, four brackets, four names, one card each."""
    with show() as host:
        host.drag("tidak ada kendala")
        for letters in ("staf", "angg", "insen", "kejel"):
            host.press(letters[0])
            host.page.keyboard.type(letters[1:])
            host.press("Enter")
            host.saved()
        assert (
            host.page.evaluate(
                "() => new Set([...document.querySelectorAll('.bq-mark')].map(m => m.dataset.lane)).size"
            )
            == 4
        )
        assert len(texts(host, ".bq-name")) == 4
        assert len(texts(host, ".bq-card")) == 4
        assert host.page.locator(".bq-lines path:not(.bq-leader)").count() == 4


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_underlines_keep_their_colour(show: Open, study: Project, theme: str) -> None:
    """Also while the words are selected, each underline has the colour of its code, not of ink."""
    study.code("satu", "Anggaran lancar, tidak ada kendala", "resources.budget")
    study.code("satu", "lancar, tidak ada", "communication.clarity")
    with show({"theme": theme, "background": "#ffffff" if theme == "light" else "#111111"}) as host:
        host.page.wait_for_selector(".bq-mark .bq-mark")
        host.drag("Anggaran lancar, tidak ada kendala")
        host.painted()
        shot = Image.open(BytesIO(host.page.screenshot())).convert("RGB")
        lines = host.page.evaluate(LINES)
        assert len({tuple(line["colour"]) for line in lines}) == 2
        for line in lines:
            seen = shot.getpixel((line["x"], line["y"]))
            assert isinstance(seen, tuple)
            assert apart(seen, line["colour"]) < apart(seen, line["ink"]), (seen, line)


LINES = """() => [...document.querySelectorAll(".bq-mark")].map((e) => {
  const rgb = (css) => { const c = document.createElement("canvas").getContext("2d"); c.fillStyle = css; c.fillRect(0, 0, 1, 1); return [...c.getImageData(0, 0, 1, 1).data].slice(0, 3); };
  const [r] = e.getClientRects(), style = getComputedStyle(e);
  return { x: Math.round(r.left + r.width / 2), y: Math.floor(r.bottom) - 1, colour: rgb(style.getPropertyValue("--c")), ink: rgb(style.color) };
})"""


def apart(one: Iterable[float], other: Iterable[float]) -> float:
    """Return how far two colours are from each other."""
    return sum((a - b) ** 2 for a, b in zip(one, other, strict=False))


def test_jumps_and_search(show: Open, study: Project) -> None:
    """Next coding, next turn, next turn without coding, next document, and a word in the text."""
    study.code("satu", "Anggaran lancar", "resources.budget")
    with show() as host:
        host.caret("Bagaimana")
        host.press("Alt+ArrowDown")
        assert texts(host, ".bq-card[data-now] header strong") == ["Anggaran (dana)"]
        host.press("Alt+u")
        assert texts(host, ".bq-said") == ["Giliran 2"]
        host.press("/")
        host.page.keyboard.type("dananya")
        assert texts(host, ".bq-search-count") == ["1 dari 3"]
        host.press("Enter", "Escape")
        assert host.page.evaluate("() => getSelection().toString()") == "Dananya"
        host.press("Alt+PageUp")
        host.page.wait_for_selector(".bq[data-ready=dua]")
        host.drag("dana habis")
        host.press("2")
        host.saved()
        assert ("resources.budget", "dana habis") in quotes(study)
        host.press("Alt+PageDown")
        host.page.wait_for_selector(".bq[data-ready=satu]")
        host.press("Control+z")
        host.saved()
        assert "di dokumen lain" in texts(host, ".bq-said")[0]
        assert len(quotes(study)) == 1


def test_only_one_code(show: Open, study: Project) -> None:
    """Shift and Enter on a code shows its codings alone, and says so; once more shows all."""
    study.code("satu", "Anggaran lancar", "resources.budget")
    study.code("satu", "Pegawainya cuma dua", "resources.staff")
    with show() as host:
        host.page.wait_for_function("() => document.querySelectorAll('.bq-name').length === 2")
        host.page.locator(".bq-code[data-path='resources.budget']").focus()
        host.press("Shift+Enter")
        host.page.wait_for_function("() => document.querySelectorAll('.bq-name').length === 1")
        assert texts(host, ".bq-only") == ["Hanya Anggaran (dana) ×"]
        host.press("Shift+Enter")
        host.page.wait_for_function("() => document.querySelectorAll('.bq-name').length === 2")


def test_out_of_sight_and_back(show: Open, study: Project) -> None:
    """A notebook that takes the cell off the page and puts it back finds it where it was read."""
    with show({"height": 300}) as host:
        host.page.evaluate("() => { document.querySelector('.bq-scroller').scrollTop = 90; }")
        host.page.wait_for_timeout(200)
        moved = """() => { const cell = document.querySelector("#cell"); const { parentElement } = cell;
          cell.remove(); setTimeout(() => parentElement.append(cell), 100); }"""
        host.page.evaluate(moved)
        host.page.wait_for_function(
            "() => document.querySelector('.bq-scroller')?.scrollTop === 90"
        )
        host.drag("Anggaran lancar")
        host.press("2")
        host.saved()
        assert quotes(study) == [("resources.budget", "Anggaran lancar")]


def test_nothing_is_markup(show: Open, study: Project) -> None:
    """Tags and scripts in texts, names, definitions and memos show as text and do nothing."""
    study.memo(EVIL, about="code", key="resources.facilities")
    study.code("satu", "Anggaran", "resources.facilities", memo=EVIL)
    with show() as host:
        host.page.locator(".bq-code[data-path='resources.facilities']").hover()
        host.caret("Anggaran")
        host.page.wait_for_timeout(100)
        assert host.page.locator(".bq img, .bq script, .bq-text b").count() == 0
        assert host.page.title() == "Host"
        assert EVIL in host.page.locator(".bq-text").inner_text()
        assert EVIL in host.page.locator(".bq-rules").inner_text()


def test_python_is_silent(show: Open, study: Project) -> None:
    """Without an answer the page says that it is not saved; then all is saved, nothing twice."""
    with show() as host:
        host.silent = True
        host.drag("Anggaran lancar")
        host.press("2")
        host.page.wait_for_selector(".bq-state[data-state=unsaved]", timeout=8000)
        assert quotes(study) == []
        assert host.page.locator(".bq-name").count() == 1
        host.silent = False
        host.saved()
        assert quotes(study) == [("resources.budget", "Anggaran lancar")]


def test_the_cell_is_run_again(show: Open, study: Project) -> None:
    """What one page could not save, the next page of the same study saves, once."""
    with show() as host:
        host.silent = True
        host.drag("Anggaran lancar")
        host.press("2")
        host.page.evaluate("() => { bqModels[0].close(); bqModels[0].hear = () => {}; }")
        host.silent = False
        host.show()
        host.saved()
        host.page.wait_for_selector(".bq-name")
        assert quotes(study) == [("resources.budget", "Anggaran lancar")]


def test_an_answer_that_comes_twice(show: Open, study: Project) -> None:
    """A command that arrives twice at Python is carried out once."""
    with show() as host:
        host.drag("Anggaran lancar")
        host.press("2")
        host.saved()
        sent = [message for message in host.heard if message["kind"] == "cmd"]
        for message in sent * 2:
            host.desk.answer(message)
        host.press("Control+z")
        host.saved()
        for message in sent:
            host.desk.answer(message)
        assert quotes(study) == []


def test_a_refusal_is_said_and_undone(show: Open, study: Project) -> None:
    """What Python refuses goes from the page again, and the page says why."""
    with show() as host:
        host.drag("Anggaran lancar")
        study.retire_code("resources.budget")
        host.press("2")
        host.page.wait_for_selector(".bq-said:has-text('Tidak dilakukan')")
        host.page.wait_for_selector(".bq-name", state="detached")  # drawn a frame later
        assert quotes(study) == []


def test_two_cells_on_one_document(show: Open, study: Project) -> None:
    """Two pages on one document show the same, and each act stands in the study once."""
    with show() as host:
        host.page.evaluate(
            "() => { const d = document.createElement('div'); d.id = 'two'; document.querySelector('main').append(d); bqOpen(d); }"
        )
        host.page.wait_for_function(
            "() => document.querySelectorAll('.bq[data-ready]').length === 2"
        )
        host.drag("Anggaran lancar")
        host.press("2")
        host.wake()
        host.page.locator("#cell").scroll_into_view_if_needed()
        host.page.wait_for_selector("#cell .bq-name")
        assert len(quotes(study)) == 1


def test_others_codings(show: Open, study: Project) -> None:
    """A colleague's coding appears with a name, cannot be changed, and my undo leaves it alone."""
    with show() as host:
        host.drag("Anggaran lancar")
        host.press("2")
        host.saved()
        other = Project.open(study.path, coder="BP", backup=False)
        other.code("satu", "tidak ada kendala", "resources.staff")
        host.wake()
        host.page.wait_for_selector(".bq-name:has-text('BP')")
        host.caret("kendala")
        host.page.wait_for_selector(".bq-card[data-now]:has-text('oleh BP')")
        assert host.page.locator(".bq-card[data-now] .bq-remove").count() == 0
        host.press("Delete", "Control+z")
        host.saved()
        assert quotes(study) == [("resources.staff", "tidak ada kendala")]


def test_blind(show: Open, study: Project) -> None:
    """A blind coder's page holds no trace of anybody else's work."""
    study.code("satu", "Anggaran lancar", "resources.budget")
    study.code_with(CueCoder())
    second = Project.open(study.path, coder="BP", backup=False)
    with show(project=second, blind=True) as host:
        assert host.page.locator(".bq-mark, .bq-name").count() == 0
        assert "".join(texts(host, ".bq-here, .bq-all")) == ""
        assert host.page.locator(".bq-foot[data-blind]").count() == 1


def test_review(show: Open, study: Project) -> None:
    """Suggestions one by one: accept, reject, another code, skip; or many at once; the rest is counted."""
    made = study.code_with(CueCoder())
    with show(mode="review", document="") as host:
        host.page.wait_for_selector(".bq-row[data-now]")
        assert texts(host, ".bq-tick-all") == [f"tersisa {made}"]
        assert host.page.locator(".bq-why").count() >= 1
        host.press("Enter")
        host.saved()
        assert len(study.codings()) == 1
        host.press("Backspace")
        host.saved()
        assert len(study.codings(status="rejected")) == 1
        host.press("2")
        host.saved()
        host.press("+")
        host.saved()
        host.press("Enter")
        host.saved()
        found = study.codings()
        assert ("resources.budget", "enabler") in set(
            zip(found["code"].astype(str), found["valence"], strict=True)
        )
        skipped = host.page.locator(".bq-row[data-now]").inner_text()
        host.press("Space")
        host.page.wait_for_timeout(200)
        assert host.page.locator(".bq-row[data-now]").inner_text() != skipped
        assert texts(host, ".bq-tick-all") == [f"tersisa {made - 3}"]
        host.page.locator(".bq-tick-all input").check()
        host.page.locator(".bq-queue-foot .bq-yes").click()
        host.saved()
        assert len(study.codings(status="suggested")) == 0
        assert texts(host, ".bq-queue") == ["Tidak ada usulan yang menunggu"]


def test_review_filters(show: Open, study: Project) -> None:
    """The list is narrowed by code, document and sureness."""
    study.code_with(CueCoder())
    with show(mode="review", document="") as host:
        host.page.wait_for_selector(".bq-row[data-now]")
        host.page.locator(".bq-queue-head select").nth(2).select_option("resources")
        host.page.wait_for_function(
            "() => [...document.querySelectorAll('.bq-row-code')].length > 0"
        )
        host.page.locator(".bq-queue-head select").nth(3).select_option("dua")
        host.page.wait_for_function(
            "() => [...document.querySelectorAll('.bq-row-where')].every((e) => e.textContent.startsWith('dua'))"
        )
        waiting = study.codings(status="suggested")
        here = waiting[
            (waiting["document"] == "dua") & waiting["code"].astype(str).str.startswith("resources")
        ]
        assert host.page.locator(".bq-row").count() == len(here)


def test_english(show: Open) -> None:
    """The page speaks English where the study, or the researcher, does."""
    with show(language="en") as host:
        assert texts(host, ".bq-state") == ["Saved"]
        host.page.locator(".bq-text").focus()
        host.press("?")
        assert "take back what you did" in host.page.locator(".bq-help").inner_text()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("mode", ["code", "review"])
def test_accessible(show: Open, study: Project, mode: str, theme: str) -> None:
    """Axe-core finds no serious fault, light and dark, with overlaps, cards, and the chooser open."""
    study.code("satu", "Anggaran lancar, tidak ada", "resources.budget", valence="enabler")
    study.code("satu", "lancar, tidak ada kendala", "resources.staff", valence="barrier")
    study.code_with(CueCoder())
    look = {"theme": theme, "background": "#ffffff" if theme == "light" else "#111111"}
    with show(look, mode=mode) as host:
        host.page.wait_for_timeout(400)
        host.drag("Anggaran lancar")
        faults(host, "text")
        host.press("k")
        host.page.wait_for_timeout(100)
        faults(host, "chooser")
        host.press("Escape", "?")
        faults(host, "help")


def test_a_reader_hears_codings(show: Open, study: Project) -> None:
    """A screen reader is told the codings at the caret, and what was done."""
    study.code("satu", "Anggaran lancar", "resources.budget")
    with show() as host:
        host.caret("lancar")
        host.page.wait_for_selector(
            ".bq-unseen:has-text('Koding di sini: Anggaran (dana)')", state="attached"
        )
        assert (
            host.page.locator(".bq-text[role=textbox][aria-readonly=true][aria-label]").count() == 1
        )
        assert host.page.locator("[role=treeitem][tabindex='0']").count() == 1


def test_typing_never_changes_the_text(show: Open, study: Project) -> None:
    """Typing, pasting, cutting and dropping leave the transcript as it is."""
    with show() as host:
        before = host.page.locator(".bq-text").inner_text()
        host.caret("Anggaran")
        host.page.keyboard.type("xyz 123")
        host.press("Enter", "Backspace", "Delete", "Control+v", "Control+x", "Control+b")
        host.page.keyboard.insert_text("masuk")
        assert host.page.locator(".bq-text").inner_text() == before
        assert quotes(study) == []
