"""Numbers and addresses of machines: what names one person by itself."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bantar_qual.privacy.finds import Find
from bantar_qual.privacy.lexicon import Lexicon, either

_NEAR = 45  # characters before a number in which a word may say what it is
_FIRST_BIRTH, _LAST_BIRTH = 1920, 2030
_PROVINCES = range(11, 98)
_DOTTED = 4  # stops that no account has
_WOMAN = 40  # is added to the day of birth in a woman's NIK

_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]{0,63}\w@[\w-]{1,63}(?:\.[\w-]{1,63})+", re.ASCII)
_SPELT = re.compile(
    r"(?<![\w.+-])[\w.+-]{1,64}\s{0,3}[\[(]\s*(?:at|et)\s*[\])]\s*[\w-]+(?:\s*(?:\.|[\[(]\s*(?:dot|titik)\s*[\])])\s*\w+)+",
    re.IGNORECASE | re.ASCII,
)
_SITES = (
    r"(?:instagram\.com|facebook\.com|fb\.com|fb\.me|tiktok\.com|twitter\.com|x\.com|t\.me|wa\.me"
    r"|youtube\.com|youtu\.be|linkedin\.com|threads\.net|telegram\.me)"
)
_SOCIAL = re.compile(
    rf"(?<![\w.@/-])(?:https?://)?(?:[\w-]{{1,63}}\.)?{_SITES}/[^\s<>\"”)\]]+", re.IGNORECASE
)
_URL = re.compile(r"(?<![\w@])(?:https?://|www\.)[^\s<>\"”)\]]+", re.IGNORECASE)
_HANDLE = re.compile(r"(?<![\w@./])@[A-Za-z_][\w.]{2,29}", re.ASCII)
_ACCOUNT_NAME = re.compile(r"(?=\w*(?:[\d_]|\.\w))[a-z][\w.]{3,29}\w", re.ASCII | re.IGNORECASE)

_SIXTEEN = re.compile(
    r"(?<![\d.,])(?:\d{16}|\d{6}[ .-]\d{6}[ .-]\d{4}|\d{4}([ .-])\d{4}\1\d{4}\1\d{4})"
    r"(?![\d]|[.,]\d)"
)
_EIGHTEEN = re.compile(r"(?<![\d.,])\d{8}[ .]?\d{6}[ .]?[12][ .]?\d{3}(?![\d]|[.,]\d)")
_NPWP = re.compile(r"(?<![\d.,])\d{2}\.\d{3}\.\d{3}\.\d[-.]\d{3}\.\d{3}(?![\d]|[.,]\d)")
_FIFTEEN = re.compile(r"(?<![\d.,])\d{15}(?![\d]|[.,]\d)")
_MOBILE = re.compile(
    r"(?<![\w.,/(])\(?(?:\+?62|0)\)?[\s.-]?8[1-9]\d?(?:[\s.-]?\d){6,10}(?!\d|[.,]\d|/[A-Z])"
)
_LANDLINE = re.compile(
    r"(?<![\w.,/])(?:\(0\d{2,4}\)\s?-?\s?|0[2-79]\d{1,3}[\s-]|\+62[\s-]?\(?[2-79]\d{1,2}\)?[\s-])"
    r"\d{3,4}(?:[\s-]?\d){2,5}(?!\d|[.,/]\d)"
)
_FOREIGN = re.compile(r"(?<![\w.,/])\+\d{1,3}(?:[\s.-]?\(?\d{1,5}\)?){2,5}(?!\d)")
_AMERICAN = re.compile(r"(?<![\w.,/-])(?:\(\d{3}\)\s?|\d{3}[.-])\d{3}[.-]\d{4}(?!\d)")
_LOOSE = re.compile(r"(?<![\w.,/+-])0\d(?:[\s-]?\d){6,11}(?!\d|[.,/]\d)")
_INSURED = re.compile(r"(?<![\w.,/])(?:\d{13}|\d{4}[ -]\d{4}[ -]\d{5}|\d{11})(?![\w/]|[.,]\d)")
_PASSPORT = re.compile(r"(?<!\w)(?:[A-Z]{1,2}[ -]?\d{6,7}|\d{9})(?![\w/]|[.,]\d)")
_DIGITS = re.compile(r"(?<![\w.,/])\d(?:[ .-]?\d){8,19}(?!\d|[.,/]\d)")
_AMOUNT = re.compile(r"\d{1,3}(?:[.,]\d{3})+")
_IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){3,7}(?: ?[A-Z0-9]{1,3})?\b")
_PLATE = re.compile(r"(?<![\w.])([A-Z]{1,2})[ -]?(\d{1,4})[ -]?([A-Z]{1,3})(?!\w)")


def numbers(text: str, words: Lexicon) -> Iterator[Find]:
    """Yield everything in a text that names one person by letters and digits alone."""
    yield from _machines(text, words)
    yield from _identities(text, words)
    yield from _cards(text, words)
    yield from _phones(text, words)
    yield from _accounts(text, words)
    yield from _plates(text, words)
    yield from _births(text, words)
    yield from _neighbourhoods(text, words)


def _find(text: str, start: int, end: int, kind: str, why: str, *, sure: bool = True) -> Find:
    return Find(start=start, end=end, kind=kind, words=text[start:end], why=why, sure=sure)


def _says(text: str, at: int, words: Lexicon, kind: str, near: int = _NEAR) -> str:
    """Return the word before a place that says of which kind the number there is, the last one."""
    before = text[max(0, at - near) : at].rpartition("\n")[2]
    said = [match[0] for match in words.contexts(kind).finditer(before)]
    return said[-1] if said else ""


def _amount(text: str, at: int, words: Lexicon) -> bool:
    """Tell whether a word right before a number makes it money, a law or a letter."""
    return bool(words.not_numbers.search(text[max(0, at - 24) : at]))


def _machines(text: str, words: Lexicon) -> Iterator[Find]:
    for known in (_EMAIL, _SPELT):
        for match in known.finditer(text):
            yield _find(text, match.start(), match.end(), "email", "an e-mail address")
    for shape, kind, why, sure in (
        (_SOCIAL, "handle", "a page of social media", True),
        (_HANDLE, "handle", "a name in social media", True),
        (_URL, "url", "a web address", False),
    ):
        for match in shape.finditer(text):
            end = match.start() + len(match[0].rstrip(".,;:!?"))
            yield _find(text, match.start(), end, kind, why, sure=sure)
    for said in words.contexts("handle").finditer(text):
        gap = re.compile(r"\s*(?::|@|=)?\s*").match(text, said.end())
        name = _ACCOUNT_NAME.match(text, gap.end()) if gap else None
        if name and text[said.end() : name.start()]:
            end = name.start() + len(name[0].rstrip("."))
            yield _find(text, name.start(), end, "handle", f"behind '{said[0]}'", sure=False)


# ---------------------------------------------------------------- papers


def born(digits: str) -> bool:
    """Tell whether the middle of a NIK is a day, a woman's day being forty more.

    Examples
    --------
    >>> [born(nik) for nik in ("1571024505780003", "1571023205780003", "1571024513780003")]
    [True, False, False]
    """
    day, month = int(digits[6:8]) % _WOMAN, int(digits[8:10])
    return int(digits[:2]) in _PROVINCES and int(digits[6:8]) <= _WOMAN + 31 and _day(day, month)


def _day(day: int, month: int) -> bool:
    return 1 <= day <= 31 and 1 <= month <= 12  # noqa: PLR2004 - a calendar


def _served(digits: str) -> bool:
    """Tell whether a NIP holds a day of birth and a month of appointment."""
    year, since = int(digits[:4]), int(digits[8:12])
    return (
        _FIRST_BIRTH <= year < since <= _LAST_BIRTH
        and _day(int(digits[6:8]), int(digits[4:6]))
        and _day(1, int(digits[12:14]))
    )


def _identities(text: str, words: Lexicon) -> Iterator[Find]:
    for match in _SIXTEEN.finditer(text):
        at, digits = match.start(), re.sub(r"\D", "", match[0])
        if _amount(text, at, words):
            continue
        said = {kind: _says(text, at, words, kind) for kind in ("kk", "nik", "account", "npwp")}
        last = {kind: text.rfind(word, 0, at) for kind, word in said.items() if word}
        kind = max(last, key=lambda key: last[key]) if last else "nik"
        sure = bool(last) or born(digits)
        why = f"16 digits behind '{said[kind]}'" if last else "16 digits with a day of birth"
        yield _find(text, at, match.end(), kind, why if sure else "16 digits", sure=sure)
    for match in _EIGHTEEN.finditer(text):
        at = match.start()
        if _served(re.sub(r"\D", "", match[0])):
            yield _find(text, at, match.end(), "nip", "18 digits: birth, appointment, sex")
        elif said_nip := _says(text, at, words, "nip"):
            yield _find(text, at, match.end(), "nip", f"18 digits behind '{said_nip}'")
    for match in _NPWP.finditer(text):
        yield _find(text, match.start(), match.end(), "npwp", "written as an NPWP")
    for match in _FIFTEEN.finditer(text):
        if said_tax := _says(text, match.start(), words, "npwp"):
            yield _find(text, match.start(), match.end(), "npwp", f"15 digits behind '{said_tax}'")


def _cards(text: str, words: Lexicon) -> Iterator[Find]:
    for shape, kind in ((_INSURED, "bpjs"), (_PASSPORT, "passport")):
        for match in shape.finditer(text):
            said = _says(text, match.start(), words, kind)
            if said and not _amount(text, match.start(), words):
                why = f"a number behind '{said}'"
                yield _find(text, match.start(), match.end(), kind, why)


# ---------------------------------------------------------------- phones and accounts


def _phones(text: str, words: Lexicon) -> Iterator[Find]:
    for shape, least, most, why in (
        (_MOBILE, 9, 14, "a mobile number"),
        (_LANDLINE, 8, 13, "a number with its area"),
        (_FOREIGN, 8, 15, "a number with its country"),
        (_AMERICAN, 10, 10, "written as a phone number"),
        (_LOOSE, 8, 13, ""),
    ):
        for match in shape.finditer(text):
            at, count = match.start(), len(re.sub(r"\D", "", match[0]))
            said = _says(text, at, words, "phone")
            if not least <= count <= most or _amount(text, at, words) or not (why or said):
                continue
            yield _find(text, at, match.end(), "phone", why or f"digits behind '{said}'")


def _accounts(text: str, words: Lexicon) -> Iterator[Find]:
    for match in _DIGITS.finditer(text):
        at, count = match.start(), len(re.sub(r"\D", "", match[0]))
        if not 9 <= count <= 18 or _AMOUNT.fullmatch(match[0]) or _amount(text, at, words):  # noqa: PLR2004
            continue
        if match[0].count(".") >= _DOTTED:
            continue  # a line of the budget: 5.1.02.01.01.0026
        if said := _says(text, at, words, "account"):
            yield _find(text, at, match.end(), "account", f"digits behind '{said}'")
    for match in _IBAN.finditer(text):
        plain = match[0].replace(" ", "")
        turned = "".join(str(int(sign, 36)) for sign in plain[4:] + plain[:4])
        if int(turned) % 97 == 1:
            yield _find(text, match.start(), match.end(), "account", "an IBAN whose check fits")


def _plates(text: str, words: Lexicon) -> Iterator[Find]:
    regions, ends = words.words("plates"), words.words("not_plate_ends")
    for match in _PLATE.finditer(text):
        region, digits, end = (part.lower() for part in match.groups())
        said = _says(text, match.start(), words, "plate")
        if region not in regions or (end in ends and not said):
            continue
        if said or (len(digits) > 2 and len(end) > 1):  # noqa: PLR2004
            why = f"behind '{said}'" if said else "written as a number plate"
            yield _find(text, match.start(), match.end(), "plate", why)
        elif len(digits) > 1:
            why = "perhaps a number plate"
            yield _find(text, match.start(), match.end(), "plate", why, sure=False)


# ---------------------------------------------------------------- birthdays, RT and RW


def _births(text: str, words: Lexicon) -> Iterator[Find]:
    month = words.months
    dates = re.compile(
        rf"(?<![\d/.-])(?:\d{{1,2}}(?:st|nd|rd|th)?(?:\s+of)?[\s.-]+{month}\.?(?:,?[\s.-]+\d{{2,4}})?"
        rf"|{month}\.?\s+\d{{1,2}}(?:st|nd|rd|th)?(?:,?\s+\d{{4}})?"
        r"|\d{1,2}([-/. ])\d{1,2}\1(?:19|20)?\d{2}|(?:19|20)\d{2}-\d{2}-\d{2})(?![\d/]|[.-]\d)",
        re.IGNORECASE,
    )
    for match in dates.finditer(text):
        if said := _says(text, match.start(), words, "birth", near=60):
            yield _find(text, match.start(), match.end(), "birth", f"a date behind '{said}'")


def _neighbourhoods(text: str, words: Lexicon) -> Iterator[Find]:
    if not words.language.names["numerals"]:
        return
    spelt = either(words.language.names["numerals"])
    number = rf"(?:\d{{1,3}}(?!\d)|{spelt}(?:\s+{spelt}\b)*\b)"
    shape = re.compile(
        rf"\bR[TW]\.?\s?{number}(?:\s?[/,-]?\s?(?:R[TW]\.?\s?)?\d{{1,3}}(?!\d)|\s?[/,-]?\s?RW\.?\s?{number})?",
        re.IGNORECASE,
    )
    for match in shape.finditer(text):
        yield _find(text, match.start(), match.end(), "rt_rw", "an RT or RW with its number")
