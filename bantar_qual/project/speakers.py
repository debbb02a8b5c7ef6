"""List the labels in the transcripts: one name for many spellings, and who asks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import pandas as pd

from bantar_qual import frames
from bantar_qual.languages import Language, languages
from bantar_qual.languages import language as load_language
from bantar_qual.records import Document, Role
from bantar_qual.store import speakers as _speakers
from bantar_qual.store.speakers import NOBODY, Labelled, Meaning
from bantar_qual.text.turns import proposed, role_of, spelling

if TYPE_CHECKING:
    from bantar_qual.project import Project

_COLUMNS = ("document", "label", "speaker", "turns", "words", "role", "canonical", "state", "why")
# Captions of the columns that mean another thing in other frames.
_HEADS = {"label": "typed", "role": "speaker_role", "state": "decided"}


def speakers(project: Project) -> pd.DataFrame:
    r"""Return a row for each label in each document: who it is taken to be, and why.

    Returns
    -------
    pandas.DataFrame
        ``document``; ``label``, as it is typed in the transcript; ``speaker``, the name it goes
        by now; ``turns`` and ``words``; ``role``, as it holds now (``interviewer``,
        ``informant`` or ``nobody``); ``canonical``, the name that is proposed, which is the most
        frequent spelling in the study; ``state``, ``named`` where somebody has decided and
        ``proposed`` where not; ``why``. Hand it, or any selection of it, to ``name_speakers`` to
        take over what it proposes; change ``canonical`` and ``role`` in it before, if you like.

    Examples
    --------
    >>> from bantar_qual import Project
    >>> project = Project.create(tmp / "w.bantar", codebook="edwards-iii")
    >>> _ = (tmp / "satu.txt").write_text("Interviewer1: Why?\nP1: Money.\nInterviewer 1: Ah.")
    >>> _ = project.import_documents(tmp / "satu.txt")
    >>> speakers(project)[["label", "turns", "role", "canonical"]]
               label  turns         role     canonical
    0   Interviewer1      1  interviewer  Interviewer1
    1             P1      1    informant            P1
    2  Interviewer 1      1  interviewer  Interviewer1
    """
    found = list(_speakers.labelled(project.store))
    counts = Counter(turn.speaker for one in found for turn in one.document.turns if turn.speaker)
    names = _names(found, counts)
    spellings = Counter(spelling(label) for label in counts)
    rows = [
        _row(one, label, names[label], several=spellings[spelling(label)] > 1)
        for one in found
        for label in one.meanings
    ]
    frame = pd.DataFrame(rows, columns=list(_COLUMNS)).astype({"turns": int, "words": int})
    heads = {
        column: {name: load_language(name).caption(caption) for name in languages()}
        for column, caption in _HEADS.items()
    }
    return frames.inherit(frame, frame, labels=heads, language=project.language)


def _names(found: Sequence[Labelled], counts: Mapping[str, int]) -> dict[str, str]:
    """Propose a name for each label: what one of its spellings was named, else the usual one."""
    told = {
        spelling(label): meaning.name
        for one in found
        for label, meaning in one.meanings.items()
        if meaning is not None
    }
    usual = proposed(counts.items())
    return {label: told.get(spelling(label), name) for label, name in usual.items()}


def _row(one: Labelled, label: str, name: str, *, several: bool) -> dict[str, object]:
    turns = [
        t for t, typed in zip(one.turns, one.document.turns, strict=True) if typed.speaker == label
    ]
    meaning = one.meanings[label]
    words = [one.document.text[turn.start : turn.end] for turn in turns]
    return {
        "document": one.document.name,
        "label": label,
        "speaker": turns[0].speaker,
        "turns": len(turns),
        "words": sum(len(said.split()) for said in words),
        "role": turns[0].role or NOBODY,
        "canonical": name if meaning is None else meaning.name,
        "state": "proposed" if meaning is None else "named",
        "why": _why(one.document, label, words, turns[0].role, meaning)
        + ("; written in several ways" if several and meaning is None else ""),
    }


def _why(
    document: Document, label: str, words: Sequence[str], role: Role, meaning: Meaning | None
) -> str:
    """Say on what the role rests."""
    if meaning is not None and meaning.role is not None:
        return "you said so"
    said = role_of(label, words_of(document.language))
    if said == role and len(label) > 1:
        return "the label says so"
    asked = sum(speech.rstrip(' "”»)*_').endswith("?") for speech in words) / len(words)
    if role == "interviewer":
        return f"asks: {asked:.0%} of the turns are questions"
    return f"answers: {asked:.0%} of the turns are questions"


def words_of(spoken: str) -> Language:
    """Return the words of a language, or of the first one where it has none."""
    return load_language(spoken if spoken in languages() else languages()[0])
