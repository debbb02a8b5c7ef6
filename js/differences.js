// Where two coders differ: the list, what of it is shown, and decisions about many at once.
import { button, h, SIGNS } from "./dom.js";
import { Queue } from "./queue.js";

const LISTED = 300; // rows in the list
export const KINDS = ["same", "borders", "valence", "borders and valence", "code", "only one"];

export function readRows(rows) {
  return rows.map(([first, second, kind, decision, reason]) => ({ id: `${first}-${second}`, first, second, kind, decision, reason }));
}

// How much is to decide, is decided, and is the same but not taken over yet.
export function tally(rows) {
  const differ = rows.filter((row) => row.kind !== "same");
  return {
    left: differ.filter((row) => !row.decision).length, decided: rows.filter((row) => row.decision).length,
    differ: differ.length, same: rows.filter((row) => row.kind === "same" && !row.decision),
  };
}

export function shownRows(rows, { show, kind }) {
  const fits = {
    open: (row) => !row.decision && row.kind !== "same", decided: (row) => row.decision,
    same: (row) => row.kind === "same", all: () => true,
  }[show];
  return rows.filter((row) => fits(row) && (!kind || row.kind === kind));
}

export class Differences extends Queue {
  constructor(app) {
    super(app);
    this.all = [];
    this.elsewhere = {};
    this.wanted = { show: "open", kind: "" };
    this.list.setAttribute("aria-label", app.t("differences"));
    this.element.classList.add("bq-differences");
  }

  load() {
    this.app.link.post({ kind: "queue", document: this.app.study.name });
  }

  take({ rows, left }) {
    this.all = readRows(rows).filter((row) => this.app.codingsOf(row).some(Boolean));
    this.elsewhere = left;
    for (const command of this.app.link.pending) if (command.op === "agree") this.foresee(command.args);
    this.drawHead();
    this.choose();
  }

  // What was decided a moment ago, before Python says so too.
  foresee({ pairs, choice }) {
    const ids = new Set(pairs.map((pair) => pair.join("-")));
    for (const row of this.all) if (ids.has(row.id)) row.decision = choice || "both";
  }

  choose() {
    this.rows = shownRows(this.all, this.wanted);
    for (const id of this.ticked) if (!this.rows.some((row) => row.id === id)) this.ticked.delete(id);
    this.draw();
  }

  find(id) {
    return this.all.find((row) => row.id === id) ?? null;
  }

  // The next one that waits, from a place in the text on, and from the beginning again.
  nextOpen(after) {
    const at = this.all.findIndex((row) => row.id === after);
    const order = [...this.all.slice(at + 1), ...this.all.slice(0, Math.max(0, at))];
    return shownRows(order, { show: "open", kind: this.wanted.kind }).find((row) => !this.skipped.has(row.id)) ?? null;
  }

  drawHead() {
    const { t } = this.app;
    const choose = (name, label, options) => {
      const select = h("select", { "aria-label": label, onchange: () => { this.wanted = { ...this.wanted, [name]: select.value }; this.choose(); } },
        options.map(([value, said]) => h("option", { value, selected: value === this.wanted[name] }, said)));
      return select;
    };
    this.head.replaceChildren(
      choose("show", t("show"), ["open", "decided", "same", "all"].map((what) => [what, t(`show_${what}`)])),
      choose("kind", t("kind"), [["", t("kind_every")], ...KINDS.map((kind) => [kind, t(`kind_${kind}`)])]));
  }

  paint() {
    const { t, row: now } = this.app;
    const kept = this.list.scrollTop;
    this.list.replaceChildren(...this.rows.slice(0, LISTED).map((row) => this.row(row, row.id === now?.id)));
    this.list.scrollTop = kept;
    const { left, same } = tally(this.all);
    const away = Object.entries(this.elsewhere).filter(([name, n]) => n && name !== this.app.study.name);
    if (!this.rows.length) this.list.append(h("p.bq-none", { role: "listitem" }, left ? t("search_none") : t("differences_done")));
    const ticked = this.rows.filter((row) => this.ticked.has(row.id));
    const many = (choice, said) => button("button", said, () => this.app.agree(ticked, choice));
    const box = h("input", { type: "checkbox", "aria-label": t("tick_all"), onchange: (event) => {
      this.ticked = new Set(event.target.checked ? this.rows.slice(0, LISTED).map((row) => row.id) : []);
      this.draw();
    } });
    box.checked = ticked.length > 0 && ticked.length === Math.min(LISTED, this.rows.length);
    const [first, second] = this.app.study.between;
    this.foot.replaceChildren(...[
      h("label.bq-tick-all", {}, box, ` ${ticked.length ? t("ticked", { n: ticked.length }) : t("differences_left", { n: left })}`),
      ...(ticked.length ? [many(first, t("take", { coder: first })), many(second, t("take", { coder: second })), many("both", t("take_both")), many("neither", t("take_neither"))] : []),
      !ticked.length && same.length ? button("button.bq-take-same", t("differences_same", { n: same.length }), () => this.app.agree(same, "")) : null,
      !ticked.length && !left && away.length ? h("span.bq-away", {}, t("differences_elsewhere", { n: away.reduce((sum, [, n]) => sum + n, 0) }), " ", button("button", t("differences_next"), () => this.app.open(away[0][0]))) : null,
    ].filter(Boolean));
  }

  row(row, now) {
    const { t, study } = this.app;
    const codings = this.app.codingsOf(row).filter(Boolean);
    const [earliest] = [...codings].sort((one, other) => one.start - other.start || one.end - other.end);
    const labels = [...new Set(codings.map((coding) => study.label(coding.code)))].join(" / ");
    const box = h("input", { type: "checkbox", "aria-label": t("tick", { code: labels }), onchange: (event) => {
      if (event.target.checked) this.ticked.add(row.id); else this.ticked.delete(row.id);
      this.draw();
    } });
    box.checked = this.ticked.has(row.id);
    const who = codings.length === 1 ? ` · ${codings[0].coder}` : "";
    const turn = study.turns.find(([, start, end]) => earliest.start < end && earliest.end > start);
    return h("div.bq-row", { role: "listitem", "data-now": now, "data-skipped": this.skipped.has(row.id), style: { "--c": this.app.colour(earliest.code) } },
      box,
      button("button.bq-row-open", h("span", {},
        h("span.bq-row-code", {}, labels),
        h("span.bq-row-kind", {}, `${t(`kind_${row.kind}`)}${who}`, ...(row.kind.includes("valence") ? [" ", ...codings.map((coding) => h("b.bq-sign", { "data-valence": coding.valence }, SIGNS[coding.valence] ?? "–"))] : [])),
        h("span.bq-row-quote", {}, study.text.slice(earliest.start, Math.min(earliest.end, earliest.start + 200))),
        h("span.bq-row-where", {}, [turn ? t("turn", { n: turn[0] }) : "", row.decision ? `✓ ${this.app.choiceWords(row.decision)}` : ""].filter(Boolean).join(" · "))),
      () => this.app.goToRow(row), { "aria-current": now ? "true" : null }));
  }
}
