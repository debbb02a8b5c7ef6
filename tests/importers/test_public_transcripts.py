"""Public transcripts come in with the right turns; the figures were counted by reading the files.

The files are not part of the project. The tests skip where the folder that the environment variable
BANTAR_DEV_DATA names is absent.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from pathlib import Path

import pytest

from bantar_qual.errors import UnreadableDocument
from bantar_qual.importers.reading import read_document, read_documents

FOLDER = Path(os.environ.get("BANTAR_DEV_DATA", "")) / "transcripts"
pytestmark = pytest.mark.skipif(
    "BANTAR_DEV_DATA" not in os.environ or not FOLDER.is_dir(),
    reason="the public transcripts are not here: BANTAR_DEV_DATA names their folder",
)

# Interviews of the code review study: lines that begin with "I:" and with the participant's label.
# One of P10R2's is mistyped "P10|:".
ASKED = {
    "P10R1": (1, 1), "P10R2": (11, 11), "P10R3": (21, 21), "P4R1": (1, 1), "P4R2": (9, 9),
    "P5R1": (6, 6), "P5R2": (8, 8), "P6R1": (7, 7), "P6R2": (11, 12), "P7R1": (2, 2),
    "P7R2": (7, 7), "P8R1": (5, 5), "P8R2": (22, 23), "P9R1": (6, 6), "P9R2": (5, 5),
    "P9R3": (4, 4),
}  # fmt: skip
NOTES = ("P1R1", "P1R2", "P1R3", "P2R1", "P2R2", "P2R3", "P2R4", "P3R1", "P3R2")
HEADINGS = {
    "REVIEW TYPE AND GOAL",
    "CONTEXT",
    "TRANSCRIPT",
    "INTERVIEW",
    "GENERAL STRATEGY",
    "NOTES",
    "UNDERSTANDING",
}

# Whether the answers stand under "Resposta:"; all have 14 questions.
ANSWERS = {
    "Exp_P1": "",
    "Exp_P2": "Resposta",
    "Exp_P3": "Resposta",
    "Exp_P4": "",
    "Exp_P5": "",
    "Exp_P6": "Resposta",
}

CAPTIONS = {  # the captions with words that stand in each file, and their voices
    "captions_with_bom.vtt": 4, "comments.vtt": 3, "cue_tags.vtt": 3, "invalid.vtt": 7,
    "invalid_timeframe.sbv": 5, "invalid_timeframe.srt": 5, "invalid_timeframe.vtt": 7,
    "invalid_timeframe_in_cue_text.vtt": 3, "metadata_headers.vtt": 2,
    "metadata_headers_multiline.vtt": 2, "missing_caption_text.sbv": 4,
    "missing_caption_text.srt": 4, "missing_caption_text.vtt": 4, "missing_timeframe.sbv": 5,
    "missing_timeframe.srt": 5, "missing_timeframe.vtt": 7, "non_padded_timestamps.vtt": 3,
    "one_caption.srt": 1, "one_caption.vtt": 1, "regions.vtt": 2, "sample.sbv": 5, "sample.srt": 5,
    "sample.vtt": 16, "styles.vtt": 1, "styles_colours.srt": 6, "styles_colours.vtt": 6,
    "styles_with_comments.vtt": 1, "two_captions.sbv": 2, "using_identifiers.vtt": 6,
    "invalid_format4.srt": 1,
}  # fmt: skip
VOICES = {
    "non_padded_timestamps.vtt": ["Jane Doe", "John Smith", "Jane Doe"],
    "regions.vtt": ["Fred", "Bill"],
}
REFUSED = {
    "empty.vtt": "empty", "invalid_format.sbv": "no captions", "invalid_format1.srt": "no captions",
    "invalid_format2.srt": "no captions", "invalid_format3.srt": "no captions",
    "no_captions.vtt": "no captions",
}  # fmt: skip
TOLD = ("invalid", "missing")  # files with a fault that a note must tell


def test_every_file_is_expected() -> None:
    """No file of the folders is left out of these tests."""
    review = {path.stem for path in (FOLDER / "code_review").glob("*.txt")}
    assert review == {*ASKED, *NOTES}
    assert {path.stem for path in (FOLDER / "raise_pt/experiment").glob("*.txt")} == set(ANSWERS)
    assert {path.name for path in (FOLDER / "webvtt").iterdir()} == {*CAPTIONS, *REFUSED}


@pytest.mark.parametrize("name", sorted(ASKED))
def test_interviews(name: str) -> None:
    """Who asks and who answers, as often as the labels stand there; headings are no speakers."""
    document = read_document(FOLDER / "code_review" / f"{name}.txt")
    participant = name.partition("R")[0]
    counts = Counter(turn.speaker for turn in document.turns if turn.speaker)
    assert (counts.pop("I"), counts.pop(participant)) == ASKED[name]
    assert not counts
    roles = {turn.speaker: turn.role for turn in document.turns if turn.speaker}
    assert roles == {"I": "interviewer", participant: "informant"}
    assert document.kind == "interview"


@pytest.mark.parametrize("name", sorted((*NOTES, *ASKED)))
def test_notes_are_kept(name: str) -> None:
    """Every line of the observer's notes is in a turn; only labels and headings are outside."""
    document = read_document(FOLDER / "code_review" / f"{name}.txt")
    rest = document.text
    for turn in reversed(document.turns):
        rest = rest[: turn.start] + rest[turn.end :]
    outside = {line.strip() for line in rest.split("\n") if line.strip()}
    labels = {f"{who}{colon}" for who in ("I", name.partition("R")[0]) for colon in (":", "|:")}
    times = re.compile(r"\d\d:\d\d:\d\d\.\d{3} --> \d\d:\d\d:\d\d\.\d{3}")
    allowed = labels | HEADINGS
    assert all(line in allowed or times.fullmatch(line) for line in outside), outside


