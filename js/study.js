// What the page knows of the study: what Python said, and what still waits to be saved.
import { astralPositions, toUnits } from "./offsets.js";

export function readCodings(columns, rows, astral) {
  return rows.map((row) => {
    const coding = Object.fromEntries(columns.map((name, n) => [name, row[n]]));
    coding.start = toUnits(astral, coding.start);
    coding.end = toUnits(astral, coding.end);
    return coding;
  });
}

export class Study {
  constructor(snapshot) {
    Object.assign(this, snapshot);
    this.text = snapshot.document.text;
    this.name = snapshot.document.name;
    this.astral = astralPositions(this.text);
    this.turns = snapshot.document.turns.map(([number, start, end, ...rest]) => [number, toUnits(this.astral, start), toUnits(this.astral, end), ...rest]);
    this.saved = new Map(readCodings(snapshot.columns, snapshot.codings, this.astral).map((c) => [c.id, c]));
    this.readCodes(snapshot.codes);
  }

  readCodes(codes) {
    this.codes = codes;
    this.byPath = new Map(codes.map((code) => [code.path, code]));
  }

  label(path) {
    return this.byPath.get(path)?.label ?? path;
  }

  fullLabel(path) {
    if (!this.byPath.has(path)) return path;
    const parts = path.split(".");
    return parts.map((_, n) => this.label(parts.slice(0, n + 1).join("."))).join(" › ");
  }

  // Take in what Python says has changed; saying it twice changes nothing.
  take(patch) {
    this.rev = patch.rev;
    if (patch.same) return;
    for (const id of patch.gone) this.saved.delete(id);
    for (const coding of readCodings(patch.columns, patch.codings, this.astral)) this.saved.set(coding.id, coding);
    this.book = patch.book;
    this.counts = patch.counts;
    this.waiting = patch.waiting;
    if (patch.memos) this.memos = patch.memos;
    if (patch.codes) this.readCodes(patch.codes);
  }

  // The codings to be shown: the saved ones, and over them what was just done.
  shown(pending) {
    const codings = new Map(this.saved);
    for (const command of pending) {
      if (command.document === this.name) paintOver(codings, command, this.me);
    }
    return codings;
  }

  memoOf(about, key, pending = []) {
    const waiting = pending.findLast((c) => (c.op === "memo" && c.args.about === about && c.args.key === String(key))
      || (c.op === "accept" && about === "coding" && c.args.memo && c.args.codings.includes(Number(key))));
    const mine = this.memos.findLast((memo) => memo.about === about && memo.key === String(key) && memo.coder === this.me);
    return waiting ? waiting.args.text ?? waiting.args.memo : mine?.text ?? "";
  }

  memosOfOthers(about, key) {
    return this.memos.filter((memo) => memo.about === about && memo.key === String(key) && memo.coder !== this.me);
  }
}

// Suggestions as they would be accepted: what was chosen for them is shown, and not kept yet.
export function withChoices(codings, choices) {
  for (const [id, { code, label, valence }] of choices) {
    const given = codings.get(id);
    if (given?.status !== "suggested") continue;
    codings.set(id, {
      ...given, code: label || code || given.code, fresh: Boolean(label), valence: valence === undefined ? given.valence : valence,
      given: { code: given.code, valence: given.valence },
    });
  }
  return codings;
}

function paintOver(codings, { id, op, args, units }, me) {
  const change = (number, values) => {
    const coding = codings.get(number);
    if (coding) codings.set(number, { ...coding, ...values, pending: true });
  };
  const code = args.label || args.code; // a new code has no path before Python gives it one
  const mended = { ...(code ? { code, fresh: Boolean(args.label) } : {}), ...("valence" in args && args.valence !== "as given" ? { valence: args.valence } : {}) };
  if (op === "code") {
    const twin = !args.label && [...codings.values()].some(
      (c) => c.coder === me && c.code === args.code && c.start === units.start && c.end === units.end);
    if (!twin) {
      codings.set(`new-${id}`, {
        id: `new-${id}`, ...units, code, fresh: Boolean(args.label), coder: me, origin: "hand", status: "accepted",
        valence: args.valence, confidence: null, because: "", memo: "", pending: true,
      });
    }
  } else if (op === "resize") change(args.coding, units);
  else if (op === "uncode" || op === "reject") for (const number of args.codings) codings.delete(number);
  else if (op === "accept") for (const number of args.codings) change(number, { status: "accepted", ...mended });
  else if (op === "recode") for (const number of args.codings) change(number, mended);
  else if (op === "rate") for (const number of args.codings) change(number, { valence: args.valence });
}

// Which stretches look different now.
export function changedStretches(before, after) {
  const stretches = [];
  const same = (one, other) =>
    one.start === other.start && one.end === other.end && one.code === other.code
    && one.status === other.status && one.valence === other.valence && one.coder === other.coder;
  for (const [id, coding] of after) {
    const earlier = before.get(id);
    if (earlier === coding) continue;
    if (!earlier || !same(earlier, coding)) stretches.push([coding.start, coding.end]);
    if (earlier && !same(earlier, coding)) stretches.push([earlier.start, earlier.end]);
  }
  for (const [id, coding] of before) if (!after.has(id)) stretches.push([coding.start, coding.end]);
  return stretches;
}
