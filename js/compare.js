// The page that compares two coders: their codings beside one text, and decisions about them.
import { App } from "./app.js";
import { Differences, tally } from "./differences.js";
import { VALENCES } from "./dom.js";
import { onKey } from "./keys.js";
import { Margins, Sides } from "./sides.js";

const QUIET = ["Enter", "Backspace", "Delete", ",", ".", "<", ">", "5", "6", "7", "8", "9"]; // mean nothing here

export class Compare extends App {
  get listName() {
    return "differences";
  }

  parts(snapshot) {
    return { margin: new Margins(this, snapshot.between), dock: new Sides(this), queue: new Differences(this) };
  }

  arrived(snapshot) {
    if (this.study?.name !== snapshot.document.name) { this.row = null; this.queue?.skipped.clear(); }
    super.arrived(snapshot);
    this.queue.load();
  }

  // ------------------------------------------------------------ what is shown

  sideOf(coding) {
    return this.study.between.indexOf(coding.coder);
  }

  visible() {
    const { only } = this;
    return this.all().filter((coding) => coding.status === "accepted" && this.sideOf(coding) >= 0
      && (!only || coding.code === only || coding.code.startsWith(`${only}.`)));
  }

  codingsOf(row) {
    return [this.view.get(row.first) ?? null, this.view.get(row.second) ?? null];
  }

  current() {
    return this.row ? this.codingsOf(this.row).find(Boolean) ?? null : null;
  }

  isNow(id) {
    return Boolean(this.row) && (id === this.row.first || id === this.row.second);
  }

  isOthers() {
    return true; // what the two coded is read here, and not changed
  }

  // Beside a name in the margin: the same, or decided.
  badge(coding) {
    this.rowOf ??= new Map(this.queue.all.flatMap((row) => [[row.first, row], [row.second, row]]));
    const row = this.rowOf.get(coding.id);
    return row?.decision ? "✓ " : row?.kind === "same" ? "= " : "";
  }

  documentTitle(name) {
    const left = name === this.study.name && this.queue.all.length ? tally(this.queue.all).left : this.queue.elsewhere[name];
    return left ? `${name}  (${left})` : name;
  }

  choiceWords(decision) {
    const { study } = this;
    if (study.between.includes(decision)) return decision;
    if (decision === "both" || decision === "neither") return this.t(`choice_${decision}`);
    if (VALENCES.includes(decision)) return this.t(decision);
    return study.byPath.has(decision) ? study.label(decision) : decision;
  }

  // ------------------------------------------------------------ moving

  look() {
    if (!this.study || this.dragging || !this.page.body.matches(":focus")) return;
    const chosen = this.page.selection();
    if (!chosen) return;
    this.last = chosen;
    const { start, end } = chosen;
    const found = this.visible().filter(start === end ? (c) => c.start <= start && start <= c.end : (c) => c.start < end && c.end > start);
    const ids = new Set(found.map((coding) => coding.id));
    const rows = this.queue.all.filter((row) => ids.has(row.first) || ids.has(row.second));
    if (!rows.length || rows.some((row) => row.id === this.row?.id)) return;
    this.tellHere(found);
    this.choose(rows.find((row) => !row.decision && row.kind !== "same") ?? rows[0]);
  }

  setCurrent(id) {
    const row = this.queue.all.find((one) => one.first === id || one.second === id);
    if (row) this.choose(row);
  }

  choose(row) {
    const before = this.row;
    this.row = row;
    this.currentId = this.paintedId = this.current()?.id ?? null;
    this.page.repaint([before, row].filter(Boolean).flatMap((one) => this.codingsOf(one)).filter(Boolean).map((c) => [c.start, c.end]));
    this.dock.draw();
    this.margin.redraw();
    this.queue.draw();
  }

  goTo(coding) {
    const row = this.queue.all.find((one) => one.first === coding.id || one.second === coding.id);
    if (row) this.goToRow(row);
  }

  goToRow(row) {
    const codings = this.codingsOf(row).filter(Boolean);
    const start = Math.min(...codings.map((coding) => coding.start));
    this.choose(row);
    this.page.body.focus({ preventScroll: true });
    this.page.select(start, start, { scroll: true });
    this.queue.follow();
    const said = codings.map((coding) => `${coding.coder}: ${this.study.label(coding.code)}, ${coding.valence ? this.t(coding.valence) : ""} “${this.study.text.slice(coding.start, coding.end)}”`);
    this.bar.whisper(`${this.t(`kind_${row.kind}`)}. ${said.join(". ")}`);
  }

