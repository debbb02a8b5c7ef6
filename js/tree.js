// The codes: a tree to choose from, with counts, keys and the rules for their use.
import { button, h } from "./dom.js";
import { ranked } from "./fuzzy.js";

export class Tree {
  constructor(app) {
    this.app = app;
    const { t } = app;
    this.closed = new Set();
    this.filter = h("input.bq-filter", {
      type: "search", placeholder: t("codes_filter"), "aria-label": t("codes_filter"), oninput: () => this.draw(),
      onkeydown: (event) => {
        if (event.key === "ArrowDown") { event.preventDefault(); this.focusOn(this.items()[0]); }
        if (event.key === "Escape" && this.filter.value) { event.stopPropagation(); this.filter.value = ""; this.draw(); }
      },
    });
    this.list = h("div.bq-tree", { role: "tree", "aria-label": t("codes"), onkeydown: (event) => this.key(event) });
    this.rules = h("div.bq-rules", { role: "note", "aria-label": t("definition"), tabindex: "0" });
    this.element = h("div.bq-codes", {}, this.filter, this.list, this.rules);
  }

  items() {
    return [...this.list.querySelectorAll("[role=treeitem]")];
  }

  shownCodes() {
    const { study } = this.app;
    const query = this.filter.value;
    if (!query.trim()) {
      return study.codes.filter(({ path }) => ![...this.closed].some((above) => path.startsWith(`${above}.`)));
    }
    const hits = new Set(ranked(query, study.codes).map((code) => code.path));
    return study.codes.filter(({ path }) => [...hits].some((hit) => hit === path || hit.startsWith(`${path}.`)));
  }

  draw() {
    const { study, t } = this.app;
    const parents = new Set(study.codes.map(({ path }) => path.slice(0, Math.max(0, path.lastIndexOf(".")))));
    const here = new Map();
    for (const coding of this.app.all()) {
      if (coding.status === "accepted") here.set(coding.code, (here.get(coding.code) ?? 0) + 1);
    }
    const focused = this.list.contains(this.app.focused()) ? this.app.focused()?.dataset.path : null;
    const target = focused ?? this.last ?? study.codes[0]?.path;
    const codes = this.shownCodes();
    const reachable = codes.some((code) => code.path === target) ? target : codes[0]?.path;
    this.list.replaceChildren(...codes.map((code) => this.item(code, {
      here: here.get(code.path) ?? 0, all: study.counts[code.path] ?? 0,
      parent: parents.has(code.path), tab: code.path === reachable, t,
    })));
    if (focused) this.focusOn(this.items().find((item) => item.dataset.path === focused));
  }

  item(code, { here, all, parent, tab, t }) {
    const level = code.path.split(".").length;
    const number = this.app.keys.indexOf(code.path) + 1;
    const spoken = [code.label, number ? t("key_is", { n: number }) : "", `${here} ${t("here_count")}`, `${all} ${t("all_count")}`,
      code.codable ? "" : t("not_codable")].filter(Boolean).join(", ");
    const only = this.app.only === code.path;
    return h("div.bq-code", {
      role: "treeitem", "aria-level": level, "aria-expanded": parent ? String(!this.closed.has(code.path)) : null,
      "aria-label": spoken, "aria-selected": String(only), tabindex: tab ? "0" : "-1", "data-path": code.path,
      "data-able": code.codable, style: { "--depth": level - 1, "--c": this.app.colour(code.path) },
      onmousedown: (event) => event.preventDefault(),
      onclick: (event) => (event.altKey ? this.app.showOnly(code.path) : this.app.give(code.path)),
      onpointerenter: () => this.tell(code), onfocus: () => { this.last = code.path; this.tell(code); },
    },
    h("span.bq-swatch", { "aria-hidden": "true" }),
    h("span.bq-code-name", { "aria-hidden": "true" }, code.label),
    number ? h("kbd", { "aria-hidden": "true" }, String(number)) : null,
    h("span.bq-here", { "aria-hidden": "true", title: t("here_count") }, here ? String(here) : ""),
    h("span.bq-all", { "aria-hidden": "true", title: t("all_count") }, all ? String(all) : ""));
  }

  tell(code) {
    const { t, study } = this.app;
    const many = (title, lines) => (lines.length ? [h("dt", {}, title), ...lines.map((line) => h("dd", {}, line))] : []);
    this.rules.replaceChildren(
      h("strong", { style: { "--c": this.app.colour(code.path) } }, study.fullLabel(code.path)),
      code.definition ? h("p", {}, code.definition) : "",
      h("dl", {}, ...many(t("include"), code.include), ...many(t("exclude"), code.exclude), ...many(t("example"), code.example ? [code.example] : [])),
      ...this.app.study.memosOfOthers("code", code.path).map((memo) => h("p.bq-memo-other", {}, `${memo.coder}: ${memo.text}`)));
    this.rules.scrollTop = 0;
  }

  focusOn(item) {
    if (!item) return;
    for (const other of this.items()) other.tabIndex = -1;
    item.tabIndex = 0;
    item.focus();
  }

  key(event) {
    const item = event.target.closest("[role=treeitem]");
    if (!item || event.ctrlKey || event.metaKey || event.altKey) return;
    const items = this.items();
    const at = items.indexOf(item);
    const { path } = item.dataset;
    const moves = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 };
    if (event.key in moves) this.focusOn(items[moves[event.key]]);
    else if (event.key === "ArrowLeft") this.fold(item, path, items);
    else if (event.key === "ArrowRight") this.unfold(item, path, items, at);
    else if (/^[1-9]$/.test(event.key)) this.app.pin(path, Number(event.key));
    else if (event.key === "Enter" && event.shiftKey) this.app.showOnly(path);
    else if (event.key === "Enter" || event.key === " ") this.app.give(path);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  fold(item, path, items) {
    if (item.getAttribute("aria-expanded") === "true") { this.closed.add(path); this.draw(); return; }
    const above = path.slice(0, Math.max(0, path.lastIndexOf(".")));
    this.focusOn(items.find((other) => other.dataset.path === above));
  }

  unfold(item, path, items, at) {
    if (item.getAttribute("aria-expanded") === "false") { this.closed.delete(path); this.draw(); return; }
    if (item.hasAttribute("aria-expanded")) this.focusOn(items[at + 1]);
  }

  onlyBar() {
    const { t, study, only } = this.app;
    return only ? h("span.bq-only", { style: { "--c": this.app.colour(only) } }, h("span.bq-swatch"), t("only", { code: study.label(only) }), button("button.bq-icon", "×", () => this.app.showOnly(only), { "aria-label": t("close") })) : null;
  }
}
