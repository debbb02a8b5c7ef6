// The margin: a bracket for each coding near the window, and its name beside it.
import { button, h, oncePerFrame, SIGNS } from "./dom.js";
import { lanes } from "./segments.js";

const LANE = 9; // pixels
const SIDE = 7; // brackets side by side, and one more for all the rest
const LINE = 19; // pixels of a name

function svg(tag, attributes) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
}

export class Margin {
  // whose: only this coder's codings; side 0: left of the text
  constructor(app, { coder = "", side = 1 } = {}) {
    Object.assign(this, { app, coder, left: side === 0, dotted: Boolean(coder) && side === 1 });
    this.lines = svg("svg", { class: "bq-lines", "aria-hidden": "true" });
    this.names = h("div.bq-names");
    this.element = h("div.bq-margin", { "data-left": this.left }, this.lines, this.names);
    this.redraw = oncePerFrame(() => this.draw());
  }

  put(column) {
    column.append(this.element);
  }

  // While the text scrolls, names move with it; only what comes near is drawn, a few times a second.
  soon() {
    this.timer ??= setTimeout(() => { this.timer = null; this.redraw(); }, 100);
  }

  draw() {
    const { page } = this.app;
    if (!page.study) return;
    const top = page.column.getBoundingClientRect().top;
    const ends = new Map();
    for (const n of [...page.near].sort((one, other) => one - other)) {
      for (const mark of page.paragraphs[n]?.element.querySelectorAll(".bq-mark") ?? []) {
        const rects = mark.getClientRects();
        if (!rects.length) continue;
        const seen = ends.get(mark.dataset.id);
        const [first, last] = [rects[0].top - top, rects[rects.length - 1].bottom - top];
        ends.set(mark.dataset.id, seen ? [Math.min(seen[0], first), Math.max(seen[1], last)] : [first, last]);
      }
    }
    const codings = this.app.visible().filter((coding) => ends.has(String(coding.id)) && (!this.coder || coding.coder === this.coder));
    // Side by side by height, not by words: two codings on one line share no lane either.
    const places = lanes(codings.map((coding, id) => {
      const [start, end] = ends.get(String(coding.id));
      return { id, start: Math.round(start), end: Math.round(end) };
    }));
    const shown = Math.min(Math.max(0, ...places.values()), SIDE);
    const lines = [];
    const names = [];
    let free = -Infinity;
    const placed = codings
      .map((coding, id) => ({ coding, lane: Math.min(places.get(id), SIDE), from: ends.get(String(coding.id))[0], to: ends.get(String(coding.id))[1] }))
      .sort((one, other) => one.from - other.from || one.to - other.to);
    for (const { coding, lane, from, to } of placed) {
      const x = 6 + lane * LANE;
      const colour = this.app.colour(coding.code);
      const y = Math.max(from + 2, free);
      free = y + LINE;
      lines.push(...this.bracket(x, from + 4, to - 3, colour, coding, this.app.isNow(coding.id)));
      if (y > from + 6) lines.push(this.leader(x, from + 8, 14 + shown * LANE, y + LINE / 2 - 1));
      names.push(this.name(coding, y, 18 + shown * LANE, colour, this.app.isNow(coding.id)));
    }
    // The drawing is as high as the window and a bit, not as the whole transcript.
    const from = Math.max(0, page.scroller.scrollTop - 1000);
    const high = page.scroller.clientHeight + 2000;
    Object.assign(this.lines.style, { top: `${from}px`, height: `${high}px` });
    const mirrored = this.left ? `translate(${this.element.clientWidth} 0) scale(-1 1) ` : "";
    const group = svg("g", { transform: `${mirrored}translate(0 ${-from})` });
    group.append(...lines);
    this.lines.replaceChildren(group);
    this.names.replaceChildren(...names);
  }

  bracket(x, from, to, colour, coding, now) {
    const wide = now ? 3 : 1.75;
    const look = { stroke: colour, "stroke-width": wide, fill: "none", "stroke-linecap": "round" };
    if (coding.status === "suggested") look["stroke-dasharray"] = "2 4";
    if (this.dotted) Object.assign(look, { "stroke-dasharray": "0.1 5", "stroke-width": wide + 1.25 });
    if (to - from < 24 && coding.status === "suggested") return [svg("circle", { cx: x, cy: (from + to) / 2, r: 3.2, ...look, "stroke-dasharray": "none", "stroke-width": 1.5 })];
    if (to - from < 24) return [svg("path", { d: `M${x} ${from + 3}V${Math.max(to - 3, from + 5)}`, ...look, "stroke-width": wide + 1.5 })];
    return [svg("path", { d: `M${x - 4} ${from}H${x}V${to}H${x - 4}`, ...look })];
  }

  leader(x, y, toX, toY) {
    return svg("path", { d: `M${x + 2} ${y}L${toX} ${toY}`, class: "bq-leader", fill: "none" });
  }

  name(coding, top, left, colour, now) {
    const { study } = this.app;
    const whose = !this.coder && coding.origin === "hand" && coding.coder !== study.me ? ` · ${coding.coder}` : "";
    const badge = this.app.badge(coding);
    const said = h("span", {}, badge,
      coding.valence ? h("b.bq-sign", { "data-valence": coding.valence }, SIGNS[coding.valence]) : null,
      study.label(coding.code), whose ? h("i", {}, whose) : null,
      this.app.hasMemo(coding) ? h("span.bq-has-memo", {}, " ✎") : null);
    return button("button.bq-name", said, () => this.app.goTo(coding), {
      tabindex: "-1", "data-id": coding.id, "data-status": coding.status, "data-now": now, "aria-hidden": "true", "data-settled": Boolean(badge),
      title: study.fullLabel(coding.code), style: { top: `${top}px`, [this.left ? "right" : "left"]: `${left}px`, "max-width": `calc(100% - ${left + 4}px)`, "--c": colour },
    });
  }
}
