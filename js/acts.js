// What the researcher can do, each a command to Python, painted at once.
import { App } from "./app.js";
import { randomId } from "./dom.js";
import { snapped, wordEnds, wordStarts } from "./offsets.js";

const acts = {
  // The words that are chosen now, read at this very moment; null if only a caret is there.
  span() {
    const chosen = this.page?.selection();
    return chosen && chosen.start < chosen.end ? snapped(this.study.text, chosen.start, chosen.end) : null;
  },

  // label: the name of a new code below the path; it and the coding are one act
  give(path, label = "") {
    const code = this.study.byPath.get(path);
    if (!code && !label) return true;
    if (!label && !code.codable) return this.say("refused", { why: this.t("not_codable") });
    const span = this.span() ?? this.kept;
    if (!span && this.inReview()) { this.recode(this.current(), path, label); return true; }
    if (!span) return this.say("select_first");
    const twin = !label && this.all().find((c) => c.coder === this.study.me && c.code === path && c.start === span.start && c.end === span.end);
    if (twin) { this.setCurrent(twin.id); return this.say("coded_twice", { code: this.study.label(path) }); }
    const id = randomId();
    const valence = this.armed ?? null;
    this.armed = null;
    this.currentId = `new-${id}`;
    this.hereIds = [this.currentId, ...this.hereIds];
    this.link.command("code", { code: path, label, valence }, span, null, id);
    if (!this.page.body.matches(":focus")) this.backToText(span);
    return this.say("coded", { code: label || this.study.label(path) });
  },

  // A suggestion is being looked at and no other words are chosen: codes are for it.
  inReview() {
    return this.mode === "review" && this.current()?.status === "suggested";
  },

  typeAhead(letters) {
    const span = this.span();
    if (!span && this.inReview()) return this.chooseFor(this.current(), letters);
    if (!span) return this.say("select_first");
    this.chooser.open(letters, { span, then: (path, label) => this.giveTo(span, path, label) });
    return true;
  },

  inVivo() {
    const span = this.span();
    if (!span) return this.say("select_first");
    const words = this.study.text.slice(span.start, span.end).replace(/\s+/gu, " ");
    const label = words.length > 60 ? `${words.slice(0, 57).trimEnd()}…` : words;
    return this.giveTo(span, this.chooser.parent(), label);
  },

  giveTo(span, path, label) {
    this.kept = span;
    this.give(path, label);
    this.kept = null;
    return true;
  },

  // What is at the caret and may be changed; says why not.
  able(coding) {
    if (!coding) { this.say("no_coding"); return null; }
    if (typeof coding.id !== "number") { this.say("saving"); return null; }
    if (this.isOthers(coding)) { this.say("by", { coder: coding.coder }); return null; }
    return coding;
  },

  chooseFor(coding, letters = "") {
    if (!this.able(coding)) return true;
    this.chooser.open(letters, { span: coding, then: (path, label) => this.recode(coding, path, label) });
    return true;
  },

  recode(coding, path, label = "") {
    if (coding.code === path && !label) return;
    if (coding.status === "suggested") { this.hold(coding, { code: path, label }); return; }
    this.link.command("recode", { codings: [coding.id], code: path, label });
    this.say("recoded", { code: label || this.study.label(path) });
  },

  // What is chosen for a suggestion is accepted together with it, in one act.
  hold(coding, values) {
    const given = coding.given ?? coding;
    const choice = { ...this.choices.get(coding.id), ...values };
    if (choice.code === given.code && !choice.label) { delete choice.code; delete choice.label; }
    if (choice.valence === given.valence) delete choice.valence;
    if (Object.keys(choice).length) this.choices.set(coding.id, choice);
    else this.choices.delete(coding.id);
    this.chosen();
    const now = this.current();
    return this.say("held", { code: this.worded(now) });
  },

  worded({ code, valence }) {
    return this.study.label(code) + (valence ? `, ${this.t(valence).toLowerCase()}` : "");
  },

  letGo() {
    const held = this.choices.delete(this.current()?.id);
    if (held) { this.chosen(); this.say("let_go"); }
    return held;
  },

  chosen() {
    this.refresh();
    if (this.mode === "review") this.queue.draw();
  },

  rateHere(valence) {
    const now = this.current();
    const span = this.span();
    if (now && (!span || (span.start === now.start && span.end === now.end))) return this.rate(now, valence);
    if (!span) return this.say("no_coding");
    this.armed = this.armed === valence ? null : valence;
    this.dock.draw();
    return this.armed ? this.say("hint_armed", { valence: this.t(valence) }) : true;
  },

  rate(coding, valence) {
    if (coding && typeof coding.id !== "number") return this.rateLater(coding, valence);
    if (!this.able(coding)) return true;
    const wanted = coding.valence === valence ? null : valence;
    if (coding.status === "suggested") return this.hold(coding, { valence: wanted });
    this.link.command("rate", { codings: [coding.id], valence: wanted });
    const code = this.study.label(coding.code);
    return wanted ? this.say("rated", { code, valence: this.t(wanted) }) : this.say("unrated", { code });
  },

  // The coding is on its way to Python: rate it as soon as it has an id.
  rateLater(coding, valence) {
    const waiting = this.link.pending.find((command) => `new-${command.id}` === coding.id);
    if (waiting) {
      const { after } = waiting;
      waiting.after = (patch) => {
        after?.(patch);
        const saved = this.all().find((c) => c.coder === this.study.me && c.code === (patch.said || coding.code) && c.start === coding.start && c.end === coding.end);
        if (saved) this.rate(saved, valence);
      };
    }
    return true;
  },

  resize(coding, span) {
    if (span.start === coding.start && span.end === coding.end) return;
    this.link.command("resize", { coding: coding.id }, span);
    this.say("resized", { code: this.study.label(coding.code) });
    this.page.select(span.start, span.end);
  },

  nudge(end, direction) {
    const coding = this.able(this.current());
    if (!coding) return true;
    const step = end === "end" ? wordEnds : wordStarts;
    const position = step(this.study.text, coding[end], direction);
    const next = snapped(this.study.text, end === "start" ? position : coding.start, end === "end" ? position : coding.end);
    if (next && next.start < next.end) this.resize(coding, next);
    return true;
  },

  uncode(coding) {
    if (!this.able(coding)) return true;
    if (coding.status === "suggested") return this.decide("reject", coding);
    this.link.command("uncode", { codings: [coding.id] });
    return this.say("uncoded", { code: this.study.label(coding.code) });
  },

  // ------------------------------------------------------------ suggestions

  decide(op, coding) {
    if (!coding || coding.status !== "suggested") return true;
    const next = this.mode === "review" ? this.queue.next(coding.id) : null;
    if (op === "accept") this.accept([coding.id], { memo: this.dock.unsaved(coding.id) });
    else this.reject([coding.id]);
    this.say(op === "accept" ? "accepted" : "rejected", { code: this.study.label(coding.code) });
    if (this.mode === "review") this.queue.drop([coding.id]);
    if (next) this.openSuggestion(next);
    else if (this.focused()?.matches("textarea")) this.backToText();
    return true;
  },

  // As they are, or, one alone, with what was chosen for it.
  accept(codings, { bulk = "", memo = "", after = null } = {}) {
    const choice = codings.length === 1 ? this.choices.get(codings[0]) : undefined;
    const { code = "", label = "", valence = "as given" } = choice ?? {};
    for (const id of codings) this.choices.delete(id);
    Object.assign(this.link.command("accept", { codings, bulk, code, label, valence, memo }, null, after), { choice });
  },

  reject(codings, { bulk = "", after = null } = {}) {
    for (const id of codings) this.choices.delete(id);
    this.link.command("reject", { codings, bulk }, null, after);
  },

  decideOrRemove() {
    const now = this.current();
    return now?.status === "suggested" ? this.decide("reject", now) : true;
  },

  decideMany(op, codings, bulk) {
    if (!codings.length) return;
    const after = () => this.queue.load();
    const alone = op === "accept" ? codings.filter((id) => this.choices.has(id)) : []; // each has its own choice
    const alike = codings.filter((id) => !alone.includes(id));
    for (const id of alone) this.accept([id], { after });
    if (alike.length) this[op](alike, { bulk, after });
    this.queue.drop(codings);
    this.say(`${op}ed_many`, { n: codings.length });
    if (this.queue.rows.length) this.openSuggestion(this.queue.rows[0]);
  },

  skip() {
    const now = this.current();
    if (now) this.queue.skipped.add(now.id);
    const next = this.queue.next(now?.id);
    if (next) this.openSuggestion(next);
    else this.say("no_more");
    return true;
  },

  openSuggestion(row) {
    this.wantedPlace = row.id;
    if (row.document === this.study.name) this.goToWanted();
    else this.link.hello(row.document);
  },

  goToWanted() {
    const coding = this.view.get(this.wantedPlace);
    this.wantedPlace = null;
    if (coding) this.goTo(coding);
    this.queue.follow();
  },

  // ------------------------------------------------------------ memos, taking back

  keepMemo(about, key, text) {
    if (this.study.memoOf(about, key, this.link.pending) === text.trim()) return;
    this.link.command("memo", { about, key, text: text.trim() });
    this.say("memo_saved");
  },

  back(op) {
    if (op === "undo" && this.letGo()) return true;
    this.link.command(op, {});
    return true;
  },

  pin(path, number) {
    if (!this.study.byPath.get(path)?.codable) return;
    this.keys = this.keys.map((other) => (other === path ? "" : other));
    while (this.keys.length < number) this.keys.push("");
    this.keys[number - 1] = path;
    this.tree.draw();
    this.say("key_set", { code: this.study.label(path), n: number });
  },
};

Object.assign(App.prototype, acts);
