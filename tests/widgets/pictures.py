"""Make the pictures of the coding page for the documentation: python -m tests.widgets.pictures."""

from __future__ import annotations

import tempfile
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from bantar_qual import CueCoder, Project
from bantar_qual.files import shipped
from bantar_qual.widgets.desk import Desk
from tests.widgets.conftest import CHROMIUM
from tests.widgets.hosts import Host, hosted

FOLDER = Path(__file__).parents[2] / "docs" / "pictures"
SIZE = {"width": 1240, "height": 744}
HIGH = 720
CODED = (  # words, the letters or number that find the code, the key of the valence
    ("Jadi kalu ado yang ngomong dak pernah dikasih tau, bohong tu. Tau galo orang.", "tran", "+"),
    ("Duitlah, Dek, dak ado dananyo.", "angg", "-"),
    ("Gapura kusam, pagar langgar kusam, pos kamling jangan ditanyo.", "fasi", "-"),
    (
        "waktu nak dinilai. Gapura kusam, pagar langgar kusam, pos kamling jangan ditanyo. Orang kelurahan bilang, Pak, dicat dikitlah.",
        "hanya",
        "-",
    ),
    ("Siapo yang mbeli cat?", "angg", "-"),
    ("Gotong royong pun sepi yang datang, apo lagi duit.", "part", "-"),
)


def study(folder: Path) -> Project:
    """Make the shipped study, coded by hand where the pictures look."""
    folder.mkdir(exist_ok=True)
    project = Project.create(folder / "eka-jaya.bantar", codebook="kampung-bantar", coder="SN")
    project.import_documents(shipped("interviews"))
    project.describe_cases(shipped("interviews") / "informants.csv")
    return project


SECOND = (  # what a second coder made of the same words: words, code, valence
    ("Duitlah, Dek, dak ado dananyo.", "resources.budget", "barrier"),
    ("Gapura kusam, pagar langgar kusam", "resources.facilities", "barrier"),
    ("Siapo yang mbeli cat?", "resources.budget", "neutral"),
    ("Gotong royong pun sepi yang datang", "disposition.commitment", "barrier"),
    ("Orang kelurahan bilang, Pak, dicat dikitlah.", "communication.transmission", None),
)
FIRST = (
    (
        "Jadi kalu ado yang ngomong dak pernah dikasih tau, bohong tu. Tau galo orang.",
        "communication.transmission",
        "enabler",
    ),
    ("Duitlah, Dek, dak ado dananyo.", "resources.budget", "barrier"),
    (
        "Gapura kusam, pagar langgar kusam, pos kamling jangan ditanyo.",
        "resources.facilities",
        "barrier",
    ),
    ("Siapo yang mbeli cat?", "resources.budget", "barrier"),
    ("Gotong royong pun sepi yang datang, apo lagi duit.", "resources.participation", "barrier"),
)


def two_coders(project: Project) -> None:
    """Let two people code the interview of the pictures, not quite alike."""
    second = Project.open(project.path, coder="BP", backup=False)
    for who, given in ((project, FIRST), (second, SECOND)):
        for words, path, valence in given:
            who.code("ketua-rt-12", words, path, valence=valence)


def code(host: Host) -> None:
    """Code as a researcher would, by mouse and keys."""
    for words, letters, valence in CODED:
        host.drag(words)
        host.press(letters[0])
        host.page.keyboard.type(letters[1:])
        host.press("Enter", valence)
        host.saved()


def shoot(host: Host, name: str) -> None:
    """Keep a picture of the page."""
    host.page.mouse.move(2, 2)
    host.page.wait_for_timeout(300)
    host.page.screenshot(path=FOLDER / f"{name}.png")


def main(browser: Browser, folder: Path) -> None:
    """Make all pictures."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    project = study(folder)
    desk = {"project": project, "document": "ketua-rt-12"}
    with hosted(browser, Desk(**desk), size=SIZE, height=HIGH) as host:
        code(host)
        host.caret("kusam, pagar")
        host.press("Alt+m")
        host.page.keyboard.type("Bandingkan dengan RT 07: di sana catnya dari iuran.")
        host.press("Escape")
        host.saved()
        host.page.locator(".bq-code[data-path='resources.facilities']").hover()
        shoot(host, "coding-light")
        host.drag("Sejuta enam ratus tujuh ribu")
        host.press("a")
        shoot(host, "choosing-a-code")
    project.code_with(CueCoder())
    with hosted(
        browser, Desk(**desk), size=SIZE, height=HIGH, theme="dark", background="#111111"
    ) as host:
        host.caret("kusam, pagar")
        host.page.locator(".bq-code[data-path='resources.budget']").hover()
        shoot(host, "coding-dark")
    with hosted(browser, Desk(**desk), size=SIZE, height=HIGH) as host:
        for words, letters in (
            ("pagar langgar kusam, pos kamling", "angg"),
            ("kusam, pagar langgar kusam", "part"),
            ("langgar kusam, pos kamling jangan ditanyo. Orang kelurahan", "sikap"),
        ):
            host.drag(words)
            host.press(letters[0])
            host.page.keyboard.type(letters[1:])
            host.press("Enter")
            host.saved()
        host.caret("langgar kusam")
        shoot(host, "overlaps")
        for _ in range(3):
            host.press("Control+z")
            host.saved()
    desk = {"project": project, "mode": "review", "document": "ketua-rt-07"}
    with hosted(browser, Desk(**desk), size=SIZE, height=HIGH) as host:
        host.page.wait_for_selector(".bq-row[data-now]")
        host.press("Enter", "Space")
        host.saved()
        shoot(host, "review")
    clean = study(folder / "two")
    two_coders(clean)
    desk = {"project": clean, "document": "ketua-rt-12", "mode": "compare"}
    with hosted(browser, Desk(**desk, between=("SN", "BP")), size=SIZE, height=HIGH) as host:
        host.page.wait_for_selector(".bq-row[data-now]")
        host.press("1")
        host.saved()
        shoot(host, "compare")
    with hosted(
        browser,
        Desk(project=project, document="ketua-rt-12", language="en"),
        size=SIZE,
        height=HIGH,
    ) as host:
        host.page.locator(".bq-text").focus()
        host.press("?")
        shoot(host, "keys")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as place, sync_playwright() as driver:
        main(driver.chromium.launch(executable_path=CHROMIUM), Path(place))