  stepCoding(direction) {
    const rows = this.queue.rows.length ? this.queue.rows : this.queue.all;
    const at = rows.findIndex((row) => row.id === this.row?.id);
    const next = at < 0 ? (direction > 0 ? this.queue.nextOpen(this.row?.id) ?? rows[0] : rows.at(-1)) : rows[at + direction];
    if (!next) return this.say("no_more");
    this.goToRow(next);
    return true;
  }

  skip() {
    if (this.row) this.queue.skipped.add(this.row.id);
    const next = this.queue.nextOpen(this.row?.id);
    if (next) this.goToRow(next);
    else this.say("no_more");
    return true;
  }

  // ------------------------------------------------------------ deciding

  pressed(event) {
    const { key } = event;
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return onKey(this, event);
    const choice = { 1: this.study.between[0], 2: this.study.between[1], 3: "both", 4: "neither" }[key];
    if (choice) return this.row ? this.agree([this.row], choice) : this.say("no_more");
    if (key === " ") return this.skip();
    return QUIET.includes(key) || onKey(this, event);
  }

  // choice: whose coding holds, both, neither, or another code
  agree(rows, choice, valence = this.armed ?? "as given") {
    if (!rows.length) return true;
    const args = { pairs: rows.map((row) => [row.first, row.second]), choice, valence, reason: this.dock.why };
    const next = rows.some((row) => row.id === this.row?.id) || rows.length > 1 ? this.queue.nextOpen(rows.at(-1).id) : null;
    this.armed = null;
    this.dock.why = "";
    this.queue.foresee(args);
    this.queue.ticked.clear();
    this.queue.choose();
    this.link.command("agree", args);
    if (rows.length > 1 || !choice) this.say("decided_many", { n: rows.length });
    else this.say("decided", { choice: this.choiceWords(choice) + (VALENCES.includes(valence) ? `, ${this.t(valence)}` : "") });
    const left = next && !rows.includes(next) ? next : this.queue.nextOpen("");
    if (left) this.goToRow(left);
    else this.choose(this.row);
    return true;
  }

  give(path) {
    const code = this.study.byPath.get(path);
    if (!code || !this.row) return true;
    if (!code.codable) return this.say("refused", { why: this.t("not_codable") });
    return this.agree([this.row], path);
  }

  typeAhead(letters) {
    const { row } = this;
    if (!row) return this.say("no_more");
    const codings = this.codingsOf(row).filter(Boolean);
    const span = { start: Math.min(...codings.map((c) => c.start)), end: Math.max(...codings.map((c) => c.end)) };
    this.chooser.open(letters, { span, then: (path) => this.give(path), create: false });
    return true;
  }

  chooseFor() {
    return this.typeAhead("");
  }

  inVivo() {
    return true;
  }

  // Another rating for what holds; where nothing holds yet, for what is taken next.
  rateHere(valence) {
    const { row } = this;
    if (!row) return this.say("no_more");
    const choice = this.whatHolds(row);
    if (choice) return this.agree([row], choice, valence);
    this.armed = this.armed === valence ? null : valence;
    this.dock.draw();
    return this.say("take_side_first");
  }

  whatHolds({ kind, decision, first }) {
    const [one, other] = this.study.between;
    if ([one, other, "both"].includes(decision) || this.study.byPath.has(decision)) {
      const silent = kind === "only one" && decision === (first ? other : one);
      return silent ? null : decision;
    }
    if (kind === "valence" || kind === "same") return one;
    if (kind === "only one" && decision !== "neither") return first ? one : other;
    return null;
  }

  // ------------------------------------------------------------ what Python says

  patched(patch, command) {
    super.patched(patch, command);
    if (!patch.same || (command && !patch.ok)) this.queue.load();
  }

  toldBack(op, patch) {
    if (!patch.said) { this.say(op === "undo" ? "nothing_undo" : "nothing_redo"); return; }
    this.say(op === "undo" ? "undone" : "redone", { act: this.t(`act_${patch.said.split(":")[0]}`) });
    this.backTo = new Map(this.queue.all.map((row) => [row.id, row.decision])); // to go where it happened
  }

  queued(message) {
    if (message.document !== this.study.name) return;
    const before = this.backTo;
    this.backTo = null;
    this.rowOf = null;
    this.queue.take(message);
    this.bar.recount();
    const changed = before && this.queue.all.find((row) => before.has(row.id) && before.get(row.id) !== row.decision);
    const kept = this.row && (this.queue.find(this.row.id) ?? this.queue.all.find((row) => (row.first && row.first === this.row.first) || (row.second && row.second === this.row.second)));
    const next = changed ?? (this.row ? null : this.queue.nextOpen(""));
    if (next) this.goToRow(next);
    else this.choose(kept ?? null);
  }
}
