"""The coding page in Firefox: Debian's own, driven over WebDriver BiDi; a smoke test."""

from __future__ import annotations

import itertools
import json
import re
import shutil
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from websockets.sync.client import ClientConnection, connect

from bantar_qual import Project
from bantar_qual.widgets.desk import Desk
from tests.widgets.hands import FIND, ROOT, SHOW
from tests.widgets.hosts import STATIC

FIREFOX = next(filter(None, map(shutil.which, ("firefox-esr", "firefox"))), None)
pytestmark = pytest.mark.skipif(
    FIREFOX is None, reason="there is no Firefox on this machine; the page is not driven in it"
)
TALK = "Pewawancara: Bagaimana?\nInforman: Dananya 😀 tidak ada, kafe\u0301 tutup. Pegawainya cuma dua orang.\n"
SHIFT, RIGHT, CONTROL, ENTER = "\ue008", "\ue014", "\ue009", "\ue007"
HOST = """<!doctype html><meta charset="utf-8"><title>Host</title><link rel="stylesheet" href="widget.css">
<body><main><div id="cell"></div></main><script type="module">
import widget from "./widget.js";
const heard = new Set();
globalThis.errors = [];
addEventListener("error", (event) => errors.push(event.message));
const state = { height: 560, theme: "light", waiting: "Waiting", seen: 0, mode: "code" };
widget.render({ el: document.querySelector("#cell"), model: {
  get: (name) => state[name], set: (name, value) => { state[name] = value; }, save_changes() {},
  on: (kind, act) => { if (kind === "msg:custom") heard.add(act); }, off: (_, act) => heard.delete(act),
  async send(message) {
    const replies = await (await fetch("python", { method: "POST", body: JSON.stringify(message) })).json();
    for (const reply of replies) for (const act of heard) act(reply);
  },
} });
</script>"""


def handler(desk: Desk) -> type[BaseHTTPRequestHandler]:
    """Make what serves the page, and hands its messages to Python."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            name = self.path.lstrip("/")
            kinds = {"widget.js": "text/javascript", "widget.css": "text/css"}
            body = (STATIC / name).read_bytes() if name in kinds else HOST.encode()
            self.reply(body, kinds.get(name, "text/html"))

        def do_POST(self) -> None:
            told = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            self.reply(json.dumps(desk.answer(told)).encode(), "application/json")

        def reply(self, body: bytes, kind: str) -> None:
            self.send_response(200)
            self.send_header("Content-Type", f"{kind}; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Keep the test's output clean."""

    return Handler


@contextmanager
def firefox(profile: Path) -> Iterator[str]:
    """Start Firefox without a window, and give the address at which it takes orders."""
    profile.mkdir()
    command = [str(FIREFOX), "--headless", "--no-remote", "--profile", str(profile), "--remote-debugging-port=0"]  # fmt: skip
    log = profile / "log"
    with log.open("w") as out:
        started = subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT)
        try:
            for _ in range(300):
                found = re.search(r"WebDriver BiDi listening on (ws://\S+)", log.read_text())
                if found:
                    break
                assert started.poll() is None, log.read_text()[-2000:]
                time.sleep(0.1)
            assert found, log.read_text()[-2000:]
            yield f"{found[1]}/session"
        finally:
            started.terminate()
            started.wait(20)


