// The bar above the text: documents, search, taking back, and what is saved.
import { button, h } from "./dom.js";

export class Bar {
  constructor(app) {
    this.app = app;
    const { t } = app;
    this.documents = h("select.bq-document", { "aria-label": t("documents"), onchange: () => app.open(this.documents.value) });
    this.search = h("input.bq-search", {
      type: "search", placeholder: `${t("search")}  /`, "aria-label": t("search"), oninput: () => this.find(0),
      onkeydown: (event) => this.key(event),
    });
    this.count = h("span.bq-search-count", { "aria-live": "polite" });
    this.only = h("span.bq-only-place");
    this.state = h("span.bq-state", { role: "status" });
    this.said = h("span.bq-said", { "aria-live": "polite", role: "log", "aria-label": t("page") });
    const icon = (sign, key, act, name) => button("button.bq-icon", sign, act, { "aria-label": t(name), title: key ? `${t(name)} (${key})` : t(name) });
    this.dim = icon("◐", "", () => app.toggleDim(), "dim");
    this.offers = icon("◌", "", () => app.toggleSuggestions(), "show_suggestions");
    this.element = h("div.bq-bar", {},
      icon("‹", "Alt+PageUp", () => app.stepDocument(-1), "document_previous"), this.documents, icon("›", "Alt+PageDown", () => app.stepDocument(1), "document_next"),
      this.search, this.count, this.only, h("span.bq-gap"),
      icon("↶", "Ctrl+Z", () => app.back("undo"), "undo"), icon("↷", "Ctrl+Y", () => app.back("redo"), "redo"),
      this.dim, this.offers, icon("?", "?", () => app.toggleHelp(), "help"));
    this.heard = h("span.bq-unseen", { "aria-live": "polite" });
    this.foot = h("div.bq-foot", {}, this.said, this.heard, this.state);
  }

  draw() {
    const { study, t } = this.app;
    this.documents.replaceChildren(...study.documents.map((told) => h("option", { value: told[0], selected: told[0] === study.name }, this.title(...told))));
    this.documents.value = study.name;
    this.dim.setAttribute("aria-pressed", String(this.app.dimmed));
    this.offers.setAttribute("aria-pressed", String(this.app.offersShown));
    this.offers.hidden = study.mode === "compare" || (study.blind && study.mode !== "review");
    this.only.replaceChildren(...[this.app.tree.onlyBar()].filter(Boolean));
    if (study.blind) this.foot.dataset.blind = t("blind");
  }

  title(...told) {
    return this.app.documentTitle?.(told[0]) ?? title(...told);
  }

  // The open document's numbers follow what is done.
  recount() {
    const { study } = this.app;
    const told = study.documents.find(([name]) => name === study.name);
    const all = this.app.all();
    const count = (status) => all.filter((coding) => coding.status === status).length;
    const said = this.title(told[0], told[1], count("accepted"), count("suggested"));
    const option = this.documents.selectedOptions[0];
    if (option && option.textContent !== said) option.textContent = said;
  }

  tell(text) {
    this.said.replaceChildren(h("span", {}, text));
  }

  // For ears only: what the eyes see anyway.
  whisper(text) {
    this.heard.textContent = text;
  }

  saved([key, n]) {
    if (this.last === `${key}${n}`) return;
    this.last = `${key}${n}`;
    this.state.dataset.state = key;
    this.state.textContent = this.app.t(key, { n });
  }

  // ------------------------------------------------------------ search

  find(step) {
    const { page, study, t } = this.app;
    const query = this.search.value.toLowerCase();
    this.hits = [];
    if (query.length > 1) {
      const text = study.text.toLowerCase();
      const same = text.length === study.text.length ? text : study.text;
      for (let at = same.indexOf(query); at >= 0; at = same.indexOf(query, at + query.length)) {
        if (page.paragraphs.some(({ start, end }) => start <= at && at < end)) this.hits.push(at);
      }
    }
    this.at = this.hits.length ? (((step === 0 ? 0 : (this.at ?? 0) + step) % this.hits.length) + this.hits.length) % this.hits.length : 0;
    this.count.textContent = query.length > 1 ? (this.hits.length ? t("search_count", { n: this.at + 1, all: this.hits.length }) : t("search_none")) : "";
    this.app.highlight("found", this.hits.slice(0, 2000).map((start) => ({ start, end: start + query.length })));
    this.app.highlight("hit", this.hits.length ? [{ start: this.hits[this.at], end: this.hits[this.at] + query.length }] : []);
    if (this.hits.length) page.scrollTo(this.hits[this.at]);
  }

  key(event) {
    event.stopPropagation();
    if (event.key === "Enter") {
      event.preventDefault();
      this.find(event.shiftKey ? -1 : 1);
    } else if (event.key === "Escape") {
      event.preventDefault();
      const start = this.hits?.[this.at];
      const span = start === undefined ? undefined : { start, end: start + this.search.value.length };
      this.search.value = "";
      this.find(0);
      this.app.backToText(span);
    }
  }
}

function title(name, who, coded, offered) {
  const numbers = [coded || "", offered ? `${offered}?` : ""].filter(Boolean).join(" + ");
  return `${name}${who && who !== name ? ` · ${who}` : ""}${numbers ? `  (${numbers})` : ""}`;
}
