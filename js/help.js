// The sheet of keys.
import { button, h } from "./dom.js";

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

export class Help {
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
