"""The names that a researcher knows: found in any case and spelling, whole or in part."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from bantar_qual.privacy.finds import NAMED, PEOPLE, Find
from bantar_qual.privacy.lexicon import Lexicon, Token, opens
from bantar_qual.privacy.runs import Text

_GAP = re.compile(r"[ \t\u00a0'’‘ʼ`-]{0,2}|\. ?|\n")
_WORD = re.compile(r"[^\W\d_]+")
_INITIAL = 3  # letters of an abbreviated first name: M., Moh.
_PIECE = 3  # letters; "Bu di" is not Budi in two pieces
_PART = 3  # letters that a part of a name must have to stand for it
_CLEAR = 6  # letters; a longer name is known in another spelling
_SHORT_CLITIC = 2
_DIGITS = re.compile(r"\d")


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """Somebody or some place whose name is known."""

    name: str  # "Budi Santoso"
    kind: str = "name"
    pseudonym: str = ""  # the researcher's own; empty: one is made
    spellings: tuple[str, ...] = ()  # other names and spellings
    informant: int = 0  # the place of the case; 0: not a case
    source: str = "the list of names"  # where the name is known from
    sure: bool = True  # False: only seen elsewhere in the texts


def fold(word: str) -> str:
    """Return what is the same in every case, with and without accents and soft hyphens."""
    apart = unicodedata.normalize("NFKD", word)
    kept = (sign for sign in apart if unicodedata.category(sign) not in {"Mn", "Cf"})
    return "".join(kept).casefold()


def loosened(folded: str, spellings: Sequence[tuple[str, str]]) -> str:
    """Return what is the same in every spelling: Soekarno and Sukarno, Rizky and Riski."""
    for old, new in spellings:
        folded = folded.replace(old, new)
    return re.sub(r"(.)\1", r"\1", folded)


@dataclass(frozen=True, slots=True)
class _Form:
    """One way to write a known name."""

    who: int
    exact: str
    whole: bool  # False: a part of the name, such as the first name


@dataclass
class Names:
    """The known names of a study, indexed so that a text is gone through once."""

    known: Sequence[Known]
    words: Lexicon
    _forms: dict[str, list[_Form]] = field(default_factory=dict)
    _beginnings: set[str] = field(default_factory=set)
    _signs: list[tuple[re.Pattern[str], int]] = field(default_factory=list)

    def __post_init__(self) -> None:
        for who, known in enumerate(self.known):
            for spelling in dict.fromkeys((known.name, *known.spellings)):
                self._learn(who, known, spelling)

    # ------------------------------------------------------------ learning

    def _learn(self, who: int, known: Known, spelling: str) -> None:
        parts = self._parts(spelling)
        if not parts or known.kind not in NAMED or _DIGITS.search(spelling):
            self._signs.append((literal(spelling), who))
            return
        self._add(who, parts, whole=True)
        if known.kind in PEOPLE and len(parts) > 1:
            self._add(who, [parts[0][0], *parts[1:]], whole=True)
            if parts[0] in self.words.words("one_name"):
                for other in self.words.words("one_name"):
                    self._add(who, [other, *parts[1:]], whole=True)
            for part in parts:
                common = part in self.words.words("common_parts")
                if len(part) >= _PART and not common and part not in self.words.words("inside"):
                    self._add(who, [part], whole=False)
            for length in range(2, len(parts)):
                self._add(who, parts[:length], whole=True)
                self._add(who, parts[-length:], whole=True)

    def _parts(self, spelling: str) -> list[str]:
        """Return the words of a name, folded, without titles and degrees."""
        bare = self.words.degrees_after.sub("", spelling)
        parts = [fold(match[0]) for match in _WORD.finditer(unicodedata.normalize("NFC", bare))]
        while len(parts) > 1 and (parts[0] in self.words.honorifics | self.words.degrees):
            parts = parts[1:]
        return parts

    def _add(self, who: int, parts: Sequence[str], *, whole: bool) -> None:
        exact = "".join(parts)
        loose = loosened(exact, self.words.spellings)
        forms = self._forms.setdefault(loose, [])
        if not any(form.who == who and form.exact == exact for form in forms):
            forms.append(_Form(who, exact, whole))
        self._beginnings.update(loose[:length] for length in range(1, len(loose) + 1))

    # ------------------------------------------------------------ finding

    def find(self, text: Text) -> Iterator[Find]:
        """Yield every place where a known name stands."""
        for shape, who in self._signs:
            for match in shape.finditer(text.text):
                known = self.known[who]
                yield Find(
                    start=match.start(), end=match.end(), kind=known.kind, words=match[0],
                    why=f"in {known.source}", known=(who,),
                )  # fmt: skip
        for place in range(len(text.tokens)):
            yield from self._from(text, place)

    def _from(self, text: Text, place: int) -> Iterator[Find]:
        """Yield the names that begin with one word, in all their lengths."""
        written = ""
        for last in range(place, min(place + 8, len(text.tokens))):
            token = text.tokens[last]
            if last > place and not self._goes_on(text, last - 1):
                return
            folded = fold(token.raw)
            for clitic in ("", *self.words.clitics):
                if clitic and not self._hangs(folded, clitic):
                    continue
                exact = written + folded[: len(folded) - len(clitic)]
                forms = self._forms.get(loosened(exact, self.words.spellings), [])
                if forms and (
                    found := self._judged(text, (place, last), forms, exact=exact, clitic=clitic)
                ):
                    yield found
                    break
            written += folded
            # The last letter may be half of two that are one sound: "Akh" of "Akhmad".
            begun = (loosened(said, self.words.spellings) for said in (written, written[:-1]))
            if self._beginnings.isdisjoint(begun):
                return

    def _hangs(self, folded: str, clitic: str) -> bool:
        """Tell whether a clitic hangs on a word: "Jumlah" is not "Jum" with "lah"."""
        return (
            folded.endswith(clitic)
            and clitic.isalpha()
            and len(folded) - len(clitic) >= _PART
            and folded not in self.words.language.roots
        )

    def _goes_on(self, text: Text, place: int) -> bool:
        gap = text.gap(place)
        if not _GAP.fullmatch(gap):
            return False
        after = text.tokens[place + 1]
        if gap.strip(" \n-.") and not after.capital and len(after.raw) < _PIECE:
            return False  # "Thomas's"
        return not gap.startswith(".") or len(text.tokens[place].raw) <= _INITIAL

    def _judged(
        self, text: Text, span: tuple[int, int], forms: Sequence[_Form], *, exact: str, clitic: str
    ) -> Find | None:
        """Say whether a name that could stand here does, and how sure that is."""
        place, last = span
        first, token = text.tokens[place], text.tokens[last]
        same = [form for form in forms if form.exact == exact]
        if not same and len(exact) <= _PART:
            return None  # so short a name has one spelling
        best = same or list(forms)
        whole = [form for form in best if form.whole] or best
        who = tuple(dict.fromkeys(form.who for form in whole))
        if last > place and not self._pieces(text, place, last, whole):
            return None
        titled = self._titled(text, place)
        several = last > place
        if not first.capital and not titled and not self._distinct(text, place, last):
            if not (several and whole[0].whole and same):
                return None
            sure = False
        else:
            sure = self._sure(text, place, whole, exact, same=bool(same), titled=titled)
        if not same and not first.capital:
            return None
        if clitic and len(clitic) <= _SHORT_CLITIC and clitic not in {"ku", "mu"}:
            sure = sure and len(exact) > _PART
        end = _without(token, clitic)
        start, end = self._around(text, place, end) if self._person(who) else (first.start, end)
        known = self.known[who[0]]
        why = f"in {known.source}" if same else f"like '{known.name}' in {known.source}"
        if len(who) > 1:
            why = "in the list for more than one person"
        core = -1 if self._person(who) else first.start
        return Find(
            start=start, end=end, kind=known.kind, words=text.text[start:end], why=why,
            sure=sure and len(who) == 1 and (known.sure or whole[0].whole), known=who, core=core,
        )  # fmt: skip

    def whole(self, found: Find) -> bool:
        """Tell whether a find is the whole of a known name, as it is listed."""
        known = self.known[found.known[0]]
        same = "".join(self._parts(found.words))
        return same in {"".join(self._parts(name)) for name in (known.name, *known.spellings)}

    def _person(self, who: Sequence[int]) -> bool:
        return self.known[who[0]].kind in PEOPLE

    def _distinct(self, text: Text, place: int, last: int) -> bool:
        if not self.words.language.roots:
            return False  # nothing tells which words are ordinary
        words = [token.raw for token in text.tokens[place : last + 1]]
        return any(len(word) >= _PART and not self.words.ordinary(word) for word in words)

    def _sure(
        self,
        text: Text,
        place: int,
        forms: Sequence[_Form],
        exact: str,
        *,
        same: bool,
        titled: bool,
    ) -> bool:
        token = text.tokens[place]
        if not same and len(exact) < _CLEAR and not titled:
            return False
        if titled:
            return token.capital or not self.words.ordinary(token.raw)
        if forms[0].whole and len(exact) > len(fold(token.raw)):
            return True
        if not self.words.ordinary(token.raw):
            return token.capital
        return forms[0].whole and not opens(text.text, token.start)

    def _titled(self, text: Text, place: int) -> bool:
        """Tell whether a title stands before a word."""
        if not place:
            return False
        before = text.tokens[place - 1].lower
        titles = self.words.honorifics | self.words.degrees
        return before in titles and text.gap(place - 1) in {" ", ". ", ".", "\u00a0"}

    def _pieces(self, text: Text, place: int, last: int, forms: Sequence[_Form]) -> bool:
        """Tell whether words in a row are a name as it is written, or in clear pieces."""
        cut = [fold(token.raw) for token in text.tokens[place : last + 1]]
        names = {
            tuple(self._parts(spelling))
            for form in forms
            for spelling in (self.known[form.who].name, *self.known[form.who].spellings)
        }
        if any(len(name) >= len(cut) for name in names if len(name) > 1):
            return True
        tied = all(text.gap(at).strip(" \n") for at in range(place, last))
        clear = all(
            token.capital and len(token.raw) >= _PIECE for token in text.tokens[place : last + 1]
        )
        return tied or clear

    def _around(self, text: Text, place: int, end: int) -> tuple[int, int]:
        """Take in the degrees around a name: Drs. H. Ahmad Fauzi, M.Si."""
        start = text.tokens[place].start
        while place and text.tokens[place - 1].lower in self.words.degrees:
            gap, token = text.gap(place - 1), text.tokens[place - 1]
            if gap not in {" ", ". ", "."} or not (token.capital or gap.startswith(".")):
                break
            place -= 1
            start = token.start
        while match := self.words.degrees_after.match(text.text, end):
            end = match.end()
        return start, end


def _without(token: Token, clitic: str) -> int:
    """Return where a word ends without its clitic, whose letters stand as they are."""
    return token.end - len(clitic)


def literal(words: str) -> re.Pattern[str]:
    """Return a pattern of a number or code, however its digits are set apart."""
    digits = re.sub(r"[\s.()/-]", "", words)
    if digits.lstrip("+").isdigit() and len(digits) >= 6:  # noqa: PLR2004 - no year, no page
        return re.compile(r"(?<!\d)" + r"[\s.()/-]{0,2}".join(map(re.escape, digits)) + r"(?!\d)")
    spaced = r"\s+".join(map(re.escape, words.split()))
    return re.compile(rf"(?<!\w){spaced}(?!\w)", re.IGNORECASE)


def merged(known: Iterable[Known]) -> list[Known]:
    """Put together what is told twice about one name; what is told first counts more."""
    result: dict[tuple[str, str], Known] = {}
    for one in known:
        key = (one.kind, fold(" ".join(one.name.split())))
        if key not in result:
            result[key] = one
            continue
        old = result[key]
        result[key] = Known(
            name=old.name,
            kind=old.kind,
            pseudonym=old.pseudonym or one.pseudonym,
            spellings=tuple(dict.fromkeys((*old.spellings, *one.spellings))),
            informant=old.informant or one.informant,
            source=old.source,
            sure=old.sure or one.sure,
        )
    return list(result.values())
