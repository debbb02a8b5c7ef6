"""A find: a stretch of text that tells who somebody is, of which kind, and why it is one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

# In the order in which one gives way to another of the same length.
KINDS = (
    "email", "url", "handle", "nip", "npwp", "kk", "nik", "bpjs", "passport", "account",
    "phone", "plate", "birth", "address", "rt_rw", "village", "district", "town", "name", "other",
)  # fmt: skip
# RT, RW and town tell little by themselves, and findings often need them: found if asked for.
USUAL = tuple(kind for kind in KINDS if kind not in {"rt_rw", "town"})
PEOPLE = ("name",)
PLACES = ("village", "district", "town")
NAMED = (*PEOPLE, *PLACES, "other")  # each gets a pseudonym of its own


@dataclass(frozen=True, slots=True, kw_only=True)
class Find:
    """A stretch of text that tells who somebody is."""

    start: int  # code points, half-open
    end: int
    kind: str  # one of KINDS
    words: str  # the stretch itself
    why: str  # what spoke for it, in a few words
    sure: bool = True  # False: a person should look at it
    known: tuple[int, ...] = ()  # which of the known names it may be, by their places in Names
    core: int = -1  # where the name begins, behind a word such as "Kelurahan"; -1: at the start

    @property
    def name(self) -> str:
        """Return the name by itself: "Eka Jaya" of "Kelurahan Eka Jaya"."""
        return self.words if self.core < 0 else self.words[self.core - self.start :]


def apart(finds: Iterable[Find]) -> list[Find]:
    """Keep the longest finds, none inside or across another, in their order in the text."""
    kept: list[Find] = []
    taken: set[int] = set()
    for found in sorted(finds, key=_rank):
        places = range(found.start, found.end)
        if found.start < found.end and taken.isdisjoint(places):
            taken.update(places)
            kept.append(found)
    return sorted(kept, key=lambda found: found.start)


def _rank(found: Find) -> tuple[int, bool, bool, int, int]:
    return (
        found.start - found.end,
        not found.known,
        not found.sure,
        KINDS.index(found.kind),
        found.start,
    )
