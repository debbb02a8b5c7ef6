"""Look for names that should be gone: in any case, spelling, encoding and wrapping."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bantar_qual.privacy.lexicon import Lexicon, either
from bantar_qual.privacy.unpacking import Cells, unpacked

_HIDDEN = re.compile("[\u0300-\u036f\u00ad\u200b-\u200d\u2060\ufeff]")
_PART = 3  # letters that a part of a name must have to be looked for by itself
_TELLING = 9  # letters; so long a word is no other word by chance
_NUMBER = 6  # digits; a shorter number is a year or a page
_SHOWN = 30  # characters shown on both sides
_TWICE = 3  # places of one name in one piece that are told


@dataclass(frozen=True, slots=True, kw_only=True)
class Leak:
    """A place where a name still stands."""

    file: str
    where: str
    words: str  # as they stand there
    original: str  # what was looked for
    context: str


@dataclass(frozen=True, slots=True)
class _Wanted:
    original: str
    begins: str  # folded; what must be there at all
    shape: re.Pattern[str]
    ordinary: bool  # means something else too: counts only with a capital

    def holds(self, said: str, roots: frozenset[str]) -> bool:
        """Tell whether words that fit are the name: "Jumlah" is not "Jum" with "lah"."""
        if self.ordinary and not said[0].isupper():
            return False
        return len(said) == len(self.original) or said.casefold() not in roots


def flat(text: str) -> str:
    """Return a text without accents and hidden signs, in its case."""
    return _HIDDEN.sub("", unicodedata.normalize("NFKD", text))


def scan(
    paths: Iterable[Path], originals: Iterable[str], *, words: Lexicon,
    whole: Iterable[str] = (), cells: Cells | None = None,
) -> list[Leak]:  # fmt: skip
    """Look for names in files and folders.

    Parameters
    ----------
    paths
        Files or folders; packed files are unpacked, bytes are read in one and two bytes each.
    originals
        The names of people that should be gone. The parts of a name are looked for too, as long
        as they are not everybody's.
    words
        The language, for what may hang on a name and which words mean something else.
    whole
        Places, numbers and addresses: looked for as they are.
    cells
        Reads the cells of a database.

    Returns
    -------
    list of Leak
        Each name once for each place; what is seen only in the raw bytes of a file is told last.
        Words that are drawn as points of a picture are not read.
    """
    wanted = list(_wanted(originals, whole, words))
    found: dict[tuple[str, str, str], Leak] = {}
    for path in paths:
        raw: list[Leak] = []
        for where, text in unpacked(path, cells=cells):
            if where.endswith("not looked at"):
                leak = Leak(file=path.name, where=where, words="", original="", context=text)
                found.setdefault((path.name, where, text), leak)
                continue
            for leak in _matches(path.name, where, text, wanted, words.language.roots):
                if "bytes" in where:
                    raw.append(leak)
                else:
                    found.setdefault((path.name, where, leak.words.casefold()), leak)
        told = {(_part(key[1]), key[2]) for key in found if key[0] == path.name}
        for leak in raw:
            if (_part(leak.where), leak.words.casefold()) not in told:
                found.setdefault((path.name, _part(leak.where), leak.words.casefold()), leak)
    return list(found.values())


def _part(where: str) -> str:
    """Return the file in a folder that a place is in; an empty string for a file by itself."""
    return where.partition(": ")[0] if ": " in where else ""


def _matches(
    file: str, where: str, text: str, wanted: Sequence[_Wanted], roots: frozenset[str]
) -> Iterator[Leak]:
    plain = flat(text)
    folded = plain.casefold()
    taken: list[tuple[int, int]] = []
    for one in wanted:
        if one.begins not in folded:
            continue
        told = 0
        for match in one.shape.finditer(plain):
            inside = any(a <= match.start() and match.end() <= b for a, b in taken)
            if inside or not one.holds(match[0], roots):
                continue
            taken.append(match.span())
            if told < _TWICE:
                around = plain[max(0, match.start() - _SHOWN) : match.end() + _SHOWN]
                shown = "".join(sign if sign.isprintable() else " " for sign in around)
                yield Leak(
                    file=file, where=where, words=match[0], original=one.original,
                    context=" ".join(shown.split()),
                )  # fmt: skip
            told += 1


def _wanted(originals: Iterable[str], whole: Iterable[str], words: Lexicon) -> Iterator[_Wanted]:
    people = {name.strip() for name in originals}
    pieces = [(name, name) for name in {*people, *(word.strip() for word in whole)}]
    pieces += [(part, name) for name in people for part in _parts(name, words)]
    seen: set[str] = set()
    for piece, original in sorted(pieces, key=lambda pair: (-len(pair[0]), pair)):
        if piece:
            folded = flat(piece).casefold()
            if not folded or folded in seen:
                continue
            seen.add(folded)
            first = next(iter(re.findall(r"[^\W_]+", folded)), "")
            begins = first[:_PART] if first.isdigit() else first
            if begins:
                ordinary = words.ordinary(piece) or len(piece) < _PART
                yield _Wanted(original, begins, _shape(piece, words), ordinary)


def _parts(original: str, words: Lexicon) -> list[str]:
    """Return the parts of a name that stand for it by themselves."""
    bare = words.degrees_after.sub("", original)
    parts = re.findall(r"[^\W\d_]+", bare)
    if len(parts) < 2 or re.search(r"\d|@|://", original):  # noqa: PLR2004
        return []
    none = words.honorifics | words.degrees | words.words("common_parts") | words.words("inside")
    none |= words.words("village") | words.words("district") | words.words("town")
    none |= words.not_names
    return [p for p in parts if len(p) >= _PART and p.lower() not in none and p[0].isupper()]


def _shape(piece: str, words: Lexicon) -> re.Pattern[str]:
    """Return a pattern of a name: its words however parted, with what may hang on them."""
    plain = flat(piece)
    digits = re.sub(r"[\s.()/-]", "", plain)
    if digits.lstrip("+").isdigit() and len(digits) >= _NUMBER:
        parted = r"[\s.()/-]{0,2}".join(map(re.escape, digits))
        return re.compile(rf"(?<!\d){parted}(?!\d)")
    parted = r"[\W_]{0,3}".join(re.escape(part) for part in re.findall(r"[^\W_]+", plain))
    if len(plain) >= _TELLING or any(sign.isdigit() for sign in plain):
        return re.compile(parted, re.IGNORECASE)
    clitics = either(clitic for clitic in words.clitics if clitic.isalpha())
    letter = r"[^\W\d_]"
    return re.compile(rf"(?<!{letter}){parted}(?:[\W_]?{clitics})?(?!{letter})", re.IGNORECASE)
