"""A coded transcript on paper: the words of the text, the codings, and nothing that runs."""

from __future__ import annotations

import html
import json
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

import pypdfium2
import pytest
from axe_core_python.sync_playwright import Axe
from bs4 import BeautifulSoup
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from playwright.sync_api import Browser
from playwright.sync_api import Page as Tab

from bantar_qual import CueCoder, Document, Page, Project, to_html
from bantar_qual.errors import CodingError, LanguageError, PageError, UnknownDocument
from bantar_qual.records import Turn
from bantar_qual.widgets.leaf import blocks
from bantar_qual.widgets.tints import PALETTE, code_colours, contrast, visible
from tests.conftest import BOOK

ROOT = Path(__file__).parents[2]
NODE = shutil.which("node")
LETTERS = st.sampled_from(
    [*"abcé <>&\"'\n\t", "e\u0301", "👩‍👩‍👧", "🙏🏽", "ไ", "م", "\u200b", "{{", "%}"]
)
TEXTS = st.lists(LETTERS, max_size=40).map("".join)
SPOKEN = st.lists(st.tuples(st.sampled_from(["Pewawancara", "Informan"]), TEXTS), max_size=5).map(
    lambda said: "Judul: <i>Uji</i>\n\n" + "\n".join(f"{who}: Ya {words}" for who, words in said)
)
PLACES = st.lists(
    st.tuples(
        st.integers(0, 400),
        st.integers(1, 120),
        st.sampled_from(
            ["resources", "resources.budget", "resources.staff", "communication.clarity"]
        ),
        st.sampled_from([None, "barrier", "enabler", "mixed", "neutral"]),
    ),
    max_size=8,
)


def read(page: Page) -> BeautifulSoup:
    """Read a page with an independent reader."""
    return BeautifulSoup(page.html, "html.parser")


def shown(soup: BeautifulSoup) -> list[tuple[int, str]]:
    """Return where each paragraph begins, and its words without the names in the margin."""
    for name in soup.select(".name"):
        name.extract()
    return [(int(p["data-start"]), p.get_text()) for p in soup.select("p.words")]


