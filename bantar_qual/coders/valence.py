"""Whether a sentence tells of a barrier or an enabler, and which words say so.

The rules are few and the words are data (``languages/*/valence.yaml``): a negated barrier is an
enabler and the reverse; the clause after a contrast counts more; what is wished for is missing;
a cause that is named only to be denied is no cause.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from bantar_qual.coders.phrases import Hit
from bantar_qual.records import Valence

REACH = 3  # how many words after a negator are turned round
DENIED = 4  # how many words after "bukan karena" are denied
NEAR = 7  # how many words a sign may stand from its cue, unless no comma divides them
AFTER = 2  # how many words after a cue may say that it is not there
SHORT = 25  # words of a sentence in which one clause still speaks for another

KINDS = (
    "barrier", "enabler", "negator", "absence", "contrast", "concession", "affirmer", "wish",
    "denial", "rejection", "idiom", "neutral",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sign:
    """A place that speaks for a valence."""

    start: int
    end: int
    valence: Valence


@dataclass(frozen=True, slots=True)
class Reading:
    """What the rules make of one coding: its valence, and the tokens that decided it."""

    valence: Valence | None
    tokens: tuple[tuple[int, int], ...] = ()


def phrases(rules: Mapping[str, Any]) -> Iterable[tuple[str, str, int]]:
    """Yield the phrases of a language's valence rules, each with its kind."""
    for kind in KINDS:
        for phrase in rules.get(kind, ()):
            yield phrase, kind, 0


