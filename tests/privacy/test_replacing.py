"""Replacing: every position is followed exactly."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bantar_qual.privacy import replaced

Case = tuple[str, list[tuple[int, int, str]]]


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """Draw a text and stretches of it that do not overlap."""
    text = draw(st.text(min_size=1, max_size=40))
    cuts = sorted(draw(st.sets(st.integers(0, len(text)), max_size=8)))
    pairs = list(zip(cuts[::2], cuts[1::2], strict=False))
    return text, [(a, b, draw(st.text(max_size=6))) for a, b in pairs]


@given(cases(), st.data())
def test_a_quote_is_the_old_quote_with_the_replacements(case: Case, data: st.DataObject) -> None:
    """Where a stretch of the old text went stands what it said, with the replacements in it."""
    text, stretches = case
    new, shift = replaced(text, stretches)
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    touched = [s for s in stretches if s[0] < end and start < s[1]]
    first = min([start, *(s[0] for s in touched)])
    last = max([end, *(s[1] for s in touched)])
    inner, _ = replaced(text[first:last], [(a - first, b - first, w) for a, b, w in touched])
    assert new[shift.start(start) : shift.end(end)] == inner
    assert shift.cuts(start, end) == ((first, last) != (start, end))


@given(cases())
def test_outside_the_finds_nothing_changes(case: Case) -> None:
    """The text between the stretches is the same, letter for letter."""
    text, stretches = case
    new, shift = replaced(text, stretches)
    at = 0
    for a, b, words in sorted(stretches):
        assert new[shift.start(at) : shift.start(at) + a - at] == text[at:a]
        assert new[shift.start(a) :].startswith(words)
        at = b
    assert new.endswith(text[at:])
    assert len(new) == len(text) + sum(len(w) - (b - a) for a, b, w in stretches)


def test_overlapping_stretches_are_refused() -> None:
    """Two replacements of the same letters cannot both be done."""
    with pytest.raises(ValueError, match="overlap"):
        replaced("Pak Budi", [(0, 5, "x"), (4, 8, "y")])
