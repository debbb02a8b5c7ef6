// Two handles at the ends of the coding at the caret, to drag its borders.
import { h, oncePerFrame } from "./dom.js";
import { snapped } from "./offsets.js";

export class Handles {
  constructor(app) {
    this.app = app;
    this.redraw = oncePerFrame(() => this.draw());
    // Only the knob can be caught: the words beside a border stay free to be selected.
    this.grips = ["start", "end"].map((end) => h("span.bq-grip", { "data-end": end, "aria-hidden": "true" },
      h("span.bq-knob", { onpointerdown: (event) => this.drag(event, end) })));
  }

  draw() {
    const { page } = this.app;
    const now = this.app.current();
    const visible = now && !this.app.isOthers(now) && typeof now.id === "number"
      && page.numbersIn(now.start, now.end).some((n) => page.near.has(n));
    if (!visible) { page.sizes.replaceChildren(); return; }
    const frame = page.column.getBoundingClientRect();
    page.sizes.replaceChildren(...this.grips);
    for (const [n, position] of [now.start, now.end].entries()) {
      const rect = this.rectAt(position, n);
      if (!rect) continue;
      Object.assign(this.grips[n].style, {
        left: `${(n ? rect.right : rect.left) - frame.left}px`, top: `${rect.top - frame.top}px`, height: `${rect.height}px`,
      });
      this.grips[n].style.setProperty("--c", this.app.colour(now.code));
    }
  }

  rectAt(position, atEnd) {
    const { page } = this.app;
    const range = document.createRange();
    range.setStart(...page.placeOf(atEnd ? position - 1 : position));
    range.setEnd(...page.placeOf(atEnd ? position : position + 1));
    const rects = range.getClientRects();
    return rects[atEnd ? rects.length - 1 : 0];
  }

  drag(event, end) {
    event.preventDefault();
    const { page, study } = this.app;
    const coding = this.app.current();
    const grip = event.currentTarget;
    grip.setPointerCapture(event.pointerId);
    let wanted = { start: coding.start, end: coding.end };
    const move = (moved) => {
      const position = page.at(moved.clientX, moved.clientY);
      if (position === null) return;
      const next = { start: coding.start, end: coding.end, [end]: position };
      if (next.start >= next.end) return;
      wanted = next;
      page.select(next.start, next.end);
    };
    const drop = () => {
      grip.removeEventListener("pointermove", move);
      const span = snapped(study.text, wanted.start, wanted.end);
      if (span) this.app.resize(coding, span);
    };
    grip.addEventListener("pointermove", move);
    grip.addEventListener("pointerup", drop, { once: true });
  }
}