@pytest.mark.parametrize("name", NOTES)
def test_observation_without_talk(name: str) -> None:
    """A file without labels has no speakers."""
    document = read_document(FOLDER / "code_review" / f"{name}.txt")
    assert document.turns
    assert not document.speakers


@pytest.mark.parametrize("name", sorted(ANSWERS))
def test_numbered_questions(name: str) -> None:
    """Fourteen questions and fourteen answers: a question's number is no person."""
    document = read_document(FOLDER / "raise_pt/experiment" / f"{name}.txt")
    counts = Counter((turn.speaker, turn.role) for turn in document.turns)
    assert counts == {("Pergunta", "interviewer"): 14, (ANSWERS[name], "informant"): 14}


@pytest.mark.parametrize("name", sorted(CAPTIONS))
def test_captions(name: str) -> None:
    """Every caption with words comes in once; a fault in the file is told in a note."""
    document = read_document(FOLDER / "webvtt" / name)
    said = " ".join(document.text[turn.start : turn.end] for turn in document.turns)
    assert "-->" not in document.text
    assert "<" not in document.text.replace("2 < 3", "")
    if "Caption text" in said:
        numbers = re.findall(r"Caption text #(\d+)", said)
        assert len(set(numbers)) == CAPTIONS[name]
        assert [int(n) for n in numbers] == sorted(map(int, numbers))
    if name.startswith(TOLD):
        assert document.notes
    else:
        assert not document.notes
    assert [turn.speaker for turn in document.turns if turn.speaker] == VOICES.get(name, [])


@pytest.mark.parametrize("name", sorted(REFUSED))
def test_captions_without_captions(name: str) -> None:
    """A file without a single caption is refused in one clear sentence."""
    with pytest.raises(UnreadableDocument, match=REFUSED[name]) as caught:
        read_document(FOLDER / "webvtt" / name)
    assert "\n" not in str(caught.value)


def test_survey() -> None:
    """The workbook of the survey has six people; their comments come in, their marks do not."""
    found = read_documents(FOLDER / "raise_pt/experiment/Answer_Raise.xlsx")
    assert len({document.case for document in found}) == 6
    assert all(document.attributes["question"] for document in found)
    assert not any(document.text.isdigit() for document in found)
