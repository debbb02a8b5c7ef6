"""A coder that knows the codebook's cues, and suggests sentence by sentence."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain
from typing import TYPE_CHECKING, Literal

from bantar_qual.coders import valence
from bantar_qual.coders.phrases import Hit, Phrases, reader
from bantar_qual.languages import language
from bantar_qual.records import Code, Coding, Cue, Document
from bantar_qual.text.detect import detect
from bantar_qual.text.sentences import sentences

if TYPE_CHECKING:
    from spacy.tokens import Doc

    from bantar_qual.codebook import Codebook

# How far a kind of cue is trusted: a phrase says more than a word, and a word that needs company
# was found to mislead. These order the suggestions; they are not measured probabilities.
_PHRASE, _WORD, _IN_COMPANY = 0.75, 0.65, 0.6

_MOST_REASONS = 12  # places quoted; a speech without a full stop would quote itself

Span = tuple[int, int]


class CueCoder:
    """Suggest a code for every sentence that holds one of its cues.

    Each suggestion covers the sentence, carries a valence where words speak for one, and keeps
    those words in ``because``. The interviewer's turns are left out.

    Parameters
    ----------
    name
        The coder's name in the study.
    interviewer
        True to read the interviewer's turns too.

    Notes
    -----
    Cue words find what is said with the usual words and miss what is said without them; expect
    to add codings by hand. ``confidence`` orders the suggestions by how much evidence the
    sentence holds; it is no measured probability.

    Examples
    --------
    >>> from bantar_qual.codebook import Codebook
    >>> from bantar_qual.records import Document, Turn
    >>> text = "Dananya tidak ada."
    >>> note = Document(name="n", text=text, language="id",
    ...                 turns=(Turn(number=1, start=0, end=len(text)),))
    >>> [(c.code, c.valence, c.because)
    ...  for c in CueCoder().code(note, Codebook.load("edwards-iii"))]
    [('resources.budget', 'barrier', 'Dananya; tidak ada')]
    """

    origin: Literal["cue"] = "cue"

    def __init__(self, *, name: str = "cues", interviewer: bool = False) -> None:
        self.name, self.interviewer = name, interviewer
        self._rules = cache(_Rules)

    def code(self, document: Document, codebook: Codebook) -> Iterator[Coding]:
        """Yield the suggestions for one document, in reading order."""
        rules = self._rules(_Same(codebook), document.language or detect(document.text))
        for start, end, found in rules.read(document, interviewer=self.interviewer):
            for one in found:
                yield Coding(
                    document=document.name,
                    start=start,
                    end=end,
                    code=one.code,
                    coder=self.name,
                    origin=self.origin,
                    status="suggested",
                    valence=one.reading.valence,
                    confidence=one.confidence,
                    because=one.because,
                )


class _Same:
    """A codebook as a key: the same object compiles once."""

    def __init__(self, codebook: Codebook) -> None:
        self.codebook = codebook

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and self.codebook is other.codebook

    def __hash__(self) -> int:
        return id(self.codebook)


@dataclass(frozen=True, slots=True)
class _Found:
    """A code that one sentence speaks for."""

    code: str
    confidence: float
    reading: valence.Reading
    because: str
    denied: bool  # named only to be ruled out


class _Rules:
    """One codebook's cues and one language's valence words, compiled."""

    def __init__(self, key: _Same, name: str) -> None:
        self._reader = reader(name)
        self._valence = valence.rules_of(name)
        self._language = language(name)
        self._cues: list[tuple[str, Cue]] = [
            (code.path, cue) for code in key.codebook for cue in _spoken(code, name)
        ]
        self._leans = {code.path: code.leans for code in key.codebook if code.leans}
        company = [*chain.from_iterable((*cue.near, *cue.unless) for _, cue in self._cues)]
        self._company = {text: number for number, text in enumerate(dict.fromkeys(company))}
        self._near = [self._numbers(cue.near) for _, cue in self._cues]
        self._unless = [self._numbers(cue.unless) for _, cue in self._cues]
        self._phrases = Phrases(self._reader, self._all_phrases())
        self._abbreviations = frozenset(self._language.words.get("abbreviations", ()))

    def _numbers(self, texts: Iterable[str]) -> frozenset[int]:
        return frozenset(self._company[text] for text in texts)

    def _all_phrases(self) -> Iterable[tuple[str, str, int]]:
        yield from self._valence.phrases()
        yield from ((cue.text, "cue", number) for number, (_, cue) in enumerate(self._cues))
        yield from ((text, "company", number) for text, number in self._company.items())

    def read(
        self, document: Document, *, interviewer: bool
    ) -> Iterator[tuple[int, int, list[_Found]]]:
        """Yield each sentence that speaks for a code, with what speaks for it.

        A cause that was only denied is left out when the next sentence of the turn names another:
        *Bukan soal dana. Warganya yang malas.*
        """
        spans, turns = list[Span](), list[int]()
        for turn in document.turns:
            if interviewer or turn.role != "interviewer":
                text = document.text[turn.start : turn.end]
                for a, b in sentences(text, self._abbreviations):
                    spans.append((turn.start + a, turn.start + b))
                    turns.append(turn.number)
        doc = self._reader.read(document.text)
        bounds = _token_bounds(doc, spans)
        ends = [0] * len(doc)
        for first, last in bounds:
            ends[first:last] = [last] * (last - first)
        firsts = [first for first, _ in bounds]
        by_sentence: dict[int, list[Hit]] = defaultdict(list)
        for hit in self._phrases.find(doc, ends):
            by_sentence[bisect_right(firsts, hit.start) - 1].append(hit)
        told = {n: list(self._judge(doc, bounds[n], hits)) for n, hits in by_sentence.items()}
        for number in sorted(told):
            found, later = told[number], told.get(number + 1, [])
            if later and turns[number] == turns[number + 1]:
                named = {one.code for one in later if not one.denied}
                found = [one for one in found if not one.denied or not named - {one.code}]
            if found:
                yield (*spans[number], found)

    def _judge(self, doc: Doc, bounds: Span, hits: Sequence[Hit]) -> Iterator[_Found]:
        """Yield the codes that one sentence speaks for."""
        cues = self._valid(hits)
        if not cues:
            return
        sentence = valence.sentence_of(doc, bounds, hits, self._valence)
        if sentence.inside("theory"):
            return
        if sentence.inside("aside"):
            cues = {code: found for code, found in cues.items() if not _lone_word(found)}
        denied = {code: all(map(sentence.denies, _spans(found))) for code, found in cues.items()}
        for code, found in cues.items():
            if denied[code] and not all(denied.values()):
                continue  # named only to be ruled out, and another cause is named
            spans = _spans(found)
            reading = valence.of_coding(sentence, spans)
            if reading.valence is None:
                reading = valence.Reading(self._leans.get(code))
            because = _because(doc, [*spans, *reading.tokens])
            yield _Found(code, _confidence(found), reading, because, denied[code])

    def _valid(self, hits: Sequence[Hit]) -> dict[str, list[tuple[Span, float]]]:
        """Keep the cues that have the company they need, and none that cancels them."""
        present = {hit.key for hit in hits if hit.kind == "company"}
        valid: dict[str, list[tuple[Span, float]]] = defaultdict(list)
        for hit in hits:
            if hit.kind != "cue":
                continue
            path, cue = self._cues[hit.key]
            near = self._near[hit.key]
            if (not near or near & present) and not self._unless[hit.key] & present:
                trust = _IN_COMPANY if near else _PHRASE if " " in cue.text else _WORD
                valid[path].append(((hit.start, hit.end), trust))
        return valid


def _spoken(code: Code, name: str) -> tuple[Cue, ...]:
    """Return a code's cues in a language, and those for any language."""
    return (*code.cues.get(name, ()), *code.cues.get("", ()))


