"""From a text to its turns: which layout it has, who speaks, and who asks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest

from bantar_qual.languages import Language
from bantar_qual.records import Kind, Mark, Turn
from bantar_qual.text.turns import labels
from bantar_qual.text.turns.candidates import Candidate, candidates
from bantar_qual.text.turns.guide import questions
from bantar_qual.text.turns.header import header, kind_of
from bantar_qual.text.turns.lines import Line, lines_of, paragraphs, trimmed
from bantar_qual.text.turns.roles import roles_of
from bantar_qual.text.turns.times import first_time, last_time, only_time

_FEW = 3  # a label without a known word counts as a speaker from the third time on
_MOST = 0.8
_DENSE = 0.75  # of the lines or paragraphs open a turn: then every label does
_LISTED = 5  # labels that a note names
_HEADING_WORDS = 10
_FOOTER = "transcribed by https://otter.ai"


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """What was found in a text: its kind, its header, its turns, and what was guessed."""

    kind: Kind
    attributes: Mapping[str, str]
    turns: tuple[Turn, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Opening:
    """Where a turn opens: who speaks, since where, and where the words begin."""

    speaker: str
    time: str
    start: int  # the turn before ends here
    speech: int


def layout(
    text: str,
    language: Language,
    *,
    name: str = "",
    kind: Kind | None = None,
    marks: Sequence[Mark] = (),
    strong: Sequence[tuple[int, int]] = (),
    speakers: Sequence[str] = (),
) -> Layout:
    r"""Find the header, the turns and the speakers of one text.

    Parameters
    ----------
    text
        The clean text of a transcript, note or summary.
    language
        The words that name interviewers, informants and header fields.
    name
        The file's name, which may say that it is an observation note.
    kind
        What it is, where somebody knows; found out if left empty.
    marks
        Where turns begin, where the file's format itself says so, as captions do.
    strong
        Stretches in bold, which may be speakers' labels.
    speakers
        Labels that are known to be speakers, as the study's other transcripts have them.

    Returns
    -------
    Layout
        Turns lie outside labels, time stamps and header. What stands before the first label,
        such as notes, is a turn for each paragraph, without speaker; so is all of a text without
        speakers.

    Examples
    --------
    >>> from bantar_qual.languages import language
    >>> found = layout("P: Apa kendalanya?\nI: Dana.", language("id"))
    >>> [(turn.speaker, turn.role) for turn in found.turns]
    [('P', 'interviewer'), ('I', 'informant')]
    """
    lines = lines_of(text)
    attributes, first = ({}, 0) if marks else header(lines, language)
    kind = kind or kind_of(attributes.get("kind", ""), name, language)
    openings = [_Opening(m.speaker, m.time, m.start, m.speech) for m in marks]
    notes: list[str] = []
    if not marks and kind in {None, "interview"}:
        known = {labels.spelling(label) for label in speakers}
        openings, notes = _talk(lines, first, language, strong, known)
    if openings:
        before = [] if marks else _preamble(text, lines[first:], openings[0].start)
        turns, more = _with_roles(text, before, _spoken(text, openings), language)
        notes, kind = [*more, *notes], kind or "interview"
    else:
        turns = _plain(text, lines[first:])
        notes += ["no speakers were found; each paragraph is a turn"] if kind == "interview" else []
    numbered = tuple(replace(turn, number=number) for number, turn in enumerate(turns, 1))
    return Layout(
        kind=kind or "document", attributes=attributes, turns=numbered, notes=tuple(notes)
    )


def _with_roles(
    text: str, before: Sequence[Turn], spoken: Sequence[Turn], language: Language
) -> tuple[list[Turn], list[str]]:
    """Join the notes before a talk with its turns, each with its role, and say what was guessed."""
    said = [(turn.speaker, text[turn.start : turn.end]) for turn in spoken]
    roles, guessed = roles_of(said, language)
    notes = [f"'{guessed}' was taken to be the interviewer"] if guessed else []
    if before:
        notes.append(f"{len(before)} paragraphs before the first speaker are turns of nobody")
    return [*before, *(replace(turn, role=roles.get(turn.speaker, "")) for turn in spoken)], notes


# ---------------------------------------------------------------- which labels are speakers


def _talk(
    lines: Sequence[Line],
    first: int,
    language: Language,
    strong: Sequence[tuple[int, int]],
    known: set[str],
) -> tuple[list[_Opening], list[str]]:
    """Find where turns open, at labels or at the questions of a guide."""
    found, notes = _chosen(lines, first, language, strong, known)
    if all(labels.says_answer(one.label, language) for one in found):
        asked = questions(lines, first, language, strong, found)
        found = sorted([*found, *asked], key=lambda one: one.start)
    return _openings(found, lines, language), notes


def _chosen(
    lines: Sequence[Line],
    first: int,
    language: Language,
    strong: Sequence[tuple[int, int]],
    known: set[str],
) -> tuple[list[Candidate], list[str]]:
    """Choose the layout that finds the most speakers, and say which labels were doubtful."""
    best: tuple[list[Candidate], list[str]] = ([], [])
    for found in candidates(lines, first, language, strong):
        chosen = _by_speakers(found, language, known)
        if len(chosen) > len(best[0]):
            best = _with_rare(chosen, found, lines[first:], language)
    return best


def _by_speakers(
    found: Sequence[Candidate], language: Language, known: set[str]
) -> list[Candidate]:
    """Keep the candidates whose label names a speaker.

    A known word such as *Narasumber* is enough. Other labels count from the third time on, and
    only where at least two such labels take turns: ``Catatan:`` at each paragraph is no speaker.
    """
    named = [one for one in found if one.label]
    counts = Counter(labels.spelling(one.label) for one in named)
    plain = Counter(labels.spelling(one.label) for one in named if one.shown or one.apart)
    sample = {labels.spelling(one.label): one.label for one in named}
    sure = {s for s, label in sample.items() if s in known or _says_who(label, language)}
    title = {s for s, label in sample.items() if labels.titled(label, language)}
    often = {
        s
        for s, label in sample.items()
        if counts[s] >= _FEW
        and plain[s] >= _MOST * counts[s]
        and (labels.capital(label) or labels.numbered(label))
        and not labels.no_speaker(label, language)
    }
    timed = {labels.spelling(one.label) for one in _timed(named)}
    chosen = sure | title | often
    if not sure and not timed and len(chosen) < 2:  # noqa: PLR2004 - a talk needs two
        return []
    return [
        one
        for one in found
        if (labels.spelling(one.label) in chosen if one.label else timed)
        or (one.time and labels.spelling(one.label) in timed)
    ]


def _says_who(label: str, language: Language) -> bool:
    return bool(labels.role_of(label, language)) or labels.names_question(label, language)


def _timed(named: Sequence[Candidate]) -> list[Candidate]:
    """Return names that stand with times, as machines write them: for these once is enough."""
    shown = [one for one in named if one.shown]
    timed = [one for one in shown if one.time and labels.like_a_name(one.label)]
    return timed if len(timed) > 1 and len(timed) >= _MOST * len(shown) else []


def _with_rare(
    chosen: list[Candidate],
    found: Sequence[Candidate],
    lines: Sequence[Line],
    language: Language,
) -> tuple[list[Candidate], list[str]]:
    """Take names that occur once or twice too, where nearly every line opens a turn."""
    taken = set(map(id, chosen))
    rest = [
        one
        for one in found
        if id(one) not in taken
        and (one.shown or one.bold)
        and labels.like_a_name(one.label)
        and not labels.no_speaker(one.label, language)
        and (one.bold or not labels.plain_word(one.label, language))
    ]
    if not rest:
        return chosen, []
    usual = _where_turns_open(chosen, rest, lines)
    more = [one for one in rest if one.bold or one.start in usual]
    kept = set(map(id, more))
    left = [one for one in rest if id(one) not in kept]
    notes = []
    if more:
        notes.append(f"{_listed(more)} spoke once or twice; check that these are speakers")
    if left:
        notes.append(f"{_listed(left)} before a colon was not taken for a speaker")
    both = taken | kept
    return [one for one in found if id(one) in both], notes


def _where_turns_open(
    chosen: Sequence[Candidate], rest: Sequence[Candidate], lines: Sequence[Line]
) -> set[int]:
    """Return the places where turns open as a rule: at every line, or at every paragraph.

    There is no such place where speech goes on over several lines or paragraphs: then a word
    before a colon is part of it.
    """
    inner = {line.start + len(line.text) - len(line.text.lstrip()): line.start for line in lines}
    written = {line.start for line in lines if line.text.strip()}
    blocks = {inner[start] for start, _ in paragraphs(lines)}
    for places in (written, blocks):
        opened = sum(one.start in places for one in (*chosen, *rest))
        if opened >= _DENSE * len(places) and len(chosen) >= len(rest):
            return places
    return set()


def _listed(found: Iterable[Candidate]) -> str:
    names = list(dict.fromkeys(f"'{one.label}'" for one in found))
    return ", ".join(names[:_LISTED]) + (" and others" if len(names) > _LISTED else "")


# ---------------------------------------------------------------- from labels to turns


def _openings(
    found: Sequence[Candidate], lines: Sequence[Line], language: Language
) -> list[_Opening]:
    """Say where each turn opens; a guide's question without labelled answer opens two."""
    openings = []
    for one, following in zip_longest(found, found[1:]):
        openings.append(_Opening(one.label, one.time, one.start, one.speech))
        if not _asks_by_number(one, language):
            continue
        if following is None or _asks_by_number(following, language):
            below = next((line.start for line in lines if line.start > one.speech), None)
            if below is not None and (following is None or below < following.start):
                openings.append(_Opening("", "", below, below))
    return openings


