"""Names of people: behind a title, a role or a degree, or where somebody is introduced."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from bantar_qual.privacy.finds import Find
from bantar_qual.privacy.lexicon import Lexicon, either, opens
from bantar_qual.privacy.runs import Text

_ROLE_WORDS = 4
_AFTER_TITLE = re.compile(r"\.?[ \u00a0]{1,2}|\. ?")
_NUMBER = re.compile(r"[ .]{1,2}\d{1,3}[ ]")
_FIELD_WORDS = 6
_INITIALS = 3  # capitals by which coders and interviewers go: SN


def people(text: Text) -> Iterator[Find]:
    """Yield the names of people that something in the text leads to."""
    for place in range(len(text.tokens)):
        yield from _titled(text, place)
        yield from _led(text, place)
        yield from _graduated(text, place)
        yield from _descended(text, place)
    yield from _degrees(text)
    yield from _introduced(text)
    yield from _kin(text)
    yield from _fields(text)


def _name(
    text: Text, place: int, why: str, *, sure: bool = True, lower: bool = False, most: int = 5
) -> Find | None:
    """Return the name that begins with a word, with the degrees around it."""
    first = _over_degrees(text, place)
    last = text.run(first, lower=lower, most=most)
    if last is None:
        return None
    start, end = text.tokens[place].start, text.end(last)
    if end <= text.tokens[first].start:
        return None
    return Find(
        start=start, end=end, kind="name", words=text.text[start:end], why=why,
        sure=sure
        and not text.short(first, last)
        and not text.words.derived(text.tokens[first].raw),
    )  # fmt: skip


def _over_degrees(text: Text, place: int) -> int:
    """Step over degrees that stand before a name and belong to it: Drs. H. Ahmad."""
    pair = [token.lower for token in text.tokens[place : place + 2]]
    if "".join(pair) in text.words.degrees and max(map(len, pair)) == 1 and text.gap(place) == ".":
        place += 2  # K.H.
    while (
        place + 1 < len(text.tokens)
        and text.tokens[place].lower in text.words.degrees
        and _AFTER_TITLE.fullmatch(text.gap(place))
        and (text.tokens[place].capital or text.gap(place).startswith("."))
    ):
        place += 1
    return place


def _role(text: Text, place: int, roles: frozenset[tuple[str, ...]]) -> tuple[str, ...]:
    """Return the longest role that begins with a word."""
    for length in range(_ROLE_WORDS, 0, -1):
        if place + length > len(text.tokens):
            continue
        role = tuple(token.lower for token in text.tokens[place : place + length])
        gaps = [text.gap(at) for at in range(place, place + length - 1)]
        if role in roles and all(gap in {" ", "\u00a0"} for gap in gaps):
            return role
    return ()


def _behind(text: Text, place: int) -> int | None:
    """Return the word behind another, or behind its number: Ketua RT 05 Samsul."""
    gap = text.gap(place)
    return place + 1 if gap in {" ", "\u00a0"} or _NUMBER.fullmatch(gap) else None


def _titled(text: Text, place: int) -> Iterator[Find]:
    """Find the name behind a title: Pak Budi, Bu Camat Ratna Dewi, pak joko."""
    title = text.tokens[place]
    if title.lower not in text.words.honorifics or title.start in text.never:
        return
    if place and text.gap(place - 1) == "-" and text.tokens[place - 1].lower == title.lower:
        return  # ibu-ibu
    if not _AFTER_TITLE.fullmatch(text.gap(place)) or text.gap(place).startswith(". "):
        if title.lower not in {w.rstrip(".") for w in text.words.words("honorifics") if "." in w}:
            return
        if not _AFTER_TITLE.fullmatch(text.gap(place)):
            return
    following: int | None = place + 1
    roles: tuple[str, ...] = ()
    while following is not None and (role := _role(text, following, text.words.roles)):
        roles = role
        following = _behind(text, following + len(role) - 1)
    if following is None or following >= len(text.tokens):
        return
    said = " ".join(text.text[title.start : text.tokens[following - 1].end].split())
    sure = roles not in text.words.heads
    found = _name(text, following, f"behind '{said}'", sure=sure)
    if found is None and not roles:
        found = _lower(text, place)
    if found:
        yield found


def _lower(text: Text, place: int) -> Find | None:
    """Find a name in lower case behind a title: people who type as they speak."""
    token = text.tokens[place + 1]
    if token.capital or len(token.raw) < 3 or text.gap(place) != " ":  # noqa: PLR2004
        return None
    if not text.words.language.roots or text.words.ordinary(token.raw):
        return None
    why = f"behind '{text.tokens[place].raw}', in lower case"
    return _name(text, place + 1, why, sure=False, lower=True, most=1)


def _led(text: Text, place: int) -> Iterator[Find]:
    """Find the name behind a role: Ketua RT 05 Samsul Bahri, Lurah Hendra."""
    if text.tokens[place].lower not in text.words.role_words:
        return
    role = _role(text, place, text.words.leading)
    if not role or role != _role(text, place, text.words.roles):
        return
    following = _behind(text, place + len(role) - 1)
    if following is None or text.gap(place + len(role) - 1).startswith(". "):
        return
    sure = role not in text.words.heads and (
        following >= len(text.tokens) or not text.words.ordinary(text.tokens[following].raw)
    )
    said = " ".join(text.text[text.tokens[place].start : text.tokens[following - 1].end].split())
    if found := _name(text, following, f"behind '{said}'", sure=sure):
        yield found


def _graduated(text: Text, place: int) -> Iterator[Find]:
    """Find the name behind a degree or a pilgrim's title: H. Sulaiman, Drs. Ahmad."""
    token = text.tokens[place]
    if not (token.capital or text.gap(place).startswith(".")):
        return
    if _over_degrees(text, place) > place:
        single = len(token.raw) == 1
        if single and (opens(text.text, token.start) and text.text[token.start - 1 :][:1] == "\n"):
            return  # "H. Penutup" numbers a heading
        why = f"behind '{token.raw}'"
        sure = not single or text.gap(place).startswith(".")
        if (found := _name(text, place, why, sure=sure)) and " " in found.words:
            yield found


