// Positions. Python and the study count code points; a browser counts UTF-16 units.

// Where the characters beyond the first plane stand: most texts have none, and conversion is free.
export function astralPositions(text) {
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

export function toUnits(astral, point) {
  return point + countBelow(astral.points, point);
}

export function toPoints(astral, unit) {
  return unit - countBelow(astral.units, unit);
}

// A selection without the white space at its ends, and never through the middle of a character
// as a reader sees it: an emoji of a family, or a letter with its accent.
export function snapped(text, start, end) {
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
export function wordStep(text, at, direction) {
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

export function wordStarts(text, at, direction) {
  if (direction < 0) return wordStep(text, at, -1);
  const end = wordStep(text, at, 1);
  const next = /\S/u.exec(text.slice(end).replace(/^[^\p{L}\p{N}]*/u, (gap) => " ".repeat(gap.length)));
  return next ? end + next.index : end;
}

export function wordEnds(text, at, direction) {
  if (direction > 0) return wordStep(text, at, 1);
  const start = wordStep(text, at, -1);
  const before = text.slice(0, start).replace(/[^\p{L}\p{N}]+$/u, "");
  return before.length;
}

export function sentenceAt(text, start, end, at, language) {
  const piece = text.slice(start, end);
  for (const { index, segment } of new Intl.Segmenter(language || "und", { granularity: "sentence" }).segment(piece)) {
    if (at <= start + index + segment.length) {
      return snapped(text, start + index, start + index + segment.length);
    }
  }
  return null;
}