def _asks_by_number(one: Candidate, language: Language) -> bool:
    return labels.bare(one.label) in labels.question_words(language)


def _spoken(text: str, openings: Sequence[_Opening]) -> list[Turn]:
    """Stretch each turn to the next opening, without white space and without a time at its end."""
    turns = []
    ends = [*(opening.start for opening in openings[1:]), _last(text)]
    for opening, end in zip(openings, ends, strict=True):
        start, stop = trimmed(text, opening.speech, max(end, opening.speech))
        time = opening.time
        if not time:
            length, time = last_time(text[start:stop])
            start, stop = trimmed(text, start, start + length)
        if start < stop:
            turns.append(Turn(number=0, start=start, end=stop, speaker=opening.speaker, time=time))
    return turns


def _last(text: str) -> int:
    """Return where the talk ends: before the line that Otter adds."""
    at = text.casefold().rfind(_FOOTER) if len(text.casefold()) == len(text) else -1
    return at if at >= 0 and len(text) - at < len(_FOOTER) + 3 else len(text)


def _preamble(text: str, lines: Sequence[Line], until: int) -> list[Turn]:
    """Make turns of what was written before the first speaker; headings are none."""
    before = [line for line in lines if line.end <= until]
    found = []
    for start, end in paragraphs(before):
        words = text[start:end]
        short = len(words.split()) <= _HEADING_WORDS and words[-1] not in ".?!…"
        if not (short and "\n" not in words) and not only_time(words):
            found.append(Turn(number=0, start=start, end=end))
    return found


def _plain(text: str, lines: Sequence[Line]) -> list[Turn]:
    """Make a turn of each paragraph; a time in brackets at its start is the turn's time."""
    found = []
    for start, end in paragraphs(lines):
        if any(letter.isalpha() for letter in text[start:end]):
            length, time = first_time(text[start:end])
            start, end = trimmed(text, start + length, end)  # noqa: PLW2901 - the stamp is no word
            if start < end:
                found.append(Turn(number=0, start=start, end=end, time=time))
    return found
