// The parts that need no browser. Run by pytest, or: node --test js/tests
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { codeColours, contrast, isDark, visible } from "../colours.js";
import { ranked, score } from "../fuzzy.js";
import { blocks, countWords, paragraphAt, uncodedTurns, wordsOf } from "../layout.js";
import { readRows, shownRows, tally } from "../differences.js";
import { astralPositions, sentenceAt, snapped, toPoints, toUnits, wordEnds, wordStarts } from "../offsets.js";
import { kernelSays, stateOf } from "../link.js";
import { standing } from "../learning.js";
import { lanes, segments } from "../segments.js";
import { changedStretches, Study, withChoices } from "../study.js";

const examples = (name) => JSON.parse(readFileSync(new URL(`../../tests/widgets/${name}.json`, import.meta.url)));

for (const example of examples("segments")) {
  test(`segments and lanes: ${example.name}`, () => {
    const spans = example.spans.map(([id, start, end]) => ({ id, start, end }));
    assert.deepEqual(segments(spans, example.start, example.end).map((s) => [s.start, s.end, s.ids]), example.segments);
    assert.deepEqual(Object.fromEntries(lanes(spans)), example.lanes);
  });
}

test("positions go to Python's count and back, at every character", () => {
  for (const { text, points } of examples("offsets")) {
    const astral = astralPositions(text);
    const characters = [...text];
    let unit = 0;
    characters.forEach((character, point) => {
      assert.equal(toUnits(astral, point), unit);
      assert.equal(toPoints(astral, unit), point);
      unit += character.length;
    });
    assert.equal(toUnits(astral, characters.length), text.length);
    for (const point of points) assert.equal(toPoints(astral, toUnits(astral, point)), point);
  }
});

test("a selection loses its outer spaces and never cuts a character", () => {
  const text = "ada  👨‍👩‍👧 kafe\u0301 tutup";
  assert.deepEqual(snapped(text, 3, 5), null);
  assert.deepEqual(snapped(text, 3, text.length), { start: 5, end: text.length });
  const inside = snapped(text, 7, 17);
  assert.equal(text.slice(inside.start, inside.end), "👨‍👩‍👧 kafe\u0301".slice(0, inside.end - inside.start));
  assert.equal(snapped("kafe\u0301 x", 0, 4).end, 5);
});

test("borders step from word to word", () => {
  const text = "Dananya tidak ada, Pak.";
  assert.equal(wordEnds(text, 7, 1), 13);
  assert.equal(wordEnds(text, 13, -1), 7);
  assert.equal(wordStarts(text, 8, -1), 0);
  assert.equal(wordStarts(text, 0, 1), 8);
  assert.equal(wordEnds(text, 17, 1), 22);
});

test("the sentence around the caret", () => {
  const text = "Dananya tidak ada. Pegawainya cuma dua. Habis.";
  const found = sentenceAt(text, 0, text.length, 25, "id");
  assert.equal(text.slice(found.start, found.end), "Pegawainya cuma dua.");
});

test("codes are found by first letters, initials, in both languages, and by path", () => {
  const codes = [
    { path: "resources.budget", label: "Anggaran (dana)", labels: ["Anggaran (dana)", "Budget"] },
    { path: "resources.staff", label: "Staf (SDM)", labels: ["Staf (SDM)", "Staff"] },
    { path: "bureaucratic_structure.sop", label: "SOP (prosedur baku)", labels: ["SOP"] },
  ];
  const first = (query) => ranked(query, codes)[0]?.path;
  assert.equal(first("angg"), "resources.budget");
  assert.equal(first("budg"), "resources.budget");
  assert.equal(first("dana"), "resources.budget");
  assert.equal(first("res st"), "resources.staff");
  assert.equal(first("prosedur"), "bureaucratic_structure.sop");
  assert.equal(first("zzz"), undefined);
  assert.equal(score("", codes[0]), 0);
  assert.equal(ranked("", codes).length, 3);
});

