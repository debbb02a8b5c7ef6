"""The interview of the golden set as captions, speech recognisers and time-marked text hold it."""

from __future__ import annotations

import html
import json
from collections.abc import Callable
from pathlib import Path

from interview_files import TURNS

_LENGTH = 7  # seconds of a turn
TIMED = [(_LENGTH * n, _LENGTH * n + 6, speaker, said) for n, (speaker, said) in enumerate(TURNS)]


def _clock(seconds: int, fraction: str = ".000") -> str:
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}{fraction}"


def _voices() -> str:
    """Return WebVTT as Teams writes it: each voice in a tag."""
    cues = (
        f"{_clock(start)} --> {_clock(end)}\n<v {speaker}>{html.escape(said, quote=False)}</v>"
        for start, end, speaker, said in TIMED
    )
    return "\n\n".join(["WEBVTT", *cues]) + "\n"


def _zoom() -> str:
    """Return WebVTT as Zoom writes it: numbered, each voice before a colon."""
    cues = (
        f"{n}\n{_clock(start)} --> {_clock(end)}\n{speaker}: {html.escape(said, quote=False)}"
        for n, (start, end, speaker, said) in enumerate(TIMED, 1)
    )
    return "\n\n".join(["WEBVTT", *cues]) + "\n"


def _subrip() -> str:
    cues = (
        f"{n}\n{_clock(start, ',000')} --> {_clock(end, ',000')}\n{speaker}: {said}"
        for n, (start, end, speaker, said) in enumerate(TIMED, 1)
    )
    return "\n\n".join(cues) + "\n"


def _subviewer() -> str:
    cues = (
        f"{_clock(start)},{_clock(end)}\n{speaker}: {said}" for start, end, speaker, said in TIMED
    )
    return "\n\n".join(cues) + "\n"


def _otter() -> str:
    turns = (
        f"{speaker}  {start // 60}:{start % 60:02}\n{said}\n" for start, _, speaker, said in TIMED
    )
    return "\n".join(turns) + "\nTranscribed by https://otter.ai\n"


def _f4() -> str:
    lines = (f"{speaker}: {said} #{_clock(end, '-0')}#" for _, end, speaker, said in TIMED)
    return "\n".join(lines) + "\n"


def _whisper() -> str:
    """Return JSON as WhisperX writes it: segments with times and speakers."""
    segments = [
        {"start": start, "end": end, "text": f" {said}", "speaker": speaker}
        for start, end, speaker, said in TIMED
    ]
    return json.dumps({"segments": segments, "language": "id"}, ensure_ascii=False)


SPOKEN: dict[str, Callable[[], str]] = {
    "teams.vtt": _voices,
    "zoom.vtt": _zoom,
    "captions.srt": _subrip,
    "captions.sbv": _subviewer,
    "otter.txt": _otter,
    "f4.txt": _f4,
    "whisper.json": _whisper,
}


def interview_spoken(folder: Path, name: str) -> Path:
    """Write the turns of the interview in a format that holds speech only."""
    path = folder / name
    path.write_text(SPOKEN[name](), encoding="utf-8")
    return path
