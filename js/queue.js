// The suggestions that wait: filters, the list, and decisions about many at once.
import { button, h, oncePerFrame, SIGNS } from "./dom.js";
import { Learning } from "./learning.js";

export class Queue {
  constructor(app) {
    this.app = app;
    const { t } = app;
    this.rows = [];
    this.left = 0;
    this.ticked = new Set();
    this.skipped = new Set();
    // One decision changes the list more than once; hundreds of rows are made anew once for all.
    this.draw = oncePerFrame(() => {
      this.paint();
      if (this.follows) this.list.querySelector("[data-now]")?.scrollIntoView({ block: "nearest" });
      this.follows = false;
    });
    this.head = h("div.bq-queue-head");
    this.list = h("div.bq-queue", { role: "list", "aria-label": t("list"), tabindex: "0" });
    this.foot = h("div.bq-queue-foot");
    this.learning = app.mode === "review" ? new Learning(app) : null;
    this.element = h("div.bq-suggestions", {}, this.head, this.list, this.learning?.element, this.foot);
  }

  load(wanted = this.wanted) {
    this.wanted = wanted;
    this.app.link.post({ kind: "queue", wanted });
  }

  take({ rows, left, wanted }) {
    this.rows = rows;
    this.left = left;
    this.wanted = wanted;
    for (const id of this.ticked) if (!rows.some((row) => row.id === id)) this.ticked.delete(id);
    this.drawHead();
    this.draw();
    this.learning?.ask();
  }

  // A decision was made: the row goes, and new ones are asked for before the list runs out.
  drop(ids) {
    const before = this.rows.length;
    this.rows = this.rows.filter((row) => !ids.includes(row.id));
    this.left = Math.max(0, this.left - (before - this.rows.length));
    for (const id of ids) this.ticked.delete(id);
    this.draw();
  }

  next(after) {
    const at = this.rows.findIndex((row) => row.id === after);
    const order = [...this.rows.slice(at + 1), ...this.rows.slice(0, Math.max(0, at))];
    return order.find((row) => !this.skipped.has(row.id)) ?? null;
  }

  previous(before) {
    const at = this.rows.findIndex((row) => row.id === before);
    return this.rows[at < 0 ? this.rows.length - 1 : at - 1] ?? null;
  }

  drawHead() {
    const { t, study } = this.app;
    const choose = (name, label, options) => {
      const select = h("select", { "aria-label": label, onchange: () => this.load({ ...this.wanted, [name]: name === "at_least" ? Number(select.value) : select.value }) },
        options.map(([value, said]) => h("option", { value, selected: String(value) === String(this.wanted[name] ?? "") }, said)));
      return select;
    };
    const codes = study.codes.map((code) => [code.path, `${"\u2003".repeat(code.path.split(".").length - 1)}${code.label}`]);
    this.head.replaceChildren(
      choose("first", t("first"), ["least sure", "most sure", "as written"].map((order) => [order, t(`first_${order}`)])),
      choose("at_least", t("sureness"), [0, 0.5, 0.6, 0.7, 0.8, 0.9].map((sure) => [sure, sure ? `≥ ${Math.round(sure * 100)} %` : "≥ …"])),
      choose("code", t("codes"), [["", t("of_filter")], ...codes]),
      choose("document", t("documents"), [["", t("of_document")], ...study.documents.map(([name]) => [name, name])]));
  }

  // Keep what is looked at in sight, once the list is drawn.
  follow() {
    this.follows = true;
    this.draw();
  }

  paint() {
    const { t } = this.app;
    const now = this.app.current()?.id;
    this.learning?.draw();
    const kept = this.list.scrollTop;
    this.list.replaceChildren(...this.rows.map((row) => this.row(row, row.id === now)));
    this.list.scrollTop = kept;
    if (!this.rows.length) this.list.append(h("p.bq-none", { role: "listitem" }, t("left_none")));
    const all = this.rows.length > 0 && this.rows.every((row) => this.ticked.has(row.id));
    const box = h("input", { type: "checkbox", "aria-label": t("tick_all"), onchange: (event) => {
      this.ticked = new Set(event.target.checked ? this.rows.map((row) => row.id) : []);
      this.draw();
    } });
    box.checked = all;
    const some = this.ticked.size;
    this.foot.replaceChildren(...(this.sure ? this.asking(t) : [
      h("label.bq-tick-all", {}, box, ` ${some ? t("ticked", { n: some }) : t("left", { n: this.left })}`),
      some ? button("button.bq-yes", t("accept_ticked"), () => this.decideTicked("accept")) : null,
      some ? button("button", t("reject_ticked"), () => this.decideTicked("reject")) : null,
      !some && this.left > 1 ? button("button.bq-all-unread", t("accept_all", { n: this.rows.length }), () => { this.sure = true; this.draw(); }) : null,
    ].filter(Boolean)));
  }

  asking(t) {
    return [h("span", { role: "alert" }, t("accept_all_sure", { n: this.rows.length })),
      button("button.bq-yes", t("yes"), () => {
        this.sure = false;
        this.app.decideMany("accept", this.rows.map((row) => row.id), "all that match, from the list");
      }),
      button("button", t("no"), () => { this.sure = false; this.draw(); })];
  }

  decideTicked(op) {
    this.app.decideMany(op, [...this.ticked], "");
  }

  row(row, now) {
    const { t, study } = this.app;
    const box = h("input", { type: "checkbox", "aria-label": t("tick", { code: study.label(row.code) }), onchange: (event) => {
      if (event.target.checked) this.ticked.add(row.id); else this.ticked.delete(row.id);
      this.draw();
    } });
    box.checked = this.ticked.has(row.id);
    const sure = row.confidence === null ? 0 : row.confidence;
    const choice = this.app.choices.get(row.id);
    const other = choice?.label || choice?.code;
    const valence = choice?.valence === undefined ? row.valence : choice.valence;
    return h("div.bq-row", { role: "listitem", "data-now": now, "data-skipped": this.skipped.has(row.id), style: { "--c": this.app.colour(row.code) } },
      box,
      button("button.bq-row-open", h("span", {},
        h("span.bq-row-code", {}, valence ? h("b.bq-sign", { "data-valence": valence }, SIGNS[valence]) : null, h("span", {}, study.label(row.code), other ? ` → ${study.label(other)}` : null),
          h("span.bq-sure", { title: t("confidence", { n: Math.round(sure * 100) }), style: { "--sure": `${Math.round(sure * 100)}%` } })),
        h("span.bq-row-quote", {}, row.quote),
        h("span.bq-row-where", {}, [row.document, row.turn ? t("turn", { n: row.turn }) : ""].filter(Boolean).join(" · "))),
      () => this.app.openSuggestion(row), { "aria-current": now ? "true" : null }));
  }
}
