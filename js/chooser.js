// Choose a code by its first letters, right where the words are.
import { h } from "./dom.js";
import { ranked } from "./fuzzy.js";

const SHOWN = 9;

export class Chooser {
  constructor(app) {
    this.app = app;
    this.id = `bq-${Math.random().toString(36).slice(2)}`;
    const { t } = app;
    this.input = h("input", {
      type: "text", role: "combobox", "aria-expanded": "true", "aria-controls": this.id, "aria-autocomplete": "list",
      "aria-label": t("choose"), placeholder: t("choose"), autocomplete: "off", spellcheck: "false",
      oninput: () => this.list_(0), onkeydown: (event) => this.key(event), onblur: () => setTimeout(() => { if (this.app.focused() !== this.input) this.close(false); }, 120),
    });
    this.list = h("div.bq-options", { role: "listbox", id: this.id, "aria-label": t("codes") });
    this.element = h("div.bq-chooser", { hidden: true }, this.input, this.list);
  }

  get isOpen() {
    return !this.element.hidden;
  }

  // then: what to do with the code, or with the name of a new one and the code above it; span: the words that stay visible meanwhile
  open(letters, { span, then, create = true }) {
    Object.assign(this, { then, span, create });
    this.element.hidden = false;
    this.place(span);
    this.input.value = letters;
    this.app.keepVisible(span);
    this.input.focus({ preventScroll: true });
    this.list_(0);
  }

  place(span) {
    const { page, main } = this.app;
    const frame = main.getBoundingClientRect();
    const range = document.createRange();
    range.setStart(...page.placeOf(span.start));
    range.setEnd(...page.placeOf(span.end));
    const rects = [...range.getClientRects()];
    const last = rects.at(-1) ?? frame;
    const below = last.bottom - frame.top + 8;
    const first = rects[0] ?? last;
    const high = 330;
    const fits = frame.height - below >= high || below < frame.height / 2;
    const above = frame.bottom - first.top + 8;
    this.element.style.bottom = fits ? "auto" : `${above}px`;
    const top = fits ? `${below}px` : "auto";
    const left = Math.min(Math.max(12, last.left - frame.left), Math.max(12, frame.width - 372));
    Object.assign(this.element.style, { top, left: `${left}px` });
  }

  list_(at) {
    const { study, t } = this.app;
    const typed = this.input.value.trim();
    this.options = ranked(typed, study.codes.filter((code) => code.codable)).slice(0, SHOWN).map((code) => ({ code }));
    const known = study.codes.some((code) => code.labels.concat(code.label).some((label) => label.toLowerCase() === typed.toLowerCase()));
    if (typed && this.create && !known) this.options.push({ label: typed });
    this.at = Math.max(0, Math.min(at, this.options.length - 1));
    this.list.replaceChildren(...(this.options.length ? this.options.map((option, n) => this.option(option, n)) : [h("p.bq-none", {}, t("choose_none"))]));
    this.input.setAttribute("aria-activedescendant", this.options.length ? `${this.id}-${this.at}` : "");
    this.list.children[this.at]?.scrollIntoView?.({ block: "nearest" });
  }

  option({ code, label }, n) {
    const { study, t } = this.app;
    const above = code ? code.path.slice(0, Math.max(0, code.path.lastIndexOf("."))) : "";
    const under = this.parent();
    const number = code ? this.app.keys.indexOf(code.path) + 1 : 0;
    return h("div.bq-option", {
      role: "option", id: `${this.id}-${n}`, "aria-selected": String(n === this.at),
      style: { "--c": code ? this.app.colour(code.path) : "currentColor" },
      onmousedown: (event) => { event.preventDefault(); this.at = n; this.take(); },
    },
    h("span.bq-swatch", {}),
    h("span.bq-option-name", {}, code ? code.label : t("new_code", { label })),
    h("span.bq-option-above", {}, code ? (above ? study.fullLabel(above) : "") : under ? t("new_code_under", { code: study.label(under) }) : t("new_code_top")),
    number ? h("kbd", {}, String(number)) : null);
  }

  // A new code goes below the theme that was looked at last.
  parent() {
    const { codes } = this.app.study;
    const last = codes.find((code) => code.path === this.app.tree.last)?.path ?? "";
    const deepest = Math.max(1, ...codes.map((code) => code.path.split(".").length));
    return last.split(".").length < deepest ? last : last.slice(0, Math.max(0, last.lastIndexOf(".")));
  }

  key(event) {
    event.stopPropagation();
    const moves = { ArrowDown: 1, ArrowUp: -1 };
    if (event.key in moves) {
      event.preventDefault();
      this.list_((this.at + moves[event.key] + this.options.length) % Math.max(1, this.options.length));
    } else if (event.key === "Enter") {
      event.preventDefault();
      this.take();
    } else if (event.key === "Escape" || event.key === "Tab") {
      event.preventDefault();
      this.close();
    } else if (event.altKey && event.code === "KeyN" && this.create && this.input.value.trim()) {
      event.preventDefault();
      this.finish(this.parent(), this.input.value.trim());
    }
  }

  take() {
    const option = this.options[this.at];
    if (!option) return;
    if (option.code) this.finish(option.code.path);
    else this.finish(this.parent(), option.label);
  }

  finish(path, label = "") {
    const { then } = this;
    this.close();
    then(path, label);
  }

  close(back = true) {
    if (!this.isOpen) return;
    this.element.hidden = true;
    this.app.keepVisible(null);
    // A suggestion is not selected afterwards: the next code is for it, and not for its words.
    const { start, end, status } = this.span;
    if (back) this.app.backToText({ start, end: status === "suggested" ? start : end });
  }
}