def is_label(document: Document, position: int) -> bool:
    """Tell whether a place lies before a turn whose speaker is named, and in no turn."""
    inside = any(turn.start <= position < turn.end for turn in document.turns)
    later = [turn for turn in document.turns if turn.start > position]
    return not inside and bool(later) and bool(later[0].speaker)


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(text=SPOKEN, places=PLACES)
def test_the_words_are_the_text(text: str, places: list) -> None:
    """Every word of the text stands on the page once, and every mark holds its coding's words."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "satu.txt").write_text(text, encoding="utf-8")
        (Path(folder) / "small.yaml").write_text(BOOK, encoding="utf-8")
        project = Project.create(f"{folder}/s.bantar", codebook=f"{folder}/small.yaml", coder="SN")
        project.import_documents(f"{folder}/satu.txt")
        document = project.document("satu")
        for start, long, code, valence in places:
            if start < len(document.text):
                span = (start, min(start + long, len(document.text)))
                project.code("satu", span, code, valence=valence)
        soup = read(to_html(project, "satu"))
        names = [n["class"] for n in soup.select(".name:not(.more)")]
        assert len(names) == len(project.codings())
        marked: dict[int, str] = {}
        covered: set[int] = set()
        for start, words in shown(soup):
            assert document.text[start : start + len(words)] == words
            assert not covered & set(range(start, start + len(words)))
            covered |= set(range(start, start + len(words)))
        for position, letter in enumerate(document.text):
            assert position in covered or letter.isspace() or is_label(document, position)
        for mark in soup.select("mark"):
            number = int(mark["data-coding"])
            marked[number] = marked.get(number, "") + mark.get_text()
        for number, row in project.codings().iterrows():
            seen = sorted(covered & set(range(row["start"], row["end"])))
            assert marked.get(number, "") == "".join(document.text[i] for i in seen)


def test_a_label_is_told_once() -> None:
    """A label stands beside its turn, and in the text only where a coding begins or ends in it."""
    text = "Kepala\n00:01\nP: Apa?\nlima\nI: Dana."
    turns = (
        Turn(number=1, start=16, end=20, speaker="P"),
        Turn(number=2, start=29, end=34, speaker="I"),
    )
    document = Document(name="a", text=text, turns=turns)

    def kinds(*spans: tuple[int, int, int]) -> list[tuple[str, str]]:
        return [
            (block.kind, text[block.paragraphs[0][0].start : block.paragraphs[-1][-1].end])
            for block in blocks(document, spans)
        ]

    told = [("head", "Kepala"), ("turn", "Apa?"), ("note", "lima"), ("turn", "Dana.")]
    assert kinds() == told
    assert kinds((1, 16, 34)) == told
    assert ("label", "I: ") in kinds((1, 26, 34))


def test_markup_shows_as_text(tmp_path: Path) -> None:
    """Texts, codes, memos, speakers and coders full of markup show as text; nothing of it runs."""
    evil = "</style><script>alert(1)</script><img src=x onerror=alert(2)>\"'`{{7*7}}"
    book = BOOK.replace("{id: Staf, en: Staff}", json.dumps({"id": f"Staf {evil}", "en": evil}))
    (tmp_path / "b.yaml").write_text(book, encoding="utf-8")
    text = f"Judul: {evil}\nTempat: {evil}\n\nPewawancara: {evil}\n<b>Ibu</b>: Dana {evil} ada.\n"
    (tmp_path / "satu.txt").write_text(text, encoding="utf-8")
    project = Project.create(tmp_path / "s.bantar", codebook=tmp_path / "b.yaml", coder=evil)
    project.import_documents(tmp_path / "satu.txt")
    start = project.document("satu").text.index("Dana")
    coding = project.code(
        "satu", (start, start + 30), "resources.staff", memo=evil, valence="mixed"
    )
    project.memo(evil, about="document", key="satu")
    project.memo(evil, about="coding", key=int(project.codings().index[0]))
    page = to_html(project, "satu")
    soup = read(page)
    allowed = {
        "html",
        "head",
        "meta",
        "title",
        "style",
        "body",
        "header",
        "h1",
        "h2",
        "p",
        "dl",
        "div",
        "dt",
        "dd",
        "main",
        "section",
        "table",
        "thead",
        "tr",
        "th",
        "tbody",
        "td",
        "i",
        "span",
        "b",
        "bdi",
        "mark",
        "a",
        "ol",
        "li",
        "q",
        "footer",
    }
    assert {tag.name for tag in soup.find_all()} <= allowed
    for tag in soup.find_all():
        for name, value in tag.attrs.items():
            assert not name.startswith("on")
            assert name not in {"src", "style", "srcdoc"}
            assert name != "href" or re.fullmatch(r"#(note|ref)-\d+", str(value))
    assert len(soup.select("style")) == 1
    assert "alert" not in soup.style.string
    assert [p.get_text() for p in soup.select(".memo")] == [evil] * 3
    assert coding.coder in soup.find("header").get_text()
    assert evil in soup.select_one("mark")["title"]
    inner = BeautifulSoup(page._repr_html_(), "html.parser")
    assert [tag.name for tag in inner.find_all()] == ["iframe"]
    assert not inner.iframe["sandbox"]  # nothing is allowed
    assert inner.iframe["srcdoc"] == page.html


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Make a study of one long talk, coded by two people with overlaps, memos and suggestions."""
    folder = tmp_path_factory.mktemp("paper")
    (folder / "small.yaml").write_text(BOOK, encoding="utf-8")
    said = "Dananya tidak ada, pegawainya cuma dua, dan kriterianya kami tidak paham sama sekali. "
    turns = [
        f"Pewawancara: Lalu bagaimana ({n})?\nInforman: ({n}) {said * 3}\nJadi ({n}) begitu.\nYa ({n})."
        for n in range(24)
    ]
    head = (
        "Judul: Wawancara rekaan\nKode informan: KRT-01\nTanggal: 3 Maret 2019\nTempat: Balai\n\n"
    )
    (folder / "satu.txt").write_text(head + "\n".join(turns), encoding="utf-8")
    project = Project.create(folder / "s.bantar", codebook=folder / "small.yaml", coder="SN")
    project.import_documents(folder / "satu.txt")
    second = Project.open(folder / "s.bantar", coder="BP")
    text = project.document("satu").text
    for n in range(0, 24, 2):
        at = text.index(f"({n}) Dananya")
        project.code("satu", (at, at + 200), "resources", valence="barrier")
        project.code("satu", (at + 4, at + 60), "resources.budget", valence="barrier", memo=f"M{n}")
        project.code("satu", (at + 10, at + 40), "resources.staff", valence="mixed")
        for code in ("communication", "communication.clarity", "resources.staff"):
            project.code("satu", f"Jadi ({n}) begitu", code)
        project.code("satu", f"Ya ({n}).", "communication.clarity")
        second.code("satu", (at + 4, at + 60), "resources.budget", valence="neutral")
        second.code("satu", (at + 10, at + 40), "communication.clarity")
    project.code_with(CueCoder())
    return project


