"""What the label before a turn says: who it may be, and which labels mean the same."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from difflib import SequenceMatcher
from functools import cache, lru_cache

from bantar_qual.languages import Language, language, languages
from bantar_qual.records import Role

_ASIDE = re.compile(r"\s*\([^()]*\)")
_NUMBER = re.compile(r"[\s\d.*_#/|-]+$")
_PARTS = re.compile(r"[^\W\d_]+|\d+")
_TITLED_WORDS = 4  # "Kepala Seksi Kesejahteraan Sosial"; a longer label is a sentence
_NAME_WORDS = 3
_FAR_MORE = 10  # times as often: the rare spelling is a slip of the pen
_ALIKE = 0.9
_LONG = 5  # letters; shorter names that are alike are two names
_DIGITS = 3  # RT 007; a longer number is a year or a sum


def bare(label: str) -> str:
    """Take number, stars and what stands in brackets off: ``Informan 2 (Sri)`` is an informant."""
    return _NUMBER.sub("", _ASIDE.sub("", label)).strip().casefold()


def numbered(label: str) -> bool:
    """Tell whether a label ends in a number, as ``P10`` does."""
    return _ASIDE.sub("", label).strip()[-1:].isdigit()


def role_of(label: str, spoken: Language) -> Role:
    """Return the role that a label's word says; nothing for a name.

    The transcript's own language decides; whole words of the other languages are known too, for
    *Interviewer* also stands in Indonesian transcripts.
    """
    whole = bare(label)
    first = whole.partition(" ")[0]
    for words, single in ((spoken.turns, True), (_others(spoken.name), False)):
        for word in dict.fromkeys((whole, first)):
            if len(word) == 1 and not (single and word == whole):
                continue
            if word in words["interviewer"]:
                return "interviewer"
            if word in words["informant"]:
                return "informant"
    return ""


def says_role(label: str, spoken: Language) -> bool:
    """Tell whether a label says in a whole word that its speaker asks, as ``Peneliti`` does."""
    return len(bare(label)) > 1 and role_of(label, spoken) == "interviewer"


def says_answer(label: str, spoken: Language) -> bool:
    """Tell whether a label says in a whole word that its speaker answers, as ``Jawab`` does."""
    return len(bare(label)) > 1 and role_of(label, spoken) == "informant"


@cache
def _others(name: str) -> Mapping[str, frozenset[str]]:
    """Gather the words of all languages but one."""
    rest = [language(other).turns for other in languages() if other != name]
    keys = ("interviewer", "informant", "titles", "question", "no_speaker")
    return {key: frozenset(w for turns in rest for w in turns.get(key, ())) for key in keys}


def _said(key: str, spoken: Language) -> frozenset[str]:
    return frozenset(spoken.turns.get(key, ())) | _others(spoken.name)[key]


def titled(label: str, spoken: Language) -> bool:
    """Tell whether a label is a title with a name: ``Ketua RT 07``, but not ``Pak RT bilang``."""
    words = _ASIDE.sub("", label).split()
    if not words or len(words) > _TITLED_WORDS or words[0].casefold() not in _titles(spoken):
        return False
    return all(word[:1].isdigit() or word[:1] != word[:1].lower() for word in words[1:])


def _titles(spoken: Language) -> frozenset[str]:
    return frozenset(spoken.turns["titles"])


def no_speaker(label: str, spoken: Language) -> bool:
    """Tell whether a label is a word for a note or a list, such as ``Catatan`` or ``Contoh``."""
    words = _said("no_speaker", spoken)
    return bare(label) in words or bare(label).partition(" ")[0] in words


def plain_word(label: str, spoken: Language) -> bool:
    """Tell whether a label begins with a common word and no name: ``Dana``, ``Tahun 2019``."""
    first = bare(label).partition(" ")[0]
    common = {*spoken.words.get("stop_words", ()), *spoken.words.get("spoken", ())}
    return first in common or first in spoken.roots


def names_question(label: str, spoken: Language) -> bool:
    """Tell whether a label numbers the questions of a guide: ``Pertanyaan 3``."""
    return numbered(label) and bare(label) in _said("question", spoken)


def question_words(spoken: Language) -> frozenset[str]:
    """Return the words that number the questions of a guide."""
    return _said("question", spoken)


@lru_cache(maxsize=4096)
def like_a_name(label: str) -> bool:
    """Tell whether a label is written as names are: a few words, each with a capital."""
    words = _ASIDE.sub("", label).split()
    return 0 < len(words) <= _NAME_WORDS and all(
        len(word) <= _DIGITS
        if word.isdigit()
        else word[:1] != word[:1].lower() or not word.isascii()
        for word in words
    )


def capital(label: str) -> bool:
    """Tell whether a label begins with a capital, or in a script that has none."""
    return label[:1] != label[:1].lower() or label[:1] == label[:1].upper()


# ---------------------------------------------------------------- one name for many spellings


@lru_cache(maxsize=4096)
def spelling(label: str) -> str:
    """Return what all spellings of a label share, for labels drift as people type.

    Examples
    --------
    >>> {spelling(label) for label in ("Interviewer1", "interviewer 1", "Interviewer1 1")}
    {'interviewer 1'}
    """
    parts = _PARTS.findall(label.casefold())
    parts = [part.lstrip("0") or "0" if part.isdigit() else part for part in parts]
    kept = [p for n, p in enumerate(parts) if not (n and p.isdigit() and p == parts[n - 1])]
    return " ".join(kept) or label.casefold().strip()


def proposed(labels: Iterable[tuple[str, int]]) -> dict[str, str]:
    """Propose one name for labels that are spelled differently: the most frequent spelling.

    Parameters
    ----------
    labels
        Labels, each with how often it occurs.

    Returns
    -------
    dict
        The proposed name of each label.

    Examples
    --------
    >>> proposed([("Participant", 67), ("Particpant", 1), ("participant", 2), ("P1", 3)])
    {'Participant': 'Participant', 'participant': 'Participant',
     'Particpant': 'Participant', 'P1': 'P1'}
    """
    counts: Counter[str] = Counter()
    for label, count in labels:
        counts[label] += count
    groups: dict[str, list[str]] = {}
    for label in counts:
        groups.setdefault(spelling(label), []).append(label)
    totals = {spelled: sum(counts[one] for one in group) for spelled, group in groups.items()}
    return {
        label: max(groups[_meant(spelled, totals)], key=lambda one: (counts[one], -len(one)))
        for spelled, group in groups.items()
        for label in group
    }


def _meant(spelled: str, totals: Mapping[str, int]) -> str:
    """Return the far more frequent spelling of which a rare one is a slip of the pen."""
    digits = [part for part in spelled.split() if part.isdigit()]
    usual = {
        other: SequenceMatcher(None, spelled, other).ratio()
        for other, total in totals.items()
        if total >= _FAR_MORE * totals[spelled] and len(spelled) >= _LONG
        if [part for part in other.split() if part.isdigit()] == digits
    }
    best = max(usual, key=lambda other: usual[other], default=spelled)
    return best if usual.get(best, 0) >= _ALIKE else spelled
