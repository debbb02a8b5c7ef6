// Overlapping codings cut into segments, each with a lane of its own.
// The same two functions exist in Python (bantar_qual/widgets/segments.py).

function outermostFirst(one, other) {
  return one.start - other.start || other.end - one.end || one.id - other.id;
}

export function segments(spans, start, end) {
  const inside = spans.filter((span) => span.start < end && span.end > start).sort(outermostFirst);
  const edges = new Set([start, end]);
  for (const span of inside) {
    edges.add(Math.max(span.start, start));
    edges.add(Math.min(span.end, end));
  }
  const cuts = [...edges].sort((one, other) => one - other);
  return cuts.slice(1).map((cut, n) => ({
    start: cuts[n],
    end: cut,
    ids: inside.filter((span) => span.start <= cuts[n] && cuts[n] < span.end).map((span) => span.id),
  }));
}

export function lanes(spans) {
  const free = []; // where each lane is free again
  const given = new Map();
  for (const span of [...spans].sort(outermostFirst)) {
    let lane = free.findIndex((until) => until <= span.start);
    if (lane < 0) lane = free.length;
    free[lane] = span.end;
    given.set(span.id, lane);
  }
  return given;
}
