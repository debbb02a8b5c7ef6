// The page as a whole: what is shown, what is chosen, and what every act means.
import { Bar } from "./bar.js";
import { Chooser } from "./chooser.js";
import { codeColours, isDark } from "./colours.js";
import { Dock } from "./dock.js";
import { h, oncePerFrame, translator } from "./dom.js";
import { Handles } from "./handles.js";
import { Help } from "./help.js";
import { onKey } from "./keys.js";
import { Link } from "./link.js";
import { Margin } from "./margin.js";
import { Page } from "./page.js";
import { Queue } from "./queue.js";
import { changedStretches, Study, withChoices } from "./study.js";
import { Tree } from "./tree.js";

export class App {
  constructor(model, root) {
    this.model = model;
    this.root = root;
    this.only = "";
    this.dimmed = true;
    this.offersShown = true;
    this.places = [];
    this.choices = new Map(); // by suggestion: code and valence that were chosen, to be accepted with it
    this.link = new Link(model, {
      snapshot: (snapshot) => this.arrived(snapshot), patch: (patch, command) => this.patched(patch, command),
      queue: (message) => this.queued(message), learning: (message) => this.queue.learning?.take(message), trouble: (error) => this.trouble(error),
      status: () => this.status(), unsaved: () => this.refresh(),
    });
    root.append(h("p.bq-waiting", { role: "status" }, model.get("waiting")));
    root.style.setProperty("--height", `${model.get("height")}px`);
    this.listeners = [];
    this.link.hello();
  }

  listen(target, kind, act, options) {
    target.addEventListener(kind, act, options);
    this.listeners.push(() => target.removeEventListener(kind, act, options));
  }

  dispose() {
    this.link.dispose();
    for (const stop of this.listeners) stop();
    this.page?.dispose();
    this.themes?.disconnect();
    this.sizes?.disconnect();
    for (const name of ["found", "hit", "kept"]) this.highlight(name, []);
  }

  // ------------------------------------------------------------ building

  arrived(snapshot) {
    const first = !this.page;
    if (first) this.build(snapshot);
    const again = this.study?.name === snapshot.document.name ? this.study : null;
    const caret = again && this.page.selection();
    const scrolled = this.page.scroller.scrollTop;
    this.study = new Study(snapshot);
    this.link.study = this.study;
    this.keys = first ? [...snapshot.keys] : this.keys;
    this.currentId = null;
    this.hereIds = [];
    this.link.adopt();
    this.view = this.shown();
    this.recolour();
    this.page.open(this.study);
    this.page.paintAll();
    this.bar.draw();
    this.tree.draw();
    this.dock.draw();
    if (again) {
      this.page.scroller.scrollTop = scrolled;
      if (caret) this.page.select(caret.anchor, caret.focus);
    } else if (!first && !this.wantedPlace) this.backToText({ start: this.page.paragraphs[0]?.start ?? 0, end: this.page.paragraphs[0]?.start ?? 0 });
    if (this.mode === "review" && first) this.queue.load(snapshot.wanted);
    if (this.wantedPlace) this.goToWanted();
    this.root.dataset.ready = this.study.name;
    this.followed();
    this.status();
  }

