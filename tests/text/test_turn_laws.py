"""Laws of turns: whatever the layout, turns, speakers and times come back, and nothing is lost."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bantar_qual.languages import language
from bantar_qual.text.clean import clean
from bantar_qual.text.turns import Layout, layout, proposed, spelling

ID, EN = language("id"), language("en")

PEOPLE = {  # who asks, who answers
    "Indonesian words": (ID, ["Pewawancara", "Informan"]),
    "researcher and source": (ID, ["Peneliti", "Narasumber"]),
    "respondent": (ID, ["PENELITI", "RESPONDEN"]),
    "letters": (ID, ["P", "I"]),
    "numbered letters": (EN, ["I", "P10"]),
    "titles": (ID, ["Peneliti", "Ketua RT 07"]),
    "English words": (EN, ["Interviewer 1", "Interviewee"]),
    "a focus group": (ID, ["Moderator", "Peserta 1", "Peserta 2", "Bu Lurah", "Peserta 3"]),
    "names": (ID, ["Sari Dewi", "Wak Nur", "Bambang"]),
    "accents": (EN, ["Interviewer", "Zoë Müller", "Ana"]),
}
LABEL = {  # how a label and its time are typed
    "inline": "{label}: {speech}",
    "blank before the colon": "{label} : {speech}",
    "two blanks": "{label}:  {speech}",
    "tab": "{label}:\t{speech}",
    "Markdown": "**{label}:** {speech}",
    "Markdown outside": "**{label}**: {speech}",
    "below": "{label}:\n{speech}",
    "below, indented": "{label}:\n\t{speech}",
    "a typo": "{label}|: {speech}",
    "quoted": "> {label}: {speech}",
    "time before": "[{time}] {label}: {speech}",
    "bare time before": "{time} {label}: {speech}",
    "time and dash": "{time} - {label}: {speech}",
    "time behind": "{label} [{time}]: {speech}",
    "time in brackets behind": "{label} ({time}): {speech}",
    "time after the colon": "{label}: [{time}] {speech}",
    "time on its own line": "[{time}]\n{label}: {speech}",
    "f4": "{label}: {speech} #{time}#",
    "MAXQDA": "{label}: {speech} #{time}-0#",
    "Otter": "{label}  {time}\n{speech}",
    "Teams": "{time} --> {time}\n{label}\n{speech}",
    "a table's cells": "{label}\t{speech}",
    "a table with times": "{time}\t{label}\t{speech}",
    "alone": "{label}\n{speech}",
}
NO_COLON = {"alone", "Teams", "Otter"}
TIME = {
    "mm:ss": "{minute:02d}:{second:02d}",
    "h:mm:ss": "{hour}:{minute:02d}:{second:02d}",
    "hh:mm:ss": "{hour:02d}:{minute:02d}:{second:02d}",
    "hh.mm.ss": "{hour:02d}.{minute:02d}.{second:02d}",
    "with milliseconds": "{hour:02d}:{minute:02d}:{second:02d}.125",
    "with a comma": "{hour:02d}:{minute:02d}:{second:02d},500",
}
WORDS = [
    "dana", "tidak", "ada", "warga", "pukul 10:36", "RT 07", "é", "e\u0301lan", "😀", "👩🏽‍🌾", "“seret”", "(tertawa)",
    "—", "nombok", "1.000", "the money", "naïve", "…", "ﬁ", "\u200bkosong", "عربي", "[nama kota]", "<tertawa>",
]  # fmt: skip
speech = st.lists(st.sampled_from(WORDS), min_size=1, max_size=6).map(" ".join)


@st.composite
def talks(
    draw: st.DrawFn, people: Sequence[str], style: str
) -> tuple[str, list[tuple[str, str, str]]]:
    """Draw a talk: its text, and (speaker, words, time) of each turn."""
    shape, clock = LABEL[style], TIME[draw(st.sampled_from(sorted(TIME)))]
    ends = draw(st.sampled_from(["\n", "\r\n"]))
    gap = "\n\n" if style in {"alone", "Otter", "Teams"} else draw(st.sampled_from(["\n", "\n\n"]))
    asked, rest = people[0], people[1:]
    order = [who for _ in range(3) for answer in rest for who in (asked, answer)]
    turns, parts = [], []
    for number, who in enumerate(order):
        more = draw(st.lists(speech, max_size=2)) if style not in {"f4", "MAXQDA"} else []
        lines = [
            f"Jadi {draw(speech)} {'apa?' if who == asked else 'begitu.'}",
            *(f"Dan {m} ya." for m in more),
        ]
        if who == asked:
            lines = lines[:1]
        said = "\n".join(lines)
        time = clock.format(hour=number // 60, minute=number % 60, second=7 * number % 60)
        written = time if "{time}" in shape else ""
        turns.append((who, said, f"{time}-0" if style == "MAXQDA" else written))
        parts.append(shape.format(label=who, speech=said, time=time))
    return gap.join(parts).replace("\n", ends), turns


def letters(text: str) -> str:
    """Return the letters of a text, without times, signs and white space."""
    return "".join(letter for letter in text if letter.isalpha())


def check_places(text: str, found: Layout) -> None:
    """Turns lie inside the text, in order, apart from each other, trimmed and not empty."""
    assert [turn.number for turn in found.turns] == list(range(1, len(found.turns) + 1))
    end = 0
    for turn in found.turns:
        assert end <= turn.start < turn.end <= len(text)
        said = text[turn.start : turn.end]
        assert said == said.strip()
        end = turn.end


@pytest.mark.parametrize("style", sorted(LABEL))
@pytest.mark.parametrize("who", sorted(PEOPLE))
def test_turns_come_back(style: str, who: str) -> None:
    """In every layout, with every time stamp and label: the same turns, speakers, times, roles."""
    spoken, people = PEOPLE[who]

    @settings(
        max_examples=5, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
    )
    @given(talks(people, style))
    def law(drawn: tuple[str, list[tuple[str, str, str]]]) -> None:
        typed, expected = drawn
        text, _ = clean(typed)
        found = layout(text, spoken)
        assert found.kind == "interview"
        got = [(turn.speaker, text[turn.start : turn.end], turn.time) for turn in found.turns]
        assert got == [(who, clean(said)[0], time) for who, said, time in expected]
        roles = {turn.speaker: turn.role for turn in found.turns}
        assert roles.pop(people[0]) == "interviewer"
        assert set(roles.values()) == {"informant"}
        check_places(text, found)

    law()


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.text(
        alphabet=st.sampled_from("PI:ab 0123456789\n\t[]()#.-–*_|<>?RTé😀\u0301\u200b"),
        max_size=300,
    ),
    st.sampled_from([None, "interview", "observation", "document"]),
)
def test_any_text(text: str, kind: str | None) -> None:
    """Whatever is typed, turns are ordered, apart and inside the text, and no word is dropped."""
    text, _ = clean(text)
    found = layout(text, ID, kind=kind)  # type: ignore[arg-type]
    check_places(text, found)
    if found.kind != "interview" and not found.attributes:
        inside = letters("".join(text[turn.start : turn.end] for turn in found.turns))
        outside = [line for line in text.split("\n") if letters(line) not in inside]
        assert all(line.lstrip().startswith("#") for line in outside), outside  # titles


@settings(max_examples=100, deadline=None)
@given(talks(["Pewawancara", "Informan", "Bu Camat"], "inline"), st.integers(0, 3))
def test_nothing_between_labels_is_dropped(
    drawn: tuple[str, list[tuple[str, str, str]]], notes: int
) -> None:
    """Every letter is in exactly one turn, in a label, or in a heading above the talk."""
    text, _ = clean(
        "\n\n".join([*(f"Ini catatan ke-{n}. Hujan turun." for n in range(notes)), drawn[0]])
    )
    found = layout(text, ID)
    labels = ("Pewawancara", "Informan", "Bu Camat")
    rest = text
    for turn in reversed(found.turns):
        rest = rest[: turn.start] + rest[turn.end :]
    for label in labels:
        rest = rest.replace(label, "")
    assert not any(letter.isalnum() for letter in rest), rest
    assert sum(turn.speaker == "" for turn in found.turns) == notes


@given(st.sampled_from(["Interviewer", "P", "Ketua RT", "Informan"]), st.integers(1, 20))
def test_drifting_labels_are_one(word: str, number: int) -> None:
    """However a numbered label is typed, it is spelled as one, and one name is proposed."""
    ways = [
        f"{word}{number}",
        f"{word} {number}",
        f"{word}{number} {number}",
        f"{word.upper()} {number}",
        f"{word} 0{number}",
    ]
    assert len({spelling(way) for way in ways}) == 1
    names = proposed([(way, 1) for way in ways[1:]] + [(ways[0], 5)])
    assert set(names.values()) == {ways[0]}


@given(st.text(min_size=1, max_size=30))
def test_spelling_of_anything(label: str) -> None:
    """Every label has a spelling, and spelling it again changes nothing."""
    once = spelling(label)
    assert spelling(once) == once or unicodedata.normalize("NFKC", label) != label