class Browser:
    """As much of WebDriver BiDi as this test needs."""

    def __init__(self, line: ClientConnection) -> None:
        self.line, self.numbers = line, itertools.count(1)
        self.ask("session.new", capabilities={})
        self.tab = self.ask("browsingContext.getTree")["contexts"][0]["context"]

    def ask(self, method: str, **params: Any) -> Any:
        """Give an order and wait for its answer."""
        number = next(self.numbers)
        self.line.send(json.dumps({"id": number, "method": method, "params": params}))
        while (answer := json.loads(self.line.recv(timeout=60))).get("id") != number:
            pass
        assert answer["type"] == "success", answer
        return answer["result"]

    def run(self, function: str, value: Any = None) -> Any:
        """Call a function in the page; what it gives comes back as JSON."""
        call = f"async () => JSON.stringify((await ({function})({json.dumps(value)})) ?? null)"
        answer = self.ask(
            "script.callFunction",
            functionDeclaration=call, awaitPromise=True, target={"context": self.tab},
        )  # fmt: skip
        assert answer["type"] == "success", answer
        return json.loads(answer["result"]["value"])

    def wait(self, condition: str) -> None:
        """Wait until something holds in the page."""
        for _ in range(150):
            if self.run(
                f"() => {{ const bq = document.querySelector('.bq'); return {condition}; }}"
            ):
                return
            time.sleep(0.1)
        raise AssertionError((condition, self.run("() => document.body.innerText.slice(0, 800)")))

    def keys(self, *pressed: str, held: str = "") -> None:
        """Press keys one after the other, with another held down or not."""
        acts = [{"type": kind, "value": key} for key in pressed for kind in ("keyDown", "keyUp")]
        hold = [{"type": "keyDown", "value": held}] if held else []
        let = [{"type": "keyUp", "value": held}] if held else []
        source = {"type": "key", "id": "keys", "actions": [*hold, *acts, *let]}
        self.ask("input.performActions", context=self.tab, actions=[source])

    def click(self, words: str) -> None:
        """Put the caret before words."""
        self.drag(words, to_end=False)

    def drag(self, words: str, *, to_end: bool = True) -> None:
        """Select words with the mouse."""
        self.run(SHOW, words)
        time.sleep(0.2)
        (x, y), (to, low) = self.run(FIND, [words, False]), self.run(FIND, [words, to_end])
        acts = [
            {"type": "pointerMove", "x": round(x), "y": round(y)},
            {"type": "pointerDown", "button": 0},
            {"type": "pointerMove", "x": round((x + to) / 2), "y": round(low), "duration": 50},
            {"type": "pointerMove", "x": round(to), "y": round(low), "duration": 50},
            {"type": "pointerUp", "button": 0},
        ]
        source = {"type": "pointer", "id": "mouse", "parameters": {"pointerType": "mouse"}}
        self.ask("input.performActions", context=self.tab, actions=[{**source, "actions": acts}])


def test_firefox(tmp_path: Path) -> None:
    """Select by mouse and by keyboard, code, rate, overlap, take back: as in Chromium."""
    (tmp_path / "satu.txt").write_text(TALK, encoding="utf-8")
    study = Project.create(tmp_path / "study.bantar", codebook="edwards-iii", coder="SN")
    study.import_documents(tmp_path / "satu.txt")
    desk = Desk(project=study, document="satu", keys=["resources.staff", "resources.budget"])
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler(desk))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        with firefox(tmp_path / "profile") as address, connect(address, max_size=None) as line:
            look(Browser(line), study, f"http://127.0.0.1:{server.server_address[1]}/")
    finally:
        server.shutdown()
        server.server_close()


def look(browser: Browser, study: Project, address: str) -> None:
    """Code in the page, and see what the study holds."""

    def quotes() -> list[tuple[str, str, object]]:
        found = study.quotes(study.codings()).astype(object)
        found = found.where(found.notna(), None)
        return sorted(zip(found["code"], found["quote"], found["valence"], strict=True))

    saved = "bq?.dataset.saving === 'saved'"
    browser.ask("browsingContext.navigate", context=browser.tab, url=address, wait="complete")
    browser.wait("Boolean(bq?.dataset.ready)")
    browser.drag("tidak ada, kafe\u0301 tutup")
    browser.keys("2", "-")
    browser.wait(saved)
    browser.wait("document.querySelectorAll('.bq-name').length === 1")
    browser.drag("tutup. Pegawainya cuma")
    for letter in "wewe":
        browser.keys(letter)
    browser.keys(ENTER)
    browser.wait("document.querySelectorAll('.bq-name').length === 2")
    browser.click("orang")
    browser.keys(*[RIGHT] * 5, held=SHIFT)
    browser.keys("1")
    browser.wait("document.querySelectorAll('.bq-name').length === 3")
    browser.wait(saved)
    staff = ("resources.staff", "orang", None)
    assert quotes() == [
        ("resources.authority", "tutup. Pegawainya cuma", None),
        ("resources.budget", "tidak ada, kafe\u0301 tutup", "barrier"),
        staff,
    ]
    nested = "() => {" + ROOT + " return bq.querySelectorAll('.bq-mark .bq-mark').length; }"
    assert browser.run(nested) == 1
    browser.keys("z", held=CONTROL)
    browser.wait("document.querySelectorAll('.bq-name').length === 2")
    browser.wait(saved)
    assert staff not in quotes()
    assert browser.run("() => errors") == []
