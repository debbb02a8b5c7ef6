"""What can go wrong, each in a sentence that says what happened, where, and what to do next."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Self

_LISTED = 8  # names that an error lists before it says "…"


class BantarError(Exception):
    """The base of every error that bantar_qual raises on purpose.

    A notebook shows its sentence alone, without the lines of code that led to it; ``%debug`` in
    the next cell still leads there.
    """

    shell = ""  # what the command line says instead, where the sentence speaks of Python

    def in_shell(self, sentence: str) -> Self:
        """Return the error with the sentence that the command line says instead of its own.

        Examples
        --------
        >>> CodingError("say which: between=…").in_shell("say which, with --between").shell
        'say which, with --between'
        """
        self.shell = sentence
        return self

    def _render_traceback_(self) -> list[str]:
        """Return what a notebook shows; the name is IPython's."""
        return [f"\x1b[31m{type(self).__name__}\x1b[0m: {self}"]


class BantarWarning(UserWarning):
    """Something that is allowed, but that a researcher should know about."""


class ProjectError(BantarError, OSError):
    """A study file cannot be made, opened or used."""

    def __init__(self, path: str | Path, reason: str) -> None:
        self.path, self.reason = Path(path), reason
        super().__init__(f"{self.path.name}: {reason}")

    def __str__(self) -> str:
        return f"{self.path.name}: {self.reason}"


class CodebookError(BantarError, ValueError):
    """A codebook holds faults; all of them are told at once, each with its place."""

    def __init__(self, name: str, problems: Sequence[str]) -> None:
        self.name, self.problems = name, tuple(problems)
        count = f"{len(problems)} problems" if len(problems) > 1 else "a problem"
        listed = "".join(f"\n  - {problem}" for problem in problems)
        super().__init__(f"codebook '{name}' has {count}:{listed}")


class LanguageError(BantarError, LookupError):
    """A language has no word files, or they do not fit together."""

    def __init__(self, name: str, reason: str) -> None:
        self.name, self.reason = name, reason
        super().__init__(f"language '{name}': {reason}")


class _Unknown(BantarError, LookupError):
    """Something was asked for by a name that does not exist."""

    noun = "thing"

    def __init__(self, name: str, known: Iterable[str], where: str) -> None:
        self.name, self.known, self.where = name, tuple(known), where
        super().__init__(f"no {self.noun} '{name}' in {where}.{did_you_mean(name, self.known)}")


class UnknownCode(_Unknown):
    """The codebook has no such code."""

    noun = "code"


class UnknownLevel(_Unknown):
    """The codebook has no such level."""

    noun = "level"


class UnknownDocument(_Unknown):
    """The study has no such document."""

    noun = "document"


class UnknownCase(_Unknown):
    """The study has no such case."""

    noun = "case"


class UnknownSpeaker(_Unknown):
    """Nobody of that name speaks in the document."""

    noun = "speaker"


class UnknownKind(_Unknown):
    """There is no such kind of document."""

    noun = "kind of document"


class UnknownMemo(_Unknown):
    """The study has no such memo."""

    noun = "memo"


class UnknownPart(_Unknown):
    """No importer, statistic, chart or format is registered under that name."""

    def __init__(self, noun: str, name: str, known: Iterable[str]) -> None:
        self.noun = noun
        super().__init__(name, known, "this installation")


class UnreadableDocument(BantarError, ValueError):
    """A file cannot be read as a document."""

    def __init__(self, path: str | Path, reason: str) -> None:
        self.path, self.reason = Path(path), reason
        super().__init__(f"{self.path.name}: {reason}")


class ModelError(BantarError, RuntimeError):
    """A model cannot be loaded or fitted."""

    def __init__(self, name: str, reason: str) -> None:
        self.name, self.reason = name, reason
        super().__init__(f"model '{name}': {reason}")


class CodingError(BantarError, ValueError):
    """A coding is given a value that it cannot have."""


class SpanError(CodingError):
    """A stretch of text does not lie inside its document."""


class FrameError(BantarError, TypeError):
    """A statistic, chart or table was given a frame of the wrong kind."""


class ChangedSince(BantarError, RuntimeError):
    """An act cannot be taken back alone: what it touched was changed since."""

    def __init__(self, act: str) -> None:
        self.act = act
        super().__init__(
            f"'{act}' cannot be taken back by itself: what it touched was changed since. "
            "See project.history(), and take acts back in their order with project.undo()"
        )


class PageError(BantarError, ValueError):
    """A coding page asked for something that cannot be done; nothing was changed."""


class NotEnoughData(BantarError, ValueError):
    """There is nothing to count: the sentence says what is missing and how to get it."""


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Return a sentence that offers the nearest known names, or the first few of them."""
    known = list(known)
    near = difflib.get_close_matches(name, known, n=2, cutoff=0.6)
    if near:
        return " Did you mean " + " or ".join(f"'{n}'" for n in near) + "?"
    if not known:
        return ""
    listed = ", ".join([*known[:_LISTED], *(["…"] if len(known) > _LISTED else [])])
    return f" There are: {listed}."
