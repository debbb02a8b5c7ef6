"""What a model learns from: example passages, the codebook's own words, and the study's decisions.

How much each counts: an example passage counts 1, and less the more the study itself has decided,
1 / (1 + n / 400) after n decided sentences. A sentence of the study counts 3. What the codebook
says of a code (definition, example, rules) counts 0.5, and only for codes with few examples.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, MutableMapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from bantar_qual.codebook import Codebook
from bantar_qual.codebook.examples import Example
from bantar_qual.coders.features import Passage, split, spoken
from bantar_qual.records import VALENCES, Document, Valence

if TYPE_CHECKING:
    import pandas as pd

DECIDED, TOLD, HALF = 3.0, 0.5, 400
FEW = 12  # with fewer examples a code is taught by its definition too
_GAP = re.compile(r"\.\.\.\d*|^=")


class Study(Protocol):
    """What a model needs of a study; a project has it."""

    @property
    def codebook(self) -> Codebook:
        """The study's codebook."""
        ...

    def texts(self) -> Iterable[Document]:
        """Return the documents."""
        ...

    def codings(self, *, status: None = None) -> pd.DataFrame:
        """Return the codings with any status."""
        ...


_Told = tuple[int, int, str, str, object, str]  # start, end, code, status, valence, origin


@dataclass(frozen=True, slots=True)
class Lesson:
    """A passage and what is known of it: codes that hold, and codes that were rejected."""

    passage: Passage
    codes: frozenset[str]
    valence: Valence | None
    weight: float
    group: str
    rejected: frozenset[str] = frozenset()
    whole: bool = True  # every code that is not named is known not to hold
    origin: str = field(default="example", compare=False)
    span: tuple[int, int] = field(default=(0, 0), compare=False)  # in its document


_Made = tuple[Document, Sequence[_Told], Sequence[str]]  # what a document's lessons are made from
Known = MutableMapping[str, tuple[_Made, Sequence[Lesson]]]


def lessons(
    codebook: Codebook, examples: Sequence[Example], decided: Sequence[Lesson] = ()
) -> list[Lesson]:
    """Return all lessons: examples, what the codebook says, and what a study decided."""
    fade = 1 / (1 + len(decided) / HALF)
    taught = [
        Lesson(
            Passage(e.text, spoken(e.language)), frozenset(e.codes), e.valence, fade,
            e.group or f"example {number}",
        )
        for number, e in enumerate(examples)
    ]  # fmt: skip
    counts = Counter(code for lesson in (*taught, *decided) for code in lesson.codes)
    return [*taught, *_told(codebook, counts), *decided]


def counted(lessons: Iterable[Lesson]) -> Counter[str]:
    """Count the passages that each code holds for, itself or through a code below it.

    What a codebook says of a code is no passage, and what nobody decided is not counted.

    Examples
    --------
    >>> one = Lesson(Passage("Dananya tidak ada."), frozenset({"resources.budget"}), None, 1, "a")
    >>> sorted(counted([one]).items())
    [('resources', 1), ('resources.budget', 1)]
    """
    counts: Counter[str] = Counter()
    for lesson in lessons:
        if lesson.origin != "codebook":
            counts.update({path for code in lesson.codes for path in _and_above(code)})
    return counts


def _and_above(code: str) -> Iterator[str]:
    while code:
        yield code
        code = code.rpartition(".")[0]


def _told(codebook: Codebook, counts: Mapping[str, int]) -> Iterator[Lesson]:
    """Yield what the codebook itself says of codes with few examples."""
    for code in codebook:
        below = sum(n for path, n in counts.items() if f"{path}.".startswith(f"{code.path}."))
        if below >= FEW or not code.codable:
            continue
        for language in {*code.definition, *code.example, *code.include, *code.label}:
            texts = [
                code.label.get(language, ""), code.definition.get(language, ""),
                code.example.get(language, ""), *code.include.get(language, ()),
                *(_GAP.sub(" ", cue.text) for cue in code.cues.get(language, ())),
            ]  # fmt: skip
            yield from (
                Lesson(
                    Passage(text, spoken(language)), frozenset({code.path}), None, TOLD,
                    f"told {code.path}", origin="codebook",
                )
                for text in texts if text.strip()
            )  # fmt: skip


def decided_in(study: Study, *, known: Known | None = None) -> list[Lesson]:
    """Return the sentences of a study that people have decided about.

    An accepted coding teaches its code to every sentence that it covers for the most part; a
    rejected one teaches that its code does not hold there. In a document that somebody has coded
    by hand, a sentence without any coding between the first and the last coded one was read and
    left alone, so it teaches that no code holds.

    Parameters
    ----------
    known
        What was found last time, document by document; only changed ones are read again.
    """
    frame = study.codings(status=None)
    frame = frame[frame["status"].astype(object).isin(["accepted", "rejected"])]
    by_document: dict[str, list[_Told]] = defaultdict(list)
    columns = ["document", "start", "end", "code", "status", "valence", "origin"]
    for row in frame[columns].astype(object).to_dict("records"):
        rest = (str(row["code"]), str(row["status"]), row["valence"], str(row["origin"]))
        by_document[str(row["document"])].append((int(row["start"]), int(row["end"]), *rest))
    found: list[Lesson] = []
    known, book = ({} if known is None else known), study.codebook
    for document in study.texts():
        if told := by_document.get(document.name):
            made = document, told, book.paths
            if known.get(document.name, (None, ()))[0] != made:
                known[document.name] = made, tuple(_of_document(document, told, book))
            found += known[document.name][1]
    return found


def units(document: Document, *, interviewer: bool = False) -> list[tuple[int, int, int]]:
    """Return the sentences that are judged, each with the number of its turn."""
    name = spoken(document.language)
    return [
        (turn.start + a, turn.start + b, turn.number)
        for turn in document.turns
        if interviewer or turn.role != "interviewer"
        for a, b in split(Passage(document.text[turn.start : turn.end], name))
    ]


def _of_document(document: Document, told: Sequence[_Told], codebook: Codebook) -> Iterator[Lesson]:
    by_hand = [(a, b) for a, b, _, status, _, origin in told
               if status == "accepted" and origin in {"hand", "import"}]  # fmt: skip
    read = (min(a for a, _ in by_hand), max(b for _, b in by_hand)) if by_hand else (0, 0)
    for start, end, _ in units(document):
        # A coding counts for the sentences of which it covers half, or which cover it.
        here = [
            row for row in told
            if 2 * (min(end, row[1]) - max(start, row[0])) >= min(end - start, row[1] - row[0])
        ]  # fmt: skip
        accepted = frozenset(r[2] for r in here if r[3] == "accepted" and r[2] in codebook)
        rejected = frozenset(r[2] for r in here if r[3] == "rejected" and r[2] in codebook)
        handed = read[0] <= start and end <= read[1]
        if not (accepted or rejected or handed):
            continue
        rated = [r[4] for r in here if r[3] == "accepted" and r[4] in VALENCES]
        yield Lesson(
            Passage(document.text[start:end], spoken(document.language)),
            accepted, _valence(rated), DECIDED, f"document {document.name}",
            rejected=rejected - accepted, whole=handed, origin="study", span=(start, end),
        )  # fmt: skip


def _valence(rated: Sequence[object]) -> Valence | None:
    for valence in VALENCES:
        if rated and all(given == valence for given in rated):
            return valence
    return "mixed" if rated else None