  build(snapshot) {
    this.t = translator(snapshot.words);
    this.mode = snapshot.mode;
    this.page = new Page(this);
    this.handles = new Handles(this);
    this.tree = new Tree(this);
    Object.assign(this, this.parts(snapshot));
    this.chooser = new Chooser(this);
    this.bar = new Bar(this);
    this.help = new Help(this);
    this.margin.put(this.page.column);
    this.root.dataset.mode = this.mode;
    this.side = h("div.bq-side", {}, this.listName ? this.tabs() : null, this.tree.element, this.listName ? this.queue.element : null);
    this.stage = h("div.bq-stage", {}, this.page.scroller);
    this.main = h("div.bq-main", {}, this.bar.element, h("div.bq-desk", {}, this.side, h("div.bq-centre", {}, this.stage, this.dock.element)), this.bar.foot, this.chooser.element, this.help.element);
    this.root.replaceChildren(this.main);
    this.root.setAttribute("aria-label", this.t("page"));
    this.root.setAttribute("role", "region");
    this.root.lang = snapshot.language;
    if (this.listName) this.showTab(this.listName);
    this.caretMoved = oncePerFrame(() => this.look());
    this.listen(this.page.body.ownerDocument, "selectionchange", this.caretMoved);
    // Nothing is repainted under a mouse that selects: the words would slip away from it.
    this.listen(this.page.body, "pointerdown", () => { this.dragging = true; });
    this.listen(this.page.body.ownerDocument, "pointerup", () => { this.dragging = false; this.caretMoved(); });
    this.listen(this.page.body, "keydown", (event) => {
      if (this.pressed(event)) { event.preventDefault(); event.stopPropagation(); }
    });
    this.listen(this.root, "keydown", (event) => {
      if (event.key === "F6") { event.preventDefault(); this.cyclePanes(event.shiftKey ? -1 : 1); }
      else if ((event.ctrlKey || event.metaKey) && !event.target.matches("input, textarea, select") && "zy".includes(event.key.toLowerCase())) {
        event.preventDefault();
        this.back(event.key.toLowerCase() === "y" || event.shiftKey ? "redo" : "undo");
      }
      event.stopPropagation();
    });
    this.listen(this.page.scroller, "scroll", () => {
      if (this.page.scroller.clientHeight) this.scrolled = this.page.scroller.scrollTop;
    });
    // A notebook may take a cell that is out of sight off the page, and forget how far it was scrolled.
    this.sizes = new ResizeObserver(() => {
      if (this.page.scroller.clientHeight && !this.page.scroller.scrollTop && this.scrolled) this.page.scroller.scrollTop = this.scrolled;
      this.margin.redraw();
      this.handles.redraw();
    });
    this.sizes.observe(this.page.column);
    this.themes = new MutationObserver(() => this.recolour());
    for (const element of [document.documentElement, document.body]) this.themes.observe(element, { attributes: true, attributeFilter: ["class", "data-theme", "data-jp-theme-light", "style"] });
  }

  parts() {
    return { margin: new Margin(this), dock: new Dock(this), queue: new Queue(this) };
  }

  // The list beside the codes, if the page has one.
  get listName() {
    return this.mode === "review" ? "suggestions" : "";
  }

  pressed(event) {
    return onKey(this, event);
  }

  tabs() {
    const tab = (name) => h("button", { type: "button", role: "tab", "data-tab": name, onclick: () => this.showTab(name) }, this.t(name));
    this.tabList = h("div.bq-tabs", { role: "tablist" }, tab(this.listName), tab("codes"));
    return this.tabList;
  }

  showTab(name) {
    for (const tab of this.tabList.children) tab.setAttribute("aria-selected", String(tab.dataset.tab === name));
    this.tree.element.hidden = name !== "codes";
    this.queue.element.hidden = name === "codes";
  }

  recolour() {
    const wanted = this.model.get("theme");
    const dark = wanted === "auto" ? this.hostIsDark() : wanted === "dark";
    if (this.root.dataset.theme !== (dark ? "dark" : "light") || !this.colours || this.coloured !== this.study?.codes) {
      this.root.dataset.theme = dark ? "dark" : "light";
      if (!this.study) return;
      this.coloured = this.study.codes;
      this.colours = codeColours(this.study.codes, dark);
      if (this.page.study) { this.page.paintAll(); this.tree.draw(); this.dock.draw(); this.margin.redraw(); }
    }
  }

  hostIsDark() {
    for (let element = this.root; element; element = element.parentElement ?? element.getRootNode().host) {
      if (element === this.root) continue;
      const found = isDark(getComputedStyle(element).backgroundColor);
      if (found !== null) return found;
    }
    return matchMedia("(prefers-color-scheme: dark)").matches;
  }

  // ------------------------------------------------------------ what is shown

  colour(path) {
    return this.colours?.get(path) ?? "#777777";
  }

  shown() {
    return withChoices(this.study.shown(this.link.pending), this.choices);
  }

  all() {
    return [...this.view.values()];
  }

  visible() {
    const { only } = this;
    return this.all().filter((coding) => (this.offersShown || coding.status !== "suggested")
      && (!only || coding.code === only || coding.code.startsWith(`${only}.`)));
  }

  codingOf(id) {
    return this.view.get(id);
  }

  current() {
    return this.view?.get(this.currentId) ?? null;
  }

  isNow(id) {
    return id === this.current()?.id;
  }

  badge() {
    return "";
  }

  sideOf() {
    return null;
  }

  here() {
    return this.hereIds.map((id) => this.view.get(id)).filter(Boolean);
  }

