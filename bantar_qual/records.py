"""The records of a study: what a document, a coding, a code *is*. Frozen, and without I/O."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, Protocol, get_args

from bantar_qual.errors import CodingError, SpanError

if TYPE_CHECKING:
    from bantar_qual.codebook import Codebook

Origin = Literal["hand", "cue", "model", "import"]
Status = Literal["suggested", "accepted", "rejected"]
Valence = Literal["barrier", "enabler", "mixed", "neutral"]
Kind = Literal["interview", "observation", "document"]
Role = Literal["interviewer", "informant", ""]

ORIGINS: tuple[Origin, ...] = get_args(Origin)
STATUSES: tuple[Status, ...] = get_args(Status)
VALENCES: tuple[Valence, ...] = get_args(Valence)
KINDS: tuple[Kind, ...] = get_args(Kind)
ROLES: tuple[Role, ...] = get_args(Role)

CONSENSUS = "consensus"  # the coder of what two people agreed on; beside their own codings
EVERYONE = "everyone"  # all coders and the consensus too, where nothing may be left out

AttributeKind = Literal["text", "number", "date", "choice"]
ATTRIBUTE_KINDS: tuple[AttributeKind, ...] = get_args(AttributeKind)

Texts = Mapping[str, str]
"""One text in several languages, by language code; "" holds a text for any language."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One person's speech in a transcript, or one paragraph of a note."""

    number: int  # from 1, in reading order
    start: int  # code points into Document.text, half-open; the speaker's label is outside
    end: int
    speaker: str = ""
    role: Role = ""
    time: str = ""  # the time stamp as written, e.g. "00:03:12"


@dataclass(frozen=True, slots=True)
class Mark:
    """Where a format itself says that somebody begins to speak."""

    start: int  # where the line with the label begins, in the text
    speech: int  # where the speech begins, after label and time
    speaker: str = ""
    time: str = ""  # as written, e.g. "00:03:12"


@dataclass(frozen=True, slots=True)
class Aside:
    """A comment, a footnote or an endnote: not spoken, so kept as a memo and not as text."""

    start: int  # the place in the text that it is about
    end: int
    kind: str  # "comment", "footnote" or "endnote"
    text: str
    author: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One transcript, note or summary. Its text never changes after import."""

    name: str
    text: str
    kind: Kind = "interview"
    language: str = ""
    case: str = ""
    turns: tuple[Turn, ...] = ()
    attributes: Mapping[str, str] = field(default_factory=dict)
    source: str = ""  # the file's name
    notes: tuple[str, ...] = ()  # what the importer had to decide
    encoding: str = ""  # how a text file was written, such as "utf-8"; empty where the format says
    asides: tuple[Aside, ...] = ()  # comments and footnotes; kept as memos when imported

    def quote(self, start: int, end: int) -> str:
        """Return the words between two positions.

        Raises
        ------
        SpanError
            If the stretch is empty or leaves the text.
        """
        if not 0 <= start < end <= len(self.text):
            msg = (
                f"characters {start} to {end} do not lie inside '{self.name}', "
                f"which has {len(self.text)} characters"
            )
            raise SpanError(msg)
        return self.text[start:end]

    @property
    def words(self) -> int:
        """Count the words that were spoken or noted, without labels and header."""
        return sum(len(self.text[turn.start : turn.end].split()) for turn in self.turns)

    @property
    def speakers(self) -> tuple[str, ...]:
        """Name the speakers in the order in which they first speak."""
        return tuple(dict.fromkeys(turn.speaker for turn in self.turns if turn.speaker))


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A unit of analysis, nearly always an informant, with attributes such as role or RT."""

    name: str
    attributes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """A named depth of a codebook's tree, such as variable or indicator."""

    key: str
    label: Texts = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cue:
    """Words that speak for a code.

    ``near`` lists words of which one must stand in the same sentence; ``unless`` lists phrases
    whose presence cancels the cue.
    """

    text: str
    near: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """One code of a codebook, with the rules for its use in every language it speaks."""

    path: str  # "resources.budget"
    level: str  # "indicator"
    label: Texts
    definition: Texts = field(default_factory=dict)
    include: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    exclude: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    example: Texts = field(default_factory=dict)
    cues: Mapping[str, tuple[Cue, ...]] = field(default_factory=dict)
    source: tuple[str, ...] = ()
    color: str = ""
    leans: Valence | None = None  # what a machine may suggest where no word rates the passage
    codable: bool = True
    formerly: tuple[str, ...] = ()  # the paths that it had before it was renamed, moved or merged

    @property
    def key(self) -> str:
        """Return the last part of the path."""
        return self.path.rpartition(".")[2]

    @property
    def parent(self) -> str:
        """Return the path of the code above, or an empty string at the top."""
        return self.path.rpartition(".")[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Coding:
    """One code given to one stretch of one document by one coder."""

    document: str  # name
    start: int  # code points into Document.text, half-open
    end: int
    code: str  # path in the codebook: "resources.budget"
    coder: str  # a person, or the name of a machine coder
    origin: Origin = "hand"
    status: Status = "accepted"
    valence: Valence | None = None
    confidence: float | None = None  # machine coders: between 0 and 1, higher is surer
    because: str = ""  # machine coders: the words that spoke for it
    memo: str = ""

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end:
            msg = f"a coding of '{self.document}' cannot run from {self.start} to {self.end}"
            raise SpanError(msg)
        for name, value, allowed in (
            ("origin", self.origin, ORIGINS),
            ("status", self.status, STATUSES),
            ("valence", self.valence, (*VALENCES, None)),
        ):
            if value not in allowed:
                msg = f"a coding's {name} is one of {', '.join(map(str, allowed))}; not '{value}'"
                raise CodingError(msg)


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """A decision about a coding: who changed what, from which value to which, and when."""

    coding: int
    field: str  # status, code or valence
    before: str
    after: str
    reason: str
    coder: str
    time: str  # in UTC, as in ISO 8601


class Coder(Protocol):
    """Whoever codes: a person, the cue rules, a model. All of them yield codings."""

    @property
    def name(self) -> str:
        """The coder's name in the study."""
        ...

    @property
    def origin(self) -> Origin:
        """What kind of coder it is."""
        ...

    def code(self, document: Document, codebook: Codebook) -> Iterable[Coding]:
        """Yield the codings that this coder gives to one document."""
        ...
