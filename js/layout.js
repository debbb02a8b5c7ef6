// How a transcript is set: blocks (the head, turns, what stands between them) of paragraphs.

export function blocks(text, turns, codings = []) {
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
export function paragraphAt(paragraphs, position) {
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
export function uncodedTurns(turns, codings) {
  return turns.filter(([, start, end, , role]) =>
    role !== "interviewer" && !codings.some((c) => c.start < end && c.end > start));
}

// Where the words that spoke for a suggestion stand within it.
export function wordsOf(because, text, start, end) {
  const quote = text.slice(start, end).toLowerCase();
  const found = [];
  for (const part of because.split(/[;…]|\.\.\./u).map((word) => word.trim().toLowerCase()).filter(Boolean)) {
    const last = found.findLast(([from, to]) => quote.slice(from - start, to - start) === part);
    const at = quote.indexOf(part, last ? last[1] - start : 0);
    if (at >= 0) found.push([start + at, start + at + part.length]);
  }
  return found;
}

export function countWords(text) {
  return (text.match(/\S+/gu) || []).length;
}
