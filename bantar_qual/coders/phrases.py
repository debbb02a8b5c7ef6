"""Find many phrases in a text at once, by word family or by word, whatever their affixes.

A phrase is written as in a codebook:

- one root word (``dana``) finds its whole family: *dananya, pendanaan, mendanai*;
- one word with affixes (``pelatihan``, ``disampaikan``) finds that word with every clitic and in
  every voice, but not its bare root;
- several words (``tanggung jawab``) match word by word by family, side by side;
- ``...`` between words lets up to three others stand between them, ``...6`` up to six;
- a leading ``=`` holds a phrase to its words, and keeps their families out.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from bantar_qual.languages import Language, language
from bantar_qual.text.stems import Words

if TYPE_CHECKING:
    from spacy.tokens import Doc

GAP = 3  # how many words "..." may stand for
_GAP = re.compile(r"\.\.\.(\d*)")


@dataclass(frozen=True, slots=True)
class Hit:
    """A phrase that was found: what it stands for, and its tokens, half-open."""

    kind: str  # "cue", its "company", or a kind of valence word
    key: int  # which of its kind
    start: int
    end: int


class Reader:
    """Tokenises the texts of one language, and knows family and word of every token."""

    def __init__(self, language: Language) -> None:
        import spacy

        self.words = Words(language.words, language.roots)
        # Where derived words carry affixes, as in Indonesian, an affixed cue means that word;
        # elsewhere a stem is all there is, and every single word stands for its family.
        self.derives = str(language.words.get("stemmer", "")).startswith("affixes")
        self.nlp = spacy.blank(language.name)
        self.nlp.max_length = 1 << 31  # there is no parser here that could run out of memory
        self._forms: dict[int, tuple[int, int]] = {}
        self._patterns: dict[str, tuple[str, str, Doc]] = {}

    def read(self, text: str) -> Doc:
        """Tokenise a text; each token's lemma is its family, its norm the word itself."""
        from spacy.attrs import LEMMA, NORM, ORTH

        doc = self.nlp.make_doc(text)
        orths, places = np.unique(doc.to_array([ORTH]), return_inverse=True)
        forms = np.array([self._form(int(orth)) for orth in orths], dtype=np.uint64)
        if len(doc):
            doc.from_array([LEMMA, NORM], forms[places.ravel()])
        return doc

    def _form(self, orth: int) -> tuple[int, int]:
        if orth not in self._forms:
            strings = self.nlp.vocab.strings
            word = self.words.word(strings[orth])
            self._forms[orth] = strings.add(word.stem or word.norm), strings.add(word.form)
        return self._forms[orth]

    def pattern(self, part: str) -> tuple[str, str, Doc]:
        """Read one side-by-side part of a phrase: by what it is found, its name, and its words.

        Kept for good: every codebook of a language shares the thousand phrases of its valence.
        """
        if part not in self._patterns:
            exact, words = part.startswith("="), part.lstrip("=").strip()
            doc = self.read(words)
            derived = self.derives and len(doc) == 1 and not self.words.is_root(words)
            attr = "NORM" if exact or derived else "LEMMA"
            forms = (str(token.norm if attr == "NORM" else token.lemma) for token in doc)
            self._patterns[part] = attr, f"{attr} {' '.join(forms)}", doc
        return self._patterns[part]


@cache
def reader(name: str) -> Reader:
    """Return the reader of a language, made once."""
    return Reader(language(name))


class Phrases:
    """Phrases with a meaning each, compiled for one reader."""

    def __init__(self, reader: Reader, phrases: Iterable[tuple[str, str, int]]) -> None:
        from spacy.matcher import PhraseMatcher

        self._reader = reader
        self._meanings: dict[int, list[tuple[str, int]]] = {}
        self._gapped: list[tuple[tuple[int, ...], tuple[int, ...], tuple[str, int]]] = []
        self._ids: dict[str, int] = {}
        vocab = reader.nlp.vocab
        self._matchers = {attr: PhraseMatcher(vocab, attr=attr) for attr in ("LEMMA", "NORM")}
        patterns: Mapping[str, dict[int, list[Doc]]] = {"LEMMA": {}, "NORM": {}}
        for text, kind, number in phrases:
            words, gaps = _parts(text)
            parts = [self._part(part, patterns) for part in words]
            if len(parts) == 1:
                self._meanings.setdefault(parts[0], []).append((kind, number))
            elif parts:
                self._gapped.append((tuple(parts), gaps, (kind, number)))
        for attr, docs in patterns.items():
            for key, doc in docs.items():
                self._matchers[attr].add(str(key), doc)
        self._key_of = {vocab.strings[str(key)]: key for key in self._ids.values()}
        self._opening: dict[int, list[int]] = defaultdict(list)  # by the part they begin with
        for place, (found, _, _) in enumerate(self._gapped):
            self._opening[found[0]].append(place)

    def _part(self, part: str, patterns: Mapping[str, dict[int, list[Doc]]]) -> int:
        """Compile one side-by-side part, once, and return its number."""
        attr, signature, doc = self._reader.pattern(part)
        if signature not in self._ids:
            self._ids[signature] = len(self._ids)
            patterns[attr][self._ids[signature]] = [doc]
        return self._ids[signature]

    def find(self, doc: Doc, ends: Sequence[int]) -> list[Hit]:
        """Return the hits in a text, none of which crosses the end of a sentence.

        Parameters
        ----------
        doc
            A text as read by the same reader.
        ends
            For each token, the token with which its sentence ends.
        """
        spans: dict[int, list[tuple[int, int]]] = defaultdict(list)
        for matcher in self._matchers.values():
            for key, start, end in matcher(doc):
                if end <= ends[start]:
                    spans[self._key_of[key]].append((start, end))
        hits = [
            Hit(*meaning, *span)
            for key, found in spans.items()
            for meaning in self._meanings.get(key, ())
            for span in found
        ]
        for place in sorted(place for key in spans for place in self._opening.get(key, ())):
            parts, gaps, meaning = self._gapped[place]
            if all(part in spans for part in parts):
                places = [spans[part] for part in parts]
                hits.extend(Hit(*meaning, *span) for span in _chained(places, gaps, ends))
        return hits


def _parts(text: str) -> tuple[list[str], tuple[int, ...]]:
    """Return the side-by-side parts of a phrase, and how many words may stand between them."""
    exact = "=" if text.startswith("=") else ""
    pieces = _GAP.split(text.lstrip("="))
    words = [exact + piece.strip() for piece in pieces[::2]]
    gaps = [int(number or GAP) for number in pieces[1::2]]
    kept = [number for number, word in enumerate(words) if word.strip("=")]
    return [words[i] for i in kept], tuple(gaps[i - 1] for i in kept[1:])


def _chained(
    places: Sequence[list[tuple[int, int]]], gaps: Sequence[int], ends: Sequence[int]
) -> list[tuple[int, int]]:
    """Join parts that follow each other within the gap, in the same sentence."""
    chains = [(start, end, ends[start]) for start, end in places[0]]
    for later, gap in zip(places[1:], gaps, strict=True):
        found = sorted(later)
        starts = [start for start, _ in found]
        chains = [
            (start, later_end, limit)
            for start, end, limit in chains
            for _, later_end in found[bisect_left(starts, end) : bisect_right(starts, end + gap)]
            if later_end <= limit
        ]
    return [(start, end) for start, end, _ in chains]
