"""Make the pictures of printed pages for the documentation: python -m tests.widgets.paper_pictures."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pypdfium2
from playwright.sync_api import Browser, sync_playwright

from bantar_qual import Project, to_html
from bantar_qual.files import shipped
from tests.widgets.conftest import CHROMIUM

FOLDER = Path(__file__).parents[2] / "docs" / "pictures"
NAME = "ketua-rt-12"
FIRST = (
    ("Jadi kalu ado yang ngomong dak pernah dikasih tau, bohong tu. Tau galo orang.", "communication.transmission", "enabler"),
    ("Duitlah, Dek, dak ado dananyo.", "resources.budget", "barrier"),
    ("waktu nak dinilai. Gapura kusam, pagar langgar kusam, pos kamling jangan ditanyo. Orang kelurahan bilang, Pak, dicat dikitlah.", "sustainability.judging_only", "barrier"),
    ("Gapura kusam, pagar langgar kusam, pos kamling jangan ditanyo.", "resources.facilities", "barrier"),
    ("Siapo yang mbeli cat?", "resources.budget", "barrier"),
    ("Gotong royong pun sepi yang datang, apo lagi duit.", "resources.participation", "barrier"),
)  # fmt: skip
SECOND = (
    ("Duitlah, Dek, dak ado dananyo.", "resources.budget", "barrier"),
    ("pos kamling jangan ditanyo.", "resources.facilities", "barrier"),
    ("Siapo yang mbeli cat?", "resources.budget", "neutral"),
    ("Gotong royong pun sepi yang datang, apo lagi duit.", "disposition.commitment", "barrier"),
)


def study(folder: Path) -> Project:
    """Make a study of one shipped interview that two people have coded."""
    project = Project.create(folder / "eka-jaya.bantar", codebook="kampung-bantar", coder="SN")
    project.import_documents(shipped("interviews") / f"{NAME}.txt")
    for coder, given in (("SN", FIRST), ("BP", SECOND)):
        person = Project.open(project.path, coder=coder, backup=False)
        for words, code, valence in given:
            person.code(NAME, words, code, valence=valence)
    facilities = project.codings(coder="SN").query("code == 'resources.facilities'")
    memo = "Bandingkan dengan RT 07: di sana catnya dari iuran."
    project.memo(memo, about="coding", key=int(facilities.index[0]))
    rows = project.differences()
    project.agree_on(rows[rows["kind"] == "code"], "SN", reason="soal kehadiran, bukan kemauan")
    return project


def main(browser: Browser, folder: Path) -> None:
    """Make all pictures."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    project = study(folder)
    one = to_html(project, NAME, coders="SN").save(folder / "one.html")
    two = to_html(project, NAME, coders=("SN", "BP")).save(folder / "two.html")
    for path, scheme, name, width in (
        (one, "light", "page-light", 1040),
        (one, "dark", "page-dark", 1040),
        (two, "light", "comparing", 1260),
    ):
        tab = browser.new_page(viewport={"width": width, "height": 640}, color_scheme=scheme)
        tab.goto(path.as_uri())
        tab.locator("mark").nth(1).evaluate("m => scrollTo(0, m.getBoundingClientRect().top - 190)")
        tab.screenshot(path=FOLDER / f"{name}.png")
        if name == "page-light":
            tab.pdf(path=folder / "one.pdf", prefer_css_page_size=True)
        tab.close()
    printed = pypdfium2.PdfDocument(folder / "one.pdf")
    full = max(printed, key=lambda page: "Duitlah" in page.get_textpage().get_text_range())
    full.render(scale=1.4).to_pil().save(FOLDER / "page-print.png")
    printed.close()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as place, sync_playwright() as driver:
        main(driver.chromium.launch(executable_path=CHROMIUM), Path(place))
