// The widget: one page in one notebook cell.
import "./acts.js";
import "./moves.js";
import { App } from "./app.js";
import { Compare } from "./compare.js";
import { h } from "./dom.js";

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
