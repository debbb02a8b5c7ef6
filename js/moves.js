// Moving about: the caret, codings, turns, documents, panes.
import { App } from "./app.js";
import { sentenceAt } from "./offsets.js";
import { uncodedTurns } from "./layout.js";

const moves = {
  // The caret moved: which codings lie there?
  look() {
    if (!this.study || this.dragging || !this.page.body.matches(":focus")) return;
    const chosen = this.page.selection();
    if (!chosen) return;
    const { start, end } = chosen;
    this.last = chosen;
    const inside = start === end
      ? (c) => c.start <= start && start <= c.end
      : (c) => c.start < end && c.end > start;
    const length = (c) => c.end - c.start;
    const found = this.visible().filter(inside).sort((one, other) => length(one) - length(other));
    const exact = found.find((c) => c.start === start && c.end === end);
    const before = this.hereIds.join();
    this.hereIds = found.slice(0, 12).map((c) => c.id);
    const kept = found.some((c) => c.id === this.currentId) ? this.currentId : null;
    const next = kept ?? exact?.id ?? found[0]?.id ?? null;
    if (before !== this.hereIds.join()) this.tellHere(found);
    this.setCurrent(next);
  },

  tellHere(found) {
    clearTimeout(this.telling);
    if (!found.length) return;
    this.telling = setTimeout(() => this.bar.whisper(this.t("here", { codes: found.map((c) => this.study.label(c.code)).join(", ") })), 600);
  },

  setCurrent(id) {
    this.currentId = id;
    const now = this.current();
    const before = this.view.get(this.paintedId);
    const changed = this.paintedId !== now?.id;
    this.paintedId = now?.id;
    if (changed) this.page.repaint([before, now].filter(Boolean).map((c) => [c.start, c.end]));
    this.dock.draw();
    if (changed) { this.margin.redraw(); this.handles.redraw(); }
    if (changed && this.mode === "review") this.queue.draw();
  },

  goTo(coding) {
    this.hereIds = [coding.id, ...this.hereIds.filter((id) => id !== coding.id)];
    this.page.body.focus({ preventScroll: true });
    // A suggestion is not selected: the words that spoke for it are to be seen.
    const suggested = coding.status === "suggested";
    this.page.select(coding.start, suggested ? coding.start : coding.end, { scroll: true });
    this.setCurrent(coding.id);
    if (suggested) this.bar.whisper(this.t("suggestion_of", { code: this.study.label(coding.code), quote: this.study.text.slice(coding.start, coding.end) }));
  },

  backToText(span) {
    this.page.body.focus({ preventScroll: true });
    const place = span ?? this.last;
    if (place) this.page.select(place.anchor ?? place.start, place.focus ?? place.end);
    return true;
  },

  caret() {
    return this.page.selection()?.focus ?? this.last?.focus ?? 0;
  },

  stepCoding(direction) {
    const review = this.mode === "review";
    if (review) {
      const row = direction > 0 ? this.queue.next(this.currentId) : this.queue.previous(this.currentId);
      if (row) { this.openSuggestion(row); return true; }
    }
    const order = this.visible().sort((one, other) => one.start - other.start || other.end - one.end || one.id - other.id);
    const now = this.current();
    const at = now ? order.findIndex((c) => c.id === now.id) : -1;
    const caret = this.caret();
    const next = at >= 0 ? order[at + direction] : direction > 0 ? order.find((c) => c.start >= caret) : order.findLast((c) => c.start < caret);
    if (!next) return this.say("no_more");
    this.goTo(next);
    return true;
  },

  toTurn(turn) {
    if (!turn) return this.say("no_more");
    this.backToText({ start: turn[1], end: turn[1] });
    this.page.scrollTo(turn[1]);
    return this.say("turn", { n: turn[0] });
  },

  stepTurn(direction) {
    const { turns } = this.study;
    const caret = this.caret();
    return this.toTurn(direction > 0 ? turns.find(([, start]) => start > caret) : turns.findLast(([, start]) => start < caret));
  },

  stepUncoded() {
    const free = uncodedTurns(this.study.turns, this.all().filter((c) => c.status === "accepted"));
    const caret = this.caret();
    return this.toTurn(free.find(([, start]) => start > caret) ?? free[0]);
  },

  stepDocument(direction) {
    const names = this.study.documents.map(([name]) => name);
    const next = names[names.indexOf(this.study.name) + direction];
    if (!next) return this.say("no_more");
    this.open(next);
    return true;
  },

  open(name) {
    this.say("reading");
    this.link.hello(name);
  },

  selectSentence() {
    const caret = this.caret();
    const place = this.page.paragraphs.find(({ start, end }) => start <= caret && caret <= end);
    const span = place && sentenceAt(this.study.text, place.start, place.end, caret, this.study.document.language);
    if (span) this.page.select(span.start, span.end);
    return true;
  },

  selectTurn() {
    const caret = this.caret();
    const turn = this.study.turns.find(([, start, end]) => start <= caret && caret <= end);
    if (turn) this.page.select(turn[1], turn[2]);
    return true;
  },

  // ------------------------------------------------------------ panes, looks

  cyclePanes(direction) {
    const list = this.listName && !this.queue.element.hidden ? this.queue.list.querySelector("button") ?? this.queue.list : this.tree.list.querySelector("[tabindex='0']");
    const panes = [list, this.page.body, this.dock.cards.querySelector(".bq-card[data-now] button:not([disabled]), button, textarea"), this.bar.documents].filter(Boolean);
    const focused = this.focused();
    const parts = [this.side, this.stage, this.dock.element, this.bar.element];
    const at = parts.findIndex((part) => part.contains(focused));
    const order = panes.map((pane) => parts.findIndex((part) => part.contains(pane)));
    const step = (order.indexOf(at) + direction + panes.length) % panes.length;
    const next = panes[at < 0 ? 1 : step];
    if (next === this.page.body) this.backToText();
    else next.focus();
    return true;
  },

  escape() {
    const chosen = this.page.selection();
    if (this.armed) this.armed = null;
    else if (this.letGo()) return true;
    else if (chosen) this.page.select(chosen.focus);
    this.dock.draw();
    return true;
  },

  toSearch() {
    const span = this.span();
    if (span && span.end - span.start < 60) this.bar.search.value = this.study.text.slice(span.start, span.end);
    this.bar.search.focus();
    this.bar.search.select();
    return true;
  },

  toggleHelp() {
    this.help.element.hidden = !this.help.element.hidden;
    if (this.help.element.hidden) this.backToText();
    else this.help.element.focus();
    return true;
  },

  toggleDim() {
    this.dimmed = !this.dimmed;
    this.root.dataset.dimmed = String(this.dimmed);
    this.bar.draw();
    return true;
  },

  toggleSuggestions() {
    this.offersShown = !this.offersShown;
    this.relook();
  },

  showOnly(path) {
    this.only = this.only === path ? "" : path;
    this.relook();
  },

  relook() {
    this.page.paintAll();
    this.tree.draw();
    this.bar.draw();
    this.margin.redraw();
    this.look();
  },

  // The words that wait for a code stay marked while the focus is elsewhere.
  keepVisible(span) {
    this.highlight("kept", span ? [span] : []);
  },

  highlight(name, spans) {
    if (!globalThis.CSS?.highlights || !this.page?.study) return;
    const key = `bq-${name}`;
    if (!spans.length) { CSS.highlights.delete(key); return; }
    CSS.highlights.set(key, new Highlight(...spans.map(({ start, end }) => {
      const range = document.createRange();
      range.setStart(...this.page.placeOf(start));
      range.setEnd(...this.page.placeOf(end));
      return range;
    })));
  },
};

Object.assign(App.prototype, moves);
