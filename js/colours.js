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

export function luminance(hex) {
  const [red, green, blue] = channels(hex).map(linear);
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

export function contrast(one, other) {
  const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}

// The same hue, darker on a light page and lighter on a dark one, until it can be seen.
export function visible(hex, dark) {
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
export function codeColours(codes, dark) {
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

export function isDark(colour) {
  const found = /rgba?\(([\d.]+),\s*([\d.]+),\s*([\d.]+)(?:,\s*([\d.]+))?/.exec(colour || "");
  if (!found || (found[4] !== undefined && Number(found[4]) < 0.5)) return null;
  const [red, green, blue] = found.slice(1, 4).map(Number);
  return 0.299 * red + 0.587 * green + 0.114 * blue < 128;
}
