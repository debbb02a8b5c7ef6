// What lies at the caret: a card for each coding, with all that can be done to it.
import { button, h, SIGNS, VALENCES } from "./dom.js";
import { countWords } from "./layout.js";

export class Dock {
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
