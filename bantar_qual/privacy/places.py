"""Villages, sub-districts and the addresses in them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bantar_qual.privacy.finds import PLACES, Find
from bantar_qual.privacy.lexicon import LETTER, either
from bantar_qual.privacy.runs import Text

_HOUSE = (
    r"(?:,?\s*{house}\s*(?:[A-Z]{{1,2}}(?=\b|\d)[.-]?\s?)?(?:\d+[A-Za-z]?\b)?(?:\s?[/-]\s?\d+)?)"
)
_WORDS = 6  # of the name of a street, and the lane in it
_NAME_WORDS = 3  # of the name of a village


def places(text: Text) -> Iterator[Find]:
    """Yield the villages, sub-districts and addresses of a text."""
    for kind in PLACES:
        yield from _villages(text, kind)
    yield from _streets(text)
    yield from _western(text)


def _villages(text: Text, kind: str) -> Iterator[Find]:
    """Find the name behind the word for a village: Kelurahan Eka Jaya, Kec. Cilodong."""
    listed = either(text.words.language.names[kind])
    not_places = text.words.words("not_places")

    def ends(word: str) -> bool:
        plain = text.words.common | text.words.honorifics | text.words.role_words
        return word in not_places or word in plain

    for match in re.compile(rf"(?<!\w){listed}[ \u00a0]", re.IGNORECASE).finditer(text.text):
        place = text.at(match.end())
        if place is None or match.start() in text.never:
            continue
        if "." not in match[0] and len(match[0]) < 5 and not match[0][0].isupper():  # noqa: PLR2004
            continue
        last = text.run(place, stops=ends, most=_NAME_WORDS)
        if last is None:
            continue
        last += _is_town_part(text, last)
        role = text.words.ends_head(text.text[: match.end()])
        if role and kind != "town" and not text.words.like_a_place(text.tokens[place].raw):
            continue  # Kepala desa Sarbini: a person, who is asked about
        core, end = text.tokens[place].start, text.tokens[last].end
        yield Find(
            start=match.start(), end=end, kind=kind, words=text.text[match.start() : end],
            why=f"behind '{match[0].strip()}'", core=core,
            sure=not role and not text.short(place, last),
        )  # fmt: skip


def _is_town_part(text: Text, last: int) -> bool:
    """Tell whether the word behind a place is the part of the town: Pontianak Kota."""
    following = text.tokens[last + 1 : last + 3]
    return (
        bool(following)
        and following[0].capital
        and following[0].lower in text.words.words("town")
        and text.gap(last) == " "
        and not (len(following) > 1 and following[1].capital and text.gap(last + 1) == " ")
    )


def _streets(text: Text) -> Iterator[Find]:
    """Find a street or an estate with its house: Jl. Merdeka No. 10."""
    names = text.words.language.names
    if not names["street"]:
        return
    house = either(names["house"])
    not_streets = text.words.words("not_streets")
    word = rf"(?:{LETTER}+\.?|\d{{1,2}}(?=\s+[A-Z]))"
    before = rf"(?<!\w){either([*names['street'], *names['estate']])}[ \u00a0]?"
    shape = re.compile(
        rf"(?P<before>{before})"
        rf"(?P<name>{word}(?:[ \u00a0'-]{word}){{0,{_WORDS}}}(?: \d{{1,3}}(?!\d|[.,/]\d))?)?"
        rf"(?P<house>{_HOUSE.format(house=house)}*)",
        re.IGNORECASE,
    )
    for match in shape.finditer(text.text):
        name = _capital(text, match["name"] or "", not_streets, house)
        if not name or match["before"][-1] not in " .\u00a0":
            continue
        end = match.start("name") + len(name)
        rest = re.compile(rf"{_HOUSE.format(house=house)}+", re.IGNORECASE).match(text.text, end)
        if rest and re.search(r"\d|\b[A-Z]\b", rest[0]):
            end = rest.end()
        yield Find(
            start=match.start(), end=end, kind="address", words=text.text[match.start() : end],
            why=f"behind '{match['before'].strip()}'",
        )  # fmt: skip
    alone = r"\bBlok\s?[A-Z]{1,2}[-.]?\d{0,3}[,/ ]+(?:No|Nomor)\.?\s?\d+[A-Za-z]?\b"
    for match in re.finditer(alone, text.text):
        yield Find(
            start=match.start(), end=match.end(), kind="address", words=match[0],
            why="a block and a house",
        )  # fmt: skip


def _capital(text: Text, name: str, not_streets: frozenset[str], house: str) -> str:
    """Return the beginning of a name whose words have capitals and belong to it."""
    kept = 0
    for match in re.finditer(rf"{LETTER}+\.?|\d+", name):
        word = match[0].rstrip(".").lower()
        plain = text.words.common | text.words.words("village") | text.words.words("district")
        abbreviated = match[0].endswith(".") and len(word) > 4  # noqa: PLR2004 - a stop, no abbreviation
        if not (match[0][0].isupper() or match[0].isdigit()) or word in {"rt", "rw"}:
            break
        if (word in not_streets and not kept) or word in plain:
            break
        if re.fullmatch(house, match[0].rstrip("."), re.IGNORECASE) and word != "raya":
            break
        kept = match.end() - match[0].endswith(".") * abbreviated
        if abbreviated:
            break
    return name[:kept].rstrip(".") if name[:kept].count(" ") == 0 else name[:kept]


def _western(text: Text) -> Iterator[Find]:
    """Find a house and its street as English writes them: 14 Mulberry Street."""
    after = text.words.language.names["street_after"]
    if not after:
        return
    shape = re.compile(
        rf"(?<![\w.,])(?:(?:Flat|Apt\.?|Unit) ?\w{{1,4}}, ?)?(?P<number>\d{{1,5}}[A-Za-z]? )?"
        rf"(?P<name>(?:[A-Z][\w'’-]+ ){{1,3}})(?i:{either(after)})(?!\w)"
    )
    for match in shape.finditer(text.text):
        start = match.start()
        if not match["number"]:
            first = match["name"].split()[0].lower()
            start = match.start("name") + (len(first) + 1 if first in text.words.common else 0)
            if not text.text[start : match.end()].strip()[:1].isupper() or first in {
                "high",
                "main",
            }:
                continue
            if start + len(first) + 1 >= match.end() and first in text.words.common:
                continue
        yield Find(
            start=start, end=match.end(), kind="address", words=text.text[start : match.end()],
            why="a street" if not match["number"] else "a house and its street",
            sure=bool(match["number"]),
        )  # fmt: skip
