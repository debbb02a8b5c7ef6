"""One sentence, cut into clauses, with the words in it that speak for a barrier or an enabler.

The rules are few and the words are data (``languages/*/valence.yaml``). Every rule has a reach: a
negator turns round what follows within three words of its clause, a contrast word begins a clause
that counts more than those before it, a concession begins one that counts less.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from operator import attrgetter
from typing import Any

from bantar_qual.coders.phrases import Hit
from bantar_qual.records import Valence

REACH = 3  # how many words after a negator are turned round
DENIED = 4  # how many words after "bukan karena" are denied
NEAR = 7  # how many words a sign may stand from its cue, unless no comma divides them
AFTER = 2  # how many words after a cue may say that it is not there
STRONG = 1.5  # the weight of a word that rates by itself; a signal's weight stands in the data

_WORDS = (  # what shapes clauses and turns signs, but rates nothing by itself
    "negator", "absence", "contrast", "contrast_opening", "concession", "affirmer", "wish",
    "denial", "rejection", "supposition", "idiom", "neutral", "past", "present", "hedge",
    "theory", "aside",
)  # fmt: skip
_CLAUSE_WORDS = frozenset(
    {
        "contrast",
        "contrast_opening",
        "concession",
        "past",
        "present",
        "supposition",
        "theory",
        "aside",
    }
)

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Sign:
    """A place that speaks for a valence."""

    start: int
    end: int
    valence: Valence
    weight: float
    group: str  # the list of the language file in which it stands
    turned: bool = False  # a negator, or somebody who rejects it, turned it round


class Rules:
    """The valence words of one language, with what each list of them says.

    Parameters
    ----------
    data
        What the language's ``valence.yaml`` holds: lists of phrases, and under ``signals`` named
        lists of weaker ones, each with the valence it speaks for and its weight.
    """

    def __init__(self, data: Mapping[str, Any]) -> None:
        self._data = data
        signals: Mapping[str, Mapping[str, Any]] = data.get("signals") or {}
        self.groups: dict[str, tuple[Valence, float]] = {
            "barrier": ("barrier", STRONG),
            "enabler": ("enabler", STRONG),
            **{n: (part["speaks"], float(part["weight"])) for n, part in signals.items()},
        }
        self.kinds = frozenset({*_WORDS, *self.groups})

    def phrases(self) -> Iterator[tuple[str, str, int]]:
        """Yield the phrases, each with its list."""
        for kind in ("barrier", "enabler", *_WORDS):
            yield from ((phrase, kind, 0) for phrase in self._data.get(kind, ()))
        for name, part in (self._data.get("signals") or {}).items():
            yield from ((phrase, name, 0) for phrase in part["words"])


class Sentence:
    """The valence words of one sentence.

    Parameters
    ----------
    rules
        The language's rules.
    bounds
        The sentence's tokens, half-open.
    hits
        The valence phrases found in it.
    commas
        The tokens at which a clause may end.
    """

    def __init__(
        self, rules: Rules, bounds: Span, hits: Iterable[Hit], *, commas: Sequence[int]
    ) -> None:
        self._rules, self.bounds, self._commas = rules, bounds, commas
        self._by_kind: dict[str, list[Hit]] = {kind: [] for kind in rules.kinds}
        for hit in _longest(hits):
            self._by_kind[hit.kind].append(hit)
        self._negators = sorted(
            (*self._by_kind["denial"], *self._by_kind["negator"]), key=lambda hit: hit.end
        )
        self._negator_ends = [hit.end for hit in self._negators]
        self.clauses, self.weights = self._clauses()
        self._starts = [start for start, _ in self.clauses]
        signs = sorted(self._signs(), key=lambda sign: sign.start)
        self.signs = [_turned(sign) if self._rejected(sign) else sign for sign in signs]

    def _rejected(self, sign: Sign) -> bool:
        """Tell whether somebody says the sign only to reject it, or names it as a mere belief.

        A rejection (*siapa bilang*, *saya tidak setuju*) holds for its sentence, a supposition
        (*jangan kira*, *bukan berarti*) for what follows it in its clause.
        """
        supposed = False
        if before := _ending(self._by_kind["supposition"], self.bounds[0], sign.start):
            supposed = self.clause_of(before[-1].start) == self.clause_of(sign.end - 1)
        return bool(self._by_kind["rejection"]) != supposed

    def _clauses(self) -> tuple[list[Span], list[float]]:
        """Cut at contrasts, concessions and times, and say how much each clause counts."""
        start, end = self.bounds
        self._now = start  # where what is told of the present begins, after the past
        openings = {start, *(comma + 1 for comma in self._commas)}
        turns = {hit.start for hit in self._by_kind["contrast"]}
        turns |= {h.start for h in self._by_kind["contrast_opening"] if h.start in openings}
        present = [hit.start for hit in self._by_kind["present"]]
        past = [hit.start for hit in self._by_kind["past"]]
        if past and present:
            overtaken = [place for place in present if place > past[0]]
            turns.update(overtaken)
            self._now = max(overtaken, default=start)
        conceded: set[int] = set()
        cuts = set(turns)
        for hit in self._by_kind["concession"]:
            conceded.add(max(hit.start, start))
            cuts.add(hit.start)
            after = bisect_left(self._commas, hit.end)
            cuts.update(self._commas[after : after + 1])
        edges = [start, *sorted(cut for cut in cuts if start < cut < end), end]
        clauses = [(a, b) for a, b in pairwise(edges) if a < b] or [self.bounds]
        last_turn = max((turn for turn in turns if turn < end), default=start)
        weights = [_LESS if a in conceded or a < last_turn else 1.0 for a, _ in clauses]
        return clauses, weights

    def _signs(self) -> Iterable[Sign]:
        """Yield the signs, those in the reach of a negator turned round.

        A negator reaches the nearest sign, and a second one right behind it: *tidak menunggu
        disuruh*. One that is itself a sign (*tidak ada*) rates nothing once it turned another.
        """
        found = sorted(
            (hit for group in self._rules.groups for hit in self._by_kind[group]),
            key=lambda hit: (hit.start, hit.end),
        )
        turned_by: list[Hit | None] = []
        ends: dict[int, Hit] = {}  # where a turned sign ends, and what turned it
        starts = [hit.start for hit in found]
        for hit in found:
            negator = self.negator(hit.start)
            if negator and negator.start < hit.start:
                first = bisect_left(starts, negator.end)
                if starts[first] != hit.start and ends.get(hit.start) is not negator:
                    negator = None
            else:
                negator = None
            if negator:
                ends[hit.end] = negator
            turned_by.append(negator)
        used = {(n.start, n.end) for n in turned_by if n}
        for hit, negator in zip(found, turned_by, strict=True):
            if (hit.start, hit.end) in used:
                continue
            valence, weight = self._rules.groups[hit.kind]
            sign = Sign(hit.start, hit.end, valence, weight, hit.kind)
            yield replace(_turned(sign), start=negator.start) if negator else sign

    def negator(self, token: int) -> Hit | None:
        """Return the negator whose reach a token lies in."""
        clause = self.clause_of(token)[0]
        nearest = bisect_right(self._negator_ends, token) - 1
        for hit in reversed(self._negators[max(0, nearest - 2) : nearest + 1]):
            inside = token < hit.end + REACH and clause <= hit.start
            if inside and not self._divided(hit.end, token):
                return hit
        return None

    def clause_of(self, token: int) -> Span:
        """Return the clause that a token stands in."""
        return self.clauses[max(0, bisect_right(self._starts, token) - 1)]

    def outdated(self, clause: Span) -> bool:
        """Tell whether a clause tells of then, and a later one of now."""
        return clause[0] < self._now

    def weight_of(self, sign: Sign) -> float:
        """Say how much a sign counts, by its own weight and by its clause's."""
        number = max(0, bisect_right(self._starts, sign.end - 1) - 1)
        return sign.weight * self.weights[number]

    def denies(self, cue: Span) -> bool:
        """Tell whether a cue is named only to be denied, as in *bukan karena dana*."""
        hits = _ending(self._by_kind["denial"], cue[0] - DENIED + 1, cue[0])
        return any(not self._divided(hit.end, cue[0]) for hit in hits)

    def near(self, sign: Sign, cues: Sequence[Span]) -> bool:
        """Tell whether a sign stands close enough to one of the cues to speak of it."""
        place = bisect_left(cues, (sign.start, sign.start))
        for start, end in cues[max(0, place - 1) : place + 2]:
            first, last = min(end, sign.end), max(start, sign.start)
            if last - first <= NEAR or not self._divided(first, last):
                return True
        return False

    def lacking(self, cues: Sequence[Span], clause: Span) -> Span | None:
        """Return the *belum* right after a cue that says it is not there."""
        hits = self.inside("absence", clause)
        starts = [hit.start for hit in hits]
        for _, end in cues:
            for hit in hits[bisect_left(starts, end) : bisect_right(starts, end + AFTER)]:
                if not self._divided(end, hit.start):
                    return hit.start, hit.end
        return None

    def affirmed(self, cues: Sequence[Span], clause: Span) -> Span | None:
        """Return the *sudah* or *ada* beside a cue that says it is there."""
        hits = self.inside("affirmer", clause)
        for start, _ in cues:
            for hit in _ending(hits, start - REACH, start + REACH):
                return hit.start, hit.end
        return None

    def inside(self, kind: str, clause: Span | None = None) -> list[Hit]:
        """Return the words of one kind, of the sentence or of one clause."""
        hits = self._by_kind[kind]
        if clause is None:
            return hits
        return [hit for hit in hits if clause[0] <= hit.start < clause[1]]

    def _divided(self, first: int, last: int) -> bool:
        return bisect_left(self._commas, first) < bisect_left(self._commas, last)