def test_head_and_legend_tell_what_is_shown(study: Project) -> None:
    """The page names document, case, date, place and coders, and counts what it shows."""
    soup = read(to_html(study, "satu", coders="SN", language="en"))
    facts = {dt.get_text(): dt.find_next("dd").get_text() for dt in soup.select(".facts dt")}
    assert facts["Informant"] == "KRT-01"
    assert (facts["Date"], facts["Place"]) == ("3 Maret 2019", "Balai")
    assert (facts["Coder"], facts["Shown"]) == ("SN", "84 codings")
    rows = [[cell.get_text() for cell in row.select("th,td")] for row in soup.select(".legend tr")]
    assert rows == [
        ["Code", "Codings", "Barrier", "Mixed", "Not rated"],
        ["Resources", "12", "12", "–", "–"],
        ["Resources › Staff", "24", "–", "12", "12"],
        ["Resources › Budget", "12", "12", "–", "–"],
        ["Communication", "12", "–", "–", "12"],
        ["Communication › Clarity", "24", "–", "–", "24"],
    ]
    assert len(soup.select(".notes li")) == 12
    for link in soup.select("a[href]"):
        assert soup.find(id=link["href"][1:]) is not None


def test_suggestions_only_if_asked_for(study: Project) -> None:
    """Suggestions stand on the page with dashes, and only where they are asked for."""
    without, with_them = (read(to_html(study, "satu", suggestions=s)) for s in (False, True))
    assert not without.select(".suggested")
    waiting = len(study.codings(status="suggested"))
    assert len(with_them.select(".name.suggested:not(.more)")) == waiting > 0
    assert "KRT-01" in with_them.get_text()


def test_two_coders_side_by_side(study: Project) -> None:
    """Each of two coders has a margin, and every difference is named on both sides."""
    soup = read(to_html(study, "satu", coders=("SN", "BP"), language="en"))
    left, right = (soup.select(f".name.{side}:not(.more)") for side in ("left", "right"))
    assert (len(left), len(right)) == (84, 24)
    tags = [name.select_one(".tag").get_text() for name in right]
    assert tags.count("other rating") == 12
    assert tags.count("other code") == 12
    other = read(to_html(study, "satu", coders=("BP", "SN"), language="en"))
    assert len(other.select(".name.left:not(.more)")) == 24


def test_captions_in_both_languages(study: Project) -> None:
    """No word of the other language, and no bare key, stands on a page."""
    for language, word in (("id", "Kode dalam teks ini"), ("en", "Codes in this text")):
        page = to_html(study, "satu", coders=("SN", "BP"), suggestions=True, language=language)
        text = BeautifulSoup(page.html, "html.parser").body.get_text(" ")
        assert word in text
        assert "paper_" not in text
        assert read(page).html["lang"] == language