def _descended(text: Text, place: int) -> Iterator[Find]:
    """Find a name with the father's: Nurhayati binti Abdullah."""
    follows = [token.raw for token in text.tokens[place + 1 : place + 4]]
    if text.tokens[place].capital and text.words.words("fathers") & set(follows):
        found = _name(text, place, "with the father's name")
        if found and text.words.words("fathers") & set(found.words.split()):
            yield found


def _degrees(text: Text) -> Iterator[Find]:
    """Find the name before a degree: Rudi Hartono, S.Sos."""
    for match in text.words.degrees_after.finditer(text.text):
        last = text.ending(match.start())
        if last is None or not text.tokens[last].capital:
            continue
        first = last
        while first and last - first < 4 and text.run(first - 1) == last:  # noqa: PLR2004
            first -= 1
        if text.run(first) != last:
            continue
        while first and _over_degrees(text, first - 1) >= first:
            first -= 1
        if found := _name(text, first, "before a degree"):
            yield found


def _introduced(text: Text) -> Iterator[Find]:
    """Find the name of somebody who is introduced: nama saya Yohanes."""
    names = text.words.language.names
    for key, sure in (("introductions", True), ("weak_introductions", False)):
        for shape in names[key]:
            before = re.compile(rf"(?<!\w){shape.replace('{name}', '')}", re.IGNORECASE)
            for match in before.finditer(text.text):
                place = text.at(match.end())
                if place is None:
                    continue
                alone = text.words.ordinary(text.tokens[place].raw)
                why = f"behind '{match[0].strip()}'"
                if found := _name(text, place, why, sure=sure and not alone):
                    yield found


def _kin(text: Text) -> Iterator[Find]:
    """Find the name of somebody's wife, child or neighbour: istri saya, Lasmini."""
    names = text.words.language.names
    kin, whose = either(names["kin"]), either(names["whose"])
    shapes = (
        rf"(?<!\w){kin} ?{whose}(?:,| yang bernama)? ",
        rf"(?<!\w){whose} (?:late |older |younger )?{kin},? ",
    )
    for shape in shapes:
        for match in re.compile(shape, re.IGNORECASE).finditer(text.text):
            place = text.at(match.end())
            if place is None or text.words.ordinary(text.tokens[place].raw):
                continue
            if found := _name(text, place, f"behind '{match[0].strip()}'"):
                yield found


def _fields(text: Text) -> Iterator[Find]:
    """Find a name as the value of a header field: Nama informan: Budi Santoso."""
    fields = either(text.words.language.names["name_fields"])
    shape = re.compile(
        rf"^[ \t*_#>-]*(?P<field>{fields})[*_ \t]*[:=][*_ \t]*(?P<value>[^\n]+)$",
        re.IGNORECASE | re.MULTILINE,
    )
    for match in shape.finditer(text.text):
        value = match["value"].strip()
        place = text.at(match.start("value"))
        if place is None or len(value.split()) > _FIELD_WORDS or value[-1] in "?!…":
            continue
        named = match["field"].lower().startswith(("nama", "name", "full"))
        found = _name(text, place, f"behind '{match['field']}:'")
        if not found or (not named and " " not in found.words):
            continue
        if _ordinary(text, found) or value[len(found.words) :][:1] not in {"", ",", "(", ";", " "}:
            continue
        if named or not value.endswith("."):
            yield found


def _ordinary(text: Text, found: Find) -> bool:
    words: Iterable[str] = re.findall(r"[^\W\d_]+", found.words)
    return all(text.words.ordinary(word) for word in words)


def personal(label: str, words: Lexicon) -> str:
    """Return the name in a speaker's label or a case's name, or an empty string.

    Examples
    --------
    >>> from bantar_qual.privacy.lexicon import lexicon
    >>> [personal(label, lexicon("id")) for label in ("Pak Budi", "Ketua RT", "KRT-07", "Asep")]
    ['Budi', '', '', 'Asep']
    """
    text = Text(label.strip(), words)
    place = 0
    while place < len(text.tokens) and text.tokens[place].lower in words.honorifics:
        place += 1
    if place >= len(text.tokens) or re.search(r"[\d/]", label):
        return ""
    last = text.run(_over_degrees(text, place))
    if last is None or (last < len(text.tokens) - 1 and text.end(last) < len(text.text)):
        return ""
    alone = [token.raw for token in text.tokens[place:]]
    initials = len(alone) == 1 and alone[0].isupper() and len(alone[0]) <= _INITIALS
    if not place and (initials or all(map(words.ordinary, alone))):
        return ""
    return text.text[text.tokens[place].start :]
