"""What stands in the place of a find: readable, and the same wherever the same is meant."""

from __future__ import annotations

import re
import string
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from bantar_qual.languages import Language
from bantar_qual.privacy.finds import NAMED, Find
from bantar_qual.privacy.names import Known, fold

LETTERS = string.ascii_uppercase


@dataclass
class Pseudonyms:
    """Hand out pseudonyms: the researcher's own, those of the key, or new ones."""

    language: Language
    known: Sequence[Known]
    used: set[str] = field(default_factory=set)  # bare ones that stand for somebody already
    _given: dict[tuple[str, str], str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.used = {bare(word) for word in self.used}
        self.used |= {bare(one.pseudonym) for one in self.known if one.pseudonym}

    def of(self, found: Find, *, bracketed: bool = True) -> str:
        """Return the pseudonym of a find; ``bracketed`` marks a made one as such: [Warga A]."""
        names = self.language.names["pseudonyms"]
        if found.kind not in NAMED:
            told = self.known[found.known[0]].pseudonym if found.known else ""
            if told and not made(told):
                return told
            word = bare(told) or names[found.kind]
            return _marked(word, bracketed=bracketed)
        given = list(dict.fromkeys(self._known(who) for who in found.known))
        given = given or [self._new(found.kind, found.name)]
        own = [word for word in given if not made(word)]
        if len(given) == 1 and own:
            return own[0]
        inner = f" {names['either']} ".join(bare(word) for word in given)
        return _marked(inner, bracketed=bracketed)

    def own(self, found: Find) -> bool:
        """Tell whether a find gets a pseudonym of the researcher's own, which is a plain name."""
        return len(found.known) == 1 and bool(
            self.known[found.known[0]].pseudonym and not made(self.known[found.known[0]].pseudonym)
        )

    def _known(self, who: int) -> str:
        one = self.known[who]
        if one.pseudonym:
            return one.pseudonym
        return self._new(one.kind, one.name, informant=one.informant)

    def _new(self, kind: str, name: str, *, informant: int = 0) -> str:
        key = (kind, fold(" ".join(name.split())))
        if key not in self._given:
            self._given[key] = f"[{self._free(kind, informant)}]"
        return self._given[key]

    def _free(self, kind: str, informant: int) -> str:
        shape = self.language.names["pseudonyms"]["informant" if informant else kind]
        number = informant or 1
        while True:
            word = shape.format(n=number, letter=letters(number))
            if word not in self.used:
                self.used.add(word)
                return str(word)
            number += 1


def letters(number: int) -> str:
    """Count in letters: A, B … Z, AA, AB.

    Examples
    --------
    >>> [letters(number) for number in (1, 26, 27, 53)]
    ['A', 'Z', 'AA', 'BA']
    """
    said = ""
    while number:
        number, place = divmod(number - 1, len(LETTERS))
        said = LETTERS[place] + said
    return said


def bare(pseudonym: str) -> str:
    """Return a pseudonym without its brackets."""
    return pseudonym[1:-1] if made(pseudonym) else pseudonym


def made(pseudonym: str) -> bool:
    """Tell whether a pseudonym was made here, and so stands in brackets."""
    return pseudonym.startswith("[") and pseudonym.endswith("]")


def marked(word: str, language: Language) -> str:
    """Return a pseudonym in brackets if it was made here, and as it is if it is a name.

    Examples
    --------
    >>> from bantar_qual.languages import language
    >>> [marked(word, language("id")) for word in ("Warga B", "[NIK]", "Darmo")]
    ['[Warga B]', '[NIK]', 'Darmo']
    """
    names = language.names["pseudonyms"]
    shapes = "|".join(
        re.escape(shape).replace(r"\{n\}", r"\d+").replace(r"\{letter\}", "[A-Z]+")
        for shape in names.values()
    )
    one = rf"(?:{shapes})"
    whole = rf"{one}(?: {re.escape(names['either'])} {one})*"
    return f"[{word}]" if re.fullmatch(whole, word) else word


def _marked(word: str, *, bracketed: bool) -> str:
    return f"[{word}]" if bracketed else word


def both(pseudonyms: Iterable[str]) -> set[str]:
    """Return pseudonyms with and without brackets, as they may stand in a text."""
    listed = {word for word in pseudonyms if word}
    return listed | {bare(word) for word in listed if re.search(r"\w", bare(word))}
