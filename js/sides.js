// One difference: what each of the two gave, side by side, and the decision about it.
import { button, h, SIGNS, VALENCES } from "./dom.js";
import { Dock } from "./dock.js";
import { Margin } from "./margin.js";

// How the two are told apart without colour: a line for the first, dots for the second.
export function sample(side) {
  return h("span.bq-sample", { "data-side": side, "aria-hidden": "true" });
}

export class Sides extends Dock {
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
export class Margins {
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
