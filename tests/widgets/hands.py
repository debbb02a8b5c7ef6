"""What a researcher's hands do on a coding page, in any host."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page

# A page may lie in a shadow root, and be one of several; the last visible one is meant.
ROOT = """
  const roots = [document];
  const found = [];
  while (roots.length) {
    const root = roots.pop();
    found.push(...root.querySelectorAll(".bq[data-ready]"));
    for (const e of root.querySelectorAll("*")) if (e.shadowRoot) roots.push(e.shadowRoot);
  }
  const bq = found.filter((e) => e.getClientRects().length).at(-1);
"""
RANGE = (
    ROOT
    + """
  const walker = document.createTreeWalker(bq.querySelector(".bq-text"), NodeFilter.SHOW_TEXT);
  let all = "";
  const nodes = [];
  for (let n = walker.nextNode(); n; n = walker.nextNode()) { nodes.push([all.length, n]); all += n.data; }
  const at = all.indexOf(words);
  const point = (position, atEnd) => {
    const [from, node] = nodes.findLast(([start]) => atEnd ? start < position : start <= position);
    return [node, position - from];
  };
"""
)
FIND = (
    "([words, atEnd]) => {"
    + RANGE
    + """
  if (at < 0) return null;
  const size = [...words].at(atEnd ? -1 : 0).length;
  const from = atEnd ? at + words.length - size : at;
  const range = document.createRange();
  range.setStart(...point(from, false));
  range.setEnd(...point(from + size, true));
  const rects = range.getClientRects();
  const r = rects[atEnd ? rects.length - 1 : 0];
  return [atEnd ? r.right - 0.4 : r.left + 0.4, (r.top + r.bottom) / 2];
}"""
)
SHOW = (
    "(words) => {"
    + RANGE
    + " if (at >= 0) point(at, false)[0].parentElement.scrollIntoView({ block: 'center' }); }"
)


class Hands:
    """A mouse and a keyboard over one coding page."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def spot(self, words: str, *, end: bool = False) -> tuple[float, float]:
        """Return where on the screen words begin or end, once the layout has come to rest."""
        last: Any = None
        for _ in range(40):
            found = self.page.evaluate(FIND, [words, end])
            assert found, words
            if found == last:
                break
            last = found
            self.page.wait_for_timeout(40)
        return float(last[0]), float(last[1])

    def drag(self, words: str) -> None:
        """Select words with the mouse."""
        self.page.evaluate(SHOW, words)
        self.spot(words)
        self.page.mouse.move(*self.spot(words))
        self.page.mouse.down()
        self.page.mouse.move(*self.spot(words, end=True), steps=4)
        self.page.mouse.up()

    def caret(self, words: str) -> None:
        """Put the caret before words, with a click."""
        self.page.evaluate(SHOW, words)
        self.spot(words)
        self.page.mouse.click(*self.spot(words))

    def press(self, *keys: str) -> None:
        """Press keys, one after the other, and wait until what they changed is drawn."""
        for key in keys:
            self.page.keyboard.press(key)
        self.painted()

    def saved(self) -> None:
        """Wait until the page says that everything is kept."""
        self.page.wait_for_function("() => {" + ROOT + " return bq?.dataset.saving === 'saved'; }")
        self.painted()

    def painted(self) -> None:
        """Wait two frames: margin and lists are drawn a frame after what they show."""
        frame = "new Promise((go) => requestAnimationFrame(() => requestAnimationFrame(go)))"
        self.page.evaluate(f"() => {frame}")
