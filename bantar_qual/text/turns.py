"""Find out who speaks where in a transcript, and what its header says."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bantar_qual.languages import Language
from bantar_qual.records import KINDS, Kind, Role, Turn

_TIME = r"\d{1,2}[:.]\d{2}(?:[:.]\d{2})?(?:[.,]\d{1,3})?"
_INLINE = re.compile(
    rf"""\s*[>*_#-]*\s*
    (?:[\[(]?(?P<before>{_TIME})[\])]?\s*[-–]?\s*)?
    [*_]*(?P<label>[^\W\d_][^:\n\[\](){{}}?!;,"“]{{0,40}}?)[*_]*\s*
    (?:[\[(]\s*(?P<after>{_TIME})\s*[\])])?[*_]*\s*:[*_]*\s*""",
    re.VERBOSE,
)
_ALONE = re.compile(
    rf"""\s*(?:[\[(]\s*(?P<before>{_TIME})\s*[\])]\s*)?
    [*_\#]*(?P<label>[^\W\d_][\w .'/-]{{0,30}}?)[*_]*\s*
    (?:[\[(]\s*(?P<after>{_TIME})\s*[\])])?\s*""",
    re.VERBOSE,
)
_FIELD = re.compile(
    r"[\s*_>|-]*(?P<key>[^:\t|]{2,40}?)[*_\s]*(?::|\t|\|)[*_:\s|]*(?P<value>[^\n]*)"
)
_HEADER_LINES = 40
_NAME_WORDS = 6  # a longer value after "Informan:" is speech
_FEW = 3  # a label without a known word counts as a speaker from the third time on
_ASKS = 0.5  # who ends half of the turns with a question asks the questions


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """What was found in a text: its kind, its header, its turns, and what was guessed."""

    kind: Kind
    attributes: Mapping[str, str]
    turns: tuple[Turn, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Line:
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class _Mark:
    """A line that may open a turn."""

    label: str
    time: str
    line: int  # its number among the lines
    speech: int  # where the speech starts in the text


def layout(text: str, language: Language, *, name: str = "") -> Layout:
    """Find the header, the turns and the speakers of one text.

    Parameters
    ----------
    text
        The clean text of a transcript, note or summary.
    language
        The words that name interviewers, informants and header fields.
    name
        The file's name, which may say that it is an observation note.

    Returns
    -------
    Layout
        Turns lie outside labels, time stamps and header. A text without speakers has a turn
        for each paragraph.
    """
    lines = _lines(text)
    attributes, first = _header(lines, language)
    kind = _kind(attributes.get("kind", ""), name, language)
    marks = _marks(lines, first, language) if kind in {None, "interview"} else []
    if not marks:
        turns = tuple(_paragraphs(lines[first:]))
        return Layout(kind=kind or "document", attributes=attributes, turns=turns)
    spoken = [(mark, _stretch(text, mark, end)) for mark, end in _with_ends(marks, lines)]
    roles, guessed = _roles([(mark.label, text[a:b]) for mark, (a, b) in spoken], language)
    kept = [(mark, span) for mark, span in spoken if span[0] < span[1]]
    turns = tuple(
        Turn(number=n, start=a, end=b, speaker=m.label, role=roles[m.label], time=m.time)
        for n, (m, (a, b)) in enumerate(kept, 1)
    )
    notes = (f"'{guessed}' was taken to be the interviewer",) if guessed else ()
    return Layout(kind="interview", attributes=attributes, turns=turns, notes=notes)


def _lines(text: str) -> list[_Line]:
    lines, start = [], 0
    for piece in text.split("\n"):
        lines.append(_Line(start, start + len(piece), piece))
        start += len(piece) + 1
    return lines


# ---------------------------------------------------------------- the header


def _header(lines: Sequence[_Line], language: Language) -> tuple[dict[str, str], int]:
    """Read the block of ``Key: value`` lines at the top, and say at which line speech starts."""
    keys = {word: key for key, words in language.turns["header"].items() for word in words}
    found: dict[str, str] = {}
    first = 0
    for number, line in enumerate(lines[:_HEADER_LINES]):
        bare = line.text.strip(" \t*_#>|-")
        match = _FIELD.fullmatch(line.text)
        key = keys.get(match["key"].strip(" *_").lower(), "") if match else ""
        value = match["value"].strip(" \t*_|") if match else ""
        if _contains(bare.lower(), language.turns["synthetic"]):
            found["synthetic"] = "yes"
        elif key and not _is_speech(key, value, found):
            found.setdefault(key, value)
        elif not bare:
            continue
        elif not (line.text.lstrip().startswith("#") and not found.keys() - {"synthetic"}):
            break  # neither a field nor a title line: the header is over
        first = number + 1
    return found, first


def _is_speech(key: str, value: str, found: Mapping[str, str]) -> bool:
    """Tell speech from a header line: ``Informan: Ya, betul.`` does not name an informant."""
    if key not in {"interviewer", "informant"}:
        return False
    return key in found or len(value.split()) > _NAME_WORDS or value.endswith((".", "?", "!", "…"))


def _kind(said: str, name: str, language: Language) -> Kind | None:
    """Take the kind from the header, else from the file's name; None leaves it to the text."""
    for words in (said.lower(), name.lower()):
        for kind in KINDS:
            if words and _contains(words, language.turns["kinds"].get(kind, [])):
                return kind
    return None


def _contains(text: str, words: Iterable[str]) -> bool:
    return any(word in text for word in words)


# ---------------------------------------------------------------- who speaks


def _marks(lines: Sequence[_Line], first: int, language: Language) -> list[_Mark]:
    """Find the lines that open a turn, in whichever of two layouts finds more of them."""
    inline, alone = [], []
    for number, line in enumerate(lines[first:], first):
        if match := _INLINE.match(line.text):
            time = match["before"] or match["after"] or ""
            label = match["label"].strip(" *_")
            inline.append(_Mark(label, time, number, line.start + match.end()))
        elif match := _ALONE.fullmatch(line.text):
            time = match["before"] or match["after"] or ""
            alone.append(_Mark(match["label"].strip(" *_"), time, number, line.end))
    found = [_by_speakers(marks, language) for marks in (inline, alone)]
    return max(found, key=len)


def _by_speakers(marks: Sequence[_Mark], language: Language) -> list[_Mark]:
    """Keep the marks whose label names a speaker.

    A known word such as *Narasumber* is enough. Other labels count from the third time on, and
    only where at least two such labels take turns: ``Catatan:`` at each paragraph is no speaker.
    """
    counts = Counter(mark.label for mark in marks)
    known = {label for label in counts if _role(label, language) or _titled(label, language)}
    often = {label for label, count in counts.items() if count >= _FEW}
    if not {label for label in known if _role(label, language)} and len(known | often) < 2:  # noqa: PLR2004
        return []
    return [mark for mark in marks if mark.label in known | often]


def _bare(label: str) -> str:
    """Take number and stars off a label: ``Informan 2`` is an informant."""
    return re.sub(r"[\s\d.*_-]+$", "", label).lower()


def _role(label: str, language: Language) -> Role:
    bare = _bare(label)
    if bare in language.turns["interviewer"]:
        return "interviewer"
    return "informant" if bare in language.turns["informant"] else ""


def _titled(label: str, language: Language) -> bool:
    return _bare(label).partition(" ")[0] in language.turns["titles"]


def _roles(spoken: Sequence[tuple[str, str]], language: Language) -> tuple[dict[str, Role], str]:
    """Give each label its role; name the interviewer if that had to be guessed."""
    labels = list(dict.fromkeys(label for label, _ in spoken))
    roles: dict[str, Role] = {label: _role(label, language) for label in labels}
    plain = {label for label in labels if len(_bare(label)) > 1}
    sure = [label for label in labels if label in plain and roles[label] == "interviewer"]
    asked = Counter(label for label, speech in spoken if speech.rstrip(' "”»)*_').endswith("?"))
    said = Counter(label for label, _ in spoken)
    asker = max(labels, key=lambda label: asked[label] / said[label])
    guessed = ""
    if not sure and len(labels) > 1 and asked[asker] / said[asker] >= _ASKS:
        # Single letters mean different things to different people: P asks in one transcript
        # and answers in the next. Who asks the questions is the interviewer.
        guessed = "" if roles[asker] == "interviewer" else asker
        sure = [asker]
    interviewers = sure or [label for label in labels if roles[label] == "interviewer"]
    return {
        label: "interviewer" if label in interviewers else "informant" for label in labels
    }, guessed


# ---------------------------------------------------------------- stretches of text


def _with_ends(marks: Sequence[_Mark], lines: Sequence[_Line]) -> Iterable[tuple[_Mark, int]]:
    """Pair each mark with the place where its turn ends: before the next mark's line."""
    for mark, following in zip(marks, [*marks[1:], None], strict=True):
        yield mark, lines[following.line].start if following else lines[-1].end


def _stretch(text: str, mark: _Mark, end: int) -> tuple[int, int]:
    """Trim white space off both ends of a turn."""
    piece = text[mark.speech : end]
    start = mark.speech + len(piece) - len(piece.lstrip())
    return start, start + len(piece.strip())


def _paragraphs(lines: Sequence[_Line]) -> Iterable[Turn]:
    """Yield a turn for each block of lines between blank ones.

    Where no line is blank, as in most Word files, every line is a paragraph by itself.
    """
    written = [line for line in lines if line.text.strip()]
    blank = _Line(0, 0, "")
    first, last = (written[0].start, written[-1].start) if written else (0, 0)
    apart = any(not line.text.strip() for line in lines if first < line.start < last)
    number, start, end = 0, -1, -1
    block: list[str] = []
    for line in [*lines, blank] if apart else [part for one in written for part in (one, blank)]:
        if line.text.strip():
            left = line.start + len(line.text) - len(line.text.lstrip())
            start, block = (left, []) if start < 0 else (start, block)
            block.append(line.text)
            end = line.start + len(line.text.rstrip())
        elif start >= 0:
            if not any(letter.isalpha() for part in block for letter in part):
                start, block = -1, []
                continue  # a rule or a row of stars is no paragraph
            number += 1
            yield Turn(number=number, start=start, end=end)
            start = -1
