"""Words and their families: the standard spelling, the citation form and the root of a word.

What a language does to its words is data (``languages/*/words.yaml``); this module only knows that
prefixes, suffixes and clitics can be taken off, and that a known root ends the search.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple, Protocol, cast

import snowballstemmer

Cost = tuple[bool, int, int, int]  # respelled, prefixes, doubts, length of the root below zero

MAX_CACHED = 200_000  # words; a study of sixty interviews has about ten thousand
_MAX_PREFIXES = 3  # memperkeberatkan has three; nobody says four
_MIN_ROOT = 3  # letters; a shorter root (RT, SK) may only lose a clitic
_MIN_GUESS = 4  # letters that must stay of a word that is not in the list
_MAX_LENGTH = 64  # letters; whatever is longer is no word, and is left alone
_VOWELS = frozenset("aeiou")
_LENGTHENED = re.compile(r"([a-z])\1{2,}")
_PLURAL = re.compile(r"([a-z]{3,})2([a-z]*)")


@dataclass(frozen=True, slots=True)
class Word:
    """A word as it is matched: never shown to a reader, who sees the text as it was said."""

    norm: str  # lower case, standard spelling: "disampaikannya"
    form: str  # without clitics and without active or passive prefix: "sampaikan"
    stem: str  # the root, the name of the word's family: "sampai"


class Stemmer(Protocol):
    """What finds the family of a word in standard spelling."""

    def stem(self, word: str) -> str:
        """Return the root of a word."""

    def form(self, word: str) -> str:
        """Return the citation form of a word, the same for active and passive."""


class Words:
    """The words of one language.

    Examples
    --------
    >>> from bantar_qual.languages import language
    >>> indonesian = language("id")
    >>> Words(indonesian.words, indonesian.roots).word("Nyampein")
    Word(norm='nyampein', form='sampaikan', stem='sampai')
    """

    def __init__(self, data: Mapping[str, object], roots: frozenset[str]) -> None:
        self._lexicon = Lexicon(data, roots)
        self._stemmer = _stemmer(data, self._lexicon)
        self._cache: dict[str, Word] = {}

    def word(self, surface: str) -> Word:
        """Read a word as it stands in the text."""
        word = self._cache.get(surface)
        if word is None:
            if len(self._cache) >= MAX_CACHED:  # starting again costs less than keeping order
                self._cache.clear()
            norm = self._lexicon.norm(surface)
            word = Word(norm, self._stemmer.form(norm), self._stemmer.stem(norm))
            self._cache[surface] = word
        return word

    def is_root(self, surface: str) -> bool:
        """Say whether a word, clitics aside, is its own stem."""
        word = self.word(surface)
        return word.stem in self._lexicon.bodies(word.norm)


def _stemmer(data: Mapping[str, object], lexicon: Lexicon) -> Stemmer:
    """Return the stemmer that a language asks for; without one, every word is its own family."""
    kind, _, detail = str(data.get("stemmer", "")).partition(" ")
    if kind == "snowball":
        return SnowballStemmer(detail)
    return AffixStemmer(data, lexicon)


class SnowballStemmer:
    """Martin Porter's stemmers, for the languages that have a good one."""

    def __init__(self, name: str) -> None:
        self._algorithm = snowballstemmer.stemmer(name)

    def stem(self, word: str) -> str:
        """Return what Snowball leaves of a word."""
        return cast("str", self._algorithm.stemWord(word))

    def form(self, word: str) -> str:
        """Return the word itself: Snowball knows no citation forms."""
        return word


# -- Spelling ---------------------------------------------------------------------------------