def test_what_is_not_there_is_told(study: Project, tmp_path: Path) -> None:
    """Wrong names are told in a sentence, and a failed saving leaves the old file."""
    with pytest.raises(UnknownDocument):
        to_html(study, "dua")
    with pytest.raises(CodingError, match="nobody codes as 'XY'"):
        to_html(study, "satu", coders="XY")
    with pytest.raises(LanguageError):
        to_html(study, "satu", language="xx")
    page = to_html(study, "satu")
    with pytest.raises(PageError, match=r"saved as \.html"):
        page.save(tmp_path / "a.pdf")
    path = page.save(tmp_path / "new" / "a.html")
    assert path.read_text("utf-8") == page.html
    with pytest.raises(UnicodeEncodeError):
        Page(html="\ud800", title="").save(path)
    assert path.read_text("utf-8") == page.html
    assert [p.name for p in path.parent.iterdir()] == ["a.html"]


# ---------------------------------------------------------------- colours


@pytest.mark.skipif(NODE is None, reason="there is no node on this machine")
def test_colours_as_in_javascript() -> None:
    """A code has one colour in the notebook and on paper."""
    tints = [f"#{n * 0x01F3A7 % 0x1000000:06x}" for n in range(120)]
    codes = [
        ("a", ""),
        ("a.b", tints[5]),
        ("a.b.c", ""),
        ("d", "red"),
        ("e", "#FFFFFF"),
        *((f"t{n}", "") for n in range(10)),
    ]
    program = """
      import { codeColours, visible } from "./js/colours.js";
      const [tints, codes] = JSON.parse(process.argv[1]);
      console.log(JSON.stringify([false, true].map((dark) => [
        tints.map((tint) => visible(tint, dark)),
        Object.fromEntries(codeColours(codes.map(([path, color]) => ({ path, color })), dark)),
      ])));
    """
    done = subprocess.run(
        [str(NODE), "--input-type=module", "-e", program, json.dumps([tints, codes])],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    for dark, (seen, coloured) in zip((False, True), json.loads(done.stdout), strict=True):
        assert [visible(tint, dark=dark) for tint in tints] == seen
        assert code_colours(codes, dark=dark) == coloured


@pytest.mark.parametrize("dark", [False, True])
def test_colours_can_be_seen(*, dark: bool) -> None:
    """Whatever the colour of a code, its mark stands out from the page as WCAG asks of marks."""
    for tint in (*PALETTE, "#ffffff", "#000000", "#ffff00"):
        assert contrast(visible(tint, dark=dark), "#181b20" if dark else "#ffffff") >= 3


# ---------------------------------------------------------------- in a browser

MEASURE = """
() => {
  const box = (e) => { const r = e.getBoundingClientRect(); return [r.left, r.top, r.right, r.bottom]; };
  const names = [...document.querySelectorAll(".name")].map((name) => {
    const p = name.closest(".words");
    const marks = [...p.querySelectorAll("mark")].filter((m) => name.compareDocumentPosition(m) & 4);
    return { box: box(name), left: name.classList.contains("left"), line: box(p)[1],
             first: marks[0].getClientRects()[0].top, text: name.scrollWidth - name.clientWidth };
  });
  const text = box(document.querySelector(".block.turn .words"));
  [...document.querySelectorAll(".name")].forEach((name, n) => {
    name.scrollIntoView({ block: "center" });
    const [left, top, right, bottom] = box(name);
    names[n].seen = name.contains(document.elementFromPoint((left + right) / 2, (top + bottom) / 2));
  });
  return { names, text, wide: document.documentElement.scrollWidth - innerWidth };
}
"""


def opened(browser: Browser, path: Path, **options: object) -> tuple[Tab, list[str]]:
    """Open a page, and watch what it asks for."""
    tab = browser.new_page(**options)
    asked: list[str] = []
    tab.on("request", lambda request: asked.append(request.url))
    tab.goto(path.as_uri())
    return tab, asked


@pytest.mark.parametrize("two", [False, True])
@pytest.mark.parametrize("media", ["screen", "print"])
def test_names_stay_beside_their_lines(
    browser: Browser, study: Project, tmp_path: Path, media: str, *, two: bool
) -> None:
    """Names stand in the margin, none above its words, none over another, none cut."""
    path = to_html(study, "satu", coders=("SN", "BP") if two else "SN").save(tmp_path / "a.html")
    tab, _ = opened(
        browser, path, viewport={"width": 690 if media == "print" else 1280, "height": 900}
    )
    tab.emulate_media(media=media)
    found = tab.evaluate(MEASURE)
    tab.close()
    assert found["wide"] <= 0
    below = {True: float("-inf"), False: float("-inf")}
    lines = [name["line"] for name in found["names"]]
    for name in found["names"]:
        left, top, right, bottom = name["box"]
        side = name["left"]
        assert right <= found["text"][0] if side else left >= found["text"][2]
        assert top >= name["first"] - 6
        assert top >= below[side] - 0.5
        assert top - name["first"] < 170  # crowded names move down a little, never to another turn
        assert name["text"] <= 0
        if not two and lines.index(name["line"]) == found["names"].index(name):
            assert top - name["first"] < 12  # the first of a paragraph, level with its words
        assert name["seen"]
        below[side] = bottom


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_accessible_and_alone(
    browser: Browser, study: Project, tmp_path: Path, scheme: str
) -> None:
    """axe-core finds no serious fault, in light and dark; and the page asks for nothing."""
    path = to_html(study, "satu", coders=("SN", "BP"), suggestions=True).save(tmp_path / "a.html")
    tab, asked = opened(browser, path, color_scheme=scheme)
    found = Axe().run(tab)
    ground = tab.evaluate("getComputedStyle(document.body).backgroundColor")
    tab.close()
    assert [f["id"] for f in found["violations"] if f["impact"] in {"serious", "critical"}] == []
    assert asked == [path.as_uri()]
    assert ground == {"light": "rgb(255, 255, 255)", "dark": "rgb(24, 27, 32)"}[scheme]


def test_on_paper(browser: Browser, study: Project, tmp_path: Path) -> None:
    """Printed on A4, every turn and every name is there, whole, and in the light colours."""
    path = to_html(study, "satu", coders="SN", language="en").save(tmp_path / "a.html")
    tab, _ = opened(browser, path, color_scheme="dark")
    tab.pdf(path=tmp_path / "a.pdf", prefer_css_page_size=True)
    tab.emulate_media(media="print")
    assert tab.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"
    tab.close()
    printed = pypdfium2.PdfDocument(tmp_path / "a.pdf")
    assert [round(side) for side in printed[0].get_size()] == [595, 842]
    pages = [page.get_textpage().get_text_range() for page in printed]
    words = re.sub(r"\s+", " ", " ".join(pages))
    for n in range(24):
        assert f"({n}) Dananya tidak ada" in words
    assert words.count("Budget, barrier") == 12
    for page in pages:  # a name stands on the page of its words
        assert page.count("Staff, mixed") == len(re.findall(r"\(\d+\) Dananya", page)) - sum(
            f"({n}) Dananya" in page for n in range(1, 24, 2)
        )
    printed.close()


def test_the_frame_does_not_leak(browser: Browser, study: Project) -> None:
    """In a notebook the page shows whole in a frame of its own, and leaves the notebook's style."""
    page = to_html(study, "satu")
    tab = browser.new_page()
    tab.set_content(f"<p id='own'>x</p>{page._repr_html_()}")
    frame = tab.frame_locator("iframe")
    assert frame.locator("h1").inner_text() == page.title
    assert tab.evaluate("getComputedStyle(document.body).maxWidth") == "none"
    assert html.escape(page.title) in page._repr_html_()
    tab.close()
