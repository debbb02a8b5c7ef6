"""A page that plays the notebook: the real widget and the real Python, without Jupyter between."""

from __future__ import annotations

import json
import queue
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page

from bantar_qual.widgets.desk import Desk
from tests.widgets.hands import Hands

STATIC = Path(__file__).parents[2] / "bantar_qual" / "widgets" / "static"

# The part of a notebook that a widget sees: state, and messages there and back.
HOST = """
<!doctype html><html lang="en"><head><title>Host</title><meta charset="utf-8"></head>
<body style="margin:12px;background:%s"><main><div id="cell"></div></main></body></html>
"""
START = """
async ({ source, css, state }) => {
  document.head.append(Object.assign(document.createElement("style"), { textContent: css }));
  const url = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
  globalThis.bqModule = (await import(url)).default;
  globalThis.bqState = state;
  globalThis.bqModels = [];
  globalThis.bqOpen = (place = document.querySelector("#cell")) => {
    const heard = new Set();
    const model = {
      get: (name) => globalThis.bqState[name],
      set: (name, value) => { globalThis.bqState[name] = value; },
      save_changes: () => {},
      on: (kind, act) => { if (kind === "msg:custom") heard.add(act); },
      off: (kind, act) => heard.delete(act),
      send: (message) => { if (!model.deaf) globalThis.toPython(JSON.stringify(message)); },
      hear: (message) => { for (const act of heard) act(message); },
      deaf: false,
    };
    globalThis.bqModels.push(model);
    model.close = globalThis.bqModule.render({ model, el: place });
    return model;
  };
}
"""


class Host(Hands):
    """One browser page with the widget, talking to a desk."""

    def __init__(self, page: Page, desk: Desk) -> None:
        super().__init__(page)
        self.desk = desk
        self.requests: list[str] = []
        self.errors: list[str] = []
        self.heard: list[dict[str, Any]] = []
        self.silent = False
        self._inbox: queue.Queue[str] = queue.Queue()

    def open(self, *, theme: str = "auto", height: int = 640, background: str = "#ffffff") -> Host:
        """Show the widget."""
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.expose_function("toPython", self.to_python)
        self.page.set_content(HOST % background)
        state = {
            "height": height,
            "theme": theme,
            "waiting": "Waiting for Python.",
            "seen": 0,
            "mode": self.desk.mode,
        }
        self.page.evaluate(
            START,
            {
                "source": (STATIC / "widget.js").read_text(encoding="utf-8"),
                "css": (STATIC / "widget.css").read_text(encoding="utf-8"),
                "state": state,
            },
        )
        self.desk.wake = self.wake
        self.show()
        return self

    def show(self) -> None:
        """Show the widget once more, as running the cell again does."""
        self.page.evaluate("() => { globalThis.bqOpen(); }")
        self.page.wait_for_selector(".bq[data-ready]")

    def to_python(self, message: str) -> None:
        """Hand a message of the page to Python, and the answers back."""
        told = json.loads(message)
        self.heard.append(told)
        if self.silent:
            return
        try:
            replies = self.desk.answer(told)
        except Exception as error:  # a page never hears of it; the test shall
            self.errors.append(f"{type(error).__name__}: {error}")
            raise
        for reply in replies:
            text = json.dumps(reply, ensure_ascii=False)
            self.page.evaluate("t => bqModels.forEach(m => m.hear(JSON.parse(t)))", text)
        self.desk.pass_on()

    def wake(self) -> None:
        """Tell the page that something changed elsewhere."""
        self.page.evaluate("() => bqModels.forEach(m => m.hear({ to: '', kind: 'changed' }))")


@contextmanager
def hosted(browser: Browser, desk: Desk, **look: Any) -> Iterator[Host]:
    """Give a page with the widget; nothing may leave the machine, and no script may fail."""
    size = look.pop("size", {"width": 1180, "height": 720})
    context: BrowserContext = browser.new_context(viewport=size)
    try:
        host = Host(context.new_page(), desk).open(**look)
        yield host
        assert not host.errors, host.errors
        outside = [url for url in host.requests if not url.startswith(("blob:", "data:", "about:"))]
        assert not outside, outside
    finally:
        desk.wake = lambda: None
        context.close()