  isOthers(coding) {
    return coding.origin === "hand" && coding.coder !== this.study.me;
  }

  hasMemo(coding) {
    return Boolean(coding.memo) || this.study.memos.some((memo) => memo.about === "coding" && memo.key === String(coding.id));
  }

  focused() {
    const root = this.root.getRootNode();
    return root.activeElement ?? document.activeElement;
  }

  // After anything changed: repaint what looks different, and nothing else.
  refresh() {
    if (!this.study || !this.view) return;
    const before = this.view;
    this.view = this.shown();
    const stretches = changedStretches(before, this.view);
    this.follow(before);
    const now = this.current();
    if (now?.id !== this.paintedId) {
      const was = this.view.get(this.paintedId);
      stretches.push(...[was, now].filter(Boolean).map((c) => [c.start, c.end]));
      this.paintedId = now?.id;
    }
    this.page.repaint(stretches);
    this.tree.draw();
    this.bar.recount();
    this.dock.draw();
    this.margin.redraw();
    this.handles.redraw();
    this.status();
  }

  // A coding gets its real id once it is saved: stay on it.
  follow(before) {
    const rename = (id) => {
      if (this.view.has(id)) return id;
      const gone = before.get(id);
      const twin = gone && this.all().find((c) => c.start === gone.start && c.end === gone.end && c.coder === gone.coder
        && (gone.fresh ? !before.has(c.id) : c.code === gone.code));
      return twin?.id ?? null;
    };
    this.hereIds = [...new Set(this.hereIds.map(rename).filter((id) => id !== null))];
    this.currentId = rename(this.currentId) ?? this.hereIds[0] ?? null;
  }

  status() {
    if (this.bar) this.bar.saved(this.link.state);
    if (this.page) this.root.dataset.saving = this.link.state[0];
    if (this.page && Date.now() - (this.lookedAt ?? 0) > 2000) { // a theme's colours arrive when they like
      this.lookedAt = Date.now();
      this.recolour();
    }
  }

  // A trait that the browser sets, so that cells of reactive notebooks follow what was coded.
  followed() {
    if (this.model.get("seen") === this.study.rev) return;
    this.model.set("seen", this.study.rev);
    this.model.save_changes();
  }

  say(key, facts) {
    this.bar?.tell(this.t(key, facts));
    return true;
  }

  // ------------------------------------------------------------ what Python says

  patched(patch, command) {
    const book = this.study.book;
    this.study.take(patch);
    if (book !== this.study.book) this.recolour();
    this.refresh();
    this.followed();
    if (!patch.same) this.queue.learning?.ask();
    if (!command && (patch.codings?.length || patch.gone?.length)) this.say("changed_elsewhere");
    if (!command) return;
    if (!patch.ok) {
      if (command.choice) { this.choices.set(command.args.codings[0], command.choice); this.refresh(); }
      this.say("refused", { why: patch.error });
      return;
    }
    if (command.op === "undo" || command.op === "redo") this.toldBack(command.op, patch);
    if (command.op === "accept" || command.op === "reject" || command.op === "uncode") this.queue.drop(command.args.codings);
    command.after?.(patch);
    if (patch.said && command.args.label) this.say("code_added", { code: this.study.label(patch.said) });
    if (this.mode === "review" && (command.op === "undo" || command.op === "redo" || (this.queue.rows.length < 20 && this.queue.left > this.queue.rows.length))) this.queue.load();
  }

  toldBack(op, patch) {
    if (!patch.said) { this.say(op === "undo" ? "nothing_undo" : "nothing_redo"); return; }
    const verb = patch.said.split(":")[0];
    const elsewhere = !patch.same && !patch.codings.length && !patch.gone.length && !patch.memos && !patch.codes;
    this.say(op === "undo" ? "undone" : "redone", { act: this.t(`act_${verb}`) + (elsewhere ? ` (${this.t("elsewhere")})` : "") });
    const changed = patch.codings?.map((row) => this.view.get(row[0])).find(Boolean);
    if (changed) { this.goTo(changed); }
  }

  queued(message) {
    this.queue.take(message);
    const inText = this.current()?.status === "suggested";
    if (this.mode === "review" && !inText && message.rows.length) this.openSuggestion(message.rows[0]);
  }

  trouble(error) {
    if (this.bar) this.say("refused", { why: error });
    else this.root.replaceChildren(h("p.bq-waiting", { role: "alert" }, error));
  }
}
