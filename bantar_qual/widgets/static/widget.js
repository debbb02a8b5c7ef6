// Joined from js/*.js by js/build.py; change those, not this file.

// ---- dom.js
// Small helpers. Text always goes in as text: nothing of a study is ever read as markup.

function h(tag, attributes = {}, ...children) {
  const [name, ...classes] = tag.split(".");
  const element = document.createElement(name || "div");
  if (classes.length) element.className = classes.join(" ");
  for (const [key, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (key === "style") for (const [name_, said] of Object.entries(value)) element.style.setProperty(name_, said);
    else element.setAttribute(key, value === true ? "" : String(value));
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

function translator(words) {
  return (key, facts = {}) =>
    (words[key] ?? key).replace(/\{(\w+)\}/g, (whole, name) => (name in facts ? String(facts[name]) : whole));
}

function randomId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

const VALENCES = ["barrier", "enabler", "neutral", "mixed"];
const SIGNS = { barrier: "−", enabler: "+", neutral: "○", mixed: "±" };
const VALENCE_KEYS = { "-": "barrier", "−": "barrier", "+": "enabler", "=": "enabler", 0: "neutral", "*": "mixed", "±": "mixed" };

// Buttons keep the focus where it is, so that a selection in the text is not lost.
function button(name, text, act, more = {}) {
  return h(name, { type: "button", onmousedown: (event) => event.preventDefault(), onclick: act, ...more }, text);
}

function oncePerFrame(act) {
  let waiting = 0;
  const run = () => {
    if (!waiting) waiting = requestAnimationFrame(() => { waiting = 0; act(); });
  };
  run.cancel = () => { cancelAnimationFrame(waiting); waiting = 0; };
  return run;
}

// ---- bar.js
// The bar above the text: documents, search, taking back, and what is saved.

class Bar {
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

// ---- fuzzy.js
// Find codes by their first letters, in every language that the codebook speaks.

function plain(text) {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}

function oneWord(query, text) {
  const words = text.split(/[^\p{L}\p{N}]+/u).filter(Boolean);
  if (text.startsWith(query)) return 100 - text.length / 100;
  if (words.some((word) => word.startsWith(query))) return 80 - text.length / 100;
  if (words.map((word) => word[0]).join("").startsWith(query)) return 60;
  if (text.includes(query)) return 40;
  let at = 0;
  for (const letter of text) if (letter === query[at]) at += 1;
  return at === query.length && query.length > 1 ? 20 - text.length / 100 : 0;
}

function score(query, code) {
  let sum = 0;
  const texts = [code.label, ...(code.labels || []), code.path.replace(/[._]/g, " ")].map(plain);
  for (const word of plain(query).split(/\s+/).filter(Boolean)) {
    const best = Math.max(...texts.map((text, n) => oneWord(word, text) - n * 0.1));
    if (best <= 0) return 0;
    sum += best;
  }
  return sum;
}

function ranked(query, codes) {
  if (!query.trim()) return codes;
  return codes
    .map((code, place) => ({ code, place, score: score(query, code) }))
    .filter((found) => found.score > 0)
    .sort((one, other) => other.score - one.score || one.place - other.place)
    .map((found) => found.code);
}

// ---- chooser.js
// Choose a code by its first letters, right where the words are.

const SHOWN = 9;

class Chooser {
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

// ---- colours.js
// Colours that stand out from the page, light or dark, for everyone.

const PALETTE = ["#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#8A6D3B", "#7F5AA2"];
const PAGE = { light: "#ffffff", dark: "#181b20" };
const NEEDED = 3.3; // a little more than WCAG asks of marks (3), for a page that is not pure white

function channels(hex) {
  return [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16) / 255);
}

function linear(value) {
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
}

function luminance(hex) {
  const [red, green, blue] = channels(hex).map(linear);
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one, other) {
  const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}

// The same hue, darker on a light page and lighter on a dark one, until it can be seen.
function visible(hex, dark) {
  const page = dark ? PAGE.dark : PAGE.light;
  const target = dark ? 255 : 0;
  for (let step = 0; step <= 20; step += 1) {
    const mixed = channels(hex).map((value) => Math.round(value * 255 + (target - value * 255) * (step / 20)));
    const colour = `#${mixed.map((value) => value.toString(16).padStart(2, "0")).join("")}`;
    if (contrast(colour, page) >= NEEDED) return colour;
  }
  return dark ? "#ffffff" : "#000000";
}

// A theme and all below it share a colour; names, lanes and dashes tell the rest.
function codeColours(codes, dark) {
  const colours = new Map();
  let next = 0;
  for (const code of codes) {
    const above = code.path.includes(".") ? code.path.slice(0, code.path.lastIndexOf(".")) : "";
    const own = /^#[0-9a-f]{6}$/i.test(code.color) ? visible(code.color, dark) : "";
    const passedOn = own || colours.get(above);
    colours.set(code.path, passedOn || visible(PALETTE[next % PALETTE.length], dark));
    if (!above) next += 1;
  }
  return colours;
}

function isDark(colour) {
  const found = /rgba?\(([\d.]+),\s*([\d.]+),\s*([\d.]+)(?:,\s*([\d.]+))?/.exec(colour || "");
  if (!found || (found[4] !== undefined && Number(found[4]) < 0.5)) return null;
  const [red, green, blue] = found.slice(1, 4).map(Number);
  return 0.299 * red + 0.587 * green + 0.114 * blue < 128;
}

// ---- layout.js
// How a transcript is set: blocks (the head, turns, what stands between them) of paragraphs.

function blocks(text, turns, codings = []) {
  const found = [];
  let at = 0;
  const sorted = [...codings].sort((one, other) => one.start - other.start);
  let passed = 0; // codings that begin before the stretch that is looked at
  const coded = (start, end) => {
    while (passed < sorted.length && sorted[passed].start < start) passed += 1;
    for (let n = passed; n < sorted.length && sorted[n].start < end; n += 1) if (sorted[n].end <= end) return true;
    return false;
  };
  const between = (start, end, kind) => {
    const worth = kind === "head" || kind === "note";
    const hidden = !worth && !coded(start, end);
    if (!hidden && /\S/u.test(text.slice(start, end))) found.push(block(text, start, end, { kind }));
  };
  for (const [number, start, end, speaker, role, time] of turns) {
    if (start > at && number === turns[0][0] && speaker) {
      const line = text.lastIndexOf("\n", start - 1) + 1; // the first speaker's name is no part of the head
      between(at, Math.max(at, line), "head");
      between(Math.max(at, line), start, "label");
    } else if (start > at) between(at, start, number === turns[0][0] ? "head" : speaker ? "label" : "note");
    found.push(block(text, start, end, { kind: "turn", number, speaker, role, time }));
    at = end;
  }
  if (at < text.length) between(at, text.length, turns.length ? "note" : "turn");
  return found;
}

function block(text, start, end, facts) {
  const paragraphs = [];
  let at = start;
  while (at <= end && at < text.length) {
    const stop = text.indexOf("\n", at);
    const last = stop < 0 || stop > end ? end : stop;
    if (/\S/u.test(text.slice(at, last))) paragraphs.push({ start: at, end: last });
    at = last + 1;
  }
  return { ...facts, start, end, paragraphs };
}

// The first paragraph that ends at or after a position, by its number.
function paragraphAt(paragraphs, position) {
  let low = 0;
  let high = paragraphs.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (paragraphs[middle].end < position) low = middle + 1;
    else high = middle;
  }
  return low;
}

// Turns of which no word is coded, the interviewer's left out.
function uncodedTurns(turns, codings) {
  return turns.filter(([, start, end, , role]) =>
    role !== "interviewer" && !codings.some((c) => c.start < end && c.end > start));
}

// Where the words that spoke for a suggestion stand within it.
function wordsOf(because, text, start, end) {
  const quote = text.slice(start, end).toLowerCase();
  const found = [];
  for (const part of because.split(/[;…]|\.\.\./u).map((word) => word.trim().toLowerCase()).filter(Boolean)) {
    const last = found.findLast(([from, to]) => quote.slice(from - start, to - start) === part);
    const at = quote.indexOf(part, last ? last[1] - start : 0);
    if (at >= 0) found.push([start + at, start + at + part.length]);
  }
  return found;
}

function countWords(text) {
  return (text.match(/\S+/gu) || []).length;
}

// ---- dock.js
// What lies at the caret: a card for each coding, with all that can be done to it.

class Dock {
  constructor(app) {
    this.app = app;
    this.cards = h("div.bq-cards", { role: "group", "aria-label": app.t("coding_list") });
    this.element = h("div.bq-dock", {}, this.cards);
  }

  draw() {
    const { t, study } = this.app;
    if (!study) return;
    const editing = this.element.contains(this.app.focused()) && this.app.focused()?.matches("textarea");
    if (editing) return; // never take a memo out of the hands that write it
    const place = this.element.contains(this.app.focused()) ? this.app.focused().dataset.do : null;
    const here = this.app.here();
    const parts = here.length ? here.map((coding) => this.card(coding)) : [this.empty()];
    if (this.memoOpen) parts.push(this.documentMemo());
    this.cards.replaceChildren(...parts);
    if (place) this.cards.querySelector(`.bq-card[data-now] [data-do="${place}"]`)?.focus();
    this.cards.scrollTop = 0; // the card in use is always the first
  }

  empty() {
    const { t, study } = this.app;
    const chosen = this.app.span();
    const said = chosen ? t("hint_selected", { n: countWords(study.text.slice(chosen.start, chosen.end)) }) : t("hint");
    const armed = chosen && this.app.armed ? ` ${t("hint_armed", { valence: t(this.app.armed) })}` : "";
    return h("p.bq-hint", {}, said, armed,
      chosen ? button("button", t("in_vivo"), () => this.app.inVivo(), { title: `${t("in_vivo_hint")} (Alt+V)` }) : null);
  }

  card(coding) {
    const { t, study } = this.app;
    const now = coding.id === this.app.current()?.id;
    const fixed = this.app.isOthers(coding) || typeof coding.id !== "number";
    const who = this.who(coding);
    const title = h("header", {}, h("span.bq-swatch", {}),
      !now && coding.valence ? h("b.bq-sign", { "data-valence": coding.valence }, SIGNS[coding.valence]) : null,
      now ? h("strong", {}, study.label(coding.code)) : button("button.bq-turn-to", study.label(coding.code), () => this.app.setCurrent(coding.id)),
      h("span.bq-above", {}, this.above(coding)), who ? h("span.bq-who", {}, who) : null);
    if (!now) return h("section.bq-card", { "data-status": coding.status, "aria-label": study.fullLabel(coding.code), style: { "--c": this.app.colour(coding.code) }, onclick: () => this.app.setCurrent(coding.id) }, title);
    return h("section.bq-card", {
      "data-now": now, "data-status": coding.status, "aria-label": study.fullLabel(coding.code),
      style: { "--c": this.app.colour(coding.code) },
    },
    title,
    h("div.bq-acts", {}, this.valences(coding, fixed), coding.status === "suggested" ? this.deciding(coding) : null, fixed ? null : this.changing(coding)),
    coding.given ? this.held(coding) : null,
    coding.because ? h("p.bq-because", {}, t("because", { words: [...new Set(coding.because.split("; "))].join(", ") })) : null,
    coding.memo ? h("p.bq-memo-other", {}, coding.memo) : null,
    ...study.memosOfOthers("coding", coding.id).map((memo) => h("p.bq-memo-other", {}, `${memo.coder}: ${memo.text}`)),
    typeof coding.id === "number" ? this.memo("coding", coding.id, now) : null);
  }

  // What was suggested, where something else was chosen and waits to be accepted.
  held({ given }) {
    const { t } = this.app;
    return h("p.bq-held", {}, t("held_was", { code: this.app.worded(given) }), " ", button("button", t("let_go_button"), () => this.app.letGo(), { title: "Esc", "data-do": "let go" }));
  }

  above(coding) {
    const path = coding.code.slice(0, Math.max(0, coding.code.lastIndexOf(".")));
    return path ? this.app.study.fullLabel(path) : "";
  }

  who(coding) {
    const { t, study } = this.app;
    const sure = coding.confidence === null ? "" : ` · ${t("confidence", { n: Math.round(coding.confidence * 100) })}`;
    if (coding.origin === "hand") return coding.coder === study.me ? "" : t("by", { coder: coding.coder });
    if (coding.origin === "import") return `${t("origin_import")} · ${coding.coder}`;
    return t(coding.status === "suggested" ? "by_machine" : "accepted_from", { coder: coding.coder }) + sure;
  }

  valences(coding, fixed) {
    const { t } = this.app;
    const keys = { barrier: "-", enabler: "+", neutral: "0", mixed: "*" };
    return h("div.bq-valences", { role: "group", "aria-label": t("valence") }, VALENCES.map((valence) =>
      button("button", h("span", {}, h("b", { "aria-hidden": "true" }, SIGNS[valence]), ` ${t(valence)}`), () => this.app.rate(coding, valence), {
        "aria-pressed": String(coding.valence === valence), "data-valence": valence, disabled: fixed,
        title: `${t(valence)} (${keys[valence]})`, "data-do": valence,
      })));
  }

  deciding(coding) {
    const { t } = this.app;
    return h("div.bq-deciding", {},
      button("button.bq-yes", `✓ ${t("accept")}`, () => this.app.decide("accept", coding), { title: "Enter", "data-do": "accept" }),
      button("button", `✕ ${t("reject")}`, () => this.app.decide("reject", coding), { title: "Backspace", "data-do": "reject" }),
      this.app.mode === "review" ? button("button", t("skip"), () => this.app.skip(), { title: "Space", "data-do": "skip" }) : null);
  }

  changing(coding) {
    const { t } = this.app;
    const nudge = (sign, end, direction, key) => button("button.bq-nudge", sign, () => this.app.nudge(end, direction), { "aria-label": `${t("borders")} ${key}`, title: `${t("borders")} (${key})`, "data-do": key });
    return h("div.bq-changing", {},
      button("button", t("recode"), () => this.app.chooseFor(coding), { title: "F2", "data-do": "recode" }),
      h("span.bq-borders", { role: "group", "aria-label": t("borders"), title: t("borders_hint") }, nudge("‹[", "start", -1, "<"), nudge("[›", "start", 1, ">"), nudge("‹]", "end", -1, ","), nudge("]›", "end", 1, ".")),
      button("button", "✎", () => this.openMemo(), { title: `${t("memo")} (Alt+M)`, "aria-label": t("memo"), "data-do": "memo" }),
      coding.status === "accepted" ? button("button.bq-remove", t("uncode"), () => this.app.uncode(coding), { title: "Delete", "data-do": "uncode" }) : null);
  }

  memo(about, key, always) {
    const { t, study } = this.app;
    const text = study.memoOf(about, String(key), this.app.link.pending);
    if (!text && !always) return null;
    const suggested = about === "coding" && this.app.codingOf(key)?.status === "suggested";
    const field = h("textarea.bq-memo", {
      rows: "1", "data-about": `${about} ${key}`, "aria-label": about === "document" ? t("memo_document") : `${t("memo")}: ${about === "coding" ? study.label(this.app.codingOf(key)?.code ?? "") : ""}`,
      placeholder: about === "document" ? t("memo_document") : t(suggested ? "memo_accept" : "memo_write"), "data-do": "write",
      onblur: () => this.app.keepMemo(about, String(key), field.value),
      onkeydown: (event) => {
        event.stopPropagation();
        const finished = event.key === "Enter" && (event.ctrlKey || event.metaKey);
        if (finished && suggested) { event.preventDefault(); this.app.decide("accept", this.app.codingOf(key)); }
        else if (event.key === "Escape" || finished) { event.preventDefault(); this.app.backToText(); }
      },
      oninput: () => fit(field),
    });
    field.value = text;
    requestAnimationFrame(() => fit(field));
    return field;
  }

  // The memo on a coding as it stands in its field, where that is not kept yet.
  unsaved(id) {
    const field = this.cards.querySelector(`textarea[data-about="coding ${id}"]`);
    const text = field?.value.trim() ?? "";
    return text === this.app.study.memoOf("coding", String(id), this.app.link.pending) ? "" : text;
  }

  openMemo() {
    this.cards.querySelector(".bq-card[data-now] textarea")?.focus();
  }

  documentMemo() {
    const { t, study } = this.app;
    return h("section.bq-card.bq-card-document", { "aria-label": t("memo_document") },
      h("header", {}, h("strong", {}, t("memo_document")), button("button", "×", () => { this.memoOpen = false; this.app.backToText(); this.draw(); }, { "aria-label": t("close") })),
      ...study.memosOfOthers("document", study.name).map((memo) => h("p.bq-memo-other", {}, `${memo.coder}: ${memo.text}`)),
      this.memo("document", study.name, true));
  }

  openDocumentMemo() {
    this.memoOpen = true;
    this.app.backToText();
    this.draw();
    this.cards.querySelector(".bq-card-document textarea")?.focus();
  }
}

function fit(field) {
  field.style.height = "auto";
  field.style.height = `${Math.min(field.scrollHeight + 2, 130)}px`;
}

// ---- offsets.js
// Positions. Python and the study count code points; a browser counts UTF-16 units.

// Where the characters beyond the first plane stand: most texts have none, and conversion is free.
function astralPositions(text) {
  const points = [];
  const units = [];
  const found = /[\u{10000}-\u{10FFFF}]/gu;
  for (let hit = found.exec(text); hit; hit = found.exec(text)) {
    points.push(hit.index - units.length);
    units.push(hit.index);
  }
  return { points, units };
}

function countBelow(sorted, limit) {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle] < limit) low = middle + 1;
    else high = middle;
  }
  return low;
}

function toUnits(astral, point) {
  return point + countBelow(astral.points, point);
}

function toPoints(astral, unit) {
  return unit - countBelow(astral.units, unit);
}

// A selection without the white space at its ends, and never through the middle of a character
// as a reader sees it: an emoji of a family, or a letter with its accent.
function snapped(text, start, end) {
  while (start < end && /\s/u.test(text[start])) start += 1;
  while (end > start && /\s/u.test(text[end - 1])) end -= 1;
  if (start >= end) return null;
  return { start: boundary(text, start, -1), end: boundary(text, end, 1) };
}

const MARGIN = 64; // units; longer than any character that people write

function boundary(text, at, direction) {
  if (at <= 0 || at >= text.length) return at;
  let from = Math.max(text.lastIndexOf("\n", at - 1) + 1, at - MARGIN);
  while (from > 0 && from < at && !/\s/u.test(text[from - 1])) from -= 1;
  const piece = text.slice(from, at + MARGIN);
  for (const { index, segment } of new Intl.Segmenter("und").segment(piece)) {
    const first = from + index;
    const last = first + segment.length;
    if (first >= at) return at;
    if (last > at) return direction < 0 ? first : last;
  }
  return at;
}

// The position one word further on or back.
function wordStep(text, at, direction) {
  const words = /[\p{L}\p{M}\p{N}\u200d\p{Extended_Pictographic}]+(?:[-'’][\p{L}\p{M}\p{N}]+)*/gu;
  if (direction > 0) {
    words.lastIndex = at;
    const hit = words.exec(text);
    return hit ? hit.index + hit[0].length : text.length;
  }
  const from = Math.max(0, at - 400);
  let last = from;
  for (const hit of text.slice(from, at).matchAll(words)) last = from + hit.index;
  return last;
}

function wordStarts(text, at, direction) {
  if (direction < 0) return wordStep(text, at, -1);
  const end = wordStep(text, at, 1);
  const next = /\S/u.exec(text.slice(end).replace(/^[^\p{L}\p{N}]*/u, (gap) => " ".repeat(gap.length)));
  return next ? end + next.index : end;
}

function wordEnds(text, at, direction) {
  if (direction > 0) return wordStep(text, at, 1);
  const start = wordStep(text, at, -1);
  const before = text.slice(0, start).replace(/[^\p{L}\p{N}]+$/u, "");
  return before.length;
}

function sentenceAt(text, start, end, at, language) {
  const piece = text.slice(start, end);
  for (const { index, segment } of new Intl.Segmenter(language || "und", { granularity: "sentence" }).segment(piece)) {
    if (at <= start + index + segment.length) {
      return snapped(text, start + index, start + index + segment.length);
    }
  }
  return null;
}

// ---- handles.js
// Two handles at the ends of the coding at the caret, to drag its borders.

class Handles {
  constructor(app) {
    this.app = app;
    this.redraw = oncePerFrame(() => this.draw());
    // Only the knob can be caught: the words beside a border stay free to be selected.
    this.grips = ["start", "end"].map((end) => h("span.bq-grip", { "data-end": end, "aria-hidden": "true" },
      h("span.bq-knob", { onpointerdown: (event) => this.drag(event, end) })));
  }

  draw() {
    const { page } = this.app;
    const now = this.app.current();
    const visible = now && !this.app.isOthers(now) && typeof now.id === "number"
      && page.numbersIn(now.start, now.end).some((n) => page.near.has(n));
    if (!visible) { page.sizes.replaceChildren(); return; }
    const frame = page.column.getBoundingClientRect();
    page.sizes.replaceChildren(...this.grips);
    for (const [n, position] of [now.start, now.end].entries()) {
      const rect = this.rectAt(position, n);
      if (!rect) continue;
      Object.assign(this.grips[n].style, {
        left: `${(n ? rect.right : rect.left) - frame.left}px`, top: `${rect.top - frame.top}px`, height: `${rect.height}px`,
      });
      this.grips[n].style.setProperty("--c", this.app.colour(now.code));
    }
  }

  rectAt(position, atEnd) {
    const { page } = this.app;
    const range = document.createRange();
    range.setStart(...page.placeOf(atEnd ? position - 1 : position));
    range.setEnd(...page.placeOf(atEnd ? position : position + 1));
    const rects = range.getClientRects();
    return rects[atEnd ? rects.length - 1 : 0];
  }

  drag(event, end) {
    event.preventDefault();
    const { page, study } = this.app;
    const coding = this.app.current();
    const grip = event.currentTarget;
    grip.setPointerCapture(event.pointerId);
    let wanted = { start: coding.start, end: coding.end };
    const move = (moved) => {
      const position = page.at(moved.clientX, moved.clientY);
      if (position === null) return;
      const next = { start: coding.start, end: coding.end, [end]: position };
      if (next.start >= next.end) return;
      wanted = next;
      page.select(next.start, next.end);
    };
    const drop = () => {
      grip.removeEventListener("pointermove", move);
      const span = snapped(study.text, wanted.start, wanted.end);
      if (span) this.app.resize(coding, span);
    };
    grip.addEventListener("pointermove", move);
    grip.addEventListener("pointerup", drop, { once: true });
  }
}

// ---- help.js
// The sheet of keys.

const SHEET = {
  keys_select: ["k_select", "k_sentence", "k_turn"],
  keys_code: ["k_number", "k_letters", "k_new", "k_invivo", "k_pin", "k_only"],
  keys_change: ["k_valence", "k_recode", "k_borders", "k_memo", "k_delete", "k_undo"],
  keys_go: ["k_next", "k_turns", "k_uncoded", "k_documents", "k_search", "k_panes"],
  keys_compare: ["k_take", "k_both", "k_take_code", "k_take_valence", "k_difference"],
  keys_review: ["k_accept", "k_reject", "k_skip", "k_accept_as", "k_accept_memo"],
};

// Which keys are told on which page; all others everywhere.
const WHERE = {
  keys_compare: (mode) => mode === "compare", keys_review: (mode) => mode !== "compare",
  keys_code: (mode) => mode !== "compare", keys_change: (mode) => mode !== "compare",
};

class Help {
  constructor(app) {
    this.app = app;
    const { t } = app;
    const group = ([title, keys]) => h("section", {}, h("h3", {}, t(title)), h("dl", {}, keys.flatMap((key) => {
      const [press, does] = t(key).split("|");
      return [h("dt", {}, h("kbd", {}, press)), h("dd", {}, does)];
    })));
    this.close = button("button.bq-icon", "×", () => app.toggleHelp(), { "aria-label": t("close") });
    this.element = h("div.bq-help", { role: "dialog", "aria-label": t("keys_title"), tabindex: "-1", hidden: true, onkeydown: (event) => {
      if (event.key === "Escape" || event.key === "?") { event.stopPropagation(); event.preventDefault(); app.toggleHelp(); }
    } }, h("header", {}, h("h2", {}, t("keys_title")), this.close), h("div.bq-sheet", {}, Object.entries(SHEET).filter(([title]) => WHERE[title]?.(app.mode) ?? true).map(group)), h("p", {}, t("undo_rule")));
  }
}

// ---- keys.js
// What the keys do while the text has the focus.

function onKey(app, event) {
  if (event.isComposing) return false;
  const command = event.ctrlKey || event.metaKey;
  const { key, code, altKey: alt, shiftKey: shift } = event;
  if (command && !alt && key.toLowerCase() === "z") return app.back(shift ? "redo" : "undo");
  if (command && !alt && key.toLowerCase() === "y") return app.back("redo");
  if (key === "F6") return app.cyclePanes(shift ? -1 : 1);
  if (command) return false;
  if (alt) return withAlt(app, key, code, shift);
  if (key === "F2") return app.chooseFor(app.current());
  if (key === "Escape") return app.escape();
  if (key === "?") return app.toggleHelp();
  if (key === "/") return app.toSearch();
  if (key === "Enter") return app.decide("accept", app.current());
  if (key === "Backspace") return app.decideOrRemove();
  if (key === "Delete") return app.uncode(app.current());
  if (key === " ") return app.mode === "review" ? app.skip() : true;
  if (key === "," || key === ".") return app.nudge("end", key === "." ? 1 : -1);
  if (key === "<" || key === ">") return app.nudge("start", key === ">" ? 1 : -1);
  if (key in VALENCE_KEYS) return app.rateHere(VALENCE_KEYS[key]);
  if (/^[1-9]$/.test(key)) return app.give(app.keys[Number(key) - 1]);
  if (key.length === 1 && /[\p{L}\p{N}]/u.test(key)) return app.typeAhead(key);
  return key.length === 1;
}

function withAlt(app, key, code, shift) {
  if (key === "ArrowDown" || key === "ArrowUp") {
    const direction = key === "ArrowDown" ? 1 : -1;
    return shift ? app.stepTurn(direction) : app.stepCoding(direction);
  }
  if (key === "PageDown" || key === "PageUp") return app.stepDocument(key === "PageDown" ? 1 : -1);
  const acts = {
    KeyM: () => app.dock.openMemo() ?? true, KeyD: () => app.dock.openDocumentMemo() ?? true, KeyV: () => app.inVivo(),
    KeyU: () => app.stepUncoded(), KeyS: () => app.selectSentence(), KeyT: () => app.selectTurn(), KeyR: () => app.chooseFor(app.current()),
    KeyN: () => app.typeAhead(""), KeyI: () => app.toggleDim(),
  };
  return code in acts ? acts[code]() : false;
}

// ---- link.js
// The line to Python: commands with ids of their own, answers, and plain words about what is saved.

const PATIENCE = 2500; // ms until an unanswered command is told
const SILENCE = 13000; // ms until Python counts as gone
const LOOK = 4000; // ms between looks for changes made elsewhere

// Commands that no Python has answered yet. They outlive a page that is run again, and are never
// written anywhere: the words in them belong to the participants.
const shelf = (globalThis[Symbol.for("bantar_qual.unsaved")] ??= []);

const GONE = ["dead", "restarting", "autorestarting", "terminating"];

// What a notebook knows of the kernel that a page began with, where it tells: "busy", "gone"
// (another one may be there: it does not know this page), "cut" (the line to it), or nothing.
function kernelSays(kernel, now = kernel) {
  if (!kernel) return "";
  if (kernel.isDisposed || kernel !== now || GONE.includes(kernel.status)) return "gone";
  if (kernel.connectionStatus && kernel.connectionStatus !== "connected") return "cut";
  return kernel.status === "busy" ? "busy" : "";
}

// A busy Python saves when it is done, one behind a cut line when that is mended, a gone one never.
function stateOf({ lost, patient, kernel }, waiting) {
  const some = (state) => (waiting ? state : `${state}_nothing`);
  if (kernel === "gone") return some("lost");
  if (kernel === "cut") return waiting && patient ? "saving" : some("cut");
  if (lost && kernel !== "busy") return some("lost");
  if (!waiting) return lost ? "busy_nothing" : "saved";
  if (patient) return "saving";
  return kernel === "busy" ? "busy" : "unsaved";
}

class Link {
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

// ---- segments.js
// Overlapping codings cut into segments, each with a lane of its own.
// The same two functions exist in Python (bantar_qual/widgets/segments.py).

function outermostFirst(one, other) {
  return one.start - other.start || other.end - one.end || one.id - other.id;
}

function segments(spans, start, end) {
  const inside = spans.filter((span) => span.start < end && span.end > start).sort(outermostFirst);
  const edges = new Set([start, end]);
  for (const span of inside) {
    edges.add(Math.max(span.start, start));
    edges.add(Math.min(span.end, end));
  }
  const cuts = [...edges].sort((one, other) => one - other);
  return cuts.slice(1).map((cut, n) => ({
    start: cuts[n],
    end: cut,
    ids: inside.filter((span) => span.start <= cuts[n] && cuts[n] < span.end).map((span) => span.id),
  }));
}

function lanes(spans) {
  const free = []; // where each lane is free again
  const given = new Map();
  for (const span of [...spans].sort(outermostFirst)) {
    let lane = free.findIndex((until) => until <= span.start);
    if (lane < 0) lane = free.length;
    free[lane] = span.end;
    given.set(span.id, lane);
  }
  return given;
}

// ---- margin.js
// The margin: a bracket for each coding near the window, and its name beside it.

const LANE = 9; // pixels
const SIDE = 7; // brackets side by side, and one more for all the rest
const LINE = 19; // pixels of a name

function svg(tag, attributes) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
}

class Margin {
  // whose: only this coder's codings; side 0: left of the text
  constructor(app, { coder = "", side = 1 } = {}) {
    Object.assign(this, { app, coder, left: side === 0, dotted: Boolean(coder) && side === 1 });
    this.lines = svg("svg", { class: "bq-lines", "aria-hidden": "true" });
    this.names = h("div.bq-names");
    this.element = h("div.bq-margin", { "data-left": this.left }, this.lines, this.names);
    this.redraw = oncePerFrame(() => this.draw());
  }

  put(column) {
    column.append(this.element);
  }

  // While the text scrolls, names move with it; only what comes near is drawn, a few times a second.
  soon() {
    this.timer ??= setTimeout(() => { this.timer = null; this.redraw(); }, 100);
  }

  draw() {
    const { page } = this.app;
    if (!page.study) return;
    const top = page.column.getBoundingClientRect().top;
    const ends = new Map();
    for (const n of [...page.near].sort((one, other) => one - other)) {
      for (const mark of page.paragraphs[n]?.element.querySelectorAll(".bq-mark") ?? []) {
        const rects = mark.getClientRects();
        if (!rects.length) continue;
        const seen = ends.get(mark.dataset.id);
        const [first, last] = [rects[0].top - top, rects[rects.length - 1].bottom - top];
        ends.set(mark.dataset.id, seen ? [Math.min(seen[0], first), Math.max(seen[1], last)] : [first, last]);
      }
    }
    const codings = this.app.visible().filter((coding) => ends.has(String(coding.id)) && (!this.coder || coding.coder === this.coder));
    // Side by side by height, not by words: two codings on one line share no lane either.
    const places = lanes(codings.map((coding, id) => {
      const [start, end] = ends.get(String(coding.id));
      return { id, start: Math.round(start), end: Math.round(end) };
    }));
    const shown = Math.min(Math.max(0, ...places.values()), SIDE);
    const lines = [];
    const names = [];
    let free = -Infinity;
    const placed = codings
      .map((coding, id) => ({ coding, lane: Math.min(places.get(id), SIDE), from: ends.get(String(coding.id))[0], to: ends.get(String(coding.id))[1] }))
      .sort((one, other) => one.from - other.from || one.to - other.to);
    for (const { coding, lane, from, to } of placed) {
      const x = 6 + lane * LANE;
      const colour = this.app.colour(coding.code);
      const y = Math.max(from + 2, free);
      free = y + LINE;
      lines.push(...this.bracket(x, from + 4, to - 3, colour, coding, this.app.isNow(coding.id)));
      if (y > from + 6) lines.push(this.leader(x, from + 8, 14 + shown * LANE, y + LINE / 2 - 1));
      names.push(this.name(coding, y, 18 + shown * LANE, colour, this.app.isNow(coding.id)));
    }
    // The drawing is as high as the window and a bit, not as the whole transcript.
    const from = Math.max(0, page.scroller.scrollTop - 1000);
    const high = page.scroller.clientHeight + 2000;
    Object.assign(this.lines.style, { top: `${from}px`, height: `${high}px` });
    const mirrored = this.left ? `translate(${this.element.clientWidth} 0) scale(-1 1) ` : "";
    const group = svg("g", { transform: `${mirrored}translate(0 ${-from})` });
    group.append(...lines);
    this.lines.replaceChildren(group);
    this.names.replaceChildren(...names);
  }

  bracket(x, from, to, colour, coding, now) {
    const wide = now ? 3 : 1.75;
    const look = { stroke: colour, "stroke-width": wide, fill: "none", "stroke-linecap": "round" };
    if (coding.status === "suggested") look["stroke-dasharray"] = "2 4";
    if (this.dotted) Object.assign(look, { "stroke-dasharray": "0.1 5", "stroke-width": wide + 1.25 });
    if (to - from < 24 && coding.status === "suggested") return [svg("circle", { cx: x, cy: (from + to) / 2, r: 3.2, ...look, "stroke-dasharray": "none", "stroke-width": 1.5 })];
    if (to - from < 24) return [svg("path", { d: `M${x} ${from + 3}V${Math.max(to - 3, from + 5)}`, ...look, "stroke-width": wide + 1.5 })];
    return [svg("path", { d: `M${x - 4} ${from}H${x}V${to}H${x - 4}`, ...look })];
  }

  leader(x, y, toX, toY) {
    return svg("path", { d: `M${x + 2} ${y}L${toX} ${toY}`, class: "bq-leader", fill: "none" });
  }

  name(coding, top, left, colour, now) {
    const { study } = this.app;
    const whose = !this.coder && coding.origin === "hand" && coding.coder !== study.me ? ` · ${coding.coder}` : "";
    const badge = this.app.badge(coding);
    const said = h("span", {}, badge,
      coding.valence ? h("b.bq-sign", { "data-valence": coding.valence }, SIGNS[coding.valence]) : null,
      study.label(coding.code), whose ? h("i", {}, whose) : null,
      this.app.hasMemo(coding) ? h("span.bq-has-memo", {}, " ✎") : null);
    return button("button.bq-name", said, () => this.app.goTo(coding), {
      tabindex: "-1", "data-id": coding.id, "data-status": coding.status, "data-now": now, "aria-hidden": "true", "data-settled": Boolean(badge),
      title: study.fullLabel(coding.code), style: { top: `${top}px`, [this.left ? "right" : "left"]: `${left}px`, "max-width": `calc(100% - ${left + 4}px)`, "--c": colour },
    });
  }
}

// ---- page.js
// The transcript on the page: paragraphs, and the marks of codings in them.

const STRETCH = 10; // blocks that are laid out, painted and watched together
const LANES = 4; // underlines that can be told apart; the margin shows the others too

class Page {
  constructor(app) {
    this.app = app;
    this.body = h("div.bq-text", {
      contenteditable: "true", role: "textbox", "aria-multiline": "true", "aria-readonly": "true",
      inputmode: "none", spellcheck: "false", autocorrect: "off", autocapitalize: "off", tabindex: "0",
      translate: "no", "data-gramm": "false",
    });
    const refuse = (event) => event.preventDefault();
    for (const kind of ["beforeinput", "paste", "cut", "drop", "dragstart", "dragover"]) this.body.addEventListener(kind, refuse);
    // Pressing inside a selection would begin to drag its words about; it shall begin a new selection.
    this.body.addEventListener("mousedown", (event) => {
      if (event.button !== 0 || event.shiftKey || event.detail > 1) return;
      const chosen = this.selection();
      const position = chosen && chosen.start < chosen.end ? this.at(event.clientX, event.clientY) : null;
      if (position !== null) this.select(position);
    });
    // Paragraphs outside the window are not laid out; once they are, their brackets are drawn.
    this.body.addEventListener("contentvisibilityautostatechange", () => app.margin.soon(), true);
    this.body.addEventListener("compositionend", () => this.paintAll());
    this.sizes = h("div.bq-handles");
    this.column = h("div.bq-column", {}, this.body, this.sizes);
    this.scroller = h("div.bq-scroller", { tabindex: "-1" }, this.column);
    this.paragraphs = [];
    this.near = new Set();
    this.stale = new Set(); // far from the window, and not painted since something changed there
  }

  open(study) {
    this.study = study;
    const { t } = this.app;
    this.body.setAttribute("aria-label", t("transcript", { title: study.document.title }));
    this.body.lang = study.document.language || "";
    this.paragraphs = [];
    this.stale.clear();
    this.near.clear();
    const laid = blocks(study.text, study.turns, [...study.saved.values()]);
    const speakers = laid.some((block) => block.speaker);
    const stretches = [];
    for (let n = 0; n < laid.length; n += STRETCH) stretches.push(this.stretch(laid.slice(n, n + STRETCH), speakers, t));
    this.body.replaceChildren(...stretches);
    this.watch();
    this.scroller.scrollTop = 0;
    this.app.scrolled = 0;
  }

  // Thousands of turns, each watched by itself, cost every frame of scrolling more than drawing them.
  stretch(blocks_, speakers, t) {
    const from = this.paragraphs.length;
    const elements = blocks_.map((block) => this.block(block, speakers, t));
    const lines = blocks_.reduce((sum, { start, end }) => sum + Math.max(1, Math.ceil((end - start) / 72)), 0);
    return h("div.bq-stretch", { "data-from": from, "data-to": this.paragraphs.length, style: { "--lines": lines, "--blocks": blocks_.length } }, ...elements);
  }

  block(block, speakers, t) {
    const element = h("div.bq-block", {
      "data-kind": block.kind, "data-role": block.role || null, "data-turn": block.number ?? null,
      "data-speaker": block.speaker || null, "data-number": speakers || block.kind !== "turn" ? block.number ?? null : null,
      "data-time": block.time || null,
      "data-head": block.kind === "head" ? t("front") : null,
    });
    for (const paragraph of block.paragraphs) {
      const p = h("p", { "data-p": this.paragraphs.length });
      this.paragraphs.push({ ...paragraph, element: p, block });
      p.append(this.study.text.slice(paragraph.start, paragraph.end));
      element.append(p);
    }
    return element;
  }

  // Marks and brackets are drawn for the paragraphs near the window only.
  watch() {
    this.observer?.disconnect();
    this.near.clear();
    this.observer = new IntersectionObserver((entries) => {
      for (const { target, isIntersecting } of entries) {
        for (let number = Number(target.dataset.from); number < Number(target.dataset.to); number += 1) {
          if (isIntersecting) this.near.add(number);
          else this.near.delete(number);
        }
      }
      this.renew([...this.stale].filter((number) => this.near.has(number)));
      this.app.margin.soon();
    }, { root: this.scroller, rootMargin: "600px 0px" });
    for (const element of this.body.children) this.observer.observe(element);
  }

  numbersIn(start, end) {
    const numbers = [];
    if (!this.paragraphs.length) return numbers;
    for (let n = paragraphAt(this.paragraphs, start); n < this.paragraphs.length; n += 1) {
      if (this.paragraphs[n].start > end) break;
      numbers.push(n);
    }
    return numbers;
  }

  paintAll() {
    this.renew(this.paragraphs.map((_, n) => n));
  }

  paint(numbers) {
    const codings = this.app.visible();
    this.lanes = lanes(codings);
    const byParagraph = new Map();
    for (const n of numbers) {
      if (this.near.has(n)) byParagraph.set(n, []);
      else this.stale.add(n);
    }
    if (!byParagraph.size) return;
    for (const coding of codings) {
      for (const n of this.numbersIn(coding.start, coding.end)) byParagraph.get(n)?.push(coding);
    }
    for (const [n, here] of byParagraph) {
      this.paintOne(n, here);
      this.stale.delete(n);
    }
  }

  paintOne(number, codings) {
    const { start, end, element } = this.paragraphs[number];
    const { text } = this.study;
    const now = this.app.current();
    const why = now?.because ? wordsOf(now.because, text, now.start, now.end) : [];
    const spans = [...codings, ...why.map(([from, to], n) => ({ id: -1 - n, start: from, end: to, why: true }))];
    const byId = new Map(spans.map((span) => [span.id, span]));
    if (!spans.length) { element.replaceChildren(text.slice(start, end)); return; }
    element.replaceChildren(...segments(spans, start, end).map((piece) => {
      let node = document.createTextNode(text.slice(piece.start, piece.end));
      for (const id of piece.ids.toReversed()) node = this.mark(byId.get(id), node);
      return node;
    }));
  }

  mark(span, inner) {
    if (span.why) return h("strong.bq-why", {}, inner);
    const lane = this.lanes.get(span.id) ?? 0;
    const mark = h("mark.bq-mark", {
      "data-id": span.id, "data-status": span.status, "data-now": this.app.isNow(span.id), "data-side": this.app.sideOf(span),
      "data-lane": Math.min(lane, LANES),
      style: { "--c": this.app.colour(span.code) },
    }, inner);
    return mark;
  }

  // ------------------------------------------------------------ positions

  offsetOf(node, offset) {
    if (!this.paragraphs.length || !this.body.contains(node)) return null;
    const p = (node.nodeType === 1 ? node : node.parentElement).closest("[data-p]");
    if (!p) {
      const next = node.childNodes[offset];
      const inside = next?.nodeType === 1 && (next.matches("[data-p]") ? next : next.querySelector("[data-p]"));
      if (inside) return this.paragraphs[Number(inside.dataset.p)].start;
      const before = [...this.body.querySelectorAll("[data-p]")].findLast(
        (one) => node.compareDocumentPosition(one) & Node.DOCUMENT_POSITION_PRECEDING || node.contains(one));
      return before ? this.paragraphs[Number(before.dataset.p)].end : 0;
    }
    const range = document.createRange();
    range.setStart(p, 0);
    range.setEnd(node, offset);
    return this.paragraphs[Number(p.dataset.p)].start + range.toString().length;
  }

  placeOf(position) {
    const number = paragraphAt(this.paragraphs, position);
    const { start, end, element } = this.paragraphs[number];
    let left = Math.min(Math.max(position, start), end) - start;
    const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
    let node = walker.nextNode();
    let last = node;
    while (node && left > node.length) {
      left -= node.length;
      last = node;
      node = walker.nextNode();
    }
    return node ? [node, left] : [last ?? element, last ? last.length : 0];
  }

  raw() {
    const root = this.body.getRootNode();
    const selection = root.getSelection?.() ?? document.getSelection();
    if (root !== document && !root.getSelection && selection?.getComposedRanges) {
      const [range] = selection.getComposedRanges({ shadowRoots: [root] });
      return range && [range.startContainer, range.startOffset, range.endContainer, range.endOffset, false];
    }
    if (!selection?.anchorNode) return null;
    const { anchorNode, anchorOffset, focusNode, focusOffset } = selection;
    return [anchorNode, anchorOffset, focusNode, focusOffset];
  }

  // The selection as positions in the text, the moving end last; read anew whenever it is needed.
  selection() {
    const raw = this.raw();
    if (!raw) return null;
    const anchor = this.offsetOf(raw[0], raw[1]);
    const focus = this.offsetOf(raw[2], raw[3]);
    if (anchor === null || focus === null) return null;
    return { anchor, focus, start: Math.min(anchor, focus), end: Math.max(anchor, focus) };
  }

  select(anchor, focus = anchor, { scroll = false } = {}) {
    if (!this.paragraphs.length) return;
    const root = this.body.getRootNode();
    const selection = root.getSelection?.() ?? document.getSelection();
    selection.setBaseAndExtent(...this.placeOf(anchor), ...this.placeOf(focus));
    if (scroll) this.scrollTo(Math.min(anchor, focus));
  }

  scrollTo(position) {
    const { element } = this.paragraphs[paragraphAt(this.paragraphs, position)];
    const view = this.scroller.getBoundingClientRect();
    const centre = () => {
      const [node, offset] = this.placeOf(position);
      const range = document.createRange();
      range.setStart(node, offset);
      range.collapse(true);
      const rect = range.getClientRects()[0] ?? element.getBoundingClientRect();
      if (rect.top < view.top + 40 || rect.bottom > view.bottom - 60) {
        this.scroller.scrollTop += rect.top - view.top - view.height / 3;
      }
    };
    centre();
    requestAnimationFrame(centre); // paragraphs that were never laid out only now know their height
  }

  at(x, y) {
    const root = this.body.getRootNode();
    const place = document.caretPositionFromPoint?.(x, y, root === document ? {} : { shadowRoots: [root] });
    if (place) return this.offsetOf(place.offsetNode, place.offset);
    const range = document.caretRangeFromPoint?.(x, y);
    return range ? this.offsetOf(range.startContainer, range.startOffset) : null;
  }

  // Repaint the stretches, and leave caret and scrolling where they were.
  repaint(stretches) {
    this.renew([...new Set(stretches.flatMap(([start, end]) => this.numbersIn(start, end)))]);
  }

  renew(numbers) {
    if (!numbers.length) return;
    const kept = this.body.matches(":focus") ? this.selection() : null;
    this.paint(numbers);
    const touched = kept && this.numbersIn(kept.start, kept.end).some((n) => numbers.includes(n));
    if (touched) this.select(kept.anchor, kept.focus);
  }

  dispose() {
    this.observer?.disconnect();
  }
}

// ---- learning.js
// What a decision brings for the model, said plainly beside the list of suggestions.

const SETTLED = 250; // ms: many decisions in a row are counted once

// Which sentence holds for a code, and how far it is on the way to the model alone.
function standing({ columns, codes, steps }, path) {
  const row = codes[path];
  if (!row) return null;
  const told = Object.fromEntries(columns.map((name, n) => [name, row[n]]));
  const key = { cues: "learn_cues", "cues and model": "learn_both", model: "learn_model" }[told.heard];
  return { ...told, key, n: told.missing || told.lessons, done: Math.min(1, told.lessons / steps[1]), step: steps[0] / steps[1] };
}

class Learning {
  constructor(app) {
    this.app = app;
    this.told = null;
    this.element = h("div.bq-learning", { role: "note", "aria-label": app.t("learning"), hidden: true });
  }

  ask() {
    clearTimeout(this.waiting);
    if (!this.app.study?.blind) this.waiting = setTimeout(() => this.app.link.post({ kind: "learning" }), SETTLED);
  }

  take(told) {
    this.told = told;
    this.draw();
  }

  draw() {
    const { t, study } = this.app;
    const now = this.app.current();
    const suggested = now?.status === "suggested" ? now : null;
    const found = this.told && suggested && standing(this.told, suggested.code);
    const fresh = this.told && suggested?.fresh;
    this.element.hidden = !this.told;
    if (!this.told) return;
    const meter = found && h("span.bq-meter", { "aria-hidden": "true", style: { "--done": `${found.done * 100}%`, "--step": `${found.step * 100}%`, "--c": this.app.colour(suggested.code) } });
    this.element.replaceChildren(...[
      found || fresh ? h("p.bq-learn-code", {}, h("strong", {}, study.label(suggested.code)), meter) : null,
      found ? h("p", {}, t(this.told.read ? found.key : `${found.key}_if`, { n: found.n })) : null,
      found ? h("p.bq-quiet", { title: t("learn_rule") }, t("learn_counts", found)) : null,
      fresh ? h("p", {}, t("learn_new", { n: this.told.steps[0] })) : null,
      h("p.bq-quiet", {}, t(this.told.read ? "learn_since" : "learn_never", { n: this.told.since }), " ", this.told.since ? [t("learn_again"), " ", h("code", {}, "project.code_with(bq.ModelCoder().fit(project))")] : null),
    ].filter(Boolean));
  }
}

// ---- queue.js
// The suggestions that wait: filters, the list, and decisions about many at once.

class Queue {
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

// ---- study.js
// What the page knows of the study: what Python said, and what still waits to be saved.

function readCodings(columns, rows, astral) {
  return rows.map((row) => {
    const coding = Object.fromEntries(columns.map((name, n) => [name, row[n]]));
    coding.start = toUnits(astral, coding.start);
    coding.end = toUnits(astral, coding.end);
    return coding;
  });
}

class Study {
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
function withChoices(codings, choices) {
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
function changedStretches(before, after) {
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

// ---- tree.js
// The codes: a tree to choose from, with counts, keys and the rules for their use.

class Tree {
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

// ---- app.js
// The page as a whole: what is shown, what is chosen, and what every act means.

class App {
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

// ---- acts.js
// What the researcher can do, each a command to Python, painted at once.

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

// ---- moves.js
// Moving about: the caret, codings, turns, documents, panes.

const moves = {
  // The caret moved: which codings lie there?
  look() {
    if (!this.study || this.dragging || !this.page.body.matches(":focus")) return;
    const chosen = this.page.selection();
    if (!chosen) return;
    const { start, end } = chosen;
    this.last = chosen;
    const inside = start === end
      ? (c) => c.start <= start && start <= c.end
      : (c) => c.start < end && c.end > start;
    const length = (c) => c.end - c.start;
    const found = this.visible().filter(inside).sort((one, other) => length(one) - length(other));
    const exact = found.find((c) => c.start === start && c.end === end);
    const before = this.hereIds.join();
    this.hereIds = found.slice(0, 12).map((c) => c.id);
    const kept = found.some((c) => c.id === this.currentId) ? this.currentId : null;
    const next = kept ?? exact?.id ?? found[0]?.id ?? null;
    if (before !== this.hereIds.join()) this.tellHere(found);
    this.setCurrent(next);
  },

  tellHere(found) {
    clearTimeout(this.telling);
    if (!found.length) return;
    this.telling = setTimeout(() => this.bar.whisper(this.t("here", { codes: found.map((c) => this.study.label(c.code)).join(", ") })), 600);
  },

  setCurrent(id) {
    this.currentId = id;
    const now = this.current();
    const before = this.view.get(this.paintedId);
    const changed = this.paintedId !== now?.id;
    this.paintedId = now?.id;
    if (changed) this.page.repaint([before, now].filter(Boolean).map((c) => [c.start, c.end]));
    this.dock.draw();
    if (changed) { this.margin.redraw(); this.handles.redraw(); }
    if (changed && this.mode === "review") this.queue.draw();
  },

  goTo(coding) {
    this.hereIds = [coding.id, ...this.hereIds.filter((id) => id !== coding.id)];
    this.page.body.focus({ preventScroll: true });
    // A suggestion is not selected: the words that spoke for it are to be seen.
    const suggested = coding.status === "suggested";
    this.page.select(coding.start, suggested ? coding.start : coding.end, { scroll: true });
    this.setCurrent(coding.id);
    if (suggested) this.bar.whisper(this.t("suggestion_of", { code: this.study.label(coding.code), quote: this.study.text.slice(coding.start, coding.end) }));
  },

  backToText(span) {
    this.page.body.focus({ preventScroll: true });
    const place = span ?? this.last;
    if (place) this.page.select(place.anchor ?? place.start, place.focus ?? place.end);
    return true;
  },

  caret() {
    return this.page.selection()?.focus ?? this.last?.focus ?? 0;
  },

  stepCoding(direction) {
    const review = this.mode === "review";
    if (review) {
      const row = direction > 0 ? this.queue.next(this.currentId) : this.queue.previous(this.currentId);
      if (row) { this.openSuggestion(row); return true; }
    }
    const order = this.visible().sort((one, other) => one.start - other.start || other.end - one.end || one.id - other.id);
    const now = this.current();
    const at = now ? order.findIndex((c) => c.id === now.id) : -1;
    const caret = this.caret();
    const next = at >= 0 ? order[at + direction] : direction > 0 ? order.find((c) => c.start >= caret) : order.findLast((c) => c.start < caret);
    if (!next) return this.say("no_more");
    this.goTo(next);
    return true;
  },

  toTurn(turn) {
    if (!turn) return this.say("no_more");
    this.backToText({ start: turn[1], end: turn[1] });
    this.page.scrollTo(turn[1]);
    return this.say("turn", { n: turn[0] });
  },

  stepTurn(direction) {
    const { turns } = this.study;
    const caret = this.caret();
    return this.toTurn(direction > 0 ? turns.find(([, start]) => start > caret) : turns.findLast(([, start]) => start < caret));
  },

  stepUncoded() {
    const free = uncodedTurns(this.study.turns, this.all().filter((c) => c.status === "accepted"));
    const caret = this.caret();
    return this.toTurn(free.find(([, start]) => start > caret) ?? free[0]);
  },

  stepDocument(direction) {
    const names = this.study.documents.map(([name]) => name);
    const next = names[names.indexOf(this.study.name) + direction];
    if (!next) return this.say("no_more");
    this.open(next);
    return true;
  },

  open(name) {
    this.say("reading");
    this.link.hello(name);
  },

  selectSentence() {
    const caret = this.caret();
    const place = this.page.paragraphs.find(({ start, end }) => start <= caret && caret <= end);
    const span = place && sentenceAt(this.study.text, place.start, place.end, caret, this.study.document.language);
    if (span) this.page.select(span.start, span.end);
    return true;
  },

  selectTurn() {
    const caret = this.caret();
    const turn = this.study.turns.find(([, start, end]) => start <= caret && caret <= end);
    if (turn) this.page.select(turn[1], turn[2]);
    return true;
  },

  // ------------------------------------------------------------ panes, looks

  cyclePanes(direction) {
    const list = this.listName && !this.queue.element.hidden ? this.queue.list.querySelector("button") ?? this.queue.list : this.tree.list.querySelector("[tabindex='0']");
    const panes = [list, this.page.body, this.dock.cards.querySelector(".bq-card[data-now] button:not([disabled]), button, textarea"), this.bar.documents].filter(Boolean);
    const focused = this.focused();
    const parts = [this.side, this.stage, this.dock.element, this.bar.element];
    const at = parts.findIndex((part) => part.contains(focused));
    const order = panes.map((pane) => parts.findIndex((part) => part.contains(pane)));
    const step = (order.indexOf(at) + direction + panes.length) % panes.length;
    const next = panes[at < 0 ? 1 : step];
    if (next === this.page.body) this.backToText();
    else next.focus();
    return true;
  },

  escape() {
    const chosen = this.page.selection();
    if (this.armed) this.armed = null;
    else if (this.letGo()) return true;
    else if (chosen) this.page.select(chosen.focus);
    this.dock.draw();
    return true;
  },

  toSearch() {
    const span = this.span();
    if (span && span.end - span.start < 60) this.bar.search.value = this.study.text.slice(span.start, span.end);
    this.bar.search.focus();
    this.bar.search.select();
    return true;
  },

  toggleHelp() {
    this.help.element.hidden = !this.help.element.hidden;
    if (this.help.element.hidden) this.backToText();
    else this.help.element.focus();
    return true;
  },

  toggleDim() {
    this.dimmed = !this.dimmed;
    this.root.dataset.dimmed = String(this.dimmed);
    this.bar.draw();
    return true;
  },

  toggleSuggestions() {
    this.offersShown = !this.offersShown;
    this.relook();
  },

  showOnly(path) {
    this.only = this.only === path ? "" : path;
    this.relook();
  },

  relook() {
    this.page.paintAll();
    this.tree.draw();
    this.bar.draw();
    this.margin.redraw();
    this.look();
  },

  // The words that wait for a code stay marked while the focus is elsewhere.
  keepVisible(span) {
    this.highlight("kept", span ? [span] : []);
  },

  highlight(name, spans) {
    if (!globalThis.CSS?.highlights || !this.page?.study) return;
    const key = `bq-${name}`;
    if (!spans.length) { CSS.highlights.delete(key); return; }
    CSS.highlights.set(key, new Highlight(...spans.map(({ start, end }) => {
      const range = document.createRange();
      range.setStart(...this.page.placeOf(start));
      range.setEnd(...this.page.placeOf(end));
      return range;
    })));
  },
};

Object.assign(App.prototype, moves);

// ---- differences.js
// Where two coders differ: the list, what of it is shown, and decisions about many at once.

const LISTED = 300; // rows in the list
const KINDS = ["same", "borders", "valence", "borders and valence", "code", "only one"];

function readRows(rows) {
  return rows.map(([first, second, kind, decision, reason]) => ({ id: `${first}-${second}`, first, second, kind, decision, reason }));
}

// How much is to decide, is decided, and is the same but not taken over yet.
function tally(rows) {
  const differ = rows.filter((row) => row.kind !== "same");
  return {
    left: differ.filter((row) => !row.decision).length, decided: rows.filter((row) => row.decision).length,
    differ: differ.length, same: rows.filter((row) => row.kind === "same" && !row.decision),
  };
}

function shownRows(rows, { show, kind }) {
  const fits = {
    open: (row) => !row.decision && row.kind !== "same", decided: (row) => row.decision,
    same: (row) => row.kind === "same", all: () => true,
  }[show];
  return rows.filter((row) => fits(row) && (!kind || row.kind === kind));
}

class Differences extends Queue {
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

// ---- sides.js
// One difference: what each of the two gave, side by side, and the decision about it.

// How the two are told apart without colour: a line for the first, dots for the second.
function sample(side) {
  return h("span.bq-sample", { "data-side": side, "aria-hidden": "true" });
}

class Sides extends Dock {
  constructor(app) {
    super(app);
    this.cards.setAttribute("aria-label", app.t("decide"));
    this.why = "";
  }

  draw() {
    const { row, t, study } = this.app;
    if (!study) return;
    const focused = this.element.contains(this.app.focused()) ? this.app.focused() : null;
    if (focused?.matches("textarea") || (focused?.matches("input") && this.shown === row?.id)) return;
    const place = focused?.dataset.do;
    this.shown = row?.id;
    const parts = row ? [this.headline(row), ...this.app.codingsOf(row).map((coding, side) => this.side(coding, side, row)), this.deciding(row)]
      : [h("p.bq-hint", {}, t("consensus_rule"))];
    if (this.memoOpen) parts.push(this.documentMemo());
    this.cards.replaceChildren(...parts);
    if (place) this.cards.querySelector(`[data-do="${place}"]`)?.focus();
  }

  headline(row) {
    const { t } = this.app;
    const said = row.decision ? h("span.bq-decided", {}, `✓ ${t("decided", { choice: this.app.choiceWords(row.decision) })}${row.reason ? ` (${row.reason})` : ""}`) : row.kind === "same" ? null : h("span", {}, t("open"));
    const armed = this.app.armed ? h("span", {}, t("hint_armed", { valence: t(this.app.armed) })) : null;
    return h("p.bq-headline", {}, h("strong", {}, t(`kind_${row.kind}`)), said, armed);
  }

  side(coding, side, row) {
    const { t, study } = this.app;
    const coder = study.between[side];
    const who = h("header", {}, sample(side), h("strong", {}, coder), coding ? h("span.bq-side-code", {}, h("span.bq-swatch", {}), study.label(coding.code)) : null,
      coding?.valence ? h("span", {}, h("b.bq-sign", { "data-valence": coding.valence }, SIGNS[coding.valence]), t(coding.valence)) : null);
    const holds = row.decision === coder || row.decision === "both";
    return h("section.bq-card.bq-side-card", {
      "aria-label": `${coder}: ${coding ? study.fullLabel(coding.code) : t("nothing_of", { coder })}`, "data-holds": holds, "data-side": side,
      style: { "--c": coding ? this.app.colour(coding.code) : "var(--rule)" },
    }, who,
    coding ? h("p.bq-side-quote", {}, study.text.slice(coding.start, coding.end)) : h("p.bq-side-none", {}, t("nothing_of", { coder })),
    coding?.memo ? h("p.bq-memo-other", {}, coding.memo) : null,
    ...(coding ? study.memosOfOthers("coding", coding.id).map((memo) => h("p.bq-memo-other", {}, `${memo.coder}: ${memo.text}`)) : []));
  }

  deciding(row) {
    const { t, study } = this.app;
    const [first, second] = study.between;
    const chosen = (choice) => String(row.decision === choice);
    const take = (key, choice, said) => button("button", h("span", {}, h("kbd", { "aria-hidden": "true" }, key), ` ${said}`), () => this.app.agree([row], choice), { "aria-pressed": chosen(choice), "data-do": choice, "aria-keyshortcuts": key });
    const reason = h("input.bq-reason", {
      type: "text", "aria-label": t("reason"), placeholder: t("reason"), oninput: () => { this.why = reason.value; },
      onkeydown: (event) => {
        event.stopPropagation();
        if (event.key === "Enter" || event.key === "Escape") { event.preventDefault(); this.app.backToText(); }
      },
    });
    reason.value = this.why;
    return h("div.bq-acts.bq-decide", {},
      h("div", {}, take("1", first, t("take", { coder: first })), take("2", second, t("take", { coder: second })), take("3", "both", t("take_both")), take("4", "neither", t("take_neither"))),
      button("button", h("span", {}, h("kbd", { "aria-hidden": "true" }, "F2"), ` ${t("take_code")}`), () => this.app.chooseFor(), { "data-do": "code" }),
      h("div.bq-valences", { role: "group", "aria-label": t("valence") }, VALENCES.map((valence) => button("button", h("b", { "aria-hidden": "true" }, SIGNS[valence]), () => this.app.rateHere(valence), { "data-valence": valence, "aria-label": t(valence), title: t(valence), "aria-pressed": String(row.decision === valence || this.app.armed === valence), "data-do": valence }))),
      reason);
  }
}

// Two margins: the first coder's on the left of the text, the second's on the right.
class Margins {
  constructor(app, between) {
    this.parts = between.map((coder, side) => new Margin(app, { coder, side }));
    for (const [side, part] of this.parts.entries()) part.element.prepend(h("div.bq-margin-who", {}, sample(side), between[side]));
  }

  put(column) {
    column.prepend(this.parts[0].element);
    column.append(this.parts[1].element);
  }

  redraw() {
    for (const part of this.parts) part.redraw();
  }

  soon() {
    for (const part of this.parts) part.soon();
  }
}

// ---- compare.js
// The page that compares two coders: their codings beside one text, and decisions about them.

const QUIET = ["Enter", "Backspace", "Delete", ",", ".", "<", ">", "5", "6", "7", "8", "9"]; // mean nothing here

class Compare extends App {
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

// ---- index.js
// The widget: one page in one notebook cell.

function render({ model, el }) {
  const root = h("div.bq", { "data-lm-suppress-shortcuts": "true", "data-dimmed": "true" });
  el.append(root);
  const app = model.get("mode") === "compare" ? new Compare(model, root) : new App(model, root);
  const look = () => { root.style.setProperty("--height", `${model.get("height")}px`); app.recolour(); };
  model.on("change:height change:theme", look);
  return () => {
    model.off("change:height change:theme", look);
    app.dispose();
    root.remove();
  };
}

export default { render };
