"""What decisions bring: how much a model has to learn from, code by code."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

import pandas as pd

from bantar_qual.codebook.examples import examples_for
from bantar_qual.coders.lessons import Known, counted, decided_in, lessons
from bantar_qual.coders.model import HEARD, LEARNED, hearing
from bantar_qual.store import audit

if TYPE_CHECKING:
    from bantar_qual.codebook import Codebook
    from bantar_qual.project import Project


@dataclass(frozen=True, slots=True)
class Learning:
    """What a model that is fitted now would learn from, and what it has not learned yet.

    ``codes`` has a row for each code, as ``project.learning`` says; ``read`` is when a model's
    suggestions last came into the study, in UTC, and empty where none ever did; ``since`` is how
    many codings people decided or changed after that. ``steps`` are the lessons from which a
    model is heard on a code, and from which it is heard alone.
    """

    codes: pd.DataFrame
    read: str
    since: int
    steps: tuple[int, int] = (HEARD, LEARNED)


def learning(project: Project) -> Learning:
    """Say what a model has to learn from, and who is heard on each code.

    ``project.code_with(bq.ModelCoder().fit(project))`` lets it learn, and suggest anew.

    Returns
    -------
    Learning
        ``codes``, by path: ``accepted`` and ``rejected``, the codings of this very code that
        people decided; ``examples``, the passages that ship with the codebook; ``lessons``,
        these and the sentences that accepted codings cover, of the code and of those below it,
        counted as ``ModelCoder`` counts them. ``heard`` is who suggests the code then:
        ``"cues"``, its cue words alone; ``"cues and model"``; or ``"model"`` alone. ``missing``
        is how many more lessons change that. A rejected coding is a lesson too, about where the
        code does not hold, and brings it no nearer to either.

    Examples
    --------
    >>> from bantar_qual import Project
    >>> project = Project.create(tmp / "s.bantar", codebook="grindle", coder="SN")
    >>> _ = (tmp / "satu.txt").write_text("Dananya tidak ada.", encoding="utf-8")
    >>> _ = project.import_documents(tmp / "satu.txt")
    >>> code = project.codebook.paths[0]
    >>> _ = project.code("satu", "Dananya tidak ada.", code)
    >>> told = learning(project).codes.to_dict("index")[code]
    >>> told["accepted"], told["lessons"], told["heard"], told["missing"]
    (1, 1, 'cues', 7)
    """
    book = project.codebook
    every = project.codings(status=None)
    given = Counter(zip(every["code"].astype(object), every["status"].astype(object), strict=True))
    kept = _kept.setdefault(project, _Kept())
    shipped = kept.examples(book)
    taught = counted(decided_in(project, known=kept.lessons))
    rows = [
        (
            given[path, "accepted"], given[path, "rejected"], shipped[path],
            shipped[path] + taught[path], *hearing(shipped[path] + taught[path]),
        )
        for path in book.paths
    ]  # fmt: skip
    columns = ["accepted", "rejected", "examples", "lessons", "heard", "missing"]
    codes = pd.DataFrame(rows, columns=columns, index=pd.Index(book.paths, name="code"))
    return Learning(codes, *audit.since_the_model(project.store))


@dataclass(slots=True)
class _Kept:
    """What was worked out last time for a study; what did not change is not worked out again."""

    lessons: Known = field(default_factory=dict)
    paths: tuple[str, ...] = ()
    shipped: Counter[str] = field(default_factory=Counter)

    def examples(self, book: Codebook) -> Counter[str]:
        """Return how many of the shipped examples each code has."""
        if self.paths != book.paths:
            self.shipped = counted(lessons(book, examples_for(book)))
            self.paths = book.paths
        return self.shipped


_kept: WeakKeyDictionary[Project, _Kept] = WeakKeyDictionary()