class Lexicon:
    """The roots of a language, and how spoken and regional spellings lead to them."""

    def __init__(self, data: Mapping[str, object], roots: frozenset[str]) -> None:
        self.roots = roots
        self._overrides = _table(data, "overrides")
        self._spoken = _table(data, "spoken")
        self.clitics = _table(data, "clitics")
        self._sounds = [(re.compile(a), b) for a, b in _table(data, "sounds").items()]

    def root(self, word: str) -> str | None:
        """Return the root that a bare word stands for, if it is known."""
        return self._overrides.get(word) or (word if word in self.roots else None)

    def norm(self, surface: str) -> str:
        """Return a word in lower case and standard spelling, clitics kept."""
        word = surface.lower().replace("’", "'").replace("‑", "-")  # non-breaking hyphen
        if len(word) > _MAX_LENGTH:
            return word
        if plural := _PLURAL.fullmatch(word):  # anak2nya; but SMP2 is a school
            half, tail = plural.groups()
            word = f"{half}-{half}{tail}" if _VOWELS & set(half) else word
        if "-" in word and word not in self.roots:
            return "-".join(map(self._norm_part, word.split("-")))
        return self._norm_part(word)

    def _norm_part(self, word: str) -> str:
        if (standard := self.standard(word)) != word or word in self.roots:
            return standard
        for clitic, written in self.clitics.items():
            base = word.removesuffix(clitic)
            if base != word and len(base) >= _MIN_ROOT:
                standard = self.standard(base)
                if standard != base or clitic != written:
                    return standard + written
        short = self.standard(_LENGTHENED.sub(r"\1", word))  # bangeeet
        return short if self.root(short) else word

    def standard(self, word: str) -> str:
        """Return the standard spelling of a bare word; a word that is known stays as it is."""
        if spoken := self._spoken.get(word):
            return spoken
        if word not in self.roots:
            for pattern, standard in self._sounds:
                other = pattern.sub(standard, word, count=1)
                if other != word and other in self.roots:
                    return other
        return word

    def bodies(self, word: str) -> list[str]:
        """List a word and what is left of it when one clitic, or several, are taken off."""
        found = [word]
        if len(word) > _MAX_LENGTH:
            return found
        for body in found:  # grows while we look: apalah, kepadanyalah
            found += [
                body.removesuffix(clitic).removesuffix("-")
                for clitic in self.clitics
                if body.endswith(clitic) and len(body) > len(clitic) + 1
            ]
        return found


# -- Affixes ----------------------------------------------------------------------------------

_FREE: Cost = (False, 0, 0, 0)


class Reading(NamedTuple):
    """One way to take a word apart."""

    form: str
    root: str
    cost: Cost


@dataclass(frozen=True, slots=True)
class Prefix:
    """A prefix, the letters it may stand before, and the letters that it swallows."""

    spelling: str
    voice: bool  # makes an active or a passive, not another word
    before: str  # letters; empty: any
    restores: str  # letters, the likeliest first
    short: bool  # stands before roots of one syllable only: menge-cek
    weak: bool  # its readings give way to any other

    def cut(self, word: str) -> Iterator[tuple[str, int, int]]:
        """Yield what may stand behind the prefix, how many letters were put back, and the doubt."""
        rest = word[len(self.spelling) :]
        first = rest[:1]
        if self.short and sum(letter in _VOWELS for letter in rest) > 1:
            return
        if (not self.restores or self.before) and (not self.before or first in self.before):
            yield rest, 0, self.weak
        if first == "r" or first in _VOWELS:  # memukul, memroses
            for doubt, letter in enumerate(self.restores, start=1 + self.weak):
                yield letter + rest, 1, doubt


