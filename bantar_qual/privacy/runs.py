"""Runs of capital words: how far a name reaches."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from bantar_qual.privacy.lexicon import Lexicon, Token, tokens

_MOST = 5  # words of a name
_GAP = re.compile(r"[ \u00a0]{1,2}|['’‘ʼ`]|-|\. ?|,? ?\n")
_SHORT = 3  # letters that must stay of a name when a clitic is taken off
_ACRONYM = 4  # capitals that are no name: PPL
_SMALL = 2  # letters; a name as short is looked at by a person


@dataclass(frozen=True)
class Text:
    """A text, its words and the language that it speaks."""

    text: str
    words: Lexicon

    @cached_property
    def tokens(self) -> list[Token]:
        """Return the words of the text."""
        return tokens(self.text)

    @cached_property
    def _starts(self) -> dict[int, int]:
        return {token.start: place for place, token in enumerate(self.tokens)}

    @cached_property
    def _ends(self) -> dict[int, int]:
        return {token.end: place for place, token in enumerate(self.tokens)}

    @cached_property
    def never(self) -> frozenset[int]:
        """Return the places of words that stand in a phrase that names nobody."""
        return frozenset(
            at
            for match in self.words.never.finditer(self.text)
            for at in range(match.start(), match.end())
        )

    def at(self, position: int) -> int | None:
        """Return the place of the word that begins at a position."""
        return self._starts.get(position)

    def ending(self, position: int) -> int | None:
        """Return the place of the word that ends at a position."""
        return self._ends.get(position)

    def gap(self, place: int) -> str:
        """Return what stands between a word and the next one."""
        if place + 1 >= len(self.tokens):
            return "\n\n"
        return self.text[self.tokens[place].end : self.tokens[place + 1].start]

    def shouts(self, place: int) -> bool:
        """Tell whether a word stands among others in capitals."""
        near = self.tokens[max(0, place - 3) : place + 4]
        return sum(token.raw.isupper() and len(token.raw) > 1 for token in near) > len(near) // 2

    def run(
        self,
        place: int,
        *,
        stops: Callable[[str], bool] | None = None,
        most: int = _MOST,
        lower: bool = False,
    ) -> int | None:
        """Return the last word of the name that begins with a word, or None if none does.

        Parameters
        ----------
        place
            The first word, by its number.
        stops
            Tells which words, in lower case, end a name or are none.
        most
            So many words at most.
        lower
            True where the first word may be in lower case.
        """
        ends = stops or self.words.plain
        first = self.tokens[place] if place < len(self.tokens) else None
        if first is None or first.start in self.never or ends(first.lower):
            return None
        if not (first.capital or lower) or self._acronym(place):
            return None
        if len(first.raw) == 1 and not self._initial(place):
            return None  # "si A" has no name any more
        last = place
        while last + 1 < len(self.tokens) and last - place + 1 < most:
            step = self._step(last, ends)
            if not step:
                break
            last += step
        return last

    def _abbreviated(self, place: int) -> bool:
        """Tell whether a stop behind a word belongs to it: M., Moh."""
        token = self.tokens[place]
        return len(token.raw) == 1 or token.lower in self.words.words("common_parts")

    def _initial(self, place: int) -> bool:
        """Tell whether a single letter begins a name: M. Rizal, I Gusti."""
        if self.gap(place).startswith("."):
            return True
        if self.gap(place) in {"'", "’"} and self.tokens[place + 1].capital:
            return True  # O'Rourke
        part = self.tokens[place].lower in self.words.words("common_parts")
        return part and self.gap(place) == " " and self.tokens[place + 1].capital

    def _acronym(self, place: int) -> bool:
        raw = self.tokens[place].raw
        return raw.isupper() and 1 < len(raw) <= _ACRONYM and not self.shouts(place)

    def _step(self, last: int, ends: Callable[[str], bool]) -> int:
        """Return by how many words a name goes on: one, two over "bin", or none."""
        gap, after = self.gap(last), self.tokens[last + 1]
        if not _GAP.fullmatch(gap) or "\n" in gap:
            return 0
        if gap.startswith(".") and not self._abbreviated(last):
            return 0
        if gap == "-" and not after.capital:
            return 0
        if (after.lower in self.words.words("inside") and after.raw.islower()) or (
            after.lower in self.words.words("titles_inside") and after.capital
        ):
            goes = (
                last + 2 < len(self.tokens)
                and self.tokens[last + 2].capital
                and self.gap(last + 1) in {" ", "-", ". ", "\u00a0"}
            )
            return 2 if goes else 0
        if not after.capital or ends(after.lower) or self._acronym(last + 1):
            return 0
        if self.tokens[last].raw.isupper() != after.raw.isupper() and self.shouts(last):
            return 0
        if after.raw.isupper() and self.shouts(last + 1) and self.words.ordinary(after.raw):
            return 0  # in a line of capitals nothing tells where a name ends but other words
        return 1

    def end(self, last: int) -> int:
        """Return where the name ends that ends with a word: without clitic, with its degrees."""
        token = self.tokens[last]
        end = token.end
        if len(token.raw) == 1 and re.match(r"\. [^\W\d_A-Z]", self.text[end:]):
            return end + 1  # Wahyu P.
        for clitic in self.words.language.names["clear_clitics"]:
            if token.lower.endswith(clitic) and len(token.raw) - len(clitic) > _SHORT:
                return end - len(clitic)
        while match := self.words.degrees_after.match(self.text, end):
            end = match.end()
        return end - (self.text[end - 1] == "." and self._closes(end))

    def _closes(self, end: int) -> bool:
        """Tell whether the stop behind a degree also ends the sentence: leave it there."""
        degree = self.text[:end].rpartition(" ")[2]
        return degree.count(".") == 1 and bool(re.match(r"\s*(?:\n|$|\s[^\W\d_])", self.text[end:]))

    def short(self, place: int, last: int) -> bool:
        """Tell whether a name is so short that it may be none."""
        return last == place and len(self.tokens[place].raw) <= _SMALL
