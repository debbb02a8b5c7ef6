"""The words of one language that lead to names, places and numbers, ready to be looked up."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Any

from bantar_qual.languages import Language
from bantar_qual.languages import language as load_language
from bantar_qual.text.stems import Words

# Marks and soft hyphens inside a word belong to it: a name that is set in pieces is a name still.
LETTER = "(?:[^\\W\\d_][\u0300-\u036f\u00ad\u200b-\u200d\u2060]*)"
_TOKEN = re.compile(f"{LETTER}+")
_OPENING = re.compile(r"(?:^|[.?!…:\n]|--|—)[\s\"'“”‘’(\[*_-]*\Z")


@dataclass(frozen=True, slots=True)
class Token:
    """A word of a text and its place."""

    start: int
    end: int
    raw: str

    @property
    def lower(self) -> str:
        """Return the word in lower case."""
        return self.raw.lower()

    @property
    def capital(self) -> bool:
        """Tell whether it begins with a capital letter."""
        return self.raw[0].isupper()


def tokens(text: str) -> list[Token]:
    """Return the words of a text; digits and signs part them."""
    return [Token(match.start(), match.end(), match[0]) for match in _TOKEN.finditer(text)]


def opens(text: str, at: int) -> bool:
    """Tell whether a place opens a sentence, where every word has a capital."""
    return bool(_OPENING.search(text[max(0, at - 12) : at]))


@dataclass(frozen=True)
class Lexicon:
    """The words of one language, as sets and patterns."""

    language: Language
    _sets: dict[str, frozenset[str]] = field(default_factory=dict, compare=False, repr=False)

    def words(self, key: str) -> frozenset[str]:
        """Return the words under a key of ``names.yaml``."""
        if key not in self._sets:
            self._sets[key] = frozenset(self.language.names[key])
        return self._sets[key]

    @cached_property
    def honorifics(self) -> frozenset[str]:
        """Return what stands before a name, without stops."""
        return frozenset(word.rstrip(".") for word in self.language.names["honorifics"])

    @cached_property
    def degrees(self) -> frozenset[str]:
        """Return the degrees before a name, without stops."""
        return frozenset(word.replace(".", "") for word in self.language.names["degrees_before"])

    @cached_property
    def roles(self) -> frozenset[tuple[str, ...]]:
        """Return the roles, each as its words."""
        names = self.language.names
        listed = [*names["roles"], *names["leading_roles"], *names["heads"]]
        return frozenset(tuple(re.findall(r"\w+", role)) for role in listed)

    @cached_property
    def leading(self) -> frozenset[tuple[str, ...]]:
        """Return the roles that lead to a name by themselves."""
        names = self.language.names
        listed = [*names["leading_roles"], *names["heads"]]
        return frozenset(tuple(re.findall(r"\w+", role)) for role in listed)

    @cached_property
    def heads(self) -> frozenset[tuple[str, ...]]:
        """Return the roles that are as often followed by a place."""
        return frozenset(tuple(re.findall(r"\w+", role)) for role in self.language.names["heads"])

    @cached_property
    def _head(self) -> re.Pattern[str]:
        heads = (head for head in self.language.names["heads"] if " " in head)
        return re.compile(rf"(?<!\w){either(heads)}\s*\Z", re.IGNORECASE)

    def ends_head(self, before: str) -> bool:
        """Tell whether a text ends with a role such as "kepala desa", behind which people stand."""
        return bool(self._head.search(before[-40:]))

    def like_a_place(self, word: str) -> bool:
        """Tell whether a word begins as the names of places often do: Sukamaju."""
        return word.lower().startswith(tuple(self.language.names["place_beginnings"]))

    @cached_property
    def role_words(self) -> frozenset[str]:
        """Return the first word of every role."""
        return frozenset(role[0] for role in self.roles)

    @cached_property
    def not_names(self) -> frozenset[str]:
        """Return the capital words that name nobody."""
        return self.words("not_names") | self.role_words

    @cached_property
    def common(self) -> frozenset[str]:
        """Return small words that open a sentence with a capital and are never a name."""
        spoken = self.language.words.get("spoken", {})
        listed: list[str] = [
            *self.language.words["stop_words"],
            *self.language.words["particles"],
            *self.language.names["small_words"],
            *spoken,
        ]
        return frozenset(listed) - self.words("common_parts")

    @cached_property
    def _stems(self) -> Words:
        return Words(self.language.words, self.language.roots)

    def ordinary(self, word: str) -> bool:
        """Tell whether a word also means something else: Sabar, Indah, Jaya."""
        lower = word.lower()
        if lower in self.common or lower in self.language.roots:
            return True
        if not self.language.roots:
            return False
        stem = self._stems.word(lower).stem
        # A stem that was respelled says little: "Asep" is not "asap".
        return stem in self.language.roots and stem[1:] in lower

    def derived(self, word: str) -> bool:
        """Tell whether a word is made of another one, as names seldom are: Pembangunan."""
        lower = word.lower()
        return lower not in self.language.roots and self.ordinary(lower)

    def plain(self, word: str) -> bool:
        """Tell whether a word is no name even where a title stands before it."""
        lower = word.lower()
        return lower in self.common or lower in self.honorifics or lower in self.not_names

    @cached_property
    def months(self) -> str:
        """Return a pattern of the names of months."""
        return either(self.language.names["months"])

    @cached_property
    def never(self) -> re.Pattern[str]:
        """Return a pattern of the phrases that name nobody."""
        clitics = either(self.language.names["clear_clitics"])
        listed = either(self.language.names["never"])
        return re.compile(rf"(?<!\w){listed}{clitics}?(?!\w)", re.IGNORECASE)

    @cached_property
    def degrees_after(self) -> re.Pattern[str]:
        """Return a pattern of one or more degrees behind a name."""
        listed = {word.rstrip(".") for word in self.language.names["degrees_after"]}
        one = rf"(?=[^\W\d_][.A-Za-z]*[A-Z.]){either(listed)}\.?(?![\w])"
        return re.compile(
            rf"(?:\s{{0,3}},\s{{0,3}}|\s{{1,3}}(?=[A-Za-z]{{1,2}}\.)){one}", re.IGNORECASE
        )

    def contexts(self, kind: str) -> re.Pattern[str]:
        """Return a pattern of the words that lead to a number of a kind."""
        found: Mapping[str, Any] = self.language.names["contexts"]
        return _context(tuple(found[kind]), tuple(self.language.names["clear_clitics"]))

    @cached_property
    def not_numbers(self) -> re.Pattern[str]:
        """Return a pattern, at the end of a text, of words that make a number something else."""
        listed = either(self.language.names["not_numbers"])
        numbered = r"(?:\s*(?:no|nomor|number)\b\.?)?"
        return re.compile(rf"(?:(?<!\w){listed}){numbered}[\s:]*\Z", re.IGNORECASE)

    @cached_property
    def spellings(self) -> tuple[tuple[str, str], ...]:
        """Return the spellings that stand for one another."""
        return tuple((old, new) for old, new in self.language.names["spellings"])

    @cached_property
    def clitics(self) -> tuple[str, ...]:
        """Return what may hang on a name, the longest first."""
        return tuple(sorted(self.language.names["clitics"], key=len, reverse=True))


def either(words: Iterable[str]) -> str:
    """Return a pattern that is any of some words, the longest first; spaces may be wide."""
    return _either(tuple(words))


@cache
def _either(words: tuple[str, ...]) -> str:
    listed = sorted(set(words), key=len, reverse=True)
    escaped = (r"\s+".join(map(re.escape, word.split())) for word in listed)
    return f"(?:{'|'.join(escaped) or '(?!)'})"


@cache
def _context(words: tuple[str, ...], clitics: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){either(words)}{either(clitics)}?(?!\w)", re.IGNORECASE)


@cache
def lexicon(name: str) -> Lexicon:
    """Load the words of a language."""
    return Lexicon(load_language(name))
