// What a decision brings for the model, said plainly beside the list of suggestions.
import { h } from "./dom.js";

const SETTLED = 250; // ms: many decisions in a row are counted once

// Which sentence holds for a code, and how far it is on the way to the model alone.
export function standing({ columns, codes, steps }, path) {
  const row = codes[path];
  if (!row) return null;
  const told = Object.fromEntries(columns.map((name, n) => [name, row[n]]));
  const key = { cues: "learn_cues", "cues and model": "learn_both", model: "learn_model" }[told.heard];
  return { ...told, key, n: told.missing || told.lessons, done: Math.min(1, told.lessons / steps[1]), step: steps[0] / steps[1] };
}

export class Learning {
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
