// The transcript on the page: paragraphs, and the marks of codings in them.
import { h } from "./dom.js";
import { blocks, paragraphAt, wordsOf } from "./layout.js";
import { lanes, segments } from "./segments.js";

const STRETCH = 10; // blocks that are laid out, painted and watched together
const LANES = 4; // underlines that can be told apart; the margin shows the others too

export class Page {
  constructor(app) {
    this.app = app;
    this.body = h("div.bq-text", {
      contenteditable: "true", role: "textbox", "aria-multiline": "true", "aria-readonly": "true",
      inputmode: "none", spellcheck: "false", autocorrect: "off", autocapitalize: "off", tabindex: "0",
      translate: "no", "data-gramm": "false",
    });
    const refuse = (event) => event.preventDefault();
    for (const kind of ["beforeinput", "paste", "cut", "drop", "dragstart", "dragover"]) this.body.addEventListener(kind, refuse);
    // Pressing inside a selection would begin to drag its words about; it shall begin a new selection.
    this.body.addEventListener("mousedown", (event) => {
      if (event.button !== 0 || event.shiftKey || event.detail > 1) return;
      const chosen = this.selection();
      const position = chosen && chosen.start < chosen.end ? this.at(event.clientX, event.clientY) : null;
      if (position !== null) this.select(position);
    });
    // Paragraphs outside the window are not laid out; once they are, their brackets are drawn.
    this.body.addEventListener("contentvisibilityautostatechange", () => app.margin.soon(), true);
    this.body.addEventListener("compositionend", () => this.paintAll());
    this.sizes = h("div.bq-handles");
    this.column = h("div.bq-column", {}, this.body, this.sizes);
    this.scroller = h("div.bq-scroller", { tabindex: "-1" }, this.column);
    this.paragraphs = [];
    this.near = new Set();
    this.stale = new Set(); // far from the window, and not painted since something changed there
  }

  open(study) {
    this.study = study;
    const { t } = this.app;
    this.body.setAttribute("aria-label", t("transcript", { title: study.document.title }));
    this.body.lang = study.document.language || "";
    this.paragraphs = [];
    this.stale.clear();
    this.near.clear();
    const laid = blocks(study.text, study.turns, [...study.saved.values()]);
    const speakers = laid.some((block) => block.speaker);
    const stretches = [];
    for (let n = 0; n < laid.length; n += STRETCH) stretches.push(this.stretch(laid.slice(n, n + STRETCH), speakers, t));
    this.body.replaceChildren(...stretches);
    this.watch();
    this.scroller.scrollTop = 0;
    this.app.scrolled = 0;
  }

  // Thousands of turns, each watched by itself, cost every frame of scrolling more than drawing them.
  stretch(blocks_, speakers, t) {
    const from = this.paragraphs.length;
    const elements = blocks_.map((block) => this.block(block, speakers, t));
    const lines = blocks_.reduce((sum, { start, end }) => sum + Math.max(1, Math.ceil((end - start) / 72)), 0);
    return h("div.bq-stretch", { "data-from": from, "data-to": this.paragraphs.length, style: { "--lines": lines, "--blocks": blocks_.length } }, ...elements);
  }

  block(block, speakers, t) {
    const element = h("div.bq-block", {
      "data-kind": block.kind, "data-role": block.role || null, "data-turn": block.number ?? null,
      "data-speaker": block.speaker || null, "data-number": speakers || block.kind !== "turn" ? block.number ?? null : null,
      "data-time": block.time || null,
      "data-head": block.kind === "head" ? t("front") : null,
    });
    for (const paragraph of block.paragraphs) {
      const p = h("p", { "data-p": this.paragraphs.length });
      this.paragraphs.push({ ...paragraph, element: p, block });
      p.append(this.study.text.slice(paragraph.start, paragraph.end));
      element.append(p);
    }
    return element;
  }

  // Marks and brackets are drawn for the paragraphs near the window only.
  watch() {
    this.observer?.disconnect();
    this.near.clear();
    this.observer = new IntersectionObserver((entries) => {
      for (const { target, isIntersecting } of entries) {
        for (let number = Number(target.dataset.from); number < Number(target.dataset.to); number += 1) {
          if (isIntersecting) this.near.add(number);
          else this.near.delete(number);
        }
      }
      this.renew([...this.stale].filter((number) => this.near.has(number)));
      this.app.margin.soon();
    }, { root: this.scroller, rootMargin: "600px 0px" });
    for (const element of this.body.children) this.observer.observe(element);
  }

  numbersIn(start, end) {
    const numbers = [];
    if (!this.paragraphs.length) return numbers;
    for (let n = paragraphAt(this.paragraphs, start); n < this.paragraphs.length; n += 1) {
      if (this.paragraphs[n].start > end) break;
      numbers.push(n);
    }
    return numbers;
  }

  paintAll() {
    this.renew(this.paragraphs.map((_, n) => n));
  }

  paint(numbers) {
    const codings = this.app.visible();
    this.lanes = lanes(codings);
    const byParagraph = new Map();
    for (const n of numbers) {
      if (this.near.has(n)) byParagraph.set(n, []);
      else this.stale.add(n);
    }
    if (!byParagraph.size) return;
    for (const coding of codings) {
      for (const n of this.numbersIn(coding.start, coding.end)) byParagraph.get(n)?.push(coding);
    }
    for (const [n, here] of byParagraph) {
      this.paintOne(n, here);
      this.stale.delete(n);
    }
  }