test("every colour of a code can be seen on the page, light and dark", () => {
  for (const [dark, page] of [[false, "#ffffff"], [true, "#181b20"]]) {
    for (let n = 0; n < 4096; n += 7) {
      const hex = `#${(n * 4099 % 0x1000000).toString(16).padStart(6, "0")}`;
      assert.ok(contrast(visible(hex, dark), page) >= 3);
    }
  }
  const colours = codeColours([{ path: "a", color: "#F0E442" }, { path: "a.b", color: "" }, { path: "c", color: "red;}" }], false);
  assert.equal(colours.get("a"), colours.get("a.b"));
  assert.match(colours.get("c"), /^#[0-9a-f]{6}$/);
});

test("light and dark are told from the colour behind", () => {
  assert.equal(isDark("rgb(17, 17, 17)"), true);
  assert.equal(isDark("rgb(250, 250, 250)"), false);
  assert.equal(isDark("rgba(0, 0, 0, 0)"), null);
});

test("a transcript is laid out whole: every turn's letters stand in some paragraph", () => {
  const text = "Judul: x\n\nP: Apa?\nI: Dua baris\nlagi.\n\nSelesai";
  const turns = [[1, 13, 17, "P", "interviewer", ""], [2, 21, 36, "I", "informant", ""]];
  const laid = blocks(text, turns);
  assert.deepEqual(laid.map((block) => block.kind), ["head", "turn", "turn", "note"]);
  assert.deepEqual(laid[2].paragraphs.map(({ start, end }) => text.slice(start, end)), ["Dua baris", "lagi."]);
  const all = laid.flatMap((block) => block.paragraphs);
  assert.equal(paragraphAt(all, 22), 2);
  const hidden = blocks(text, turns, [{ start: 10, end: 12 }]);
  assert.equal(hidden[1].kind, "label");
});

test("turns without a coding, the interviewer's left out", () => {
  const turns = [[1, 0, 5, "P", "interviewer", ""], [2, 6, 9, "I", "informant", ""], [3, 10, 19, "I", "informant", ""]];
  assert.deepEqual(uncodedTurns(turns, [{ start: 7, end: 8 }]).map(([n]) => n), [3]);
});

test("the words that spoke for a suggestion are found in it", () => {
  const text = "Iya. Dananya memang belum ada.";
  assert.deepEqual(wordsOf("Dananya; belum ada", text, 5, 30).map(([a, b]) => text.slice(a, b)), ["Dananya", "belum ada"]);
  assert.equal(countWords(" dua kata "), 2);
});

const columns = ["id", "start", "end", "code", "coder", "origin", "status", "valence", "confidence", "because", "memo"];
const row = (id, start, end, more = {}) => columns.map((name) => ({ id, start, end, code: "a", coder: "SN", origin: "hand", status: "accepted", valence: null, confidence: null, because: "", memo: "", ...more })[name]);
const study = (rows) => new Study({ me: "SN", document: { name: "d", text: "😀 Dananya tidak ada.", turns: [[1, 2, 20, "I", "", ""]] }, columns, codings: rows, codes: [], memos: [], rev: 1 });

test("what is done is painted at once, and said twice changes nothing", () => {
  const known = study([row(1, 2, 9)]);
  const command = { id: "x", op: "code", document: "d", args: { code: "b", valence: null }, units: { start: 3, end: 10 } };
  const shown = known.shown([command]);
  assert.equal(shown.size, 2);
  const patch = { rev: 2, columns, codings: [row(2, 2, 9, { code: "b" })], gone: [1], memos: null, counts: {}, waiting: 0 };
  known.take(patch);
  known.take(patch);
  assert.deepEqual([...known.shown([]).keys()], [2]);
  assert.equal(known.shown([command]).size, 1);
  assert.deepEqual([known.saved.get(2).start, known.turns[0][1]], [3, 3]);
});

test("only what looks different is painted anew", () => {
  const before = study([row(1, 2, 9), row(2, 10, 15)]).shown([]);
  const after = study([row(1, 2, 9), row(2, 10, 12), row(3, 16, 19)]).shown([]);
  assert.deepEqual(changedStretches(before, after), [[11, 13], [11, 16], [17, 20]]);
  assert.deepEqual(changedStretches(before, before), []);
});

test("differences are counted, and shown by what is decided and by kind", () => {
  const rows = readRows([[1, 2, "same", "", ""], [3, 4, "borders", "", ""], [5, 0, "only one", "SN", "why"], [0, 6, "only one", "", ""]]);
  assert.deepEqual(rows.map((row) => row.id), ["1-2", "3-4", "5-0", "0-6"]);
  const { left, decided, differ, same } = tally(rows);
  assert.deepEqual([left, decided, differ, same.length], [2, 1, 3, 1]);
  const ids = (show, kind = "") => shownRows(rows, { show, kind }).map((row) => row.id);
  assert.deepEqual(ids("open"), ["3-4", "0-6"]);
  assert.deepEqual(ids("decided"), ["5-0"]);
  assert.deepEqual(ids("same"), ["1-2"]);
  assert.deepEqual(ids("all", "only one"), ["5-0", "0-6"]);
});

test("a busy Python is told apart from one that is gone", () => {
  const says = (kernel) => kernelSays(kernel);
  assert.deepEqual([kernelSays(undefined), says({ status: "busy", connectionStatus: "connected" }), says({ status: "idle" })], ["", "busy", ""]);
  assert.deepEqual([says({ status: "dead" }), says({ isDisposed: true }), kernelSays({ status: "idle" }, { status: "idle" })], ["gone", "gone", "gone"]);
  assert.equal(says({ status: "unknown", connectionStatus: "connecting" }), "cut");
  const state = (lost, patient, kernel, waiting) => stateOf({ lost, patient, kernel }, waiting);
  assert.equal(state(false, true, "busy", 0), "saved");
  assert.equal(state(false, true, "busy", 2), "saving");
  assert.equal(state(false, false, "busy", 2), "busy");
  assert.equal(state(false, false, "", 2), "unsaved");
  assert.deepEqual([state(false, true, "gone", 2), state(false, true, "gone", 0)], ["lost", "lost_nothing"]);
  assert.deepEqual([state(false, true, "cut", 2), state(true, false, "cut", 2), state(false, true, "cut", 0)], ["saving", "cut", "cut_nothing"]);
  assert.equal(state(true, false, "busy", 2), "busy");
  assert.equal(state(true, true, "busy", 0), "busy_nothing");
  assert.equal(state(true, false, "", 2), "lost");
  assert.equal(state(true, true, "", 0), "lost_nothing");
});

test("what is chosen for a suggestion shows, and is kept apart until it is accepted", () => {
  const codings = () => new Map([[1, { id: 1, status: "suggested", code: "a", valence: "barrier" }], [2, { id: 2, status: "accepted", code: "a", valence: null }]]);
  const seen = (choice) => { const { code, valence, given, fresh } = withChoices(codings(), new Map([[1, choice], [2, choice], [3, choice]])).get(1); return [code, valence, given?.code ?? "", Boolean(fresh)]; };
  assert.deepEqual(seen({ code: "b" }), ["b", "barrier", "a", false]);
  assert.deepEqual(seen({ valence: null }), ["a", null, "a", false]);
  assert.deepEqual(seen({ code: "b", label: "Baru", valence: "mixed" }), ["Baru", "mixed", "a", true]);
  assert.equal(withChoices(codings(), new Map([[2, { code: "b" }]])).get(2).code, "a");
});

test("a new code shows by its name until Python gives it a path", () => {
  const known = study([row(1, 2, 9)]);
  const one = { id: "x", op: "code", document: known.name, args: { code: "a", label: "Baru", valence: null }, units: { start: 2, end: 9 } };
  assert.deepEqual([...known.shown([one]).values()].map((c) => c.code).at(-1), "Baru");
  const two = { id: "y", op: "accept", document: known.name, args: { codings: [1], code: "", label: "", valence: "mixed", memo: "m" } };
  const shown = known.shown([two]).get(1);
  assert.deepEqual([shown.status, shown.valence], ["accepted", "mixed"]);
  assert.equal(known.memoOf("coding", 1, [two]), "m");
});

test("each code stands somewhere on the way to the model", () => {
  const told = { columns: ["accepted", "rejected", "examples", "lessons", "heard", "missing"], steps: [8, 60], codes: { a: [1, 2, 0, 5, "cues", 3], b: [9, 0, 0, 30, "cues and model", 30], c: [1, 0, 99, 100, "model", 0] } };
  const said = (path) => { const { key, n, done } = standing(told, path); return [key, n, done]; };
  assert.deepEqual([said("a"), said("b"), said("c")], [["learn_cues", 3, 5 / 60], ["learn_both", 30, 0.5], ["learn_model", 100, 1]]);
  assert.equal(standing(told, "new"), null);
});
