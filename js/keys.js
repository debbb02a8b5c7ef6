// What the keys do while the text has the focus.
import { VALENCE_KEYS } from "./dom.js";

export function onKey(app, event) {
  if (event.isComposing) return false;
  const command = event.ctrlKey || event.metaKey;
  const { key, code, altKey: alt, shiftKey: shift } = event;
  if (command && !alt && key.toLowerCase() === "z") return app.back(shift ? "redo" : "undo");
  if (command && !alt && key.toLowerCase() === "y") return app.back("redo");
  if (key === "F6") return app.cyclePanes(shift ? -1 : 1);
  if (command) return false;
  if (alt) return withAlt(app, key, code, shift);
  if (key === "F2") return app.chooseFor(app.current());
  if (key === "Escape") return app.escape();
  if (key === "?") return app.toggleHelp();
  if (key === "/") return app.toSearch();
  if (key === "Enter") return app.decide("accept", app.current());
  if (key === "Backspace") return app.decideOrRemove();
  if (key === "Delete") return app.uncode(app.current());
  if (key === " ") return app.mode === "review" ? app.skip() : true;
  if (key === "," || key === ".") return app.nudge("end", key === "." ? 1 : -1);
  if (key === "<" || key === ">") return app.nudge("start", key === ">" ? 1 : -1);
  if (key in VALENCE_KEYS) return app.rateHere(VALENCE_KEYS[key]);
  if (/^[1-9]$/.test(key)) return app.give(app.keys[Number(key) - 1]);
  if (key.length === 1 && /[\p{L}\p{N}]/u.test(key)) return app.typeAhead(key);
  return key.length === 1;
}

function withAlt(app, key, code, shift) {
  if (key === "ArrowDown" || key === "ArrowUp") {
    const direction = key === "ArrowDown" ? 1 : -1;
    return shift ? app.stepTurn(direction) : app.stepCoding(direction);
  }
  if (key === "PageDown" || key === "PageUp") return app.stepDocument(key === "PageDown" ? 1 : -1);
  const acts = {
    KeyM: () => app.dock.openMemo() ?? true, KeyD: () => app.dock.openDocumentMemo() ?? true, KeyV: () => app.inVivo(),
    KeyU: () => app.stepUncoded(), KeyS: () => app.selectSentence(), KeyT: () => app.selectTurn(), KeyR: () => app.chooseFor(app.current()),
    KeyN: () => app.typeAhead(""), KeyI: () => app.toggleDim(),
  };
  return code in acts ? acts[code]() : false;
}
