"""What became of a codebook: which codes came, went, moved, or were defined anew."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any, Literal

from bantar_qual.codebook.tree import Codebook, spoken
from bantar_qual.records import Code

Change = Literal[
    "added", "removed", "moved", "merged", "split", "relabelled", "redefined", "other cues",
    "retired", "reinstated", "other details",
]  # fmt: skip

_FIELDS: Mapping[str, tuple[Change, str]] = {
    "label": ("relabelled", "label"),
    "definition": ("redefined", "definition"),
    "include": ("redefined", "include"),
    "exclude": ("redefined", "exclude"),
    "example": ("redefined", "example"),
    "cues": ("other cues", ""),
    "leans": ("other details", "leans"),
    "source": ("other details", "source"),
    "color": ("other details", "color"),
}
_NEIGHBOURS = 3  # words that stayed, shown on each side of a change


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One thing that is not the same about one code in two states of a codebook."""

    code: str  # its path after the change; of a code that is gone, the one before
    change: Change
    was: str = ""  # its path before, where that is another; of a merged code, where it went
    field: str = ""  # what was changed, where the kind of change does not tell
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class Links:
    """Which code of one state of a codebook is which code of another."""

    own: Mapping[str, str]  # the path before, by the path after
    merged: Mapping[str, str]  # what was merged into another code: that one's path, by its own

    @property
    def heirs(self) -> dict[str, str]:
        """Return where each code went, by its path before; one that is gone went nowhere."""
        return {old: new for new, old in self.own.items()} | dict(self.merged)

    def then(self, later: Links) -> Links:
        """Return what two steps come to, one after the other."""
        own = {new: self.own[mid] for new, mid in later.own.items() if mid in self.own}
        went, on = self.heirs, later.heirs
        far = {old: on[mid] for old, mid in went.items() if mid in on}
        same = set(own.values())
        return Links(own, {old: new for old, new in far.items() if old not in same})


def links(before: Codebook, after: Codebook) -> Links:
    """Find the codes of one state of a codebook in the next one.

    A code remembers its former paths, and those of the codes that were merged into it.

    Examples
    --------
    >>> book = Codebook.load("edwards-iii")
    >>> later, _ = book.moved("resources.budget", "resources.money")
    >>> links(book, later).heirs["resources.budget"]
    'resources.money'
    >>> links(later, book).heirs["resources.money"]
    'resources.budget'
    """
    own = {code.path: code.path for code in before if code.path in after}
    known = {old: code.path for code in after for old in code.formerly}
    merged: dict[str, str] = {}
    for code in before:
        if code.path in after:
            continue
        back = [old for old in code.formerly if old in after and old not in before]
        new = known.get(code.path) or (back[0] if len(back) == 1 else "")  # or taken back
        if new and new in own:
            merged[code.path] = new
        elif new:
            own[new] = code.path
    return Links(own, merged)


def differences(
    before: Codebook, after: Codebook, language: str, *, by: Links | None = None
) -> list[Difference]:
    """Return what is not the same in two states of a codebook, in the order of the second.

    Parameters
    ----------
    before, after
        The two states.
    language
        The language of labels and definitions.
    by
        Which code is which, where the states do not follow each other at once.

    Examples
    --------
    >>> book = Codebook.load("edwards-iii")
    >>> later = book.with_fields("resources.budget", {"definition": {"en": "Money."}})
    >>> [(d.code, d.change, d.after) for d in differences(book, later, "en")]
    [('resources.budget', 'redefined', 'Money.')]
    """
    linked = by or links(before, after)
    found: list[Difference] = []
    for code in after:
        own = linked.own.get(code.path)
        if own is None:
            found.append(Difference(code=code.path, change="added"))
            continue
        if own != code.path:
            one, two = _named(before, own, language), _named(after, code.path, language)
            one, two = (one, two) if one != two else (own, code.path)
            found.append(Difference(code=code.path, change="moved", was=own, before=one, after=two))
        found += _fields(before.code(own), code, language)
    for old, new in linked.merged.items():
        one, two = _named(before, old, language), _named(after, new, language)
        found.append(Difference(code=old, change="merged", was=new, before=one, after=two))
    gone = [code.path for code in before if code.path not in linked.heirs]
    return [*found, *(Difference(code=path, change="removed") for path in gone)]


def _named(book: Codebook, path: str, language: str) -> str:
    return book.label(path, language, whole=True)


def _fields(before: Code, after: Code, language: str) -> Iterator[Difference]:
    """Yield the fields in which two states of a code differ."""
    if before.codable != after.codable:
        yield Difference(code=after.path, change="reinstated" if after.codable else "retired")
    for name, (change, field) in _FIELDS.items():
        one, two = getattr(before, name), getattr(after, name)
        retired = name == "cues" and before.codable and not after.codable
        if one == two or retired:  # a retired code loses its cues with its use
            continue
        was, is_ = (_text(value, language) for value in (one, two))
        yield Difference(code=after.path, change=change, field=field, before=was, after=is_)


def _text(value: Any, language: str) -> str:
    """Return what a field of a code holds, as one text in a language."""
    told = spoken(value, language) if isinstance(value, Mapping) else value
    if isinstance(told, tuple):
        return "; ".join(str(getattr(item, "text", item)) for item in told)
    return str(told or "")


def difference(before: str, after: str) -> str:
    """Show how one text became another: what left in [-…-], what came in [+…+].

    Long stretches that stayed are cut short.

    Examples
    --------
    >>> difference("Uang program.", "Uang kegiatan dan program.")
    'Uang [+kegiatan dan+] program.'
    """
    one, two = before.split(), after.split()
    shown: list[str] = []
    steps = SequenceMatcher(None, one, two, autojunk=False).get_opcodes()
    for number, (step, a, b, c, d) in enumerate(steps):
        if step == "equal":
            left = _NEIGHBOURS if number else 0
            right = _NEIGHBOURS if number + 1 < len(steps) else 0
            short = b - a > left + right + 1
            shown += [*one[a : a + left], "…", *one[b - right : b]] if short else one[a:b]
            continue
        shown += [f"[-{' '.join(one[a:b])}-]"] * (b > a) + [f"[+{' '.join(two[c:d])}+]"] * (d > c)
    return " ".join(shown)