class Sentence:
    """The valence words of one sentence, cut into clauses.

    Parameters
    ----------
    start, end
        The sentence's tokens, half-open.
    hits
        The valence phrases found in it.
    commas
        The tokens at which a clause may end.
    """

    def __init__(self, start: int, end: int, hits: Sequence[Hit], commas: Sequence[int]) -> None:
        self._by_kind: dict[str, list[Hit]] = {kind: [] for kind in KINDS}
        for hit in _longest(hits):
            self._by_kind[hit.kind].append(hit)
        self._commas = tuple(commas)
        self.clauses = self._clauses(start, end)
        signs = sorted(self._signs(), key=lambda sign: sign.start)
        rejected = bool(self._by_kind["rejection"])
        self.signs = [_turned(sign) for sign in signs] if rejected else signs

    def _clauses(self, start: int, end: int) -> list[tuple[int, int]]:
        """Cut at contrast words, and at the comma that ends a concession."""
        cuts = {hit.start for hit in self._by_kind["contrast"]}
        for hit in self._by_kind["concession"]:
            cuts.add(hit.start)
            cuts.update([comma for comma in self._commas if comma > hit.end][:1])
        edges = [start, *sorted(cut for cut in cuts if start < cut < end), end]
        return [(a, b) for a, b in pairwise(edges) if a < b]

    def _signs(self) -> Iterable[Sign]:
        found = [*self._by_kind["barrier"], *self._by_kind["enabler"]]
        for hit in found:
            sign = Sign(hit.start, hit.end, "barrier" if hit.kind == "barrier" else "enabler")
            negator = self._negator(hit.start)
            if negator and not any(negator.end <= o.start < hit.start for o in found):
                yield _turned(Sign(negator.start, hit.end, sign.valence))
            else:
                yield sign

    def _negator(self, token: int) -> Hit | None:
        """Return the negator whose reach a token lies in."""
        clause = self._clause_of(token)
        near = [
            hit
            for hit in (*self._by_kind["denial"], *self._by_kind["negator"])
            if hit.end <= token < hit.end + REACH
            and clause[0] <= hit.start
            and not self._divided(hit.end, token)
        ]
        return near[-1] if near else None

    def _clause_of(self, token: int) -> tuple[int, int]:
        return next((c for c in self.clauses if c[0] <= token < c[1]), self.clauses[-1])

    def denies(self, cue: tuple[int, int]) -> bool:
        """Tell whether a cue is named only to be denied, as in *bukan karena dana*."""
        return any(
            hit.end <= cue[0] < hit.end + DENIED
            and not any(hit.end <= comma < cue[0] for comma in self._commas)
            for hit in self._by_kind["denial"]
        )

    def read(self, cues: Sequence[tuple[int, int]]) -> Reading:
        """Decide the valence of a coding from the clauses in which its cues stand.

        Parameters
        ----------
        cues
            The tokens of the coding's cues, half-open.
        """
        if self._by_kind["neutral"] and not self.signs:
            first = self._by_kind["neutral"][0]
            return Reading("neutral", ((first.start, first.end),))
        for clause in dict.fromkeys(self._clause_of(start) for start, _ in cues):
            reading = self._of_clause(clause, cues)
            if reading.valence:
                return reading
        if self.clauses[-1][1] - self.clauses[0][0] <= SHORT:
            for clause in reversed(self.clauses):
                reading = self._of_clause(clause, ())
                if reading.valence:
                    return reading
        return Reading(None)

    def _of_clause(self, clause: tuple[int, int], cues: Sequence[tuple[int, int]]) -> Reading:
        """Read one clause: its signs where there are any, else the small words round its cues."""
        inside = [cue for cue in cues if clause[0] <= cue[0] < clause[1]]
        signs = [
            sign
            for sign in self.signs
            if clause[0] <= sign.start < clause[1] and (not inside or self._near(sign, inside))
        ]
        if signs:
            valences = {sign.valence for sign in signs}
            tokens = tuple((sign.start, sign.end) for sign in signs)
            return Reading("mixed" if len(valences) > 1 else signs[0].valence, tokens)
        for cue in inside:
            if self.denies(cue):
                return Reading("enabler", (cue,))
            if negator := self._negator(cue[0]):
                return Reading("barrier", ((negator.start, cue[1]),))
        if wishes := self._inside("wish", clause):
            return Reading("barrier", ((wishes[0].start, wishes[0].end),))
        return self._by_small_words(clause, inside)

    def _by_small_words(self, clause: tuple[int, int], cues: Sequence[tuple[int, int]]) -> Reading:
        """Read *belum* right after a cue as a lack, *sudah* or *ada* beside it as a presence."""
        for _, end in cues:
            for hit in self._inside("absence", clause):
                if end <= hit.start <= end + AFTER and not self._divided(end, hit.start):
                    return Reading("barrier", ((hit.start, hit.end),))
        for start, _ in cues:
            for hit in self._inside("affirmer", clause):
                if abs(hit.end - start) <= REACH:
                    return Reading("enabler", ((hit.start, hit.end),))
        return Reading(None)

    def _near(self, sign: Sign, cues: Sequence[tuple[int, int]]) -> bool:
        """Tell whether a sign stands close enough to one of the cues to speak of it."""
        for start, end in cues:
            first, last = min(end, sign.end), max(start, sign.start)
            if last - first <= NEAR or not self._divided(first, last):
                return True
        return False

    def _divided(self, first: int, last: int) -> bool:
        return any(first <= comma < last for comma in self._commas)

    def _inside(self, kind: str, clause: tuple[int, int]) -> list[Hit]:
        return [hit for hit in self._by_kind[kind] if clause[0] <= hit.start < clause[1]]


def _turned(sign: Sign) -> Sign:
    """Return a sign that says the opposite."""
    return Sign(sign.start, sign.end, "enabler" if sign.valence == "barrier" else "barrier")


def _longest(hits: Sequence[Hit]) -> list[Hit]:
    """Leave out hits that lie inside a longer one: *tidak ada kendala* holds no barrier.

    Clause words are never swallowed: *tapi* stays a contrast inside any phrase.
    """

    def covers(big: Hit, small: Hit) -> bool:
        inside = big.start <= small.start and small.end <= big.end
        return inside and big.end - big.start > small.end - small.start

    return [
        hit
        for hit in sorted(set(hits), key=lambda hit: (hit.start, hit.end))
        if hit.kind in {"contrast", "concession"} or not any(covers(other, hit) for other in hits)
    ]