def _spans(found: Sequence[tuple[Span, float]]) -> list[Span]:
    return [span for span, _ in found]


def _lone_word(found: Sequence[tuple[Span, float]]) -> bool:
    """Tell whether a code rests on one word, in one place, without company."""
    return len(found) == 1 and found[0][1] == _WORD


def _token_bounds(doc: Doc, spans: Sequence[Span]) -> list[Span]:
    """Turn stretches of characters into stretches of tokens."""
    starts = [token.idx for token in doc]
    return [(_first_at(starts, a), _first_at(starts, b)) for a, b in spans]


def _first_at(starts: Sequence[int], position: int) -> int:
    """Return the first token that begins at or after a position."""
    return bisect_right(starts, position - 1)


def _confidence(found: Sequence[tuple[Span, float]]) -> float:
    """Join the cues as independent witnesses, each place heard once."""
    doubt = 1.0
    for trust in {span[0]: trust for span, trust in sorted(found, key=lambda f: f[1])}.values():
        doubt *= 1 - trust
    return round(1 - doubt, 3)


def _because(doc: Doc, spans: Sequence[Span]) -> str:
    """Quote the deciding words in reading order, each stretch once."""
    kept: list[Span] = []
    for start, end in sorted(set(spans), key=lambda span: (span[0], -span[1])):
        if not kept or end > kept[-1][1]:
            kept.append((start, end))
    return "; ".join(doc[start:end].text for start, end in kept[:_MOST_REASONS])
