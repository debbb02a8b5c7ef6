// The line to Python: commands with ids of their own, answers, and plain words about what is saved.
import { randomId } from "./dom.js";
import { toPoints } from "./offsets.js";

const PATIENCE = 2500; // ms until an unanswered command is told
const SILENCE = 13000; // ms until Python counts as gone
const LOOK = 4000; // ms between looks for changes made elsewhere

// Commands that no Python has answered yet. They outlive a page that is run again, and are never
// written anywhere: the words in them belong to the participants.
const shelf = (globalThis[Symbol.for("bantar_qual.unsaved")] ??= []);

const GONE = ["dead", "restarting", "autorestarting", "terminating"];

// What a notebook knows of the kernel that a page began with, where it tells: "busy", "gone"
// (another one may be there: it does not know this page), "cut" (the line to it), or nothing.
export function kernelSays(kernel, now = kernel) {
  if (!kernel) return "";
  if (kernel.isDisposed || kernel !== now || GONE.includes(kernel.status)) return "gone";
  if (kernel.connectionStatus && kernel.connectionStatus !== "connected") return "cut";
  return kernel.status === "busy" ? "busy" : "";
}

// A busy Python saves when it is done, one behind a cut line when that is mended, a gone one never.
export function stateOf({ lost, patient, kernel }, waiting) {
  const some = (state) => (waiting ? state : `${state}_nothing`);
  if (kernel === "gone") return some("lost");
  if (kernel === "cut") return waiting && patient ? "saving" : some("cut");
  if (lost && kernel !== "busy") return some("lost");
  if (!waiting) return lost ? "busy_nothing" : "saved";
  if (patient) return "saving";
  return kernel === "busy" ? "busy" : "unsaved";
}

export class Link {
  constructor(model, hear) {
    this.model = model;
    this.hear = hear;
    this.client = randomId();
    this.study = null;
    this.heardAt = Date.now();
    this.askedAt = 0;
    this.parts = [];
    this.alive = true;
    this.kernel = model.widget_manager?.kernel;
    this.died = false; // a kernel that was started anew looks like the old one, and knows nothing
    this.watched = (_, status) => { if (GONE.includes(status)) this.died = true; };
    this.kernel?.statusChanged?.connect(this.watched);
    this.listener = (message) => this.receive(message);
    model.on("msg:custom", this.listener);
    this.clock = setInterval(() => this.tick(), 500);
    this.leaving = (event) => { if (this.pending.length) event.preventDefault(); };
    globalThis.addEventListener("beforeunload", this.leaving);
  }

  get pending() {
    return shelf.filter((command) => command.owner === this);
  }

  get says() {
    return this.died ? "gone" : kernelSays(this.kernel, this.model.widget_manager?.kernel);
  }

  get lost() {
    return this.says === "gone" || (this.askedAt > 0 && Date.now() - this.askedAt > SILENCE);
  }

  dispose() {
    this.alive = false;
    clearInterval(this.clock);
    this.kernel?.statusChanged?.disconnect(this.watched);
    this.model.off("msg:custom", this.listener);
    globalThis.removeEventListener("beforeunload", this.leaving);
  }

  post(message) {
    try {
      this.model.send({ client: this.client, ...message });
    } catch {
      // The connection is closed: the clock will say so.
    }
  }

  hello(name = "") {
    this.askedAt ||= Date.now();
    this.parts = [];
    this.greeting = randomId(); // a greeting may be repeated: pieces of two answers never mix
    this.post({ kind: "hello", id: this.greeting, document: name });
  }

  ask() {
    if (!this.study) return;
    this.askedAt ||= Date.now();
    this.asked = randomId();
    this.post({ kind: "ask", id: this.asked, document: this.study.name, rev: this.study.rev, book: this.study.book });
    for (const command of this.pending) command.before = this.asked;
  }

  // units: the span of the command in the browser's own count, if it has one
  command(op, args, units = null, after = null, id = randomId()) {
    const command = {
      id, op, document: this.study.name, study: this.study.study, units, after,
      args: units ? { ...args, ...this.span(units) } : args, owner: this, at: Date.now(),
    };
    shelf.push(command);
    this.dispatch(command);
    this.hear.unsaved();
    return command;
  }

  span({ start, end }) {
    const { astral, text } = this.study;
    return { start: toPoints(astral, start), end: toPoints(astral, end), quote: text.slice(start, end) };
  }

  dispatch({ id, op, document: name, args }) {
    this.askedAt ||= Date.now();
    this.post({ kind: "cmd", id, op, document: name, args, rev: this.study.rev, book: this.study.book });
  }

  // Take over what an earlier page could not save, because its Python was gone.
  adopt() {
    for (const command of shelf) {
      const orphan = !command.owner.alive || command.owner.lost;
      if (command.owner === this || !orphan || command.study !== this.study.study) continue;
      Object.assign(command, { owner: this, at: Date.now(), after: null });
    }
    for (const command of this.pending) this.dispatch(command);
    this.hear.unsaved();
  }

  receive(message) {
    if (!this.alive || (message.to && message.to !== this.client)) return;
    this.heardAt = Date.now();
    this.died = false;
    if (message.kind === "changed") { this.ask(); return; }
    this.askedAt = 0;
    if (message.kind === "again") this.hello();
    else if (message.kind === "snapshot") this.piece(message);
    else if (message.kind === "patch") this.patch(message);
    else if (message.kind === "queue") this.hear.queue(message);
    else if (message.kind === "learning") this.hear.learning(message);
    else if (message.kind === "trouble") this.hear.trouble(message.error);
    this.hear.status();
  }

  piece({ part, parts, body, re }) {
    if (re !== this.greeting || part !== this.parts.length) return;
    this.parts[part] = body;
    if (part + 1 < parts) { this.post({ kind: "more", id: re, part: part + 1 }); return; }
    const snapshot = JSON.parse(this.parts.join(""));
    this.parts = [];
    this.hear.snapshot(snapshot);
  }

  patch(message) {
    const place = shelf.findIndex((command) => command.id === message.re);
    const [command] = place < 0 ? [] : shelf.splice(place, 1);
    if (this.study && message.revision !== undefined && message.document === this.study.name
        && message.revision !== this.study.revision) { this.hello(this.study.name); return; }
    if (message.same || message.document === this.study?.name) this.hear.patch(message, command);
    if (message.re && message.re === this.asked) {
      // Python answers in order: what it was told before this question and did not answer, it never got.
      for (const left of this.pending) if (left.before === message.re) this.dispatch(left);
    }
  }

  tick() {
    if (!this.alive) return;
    const now = Date.now();
    if (this.study && !this.askedAt && now - this.heardAt > LOOK && !globalThis.document.hidden) this.ask();
    if (!this.study && !this.askedAt) this.hello();
    if (this.askedAt && now - this.askedAt > LOOK && now - (this.knocked ?? 0) > LOOK) {
      this.knocked = now; // knock again: a kernel that came back, or a line that did
      if (this.study) this.ask(); else this.hello();
    }
    this.hear.status();
  }

  // [what the page says about saving, how many are not saved]
  get state() {
    const waiting = this.pending;
    const patient = !waiting.length || Date.now() - waiting[0].at <= PATIENCE;
    return [stateOf({ lost: this.lost, patient, kernel: this.says }, waiting.length), waiting.length];
  }
}
