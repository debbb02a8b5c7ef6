// Find codes by their first letters, in every language that the codebook speaks.

export function plain(text) {
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

export function score(query, code) {
  let sum = 0;
  const texts = [code.label, ...(code.labels || []), code.path.replace(/[._]/g, " ")].map(plain);
  for (const word of plain(query).split(/\s+/).filter(Boolean)) {
    const best = Math.max(...texts.map((text, n) => oneWord(word, text) - n * 0.1));
    if (best <= 0) return 0;
    sum += best;
  }
  return sum;
}

export function ranked(query, codes) {
  if (!query.trim()) return codes;
  return codes
    .map((code, place) => ({ code, place, score: score(query, code) }))
    .filter((found) => found.score > 0)
    .sort((one, other) => other.score - one.score || one.place - other.place)
    .map((found) => found.code);
}
