"""Time the coding page: a long document beside a short one, in one browser, on one study.

With ``--lab`` inside a real JupyterLab; without it, the page with the real Python and the study
on disk, but no notebook between. With ``--compare`` the page on which two coders are compared, who
both coded the long document.
"""

from __future__ import annotations

import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from playwright.sync_api import Browser, Page, sync_playwright

from bantar_qual import Project
from bantar_qual.files import shipped
from bantar_qual.records import Coding
from bantar_qual.widgets.desk import Desk
from tests.widgets import lab
from tests.widgets.conftest import CHROMIUM
from tests.widgets.hands import ROOT
from tests.widgets.hosts import hosted

SIZES = {"short": (2_000, 60), "long": (60_000, 2_000)}
KEYS = 15
STEPS = 150
LEAST = 30  # characters of a coding
TIMED = """
  globalThis.timed = new Promise((done) => {
    addEventListener("keydown", () => {
      const began = performance.now();
      let painted = 0;
      const paint = () => { painted = performance.now() - began; };
      requestAnimationFrame(() => requestAnimationFrame(paint));
      const look = () => {
        if (painted && bq.dataset.saving === "saved") done([painted, Math.max(saved, 0)]);
        else setTimeout(look, 2);
      };
      let saved = -1;
      new MutationObserver(() => {
        if (bq.dataset.saving === "saved") saved = performance.now() - began;
      }).observe(bq, { attributes: true, attributeFilter: ["data-saving"] });
      setTimeout(look, 0);
    }, { capture: true, once: true });
  });
}"""
KEY = (
    "async ([n]) => {"
    + ROOT
    + """
  const paragraphs = [...bq.querySelectorAll(".bq-block[data-role=informant] p")];
  const p = paragraphs[Math.floor((n + 0.5) * paragraphs.length / 20)];
  p.scrollIntoView({ block: "center" });
  bq.querySelector(".bq-text").focus({ preventScroll: true });
  const walker = document.createTreeWalker(p, NodeFilter.SHOW_TEXT);
  const node = walker.nextNode();
  getSelection().setBaseAndExtent(node, 0, node, Math.min(node.length, 12));
  await new Promise((done) => setTimeout(done, 250));
"""
    + TIMED
)
SCROLL = (
    "async (steps) => {"
    + ROOT
    + """
  const scroller = bq.querySelector(".bq-scroller");
  scroller.scrollTop = 0;
  const times = [];
  let last = performance.now();
  for (let n = 0; n < steps; n += 1) {
    scroller.scrollTop += 240;
    await new Promise((done) => requestAnimationFrame(done));
    times.push(performance.now() - last);
    last = performance.now();
  }
  return times.slice(2);
}"""
)
OPEN = """async () => {
  document.querySelector("#cell").replaceChildren();
  const began = performance.now();
  const model = bqOpen();
  const ready = () => document.querySelector(".bq[data-ready]");
  while (!ready()) await new Promise((done) => setTimeout(done, 1));
  await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  return performance.now() - began;
}"""
AGAIN = """async () => {
  const began = performance.now();
  document.querySelectorAll(".bq").forEach((e) => e.remove());
  await globalThis.jupyterapp.commands.execute("notebook:run-all-cells");
  const ready = () => document.querySelector(".bq[data-ready]");
  while (!ready()) await new Promise((done) => setTimeout(done, 2));
  await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  return performance.now() - began;
}"""
CELL = """
import bantar_qual as bq
project = bq.Project.open("study.bantar", backup=False)
bq.code_by_hand(project, "{name}", keys=["resources.staff"])
"""


def study(folder: Path) -> Project:
    """Make a study of one short and one long document, both coded at random with a fixed seed."""
    dice = random.Random(7)
    project = Project.create(folder / "study.bantar", codebook="edwards-iii", coder="SN")
    sentences = [
        line.partition(": ")[2]
        for path in sorted(shipped("interviews").glob("*.txt"))
        for line in path.read_text("utf-8").splitlines()
        if ": " in line
    ]
    for name, (words, _) in SIZES.items():
        lines, count, n = ["Judul: Rekaan", ""], 0, 0
        while count < words:
            said = dice.choice(sentences)
            lines.append(f"{'Informan' if n % 2 else 'Pewawancara'}: {said}")
            count, n = count + len(said.split()), n + 1
        (folder / f"{name}.txt").write_text("\n".join(lines), encoding="utf-8")
        project.import_documents(folder / f"{name}.txt")
    project.code_with(_Dice(dice))
    return project


class _Dice:
    name, origin = "SN", "hand"

    def __init__(self, dice: random.Random) -> None:
        self.dice = dice

    def code(self, document: Any, codebook: Any) -> Iterator[Coding]:
        """Code stretches of five to forty words anywhere in the informant's turns."""
        paths = [code.path for code in codebook.at("indicator")]
        said = (turn for turn in document.turns if turn.role != "interviewer")
        turns = [turn for turn in said if turn.end - turn.start > LEAST]
        for _ in range(SIZES[document.name][1]):
            turn = self.dice.choice(turns)
            start = self.dice.randrange(turn.start, turn.end - LEAST)
            end = min(turn.end, start + self.dice.randrange(LEAST, 240))
            path = self.dice.choice(paths)
            yield Coding(document=document.name, start=start, end=end, code=path, coder="SN")