_LESS = 0.25  # what a clause still counts that a contrast, a concession or the present outweighs


def _ending(hits: Sequence[Hit], first: int, last: int) -> Sequence[Hit]:
    """Return the hits that end between two tokens, both included; none of them nests."""
    end = attrgetter("end")
    return hits[bisect_left(hits, first, key=end) : bisect_right(hits, last, key=end)]


def _turned(sign: Sign) -> Sign:
    """Return a sign that says the opposite."""
    other: Valence = "enabler" if sign.valence == "barrier" else "barrier"
    return replace(sign, valence=other, turned=not sign.turned)


def _longest(hits: Iterable[Hit]) -> Iterator[Hit]:
    """Leave out hits that lie inside a longer one: *tidak ada kendala* holds no barrier.

    Clause words are never swallowed: *tapi* stays a contrast inside any phrase.
    """
    widest: Hit | None = None
    for hit in sorted(set(hits), key=lambda hit: (hit.start, -hit.end, hit.kind)):
        inside = widest is not None and hit.end <= widest.end
        shorter = widest is not None and hit.end - hit.start < widest.end - widest.start
        if hit.kind in _CLAUSE_WORDS or not (inside and shorter):
            yield hit
        if hit.kind not in _CLAUSE_WORDS and (widest is None or hit.end > widest.end):
            widest = hit
