"""Which programmes of the example passages are never learned from when scores are made."""

from __future__ import annotations

from bantar_qual.codebook import Codebook
from bantar_qual.codebook.examples import examples_for


def held_back() -> tuple[str, ...]:
    """Return every tenth programme, in the order of their names."""
    groups = sorted({example.group for example in examples_for(Codebook.load("edwards-iii"))})
    return tuple(groups[4::10])


def is_held_back(group: str) -> bool:
    """Say whether a programme is held back."""
    return group in _HELD


_HELD = frozenset(held_back())