def keys_and_scrolling(page: Page) -> dict[str, list[float]]:
    """Code fifteen stretches all over the document, then scroll through it."""
    found: dict[str, list[float]] = {"key to painted": [], "key to saved": []}
    for n in range(KEYS):
        page.evaluate(KEY, [n])
        page.keyboard.press("1")
        painted, saved = page.evaluate("() => globalThis.timed")
        found["key to painted"].append(painted)
        found["key to saved"].append(saved)
    found["scrolling, a frame"] = page.evaluate(SCROLL, STEPS)
    return found


def compared(browser: Browser, project: Project) -> None:
    """Time the comparing page: a second coder gave some of the first's codings, and others."""
    dice, first = random.Random(9), project.codings()
    second = Project.open(project.path, coder="BP", backup=False)
    second.code_with(_Second(dice, first[first["document"] == "long"]))
    people = ("SN", "BP")
    began = time.perf_counter()
    found = len(project.differences(between=people, document="long"))
    found_in = (time.perf_counter() - began) * 1000
    desk = Desk(project=project, document="long", mode="compare", between=people)
    with hosted(browser, desk) as host:
        painted, saved = [], []
        for n in range(KEYS):
            host.page.wait_for_timeout(1200)
            host.page.locator(".bq-text").focus()
            host.page.evaluate("async () => {" + ROOT + TIMED)
            host.page.keyboard.press("1234"[n % 4])
            times = host.page.evaluate("() => globalThis.timed")
            painted.append(times[0])
            saved.append(times[1])
    print(f"comparing page, {found:,} pairs in one document, milliseconds")
    print(f"{'differences found':22}{found_in:>8.0f}")
    for what, each in (("key to painted", painted), ("key to saved", saved)):
        print(f"{what:22}{statistics.median(each):>8.0f}   (95 %: {p95(each):.0f})")


class _Second(_Dice):
    name = "BP"

    def __init__(self, dice: random.Random, first: Any) -> None:
        super().__init__(dice)
        self.first = first

    def code(self, document: Any, codebook: Any) -> Iterator[Coding]:
        """Give a quarter of the first's codings alike, some with other borders, and many more."""
        if document.name != "long":
            return
        for row in self.first.to_dict("records"):
            less = self.dice.choice([0, 3, None, None])
            if less is not None:
                start, end = row["start"], row["end"] - less
                yield Coding(document="long", start=start, end=end, code=row["code"], coder="BP")
        yield from (replace(coding, coder="BP") for coding in super().code(document, codebook))


def in_the_host(browser: Browser, project: Project, name: str) -> dict[str, list[float]]:
    """Time the page without Jupyter."""
    with hosted(browser, Desk(project=project, document=name, keys=["resources.staff"])) as host:
        opened = []
        for _ in range(5):
            host.page.evaluate("() => bqModels.splice(0).forEach((m) => m.close())")
            opened.append(host.page.evaluate(OPEN))
        return {"cell to painted": opened, **keys_and_scrolling(host.page)}


def in_jupyterlab(browser: Browser, folder: Path, name: str) -> dict[str, list[float]]:
    """Time the page in JupyterLab."""
    lab.notebook(folder / "n.ipynb", CELL.format(name=name))
    port = lab.free_port()
    address = f"http://127.0.0.1:{port}"
    command = [
        "jupyterlab", "--no-browser", f"--port={port}", "--ip=127.0.0.1", "--allow-root",
        f"--IdentityProvider.token={lab.TOKEN}", "--expose-app-in-browser",
        f"--ServerApp.root_dir={folder}",
    ]  # fmt: skip
    with lab.serving(command, folder, f"{address}/api"):
        context = browser.new_context(viewport={"width": 1500, "height": 900})
        page = context.new_page()
        page.goto(f"{address}/lab/tree/n.ipynb?reset&token={lab.TOKEN}")
        page.wait_for_function(lab.IDLE, timeout=60_000)
        opened = []
        for _ in range(3):  # the first run also loads the package; the last ones count
            opened.append(page.evaluate(AGAIN))
            page.wait_for_timeout(500)
        found = {"cell to painted": opened[1:], **keys_and_scrolling(page)}
        context.close()
        return found


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start the system's Chromium."""
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM)
        yield browser
        browser.close()


def main() -> None:
    """Print the medians, the worst, and how the long document compares with the short one."""
    with tempfile.TemporaryDirectory() as place, chromium() as browser:
        folder = Path(place)
        project = study(folder)
        if "--compare" in sys.argv:
            compared(browser, project)
            return
        where: Callable[[str], dict[str, list[float]]] = (
            (lambda name: in_jupyterlab(browser, folder, name))
            if "--lab" in sys.argv
            else (lambda name: in_the_host(browser, project, name))
        )
        results = {name: where(name) for name in SIZES}
    place = "in JupyterLab" if "--lab" in sys.argv else "page with Python, no Jupyter"
    sizes = (f"{words:,} words, {codings:,} codings" for words, codings in SIZES.values())
    print(f"{place}, milliseconds")
    print(f"{'':22}" + "".join(f"{size:>34}" for size in sizes) + f"{'ratio':>9}")
    for what in next(iter(results.values())):
        medians = {name: statistics.median(found[what]) for name, found in results.items()}
        told = (
            f"median {medians[name]:.0f}, 95 % {p95(found[what]):.0f}, max {max(found[what]):.0f}"
            for name, found in results.items()
        )
        cells = "".join(f"{cell:>34}" for cell in told)
        print(f"{what:22}{cells}{medians['long'] / medians['short']:>9.1f}")


def p95(times: list[float]) -> float:
    """Return the time that 95 of 100 do not exceed."""
    return sorted(times)[min(len(times) - 1, int(len(times) * 0.95))]


if __name__ == "__main__":
    main()
