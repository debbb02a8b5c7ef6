"""Cleaning: once and for all."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bantar_qual.text.clean import clean


@given(st.text())
def test_cleaning_twice_changes_nothing(text: str) -> None:
    """A clean text is clean."""
    once, _ = clean(text)
    assert clean(once) == (once, 0)


@given(
    st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"], exclude_characters="\ufeff"))
)
def test_letters_stay(text: str) -> None:
    """Letters, spaces, emoji and combining marks stay as they are, in their order."""
    assert clean(text) == (text, 0)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\u2028", "\x0b", "\x0c", "\x85"])
def test_line_ends(end: str) -> None:
    """Every kind of line end becomes one."""
    assert clean(f"a{end}b")[0] == "a\nb"


def test_surrogates() -> None:
    """An emoji written as two halves becomes one sign."""
    assert clean("\ud83d\ude00!")[0] == "😀!"


def test_invisible_characters_are_counted() -> None:
    """What is taken out is counted, a mark at the beginning is not."""
    assert clean("\ufeffa\x00b\ufeffc") == ("abc", 2)
