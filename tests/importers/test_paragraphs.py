"""Paragraphs from lines with places: whatever the places, no word is lost and no turn joined."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bantar_qual.importers.paragraphs import Line, footnotes, paragraphs, rows

PLACE = st.floats(0, 800, allow_nan=False)
TEXT = st.sampled_from(
    [
        "satu",
        "Pewawancara: Apa?",
        "Informan: ya",
        "macam-",
        "macam",
        "12",
        "Ana",
        "a\tb",
        "– butir",
        "kata1",
    ]
)


@st.composite
def some_lines(draw: st.DrawFn) -> list[Line]:
    """Make lines at any places, some with a raised number at their end or start."""
    lines = []
    for _ in range(draw(st.integers(0, 12))):
        text = draw(TEXT)
        left, low = draw(PLACE), draw(PLACE)
        raised = (
            [[4, 1]]
            if text == "kata1"
            else [[0, 2]]
            if text == "12" and draw(st.booleans())
            else []
        )
        lines.append(
            Line(
                text=text, left=left, right=left + draw(PLACE), low=low, high=low + 9,
                word=draw(st.floats(0, 90)), bold=draw(st.integers(0, len(text))),
                size=draw(st.sampled_from([0.0, 8.0, 11.0, 20.0])), raised=raised,
                page=len(lines) // 5, width=595.0,
            )
        )  # fmt: skip
    return lines


@given(lines=some_lines())
def test_no_word_is_lost(lines: list[Line]) -> None:
    """Lines at any places become paragraphs with all their letters; bold stretches lie in them."""
    letters = "".join(line.text for line in lines)
    flow, _ = paragraphs(lines, {}, whole=True)
    raw = flow.raw()
    assert squeezed(raw.text) == squeezed(letters)
    assert all(0 <= start < end <= len(raw.text) for start, end in raw.strong)


@given(lines=some_lines())
def test_a_label_begins_a_line(lines: list[Line]) -> None:
    """What may be the name of a speaker always stands at the start of a line."""
    text = paragraphs(lines, {}, whole=True)[0].text
    for label in ("Pewawancara:", "Informan:"):
        assert text.count(label) == sum(line.startswith(label) for line in text.split("\n"))


@given(lines=some_lines())
def test_footnotes_and_rows_lose_nothing(lines: list[Line]) -> None:
    """What is taken for a footnote, or put together to a row, is all still there."""
    before = "".join(sorted(squeezed("".join(line.text for line in lines))))
    pages = [rows([line for line in lines if line.page == page]) for page in range(3)]
    after = "".join(line.text for page in pages for line in page)
    assert "".join(sorted(squeezed(after))) == before
    feet = footnotes(pages)
    kept = "".join(line.text for page in pages for line in page)
    told = "".join(number + text for (_, number), text in feet.items())
    assert "".join(sorted(squeezed(kept + told))) == before


def squeezed(text: str) -> str:
    """Leave out white space, and the hyphens of words that may have been divided."""
    return "".join(text.replace("-", "").split())
