"""Whether a coding or a passage tells of a barrier or an enabler, and which words say so.

A coding is rated by the clauses in which its cues stand; a passage by all its sentences. The words
are data (``languages/*/valence.yaml``), and so is how much a weak word weighs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from bantar_qual.coders.clauses import STRONG, Rules, Sentence, Sign, Span
from bantar_qual.coders.phrases import Hit, Phrases, reader
from bantar_qual.languages import language, languages
from bantar_qual.records import Valence

if TYPE_CHECKING:
    from spacy.tokens import Doc

SHORT = 25  # words of a sentence in which one clause still speaks for another
ENOUGH = 0.75  # what the weak signs of a clause weigh together before they rate a coding
CLEAR = 0.5  # a passage whose signs weigh less than this either way is not rated
EARLIER = 0.5  # what a sentence counts for a passage when a later one rates it too
ASKED = 0.25  # what a sign counts inside a question
ABSENT = 0.5  # what a negator weighs that turns no sign round: *tidak datang*

_PAUSES = frozenset({",", ";", "—", "–", ":"})


@dataclass(frozen=True, slots=True)
class Reading:
    """What the rules make of one coding: its valence, and the tokens that decided it."""

    valence: Valence | None
    tokens: tuple[Span, ...] = ()


def of_coding(sentence: Sentence, cues: Sequence[Span]) -> Reading:
    """Decide the valence of a coding from the clauses in which its cues stand.

    Parameters
    ----------
    sentence
        The sentence that was coded.
    cues
        The tokens of the coding's cues, half-open.
    """
    focus = sentence.inside("neutral")
    if focus and not any(sign.weight >= STRONG for sign in sentence.signs):
        return Reading("neutral", ((focus[0].start, focus[0].end),))
    cues = sorted(cues)
    for clause in dict.fromkeys(sentence.clause_of(start) for start, _ in cues):
        reading = _of_now(sentence, clause) or _of_clause(sentence, clause, cues)
        if reading.valence:
            return reading
    if sentence.bounds[1] - sentence.bounds[0] <= SHORT:
        for clause in reversed(sentence.clauses):
            reading = _of_clause(sentence, clause, ())
            if reading.valence:
                return reading
    return Reading(None)


def _of_now(sentence: Sentence, clause: Span) -> Reading | None:
    """Read what holds now, where a clause only tells of then."""
    if sentence.outdated(clause):
        reading = _of_clause(sentence, sentence.clauses[-1], ())
        if reading.valence:
            return reading
    return None


def _of_clause(sentence: Sentence, clause: Span, cues: Sequence[Span]) -> Reading:
    """Read one clause: its signs where there are any, else the small words round its cues."""
    inside = [cue for cue in cues if clause[0] <= cue[0] < clause[1]]
    signs = [
        sign
        for sign in sentence.signs
        if clause[0] <= sign.end - 1 < clause[1] and (not inside or sentence.near(sign, inside))
    ]
    if strong := [sign for sign in signs if sign.weight >= STRONG]:
        return _rated(strong)
    for cue in inside:
        if sentence.denies(cue):
            return Reading("enabler", (cue,))
        if negator := sentence.negator(cue[0]):
            return Reading("barrier", ((negator.start, cue[1]),))
    if wishes := sentence.inside("wish", clause):
        return Reading("barrier", ((wishes[0].start, wishes[0].end),))
    if place := sentence.lacking(inside, clause):
        return Reading("barrier", (place,))
    if sum(sign.weight for sign in signs) >= ENOUGH:
        return _rated(signs)
    if place := sentence.affirmed(inside, clause):
        return Reading("enabler", (place,))
    return Reading(None)


def _rated(signs: Sequence[Sign]) -> Reading:
    """Return what the signs of one clause say together; mixed where both sides weigh the same."""
    weights = {"barrier": 0.0, "enabler": 0.0}
    for sign in signs:
        weights[sign.valence] += sign.weight
    tokens = tuple((sign.start, sign.end) for sign in signs)
    if all(weights.values()) and signs[0].weight >= STRONG:
        return Reading("mixed", tokens)
    return Reading(max(signs, key=lambda sign: weights[sign.valence]).valence, tokens)


# ---------------------------------------------------------------- passages


@dataclass(frozen=True, slots=True)
class PassageReading:
    """What the rules make of a whole passage.

    ``valence`` is neutral where no word rates the passage; ``score`` runs from what hinders
    (below zero) to what helps; ``words`` are those that decided, in reading order; ``signals``
    counts what was found, under the names of :func:`signal_names`, for a model to weigh.
    """

    valence: Valence
    score: float
    words: tuple[str, ...]
    signals: tuple[float, ...]


@cache
def signal_names() -> tuple[str, ...]:
    """Return the names of the signals, the same for every language.

    Three scores come first (the whole passage, its last sentence with a sign, its last clause),
    then counts: of every list of signs as it stands and turned round (``few``, ``not few``), and
    of the words that shape a sentence (contrasts, hedges, wishes, questions, bare negators).
    """
    groups = {group for name in languages() for group in _rules(name).groups}
    turned = {f"not {group}" for group in groups}
    return (*_SCORES, *sorted(groups), *sorted(turned), *_SHAPES)


_SCORES = ("score", "last sentence", "last clause")
_SHAPES = (
    "contrast", "contrast_opening", "concession", "wish", "denial", "rejection", "supposition",
    "neutral", "past", "present", "hedge", "affirmer", "bare negators", "questions", "sentences",
)  # fmt: skip


def of_passage(sentences: Sequence[str], language: str = "id") -> PassageReading:
    """Read a passage as a whole, given as its sentences.

    Within a sentence the clause after a contrast decides; among sentences the last that says
    anything counts most, and one that begins with a contrast word outweighs those before it. A
    question rates little, and turns round when the next sentence denies it: *Ribet? Tidak.*

    Examples
    --------
    >>> reading = of_passage(["Orangnya ramah.", "Tapi alatnya rusak."], "id")
    >>> reading.valence, reading.words
    ('barrier', ('ramah', 'rusak'))
    >>> of_passage(["There is no shortage of staff."], "en").valence
    'enabler'
    """
    read = [_Parsed(sentence, language) for sentence in sentences if sentence.strip()]
    weights = _sentence_weights(read)
    score, deciding = 0.0, list[str]()
    for number, (parsed, weight) in enumerate(zip(read, weights, strict=True)):
        if parsed.asks and number + 1 < len(read) and read[number + 1].denies:
            score += ABSENT - parsed.score  # the no is an answer, and says the opposite
        else:
            score += weight * parsed.score
        deciding += parsed.words
    counts = dict.fromkeys(signal_names(), 0.0)
    for parsed in read:
        parsed.count(counts)
    rated = [parsed for parsed in read if parsed.signs]
    counts["score"] = score
    counts["last sentence"] = rated[-1].score if rated else 0.0
    counts["last clause"] = read[-1].last_clause if read else 0.0
    counts["sentences"] = float(len(read))
    focus = counts["neutral"] and not any(s.weight >= STRONG for p in read for s in p.signs)
    valence: Valence = "neutral"
    if not focus and abs(score) >= CLEAR:
        valence = "enabler" if score > 0 else "barrier"
    return PassageReading(valence, round(score, 3), tuple(deciding), tuple(counts.values()))


def _sentence_weights(read: Sequence[_Parsed]) -> list[float]:
    """Say what each sentence counts: less when a later one rates, least before a contrast."""
    weights: list[float] = []
    weight, later = 1.0, False
    for parsed in reversed(read):
        weights.append(weight * (EARLIER if later else 1.0) * (ASKED if parsed.asks else 1.0))
        later = later or (bool(parsed.signs) and not parsed.asks)
        if parsed.opposes and parsed.signs:
            weight *= EARLIER
    return weights[::-1]


@cache
def _rules(name: str) -> Rules:
    return Rules(language(name).valence)


@cache
def _phrases(name: str) -> Phrases:
    return Phrases(reader(name), _rules(name).phrases())


class _Parsed:
    """One sentence of a passage, with what it says."""

    def __init__(self, text: str, name: str) -> None:
        self._doc = reader(name).read(text)
        hits = _phrases(name).find(self._doc, [len(self._doc)] * len(self._doc))
        self.sentence = sentence_of(self._doc, (0, len(self._doc)), hits, _rules(name))
        self.asks = text.rstrip(" \"'”’)").endswith("?")
        self.signs = self.sentence.signs
        covered = [(sign.start, sign.end) for sign in self.signs]
        bare = [
            hit
            for hit in self.sentence.inside("absence")
            if not any(start <= hit.start < end for start, end in covered)
        ]
        self.bare = bare
        self.score = sum(map(self._signed, self.signs)) - ABSENT * len(bare)
        last = self.sentence.clauses[-1]
        self.last_clause = sum(
            _sign(sign) * sign.weight for sign in self.signs if last[0] <= sign.end - 1 < last[1]
        )
        places = sorted({*covered, *((hit.start, hit.end) for hit in bare)})
        self.words = [self._doc[start:end].text for start, end in places]

    def _signed(self, sign: Sign) -> float:
        return _sign(sign) * self.sentence.weight_of(sign)

    @property
    def opposes(self) -> bool:
        """Tell whether the sentence opens with a contrast to those before it."""
        contrasts = (*self.sentence.inside("contrast"), *self.sentence.inside("contrast_opening"))
        return any(hit.start <= 1 for hit in contrasts)

    @property
    def denies(self) -> bool:
        """Tell whether the sentence opens with a no, as an answer does."""
        words = (*self.sentence.inside("absence"), *self.sentence.inside("negator"))
        return any(hit.start == 0 and hit.end <= 1 for hit in words)

    def count(self, counts: dict[str, float]) -> None:
        """Add what the sentence holds to the counts of its passage."""
        for sign in self.signs:
            counts[f"not {sign.group}" if sign.turned else sign.group] += 1
        for shape in _SHAPES[:-3]:
            counts[shape] += len(self.sentence.inside(shape))
        counts["bare negators"] += len(self.bare)
        counts["questions"] += self.asks


def _sign(sign: Sign) -> int:
    return 1 if sign.valence == "enabler" else -1


def sentence_of(doc: Doc, bounds: Span, hits: Sequence[Hit], rules: Rules) -> Sentence:
    """Return one sentence of a text, ready to be rated."""
    signs = [hit for hit in hits if hit.kind in rules.kinds]
    pauses = [i for i in range(*bounds) if doc[i].is_punct and doc[i].text in _PAUSES]
    return Sentence(rules, bounds, signs, commas=pauses)


def rules_of(name: str) -> Rules:
    """Return the valence rules of a language, compiled once."""
    return _rules(name)


__all__ = [
    "PassageReading", "Reading", "of_coding", "of_passage", "rules_of", "sentence_of",
    "signal_names",
]  # fmt: skip
