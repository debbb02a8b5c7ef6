"""What speech recognisers write as JSON: Whisper, faster-whisper, WhisperX and whisper.cpp."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from bantar_qual.errors import UnreadableDocument
from bantar_qual.importers.registry import Raw, importer
from bantar_qual.importers.spoken import Said, assembled
from bantar_qual.importers.text import read_text

_SEGMENTS = ("segments", "transcription", "chunks")  # Whisper and its kin, whisper.cpp, a pipeline
_MILLISECONDS = 1000.0


@importer(".json")
def read_whisper(path: Path) -> Raw:
    """Read what a speech recogniser heard: one turn for what a voice says in a row.

    Voices come from WhisperX (``speaker`` of a segment or of its words). Without them, a turn
    ends with a pause, or with a sentence once it is long.
    """
    raw = read_text(path)
    try:
        data = json.loads(raw.text.removeprefix("\ufeff"))
    except (ValueError, RecursionError) as error:
        where = f" (line {error.lineno})" if isinstance(error, json.JSONDecodeError) else ""
        raise UnreadableDocument(path, f"it is no readable JSON{where}") from None
    segments = _segments(data)
    if segments is None:
        reason = "its JSON is no transcript: it has no segments as Whisper writes them"
        raise UnreadableDocument(path, reason)
    said = [piece for segment in segments for piece in _said(segment)]
    if not said:
        raise UnreadableDocument(path, "nothing was heard: none of its segments has words")
    odd = len(segments) - sum(isinstance(segment, Mapping) for segment in segments)
    notes = [f"{odd} segments are no segments of Whisper and were left out"] if odd else []
    untimed = sum(piece.start is None for piece in said)
    if untimed:
        notes.append(f"{untimed} segments have no time that can be read; the words are kept")
    found = assembled(said)
    return replace(raw, text=found.text, marks=found.marks, notes=(*raw.notes, *notes))


def _segments(data: Any) -> Sequence[Any] | None:
    """Find the segments, whichever program wrote them; None where there are none to find."""
    if isinstance(data, Mapping):
        for key in _SEGMENTS:
            if isinstance(data.get(key), list):
                found: Sequence[Any] = data[key]
                return found
        return None
    timed = isinstance(data, list) and any(isinstance(s, Mapping) and "text" in s for s in data)
    return data if timed else None


def _said(segment: Any) -> Iterator[Said]:
    """Yield what one segment says; where its words have other voices, each voice by itself."""
    if not isinstance(segment, Mapping) or not isinstance(segment.get("text"), str):
        return
    start, end = _times(segment)
    voice = _voice(segment)
    words = segment.get("words")
    voices = {_voice(word) or voice for word in words or ()} if _say_all(words, segment) else set()
    if len(voices) < 2:  # noqa: PLR2004 - one voice says it all
        name = voice or next(iter(voices), "")
        yield Said(name, segment["text"].strip(), start, end)
        return
    piece: list[Any] = []
    for word in words or []:
        if piece and (_voice(word) or voice) != (_voice(piece[-1]) or voice):
            yield _piece(piece, voice, start)
            piece = []
        piece.append(word)
    if piece:
        yield _piece(piece, voice, start)


def _say_all(words: Any, segment: Mapping[str, Any]) -> bool:
    """Tell whether the words, each with a voice of its own, say all that the segment says."""
    if not isinstance(words, list) or not words:
        return False
    if not all(isinstance(word, Mapping) and isinstance(word.get("word"), str) for word in words):
        return False
    return "".join("".join(word["word"] for word in words).split()) == "".join(
        segment["text"].split()
    )


def _piece(words: Sequence[Mapping[str, Any]], voice: str, start: float | None) -> Said:
    spoken = [word["word"] for word in words]
    apart = any(word[:1] == " " for word in spoken[1:])  # Whisper keeps the blank, WhisperX not
    begins = [_number(word.get("start")) for word in words]
    ends = [_number(word.get("end")) for word in words]
    return Said(
        _voice(words[0]) or voice,
        ("" if apart else " ").join(spoken).strip(),
        next((time for time in begins if time is not None), start),
        next((time for time in reversed(ends) if time is not None), None),
    )


def _voice(said: Mapping[str, Any]) -> str:
    name = said.get("speaker")
    return str(name).strip() if isinstance(name, str | int) and not isinstance(name, bool) else ""


def _times(segment: Mapping[str, Any]) -> tuple[float | None, float | None]:
    """Return begin and end in seconds: ``start``/``end``, ``offsets`` or ``timestamp``."""
    offsets, pair = segment.get("offsets"), segment.get("timestamp")
    if isinstance(offsets, Mapping):
        begin, end = _number(offsets.get("from")), _number(offsets.get("to"))
        return (
            None if begin is None else begin / _MILLISECONDS,
            None if end is None else end / _MILLISECONDS,
        )
    if isinstance(pair, list) and len(pair) == 2:  # noqa: PLR2004 - begin and end
        return _number(pair[0]), _number(pair[1])
    return _number(segment.get("start")), _number(segment.get("end"))


def _number(value: Any) -> float | None:
    """Return a time in seconds; nothing where it is none, or longer than any recording."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    longest = 1_000_000_000
    return float(value) if 0 <= value < longest and not math.isnan(value) else None
