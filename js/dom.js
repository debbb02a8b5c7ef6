// Small helpers. Text always goes in as text: nothing of a study is ever read as markup.

export function h(tag, attributes = {}, ...children) {
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

export function translator(words) {
  return (key, facts = {}) =>
    (words[key] ?? key).replace(/\{(\w+)\}/g, (whole, name) => (name in facts ? String(facts[name]) : whole));
}

export function randomId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

export const VALENCES = ["barrier", "enabler", "neutral", "mixed"];
export const SIGNS = { barrier: "−", enabler: "+", neutral: "○", mixed: "±" };
export const VALENCE_KEYS = { "-": "barrier", "−": "barrier", "+": "enabler", "=": "enabler", 0: "neutral", "*": "mixed", "±": "mixed" };

// Buttons keep the focus where it is, so that a selection in the text is not lost.
export function button(name, text, act, more = {}) {
  return h(name, { type: "button", onmousedown: (event) => event.preventDefault(), onclick: act, ...more }, text);
}

export function oncePerFrame(act) {
  let waiting = 0;
  const run = () => {
    if (!waiting) waiting = requestAnimationFrame(() => { waiting = 0; act(); });
  };
  run.cancel = () => { cancelAnimationFrame(waiting); waiting = 0; };
  return run;
}
