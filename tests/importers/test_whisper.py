"""Speech recognisers: segments become turns, voices speakers; odd JSON is refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bantar_qual.errors import UnreadableDocument
from bantar_qual.importers import read_document
from bantar_qual.records import Document


def read(folder: Path, data: Any) -> Document:
    """Write JSON to a file and read it."""
    text = data if isinstance(data, str) else json.dumps(data, ensure_ascii=False)
    (folder / "a.json").write_text(text, encoding="utf-8")
    return read_document(folder / "a.json", language="id")


def turns(document: Document) -> list[tuple[str, str, str]]:
    """Return (speaker, time, words) of every turn."""
    return [(t.speaker, t.time, document.text[t.start : t.end]) for t in document.turns]


def test_whisper(tmp_path: Path) -> None:
    """Whisper knows no voices: a pause ends a turn."""
    data = {"text": "…", "language": "id", "segments": [
        {"id": 0, "start": 0.0, "end": 2.5, "text": " Apa kendalanya?"},
        {"id": 1, "start": 2.5, "end": 4.0, "text": " Di sini."},
        {"id": 2, "start": 3605.2, "end": 3607.0, "text": " Dana."},
    ]}  # fmt: skip
    assert turns(read(tmp_path, data)) == [
        ("", "00:00:00", "Apa kendalanya? Di sini."),
        ("", "01:00:05", "Dana."),
    ]


def test_whisperx_voices(tmp_path: Path) -> None:
    """Voices of segments, and of words where they change within a segment, are speakers."""
    data = {"segments": [
        {"start": 0, "end": 2, "text": "Apa kabar?", "speaker": "SPEAKER_00"},
        {"start": 2, "end": 4, "text": "Baik. Lalu?", "speaker": "SPEAKER_01", "words": [
            {"word": "Baik.", "start": 2.0, "end": 2.5, "speaker": "SPEAKER_01"},
            {"word": "Lalu?", "start": 3.1, "end": 4.0, "speaker": "SPEAKER_00"},
        ]},
    ], "word_segments": []}  # fmt: skip
    assert turns(read(tmp_path, data)) == [
        ("SPEAKER_00", "00:00:00", "Apa kabar?"),
        ("SPEAKER_01", "00:00:02", "Baik."),
        ("SPEAKER_00", "00:00:03", "Lalu?"),
    ]


def test_words_that_leave_something_out(tmp_path: Path) -> None:
    """Where the words do not say all that the segment says, the segment is kept whole."""
    words = [{"word": "Baik.", "speaker": "A"}, {"word": "Lalu?", "speaker": "B"}]
    data = {
        "segments": [
            {"start": 2, "end": 4, "text": "Baik. Rp 5.000. Lalu?", "speaker": "A", "words": words}
        ]
    }
    assert turns(read(tmp_path, data)) == [("A", "00:00:02", "Baik. Rp 5.000. Lalu?")]


@pytest.mark.parametrize(
    "data",
    [
        {
            "result": {"language": "id"},
            "transcription": [{"offsets": {"from": 65000, "to": 66000}, "text": " Dana."}],
        },
        {"chunks": [{"timestamp": [65.0, None], "text": " Dana."}]},
        [{"start": 65.0, "end": 66.0, "text": "Dana."}],
    ],
)
def test_other_programs(tmp_path: Path, data: Any) -> None:
    """What whisper.cpp and pipelines write is read too."""
    assert turns(read(tmp_path, data)) == [("", "00:01:05", "Dana.")]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ("{", "no readable JSON"),
        ("[" * 100_000, "no readable JSON"),
        ({"a": 1}, "no segments"),
        ([1, 2], "no segments"),
        ("null", "no segments"),
        ({"segments": []}, "nothing was heard"),
        ({"segments": [{"text": "  "}]}, "no text"),
        ({"segments": [{"start": 1}]}, "nothing was heard"),
    ],
)
def test_other_json(tmp_path: Path, data: Any, said: str) -> None:
    """JSON that is no transcript is refused in one sentence."""
    with pytest.raises(UnreadableDocument, match=said) as caught:
        read(tmp_path, data)
    assert "\n" not in str(caught.value)


ODD = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.sampled_from(["segments", "text", "start", "end", "words", "word", "speaker", "offsets", "from", "timestamp"]), inner, max_size=4),
    max_leaves=12,
)  # fmt: skip


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(ODD, max_size=4))
def test_fuzz(tmp_path: Path, segments: list[Any]) -> None:
    """Whatever the segments hold: every text of theirs is in the document, or one sentence."""
    try:
        document = read(tmp_path, {"segments": segments})
    except UnreadableDocument as error:
        assert "\n" not in str(error)  # noqa: PT017 - most files are read
        return
    except UnicodeEncodeError:
        return  # a lone surrogate cannot be written to the file
    said = [s["text"] for s in segments if isinstance(s, dict) and isinstance(s.get("text"), str)]
    letters = [c for text in said for c in text if c.isalnum()]
    assert len(letters) <= sum(c.isalnum() for c in document.text)