  paintOne(number, codings) {
    const { start, end, element } = this.paragraphs[number];
    const { text } = this.study;
    const now = this.app.current();
    const why = now?.because ? wordsOf(now.because, text, now.start, now.end) : [];
    const spans = [...codings, ...why.map(([from, to], n) => ({ id: -1 - n, start: from, end: to, why: true }))];
    const byId = new Map(spans.map((span) => [span.id, span]));
    if (!spans.length) { element.replaceChildren(text.slice(start, end)); return; }
    element.replaceChildren(...segments(spans, start, end).map((piece) => {
      let node = document.createTextNode(text.slice(piece.start, piece.end));
      for (const id of piece.ids.toReversed()) node = this.mark(byId.get(id), node);
      return node;
    }));
  }

  mark(span, inner) {
    if (span.why) return h("strong.bq-why", {}, inner);
    const lane = this.lanes.get(span.id) ?? 0;
    const mark = h("mark.bq-mark", {
      "data-id": span.id, "data-status": span.status, "data-now": this.app.isNow(span.id), "data-side": this.app.sideOf(span),
      "data-lane": Math.min(lane, LANES),
      style: { "--c": this.app.colour(span.code) },
    }, inner);
    return mark;
  }

  // ------------------------------------------------------------ positions

  offsetOf(node, offset) {
    if (!this.paragraphs.length || !this.body.contains(node)) return null;
    const p = (node.nodeType === 1 ? node : node.parentElement).closest("[data-p]");
    if (!p) {
      const next = node.childNodes[offset];
      const inside = next?.nodeType === 1 && (next.matches("[data-p]") ? next : next.querySelector("[data-p]"));
      if (inside) return this.paragraphs[Number(inside.dataset.p)].start;
      const before = [...this.body.querySelectorAll("[data-p]")].findLast(
        (one) => node.compareDocumentPosition(one) & Node.DOCUMENT_POSITION_PRECEDING || node.contains(one));
      return before ? this.paragraphs[Number(before.dataset.p)].end : 0;
    }
    const range = document.createRange();
    range.setStart(p, 0);
    range.setEnd(node, offset);
    return this.paragraphs[Number(p.dataset.p)].start + range.toString().length;
  }

  placeOf(position) {
    const number = paragraphAt(this.paragraphs, position);
    const { start, end, element } = this.paragraphs[number];
    let left = Math.min(Math.max(position, start), end) - start;
    const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
    let node = walker.nextNode();
    let last = node;
    while (node && left > node.length) {
      left -= node.length;
      last = node;
      node = walker.nextNode();
    }
    return node ? [node, left] : [last ?? element, last ? last.length : 0];
  }

  raw() {
    const root = this.body.getRootNode();
    const selection = root.getSelection?.() ?? document.getSelection();
    if (root !== document && !root.getSelection && selection?.getComposedRanges) {
      const [range] = selection.getComposedRanges({ shadowRoots: [root] });
      return range && [range.startContainer, range.startOffset, range.endContainer, range.endOffset, false];
    }
    if (!selection?.anchorNode) return null;
    const { anchorNode, anchorOffset, focusNode, focusOffset } = selection;
    return [anchorNode, anchorOffset, focusNode, focusOffset];
  }

  // The selection as positions in the text, the moving end last; read anew whenever it is needed.
  selection() {
    const raw = this.raw();
    if (!raw) return null;
    const anchor = this.offsetOf(raw[0], raw[1]);
    const focus = this.offsetOf(raw[2], raw[3]);
    if (anchor === null || focus === null) return null;
    return { anchor, focus, start: Math.min(anchor, focus), end: Math.max(anchor, focus) };
  }

  select(anchor, focus = anchor, { scroll = false } = {}) {
    if (!this.paragraphs.length) return;
    const root = this.body.getRootNode();
    const selection = root.getSelection?.() ?? document.getSelection();
    selection.setBaseAndExtent(...this.placeOf(anchor), ...this.placeOf(focus));
    if (scroll) this.scrollTo(Math.min(anchor, focus));
  }

  scrollTo(position) {
    const { element } = this.paragraphs[paragraphAt(this.paragraphs, position)];
    const view = this.scroller.getBoundingClientRect();
    const centre = () => {
      const [node, offset] = this.placeOf(position);
      const range = document.createRange();
      range.setStart(node, offset);
      range.collapse(true);
      const rect = range.getClientRects()[0] ?? element.getBoundingClientRect();
      if (rect.top < view.top + 40 || rect.bottom > view.bottom - 60) {
        this.scroller.scrollTop += rect.top - view.top - view.height / 3;
      }
    };
    centre();
    requestAnimationFrame(centre); // paragraphs that were never laid out only now know their height
  }

  at(x, y) {
    const root = this.body.getRootNode();
    const place = document.caretPositionFromPoint?.(x, y, root === document ? {} : { shadowRoots: [root] });
    if (place) return this.offsetOf(place.offsetNode, place.offset);
    const range = document.caretRangeFromPoint?.(x, y);
    return range ? this.offsetOf(range.startContainer, range.startOffset) : null;
  }

  // Repaint the stretches, and leave caret and scrolling where they were.
  repaint(stretches) {
    this.renew([...new Set(stretches.flatMap(([start, end]) => this.numbersIn(start, end)))]);
  }

  renew(numbers) {
    if (!numbers.length) return;
    const kept = this.body.matches(":focus") ? this.selection() : null;
    this.paint(numbers);
    const touched = kept && this.numbersIn(kept.start, kept.end).some((n) => numbers.includes(n));
    if (touched) this.select(kept.anchor, kept.focus);
  }

  dispose() {
    this.observer?.disconnect();
  }
}
