"""Suggestions for the synthetic study beside what was coded there by hand.

    python benchmarks/suggestions.py --reference

``data/reference/edwards-iii.jsonl`` holds the codings; its README says how they were made. Borders
are a matter of judgement, so two codings meet where they overlap. Recall is the share of codings
by hand that a suggestion meets, precision the share of suggestions that meet a coding by hand.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bantar_qual import Codebook
from bantar_qual.files import shipped
from bantar_qual.importers import read_document
from bantar_qual.records import Coder, Document

ROOT = Path(__file__).parent.parent
REFERENCE = ROOT / "data" / "reference" / "edwards-iii.jsonl"


@dataclass(frozen=True)
class Stretch:
    """A coded stretch of one interview."""

    document: str
    start: int
    end: int
    code: str
    valence: str

    def shared(self, other: Stretch, *, level: str) -> int:
        """Return how many letters two codings share; 0 where their codes differ."""
        if self.document != other.document or self.of(level) != other.of(level):
            return 0
        return max(0, min(self.end, other.end) - max(self.start, other.start))

    def of(self, level: str) -> str:
        """Return the code, or its variable."""
        return self.code if level == "code" else self.code.partition(".")[0]


def by_hand() -> list[Stretch]:
    """Return the codings that were made by hand."""
    rows = map(json.loads, REFERENCE.read_text(encoding="utf-8").splitlines())
    return [Stretch(r["document"], r["start"], r["end"], r["code"], r["valence"]) for r in rows]


def interviews(names: set[str]) -> list[Document]:
    """Return the interviews that were coded, as they are imported."""
    folder = shipped("interviews")
    return [read_document(path) for path in sorted(folder.iterdir()) if path.stem in names]


def suggested(coder: Coder, documents: Sequence[Document], book: Codebook) -> list[Stretch]:
    """Return what a coder suggests."""
    return [
        Stretch(document.name, c.start, c.end, c.code, c.valence or "neutral")
        for document in documents
        for c in coder.code(document, book)
    ]


def met(some: Sequence[Stretch], others: Sequence[Stretch], *, level: str) -> float:
    """Return the share of codings that one of the others meets."""
    found = sum(any(one.shared(other, level=level) for other in others) for one in some)
    return found / max(1, len(some))


def agreed(hand: Sequence[Stretch], machine: Sequence[Stretch]) -> float:
    """Return how often the suggestion that overlaps most has the valence of the coding by hand."""
    same, count = 0, 0
    for one in hand:
        best = max(machine, key=lambda other: one.shared(other, level="code"), default=None)
        if best is not None and one.shared(best, level="code"):
            count += 1
            same += best.valence == one.valence
    return same / max(1, count)


def show(coders: dict[str, Coder], book: Codebook) -> None:
    """Print how each coder does."""
    hand = by_hand()
    documents = interviews({one.document for one in hand})
    print(f"{len(hand)} codings by hand in {len(documents)} interviews of the synthetic study\n")
    print(f"{'':<24}{'suggested':>10}   {'code':^17}   {'variable':^17}   valence")
    print(f"{'':<24}{'':>10}   {'recall precision':^17}   {'recall precision':^17}   of the met")
    for name, coder in coders.items():
        machine = suggested(coder, documents, book)
        told = "   ".join(
            f"{met(hand, machine, level=level):>6.2f} {met(machine, hand, level=level):>9.2f} "
            for level in ("code", "variable")
        )
        print(f"{name:<24}{len(machine):>10}   {told}   {agreed(hand, machine):.2f}", flush=True)