class AffixStemmer:
    """Take words apart by the affixes of their language, down to a root that is known.

    Of several readings the one in standard spelling wins (*berubah*: ubah, not a spoken *rubah*),
    then the one with the fewest prefixes, then the one without a restored letter (*mengurus*: urus,
    not kurus), then the longest root. A word that leads to no known root stays whole, unless a
    clitic or a circumfix speaks clearly.
    """

    def __init__(self, data: Mapping[str, object], lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._prefixes = _prefixes(data)
        self._longest = max(map(len, self._prefixes), default=0)
        self._suffixes = _table(data, "suffixes")
        self._careless = _table(data, "careless_suffixes")  # {"an": "kan"}: menunjukan
        self._choices = _choices(data)  # {"in": {"ajar": "i"}}: ajarin
        self._circumfixes = [
            (self._prefixes[before], after)
            for before, _, after in (pair.partition("-") for pair in _strings(data, "circumfixes"))
        ]
        self._clear = _strings(data, "clear_clitics")
        self._last: tuple[str, Reading] | None = None

    def stem(self, word: str) -> str:
        """Return the root of a word in standard spelling."""
        return self.read(word).root

    def form(self, word: str) -> str:
        """Return a word without its clitics and without its active or passive prefix."""
        return self.read(word).form

    def read(self, word: str) -> Reading:
        """Take a word apart in the best way."""
        last = self._last
        if last is not None and last[0] == word:  # form and stem are asked one after the other
            return last[1]
        if len(word) > _MAX_LENGTH or not word.replace("-", "").isalpha():
            reading = self._known(word) or _whole(word)  # tps3rnya
        elif "-" in word:
            reading = self._hyphenated(word)
        else:
            reading = self._best(word) or self._guess(word)
        self._last = word, reading
        return reading

    def _known(self, word: str) -> Reading | None:
        """Read a known root behind which only clitics stand."""
        found = ((body, self._lexicon.root(body)) for body in self._lexicon.bodies(word))
        return next((Reading(body, root, _FREE) for body, root in found if root), None)

    def _best(self, word: str) -> Reading | None:
        return min(self._readings(word), key=lambda reading: reading.cost, default=None)

    def _readings(self, word: str) -> Iterator[Reading]:
        """Yield every way to take a word apart that ends in a known root."""
        if root := self._lexicon.root(word):
            yield Reading(word, root, _FREE)
            return
        for body in self._lexicon.bodies(word):
            yield from self._bare(body)
            yield from self._prefixed(body, voice=True)
            for spoken in self._suffixes:
                base = body.removesuffix(spoken)
                if base == body or len(base) < _MIN_ROOT:
                    continue
                careless = self._careless.get(spoken)
                for reading in (*self._bare(base), *self._prefixed(base, voice=not careless)):
                    yield self._suffixed(reading, spoken)
                for form, root, cost in self._prefixed(base, voice=True) if careless else ():
                    yield Reading(f"{form}{careless}", root, (True, *cost[1:]))

    def _prefixed(self, word: str, *, voice: bool, depth: int = 1) -> Iterator[Reading]:
        """Yield the readings of a word that begin by taking off a prefix."""
        for length in range(1, min(self._longest, len(word) - _MIN_ROOT) + 1):
            prefix = self._prefixes.get(word[:length])
            if prefix is None or (prefix.voice and not voice):
                continue
            for rest, restored, doubt in prefix.cut(word):
                deeper = (
                    self._prefixed(rest, voice=False, depth=depth + 1)
                    if depth < _MAX_PREFIXES
                    else ()
                )
                for inner in (*self._bare(rest), *deeper):
                    yield _joined(prefix, inner, restored, doubt)

    def _suffixed(self, reading: Reading, spoken: str) -> Reading:
        """Return a reading with the standard form of a suffix."""
        suffix = self._choices.get(spoken, {}).get(reading.root, self._suffixes[spoken])
        return reading._replace(form=reading.form + suffix)

    def _bare(self, word: str) -> Iterator[Reading]:
        """Yield the reading of a word that has lost its affixes, if its root is known."""
        standard = self._lexicon.standard(word)
        shortened = len(word) < _MIN_GUESS and len(word) != len(standard)  # sedak: not se- and dak
        if len(word) >= _MIN_ROOT and not shortened and (root := self._lexicon.root(standard)):
            yield Reading(standard, root, (standard != word, 0, 0, -len(word)))

    def _guess(self, word: str) -> Reading:
        """Read a word without a known root: take off only what can hardly be part of it."""
        body = next((word.removesuffix(c) for c in self._clear if word.endswith(c)), word)
        if len(body) < _MIN_GUESS and (not body or _VOWELS & set(body)):  # but RTnya
            body = word
        for prefix, after in self._circumfixes:
            if not (body.startswith(prefix.spelling) and body.endswith(after)):
                continue
            for rest, restored, doubt in prefix.cut(body.removesuffix(after)):
                if len(rest) - restored >= _MIN_GUESS and _VOWELS & set(rest):
                    inner = Reading(rest, rest, _FREE)
                    return self._suffixed(_joined(prefix, inner, restored, doubt), after)
        return _whole(body)

    def _hyphenated(self, word: str) -> Reading:
        """Read a word with hyphens: SOP-nya, di-SK-kan, anak-anaknya, tolong-menolong."""
        if known := self._known(word):
            return known
        parts = word.split("-")
        if not all(parts):  # "-nya", as a tokenizer leaves it
            return _whole(word)
        while len(parts) > 1 and parts[-1] in self._lexicon.clitics:
            parts.pop()
        suffix = parts.pop() if self._suffixes.get(parts[-1]) == parts[-1] and parts[1:] else ""
        prefix = self._prefixes.get(parts[0]) if len(parts) > 1 and len(parts[0]) > 1 else None
        core = self._doubled(parts[1:] if prefix else parts)
        before = f"{prefix.spelling}-" if prefix and not prefix.voice else ""
        return core._replace(form=before + core.form + self._suffixes.get(suffix, ""))

    def _doubled(self, parts: list[str]) -> Reading:
        """Read the parts between the hyphens; two of one family are that family's plural."""
        readings = [self.read(part) for part in parts]
        first, last = readings[0], readings[-1]
        if len({reading.root for reading in readings}) == 1:
            form = first.form if first.form == last.form else f"{first.form}-{last.form}"
            return first._replace(form=form)
        tail = last.form if last.form in self._lexicon.bodies(parts[-1]) else parts[-1]
        return _whole("-".join([*parts[:-1], tail]))


def _whole(word: str) -> Reading:
    return Reading(word, word, _FREE)


def _joined(prefix: Prefix, inner: Reading, restored: int, doubt: int) -> Reading:
    """Return the reading of a word whose part behind the prefix is read already."""
    form = inner.form if prefix.voice else prefix.spelling + inner.form[restored:]
    respelled, prefixes, doubts, root = inner.cost
    return Reading(form, inner.root, (respelled, prefixes + 1, doubts + doubt, root))


# -- Data -------------------------------------------------------------------------------------


def _prefixes(data: Mapping[str, object]) -> dict[str, Prefix]:
    """Return the prefixes of a language by their spelling."""
    groups = _part(data, "prefixes")
    return {
        spelling: Prefix(
            spelling=spelling,
            voice=group == "voice",
            before=rule.get("before", ""),
            restores=rule.get("restores", ""),
            short="short" in rule,
            weak="weak" in rule,
        )
        for group in groups
        for spelling in _part(groups, group)
        for rule in [_table(_part(groups, group), spelling)]
    }


def _choices(data: Mapping[str, object]) -> dict[str, dict[str, str]]:
    """Return, for spoken suffixes, what they stand for with certain roots."""
    spoken = _part(data, "spoken_suffixes")
    return {
        suffix: {
            root: written
            for written in _part(spoken, suffix)
            for root in _strings(_part(spoken, suffix), written)
        }
        for suffix in spoken
    }


def _part(data: Mapping[str, object], key: str) -> Mapping[str, object]:
    value = data.get(key)
    return cast("Mapping[str, object]", value) if isinstance(value, Mapping) else {}


def _table(data: Mapping[str, object], key: str) -> dict[str, str]:
    return {word: str(value) for word, value in _part(data, key).items()}


def _strings(data: Mapping[str, object], key: str) -> list[str]:
    value = data.get(key)
    return [str(item) for item in value] if isinstance(value, list) else []
