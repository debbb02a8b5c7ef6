"""Find what tells who somebody is, in one text, by the words of its language."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from bantar_qual.privacy.finds import PLACES, USUAL, Find, apart
from bantar_qual.privacy.lexicon import Lexicon, either, lexicon
from bantar_qual.privacy.names import Known, Names, fold
from bantar_qual.privacy.numbers import numbers
from bantar_qual.privacy.people import people
from bantar_qual.privacy.places import places
from bantar_qual.privacy.runs import Text


def find(
    text: str,
    *,
    language: str,
    names: Names | None = None,
    kinds: Sequence[str] = USUAL,
    pseudonyms: Iterable[str] = (),
) -> list[Find]:
    """Find what tells who somebody is.

    Parameters
    ----------
    text
        The text of a document, or any other words of a study.
    language
        The language it speaks, such as ``"id"``.
    names
        Names that are known, of people and places.
    kinds
        What to look for.
    pseudonyms
        Words that stand for others already: no find lies in them.

    Returns
    -------
    list of Find
        In their order in the text; none lies in another. A name without a title, which is not
        among the known names, is not found.

    Examples
    --------
    >>> said = "Pak Budi, Jl. Merdeka No. 10, HP 0812-7455-3310. Biayanya Rp 3.204.112.505."
    >>> [(found.kind, found.words) for found in find(said, language="id")]
    [('name', 'Budi'), ('address', 'Jl. Merdeka No. 10'), ('phone', '0812-7455-3310')]
    """
    words = lexicon(language)
    read = Text(text, words)
    found = [*numbers(text, words), *places(read), *people(read)]
    if names:
        found = _named(found, names, words) + list(names.find(read))
    done = covered(text, pseudonyms, words)
    kept = (one for one in found if one.kind in kinds and not _replaced(one, done))
    return apart(kept)


def _replaced(one: Find, done: Iterable[tuple[int, int]]) -> bool:
    """Tell whether a name is a pseudonym, and not one that only begins or ends like it."""
    core = max(one.core, one.start)
    touching = [(a, b) for a, b in done if a < one.end and one.start < b]
    return any(not (core < a or b < one.end) for a, b in touching)


def covered(text: str, pseudonyms: Iterable[str], words: Lexicon) -> list[tuple[int, int]]:
    """Return where pseudonyms stand in a text, also with what hangs on them: Darmonya."""
    listed = sorted({word for word in pseudonyms if word}, key=len, reverse=True)
    if not listed:
        return []
    hanging = rf"{either(words.clitics)}?(?!\w)"
    ends = (re.escape(word) + (hanging if word[-1].isalnum() else "") for word in listed)
    shape = re.compile(rf"(?<!\w)(?:{'|'.join(ends)})")
    return [match.span() for match in shape.finditer(text)]


def _named(finds: Sequence[Find], names: Names, words: Lexicon) -> list[Find]:
    """Say of a find which known name it holds: the whole of it, or its first words."""
    result = []
    for one in finds:
        inner = list(names.find(Text(one.name, words))) if one.kind in {"name", *PLACES} else []
        same = [n for n in inner if names.known[n.known[0]].kind == one.kind]
        if not same:
            result.append(one)
            continue
        best = max(same, key=lambda n: n.end - n.start)
        # A part of a name that only a text has told may be another person's.
        clear = names.known[best.known[0]].sure or names.whole(best)
        sure = one.sure and len(best.known) == 1 and clear
        result.append(replace(_bare(one, best, words), known=best.known, sure=sure))
    return result


def _bare(one: Find, inner: Find, words: Lexicon) -> Find:
    """Leave out what hangs on a name that is known: Bu Handayanilah."""
    at = one.end - len(one.name)
    left = one.name[inner.end :]
    if inner.start or left.lower() not in words.clitics:
        return one
    return replace(one, end=at + inner.end, words=one.words[: at + inner.end - one.start])


def discovered(finds: Iterable[Find], known: Sequence[Known]) -> list[Known]:
    """Return the names that a text told with a title, to look for them without one.

    Parameters
    ----------
    finds
        Sure finds of several texts.
    known
        What is known already.
    """
    there = {fold(spelling) for one in known for spelling in (one.name, *one.spellings)}
    told: dict[tuple[str, str], Known] = {}
    for one in finds:
        if one.kind not in {"name", *PLACES} or not one.sure or one.known:
            continue
        key = (one.kind, fold(" ".join(one.name.split())))
        if key[1] not in there:
            said = Known(name=one.name, kind=one.kind, source="the texts, with a title", sure=False)
            told.setdefault(key, said)
    return list(told.values())


def united(known: Sequence[Known], words: Lexicon) -> list[Known]:
    """Leave out a name that a text told where it is a part of one other: Budi, Budi Santoso."""
    kept = list(known)
    for one in [one for one in known if not one.sure]:
        others = Names(
            [other for other in kept if other is not one and other.kind == one.kind], words
        )
        inner = list(others.find(Text(one.name, words)))
        if any(len(n.known) == 1 and n.end - n.start >= len(one.name) for n in inner):
            kept.remove(one)
    return kept
